"""Wires assignment's two processes from their tables."""

from flask import Flask

from services.assignment import api
from services.assignment.handlers.allocate_waiting import allocate_waiting
from services.assignment.handlers.settle_workloads import settle_workloads
from services.assignment.subscriptions import QUEUES, SUBSCRIPTIONS
from services.assignment.sweep import sweeping
from shared.http.application import Commands, create_app
from shared.settings import Addresses
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Service

NAME = "assignment"


def build_app(settings: Addresses) -> Flask:
    database = connect(settings.mongo_url, NAME)[settings.database]
    app = create_app(NAME, database)
    api.register(app, database, Commands(UnitOfWork(database, NAME, settle_workloads)))
    return app


def build_service(settings: Addresses) -> Service:
    database = connect(settings.mongo_url, NAME)[settings.database]
    finish = allocate_waiting(database)
    return Service(
        name=NAME,
        database=database,
        amqp_url=settings.amqp_url,
        queues=[queue.name for queue in QUEUES],
        subscriptions=SUBSCRIPTIONS,
        finish=finish,
        loops=[sweeping(UnitOfWork(database, NAME, finish))],
    )
