"""Whatever is done to a ticket, in whatever order: numbers have no gap, a refusal changes nothing, closed is final."""

from copy import deepcopy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.intake.domain.severity import PRIORITY_OF
from shared.refusals import Refusal
from tests.unit.intake.cast import BEN, a_ticket, minutes
from tests.unit.intake.test_ticket import ACTS

LEVEL = st.sampled_from(["low", "medium", "high", None])


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ticket = a_ticket()
        self.was_closed = False

    @rule(act=st.sampled_from(sorted(ACTS)))
    def act(self, act: str) -> None:
        before = deepcopy(self.ticket)
        try:
            ACTS[act](self.ticket)
        except Refusal:
            assert self.ticket == before

    @rule(impact=LEVEL, urgency=LEVEL, at=st.integers(-60, 600))
    def triage(self, impact: str | None, urgency: str | None, at: int) -> None:
        if self.ticket.status != "closed":
            self.ticket.triage("looked again", BEN, minutes(at), impact=impact, urgency=urgency)

    @invariant()
    def announcements_have_no_gap_and_times_no_step_back(self) -> None:
        news = self.ticket.news
        assert [item.sequence for item in news] == list(range(1, len(news) + 1))
        assert self.ticket.version == len(news)
        times = [item.time for item in news]
        assert times == sorted(times)

    @invariant()
    def priority_follows_severity(self) -> None:
        assert self.ticket.priority == PRIORITY_OF[self.ticket.severity]

    @invariant()
    def closed_is_final(self) -> None:
        assert not self.was_closed or self.ticket.status == "closed"
        self.was_closed = self.ticket.status == "closed"


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)
