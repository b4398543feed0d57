"""Assignment's desk: Ben has Ana's tickets, or they wait; everybody who is invited, and every key, comes anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from pymongo.database import Database

from services.assignment.bootstrap import app_on
from services.assignment.handlers.change_agent import add_agent
from services.assignment.handlers.issue_api_key import issue_api_key
from services.assignment.indexes import INDEXES
from services.assignment.seed import SETUP, seed
from services.assignment.settings import AccountSettings
from shared.identifiers import new_id
from shared.settings import DoorSettings
from shared.store import indexes
from shared.store.documents import Changes, Document, Documents
from tests.integration.assignment.desk import LINK_SECRET
from tests.integration.assignment.desk import Desk as Within
from tests.security import callers
from tests.security.desks.desk import Desk
from tests.support.access import signing_key
from tests.support.sla_cast import Life

PASSWORD = "seven quiet lighthouses"
INVITED = "iris"  # a new password ends tokens: it may not be a caller's


@contextmanager
def desk_on(database: Database[Document], settings: DoorSettings) -> Iterator[Desk]:
    indexes.create(database, INDEXES)
    within = Within(database)
    seed(within.door)
    for caller, name in callers.AGENT_IDS.items():
        within.order(partial(_seated, name, callers.ROLES[caller], caller != callers.DISABLED))
    within.order(partial(_seated, INVITED, {"support": "limited"}, True))
    app = app_on(database, settings, AccountSettings(signing_key("agent"), LINK_SECRET))

    def waiting_ticket() -> str:
        life = Life()
        within.hear(life.created())
        return life.id

    def ticket() -> str:
        ticket_id = waiting_ticket()
        given = {"$set": {"state": "assigned", "agent_id": "ben"}, "$inc": {"revision": 1}}
        database["assignments"].update_one({"_id": ticket_id}, given)
        return ticket_id

    def decision() -> str:
        return str(within.assignment(ticket())["decision_id"])

    def key() -> str:
        issued = within.order(partial(issue_api_key, "Web form", ["mail"], None, SETUP))
        return str(issued["id"])

    yield Desk(
        app,
        database,
        {
            "ticket_id": ticket,
            "waiting ticket": waiting_ticket,
            "decision_id": decision,
            "agent_id": lambda: "vera",
            "department_id": new_id,
            "role_id": new_id,
            "topic": new_id,
            "key_id": key,
            "link": lambda: within.invite(INVITED),
        },
    )


def _seated(name: str, roles: dict[str, str], is_active: bool, documents: Documents, now: datetime) -> Changes:
    agent = {
        "id": name,
        "name": name.title(),
        "address": f"{name}@desk.example",
        "departments": sorted(set(roles) - {"*"}),
        "skills": [],
        "capacity": 20,
        "available": True,
        "active": is_active,
        "language": "en",
        "roles": roles,
    }
    return add_agent(agent, SETUP, False, documents, now)
