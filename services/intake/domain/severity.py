"""impact × urgency, raised one step by the requester's needs, gives the severity; severity gives the order of work."""

LEVELS = ("low", "medium", "high")
SEVERITIES = ("sev_a", "sev_b", "sev_c", "sev_d")
PRIORITIES = ("emergency", "high", "normal", "low")

MATRIX = {
    ("high", "high"): "sev_a",
    ("high", "medium"): "sev_b",
    ("high", "low"): "sev_c",
    ("medium", "high"): "sev_b",
    ("medium", "medium"): "sev_c",
    ("medium", "low"): "sev_d",
    ("low", "high"): "sev_c",
    ("low", "medium"): "sev_d",
    ("low", "low"): "sev_d",
}

PRIORITY_OF = dict(zip(SEVERITIES, PRIORITIES, strict=True))


def judge(impact: str, urgency: str, *, is_vip: bool) -> tuple[str, str]:
    """(severity, the sentence that says why)"""
    severity = MATRIX[impact, urgency]
    reason = f"impact {impact} × urgency {urgency}"
    if is_vip and severity != SEVERITIES[0]:
        return SEVERITIES[SEVERITIES.index(severity) - 1], f"{reason}, raised one step: VIP requester"
    return severity, reason


def more_urgent(priority: str, other: str) -> str:
    return min(priority, other, key=PRIORITIES.index)
