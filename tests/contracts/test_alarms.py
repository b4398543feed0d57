"""Alarms and dashboard speak of metrics that there are, and every alarm is explained."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

import services.notify.metrics  # these three declare metrics
import services.sla.ticker  # noqa: F401
import shared.metrics  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana/relaydesk.json").read_text())
SCRAPES = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
PROCESSES = {
    "intake-api", "intake-worker", "assignment-api", "assignment-worker", "sla-api", "sla-worker", "notify-api",
    "notify-worker", "notify-sender",
}  # fmt: skip
_SERIES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def declared() -> set[str]:
    """The names of all series that our code can expose."""
    families = [family for family in REGISTRY.collect() if family.name.startswith("relaydesk_")]
    return {family.name + suffix for family in families for suffix in _SERIES[family.type]}


def named(expressions: list[str]) -> set[str]:
    return set(re.findall(r"\brelaydesk_\w+", "\n".join(expressions)))


def shown(board: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_every_metric_of_the_alarms_is_declared() -> None:
    names = named([rule["expr"] for rule in RULES])
    assert len(names) >= 12
    assert names - declared() == set()


def test_every_metric_of_the_dashboard_is_declared_and_every_one_declared_is_shown() -> None:
    names = named(shown(DASHBOARD))
    assert names - declared() == set()
    bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in declared()} - bases == set()


def test_a_panel_hides_no_other() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places) == len({panel["id"] for panel in DASHBOARD["panels"]})


def test_every_alarm_is_explained_and_every_explanation_has_its_alarm() -> None:
    text = (ROOT / "docs/alarms.md").read_text()
    paragraphs = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(paragraphs) == [rule["alert"] for rule in RULES]
    for name, paragraph in paragraphs.items():
        assert all(part in paragraph for part in ("**You see:**", "**What to do:**")), name


def test_every_alarm_says_how_urgent_it_is_and_what_is_wrong() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]


def test_every_process_is_scraped_under_its_name() -> None:
    jobs = {job["job_name"]: job for job in SCRAPES["scrape_configs"]}
    assert set(jobs) == PROCESSES
    for name, job in jobs.items():
        if name.endswith("-api"):
            assert job["static_configs"] == [{"targets": [f"{name}:8000"]}]
        else:
            assert job["dns_sd_configs"] == [{"names": [name], "type": "A", "port": 9100}]
