"""The compose file itself, on a Docker engine: one ticket's life, a service exchanged while tickets come in, everything
kept over a stop, and no door open or secret lying about."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from cli.client import Client, Refused, Unreachable
from tests.support import compose
from tests.support.compose import API_KEY, Project
from tests.support.eventually import eventually

pytestmark = [
    pytest.mark.skipif(compose.why_not() is not None, reason=f"compose can't be run here: {compose.why_not()}"),
    pytest.mark.timeout(400),
]
REQUESTER = {"address": "ana@compose.example", "name": "Ana Ruiz"}
Ticket = dict[str, Any]


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    with compose.running() as project:
        yield project


@pytest.fixture(scope="module")
def ticket(project: Project) -> Ticket:
    """Has lived from its creation to its rating."""
    intake = project.client("intake")
    made = intake.post("/v1/tickets", requester=REQUESTER, subject="VPN drops", text="Every hour.", topic="network")
    given = eventually(lambda: look(project, made["id"]), lambda t: bool(t["assignee"] and t["targets"]), within=30)
    agent = project.client("intake", given["assignee"]["id"])
    agent.post(f"/v1/tickets/{made['id']}/replies", text="Please try the new profile.")
    agent.post(f"/v1/tickets/{made['id']}/resolve", resolution="The lease time is a day now.")
    intake.post(f"/v1/tickets/{made['id']}/rating", score=5)
    return eventually(lambda: look(project, made["id"]), lambda t: states(t) == {"met"}, within=30)


def look(project: Project, ticket_id: str) -> Ticket:
    found: Ticket = project.client("intake").get(f"/v1/tickets/{ticket_id}")
    return found


def states(ticket: Ticket) -> set[str]:
    return {target["state"] for target in ticket["targets"]}


def test_a_ticket_lives_from_its_creation_to_its_rating(project: Project, ticket: Ticket) -> None:
    assert (ticket["status"], ticket["rating"]) == ("resolved", 5)
    assert ticket["assignee"]["id"] in ("cleo", "dana")
    for url in project.urls.values():
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as ready:  # our own address
            assert json.loads(ready.read())["status"] == "up"


def test_two_workers_decide_everything_once(project: Project, ticket: Ticket) -> None:
    assert {"sla-worker-1", "sla-worker-2"} <= set(project.containers())
    hops = project.client("intake").get(f"/v1/tickets/{ticket['id']}/timeline")["data"]
    told = [hop["type"] for hop in hops if hop["source"] == "sla"]
    assert sorted(told) == ["sla.met", "sla.met", "sla.targets_set"]


def test_the_requester_is_told_by_mail(project: Project, ticket: Ticket) -> None:
    def mails() -> str:
        return project.compose("exec", "-T", "mail-catcher", "sh", "-c", "cat /var/lib/relaydesk/mails/*-ana@*.eml")

    for words in ("We have your request", "Please try the new profile.", "The lease time is a day now."):
        eventually(lambda words=words: words in mails(), within=30)  # type: ignore[misc]


def test_no_accepted_request_is_lost_while_an_api_is_exchanged(project: Project, ticket: Ticket) -> None:
    accepted: dict[str, str] = {}
    is_over = threading.Event()

    def post() -> None:
        client = Client(project.urls["intake"], project.key)
        requester = {"address": "load@compose.example", "name": "Load"}
        while not is_over.is_set():
            reference = f"during-{len(accepted)}"
            with suppress(Refused, Unreachable):  # then the same again
                body = {"requester": requester, "subject": reference, "text": "While you are away."}
                accepted[reference] = client.post_once(reference, "/v1/tickets", **body)["id"]
        client.close()

    poster = threading.Thread(target=post)
    poster.start()
    try:
        before = eventually(lambda: len(accepted), lambda count: count > 20)
        project.compose("up", "--detach", "--wait", "--no-build", "--no-deps", "--force-recreate", "intake-api")
        eventually(lambda: len(accepted), lambda count: count > before + 20)
    finally:
        is_over.set()
        poster.join()
    project.hang_up()
    found: list[str] = []
    path = "/v1/tickets?requester=load@compose.example&limit=100"
    while path:
        page = project.client("intake").get(path)
        found += [row["id"] for row in page["data"]]
        path = page["next"] and f"/v1/tickets?requester=load@compose.example&limit=100&cursor={page['next']}"
    assert sorted(found) == sorted(accepted.values())


def test_only_the_four_apis_can_be_reached_and_from_this_machine_alone(project: Project) -> None:
    published = {
        (name, binding["HostIp"])
        for name, container in project.containers().items()
        for bindings in (container["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or ()
    }
    apis = ("intake-api-1", "assignment-api-1", "sla-api-1", "notify-api-1")
    assert published == {(name, "127.0.0.1") for name in apis}


def test_no_process_is_roots_and_no_container_can_be_written_to(project: Project) -> None:
    for name, container in project.containers().items():
        host = container["HostConfig"]
        assert (host["ReadonlyRootfs"], host["CapDrop"], host["SecurityOpt"]) == (
            True,
            ["ALL"],
            ["no-new-privileges:true"],
        ), name
        if container["State"]["Running"]:
            users = project.docker("top", container["Id"], "-eo", "uid,pid").splitlines()[1:]
            assert "0" not in {line.split()[0] for line in users}, name


def test_secrets_are_seen_nowhere_and_a_stop_forgets_nothing(project: Project, ticket: Ticket) -> None:
    secrets = made_secrets(project)
    assert len(secrets) == 17
    assert leaks(project, secrets) == set()
    project.hang_up()
    project.compose("down")
    project.up()
    assert look(project, ticket["id"]) == ticket
    assert made_secrets(project) == secrets
    assert leaks(project, secrets) == set()
    assert API_KEY.findall(project.compose("logs", "setup")) == []


def made_secrets(project: Project) -> set[str]:
    """Passwords, keys and signatures, without what surrounds them."""
    program = (
        "import json, pathlib\n"
        "files = [p for p in pathlib.Path('/var/lib/relaydesk/secrets').rglob('*') if p.is_file()]\n"
        "print(json.dumps({str(p): p.read_text() for p in files}))"
    )
    printed = project.compose("run", "--rm", "--no-deps", "-T", "secrets", "python", "-c", program)
    files: dict[str, str] = json.loads(printed[printed.index("{") :].splitlines()[0])
    public = ("management_url", "_public_key", "rabbitmq.conf")  # the last repeats a password of amqp_url
    return {core(text) for name, text in files.items() if not name.endswith(public)}


def core(text: str) -> str:
    if text.startswith("-----BEGIN"):
        return text.splitlines()[1]
    return text.partition("@")[0].rpartition(":")[2]


def leaks(project: Project, secrets: set[str]) -> set[str]:
    """Where a secret can be read that is no file of a secret volume."""
    places = {
        "containers": json.dumps(project.containers()),
        "image": project.docker("image", "inspect", project.name)
        + project.docker("history", "--no-trunc", project.name),
        "compose": project.compose("config"),
        "logs": project.compose("logs", "--no-color"),
        "files of the image": project.docker(
            "run", "--rm", project.name, "find", "/run/relaydesk", "/var/lib/relaydesk", "-type", "f"
        ),
    }
    assert places.pop("files of the image") == ""
    return {place for place, text in places.items() if any(secret in text for secret in secrets)}
