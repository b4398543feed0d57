"""OpenAPI 3.1 from the routes themselves: flask-smorest writes it, our own plain functions read and answer requests."""

import http
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from werkzeug.routing import BaseConverter

from shared.access.doorkeeper import ON_BEHALF_OF
from shared.access.permissions import PUBLIC, SIGNED_IN
from shared.http import problems
from shared.http.bodies import json_body, query

View = TypeVar("View", bound=Callable[..., Any])

_PROBLEM = "application/problem+json"
_REFUSED_AT_THE_DOOR = (401, 403, 422)
_REFUSED_ANYWHERE = (429, 503)
_REFUSED_BODIES = (400, 408, 413, 415)
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Repeated with the same key within seven days, the same request has its effect once.",
}
_ON_BEHALF_OF = {
    "in": "header",
    "name": ON_BEHALF_OF,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 63},
    "description": "With an API key: the id of the agent for whom it acts. Then both must be allowed to do it.",
}
ETAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}


class SlugConverter(BaseConverter):
    """`<slug:name>`: an id that a person chose. Another path is no route of ours, and answers 404."""

    regex = "[a-z0-9][a-z0-9_-]{0,62}"


class ReasonSchema(Schema):
    field = fields.String(required=True, metadata={"description": "Empty for the whole request."})
    rule = fields.String(required=True)
    remedy = fields.String(required=True)


class ProblemSchema(Schema):
    """RFC 9457."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ReasonSchema))


class _Reader:
    """Stands where flask-smorest expects webargs: hands the view what was sent, validated."""

    DEFAULT_VALIDATION_STATUS = 422

    def use_args(self, schema: type[Schema], location: str = "json") -> Callable[[View], View]:
        read, known = json_body if location == "json" else query, schema()

        def decorate(view: View) -> View:
            @wraps(view)
            def reading(**path: Any) -> Any:
                return view(read(known), **path)

            return reading  # type: ignore[return-value]

        return decorate


class Routes(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A group of routes. Its views return our own Responses, which flask-smorest passes on as they are."""

    ARGUMENTS_PARSER = _Reader()
    get: Callable[..., Callable[[View], View]]
    post: Callable[..., Callable[[View], View]]
    put: Callable[..., Callable[[View], View]]
    patch: Callable[..., Callable[[View], View]]
    delete: Callable[..., Callable[[View], View]]
    arguments: Callable[..., Callable[[View], View]]
    response: Callable[..., Callable[[View], View]]

    def needs(self, action: str) -> Callable[[View], View]:
        """The permission that a route asks for, PUBLIC or SIGNED_IN. About one ticket its handler asks again."""

        def decorate(view: View) -> View:
            if action == PUBLIC:
                _described(view, self.doc(security=[]))
            else:
                _described(view, self.doc(**{"x-permission": action}))
                self.refuses(*((401, 422) if action == SIGNED_IN else _REFUSED_AT_THE_DOOR))(view)
                _with_header(view, _ON_BEHALF_OF)
            self.refuses(*_REFUSED_ANYWHERE)(view)
            view.action = action  # type: ignore[attr-defined]
            return view

        return decorate

    def refuses(self, *statuses: int) -> Callable[[View], View]:
        """Documents with which statuses a route may say no, beside those that `needs` and `arguments` bring."""

        words = [self.alt_response(status, http.HTTPStatus(status).name) for status in statuses]
        return lambda view: _described(view, *words)

    def takes(self, schema: type[Schema], *, is_idempotent: bool = True) -> Callable[[View], View]:
        """A JSON body; by default one with which an Idempotency-Key may come."""

        def decorate(view: View) -> View:
            described: View = self.refuses(*_REFUSED_BODIES)(self.arguments(schema)(view))
            return _with_header(described, _IDEMPOTENCY_KEY) if is_idempotent else described

        return decorate

    def idempotent(self, view: View) -> View:
        """For a command without a body: an Idempotency-Key may come."""
        return _with_header(self.refuses(408, 413, 422)(view), _IDEMPOTENCY_KEY)

    def versioned(self, *, is_required: bool) -> Callable[[View], View]:
        """Documents If-Match (RFC 9110 §13.1.1); `shared/http/versions.py` reads it."""

        def decorate(view: View) -> View:
            header = {
                "in": "header",
                "name": "If-Match",
                "required": is_required,
                "schema": {"type": "string", "pattern": r'^(\*|"[0-9]+")$'},
                "description": "The ETag of what you looked at, or * for whatever is there.",
            }
            statuses = (412, 422, 428) if is_required else (412, 422)
            return self.refuses(*statuses)(_with_header(view, header))

        return decorate


def _described(view: View, *words: Callable[[Any], Any]) -> View:
    """The view itself, with its words. flask-smorest wraps it once for each, and every request would go through all."""
    described: Any = view
    for word in words:
        described = word(described)
    view._apidoc = described._apidoc  # type: ignore[attr-defined]
    return view


def _with_header(view: View, header: dict[str, Any]) -> View:
    """`Blueprint.doc` would replace the headers that a decorator below has described."""
    known = getattr(view, "_apidoc", {}).get("manual_doc", {}).get("parameters", [])
    return _described(view, Blueprint.doc(parameters=[*known, header]))


class _ProblemApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= 400:
                response["content"] = {_PROBLEM: {"schema": ProblemSchema}}
            self.spec.components.response(status.name, response, lazy=True)
        content = {_PROBLEM: {"schema": ProblemSchema}}
        self.spec.components.response("DEFAULT_ERROR", {"description": "A problem", "content": content}, lazy=True)

    def _register_error_handlers(self) -> None:
        problems.register(self._app)


def describe(app: Flask, title: str, description: str) -> Api:
    """The Api with which blueprints are registered; its `spec.to_dict()` is the document."""
    app.config.update(API_TITLE=title, API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    bearer = {"type": "http", "scheme": "bearer", "description": "An API key (rdk_…) or the token of a sign-in."}
    api = _ProblemApi(app, spec_kwargs={"info": {"description": description}, "security": [{"bearer": []}]})
    api.spec.components.security_scheme("bearer", bearer)
    app.url_map.converters["slug"] = SlugConverter
    api.register_converter(SlugConverter, lambda _: {"type": "string", "pattern": f"^{SlugConverter.regex}$"})
    return api
