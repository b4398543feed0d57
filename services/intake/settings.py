"""What intake reads from its environment."""

from environs import FileAwareEnv, validate

from shared.settings import Addresses, addresses


def read_settings() -> Addresses:
    return addresses(FileAwareEnv(), "intake")


def read_mail_secret() -> str:
    """With it notify signs its Message-IDs, by which a reply finds its ticket."""
    env = FileAwareEnv()
    with env.prefixed("RELAYDESK_"):
        return env.str("MAIL_SECRET", validate=validate.Length(min=16))
