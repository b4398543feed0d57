"""The form of W3C's traceparent, and what a hop makes of it. The first one is the specification's own example."""

import pytest

from shared.tracing import accepted, next_hop, trace_id

EXAMPLE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_the_example_of_the_specification_is_accepted() -> None:
    assert accepted(EXAMPLE) == EXAMPLE


def test_of_a_later_version_the_known_part_is_taken() -> None:
    assert accepted("cc" + EXAMPLE[2:] + "-what-the-future-brings") == EXAMPLE


@pytest.mark.parametrize(
    "header",
    [
        None,
        7,
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",  # no flags
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",  # upper case
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",  # no trace
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",  # no span
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",  # the version that never is
        EXAMPLE + "-more",  # version 00 has no more
        "cc" + EXAMPLE[2:] + "more",
        EXAMPLE + "\r\nX-Injected: 1",
    ],
)
def test_another_form_is_not(header: object) -> None:
    assert accepted(header) is None


def test_a_hop_keeps_trace_and_flags_and_has_a_span_of_its_own() -> None:
    hop = next_hop("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
    assert accepted(hop) == hop
    assert (trace_id(hop), hop[-2:]) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00")
    assert hop[36:52] != "00f067aa0ba902b7"


def test_without_a_parent_a_trace_begins() -> None:
    first, second = next_hop(None), next_hop(None)
    assert accepted(first) == first
    assert trace_id(first) != trace_id(second)
