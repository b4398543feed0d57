from email.parser import BytesParser
from email.policy import compat32

import pytest

from services.intake.mail import headers
from tests.support.mails import mail


def _fields(raw: bytes) -> headers.Fields:
    return headers.fields_of(BytesParser(policy=compat32).parsebytes(raw))


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("ana@example.com", "ana@example.com", ""),
        ("<ana@example.com>", "ana@example.com", ""),
        ("Ana Albrecht <ana@example.com>", "ana@example.com", "Ana Albrecht"),
        ('"Albrecht, Ana" <ana@example.com>', "ana@example.com", "Albrecht, Ana"),
        ('"Ana \\"AA\\" Albrecht" <ana@example.com>', "ana@example.com", 'Ana "AA" Albrecht'),
        ("Albrecht, Ana <ana@example.com>", "ana@example.com", "Albrecht, Ana"),
        ("ana@example.com (Ana Albrecht)", "ana@example.com", "Ana Albrecht"),
        ("=?utf-8?Q?Zo=C3=AB?= <zoe@example.com>", "zoe@example.com", "Zoë"),
    ],
)
def test_a_sender_is_one_address_and_perhaps_a_name(written: str, address: str, name: str) -> None:
    assert headers.sender(_fields(mail(sender=written))) == (address, name)


@pytest.mark.parametrize(
    "written",
    [
        "ana@example.com, ben@example.com",
        "alice@example.org)bob@example.com",
        "alice@example.org <bob@example.com>",
        "<ana@example.com> <ben@example.com>",
        "Friends: ana@example.com;",
        '""@',
        "ana",
        "",
        "ana@example.com\x00",
        "ana@exa mple.com",
        "=?utf-8?Q?ana=40example=2Ecom?=",
        "a" * 65 + "@example.com",
        "ana@" + "a." * 11 + "com",
        "(" * 5_000,
    ],
)
def test_whatever_does_not_name_exactly_one_address_names_nobody(written: str) -> None:
    assert headers.sender(_fields(mail(sender=written))) == (None, "")


def test_two_from_fields_name_nobody() -> None:
    assert headers.sender(_fields(b"From: ana@example.com\nFrom: ben@example.com\n\n")) == (None, "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Printer", "Printer"),
        ("=?utf-8?B?w5xiZXI=?=", "Über"),
        ("=?iso-8859-1?Q?Mot_de_passe_oubli=E9?=", "Mot de passe oublié"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),  # a character split between two words
        ("Re: =?utf-8?Q?a?= =?utf-8?Q?b?= c", "Re: ab c"),
        ("=?utf-8*en?Q?hello?=", "hello"),
        ("=?bogus-8?Q?still_readable?=", "still readable"),
        ("=?utf-8?B?!?=", ""),
        ("tab\tand\x07bell", "tab and bell"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_encoded_words_are_read_and_control_characters_are_not(written: str, read: str) -> None:
    assert headers.decoded(written) == read


def test_a_field_in_raw_utf_8_is_read() -> None:
    assert _fields("Subject: Zugang für Zoë\n\n".encode())["subject"] == ["Zugang für Zoë"]


@pytest.mark.parametrize(
    "field",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated (vacation); owner-email=x"},
        {"precedence": "bulk"},
        {"precedence": "auto_reply"},
        {"x_auto_response_suppress": "All"},
        {"list_id": "<staff.example.com>"},
        {"list_unsubscribe": "<mailto:off@example.com>"},
        {"return_path": "<>"},
    ],
)
def test_a_machines_mail_is_known_by_its_fields(field: dict[str, str]) -> None:
    assert headers.is_automatic(_fields(mail(**field)), "text/plain", "ana@example.com")


def test_a_machines_mail_is_known_by_its_sender_and_its_kind() -> None:
    assert headers.is_automatic({}, "text/plain", "MAILER-DAEMON@example.com")
    assert headers.is_automatic({}, "multipart/report", "ana@example.com")


def test_a_persons_mail_is_not_a_machines() -> None:
    raw = mail(auto_submitted="no", return_path="<ana@example.com>", precedence="normal")
    assert not headers.is_automatic(_fields(raw), "text/plain", "ana@example.com")


def test_the_nearest_ancestor_comes_last() -> None:
    raw = mail(in_reply_to="<3@example.com>", references="<1@example.com>\r\n <2@example.com>")
    assert headers.references(_fields(raw)).split() == ["<1@example.com>", "<2@example.com>", "<3@example.com>"]
