"""The deliveries over HTTP: who was told what, and a person's decisions."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from services.notify.bootstrap import app_on
from tests.integration.notify.conftest import Desk, MakeSender
from tests.support import access
from tests.support.smtp_server import SmtpServer
from tests.unit.notify.cast import BREACHED, CREATED, INVITED, TICKET_ID


@pytest.fixture
def http(desk: Desk) -> Iterator[FlaskClient]:
    access.give_roles(desk.database)
    key = access.key_with(desk.database, "administrator", name="Dana's key")
    with app_on(desk.database, access.door_settings()).test_client() as client:
        client.environ_base["HTTP_AUTHORIZATION"] = key["Authorization"]
        yield client


def first_link(http: FlaskClient) -> str:
    """Where the header Link of a first page of two leads."""
    target, _, rel = http.get("/v1/notifications?limit=2").headers["Link"].partition("; ")
    assert rel == 'rel="next"'
    return target.strip("<>")


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
    assert body["recipient"] == {"id": "ana", "name": "", "address": "ana@customer.example"}
    assert "Thank you for writing." in body["text"]
    assert "<p" in body["html"]


def test_a_list_is_filtered_and_paged_from_the_newest(desk: Desk, http: FlaskClient) -> None:
    for number in range(3):
        desk.hears(CREATED, f"event-{number}")
    desk.hears(BREACHED, "event-3")
    first = http.get(f"/v1/notifications?ticket_id={TICKET_ID}&state=pending&limit=3").get_json()
    assert [item["id"] for item in first["data"]] == [
        "event-3:target_breached:dana:email",
        "event-3:target_breached:ben:email",
        "event-2:ticket_received:ana:email",
    ]
    assert "text" not in first["data"][0]
    assert http.get(first_link(http)).get_json()["data"] == http.get("/v1/notifications?limit=4").get_json()["data"][2:]
    rest = http.get("/v1/notifications", query_string={"limit": 3, "cursor": first["next"]}).get_json()
    assert [item["id"] for item in rest["data"]] == [
        "event-1:ticket_received:ana:email",
        "event-0:ticket_received:ana:email",
    ]
    assert rest["next"] is None
    assert http.get("/v1/notifications?ticket_id=0195573f-0000-7000-8000-0000000000ff").get_json()["data"] == []


@pytest.mark.parametrize(
    "query",
    ["state=lost", "limit=0", "limit=101", "limit=x", "colour=red", "ticket_id=", "ticket_id=another", "cursor=!"],
)
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
    assert again.get_json()["type"] == "urn:relaydesk:delivery-is-under-way"
    assert again.get_json()["detail"] == "It is discarded. Only a failed or held one can be sent again."


def test_a_notification_that_nobody_knows_is_not_found(http: FlaskClient) -> None:
    assert http.get("/v1/notifications/nothing").status_code == 404
    assert http.post("/v1/notifications/nothing/retry").status_code == 404


def test_a_decision_counts_for_what_was_looked_at(
    desk: Desk, server: SmtpServer, make_sender: MakeSender, http: FlaskClient
) -> None:
    delivery_id = fail_one(desk, server, make_sender)
    seen = http.get(f"/v1/notifications/{delivery_id}")
    assert seen.headers["ETag"] == '"1"'
    late = http.post(f"/v1/notifications/{delivery_id}/retry", headers={"If-Match": '"0"'})
    assert late.status_code == 412
    agreed = http.post(f"/v1/notifications/{delivery_id}/retry", headers={"If-Match": seen.headers["ETag"]})
    assert agreed.status_code == 200


def test_agents_of_a_department_see_no_notifications_even_with_a_role_that_says_so(
    desk: Desk, http: FlaskClient
) -> None:
    desk.database["roles"].insert_one({"_id": "watcher", "permissions": ["notification.view"], "revision": 1})
    access.seat_agent(desk.database, "ben", {"support": "watcher"})
    access.seat_agent(desk.database, "dana", {"*": "watcher"})
    seen = [
        http.get("/v1/notifications", headers=access.signed_in(kind, name)).status_code
        for kind, name in (("agent", "ben"), ("agent", "dana"), ("requester", "ana"))
    ]
    assert seen == [403, 200, 403]


def test_a_mail_about_an_account_is_sent_and_announced_to_nobody(
    desk: Desk, server: SmtpServer, make_sender: MakeSender, http: FlaskClient
) -> None:
    delivery_id = desk.hears(INVITED)
    sender = make_sender()
    mailer = sender.mailer()
    assert sender.deliver_one(mailer)
    mailer.close()
    [mail] = server.mails
    assert (mail.recipient, "[signed" in mail.content.decode()) == ("ben@desk.example", False)
    shown = http.get(f"/v1/notifications/{delivery_id}").get_json()
    assert (shown["state"], shown["ticket_id"], shown["ticket_number"]) == ("sent", None, None)
    assert "/v1/invitations/[signed-" in shown["text"]
    assert desk.announced() == []
