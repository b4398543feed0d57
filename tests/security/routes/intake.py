"""Who may do what with tickets, requesters, topics, mails and files."""

from tests.security.callers import (
    ADMINISTRATOR,
    ADMINISTRATOR_KEY,
    ADMINISTRATORS,
    AGENTS,
    ALL_ACCESS,
    BY_OTHER_LINK,
    CREATING_KEY,
    DESK,
    ELSEWHERE,
    EVERYBODY,
    EXPANDED,
    HOLDER,
    KEY_FOR_LIMITED,
    LIMITED,
    MAIL_KEY,
    OTHER_REQUESTER,
    OWNERS,
    REQUESTER,
    REQUESTERS,
    TICKETS_KEY,
    VIEW_ONLY,
)
from tests.security.routes.row import EVERY_SERVICES, Row, open_to_all
from tests.support.mails import mail
from tests.support.sla_cast import ANA

_TICKET = "/v1/tickets/<uuid:ticket_id>"
_TOPIC = "/v1/topics/<slug:topic_id>"
_ANYTHING = {"If-Match": "*"}
_REASON = {"reason": "It drops again"}

_NOT_HIS = {OTHER_REQUESTER, BY_OTHER_LINK, ELSEWHERE}
_VIEWERS = (DESK - {ELSEWHERE}) | OWNERS
_REPLYING = frozenset({LIMITED, EXPANDED, ALL_ACCESS, HOLDER, ADMINISTRATOR, KEY_FOR_LIMITED})
_EXPANDED = frozenset({EXPANDED, ALL_ACCESS, HOLDER, ADMINISTRATOR, ADMINISTRATOR_KEY, TICKETS_KEY})
_BARE_KEYS = dict.fromkeys((ADMINISTRATOR_KEY, TICKETS_KEY), 422)  # they don't say which agent acts

ROWS = (
    *open_to_all("intake", *EVERY_SERVICES),
    Row(
        "intake",
        "POST",
        "/v1/tickets",
        (AGENTS - {VIEW_ONLY}) | {REQUESTER, OTHER_REQUESTER, ADMINISTRATOR_KEY, TICKETS_KEY, CREATING_KEY},
        body={"requester": {"address": ANA.address}, "subject": "VPN drops", "text": "Every hour."},
        status=201,
        otherwise={OTHER_REQUESTER: 422},  # not in another's name
    ),
    Row("intake", "GET", "/v1/tickets", DESK | REQUESTERS),
    Row("intake", "GET", _TICKET, _VIEWERS, hidden_from=_NOT_HIS),
    Row("intake", "GET", f"{_TICKET}/entries", _VIEWERS, hidden_from=_NOT_HIS),
    Row("intake", "GET", f"{_TICKET}/timeline", DESK - {ELSEWHERE}, hidden_from={ELSEWHERE}),
    Row(
        "intake",
        "PATCH",
        _TICKET,
        _EXPANDED,
        hidden_from={ELSEWHERE},
        body={"subject": "VPN drops every hour"},
        headers=_ANYTHING,
    ),
    Row("intake", "POST", f"{_TICKET}/links/revocation", {ALL_ACCESS, *ADMINISTRATORS, TICKETS_KEY} | OWNERS, _NOT_HIS),
    Row(
        "intake",
        "POST",
        f"{_TICKET}/replies",
        _REPLYING | OWNERS | {ADMINISTRATOR_KEY, TICKETS_KEY},
        _NOT_HIS,
        body={"text": "Looking."},
        status=201,
        otherwise=_BARE_KEYS,
    ),
    Row(
        "intake",
        "POST",
        f"{_TICKET}/notes",
        _REPLYING | {ADMINISTRATOR_KEY, TICKETS_KEY},
        {ELSEWHERE},
        body={"text": "The router is old."},
        status=201,
        otherwise=_BARE_KEYS,
    ),
    Row("intake", "POST", f"{_TICKET}/hold", _EXPANDED, {ELSEWHERE}, body=_REASON),
    Row(
        "intake",
        "POST",
        f"{_TICKET}/resume",
        _EXPANDED,
        {ELSEWHERE},
        body=_REASON,
        made_by={"ticket_id": "ticket on hold"},
    ),
    Row("intake", "POST", f"{_TICKET}/triage", _EXPANDED, {ELSEWHERE}, body={**_REASON, "urgency": "high"}),
    Row("intake", "POST", f"{_TICKET}/resolve", _EXPANDED, {ELSEWHERE}, body={"resolution": "A new router."}),
    Row(
        "intake",
        "POST",
        f"{_TICKET}/reopen",
        _EXPANDED | OWNERS,
        _NOT_HIS,
        body=_REASON,
        made_by={"ticket_id": "resolved ticket"},
    ),
    Row("intake", "POST", f"{_TICKET}/close", _EXPANDED, {ELSEWHERE}, body=_REASON),
    Row(
        "intake",
        "POST",
        f"{_TICKET}/rating",
        OWNERS | {ADMINISTRATOR, ADMINISTRATOR_KEY, TICKETS_KEY},
        {OTHER_REQUESTER, BY_OTHER_LINK},
        body={"score": 5},
        status=201,
        made_by={"ticket_id": "resolved ticket"},
    ),
    Row("intake", "GET", "/v1/topics", DESK | REQUESTERS | {CREATING_KEY}),
    Row("intake", "PUT", _TOPIC, ADMINISTRATORS, body={"name": "Telephones", "impact": "medium", "urgency": "medium"}),
    Row("intake", "GET", "/v1/requesters", {EXPANDED, ALL_ACCESS, HOLDER, ELSEWHERE, *ADMINISTRATORS, TICKETS_KEY}),
    Row(
        "intake",
        "GET",
        "/v1/requesters/<uuid:requester_id>",
        {EXPANDED, ALL_ACCESS, HOLDER, ELSEWHERE, *ADMINISTRATORS, TICKETS_KEY},
    ),
    Row(
        "intake",
        "PATCH",
        "/v1/requesters/<uuid:requester_id>",
        {ALL_ACCESS, ELSEWHERE, *ADMINISTRATORS, TICKETS_KEY},
        body={"name": "Ana Albrecht"},
        headers=_ANYTHING,
    ),
    Row(
        "intake",
        "POST",
        "/v1/requesters/<uuid:requester_id>/links/revocation",
        {ALL_ACCESS, ELSEWHERE, *ADMINISTRATORS, TICKETS_KEY},
    ),
    Row("intake", "POST", "/v1/access", EVERYBODY, body={"address": ANA.address}, status=202),
    Row("intake", "GET", "/v1/access/<link>", EVERYBODY),
    Row(
        "intake",
        "POST",
        "/v1/mail",
        ADMINISTRATORS | {MAIL_KEY},
        body=mail(),
        headers={"Content-Type": "message/rfc822"},
        status=201,
    ),
    Row("intake", "GET", "/v1/attachments/<uuid:attachment_id>", _VIEWERS, _NOT_HIS),
)
