"""An event in words for a person: what happened, who did it, why."""

from typing import Any

from shared.events.envelope import Event

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
    "ticket.released": "released by {agent_id}, back to {department.name}",
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


def tell(event: Event[Any]) -> tuple[str, str, str | None]:
    """(what, who, why): `why` is the rule with its decision, or the reason that was given, None if there is none."""
    facts = vars(event.data)
    actor = facts.get("actor")
    who = event.source if actor is None else actor.name or actor.id
    return _WHAT.get(event.type, event.type).format(**facts), who, _why(facts)


def _why(facts: dict[str, Any]) -> str | None:
    if "rule" in facts:
        return f"{facts['rule']}, decision {facts['decision_id']}"
    if "excluded" in facts:
        kept_out = ", ".join(f"{count} {reason}" for reason, count in sorted(facts["excluded"].items()))
        return f"nobody could take it ({kept_out or 'nobody is there'}), decision {facts['decision_id']}"
    for name in ("reason", "resolution", "severity_reason", "comment"):
        if facts.get(name):
            return str(facts[name])
    return None
