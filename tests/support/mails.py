"""Writes our own mails: believable ones, and those that were made to hurt."""

ANA = "Ana Albrecht <ana@example.com>"


def mail(
    text: str | bytes = "The printer is on fire.\n",
    *,
    sender: str | None = ANA,
    subject: str = "Printer",
    content_type: str | None = "text/plain; charset=utf-8",
    **fields: str,
) -> bytes:
    """`fields` are further header fields: message_id="<1@example.com>" becomes `Message-Id`."""
    lines = [f"From: {sender}"] if sender is not None else []
    lines += [f"Subject: {subject}", "MIME-Version: 1.0"]
    lines += [f"Content-Type: {content_type}"] if content_type is not None else []
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in fields.items()]
    body = text if isinstance(text, bytes) else text.encode()
    return "\r\n".join([*lines, "", ""]).encode() + body


def multipart(*parts: str, kind: str = "mixed", **fields: str) -> bytes:
    """`parts` are whole parts, header and body."""
    body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
    return mail(body, content_type=f'multipart/{kind}; boundary="edge"', **fields)


def nested(levels: int) -> bytes:
    part = b"Content-Type: text/plain\n\nthe core\n"
    for level in range(levels):
        edge = f"b{level}".encode()
        part = b'Content-Type: multipart/mixed; boundary="%b"\n\n--%b\n%b\n--%b--\n' % (edge, edge, part, edge)
    return b"From: ana@example.com\nSubject: nested\n" + part


def bombs() -> dict[str, bytes]:
    """Each of these stops the standard library's usual way of reading mail for seconds, or makes it raise."""
    return {
        "1,200 nested multiparts": nested(1200),
        "5,000 mails in mails": b"From: ana@example.com\n" + b"Content-Type: message/rfc822\n\n" * 5000,
        "46 KB of <a": mail("<a " * 15_333, content_type="text/html"),
        "6,000 nested divs": mail("<div>" * 6_000, content_type="text/html"),
        "20,000 encoded words": mail(subject="=?utf-8?q?a?= " * 20_000),
        "no local part": mail(sender='""@'),
        "2,000 parentheses": mail(to="(" * 2_000),
        "parentheses in From": mail(sender="(" * 5_000),
        "100,000 header fields": b"X: a\n" * 100_000 + b"\nx",
        "100,000 parts": mail("--b\n\n\n" * 100_000, content_type="multipart/mixed; boundary=b"),
        "50,000 open quotes": mail(content_type="text/plain; " + 'a="' * 50_000),
        "a line of 30,000": mail("On " + "a" * 30_000 + " wrote:\n> x"),
        "a charset nobody has": mail(b"\xff\xfe", content_type="text/plain; charset=bogus-8"),
        "half of everything": b"From",
    }
