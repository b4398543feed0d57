"""Who knocks too often waits; nobody else does."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.http.rate_limit import RateLimit, TooManyRequests
from shared.settings import Limits
from shared.store.documents import Document
from tests.support import access
from tests.support.access import Headers
from tests.unit.http.kiosk import kiosk

FEW = Limits(network="3/hour", requester="2/hour", agent="3/hour", integration="2/hour")


def answered(web: FlaskClient, path: str, headers: Headers, times: int) -> list[int]:
    return [web.get(path, headers=headers).status_code for _ in range(times)]


def test_each_agent_has_a_limit_of_his_own(rows: Database[Document]) -> None:
    web = kiosk(rows, FEW)
    assert answered(web, "/v1/articles", access.signed_in("agent", "vera"), 4) == [200, 200, 200, 429]
    assert answered(web, "/v1/articles", access.signed_in("agent", "dana"), 1) == [200]


def test_whom_a_key_acts_for_makes_no_difference_to_its_limit(rows: Database[Document]) -> None:
    web, key = kiosk(rows, FEW), access.key_with(rows, "tickets")
    statuses = [
        web.get("/v1/articles", headers={**key, "X-On-Behalf-Of": name}).status_code
        for name in ("vera", "ben", "dana", "vera")
    ]
    assert statuses == [200, 200, 200, 429]
    assert answered(web, "/v1/articles", key, 3) == [200, 200, 429]


def test_an_unknown_caller_is_counted_by_his_network(rows: Database[Document]) -> None:
    web = kiosk(rows, FEW)
    assert answered(web, "/v1/window", {}, 4) == [200, 200, 200, 429]
    refused = web.get("/v1/window")
    assert refused.content_type == "application/problem+json"
    assert 3500 <= int(refused.headers["Retry-After"]) <= 3600


def test_a_whole_network_of_an_ipv6_customer_is_one_caller(rows: Database[Document]) -> None:
    web = kiosk(rows, FEW)

    def status_from(address: str) -> int:
        return web.get("/v1/window", environ_base={"REMOTE_ADDR": address}).status_code

    assert [status_from(f"2001:db8::{n}") for n in range(1, 5)] == [200, 200, 200, 429]
    assert [status_from("2001:db8:0:1::1"), status_from("192.0.2.1"), status_from("::ffff:192.0.2.1")] == [200] * 3


def test_who_guesses_credentials_is_counted_and_locks_no_neighbour_out(rows: Database[Document]) -> None:
    web = kiosk(rows, FEW)
    assert answered(web, "/v1/articles", {"Authorization": "Bearer rdk_x_y"}, 4) == [401, 401, 401, 429]
    assert answered(web, "/v1/articles", access.signed_in("agent", "vera"), 1) == [200]
    assert answered(web, "/v1/window", {}, 1) == [200]


def test_a_header_that_names_another_network_counts_only_from_a_known_proxy(rows: Database[Document]) -> None:
    def from_everywhere(web: FlaskClient) -> list[int]:
        return [web.get("/v1/window", headers={"X-Forwarded-For": f"192.0.2.{i}"}).status_code for i in range(4)]

    assert from_everywhere(kiosk(rows, FEW)) == [200, 200, 200, 429]
    assert from_everywhere(kiosk(rows, FEW, proxies=1)) == [200, 200, 200, 200]


def test_health_is_not_counted(rows: Database[Document]) -> None:
    assert answered(kiosk(rows, FEW), "/healthz", {}, 5) == [200] * 5


def test_the_next_window_begins_with_the_first_request_after_the_last() -> None:
    moments = [0.0, 1.0, 59.9, 60.0, 61.0, 119.9]
    limit = RateLimit(Limits(network="2/minute"), clock=iter(moments).__next__)
    assert [is_let_in(limit) for _ in moments] == [True, True, False, True, True, False]


def test_who_is_still_counted_outlives_a_thousand_others() -> None:
    moment = 0.0
    limit = RateLimit(Limits(network="1/hour"), clock=lambda: moment)
    limit.hit_from("192.0.2.1")
    for n in range(3000):
        moment += 1.0
        limit.hit_from(f"2001:db8:0:{n:x}::1")
    assert not is_let_in(limit)
    moment += 600.0
    assert is_let_in(limit)


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """They interrupt one another all the time: without a lock the count is wrong in nearly every run."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_each_of_many_at_once_is_counted() -> None:
    limit = RateLimit(Limits(network="20000/hour"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: is_let_in(limit), range(30_000)))
    assert answers.count(True) == 20_000


def is_let_in(limit: RateLimit) -> bool:
    try:
        limit.hit_from("192.0.2.1")
    except TooManyRequests:
        return False
    return True
