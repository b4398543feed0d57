"""The contracts can be read by anybody, offline, and the page tells nobody of it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.http import reading_room


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("intake", static_folder=None)
    reading_room.register(app)
    return app.test_client()


@pytest.mark.parametrize(
    ("page", "title", "document"),
    [
        ("/docs", "Relaydesk: intake", "openapi.json"),
        ("/events", "Relaydesk: events and submissions", "asyncapi.json"),
    ],
)
def test_a_page_renders_its_document(client: FlaskClient, page: str, title: str, document: str) -> None:
    with client.get(page) as shown:
        assert (shown.status_code, shown.mimetype) == (200, "text/html")
        assert f"<title>{title}</title>" in shown.get_data(as_text=True)
        assert f'<redoc spec-url="{document}"' in shown.get_data(as_text=True)


@pytest.mark.parametrize("page", ["/docs", "/events"])
def test_a_page_names_no_other_host_and_may_ask_none(client: FlaskClient, page: str) -> None:
    with client.get(page) as shown:
        assert re.findall(r"https?:|//", shown.get_data(as_text=True)) == []
        rules = dict(rule.split(" ", 1) for rule in shown.headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["connect-src"], rules["img-src"]) == ("'self'", "'self'", "data:")
    assert rules["frame-ancestors"] == "'none'"


def test_the_script_is_kept_for_a_day(client: FlaskClient) -> None:
    with client.get("/docs/redoc.js") as script:
        assert (script.status_code, script.mimetype) == (200, "text/javascript")
        assert b"@license MIT" in script.data[:100]
        assert "max-age=86400" in script.headers["Cache-Control"]
        assert script.headers["X-Content-Type-Options"] == "nosniff"


def test_the_events_are_sent_again_only_when_they_changed(client: FlaskClient) -> None:
    with client.get("/asyncapi.json") as document:
        assert document.json is not None
        assert document.json["asyncapi"] == "3.0.0"
        assert document.headers["Cache-Control"] == "no-cache"
        etag = document.headers["ETag"]
    with client.get("/asyncapi.json", headers={"If-None-Match": etag}) as again:
        assert (again.status_code, again.data) == (304, b"")
