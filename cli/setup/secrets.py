"""The secrets of a desk: a folder for each who needs some, a file for each setting.

`intake/mail_secret` is what intake reads as `RELAYDESK_MAIL_SECRET`. Each service is given its own folder alone; only
`setup` sees all of them. A secret that is there stays: it is renewed by deleting it.
"""

import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

from cli.setup.addresses import account_in, as_user, with_password
from cli.setup.tables import ACCOUNTS, SERVICES

_SHARED = {"mail_secret": ("intake", "notify"), "link_secret": ("intake", "assignment", "notify", "setup")}
_SIGNERS = {"agents": "assignment", "requesters": "intake"}
_OWNERS = 0o400
_GROUPS = 0o440  # for the servers in compose, which run as other users but with our group


def make(folder: Path, mongo_url: str, amqp_url: str, management_url: str | None) -> None:
    """What is missing. The addresses are the administrator's.

    An administrator without a password gets one, and the server what it needs to know of it. A MongoDB address without
    a user, or no address of RabbitMQ's management, means no accounts there: the services use the given address.
    """
    mongo = _once(folder / "setup" / "mongo_url", with_password(mongo_url))
    amqp = _once(folder / "setup" / "amqp_url", with_password(amqp_url))
    if management_url:
        _keep(folder / "setup" / "management_url", management_url)
    if mongo != mongo_url:
        _keep(folder / "mongo" / "root_password", account_in(mongo)[1], _GROUPS)
        _once(folder / "mongo" / "keyfile", secrets.token_hex(256), _GROUPS)
    if amqp != amqp_url:
        _keep(folder / "rabbitmq" / "rabbitmq.conf", _rabbitmq_conf(*account_in(amqp)), _GROUPS)
    for holder, account in ACCOUNTS.items():
        _once(folder / holder / "amqp_url", as_user(amqp, account.name) if management_url else amqp)
    for service in SERVICES:
        own = as_user(mongo, ACCOUNTS[service].name) if account_in(mongo)[0] else mongo
        _once(folder / service / "mongo_url", own)
    for name, holders in _SHARED.items():
        _share(folder, name, holders)
    for name, signer in _SIGNERS.items():
        _key_pair(folder, name, signer)


def environment_of(folder: Path, holder: str) -> dict[str, str]:
    """The settings that point a process to its secrets."""
    return {f"RELAYDESK_{path.name.upper()}_FILE": str(path) for path in sorted((folder / holder).iterdir())}


def _share(folder: Path, name: str, holders: tuple[str, ...]) -> None:
    paths = [folder / holder / name for holder in holders]
    secret = next((path.read_text() for path in paths if path.exists()), secrets.token_urlsafe(32))
    for path in paths:
        _once(path, secret)


def _key_pair(folder: Path, name: str, signer: str) -> None:
    """Ed25519, as PEM: one service signs, all can verify."""
    new = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
    signing_key = _once(folder / signer / f"{name}_signing_key", new)
    public_key = OKPKey.import_key(signing_key).as_pem(private=False).decode()
    for service in SERVICES:
        _keep(folder / service / f"{name}_public_key", public_key)


def _rabbitmq_conf(user: str, password: str) -> str:
    """Read by RabbitMQ at every start; the account is made at the first one, instead of `guest`."""
    return "\n".join(
        (
            f"default_user = {user}",
            f"default_pass = {password}",
            "default_user_tags.administrator = true",
            "log.console = true",
            "log.file = false",
            "vm_memory_high_watermark.absolute = 640MiB",  # docker-compose.yml gives it 1 GiB
            "disk_free_limit.absolute = 1GB",
            "",
        )
    )


def _once(path: Path, new: str, mode: int = _OWNERS) -> str:
    if not path.exists():
        _keep(path, new, mode)
    return path.read_text()


def _keep(path: Path, content: str, mode: int = _OWNERS) -> None:
    """Whole or not at all: half a secret would stay for ever."""
    if path.exists() and path.read_text() == content:
        return
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
