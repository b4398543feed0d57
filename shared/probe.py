"""`python -m shared.probe http://127.0.0.1:9100/healthz`: exit 0 for 200, else 1. For containers without curl."""

import sys
import urllib.error
import urllib.request

SECONDS = 5


def probe(url: str) -> str | None:
    """What is wrong; None when all is well."""
    try:
        urllib.request.urlopen(url, timeout=SECONDS).close()  # noqa: S310  # our own address, from our own command line
    except urllib.error.HTTPError as refused:
        with refused:
            return f"{refused.code} {refused.read(2000).decode(errors='replace')}"
    except (OSError, ValueError) as error:
        return f"{url} does not answer: {error}"
    return None


if __name__ == "__main__":
    sys.exit(probe(sys.argv[1]) if len(sys.argv) == 2 else "usage: python -m shared.probe URL")
