"""The law of the account: each code point of a source is shown, markup, a value or removed, and the page agrees."""

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given, reject, settings

from articles.text.checks import scan
from articles.text.page import Fate, Piece, Sanitized, SourceRefused, account, safelist, sanitize
from tests.text.page.grammar import ANY, DOCUMENTS, SOUP, WITHOUT_HTML, WORDS
from tests.text.page.visible import (
    Texts,
    VisibleText,
    fates,
    page_texts,
    shown_texts,
    spaced_once,
    without_space,
)

CASES = json.loads(Path(__file__).parents[2].joinpath("cases", "account.json").read_text())
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))  # of each law; set it for a long search

# --- The laws ---------------------------------------------------------------------------------------------------


def accounted(source: str) -> tuple[Sanitized, tuple[Piece, ...]]:
    """Return the page and the account of a source that the sanitizer accepts; scan it, too."""
    assert scan(source).total >= 0
    try:
        page = sanitize(source)
    except SourceRefused:
        reject()
    return page, account(source)


def assert_lawful(source: str, page: Sanitized, pieces: Sequence[Piece]) -> None:
    assert_tiled(source, pieces)
    assert_removals_cover(source, page, pieces)
    assert_no_word_is_called_markup(source, pieces)
    assert sanitize(source) == page
    assert account(source) == pieces
    if page.agreed:  # otherwise the HTML is another parser's result, and pending review
        assert_values_reach_the_page(source, page, pieces)
        shown, seen = shown_texts(source, pieces), page_texts(page.html)
        assert without_space(shown.main) == without_space(seen.main)
        assert notes(shown) == notes(seen)


def notes(texts: Texts) -> list[str]:
    return sorted(filter(None, map(without_space, texts.notes)))


def assert_tiled(source: str, pieces: Sequence[Piece]) -> None:
    ends = [piece.end for piece in pieces]
    assert [piece.start for piece in pieces] == [0, *ends][: len(pieces)]
    assert all(piece.start < piece.end for piece in pieces)
    assert (ends or [0])[-1] == len(source)
    assert all(isinstance(piece.fate, Fate) for piece in pieces)


def assert_removals_cover(source: str, page: Sanitized, pieces: Sequence[Piece]) -> None:
    listed = bytearray(len(source))
    for removal in page.removals:
        assert 0 <= removal.start < removal.end <= len(source)
        assert removal.what
        assert removal.reason
        listed[removal.start : removal.end] = b"\1" * (removal.end - removal.start)
    for piece in pieces:
        if piece.fate is Fate.REMOVED:
            assert all(listed[piece.start : piece.end]), source[piece.start : piece.end]


_WORD = re.compile("|".join(WORDS))
_IN_LABEL = re.compile(r"\[[^][]*\]")  # or in the text of a link, which is compared with the page


def assert_no_word_is_called_markup(source: str, pieces: Sequence[Piece]) -> None:
    """Check that words for readers are no signs, except in labels; otherwise hidden text could pass for a sign."""
    found = fates(pieces)
    labels = [match.span() for match in _IN_LABEL.finditer(source)]
    for word in _WORD.finditer(source):
        is_label = any(start <= word.start() < end for start, end in labels)
        assert is_label or Fate.MARKUP not in found[slice(*word.span())], word


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unquote(spaced_once(text)))).casefold()


def assert_values_reach_the_page(source: str, page: Sanitized, pieces: Sequence[Piece]) -> None:
    """Check the letters only: how an attribute writes the rest is up to HTML."""
    values = [letters(value) for value in VisibleText(page.html).attributes]
    for piece in pieces:
        if piece.fate is Fate.VALUE:
            value = letters(source[piece.start : piece.end])
            assert any(value in other for other in values), source[piece.start : piece.end]


