"""Sla, put together for its two processes."""

from flask import Flask
from pymongo.database import Database

from services.sla.api.clocks import clock_routes
from services.sla.api.plans import plan_routes
from services.sla.api.schedules import schedule_routes
from services.sla.recalculator import Recalculator
from services.sla.settings import read_addresses, read_door_settings
from services.sla.subscriptions import FACTS_FROM, QUEUES, SUBSCRIPTIONS
from services.sla.ticker import Ticker
from shared.http.application import create_app
from shared.http.commands import Commands
from shared.settings import DoorSettings
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Loop, Service


def build_app() -> Flask:
    addresses = read_addresses()
    return app_on(connect(addresses.mongo_url, "sla-api")[addresses.database], read_door_settings())


def app_on(database: Database[Document], settings: DoorSettings) -> Flask:
    app, api = create_app("sla", "The clock: when a ticket is due, and by which promise.", database, settings)
    commands = Commands(UnitOfWork(database, "sla"))
    for routes in (
        clock_routes(database),
        plan_routes(database, commands),
        schedule_routes(database, commands),
    ):
        api.register_blueprint(routes)
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
        facts_from=FACTS_FROM,
    )
