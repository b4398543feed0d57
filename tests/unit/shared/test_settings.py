"""A setting that can't be is named when a process starts, with what it must be."""

import pytest
from environs import EnvError, FileAwareEnv

from shared.settings import Limits, door_settings


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> FileAwareEnv:
    for name in ("AGENTS_PUBLIC_KEY", "REQUESTERS_PUBLIC_KEY"):
        monkeypatch.setenv(f"RELAYDESK_{name}", "a key")
    return FileAwareEnv()


@pytest.mark.parametrize("text", ["often", "120", "0/minute", "120/fortnight", "-1/hour", "120/minute\n", "1.5/day"])
def test_a_limit_is_a_number_and_a_time(text: str, env: FileAwareEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAYDESK_LIMIT_NETWORK", text)
    with pytest.raises(EnvError, match=r"RELAYDESK_LIMIT_NETWORK.*number and a second, minute, hour or day"):
        door_settings(env)


def test_what_is_not_said_is_as_usual(env: FileAwareEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAYDESK_LIMIT_AGENT", "5/second")
    assert door_settings(env).limits == Limits("120/minute", "300/minute", "5/second", "300000/minute")
