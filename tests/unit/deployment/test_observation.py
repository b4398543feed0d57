"""The dashboard and the alarms speak of metrics that there are, and every alarm has its paragraph."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

import services.notify.metrics
import services.sla.ticker
import shared.metrics

ROOT = Path(__file__).parents[3]
RULES = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"][0]["rules"]
PANELS = json.loads((ROOT / "deploy/grafana/relaydesk.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [t["expr"] for panel in PANELS for t in panel["targets"]]
DECLARED_IN = (shared.metrics, services.notify.metrics, services.sla.ticker)  # importing them registers them


def _known() -> set[str]:
    names = {family.name: family.type for family in REGISTRY.collect() if family.name.startswith("relaydesk_")}
    found = set()
    for name, kind in names.items():
        found |= {f"{name}_total"} if kind == "counter" else {name}
        found |= {f"{name}_{part}" for part in ("bucket", "count", "sum")} if kind == "histogram" else set()
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_metric_that_is_asked_for_exists(expression: str) -> None:
    assert DECLARED_IN
    asked = set(re.findall(r"relaydesk_\w+", expression))
    assert asked <= _known(), asked - _known()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alarm_says_what_it_means_and_what_to_do(rule: dict[str, str]) -> None:
    paragraphs = (ROOT / "docs/alarms.md").read_text().split("\n## ")
    [paragraph] = [text for text in paragraphs if text.startswith(f"{rule['alert']}\n")]
    assert len(paragraph) > 120
    assert rule["labels"]["severity"] in ("page", "ticket")  # type: ignore[index]


def test_every_paragraph_belongs_to_an_alarm() -> None:
    named = set(re.findall(r"^## (\w+)$", (ROOT / "docs/alarms.md").read_text(), re.MULTILINE))
    assert named == {rule["alert"] for rule in RULES}
