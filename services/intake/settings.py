"""What intake reads from its environment."""

from dataclasses import dataclass

from environs import FileAwareEnv, validate

from shared.settings import Addresses, DoorSettings, addresses, door_settings

_SECRET = validate.Length(min=16)


@dataclass(frozen=True)
class Secrets:
    """`mail`: with it notify signs its Message-IDs, by which a reply finds its ticket.
    `links`: with it notify signs the links that let a requester in.
    `requesters_key`: the private key, in PEM, of the tokens that such a link is worth.
    """

    mail: str
    links: str
    requesters_key: str


def read_settings() -> Addresses:
    return addresses(FileAwareEnv(), "intake")


def read_door() -> DoorSettings:
    return door_settings(FileAwareEnv())


def read_secrets() -> Secrets:
    env = FileAwareEnv()
    with env.prefixed("RELAYDESK_"):
        return Secrets(
            mail=env.str("MAIL_SECRET", validate=_SECRET),
            links=env.str("LINK_SECRET", validate=_SECRET),
            requesters_key=env.str("REQUESTERS_SIGNING_KEY"),
        )


def read_submitters() -> dict[str, str]:
    """The sources for which a broker account may speak beside its own name, as in `submitter=*,bridge=billing`."""
    env = FileAwareEnv()
    with env.prefixed("RELAYDESK_"):
        return env.dict("SUBMITTERS", {"submitter": "*"})
