"""What a browser would send of a form on a page: its fields as they stand. A test fills in what it is about."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    """Reads the fields of the first form that bears an attribute."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark
        self.fields: dict[str, list[str]] = {}
        self._is_inside = self._is_over = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.mark in given and not self._is_over:
            self._is_inside = True
        if not self._is_inside:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self._add(name, given.get("value", "on"))
        elif tag == "input" and name:
            self._add(name, value)
        elif tag == "textarea":
            self._textarea = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._add(self._select, value)

    def handle_data(self, data: str) -> None:
        if self._is_inside and self._textarea:
            self.fields[self._textarea][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            text = self.fields[self._textarea][-1]
            self.fields[self._textarea][-1] = text.removeprefix("\n")
            self._textarea = ""
        elif tag == "form" and self._is_inside:
            self._is_inside, self._is_over = False, True

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def fields_of(page: str, mark: str) -> dict[str, list[str]]:
    """Return the fields of the first form of a page that bears an attribute, as they stand."""
    reader = _Fields(mark)
    reader.feed(page)
    return reader.fields


def decision_on(client: Any, review: Any, **filled: object) -> dict[str, Any]:
    """Open the page of a review, and return what its form sends with these fields filled in."""
    page = client.get(review.get_absolute_url()).content.decode()
    return fields_of(page, "data-decision") | filled


def decision_in_list(client: Any, *, decision: str, review: list[int], **filled: object) -> dict[str, Any]:
    """Select reviews in the queue, and return what the form of the page after it sends with these fields filled in."""
    page = client.get("/moderation/").content.decode()
    selected = fields_of(page, "data-bulk") | {"review": review, "decision": decision}
    page = client.post("/moderation/bulk/", selected).content.decode()
    return fields_of(page, "data-batch") | {"decision": decision} | filled
