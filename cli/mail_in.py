"""`relaydesk mail-in < message.eml`: hands a mail on to intake, as a mail server's pipe wants it.

Ends with 0 when the mail is a ticket or a reply, with 65 when intake refuses the mail itself (the server returns it to
its sender) and with 75 for everything else: the server keeps the mail and tries again. A wrong key or address of ours
is no fault of the mail's, nor is a proxy that takes none of its size.
"""

import contextlib
import http.client
import json
import sys
from typing import Any, NoReturn

import click

from cli.client import Unreachable, parsed
from cli.doors import api_key, settings_of, url_of
from cli.failures import Failure

ACCEPTED, BAD_MAIL, TRY_AGAIN = 0, 65, 75  # as in sysexits.h
MAX_MAIL_BYTES = 25 * 1024 * 1024
SECONDS = 60
_THE_MAILS_FAULT = (400, 413, 415)
_PROBLEM = "application/problem+json"


@click.command("mail-in")
@click.option("--json", "as_json", is_flag=True, help="Print intake's answer.")
def mail_in(as_json: bool) -> None:
    """Hand a mail from standard input on to intake."""
    raw = sys.stdin.buffer.read(MAX_MAIL_BYTES + 1)
    if not raw.strip():
        _end(BAD_MAIL, "There is no mail on standard input.")
    if len(raw) > MAX_MAIL_BYTES:
        _end(BAD_MAIL, "The mail is larger than 25 MB.")
    try:
        status, kind, answer = _post(raw)
    except Failure as error:
        _end(TRY_AGAIN, f"The mail could not be handed on: {error}")
    except Unreachable as error:
        _end(TRY_AGAIN, f"The mail could not be handed on: {error}. {settings_of('intake')}.")
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = f"{url_of('intake')} does not answer: {error or type(error).__name__}. {settings_of('intake')}"
        _end(TRY_AGAIN, f"The mail could not be handed on: {why}.")
    if status == 201 and "outcome" in answer:
        click.echo(json.dumps(answer) if as_json else f"{answer['outcome']}: ticket {answer['number']}")
        sys.exit(ACCEPTED)
    if as_json:
        click.echo(json.dumps(answer))
    if kind != _PROBLEM or answer.get("status") != status:
        who = f"{url_of('intake')} answered {status}, but not as intake does"
        _end(TRY_AGAIN, f"{who}: a proxy in front of it takes no such mail." if status == 413 else f"{who}.")
    code = BAD_MAIL if status in _THE_MAILS_FAULT else TRY_AGAIN
    _end(code, f"Intake answered {status}: {answer.get('detail', 'no reason given')}")


def _post(raw: bytes) -> tuple[int, str, dict[str, Any]]:
    """The status, the type and the object of the answer."""
    url, key = parsed(url_of("intake")), api_key()
    connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = connect(url.hostname or "", url.port, timeout=SECONDS)
    try:
        headers = {"Content-Type": "message/rfc822", "Authorization": f"Bearer {key}"}
        # Who refuses it unread has answered all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", url.path.rstrip("/") + "/v1/mail", raw, headers)
        response = connection.getresponse()
        body = response.read(1024 * 1024)
        kind = response.headers.get_content_type()
        answer = json.loads(body) if "json" in kind else {}
        return response.status, kind, answer if isinstance(answer, dict) else {}
    finally:
        connection.close()


def _end(code: int, sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


main = mail_in

if __name__ == "__main__":
    main()
