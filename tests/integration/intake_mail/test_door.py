from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest

from services.intake import brake
from shared.events.envelope import decode
from shared.events.ticket import Actor
from tests.integration.intake_mail.desk import Desk
from tests.support.mails import bombs, mail, multipart


def test_a_mail_becomes_a_ticket_with_the_mail_kept_as_it_came(desk: Desk) -> None:
    raw = mail("It smokes.", subject="Printer two", message_id="<p2@example.com>")
    answer = desk.take(raw)
    ticket, [description] = desk.ticket(answer), desk.thread(answer)
    assert (answer["outcome"], answer["number"]) == ("opened", ticket["number"])
    assert (ticket["subject"], ticket["channel"], ticket["status"]) == ("Printer two", "email", "new")
    assert (ticket["requester"]["address"], ticket["requester"]["name"]) == ("ana@example.com", "Ana Albrecht")
    assert (description["text"], description["mail_message_id"]) == ("It smokes.", "<p2@example.com>")
    assert desk.events(answer) == ["ticket.created"]
    kept = desk.client.get(f"/v1/attachments/{description['raw_mail_id']}", headers=desk.headers)
    assert kept.data == raw


def test_the_same_mail_twice_has_the_effect_of_one(desk: Desk) -> None:
    raw = mail("twice")
    first, second = desk.take(raw), desk.take(raw)
    assert second == {**first, "outcome": "repeated"}
    assert len(desk.thread(first)) == 1


def test_a_mail_whose_sender_goes_away_in_its_middle_is_none(desk: Desk) -> None:
    raw = mail("cut off in the middle")
    half = desk.client.post(
        "/v1/mail",
        input_stream=BytesIO(raw[:-7]),
        content_type="message/rfc822",
        headers=desk.headers,
        environ_overrides={"CONTENT_LENGTH": str(len(raw)), "wsgi.input_terminated": True},  # as gunicorn has it
    )
    assert (half.status_code, half.json) == (
        408,
        {
            "type": "about:blank",
            "title": "The request broke off",
            "status": 408,
            "detail": "Nothing was accepted: send it again, whole.",
        },
    )
    assert desk.take(raw)["outcome"] == "opened"


def test_the_same_mail_that_came_by_another_way_is_a_repetition(desk: Desk) -> None:
    first = desk.take(mail("by two ways", message_id="<way@example.com>", received="from a"))
    second = desk.take(mail("by two ways", message_id="<way@example.com>", received="from b"))
    assert second == {**first, "outcome": "repeated"}


def test_two_mails_of_a_careless_program_with_one_message_id_are_two(desk: Desk) -> None:
    first = desk.take(mail("page 1", message_id="<scanner@example.com>"))
    second = desk.take(mail("page 2", message_id="<scanner@example.com>"))
    assert second["outcome"] == "opened"
    assert second["ticket_id"] != first["ticket_id"]


def test_one_mail_delivered_by_eight_connections_at_once_is_one_ticket(desk: Desk) -> None:
    raw = mail("eight times", message_id="<eight@example.com>")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(desk.take, [raw] * 8))
    assert len({answer["ticket_id"] for answer in answers}) == 1
    assert sorted(answer["outcome"] for answer in answers) == ["opened"] + ["repeated"] * 7
    assert desk.database["tickets"].count_documents({"_id": answers[0]["ticket_id"]}) == 1


def test_a_reply_by_our_own_reference_is_added_without_its_quoted_history(desk: Desk) -> None:
    opened = desk.take(mail("VPN drops"))
    text = "Now by cable too.\n\nOn Monday at 10:58, Support wrote:\n> ##- reply above this line -##\n> Cable?\n"
    replied = desk.take(mail(text, in_reply_to=desk.our_message_id(opened), subject="Re: VPN"))
    assert replied == {**opened, "outcome": "replied"}
    assert [(e["kind"], e["text"]) for e in desk.thread(opened)] == [
        ("description", "VPN drops"),
        ("requester_reply", "Now by cable too."),
    ]
    assert desk.events(opened) == ["ticket.created", "ticket.requester_replied"]


def test_the_reference_may_stand_among_others(desk: Desk) -> None:
    opened = desk.take(mail("references"))
    references = f"<1@example.com> {desk.our_message_id(opened)} <2@example.com>"
    assert desk.take(mail("more", references=references))["ticket_id"] == opened["ticket_id"]