@settings(max_examples=EXAMPLES)
@given(DOCUMENTS)
@example("    lantern\n\rharbour meadow\norchard")
@example("\x0c|a|harbour|\n|-|-|\n|c|d|")
@example("- 1. harbour<script>\n\t2) lantern")
@example("> lantern <b\n> title='harbour'> `a\n> b` ![c [d](/meadow 'orchard')](/e)")
@example("[^1]: [^2]: lantern\n\nharbour [^2] [^1]")
@example("harbour [^1]\n\n[^1]: lantern <b><li>meadow\n\n    > <li>orchard</li>\n")
def test_every_character_of_a_document_is_accounted_for(source: str) -> None:
    page, pieces = accounted(source)

    assert_lawful(source, page, pieces)


@settings(max_examples=2 * EXAMPLES)
@given(SOUP | ANY)
@example("&#xFFFF; &#xFFFE; &#0; &#x110000;")
@example("[^😀\n[] ]")
@example("<table><</td>\x0c")
@example("```a&#10;lantern harbour\n```")
@example("A note [^this is a long aside\nwritten over two lines] here.")
def test_every_character_of_any_text_is_accounted_for(source: str) -> None:
    page, pieces = accounted(source)

    assert_lawful(source, page, pieces)


@settings(max_examples=EXAMPLES)
@given(WITHOUT_HTML)
@example("`a\n b `c `\nd\n` e ![f\ng](/h)i")
@example("> `a\n> b`[c](/d\n> 'e')f\n> g  \n> h\\\n> i")
def test_what_is_shown_stands_on_the_page_with_its_spaces(source: str) -> None:
    page, pieces = accounted(source)

    assert page.agreed
    assert spaced_once(shown_texts(source, pieces).main) == spaced_once(page_texts(page.html).main)


@pytest.mark.parametrize("source", ["a\0b", "a\ud800b", "> " * 5000 + "a", "a" * 300_000])
def test_account_of_what_the_sanitizer_refuses_is_a_tiling_or_a_refusal(source: str) -> None:
    with pytest.raises(SourceRefused):
        sanitize(source)
    with suppress(SourceRefused):
        assert_tiled(source, account(source))


# --- Cases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict) -> None:
    """`removed` texts are gone and listed, `listed` ones are in a removal, `values` are in attributes.

    `page` is the visible text, its footnotes at the end; `markup` are words that are signs, such as labels.
    """
    source = case["source"]
    page, pieces = sanitize(source), account(source)

    assert_lawful(source, page, pieces)
    assert page.agreed
    seen = page_texts(page.html)
    text = spaced_once(" ".join([seen.main, *seen.notes]))
    attributes = VisibleText(page.html).attributes
    assert text == case.get("page", text)
    for part in case.get("removed", ()):
        assert_fate(source, pieces, part, Fate.REMOVED)
        assert part not in text
        assert not any(part in value for value in attributes)
    for part in case.get("values", ()):
        assert_fate(source, pieces, part, Fate.VALUE)
        assert any(part in value for value in attributes)
    listed = " ".join(source[removal.start : removal.end] for removal in page.removals)
    assert all(part in listed for part in case.get("listed", ()))
    assert bool(listed) == bool(case.get("removed") or case.get("listed"))
    assert_every_word_is_somewhere(case, f"{text} {' '.join(attributes)} {listed}")


def assert_fate(source: str, pieces: Sequence[Piece], part: str, fate: Fate) -> None:
    start = source.index(part)
    found = fates(pieces)[start : start + len(part)]
    others = {other for character, other in zip(part, found, strict=True) if character.isalnum()} - {fate}
    assert not others, part


def assert_every_word_is_somewhere(case: dict, found: str) -> None:
    signs = safelist.TAGS.union(safelist.GLOBAL, *safelist.ATTRIBUTES.values(), case.get("markup", ()))
    words = [word for word in re.findall(r"\w{3,}", case["source"]) if word not in signs]
    assert [word for word in words if word not in found] == []


def test_footnotes_stand_in_the_order_of_their_first_reference() -> None:
    page = sanitize("a [^2] b [^1]\n\n[^1]: first\n[^2]: second\n")

    assert [note.strip() for note in page_texts(page.html).notes] == ["second", "first"]
