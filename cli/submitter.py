"""A stranger's system, say a monitoring: it publishes submissions and waits for the answers.

They come by direct reply-to, for which an account needs no right of its own.
"""

import json
import time
import uuid
from typing import Any

import pika

from shared.messaging.topology import SUBMISSIONS

_ANSWERS = "amq.rabbitmq.reply-to"
_PATIENCE = 20.0


class NoAnswer(RuntimeError):
    """The broker took the submission, but nobody answered it in time."""


class Submitter:
    def __init__(self, amqp_url: str, source: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
        self._channel: Any = self._connection.channel()
        self._channel.confirm_delivery()
        self._source = source
        self._answers: list[bytes] = []
        self._channel.basic_consume(_ANSWERS, lambda *delivery: self._answers.append(delivery[-1]), auto_ack=True)

    def submit(self, kind: str, **data: Any) -> dict[str, Any]:
        """The data of `submission.accepted` or `submission.rejected`."""
        envelope = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": self._source, "type": kind, "data": data}
        properties = pika.BasicProperties(
            content_type="application/cloudevents+json", delivery_mode=2, reply_to=_ANSWERS
        )
        self._channel.basic_publish(SUBMISSIONS, kind, json.dumps(envelope).encode(), properties, mandatory=True)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers:
            if time.monotonic() > deadline:
                raise NoAnswer(f"{kind} was not answered within {_PATIENCE:.0f} s")
            self._connection.process_data_events(time_limit=0.5)
        answer: dict[str, Any] = json.loads(self._answers.pop())["data"]
        return answer

    def close(self) -> None:
        self._connection.close()
