"""Intake, wired: the API and the worker from the service's tables."""

from collections.abc import Mapping

from flask import Flask
from pymongo.database import Database

from services.intake.api.access import access_routes
from services.intake.api.actions import actions_routes
from services.intake.api.requesters import requesters_routes
from services.intake.api.tickets import tickets_routes
from services.intake.api.topics import topics_routes
from services.intake.mail import orphans
from services.intake.mail.attachments import attachments_routes
from services.intake.mail.door import mail_routes
from services.intake.mail.large_mails import LargeMails
from services.intake.mail.reader import MailReader
from services.intake.number_blocks import NumberBlocks
from services.intake.settings import Secrets
from services.intake.submissions.reader import reader
from services.intake.subscriptions import QUEUES, SUBSCRIPTIONS
from shared.access.tokens import Signer
from shared.http.application import create_app
from shared.http.commands import Commands
from shared.settings import Addresses, DoorSettings
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Service

_DESCRIPTION = "A ticket comes in, is talked about, ends."


def build_app(settings: Addresses, door: DoorSettings, secrets: Secrets) -> Flask:
    return app_on(connect(settings.mongo_url, "intake")[settings.database], door, secrets, MailReader())


def app_on(database: Database[Document], door: DoorSettings, secrets: Secrets, mail_reader: MailReader) -> Flask:
    app, api = create_app("intake", _DESCRIPTION, database, door)
    commands = Commands(UnitOfWork(database, "intake"))
    next_number = NumberBlocks(database).take
    for routes in (
        tickets_routes(database, commands, next_number),
        actions_routes(commands, next_number),
        topics_routes(database, commands),
        requesters_routes(database, commands),
        access_routes(database, commands, Signer(secrets.requesters_key), secrets.links),
        mail_routes(database, commands, mail_reader, LargeMails(), next_number, secrets.mail),
        attachments_routes(database),
    ):
        api.register_blueprint(routes)
    return app


def build_service(settings: Addresses, submitters: Mapping[str, str]) -> Service:
    database = connect(settings.mongo_url, "intake")[settings.database]
    return Service(
        name="intake",
        database=database,
        amqp_url=settings.amqp_url,
        queues=[queue.name for queue in QUEUES],
        subscriptions=SUBSCRIPTIONS,
        readers={"intake.submissions": reader(NumberBlocks(database).take, submitters)},
        loops=(orphans.sweeping(database),),
    )
