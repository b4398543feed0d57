from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.status.judgement import wrong
from cli.status.listeners import is_rejecting

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def seen(**changes: Any) -> dict[str, Any]:
    return {
        "services": [{"service": "sla", "state": "up", "detail": ""}],
        "logs": [{"service": "sla", "unpublished": 5, "oldest": NOON - timedelta(seconds=60), "refused": None}],
        "queues": [{"queue": "sla.inbox", "waiting": 9, "consumers": 1}],
        "rejecting": [],
        "parked": [{"service": "sla", "parked": 2, "for_a_person": 0}],
        "timers": [{"what": "clocks", "due": 1, "oldest": NOON - timedelta(seconds=60), "ask": "?"}],
        "undelivered": 0,
        "unavailable": {},
        **changes,
    }


def test_what_is_under_way_for_a_minute_is_well() -> None:
    assert wrong(seen(), NOON) == []


def test_events_that_wait_longer() -> None:
    late = {"service": "sla", "unpublished": 5, "oldest": NOON - timedelta(seconds=61)}
    assert wrong(seen(logs=[{**late, "refused": None}]), NOON) == [
        "sla has 5 unpublished events: is its worker running, and RabbitMQ up?",
    ]
    assert wrong(seen(logs=[{**late, "refused": "sla.met 01a2"}]), NOON) == [
        "sla has 5 unpublished events: a full queue refuses sla.met 01a2",
    ]


def test_timers_that_are_overdue() -> None:
    late = [{"what": "deliveries", "due": 3, "oldest": NOON - timedelta(minutes=5), "ask": "is the sender running?"}]
    assert wrong(seen(timers=late), NOON) == ["3 deliveries are overdue: is the sender running?"]


def test_a_queue_that_is_missing_and_one_that_nobody_takes_from() -> None:
    queues = [
        {"queue": "sla.inbox", "waiting": None, "consumers": None},
        {"queue": "notify.inbox", "waiting": 4, "consumers": 0},
    ]
    assert wrong(seen(queues=queues), NOON) == [
        "the queue sla.inbox is missing: relaydesk setup",
        "nobody takes from notify.inbox, where 4 messages wait: is its worker running?",
    ]


def test_a_listener_whose_queue_refuses_events() -> None:
    assert wrong(seen(rejecting=["listener.crm"]), NOON) == [
        "the queue listener.crm refuses events when it is full: let it be declared without x-overflow",
    ]


DROPS, REJECTS = {"overflow": "drop-head"}, {"x-overflow": "reject-publish"}


@pytest.mark.parametrize(
    ("queue", "rejects"),
    [
        ({"type": "classic", "arguments": REJECTS, "effective_policy_definition": DROPS}, True),
        ({"type": "classic", "arguments": {}, "effective_policy_definition": DROPS}, False),
        ({"type": "classic", "arguments": {"x-overflow": "reject-publish-dlx"}}, True),
        ({"type": "quorum", "arguments": REJECTS, "effective_policy_definition": DROPS}, False),
        ({"type": "quorum", "arguments": REJECTS, "effective_policy_definition": None}, True),
        ({"type": "stream", "arguments": {}}, False),
    ],
)
def test_which_queues_reject(queue: dict[str, Any], rejects: bool) -> None:
    assert is_rejecting(queue) == rejects


def test_parked_messages_and_deliveries_that_wait_for_a_person() -> None:
    parked = [{"service": "sla", "parked": 2, "for_a_person": 1}]
    assert wrong(seen(parked=parked, undelivered=2), NOON) == [
        "sla has 1 parked messages for a person: relaydesk parked list",
        "2 deliveries failed or are held: GET /v1/notifications?state=failed, =held",
    ]
