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


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, 75), (503, 75), (429, 75), (422, 75), (408, 75), (404, 75), (302, 75), (201, 75), (400, 65), (413, 65)],
)
def test_only_what_is_wrong_with_the_mail_itself_is_final(status: int, code: int) -> None:
    with HTTPServer(("127.0.0.1", 0), _answering(status)) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        ended = _mail_in(mail(), f"http://127.0.0.1:{server.server_port}", "rdk_a_key")
        thread.join()
    assert ended.returncode == code


def _answering(status: int) -> type[BaseHTTPRequestHandler]:
    """A server that gives this answer, with no JSON in it, to whatever is posted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            pass

    return Handler
