"""Where people read the contracts: /docs shows the app's /openapi.json, /events the /asyncapi.json of all services.

Redoc 3.0.1 (MIT) lies in the folder `redoc` as it came. It works without the network, and the pages'
Content-Security-Policy keeps it from asking for its logo and from telling its makers who reads.
"""

from pathlib import Path

from flask import Flask, Response, send_file

from shared.http.door import open_to_all

_REDOC = Path(__file__).parent / "redoc" / "redoc.standalone.js"
_ASYNCAPI = Path(__file__).parents[1] / "events" / "asyncapi.json"
_A_DAY = 24 * 60 * 60
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'unsafe-inline'",  # Redoc writes its styles while it renders
        "img-src data:",
        "font-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<redoc spec-url="{document}" disable-telemetry="true"></redoc>
<script type="module" src="docs/redoc.js"></script>
</html>
"""


def register(app: Flask) -> None:
    """The app serves /openapi.json itself. All addresses in the pages are relative, for a proxy in front."""

    @app.get("/docs")
    @open_to_all
    def docs() -> Response:
        return _page(f"Relaydesk: {app.name}", "openapi.json")

    @app.get("/events")
    @open_to_all
    def events() -> Response:
        return _page("Relaydesk: events and submissions", "asyncapi.json")

    @app.get("/asyncapi.json")
    @open_to_all
    def asyncapi() -> Response:
        return _file(_ASYNCAPI, "application/json")

    @app.get("/docs/redoc.js")
    @open_to_all
    def redoc() -> Response:
        return _file(_REDOC, "text/javascript", max_age=_A_DAY)


def _page(title: str, document: str) -> Response:
    response = Response(_PAGE.format(title=title, document=document), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _file(path: Path, mimetype: str, max_age: int | None = None) -> Response:
    """With an ETag; without `max_age` a reader asks each time whether it is still the same."""
    response = send_file(path, mimetype, max_age=max_age)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
