"""Before the first mail is written: does the server that is to take them answer?"""

import socket

_SECONDS = 3.0


def lacks(host: str, port: int) -> str | None:
    """What is wrong with the mail server, in a sentence; None when it answers."""
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:  # the latter for names and ports that can't be
        return (
            f"No mail server answers at {host}:{port} ({error}): mails wait for one. Name yours in RELAYDESK_SMTP_HOST"
            " and RELAYDESK_SMTP_PORT."
        )
    return None
