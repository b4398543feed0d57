"""The collections of the email door: a row for every mail taken, by the hash of its bytes. GridFS makes its own.

A file is looked up by the entry that names it; most entries name none, and are in neither index.
"""

from pymongo import ASCENDING, IndexModel

from services.intake.mail.receive_mail import MAILS
from shared.store.indexes import Indexes

INDEXES: Indexes = {
    MAILS: [IndexModel([("fingerprint", ASCENDING)], unique=True), IndexModel([("raw_mail_id", ASCENDING)])],
}
FILES_INDEXES = [
    IndexModel([(name, ASCENDING)], partialFilterExpression={name: {"$exists": True}})
    for name in ("attachments.id", "raw_mail_id")
]
