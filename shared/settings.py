"""How a service reads its environment.

`RELAYDESK_X_FILE` may name a file that holds the value of `RELAYDESK_X`.
"""

from dataclasses import dataclass

from environs import FileAwareEnv, validate


def log_level() -> str:
    with (env := FileAwareEnv()).prefixed("RELAYDESK_"):
        return str(env.str("LOG_LEVEL", "info", validate=validate.OneOf(["debug", "info", "warning", "error"])))


def status_address() -> tuple[str, int] | None:
    """Where a worker or sender answers /healthz, /readyz and /metrics; None: nowhere."""
    with (env := FileAwareEnv()).prefixed("RELAYDESK_"):
        port = env.int("METRICS_PORT", None, validate=validate.Range(min=0, max=65535))
        return None if port is None else (env.str("METRICS_HOST", "127.0.0.1"), port)


@dataclass(frozen=True)
class Addresses:
    mongo_url: str
    amqp_url: str
    database: str


@dataclass(frozen=True)
class Limits:
    """How many requests one process answers, as in "120/minute"; `network`: of callers who don't say who they are."""

    network: str = "120/minute"
    requester: str = "300/minute"
    agent: str = "3000/minute"
    integration: str = "300000/minute"


@dataclass(frozen=True)
class DoorSettings:
    """Public keys in PEM. `proxies`: how many stand before us and say for whom, in X-Forwarded-For."""

    agents_public_key: str
    requesters_public_key: str
    limits: Limits
    proxies: int = 0


def addresses(env: FileAwareEnv, service: str) -> Addresses:
    """Where this service's database and the broker are; `RELAYDESK_DATABASE_PREFIX` keeps systems apart."""
    with env.prefixed("RELAYDESK_"):
        return Addresses(
            mongo_url=env.str("MONGO_URL", "mongodb://127.0.0.1:27017/?directConnection=true"),
            amqp_url=env.str("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2F"),
            database=env.str("DATABASE_PREFIX", "helpdesk") + "_" + service,
        )


_LIMIT = validate.Regexp(
    r"[1-9][0-9]*/(second|minute|hour|day)\Z", error="Must be a number and a second, minute, hour or day: 120/minute."
)


def door_settings(env: FileAwareEnv) -> DoorSettings:
    usual = Limits()
    with env.prefixed("RELAYDESK_"):
        return DoorSettings(
            agents_public_key=env.str("AGENTS_PUBLIC_KEY"),
            requesters_public_key=env.str("REQUESTERS_PUBLIC_KEY"),
            limits=Limits(
                network=env.str("LIMIT_NETWORK", usual.network, validate=_LIMIT),
                requester=env.str("LIMIT_REQUESTER", usual.requester, validate=_LIMIT),
                agent=env.str("LIMIT_AGENT", usual.agent, validate=_LIMIT),
                integration=env.str("LIMIT_INTEGRATION", usual.integration, validate=_LIMIT),
            ),
            proxies=env.int("PROXIES", 0),
        )
