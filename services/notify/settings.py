"""Notify's part of the environment, read once."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from environs import FileAwareEnv, ValidationError, validate

from services.notify.mail_address import DOMAIN, sender
from shared.settings import Addresses, DoorSettings, addresses, door_settings


@dataclass(frozen=True)
class Letterhead:
    """What every message says of the desk, and the secrets that sign its Message-ID and the link in it."""

    mail_from: str
    mail_domain: str
    mail_secret: str
    link_secret: str
    public_url: str
    zone: ZoneInfo


@dataclass(frozen=True)
class SenderSettings:
    smtp_host: str
    smtp_port: int
    threads: int
    may_resend: bool
    lease: timedelta
    first_pause: timedelta
    horizon: timedelta


_DOMAIN = validate.Regexp(rf"{DOMAIN}\Z", error="Must be a domain in ASCII: desk.example, or xn--mnchen-3ya.example.")


def _one_address(mail_from: str) -> None:
    try:
        sender(mail_from)
    except ValueError as error:
        raise ValidationError(
            f"Must be one address in ASCII, alone or after a name, but {error}: write Help desk <help@desk.example>, "
            'a name with a comma in quotes, "Acme, Inc." <help@acme.example>, and münchen.example as '
            "xn--mnchen-3ya.example."
        ) from error


@cache
def letterhead() -> Letterhead:
    env = FileAwareEnv(eager=False)
    with env.prefixed("RELAYDESK_"):
        domain = env.str("MAIL_DOMAIN", "desk.example", validate=_DOMAIN)
        found = Letterhead(
            mail_from=env.str("MAIL_FROM", f"Help desk <help@{domain}>", validate=_one_address),
            mail_domain=domain,
            mail_secret=env.str("MAIL_SECRET", validate=validate.Length(min=16)),
            link_secret=env.str("LINK_SECRET", validate=validate.Length(min=16)),
            public_url=env.str("PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/"),
            zone=ZoneInfo(env.str("ZONE", "Europe/Berlin")),
        )
    env.seal()
    return found


def sender_settings() -> SenderSettings:
    env = FileAwareEnv(eager=False)
    with env.prefixed("RELAYDESK_"):
        found = SenderSettings(
            smtp_host=env.str("SMTP_HOST", "127.0.0.1"),
            smtp_port=env.int("SMTP_PORT", 25),
            threads=env.int("SENDER_THREADS", 4, validate=validate.Range(min=1, max=64)),
            may_resend=env.str("UNKNOWN_MAIL", "resend", validate=validate.OneOf(["resend", "hold"])) == "resend",
            lease=env.timedelta("SENDER_LEASE", timedelta(seconds=90)),
            first_pause=env.timedelta("SENDER_FIRST_PAUSE", timedelta(seconds=2)),
            horizon=env.timedelta("SENDER_HORIZON", timedelta(hours=48)),
        )
    env.seal()
    return found


def read_door_settings() -> DoorSettings:
    return door_settings(FileAwareEnv())


def notify_addresses() -> Addresses:
    env = FileAwareEnv(eager=False)
    found = addresses(env, "notify")
    env.seal()
    return found
