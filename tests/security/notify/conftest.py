from tests.integration.notify.conftest import database_name, desk, head, make_sender, server

__all__ = ["database_name", "desk", "head", "make_sender", "server"]