def test_a_guessed_reference_opens_a_ticket_of_its_own(desk: Desk) -> None:
    opened = desk.take(mail("guess me"))
    guessed = desk.our_message_id(opened)[:-32] + "AAAAAAAAAAAAAAAA@desk.example>"
    answer = desk.take(mail("let me in", in_reply_to=guessed))
    assert answer["outcome"] == "opened"
    assert len(desk.thread(opened)) == 1


def test_a_strangers_mail_with_a_genuine_reference_opens_a_ticket_that_names_the_other(desk: Desk) -> None:
    opened = desk.take(mail("forwarded to Max"))
    answer = desk.take(mail("I am Max.", sender="max@example.com", in_reply_to=desk.our_message_id(opened)))
    assert answer["outcome"] == "opened"
    assert len(desk.thread(opened)) == 1
    assert desk.ticket(answer)["requester"]["address"] == "max@example.com"
    assert desk.thread(answer)[0]["text"] == (
        f"[This answers a mail about ticket {opened['number']}, but comes from somebody else than its requester.]"
        "\n\nI am Max."
    )
    assert desk.announced(answer).text == "I am Max."  # of which he gets a copy, with nothing about the other's ticket


def test_a_reply_to_a_closed_ticket_opens_a_new_one(desk: Desk) -> None:
    sender = "comes-back@example.com"  # of whom the brake knows nothing yet
    opened = desk.take(mail("to be closed", sender=sender))
    desk.database["tickets"].update_one({"_id": opened["ticket_id"]}, {"$set": {"status": "closed"}})
    answer = desk.take(mail("once more", sender=sender, in_reply_to=desk.our_message_id(opened)))
    assert answer["outcome"] == "opened"
    assert desk.ticket(answer)["follows"] == opened["ticket_id"]
    assert not is_automatic(desk, answer)


def test_a_reply_by_mail_leaves_a_monitoring_its_reference_to_the_closed_ticket(desk: Desk) -> None:
    opened = desk.take(mail("opened by an alarm"))
    as_if = {"$set": {"status": "closed", "external_reference": "alarm-1", "external_key": "monitor alarm-1"}}
    desk.database["tickets"].update_one({"_id": opened["ticket_id"]}, as_if)
    answer = desk.take(mail("once more, by mail", in_reply_to=desk.our_message_id(opened)))
    assert desk.ticket(answer)["follows"] == opened["ticket_id"]
    assert "external_reference" not in desk.ticket(answer)
    assert desk.ticket(opened)["external_key"] == "monitor alarm-1"


def test_an_absence_note_about_a_closed_ticket_is_kept_and_opens_nothing(desk: Desk) -> None:
    opened = desk.take(mail("to be closed, too"))
    desk.database["tickets"].update_one({"_id": opened["ticket_id"]}, {"$set": {"status": "closed"}})
    raw = mail("I am away", in_reply_to=desk.our_message_id(opened), auto_submitted="auto-replied")
    assert desk.take(raw) == {**opened, "outcome": "ignored"}
    assert len(desk.thread(opened)) == 1


def test_who_writes_a_mail_is_told_as_he_is_known_whatever_he_calls_himself(desk: Desk) -> None:
    opened = desk.take(mail("my own name", sender="Nora Ruiz <nora@example.com>"))
    again = {"sender": "Administrator <nora@example.com>", "in_reply_to": desk.our_message_id(opened)}
    desk.take(mail("let me in", **again))
    requester_id = desk.ticket(opened)["requester"]["id"]
    actors = [
        decode(row["body"]).data.actor
        for row in desk.database["event_log"].find({"subject": opened["ticket_id"]}).sort("sequence")
    ]
    assert actors == [Actor("requester", requester_id, "Nora Ruiz")] * 2


@pytest.mark.parametrize(
    "machine",
    [
        {"sender": "Mailer-Daemon <MAILER-DAEMON@mx.example>", "auto_submitted": "auto-replied"},
        {"sender": "Ben <ben@desk.example>", "auto_submitted": "auto-replied"},
        {"sender": "Ben <ben@desk.example>", "x_autoreply": "yes"},
        {"sender": "", "return_path": "<>"},
    ],
    ids=["bounce", "absence note", "old absence note", "from nobody"],
)
def test_what_a_machine_answers_to_a_mail_to_an_agent_opens_nothing(desk: Desk, machine: dict[str, str]) -> None:
    opened = desk.take(mail(f"assigned to Ben {machine}"))
    raw = mail("The mailbox is full.", references=desk.our_message_id(opened), **machine)
    assert desk.take(raw) == {**opened, "outcome": "ignored"}
    assert desk.take(raw) == {**opened, "outcome": "repeated"}
    assert desk.events(opened) == ["ticket.created"]
    [row] = desk.database["timeline"].find({"ticket_id": opened["ticket_id"]})
    assert (row["what"], row["who"], row["why"]) == (
        "a mail was kept and changes nothing",
        machine["sender"],
        "a machine's, and not the requester's: a bounce or an absence note",
    )


