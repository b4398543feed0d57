"""Notify, put together for each of its three processes."""

from flask import Flask
from pymongo.database import Database

from services.notify.api import notification_routes
from services.notify.delivering import Sender
from services.notify.outbox import Outbox
from services.notify.settings import letterhead, notify_addresses, read_door_settings, sender_settings
from services.notify.subscriptions import QUEUES, SUBSCRIPTIONS
from shared.http.application import create_app
from shared.http.commands import Commands
from shared.http.committer import Committer
from shared.settings import DoorSettings
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Service


def build_app() -> Flask:
    addresses = notify_addresses()
    return app_on(connect(addresses.mongo_url, "notify-api")[addresses.database], read_door_settings())


def app_on(database: Database[Document], settings: DoorSettings) -> Flask:
    app, api = create_app("notify", "People are told: by whom and when, and what became of it.", database, settings)
    api.register_blueprint(notification_routes(database, Commands(UnitOfWork(database, "notify"))))
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
    addresses, settings, mail_from = notify_addresses(), sender_settings(), letterhead().mail_from
    database = connect(addresses.mongo_url, "notify-sender")[addresses.database]
    committer = Committer(UnitOfWork(database, "notify"))
    return Sender(Outbox(database, settings.lease), committer, settings, mail_from)
