"""Cuts the quoted history off a reply. Cautious: a doubt leaves the text whole, and the mail is kept."""

import re
from itertools import takewhile

OUR_MARKER = "##- reply above this line -##"
MAX_LINE = 400
_ORIGINAL = re.compile(
    r"-{2,20} ?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original) ?-{2,20}"
)
_WROTE = re.compile(r"(?:on|am|le|el) .{5,380}\b(?:wrote|schrieb[^:]{0,100}|a écrit|escribió) ?:")


def without_quoted_history(text: str) -> str:
    """What the sender wrote above the history; the whole text when nothing would be left.

    Answers written between quoted lines stay, with the lines that they answer.
    """
    above = list(takewhile(lambda line: not _is_divider(line), text.split("\n")))
    while above and (above[-1].lstrip().startswith(">") or not above[-1].strip()):
        above.pop()
    for length in (1, 2):  # mail programs break the line that names who is quoted
        if _WROTE.fullmatch(_joined(above[-length:])):
            above = above[:-length]
            break
    return "\n".join(above).strip() or text.strip()


def _is_divider(line: str) -> bool:
    line = line[:MAX_LINE].strip(" >*").lower()
    return OUR_MARKER in line or _ORIGINAL.fullmatch(line) is not None


def _joined(lines: list[str]) -> str:
    return " ".join(line[:MAX_LINE].strip(" >*") for line in lines)[:MAX_LINE].lower()
