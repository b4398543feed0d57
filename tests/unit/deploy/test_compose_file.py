"""What the compose file promises, read from the file itself: no engine is needed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[3] / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"secrets", "setup", "sample", "cli"}
EACH = pytest.mark.parametrize("name", SERVICES)


@EACH
def test_a_container_has_as_little_power_as_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["logging"]["options"]["max-size"] == "10m"


@pytest.mark.parametrize("name", set(SERVICES) - ONE_SHOTS)
def test_what_stays_up_is_probed_and_started_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_four_apis_are_published_and_on_loopback_alone() -> None:
    ports = {name: port for name, service in SERVICES.items() for port in service.get("ports", ())}
    assert set(ports) == {"intake-api", "assignment-api", "sla-api", "notify-api"}
    assert all(port.startswith("127.0.0.1:") for port in ports.values())


def test_no_secret_and_no_usual_password_stands_in_the_file() -> None:
    text = (Path(__file__).parents[3] / "docker-compose.yml").read_text()
    assert "guest" not in text
    assert "rdk_" not in text
    assert not [
        word for word in text.split() if "://" in word and ":" in word.split("://")[1].split("@")[0] and "@" in word
    ]


@EACH
def test_a_service_sees_its_own_secrets_alone(name: str) -> None:
    mounted = {volume.split(":")[0] for volume in SERVICES[name].get("volumes", ()) if volume.startswith("secrets-")}
    if name not in ("secrets", "setup"):
        assert len(mounted) <= 1
    owner = name.partition("-")[0]
    if owner in ("intake", "assignment", "sla", "notify"):
        assert mounted == {f"secrets-{owner}"}
