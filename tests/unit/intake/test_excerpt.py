from services.intake.domain.excerpt import excerpt


def test_a_short_text_travels_whole() -> None:
    assert excerpt("The printer is on fire") == "The printer is on fire"


def test_a_long_text_is_cut_at_16000_bytes() -> None:
    assert excerpt("a" * 20_000) == "a" * 16_000


def test_no_character_is_cut_in_half() -> None:
    assert excerpt("a" + "€" * 8_000) == "a" + "€" * 5_333


def test_a_text_that_escaping_would_swell_is_cut_shorter() -> None:
    assert excerpt("\x01" * 16_000) == "\x01" * 4_000
