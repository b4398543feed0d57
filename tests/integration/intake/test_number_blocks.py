from concurrent.futures import ThreadPoolExecutor

from pymongo.database import Database

from services.intake.number_blocks import NumberBlocks
from shared.store.documents import Document


def test_no_number_is_handed_out_twice_by_threads_and_processes(database: Database[Document]) -> None:
    one, other = NumberBlocks(database), NumberBlocks(database)
    with ThreadPoolExecutor(16) as threads:
        numbers = list(threads.map(lambda i: (one if i % 2 else other).take(), range(1000)))
    assert len(set(numbers)) == 1000
    assert all(int(number) >= 100_001 for number in numbers)


def test_the_first_number_is_100001(database: Database[Document]) -> None:
    empty = database.client[f"{database.name}_numbers"]
    try:
        blocks = NumberBlocks(empty)
        assert [blocks.take() for _ in range(101)][::100] == ["100001", "100101"]
    finally:
        empty.client.drop_database(empty.name)
