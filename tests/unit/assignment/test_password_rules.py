"""What can be a password."""

import time

import pytest

from services.assignment.domain.password_rules import must_be_a_password, normalized
from shared.refusals import Invalid

NAME, ADDRESS = "Ben Okafor the 1st", "ben.okafor.1@desk.example"


@pytest.mark.parametrize("password", ["abcabcabcabc", "päßwörter", "🔑🗝🔐", "seven quiet lighthouses", "abc" * 341])
def test_any_text_of_enough_bytes_will_do(password: str) -> None:
    must_be_a_password("password", password, NAME, ADDRESS)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("", "12 to 1024"),
        ("elevenchars", "12 to 1024"),
        ("abc" * 342, "12 to 1024"),
        ("é" * 513, "12 to 1024"),
        ("e\u0301" * 513, "12 to 1024"),
        ("quiet\x00lighthouse", "control characters"),
        ("quiet\nlighthouse", "control characters"),
        (" " * 20, "three different characters"),
        ("ababababababab", "three different characters"),
        ("Ben.Okafor.1@Desk.Example", "name or mail address"),
        ("ben okafor THE 1st", "name or mail address"),
        ("ben.okafor.1", "name or mail address"),
    ],
)
def test_a_refused_password_is_told_the_rule(password: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        must_be_a_password("new", password, NAME, ADDRESS)
    [reason] = refused.value.reasons
    assert reason.field == "new"
    assert rule in reason.rule


def test_a_password_that_is_too_long_is_refused_before_its_characters_are_put_in_order() -> None:
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        must_be_a_password("new", "\u0315\u0300" * 40_000, NAME, ADDRESS)
    assert time.process_time() - began < 2
    [reason] = refused.value.reasons
    assert (reason.field, reason.rule) == ("new", "must have 12 to 1024 bytes")


def test_the_same_characters_from_another_keyboard_are_the_same_password() -> None:
    assert normalized("cafe\u0301") == normalized("caf\u00e9") == "caf\u00e9"
