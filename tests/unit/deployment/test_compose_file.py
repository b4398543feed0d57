"""docker-compose.yml as it is written: what is published, what each container may do, where secrets are."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
STAYING = {name: service for name, service in SERVICES.items() if service["restart"] != "no"}
each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def test_only_the_four_apis_are_published_and_on_loopback_alone() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "intake-api": ["127.0.0.1:${RELAYDESK_INTAKE_PORT:-8001}:8000"],
        "assignment-api": ["127.0.0.1:${RELAYDESK_ASSIGNMENT_PORT:-8002}:8000"],
        "sla-api": ["127.0.0.1:${RELAYDESK_SLA_PORT:-8003}:8000"],
        "notify-api": ["127.0.0.1:${RELAYDESK_NOTIFY_PORT:-8004}:8000"],
    }


def test_no_address_carries_a_password() -> None:
    assert re.findall(r"\w+://[^/\s:]+:[^/\s@]+@", TEXT) == []
    assert not re.search("guest|PASS=|password:", TEXT)


@each_service
def test_every_container_is_shut_in(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert not {"privileged", "cap_add", "pid", "ipc", "devices"} & set(service)


@each_service
def test_every_container_has_bounds_for_memory_and_logs(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@pytest.mark.parametrize("service", STAYING.values(), ids=STAYING)
def test_every_container_that_stays_says_whether_it_is_well(service: dict[str, Any]) -> None:
    assert service["healthcheck"]["test"]
    assert service["stop_grace_period"] == "30s"


@each_service
def test_images_are_named_by_version(service: dict[str, Any]) -> None:
    assert service["image"] in ("${RELAYDESK_IMAGE:-relaydesk}", "rabbitmq:4-management", "mongo:7.0")


def test_each_container_sees_the_secrets_of_its_own_service_alone() -> None:
    def seen(service: dict[str, Any]) -> list[str]:
        return [volume for volume in service.get("volumes", ()) if volume.startswith("secrets-")]

    others = {name: seen(service) for name, service in SERVICES.items() if name not in ("secrets", "setup")}
    own = {name: f"secrets-{name.partition('-')[0]}:/run/relaydesk:ro" for name in others}
    administrators = dict.fromkeys(("cli", "sample"), "secrets-setup:/var/lib/relaydesk/secrets/setup:ro")
    assert others == {name: [volume] for name, volume in (own | administrators).items()} | {"mail-catcher": []}


def test_a_service_starts_after_setup_and_setup_after_the_servers_are_well() -> None:
    ours = [name for name in STAYING if name.partition("-")[0] in ("intake", "assignment", "sla", "notify")]
    assert len(ours) == 9
    assert all(
        SERVICES[name]["depends_on"]["setup"] == {"condition": "service_completed_successfully"} for name in ours
    )
    assert {name: needed["condition"] for name, needed in SERVICES["setup"]["depends_on"].items()} == {
        "rabbitmq": "service_healthy",
        "mongo": "service_healthy",
    }


def test_compose_takes_the_settings_that_the_example_says_it_takes_with_the_same_defaults() -> None:
    for_compose = EXAMPLE.partition("# ---- for processes of your own alone")[0]
    said = dict(re.findall(r'^(RELAYDESK_\w+)="?(.*?)"?$', for_compose, re.MULTILINE))
    assert dict(re.findall(r"\$\{(RELAYDESK_\w+):-([^}]*)\}", TEXT)) == said


def test_every_setting_that_the_code_reads_is_in_the_example() -> None:
    said = {name.removeprefix("RELAYDESK_") for name in re.findall(r"^(?:# )?(RELAYDESK_\w+)=", EXAMPLE, re.MULTILINE)}
    read: set[str] = set()
    for path in (path for folder in ("cli", "services", "shared") for path in (ROOT / folder).rglob("*.py")):
        read |= set(re.findall(r'env\.(?!prefixed)\w+\("(?:RELAYDESK_)?(\w+)"', path.read_text()))
    assert read - said == set()


def test_the_example_has_the_defaults_of_the_code_but_for_those_it_speaks_of() -> None:
    said = dict(re.findall(r'^(?:# )?RELAYDESK_(\w+)="?(.*?)"?$', EXAMPLE, re.MULTILINE))
    differing: dict[str, set[str]] = {}
    for path in (path for folder in ("cli", "services", "shared") for path in (ROOT / folder).rglob("*.py")):
        for name, text, number in re.findall(r'env\.\w+\("(\w+)", (?:f?"(.*?)"|(\d+))', path.read_text()):
            default = (text or number).format(domain=said["MAIL_DOMAIN"])
            if said[name] != default:
                differing.setdefault(name, set()).add(default)
    assert differing == {
        "SMTP_HOST": {"127.0.0.1"},
        "PUBLIC_URL": {"http://127.0.0.1:8080", "http://127.0.0.1:8002"},
    }
