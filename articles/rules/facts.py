"""Facts: what a save is, as one value that rules ask. Each fact is found out once, and only if a rule asks for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from articles.search.words import Word
from articles.text.markdown import hosts_of, link_targets
from articles.text.markdown.links import host_of

from .phrases import Brought, Searched


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves: how many of their submissions were approved, the age of the account in days, and its groups."""

    approved: int
    age: int
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks find in what a save brings in: the ids of the checks, and how many alerts and warnings."""

    checks: frozenset[str]
    alerts: int
    warnings: int


class Written(Protocol):
    """What rules read of a content or a revision, apart from its source."""

    @property
    def title(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...


class SaveFacts(ABC):
    """A save, with what was there before it. Subclasses say where its facts come from.

    A fact that is not known, such as the record of a deleted account, is None, and meets no condition.
    """

    words: Sequence[Word] | None = None  # of the source, if they are known

    @property
    @abstractmethod
    def written(self) -> Written: ...

    @property
    @abstractmethod
    def source(self) -> str: ...

    @property
    @abstractmethod
    def before(self) -> str | None:
        """The source that was edited; None for a new article."""

    @property
    @abstractmethod
    def is_new(self) -> bool: ...

    @property
    @abstractmethod
    def author(self) -> Author | None: ...

    @property
    @abstractmethod
    def found(self) -> Found: ...

    @property
    @abstractmethod
    def sizes(self) -> tuple[int, int] | None:
        """How many code points were added and removed."""

    @cached_property
    def text(self) -> Searched:
        return Searched(self.source, words=self.words)

    @cached_property
    def _old_text(self) -> Searched | None:
        return None if self.before is None else Searched(self.before)

    @cached_property
    def added_text(self) -> Brought:
        return Brought(self.text, self._old_text)

    @cached_property
    def removed_text(self) -> Brought:
        return Brought(self._old_text or Searched(), self.text)

    @cached_property
    def title(self) -> Searched:
        return Searched(self.written.title)

    @cached_property
    def slug(self) -> Searched:
        return Searched(self.written.slug)

    @cached_property
    def summary(self) -> Searched:
        return Searched(self.written.summary)

    @cached_property
    def tags(self) -> Searched:
        return Searched(*self.written.tags)

    @cached_property
    def _targets(self) -> Counter[str]:
        return Counter(link_targets(self.source))

    @cached_property
    def _old_targets(self) -> Counter[str]:
        return Counter(link_targets(self.before) if self.before else ())

    @cached_property
    def hosts_added(self) -> frozenset[str]:
        """The hosts that the text links to and the one before did not."""
        new = hosts_of(self._targets)
        return frozenset(new) - frozenset(hosts_of(self._old_targets)) if new else frozenset()

    @cached_property
    def links_added(self) -> int:
        """How many links to other sites are more than before, each target by itself."""
        new = Counter({target: n for target, n in self._targets.items() if host_of(target)})
        return (new - self._old_targets).total() if new else 0

    @cached_property
    def removed_percent(self) -> int | None:
        if self.sizes is None:
            return None
        return 100 * self.sizes[1] // len(self.before) if self.before else 0

    @cached_property
    def languages(self) -> frozenset[str]:
        """The language's tag in small letters, and what it begins with: "pt-br" and "pt"."""
        parts = self.written.language.lower().split("-")
        return frozenset("-".join(parts[:n]) for n in range(1, len(parts) + 1))
