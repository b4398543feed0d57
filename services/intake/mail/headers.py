"""The header fields of a stranger's mail, read with caps: nothing here can be made slow or to raise.

The standard library's address and header parsers are avoided on purpose: small inputs make them take seconds, recurse
without end or name the wrong address (CVE-2023-27043).
"""

import binascii
import re
from collections import defaultdict
from email.message import Message

from services.intake.mail.labels import one_line

MAX_VALUE = 4096
MAX_REFERENCES = 16_384

Fields = dict[str, list[str]]

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,1000})\?=")
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){0,10}[A-Za-z0-9-]{1,63}"
_ONE_ADDRESS = re.compile(
    rf'(?P<name>"(?:[^"\\]|\\.){{0,500}}"\s{{0,50}}|[^"<>@():;]{{0,500}})<(?P<angle>{_ADDRESS})>'
    rf"|(?P<bare>{_ADDRESS})(?:\s{{0,50}}\((?P<comment>[^()]{{0,500}})\))?"
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_MACHINES = ("mailer-daemon", "postmaster")
_BULK = ("bulk", "list", "junk", "auto_reply")


def fields_of(message: Message) -> Fields:
    fields: Fields = defaultdict(list)
    for name, value in message.raw_items():
        raw = str(value)[:MAX_REFERENCES].encode("utf-8", "surrogateescape")
        fields[name.lower()].append(text_in(raw, "utf-8").strip())
    return fields


def decoded(value: str) -> str:
    """Encoded words (RFC 2047) as text. Neighbours in one charset are joined first: a character may be split."""
    value = value[:MAX_VALUE]
    pieces: list[tuple[str, bytes]] = []
    end = 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        if between.strip() or end == 0:
            pieces.append(("utf-8", between.encode("utf-8", "replace")))
        charset, data = word[1].split("*")[0].lower(), _word_bytes(word[2], word[3])
        if pieces and pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + data)
        else:
            pieces.append((charset, data))
        end = word.end()
    pieces.append(("utf-8", value[end:].encode("utf-8", "replace")))
    return one_line("".join(text_in(data, charset) for charset, data in pieces), MAX_VALUE)


def text_in(data: bytes, charset: str) -> str:
    """In the charset it claims, else in UTF-8, else as much as can be read."""
    for name, errors in ((charset, "strict"), ("utf-8", "strict"), (charset, "replace")):
        try:
            return data.decode(name, errors)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def sender(fields: Fields) -> tuple[str | None, str]:
    """(address, name): the address only if there is one From field and it names exactly one."""
    values = fields.get("from", [])
    found = _ONE_ADDRESS.fullmatch(re.sub(r"\s+", " ", values[0])) if len(values) == 1 else None
    if found is None or len(found["angle"] or found["bare"]) > 254:
        return None, ""
    name = found["name"] or found["comment"] or ""
    return found["angle"] or found["bare"], one_line(decoded(re.sub(r'\\(.)|"', r"\1", name.strip())), 200)


def message_id(fields: Fields) -> str | None:
    found = _MESSAGE_ID.search(" ".join(fields.get("message-id", [])))
    return found[0] if found else None


def references(fields: Fields) -> str:
    return one_line(" ".join(fields.get("references", []) + fields.get("in-reply-to", []))[-MAX_REFERENCES:], 2**20)


def is_automatic(fields: Fields, content_type: str, address: str | None) -> bool:
    """A machine wrote it, or sent it to many: an automatic answer could start a loop (RFC 3834)."""
    auto_submitted = _first_words(fields, "auto-submitted")
    return (
        any(word != "no" for word in auto_submitted)
        or any(word in _BULK for word in _first_words(fields, "precedence"))
        or any(name.startswith("list-") or name == "x-auto-response-suppress" for name in fields)
        or "<>" in fields.get("return-path", [])
        or content_type == "multipart/report"
        or (address or "").split("@")[0].lower() in _MACHINES
    )


def _first_words(fields: Fields, name: str) -> list[str]:
    return [value.split(";")[0].split("(")[0].strip().lower() for value in fields.get(name, [])]


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw
