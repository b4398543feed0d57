import pytest

from services.intake.submissions.envelope import Submission
from services.intake.submissions.sources import as_its_own, may_speak_for

SUBMITTERS = {"submitter": "*", "bridge": "billing"}


@pytest.mark.parametrize(
    ("account", "source", "allowed"),
    [
        ("monitoring", "monitoring", True),
        ("monitoring", "billing", False),
        ("submitter", "billing", True),
        ("bridge", "billing", True),
        ("bridge", "bridge", True),
        ("bridge", "monitoring", False),
        ("*", "billing", False),
        ("", "billing", False),
    ],
)
def test_an_account_speaks_for_itself_and_for_what_it_is_trusted_with(account: str, source: str, allowed: bool) -> None:
    assert may_speak_for(account, source, SUBMITTERS) is allowed


def test_a_forged_submission_is_refused_under_its_senders_own_name() -> None:
    forged = Submission(
        "billing",
        "invoice-7",
        "ticket.close",
        "1.0",
        {},
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "reply.eve",
    )
    own, refusal = as_its_own(forged, "eve")
    assert own.row == "eve invoice-7"
    assert refusal.reasons[0].field == "source"
