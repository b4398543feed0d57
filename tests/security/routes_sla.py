"""Who may do what with clocks, plans and schedules."""

from tests.security.callers import ADMINISTRATORS, DESK, ELSEWHERE, REQUESTERS
from tests.security.routes import EVERY_SERVICES, Row, open_to_all

_PROMISED = {
    "first_response": {"seconds": 3600, "schedule": "always"},
    "resolution": {"seconds": 7200, "schedule": "always"},
}
_PLAN = {
    "name": "Gold",
    "targets": dict.fromkeys(("sev_a", "sev_b", "sev_c", "sev_d"), _PROMISED),
    "reason": "A new contract",
}
_SCHEDULE = {
    "name": "Nights",
    "zone": "Europe/Berlin",
    "weekly": {"monday": ["20:00-24:00"]},
    "reason": "A night shift",
}
_STANDARD, _OFFICE = {"name": "standard"}, {"name": "office"}

ROWS = (
    *open_to_all("sla", *EVERY_SERVICES),
    Row("sla", "GET", "/v1/clocks/<uuid:ticket_id>", DESK - {ELSEWHERE}, hidden_from=REQUESTERS | {ELSEWHERE}),
    Row("sla", "GET", "/v1/plans", DESK),
    Row("sla", "GET", "/v1/plans/<slug:name>", DESK, values=_STANDARD),
    Row("sla", "GET", "/v1/plans/<slug:name>/versions", DESK, values=_STANDARD),
    Row("sla", "PUT", "/v1/plans/<slug:name>", ADMINISTRATORS, body=_PLAN),
    Row("sla", "GET", "/v1/schedules", DESK),
    Row("sla", "GET", "/v1/schedules/<slug:name>", DESK, values=_OFFICE),
    Row("sla", "GET", "/v1/schedules/<slug:name>/versions", DESK, values=_OFFICE),
    Row("sla", "PUT", "/v1/schedules/<slug:name>", ADMINISTRATORS, body=_SCHEDULE),
)
