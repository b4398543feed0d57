"""Sla, put together for its two processes."""

from flask import Flask

from services.sla.api import blueprint
from services.sla.recalculator import Recalculator
from services.sla.settings import read_addresses
from services.sla.subscriptions import QUEUES, SUBSCRIPTIONS
from services.sla.ticker import Ticker
from shared.http.application import Commands, create_app
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Loop, Service


def build_app() -> Flask:
    addresses = read_addresses()
    database = connect(addresses.mongo_url, "sla-api")[addresses.database]
    app = create_app("sla", database)
    app.register_blueprint(blueprint(database, Commands(UnitOfWork(database, "sla"))))
    return app


def build_service() -> Service:
    addresses = read_addresses()
    database = connect(addresses.mongo_url, "sla-worker")[addresses.database]
    unit_of_work = UnitOfWork(database, "sla")
    return Service(
        name="sla",
        database=database,
        amqp_url=addresses.amqp_url,
        queues=[queue.name for queue in QUEUES],
        subscriptions=SUBSCRIPTIONS,
        loops=(
            Loop("ticker", Ticker(database, unit_of_work).run),
            Loop("recalculator", Recalculator(database, unit_of_work).run),
        ),
    )
