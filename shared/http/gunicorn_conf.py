"""How every API is served. The number of processes and threads comes from the environment (see .env.example).

The processes of one API count into files of one folder, made anew at each start, so that /metrics of any of them tells
of all: a scrape reaches one process at random, and a port for each would be as many targets. What a process that ended
has counted stays.
"""

import gc
import os
import shutil
import sys
import tempfile
from itertools import count
from typing import Any

from gunicorn.glogging import Logger

workers = int(os.environ.get("RELAYDESK_API_WORKERS", "1"))
threads = int(os.environ.get("RELAYDESK_API_THREADS", "32"))
worker_class = "shared.http.slow_callers.SlowCallersApart"
bind = os.environ.get("RELAYDESK_BIND", "127.0.0.1:8000")
timeout = 60
graceful_timeout = 15
keepalive = 30
backlog = 512
limit_request_line = 4094
limit_request_fields = 60
control_socket_disable = True  # its path is one per user, and four services would share it
accesslog = None

_counts = tempfile.mkdtemp(prefix="relaydesk-counts-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts  # before the first metric is made


class logger_class(Logger):  # type: ignore[misc]  # noqa: N801  # the name of a setting
    """Gunicorn's own words as lines like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        from shared.logs import JsonLines

        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines(_name(cfg)))

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if isinstance(sys.exception(), BlockingIOError):
            self.info("A caller was silent in the middle of a request: hung up.")
        else:
            super().exception(msg, *args, **kwargs)


def _name(cfg: Any) -> str:
    service = cfg.default_proc_name.split(".")[1]  # services.<service>.wsgi:app
    return f"{service}-api"


def pre_fork(server: Any, worker: Any) -> None:
    """A process that takes another's place stands where that one stood."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in count() if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    from shared import one_core

    one_core.stay(_name(server.cfg), worker.place)


def post_worker_init(_: Any) -> None:
    """What a process makes while it starts stays as long as it does: the collector need not go through it again."""
    gc.freeze()
    gc.set_threshold(10_000)


def child_exit(_: Any, worker: Any) -> None:
    """Its gauges go with it."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_: Any) -> None:
    shutil.rmtree(_counts, ignore_errors=True)
