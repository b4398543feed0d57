"""As every API is served, but a caller may be silent for a second only."""

from shared.http.slow_callers import SlowCallersApart


class Hasty(SlowCallersApart):
    silence = 1
