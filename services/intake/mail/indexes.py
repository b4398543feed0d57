"""The collection of the email door: a row for every mail taken, by the hash of its bytes. GridFS makes its own."""

from pymongo import ASCENDING, IndexModel

from services.intake.mail.receive_mail import MAILS
from shared.store.indexes import Indexes

INDEXES: Indexes = {MAILS: [IndexModel([("fingerprint", ASCENDING)], unique=True)]}
