"""`relaydesk secrets` and `relaydesk setup`: what runs before everything else."""

import json
from pathlib import Path

import click
from environs import FileAwareEnv
from pika.exceptions import AMQPError
from pymongo.errors import PyMongoError

from cli.setup.management import ManagementFailed
from cli.setup.run import run
from cli.setup.secrets import make
from shared.settings import addresses


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def secrets(folder: Path) -> None:
    """Make the secrets that lack: passwords, signing keys, addresses with accounts. Prints none of them.

    RELAYDESK_MONGO_URL and RELAYDESK_AMQP_URL name the administrator, RELAYDESK_MANAGEMENT_URL RabbitMQ's management.
    """
    env = FileAwareEnv()
    where = addresses(env, "setup")
    try:
        make(folder, where.mongo_url, where.amqp_url, env.str("RELAYDESK_MANAGEMENT_URL", None))
    except OSError as error:
        raise click.ClickException(f"{folder} can't be written: {error}") from error
    click.echo("The secrets are there.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--secrets", "folder", type=click.Path(path_type=Path), help="Make the accounts whose secrets are here.")
@click.option("--sample", is_flag=True, help="Add four sample agents.")
@click.option("--new-key", is_flag=True, help="Make another administrator's API key, because the first is lost.")
def setup(as_json: bool, folder: Path | None, sample: bool, new_key: bool) -> None:
    """Make accounts, queues, indexes, defaults and the first administrator's API key (shown once)."""
    try:
        key = run(FileAwareEnv(), folder, with_sample_agents=sample, with_new_key=new_key)
    except AMQPError as error:
        raise click.ClickException(f"RabbitMQ refused or is not there: {error!r}") from error
    except PyMongoError as error:
        raise click.ClickException(f"MongoDB refused or is not there: {error}") from error
    except (ManagementFailed, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"api_key": key}))
    elif key:
        click.echo(f"The administrator's API key, shown this once:\n\n    {key}\n")
    else:
        click.echo("All is in place. The administrator's API key was shown when it was made.")
