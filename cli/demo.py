"""`make demo`: the whole system on private brokers plays whole ticket lives, prints them, and is gone again."""

import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from cli.client import Client, Refused
from cli.local.installs import Say
from cli.local.stack import System, running
from cli.submitter import Submitter
from cli.timeline import show

T = TypeVar("T")

_SAMPLES = Path(__file__).parent / "samples"
_REPLY = "reply.eml"  # it answers our mail, so it has to wait for it
_PLACE_OF_OUR_REFERENCE = b"<reference-of-the-ticket@desk.example>"
_STORY_STARTS_WITH = "plain.eml"


class StoryBroke(RuntimeError):
    """Something that the story waits for did not happen."""


def run(say: Say, corpus: Path | None) -> None:
    began = time.monotonic()
    console = Console()
    console = console if console.is_terminal else Console(width=140)
    with running(say) as system:
        desk = Demo(system)
        alarm = desk.raise_alarm()
        desk.put_on_hold(alarm)
        say("mails come in")
        desk.take_mails(console, corpus)
        say("story 1: a mail, an answer by mail, a resolution, a rating")
        rated = desk.play_to_rating()
        say("story 2: an alarm is put on hold, resumed and forgotten, until it is warned of, missed and escalated")
        desk.play_to_escalation(alarm)
        console.print()
        show(console, f"Ticket {rated['number']} “{rated['subject']}”: from a mail to its rating", desk.timeline(rated))
        show(console, f"Ticket {alarm['number']} “{alarm['subject']}”: forgotten and escalated", desk.timeline(alarm))
        console.print(f"{len(list(system.mails.glob('*.eml')))} mails were sent by the desk meanwhile.")
    console.print(f"Nothing is left running. The demo took {time.monotonic() - began:.0f} s.")


class Demo:
    def __init__(self, system: System) -> None:
        self._system = system
        self._intake = self._client("intake")
        self._monitoring = Submitter(system.submitter_url, "monitoring.example")

    def raise_alarm(self) -> dict[str, Any]:
        """A sev_a ticket by AMQP, on the seeded plan shortened from an hour to seconds."""
        plan = self._client("sla").get("/v1/plans/standard")
        targets = plan["targets"]
        targets["sev_a"]["first_response"]["seconds"] = 4
        targets["sev_a"]["resolution"]["seconds"] = 3600
        self._client("sla").put(
            "/v1/plans/standard",
            name=plan["name"],
            warn_at=0.5,
            targets=targets,
            reason="nobody waits an hour in a demo",
        )
        answer = self._monitoring.submit(
            "ticket.submit",
            requester={"address": "monitoring@example.com", "name": "Monitoring"},
            subject="db-3 does not answer",
            text="No answer from db-3 on port 5432 for three minutes.",
            topic="monitoring",
            impact="high",
            urgency="high",
            external_reference="alarm-4711",
        )
        if "ticket_id" not in answer:
            raise StoryBroke(f"the alarm was refused: {answer}")
        return self._assigned(answer["ticket_id"])

    def put_on_hold(self, alarm: dict[str, Any]) -> None:
        agent = self._client("intake", alarm["assignee"]["id"])
        agent.post(f"/v1/tickets/{alarm['id']}/hold", reason="waiting for the hosting company to look at the rack")

    def take_mails(self, console: Console, corpus: Path | None) -> None:
        mails = [path for path in sorted(_SAMPLES.glob("*.eml")) if path.name != _REPLY]
        mails += sorted(corpus.rglob("*.eml")) if corpus else []
        table = Table("mail", "became", "ticket", "subject", title="Mails", title_justify="left", title_style="bold")
        for path in mails:
            try:
                answer = self._intake.post_mail(path.read_bytes())
            except Refused as refused:
                table.add_row(path.name, "refused", "", str(refused)[:80])
                continue
            subject = self._ticket(answer["ticket_id"])["subject"]
            table.add_row(path.name, answer["outcome"], answer["number"], subject[:70])
        console.print(table)

    def play_to_rating(self) -> dict[str, Any]:
        answer = self._intake.post_mail((_SAMPLES / _STORY_STARTS_WITH).read_bytes())  # known by now: the same ticket
        ticket = self._assigned(answer["ticket_id"])
        place, address = f"/v1/tickets/{ticket['id']}", ticket["requester"]["address"]
        agent = self._client("intake", ticket["assignee"]["id"])
        agent.post(place + "/replies", text="Does it happen with the cable too, or only over the wireless network?")
        reference = _until(lambda: self._references_in_mails_to(address), f"a mail to {address}")[0]
        self._intake.post_mail((_SAMPLES / _REPLY).read_bytes().replace(_PLACE_OF_OUR_REFERENCE, reference))
        agent.post(place + "/notes", text="The gateway's log shows a renewal that fails every ten minutes.")
        agent.post(place + "/resolve", resolution="The gateway's certificate was renewed. The connection holds now.")
        self._intake.post(place + "/rating", score=5, comment="Quick, thank you!")
        agent.post(place + "/close", reason="Ana is content.")
        self._until_told(ticket, "ticket_resolved sent")
        return self._ticket(ticket["id"])

    def play_to_escalation(self, alarm: dict[str, Any]) -> None:
        agent = self._client("intake", alarm["assignee"]["id"])
        agent.post(f"/v1/tickets/{alarm['id']}/resume", reason="the hosting company found nothing")
        self._until_told(alarm, "escalated")
        self._monitoring.submit("ticket.resolve", external_reference="alarm-4711", resolution="db-3 answers again.")
        self._until_told(alarm, "ticket_resolved sent")
        self._monitoring.close()

    def timeline(self, ticket: dict[str, Any]) -> list[dict[str, Any]]:
        hops: list[dict[str, Any]] = self._intake.get(f"/v1/tickets/{ticket['id']}/timeline")["data"]
        return hops

    def _client(self, service: str, agent: str | None = None) -> Client:
        return Client(self._system.services.urls[service], self._system.key, agent)

    def _ticket(self, ticket_id: str) -> dict[str, Any]:
        ticket: dict[str, Any] = self._intake.get(f"/v1/tickets/{ticket_id}")
        return ticket

    def _assigned(self, ticket_id: str) -> dict[str, Any]:
        return _until(lambda: self._ticket(ticket_id), "an agent for the ticket", lambda ticket: ticket["assignee"])

    def _until_told(self, ticket: dict[str, Any], what: str) -> None:
        def is_told(hops: list[dict[str, Any]]) -> bool:
            return any(hop["what"].startswith(what) for hop in hops)

        _until(lambda: self.timeline(ticket), what, is_told)

    def _references_in_mails_to(self, address: str) -> list[bytes]:
        """The Message-IDs of the mails that we sent there: each signs the ticket that it is about."""
        mails = [path.read_bytes() for path in sorted(self._system.mails.glob(f"*-{address}.eml"))]
        return [str(message_from_bytes(mail, policy=default)["Message-ID"]).encode() for mail in mails]


def _until(look: Callable[[], T], what: str, holds: Callable[[T], object] = bool, seconds: float = 30) -> T:
    deadline = time.monotonic() + seconds
    while not holds(seen := look()):
        if time.monotonic() > deadline:
            raise StoryBroke(f"{what} did not come within {seconds:g} s; last seen: {seen!r}")
        time.sleep(0.1)
    return seen
