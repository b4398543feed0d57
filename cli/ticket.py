"""`relaydesk ticket …`: one ticket by way of intake's API, as any other client would."""

import sys
import uuid
from typing import Any
from urllib.parse import quote

import click
from rich.table import Table

from cli import timeline as timelines
from cli.doors import door
from cli.printing import as_json_option, console, print_json, visible

_LEVELS = click.Choice(["low", "medium", "high"])
_ROWS = ("number", "subject", "status", "severity", "priority", "topic", "created_at", "version", "id")


def _in_a_header(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    if name and not (name.isascii() and name.isprintable()):
        raise click.BadParameter("write it with letters, digits and signs of ASCII alone.")
    return name


@click.group()
def ticket() -> None:
    """Submit a ticket, show it, tell its story (RELAYDESK_API_KEY)."""


@ticket.command()
@click.option("--requester", "address", required=True, metavar="ADDRESS", help="Who asks, by mail address.")
@click.option("--name", default="", help="The requester's name.")
@click.option("--subject", required=True)
@click.option("--text", required=True, help="What it is about; - reads it from standard input.")
@click.option("--topic", default="general", show_default=True)
@click.option("--impact", type=_LEVELS)
@click.option("--urgency", type=_LEVELS)
@click.option("--tag", "tags", multiple=True, help="Repeatable.")
@click.option("--once", "key", callback=_in_a_header, help="A name for this call: repeated, it has no further effect.")
@as_json_option
def submit(address: str, name: str, text: str, key: str | None, as_json: bool, **described: Any) -> None:
    """Open a ticket."""
    body = {field: value for field, value in described.items() if value}
    body["requester"] = {"address": address, **({"name": name} if name else {})}
    body["text"] = sys.stdin.read() if text == "-" else text
    with door("intake") as intake:
        made = intake.post_once(key or str(uuid.uuid4()), "/v1/tickets", **body)
    if as_json:
        print_json(made)
    else:
        click.echo(f"Ticket {made['number']}, {made['severity']}: {made['id']}")


@ticket.command()
@click.argument("ticket_id")
@as_json_option
def show(ticket_id: str, as_json: bool) -> None:
    """Show a ticket as it stands."""
    with door("intake") as intake:
        found = intake.get(f"/v1/tickets/{quote(ticket_id, safe='')}")
    if as_json:
        print_json(found)
        return
    table = Table(show_header=False, box=None)
    for row in _ROWS:
        table.add_row(row, visible(str(found[row])))
    requester, assignee, department = found["requester"], found["assignee"], found["department"]
    table.add_row("requester", visible(f"{requester['name']} <{requester['address']}>"))
    table.add_row("assignee", assignee["name"] if assignee else "nobody yet")
    table.add_row("department", department["name"] if department else "none yet")
    for target in found["targets"]:
        table.add_row(target["target"], f"{target['state']}, due {target['due_at'] or 'at no known moment'}")
    console().print(table)


@ticket.command()
@click.argument("ticket_id")
@as_json_option
def timeline(ticket_id: str, as_json: bool) -> None:
    """Tell what happened to a ticket, hop by hop, and why."""
    with door("intake") as intake:
        hops = intake.get(f"/v1/tickets/{quote(ticket_id, safe='')}/timeline")["data"]
        found = None if as_json else intake.get(f"/v1/tickets/{quote(ticket_id, safe='')}")
    if found is None:
        print_json(hops)
    else:
        timelines.show(console(), f"Ticket {found['number']} “{found['subject']}”", hops)
