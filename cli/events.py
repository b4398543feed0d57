"""`relaydesk events tail`: what the services say, as they say it.

It listens with a queue of its own, which is gone when it ends; nobody else's messages are touched.
"""

from collections.abc import Iterator
from typing import Any

import click
from pika import BlockingConnection

from cli import desk
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Event, UnreadableEvent, decode
from shared.messaging.topology import EVENTS


@click.group()
def events() -> None:
    """What the services announce."""


@events.command()
@click.option(
    "--type", "types", multiple=True, type=click.Choice(sorted(CATALOGUE)), help="Only this type; repeatable."
)
@click.option("--ticket", "ticket_id", help="Only events about the ticket with this id.")
@click.option("--json", "as_json", is_flag=True, help="Print the events as they are, one on a line.")
def tail(types: tuple[str, ...], ticket_id: str | None, as_json: bool) -> None:
    """Print each event as it is published, until Ctrl-C."""
    with desk.opened() as found, found.broker() as connection:
        try:
            for event, body in _heard(connection, types):
                if ticket_id in (None, ticket_of(event)):
                    click.echo(body if as_json else _line(event))
        except KeyboardInterrupt:
            return


def ticket_of(event: Event[Any]) -> str | None:
    """The id of the ticket that an event is about, None if it is about something else."""
    ticket = getattr(event.data, "ticket", None)
    return ticket.id if ticket is not None else getattr(event.data, "ticket_id", None)


def _heard(connection: BlockingConnection, types: tuple[str, ...]) -> Iterator[tuple[Event[Any], bytes]]:
    channel = connection.channel()
    name = channel.queue_declare("", exclusive=True).method.queue
    for event_type in types or ("#",):
        channel.queue_bind(name, EVENTS, event_type)
    click.echo("Listening; Ctrl-C ends it.", err=True)
    for _, _, body in channel.consume(name, auto_ack=True, exclusive=True):
        try:
            yield decode(body), body
        except UnreadableEvent as error:
            click.echo(f"A message is no event of ours: {error}.", err=True)


def _line(event: Event[Any]) -> str:
    ticket = getattr(event.data, "ticket", None)
    about = f"ticket {ticket.number}" if ticket else event.subject
    return f"{event.time:%H:%M:%S}.{event.time.microsecond // 1000:03d}  {event.source:10}  {event.type:24}  {about}"
