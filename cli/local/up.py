"""`make run`: the system stays up, seeded, until Ctrl-C, and says how to reach it."""

from collections.abc import Callable

from cli.local.installs import Say
from cli.local.ports import free_ports, is_free
from cli.local.stack import running

_USUAL_PORTS = (8001, 8002, 8003, 8004)


def run(say: Say, wait_for_the_end: Callable[[], None]) -> None:
    ports = _USUAL_PORTS if all(map(is_free, _USUAL_PORTS)) else free_ports(4)
    with running(say, ports) as system:
        lines = [f"  {service:11} {url}" for service, url in system.services.urls.items()]
        print(  # noqa: T201  # what the operator came for
            *("", "Relaydesk is up.", *lines),
            f"  RabbitMQ    {system.amqp_url}",
            f"   submitter  {system.submitter_url}",
            f"   listener   {system.listener_url}",
            f"  MongoDB     {system.mongo_url}",
            f"  mails sent  {system.mails}",
            f"  logs        {system.folder}",
            *("", "The administrator's API key, for this run:", "", f"  {system.key}", ""),
            f'  curl -H "Authorization: Bearer {system.key}" {system.services.urls["intake"]}/v1/tickets',
            *("", "Ctrl-C stops everything and deletes what it held."),
            sep="\n",
            flush=True,
        )
        wait_for_the_end()
