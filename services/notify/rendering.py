"""Templates to text: a folder for each message, holding subject.txt, body.txt and body.html."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from services.notify import wording
from services.notify.domain.rules import RULES, Recipient, Rule
from services.notify.settings import Letterhead

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


def render(rule: Rule, data: Any, recipient: Recipient, letterhead: Letterhead) -> tuple[str, str, str]:
    """(subject, text, HTML) of what `rule` says to `recipient` about an event's data."""
    templates, ticket = _TEMPLATES[rule.message], data.ticket
    values = {
        "data": data,
        "ticket": ticket,
        "number": ticket.number,
        "subject": wording.one_line(ticket.subject),
        "name": wording.one_line(recipient.name),
        "link": f"{letterhead.public_url}/tickets/{ticket.number}",
        "zone": letterhead.zone,
        "reply_marker": REPLY_MARKER if rule.is_to_requester else "",
    }
    subject = templates.subject.render(values)[:MAX_SUBJECT]
    return subject, templates.text.render(values), templates.html.render(values)