def test_a_bounce_is_known_by_the_header_that_it_returns(desk: Desk) -> None:
    opened = desk.take(mail("assigned to Ben, whose mailbox is full"))
    raw = multipart(
        "Content-Type: text/plain\r\n\r\nThe mailbox is full.",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n",
        f"Content-Type: text/rfc822-headers\r\n\r\nSubject: New\r\nMessage-ID: {desk.our_message_id(opened)}\r\n",
        kind="report",
        sender="Mail system <bounces@mx.example>",
    )
    assert desk.take(raw) == {**opened, "outcome": "ignored"}


def test_the_requesters_own_absence_note_joins_the_ticket(desk: Desk) -> None:
    opened = desk.take(mail("back on Monday"))
    raw = mail("I am away", in_reply_to=desk.our_message_id(opened), auto_submitted="auto-replied")
    assert desk.take(raw) == {**opened, "outcome": "replied"}


def test_a_persons_mail_through_a_list_is_not_lost(desk: Desk) -> None:
    opened = desk.take(mail("to a list"))
    raw = mail("Me too", sender="max@example.com", references=desk.our_message_id(opened), list_id="<desk.example>")
    assert desk.take(raw)["outcome"] == "opened"


@pytest.mark.parametrize(("status", "awoken"), [("on_hold", "ticket.resumed"), ("resolved", "ticket.reopened")])
def test_the_requesters_reply_through_a_list_wakes_the_ticket(desk: Desk, status: str, awoken: str) -> None:
    opened = desk.take(mail(f"{status}, of one who writes through a list"))
    desk.database["tickets"].update_one({"_id": opened["ticket_id"]}, {"$set": {"status": status}})
    raw = mail("It is broken again.", in_reply_to=desk.our_message_id(opened), list_id="<desk.example>")
    assert desk.take(raw) == {**opened, "outcome": "replied"}
    assert desk.ticket(opened)["status"] == "open"
    assert desk.events(opened) == ["ticket.created", "ticket.requester_replied", awoken]
    assert is_automatic(desk, opened, "ticket.requester_replied")


def test_the_requesters_reply_through_a_list_to_a_closed_ticket_opens_one_that_is_answered_by_nobody(
    desk: Desk,
) -> None:
    opened = desk.take(mail("closed, of one who writes through a list"))
    desk.database["tickets"].update_one({"_id": opened["ticket_id"]}, {"$set": {"status": "closed"}})
    raw = mail("It is broken again.", in_reply_to=desk.our_message_id(opened), list_id="<desk.example>")
    answer = desk.take(raw)
    assert answer["outcome"] == "opened"
    assert desk.ticket(answer)["follows"] == opened["ticket_id"]
    assert is_automatic(desk, answer)


def test_the_eleventh_ticket_of_one_address_in_an_hour_is_answered_by_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brake, "hour_of", lambda _: "2026-03-02T09")
    answers = [desk.take(mail(f"We are away, note {n}", sender="loop@example.com")) for n in range(12)]
    assert [is_automatic(desk, answer) for answer in answers] == [False] * 10 + [True] * 2
    assert not is_automatic(desk, desk.take(mail("We are here", sender="other@example.com")))
    monkeypatch.setattr(brake, "hour_of", lambda _: "2026-03-02T10")
    assert not is_automatic(desk, desk.take(mail("The next hour", sender="LOOP@example.com")))


def test_our_own_mail_that_comes_back_changes_nothing(desk: Desk) -> None:
    opened = desk.take(mail("echo"))
    raw = mail("We got your mail", sender="support@desk.example", message_id=desk.our_message_id(opened))
    assert desk.take(raw) == {**opened, "outcome": "ignored"}
    assert desk.events(opened) == ["ticket.created"]


def test_a_machines_mail_is_announced_as_one(desk: Desk) -> None:
    answer = desk.take(mail("backup failed", auto_submitted="auto-generated"))
    assert is_automatic(desk, answer)


