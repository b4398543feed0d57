"""What commands print: tables for people, JSON for programs. Progress goes to standard error and leaves no trace."""

import json
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def console() -> Console:
    """Takes texts as they are: a subject is no markup. What goes into a pipe is as wide as a wide terminal."""
    found = Console(highlight=False, markup=False, emoji=False)
    return found if found.is_terminal else Console(width=140, highlight=False, markup=False, emoji=False)


def print_json(value: Any) -> None:
    """Moments as ISO 8601 in UTC."""
    click.echo(json.dumps(value, default=_plain, indent=2))


def visible(text: str) -> str:
    """A stranger's text: whatever would move the cursor or colour the terminal is spelled out."""
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


def progress() -> Progress:
    errors = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )


def age(seconds: float) -> str:
    """The largest two units: 4 s, 3 min, 2 h 5 min, 3 d 4 h."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days:.0f} d {hours % 24:.0f} h"
    if hours:
        return f"{hours:.0f} h {minutes % 60:.0f} min"
    return f"{minutes:.0f} min" if minutes else f"{seconds:.0f} s"


def since(moment: datetime, now: datetime) -> str:
    return age(max(0.0, (now - moment).total_seconds()))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    raise TypeError(f"no JSON for {type(value).__name__}")
