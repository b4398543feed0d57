"""Facts of assignment, sla and notify: shown on the ticket, whatever their order and however often they come."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from services.intake.subscriptions import SUBSCRIPTIONS
from services.intake.ticket_repository import from_document
from shared.events.assignment import AgentChanged, TicketAssigned, TicketReleased, TicketTransferred, TicketWaiting
from shared.events.envelope import Event, type_of
from shared.events.notify import NotificationSent
from shared.events.sla import SlaBreached, SlaMet, SlaPaused, SlaTargetsSet, SlaWarned, TargetDue, TicketEscalated
from shared.events.ticket import Actor, Department, Person, TicketSnapshot
from shared.identifiers import new_id
from shared.moments import utc_now
from shared.store.documents import Document
from shared.store.unit_of_work import Done, Seen, UnitOfWork
from shared.worker import work_for
from tests.integration.intake.doors import BEN, body, open_ticket

SUPPORT = Department("support", "Support")
NETWORKS = Department("infrastructure", "Infrastructure")
BEN_PERSON = Person("ben", "Ben", "ben@desk.example")
DANA = Person("dana", "Dana", "dana@desk.example")
SYSTEM = Actor("system", "assignment")
DUE = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Hearing:
    """The ears of one ticket."""

    database: Database[Document]
    snapshot: TicketSnapshot
    caused_by: str

    def event(self, data: object, source: str, sequence: int) -> Event[Any]:
        time = self.snapshot.created_at + timedelta(milliseconds=12 * sequence)
        cause = self.caused_by
        return Event(new_id(), type_of(data), source, self.snapshot.id, time, sequence, data, cause, cause)

    def hear(self, *events: Event[Any]) -> None:
        rows = {s.type: s for s in SUBSCRIPTIONS}
        outcomes = UnitOfWork(self.database, "intake").run([work_for(e, rows[e.type]) for e in events])
        assert {type(outcome) for outcome in outcomes} <= {Done, Seen}

    def ticket(self) -> Document:
        found = self.database["tickets"].find_one({"_id": self.snapshot.id})
        assert found is not None
        return found


@pytest.fixture
def hearing(client: FlaskClient, database: Database[Document]) -> Hearing:
    return a_hearing(client, database)


def a_hearing(client: FlaskClient, database: Database[Document]) -> Hearing:
    ticket_id = open_ticket(client)["id"]
    document = database["tickets"].find_one({"_id": ticket_id})
    created = database["event_log"].find_one({"subject": ticket_id})
    assert document is not None
    assert created is not None
    return Hearing(database, from_document(document).snapshot(), created["_id"])


def history(hearing: Hearing) -> list[Event[Any]]:
    ticket = hearing.snapshot
    running = (TargetDue("first_response", DUE, "running"), TargetDue("resolution", DUE, "running"))
    late = (TargetDue("first_response", None, "met"), TargetDue("resolution", DUE, "running"))
    return [
        hearing.event(TicketWaiting(ticket, SUPPORT, {"at_capacity": 2}, "d1"), "assignment", 1),
        hearing.event(TicketAssigned(ticket, SYSTEM, BEN_PERSON, SUPPORT, "allocated", "d2", 3.0), "assignment", 2),
        hearing.event(TicketReleased(ticket, SYSTEM, "ben", SUPPORT, "Ben went home"), "assignment", 3),
        hearing.event(TicketTransferred(ticket, SYSTEM, NETWORKS, "support", "a switch"), "assignment", 4),
        hearing.event(TicketAssigned(ticket, SYSTEM, DANA, NETWORKS, "claimed", "d3", 9.0), "assignment", 5),
        hearing.event(SlaTargetsSet(ticket, "standard", 1, running, "sev_b"), "sla", 1),
        hearing.event(SlaWarned(ticket, "first_response", DUE), "sla", 2),
        hearing.event(SlaPaused(ticket, running), "sla", 3),
        hearing.event(SlaMet(ticket, "first_response", DUE, DUE, late), "sla", 4),
        hearing.event(SlaBreached(ticket, "resolution", DUE), "sla", 5),
        hearing.event(NotificationSent("n1", ticket.id, "ticket_received", "ana@x", "email", "<m@x>", 1), "notify", 1),
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_shuffled_and_repeated_facts_end_in_the_same_ticket(
    client: FlaskClient, database: Database[Document], data: st.DataObject
) -> None:
    hearing = a_hearing(client, database)
    events = history(hearing)
    shuffled = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=6))))
    cut = data.draw(st.integers(1, len(shuffled) - 1))
    hearing.hear(*shuffled[:cut])
    hearing.hear(*shuffled[cut:])
    ticket = hearing.ticket()
    assert (ticket["status"], ticket["version"]) == ("open", 1)
    assert ticket["shown"] == {
        "assignment": {
            "sequence": 5,
            "status": "assigned",
            "assignee": {"id": "dana", "name": "Dana"},
            "department": {"id": "infrastructure", "name": "Infrastructure"},
        },
        "sla": {
            "sequence": 5,
            "targets": {
                "first_response": {"due_at": None, "state": "met", "sequence": 4},
                "resolution": {"due_at": DUE, "state": "breached", "sequence": 5},
            },
            "is_overdue": True,
        },
    }
    assert database["timeline"].count_documents({"ticket_id": hearing.snapshot.id}) == 11


def test_a_ticket_is_overdue_while_what_was_missed_is_waited_for(client: FlaskClient, hearing: Hearing) -> None:
    at = f"/v1/tickets/{hearing.snapshot.id}"

    def agent_does(what: str, said: dict[str, str]) -> bool:
        assert client.post(f"{at}/{what}", json=said, headers=BEN).status_code in (200, 201)
        return is_overdue()

    def is_overdue() -> bool:
        listed = body(client.get("/v1/tickets", query_string={"overdue": "true"}))["data"]
        assert (hearing.snapshot.id in [row["id"] for row in listed]) is body(client.get(at))["is_overdue"]
        return bool(body(client.get(at))["is_overdue"])

    assert not is_overdue()
    hearing.hear(hearing.event(SlaBreached(hearing.snapshot, "first_response", DUE), "sla", 1))
    assert is_overdue()
    assert not agent_does("replies", {"text": "Looking."})
    hearing.hear(hearing.event(SlaBreached(hearing.snapshot, "resolution", DUE), "sla", 2))
    assert is_overdue()
    assert not agent_does("resolve", {"resolution": "A new fuse."})
    assert agent_does("reopen", {"reason": "it smokes again"})
    states = {target["target"]: target["state"] for target in body(client.get(at))["targets"]}
    assert states == {"first_response": "breached", "resolution": "breached"}
    assert not agent_does("close", {"reason": "burnt down"})


def test_others_facts_do_not_break_an_agents_if_match(client: FlaskClient, hearing: Hearing) -> None:
    at = f"/v1/tickets/{hearing.snapshot.id}"
    tag = client.get(at).headers["ETag"]
    hearing.hear(*history(hearing))
    assert client.patch(at, json={"tags": ["switch"]}, headers={**BEN, "If-Match": tag}).status_code == 200
    assert body(client.get(at))["assignee"] == {"id": "dana", "name": "Dana"}


def test_a_transferred_ticket_is_still_his_who_keeps_it_and_waits_without_one(
    client: FlaskClient, hearing: Hearing
) -> None:
    ticket, at = hearing.snapshot, f"/v1/tickets/{hearing.snapshot.id}"
    kept = TicketTransferred(ticket, SYSTEM, NETWORKS, "support", "a switch", BEN_PERSON)
    hearing.hear(
        hearing.event(TicketAssigned(ticket, SYSTEM, BEN_PERSON, SUPPORT, "allocated", "d1", 3.0), "assignment", 1),
        hearing.event(kept, "assignment", 2),
    )
    found = body(client.get(at))
    assert (found["assignee"], found["department"]["id"]) == ({"id": "ben", "name": "Ben"}, "infrastructure")
    bens = {"requester": ticket.requester.address, "assignee": "ben", "department": "infrastructure"}
    assert ticket.id in [row["id"] for row in body(client.get("/v1/tickets", query_string=bens))["data"]]
    waits = TicketTransferred(ticket, SYSTEM, SUPPORT, "infrastructure", "no switch")
    hearing.hear(hearing.event(waits, "assignment", 3))
    assert (body(client.get(at))["assignee"], body(client.get(at))["department"]["id"]) == (None, "support")


def test_the_timeline_tells_every_hop_with_its_delay_and_why(client: FlaskClient, hearing: Hearing) -> None:
    hearing.hear(*history(hearing))
    hops = body(client.get(f"/v1/tickets/{hearing.snapshot.id}/timeline"))["data"]
    created, *_ = hops
    assert (created["type"], created["source"], created["delay_ms"]) == ("ticket.created", "intake", None)
    assert created["why"] == "impact medium × urgency high"
    assigned = next(hop for hop in hops if hop["what"] == "assigned to Dana of Infrastructure")
    assert (assigned["why"], assigned["delay_ms"]) == ("claimed, decision d3", 60)
    waiting = next(hop for hop in hops if hop["type"] == "ticket.waiting")
    assert waiting["why"] == "nobody could take it (2 at_capacity), decision d1"
    released = next(hop for hop in hops if hop["type"] == "ticket.released")
    assert (released["what"], released["why"]) == ("taken from its agent, in Support", "Ben went home")
    breached = next(hop for hop in hops if hop["type"] == "sla.breached")
    assert breached["why"] == "due at 2026-03-02 10:00:00 UTC"
    assert len(hops) == 12


def test_a_breach_says_how_long_after_the_due_moment_it_was_told(client: FlaskClient, hearing: Hearing) -> None:
    due_at = hearing.snapshot.created_at - timedelta(seconds=3)
    hearing.hear(hearing.event(SlaBreached(hearing.snapshot, "resolution", due_at), "sla", 1))
    _, breached = body(client.get(f"/v1/tickets/{hearing.snapshot.id}/timeline"))["data"]
    assert (breached["type"], breached["delay_ms"]) == ("sla.breached", 3012)


def test_an_escalation_raises_the_priority_and_says_why(hearing: Hearing) -> None:
    asked = TicketEscalated(hearing.snapshot, "resolution", 1, "emergency", "resolution was missed")
    hearing.hear(hearing.event(asked, "sla", 1))
    ticket = hearing.ticket()
    assert (ticket["priority"], ticket["triage_reason"]) == ("emergency", "escalated: resolution was missed")
    assert (ticket["is_priority_overridden"], ticket["version"]) == (False, 2)


def test_after_an_escalation_the_priority_still_rises_with_the_severity(client: FlaskClient, hearing: Hearing) -> None:
    at = f"/v1/tickets/{hearing.snapshot.id}"
    graver = {"reason": "all sites are dark", "impact": "high", "urgency": "high"}
    client.post(f"{at}/triage", json={"reason": "one desk", "impact": "low", "urgency": "low"}, headers=BEN)
    hearing.hear(hearing.event(TicketEscalated(hearing.snapshot, "resolution", 1, "normal", "missed"), "sla", 1))
    shown = body(client.get(at))
    assert (shown["severity"], shown["priority"], shown["escalated_to"]) == ("sev_d", "normal", "normal")
    shown = body(client.post(f"{at}/triage", json=graver, headers=BEN))
    assert (shown["severity"], shown["priority"], shown["is_priority_overridden"]) == ("sev_a", "emergency", False)


def test_an_agents_word_ends_an_escalation(client: FlaskClient, hearing: Hearing) -> None:
    at = f"/v1/tickets/{hearing.snapshot.id}"
    hearing.hear(hearing.event(TicketEscalated(hearing.snapshot, "resolution", 1, "emergency", "missed"), "sla", 1))
    shown = body(client.post(f"{at}/triage", json={"reason": "it can wait", "priority": "low"}, headers=BEN))
    assert (shown["priority"], shown["is_priority_overridden"], shown["escalated_to"]) == ("low", True, None)


def test_a_ticket_from_before_escalations_were_kept_apart_reads_well(client: FlaskClient, hearing: Hearing) -> None:
    hearing.database["tickets"].update_one({"_id": hearing.snapshot.id}, {"$unset": {"escalated_to": ""}})
    at = f"/v1/tickets/{hearing.snapshot.id}"
    assert body(client.get(at))["escalated_to"] is None
    shown = body(client.post(f"{at}/triage", json={"reason": "all sites", "impact": "high"}, headers=BEN))
    assert (shown["priority"], shown["escalated_to"]) == ("emergency", None)


def test_an_escalation_never_lowers_and_leaves_a_closed_ticket_in_peace(client: FlaskClient, hearing: Hearing) -> None:
    lower = TicketEscalated(hearing.snapshot, "resolution", 1, "normal", "due soon")
    hearing.hear(hearing.event(lower, "sla", 1))
    assert hearing.ticket()["priority"] == "high"
    client.post(f"/v1/tickets/{hearing.snapshot.id}/close", json={"reason": "spam"}, headers=BEN)
    late = TicketEscalated(hearing.snapshot, "resolution", 2, "emergency", "missed")
    hearing.hear(hearing.event(late, "sla", 2))
    assert (hearing.ticket()["priority"], hearing.ticket()["version"]) == ("high", 2)


def test_a_fact_about_an_unknown_ticket_is_a_line_of_the_timeline_only(database: Database[Document]) -> None:
    snapshot = TicketSnapshot(
        id=new_id(),
        number="999999",
        subject="From a lost database",
        requester=from_document(database["tickets"].find_one({}) or {}).requester,
        topic="network",
        impact="low",
        urgency="low",
        severity="sev_d",
        priority="low",
        status="new",
        created_at=utc_now(),
    )
    hearing = Hearing(database, snapshot, new_id())
    hearing.hear(*history(hearing))
    assert database["tickets"].find_one({"_id": snapshot.id}) is None
    assert database["timeline"].count_documents({"ticket_id": snapshot.id}) == 11


def test_an_older_word_about_an_agent_changes_nothing(database: Database[Document], hearing: Hearing) -> None:
    def erik(name: str, sequence: int) -> Event[Any]:
        agent = AgentChanged("erik", name, "erik@desk.example", ("support",), (), 5, available=True, active=True)
        return hearing.event(agent, "assignment", sequence)

    hearing.hear(erik("Erik the Second", 2), erik("Erik", 1))
    agent = database["agents"].find_one({"_id": "erik"})
    assert agent is not None
    assert agent["name"] == "Erik the Second"
