"""From the bytes of a mail to what it says. Runs in a process of its own, which may be killed (see parser_process)."""

import re
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from services.intake.mail import headers, labels
from services.intake.mail.html_text import text_of_html
from services.intake.mail.parsed_mail import ParsedFile, ParsedMail
from services.intake.mail.quoted_history import without_quoted_history

MAX_HEADER_BYTES = 256 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20
MAX_TEXT = 100_000  # characters
MAX_SUBJECT = 250
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb'boundary\s{0,9}=\s{0,9}(?:"([^"\r\n]{1,200})"|([^"\s;]{1,200}))', re.IGNORECASE)
_DELIMITER = re.compile(rb"^--([^\r\n]{1,200})", re.MULTILINE)

File = tuple[ParsedFile, bytes]


class Unreadable(Exception):
    """The mail goes beyond a bound. Whatever else is raised here means the same."""


def parse(raw: bytes) -> tuple[ParsedMail, list[bytes]]:
    """What it says, and the contents of its files."""
    _check_bounds(raw)
    message: Message = BytesParser(policy=compat32).parsebytes(raw)
    fields = headers.fields_of(message)
    files: list[File] = []
    text = labels.many_lines(_text_of(message, files, 0)).strip()
    address, name = headers.sender(fields)
    by_machine = headers.is_machines(fields, message.get_content_type(), address)
    mail = ParsedMail(
        sender=address,
        sender_name=name,
        from_field=headers.decoded(", ".join(fields.get("from", [])))[:500],
        subject=headers.decoded(fields["subject"][0])[:MAX_SUBJECT] if "subject" in fields else "",
        message_id=headers.message_id(fields),
        references=f"{headers.returned_ids(raw) if by_machine else ''} {headers.references(fields)}".strip(),
        by_machine=by_machine,
        automatic=by_machine or headers.is_for_many(fields),
        text=_shortened(text),
        reply=_shortened(without_quoted_history(text)),
        files=tuple(file for file, _ in files),
    )
    return mail, [content for _, content in files]


def _check_bounds(raw: bytes) -> None:
    if len(raw) > MAX_HEADER_BYTES and not _HEADER_END.search(raw, 0, MAX_HEADER_BYTES):
        raise Unreadable("its header is too long")
    boundaries = {(quoted or bare).strip() for quoted, bare in _BOUNDARY.findall(raw)}
    parts = 0
    for line in _DELIMITER.finditer(raw) if boundaries else ():
        parts += line[1].strip() in boundaries
        if parts > MAX_PARTS:
            raise Unreadable("it has too many parts")


def _text_of(part: Message, files: list[File], depth: int) -> str:
    """The text to read in this part and those inside it; what isn't text to read is added to `files`."""
    if depth > MAX_DEPTH:
        raise Unreadable("its parts are nested too deeply")
    kind = part.get_content_type()
    inside: Any = part.get_payload()
    if isinstance(inside, list) and part.get_content_maintype() == "multipart":
        found = [(child.get_content_type(), _text_of(child, files, depth + 1)) for child in inside]
        found = [(kind_of_child, text) for kind_of_child, text in found if text.strip()]
        if kind == "multipart/alternative":
            plain = [text for kind_of_child, text in found if kind_of_child == "text/plain"]
            return plain[0] if plain else found[-1][1] if found else ""
        return "\n\n".join(text.strip("\n") for _, text in found)
    is_to_read = kind in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"
    if is_to_read and part.get_content_disposition() != "attachment" and not part.get_filename():
        text = headers.text_in(_content(part), part.get_content_charset("utf-8"))
        return text_of_html(text) if kind == "text/html" else text
    files.append((_described(part, kind, len(files) + 1), _content(part)))
    return ""


def _content(part: Message) -> bytes:
    inside: Any = part.get_payload()
    if isinstance(inside, list):  # a mail inside the mail
        return b"\n\n".join(child.as_bytes(policy=compat32) for child in inside)
    if part.get_content_maintype() == "multipart":  # without parts: broken, and never encoded as a whole
        return str(inside).encode("utf-8", "surrogateescape")
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _described(part: Message, kind: str, place: int) -> ParsedFile:
    name = labels.file_name(headers.decoded(part.get_filename() or ""))
    if not name:
        name = f"mail-{place}.eml" if kind == "message/rfc822" else f"part-{place}"
    return ParsedFile(name, labels.content_type(kind))


def _shortened(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT] + "\n\n[The rest of this long mail is kept in the original.]"
