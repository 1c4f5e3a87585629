"""Spellings: words of indexed texts, to find what a mistyped word may have meant.

A row stays when no text has its word any more. So whoever offers one asks the index first what it finds, and shows the
word as a text that was found writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from django.db import models
from django.db.models import QuerySet

from articles.text.diff.tokens import has_unspaced
from articles.text.unicode.foreign import has_two_scripts
from articles.text.unicode.languages import languages_in, main_letters
from articles.text.unicode.scripts import script_runs

from .words import places_of, plain

SHORTEST, LONGEST = 3, 20  # letters of a word that is kept


class SpellingQuerySet(QuerySet["Spelling"]):
    def near(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Return for each word those that differ by a letter more, less or another one, or by two that changed places.

        In small letters without accents, sorted. One query, or none if no such word is kept.
        """
        edits = {word: _edits(plain(word)) for word in words}
        sought = set(chain.from_iterable(edits.values()))
        rows = self.filter(word__in=sought).order_by("word") if sought else self.none()
        known = list(rows.values_list("word", flat=True))
        return {word: [other for other in known if other in edits[word]] for word in edits}


class Spelling(models.Model):
    """A word in small letters without accents."""

    word = models.CharField(max_length=LONGEST, unique=True)

    objects = SpellingQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


def record_spellings(texts: Iterable[str]) -> None:
    """Keep the words of some texts that are not known. One query, and a statement if there is a new one.

    Numbers, words in letters of two scripts, and words of scripts without spaces or with marks for vowels are left
    out. Linear.
    """
    parts = {text[start:end] for text in texts for start, end in places_of(text)}
    words = {plain(part) for part in parts if not has_two_scripts(part)}
    kept = {word for word in words if _is_kept(word)}
    known = set(Spelling.objects.filter(word__in=kept).values_list("word", flat=True)) if kept else set()
    new = [Spelling(word=word) for word in sorted(kept - known)]
    Spelling.objects.bulk_create(
        new, ignore_conflicts=True
    )  # in order, so that two writers never wait for each other


def _is_kept(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and not has_unspaced(word)


def slips(text: str, *, letters: Iterable[str] = ()) -> set[str]:
    """Return all that differs from a text by one slip of the keys, among small letters of its script and `letters`.

    >>> "tide-mill" in slips("tide-mil"), len(slips("tide-mil")) < 2_000
    (True, True)
    """
    halves = [(text[:at], text[at:]) for at in range(len(text) + 1)]
    keys = _letters(next((run.script for run in script_runs(text)), "Latin")).union(letters)
    less = (start + rest[1:] for start, rest in halves if rest)
    swapped = (start + rest[1] + rest[0] + rest[2:] for start, rest in halves if len(rest) > 1)
    other = (start + key + rest[1:] for start, rest in halves if rest for key in keys)
    more = (start + key + rest for start, rest in halves for key in keys)
    return set(chain(less, swapped, other, more)) - {text}


def _edits(word: str) -> set[str]:
    """Return the slips of a word; nothing for a word of a kind that is not kept."""
    return slips(word) if _is_kept(word) else set()


@lru_cache(maxsize=8)
def _letters(script: str) -> frozenset[str]:
    """Return the small letters without accents of all languages in a script; none if it has thousands."""
    if script == "East Asian":
        return frozenset()
    letters = chain.from_iterable(map(main_letters, languages_in(script)))
    folded = frozenset(map(plain, letters))
    return frozenset(letter for letter in folded if len(letter) == 1 and letter.isalpha())
