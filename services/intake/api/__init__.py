"""Intake over HTTP; each room has a module."""

from collections.abc import Callable

from flask import Flask
from pymongo.database import Database

from services.intake.api import actions, requesters, tickets, topics
from shared.http.application import Commands
from shared.store.documents import Document


def register(app: Flask, database: Database[Document], commands: Commands, next_number: Callable[[], str]) -> None:
    tickets.register(app, database, commands, next_number)
    actions.register(app, commands, next_number)
    topics.register(app, database, commands)
    requesters.register(app, database, commands)
