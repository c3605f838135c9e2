"""What a page of HTML refers to."""

from __future__ import annotations

from html.parser import HTMLParser


class PageReader(HTMLParser):
    """The tags, ids and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.ids |= {found.get("id") or ""}
        self.links |= {found.get("href") or "", found.get("src") or ""}

    def needs_nothing_but(self, *urls: str) -> bool:
        """Say whether it has no script, its links lead somewhere, and nothing is loaded from elsewhere."""
        within = {one[1:] for one in self.links if one.startswith("#")}
        beyond = {one for one in self.links if one and not one.startswith("#")}
        return "script" not in self.tags and within <= self.ids and beyond == {*urls}
