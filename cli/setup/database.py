"""The database server: a replica set of one where it is none yet, and an account for each service."""

from collections.abc import Mapping

from pymongo import MongoClient
from pymongo.uri_parser import parse_uri

from cli.setup.addresses import account_in
from shared.store.documents import Document

_PATIENCE_MS = 30_000


def begin_replica_set(url: str) -> None:
    """Transactions need one. A server that was not told to be a member, or already is one, is left alone."""
    place = parse_uri(url)
    if len(place["nodelist"]) > 1:
        return
    [(host, port)] = place["nodelist"]
    options = {**place["options"], "directConnection": True, "serverSelectionTimeoutMS": _PATIENCE_MS}
    name = options.pop("replicaSet", None)
    user, password = place["username"], place["password"]
    with MongoClient[Document](host, port, username=user, password=password, **options) as client:
        if client.admin.command("hello").get("isreplicaset"):
            members = [{"_id": 0, "host": f"{host}:{port}"}]
            client.admin.command("replSetInitiate", {"_id": name or "rs0", "members": members})
    with MongoClient[Document](url, serverSelectionTimeoutMS=_PATIENCE_MS) as client:
        client.admin.command("ping")  # a primary answers


def reconcile_accounts(client: MongoClient[Document], databases: Mapping[str, str]) -> None:
    """`databases`: by a service's own address, the one database that it may read and write."""
    for url, database in databases.items():
        user, password = account_in(url)
        is_known = client.admin.command("usersInfo", user)["users"]
        client.admin.command(
            *("updateUser" if is_known else "createUser", user),
            pwd=password,
            roles=[{"role": "readWrite", "db": database}],
        )
