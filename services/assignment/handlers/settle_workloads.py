"""What the HTTP door does at the end of a batch: the workloads follow the assignments that changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.assignment.assignment_repository import ASSIGNMENTS, from_document, stored
from services.assignment.workloads import Workloads
from shared.store.documents import Changes, Documents


def settle_workloads(documents: Documents, events: Sequence[Any], now: datetime) -> Changes:
    changed = [from_document(document) for document in documents.changed(ASSIGNMENTS)]
    workloads = Workloads(documents)
    settled = [after for before in changed if (after := workloads.counted(before, now)) is not before]
    return Changes(documents=[stored(assignment) for assignment in settled] + workloads.changed())
