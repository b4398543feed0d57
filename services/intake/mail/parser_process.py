"""The process that looks into strangers' mail: `python -m services.intake.mail.parser_process SECONDS`.

It holds no connection, no secret and little memory, and it may be killed at any moment. In: a mail. Out: JSON of what
it says and the number of its files, then their contents; JSON null for one that can't be read. It says hello first.
"""

import json
import resource
import signal
import sys
from dataclasses import asdict

from services.intake.mail import frames
from services.intake.mail.parse import parse

MAX_MEMORY = 1024**3  # bytes of address space


def main(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    frames.send(sys.stdout.buffer, b"hello")
    while True:
        try:
            raw = frames.receive(sys.stdin.buffer)
        except EOFError:
            return
        signal.alarm(seconds)  # ends this process even if nobody is left to kill it
        frames.send(sys.stdout.buffer, *_answer(raw))
        signal.alarm(0)


def _answer(raw: bytes) -> list[bytes]:
    try:
        mail, contents = parse(raw)
    except Exception:  # whatever a stranger's mail provokes has the same answer
        return [b"null"]
    return [json.dumps(asdict(mail)).encode(), *contents]


if __name__ == "__main__":
    main(int(sys.argv[1]))
