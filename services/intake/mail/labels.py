"""Texts of strangers made fit to be stored and shown: no control characters, no tricks with direction, bounded."""

import re

MAX_FILE_NAME = 255
_NOT_ON_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")


def one_line(text: str, limit: int) -> str:
    return _NOT_ON_A_LINE.sub(" ", text[: 4 * limit]).strip()[:limit]


def many_lines(text: str) -> str:
    return _NOT_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def file_name(text: str) -> str:
    """A label, never a path: what stands behind the last slash."""
    name = one_line(re.split(r"[/\\]", text[-4096:])[-1], 4096).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > MAX_FILE_NAME and dot and len(ending) <= 10:
        return stem[: MAX_FILE_NAME - len(ending) - 1] + dot + ending
    return name[:MAX_FILE_NAME]


def content_type(text: str) -> str:
    kind = text.strip().lower()
    return kind if _CONTENT_TYPE.fullmatch(kind) else "application/octet-stream"
