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
    """What the sender wrote above the history; the whole text when nothing would be left, or what introduces it alone.

    Answers written between or below quoted lines stay, with the lines that they answer.
    """
    above = list(takewhile(lambda line: not _is_divider(line), text.split("\n")))
    while above and (_is_quoted(above[-1]) or not above[-1].strip()):
        above.pop()
    for length in (1, 2):  # mail programs break the line that names who is quoted
        if _WROTE.fullmatch(_joined(above[-length:])):
            above = above[:-length]
            break
    left = "\n".join(above).strip()
    return text.strip() if not left or _introduces(left) else left


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_divider(line: str) -> bool:
    """A quoted one divides nothing: answers may follow, and where none do it goes with the quoted lines around it."""
    if _is_quoted(line):
        return False
    line = line[:MAX_LINE].strip(" *").lower()
    return OUR_MARKER in line or _ORIGINAL.fullmatch(line) is not None


def _introduces(left: str) -> bool:
    """It may name who is quoted, in a language that we don't know: then the answer stands further below."""
    return left.count("\n") < 2 and left.endswith((":", "\uff1a"))


def _joined(lines: list[str]) -> str:
    return " ".join(line[:MAX_LINE].strip(" >*") for line in lines)[:MAX_LINE].lower()
