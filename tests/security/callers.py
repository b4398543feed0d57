"""Everybody who may knock at a door: each kind of requester, agent and key, known to a service as it would be in life.

One ticket is all that they are about: Ana asked, it is in the department infrastructure, and Ben has it, who belongs to
the department support.
"""

from datetime import timedelta

from pymongo.database import Database

from shared.access.doorkeeper import ON_BEHALF_OF
from shared.moments import utc_now
from shared.store.documents import Document
from tests.support import access
from tests.support.access import Headers
from tests.support.sla_cast import ANA

BENNO_ID = "0190a0a0-0000-7000-8000-00000000000b"

ANONYMOUS = "anonymous"
DISABLED = "token of a disabled administrator"
EXPIRED_KEY = "expired key of an administrator"
REVOKED_KEY = "revoked key of an administrator"
REQUESTER = "requester who asked"
OTHER_REQUESTER = "another requester"
BY_LINK = "requester by a link to the ticket"
BY_OTHER_LINK = "requester by a link to another ticket of his"
VIEW_ONLY = "agent of the department, view only"
LIMITED = "agent of the department, limited"
EXPANDED = "agent of the department, expanded"
ALL_ACCESS = "agent of the department, all access"
HOLDER = "agent of another department, who has the ticket, expanded"
ELSEWHERE = "agent of another department, all access"
ADMINISTRATOR = "administrator"
ADMINISTRATOR_KEY = "key: administrator"
TICKETS_KEY = "key: tickets"
READING_KEY = "key: tickets:read"
CREATING_KEY = "key: tickets:create"
MAIL_KEY = "key: mail"
KEY_FOR_LIMITED = "key: tickets, for the limited agent"

UNKNOWN = frozenset({ANONYMOUS, DISABLED, EXPIRED_KEY, REVOKED_KEY})
REQUESTERS = frozenset({REQUESTER, OTHER_REQUESTER, BY_LINK, BY_OTHER_LINK})
OWNERS = frozenset({REQUESTER, BY_LINK})
ADMINISTRATORS = frozenset({ADMINISTRATOR, ADMINISTRATOR_KEY})
AGENTS = frozenset({VIEW_ONLY, LIMITED, EXPANDED, ALL_ACCESS, HOLDER, ELSEWHERE, ADMINISTRATOR, KEY_FOR_LIMITED})
KEYS = frozenset({ADMINISTRATOR_KEY, TICKETS_KEY, READING_KEY, CREATING_KEY, MAIL_KEY})
EVERYBODY = UNKNOWN | REQUESTERS | AGENTS | KEYS
DESK = AGENTS | {ADMINISTRATOR_KEY, TICKETS_KEY, READING_KEY}
"""Who may look at how the desk is set up."""

AGENT_IDS = {
    VIEW_ONLY: "vera",
    LIMITED: "lena",
    EXPANDED: "erik",
    ALL_ACCESS: "alex",
    HOLDER: "ben",
    ELSEWHERE: "cleo",
    ADMINISTRATOR: "dana",
    DISABLED: "gus",
}
ROLES = {
    VIEW_ONLY: {"infrastructure": "view_only"},
    LIMITED: {"infrastructure": "limited"},
    EXPANDED: {"infrastructure": "expanded"},
    ALL_ACCESS: {"infrastructure": "all_access"},
    HOLDER: {"support": "expanded"},
    ELSEWHERE: {"support": "all_access"},
    ADMINISTRATOR: {"*": "administrator"},
    DISABLED: {"*": "administrator"},
}


def seat_agents(database: Database[Document]) -> None:
    """As a service has heard of them."""
    access.give_roles(database)
    for caller, name in AGENT_IDS.items():
        access.seat_agent(database, name, ROLES[caller], is_active=caller != DISABLED)


def token_of(caller: str, ticket_id: str) -> Headers:
    """What somebody sends who has signed in just now: a token lives five minutes, the whole walk takes longer."""
    requesters = {
        REQUESTER: (ANA.id, None),
        OTHER_REQUESTER: (BENNO_ID, None),
        BY_LINK: (ANA.id, ticket_id),
        BY_OTHER_LINK: (ANA.id, "0190a0a0-0000-7000-8000-0000000000ee"),
    }
    if caller in requesters:
        return access.signed_in("requester", *requesters[caller])
    return {} if caller == ANONYMOUS else access.signed_in("agent", AGENT_IDS[caller])


def keys(database: Database[Document]) -> dict[str, Headers]:
    """What the callers with API keys send; the keys are made known to the service on the way."""
    yesterday = utc_now() - timedelta(days=1)
    return {
        EXPIRED_KEY: access.key_with(database, "administrator", expires_at=yesterday),
        REVOKED_KEY: access.key_with(database, "administrator", is_revoked=True),
        ADMINISTRATOR_KEY: access.key_with(database, "administrator"),
        TICKETS_KEY: access.key_with(database, "tickets"),
        READING_KEY: access.key_with(database, "tickets:read"),
        CREATING_KEY: access.key_with(database, "tickets:create"),
        MAIL_KEY: access.key_with(database, "mail"),
        KEY_FOR_LIMITED: {**access.key_with(database, "tickets"), ON_BEHALF_OF: AGENT_IDS[LIMITED]},
    }
