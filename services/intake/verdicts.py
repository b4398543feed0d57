"""What became of a submission: a document for ever, and an event that tells its sender."""

from datetime import datetime

from shared.events.intake import SubmissionAccepted, SubmissionRejected
from shared.refusals import Reason, Refusal
from shared.store.documents import Announcement, Changes, Document

SUBMISSIONS = "submissions"
_MOST_REASONS = 20  # a stranger's thousand unknown fields shall fit into an event


def accepted(
    source: str, name: str, kind: str, ticket: Document, reference: str | None, reply_to: str | None, now: datetime
) -> Changes:
    verdict = {"accepted": True, "ticket_id": ticket["_id"], "ticket_number": ticket["number"], "reasons": []}
    return _answered(_submission(source, name, kind, reference, verdict), reply_to, now)


def rejected(
    source: str, name: str, kind: str, refusal: Refusal, reference: str | None, reply_to: str | None, now: datetime
) -> Changes:
    reasons = refusal.reasons or (Reason("", refusal.title, refusal.detail),)
    verdict = {"accepted": False, "ticket_id": None, "ticket_number": None, "reasons": _bounded(reasons)}
    return _answered(_submission(source, name, kind, reference, verdict), reply_to, now)


def answered_again(known: Document, reply_to: str, now: datetime) -> Changes:
    return _answered(known, reply_to, now)


def _submission(source: str, name: str, kind: str, reference: str | None, verdict: Document) -> Document:
    row = {"_id": f"{source} {name}", "source": source, "id": name, "type": kind, "external_reference": reference}
    return {**row, **verdict, "version": 0, "changed_at": None}


def _answered(submission: Document, reply_to: str | None, now: datetime) -> Changes:
    at = max(now, submission["changed_at"] or now)
    told = {**submission, "version": submission["version"] + 1, "changed_at": at}
    event = Announcement(_verdict(told), told["_id"], told["version"], at, reply_to=reply_to)
    return Changes(documents=[(SUBMISSIONS, told)], events=[event])


def _verdict(told: Document) -> SubmissionAccepted | SubmissionRejected:
    source, name, kind, reference = told["source"], told["id"], told["type"], told["external_reference"]
    if told["accepted"]:
        return SubmissionAccepted(source, name, kind, told["ticket_id"], told["ticket_number"], reference)
    return SubmissionRejected(source, name, kind, tuple(told["reasons"]), reference)


def _bounded(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{name: value[:300] for name, value in r.as_dict().items()} for r in reasons[:_MOST_REASONS]]
