"""`relaydesk secrets` and `relaydesk setup`: what runs before everything else."""

from dataclasses import asdict
from pathlib import Path

import click
from environs import FileAwareEnv

from cli.failures import found_wrong
from cli.printing import as_json_option, print_json
from cli.servers import servers
from cli.setup import mail
from cli.setup.run import run
from cli.setup.secrets import make
from services.notify.settings import sender_settings
from shared.refusals import Refusal


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def secrets(folder: Path) -> None:
    """Make the secrets that lack: passwords, signing keys, addresses with accounts. Prints none of them.

    RELAYDESK_MONGO_URL and RELAYDESK_AMQP_URL name the administrator, RELAYDESK_MANAGEMENT_URL RabbitMQ's management.
    """
    env = FileAwareEnv()
    where = servers(env, "setup", needs_password=False)
    make(folder, where.mongo_url, where.amqp_url, env.str("RELAYDESK_MANAGEMENT_URL", None))
    click.echo("The secrets are there.")


@click.command()
@as_json_option
@click.option("--secrets", "folder", type=click.Path(path_type=Path), help="Make the accounts whose secrets are here.")
@click.option("--sample", is_flag=True, help="Add four sample agents.")
@click.option("--new-key", is_flag=True, help="Make another administrator's API key, because the first is lost.")
@click.option(
    "--administrator", envvar="RELAYDESK_ADMINISTRATOR", help="Invite this mail address, if nobody was before."
)
def setup(as_json: bool, folder: Path | None, sample: bool, new_key: bool, administrator: str | None) -> None:
    """Make accounts, queues, indexes, defaults, and the first administrator's API key and invitation (shown once)."""
    sending = sender_settings()  # what can't be is said before a key is made
    try:
        shown = run(
            FileAwareEnv(),
            folder,
            administrator=administrator,
            with_sample_agents=sample,
            with_new_key=new_key,
        )
    except Refusal as refusal:
        why = " ".join(f"{reason.field}: {reason.rule}" for reason in refusal.reasons) or refusal.detail
        raise found_wrong(f"No administrator was invited. {why}") from refusal
    if as_json:
        print_json(asdict(shown))
        return
    if shown.api_key:
        click.echo(f"The administrator's API key, shown this once:\n\n    {shown.api_key}\n")
    if shown.invitation:
        click.echo(f"The administrator's invitation, shown this once and mailed to them:\n\n    {shown.invitation}\n")
    click.echo("All is in place.")
    if lack := mail.lacks(sending.smtp_host, sending.smtp_port):
        click.echo(lack)
