"""How many large mails a process has in hand: each lies in memory several times over, as it came, as it goes to the
parser and as its files, and all of them at once would be more than the process may have."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.intake.mail.reader import PATIENCE, MailMustWait

PLACES = 3  # one more than parsers
SMALL = 1024 * 1024  # bytes, as many as any other body may have


class LargeMails:
    def __init__(self, patience: float = PATIENCE) -> None:
        """`patience`: seconds for which a mail waits for its place."""
        self._places = threading.BoundedSemaphore(PLACES)
        self._patience = patience

    @contextmanager
    def place_for(self, length: int | None) -> Iterator[None]:
        """To be had before the mail is read. `length` None: it does not say. A small one needs no place."""
        if length is not None and length <= SMALL:
            yield
            return
        if not self._places.acquire(timeout=self._patience):
            raise MailMustWait("Other large mails are being taken: send it again in a minute.")
        try:
            yield
        finally:
            self._places.release()
