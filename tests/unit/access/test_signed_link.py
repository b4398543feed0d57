"""Links that let somebody in: for one purpose, one holder, one time."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.access.signed_link import Link, LinkInvalid, read, sign

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINK = Link("invitation", "i1", "ben", NINE, NINE + timedelta(days=3))
SECRET = "a secret of the tests"
TEXT = sign(LINK, SECRET)


def test_a_link_is_read_until_its_end() -> None:
    assert read(TEXT, "invitation", SECRET, NINE + timedelta(days=3) - timedelta(seconds=1)) == LINK
    with pytest.raises(LinkInvalid, match="over"):
        read(TEXT, "invitation", SECRET, NINE + timedelta(days=3))


@pytest.mark.parametrize(
    ("text", "purpose", "secret"),
    [
        (TEXT, "ticket", SECRET),
        (TEXT, "invitation", "another secret"),
        (TEXT, "invitation", ""),
        (TEXT.swapcase(), "invitation", SECRET),
        (TEXT + "A", "invitation", SECRET),
        (TEXT.partition(".")[0], "invitation", SECRET),
        (TEXT.partition(".")[0] + ".", "invitation", SECRET),
        ("." + TEXT.partition(".")[2], "invitation", SECRET),
        (TEXT + " ", "invitation", SECRET),
        ("", "invitation", SECRET),
        (" ", "invitation", SECRET),
        (".", "invitation", SECRET),
        ("é", "invitation", SECRET),
        ("\x00", "invitation", SECRET),
        ("a" * 5000, "invitation", SECRET),
    ],
)
def test_no_other_link_opens_anything(text: str, purpose: str, secret: str) -> None:
    with pytest.raises(LinkInvalid):
        read(text, purpose, secret, NINE)
