"""Passwords as argon2id hashes (RFC 9106, second recommended option: 64 MiB each, so only few at a time)."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.assignment.domain.password_rules import normalized
from shared.refusals import Refusal

_AT_ONCE = 2
_PATIENCE = 10.0  # seconds for which one waits for one's turn


class Busy(Refusal):
    status = 503
    title = "Too many sign in at this moment"


class Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(normalized(password))

    def is_right(self, known: str | None, password: str) -> bool:
        """`known`: the hash of who is asked for; None if there is nobody, which takes as long to find out."""
        with self._turn():
            try:
                return self._hasher.verify(known or self._nobodys, normalized(password)) and known is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, known: str) -> bool:
        """Made when hashing was cheaper."""
        return self._hasher.check_needs_rehash(known)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_PATIENCE):
            raise Busy("Nothing was tried: come back in a few seconds.", retry_after=5)
        try:
            yield
        finally:
            self._turns.release()
