from cli.documents import LIFECYCLE, written


def test_the_table_of_events_is_what_the_services_say() -> None:
    assert written(LIFECYCLE.read_text()) == LIFECYCLE.read_text()
