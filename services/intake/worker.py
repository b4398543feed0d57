"""The worker's process: `python -m services.intake.worker`."""

from services.intake.bootstrap import build_service
from services.intake.settings import read_settings, read_submitters
from shared import logs
from shared.worker import Worker


def main() -> None:
    logs.configure("intake-worker")
    Worker(build_service(read_settings(), read_submitters())).run()


if __name__ == "__main__":
    main()
