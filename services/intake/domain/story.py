"""An event in words for a person: what happened, who did it, why."""

from datetime import datetime
from typing import Any

from shared.events.envelope import Event
from shared.events.sla import TargetDue

_WHAT = {
    "ticket.created": "came in by {channel}",
    "ticket.triaged": "triaged: {ticket.severity}, priority {ticket.priority}",
    "ticket.edited": "edited",
    "ticket.requester_replied": "the requester replied",
    "ticket.agent_replied": "an agent replied",
    "ticket.note_added": "a note was added",
    "ticket.put_on_hold": "put on hold",
    "ticket.resumed": "resumed",
    "ticket.resolved": "resolved",
    "ticket.reopened": "reopened",
    "ticket.closed": "closed",
    "ticket.rated": "rated {score} of 5",
    "ticket.assigned": "assigned to {agent.name} of {department.name}",
    "ticket.released": "taken from its agent, in {department.name}",
    "ticket.transferred": "transferred to {department.name}",
    "ticket.waiting": "waits in {department.name}",
    "ticket.escalated": "escalated: priority {priority} asked for",
    "sla.targets_set": "targets set by plan {plan_id}",
    "sla.paused": "the clock stopped",
    "sla.resumed": "the clock goes on",
    "sla.warned": "{target} is due soon",
    "sla.breached": "{target} was missed",
    "sla.met": "{target} was met",
    "notification.sent": "{message} sent to {recipient} by {channel}",
    "notification.failed": "{message} to {recipient} by {channel} failed",
}
_RELEASED_BY_HIMSELF = "released by {who}, in {department.name}"


def tell(event: Event[Any]) -> tuple[str, str, str | None]:
    """(what, who, why): `why` is the rule with its decision, the reason that was given, or what is due when.

    None if there is none.
    """
    facts = vars(event.data)
    actor = facts.get("actor")
    who = event.source if actor is None else actor.name or actor.id
    what = _WHAT.get(event.type, event.type)
    if event.type == "ticket.released" and (actor.kind, actor.id) == ("agent", facts["agent_id"]):
        what = _RELEASED_BY_HIMSELF
    return what.format(**facts, who=who), who, _why(facts)


def _why(facts: dict[str, Any]) -> str | None:
    if "rule" in facts:
        given = f": {facts['reason']}" if facts["reason"] else ""
        return f"{facts['rule']}, decision {facts['decision_id']}{given}"
    if "excluded" in facts:
        kept_out = ", ".join(f"{count} {reason}" for reason, count in sorted(facts["excluded"].items()))
        return f"nobody could take it ({kept_out or 'nobody is there'}), decision {facts['decision_id']}"
    for name in ("reason", "resolution", "severity_reason", "comment"):
        if facts.get(name):
            return str(facts[name])
    if "due_at" in facts:
        return _due(facts["due_at"])
    if "targets" in facts:
        return ", ".join(map(_stands, facts["targets"]))
    return None


def _stands(target: TargetDue) -> str:
    if target.state == "running" and target.due_at is not None:
        return f"{target.target} {_due(target.due_at)}"
    return f"{target.target} {target.state}"


def _due(at: datetime) -> str:
    return f"due at {at:%Y-%m-%d %H:%M:%S} UTC"
