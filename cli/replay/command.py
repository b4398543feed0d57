"""The command: chooses, leaves out what would be refused as too old, publishes, says how far it came."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from pymongo.errors import PyMongoError

from cli import desk
from cli.failures import TRY_AGAIN, Failure, found_wrong
from cli.printing import as_json_option, print_json, progress
from cli.queues import depth
from cli.replay.choosing import Wanted, count, rows
from cli.replay.publishing import publish
from cli.replay.target import Target
from shared.events.catalogue import CATALOGUE
from shared.identifiers import earliest_id
from shared.messaging.publisher import PublisherLost
from shared.moments import utc_now
from shared.store.documents import Document
from shared.worker import INBOX_DAYS


def moment(text: str) -> datetime:
    """ISO 8601, in UTC where it names no offset, and after 1970."""
    try:
        named = datetime.fromisoformat(text)
        named = named.astimezone(UTC) if named.tzinfo else named.replace(tzinfo=UTC)
        earliest_id(named)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r} is no moment: write 2026-11-26T09:00, or add +01:00.") from error
    return named


@click.command()
@click.option("--since", type=moment, metavar="TIME", help="Events of this moment (2026-11-26T09:00, UTC) or later.")
@click.option("--ticket", "ticket_id", help="Events about the ticket with this id.")
@click.option("--type", "types", multiple=True, type=click.Choice(sorted(CATALOGUE)), help="This type; repeatable.")
@click.option("--to", "queue", help="To this queue alone; without it to everybody who listens.")
@click.option("--after", metavar="EVENT", help="Go on after this event, where an interrupted replay came to.")
@click.option("--dry-run", is_flag=True, help="Only count.")
@as_json_option
def replay(
    since: datetime | None,
    ticket_id: str | None,
    types: tuple[str, ...],
    queue: str | None,
    after: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Publish events of the past again. Nothing is done twice.

    Our services drop what they have had the effect of, and refuse what is older than 30 days: such events are left out.
    A listener's queue gets all that is public; its reader drops what he knows by the event's id.
    """
    if not (since or ticket_id or types or after):
        raise click.UsageError("Say which events: --since, --ticket, --type or --after.")
    wanted = Wanted(since, ticket_id, types, after)
    with desk.opened() as found:
        found.must_be_there()
        with found.broker() as connection:
            if queue is not None and (not queue or depth(connection, queue) is None):
                raise found_wrong(f"There is no queue {queue!r}: see `relaydesk status` for ours.")
        target = Target(queue, utc_now())
        total = count(found, wanted)
        candidates = target.suitable(rows(found, wanted))
        events = sum(1 for _ in candidates) if dry_run else _publish(found, candidates, queue, total)
    if as_json:
        print_json({"events": events, "dry_run": dry_run, **target.left_out})
        return
    click.echo(f"{events} events {'would be' if dry_run else 'were'} published again.")
    if old := target.left_out["too_old"]:
        click.echo(f"{old} are older than {INBOX_DAYS} days and were left out: our services would refuse them.")
    if strange := target.left_out["not_bound"]:
        click.echo(f"{strange} are of types that {queue} does not hear or is not to hear, and were left out.")


def _publish(found: desk.Desk, candidates: Iterator[Document], queue: str | None, total: int) -> int:
    done, last = 0, ""
    try:
        with progress() as bar:
            task = bar.add_task("publishing", total=total)
            for name in publish(found.amqp_url, candidates, queue):
                done, last = done + 1, name
                bar.advance(task)
    except (PublisherLost, PyMongoError, KeyboardInterrupt) as stopped:
        go_on = f"go on with --after {last}" if last else "begin again"
        raise Failure(f"Stopped after {done} events; with the same options, {go_on}.", TRY_AGAIN) from stopped
    return done
