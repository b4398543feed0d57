"""An agent's address is one that a mail can be written to."""

import pytest
from marshmallow import ValidationError

from services.assignment.account_schemas import AddressSchema
from services.assignment.schemas import AgentChangeSchema
from services.notify.mail_address import mail_address


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("Ben.Okafor@Desk.Example", "ben.okafor@desk.example"),
        ("ben.o'neil+desk@mail.desk.example", "ben.o'neil+desk@mail.desk.example"),
        ("ana@xn--mnchen-3ya.example", "ana@xn--mnchen-3ya.example"),
        ("root@localhost", "root@localhost"),
        ("b" * 64 + "@desk.example", "b" * 64 + "@desk.example"),
    ],
)
def test_an_address_in_plain_ascii_is_taken_in_small_letters_and_can_be_written_to(sent: str, known: str) -> None:
    assert AgentChangeSchema().load({"address": sent}) == {"address": known}
    assert AddressSchema().load({"address": sent}) == {"address": known}
    assert mail_address("Ben", known).addr_spec == known


@pytest.mark.parametrize(
    "address",
    [
        "jürgen@desk.example",
        "ana@münchen.example",
        "b" * 65 + "@desk.example",
        "b@" + "desk." * 50 + "example",
        "ben",
        "ben@",
        "ben@[127.0.0.1]",
        '"ben okafor"@desk.example',
        "ben@desk.example\n",
        "Ben <ben@desk.example>",
    ],
)
def test_another_address_is_refused_with_the_way_to_write_it(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AgentChangeSchema().load({"address": address})
    rule = "Must be a mail address in plain ASCII of at most 254 characters"
    remedy = "other letters in a domain are written in punycode, as in xn--exmple-cua.de."
    assert refused.value.messages == {"address": [f"{rule}; {remedy}"]}


def test_an_address_without_end_is_refused_at_once() -> None:
    for address in ("a." * 200_000 + "@b.c", "x@" + "ü." * 200_000, "x@" + "a-" * 200_000, "@" * 400_000):
        with pytest.raises(ValidationError):
            AddressSchema().load({"address": address})
