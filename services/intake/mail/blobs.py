"""Raw mails and attachments in GridFS. They are stored before the commit that names them, never changed afterwards.

Their ids sort by the moment of storing.
"""

import hashlib
from contextlib import suppress
from typing import Any

from gridfs import GridFSBucket, GridOut
from gridfs.errors import NoFile
from pymongo.database import Database

from shared.identifiers import new_id
from shared.store.documents import Document


class Blobs:
    def __init__(self, database: Database[Document]) -> None:
        self._bucket = GridFSBucket(database, bucket_name="blobs")
        self._files, self._chunks = database["blobs.files"], database["blobs.chunks"]

    def put(self, content: bytes, name: str, content_type: str) -> dict[str, Any]:
        """{id, name, content_type, size, sha256}, as a thread entry carries it."""
        blob_id = new_id()
        digest = hashlib.sha256(content).hexdigest()
        self._bucket.upload_from_stream_with_id(
            blob_id, name, content, metadata={"content_type": content_type, "sha256": digest}
        )
        return {"id": blob_id, "name": name, "content_type": content_type, "size": len(content), "sha256": digest}

    def open(self, blob_id: str) -> GridOut | None:
        try:
            return self._bucket.open_download_stream(blob_id)
        except NoFile:
            return None

    def stored_between(self, after: str, before: str, at_most: int) -> set[str]:
        """The first ids between the two, also of what was stored in part only."""
        span = {"$gt": after, "$lt": before}
        files = self._files.find({"_id": span}, {"_id": 1}).sort("_id", 1).limit(at_most)
        chunks = self._chunks.find({"files_id": span, "n": 0}, {"files_id": 1}).sort("files_id", 1).limit(at_most)
        names = {row["_id"] for row in files} | {row["files_id"] for row in chunks}
        return set(sorted(names)[:at_most])

    def remove(self, blob_id: str) -> None:
        with suppress(NoFile):  # raised once the parts are gone
            self._bucket.delete(blob_id)
