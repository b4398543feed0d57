"""Who may do what with assignments, the roster, roles, keys, and his own account."""

from shared.identifiers import new_id
from tests.security.callers import (
    ADMINISTRATOR,
    ADMINISTRATOR_KEY,
    ADMINISTRATORS,
    AGENTS,
    ALL_ACCESS,
    DESK,
    ELSEWHERE,
    EVERYBODY,
    EXPANDED,
    HOLDER,
    KEY_FOR_LIMITED,
    LIMITED,
    REQUESTERS,
    TICKETS_KEY,
    UNKNOWN,
)
from tests.security.desks.assignment import PASSWORD
from tests.security.routes.row import EVERY_SERVICES, Row, open_to_all

_ASSIGNMENT = "/v1/assignments/<uuid:ticket_id>"
_AGENT = "/v1/agents/<slug:agent_id>"
_ROLE = "/v1/roles/<slug:role_id>"
_DEPARTMENT = "/v1/departments/<slug:department_id>"
_ROUTE = "/v1/routes/<slug:topic>"
_ANYTHING = {"If-Match": "*"}
_REASON = {"reason": "She knows it"}
_SUPPORT, _NETWORK, _LIMITED = {"department_id": "support"}, {"topic": "network"}, {"role_id": "limited"}

_KEYS = {ADMINISTRATOR_KEY, TICKETS_KEY}
_HIMSELF = AGENTS - {KEY_FOR_LIMITED}


def _newcomer() -> dict[str, object]:
    name = f"nora-{new_id()}"
    return {"id": name, "name": "Nora", "address": f"{name}@desk.example", "departments": ["support"], "invite": False}


ROWS = (
    *open_to_all("assignment", *EVERY_SERVICES),
    Row("assignment", "GET", _ASSIGNMENT, DESK - {ELSEWHERE}, REQUESTERS | {ELSEWHERE}),
    Row("assignment", "GET", "/v1/decisions/<uuid:decision_id>", DESK - {ELSEWHERE}, REQUESTERS | {ELSEWHERE}),
    Row(
        "assignment",
        "POST",
        f"{_ASSIGNMENT}/claim",
        {LIMITED, EXPANDED, ALL_ACCESS, ADMINISTRATOR, KEY_FOR_LIMITED, *_KEYS},
        {HOLDER, ELSEWHERE},
        made_by={"ticket_id": "waiting ticket"},
        otherwise=dict.fromkeys(_KEYS, 422),
    ),
    Row(
        "assignment",
        "POST",
        f"{_ASSIGNMENT}/assign",
        {ALL_ACCESS, ADMINISTRATOR, *_KEYS},
        {ELSEWHERE},
        body={**_REASON, "agent_id": "vera"},
    ),
    Row(
        "assignment",
        "POST",
        f"{_ASSIGNMENT}/release",
        {EXPANDED, ALL_ACCESS, HOLDER, ADMINISTRATOR, *_KEYS},
        {ELSEWHERE},
        body=_REASON,
    ),
    Row(
        "assignment",
        "POST",
        f"{_ASSIGNMENT}/transfer",
        {EXPANDED, ALL_ACCESS, HOLDER, ADMINISTRATOR, *_KEYS},
        {ELSEWHERE},
        body={**_REASON, "department_id": "support"},
    ),
    Row("assignment", "GET", "/v1/agents", DESK),
    Row("assignment", "GET", _AGENT, DESK),
    Row("assignment", "POST", "/v1/agents", ADMINISTRATORS, body=_newcomer, status=201),
    Row("assignment", "PATCH", _AGENT, ADMINISTRATORS, body={"language": "de"}, headers=_ANYTHING),
    Row("assignment", "POST", f"{_AGENT}/invitation", ADMINISTRATORS, status=201),
    Row("assignment", "GET", "/v1/departments", DESK),
    Row("assignment", "GET", _DEPARTMENT, DESK, values=_SUPPORT),
    Row("assignment", "PUT", _DEPARTMENT, ADMINISTRATORS, body={"name": "Telephones"}),
    Row("assignment", "GET", "/v1/routes", DESK),
    Row("assignment", "GET", _ROUTE, DESK, values=_NETWORK),
    Row("assignment", "PUT", _ROUTE, ADMINISTRATORS, body=_SUPPORT),
    Row("assignment", "GET", "/v1/roles", DESK),
    Row("assignment", "GET", _ROLE, DESK, values=_LIMITED),
    Row("assignment", "PUT", _ROLE, ADMINISTRATORS, body={"name": "Readers", "permissions": ["ticket.view"]}),
    Row("assignment", "GET", "/v1/api-keys", ADMINISTRATORS),
    Row(
        "assignment", "POST", "/v1/api-keys", ADMINISTRATORS, body={"name": "Web form", "scopes": ["mail"]}, status=201
    ),
    Row("assignment", "DELETE", "/v1/api-keys/<key_id>", ADMINISTRATORS),
    Row(
        "assignment",
        "POST",
        "/v1/sign-in",
        EVERYBODY,
        body=lambda: {"address": f"{new_id()}@desk.example", "password": PASSWORD},  # each address has a few tries
        status=401,
    ),
    Row("assignment", "POST", "/v1/sign-in/renewals", EVERYBODY, body={"session": "of nobody"}, status=401),
    Row("assignment", "POST", "/v1/sign-out", EVERYBODY, body={"session": "of nobody"}, status=204),
    Row("assignment", "POST", "/v1/password-resets", EVERYBODY, body={"address": "vera@desk.example"}, status=202),
    Row("assignment", "GET", "/v1/invitations/<link>", EVERYBODY),
    Row("assignment", "POST", "/v1/invitations/<link>", EVERYBODY, body={"password": PASSWORD}, status=201),
    Row("assignment", "GET", "/v1/me", EVERYBODY - UNKNOWN),
    Row("assignment", "PATCH", "/v1/me", _HIMSELF, body={"available": True}, headers=_ANYTHING),
    Row(
        "assignment",
        "PUT",
        "/v1/me/password",
        _HIMSELF,
        body={"current": "not his at all", "new": PASSWORD},
        status=422,
    ),
)
