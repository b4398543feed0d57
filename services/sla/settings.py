"""What sla reads from its environment."""

from zoneinfo import available_timezones

from environs import FileAwareEnv, validate

from shared.settings import Addresses, DoorSettings, addresses, door_settings


def read_addresses() -> Addresses:
    return addresses(FileAwareEnv(), "sla")


def read_door_settings() -> DoorSettings:
    return door_settings(FileAwareEnv())


def read_zone() -> str:
    """The desk's zone: where the seeded office hours are."""
    with (env := FileAwareEnv()).prefixed("RELAYDESK_"):
        return str(env.str("ZONE", "Europe/Berlin", validate=validate.OneOf(sorted(available_timezones()))))
