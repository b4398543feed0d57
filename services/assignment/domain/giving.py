"""Nobody gives more than he has: neither by a role, nor to an agent, nor with an API key."""

from collections.abc import Iterable, Mapping

from shared.access.may import EVERYWHERE, Principal
from shared.refusals import Refusal


class MoreThanOneHas(Refusal):
    status = 403
    title = "Nobody gives or takes more than he has"


def must_have_all(giver: Principal, rights: Mapping[str, Iterable[str]]) -> None:
    """`rights`: the permissions in question by department, "*" for everywhere."""
    everywhere = giver.rights.get(EVERYWHERE, frozenset())
    for place, permissions in rights.items():
        lacking = set(permissions) - everywhere - giver.rights.get(place, frozenset())
        if lacking:
            where = "everywhere" if place == EVERYWHERE else f"in {place}"
            raise MoreThanOneHas(f"You lack {', '.join(sorted(lacking))} {where}: ask somebody who has it.")
