"""A small request costs little: what is nested, swollen, endless or repeated is refused before it hurts."""

from collections.abc import Iterator

import pytest

from shared.settings import Limits
from tests.support.intake_desk import ASKED, Desk, agent, answered, opened_desk, requester_of


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b"9" * 1_000_000, 400),
        (b'{"subject": NaN}', 400),
        (b'{"subject": "\\ud800"}', 400),
        (b'{"subject": "x", "subject": {"$ne": 1}}', 422),
        (b'{"text": "' + b"x" * 1_100_000 + b'"}', 413),
        (b"\xff\xfe", 400),
        (b"", 400),
    ],
    ids=["nested lists", "nested objects", "digits", "NaN", "half a character", "twice", "1.1 MB", "no UTF-8", "empty"],
)
def test_a_bomb_is_refused(desk: Desk, body: bytes, status: int) -> None:
    assert desk.client.post("/v1/tickets", data=body, content_type="application/json").status_code == status


def test_a_page_has_at_most_a_hundred_rows(desk: Desk) -> None:
    for limit in ("101", "0", "-1", "9" * 400, "1e3", "1_0", "٣", " 3", ""):
        assert desk.client.get(f"/v1/tickets?limit={limit}").status_code == 422


@pytest.mark.parametrize("who", ["agent", "requester"])
def test_a_page_of_long_texts_ends_after_a_mebibyte_and_leads_to_the_rest(desk: Desk, who: str) -> None:
    ticket = desk.open_ticket(text="😀" * 60_000)
    path = f"/v1/tickets/{ticket['id']}"
    for sign in "abcd":
        answer = desk.client.post(f"{path}/replies", json={"text": (sign + "語" * 9) * 10_000}, headers=agent("ben"))
        assert answer.status_code == 201
    headers = agent("ben") if who == "agent" else requester_of(ticket)
    pages, asked = [], f"{path}/entries?limit=100"
    while asked:
        answer = desk.client.get(asked, headers=headers)
        assert len(answer.data) < 1_060_000
        pages.append([row["text"][0] for row in answered(answer)["data"]])
        asked = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert pages == [["😀", "a", "b"], ["c", "d"]]


@pytest.mark.parametrize("path", ["%00", "\ud800", "9" * 400, "..%2f..%2fetc", "0195b3c0-0000-7000-8000-00000000000g"])
def test_a_path_that_names_nothing_is_not_found(desk: Desk, path: str) -> None:
    for place in ("/v1/tickets/{}", "/v1/tickets/{}/entries", "/v1/attachments/{}", "/v1/access/{}"):
        target = place.format(path).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert desk.client.get(target, headers=agent("ben")).status_code == 404


@pytest.mark.parametrize("value", ["%00", "%ed%a0%80", "x%0a", "9" * 4000])
def test_a_query_of_odd_characters_is_refused(desk: Desk, value: str) -> None:
    for name in ("topic", "assignee", "cursor", "number", "requester", "status"):
        assert desk.client.get(f"/v1/tickets?{name}={value}").status_code in (200, 422)
        assert desk.client.get(f"/v1/tickets?{value}={name}").status_code == 422


@pytest.fixture(scope="module")
def strict(mongo_url: str) -> Iterator[Desk]:
    with opened_desk(mongo_url, Limits(network="5/minute", requester="5/minute")) as desk:
        yield desk


def test_guessing_links_and_asking_for_mails_is_slowed_down(strict: Desk) -> None:
    known = strict.open_ticket()["requester"]["address"]
    statuses = [strict.app.test_client().get(f"/v1/access/guess.{n}").status_code for n in range(5)]
    assert statuses == [404] * 5
    refused = strict.app.test_client().post("/v1/access", json={"address": known})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_a_desk_that_slows_strangers_down_serves_those_it_knows(strict: Desk) -> None:
    assert [strict.client.post("/v1/tickets", json=ASKED).status_code for _ in range(10)] == [201] * 10
