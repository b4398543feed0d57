"""Every account tries what it may do and what it may not, on a real broker, with the rights that setup gave it."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from cli.setup import broker
from cli.setup.addresses import account_in, as_user
from cli.setup.management import Management
from cli.setup.tables import ACCOUNTS, QUEUES
from shared.messaging import topology
from shared.messaging.topology import EVENTS, SUBMISSIONS
from tests.conftest import clean
from tests.support.brokers import MANAGEMENT_VARIABLE, Brokers

Act = Callable[[Any], object]


@pytest.fixture(scope="module")
def addresses(the_brokers: Brokers) -> Iterator[dict[str, str]]:
    """By holder. The names are this run's own, since others may use the same broker."""
    if the_brokers.management_url is None:
        pytest.skip(f"setup makes no accounts without RabbitMQ's management API: set {MANAGEMENT_VARIABLE}")
    run = secrets.token_hex(4)
    accounts = {holder: replace(account, name=f"{account.name}-{run}") for holder, account in ACCOUNTS.items()}
    urls = {holder: as_user(the_brokers.amqp_url, account.name) for holder, account in accounts.items()}
    clean(the_brokers.amqp_url)
    topology.declare(the_brokers.amqp_url, list(QUEUES))
    with_passwords = [(account, account_in(urls[holder])[1]) for holder, account in accounts.items()]
    broker.reconcile(the_brokers.management_url, the_brokers.amqp_url, with_passwords, QUEUES)
    yield urls
    management = Management(the_brokers.management_url, *account_in(the_brokers.amqp_url))
    for account in accounts.values():
        management.delete("users", account.name)
    management.close()
    with pika.BlockingConnection(pika.URLParameters(the_brokers.amqp_url)) as connection:
        connection.channel().queue_delete("listener.mine")
    clean(the_brokers.amqp_url)


def publish(exchange: str, key: str, **headers: Any) -> Act:
    def act(channel: Any) -> None:
        channel.confirm_delivery()
        channel.basic_publish(exchange, key, b"{}", pika.BasicProperties(headers=headers))

    return act


def read(queue: str) -> Act:
    return lambda channel: channel.basic_get(queue)


def look(queue: str) -> Act:
    return lambda channel: channel.queue_declare(queue, passive=True)


def declare(queue: str, **arguments: Any) -> Act:
    return lambda channel: channel.queue_declare(queue, durable=True, arguments=arguments)


def bind(queue: str, exchange: str, key: str) -> Act:
    return lambda channel: channel.queue_bind(queue, exchange, key)


