"""Nobody gives more than he has."""

import pytest

from services.assignment.domain.giving import MoreThanOneHas, must_have_all
from shared.access.may import Principal

LENA = Principal("agent", "lena", "Lena", {"*": frozenset({"a"}), "support": frozenset({"b"})})


@pytest.mark.parametrize("rights", [{}, {"*": ["a"]}, {"support": ["a", "b"]}, {"kitchen": ["a"]}, {"kitchen": []}])
def test_what_one_has_one_may_give(rights: dict[str, list[str]]) -> None:
    must_have_all(LENA, rights)


@pytest.mark.parametrize(
    ("rights", "lacking"),
    [
        ({"*": ["b"]}, "b everywhere"),
        ({"kitchen": ["a", "b"]}, "b in kitchen"),
        ({"support": ["c", "d"]}, "c, d in support"),
    ],
)
def test_what_one_lacks_is_named(rights: dict[str, list[str]], lacking: str) -> None:
    with pytest.raises(MoreThanOneHas, match=lacking):
        must_have_all(LENA, rights)
