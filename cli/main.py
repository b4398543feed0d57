"""`relaydesk`: what operators type. Each command is a file of its own; this names them and speaks with the terminal."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from cli.local.installs import Unsupported
from cli.local.processes import NotReady
from cli.local.services import SetupFailed
from cli.mail_in import mail_in
from cli.setup.command import secrets, setup

_BEGAN = time.monotonic()


@click.group()
def main() -> None:
    """A help desk whose tickets are handed on by events."""


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
@click.option("--port", default=2525, show_default=True)
def catch_mail(folder: Path, host: str, port: int) -> None:
    """Take every mail and write it to a file instead of delivering it."""
    from cli import mail_catcher

    controller = mail_catcher.serve(folder, host, port)
    _wait_for_the_end()
    controller.stop()


for command in (mail_in, secrets, setup):
    main.add_command(command)


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
