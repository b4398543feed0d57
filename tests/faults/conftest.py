import sys
from collections.abc import Iterator

import pytest

from cli.local.broker import Broker
from cli.local.store import Store
from tests.faults.stage import Stage


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("faults")
    for path in (folder, folder.parent, folder.parent.parent):
        path.chmod(0o711)
    store, broker = Store(folder / "store", _say, with_fail_points=True), Broker(folder / "broker", _say)
    try:
        for part in (store, broker):
            part.start()
        store.wait_ready()
        broker.wait_ready()
        yield Stage(broker, store, folder)
    finally:
        broker.stop()
        store.stop()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
