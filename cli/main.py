"""`relaydesk`: what operators type. Each command is a file of its own; this names them and speaks with the terminal."""

import json
import signal
import threading
from pathlib import Path

import click
from environs import FileAwareEnv
from pika.exceptions import AMQPError
from pymongo.errors import PyMongoError


@click.group()
def main() -> None:
    """A help desk whose tickets are handed on by events."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def setup(as_json: bool) -> None:
    """Make queues, indexes, defaults and the first administrator's API key (shown once)."""
    from cli import setup as setup_module

    try:
        key = setup_module.run(FileAwareEnv())
    except AMQPError as error:
        raise click.ClickException(f"RabbitMQ refused or is not there: {error!r}") from error
    except PyMongoError as error:
        raise click.ClickException(f"MongoDB refused or is not there: {error}") from error
    if as_json:
        click.echo(json.dumps({"api_key": key}))
    elif key:
        click.echo(f"The administrator's API key, shown this once:\n\n    {key}\n")
    else:
        click.echo("All is in place. The administrator's API key was shown when it was made.")


@main.command()
def up() -> None:
    """Run the whole system on this machine until Ctrl-C; nothing is kept afterwards."""
    from cli.local import up as up_module

    up_module.run(_say)


@main.command()
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), envvar="MAIL_CORPUS", help="More mails: *.eml.")
def demo(corpus: Path | None) -> None:
    """Play whole ticket lives on this machine, print their timelines, leave nothing running."""
    from cli import demo as demo_module

    demo_module.run(_say, corpus)


@main.command("catch-mail")
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=2525, show_default=True)
def catch_mail(folder: Path, host: str, port: int) -> None:
    """Take every mail and write it to a file instead of delivering it."""
    from cli import mail_catcher

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    controller = mail_catcher.serve(folder, host, port)
    stopping.wait()
    controller.stop()


def _say(text: str) -> None:
    click.echo(click.style(f"· {text}", dim=True), err=True)


if __name__ == "__main__":
    main()
