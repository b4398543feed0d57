from typing import Any

from cli.check.cases import Case
from cli.check.ticket_rules import judge

_SAID = {
    ("intake", "assignment"): 2,
    ("intake", "sla"): 1,
    ("assignment", "intake"): 3,
    ("assignment", "sla"): 0,
    ("sla", "intake"): 3,
    ("sla", "assignment"): 2,
}


def whole(**changes: Any) -> Case:
    """Ticket 100001 after three announcements of intake, two of assignment and one of sla."""
    documents = {
        "intake": {
            "number": "100001",
            "version": 3,
            "shown": {"assignment": {"sequence": 2}, "sla": {"sequence": 1}},
        },
        "assignment": {"version": 2, "shown": {"intake": {"sequence": 3}, "sla": None}},
        "sla": {"version": 1, "shown": {"intake": {"sequence": 3}, "assignment": {"sequence": 2}}},
    }
    announced = {"intake": 3, "assignment": 2, "sla": 1}
    return Case("t-1", {**documents, **changes}, announced, _SAID)


def said(case: Case) -> list[str]:
    return [finding.what for finding in judge(case)]


def test_where_all_agree_there_is_nothing_to_say() -> None:
    assert said(whole()) == []


def test_a_service_that_does_not_know_a_ticket() -> None:
    case = whole()
    del case.documents["sla"]
    [finding] = judge(case)
    assert finding.what == "ticket 100001 is not known to sla"
    assert finding.remedy == "relaydesk replay --ticket t-1 --to sla.inbox"


def test_a_ticket_that_only_others_know() -> None:
    case = whole()
    del case.documents["intake"]
    assert said(case) == ["ticket t-1 is known to assignment and sla, but not to intake"]


def test_a_version_that_its_log_does_not_have() -> None:
    case = whole(sla={"version": 4, "shown": {"intake": {"sequence": 3}, "assignment": {"sequence": 2}}})
    assert said(case) == ["sla's ticket 100001 has version 4, its event log 1"]


def test_a_word_not_shown_yet() -> None:
    case = whole(assignment={"version": 2, "shown": {"intake": {"sequence": 1}, "sla": None}})
    assert said(case) == ["assignment's ticket 100001 shows word 1 of intake, whose last word to it is 3"]
