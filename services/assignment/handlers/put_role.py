"""A role: a name for a set of permissions. Who has it has its permissions as they are by now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.assignment.domain.giving import must_have_all
from services.assignment.roster_repository import ROLES
from shared.access.may import EVERYWHERE, Principal
from shared.access.permissions import ADMINISTRATOR
from shared.events.access import RoleChanged
from shared.refusals import Refusal
from shared.store.documents import Announcement, Changes, Document, Documents


class AdministratorsStay(Refusal):
    title = "Administrators may do everything"


def put_role(
    role_id: str, name: str, permissions: Sequence[str], giver: Principal, documents: Documents, now: datetime
) -> Changes:
    """Anybody may have the role anywhere, so `giver` needs its permissions everywhere, old and new ones."""
    if role_id == ADMINISTRATOR:
        raise AdministratorsStay("This role can't be changed: make another one.")
    known = documents.get(ROLES, role_id)
    must_have_all(giver, {EVERYWHERE: {*permissions, *(known["permissions"] if known else ())}})
    return role_as(role_id, name, permissions, documents, now)


def role_as(role_id: str, name: str, permissions: Sequence[str], documents: Documents, now: datetime) -> Changes:
    blank: Document = {"_id": role_id, "version": 0, "time": now}
    before = documents.get(ROLES, role_id) or blank
    after = {**before, "name": name, "permissions": sorted(set(permissions))}
    if after == before:
        return Changes(answer=shown(before))
    after |= {"version": before["version"] + 1, "time": max(now, before["time"])}
    event = RoleChanged(role_id, name, tuple(after["permissions"]))
    announcement = Announcement(event, f"role:{role_id}", after["version"], after["time"])
    return Changes(documents=[(ROLES, after)], events=[announcement], answer=shown(after))


def shown(role: Document) -> dict[str, Any]:
    return {"id": role["_id"], **{name: role[name] for name in ("name", "permissions", "version")}}
