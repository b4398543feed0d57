"""The command: looks at everything, prints it, and ends with what is wrong."""

import sys
import time
from datetime import datetime
from typing import Any

import click
from pika.exceptions import AMQPError
from pymongo.errors import PyMongoError
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli import desk
from cli.failures import FINE, FOUND_WRONG, UNAVAILABLE, Failure, of_broker, of_mongo
from cli.printing import as_json_option, console, print_json, since
from cli.status import apis, listeners, work
from cli.status.judgement import wrong
from shared.moments import utc_now

_NOT_SEEN: dict[str, Any] = {"logs": [], "queues": [], "rejecting": [], "parked": [], "timers": [], "undelivered": 0}
_COLOURS = {"up": "green", "degraded": "yellow", "not ready": "yellow", "down": "red"}


@click.command()
@click.option("--watch", is_flag=True, help="Look again every two seconds, until Ctrl-C.")
@as_json_option
def status(watch: bool, as_json: bool) -> None:
    """Show services, lag, parked messages and timers at a glance.

    Ends with 0 when all is well, 69 when something does not answer, 1 when something else is wrong.
    """
    if watch and as_json:
        raise click.UsageError("--watch draws a table: leave --json out, or call again and again.")
    if watch:
        _watch()
        return
    seen = look(utc_now())
    if as_json:
        print_json(seen)
    else:
        console().print(_picture(seen, utc_now()))
    sys.exit(_code(seen))


def look(now: datetime) -> dict[str, Any]:
    """Everything that answers; what does not is named under `unavailable`."""
    seen: dict[str, Any] = {"services": apis.look(), **_NOT_SEEN, "unavailable": {}}
    with desk.opened() as found:
        try:
            seen |= work.stored(found, now)
        except PyMongoError as error:
            seen["unavailable"]["MongoDB"] = of_mongo(error)
        try:
            seen["queues"] = work.queues(found)
        except AMQPError as error:
            seen["unavailable"]["RabbitMQ"] = of_broker(error)
        try:
            seen["rejecting"] = listeners.rejecting(found)
        except Failure as error:
            seen["unavailable"]["RabbitMQ's management"] = error.message
    return {**seen, "wrong": wrong(seen, now)}


def _code(seen: dict[str, Any]) -> int:
    if seen["unavailable"] or any(api["state"] == "down" for api in seen["services"]):
        return UNAVAILABLE
    return FOUND_WRONG if seen["wrong"] else FINE


def _watch() -> None:
    with Live(console=console(), screen=False, auto_refresh=False) as live:
        try:
            while True:
                live.update(_picture(look(utc_now()), utc_now()), refresh=True)
                time.sleep(2)
        except KeyboardInterrupt:
            return


def _picture(seen: dict[str, Any], now: datetime) -> Group:
    services = Table("service", "state", "unpublished events", "oldest", "parked", "for a person")
    logs = {row["service"]: row for row in seen["logs"]}
    parked = {row["service"]: row for row in seen["parked"]}
    for api in seen["services"]:
        log, kept = logs.get(api["service"], {}), parked.get(api["service"], {})
        services.add_row(
            api["service"],
            Text(api["state"], _COLOURS[api["state"]]),
            str(log.get("unpublished", "?")),
            _since(log.get("oldest"), now),
            str(kept.get("parked", "?")),
            str(kept.get("for_a_person", "?")),
        )
    queues = Table("queue", "waiting", "consumers")
    for queue in seen["queues"]:
        queues.add_row(queue["queue"], *(_count(queue[name]) for name in ("waiting", "consumers")))
    timers = Table("timers", "due", "oldest")
    for timer in seen["timers"]:
        timers.add_row(timer["what"], str(timer["due"]), _since(timer["oldest"], now))
    verdict = [Text(f"· {sentence}", "red") for sentence in seen["wrong"]] or [Text("All is well.", "green")]
    return Group(services, queues, timers, *verdict)


def _count(number: int | None) -> str:
    return "missing" if number is None else str(number)


def _since(moment: datetime | None, now: datetime) -> str:
    return since(moment, now) if moment else ""
