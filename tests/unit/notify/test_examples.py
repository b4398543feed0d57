"""The frozen example of every event that notify hears becomes messages that can be mailed."""

from pathlib import Path

import pytest

from services.notify import letter
from services.notify.delivery_repository import from_document, to_document
from services.notify.domain.rules import RULES_OF
from services.notify.handlers.write_messages import write_messages
from shared.events import examples
from shared.events.envelope import decode
from tests.unit.notify.cast import NOON
from tests.unit.notify.store import NOTHING


@pytest.mark.parametrize("event_type", sorted(RULES_OF))
def test_a_frozen_example_can_be_mailed(event_type: str) -> None:
    event = decode((Path(examples.__path__[0]) / f"{event_type}.json").read_bytes())
    written = write_messages(event, NOTHING, NOON).documents
    assert written
    for _, document in written:
        assert to_document(from_document(document)) == document
        assert letter.to_bytes(from_document(document), "Help desk <help@desk.example>")
