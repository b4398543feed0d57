"""What a mail says, once it has been read. Everything here is clean text of bounded length."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ParsedFile:
    name: str
    content_type: str


@dataclass(frozen=True)
class ParsedMail:
    sender: str | None  # None: the From field doesn't name exactly one address
    sender_name: str
    from_field: str  # as it was written, for people to look at
    subject: str
    message_id: str | None
    references: str  # of a machine's mail those in its body, then References, In-Reply-To: the nearest comes last
    by_machine: bool  # a machine wrote it
    automatic: bool  # so, or it is for many: nobody answers it by machine
    text: str
    reply: str  # the text without the quoted history
    files: tuple[ParsedFile, ...]
