"""What has been taken back or is over lets nobody in any more, within a second or so."""

from datetime import timedelta

import pytest

from shared.access.tokens import LIFE, Identity, Signer
from shared.moments import utc_now
from tests.support.access import key_with, seat_agent, signing_key
from tests.support.eventually import eventually
from tests.support.intake_desk import Desk, agent


def test_a_token_is_worth_nothing_after_its_five_minutes(desk: Desk) -> None:
    ticket = desk.open_ticket()
    for kind, who in (("agent", "ben"), ("requester", ticket["requester"]["id"])):
        earlier = utc_now() - LIFE - timedelta(seconds=1)
        token, _ = Signer(signing_key(kind)).sign(Identity(kind, who, "Somebody"), earlier)
        over = desk.client.get(f"/v1/tickets/{ticket['id']}", headers={"Authorization": f"Bearer {token}"})
        assert over.status_code == 401


def test_an_agents_token_ends_with_his_account(desk: Desk) -> None:
    seat_agent(desk.database, "ira", {"*": "all_access"})
    ira = agent("ira")
    assert desk.client.get("/v1/tickets", headers=ira).status_code == 200
    seat_agent(desk.database, "ira", {"*": "all_access"}, is_active=False)
    eventually(lambda: desk.client.get("/v1/tickets", headers=ira).status_code, lambda s: s == 401, within=2.5)


def test_what_a_role_no_longer_permits_ends_while_one_is_signed_in(desk: Desk) -> None:
    seat_agent(desk.database, "ivo", {"*": "expanded"})
    ivo, at = agent("ivo"), f"/v1/tickets/{desk.open_ticket()['id']}/hold"
    assert desk.client.post(at, json={"reason": "Wait"}, headers=ivo).status_code == 200
    seat_agent(desk.database, "ivo", {"*": "view_only"})
    eventually(
        lambda: desk.client.post(at, json={"reason": "Wait"}, headers=ivo).status_code, lambda s: s == 403, within=2.5
    )


def test_a_key_ends_when_it_is_revoked_and_when_it_expires(desk: Desk) -> None:
    key = key_with(desk.database, "tickets", name="Will be revoked")
    assert desk.client.get("/v1/tickets", headers=key).status_code == 200
    desk.database["api_keys"].update_one({"name": "Will be revoked"}, {"$set": {"revoked": True}})
    eventually(lambda: desk.client.get("/v1/tickets", headers=key).status_code, lambda s: s == 401, within=2.5)
    expired = key_with(desk.database, "tickets", expires_at=utc_now() - timedelta(seconds=1))
    assert desk.client.get("/v1/tickets", headers=expired).status_code == 401


@pytest.mark.parametrize("purpose", ["requester", "ticket"])
def test_a_link_ends_at_its_time(desk: Desk, purpose: str) -> None:
    ticket = desk.open_ticket()
    requester = ticket["requester"]["id"]
    subject = requester if purpose == "requester" else ticket["id"]
    yesterday = utc_now() - timedelta(days=1)
    assert desk.client.get(f"/v1/access/{desk.link(purpose, subject, requester)}").status_code == 200
    over = desk.link(purpose, subject, requester, issued_at=yesterday, life=timedelta(hours=23))
    assert desk.client.get(f"/v1/access/{over}").status_code == 404
