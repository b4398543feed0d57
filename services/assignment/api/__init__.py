"""Assignment's HTTP API; each room has a module."""

from flask import Flask
from pymongo.database import Database

from services.assignment.api import assignments, keys, roster
from shared.http.application import Commands
from shared.store.documents import Document


def register(app: Flask, database: Database[Document], commands: Commands) -> None:
    assignments.register(app, database, commands)
    roster.register(app, database, commands)
    keys.register(app, database, commands)
