"""Places where the fault tests end a process: RELAYDESK_CRASH_AT="worker.after_commit:3" dies on the third pass.

The environment is read here and not in a settings file: no service knows of it, and unset it costs one comparison.
"""

import os
import signal
from collections import Counter

_place, _, _pass = os.environ.get("RELAYDESK_CRASH_AT", "").partition(":")
_passes: Counter[str] = Counter()


def reached(place: str) -> None:
    if place == _place:
        _passes[place] += 1
        if _passes[place] == int(_pass or 1):
            os.kill(os.getpid(), signal.SIGKILL)
