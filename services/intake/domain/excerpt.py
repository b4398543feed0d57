"""What of a long text travels in an event: the whole stays in the thread entry."""

import json

EVENT_BYTES = 16_000
_JSON_BYTES = 32_000  # quotes and line breaks double, and an event has room for that; other controls take six bytes


def excerpt(text: str) -> str:
    """The first 16,000 bytes of UTF-8, never half a character; less if escaping would swell them."""
    if len(text) * 6 <= EVENT_BYTES:
        return text
    start = text.encode()[:EVENT_BYTES]
    while len(json.dumps(opening := start.decode(errors="ignore"), ensure_ascii=False).encode()) > _JSON_BYTES:
        start = start[: len(start) // 2]
    return opening
