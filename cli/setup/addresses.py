"""Addresses of servers with an account in them: `amqp://user:password@host:port/vhost`."""

import secrets
from urllib.parse import unquote, urlsplit


def with_password(url: str) -> str:
    """With a new password if the address names a user without one."""
    user, password = account_in(url)
    return url if password or not user else as_user(url, user)


def as_user(url: str, user: str) -> str:
    """The same server for another user with a new password."""
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}:{secrets.token_urlsafe(24)}@{hosts}").geturl()


def account_in(url: str) -> tuple[str, str]:
    """(user, password), empty where the address has none."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")