def test_a_mail_from_nobody_becomes_a_ticket_that_says_so(desk: Desk) -> None:
    answer = desk.take(mail("who am I", sender="ana@example.com, ben@example.com"))
    assert desk.ticket(answer)["requester"]["address"] == "unknown-sender@mail.invalid"
    assert desk.thread(answer)[0]["text"] == (
        "[The sender is not known: From 'ana@example.com, ben@example.com' does not name exactly one address.]"
        "\n\nwho am I"
    )


def test_a_mail_that_cannot_be_read_becomes_a_ticket_with_the_mail_attached(desk: Desk) -> None:
    raw = bombs()["1,200 nested multiparts"]
    answer = desk.take(raw)
    assert desk.ticket(answer)["subject"] == "(mail that could not be read)"
    [attached] = desk.thread(answer)[0]["attachments"]
    assert (attached["name"], attached["content_type"], attached["size"]) == ("mail.eml", "message/rfc822", len(raw))
    assert desk.client.get(f"/v1/attachments/{attached['id']}", headers=desk.headers).data == raw


@pytest.mark.parametrize("bomb", bombs())
def test_every_bomb_becomes_a_ticket(desk: Desk, bomb: str) -> None:
    assert desk.take(bombs()[bomb])["number"].isdigit()


def test_an_attachment_is_handed_out_so_that_no_browser_runs_it(desk: Desk) -> None:
    attached = (
        'Content-Type: text/html; name="x"\r\n'
        'Content-Disposition: attachment; filename="=?utf-8?Q?Pr=C3=BCf=22ung=2Ehtml?="\r\n\r\n'
        "<script>alert(1)</script>"
    )
    answer = desk.take(multipart("Content-Type: text/plain\r\n\r\nsee the file", attached))
    [stored] = desk.thread(answer)[0]["attachments"]
    response = desk.client.get(f"/v1/attachments/{stored['id']}", headers=desk.headers)
    assert response.data == b"<script>alert(1)</script>"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"Pr_f_ung.html\"; filename*=UTF-8''Pr%C3%BCf%22ung.html"
    )
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_attachment_that_nobody_has_answers_404(desk: Desk) -> None:
    assert desk.client.get("/v1/attachments/nothing", headers=desk.headers).status_code == 404


def test_an_attachment_is_not_handed_out_without_a_key(desk: Desk) -> None:
    assert desk.client.get("/v1/attachments/nothing").status_code == 401


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"", "message/rfc822", 400),
        (b" \r\n", "message/rfc822", 400),
        (b"{}", "application/json", 415),
        (b"x" * (25 * 1024 * 1024 + 1), "message/rfc822", 413),
    ],
    ids=["empty", "blank", "json", "too large"],
)
def test_what_is_no_mail_is_refused(desk: Desk, raw: bytes, kind: str, status: int) -> None:
    response = desk.client.post("/v1/mail", data=raw, content_type=kind, headers=desk.headers)
    assert response.status_code == status


def test_a_mail_of_twenty_megabytes_is_taken(desk: Desk) -> None:
    answer = desk.take(mail(b"x" * 20_000_000))
    assert desk.ticket(answer)["subject"] == "Printer"


def test_a_large_mail_beyond_those_in_hand_is_put_off_unread_and_a_small_one_is_not(desk: Desk) -> None:
    large = BytesIO(mail(b"x" * 2_000_000))
    with ExitStack() as others:
        for _ in range(3):
            others.enter_context(desk.large_mails.place_for(2_000_000))
        kind = "message/rfc822"
        response = desk.client.post("/v1/mail", input_stream=large, content_type=kind, headers=desk.headers)
        assert large.tell() == 0
        assert (response.status_code, (response.json or {})["detail"]) == (
            503,
            "Other large mails are being taken: send it again in a minute.",
        )
        assert desk.take(mail("small, meanwhile"))["outcome"] == "opened"
    assert desk.take(mail(b"large, afterwards" * 100_000))["outcome"] == "opened"


def test_a_large_mail_gives_its_place_back_whatever_became_of_it(desk: Desk) -> None:
    for _ in range(4):
        assert desk.post(b" " * 2_000_000).status_code == 400
        assert desk.post(b"x" * (25 * 1024 * 1024 + 1)).status_code == 413
        assert desk.take(mail(b"again and again" * 100_000))["outcome"] in ("opened", "repeated")


def is_automatic(desk: Desk, answer: dict[str, Any], announced: str = "ticket.created") -> bool:
    row = desk.database["event_log"].find_one({"subject": answer["ticket_id"], "type": announced})
    assert row is not None
    return b'"automatic":true' in row["body"]
