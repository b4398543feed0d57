"""What sla reads from its environment."""

from zoneinfo import available_timezones

from environs import FileAwareEnv, validate

from shared.settings import Addresses, addresses


def read_addresses() -> Addresses:
    return addresses(FileAwareEnv(), "sla")


def read_zone() -> str:
    """The desk's zone: where the seeded office hours are."""
    with (env := FileAwareEnv()).prefixed("RELAYDESK_"):
        return str(env.str("ZONE", "Europe/Berlin", validate=validate.OneOf(sorted(available_timezones()))))
