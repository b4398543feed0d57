"""Where MongoDB and RabbitMQ are. What can be no address or no name of a database is refused before it is used."""

from urllib.parse import urlsplit

import pika
from environs import FileAwareEnv
from pymongo.errors import ConfigurationError
from pymongo.uri_parser import parse_uri

from cli.failures import found_wrong
from shared.settings import Addresses, addresses

_LONGEST_NAME = 63  # bytes, of a database
_NEVER_IN_A_NAME = frozenset(' ."$/\\')


def servers(env: FileAwareEnv, service: str, *, needs_password: bool = True) -> Addresses:
    """As `shared.settings.addresses`. Raises a sentence that names the setting.

    `needs_password`: false before `relaydesk secrets` has made one for the broker's administrator.
    """
    try:
        found = addresses(env, service)
    except UnicodeDecodeError as error:
        raise found_wrong("A file that a RELAYDESK_…_FILE names is no text: name the one with the value.") from error
    _must_be_a_store(found.mongo_url)
    _must_be_a_broker(found.amqp_url, needs_password)
    if _NEVER_IN_A_NAME & set(found.database) or len(found.database.encode()) > _LONGEST_NAME:
        raise found_wrong(
            f"RELAYDESK_DATABASE_PREFIX makes {found.database!r}, which can't name a database:"
            " take up to 50 letters, digits, - and _."
        )
    return found


def _must_be_a_store(url: str) -> None:
    try:
        parse_uri(url)
    except (ConfigurationError, ValueError) as error:
        why = str(error).rstrip(".")
        raise found_wrong(
            f"RELAYDESK_MONGO_URL must look like mongodb://user:password@127.0.0.1:27017/?replicaSet=rs0 ({why})."
        ) from error


def _must_be_a_broker(url: str, needs_password: bool) -> None:
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("amqp", "amqps"):
            raise ValueError("it must begin with amqp:// or amqps://")
        if needs_password and parts.username and parts.password is None:
            raise ValueError("the user has no password")
        without_account = parts._replace(netloc=parts.netloc.rpartition("@")[2])
        pika.URLParameters(without_account.geturl()).host.encode("idna")
    except (ValueError, IndexError, TypeError) as error:
        raise found_wrong(
            f"RELAYDESK_AMQP_URL must look like amqp://user:password@127.0.0.1:5672/%2F ({error})."
        ) from error
