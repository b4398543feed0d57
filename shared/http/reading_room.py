"""Where the contracts are read by people: /docs renders /openapi.json, /events renders /asyncapi.json.

Redoc 3.0.1 (MIT) lies in the folder `redoc` as it came. The pages need nothing from elsewhere, and their
Content-Security-Policy lets them ask for nothing: neither Redoc's logo, nor the assistants that it would open.
"""

from pathlib import Path

from flask import Flask, Response, send_file

from shared import events

_REDOC = Path(__file__).parent / "redoc" / "redoc.standalone.js"
_ASYNCAPI = Path(events.__path__[0]) / "asyncapi.json"
_SCRIPT_SECONDS = 24 * 60 * 60
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'unsafe-inline'",  # Redoc writes its styles as it renders
        "img-src 'self' data:",
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
<redoc spec-url="{document}" disable-telemetry="true"></redoc>
<script type="module" src="docs/redoc.js"></script>
</html>
"""


def register(app: Flask) -> None:
    """The app itself serves /openapi.json."""

    @app.get("/docs")
    def docs() -> Response:
        return _page(f"{app.name}: the API", "openapi.json")

    @app.get("/events")
    def events_page() -> Response:
        return _page("Relaydesk: events and submissions", "asyncapi.json")

    @app.get("/docs/redoc.js")
    def redoc() -> Response:
        return send_file(_REDOC, "text/javascript", max_age=_SCRIPT_SECONDS)

    @app.get("/asyncapi.json")
    def asyncapi() -> Response:
        return send_file(_ASYNCAPI, "application/json")


def _page(title: str, document: str) -> Response:
    response = Response(_PAGE.format(title=title, document=document), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response
