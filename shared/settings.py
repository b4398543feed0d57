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


def addresses(env: FileAwareEnv, service: str) -> Addresses:
    """Where this service's database and the broker are; `RELAYDESK_DATABASE_PREFIX` keeps systems apart."""
    with env.prefixed("RELAYDESK_"):
        return Addresses(
            mongo_url=env.str("MONGO_URL", "mongodb://127.0.0.1:27017/?directConnection=true"),
            amqp_url=env.str("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2F"),
            database=env.str("DATABASE_PREFIX", "helpdesk") + "_" + service,
        )
