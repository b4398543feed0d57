"""Every ticket is known everywhere, and every service shows the others' last word."""

from collections.abc import Collection, Iterator

from cli.check.cases import SHOWN_TYPES, Case, cases
from cli.check.finding import Finding, Track
from cli.desk import Desk


def look(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    for case in cases(desk, only, track):
        yield from judge(case)


def judge(case: Case) -> Iterator[Finding]:
    yield from _known_everywhere(case)
    yield from _numbered_as_announced(case)
    yield from _shows_the_last_word(case)


def _known_everywhere(case: Case) -> Iterator[Finding]:
    if "intake" not in case.documents:
        know = " and ".join(sorted(case.documents))
        remedy = "Documents were deleted or restored in part: restore a backup of all four databases together."
        yield Finding(case.ticket_id, f"{case.name} is known to {know}, but not to intake", remedy)
        return
    for service in ("assignment", "sla"):
        if service not in case.documents:
            remedy = f"relaydesk replay --ticket {case.ticket_id} --to {service}.inbox"
            yield Finding(case.ticket_id, f"{case.name} is not known to {service}", remedy)


def _numbered_as_announced(case: Case) -> Iterator[Finding]:
    for service, document in case.documents.items():
        if document["version"] != case.announced[service]:
            what = f"{service}'s {case.name} has version {document['version']}, its event log {case.announced[service]}"
            remedy = "Documents or events were changed by hand: restore a backup, or ask for help with this message."
            yield Finding(case.ticket_id, what, remedy)


def _shows_the_last_word(case: Case) -> Iterator[Finding]:
    for holder, source in SHOWN_TYPES:
        if holder not in case.documents:
            continue
        shown = (case.documents[holder].get("shown", {}).get(source) or {}).get("sequence", 0)
        said = case.said[holder, source]
        if shown != said:
            what = f"{holder}'s {case.name} shows word {shown} of {source}, whose last word to it is {said}"
            remedy = f"relaydesk replay --ticket {case.ticket_id} --to {holder}.inbox"
            yield Finding(case.ticket_id, what, remedy)
