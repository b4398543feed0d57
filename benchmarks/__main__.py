"""`make bench`: medians of three runs, the floor and the calibration in the same run; a table, and bench.json.

Everything on this machine, durability on: quorum queues, confirms, majority journaled writes.
"""

import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks import calibration, doors, floor, life, quiet
from benchmarks.memory import pss_mib, tree
from cli.local.stack import System, running
from shared.store.client import connect

RESULT = Path("bench.json")
_PER_POST = "cpu_ms_per_post_"


@click.command()
@click.option("--lives", default=20_000, show_default=True)
@click.option("--posts", default=8_000, show_default=True)
@click.option("--stored", default=100_000, show_default=True, help="tickets in the store when pages are read")
@click.option("--runs", default=3, show_default=True)
def main(lives: int, posts: int, stored: int, runs: int) -> None:
    console = Console(stderr=True)
    os.environ.setdefault("RELAYDESK_API_WORKERS", "2")
    result: dict[str, Any] = {"lives": lives, "posts": posts, "stored": stored, "runs": []}
    with running(console.print) as system:
        life.staff(system)
        time.sleep(10)
        result["memory_mib"] = _memory(system)
        for n in range(runs):
            console.print(f"run {n + 1} of {runs}")
            result["runs"].append(_run(system, n, lives, posts, console.print))
        load = doors.pages(system, stored, 3000, 8)
        result["pages"] = {"per_second": load.per_second, "p99_ms": load.percentile(0.99), **_statuses(load)}
    result["median"] = {
        name: statistics.median(run[name] for run in result["runs"])
        for name, value in result["runs"][0].items()
        if isinstance(value, (int, float))
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    _print(result)


def _run(system: System, n: int, lives: int, posts: int, say: Callable[[str], None]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "loop_seconds": calibration.loop_seconds(),
        "syncs_per_second": calibration.syncs_per_second(),
    }
    say("  the floor")
    found["floor_per_second"] = floor.measure(system.amqp_url, system.mongo_url, lives // 2)
    sender = system.services.processes["notify-sender"]
    sender.stop()
    say(f"  {lives} automated lives")
    before = _cpu_seconds(system)
    found["lives_per_second"] = life.measure(system, lives, f"run{n}")
    found["cpu_ms_per_life"] = sum(_cpu_ms_each(before, _cpu_seconds(system), lives).values())
    found["share_of_floor"] = found["lives_per_second"] / found["floor_per_second"]
    _end_all(system)
    say(f"  {posts} posted tickets")
    before = _cpu_seconds(system)
    load, stored = doors.post_tickets(system, posts, 32, f"post{n}")
    spent = _cpu_ms_each(before, _cpu_seconds(system), posts)
    if stored != load.statuses[201]:
        raise AssertionError(f"{load.statuses[201]} were answered 201, the database has {stored}")
    found |= {"posts_per_second": load.per_second, "posts_p50_ms": load.percentile(0.5)}
    found |= {"posts_p99_ms": load.percentile(0.99), **_statuses(load)}
    found |= {f"{_PER_POST}{name}": milliseconds for name, milliseconds in spent.items()}
    _end_all(system)
    sender.start()
    quiet.wait(system)
    say("  100 tickets, one at a time")
    times = doors.one_at_a_time(system, 100, f"light{n}")
    found |= {"light_p50_ms": doors.median(times), "light_p95_ms": sorted(times)[94]}
    return found


def _end_all(system: System) -> None:
    """Ends all tickets; and what the resting sender has not sent would only keep it busy in the next measurement."""
    life.close_all(system)
    quiet.wait(system)
    with connect(system.mongo_url, "bench") as client:
        client["helpdesk_notify"]["deliveries"].delete_many({"state": "pending"})


def _statuses(load: Any) -> dict[str, int]:
    return {f"answered_{status}": count for status, count in load.statuses.items()}


def _processes(system: System) -> dict[str, list[int]]:
    alive = {name: child.process for name, child in system.processes().items() if child.is_running()}
    return {name: tree(process.pid) for name, process in alive.items() if process is not None}


def _memory(system: System) -> dict[str, float]:
    return {name: sum(pss_mib(pid) for pid in pids) for name, pids in _processes(system).items()}


def _cpu_seconds(system: System) -> dict[tuple[str, int], float]:
    """By name and process, so that one that was started meanwhile counts from its start."""
    seconds = {}
    for name, pids in _processes(system).items():
        for pid in pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            seconds[name, pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _cpu_ms_each(
    before: dict[tuple[str, int], float], after: dict[tuple[str, int], float], count: int
) -> dict[str, float]:
    """What was spent on each of `count`, by name."""
    spent: dict[str, float] = defaultdict(float)
    for (name, pid), seconds in after.items():
        spent[name] += (seconds - before.get((name, pid), 0)) * 1000 / count
    return spent


def _print(result: dict[str, Any]) -> None:
    median = result["median"]
    table = Table("what", "measured", "wanted")
    table.add_row("floor", f"{median['floor_per_second']:.0f} lives/s", "")
    table.add_row(
        f"automated life, {result['lives']} tickets",
        f"{median['lives_per_second']:.0f}/s, {median['share_of_floor']:.0%} of the floor, "
        f"{median['cpu_ms_per_life']:.2f} CPU-ms each",
        "40 %, stretch 60 %",
    )
    table.add_row(
        "POST /v1/tickets, 32 clients",
        f"{median['posts_per_second']:.0f}/s, p50 {median['posts_p50_ms']:.0f} ms, p99 {median['posts_p99_ms']:.0f} ms",
        "800/s, p99 < 150 ms, stretch 1,200",
    )
    spent = {key.removeprefix(_PER_POST): ms for key, ms in median.items() if key.startswith(_PER_POST)}
    for name, milliseconds in sorted(spent.items(), key=lambda item: -item[1]):
        if milliseconds >= 0.05:
            table.add_row(f"  {name}", f"{milliseconds:.2f} CPU-ms each", "")
    table.add_row(
        "one ticket at light load",
        f"p50 {median['light_p50_ms']:.0f} ms, p95 {median['light_p95_ms']:.0f} ms",
        "p50 < 100 ms",
    )
    pages = result["pages"]
    table.add_row(
        f"page of 25 open tickets, {result['stored']} stored",
        f"{pages['per_second']:.0f}/s, p99 {pages['p99_ms']:.0f} ms",
        "300/s",
    )
    total = sum(result["memory_mib"].values())
    table.add_row("memory at rest (PSS)", f"{total:.0f} MiB", "< 1024 MiB")
    for name, mib in result["memory_mib"].items():
        table.add_row(f"  {name}", f"{mib:.0f} MiB", "")
    table.add_row(
        "calibration",
        f"loop {median['loop_seconds']:.2f} s, {median['syncs_per_second']:.0f} syncs/s",
        "",
    )
    Console(file=sys.stdout).print(table)


if __name__ == "__main__":
    main()
