"""No line break gets from a stranger's field into a header, of an answer or of a mail."""

import pytest

from tests.support.intake_desk import ASKED, Desk, answered
from tests.support.mails import multipart

BREAKS = ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028"]


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
@pytest.mark.parametrize("field", ["subject", "requester.name", "requester.address", "topic", "tags", "language"])
def test_a_line_break_in_what_becomes_a_header_is_refused(desk: Desk, field: str, line_break: str) -> None:
    evil = f"x{line_break}Bcc: everybody@customer.example"
    asked = {**ASKED, field: [evil] if field == "tags" else evil}
    if field.startswith("requester."):
        who = {"address": "ana@customer.example", field.removeprefix("requester."): evil}
        asked = {**ASKED, "requester": who}
    refused = desk.client.post("/v1/tickets", json=asked)
    assert refused.status_code == 422
    assert answered(refused)["errors"][0]["field"].startswith(field)


def test_a_files_name_breaks_no_header(desk: Desk) -> None:
    disposition = "attachment; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3Dy%22.txt"
    file = f"Content-Type: text/plain\r\nContent-Disposition: {disposition}\r\n\r\nx"
    taken = desk.take_mail(multipart("Content-Type: text/plain\r\n\r\nsee", file))
    [description] = answered(desk.client.get(f"/v1/tickets/{taken['ticket_id']}/entries"))["data"]
    for attachment in description["attachments"]:
        response = desk.client.get(f"/v1/attachments/{attachment['id']}")
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert not {"\r", "\n"} & set(response.headers["Content-Disposition"])


def test_a_link_to_the_next_page_repeats_no_line_break(desk: Desk) -> None:
    for _ in range(2):
        desk.open_ticket(requester={"address": "pages@customer.example"})
    first = desk.client.get("/v1/tickets?limit=1&sort=oldest&requester=pages@customer.example%0d%0aX-Evil:%201")
    assert first.status_code == 422
    assert "X-Evil" not in first.headers
