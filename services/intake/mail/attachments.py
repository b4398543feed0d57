"""`GET /v1/attachments/{id}`: a stranger's file, handed out so that no browser runs or shows it."""

from functools import partial
from urllib.parse import quote

from flask import Flask, Response
from pymongo.database import Database

from services.intake.mail.blobs import Blobs
from shared.refusals import NotFound
from shared.store.documents import Document

CHUNK = 256 * 1024


def register_attachments(app: Flask, database: Database[Document]) -> None:
    blobs = Blobs(database)

    @app.get("/v1/attachments/<attachment_id>")
    def download(attachment_id: str) -> Response:
        blob = blobs.open(attachment_id)
        if blob is None:
            raise NotFound("There is no attachment with this id.")
        response = Response(iter(partial(blob.read, CHUNK), b""), content_type=(blob.metadata or {})["content_type"])
        response.content_length = blob.length
        response.headers["Content-Disposition"] = _disposition(blob.filename or "")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _disposition(name: str) -> str:
    """The label in ASCII for old clients and, percent-encoded, as it is (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
