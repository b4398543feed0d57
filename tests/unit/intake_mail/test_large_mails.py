"""Three large mails are in hand at a time; the next one waits for its place, or is put off."""

import threading
from contextlib import ExitStack

import pytest

from services.intake.mail.large_mails import LargeMails
from services.intake.mail.reader import MailMustWait

LARGE, SMALL = 1024 * 1024 + 1, 1024 * 1024


@pytest.mark.parametrize("length", [LARGE, None])
def test_the_fourth_large_mail_is_put_off(length: int | None) -> None:
    mails = LargeMails(patience=0)
    with ExitStack() as in_hand:
        for _ in range(3):
            in_hand.enter_context(mails.place_for(length))
        with pytest.raises(MailMustWait), mails.place_for(length):
            pass


def test_a_small_mail_needs_no_place() -> None:
    mails = LargeMails(patience=0)
    with ExitStack() as in_hand:
        for length in [LARGE] * 3 + [SMALL] * 40:
            in_hand.enter_context(mails.place_for(length))


def test_the_fourth_waits_until_a_place_is_given_back() -> None:
    mails, came = LargeMails(patience=60), threading.Event()

    def fourth() -> None:
        with mails.place_for(LARGE):
            came.set()

    with ExitStack() as in_hand:
        for _ in range(3):
            in_hand.enter_context(mails.place_for(LARGE))
        waiting = threading.Thread(target=fourth)
        waiting.start()
        assert not came.is_set()
        in_hand.close()
        assert came.wait(30)
    waiting.join()


def test_a_place_is_given_back_after_an_error_too() -> None:
    mails = LargeMails(patience=0)
    for _ in range(4):
        with pytest.raises(OSError, match="the sender is gone"), mails.place_for(LARGE):
            raise OSError("the sender is gone")
