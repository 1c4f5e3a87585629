"""The drawing of texts, in the language of the interface: for readers, and for the preview of authors."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.utils.translation import gettext as _

from articles.prose import Drawn, Words, draw, fit
from articles.text.marked import MarkedPage

register = template.Library()


def drawn(page: str) -> Drawn:
    """Return the HTML of the sanitizer as pages draw it; keeps the last few."""
    return _drawn(page, _words())


@register.simple_tag
def fitted(page: MarkedPage) -> list[tuple[Any, str]]:
    """Return the pieces of a marked page, each with its HTML as a page draws it."""
    return list(zip(page.pieces, fit([piece.html for piece in page.pieces], _words()), strict=True))


def _words() -> Words:
    return Words(
        table=_("Table"),
        code=_("Code"),
        done=_("Done"),
        to_do=_("To do"),
        no_picture=_("Picture removed"),
        anchor=_("Link to this part: %(heading)s"),
    )


_drawn = lru_cache(maxsize=16)(draw)  # for people who are signed in; for others whole pages are cached
