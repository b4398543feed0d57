"""Nobody finds out at the door who is known."""

from tests.support.access import key_with
from tests.support.intake_desk import ASKED, Desk


def test_a_known_address_asks_for_access_in_the_same_words_as_an_unknown_one(desk: Desk) -> None:
    desk.open_ticket(requester={"address": "here@customer.example"})
    known = desk.app.test_client().post("/v1/access", json={"address": "here@customer.example"})
    unknown = desk.app.test_client().post("/v1/access", json={"address": "nobody@customer.example"})
    assert (known.status_code, known.data) == (202, unknown.data)
    assert list(known.headers) == list(unknown.headers)


def test_asking_writes_the_same_whether_the_address_is_known(desk: Desk) -> None:
    desk.open_ticket(requester={"address": "row@customer.example"})
    for address in ("row@customer.example", "no-row@customer.example"):
        desk.app.test_client().post("/v1/access", json={"address": address})
    rows = list(desk.database["access_requests"].find({"_id": {"$regex": "row@"}}))
    assert sorted(row["_id"] for row in rows) == ["no-row@customer.example", "row@customer.example"]
    assert rows[0].keys() == rows[1].keys()


def test_opening_a_ticket_for_an_address_does_not_tell_who_has_it(desk: Desk) -> None:
    desk.open_ticket(requester={"address": "whose@customer.example", "name": "Dr. Wolf"})
    form = key_with(desk.database, "tickets:create")
    for address in ("whose@customer.example", "unheard-of@customer.example"):
        opened = desk.client.post("/v1/tickets", json={**ASKED, "requester": {"address": address}}, headers=form)
        assert opened.status_code == 201
        assert "Wolf" not in opened.text
