"""What differs between two leaves apart from their words: formatting, links, pictures, boxes, and hidden letters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from articles.text.diff import Kind
from articles.text.diff.changes import invisible_characters
from articles.text.marked.elements import list_start
from articles.text.marked.notes import BlockKind, Letters, NoteKind
from articles.text.marked.tree import Atom, Container, Leaf, Node, Stack
from articles.text.page.safelist import INLINE
from articles.text.unicode.graphemes import clusters

MAX_LETTERS = 8  # pairs of clusters in a note
_SAME = {"i": "em", "b": "strong", "s": "del", "strike": "del"}
_UNFORMATTED = frozenset(("a", "span", "bdi"))
_FORMATS = INLINE - _UNFORMATTED
_OWN_NOTES = frozenset(("id", "href", "rel", "class", "align", "start", "aria-label", "value"))
_KINDS = {
    Kind.LOOK_ALIKE: NoteKind.LOOK_ALIKES,
    Kind.NORMALIZATION: NoteKind.NORMALIZATION,
    Kind.INVISIBLE: NoteKind.INVISIBLE,
    Kind.ACCENTS: NoteKind.ACCENTS,
    Kind.SPACING: NoteKind.SPACING,
}
_BLOCK_KINDS = {
    "p": BlockKind.PARAGRAPH,
    **{f"h{level}": BlockKind(f"heading-{level}") for level in range(1, 7)},
    "ul": BlockKind.BULLETED_LIST,
    "ol": BlockKind.NUMBERED_LIST,
    "li": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTE,
    "pre": BlockKind.CODE,
    "table": BlockKind.TABLE,
    "tr": BlockKind.ROW,
    "td": BlockKind.CELL,
    "th": BlockKind.CELL,
    "dl": BlockKind.DEFINITIONS,
    "dt": BlockKind.TERM,
    "dd": BlockKind.DEFINITION,
    "caption": BlockKind.CAPTION,
    "figcaption": BlockKind.CAPTION,
    "figure": BlockKind.FIGURE,
    "summary": BlockKind.SUMMARY,
    "details": BlockKind.DETAILS,
    "section": BlockKind.FOOTNOTES,
    "hr": BlockKind.RULE,
}
_AROUND = frozenset(("li", "blockquote", "dd", "td", "th"))  # containers that say what a paragraph in them is


class Draft(NamedTuple):
    """A note before its change has a number. `is_shown` if the words concerned get a mark.

    `move` is the number of the moved block that the words belong to.
    """

    kind: NoteKind
    text: str = ""
    old: str = ""
    new: str = ""
    letters: tuple[Letters, ...] = ()
    is_shown: bool = False
    move: int | None = None


def format_drafts(old: Stack, new: Stack, text: str) -> Iterator[Draft]:
    """Yield what changed in the inline elements around the same words."""
    if old or new:
        for kind, name, was, now, is_shown in _format_changes(old, new):
            yield Draft(kind, text if is_shown else name, was, now, is_shown=is_shown)


def _format_changes(old: Stack, new: Stack) -> tuple[tuple[NoteKind, str, str, str, bool], ...]:
    """Return the kinds of the notes, the names of attributes, the values, and whether the words get a mark."""
    found: list[tuple[NoteKind, str, str, str, bool]] = []
    formats_old, formats_new = (
        {
            _SAME.get(element.tag, element.tag): element.attributes
            for element in stack
            if element.tag in _FORMATS
        }
        for stack in (old, new)
    )
    found += ((NoteKind.FORMAT_REMOVED, "", tag, "", True) for tag in formats_old if tag not in formats_new)
    found += ((NoteKind.FORMAT_ADDED, "", "", tag, True) for tag in formats_new if tag not in formats_old)
    was, now = (
        next((element.attributes.get("href", "") for element in stack if element.tag == "a"), "")
        for stack in (old, new)
    )
    if was != now:
        kind = NoteKind.LINK_ADDED if not was else NoteKind.LINK_REMOVED if not now else NoteKind.LINK_CHANGED
        found.append((kind, "", was, now, True))
    one, two = ({element.tag: element.attributes for element in stack} for stack in (old, new))
    for tag in (tag for tag in one if tag in two):
        if tag == "code" and one[tag].get("class") != two[tag].get("class"):
            before, after = (side[tag].get("class", "").removeprefix("language-") for side in (one, two))
            found.append((NoteKind.LANGUAGE, "", before, after, False))
        found += ((NoteKind.ATTRIBUTE, *change, False) for change in attribute_changes(one[tag], two[tag]))
    return tuple(found)


def attribute_changes(old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the attributes that differ and have no note of their own, in order: name, old value, new value."""
    for name in sorted(old.keys() | new.keys()):
        if name not in _OWN_NOTES and old.get(name) != new.get(name):
            yield name, old.get(name, ""), new.get(name, "")


