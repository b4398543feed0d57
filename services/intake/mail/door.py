"""`POST /v1/mail`: a mail as it came, in; a ticket or a reply, out. The same mail twice has the effect of one.

Whatever its bytes provoke in the parser, a mail becomes a ticket. The bytes and the files are stored before the commit
that names them, and after the parsing, so that a mail that has to wait for a parser leaves nothing behind. A commit
that fails leaves them, named by nobody and so out of everybody's reach; the mail server's next try stores them anew,
and a sweep removes them (`orphans.py`).
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import Response, request
from pymongo.database import Database
from werkzeug.exceptions import ClientDisconnected

from services.intake.answer_schemas import MailTakenSchema
from services.intake.mail.blobs import Blobs
from services.intake.mail.large_mails import LargeMails
from services.intake.mail.reader import MailReader
from services.intake.mail.receive_mail import (
    MAILS,
    UNREADABLE,
    ReceivedMail,
    receive_mail,
    receive_mail_keys,
    received,
    repeated,
)
from shared.http.answers import answer
from shared.http.bodies import BodyUnreadable, must_come_as
from shared.http.commands import Commands
from shared.http.contract import Routes
from shared.refusals import Reason
from shared.store.documents import Changes, Document, Documents

MAX_MAIL_BYTES = 25 * 1024 * 1024
_MAIL = {"required": True, "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}}


def mail_routes(
    database: Database[Document],
    commands: Commands,
    reader: MailReader,
    large_mails: LargeMails,
    next_number: Callable[[], str],
    secret: str,
) -> Routes:
    """`secret` is the one with which notify signs its Message-IDs."""
    routes = Routes("mail", __name__, url_prefix="/v1/mail", description="Where a mail server hands mails over.")
    blobs = Blobs(database)

    @routes.post("")
    @routes.needs("mail.deliver")
    @routes.doc(requestBody=_MAIL)  # type: ignore[untyped-decorator]  # flask-smorest has no types
    @routes.response(201, MailTakenSchema)
    @routes.idempotent
    @routes.refuses(400, 415)
    def take_mail() -> Response:
        """Take a mail as it came: it becomes a ticket or a reply, once."""
        must_come_as("message/rfc822")
        with large_mails.place_for(request.content_length):
            return _take(_body())

    def _take(raw: bytes) -> Response:
        mail_id = hashlib.sha256(raw).hexdigest()
        known = database[MAILS].find_one({"_id": mail_id})
        if known is not None:
            return answer(repeated(known), 201)
        mail = _stored(raw, mail_id)

        def run(documents: Documents, now: datetime) -> Changes:
            return receive_mail(mail, documents, now, next_number)

        return commands.run(run, receive_mail_keys(mail), status=201)

    def _stored(raw: bytes, mail_id: str) -> ReceivedMail:
        contents = reader.read(raw)
        original = blobs.put(raw, "mail.eml", "message/rfc822")
        if contents is None:
            return received(mail_id, original["id"], UNREADABLE, (original,), secret)
        mail, files = contents
        attachments = tuple(
            blobs.put(content, file.name, file.content_type) for file, content in zip(mail.files, files, strict=True)
        )
        return received(mail_id, original["id"], mail, attachments, secret)

    return routes


def _body() -> bytes:
    request.max_content_length = MAX_MAIL_BYTES
    raw = request.get_data()
    if len(raw) < (request.content_length or 0):
        raise ClientDisconnected
    if not raw.strip():
        reason = Reason("", "must not be empty", "Send the mail as it came.")
        raise BodyUnreadable("Send a mail: the body is empty.", (reason,))
    return raw
