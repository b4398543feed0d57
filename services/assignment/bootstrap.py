"""Wires assignment's two processes from their tables."""

from flask import Flask
from pymongo.database import Database

from services.assignment import api
from services.assignment.handlers.allocate_waiting import allocate_waiting
from services.assignment.handlers.settle_workloads import settle_workloads
from services.assignment.settings import AccountSettings
from services.assignment.sign_in import SignIn
from services.assignment.subscriptions import QUEUES, SUBSCRIPTIONS
from services.assignment.sweep import sweeping
from shared.access.tokens import Signer
from shared.http.application import create_app
from shared.http.commands import Commands
from shared.settings import Addresses, DoorSettings
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Service

NAME = "assignment"
_DESCRIPTION = (
    "Who is responsible for a ticket, and why; the agents, their departments, roles and accounts; the API keys of the "
    "whole desk."
)


def build_app(addresses: Addresses, doors: DoorSettings, accounts: AccountSettings) -> Flask:
    return app_on(connect(addresses.mongo_url, NAME)[addresses.database], doors, accounts)


def app_on(database: Database[Document], doors: DoorSettings, accounts: AccountSettings) -> Flask:
    app, documented = create_app(NAME, _DESCRIPTION, database, doors)
    commands = Commands(UnitOfWork(database, NAME, settle_workloads))
    sign_in = SignIn(database, commands, Signer(accounts.agents_signing_key))
    api.register(documented, database, commands, sign_in, accounts.link_secret)
    return app


def build_service(addresses: Addresses) -> Service:
    database = connect(addresses.mongo_url, NAME)[addresses.database]
    finish = allocate_waiting(database)
    return Service(
        name=NAME,
        database=database,
        amqp_url=addresses.amqp_url,
        queues=[queue.name for queue in QUEUES],
        subscriptions=SUBSCRIPTIONS,
        finish=finish,
        loops=[sweeping(UnitOfWork(database, NAME, finish))],
    )
