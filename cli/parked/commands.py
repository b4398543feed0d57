"""The four commands."""

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from cli import desk
from cli.parked.choosing import Parked, everything, named
from cli.parked.deciding import body_of, discard, mend, retry
from cli.printing import as_json_option, console, print_json, since, visible
from shared.moments import utc_now

_LEFT_OUT = ("_id", "body", "body_id")

ids = click.argument("ids", nargs=-1)
all_option = click.option("--all", "is_all", is_flag=True, help="All that are parked, or all with --reason-like.")
reason_option = click.option("--reason-like", metavar="WORDS", help="With --all: those whose reason has these words.")


@click.group()
def parked() -> None:
    """Look at messages that could not be handled, and decide what becomes of them.

    An id may be cut short as long as it names one message.
    """


@parked.command("list")
@reason_option
@as_json_option
def listing(reason_like: str | None, as_json: bool) -> None:
    """List the parked messages of all services."""
    now = utc_now()
    with desk.opened() as found:
        found.must_be_there()
        rows = list(everything(found, reason_like))
    if as_json:
        print_json([_summary(row) for row in rows])
        return
    table = Table("id", "routing key", "parked", "attempts", "next try", "reason")
    for row in rows:
        due = row.row["next_try_at"]
        table.add_row(
            row.id,
            visible(row.row["routing_key"]),
            f"{since(row.row['parked_at'], now)} ago",
            str(row.row["attempts"]),
            f"in {since(now, due)}" if due else "by a person",
            visible(row.row["reason"].partition("\n")[0][:200]),
        )
    console().print(table if rows else "Nothing is parked.")


@parked.command()
@click.argument("id_", metavar="ID")
@click.option("--body", "only_body", is_flag=True, help="Print the bytes of the body alone, for mending.")
@as_json_option
def show(id_: str, only_body: bool, as_json: bool) -> None:
    """Show one with its headers, its reason and its body. Nothing changes by it."""
    with desk.opened() as found:
        found.must_be_there()
        [one] = named(found, [id_])
        body = body_of(one)
    if only_body:
        click.echo(body, nl=False)
    elif as_json:
        print_json({**_summary(one), "headers": dict(one.row["headers"]), "body": body})
    else:
        for name, value in {**_summary(one), **dict(one.row["headers"])}.items():
            click.echo(f"{visible(str(name))}: {visible(str(value))}")
        click.echo(f"\n{_pretty(body)}")


@parked.command("retry")
@ids
@all_option
@reason_option
@click.option("--body", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Mend it first.")
@as_json_option
def retrying(ids: tuple[str, ...], is_all: bool, reason_like: str | None, file: Path | None, as_json: bool) -> None:
    """Make messages due now: the service's worker tries them within a second."""
    if file and (is_all or len(ids) != 1):
        raise click.UsageError("--body mends one message: name its id.")
    with desk.opened() as found:
        found.must_be_there()
        chosen = _chosen(found, ids, is_all, reason_like)
        if file:
            mend(chosen[0], file.read_bytes())
        due = [one for one in chosen if retry(one)]
    _tell(due, "due now; `relaydesk parked list` shows what fails again", as_json)
    if gone := len(chosen) - len(due):
        click.echo(f"{gone} had gone through meanwhile.", err=True)


@parked.command("discard")
@ids
@all_option
@reason_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
def discarding(ids: tuple[str, ...], is_all: bool, reason_like: str | None, yes: bool, as_json: bool) -> None:
    """Give messages up for good. A discarded event never comes back, not by a replay either."""
    with desk.opened() as found:
        found.must_be_there()
        chosen = _chosen(found, ids, is_all, reason_like)
        if chosen and not yes:
            for one in chosen:
                click.echo(f"{one.id}  {visible(one.row['reason'][:100])}", err=True)
            click.confirm(f"Discard {len(chosen)} for good?", abort=True, err=True)
        for one in chosen:
            discard(one)
    _tell(chosen, "discarded", as_json)


def _chosen(found: desk.Desk, ids: tuple[str, ...], is_all: bool, reason_like: str | None) -> list[Parked]:
    if is_all == bool(ids) or (reason_like and not is_all):
        raise click.UsageError("Name the ids, or --all, with --reason-like for some of all.")
    return list(everything(found, reason_like)) if is_all else named(found, ids)


def _summary(one: Parked) -> dict[str, Any]:
    row = {name: value for name, value in one.row.items() if name not in (*_LEFT_OUT, "headers")}
    return {"id": one.id, "service": one.service, **row}


def _tell(chosen: list[Parked], what: str, as_json: bool) -> None:
    if as_json:
        print_json([one.id for one in chosen])
    else:
        click.echo(f"{len(chosen)} {what}.")


def _pretty(body: bytes) -> str:
    """Indented where it is JSON; what isn't text is spelled out."""
    try:
        return visible(json.dumps(json.loads(body), indent=2, ensure_ascii=False))
    except ValueError:
        return visible(body.decode(errors="backslashreplace"))
