"""Makes what the services need before they start. Run again it makes what is missing and mends what differs."""

from cli.setup.run import run
from cli.setup.tables import INDEXES, QUEUES, SEEDS

__all__ = ["INDEXES", "QUEUES", "SEEDS", "run"]