def atom_drafts(leaf: Leaf, other: Leaf, start: int, begin: int, length: int) -> Iterator[Draft]:
    """Yield what changed in the pictures and boxes of an equal stretch."""
    for place, atom in other.atoms_between(begin, begin + length):
        before = leaf.atoms.get(start + place - begin)
        if before is None or before.tag != atom.tag:
            continue
        if atom.tag == "input" and ("checked" in before.attributes) != ("checked" in atom.attributes):
            kind = NoteKind.TICKED if "checked" in atom.attributes else NoteKind.UNTICKED
            yield Draft(kind, other.text[place + 1 :])
        elif atom.tag == "img" and _alt(before) != _alt(atom):
            yield Draft(NoteKind.IMAGE_DESCRIPTION, old=_alt(before), new=_alt(atom))


def picture_drafts(leaf: Leaf, other: Leaf, was: tuple[int, int], now: tuple[int, int]) -> Iterator[Draft]:
    """Yield the pictures of a stretch that became another: replaced in order, the rest removed or added."""
    olds, news = (
        [atom for _, atom in side.atoms_between(*span) if atom.tag == "img"]
        for side, span in ((leaf, was), (other, now))
    )
    for old, new in zip_longest(olds, news):
        if old is None:
            yield Draft(NoteKind.IMAGE_ADDED, _alt(new), new=new.attributes.get("src", ""))
        elif new is None:
            yield Draft(NoteKind.IMAGE_REMOVED, _alt(old), old=old.attributes.get("src", ""))
        else:
            before, after = (atom.attributes.get("src", "") for atom in (old, new))
            yield Draft(NoteKind.IMAGE_REPLACED, _alt(new), before, after)


def _alt(atom: Atom) -> str:
    """Return the alternative text of a picture."""
    return atom.attributes.get("alt", "")


def kind_draft(kind: Kind, old: str, new: str) -> Iterator[Draft]:
    """Yield the note to a change that readers may not see, with the clusters that differ."""
    if kind not in _KINDS:
        return
    letters: tuple[Letters, ...] = ()
    if kind is Kind.INVISIBLE:
        letters = tuple(
            dict.fromkeys(
                [Letters(char, "") for char in invisible_characters(old)]
                + [Letters("", char) for char in invisible_characters(new)]
            )
        )
    elif kind in (Kind.LOOK_ALIKE, Kind.NORMALIZATION):
        before, after = clusters(old[:1000]), clusters(new[:1000])
        if len(before) == len(after):
            letters = tuple(
                dict.fromkeys(Letters(a, b) for a, b in zip(before, after, strict=True) if a != b)
            )
    yield Draft(_KINDS[kind], letters=letters[:MAX_LETTERS])


def block_kind(node: Node) -> BlockKind:
    """Return what a node itself is for readers."""
    if node.tag == "blockquote" and (names := node.attributes.get("class", "").split()):
        return BlockKind(names[-1].removeprefix("markdown-alert-"))
    if node.tag == "section" and "class" not in node.attributes:
        return BlockKind.BLOCK
    return _BLOCK_KINDS.get(node.tag, BlockKind.PARAGRAPH if isinstance(node, Leaf) else BlockKind.BLOCK)


def leaf_kind(leaf: Leaf) -> BlockKind:
    """Return what a leaf is for readers: a paragraph in a list or in a quotation is named after that."""
    kind = block_kind(leaf)
    if kind is not BlockKind.PARAGRAPH:
        return kind
    around: Container | None = leaf.parent
    while around is not None:
        if around.tag in _AROUND:
            return _BLOCK_KINDS[around.tag]
        around = around.parent
    return kind


def leaf_drafts(old: Leaf, new: Leaf, *, is_named: bool) -> list[Draft]:
    """Return what changed in the block of a leaf itself. Its kind counts if it `is_named` for that."""
    drafts = _kind_drafts(leaf_kind(old), leaf_kind(new)) if is_named else []
    was, now = old.attributes.get("align", ""), new.attributes.get("align", "")
    if was != now and old.tag == new.tag == "th":
        drafts.append(Draft(NoteKind.ALIGNMENT, new.text, was, now))
    return drafts + _attribute_drafts(old, new)


def container_drafts(old: Container, new: Container) -> list[Draft]:
    """Return what changed in a container itself."""
    drafts = _kind_drafts(block_kind(old), block_kind(new))
    if old.tag == new.tag == "ol" and list_start(old.attributes) != list_start(new.attributes):
        was, now = (str(list_start(node.attributes)) for node in (old, new))
        drafts.append(Draft(NoteKind.LIST_START, old=was, new=now))
    return drafts + _attribute_drafts(old, new)


def _kind_drafts(old: BlockKind, new: BlockKind) -> list[Draft]:
    return [] if old is new else [Draft(NoteKind.BLOCK, old=old.value, new=new.value)]


def _attribute_drafts(old: Node, new: Node) -> list[Draft]:
    changes = attribute_changes(old.attributes, new.attributes)
    return [Draft(NoteKind.ATTRIBUTE, *change) for change in changes]
