"""Who asks for what: a small company's week, made up."""

import random
from dataclasses import dataclass

_PEOPLE = (
    ("Ana Ruiz", "payroll"),
    ("Bogdan Petrov", "warehouse"),
    ("Chidi Eze", "sales"),
    ("Dorothea Lang", "legal"),
    ("Emre Kaya", "sales"),
    ("Freya Olsen", "design"),
    ("Giulia Conti", "payroll"),
    ("Hana Novak", "reception"),
    ("Ivo Marsh", "warehouse"),
    ("Jun Sato", "design"),
)
_PROBLEMS = (
    ("network", "VPN drops every hour", "It drops on the hour and comes back after two minutes."),
    ("network", "No wireless in the meeting room on floor 3", "Since the move. Cable works."),
    (
        "access",
        "Locked out after the holidays",
        "My password expired meanwhile, and the reset mail doesn't come.",
    ),
    ("access", "New colleague needs an account", "Starts on Monday in {team}, the same rights as mine, please."),
    ("billing", "Invoice shows the old address", "We moved in spring. Could you correct it and send it again?"),
    ("billing", "Charged twice this month", "Both charges are on the same day, over the same amount."),
    ("hardware", "Scanner jams on every tenth page", "Cleaned the rollers already, no change."),
    ("hardware", "Monitor flickers", "Another cable doesn't help. A colleague's monitor is fine on my desk."),
    ("general", "Where do I find the travel form?", "The link on the intranet leads nowhere."),
    ("general", "Calendar shows meetings an hour late", "Only those that were made before the clocks changed."),
)
_ALARMS = (
    ("Disk of {host} is 91 % full", "/var grows by 2 % an hour."),
    ("{host} does not answer", "No answer on port 443 for three minutes."),
    ("Backup of {host} did not finish", "Last success two days ago."),
)


@dataclass(frozen=True)
class Described:
    """As POST /v1/tickets takes it."""

    name: str
    address: str
    topic: str
    subject: str
    text: str
    impact: str
    urgency: str

    def body(self) -> dict[str, object]:
        requester = {"name": self.name, "address": self.address}
        same = {field: getattr(self, field) for field in ("topic", "subject", "text", "impact", "urgency")}
        return {"requester": requester, **same}


def problem(chance: random.Random) -> Described:
    (name, team), (topic, subject, text) = chance.choice(_PEOPLE), chance.choice(_PROBLEMS)
    address = f"{name.lower().replace(' ', '.')}@{team}.example"
    return Described(name, address, topic, subject, text.format(team=team), *_levels(chance))


def alarm(chance: random.Random) -> Described:
    subject, text = chance.choice(_ALARMS)
    host = f"{chance.choice(('web', 'db', 'files'))}-{chance.randint(1, 9)}"
    return Described(
        "Monitoring", "monitoring@ops.example", "monitoring", subject.format(host=host), text, *_levels(chance)
    )


def _levels(chance: random.Random) -> tuple[str, str]:
    """(impact, urgency): most things are neither grave nor urgent."""
    weights = (5, 4, 1)
    levels = ("low", "medium", "high")
    return chance.choices(levels, weights)[0], chance.choices(levels, weights)[0]
