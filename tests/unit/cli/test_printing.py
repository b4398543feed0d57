import pytest

from cli.failures import of_refusal
from cli.printing import age, visible


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.4, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h 0 min"), (7500, "2 h 5 min")],
)
def test_an_age_in_words(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_a_long_age_is_told_in_days() -> None:
    assert age(3 * 86400 + 4 * 3600 + 59) == "3 d 4 h"


def test_what_would_move_the_cursor_is_spelled_out() -> None:
    assert visible("red \x1b[31m\r\ntwo\u202e") == "red \\x1b[31m\\r\ntwo\\u202e"


def test_a_refusal_is_told_field_by_field() -> None:
    problem = '{"detail": "Mend it.", "errors": [{"field": "subject", "rule": "Too long.", "remedy": "Shorten it."}]}'
    assert of_refusal(problem) == "Mend it.\n  subject: Too long. Shorten it."


def test_an_answer_that_is_no_problem_document_is_told_as_it_is() -> None:
    assert of_refusal("<html>Bad gateway") == "The API refused: <html>Bad gateway"
    assert of_refusal("[1]") == "The API refused: [1]"
