"""An SMTP server that delivers nothing: every mail becomes a file. For trying the system out."""

import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # theirs
        self._count += 1
        to = "-".join(envelope.rcpt_tos)[:100].replace("/", "_")
        content = envelope.original_content or b""
        (self._folder / f"{time.time_ns()}-{self._count:05d}-{to}.eml").write_bytes(content)
        return "250 2.0.0 Kept"


def serve(folder: Path, host: str, port: int) -> Controller:
    """Listening when it returns; `stop()` ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Folder(folder), hostname=host, port=port)
    controller.start()
    return controller
