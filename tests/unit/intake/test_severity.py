import pytest

from services.intake.domain.severity import judge, more_urgent


@pytest.mark.parametrize(
    ("impact", "urgency", "severity"),
    [
        ("high", "high", "sev_a"),
        ("high", "medium", "sev_b"),
        ("high", "low", "sev_c"),
        ("medium", "high", "sev_b"),
        ("medium", "medium", "sev_c"),
        ("medium", "low", "sev_d"),
        ("low", "high", "sev_c"),
        ("low", "medium", "sev_d"),
        ("low", "low", "sev_d"),
    ],
)
def test_impact_and_urgency_give_the_severity(impact: str, urgency: str, severity: str) -> None:
    assert judge(impact, urgency, is_vip=False) == (severity, f"impact {impact} × urgency {urgency}")


def test_a_vip_requester_raises_it_one_step_and_the_reason_says_so() -> None:
    assert judge("high", "medium", is_vip=True) == (
        "sev_a",
        "impact high × urgency medium, raised one step: VIP requester",
    )


def test_nothing_is_above_sev_a() -> None:
    assert judge("high", "high", is_vip=True) == ("sev_a", "impact high × urgency high")


def test_emergency_is_the_highest_priority() -> None:
    assert more_urgent("emergency", "high") == "emergency"
    assert more_urgent("high", "high") == "high"
    assert more_urgent("normal", "high") == "high"
