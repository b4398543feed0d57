"""What became of a submission: a document for ever, and an event that tells its sender."""

from datetime import datetime

from services.intake.submissions.envelope import Submission
from shared.events.intake import SubmissionAccepted, SubmissionRejected
from shared.refusals import Reason, Refusal
from shared.store.documents import Announcement, Changes, Document

SUBMISSIONS = "submissions"


def accepted(submission: Submission, ticket: Document, now: datetime) -> Changes:
    verdict = {"accepted": True, "ticket_id": ticket["_id"], "ticket_number": ticket["number"], "reasons": []}
    return _told({**_row(submission, now), **verdict}, submission.reply_to, now)


def rejected(submission: Submission, refusal: Refusal, now: datetime) -> Changes:
    reasons = refusal.reasons or (Reason("", refusal.title, refusal.detail),)
    verdict = {"accepted": False, "ticket_id": None, "ticket_number": None, "reasons": [r.as_dict() for r in reasons]}
    return _told({**_row(submission, now), **verdict}, submission.reply_to, now)


def answered_again(known: Document, reply_to: str, now: datetime) -> Changes:
    return _told(known, reply_to, now)


def _row(submission: Submission, now: datetime) -> Document:
    return {
        "_id": submission.row,
        "source": submission.source,
        "id": submission.id,
        "type": submission.type,
        "external_reference": submission.external_reference,
        "version": 0,
        "changed_at": now,
    }


def _told(row: Document, reply_to: str | None, now: datetime) -> Changes:
    row = {**row, "version": row["version"] + 1, "changed_at": max(now, row["changed_at"])}
    event = Announcement(_verdict(row), row["_id"], row["version"], row["changed_at"], reply_to=reply_to)
    return Changes(documents=[(SUBMISSIONS, row)], events=[event])


def _verdict(row: Document) -> SubmissionAccepted | SubmissionRejected:
    source, name, kind, reference = row["source"], row["id"], row["type"], row["external_reference"]
    if row["accepted"]:
        return SubmissionAccepted(source, name, kind, row["ticket_id"], row["ticket_number"], reference)
    return SubmissionRejected(source, name, kind, tuple(row["reasons"]), reference)
