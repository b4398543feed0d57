from tests.support.operator import Operator

_WORDS = ("--requester", "ana@example.com", "--name", "Ana", "--subject", "[bold]VPN[/] drops")


def test_a_ticket_is_submitted_shown_and_told(operator: Operator) -> None:
    ticket_id = operator.opens_ticket("[bold]VPN[/] drops")
    shown = operator.types("ticket", "show", ticket_id)
    assert "[bold]VPN[/] drops" in shown.out
    assert "running, due" in shown.out
    told = operator.types("ticket", "timeline", ticket_id)
    assert "came in by http" in told.out
    assert "targets set by plan standard" in told.out


def test_a_strangers_words_do_not_steer_the_terminal(operator: Operator) -> None:
    ticket_id = operator.opens_ticket("VPN \x9b2J drops \u202e")
    for what in ("show", "timeline"):
        told = operator.types("ticket", what, ticket_id).out
        assert "VPN \\x9b2J drops \\u202e" in told
        assert not {"\x9b", "\u202e"} & set(told)


def test_the_text_comes_from_standard_input_and_the_same_call_twice_makes_one_ticket(operator: Operator) -> None:
    words = ("ticket", "submit", *_WORDS, "--text", "-", "--once", "call-1")
    first = operator.types(*words, answering="It drops.")
    assert first.code == 0
    assert first.out.startswith("Ticket 1")
    assert operator.types(*words, answering="It drops.").out == first.out


def test_a_refusal_names_the_field_and_the_rule(operator: Operator) -> None:
    answer = operator.types("ticket", "submit", "--requester", "ana", "--subject", "VPN", "--text", "It drops.")
    assert answer.code == 1
    assert "requester.address: Must be a mail address in plain ASCII of at most 254 characters;" in answer.err


def test_without_a_key_the_remedy_is_named(operator: Operator) -> None:
    answer = operator.but(RELAYDESK_API_KEY="").types("ticket", "show", "0190a0a0-0000-7000-8000-00000000000a")
    assert (answer.code, answer.err) == (
        1,
        "Error: Set RELAYDESK_API_KEY: `relaydesk setup` shows one when it makes the system.\n",
    )


def test_a_door_that_nobody_opens_ends_with_69(operator: Operator) -> None:
    answer = operator.but(RELAYDESK_INTAKE_URL="http://127.0.0.1:1").types("ticket", "show", "x")
    assert answer.code == 69
    assert "http://127.0.0.1:1 does not answer" in answer.err
