"""Intake, wired: the API and the worker from the service's tables."""

from flask import Flask

from services.intake import api, submissions
from services.intake.mail.attachments import register_attachments
from services.intake.mail.door import register_mail
from services.intake.mail.reader import MailReader
from services.intake.number_blocks import NumberBlocks
from services.intake.subscriptions import QUEUES, SUBSCRIPTIONS
from shared.http.application import Commands, create_app
from shared.settings import Addresses
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork
from shared.worker import Service


def build_app(settings: Addresses, mail_secret: str) -> Flask:
    database = connect(settings.mongo_url, "intake")[settings.database]
    app = create_app("intake", database)
    commands = Commands(UnitOfWork(database, "intake"))
    next_number = NumberBlocks(database).take
    app.register_blueprint(api.routes(database, commands, next_number))
    register_mail(app, commands, database, MailReader(), next_number, mail_secret)
    register_attachments(app, database)
    return app


def build_service(settings: Addresses) -> Service:
    database = connect(settings.mongo_url, "intake")[settings.database]
    return Service(
        name="intake",
        database=database,
        amqp_url=settings.amqp_url,
        queues=[queue.name for queue in QUEUES],
        subscriptions=SUBSCRIPTIONS,
        readers={"intake.submissions": submissions.reader(NumberBlocks(database).take)},
    )
