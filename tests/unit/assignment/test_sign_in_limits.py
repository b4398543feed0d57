"""Which counters a try to sign in fills."""

from services.assignment.domain.sign_in_limits import counters

BEN, OFFICE, ELSEWHERE = "ben@desk.example", "192.0.2.1", "198.51.100.7"


def limits(address: str, network: str, *, is_known: bool) -> list[int]:
    return [counter.limit for counter in counters(address, network, is_known=is_known)]


def test_a_strangers_try_counts_for_the_pair_the_address_and_the_network() -> None:
    assert limits(BEN, ELSEWHERE, is_known=False) == [5, 100, 50]


def test_from_where_one_has_signed_in_only_ones_own_tries_count() -> None:
    assert limits(BEN, OFFICE, is_known=True) == [5]


def test_counters_are_apart_and_hold_no_address_in_clear() -> None:
    names = {
        counter.name
        for address in (BEN, "cleo@desk.example")
        for network in (OFFICE, ELSEWHERE)
        for counter in counters(address, network, is_known=False)
    }
    assert len(names) == 4 + 2 + 2
    assert not any("desk.example" in name or OFFICE in name for name in names)
