"""A sender's process is killed at the worst moments; another one, started afterwards, cleans up by itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.notify.conftest import Desk
from tests.support.eventually import eventually
from tests.support.smtp_server import SILENCE, SmtpServer


@contextmanager
def sender_process(
    desk: Desk, server: SmtpServer, crash_at: str = "", unknown_mail: str = "resend", lease: str = "2s"
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "RELAYDESK_MONGO_URL": desk.mongo_url,
        "RELAYDESK_DATABASE_PREFIX": desk.database.name.removesuffix("_notify"),
        "RELAYDESK_SMTP_HOST": server.host,
        "RELAYDESK_SMTP_PORT": str(server.port),
        "RELAYDESK_SENDER_LEASE": lease,
        "RELAYDESK_UNKNOWN_MAIL": unknown_mail,
        "RELAYDESK_CRASH_AT": crash_at,
    }
    process = subprocess.Popen([sys.executable, "-m", "services.notify.sender"], env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def killed_at(place: str, desk: Desk, server: SmtpServer) -> str:
    """The delivery that a sender held when it died."""
    delivery_id = desk.hears()
    with sender_process(desk, server, crash_at=place) as process:
        assert process.wait(20) == -signal.SIGKILL
    return delivery_id


def test_killed_before_the_data_it_is_sent_once(desk: Desk, server: SmtpServer) -> None:
    delivery_id = killed_at("sender.before_data", desk, server)
    assert desk.delivery(delivery_id)["state"] == "sending"
    with sender_process(desk, server):
        [announced] = eventually(desk.announced, lambda events: len(events) == 1)
    assert (announced.data.certain, announced.data.attempts, len(server.mails)) == (True, 2, 1)


@pytest.mark.parametrize(("place", "mails"), [("sender.before_dot", 1), ("sender.after_dot", 2)])
def test_killed_at_the_dot_it_is_resent_once_with_the_same_message_id(
    place: str, mails: int, desk: Desk, server: SmtpServer
) -> None:
    delivery_id = killed_at(place, desk, server)
    assert desk.delivery(delivery_id)["state"] == "handing_over"
    others = {desk.hears() for _ in range(5)}
    with sender_process(desk, server):
        announced = eventually(desk.announced, lambda events: len(events) == 6)
    assert {e.subject: e.data.certain for e in announced} == {**dict.fromkeys(others, True), delivery_id: False}
    about_it = [m for m in server.mails if m.message_id == desk.delivery(delivery_id)["letter"]["message_id"]]
    assert (len(about_it), len(server.mails)) == (mails, mails + 5)


def test_killed_after_the_dot_it_is_held_where_the_operator_prefers_it(desk: Desk, server: SmtpServer) -> None:
    delivery_id = killed_at("sender.after_dot", desk, server)
    with sender_process(desk, server, unknown_mail="hold"):
        eventually(lambda: desk.delivery(delivery_id)["state"], lambda state: state == "held")
    assert len(server.mails) == 1
    assert desk.announced() == []


def test_asked_to_stop_under_load_it_finishes_what_it_has_in_hand_and_goes(desk: Desk, server: SmtpServer) -> None:
    for _ in range(200):
        desk.hears()
    with sender_process(desk, server) as process:
        eventually(lambda: len(server.mails), lambda mails: mails >= 5)
        process.terminate()
        assert process.wait(20) == 0
    in_hand = {"state": {"$in": ["sending", "handing_over", "unknown"]}}
    assert desk.database["deliveries"].count_documents(in_hand) == 0
    assert len(desk.announced()) == len(server.mails)
    with sender_process(desk, server):
        eventually(desk.announced, lambda events: len(events) == 200, within=40)
    assert len({mail.message_id for mail in server.mails}) == len(server.mails) == 200


def test_asked_to_stop_while_a_server_is_silent_it_goes_within_20_seconds_and_the_mail_is_in_doubt(
    desk: Desk, server: SmtpServer
) -> None:
    server.script("DOT", SILENCE)
    delivery_id = desk.hears()
    with sender_process(desk, server, lease="90s") as process:
        eventually(lambda: len(server.mails), lambda mails: mails == 1)
        process.terminate()
        assert process.wait(20) == 0
    assert desk.delivery(delivery_id)["state"] == "handing_over"
