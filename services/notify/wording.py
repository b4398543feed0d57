"""How values are written into messages: what a stranger typed stays text, on the lines where it belongs."""

import re
from datetime import datetime, tzinfo

from markupsafe import Markup, escape

# Control characters, line and paragraph separators, and marks that turn the writing direction.
_UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_BREAKS = re.compile(rf"[\t\n {_UNSEEN}]+")
_UNPRINTABLE = re.compile(f"[{_UNSEEN}]")
_NEWLINES = re.compile("\r\n?")


def one_line(text: str) -> str:
    """Fit for a header or a name: no line can be begun and nothing hidden in it."""
    return _BREAKS.sub(" ", text).strip()


def plain(text: str) -> str:
    return _UNPRINTABLE.sub("", _NEWLINES.sub("\n", text)).strip()


def quoted(text: str) -> str:
    return "> " + plain(text).replace("\n", "\n> ")


def lines(text: str) -> Markup:
    return Markup(str(escape(plain(text))).replace("\n", "<br>\n"))  # noqa: S704  # escaped right here


def words(name: str) -> str:
    return name.replace("_", " ")


def moment(at: datetime, zone: tzinfo) -> str:
    """As people there write it: 23 November 2026, 14:30 CET."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"
