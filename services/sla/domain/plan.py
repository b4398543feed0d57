"""What is promised: for each severity a time to the first response and to the resolution, on a schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.sla.domain.schedule import Schedule

FIRST_RESPONSE = "first_response"
RESOLUTION = "resolution"
TARGETS = (FIRST_RESPONSE, RESOLUTION)
SEVERITIES = ("sev_a", "sev_b", "sev_c", "sev_d")
LONGEST_SECONDS = 8760 * 3600


@dataclass(frozen=True)
class Promise:
    within: timedelta
    warn_after: timedelta
    schedule: Schedule


@dataclass(frozen=True)
class Plan:
    """One version of a plan, with the schedules as they were: whatever it says, it says for ever."""

    id: str
    version: int
    name: str
    promises: Mapping[tuple[str, str], Promise]

    def promise(self, severity: str, target: str) -> Promise:
        return self.promises[severity, target]
