"""Raw mails and attachments in GridFS. They are stored before the commit that names them, never changed afterwards."""

import hashlib
from typing import Any

from gridfs import GridFSBucket, GridOut
from gridfs.errors import NoFile
from pymongo.database import Database

from shared.identifiers import new_id
from shared.store.documents import Document


class Blobs:
    def __init__(self, database: Database[Document]) -> None:
        self._bucket = GridFSBucket(database, bucket_name="blobs")

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
