"""Templates to text: a folder for each message, holding subject.txt, body.txt and body.html."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from services.notify import wording
from services.notify.domain.rules import RULES, Recipient, Rule
from services.notify.settings import Letterhead
from shared.events.ticket import TicketSnapshot

REPLY_MARKER = "##- reply above this line -##"
MAX_SUBJECT = 200


@dataclass(frozen=True)
class _Templates:
    subject: Template
    text: Template
    html: Template


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.clear()  # no template uses them, and each rendering would copy them
    for function in (wording.one_line, wording.plain, wording.quoted, wording.lines, wording.words, wording.moment):
        environment.filters[function.__name__] = function
    return environment


def _load() -> dict[str, _Templates]:
    environment = _environment()
    return {
        rule.message: _Templates(
            *(environment.get_template(f"{rule.message}/{name}") for name in ("subject.txt", "body.txt", "body.html"))
        )
        for rule in RULES
    }


_TEMPLATES = _load()


def render(rule: Rule, data: Any, recipient: Recipient, link: str, letterhead: Letterhead) -> tuple[str, str, str]:
    """(subject, text, HTML) of what `rule` says to `recipient` about an event's data; `link` "" is none."""
    templates = _TEMPLATES[rule.message]
    values = {
        "data": data,
        "name": wording.one_line(recipient.name),
        "link": link,
        "quotes": rule.quotes(data),
        "zone": letterhead.zone,
        "reply_marker": REPLY_MARKER if rule.is_answerable else "",
        **_of_ticket(getattr(data, "ticket", None), letterhead),
    }
    values["title"] = _title(templates.subject, values)
    return values["title"], templates.text.render(values), templates.html.render(values)


def _title(template: Template, values: dict[str, Any]) -> str:
    """Of a title that is too long the ticket's subject is cut, never its number, by which people find the ticket."""
    title = template.render(values)
    excess = len(title) - MAX_SUBJECT
    return title if excess <= 0 else template.render({**values, "subject": values["subject"][: -excess - 1] + "…"})


def _of_ticket(ticket: TicketSnapshot | None, letterhead: Letterhead) -> dict[str, Any]:
    if ticket is None:
        return {"ticket": None}
    return {
        "ticket": ticket,
        "number": ticket.number,
        "subject": wording.one_line(ticket.subject),
        "page": f"{letterhead.public_url}/tickets/{ticket.number}",
    }
