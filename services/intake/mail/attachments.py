"""`GET /v1/attachments/{id}`: a stranger's file, handed out so that no browser runs or shows it.

It is reached by the ticket whose thread names it; what no entry names is not there.
"""

from functools import partial
from urllib.parse import quote
from uuid import UUID

from flask import Response
from pymongo.database import Database

from services.intake.entries import ENTRIES
from services.intake.mail.blobs import Blobs
from services.intake.reach import reach_of
from services.intake.requester_view import is_for_requester
from services.intake.ticket_repository import TICKETS
from shared.access.may import may
from shared.http.contract import Routes
from shared.http.door import action, principal
from shared.refusals import NotFound
from shared.store.documents import Document

CHUNK = 256 * 1024


def attachments_routes(database: Database[Document]) -> Routes:
    routes = Routes("attachments", __name__, url_prefix="/v1/attachments", description="Files, and mails as they came.")
    blobs = Blobs(database)

    @routes.get("/<uuid:attachment_id>")
    @routes.needs("ticket.view")
    @routes.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
    @routes.refuses(404)
    def download(attachment_id: UUID) -> Response:
        """Download a file of a thread entry, or with its raw_mail_id a mail as it came."""
        blob = blobs.open(str(attachment_id)) if _is_in_reach(str(attachment_id)) else None
        if blob is None:
            raise NotFound("There is no attachment with this id.")
        response = Response(iter(partial(blob.read, CHUNK), b""), content_type=(blob.metadata or {})["content_type"])
        response.content_length = blob.length
        response.headers["Content-Disposition"] = _disposition(blob.filename or "")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _is_in_reach(attachment_id: str) -> bool:
        named = {"$or": [{"attachments.id": attachment_id}, {"raw_mail_id": attachment_id}]}
        entry = database[ENTRIES].find_one(named)
        ticket = database[TICKETS].find_one({"_id": entry["ticket_id"]}) if entry is not None else None
        if entry is None or ticket is None or not may(principal(), action(), reach_of(ticket)):
            return False
        return principal().kind != "requester" or is_for_requester(entry, attachment_id)

    return routes


def _disposition(name: str) -> str:
    """The label in ASCII for old clients and, percent-encoded, as it is (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
