"""A stranger's system, say a monitoring: it publishes submissions and waits for the answers."""

import json
import uuid
from typing import Any

import pika

from shared.messaging.topology import SUBMISSIONS


class NoAnswer(RuntimeError):
    """The broker took the submission, but nobody answered it in time."""


class Submitter:
    def __init__(self, amqp_url: str, source: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
        self._channel: Any = self._connection.channel()
        self._channel.confirm_delivery()
        self._source = source
        self._answers = f"reply.{uuid.uuid4().hex}"
        self._channel.queue_declare(self._answers, exclusive=True)

    def submit(self, kind: str, **data: Any) -> dict[str, Any]:
        """The data of `submission.accepted` or `submission.rejected`."""
        envelope = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": self._source, "type": kind, "data": data}
        properties = pika.BasicProperties(
            content_type="application/cloudevents+json", delivery_mode=2, reply_to=self._answers
        )
        self._channel.basic_publish(SUBMISSIONS, kind, json.dumps(envelope).encode(), properties, mandatory=True)
        for method, _, body in self._channel.consume(self._answers, auto_ack=True, inactivity_timeout=20):
            if method is None:
                raise NoAnswer(f"{kind} was not answered within 20 s")
            answer: dict[str, Any] = json.loads(body)["data"]
            return answer
        raise NoAnswer("the connection was closed")

    def close(self) -> None:
        self._connection.close()
