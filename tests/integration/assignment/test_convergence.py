"""Facts converge: whatever the order and however often a history is heard, its facts end the same."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events.envelope import Event
from shared.events.intake import RequesterChanged
from shared.events.sla import TicketEscalated
from shared.events.ticket import TicketSnapshot
from shared.identifiers import new_id
from tests.integration.assignment.desk import Desk
from tests.unit.assignment.cast import ANA, NINE, TICKET, created, event, minutes, reopened, replied, resolved, triaged


def history(ticket: TicketSnapshot) -> list[Event[Any]]:
    """Ana's ticket is moved to billing, escalated, answered, solved, reopened with a new name, and put at high."""
    billing = replace(ticket, topic="billing")
    renamed = replace(billing, requester=replace(ANA, name="Ana Silva"))
    escalated = TicketEscalated(billing, "resolution", 1, "emergency", "due in 5 minutes")
    return [
        created(1, ticket),
        triaged(2, billing, topic="billing"),
        event(1, escalated, NINE + minutes(1.5)),
        replied(3, ticket=billing),
        resolved(4, billing),
        reopened(5, renamed),
        triaged(6, renamed, priority="high", status="open"),
    ]


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_shuffled_and_repeated_history_ends_in_the_same_facts(desk: Desk, data: st.DataObject) -> None:
    ticket = replace(TICKET, id=new_id())
    events = history(ticket)
    heard = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=5))))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(heard) - 1), max_size=4)))
    for start, end in zip([0, *cuts], [*cuts, len(heard)], strict=True):
        desk.hear(*heard[start:end])
    found = desk.assignment(ticket.id)
    assert (found["shown"]["intake"]["sequence"], found["shown"]["intake"]["ticket"]["status"]) == (6, "open")
    assert found["shown"]["intake"]["ticket"]["requester"]["name"] == "Ana Silva"
    assert (found["shown"]["sla"]["sequence"], found["shown"]["sla"]["priority"]) == (1, "emergency")
    assert (found["rank"], found["skills"], found["state"]) == (1, [], "assigned")
    assert desk.loads() == desk.counted()
    assert [event.sequence for event in desk.log(ticket.id)] == list(range(1, found["version"] + 1))


def test_an_announcement_names_the_requester_as_he_is_by_now(desk: Desk) -> None:
    changed = RequesterChanged(replace(ANA, address="ana@new.example"))
    told = Event(new_id(), "requester.changed", "intake", ANA.id, NINE + minutes(1), 2, changed, new_id())
    desk.hear(told)
    desk.hear(created(1))
    assert desk.log(TICKET.id)[0].data.ticket.requester.address == "ana@new.example"
