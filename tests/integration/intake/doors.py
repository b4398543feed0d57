"""Shorthand for what comes through the doors in these tests."""

from typing import Any
from uuid import uuid4

import orjson
import pika
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.messaging.consumer import Delivery

BEN = {"X-On-Behalf-Of": "ben"}
ASKED = {
    "requester": {"address": "Ana@Customer.example", "name": "Ana"},
    "subject": "No network",
    "text": "It is dark since nine.",
    "topic": "network",
}


def open_ticket(client: FlaskClient, **asked: Any) -> dict[str, Any]:
    response = client.post("/v1/tickets", json={**ASKED, **asked})
    assert response.status_code == 201, response.text
    ticket: dict[str, Any] = body(response)
    return ticket


def body(response: TestResponse) -> Any:
    return response.json


def delivery(submission: dict[str, Any], reply_to: str | None = None) -> Delivery:
    body = orjson.dumps(submission)
    return Delivery("intake.submissions", 1, None, body, pika.BasicProperties(reply_to=reply_to), "", False)


def submission(kind: str, source: str, data: Any, **more: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": str(uuid4()), "source": source, "type": kind, "data": data, **more}
