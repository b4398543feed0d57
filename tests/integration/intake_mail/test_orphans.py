"""What lies in the store of files for a day without a name is removed, and nothing else is."""

import threading
from datetime import timedelta

from services.intake.mail.blobs import Blobs
from services.intake.mail.orphans import sweep
from shared.identifiers import new_id
from shared.moments import utc_now
from tests.integration.intake_mail.desk import Desk
from tests.support.mails import mail, multipart

TEXT = "Content-Type: text/plain\r\n\r\nHere is the log."
LOG = 'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="log.txt"\r\n\r\nall is well'


def stored(desk: Desk) -> int:
    """How many files, whole or in part."""
    names = {row["_id"] for row in desk.database["blobs.files"].find()}
    return len(names | set(desk.database["blobs.chunks"].distinct("files_id")))


def swept(desk: Desk, hours: float) -> int:
    return sweep(desk.database, utc_now() + timedelta(hours=hours), threading.Event())


def test_only_what_nobody_names_is_removed_after_a_day(desk: Desk) -> None:
    opened = desk.take(multipart(TEXT, LOG, message_id="<log@example.com>"))
    ignored = desk.take(mail("We got your mail", message_id=desk.our_message_id(opened)))
    assert ignored["outcome"] == "ignored"
    named = stored(desk)
    assert named == 3  # two mails and a file
    repeated = desk.take(multipart(TEXT, LOG, message_id="<log@example.com>", received="by another way"))
    assert repeated["outcome"] == "repeated"
    empty = Blobs(desk.database).put(b"", "empty.txt", "text/plain")
    desk.database["blobs.chunks"].insert_one({"files_id": new_id(), "n": 0, "data": b"cut off"})
    assert stored(desk) == named + 4

    assert swept(desk, hours=23) == 0
    assert swept(desk, hours=25) == 4
    assert stored(desk) == named
    assert desk.database["blobs.files"].find_one({"_id": empty["id"]}) is None
    [attachment] = desk.thread(opened)[0]["attachments"]
    assert desk.client.get(f"/v1/attachments/{attachment['id']}", headers=desk.headers).data == b"all is well"


def test_a_sweep_goes_on_where_the_last_one_ended(desk: Desk) -> None:
    swept(desk, hours=25)
    Blobs(desk.database).put(b"a", "a.txt", "text/plain")
    Blobs(desk.database).put(b"b", "b.txt", "text/plain")
    stopped = threading.Event()
    stopped.set()
    assert sweep(desk.database, utc_now() + timedelta(hours=25), stopped) == 0
    assert swept(desk, hours=25) == 2
    assert swept(desk, hours=25) == 0


def test_a_sweep_walks_through_nothing(desk: Desk) -> None:
    desk.take(multipart(TEXT, LOG, message_id="<walk@example.com>"))
    Blobs(desk.database).put(b"c", "c.txt", "text/plain")
    desk.database.command({"profile": 1, "filter": {"planSummary": "COLLSCAN"}})
    assert swept(desk, hours=25) == 1
    desk.database.command({"profile": 0})
    assert [note["command"] for note in desk.database["system.profile"].find()] == []
