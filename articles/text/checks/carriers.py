"""Carriers: runs of invisible characters that hold a payload, or have no effect and could hold one."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import regex

from articles.text.checks.manifests import PREFIX, Manifest, read_manifest
from articles.text.unicode import bidi
from articles.text.unicode import invisibles as inv
from articles.text.unicode.payloads import (
    Payload,
    as_text,
    bytes_payload,
    selector_bytes,
    tag_bytes,
)
from articles.text.unicode.symbols import LEAST_DATA, symbols_payload

SELECTOR = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
TAG = r"\U000e0000-\U000e007f"
BIDI = bidi.OVERRIDES + bidi.EMBEDDINGS + bidi.ISOLATES + bidi.POP + bidi.POP_ISOLATE + bidi.MARKS
LEAST_SCATTERED = 4  # fewer single characters are never read as one payload

# A blank Braille pattern shows as little as a default-ignorable code point.
_STRETCH = regex.compile(rf"[\p{{Default_Ignorable_Code_Point}}\u2800]{{2,}}|[{SELECTOR}{TAG}]")
_TAG = regex.compile(rf"[{TAG}]")
_SELECTOR = regex.compile(rf"[{SELECTOR}]")
_OTHER = regex.compile(rf"[^{TAG}{SELECTOR}]")
_CARRIES = regex.compile(rf"[{TAG}{SELECTOR}]")
_WRAPPER = regex.compile(rf"{PREFIX}[{SELECTOR}]++")


class Kind(StrEnum):
    """The kind of a carrier. A mixed run has the first kind in this order that occurs in it."""

    MANIFEST = "manifest"
    TAGS = "tags"
    SELECTORS = "selectors"
    ZERO_WIDTH = "zero-width"


class Carrier(NamedTuple):
    """A run from `start` to `end` (half-open, in code points), and what it holds.

    `is_mixed` means that the run has characters of several kinds. `scattered` is the number of single characters
    that hold one payload together; the first carrier has it, all others have 0. A carrier is a tuple because a
    text may have as many carriers as characters.
    """

    start: int
    end: int
    kind: Kind
    payload: Payload | None = None
    manifest: Manifest | None = None
    is_mixed: bool = False
    scattered: int = 0


def find_carriers(text: str) -> tuple[Carrier, ...]:
    """Return the carriers of a text, in order and without overlap. Linear in the text.

    Flags made of tags, listed variation sequences and joiners with an effect are no carriers. Zero-width characters
    and bidi controls are carriers only if they hold bits or interrupt a carrier.
    """
    carriers: list[Carrier] = []
    for stretch in _STRETCH.finditer(text):
        start, end = stretch.span()
        if end - start > 1:
            carriers += _in_stretch(text, start, end)
        elif _TAG.match(text, start):
            carriers.append(Carrier(start, end, Kind.TAGS, _tags(text[start])))
        elif not inv.is_selected(text[start - 1 : start], text[start]):
            carriers.append(Carrier(start, end, Kind.SELECTORS))
    for kind, to_bytes in ((Kind.TAGS, tag_bytes), (Kind.SELECTORS, selector_bytes)):
        single = [
            index
            for index, carrier in enumerate(carriers)
            if carrier.kind is kind and carrier.end - carrier.start == 1
        ]
        if len(single) < LEAST_SCATTERED:
            continue
        if words := as_text(to_bytes("".join(text[carriers[index].start] for index in single))):
            first = carriers[single[0]]
            carriers[single[0]] = first._replace(payload=Payload(words, is_text=True), scattered=len(single))
    return tuple(carriers)


def _in_stretch(text: str, start: int, end: int) -> Iterator[Carrier]:
    """Yield the carriers in a stretch of invisible characters: well-formed manifests and the runs between them."""
    if text[start - 1 : start] == inv.FLAG and (flag := inv.FLAG_TAGS.match(text, start)):
        start = flag.end()
    for wrapper in _WRAPPER.finditer(text, start, end):
        manifest = read_manifest(wrapper[0])
        if manifest and not manifest.fault:
            yield from _in_run(text, start, wrapper.start())
            yield Carrier(wrapper.start(), wrapper.end(), Kind.MANIFEST, manifest=manifest)
            start = wrapper.end()
    yield from _in_run(text, start, end)


def _in_run(text: str, start: int, end: int) -> Iterator[Carrier]:
    """Yield the carrier in a stretch without well-formed manifests, if there is one."""
    if start == end:
        return
    selectors = _selectors(text[start:end])
    is_spelt = selectors and selectors.is_text and selectors.words[0].isprintable()
    if not is_spelt and inv.is_selected(text[start - 1 : start], text[start]):
        start += 1  # it selects a variant of the character before it, so the payload begins after it
    first, last = start, end
    while first < last and _has_effect(text, first, start, end):
        first += 1
    while first < last and _has_effect(text, last - 1, start, end):
        last -= 1
    run = text[first:last]
    if not _CARRIES.search(run):
        yield from _zero_width(text, (start, end), (first, last))
        return
    is_mixed = sum(bool(kind.search(run)) for kind in (_TAG, _SELECTOR, _OTHER)) > 1
    broken = read_manifest(run)
    kind = Kind.MANIFEST if broken else Kind.TAGS if _TAG.search(run) else Kind.SELECTORS
    yield Carrier(first, last, kind, _payload(run, broken), broken, is_mixed)


def _has_effect(text: str, place: int, start: int, end: int) -> bool:
    """Return whether a character at an end of a run has an effect, or is a bidi control with a check of its own."""
    char = text[place]
    if char in (inv.NON_JOINER, inv.JOINER) and place in (start, end - 1):
        left, right = text[max(0, start - 12) : start], text[end : end + 12]
        return inv.joiner_has_effect(f"{left}{char}{right}", len(left))
    if char in (inv.ZERO_WIDTH_SPACE, inv.WORD_JOINER):
        return inv.is_break_in_unspaced(text, place, place + 1) and text.count(char, start, end) == 1
    return char in BIDI or (char == inv.BYTE_ORDER_MARK and place == 0)


def _zero_width(text: str, whole: tuple[int, int], inner: tuple[int, int]) -> Iterator[Carrier]:
    """Yield the carrier of a run if it holds a text, or data; `inner` leaves out characters with an effect.

    Of bidi controls, only marks may be part of data, among other characters or in a long run.
    """
    payloads = {span: symbols_payload(text[slice(*span)]) for span in dict.fromkeys((whole, inner))}
    for is_text in (True, False):
        for (start, end), payload in payloads.items():
            if payload and payload.is_text is is_text and (is_text or _may_be_data(text[start:end])):
                yield Carrier(start, end, Kind.ZERO_WIDTH, payload)
                return


def _may_be_data(run: str) -> bool:
    controls = set(BIDI) & set(run)
    return not controls or (
        controls <= set(bidi.MARKS) and (len(run) >= LEAST_DATA or not controls >= set(run))
    )


def _payload(run: str, broken: Manifest | None) -> Payload | None:
    """Return what a run holds: the payloads of tags, selectors and other characters, in the order they begin."""
    selectors = _selectors(run)
    if broken and (words := as_text(broken.data)):
        selectors = Payload(words, is_text=True)
    symbols = symbols_payload("".join(_OTHER.findall(run)))
    readings = [
        (kind.search(run), payload)
        for kind, payload in ((_TAG, _tags(run)), (_SELECTOR, selectors), (_OTHER, symbols))
        if payload and (kind is not _OTHER or payload.is_text)
    ]
    ordered = [payload for match, payload in sorted(readings, key=lambda reading: reading[0].start())]
    is_text = all(payload.is_text for payload in ordered)
    return (
        Payload(("" if is_text else "; ").join(payload.words for payload in ordered), is_text)
        if ordered
        else None
    )


def _tags(run: str) -> Payload | None:
    """Return what tags hold; None for a single tag that spells nothing."""
    payload = bytes_payload(tag_bytes(run))
    return payload if payload.is_text or len(_TAG.findall(run)) > 1 else None


def _selectors(run: str) -> Payload | None:
    """Return what selectors hold. None for a single one and for repetitions of one without text: a slip, not data."""
    data = selector_bytes(run)
    payload = bytes_payload(data)
    return payload if len(data) > 1 and (payload.is_text or len(set(data)) > 1) else None
