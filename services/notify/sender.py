"""Hands deliveries to the mail server: `python -m services.notify.sender`. Any number may run."""

import signal

from services.notify.bootstrap import build_sender
from shared import logs, one_core


def main() -> None:
    logs.configure("notify-sender")
    one_core.stay("notify-sender")
    sender = build_sender()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sender.stop())
    sender.run()


if __name__ == "__main__":
    main()
