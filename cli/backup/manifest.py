"""What a backup's folder holds. The manifest is written last: a folder without one is no backup."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cli.failures import found_wrong

FORMAT = 1
_NAME = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One collection: BSON documents one after another, compressed with gzip. The hash is the file's."""

    service: str
    collection: str
    documents: int
    bytes: int
    sha256: str

    def path(self, folder: Path) -> Path:
        return folder / self.service / f"{self.collection}.bson.gz"


@dataclass(frozen=True)
class Manifest:
    taken_at: datetime
    parts: tuple[Part, ...]

    @property
    def documents(self) -> int:
        return sum(part.documents for part in self.parts)

    @property
    def id(self) -> str:
        return hashlib.sha256("".join(part.sha256 for part in self.parts).encode()).hexdigest()


def write(manifest: Manifest, folder: Path) -> None:
    parts = [asdict(part) for part in manifest.parts]
    text = json.dumps({"format": FORMAT, "taken_at": manifest.taken_at.isoformat(), "parts": parts}, indent=2)
    (folder / _NAME).write_text(text + "\n")


def read(folder: Path) -> Manifest:
    """Raises a sentence when it is no whole backup, or one that was changed since it was made."""
    try:
        found = json.loads((folder / _NAME).read_text())
        if found["format"] != FORMAT:
            raise found_wrong(f"{folder} is a backup of format {found['format']}, this version reads {FORMAT}.")
        parts = tuple(Part(**part) for part in found["parts"])
        manifest = Manifest(datetime.fromisoformat(found["taken_at"]), parts)
    except FileNotFoundError as error:
        raise found_wrong(f"{folder} has no {_NAME}: it is no backup, or one that was not finished.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise found_wrong(f"{folder / _NAME} can't be read: {error}.") from error
    for part in manifest.parts:
        path = part.path(folder)
        if not path.exists() or digest(path) != part.sha256:
            raise found_wrong(f"{path} is missing or not as it was written: use another backup.")
    return manifest


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
