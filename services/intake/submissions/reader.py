"""What turns a delivery of the queue `intake.submissions` into work.

The verdict is kept, announced, and sent to `reply_to`. What can't even be read as a CloudEvent with a source and an id
raises SubmissionUnreadable, and the worker parks it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from services.intake.submissions.commands import Run, command_of
from services.intake.submissions.envelope import Submission, parse
from services.intake.submissions.sources import as_its_own, may_speak_for
from services.intake.submissions.verdicts import SUBMISSIONS, accepted, answered_again, rejected
from shared.messaging.consumer import Delivery
from shared.refusals import Refusal
from shared.store.documents import Cause, Changes, Documents, Key
from shared.store.unit_of_work import Work


def reader(next_number: Callable[[], str], submitters: Mapping[str, str]) -> Callable[[Delivery], Work]:
    """`submitters`: see `sources.may_speak_for`; it is asked where the sender let the broker vouch for his account."""

    def read(delivery: Delivery) -> Work:
        submission = parse(delivery.body, delivery.properties.reply_to)
        account = delivery.properties.user_id
        if account is not None and not may_speak_for(account, submission.source, submitters):
            own, forgery = as_its_own(submission, account)
            return _work(own, _refusing(forgery))
        try:
            run, keys = command_of(submission, next_number)
        except Refusal as refusal:
            return _work(submission, _refusing(refusal))
        return _work(submission, run, keys)

    return read


def _work(submission: Submission, run: Run, keys: Sequence[Key] = ()) -> Work:
    cause = Cause(submission.row, submission.row, submission.traceparent)
    return Work(_once(submission, run), cause, [Key(SUBMISSIONS, submission.row), *keys])


def _once(submission: Submission, run: Run) -> Run:
    """Runs it unless its verdict is known. A refusal becomes the verdict."""

    def once(documents: Documents, now: datetime) -> Changes:
        known = documents.get(SUBMISSIONS, submission.row)
        if known is not None:
            return answered_again(known, submission.reply_to, now) if submission.reply_to else Changes()
        try:
            changes = run(documents, now)
        except Refusal as refusal:
            return rejected(submission, refusal, now)
        return changes + accepted(submission, changes.answer, now)

    return once


def _refusing(refusal: Refusal) -> Run:
    def refuse(documents: Documents, now: datetime) -> Changes:
        raise refusal

    return refuse
