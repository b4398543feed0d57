"""Notify, put together for each of its three processes."""

from flask import Flask

from services.notify.api import blueprint
from services.notify.delivering import Sender
from services.notify.outbox import Outbox
from services.notify.settings import letterhead, notify_addresses, sender_settings
from services.notify.subscriptions import QUEUES, SUBSCRIPTIONS
from shared.http.application import Commands, create_app
from shared.http.committer import Committer
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Service


def build_app() -> Flask:
    addresses = notify_addresses()
    database = connect(addresses.mongo_url, "notify-api")[addresses.database]
    app = create_app("notify", database)
    app.register_blueprint(blueprint(database, Commands(UnitOfWork(database, "notify"))))
    return app


def build_service() -> Service:
    letterhead()  # what is wrong with it is said now, not at the first event
    addresses = notify_addresses()
    return Service(
        name="notify",
        database=connect(addresses.mongo_url, "notify-worker")[addresses.database],
        amqp_url=addresses.amqp_url,
        queues=[queue.name for queue in QUEUES],
        subscriptions=SUBSCRIPTIONS,
    )


def build_sender() -> Sender:
    addresses, settings = notify_addresses(), sender_settings()
    database = connect(addresses.mongo_url, "notify-sender")[addresses.database]
    committer = Committer(UnitOfWork(database, "notify"))
    return Sender(Outbox(database, settings.lease), committer, settings, letterhead().mail_from)
