"""The inbox, the relay, the ticker and the recalculator: `python -m services.sla.worker`."""

from services.sla.bootstrap import build_service
from shared import logs
from shared.worker import Worker


def main() -> None:
    logs.configure("sla-worker")
    Worker(build_service()).run()


if __name__ == "__main__":
    main()
