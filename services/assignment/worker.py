"""`python -m services.assignment.worker`"""

from services.assignment.bootstrap import build_service
from services.assignment.settings import read_addresses
from shared import logs
from shared.worker import Worker

if __name__ == "__main__":
    logs.configure("assignment-worker")
    Worker(build_service(read_addresses())).run()
