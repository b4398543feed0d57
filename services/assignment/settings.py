"""What assignment reads from its environment, and nothing else does."""

from environs import FileAwareEnv

from shared.settings import Addresses, addresses


def load() -> Addresses:
    return addresses(FileAwareEnv(), "assignment")
