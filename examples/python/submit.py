"""Opens a ticket in Relaydesk and waits for the answer.

    pip install "pika<2"
    python submit.py amqp://submitter:PASSWORD@desk.example alarm-4711 "db-3 does not answer"

Whatever goes wrong on the way, the same submission is sent again: by its source and id it has its effect once.
"""

import json
import sys
import time
from typing import Any

import pika
from pika.exceptions import AMQPError

ANSWERS = "amq.rabbitmq.reply-to"  # direct reply-to: a queue that nobody has to make


def submit(url: str, submission: dict[str, Any], seconds: float = 10) -> dict[str, Any] | None:
    """The event that answers it, None where no answer came. Raises AMQPError where the broker may not have taken it."""
    answers: list[dict[str, Any]] = []

    def on_answer(channel: Any, _method: Any, _properties: Any, body: bytes) -> None:
        answers.append(json.loads(body))
        channel.stop_consuming()

    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_consume(ANSWERS, on_answer, auto_ack=True)
        properties = pika.BasicProperties(
            content_type="application/cloudevents+json", delivery_mode=2, reply_to=ANSWERS
        )
        body = json.dumps(submission).encode()
        channel.basic_publish("helpdesk.submissions", submission["type"], body, properties, mandatory=True)
        connection.call_later(seconds, channel.stop_consuming)
        channel.start_consuming()
    return answers[0] if answers else None


def main(url: str, reference: str, subject: str) -> int:
    submission = {
        "specversion": "1.0",
        "source": "monitoring.example",  # your system, always the same
        "id": f"{reference}-raised",  # this submission, and no other
        "type": "ticket.submit",
        "data": {
            "requester": {"address": "monitoring@example.com", "name": "Monitoring"},
            "subject": subject,
            "text": f"{subject}. Raised by the check {reference}.",
            "topic": "monitoring",
            "impact": "high",
            "urgency": "medium",
            "external_reference": reference,  # by which a later ticket.resolve names the ticket
        },
    }
    for attempt in range(5):
        try:
            answer = submit(url, submission)
        except AMQPError as error:
            answer = None
            print(f"the broker: {error!r}", file=sys.stderr)
        if answer is not None and answer["type"] == "submission.accepted":
            print(f"ticket {answer['data']['ticket_number']}")
            return 0
        if answer is not None:
            for reason in answer["data"]["reasons"]:
                print(f"{reason['field']}: {reason['rule']} ({reason['remedy']})", file=sys.stderr)
            return 1
        time.sleep(2**attempt)
    print("no answer: start it again later, with the same reference", file=sys.stderr)
    return 75


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
