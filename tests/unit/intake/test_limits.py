"""What strangers may send is what the desk can work with."""

import pytest
from marshmallow import ValidationError

from services.intake.schemas import AccessSchema, ChangeRequesterSchema


@pytest.mark.parametrize(
    "address", ["ana@example.com", "ana.o'neil+desk@mail.example.com", "zoe@xn--exmple-cua.de", "root@localhost"]
)
def test_an_address_in_plain_ascii_is_taken(address: str) -> None:
    assert AccessSchema().load({"address": address}) == {"address": address}


@pytest.mark.parametrize(
    "address",
    [
        "zoë@example.com",
        "zoe@exämple.de",
        "ana@mail_host",
        "a\u200b@b.example",
        "a@b@c.example",
        "ana",
        "a" * 250 + "@b.de",
    ],
)
def test_another_address_is_refused_with_the_way_to_write_it(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AccessSchema().load({"address": address})
    rule = "Must be a mail address in plain ASCII of at most 254 characters"
    remedy = "other letters in a domain are written in punycode, as in xn--exmple-cua.de."
    assert refused.value.messages == {"address": [f"{rule}; {remedy}"]}


@pytest.mark.parametrize("value", [1, 0, 1.0, "true", None])
def test_a_switch_is_true_or_false_and_no_number(value: object) -> None:
    with pytest.raises(ValidationError):
        ChangeRequesterSchema().load({"vip": value})
    assert ChangeRequesterSchema().load({"vip": True}) == {"vip": True}
