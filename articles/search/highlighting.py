"""Where a text has what a query asks for: the text in pieces, hits apart, whole or as an excerpt around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from articles.text.unicode.foreign import has_two_scripts
from articles.text.unicode.scripts import script_runs

from .queries import Phrase
from .words import Word, placed_words, plain

AROUND = 110  # code points of an excerpt on each side of a hit
MOST_HITS = 3  # phrases that an excerpt shows
MOST_SEARCHED = 20_000  # code points of a text that are searched for a word as it is not typed
_SPACE = re.compile(r"\s+")
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. A hit may be `disguised`: other letters than those asked for, which look like them.

    `is_foreign` says that they are of another script.
    """

    text: str
    is_hit: bool = False
    is_disguised: bool = False
    is_foreign: bool = False


def highlight(text: str, phrases: Sequence[Phrase]) -> list[Piece]:
    """Return a text in pieces, with what the phrases ask for as hits. Joined, they are the text. Linear."""
    pieces, at = [], 0
    for start, end, asked in _hits(text, [phrase for phrase in phrases if not phrase.is_excluded]):
        if start < at:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(_hit(text[start:end], asked))
        at = end
    return [*pieces, Piece(text[at:])] if at < len(text) or not text else pieces


def excerpt(text: str, phrases: Sequence[Phrase]) -> list[Piece]:
    """Return the surroundings of the first hits of a text in pieces, on one line; nothing if it has no hit.

    Quick where a word stands as it was typed; for others, the beginning of the text is searched.
    """
    sought = [phrase for phrase in phrases if not phrase.is_excluded]
    places = sorted(place for phrase in sought[:MOST_HITS] if (place := _first(text, phrase)))
    pieces: list[Piece] = []
    end = 0
    for start, stop in _joined(_around(text, *place) for place in places):
        line = _SPACE.sub(" ", text[start:stop]).strip()
        gap = f" {ELLIPSIS} " if end else f"{ELLIPSIS} " if start else ""
        pieces += [Piece(gap)] if gap else []
        pieces += highlight(line, sought)
        end = stop
    return [*pieces, Piece(f" {ELLIPSIS}")] if pieces and end < len(text.rstrip()) else pieces


def _hits(text: str, phrases: Sequence[Phrase]) -> Iterator[tuple[int, int, str]]:
    """Yield where hits begin and end, in order, with what was typed for each."""
    words = list(placed_words(text))
    for number in range(len(words)):
        for phrase in phrases:
            last = number + len(phrase.words) - 1
            found = [word for *_, word in words[number : last + 1]]
            if len(found) == len(phrase.words) and _is_hit(found, phrase):
                yield words[number][0], words[last][1], phrase.typed
                break


def _is_hit(found: Sequence[Word], phrase: Phrase) -> bool:
    """Return whether words are those of a phrase, in one of the two spellings throughout."""

    def fits(mine: Sequence[str], theirs: Sequence[str]) -> bool:
        is_last = mine[-1].startswith(theirs[-1]) if phrase.is_prefix else mine[-1] == theirs[-1]
        return is_last and mine[:-1] == theirs[:-1]

    return fits([w.small for w in found], [w.small for w in phrase.words]) or fits(
        [w.shape for w in found], [w.shape for w in phrase.words]
    )


def _hit(text: str, asked: str) -> Piece:
    mine, theirs = plain(text), plain(asked)
    if mine.startswith(theirs):
        return Piece(text, is_hit=True)
    own = {run.script for run in script_runs(text)}
    is_foreign = has_two_scripts(text) or own != {run.script for run in script_runs(asked)}
    return Piece(text, is_hit=True, is_disguised=True, is_foreign=is_foreign)


def _first(text: str, phrase: Phrase) -> tuple[int, int] | None:
    """Return where the first hit of a phrase stands; None if it has none, or none soon."""
    typed = r"\W+".join(map(re.escape, phrase.typed.split()))
    end = "" if phrase.is_prefix else r"(?!\w)"
    if match := re.search(rf"(?<!\w){typed}{end}", text, re.IGNORECASE):
        return match.span()
    return next(((start, end) for start, end, _ in _hits(text[:MOST_SEARCHED], [phrase])), None)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a place with its surroundings, from and to a space if there is one near."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    if first and (space := text.find(" ", first, start)) >= 0:
        first = space + 1
    if last < len(text) and (space := text.rfind(" ", end, last)) >= 0:
        last = space
    return first, last


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
