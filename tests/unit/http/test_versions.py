"""Nobody overwrites what he has not seen."""

import pytest
from flask.testing import FlaskClient

from tests.unit.http.kiosk import dana

BODY = {"name": "paper"}


@pytest.mark.parametrize(
    ("if_match", "status"),
    [(None, 428), ('"3"', 200), ("*", 200), ('"2"', 412), ('"4"', 412), ("3", 422), ('W/"3"', 422), ('""', 422)],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_change_names_the_version_that_is_there(
    method: str, if_match: str | None, status: int, web: FlaskClient
) -> None:
    headers = {**dana(), **({} if if_match is None else {"If-Match": if_match})}
    answer = web.open("/v1/articles/paper", method=method, json=BODY, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(("if_match", "status"), [(None, 200), ("*", 200), ('"3"', 412)])
def test_what_is_put_anew_has_no_version_yet(if_match: str | None, status: int, web: FlaskClient) -> None:
    headers = {**dana(), **({} if if_match is None else {"If-Match": if_match})}
    assert web.put("/v1/articles/pens", json=BODY, headers=headers).status_code == status


@pytest.mark.parametrize("if_match", ['"٣"', '"1' + "0" * 30 + '"', '"3", "4"', '"-1"'])
def test_a_version_is_a_number_in_quotes(if_match: str, web: FlaskClient) -> None:
    header = if_match.encode().decode("latin-1")
    answer = web.patch("/v1/articles/paper", json=BODY, headers={**dana(), "If-Match": header})
    assert answer.status_code == 422


def test_an_answer_with_a_version_has_it_as_its_etag(web: FlaskClient) -> None:
    answer = web.put("/v1/articles/pens", json=BODY, headers=dana())
    assert answer.headers["ETag"] == '"4"'
    refused = web.patch("/v1/articles/paper", json=BODY, headers=dana()).get_json()
    assert refused["type"] == "urn:relaydesk:version-missing"
    assert refused["errors"] == [
        {"field": "If-Match", "rule": "is required", "remedy": "Send the ETag of what you read, or * to overwrite."}
    ]
    late = web.patch("/v1/articles/paper", json=BODY, headers={**dana(), "If-Match": '"2"'}).get_json()
    assert late["detail"] == "It is at version 3 now: read it again."
