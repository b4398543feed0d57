"""What the APIs answer is what their OpenAPI documents say, whatever is sent and whoever sends it."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode, SerializationContext, openapi, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err, Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security import callers, desks
from tests.security.calls import called
from tests.security.desks import SERVICES
from tests.security.desks.desk import Desk
from tests.security.routes.row import Row
from tests.security.routes.table import TABLE

Operation = APIOperation[Any, Any, Any, Any]
Operations = Mapping[tuple[str, str], Operation]  # by method and path

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {
    callers.ADMINISTRATOR: 6,
    callers.TICKETS_KEY: 2,
    callers.EXPANDED: 1,
    callers.VIEW_ONLY: 1,
    callers.REQUESTER: 2,
    callers.BY_LINK: 1,
    callers.ANONYMOUS: 1,
}
"""How often each caller tries each operation with what the document allows, and as often with what it doesn't."""


@serializer("message/rfc822")
def a_mail(_: SerializationContext, content: Any) -> bytes:
    return content if isinstance(content, bytes) else str(content).encode()


@pytest.fixture(scope="module")
def the_desks(mongo_url: str) -> Iterator[Mapping[str, Desk]]:
    with desks.opened_all(mongo_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def operations(the_desks: Mapping[str, Desk]) -> Mapping[str, Operations]:
    return {service: operations_of(desk) for service, desk in the_desks.items()}


def document_of(desk: Desk) -> dict[str, Any]:
    document: dict[str, Any] = desk.app.test_client().get("/openapi.json").get_json()
    return document


def operations_of(desk: Desk) -> Operations:
    found = list(openapi.from_wsgi("/openapi.json", desk.app).get_all_operations())
    broken = [result.err() for result in found if isinstance(result, Err)]
    assert broken == []
    return {(o.method.upper(), o.path): o for o in (result.ok() for result in found if isinstance(result, Ok))}


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_valid_openapi(service: str, the_desks: Mapping[str, Desk]) -> None:
    document = document_of(the_desks[service])
    assert document["openapi"] == "3.1.0"
    validate(document)


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_is_about_the_whole_text_and_no_secret_of_pythons(
    service: str, the_desks: Mapping[str, Desk]
) -> None:
    patterns: list[str] = []

    def note(part: dict[str, Any]) -> None:
        if isinstance(part.get("pattern"), str):
            patterns.append(part["pattern"])

    json.loads(the_desks[service].app.test_client().get("/openapi.json").data, object_hook=note)
    assert patterns
    assert [p for p in patterns if not (p.startswith("^") and p.endswith("$")) or re.search(r"\\[AZ]|\(\?P", p)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_says_what_it_is_for_and_what_it_takes(service: str, the_desks: Mapping[str, Desk]) -> None:
    for path, operations in document_of(the_desks[service])["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                assert operation["summary"], f"{method} {path}"
                assert operation.get("x-permission") or operation["security"] == [], f"{method} {path}"


@pytest.mark.parametrize("service", SERVICES)
def test_where_somebody_must_say_who_he_is_a_key_may_say_for_whom_it_acts(
    service: str, the_desks: Mapping[str, Desk]
) -> None:
    for path, operations in document_of(the_desks[service])["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                headers = [p["name"] for p in operation.get("parameters", ()) if p.get("in") == "header"]
                is_public = operation.get("security") == []
                assert ("X-On-Behalf-Of" in headers) is not is_public, f"{method} {path}"
                assert is_public or "422" in operation["responses"], f"{method} {path}"


def test_a_mail_may_come_with_an_idempotency_key(the_desks: Mapping[str, Desk]) -> None:
    operation = document_of(the_desks["intake"])["paths"]["/v1/mail"]["post"]
    assert {p["name"] for p in operation["parameters"]} == {"X-On-Behalf-Of", "Idempotency-Key"}


DOCUMENTED = [row for row in TABLE if row.rule.startswith("/v1/")]


@pytest.mark.parametrize("row", DOCUMENTED, ids=str)
def test_what_is_granted_is_answered_as_documented(
    row: Row, the_desks: Mapping[str, Desk], operations: Mapping[str, Operations]
) -> None:
    desk = the_desks[row.service]
    operation = operations[row.service][row.method, re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", row.rule)]
    for caller in sorted(row.allowed):
        response = called(row, caller, desk)
        assert response.status_code == row.expected(caller)
        operation.validate_response(response)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # threads of ours do, meanwhile
@pytest.mark.parametrize("caller", EXAMPLES)
@pytest.mark.parametrize("service", SERVICES)
def test_nothing_else_is_answered_than_documented(
    service: str, caller: str, the_desks: Mapping[str, Desk], operations: Mapping[str, Operations]
) -> None:
    for operation in operations[service].values():
        for mode in GenerationMode:
            _try(operation, mode, the_desks[service], caller)


def _try(operation: Operation, mode: GenerationMode, desk: Desk, caller: str) -> None:
    """Half of the time about what there is, which nobody would hit by chance."""

    @given(operation.as_strategy(generation_mode=mode), st.booleans())
    @settings(
        max_examples=EXAMPLES[caller],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: Any, is_about_what_there_is: bool) -> None:
        if is_about_what_there_is:
            case.path_parameters = {name: desk.makers[name]() for name in case.path_parameters or {}}
        response = case.call(headers=desk.sends(caller, case.path_parameters or {}))
        case.validate_response(response, checks=PROMISES)

    is_optional = mode is GenerationMode.NEGATIVE  # a document may forbid nothing; that it allows nothing is a mistake
    with suppress(Unsatisfiable) if is_optional else nullcontext():
        tried()
