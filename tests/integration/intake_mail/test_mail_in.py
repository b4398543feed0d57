"""`relaydesk mail-in` as a mail server calls it: a process, a pipe and an exit code."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from werkzeug.serving import make_server

from tests.integration.intake_mail.desk import Desk
from tests.support.mails import mail

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def url(desk: Desk) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _mail_in(raw: bytes, url: str, key: str, *options: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "RELAYDESK_URL": url, "RELAYDESK_API_KEY": key, **more}
    command = [sys.executable, "-m", "cli.mail_in", *options]
    return subprocess.run(command, input=raw, env=environment, capture_output=True, timeout=60, check=False)


def test_a_mail_is_handed_on_and_named(desk: Desk, url: str) -> None:
    ended = _mail_in(mail("through the pipe"), url, desk.key)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.startswith(b"opened: ticket 10")


def test_the_answer_can_be_had_as_json(desk: Desk, url: str) -> None:
    first = json.loads(_mail_in(mail("as json"), url, desk.key, "--json").stdout)
    second = json.loads(_mail_in(mail("as json"), url, desk.key, "--json").stdout)
    assert first["outcome"] == "opened"
    assert second == {**first, "outcome": "repeated"}


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", b"There is no mail on standard input.\n"),
        (b"x" * (25 * 1024 * 1024 + 1), b"The mail is larger than 25 MB.\n"),
    ],
    ids=["empty", "too large"],
)
def test_what_is_no_mail_goes_back_to_its_sender(desk: Desk, url: str, raw: bytes, sentence: bytes) -> None:
    ended = _mail_in(raw, url, desk.key)
    assert (ended.returncode, ended.stderr) == (65, sentence)


def test_intakes_own_address_goes_before_the_proxys(desk: Desk, url: str) -> None:
    ended = _mail_in(mail("to intake itself"), "http://127.0.0.1:9", desk.key, RELAYDESK_INTAKE_URL=url)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_without_a_key_the_mail_stays_with_the_server(url: str) -> None:
    ended = _mail_in(mail(), url, "")
    assert ended.returncode == 75
    assert ended.stderr.startswith(b"The mail could not be handed on: Set RELAYDESK_API_KEY: ")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "ftp://127.0.0.1", "http://127.0.0.1:none"])
def test_without_an_intake_to_talk_to_the_mail_stays_with_the_server(desk: Desk, address: str) -> None:
    ended = _mail_in(mail(), address, desk.key)
    assert ended.returncode == 75
    assert ended.stderr.startswith(b"The mail could not be handed on: ")
    assert ended.stderr.endswith(b"RELAYDESK_INTAKE_URL, or else RELAYDESK_URL, says where intake is.\n")
    assert b"Traceback" not in ended.stderr


def test_a_wrong_key_is_no_fault_of_the_mails(url: str) -> None:
    ended = _mail_in(mail(), url, "rdk_wrong_key")
    assert (ended.returncode, ended.stderr) == (
        75,
        b"Intake answered 401: This API key is not known, revoked or expired.\n",
    )


@pytest.mark.parametrize("status", [500, 503, 429, 422, 408, 404, 302, 201])
def test_only_what_is_wrong_with_the_mail_itself_is_final(status: int) -> None:
    assert _answered(status, PROBLEM, json.dumps({"status": status, "detail": "Later."})).returncode == 75


@pytest.mark.parametrize("status", [400, 413, 415])
def test_a_mail_that_intake_refuses_goes_back_to_its_sender(status: int) -> None:
    ended = _answered(status, PROBLEM, json.dumps({"status": status, "detail": "It is no mail."}))
    assert (ended.returncode, ended.stderr) == (65, f"Intake answered {status}: It is no mail.\n".encode())


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (400, "text/html", "<h1>400 Bad Request</h1>"),
        (413, "text/html", "<h1>413 Request Entity Too Large</h1>"),
        (413, "application/json", '{"status": 413, "detail": "no"}'),
        (413, PROBLEM, '{"status": 502, "detail": "no"}'),
        (413, PROBLEM, "<h1>"),
        (413, PROBLEM, "[]"),
        (415, "", ""),
    ],
)
def test_what_a_proxy_refuses_stays_with_the_server(status: int, kind: str, body: str) -> None:
    ended = _answered(status, kind, body)
    assert ended.returncode == 75
    assert b"Traceback" not in ended.stderr


def test_who_refused_a_mail_in_intakes_place_is_told() -> None:
    ended = _answered(413, "text/html", "<h1>413 Request Entity Too Large</h1>")
    assert ended.stderr.startswith(b"http://127.0.0.1:")
    assert ended.stderr.endswith(b" answered 413, but not as intake does: a proxy in front of it takes no such mail.\n")


def test_an_answer_is_heard_though_the_mail_was_not_read() -> None:
    body = json.dumps({"status": 503, "detail": "Other large mails are being taken."})
    ended = _answered(503, PROBLEM, body, mail(b"x" * 20_000_000), is_read=False)
    assert (ended.returncode, ended.stderr) == (75, b"Intake answered 503: Other large mails are being taken.\n")


def _answered(
    status: int, kind: str, body: str = "", raw: bytes = mail(), *, is_read: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """How mail-in ends when this is answered."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if is_read:
                self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        ended = _mail_in(raw, f"http://127.0.0.1:{server.server_port}", "rdk_a_key")
        thread.join()
    return ended
