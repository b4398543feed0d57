"""Whose credential it is: by this service's own copy of keys, agents and roles."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from shared.access.doorkeeper import Doorkeeper, Unauthorized
from shared.access.key_uses import KeyUses
from shared.access.may import Principal
from shared.access.tokens import Identity, Signer, Verifier
from shared.moments import utc_now
from shared.refusals import Invalid
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.support import access
from tests.support.eventually import eventually


@pytest.fixture
def keeper(database: Database[Document]) -> Doorkeeper:
    indexes.create(database, {})
    access.give_roles(database)
    access.seat_agent(database, "ben", {"support": "limited", "kitchen": "no such role"})
    access.seat_agent(database, "gone", {"*": "administrator"}, is_active=False)
    verifier = Verifier({kind: access.public_key(kind) for kind in ("agent", "requester")})
    return Doorkeeper(database, verifier, KeyUses(UnitOfWork(database, "sla"), "sla"))


def knock(keeper: Doorkeeper, headers: dict[str, str], **options: Any) -> Principal:
    return keeper.principal(headers.get("Authorization", ""), **options)


def test_an_agent_has_the_permissions_of_his_role_by_department(keeper: Doorkeeper) -> None:
    ben = knock(keeper, access.signed_in("agent", "ben"))
    assert (ben.kind, ben.id, ben.key_id) == ("agent", "ben", None)
    assert "ticket.reply" in ben.rights["support"]
    assert ben.rights["kitchen"] == frozenset()


def test_a_requester_has_no_rights_but_those_of_requesters(keeper: Doorkeeper) -> None:
    ana = knock(keeper, access.signed_in("requester", "ana", "t1"))
    assert (ana.kind, ana.id, ana.ticket_id, ana.rights) == ("requester", "ana", "t1", {})


def test_a_key_has_what_its_scopes_say_everywhere(keeper: Doorkeeper, database: Database[Document]) -> None:
    key = knock(keeper, access.key_with(database, "tickets:read", "mail", "a scope of tomorrow"))
    assert {"ticket.view", "desk.view", "mail.deliver"} <= key.rights["*"]
    assert not {"ticket.reply", "agent.manage"} & key.rights["*"]


def test_a_key_for_an_agent_may_what_both_may(keeper: Doorkeeper, database: Database[Document]) -> None:
    for_ben = knock(keeper, access.key_with(database, "tickets:create"), on_behalf_of="ben")
    assert (for_ben.kind, for_ben.id) == ("agent", "ben")
    assert for_ben.key_id is not None
    assert "ticket.create" in for_ben.rights["support"]
    assert not {"ticket.view", "ticket.reply"} & for_ben.rights["support"]
    assert "*" not in for_ben.rights


@pytest.mark.parametrize("agent_id", ["nobody", "gone", "", "BEN", "ben ", "*"])
def test_a_key_acts_for_nobody_who_is_not_there(
    keeper: Doorkeeper, database: Database[Document], agent_id: str
) -> None:
    with pytest.raises(Invalid) as refused:
        knock(keeper, access.key_with(database, "administrator"), on_behalf_of=agent_id)
    assert refused.value.reasons[0].field == "X-On-Behalf-Of"


def test_a_token_acts_for_nobody_else(keeper: Doorkeeper) -> None:
    with pytest.raises(Invalid):
        knock(keeper, access.signed_in("agent", "ben"), on_behalf_of="ben")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YmVuOmJlbg==", "rdk_a_b", "Bearer rdk__", "Bearer rdk_a_b", "Bearer rdk_é_\xff"],
)
def test_without_a_credential_of_ours_nobody_is_let_in(keeper: Doorkeeper, header: str) -> None:
    with pytest.raises(Unauthorized):
        keeper.principal(header)


def test_keys_that_are_over_or_revoked_open_nothing(keeper: Doorkeeper, database: Database[Document]) -> None:
    over = access.key_with(database, "tickets", expires_at=utc_now() - timedelta(seconds=1))
    revoked = access.key_with(database, "tickets", is_revoked=True)
    for headers in (over, revoked):
        with pytest.raises(Unauthorized):
            knock(keeper, headers)


def test_a_disabled_agents_token_opens_nothing(keeper: Doorkeeper) -> None:
    with pytest.raises(Unauthorized, match="disabled"):
        knock(keeper, access.signed_in("agent", "gone"))


def test_a_token_from_before_a_new_password_is_refused_within_a_second(
    keeper: Doorkeeper, database: Database[Document]
) -> None:
    signer = Signer(access.signing_key("agent"))
    old, new = (signer.sign(Identity("agent", "ben", "Ben", generation=n), utc_now())[0] for n in (1, 2))
    assert keeper.principal(f"Bearer {old}").id == "ben"
    database.agents.update_one({"_id": "ben"}, {"$set": {"generation": 2}})

    def is_refused() -> bool:
        try:
            keeper.principal(f"Bearer {old}")
        except Unauthorized:
            return True
        return False

    eventually(is_refused, within=2)
    assert keeper.principal(f"Bearer {new}").id == "ben"
