import orjson
import pytest

from services.intake.submissions.envelope import SubmissionUnreadable, parse

DIRECT = "amq.rabbitmq.reply-to.g1h2AA9yZXBseUAxMjM2ODAzNDAAAAMwAAAAAGsImqs=.qcIAuE0jZVrEyn/rY3eS7A=="  # RabbitMQ 3.10
GOOD = {"specversion": "1.0", "id": "a1", "source": "billing", "type": "ticket.submit", "data": {}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"\\ud800"',
        orjson.dumps({**GOOD, "id": 7}),
        orjson.dumps({**GOOD, "id": ""}),
        orjson.dumps({**GOOD, "source": None}),
        orjson.dumps({**GOOD, "source": "two words"}),
        orjson.dumps({**GOOD, "id": "a\x00"}),
        orjson.dumps({**GOOD, "type": ["ticket.submit"]}),
        orjson.dumps({**GOOD, "data": "x" * 1_100_000}),
    ],
)
def test_what_nobody_could_be_answered_about_is_not_readable(body: bytes) -> None:
    with pytest.raises(SubmissionUnreadable):
        parse(body, None)


def test_a_submission_is_known_by_source_and_id() -> None:
    assert parse(orjson.dumps(GOOD), None).row == "billing a1"


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("reply.billing", "reply.billing"),
        ("amq.gen-Xyz", "amq.gen-Xyz"),
        (DIRECT, DIRECT),
        (DIRECT.partition("=.")[0], None),
        ("amq.rabbitmq.reply-to", None),
        ("amq.rabbitmq.reply-to.x.y", None),
        (f"{DIRECT}.z", None),
        ("notify.inbox", None),
        ("sla.inbox", None),
        ("", None),
        (None, None),
    ],
)
def test_only_reply_queues_are_answered(asked: str | None, taken: str | None) -> None:
    assert parse(orjson.dumps(GOOD), asked).reply_to == taken
