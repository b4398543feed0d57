"""Keeps the table of events in docs/lifecycle.md equal to what the services' tables say.

`python -m cli.documents` writes it, `--check` fails when it is outdated.
"""

import sys
from pathlib import Path

from cli.setup import QUEUES
from shared.events.catalogue import PUBLISHERS
from shared.messaging.topology import EVENTS

LIFECYCLE = Path(__file__).resolve().parents[1] / "docs" / "lifecycle.md"
_START, _END = "<!-- events -->\n", "<!-- end of events -->\n"


def event_table() -> str:
    lines = ["| event | announced by | heard by |", "|---|---|---|"]
    for publisher, types in PUBLISHERS.items():
        for name in types:
            hearers = sorted(q.name.partition(".")[0] for q in QUEUES if q.exchange == EVENTS and name in q.types)
            example = f"[`{name}`](../shared/events/examples/{name}.json)"
            lines.append(f"| {example} | {publisher} | {', '.join(hearers) or 'listeners outside'} |")
    return "\n".join(lines) + "\n"


def written(document: str) -> str:
    before, _, rest = document.partition(_START)
    _, _, after = rest.partition(_END)
    return before + _START + event_table() + _END + after


def main(arguments: list[str]) -> int:
    document = LIFECYCLE.read_text()
    if arguments != ["--check"]:
        LIFECYCLE.write_text(written(document))
    elif document != written(document):
        sys.stderr.write("docs/lifecycle.md is outdated: run `python -m cli.documents`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
