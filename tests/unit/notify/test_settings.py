"""A setting with which no mail could be written is refused when a process starts."""

from collections.abc import Callable

import pytest
from environs import EnvError

from services.notify.bootstrap import build_sender, build_service
from services.notify.settings import letterhead


@pytest.mark.parametrize(
    "text",
    [
        "Acme, Inc. <help@acme.example>",
        "Support",
        "help@münchen.example",
        "help@desk.example, support@desk.example",
        "Help desk <help@desk>example>",
        "<>",
        "",
    ],
)
@pytest.mark.parametrize("build", [build_service, build_sender])
def test_a_sender_that_is_no_address_is_named_with_what_it_must_be(
    build: Callable[[], object], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAYDESK_MAIL_FROM", text)
    letterhead.cache_clear()
    with pytest.raises(EnvError, match=r"RELAYDESK_MAIL_FROM.*Must be one address in ASCII.*write Help desk <help@"):
        build()


@pytest.mark.parametrize(
    "text",
    [
        "help@desk.example",
        "<help@desk.example>",
        "Help desk (24/7) <help@desk.example>",
        '"Acme, Inc." <help@desk.example>',
        "Bürgerbüro <help@desk.example>",
        "Help <help@xn--mnchen-3ya.example>",
    ],
)
def test_a_sender_that_is_an_address_is_taken_as_it_stands(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAYDESK_MAIL_FROM", text)
    letterhead.cache_clear()
    assert letterhead().mail_from == text


def test_a_domain_that_no_message_id_can_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAYDESK_MAIL_DOMAIN", "münchen.example")
    letterhead.cache_clear()
    with pytest.raises(EnvError, match=r"RELAYDESK_MAIL_DOMAIN.*Must be a domain in ASCII"):
        letterhead()
