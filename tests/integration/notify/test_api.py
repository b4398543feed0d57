"""The deliveries over HTTP: who was told what, and a person's decisions."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from services.notify.api import blueprint
from shared.access import API_KEYS, new_key
from shared.http.application import Commands, create_app
from shared.store.documents import Document
from tests.integration.notify.conftest import Desk, MakeSender
from tests.support.smtp_server import SmtpServer
from tests.unit.notify.cast import BREACHED, CREATED, TICKET_ID


@pytest.fixture
def http(desk: Desk) -> Iterator[FlaskClient]:
    key_id, key, secret = new_key("dana")
    row: Document = {"_id": key_id, "name": "Dana's key", "secret_sha256": secret, "scopes": [], "expires_at": None}
    desk.database[API_KEYS].insert_one(row)
    app = create_app("notify", desk.database)
    app.register_blueprint(blueprint(desk.database, Commands(desk.unit_of_work)))
    with app.test_client() as client:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        yield client


def fail_one(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> str:
    server.script("RCPT", "550 no such person")
    delivery_id = desk.hears()
    sender = make_sender()
    mailer = sender.mailer()
    sender.deliver_one(mailer)
    mailer.close()
    return delivery_id


def test_a_stranger_sees_nothing(http: FlaskClient) -> None:
    del http.environ_base["HTTP_AUTHORIZATION"]
    assert http.get("/v1/notifications").status_code == 401


def test_one_notification_is_shown_with_its_text(desk: Desk, http: FlaskClient) -> None:
    delivery_id = desk.hears(CREATED)
    body = http.get(f"/v1/notifications/{delivery_id}").get_json()
    assert (body["id"], body["state"], body["message"]) == (delivery_id, "pending", "ticket_received")
    assert body["recipient"] == {"id": "ana", "name": "Ana Silva", "address": "ana@customer.example"}
    assert "Thank you for writing." in body["text"]
    assert "<p" in body["html"]


def test_a_list_is_filtered_and_paged_from_the_newest(desk: Desk, http: FlaskClient) -> None:
    for number in range(3):
        desk.hears(CREATED, f"event-{number}")
    desk.hears(BREACHED, "event-3")
    first = http.get(f"/v1/notifications?ticket_id={TICKET_ID}&state=pending&limit=3").get_json()
    assert [item["id"] for item in first["items"]] == [
        "event-3:target_breached:dana:email",
        "event-3:target_breached:ben:email",
        "event-2:ticket_received:ana:email",
    ]
    assert "text" not in first["items"][0]
    rest = http.get("/v1/notifications", query_string={"limit": 3, "cursor": first["next_cursor"]}).get_json()
    assert [item["id"] for item in rest["items"]] == [
        "event-1:ticket_received:ana:email",
        "event-0:ticket_received:ana:email",
    ]
    assert rest["next_cursor"] is None
    assert http.get("/v1/notifications?ticket_id=another").get_json()["items"] == []


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=201", "limit=x", "colour=red", "ticket_id="])
def test_a_question_that_is_not_understood_is_refused(query: str, http: FlaskClient) -> None:
    answer = http.get(f"/v1/notifications?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == query.partition("=")[0]


def test_a_failed_notification_can_be_sent_again(
    desk: Desk, server: SmtpServer, make_sender: MakeSender, http: FlaskClient
) -> None:
    delivery_id = fail_one(desk, server, make_sender)
    answer = http.post(f"/v1/notifications/{delivery_id}/retry")
    assert answer.status_code == 200
    assert (answer.get_json()["state"], answer.get_json()["reason"]) == ("pending", "sent again by Dana's key")
    sender = make_sender()
    mailer = sender.mailer()
    assert sender.deliver_one(mailer)
    mailer.close()
    assert [(e.type, e.sequence) for e in desk.announced()] == [("notification.failed", 1), ("notification.sent", 2)]


def test_a_failed_notification_can_be_let_be(
    desk: Desk, server: SmtpServer, make_sender: MakeSender, http: FlaskClient
) -> None:
    delivery_id = fail_one(desk, server, make_sender)
    assert http.post(f"/v1/notifications/{delivery_id}/discard").get_json()["state"] == "discarded"
    again = http.post(f"/v1/notifications/{delivery_id}/retry")
    assert again.status_code == 409
    assert again.get_json()["detail"] == "It is discarded. Only a failed or held one can be sent again."


def test_a_notification_that_nobody_knows_is_not_found(http: FlaskClient) -> None:
    assert http.get("/v1/notifications/nothing").status_code == 404
    assert http.post("/v1/notifications/nothing/retry").status_code == 404
