import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import pytest

from tests.support.operator import Operator


@pytest.fixture
def tail(operator: Operator, request: pytest.FixtureRequest) -> Iterator[IO[str]]:
    command = [sys.executable, "-m", "cli.main", "events", "tail", *request.param]
    environment = {**os.environ, **operator.environment}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert tail.stderr.readline() == "Listening; Ctrl-C ends it.\n"
        yield tail.stdout
        tail.send_signal(signal.SIGINT)
        assert tail.wait(10) == 0


@pytest.mark.parametrize("tail", [("--type", "ticket.created")], indirect=True)
def test_events_are_printed_as_they_come(operator: Operator, tail: IO[str]) -> None:
    ticket = operator.reads("ticket", "show", operator.opens_ticket())
    assert tail.readline().split()[1:] == ["intake", "ticket.created", "ticket", ticket["number"]]


@pytest.mark.parametrize("tail", [("--json",)], indirect=True)
def test_as_json_they_are_what_is_on_the_wire(operator: Operator, tail: IO[str]) -> None:
    ticket_id = operator.opens_ticket()
    event = json.loads(tail.readline())
    assert (event["specversion"], event["type"], event["subject"]) == ("1.0", "ticket.created", ticket_id)
