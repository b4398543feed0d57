"""Sla is down for two hours of the clock. When it is back it hears before it judges."""

from collections import Counter
from functools import partial

import pytest

from shared.store.client import connect
from tests.faults.stage import PREFIX, Stage
from tests.support.eventually import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

ANSWERED, FORGOTTEN = 40, 10


def test_only_what_nobody_answered_is_missed(stage: Stage) -> None:
    with stage.play("sla-away") as helpdesk:
        sla = helpdesk.processes["sla-worker"]
        sla.stop()
        api, agent = helpdesk.client("intake"), helpdesk.client("intake", "ben")
        for n in range(ANSWERED + FORGOTTEN):
            ticket = api.post(
                "/v1/tickets",
                requester={"address": f"ana-{n}@payroll.example"},
                subject="Half of Lisbon is offline",
                text="Since nine.",
                impact="high",
                urgency="medium",  # sev_b: first response in an hour, resolution in four
            )
            if n < ANSWERED:
                eventually(partial(api.get, f"/v1/tickets/{ticket['id']}"), lambda seen: seen["department"] is not None)
                agent.post(f"/v1/tickets/{ticket['id']}/replies", text="We are on it.")
        intake = helpdesk.processes["intake-worker"]
        intake.stop()
        intake.start(RELAYDESK_CLOCK_AHEAD="7200")  # sla judges by the moment up to which intake has told it everything
        sla.start(RELAYDESK_CLOCK_AHEAD="7200")
        with connect(stage.store.url, "faults") as client:
            log = client[helpdesk.environment[PREFIX] + "_sla"]["event_log"]

            def told() -> Counter[str]:
                return Counter(row["type"] for row in log.find({}, {"type": 1}))

            seen = eventually(told, lambda t: t["sla.breached"] >= FORGOTTEN and t["sla.met"] >= ANSWERED, within=60)
            assert (seen["sla.met"], seen["sla.breached"], seen["ticket.escalated"]) == (ANSWERED, FORGOTTEN, FORGOTTEN)
