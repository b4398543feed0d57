"""What is done to the system while tickets come in. Each scenario names what it expects to be left behind."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import pika
from pika.exceptions import AMQPError

from shared.messaging import topology
from shared.store.client import connect
from tests.faults.stage import PREFIX, Stage
from tests.support.odd_headers import ODD_HEADERS, OddProperties
from tests.support.stack import Helpdesk

Fault = Callable[[Stage, Helpdesk], None]
WORKERS = ("intake-worker", "assignment-worker", "sla-worker", "notify-worker")


@dataclass(frozen=True)
class Scenario:
    name: str
    fault: Fault
    parked: int = 0
    doubtful: int = 0  # mails whose outcome may be unknown: what the sender's threads had in hand


def _crash(process: str, place: str) -> Fault:
    """Ends the process at the place, once under load, and starts it again as an operator's supervisor would."""

    def fault(stage: Stage, helpdesk: Helpdesk) -> None:
        child = helpdesk.processes[process]
        child.restart(RELAYDESK_CRASH_AT=place)
        assert child.process is not None
        assert child.process.wait(60) == -signal.SIGKILL
        child.start()

    return fault


def _api_crashes(stage: Stage, helpdesk: Helpdesk) -> None:
    """gunicorn starts a new worker each time one dies at its twentieth commit."""
    api = helpdesk.processes["intake-api"]
    api.restart(RELAYDESK_CRASH_AT="unit_of_work.before_commit:20")
    time.sleep(5)
    api.restart(RELAYDESK_CRASH_AT="unit_of_work.after_commit:20")
    time.sleep(5)
    api.restart()


def _token_removed(stage: Stage, helpdesk: Helpdesk) -> None:
    worker = helpdesk.processes["intake-worker"]
    time.sleep(3)
    worker.kill()
    with connect(stage.store.url, "faults") as client:
        leases = client[helpdesk.environment[PREFIX] + "_intake"]["leases"]
        leases.update_one({"_id": "relay"}, {"$unset": {"token": "", "published_at": ""}})
    worker.start()


def _broker(number: signal.Signals) -> Fault:
    return lambda stage, _: stage.away(stage.broker, number, 10)


def _store(number: signal.Signals, seconds: float) -> Fault:
    return lambda stage, _: stage.away(stage.store, number, seconds)


def _ambiguous_commits(stage: Stage, helpdesk: Helpdesk) -> None:
    with connect(stage.store.url, "faults") as client:
        for service in ("intake", "assignment", "sla", "notify") * 3:
            client.admin.command(
                "configureFailPoint",
                "failCommand",
                mode={"times": 1},
                data={
                    "appName": service,
                    "failCommands": ["commitTransaction"],
                    "writeConcernError": {
                        "code": 91,
                        "errmsg": "the outcome is not known",
                        "errorLabels": ["UnknownTransactionCommitResult"],
                    },
                },
            )
            time.sleep(0.7)
        client.admin.command("configureFailPoint", "failCommand", mode="off")


def _two_replicas_one_frozen(stage: Stage, helpdesk: Helpdesk) -> None:
    seconds = [helpdesk.another(name) for name in WORKERS]
    for worker in seconds:
        worker.start()
    time.sleep(3)
    first = [helpdesk.processes[name] for name in WORKERS]
    for worker in first:
        worker.send(signal.SIGSTOP)
    time.sleep(10)
    for worker in first:
        worker.send(signal.SIGCONT)


def _three_times_in_random_order(stage: Stage, helpdesk: Helpdesk) -> None:
    time.sleep(6)
    with connect(stage.store.url, "faults") as client:
        rows = [
            row
            for service in ("intake", "assignment", "sla", "notify")
            for row in client[f"{helpdesk.environment[PREFIX]}_{service}"]["event_log"].find()
        ] * 3
    random.Random(7).shuffle(rows)
    connection = pika.BlockingConnection(pika.URLParameters(stage.broker.url))
    channel = connection.channel()
    for row in rows:
        channel.basic_publish(topology.EVENTS, row["type"], bytes(row["body"]), pika.BasicProperties(delivery_mode=2))
    connection.close()


POISON = (
    b"",
    b"not json",
    b"\xff\xfe\x00",
    b"[]",
    b"null",
    b'{"specversion": "1.0"}',
    b'{"specversion": "1.0", "id": "x", "type": "ticket.created", "source": "intake", "data": {}}',
    b'{"specversion": "1.0", "id": {"$gt": ""}, "type": "ticket.created", "source": "intake", "subject": "t"}',
    b'{"specversion": "1.0", "id": "y", "type": "ticket.created", "source": "intake", "time": "yesterday"}',
    b"[" * 5000,
)


def _poison(stage: Stage, helpdesk: Helpdesk) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(stage.broker.url))
    channel = connection.channel()
    for body in POISON:
        channel.basic_publish("", "sla.inbox", body)
    for body in POISON[:4]:
        channel.basic_publish("", "intake.submissions", body)
    for kind, headers in ODD_HEADERS.items():
        for queue in ("sla.inbox", "intake.submissions"):
            channel.basic_publish("", queue, f"no event, but with {kind}".encode(), OddProperties(headers))
    connection.close()


def _one_of_17_mib(stage: Stage, helpdesk: Helpdesk) -> None:
    """RabbitMQ 4 refuses it at the door, 3.10 takes it: then it's parked."""
    for mebibytes in (17, 15):
        connection = pika.BlockingConnection(pika.URLParameters(stage.broker.url))
        channel = connection.channel()
        channel.confirm_delivery()
        try:
            channel.basic_publish("", "notify.inbox", b"x" * (mebibytes * 1024 * 1024))
            break
        except AMQPError:
            continue
        finally:
            if connection.is_open:
                connection.close()


SCENARIOS = (
    *(Scenario(f"{w} killed before its commit", _crash(w, "unit_of_work.before_commit:3")) for w in WORKERS),
    *(Scenario(f"{w} killed after its commit, before the ack", _crash(w, "worker.before_ack:3")) for w in WORKERS),
    Scenario("intake-api killed before and after its commits", _api_crashes),
    Scenario("relay killed before a publish", _crash("intake-worker", "relay.before_publish:20")),
    Scenario("relay killed after a confirm", _crash("intake-worker", "relay.after_confirm:5")),
    Scenario("relay's token removed", _token_removed),
    Scenario("sender killed before the final dot", _crash("notify-sender", "sender.before_data:5"), doubtful=3),
    Scenario("sender killed after the final dot", _crash("notify-sender", "sender.after_dot:5"), doubtful=4),
    Scenario("broker stopped for 10 s", _broker(signal.SIGTERM)),
    Scenario("broker killed, back after 10 s", _broker(signal.SIGKILL)),
    Scenario("mongod killed", _store(signal.SIGKILL, 1)),
    Scenario("mongod away for 30 s", _store(signal.SIGTERM, 30)),
    Scenario("ambiguous commits in every service", _ambiguous_commits),
    Scenario("two replicas of each worker, one frozen past its lease", _two_replicas_one_frozen),
    Scenario("every event three times in random order", _three_times_in_random_order),
    Scenario("poison in bodies and headers", _poison, parked=len(POISON) + 4 + 2 * len(ODD_HEADERS)),
    Scenario("a message of 17 MiB", _one_of_17_mib, parked=1),
)
