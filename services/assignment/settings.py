"""What assignment reads from its environment, and nothing else does."""

from dataclasses import dataclass

from environs import FileAwareEnv, validate

from shared.settings import Addresses, DoorSettings, addresses, door_settings


@dataclass(frozen=True)
class AccountSettings:
    """`agents_signing_key` in PEM signs agents' tokens; `link_secret` the links of invitations."""

    agents_signing_key: str
    link_secret: str


def read_addresses() -> Addresses:
    return addresses(FileAwareEnv(), "assignment")


def read_door_settings() -> DoorSettings:
    return door_settings(FileAwareEnv())


def read_account_settings() -> AccountSettings:
    with (env := FileAwareEnv()).prefixed("RELAYDESK_"):
        return AccountSettings(
            agents_signing_key=env.str("AGENTS_SIGNING_KEY"),
            link_secret=env.str("LINK_SECRET", validate=validate.Length(min=16)),
        )
