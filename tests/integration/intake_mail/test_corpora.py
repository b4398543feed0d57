"""Mails as they are in the world: our own samples, and any folder of .eml files that MAIL_CORPUS names."""

import os
from pathlib import Path

import pytest

import cli
from tests.integration.intake_mail.desk import Desk

SAMPLES = sorted((Path(cli.__file__).parent / "samples").glob("*.eml"))


def test_every_sample_becomes_a_ticket(desk: Desk) -> None:
    subjects = {path.stem: desk.ticket(desk.take(path.read_bytes()))["subject"] for path in SAMPLES}
    assert subjects == {
        "attachment": "Printer on floor 2 stops with error 50.2",
        "auto_reply": "Automatic reply: Printer on floor 2 stops with error 50.2",
        "broken": "Scan failed (toner)",
        "encoded_subject": "Zugang für unsere neue Kollegin Zoë 🙂",
        "html": "Invoice 2026-1043 shows the wrong address",
        "latin_1": "Mot de passe oublié",
        "plain": "VPN drops every few minutes",
        "reply": "Re: VPN drops every few minutes",
    }


@pytest.mark.skipif("MAIL_CORPUS" not in os.environ, reason="MAIL_CORPUS names no folder of mails")
def test_every_mail_of_the_corpus_becomes_a_readable_ticket(desk: Desk) -> None:
    answers = {path: desk.take(path.read_bytes()) for path in Path(os.environ["MAIL_CORPUS"]).rglob("*.eml")}
    assert answers
    subjects = {path.name: desk.ticket(answer)["subject"] for path, answer in answers.items()}
    assert [name for name, subject in subjects.items() if subject == "(mail that could not be read)"] == []
