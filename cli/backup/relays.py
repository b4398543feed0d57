"""After a restore: from where each relay shall publish its event log again.

A change stream's token means nothing on another server, and the broker has lost what was under way. So each relay
begins again before the oldest event that somebody may not have heard; who has heard one drops it.
"""

from datetime import datetime

from cli.desk import SERVICES, Desk
from cli.heard import remembered_since, unheard_since
from shared.identifiers import earliest_id
from shared.moments import utc_now

_RELAY = {"_id": "relay"}


def start_over(desk: Desk) -> None:
    for service in SERVICES:
        leases = desk.databases[service]["leases"]
        lease = leases.find_one(_RELAY)
        if lease is None or "published_at" not in lease:
            leases.delete_one(_RELAY)  # it has published nothing yet: it begins at the log's start
        else:
            place = _place(desk, service, lease["published_at"])
            state = {"published_at": place, "published_id": earliest_id(place)}
            leases.update_one(_RELAY, {"$set": state, "$unset": {"token": ""}})


def _place(desk: Desk, service: str, published_at: datetime) -> datetime:
    missing = unheard_since(desk, service, remembered_since(utc_now()))
    oldest: datetime = min([published_at, *(unheard.row["time"] for unheard in missing)])
    return oldest
