"""The three failures of a batch: nobody's fault, one message's own fault, and a write that was refused."""

from bson.errors import BSONError
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure, PyMongoError

DUPLICATE_KEY = 11000
_REFUSALS = {
    2,  # BadValue
    9,  # FailedToParse
    14,  # TypeMismatch
    52,  # DollarPrefixedFieldName
    57,  # DottedFieldName
    121,  # DocumentValidationFailure
    10334,  # BSONObjectTooLarge
    17419,  # the document would grow too large
    17420,
    DUPLICATE_KEY,
}


_LOCATIONS = 15_000  # from here on a code is a line of the server's source: a command of ours that it can't understand


class StoreUnavailable(Exception):
    """The store could not take the work in the time given.

    `is_uncertain`: some of it may have been taken, as a commit's outcome is not known or others of the batch were done.
    """

    def __init__(self, message: str, *, is_uncertain: bool = False) -> None:
        super().__init__(message)
        self.is_uncertain = is_uncertain


class GuardMissed(Exception):
    """A document was changed by somebody else since it was loaded."""


class WriteRefused(Exception):
    """The store refused what some message wanted to write; `works` are their places, empty when it didn't say."""

    def __init__(self, error: Exception, works: list[int], *, is_duplicate: bool = False) -> None:
        super().__init__(str(error)[:500])
        self.works = works
        self.is_duplicate = is_duplicate


def refusal_index(error: BulkWriteError) -> tuple[int, int] | None:
    """(index of the refused write, code), or None when the error says nothing about one write."""
    for refused in (error.details or {}).get("writeErrors", []):
        if refused.get("code") in _REFUSALS:
            return refused["index"], refused["code"]
    return None


def is_refusal(error: Exception) -> bool:
    if isinstance(error, (DocumentTooLarge, BSONError, OverflowError, UnicodeError)):
        return True
    return isinstance(error, OperationFailure) and (error.code in _REFUSALS or (error.code or 0) >= _LOCATIONS)


def words(error: Exception) -> str:
    """For a log: the server's own text repeats the documents that it is about."""
    if isinstance(error, OperationFailure):
        return f"{type(error).__name__}, code {error.code}"
    return f"{type(error).__name__}: {error}"[:300]


def is_nobodys_fault(error: Exception) -> bool:
    return isinstance(error, (PyMongoError, GuardMissed)) and not is_refusal(error)
