"""How often somebody may knock: counted in each process of an API, so a limit holds for each process alone.

A window begins with somebody's first request and ends a minute later, or whatever his limit says: docs/decisions/0032.
"""

import time
from collections.abc import Callable
from math import ceil
from threading import Lock

from shared.access.may import Principal
from shared.http.network import network_of
from shared.refusals import Refusal
from shared.settings import Limits

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_SWEEP_FROM = 1000  # windows


class TooManyRequests(Refusal):
    status = 429
    title = "Too many requests"


class RateLimit:
    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = {kind: _read(text) for kind, text in vars(limits).items()}
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}  # when it ends, how many came
        self._sweep_at = _SWEEP_FROM
        self._lock = Lock()

    def hit(self, principal: Principal) -> None:
        self._hit(principal.kind, principal.key_id or principal.id)

    def hit_from(self, remote_address: str) -> None:
        self._hit("network", network_of(remote_address))

    def hit_unknown(self, remote_address: str) -> None:
        """Somebody with a credential that opens nothing. Counted apart: he locks no neighbour out of what is public."""
        self._hit("network", f"unknown {network_of(remote_address)}")

    def _hit(self, kind: str, name: str) -> None:
        most, unit = self._limits[kind]
        now = self._clock()
        with self._lock:
            ends_at, came = self._windows.get((kind, name), (now, 0))
            if ends_at <= now:
                ends_at, came = now + _SECONDS[unit], 0
            self._windows[kind, name] = ends_at, came + 1
            if len(self._windows) > self._sweep_at:
                self._sweep(now)
        if came >= most:
            seconds = ceil(ends_at - now)
            raise TooManyRequests(f"At most {most} per {unit} are answered: go on in {seconds} s.", retry_after=seconds)

    def _sweep(self, now: float) -> None:
        self._windows = {name: window for name, window in self._windows.items() if window[0] > now}
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._windows))


def _read(text: str) -> tuple[int, str]:
    most, _, unit = text.partition("/")
    return int(most), unit
