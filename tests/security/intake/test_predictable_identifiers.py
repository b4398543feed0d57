"""A number that can be counted up opens nothing, and a link that was not signed for it opens nothing."""

import base64

import orjson
import pytest

from shared.access.signed_link import Link, sign
from shared.moments import utc_now
from tests.support.intake_desk import Desk, holder_of_a_link_to, requester_of

NOBODY = "0195b3c0-0000-7000-8000-00000000dead"


def test_a_ticket_number_is_no_way_in(desk: Desk) -> None:
    ticket = desk.open_ticket()
    neighbour = str(int(ticket["number"]) - 1)
    for headers in (requester_of(ticket), holder_of_a_link_to(ticket)):
        for number in (ticket["number"], neighbour):
            assert desk.client.get(f"/v1/tickets/{number}", headers=headers).status_code == 404
            assert desk.client.get(f"/v1/tickets?number={number}", headers=headers).status_code == 422
            assert desk.client.get(f"/v1/access/{number}", headers=headers).status_code == 404


def _forged(desk: Desk, kind: str) -> str:
    ticket, other = desk.open_ticket(), desk.open_ticket(requester={"address": "eve@elsewhere.example"})
    ana, eve = ticket["requester"]["id"], other["requester"]["id"]
    genuine = desk.link("ticket", other["id"], eve)
    body, _, signature = genuine.partition(".")
    match kind:
        case "another's ticket under a genuine signature":
            facts = orjson.loads(base64.urlsafe_b64decode(body + "=="))
            facts[1] = ticket["id"]
            return base64.urlsafe_b64encode(orjson.dumps(facts)).decode().rstrip("=") + "." + signature
        case "signed with another secret":
            now = utc_now()
            return sign(Link("ticket", ticket["id"], ana, now, now.replace(year=now.year + 1)), "a guessed secret")
        case "signed for another purpose":
            return desk.link("invitation", ana, ana)
        case "a ticket that is not the holder's":
            return desk.link("ticket", ticket["id"], eve)
        case "a holder who is not there":
            return desk.link(
                "requester", "0195b3c0-0000-7000-8000-00000000dead", "0195b3c0-0000-7000-8000-00000000dead"
            )
        case "half a signature":
            return genuine[:-20]
        case "no signature":
            return body + "."
        case "two signatures":
            return genuine + "." + signature
    return {"nothing": ".", "not ours at all": "let-me.in", "no ascii": "ä.ö", "very long": "x" * 3000 + ".x"}[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "another's ticket under a genuine signature",
        "signed with another secret",
        "signed for another purpose",
        "a ticket that is not the holder's",
        "a holder who is not there",
        "half a signature",
        "no signature",
        "two signatures",
        "nothing",
        "not ours at all",
        "no ascii",
        "very long",
    ],
)
def test_a_forged_link_opens_nothing_and_is_answered_like_any_other(desk: Desk, kind: str) -> None:
    refused = desk.app.test_client().get(f"/v1/access/{_forged(desk, kind)}")
    usual = desk.app.test_client().get("/v1/access/never.signed")
    assert (refused.status_code, refused.data) == (404, usual.data)
    assert refused.headers["Cache-Control"] == "no-store"
