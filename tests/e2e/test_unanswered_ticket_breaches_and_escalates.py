"""Nobody answers: the agent is warned, the target is missed, the manager is told, the priority rises; once each."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.moments import utc_now
from tests.e2e.desk import mails_of_kind, open_ticket, seen, states, timeline
from tests.support.eventually import eventually
from tests.support.stack import Helpdesk


def shorten(helpdesk: Helpdesk, severity: str, seconds: int) -> None:
    """The standard plan with a first response in seconds for one severity."""
    sla = helpdesk.client("sla")
    plan: dict[str, Any] = sla.get("/v1/plans/standard")
    plan["targets"][severity]["first_response"] = {
        **plan["targets"][severity]["first_response"],
        "seconds": seconds,
    }
    sla.put(
        "/v1/plans/standard",
        name=plan["name"],
        warn_at=0.5,
        targets=plan["targets"],
        reason="the story is short",
    )


def test_warning_breach_and_escalation(helpdesk: Helpdesk) -> None:
    shorten(helpdesk, "sev_b", 4)
    ticket = open_ticket(helpdesk, "ana@story-breach.example", impact="high", urgency="medium")
    agent = helpdesk.client("intake", ticket["assignee"]["id"])
    agent.post(f"/v1/tickets/{ticket['id']}/hold", reason="waiting for the hosting company")
    seen(helpdesk, ticket, lambda t: states(t)["first_response"] == "paused")
    agent.post(f"/v1/tickets/{ticket['id']}/resume", reason="they found nothing")
    escalated = seen(helpdesk, ticket, lambda t: t["is_overdue"] and t["priority"] == "emergency")
    assert escalated["severity"] == "sev_b"
    assert states(escalated)["first_response"] == "breached"
    agents, managers = f"{ticket['assignee']['id']}@desk.example", "dana@desk.example"
    for told, words in ((agents, "Due soon"), (agents, "Overdue"), (managers, "Escalated")):
        eventually(lambda told=told, words=words: mails_of_kind(helpdesk, told, words), bool)  # type: ignore[misc]
    hops = Counter(hop["type"] for hop in timeline(helpdesk, ticket))
    once = ("sla.paused", "sla.resumed", "sla.warned", "sla.breached", "ticket.escalated")
    assert [hops[name] for name in once] == [1, 1, 1, 1, 1]
    clock = helpdesk.client("sla").get(f"/v1/clocks/{ticket['id']}")
    explanation = clock["targets"]["first_response"]["explanation"]
    assert [stretch["kind"] for stretch in explanation] == ["worked", "on_hold", "worked"]
    agent.post(f"/v1/tickets/{ticket['id']}/close", reason="the story is over")
    shorten(helpdesk, "sev_b", 3600)


def test_an_answer_that_is_not_published_yet_is_no_breach(helpdesk: Helpdesk) -> None:
    """Intake's worker is away while the deadline passes; the agent had answered before it."""
    shorten(helpdesk, "sev_b", 5)
    ticket = open_ticket(helpdesk, "ana@story-silence.example", impact="high", urgency="medium")
    worker = helpdesk.processes["intake-worker"]
    worker.stop()
    helpdesk.client("intake", ticket["assignee"]["id"]).post(f"/v1/tickets/{ticket['id']}/replies", text="On it.")
    [due_at] = [datetime.fromisoformat(t["due_at"]) for t in ticket["targets"] if t["target"] == "first_response"]
    assert utc_now() < due_at
    eventually(utc_now, lambda now: now > due_at + timedelta(seconds=6), within=15)  # by then it would have been told
    worker.start()
    seen(helpdesk, ticket, lambda t: states(t)["first_response"] == "met")
    assert "sla.breached" not in {hop["type"] for hop in timeline(helpdesk, ticket)}
    shorten(helpdesk, "sev_b", 3600)
