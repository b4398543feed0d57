"""`relaydesk`: what operators type. Each command is a file of its own; this names them and speaks with the terminal."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from cli.failures import in_a_sentence
from cli.local.installs import Unsupported
from cli.local.processes import NotReady
from cli.local.services import SetupFailed

_BEGAN = time.monotonic()

_COMMANDS = {
    "setup": "cli.setup.command:setup",
    "secrets": "cli.setup.command:secrets",
    "mail-in": "cli.mail_in:mail_in",
    "status": "cli.status.command:status",
    "ticket": "cli.ticket:ticket",
    "events": "cli.events:events",
    "parked": "cli.parked.commands:parked",
    "replay": "cli.replay.command:replay",
    "check": "cli.check.command:check",
    "seed": "cli.seed.command:seed",
    "backup": "cli.backup.commands:backup",
    "restore": "cli.backup.commands:restore",
}


class Commands(click.Group):
    """Loads a command when it is asked for: a mail server that starts `mail-in` for every mail pays for that alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        with in_a_sentence():
            return super().invoke(ctx)


@click.group(cls=Commands)
def main() -> None:
    """A help desk whose tickets are handed on by events.

    Exit codes: 0 fine, 1 something is wrong, 2 wrong usage, 69 a service is not available, 75 try again later.
    """


@main.command()
def up() -> None:
    """Run the whole system on this machine until Ctrl-C; nothing is kept afterwards."""
    from cli.local import up as up_module

    with _clean_end():
        up_module.run(_say, _wait_for_the_end)


@main.command()
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), envvar="MAIL_CORPUS", help="More mails: *.eml.")
def demo(corpus: Path | None) -> None:
    """Play whole ticket lives on this machine, print their timelines, leave nothing running."""
    from cli import demo as demo_module

    with _clean_end():
        try:
            demo_module.run(_say, corpus)
        except demo_module.StoryBroke as error:
            raise click.ClickException(str(error)) from error


@main.command("catch-mail")
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=2525, show_default=True)
def catch_mail(folder: Path, host: str, port: int) -> None:
    """Take every mail and write it to a file instead of delivering it."""
    from cli import mail_catcher

    controller = mail_catcher.serve(folder, host, port)
    _wait_for_the_end()
    controller.stop()


def _wait_for_the_end() -> None:
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    stopping.wait()


@contextmanager
def _clean_end() -> Iterator[None]:
    """Whatever ends us, what we started is stopped first; what can't be done is one sentence, not a trace."""

    def end(*_: object) -> NoReturn:
        raise SystemExit(143)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    try:
        yield
    except (Unsupported, NotReady, SetupFailed) as error:
        raise click.ClickException(str(error)) from error


def _say(text: str) -> None:
    click.echo(click.style(f"{time.monotonic() - _BEGAN:5.1f} s · {text}", dim=True), err=True)


if __name__ == "__main__":
    main()
