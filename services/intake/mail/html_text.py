"""HTML to plain text: cleaned by nh3 first, because Python's own HTML parser can be made to take half a minute by
46 KB of `<a ` (CVE-2025-6069), then walked."""

import re
from html.parser import HTMLParser

import nh3

MAX_HTML = 100_000  # characters; nh3 itself takes seconds for deeply nested input beyond that
_BLOCKS = {"p", "div", "li", "ul", "ol", "tr", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
_TAGS = _BLOCKS | {"a", "br", "td", "th"}


def text_of_html(html: str) -> str:
    clean = nh3.clean(
        html[:MAX_HTML], tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    walker = _Walker()
    walker.feed(clean)
    walker.close()
    return walker.text()


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = [""]
        self._quotes = 0
        self._preformatted = 0
        self._links: list[tuple[str, int, int]] = []  # address, line and column where its text begins

    def text(self) -> str:
        lines = [line.rstrip() for line in self._lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "br":
            self._begin_line(always=tag == "br")
        if tag == "p":
            self._begin_line(always=True)
        elif tag == "blockquote":
            self._quotes += 1
            self._begin_line(always=True)
        elif tag == "li":
            self._lines[-1] += "- "
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._lines) - 1, len(self._lines[-1])))
        elif tag in ("td", "th") and not self._is_blank():
            self._lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            address, line, column = self._links.pop()
            shown = " ".join([self._lines[line][column:], *self._lines[line + 1 :]]).strip()
            if address and address.removeprefix("mailto:") != shown:
                self._lines[-1] += f" ({address[:500]})" if shown else address[:500]
        elif tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)
            self._begin_line(always=True)
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
            self._begin_line()
        elif tag in _BLOCKS:
            self._begin_line()

    def handle_data(self, data: str) -> None:
        if self._preformatted:
            first, *others = data.split("\n")
            self._lines[-1] += first
            for line in others:
                self._begin_line(always=True)
                self._lines[-1] += line
            return
        text = re.sub(r"[ \t\r\n\f\xa0]+", " ", data)
        self._lines[-1] += text.lstrip() if self._is_blank() else text

    def _is_blank(self) -> bool:
        return not self._lines[-1].strip("> ")

    def _begin_line(self, *, always: bool = False) -> None:
        prefix = "> " * min(self._quotes, 10)
        if always or not self._is_blank():
            self._lines.append(prefix)
        else:
            self._lines[-1] = prefix
