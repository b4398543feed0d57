"""The table of events in docs/lifecycle.md: what the services' own tables say."""

from cli.setup import QUEUES
from shared.events.catalogue import PUBLIC, PUBLISHERS
from shared.messaging.topology import EVENTS

_START, _END = "<!-- events -->\n", "<!-- end of events -->\n"


def event_table() -> str:
    lines = ["| event | announced by | heard by |", "|---|---|---|"]
    for publisher, types in PUBLISHERS.items():
        for name in types:
            hearers = sorted(q.name.partition(".")[0] for q in QUEUES if q.exchange == EVENTS and name in q.types)
            if name in PUBLIC:
                hearers.append("listeners")
            example = f"[`{name}`](../shared/events/examples/{name}.json)"
            lines.append(f"| {example} | {publisher} | {', '.join(hearers) or 'nobody yet'} |")
    return "\n".join(lines) + "\n"


def written(document: str) -> str:
    before, _, rest = document.partition(_START)
    _, _, after = rest.partition(_END)
    return before + _START + event_table() + _END + after
