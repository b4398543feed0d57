"""When each API key was used last: told to assignment now and then, outside any request's way."""

import logging
import threading
from datetime import datetime, timedelta
from functools import partial

from shared.events.access import ApiKeyUsed
from shared.identifiers import new_id
from shared.moments import utc_now
from shared.store.documents import Announcement, Cause, Changes, Documents, Key
from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import UnitOfWork, Work

API_KEY_USES = "api_key_uses"
EVERY_SECONDS = 60.0
AT_MOST_EVERY = timedelta(minutes=5)  # for one key at one service, however many processes it has
_log = logging.getLogger(__name__)


class KeyUses:
    """Notes are kept in memory until they are told; those of a process that dies are lost, and nothing else is."""

    def __init__(self, unit_of_work: UnitOfWork, service: str) -> None:
        self._unit_of_work = unit_of_work
        self._service = service
        self._noted: dict[str, datetime] = {}
        threading.Thread(target=self._run, name="key uses", daemon=True).start()

    def note(self, key_id: str) -> None:
        self._noted[key_id] = utc_now()

    def tell(self) -> None:
        noted, self._noted = self._noted, {}
        works = [
            Work(partial(_tell, key_id, self._service, used_at), Cause(new_id()), [Key(API_KEY_USES, key_id)])
            for key_id, used_at in list(noted.items())
        ]
        self._unit_of_work.run(works, patience=5.0)

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY_SECONDS):
            try:
                self.tell()
            except StoreUnavailable as error:
                _log.warning("uses of API keys are not told: %s", error)
            except Exception:
                _log.exception("uses of API keys are not told")


def _tell(key_id: str, service: str, used_at: datetime, documents: Documents, now: datetime) -> Changes:
    known = documents.get(API_KEY_USES, key_id)
    if known is not None and used_at - known["at"] < AT_MOST_EVERY:
        return Changes()
    version = known["version"] + 1 if known else 1
    event = ApiKeyUsed(key_id, service, used_at)
    return Changes(
        documents=[(API_KEY_USES, {"_id": key_id, "version": version, "at": used_at})],
        events=[Announcement(event, f"{key_id}:{service}", version, used_at)],
    )
