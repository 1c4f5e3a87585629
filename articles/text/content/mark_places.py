"""Where the marks of a page stand in its source."""

from __future__ import annotations

from collections.abc import Iterator

from articles.text.content.marked_pages import marked_page
from articles.text.content.placing import NOWHERE, place_texts
from articles.text.diff import Span
from articles.text.remembering import remembered


def _weight(places: tuple[Span | None, ...]) -> int:
    return 120 * len(places)


@remembered(weigh=_weight, max_bytes=10_000_000)  # people go from part to part
def places_of_marks(rendered: str, source: str, language: str) -> tuple[Span | None, ...]:
    """Return the span of each mark of `marked_page` in the source, in code points; None if it has no place there.

    Linear in page and source.
    """
    return tuple(_places(rendered, source, language))


def _places(rendered: str, source: str, language: str) -> Iterator[Span | None]:
    page = marked_page(rendered, language)
    spans = page.spans
    position = index = 0
    for (tag, text), piece in zip(page.pieces, place_texts(rendered, source), strict=True):
        start, position = position, position + len(text)
        while not tag and index < len(spans) and spans[index][0] < position:
            first, last = spans[index]
            places = [place for place in piece.places[first - start : last - start] if place != NOWHERE]
            yield (min(places), max(places) + 1) if places else None
            index += 1
