from collections.abc import Iterator

import pytest

from services.notify.settings import Letterhead, letterhead


@pytest.fixture(autouse=True)
def head(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterhead]:
    """The desk's letterhead, as an operator would set it."""
    monkeypatch.setenv("RELAYDESK_MAIL_SECRET", "a secret of some length")
    monkeypatch.setenv("RELAYDESK_LINK_SECRET", "another secret of some length")
    monkeypatch.setenv("RELAYDESK_MAIL_DOMAIN", "desk.example")
    monkeypatch.setenv("RELAYDESK_MAIL_FROM", "Help desk <help@desk.example>")
    monkeypatch.setenv("RELAYDESK_PUBLIC_URL", "https://desk.example/")
    monkeypatch.setenv("RELAYDESK_ZONE", "Europe/Berlin")
    letterhead.cache_clear()
    yield letterhead()
    letterhead.cache_clear()
