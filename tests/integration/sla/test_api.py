"""The doors of sla: deadlines explained, plans and schedules changed by versions, refusals that name the field."""

from datetime import datetime
from typing import Any

import pytest
from pymongo.database import Database

from services.sla.api.versioned import described
from services.sla.handlers.change_plan import change_plan
from services.sla.handlers.change_schedule import change_schedule
from services.sla.plan_repository import plans_by
from services.sla.subscriptions import SUBSCRIPTIONS
from shared.store.documents import Cause, Changes, Document, Documents
from shared.store.unit_of_work import Done, UnitOfWork, Work
from shared.worker import work_for
from tests.support import access
from tests.support.sla_cast import ANA, Life, utc

ROWS = {row.type: row for row in SUBSCRIPTIONS}
LATEST = {"If-Match": "*"}
OFFICE = {
    "name": "Office hours",
    "zone": "Europe/Berlin",
    "weekly": {day: ["09:00-12:00", "13:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")},
    "holidays": ["2026-12-25"],
    "reason": "A lunch break",
}


def plan(**changed: Any) -> dict[str, Any]:
    promised = {
        "first_response": {"seconds": 3600, "schedule": "always"},
        "resolution": {"seconds": 7200, "schedule": "office"},
    }
    severities = ("sev_a", "sev_b", "sev_c", "sev_d")
    return {"name": "Gold", "targets": dict.fromkeys(severities, promised), "reason": "A new contract", **changed}


def fields(response: Any) -> list[str]:
    assert response.status_code == 422, response.json
    return sorted(error["field"] for error in response.json["errors"])


def test_a_deadline_is_explained_interval_by_interval(desk: Database[Document], api: Any) -> None:
    life = Life()
    events = [life.created(), life.put_on_hold(utc("2026-11-23 10:00")), life.resumed(utc("2026-11-23 12:00"))]
    UnitOfWork(desk, "sla").run([work_for(event, ROWS[event.type]) for event in events])
    body = api.get(f"/v1/clocks/{life.id}").json
    resolution = body["targets"]["resolution"]
    assert body["state"] == "running"
    assert resolution["due_at"] == "2026-11-24T11:00:00Z"
    assert resolution["target_seconds"] == 28800
    assert [(s["kind"], s["seconds"], s["because"]) for s in resolution["explanation"]] == [
        ("worked", 3600, "hours of office"),
        ("on_hold", 7200, "waiting for Ana"),
        ("worked", 14400, "hours of office"),
        ("outside_hours", 57600, "outside the hours of office (Europe/Berlin)"),
        ("worked", 10800, "hours of office"),
    ]


def test_an_unknown_ticket_has_no_clock(api: Any) -> None:
    assert api.get("/v1/clocks/0190a0a0-0000-7000-8000-0000000000ff").status_code == 404
    assert api.get("/v1/clocks/nobody").status_code == 404


def test_a_clock_is_shown_to_the_department_that_has_the_ticket_and_to_no_requester(
    desk: Database[Document], api: Any
) -> None:
    life = Life()
    events = [life.created(), life.assigned(life.created_at), life.transferred(life.created_at)]
    UnitOfWork(desk, "sla").run([work_for(event, ROWS[event.type]) for event in events])
    for name, department in (("erik", "support"), ("cleo", "infrastructure")):
        access.seat_agent(desk, name, {department: "view_only"})
    seen = [
        api.get(f"/v1/clocks/{life.id}", headers=access.signed_in(kind, name)).status_code
        for kind, name in (("agent", "erik"), ("agent", "cleo"), ("requester", ANA.id))
    ]
    assert seen == [200, 404, 404]
    missing = api.get("/v1/clocks/0190a0a0-0000-7000-8000-0000000000ff")
    hidden = api.get(f"/v1/clocks/{life.id}", headers=access.signed_in("agent", "cleo"))
    assert hidden.json == missing.json


def test_who_changes_a_plan_says_which_version_he_looked_at(api: Any) -> None:
    made = api.put("/v1/plans/gold", json=plan())
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    assert api.put("/v1/plans/gold", json=plan()).status_code == 428
    changed = api.put("/v1/plans/gold", json=plan(), headers={"If-Match": '"1"'})
    assert (changed.json["version"], changed.headers["ETag"]) == (2, '"2"')
    late = api.put("/v1/plans/gold", json=plan(), headers={"If-Match": '"1"'})
    assert (late.status_code, late.json["detail"]) == (412, "It is at version 2 now: read it again.")
    assert api.put("/v1/plans/silver", json=plan(), headers={"If-Match": '"1"'}).status_code == 412
    assert api.put("/v1/plans/silver", json=plan(), headers={"If-Match": "*"}).status_code == 200
    assert api.put("/v1/schedules/office", json=OFFICE).status_code == 428


def test_agents_read_plans_and_do_not_change_them(desk: Database[Document], api: Any) -> None:
    access.seat_agent(desk, "ben", {"support": "all_access"})
    ben = access.signed_in("agent", "ben")
    assert api.get("/v1/plans", headers=ben).status_code == 200
    assert api.put("/v1/plans/gold", json=plan(), headers=ben).status_code == 403
    assert api.get("/v1/plans", headers=access.signed_in("requester", ANA.id)).status_code == 403