def listen(key: str) -> Act:
    def act(channel: Any) -> None:
        channel.queue_declare("listener.mine", durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind("listener.mine", EVENTS, key)

    return act


def delete(queue: str) -> Act:
    return lambda channel: channel.queue_delete(queue)


ALLOWED: list[tuple[str, str, Act]] = [
    ("submitter", "submits", publish(SUBMISSIONS, "ticket.submit")),
    (
        "submitter",
        "waits for answers",
        lambda channel: channel.basic_consume("amq.rabbitmq.reply-to", print, auto_ack=True),
    ),
    ("listener", "makes its queue and binds what is public", listen("ticket.created")),
    ("listener", "reads its queue", read("listener.mine")),
    ("intake", "reads submissions", read("intake.submissions")),
    ("intake", "announces", publish(EVENTS, "ticket.created")),
    ("intake", "answers", publish("", "reply.somebody")),
    ("assignment", "announces", publish(EVENTS, "ticket.assigned")),
    ("sla", "reads its inbox", read("sla.inbox")),
    ("sla", "looks how much waits in it", look("sla.inbox")),
    ("sla", "reads intake's signs of life", read("sla.signs")),
    ("intake", "gives signs of life", publish(EVENTS, "published.intake")),
    ("notify", "announces", publish(EVENTS, "notification.sent")),
]

REFUSED: list[tuple[str, str, Act]] = [
    ("submitter", "submits what nobody takes", publish(SUBMISSIONS, "ticket.delete")),
    ("submitter", "announces", publish(EVENTS, "ticket.created")),
    ("submitter", "goes round by the default exchange", publish("", "intake.submissions")),
    ("submitter", "fills somebody's inbox", publish("", "sla.inbox")),
    ("submitter", "publishes to the dead", publish("helpdesk.dead", "")),
    ("submitter", "reads submissions", read("intake.submissions")),
    ("submitter", "declares a queue", declare("mine")),
    ("submitter", "declares a queue for answers", declare("reply.mine")),
    ("submitter", "declares an exchange", lambda channel: channel.exchange_declare("mine", "topic")),
    ("submitter", "deletes the submissions", delete("intake.submissions")),
    ("submitter", "binds", bind("intake.submissions", EVENTS, "ticket.created")),
    ("listener", "hears of notes", listen("ticket.note_added")),
    ("listener", "hears of keys", listen("api_key.issued")),
    ("listener", "hears of agents", listen("agent.changed")),
    ("listener", "hears signs of life", listen("published.intake")),
    ("sla", "gives intake's signs of life", publish(EVENTS, "published.intake")),
    ("listener", "hears everything", listen("#")),
    ("listener", "hears a kind", listen("ticket.*")),
    ("listener", "hears a kind from behind", listen("*.created")),
    ("listener", "hears what has no name", listen("")),
    ("listener", "hears submissions", bind("listener.mine", SUBMISSIONS, "ticket.submit")),
    ("listener", "hears through an exchange of its own", lambda channel: (
        channel.exchange_declare("listener.hub", "topic", auto_delete=True),
        channel.exchange_bind("listener.hub", EVENTS, "#"),
    )),
    ("listener", "reads an inbox", read("notify.inbox")),
    ("listener", "reads the dead", read("helpdesk.dead")),
    ("listener", "declares somebody's queue", declare("sla.inbox")),
    ("listener", "declares a queue that passes on to events", declare(
        "listener.on", **{"x-dead-letter-exchange": EVENTS}
    )),
    ("listener", "declares a queue that passes on to an inbox", declare(
        "listener.on", **{"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "sla.inbox"}
    )),
    ("listener", "announces", publish(EVENTS, "ticket.created")),
    ("listener", "submits", publish(SUBMISSIONS, "ticket.submit")),
    ("listener", "fills somebody's inbox", publish("", "sla.inbox")),
    ("sla", "reads another's inbox", read("intake.inbox")),
    ("sla", "deletes its own", delete("sla.inbox")),
    ("sla", "binds its own to more", bind("sla.inbox", EVENTS, "ticket.note_added")),
    ("sla", "announces what is another's", publish(EVENTS, "ticket.closed")),
    ("sla", "answers", publish("", "reply.somebody")),
    ("sla", "submits", publish(SUBMISSIONS, "ticket.submit")),
    ("notify", "reads another's inbox", read("assignment.inbox")),
    ("assignment", "reads submissions", read("intake.submissions")),
    ("intake", "issues keys", publish(EVENTS, "api_key.issued")),
    ("intake", "declares a queue", declare("mine")),
]  # fmt: skip


def attempt(url: str, act: Act) -> int | None:
    """The code with which the broker refuses, None if it doesn't."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        act(connection.channel())
    except ChannelClosedByBroker as closed:
        return int(closed.reply_code)
    finally:
        connection.close()
    return None


@pytest.mark.parametrize(("holder", "what", "act"), ALLOWED, ids=lambda value: value if isinstance(value, str) else "")
def test_may(addresses: dict[str, str], holder: str, what: str, act: Act) -> None:
    assert attempt(addresses[holder], act) is None


@pytest.mark.parametrize(("holder", "what", "act"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_may_not(addresses: dict[str, str], holder: str, what: str, act: Act) -> None:
    assert attempt(addresses[holder], act) == 403


@pytest.mark.parametrize("header", ["CC", "BCC"])
def test_nobody_announces_what_is_anothers_in_a_copy(
    addresses: dict[str, str], the_brokers: Brokers, header: str
) -> None:
    management = Management(the_brokers.management_url or "", *account_in(the_brokers.amqp_url))
    version = management.get("overview")["rabbitmq_version"]
    management.close()
    if version.startswith("3."):
        pytest.skip(f"RabbitMQ {version} doesn't hold copies against the patterns of routing keys")
    assert attempt(addresses["sla"], publish(EVENTS, "sla.met", **{header: ["ticket.closed"]})) == 403


def test_a_right_that_was_widened_and_a_binding_that_was_added_are_put_right(
    addresses: dict[str, str], the_brokers: Brokers
) -> None:
    assert the_brokers.management_url is not None
    vhost = pika.URLParameters(the_brokers.amqp_url).virtual_host
    name, password = account_in(addresses["sla"])
    management = Management(the_brokers.management_url, *account_in(the_brokers.amqp_url))
    management.put("permissions", vhost, name, configure=".*", write=".*", read=".*")
    management.put("topic-permissions", vhost, name, exchange=EVENTS, write=".*", read=".*")
    management.close()
    assert attempt(addresses["sla"], bind("sla.inbox", EVENTS, "ticket.note_added")) is None
    broker.reconcile(
        *(the_brokers.management_url, the_brokers.amqp_url),
        [(replace(ACCOUNTS["sla"], name=name), password)],
        QUEUES,
    )
    assert attempt(addresses["sla"], read("intake.inbox")) == 403
    with pika.BlockingConnection(pika.URLParameters(the_brokers.amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_purge("sla.inbox")
        channel.basic_publish(EVENTS, "ticket.note_added", b"{}")
        assert channel.queue_declare("sla.inbox", passive=True).method.message_count == 0
