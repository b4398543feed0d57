"""The command: asks every rule, and asks again about what may only have been under way."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import click
from rich.progress import Progress

from cli import desk
from cli.check import clock_rule, log_rules, other_rules, ticket_rules
from cli.check.cases import HELD_IN
from cli.check.finding import Finding, Look, Track
from cli.desk import Desk
from cli.failures import FINE, FOUND_WRONG
from cli.printing import as_json_option, console, print_json, progress, visible
from services.notify.delivery_repository import DELIVERIES
from shared.store.event_log import EVENT_LOG

RULES: dict[str, Look] = {
    "all four databases are there": log_rules.there,
    "every ticket is known everywhere and shown as it is": ticket_rules.look,
    "clocks follow from the facts": clock_rule.look,
    "event logs have no gaps": log_rules.without_gaps,
    "events are published": log_rules.published,
    "events are heard": log_rules.heard,
    "no restore is unfinished": other_rules.restored,
    "workloads are the assignments": other_rules.workloads,
    "nothing is parked": other_rules.parked,
    "messages are sent": other_rules.deliveries,
}
Findings = dict[str, list[Finding]]


@click.command()
@click.option("--patience", default=20.0, show_default=True, help="Seconds for what is still under way to settle.")
@as_json_option
def check(patience: float, as_json: bool) -> None:
    """Look for anything lost, doubled or left over in the running system. It changes nothing.

    Ends with 0 when all is as it should be, with 1 when something is not.
    """
    with desk.opened() as the_desk:
        findings = settled(the_desk, patience)
        counts = _counts(the_desk)
    if as_json:
        by_rule = {rule: [asdict(finding) for finding in found] for rule, found in findings.items()}
        print_json({"counts": counts, "findings": by_rule})
    else:
        _print(counts, findings)
    sys.exit(FOUND_WRONG if any(findings.values()) else FINE)


def settled(found: Desk, patience: float) -> Findings:
    """What is wrong and stays so: whatever differs at first is looked at again until it doesn't or time is up."""
    findings: Findings = {}
    with progress() as bar:
        for rule, look in RULES.items():
            findings[rule] = list(look(found, None, _tracking(bar, rule)))
        deadline = time.monotonic() + patience
        waiting = bar.add_task("what differs settles", total=None)
        while any(findings.values()) and time.monotonic() < deadline:
            time.sleep(min(1.0, patience))
            for rule, before in findings.items():
                if before:
                    findings[rule] = list(RULES[rule](found, {finding.about for finding in before}, _unseen))
        bar.remove_task(waiting)
    return findings


def _tracking(bar: Progress, rule: str) -> Track:
    def track(items: Iterable[Any], total: int) -> Iterator[Any]:
        return iter(bar.track(items, total=total, description=rule))

    return track


def _unseen(items: Iterable[Any], total: int) -> Iterable[Any]:
    return items


def _counts(found: Desk) -> dict[str, dict[str, int]]:
    counted = {service: [EVENT_LOG] for service in found.databases}
    for service, collection in {**HELD_IN, "notify": DELIVERIES}.items():
        counted[service].append(collection)
    return {
        service: {name: found.databases[service][name].estimated_document_count() for name in names}
        for service, names in counted.items()
    }


def _print(counts: dict[str, dict[str, int]], findings: Findings) -> None:
    out = console()
    for service, numbers in counts.items():
        out.print(f"{service}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in numbers.items()))
    out.print()
    for rule, found in findings.items():
        out.print(f"{'ok' if not found else len(found):>4}  {rule}", style="red" if found else "green")
        for finding in found[:20]:
            out.print(f"      · {visible(finding.what)}", soft_wrap=True)
            out.print(f"        {visible(finding.remedy)}", style="dim", soft_wrap=True)
        if len(found) > 20:
            out.print(f"      · and {len(found) - 20} more: --json has them all")
