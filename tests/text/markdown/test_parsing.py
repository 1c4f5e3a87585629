"""Parts of a source, and their exact places."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.markdown import Block, parse
from articles.text.markdown.events import Event, Link
from articles.text.markdown.parsing import CACHE, MAX_CACHED, MAX_NESTING
from tests.text.markdown.test_contexts import MARKUP, PIECES

SOURCES = MARKUP | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def events(source: str) -> list[tuple[Block, Event]]:
    return [(block, event) for _, block in parse(source).blocks for event in block.events]


def links(source: str) -> list[tuple[Link, str]]:
    return [(event.value, block.text) for block, event in events(source) if event.kind in ("Link", "Image")]


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_blocks_stand_where_they_are_said_to(source: str) -> None:
    document = parse(source)

    end = 0
    for start, block in document.blocks:
        assert start >= end
        end = start + len(block.text)
        assert document.text[start:end] == block.text
    assert len(document.text) == len(source)


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_text_stands_where_it_is_said_to(source: str) -> None:
    for block, event in events(source):
        written = block.text[event.start : event.end]
        if event.kind == "Text" and written and "&" not in written and "\0" not in written:
            assert event.value.replace("\r", "") == written.replace("\r", "")


@settings(max_examples=200, deadline=None)
@given(SOURCES, SOURCES)
def test_text_parsed_after_another_is_parsed_as_by_itself(before: str, source: str) -> None:
    CACHE.cache_clear()
    alone = [(block.text, block.events) for _, block in parse(source).blocks]
    CACHE.cache_clear()
    parse(f"{before}\n\n{source}")
    parse(f"{source}\n\n{before}")

    assert [(block.text, block.events) for _, block in parse(source).blocks] == alone


def test_only_the_block_that_changed_is_made_anew() -> None:
    before = [block for _, block in parse("one\n\ntwo *a*\n\nthree").blocks]

    after = [block for _, block in parse("one\n\ntwo *b*\n\nthree").blocks]

    assert [old is new for old, new in zip(before, after, strict=True)] == [True, False, True]


def test_block_is_made_anew_where_a_definition_changed() -> None:
    (old,) = links("[a]\n\n[a]: /x")
    (new,) = links("[a]\n\n[a]: /y")

    assert (old[0].target, new[0].target) == ("/x", "/y")


def test_texts_kept_are_limited_by_what_they_hold() -> None:
    CACHE.cache_clear()
    lines = MAX_CACHED * 2 // 5 // 516  # 16 bytes and two events each
    first = parse("a\n" * lines)
    second = parse("b\n" * lines)
    assert parse("a\n" * lines) is first

    parse("c\n" * lines)

    assert parse("a\n" * lines) is first
    assert parse("b\n" * lines) is not second


PARTS = {
    '[a](/b "c")': ("/b", "c"),
    "[a](<b c> 'd')": ("b c", "d"),
    "[a](b(c)d (e))": ("b(c)d", "e"),
    "[a]( \n b\n'c\nd' )": ("b", "c\nd"),
    "> [a](\n> b\n> 'c')": ("b", "c"),
    "![a [b]](c 'd')": ("c", "d"),
    "[a\\]](b)": ("b", ""),
    "[`]`](b)": ("b", ""),
    "é字[a](b&amp;c)": ("b&amp;c", ""),
    "[a]()": ("", ""),
    "<http://a.org>": ("http://a.org", ""),
    "see www.a.org/b_c_d.": ("www.a.org/b_c_d", ""),
    "[a](https://b.org/_c_d 'e')": ("https://b.org/_c_d", "e"),
    "[a](\nhttps://b.org/_c_d)": ("https://b.org/_c_d", ""),
}


@pytest.mark.parametrize(("source", "parts"), PARTS.items())
def test_target_and_title_of_a_link_are_placed(source: str, parts: tuple[str, str]) -> None:
    ((link, text),) = links(source)

    found = [text[slice(*span)] if span[0] >= 0 else "" for span in (link.target_span, link.title_span)]
    assert tuple(found) == parts


DEFINITIONS = {
    "[a]: /b": [("a", "/b", "")],
    "[A  b]: </c d> (e)\n": [("a b", "/c d", "e")],
    "[a]:\n/b\n'c\nd'\n": [("a", "/b", "c\nd")],
    "[a]: /b\n[a]: /c\n": [("a", "/b", ""), ("a", "/c", "")],
    "> [a]: /b\n> 'c'\n": [("a", "/b", "c")],
    "- [a]: /b\n  x": [("a", "/b", "")],
    "[^a\nb]: /c": [("^a b", "/c", "")],
    "[//]: # (hidden)": [("//", "#", "hidden")],
    "[^1]: note": [],
    "`[a]: /b`": [],
    "    [a]: /b": [],
    "x\n[a]: /b": [],
}


@pytest.mark.parametrize(("source", "expected"), DEFINITIONS.items())
def test_definitions_are_found_wherever_they_stand(source: str, expected: list[tuple[str, str, str]]) -> None:
    document = parse(source)
    everywhere = [(document.text, found) for found in document.definitions]
    everywhere += [(block.text, found) for _, block in document.blocks for found in block.definitions]

    found = [
        (item.label, text[slice(*item.target)], text[slice(*item.title)] if item.title[0] >= 0 else "")
        for text, item in everywhere
    ]
    assert found == expected


TEXT_NOT_MARKUP = {
    "nice\n:) smile": "nice :) smile",
    "see http://a.org/_b_c_ and _d_": "see http://a.org/_b_c_ and d",
    "**http://a.org/b**": "http://a.org/b",
    "H~2~O": "H~2~O",
    "# a {#b .c}": "a {#b .c}",
    "$a$ [[b]] c^2^": "$a$ [[b]] c^2^",
}


@pytest.mark.parametrize(("source", "shown"), TEXT_NOT_MARKUP.items())
def test_what_is_no_markup_stays_text(source: str, shown: str) -> None:
    texts = [event.value or " " for _, event in events(source) if event.kind in ("Text", "SoftBreak")]

    assert re.sub(r"\s+", " ", "".join(texts)).strip() == shown


def test_definition_list_and_alert_are_parsed() -> None:
    kinds = {event.kind: event.value for _, event in events("a\n: b\n\n> [!TIP]\n> c")}

    assert "DefinitionListDefinition" in kinds
    assert kinds["BlockQuote"] == "Tip"


def test_block_with_too_many_parts_inside_each_other_is_one_text() -> None:
    deep, others = "> " * (MAX_NESTING + 1) + "a", "> " * (MAX_NESTING - 1) + "a"

    document = parse(f"one\n\n{deep}\n\n{others}")

    assert document.too_deep == 5
    (_, one), (_, deep_one), (_, other) = document.blocks
    assert [event.kind for event in deep_one.events] == ["Text"]
    assert (one.events[0].kind, other.events[0].kind) == ("Paragraph", "BlockQuote")
    assert parse(others).too_deep is None
