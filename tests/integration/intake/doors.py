"""Shorthand for what comes through the doors in these tests."""

from typing import Any
from uuid import uuid4

import orjson
import pika
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.messaging.consumer import Delivery
from tests.support.intake_desk import ASKED

BEN = {"X-On-Behalf-Of": "ben"}


def open_ticket(client: FlaskClient, **asked: Any) -> dict[str, Any]:
    response = client.post("/v1/tickets", json={**ASKED, **asked})
    assert response.status_code == 201, response.text
    ticket: dict[str, Any] = body(response)
    return ticket


def body(response: TestResponse) -> Any:
    return response.json


def delivery(submission: dict[str, Any], reply_to: str | None = None, account: str | None = None) -> Delivery:
    """`account`: the sender's, where he lets the broker vouch for it."""
    properties = pika.BasicProperties(reply_to=reply_to, user_id=account)
    return Delivery("intake.submissions", 1, None, orjson.dumps(submission), properties, "")


def submission(kind: str, source: str, data: Any, **more: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": str(uuid4()), "source": source, "type": kind, "data": data, **more}
