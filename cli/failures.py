"""How a command ends. Whatever goes wrong outside of us is one sentence and a code, as in sysexits.h, never a trace."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from environs import EnvError
from pika.exceptions import AMQPError
from pymongo.errors import PyMongoError

from cli.client import Refused, Unreachable
from cli.submitter import NoAnswer
from shared.messaging.publisher import PublisherLost

FINE, FOUND_WRONG, UNAVAILABLE, TRY_AGAIN = 0, 1, 69, 75  # and 2, click's own, for wrong usage


class Failure(click.ClickException):
    """`exit_code` is one of the above."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance as well


def found_wrong(sentence: str) -> Failure:
    return Failure(sentence, FOUND_WRONG)


@contextmanager
def in_a_sentence() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        raise Failure(f"MongoDB is not there or refuses: {of_mongo(error)}.", UNAVAILABLE) from error
    except (AMQPError, PublisherLost) as error:
        raise Failure(f"RabbitMQ is not there or refuses: {of_broker(error)}.", UNAVAILABLE) from error
    except Unreachable as error:
        raise Failure(f"{error}.", UNAVAILABLE) from error
    except NoAnswer as error:
        raise Failure(f"{error}. Does intake's worker run?", UNAVAILABLE) from error
    except Refused as error:
        raise Failure(of_refusal(error.problem), TRY_AGAIN if error.status in (429, 503) else FOUND_WRONG) from error
    except (EnvError, OSError) as error:
        raise Failure(f"{error}.", FOUND_WRONG) from error
    except ValueError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        raise found_wrong(f"{error}") from error  # a setting's …_FILE that can't be read


def of_mongo(error: Exception) -> str:
    """Without the long account of what every server was like."""
    return re.split(r" \(configured|, Timeout: |, full error", str(error))[0].rstrip(".")


def of_broker(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def of_refusal(problem: str) -> str:
    """An API's problem document as text: its detail, then a line for every field with the rule and the remedy."""
    try:
        said = json.loads(problem)
        reasons = [f"{r['field'] or 'the request'}: {r['rule']} {r['remedy']}" for r in said.get("errors", ())]
        return "\n".join([said["detail"], *(f"  {reason}" for reason in reasons)])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The API refused: {problem[:200]}"
