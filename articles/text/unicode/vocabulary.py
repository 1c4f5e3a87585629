"""Vocabulary: whether a word is common in a language, or reads like one of its words."""

from functools import lru_cache

from articles.text.unicode import tables


def is_common_word(word: str, language: str) -> bool:
    """Return whether a word is common in a language or, if it has more than three letters, in English."""
    small = word.lower()
    return small in tables.common_words(language) or (len(word) > 3 and small in tables.common_words("en"))


def strangeness(word: str, language: str) -> float:
    """Return how many of a word's three letters in a row no common word of the language has, from 0 to 1.

    Letters beyond those of the list of words count as any letter. 1 for a language without a list.
    """
    known, alphabet = _triples(language)
    padded = f" {word.lower()} "
    triples = [padded[place : place + 3] for place in range(len(word))]
    judged = [triple for triple in triples if alphabet.issuperset(triple)]
    return sum(triple not in known for triple in judged) / max(1, len(judged)) if known else 1


@lru_cache(maxsize=8)
def _triples(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return all three letters in a row of the common words of a language, and the letters of these words."""
    padded = [f" {word} " for word in tables.common_words(language)]
    return (
        frozenset(word[place : place + 3] for word in padded for place in range(len(word) - 2)),
        frozenset("".join(padded)),
    )
