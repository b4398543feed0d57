"""The accounts as the services' tables make them: what matches and what doesn't."""

import re

import pytest

from cli.setup.tables import ACCOUNTS
from shared.events.catalogue import CATALOGUE
from shared.messaging.topology import EVENTS, SUBMISSIONS


def test_a_service_reads_its_own_queues_and_declares_nothing() -> None:
    rights = {name: (a.configure, a.read) for name, a in ACCOUNTS.items() if name not in ("submitter", "listener")}
    assert rights == {
        "intake": ("^$", r"^(intake\.inbox|intake\.submissions)$"),
        "assignment": ("^$", r"^(assignment\.inbox)$"),
        "sla": ("^$", r"^(sla\.inbox|sla\.signs)$"),
        "notify": ("^$", r"^(notify\.inbox)$"),
    }


def test_only_the_service_that_answers_submissions_publishes_through_the_default_exchange() -> None:
    assert [name for name, account in ACCOUNTS.items() if re.search(account.write, "amq.default")] == ["intake"]


@pytest.mark.parametrize(
    ("holder", "types"),
    [
        ("sla", {"sla.targets_set", "sla.breached", "ticket.escalated"}),
        ("notify", {"notification.sent", "notification.failed"}),
        ("submitter", set()),
        ("listener", set()),
    ],
)
def test_an_event_can_be_announced_by_its_publisher_alone(holder: str, types: set[str]) -> None:
    pattern = ACCOUNTS[holder].publishes.get(EVENTS, "^$")
    asked = {"sla.targets_set", "sla.breached", "ticket.escalated", "notification.sent", "notification.failed"}
    asked |= {"ticket.created", "api_key.issued", "#", "xsla.breached", "sla.breachedx", "slaxbreached"}
    assert {name for name in asked if re.search(pattern, name)} == types


def test_the_submitter_writes_the_five_submissions_and_has_no_queue() -> None:
    account = ACCOUNTS["submitter"]
    assert (account.configure, account.write, account.read) == ("^$", r"^(helpdesk\.submissions)$", "^$")
    assert account.publishes == {
        SUBMISSIONS: r"^(ticket\.submit|ticket\.reply|ticket\.resolve|ticket\.reopen|ticket\.close)$"
    }


def test_the_listener_binds_what_is_public_by_its_full_name() -> None:
    pattern = ACCOUNTS["listener"].binds[EVENTS]
    hidden = {name for name in CATALOGUE if not re.search(pattern, name)}
    assert hidden >= {"ticket.note_added", "api_key.issued", "api_key.revoked", "agent.changed"}
    assert not any(
        re.search(pattern, key) for key in ("#", "*", "ticket.*", "ticket.#", "", "agent.invited", "role.changed")
    )
    assert all(re.search(pattern, name) for name in ("ticket.created", "ticket.resolved", "sla.breached"))


@pytest.mark.parametrize("queue", ["intake.inbox", "intake.submissions", "helpdesk.dead", "xlistener.mine", "listener"])
def test_the_listener_reads_and_makes_no_queue_but_its_own(queue: str) -> None:
    account = ACCOUNTS["listener"]
    assert not any(re.search(right, queue) for right in (account.configure, account.write, account.read))
