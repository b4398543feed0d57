import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.mail import headers, labels
from services.intake.mail.html_text import text_of_html
from services.intake.mail.quoted_history import without_quoted_history


def test_html_becomes_the_text_that_a_person_would_see() -> None:
    html = (
        "<style>p {color: red}</style><p>Good&nbsp;morning,</p><p>please look at <a href='https://example.com/5'>5</a>:"
        "</p><ul><li>one<li>two</ul><blockquote>old<br>words</blockquote><script>alert(1)</script>Bye"
    )
    assert text_of_html(html) == (
        "Good morning,\n\nplease look at 5 (https://example.com/5):\n- one\n- two\n\n> old\n> words\nBye"
    )


def test_a_link_that_shows_its_own_address_is_written_once() -> None:
    assert text_of_html('<a href="mailto:ana@example.com">ana@example.com</a>') == "ana@example.com"


def test_preformatted_lines_stay_lines() -> None:
    assert text_of_html("<pre>a  1\nb  2</pre>") == "a  1\nb  2"


def test_only_the_first_100_000_characters_of_html_are_read() -> None:
    assert text_of_html("x" * 100_000 + "y") == "x" * 100_000


HISTORY = "> Hello Ana,\n> does it happen with the cable too?\n"


@pytest.mark.parametrize(
    "history",
    [
        f"On Mon, 2 Nov 2026 at 10:58, Support <support@desk.example> wrote:\n\n{HISTORY}",
        f"On Mon, 2 Nov 2026 at 10:58, Support\n<support@desk.example> wrote:\n{HISTORY}",
        f"Am Mo., 2. Nov. 2026 um 10:58 Uhr schrieb Support:\n{HISTORY}",
        f"Le lun. 2 nov. 2026 à 10:58, Support a écrit :\n{HISTORY}",
        HISTORY,
        "-----Original Message-----\nFrom: Support\nHello Ana",
        "##- reply above this line -##\n\nHello Ana,\nanything at all",
        "On 2 Nov 2026, Support wrote:\n> ##- reply above this line -##\n>\n> Hello Ana\n\n",
        "On 2 Nov 2026, Support wrote:\n> Hello Ana\n>> -----Original Message-----\n>> It is dark.",
    ],
)
def test_the_quoted_history_below_a_reply_is_cut(history: str) -> None:
    assert without_quoted_history(f"Yes, with both.\n\nAna\n\n{history}") == "Yes, with both.\n\nAna"


@pytest.mark.parametrize(
    "quoted_and_answered",
    [
        "> With the cable?\nYes.\n> Since when?\nMonday.",
        "> ##- reply above this line -##\n>\n> With the cable?\nYes.\n> Since when?\nMonday.",
        "> ##- reply above this line -##\n>\n> With the cable?\n\nYes, since Monday.",
        "> -----Original Message-----\n> From: Support\n>\n> With the cable?\n\nYes, since Monday.",
        "> ##- reply above this line -##\nYes, since Monday.",  # a program that quotes one line alone looks the same
    ],
    ids=["no divider", "between", "below", "below an original message", "below the divider alone"],
)
def test_answers_between_and_below_quoted_lines_stay_with_them(quoted_and_answered: str) -> None:
    text = f"Hi Ben, see my answers below.\n\nOn Monday, Support wrote:\n{quoted_and_answered}"
    assert without_quoted_history(text) == text


def test_quoted_lines_below_the_last_answer_are_cut() -> None:
    text = "> ##- reply above this line -##\n> With the cable?\nYes."
    assert without_quoted_history(f"{text}\n\n> Since when?\n> Kind regards") == text


def test_a_reply_of_quotes_only_stays_whole() -> None:
    assert without_quoted_history(HISTORY) == HISTORY.strip()


@pytest.mark.parametrize(
    "introduced",
    [
        "> ##- reply above this line -##\n>\n> Which router is it?\n\nIt is the one in the hall.",
        "##- reply above this line -##\n\nWhich router is it?\n\nIt is the one in the hall.",
        HISTORY.strip(),
    ],
    ids=["quoted", "not quoted", "without an answer"],
)
@pytest.mark.parametrize(
    "who_is_quoted",
    [
        "Op 05-01-2026 om 10:00 schreef Help desk:",
        "Den mån 5 jan. 2026 kl 10:00 skrev Help desk\n<help@desk.example>:",
        "Help desk <help@desk.example> 于2026年1月5日周一 10:00写道\uff1a",
    ],
    ids=["Dutch", "Swedish, on two lines", "Chinese"],
)
def test_who_is_quoted_in_a_language_that_we_do_not_know_is_no_reply(who_is_quoted: str, introduced: str) -> None:
    text = f"{who_is_quoted}\n{introduced}"
    assert without_quoted_history(text) == text


def test_a_sentence_that_looks_like_the_beginning_of_a_quote_stays() -> None:
    text = "On Monday I called and Ben wrote:\nplease send a mail."
    assert without_quoted_history(text) == text


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\report.pdf", "report.pdf"),
        ("a\x00b\r\nc.txt", "a b c.txt"),
        ("photo\u202egnp.exe", "photo gnp.exe"),
        ("..", ""),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("x" * 300, "x" * 255),
    ],
)
def test_the_name_of_a_file_is_a_label_and_no_path(written: str, label: str) -> None:
    assert labels.file_name(written) == label


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Image/PNG", "image/png"),
        ("text/html\r\nSet-Cookie: x", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_content_type_is_clean_or_says_nothing(written: str, kind: str) -> None:
    assert labels.content_type(written) == kind


@given(st.text())
def test_no_text_makes_a_label_fail_or_keeps_what_must_not_be_stored(text: str) -> None:
    for label in (labels.one_line(text, 50), labels.file_name(text), headers.decoded(text), labels.many_lines(text)):
        label.encode()
        assert not set(label) & set("\x00\x07\x1b\x85\u202e")


@given(st.text(alphabet="=?utf-8qQbB_ 0aF\u00fc\n"))
def test_no_mixture_of_encoded_words_fails(text: str) -> None:
    headers.decoded(text).encode()


@given(st.text(alphabet='"<>@()\\,;: a.b-'))
def test_a_sender_is_one_plain_address_or_nobody(text: str) -> None:
    address, _ = headers.sender({"from": [text]})
    assert address is None or (address.count("@") == 1 and not set(address) & set('"<>(),;: \\'))
