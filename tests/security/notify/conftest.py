from tests.integration.notify.conftest import desk, head, make_sender, new_desk, server

__all__ = ["desk", "head", "make_sender", "new_desk", "server"]
