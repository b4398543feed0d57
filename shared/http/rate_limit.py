"""How often somebody may knock: counted in each process of an API, so a limit holds for each process alone."""

import time
from threading import Lock

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from shared.access.may import Principal
from shared.refusals import Refusal
from shared.settings import Limits


class TooManyRequests(Refusal):
    status = 429
    title = "Too many requests"


class RateLimit:
    def __init__(self, limits: Limits) -> None:
        self._items = {kind: parse(text) for kind, text in vars(limits).items()}
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._lock = Lock()  # two threads at once make the storage start its timer twice, which raises

    def hit(self, principal: Principal) -> None:
        self._hit(self._items[principal.kind], principal.kind, principal.key_id or principal.id)

    def hit_from(self, network: str) -> None:
        self._hit(self._items["network"], "network", network)

    def _hit(self, item: RateLimitItem, kind: str, name: str) -> None:
        with self._lock:
            is_allowed = self._limiter.hit(item, kind, name)
        if not is_allowed:
            seconds = max(1, round(self._limiter.get_window_stats(item, kind, name).reset_time - time.time()))
            raise TooManyRequests(f"At most {item} are answered: go on in {seconds} s.", retry_after=seconds)
