"""Exposure of links that let somebody in (CWE-522): who may read notifications or the store can't use them."""

import re

import orjson
from flask.testing import FlaskClient

from services.notify.bootstrap import app_on
from tests.integration.notify.conftest import Desk, MakeSender
from tests.support import access
from tests.support.smtp_server import SmtpServer
from tests.unit.notify.cast import ACCESS_REQUESTED, CREATED, INVITED

ADMITS = (CREATED, INVITED, ACCESS_REQUESTED)
_LINK = re.compile(r"/v1/(?:access|invitations)/([\w.-]+)")


def signed_links(text: str) -> set[str]:
    return set(_LINK.findall(text))


def test_a_link_is_in_the_mail_and_nowhere_else(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> None:
    access.give_roles(desk.database)
    web: FlaskClient = app_on(desk.database, access.door_settings()).test_client()
    key = access.key_with(desk.database, "administrator")
    for data in ADMITS:
        desk.hears(data)
    sender = make_sender()
    mailer = sender.mailer()
    while sender.deliver_one(mailer):
        pass
    mailer.close()
    mailed = {
        link for mail in server.mails for part in mail.message.iter_parts() for link in signed_links(part.get_content())
    }
    assert len(mailed) == 3
    listed = web.get("/v1/notifications", headers=key).get_json()["data"]
    assert len(listed) == 3
    shown = [web.get(f"/v1/notifications/{row['id']}", headers=key).get_data(as_text=True) for row in listed]
    kept = {name: list(desk.database[name].find()) for name in desk.database.list_collection_names()}
    everywhere = "".join(shown) + orjson.dumps(kept, default=str).decode()
    assert [link for link in mailed if link in everywhere] == []
    assert [link for link in mailed if link.partition(".")[2] in everywhere] == []


def test_a_notification_is_not_for_an_agent_however_much_he_may_in_his_department(desk: Desk) -> None:
    access.give_roles(desk.database)
    access.seat_agent(desk.database, "erik", {"support": "administrator"})
    web = app_on(desk.database, access.door_settings()).test_client()
    delivery_id = desk.hears(CREATED)
    erik = access.signed_in("agent", "erik")
    assert web.get(f"/v1/notifications/{delivery_id}", headers=erik).status_code == 403
