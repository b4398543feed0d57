"""The inbox and the relay: `python -m services.notify.worker`."""

from services.notify.bootstrap import build_service
from shared import logs
from shared.worker import Worker


def main() -> None:
    logs.configure("notify-worker")
    Worker(build_service()).run()


if __name__ == "__main__":
    main()
