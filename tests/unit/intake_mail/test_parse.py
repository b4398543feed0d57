import pytest

from services.intake.mail.parse import Unreadable, parse
from tests.support.mails import mail, multipart, nested

PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n{}"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n{}"


def test_a_plain_mail_says_who_what_and_which() -> None:
    read, files = parse(mail(message_id="<1@example.com>"))
    assert (read.sender, read.sender_name) == ("ana@example.com", "Ana Albrecht")
    assert (read.subject, read.text) == ("Printer", "The printer is on fire.")
    assert (read.message_id, read.references, read.automatic) == ("<1@example.com>", "", False)
    assert (read.files, files) == ((), [])


def test_of_two_alternatives_the_plain_one_is_read() -> None:
    read, _ = parse(multipart(PLAIN.format("plain"), HTML.format("<b>rich</b>"), kind="alternative"))
    assert read.text == "plain"


def test_an_empty_plain_alternative_gives_way_to_the_html_one() -> None:
    read, _ = parse(multipart(PLAIN.format("  "), HTML.format("<b>rich</b>"), kind="alternative"))
    assert read.text == "rich"


def test_texts_that_follow_one_another_are_all_read() -> None:
    read, _ = parse(multipart(PLAIN.format("above"), HTML.format("<p>between"), PLAIN.format("below")))
    assert read.text == "above\n\nbetween\n\nbelow"


def test_an_attachment_keeps_its_bytes_and_gets_a_clean_label() -> None:
    attached = (
        'Content-Type: Application/PDF; name="x"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="../=?utf-8?Q?Pr=C3=BCfung=2Epdf?="\r\n\r\nAAECAw=='
    )
    read, files = parse(multipart(PLAIN.format("see the file"), attached))
    assert [(f.name, f.content_type) for f in read.files] == [("Prüfung.pdf", "application/pdf")]
    assert files == [b"\x00\x01\x02\x03"]
    assert read.text == "see the file"


def test_a_forwarded_mail_is_a_file_and_not_part_of_the_text() -> None:
    forwarded = "Content-Type: message/rfc822\r\n\r\nSubject: old\r\n\r\nold words"
    read, files = parse(multipart(PLAIN.format("see below"), forwarded))
    assert read.text == "see below"
    assert [f.name for f in read.files] == ["mail-1.eml"]
    assert b"old words" in files[0]


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("iso-8859-1", "réseau".encode("latin-1")),
        ("bogus-8", "réseau".encode()),
        ("us-ascii", "réseau".encode()),
        ("zlib", "réseau".encode()),
    ],
)
def test_a_text_is_read_in_its_charset_or_in_utf_8(charset: str, body: bytes) -> None:
    read, _ = parse(mail(body, content_type=f"text/plain; charset={charset}"))
    assert read.text == "réseau"


def test_a_multipart_without_parts_is_read_as_text() -> None:
    read, _ = parse(mail("toner is empty", content_type='multipart/mixed; boundary="never-used'))
    assert read.text == "toner is empty"


def test_control_characters_and_lone_surrogates_are_left_out() -> None:
    read, _ = parse(mail(b"a\x00b\x1b[31m\r\nc\xed\xa0\x80"))
    assert read.text.startswith("ab[31m\nc")
    read.text.encode()


def test_a_very_long_text_is_shortened_and_says_so() -> None:
    read, _ = parse(mail("x" * 100_001))
    assert read.text == "x" * 100_000 + "\n\n[The rest of this long mail is kept in the original.]"


def test_twenty_levels_are_read_and_twenty_one_are_not() -> None:
    assert parse(nested(20))[0].text == "the core"
    with pytest.raises(Unreadable, match="nested"):
        parse(nested(21))


def test_two_hundred_parts_are_read_and_more_are_not() -> None:
    assert parse(multipart(*[PLAIN.format("x")] * 200))[0].text.count("x") == 200
    with pytest.raises(Unreadable, match="parts"):
        parse(multipart(*[PLAIN.format("x")] * 201))


def test_a_header_of_more_than_256_kib_is_not_read() -> None:
    assert parse(mail(x="a" * 200_000))[0].subject == "Printer"
    with pytest.raises(Unreadable, match="header"):
        parse(mail(x="a" * 300_000))
