"""The two commands."""

from dataclasses import asdict
from pathlib import Path

import click
from environs import FileAwareEnv

from cli import desk
from cli.backup import manifest as manifests
from cli.backup.restoring import restore as put_back
from cli.backup.writing import back_up, estimated_documents
from cli.failures import TRY_AGAIN, Failure
from cli.printing import as_json_option, print_json, progress
from cli.servers import servers
from cli.setup.database import begin_replica_set

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@as_json_option
def backup(folder: Path, as_json: bool) -> None:
    """Write all four databases, as they are at one moment, to a new FOLDER. The system goes on working meanwhile.

    The secrets (keys, passwords) are not in it: keep them apart.
    """
    try:
        with desk.opened() as found, progress() as bar:
            task = bar.add_task("backing up", total=estimated_documents(found))
            manifest = back_up(found, folder, lambda count: bar.advance(task, count))
    except KeyboardInterrupt as stopped:
        raise Failure(f"Stopped: {folder} is no backup. Begin again with a new folder.", TRY_AGAIN) from stopped
    if as_json:
        print_json(asdict(manifest))
    else:
        size = sum(part.bytes for part in manifest.parts) / 1024 / 1024
        click.echo(f"{manifest.documents} documents of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, {size:.1f} MiB.")


@click.command()
@click.argument("folder", type=_FOLDER)
@as_json_option
def restore(folder: Path, as_json: bool) -> None:
    """Put a backup into an empty system: RabbitMQ and MongoDB run, no service does, and setup has not run yet.

    What waits in the services' inboxes is thrown away. Stopped, it can be run again. Afterwards run setup, then start
    the services.
    """
    manifest = manifests.read(folder)
    begin_replica_set(servers(FileAwareEnv(), "intake").mongo_url)
    try:
        with desk.opened() as found, progress() as bar:
            task = bar.add_task("restoring", total=manifest.documents)
            put_back(found, folder, manifest, lambda count: bar.advance(task, count))
    except KeyboardInterrupt as stopped:
        raise Failure("Stopped before it was finished: run the same command again.", TRY_AGAIN) from stopped
    if as_json:
        print_json({"documents": manifest.documents, "taken_at": manifest.taken_at})
    else:
        click.echo(f"{manifest.documents} documents are as they were on {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC.")
        click.echo("Now run `relaydesk setup`, then start the services.")
