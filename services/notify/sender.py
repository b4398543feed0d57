"""Hands deliveries to the mail server: `python -m services.notify.sender`. Any number may run."""

import signal
import threading

from services.notify.bootstrap import build_sender
from shared import logs


def main() -> None:
    logs.configure("notify-sender")
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    build_sender().run(stopping)


if __name__ == "__main__":
    main()
