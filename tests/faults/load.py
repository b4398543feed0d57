"""Clients that remember what was accepted: the oracle holds the system to exactly that.

A submission counts as accepted when the broker confirmed it, a request when it was answered 201. What was not accepted
is tried again under the same identity, as a careful sender does, until it is.
"""

import http.client
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import orjson
import pika
from pika.exceptions import AMQPError

from shared.messaging.topology import SUBMISSIONS

SOURCE = "faults.example"


@dataclass
class Accepted:
    """External references by the number of tries that each took."""

    tries: dict[str, int] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)


def description(reference: str) -> dict[str, object]:
    return {
        "requester": {"address": f"{reference}@payroll.example", "name": "Ana Ruiz"},
        "subject": f"VPN drops every hour ({reference})",
        "text": "It drops every hour, on the hour.",
        "topic": "network",
        "external_reference": reference,
    }


class Load:
    """Half of the tickets over AMQP, half over HTTP, at about `per_second` together."""

    def __init__(self, amqp_url: str, api_url: str, key: str, count: int, per_second: float) -> None:
        self._amqp_url, self._api_url, self._key = amqp_url, api_url, key
        self._pause = 2 / per_second
        self.accepted = Accepted()
        self._submitted = [f"amqp-{n}" for n in range(count // 2)]
        self._posted = [f"http-{n}" for n in range(count - count // 2)]
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._submit_all, self._post_all)]

    def start(self) -> None:
        self.accepted.unfinished = {*self._submitted, *self._posted}
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> None:
        for thread in self._threads:
            thread.join(seconds)
        assert not self.accepted.unfinished, f"never accepted: {sorted(self.accepted.unfinished)[:5]}"

    def _finish(self, reference: str, tries: int) -> None:
        self.accepted.tries[reference] = tries
        self.accepted.unfinished.discard(reference)

    def _submit_all(self) -> None:
        connection: pika.BlockingConnection | None = None
        for reference in self._submitted:
            body = orjson.dumps(
                {
                    "specversion": "1.0",
                    "id": reference,
                    "source": SOURCE,
                    "type": "ticket.submit",
                    "data": description(reference),
                }
            )
            tries = 0
            while True:
                tries += 1
                try:
                    if connection is None:
                        connection = pika.BlockingConnection(pika.URLParameters(self._amqp_url))
                        channel = connection.channel()
                        channel.confirm_delivery()
                    channel.basic_publish(
                        SUBMISSIONS, "ticket.submit", body, pika.BasicProperties(delivery_mode=2), mandatory=True
                    )
                    break
                except (AMQPError, OSError):
                    _hang_up(connection)
                    connection = None
                    time.sleep(0.5)
            self._finish(reference, tries)
            time.sleep(self._pause)
        _hang_up(connection)

    def _post_all(self) -> None:
        address = urlsplit(self._api_url).netloc
        connection = http.client.HTTPConnection(address, timeout=30)
        for reference in self._posted:
            headers = {
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                "Idempotency-Key": reference,
            }
            tries = 0
            while True:
                tries += 1
                try:
                    connection.request("POST", "/v1/tickets", orjson.dumps(description(reference)), headers)
                    response = connection.getresponse()
                    answer = response.read()
                    if response.status == 201:
                        break
                    assert response.status == 503, f"{response.status}: {answer!r}"
                except (http.client.HTTPException, OSError):
                    connection.close()  # the next request opens it again
                time.sleep(0.5)
            self._finish(reference, tries)
            time.sleep(self._pause)
        connection.close()


def _hang_up(connection: pika.BlockingConnection | None) -> None:
    if connection is not None and connection.is_open:
        with suppress(AMQPError, OSError):
            connection.close()
