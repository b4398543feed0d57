"""What of all that an operator should do something about."""

from datetime import datetime, timedelta
from typing import Any

LATE = timedelta(seconds=60)


def wrong(seen: dict[str, Any], now: datetime) -> list[str]:
    """A sentence each, empty when all is well."""
    return [
        *(f"{api['service']} is {api['state']}: {api['detail']}" for api in seen["services"] if api["state"] != "up"),
        *(f"{name}: {reason}" for name, reason in seen["unavailable"].items()),
        *(
            f"{log['service']} has {log['unpublished']} unpublished events: "
            + (
                f"a full queue refuses {log['refused']}"
                if log["refused"]
                else "is its worker running, and RabbitMQ up?"
            )
            for log in seen["logs"]
            if _is_late(log["oldest"], now)
        ),
        *(sentence for queue in seen["queues"] if (sentence := _wrong_with(queue))),
        *(
            f"the queue {name} refuses events when it is full: let it be declared without x-overflow"
            for name in seen["rejecting"]
        ),
        *(
            f"{row['service']} has {row['for_a_person']} parked messages for a person: relaydesk parked list"
            for row in seen["parked"]
            if row["for_a_person"]
        ),
        *(
            f"{timer['due']} {timer['what']} are overdue: {timer['ask']}"
            for timer in seen["timers"]
            if _is_late(timer["oldest"], now)
        ),
        *(
            [f"{seen['undelivered']} deliveries failed or are held: GET /v1/notifications?state=failed, =held"]
            if seen["undelivered"]
            else []
        ),
    ]


def _wrong_with(queue: dict[str, Any]) -> str | None:
    if queue["waiting"] is None:
        return f"the queue {queue['queue']} is missing: relaydesk setup"
    if queue["consumers"] == 0:
        return f"nobody takes from {queue['queue']}, where {queue['waiting']} messages wait: is its worker running?"
    return None


def _is_late(oldest: datetime | None, now: datetime) -> bool:
    return oldest is not None and now - oldest > LATE
