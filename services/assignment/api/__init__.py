"""Assignment's HTTP API; each room has a module."""

from flask_smorest import Api
from pymongo.database import Database

from services.assignment.api.agents import agent_routes
from services.assignment.api.assignments import assignment_routes
from services.assignment.api.departments import department_routes
from services.assignment.api.invitations import invitation_routes
from services.assignment.api.keys import key_routes
from services.assignment.api.me import me_routes
from services.assignment.api.orders import order_routes
from services.assignment.api.roles import role_routes
from services.assignment.api.sign_in import sign_in_routes
from services.assignment.sign_in import SignIn
from shared.http.commands import Commands
from shared.store.documents import Document


def register(api: Api, database: Database[Document], commands: Commands, sign_in: SignIn, link_secret: str) -> None:
    for routes in (
        assignment_routes(database),
        order_routes(commands),
        agent_routes(database, commands),
        department_routes(database, commands),
        role_routes(database, commands),
        key_routes(database, commands),
        sign_in_routes(database, commands, sign_in),
        invitation_routes(database, commands, sign_in, link_secret),
        me_routes(database, commands, sign_in),
    ):
        api.register_blueprint(routes)
