"""The door of every API: who knocks is found out before anything else, and each route says what it takes to come in."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, request

from shared.access.doorkeeper import ON_BEHALF_OF, Doorkeeper, Unauthorized
from shared.access.may import Forbidden, Principal, Reach, must
from shared.access.permissions import PUBLIC, SIGNED_IN
from shared.http.rate_limit import RateLimit

View = TypeVar("View", bound=Callable[..., Any])

_OPEN = "open"


def guard(app: Flask, doorkeeper: Doorkeeper, limit: RateLimit) -> None:
    """A route that does not say what it needs (`Routes.needs`) lets nobody in."""

    @app.before_request
    def let_in() -> None:
        view = app.view_functions.get(request.endpoint or "")
        action = getattr(view, "action", None)
        if action == _OPEN:
            return
        if action == PUBLIC:
            limit.hit_from(request.remote_addr or "")
            return
        try:
            found = doorkeeper.principal(request.headers.get("Authorization", ""), request.headers.get(ON_BEHALF_OF))
        except Unauthorized:
            limit.hit_unknown(request.remote_addr or "")
            raise
        g.principal = found
        limit.hit(g.principal)
        if view is None:
            return  # there is no such route, which may be said now
        if action is None:
            raise Forbidden("Nobody may do this: the route does not say what it needs.")
        g.action = action
        if action != SIGNED_IN:
            must(g.principal, action)


def open_to_all(view: View) -> View:
    """For a plain Flask view that is no part of the contract: health, documents. Not even counted."""
    view.action = _OPEN  # type: ignore[attr-defined]
    return view


def principal() -> Principal:
    found: Principal = g.principal
    return found


def must_reach(ticket: Reach) -> None:
    """For a route about one ticket: raises NotFound or Forbidden, as `must` does, for who knocks and what he wants."""
    must(g.principal, g.action, ticket)


def action() -> str:
    found: str = g.action
    return found
