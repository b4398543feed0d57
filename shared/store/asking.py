"""Several questions in one command: for a lone message the way to the store and back costs more than the answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pymongo.database import Database

Found = dict[str, Any]
_AT_ONCE = 10_000  # documents; MongoDB ends an answer at 16 MB by itself


class Question(NamedTuple):
    collection: str
    filter: dict[str, Any]


def ask(database: Database[Found], questions: Sequence[Question]) -> list[list[Found]]:
    """What was found to each, in no order."""
    if len(questions) == 1:
        [only] = questions
        return [list(database[only.collection].find(only.filter))]
    found: list[list[Found]] = [[] for _ in questions]
    if questions:
        first, *others = (_answered(i, question) for i, question in enumerate(questions))
        unions = [
            {"$unionWith": {"coll": question.collection, "pipeline": answered}}
            for question, answered in zip(questions[1:], others, strict=True)
        ]
        for row in database[questions[0].collection].aggregate([*first, *unions], batchSize=_AT_ONCE):
            found[row["of"]].append(row["document"])
    return found


def _answered(place: int, question: Question) -> list[dict[str, Any]]:
    return [{"$match": question.filter}, {"$replaceWith": {"of": {"$literal": place}, "document": "$$ROOT"}}]
