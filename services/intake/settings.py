"""What intake reads from its environment."""

from environs import FileAwareEnv

from shared.settings import Addresses, addresses


def read_settings() -> Addresses:
    return addresses(FileAwareEnv(), "intake")
