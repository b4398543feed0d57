"""Who signs in: he proves by his password who he is, and gets a session and short tokens."""

from datetime import datetime
from functools import partial
from typing import Any

from pymongo.database import Database

from services.assignment.accounts import ACCOUNTS
from services.assignment.attempts import Attempts
from services.assignment.handlers.announcing_agents import shown
from services.assignment.handlers.set_password import renew_hash
from services.assignment.passwords import Passwords
from services.assignment.roster_repository import AGENTS
from services.assignment.sessions import open_session
from shared.access.tokens import Identity, Signer
from shared.http.commands import Commands
from shared.store.documents import Document, Key


class SignIn:
    def __init__(self, database: Database[Document], commands: Commands, signer: Signer) -> None:
        self._database = database
        self._commands = commands
        self._signer = signer
        self.attempts = Attempts(database)
        self.passwords = Passwords()

    def proven(self, address: str, password: str, network: str, now: datetime) -> Document | None:
        """The agent, if the account is in use and the password is his. Raises TooManyTries.

        Whoever is asked for, it is the same work, but for what a right password leads to.
        """
        counted = self.attempts.begin(address, network, now)
        agent = self._database[AGENTS].find_one({"address": address})
        account = self._database[ACCOUNTS].find_one({"_id": agent["_id"] if agent else ""})
        known = account["password_hash"] if account else None
        is_right = self.passwords.is_right(known, password)
        if not is_right or known is None or agent is None or not agent["active"]:
            return None
        self.attempts.succeeded(address, network, counted, now)
        if self.passwords.is_outdated(known):
            renewed = partial(renew_hash, agent["_id"], known, self.passwords.hash(password))
            self._commands.carry_out(renewed, [Key(ACCOUNTS, agent["_id"])])
        return agent

    def session(self, agent: Document, now: datetime) -> dict[str, Any]:
        """A session, and its first token."""
        return {**self.token(agent, now), "session": open_session(self._database, agent, now)}

    def token(self, agent: Document, now: datetime) -> dict[str, Any]:
        identity = Identity("agent", agent["_id"], agent["name"], generation=agent["generation"])
        token, expires_at = self._signer.sign(identity, now)
        return {"token": token, "expires_at": expires_at, "agent": shown(agent)}
