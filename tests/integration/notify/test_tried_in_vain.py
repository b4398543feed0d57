"""A mail that is put off again and again is never late, and is seen all the same."""

from datetime import timedelta

from prometheus_client import REGISTRY

from services.notify import metrics
from services.notify.delivering import Sender
from services.notify.delivery_repository import tried_in_vain_before
from shared.moments import utc_now
from tests.integration.notify.conftest import Desk, MakeSender
from tests.support.smtp_server import SmtpServer

HOUR = timedelta(hours=1)


def tries(sender: Sender, desk: Desk, delivery_id: str) -> None:
    desk.is_made_due(delivery_id)
    mailer = sender.mailer()
    assert sender.deliver_one(mailer)
    mailer.close()


def seconds_in_vain() -> float:
    value = REGISTRY.get_sample_value("relaydesk_delivery_in_vain_seconds", {"channel": "email"})
    assert value is not None
    return value


def was_tried_first(desk: Desk, delivery_id: str, ago: timedelta) -> None:
    desk.database["deliveries"].update_one({"_id": delivery_id}, {"$set": {"tried_since": utc_now() - ago}})


def test_how_long_a_mail_is_tried_in_vain_is_told_until_it_is_sent(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    metrics.show(desk.database)
    server.script("RCPT", "452 the disk is full", "452 the disk is full")
    sender, delivery_id = make_sender(), desk.hears()
    tries(sender, desk, delivery_id)
    tries(sender, desk, delivery_id)
    was_tried_first(desk, delivery_id, HOUR)
    assert 3600 <= seconds_in_vain() < 3700
    assert REGISTRY.get_sample_value("relaydesk_delivery_lateness_seconds", {"channel": "email"}) == 0
    tries(sender, desk, delivery_id)
    assert desk.delivery(delivery_id)["state"] == "sent"
    assert seconds_in_vain() == 0


def test_the_one_tried_longest_is_found_by_its_index(desk: Desk) -> None:
    ids = [desk.hears() for _ in range(20)]
    for minutes, delivery_id in enumerate(ids[:10], 1):
        was_tried_first(desk, delivery_id, timedelta(minutes=minutes))
        desk.database["deliveries"].update_one({"_id": delivery_id}, {"$set": {"attempts": 2}})
    found = desk.database["deliveries"].find(tried_in_vain_before(utc_now())).sort("tried_since", 1).limit(1)
    told = found.explain()
    assert [row["_id"] for row in found] == [ids[9]]
    assert "'tried_since_1'" in str(told["queryPlanner"]["winningPlan"])
    assert told["executionStats"]["totalDocsExamined"] == 1
