from datetime import timedelta
from typing import Any

import pika

from shared.identifiers import earliest_id
from shared.moments import utc_now
from tests.support.eventually import eventually
from tests.support.operator import Operator
from tests.support.stack import Helpdesk

_BROKER_AWAY = "Error: RabbitMQ is not there or refuses: 127.0.0.1:1: [Errno 111] Connection refused."


def logged(operator: Operator) -> dict[str, int]:
    return {service: numbers["event_log"] for service, numbers in operator.reads("check")["counts"].items()}


def told(operator: Operator, ticket_id: str) -> list[str]:
    return [hop["type"] for hop in operator.reads("ticket", "timeline", ticket_id)]


def test_a_replay_does_nothing_twice(operator: Operator, helpdesk: Helpdesk) -> None:
    ticket_id = operator.opens_ticket()
    eventually(lambda: told(operator, ticket_id), lambda types: types.count("notification.sent") == 2)
    before, mails = logged(operator), sorted(path.name for path in helpdesk.mails.glob("*.eml"))
    assert operator.types("replay", "--ticket", ticket_id, "--dry-run").out == "5 events would be published again.\n"
    assert operator.types("replay", "--ticket", ticket_id).out == "5 events were published again.\n"
    eventually(lambda: [queue["waiting"] for queue in operator.reads("status")["queues"]], lambda all_: not any(all_))
    assert logged(operator) == before
    assert sorted(path.name for path in helpdesk.mails.glob("*.eml")) == mails


def test_what_a_service_has_lost_comes_back_from_the_logs(operator: Operator) -> None:
    ticket_id = operator.opens_ticket()
    with operator.store() as client:
        logs = [operator.database(client, service)["event_log"] for service in ("intake", "assignment")]
        heard = [row["_id"] for log in logs for row in log.find({"subject": ticket_id})]
        sla = operator.database(client, "sla")
        clock = sla["clocks"].find_one_and_delete({"_id": ticket_id})
        sla["event_log"].delete_many({"subject": ticket_id})
        sla["inbox"].delete_many({"_id": {"$in": heard}})
        assert clock is not None
        answer = operator.types("replay", "--ticket", ticket_id, "--to", "sla.inbox")
        assert answer.out.startswith("2 events were published again.")
        again = eventually(
            lambda: sla["clocks"].find_one({"_id": ticket_id}), lambda c: c and "assignment" in c["shown"]
        )
        assert again is not None
        assert (again["targets"], again["facts"]) == (clock["targets"], clock["facts"])


def test_what_our_services_would_refuse_is_left_out_but_a_listeners_queue_gets_it(operator: Operator) -> None:
    old = utc_now() - timedelta(days=40)
    row: dict[str, Any] = {
        "_id": earliest_id(old),
        "type": "ticket.rated",
        "subject": "old",
        "sequence": 1,
        "time": old,
    }
    with operator.store() as client:
        log = operator.database(client, "intake")["event_log"]
        log.insert_one({**row, "body": b"{}"})
        try:
            words = ("replay", "--type", "ticket.rated")
            left_out = operator.types(*words).out.splitlines()
            with pika.BlockingConnection(pika.URLParameters(operator.environment["RELAYDESK_AMQP_URL"])) as connection:
                channel = connection.channel()
                channel.queue_declare("listener.reports")
                answer = operator.reads(*words, "--to", "listener.reports")
                method, properties, body = channel.basic_get("listener.reports", auto_ack=True)
                private = operator.reads("replay", "--type", "api_key.issued", "--to", "listener.reports")
                channel.queue_delete("listener.reports")
        finally:
            log.delete_one({"_id": row["_id"]})
    assert left_out == [
        "0 events were published again.",
        "1 are older than 30 days and were left out: our services would refuse them.",
    ]
    assert answer == {"events": 1, "dry_run": False, "too_old": 0, "not_bound": 0}
    assert (private["events"], private["not_bound"]) == (0, 1)
    assert method is not None
    assert (properties.message_id, body) == (row["_id"], b"{}")


def test_types_that_a_queue_does_not_hear_are_left_out(operator: Operator) -> None:
    operator.opens_ticket()
    answer = operator.reads("replay", "--since", "2026-01-01", "--type", "sla.targets_set", "--to", "sla.inbox")
    assert answer["events"] == 0
    assert answer["not_bound"] > 0


def test_a_queue_that_rejects_ends_a_replay(operator: Operator) -> None:
    operator.opens_ticket()
    limit = {"x-max-length": 1, "x-overflow": "reject-publish"}
    with pika.BlockingConnection(pika.URLParameters(operator.environment["RELAYDESK_AMQP_URL"])) as connection:
        channel = connection.channel()
        channel.queue_declare("listener.full", arguments=limit)
        channel.basic_publish("", "listener.full", b"what nobody has read")
        answer = operator.types("replay", "--type", "ticket.created", "--to", "listener.full")
        channel.queue_delete("listener.full")
    assert (answer.code, answer.err.strip()) == (
        75,
        "Error: Stopped after 0 events; with the same options, begin again.",
    )


def test_wrong_words_are_told_in_a_sentence(operator: Operator) -> None:
    assert operator.types("replay").code == 2
    assert "is no moment: write 2026-11-26T09:00" in operator.types("replay", "--since", "yesterday").err
    for queue in ("nowhere", ""):
        answer = operator.types("replay", "--since", "2026-01-01", "--to", queue)
        assert (answer.code, answer.err.strip()) == (
            1,
            f"Error: There is no queue '{queue}': see `relaydesk status` for ours.",
        )
    away = operator.but(RELAYDESK_AMQP_URL="amqp://guest:guest@127.0.0.1:1/").types("replay", "--since", "2026-01-01")
    assert (away.code, away.err.strip()) == (69, _BROKER_AWAY)
