"""The index: a row of words for each key. A key is a kind, from 0 to 9, and an id; what they mean is the caller's.

SQLite has an FTS5 table of two columns, one for each spelling of the words; its key is the id with the kind as last
digit. PostgreSQL has a `tsvector` with both spellings at the same place, and a GIN index. Words are split and spelled
here for both, so neither's own rules for languages count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.db import connection, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

from .queries import Phrase, parse_query
from .words import Word

TABLE = "articles_search"
MAX_VECTOR_BYTES = 1_000_000  # of a `tsvector`, which PostgreSQL refuses beyond 1,048,575
MAX_PLACE, MOST_PLACES = 16_383, 256  # of a word in a `tsvector`
_BREAK = Word(
    "\N{PILCROW SIGN}", "\N{PILCROW SIGN}"
)  # between texts, so that no phrase spans two; nobody can ask for it
_TITLE = 2 * _BREAK.small  # before a word of a title; a label begins with one such sign

_CREATE = {
    "sqlite": (f"CREATE VIRTUAL TABLE {TABLE} USING fts5(small, shape, tokenize = 'ascii')",),
    "postgresql": (
        f"CREATE TABLE {TABLE}"
        " (kind smallint NOT NULL, id bigint NOT NULL, words tsvector NOT NULL, PRIMARY KEY (kind, id))",
        f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)",
    ),
}
_PUT = {
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} (rowid, small, shape) VALUES (%s, %s, %s)",  # noqa: S608
    "postgresql": f"INSERT INTO {TABLE} (kind, id, words) VALUES (%s, %s, %s::tsvector)"  # noqa: S608
    " ON CONFLICT (kind, id) DO UPDATE SET words = EXCLUDED.words",
}
_REMOVE = {
    "sqlite": f"DELETE FROM {TABLE} WHERE rowid = %s",  # noqa: S608
    "postgresql": f"DELETE FROM {TABLE} WHERE kind = %s AND id = %s",  # noqa: S608
}
_MATCHING = {
    "sqlite": f"SELECT rowid / 10 FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid %% 10 = %s",  # noqa: S608
    # A query that it knows while it plans lets PostgreSQL read the whole table for a common word. To its planner, long
    # vectors cost nothing.
    "postgresql": f"SELECT id FROM {TABLE} WHERE words @@ (SELECT %s::tsquery) AND kind = %s",  # noqa: S608
}
# A sign keeps SQLite, and a comparison PostgreSQL, from a join that looks up each key and sorts all rows.
_AMONG = {
    "sqlite": f"+{{column}} IN ({_MATCHING['sqlite']})",
    "postgresql": f"({{column}} IN ({_MATCHING['postgresql']})) IS TRUE",
}
_BESIDE = {
    "sqlite": f"EXISTS (SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid = 10 * {{column}} + %s)",  # noqa: S608
    "postgresql": f"(SELECT words @@ %s::tsquery FROM {TABLE} WHERE kind = %s AND id = {{column}})",  # noqa: S608
}
_COMMON = {
    "sqlite": f"SELECT COUNT(*) > {{many}} FROM ({_MATCHING['sqlite']} LIMIT {{many}} + 1) AS keys",  # noqa: S608
    "postgresql": "SELECT COUNT(*) >= {often} FROM (SELECT words @@ %s::tsquery AS has FROM"  # noqa: S608
    f" {TABLE} WHERE kind = %s ORDER BY id DESC LIMIT {{newest}}) AS rows WHERE has",
}
FEW = 5_000  # keys that are listed one by one
MANY = 20_000  # keys, beyond which SQLite looks at single rows
NEWEST, OFTEN = 200, 5  # newest keys, of which so many match if PostgreSQL looks at single rows
MOST_COUNTED = 1_000  # keys of a query


def create(connection: BaseDatabaseWrapper) -> None:
    """Create the empty index."""
    with connection.cursor() as cursor:
        for statement in _CREATE[connection.vendor]:
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Drop the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


def put(kind: int, key: int, texts: Iterable[Iterable[Word]]) -> None:
    """Index the words of some texts under a key, in place of what stood there. One statement. Linear."""
    words: list[Word] = []
    for text in texts:
        words += text
        words.append(_BREAK)
    values: tuple[int | str, ...]
    if connection.vendor == "sqlite":
        values = (10 * key + kind, " ".join(w.small for w in words), " ".join(w.shape for w in words))
    else:
        values = (kind, key, _vector(words))
    with connection.cursor() as cursor:
        cursor.execute(_PUT[connection.vendor], values)


def remove(kind: int, key: int) -> None:
    """Take a key out of the index. One statement."""
    values = (10 * key + kind,) if connection.vendor == "sqlite" else (kind, key)
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE[connection.vendor], values)


@dataclass(frozen=True, slots=True)
class Match:
    """What a query asks for, of one kind of key."""

    kind: int
    phrases: Sequence[Phrase]

    def keep(self, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
        """Keep the rows whose key, in the named column of the table, matches. Up to two queries at once."""
        if not self._is_slow_by_row and len(keys := self.first(FEW + 1)) <= FEW:
            return rows.filter(pk__in=keys)
        return self.keep_many(rows, column)

    def keep_many(self, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
        """Keep the rows whose key matches, if thousands may match. Up to one query at once.

        Of a common word, each row is looked at in the order of the rows, so that a page of them ends soon. Else all
        keys that match are listed.
        """
        if self._is_slow_by_row:
            return rows.filter(pk__in=self.ids)
        condition = (_BESIDE if self._is_common() else _AMONG)[connection.vendor].format(column=column)
        return rows.filter(RawSQL(condition, self._parameters, BooleanField()))  # noqa: S611, with parameters

    @property
    def _is_slow_by_row(self) -> bool:
        """Whether SQLite would gather all words with a beginning anew for each row."""
        return connection.vendor == "sqlite" and any(phrase.is_prefix for phrase in self.phrases)

    @property
    def ids(self) -> RawSQL:
        """The ids that match, as a subquery."""
        return RawSQL(_MATCHING[connection.vendor], self._parameters)  # noqa: S611, with parameters

    @property
    def _parameters(self) -> tuple[str, int]:
        to_query = _fts5_query if connection.vendor == "sqlite" else _ts_query
        return to_query(self.phrases), self.kind

    def _is_common(self) -> bool:
        """Return whether so many rows match that a page of them is likely to be full soon. One query."""
        question = _COMMON[connection.vendor].format(many=MANY, newest=NEWEST, often=OFTEN)
        return bool(_ask(question, self._parameters)[0][0])

    def first(self, most: int) -> list[int]:
        """Return the first keys that match, in no order. One query."""
        return [key for (key,) in _ask(f"{_MATCHING[connection.vendor]} LIMIT {most}", self._parameters)]


def find(kind: int, query: str, *, labels: Iterable[str] = ()) -> Match | None:
    """Return what finds the keys of a kind whose texts have the labels and all that a query asks for.

    None if there is neither label nor word to find.
    """
    return find_phrases(kind, parse_query(query), labels=labels)


def find_phrases(kind: int, phrases: Iterable[Phrase], *, labels: Iterable[str] = ()) -> Match | None:
    """Return what finds the keys of a kind whose texts have the labels and all phrases, but no excluded one.

    None if nothing is to be found.
    """
    sought = [*map(_labelled, labels), *phrases]
    return Match(kind, sought) if not all(phrase.is_excluded for phrase in sought) else None


def counts(matches: Sequence[Match]) -> list[int]:
    """Return how many keys each finds, at most `MOST_COUNTED`. One query; none without matches."""
    if not matches:
        return []
    one = f"SELECT COUNT(*) FROM ({_MATCHING[connection.vendor]} LIMIT {MOST_COUNTED}) AS keys"  # noqa: S608
    parameters = [value for match in matches for value in match._parameters]
    return [number for (number,) in _ask(" UNION ALL ".join([one] * len(matches)), parameters)]


def _ask(question: str, parameters: Sequence[str | int]) -> list[tuple[Any, ...]]:
    """Return the rows that answer a question, from the database that the rows of models are read from."""
    with connections[router.db_for_read(Model)].cursor() as cursor:
        cursor.execute(question, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def matching(kind: int, query: str) -> RawSQL | None:
    """Return the ids of a kind whose texts have all that a query asks for, as a subquery; None if it has no word."""
    match = find(kind, query)
    return match.ids if match else None


def label(text: str) -> Word:
    """Return a word that stands for exactly this text. No search for words finds it; `labelled` does.

    Its length does not grow with the text, because PostgreSQL takes words of 2 kB at most.
    """
    spelling = _BREAK.small + sha256(text.encode()).hexdigest()
    return Word(spelling, spelling)


def in_titles(word: Word) -> Word:
    """Return a word as it stands in a title, for texts where titles are to be found apart."""
    return Word(f"{_TITLE}{word.small}", f"{_TITLE}{word.shape}")


def phrase_in_titles(phrase: Phrase) -> Phrase:
    """Return what finds a phrase only where `in_titles` marked its words."""
    return replace(phrase, words=tuple(map(in_titles, phrase.words)))


def labelled(kind: int, text: str) -> Match:
    """Return what finds the keys of a kind whose texts have a label."""
    return Match(kind, [_labelled(text)])


def _labelled(text: str) -> Phrase:
    return Phrase((label(text),), is_prefix=False)


def _vector(words: Iterable[Word]) -> str:
    """Return a `tsvector` as PostgreSQL reads it. What goes beyond its limit is left out, from the end."""
    places: dict[str, list[int]] = {}
    size = 0
    for number, word in enumerate(words, start=1):
        for spelling in {word.small, word.shape}:
            found = places.setdefault(spelling, [])
            if not found:
                size += len(spelling.encode()) + 4
            if len(found) < MOST_PLACES:
                found.append(min(number, MAX_PLACE))
                size += 2
        if size > MAX_VECTOR_BYTES:
            break
    return " ".join(f"'{spelling}':{','.join(map(str, found))}" for spelling, found in places.items())


def _fts5_query(phrases: Sequence[Phrase]) -> str:
    """Return an FTS5 query. Each phrase is quoted, so no word of it is an operator."""

    def either(phrase: Phrase) -> str:
        small, shape = (" ".join(spellings) for spellings in _spellings(phrase))
        star = " *" if phrase.is_prefix else ""
        return f'(small : "{small}"{star} OR shape : "{shape}"{star})'

    sought = " AND ".join(either(phrase) for phrase in phrases if not phrase.is_excluded)
    excluded = " OR ".join(either(phrase) for phrase in phrases if phrase.is_excluded)
    return f"({sought}) NOT ({excluded})" if excluded else sought


def _ts_query(phrases: Iterable[Phrase]) -> str:
    """Return a `tsquery` as PostgreSQL reads it. Each word is quoted."""

    def either(phrase: Phrase) -> str:
        star = ":*" if phrase.is_prefix else ""
        spellings = dict.fromkeys(" <-> ".join(f"'{word}'" for word in words) for words in _spellings(phrase))
        return f"{'!' if phrase.is_excluded else ''}({' | '.join(f'({words}{star})' for words in spellings)})"

    return " & ".join(map(either, phrases))


def _spellings(phrase: Phrase) -> Iterator[list[str]]:
    """Yield the words of a phrase in each of their spellings."""
    yield [word.small for word in phrase.words]
    yield [word.shape for word in phrase.words]
