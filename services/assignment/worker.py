"""`python -m services.assignment.worker`"""

from services.assignment import settings
from services.assignment.bootstrap import build_service
from shared import logs
from shared.worker import Worker

if __name__ == "__main__":
    logs.configure("assignment-worker")
    Worker(build_service(settings.load())).run()
