"""The collections of the email door: a row for every mail taken, by the hash of its bytes, and for an hour one for each
who sends them. GridFS makes its own.

A file is looked up by the entry that names it; most entries name none, and are in neither index.
"""

from pymongo import ASCENDING, IndexModel

from services.intake.mail.brake import MAIL_SENDERS
from services.intake.mail.receive_mail import MAILS
from shared.store.indexes import Indexes

INDEXES: Indexes = {
    MAILS: [IndexModel([("fingerprint", ASCENDING)], unique=True), IndexModel([("raw_mail_id", ASCENDING)])],
    MAIL_SENDERS: [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
}
FILES_INDEXES = [
    IndexModel([(name, ASCENDING)], partialFilterExpression={name: {"$exists": True}})
    for name in ("attachments.id", "raw_mail_id")
]
