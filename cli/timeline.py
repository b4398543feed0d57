"""A ticket's life as a table for somebody who has never seen the system."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.printing import visible

_COLOURS = {"intake": "cyan", "assignment": "green", "sla": "yellow", "notify": "magenta"}


def show(console: Console, title: str, hops: list[dict[str, Any]]) -> None:
    """`hops` as intake's API tells them."""
    table = Table(title=Text(visible(title)), title_justify="left", title_style="bold", expand=True, pad_edge=False)
    table.add_column("after", justify="right", no_wrap=True)
    table.add_column("service", no_wrap=True)
    table.add_column("what happened", ratio=5)
    table.add_column("by", ratio=3)
    table.add_column("why", ratio=6)
    table.add_column("delay", justify="right", no_wrap=True)
    began = _moment(hops[0])
    for hop in hops:
        table.add_row(
            f"{(_moment(hop) - began).total_seconds():.2f} s",
            Text(hop["source"], _COLOURS.get(hop["source"], "white")),
            Text(visible(hop["what"])),
            Text(visible(hop["who"])),
            Text(visible(hop["why"] or "")),
            "" if hop["delay_ms"] is None else f"{hop['delay_ms']} ms",
        )
    console.print(table)
    console.print(
        "after: since the ticket came in · delay: since the event that caused this one; since it was due, if missed\n",
        style="dim",
    )


def _moment(hop: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(hop["time"])
