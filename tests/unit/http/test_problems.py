"""What goes wrong is said in one form, names what to do, and tells nothing that is not meant for the caller."""

from io import BytesIO
from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.store.documents import Document
from shared.store.failures import StoreUnavailable
from tests.unit.http.kiosk import dana, kiosk

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"name": 1}', "application/json", 422),
        (b'{"colour": "red"}', "application/json", 422),
        (b"{}", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"name": {"$ne": null}}', "application/json", 422),
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"name=paper", "application/x-www-form-urlencoded", 415),
        (b'{"name": "paper"}', "text/plain", 415),
        (b'{"name": "' + b"x" * 1024 * 1024 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_can_not_be_taken_is_refused_in_the_one_form(
    content: bytes, content_type: str, status: int, web: FlaskClient
) -> None:
    answer = web.put("/v1/articles/pens", data=content, headers={**dana(), "Content-Type": content_type})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    found = answer.get_json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]


class _Silent(BytesIO):
    """A caller who sends no more."""

    def readinto(self, _: Any) -> int:
        raise BlockingIOError


def test_who_falls_silent_is_told_to_send_it_again(web: FlaskClient) -> None:
    said = {"CONTENT_LENGTH": "20", "wsgi.input_terminated": True}  # as gunicorn has it
    headers = {**dana(), **JSON}
    answer = web.put("/v1/articles/pens", input_stream=_Silent(), headers=headers, environ_overrides=said)
    assert (answer.status_code, answer.content_type) == (408, "application/problem+json")
    assert answer.get_json()["detail"] == "Nothing was accepted: send it again, whole."


def test_a_field_that_is_wrong_is_named_with_its_rule_and_the_remedy(web: FlaskClient) -> None:
    found = web.put("/v1/articles/pens", json={"colour": "red"}, headers=dana()).get_json()
    assert found["detail"] == "Mend colour, name and send it again."
    assert sorted(found["errors"], key=lambda error: str(error["field"])) == [
        {
            "field": "colour",
            "rule": "Unknown field.",
            "remedy": "Leave it out, or look the name up in the documentation of this request.",
        },
        {"field": "name", "rule": "Missing data for required field.", "remedy": "Send it: it is required."},
    ]


@pytest.mark.parametrize(
    ("content", "content_type", "field", "rule"),
    [
        (b"{", "application/json", "", "must be valid JSON in UTF-8"),
        (b'{"name": "paper"}', "text/plain", "Content-Type", "must be application/json"),
    ],
)
def test_a_body_that_can_not_be_read_is_told_what_it_must_be(
    content: bytes, content_type: str, field: str, rule: str, web: FlaskClient
) -> None:
    answer = web.put("/v1/articles/pens", data=content, headers={**dana(), "Content-Type": content_type})
    [error] = answer.get_json()["errors"]
    assert (error["field"], error["rule"]) == (field, rule)
    assert error["remedy"]


def test_of_many_reasons_twenty_are_told_and_the_others_counted(web: FlaskClient) -> None:
    found = web.put("/v1/articles/pens", json={f"n{n:02}": 0 for n in range(21)}, headers=dana()).get_json()
    assert len(found["errors"]) == 20
    assert found["detail"].endswith(", 2 more and send it again.")


def test_far_too_many_fields_are_one_reason(web: FlaskClient) -> None:
    found = web.put("/v1/articles/pens", json={f"n{n}": 0 for n in range(22)}, headers=dana()).get_json()
    assert found["detail"] == "Send fewer fields in the body."
    assert found["errors"] == [
        {
            "field": "",
            "rule": "must not have more than 21 fields, has 22",
            "remedy": "Send only those in the documentation of this request.",
        }
    ]


def test_a_strangers_long_name_is_told_by_its_beginning(web: FlaskClient) -> None:
    body = {"name": "x", "n" * 1_000_000: 0}
    [error] = web.put("/v1/articles/pens", json=body, headers=dana()).get_json()["errors"]
    assert error["field"] == "n" * 200


def test_a_question_is_put_once(web: FlaskClient) -> None:
    answer = web.get("/v1/articles?name=a&name=b", headers=dana())
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "name")


def test_what_fails_on_our_side_is_said_without_its_reason(web: FlaskClient) -> None:
    answer = web.get("/v1/fire")
    assert answer.status_code == 500
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Something failed on our side",
        "status": 500,
        "detail": "It has been recorded. Nothing was accepted.",
    }


@pytest.mark.parametrize(
    ("is_uncertain", "says"),
    [
        (False, "The store is away, nothing was accepted: try again in a few seconds."),
        (True, "It is not known whether this was accepted: repeat it with the same Idempotency-Key."),
    ],
)
def test_a_store_that_is_away_is_a_503_that_says_what_to_do(
    is_uncertain: bool, says: str, rows: Database[Document]
) -> None:
    web = kiosk(rows)

    @web.application.get("/away")
    def away() -> Response:
        raise StoreUnavailable("mongodb://relaydesk:hunter2@db", is_uncertain=is_uncertain)

    away.action = "public"  # type: ignore[attr-defined]
    answer = web.get("/away")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["detail"] == says
    assert "hunter2" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/v1/articles/%00", "/v1/articles/%ff%fe", "/v1/receipts/1", "/v1/articles/" + "9" * 99]
)
def test_a_path_that_can_not_be_is_not_found(path: str, web: FlaskClient) -> None:
    answer = web.open(path, method="PUT", json={"name": "x"}, headers=dana())
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_method_that_a_route_lacks_is_answered_with_those_it_has(web: FlaskClient) -> None:
    answer = web.delete("/v1/articles/pens", headers=dana())
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"PUT", "PATCH", "OPTIONS"}
