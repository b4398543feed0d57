"""The command: every ticket comes in by one of the doors that a real one would use."""

import random
from collections import Counter
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from itertools import cycle, islice

import click

from cli import desk
from cli.client import Client
from cli.doors import door
from cli.failures import found_wrong
from cli.printing import as_json_option, print_json, progress
from cli.seed.made_up import Described, alarm, problem
from cli.submitter import Submitter

_DOORS = ("http", "http", "mail", "http", "mail", "amqp")


@click.command()
@click.option("--tickets", "count", required=True, type=click.IntRange(1, 1_000_000), metavar="N")
@as_json_option
def seed(count: int, as_json: bool) -> None:
    """Open N believable tickets by HTTP, mail and AMQP, to try things out (RELAYDESK_API_KEY)."""
    chance = random.Random()
    opened: Counter[str] = Counter()
    with desk.opened() as found, door("intake") as intake, progress() as bar:
        monitoring = Submitter(found.amqp_url, "monitoring.example")
        for name in bar.track(islice(cycle(_DOORS), count), total=count, description="opening tickets"):
            _open(name, chance, intake, monitoring)
            opened[name] += 1
        monitoring.close()
    if as_json:
        print_json({"tickets": opened.total(), **opened})
    else:
        by_door = ", ".join(f"{number} by {name}" for name, number in opened.items())
        click.echo(f"{opened.total()} tickets came in: {by_door}.")


def _open(name: str, chance: random.Random, intake: Client, monitoring: Submitter) -> None:
    match name:
        case "http":
            intake.post("/v1/tickets", **problem(chance).body())
        case "mail":
            intake.post_mail(_mail(problem(chance)))
        case _:
            answer = monitoring.submit("ticket.submit", **alarm(chance).body())
            if "ticket_id" not in answer:
                raise found_wrong(f"A submission was refused: {answer['reasons']}")


def _mail(described: Described) -> bytes:
    mail = EmailMessage()
    mail["From"] = formataddr((described.name, described.address))
    mail["To"] = "support@desk.example"
    mail["Subject"] = described.subject
    mail["Message-ID"] = make_msgid(domain="mail.example")
    mail.set_content(described.text)
    return mail.as_bytes()