def test_every_version_of_a_plan_is_kept_with_its_reason(desk: Database[Document], api: Any) -> None:
    assert api.put("/v1/plans/gold", json=plan()).json["version"] == 1
    assert api.put("/v1/plans/gold", json=plan(name="Gold plus", reason="Renamed"), headers=LATEST).json["version"] == 2
    assert [p["id"] for p in api.get("/v1/plans").json["data"]] == ["gold", "standard"]
    versions = api.get("/v1/plans/gold/versions").json["data"]
    assert [(v["version"], v["name"], v["reason"], v["changed_by"]) for v in versions] == [
        (1, "Gold", "A new contract", "Dana"),
        (2, "Gold plus", "Renamed", "Dana"),
    ]
    log = desk["event_log"].find({"subject": "gold"}).sort("sequence")
    assert [(row["type"], row["sequence"]) for row in log] == [("plan.changed", 1), ("plan.changed", 2)]


def test_a_changed_schedule_makes_a_new_version_of_each_plan_that_uses_it(api: Any) -> None:
    assert api.put("/v1/schedules/office", json=OFFICE, headers=LATEST).json["version"] == 2
    standard = api.get("/v1/plans/standard").json
    assert (standard["version"], standard["reason"]) == (2, "schedule office changed: A lunch break")
    assert standard["schedules"]["office"]["holidays"] == ["2026-12-25"]
    assert standard["schedules"]["office"]["weekly"]["saturday"] == []
    assert [s["version"] for s in api.get("/v1/schedules/office/versions").json["data"]] == [1, 2]


def test_a_plan_and_its_schedule_that_are_changed_in_one_group_agree(desk: Database[Document]) -> None:
    """Gold comes to count by the office's hours while somebody changes these."""
    promised, hours = described({**plan(), "warn_at": 0.5}), described(OFFICE)

    def make_gold(documents: Documents, now: datetime) -> Changes:
        return change_plan("gold", *promised, "Dana", documents, now)

    def change_office(documents: Documents, now: datetime) -> Changes:
        return change_schedule("office", *hours, "Dana", plans_by("office", desk, documents), documents, now)

    cause = Cause("0190a0a0-0000-7000-8000-0000000000cc")
    outcomes = UnitOfWork(desk, "sla").run([Work(make_gold, cause), Work(change_office, cause)])
    assert [type(outcome) for outcome in outcomes] == [Done, Done]
    gold = desk["plans"].find_one({"_id": "gold"})
    assert gold is not None
    assert (gold["version"], gold["definition"]["schedules"]["office"]["version"]) == (2, 2)


def test_a_request_repeated_under_its_idempotency_key_changes_once(api: Any) -> None:
    for _ in range(2):
        assert api.put("/v1/plans/gold", json=plan(), headers={"Idempotency-Key": "k1"}).json["version"] == 1


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"name": ""}, ["name"]),
        ({"reason": None}, ["reason"]),
        ({"warn_at": 1.5}, ["warn_at"]),
        ({"warn_at": "0.5"}, ["warn_at"]),
        ({"colour": "red"}, ["colour"]),
        ({"targets": {}}, ["targets.sev_a", "targets.sev_b", "targets.sev_c", "targets.sev_d"]),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(api: Any, changed: dict[str, Any], named: list[str]) -> None:
    assert fields(api.put("/v1/plans/gold", json=plan(**changed))) == named


@pytest.mark.parametrize("seconds", [0, -1, 8760 * 3600 + 1, "3600", 1.5, True])
def test_a_target_takes_from_a_second_to_a_year(api: Any, seconds: Any) -> None:
    body = plan()
    body["targets"] = {
        **body["targets"],
        "sev_b": {**body["targets"]["sev_b"], "resolution": {"seconds": seconds, "schedule": "office"}},
    }
    assert fields(api.put("/v1/plans/gold", json=body)) == ["targets.sev_b.resolution.seconds"]


def test_a_plan_names_only_schedules_that_exist(api: Any) -> None:
    body = plan()
    body["targets"] = {
        **body["targets"],
        "sev_d": {**body["targets"]["sev_d"], "resolution": {"seconds": 60, "schedule": "nights"}},
    }
    assert fields(api.put("/v1/plans/gold", json=body)) == ["targets.sev_d.resolution.schedule"]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"zone": "Europe/Atlantis"}, ["zone"]),
        ({"zone": "Europe"}, ["zone"]),
        ({"zone": "localtime"}, ["zone"]),
        ({"holidays": ["25.12.2026"]}, ["holidays.0"]),
        ({"weekly": {"monday": ["17:00-09:00"]}}, ["weekly.monday"]),
        ({"weekly": {"monday": ["09:00-12:00", "11:00-17:00"]}}, ["weekly.monday"]),
        ({"weekly": {"monday": ["13:00-17:00", "09:00-12:00"]}}, ["weekly.monday"]),
        ({"weekly": {"monday": [9]}}, ["weekly.monday.0"]),
        ({"weekly": {"monday": []}}, ["weekly"]),
        ({"weekly": {"montag": ["09:00-17:00"]}}, ["weekly.montag"]),
        ({"weekly": [1]}, ["weekly"]),
    ],
)
def test_a_schedule_that_breaks_a_rule_is_refused(api: Any, changed: dict[str, Any], named: list[str]) -> None:
    assert fields(api.put("/v1/schedules/office", json={**OFFICE, **changed})) == named


@pytest.mark.parametrize("name", ["Gold", "gold%20plan", "gold%00", "g" * 64, "%ed%a0%80", "..", "-gold"])
def test_there_is_nothing_under_a_name_that_can_not_be_one(api: Any, name: str) -> None:
    assert api.put(f"/v1/plans/{name}", json=plan()).status_code == 404
    assert api.get(f"/v1/schedules/{name}/versions").status_code == 404
