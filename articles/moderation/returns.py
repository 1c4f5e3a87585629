"""Returns: what readers would have again, though it was taken from them, if a text went live."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.revisions.hidings import Hiding
from articles.revisions.revisions import Revision
from articles.text.content import Content
from articles.text.content.marking import shortened

from .errors import NeedsConfirmation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.revisions.articles import Article

LEAST_LENGTH = 8  # of a passage, in code points: shorter ones, such as "See also", are in any text
MOST_READ = 100  # hidden and public revisions whose texts are read, the newest
MOST_NAMED = 3  # passages
_END = re.compile(r"(?<=[.!?…。！？؟।])\s+|\n")  # noqa: RUF001, the full stops of other scripts


@dataclass(frozen=True, slots=True)
class Return:
    """Hidden text, or an article that was taken offline; by whom, when and why. `str()` says it in a sentence.

    `number` is the revision that was hidden or taken offline, and `passages` are some of those that the new text holds.
    """

    number: int
    by: str
    at: datetime
    reason: str
    passages: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.passages:
            text = _("It holds text of version %(number)d that %(name)s hid: %(passages)s.")
        else:
            text = _("%(name)s took the article offline, and it would be public again.")
        passages = ", ".join(f"“{shortened(passage, 80)}”" for passage in self.passages)
        return text % {"number": self.number, "name": self.by, "passages": passages}

    @property
    def mark(self) -> str:
        """What the log notes of a confirmed return."""
        if self.passages:
            return _("confirmed: text hidden in version %(number)d") % {"number": self.number}
        return _("confirmed: the article was offline")


def gather_returns(content: Content, article: Article, *, taken_by: User | None = None) -> list[Return]:
    """Return what would be public again if a content went live in an article.

    `taken_by` may put online what they took offline themselves, so that does not count. Hidden text counts where a
    sentence or line of it, or the title, stands in the content and in no revision that readers have or had and that is
    not hidden. One query, or two, unless texts of the article are hidden.
    """
    returns = _hidden_text_in(content, article)
    offline = article.last_unpublished
    if offline and offline.revision and (taken_by is None or offline.actor_id != taken_by.pk):
        returns.append(Return(offline.revision.number, offline.actor_name, offline.at, offline.reason))
    return returns


def require_confirmed(returns: Sequence[Return], *, sure: bool, reason: str) -> str:
    """Return what the log is to note of a confirmation. Raises `NeedsConfirmation` without one, or a `ValidationError`.

    A confirmation needs a reason.
    """
    if not returns:
        return ""
    if not sure:
        raise NeedsConfirmation(returns)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why readers are to have again what was taken from them.")]})
    return "; ".join(each.mark for each in returns)


def _hidden_text_in(content: Content, article: Article) -> list[Return]:
    hidings = {
        hiding.revision_id: hiding
        for hiding in Hiding.objects.of_texts().filter(revision__article=article).order_by("-pk")[:MOST_READ]
    }
    if not hidings:
        return []
    ours = _passages(content)
    hidden: dict[int, list[str]] = {}  # the keys of the content's passages, by hidden revision
    numbers = {}
    for revision in Revision.objects.with_text().filter(pk__in=hidings):
        numbers[revision.pk] = revision.number
        hidden[revision.pk] = [key for key in ours if key in _passages(revision.content)]
    suspects = {key for keys in hidden.values() for key in keys}
    if suspects:
        public = Revision.objects.with_text().filter(article=article, publication__isnull=False)
        suspects -= _said_in(public.exclude(pk__in=hidings)[:MOST_READ], among=suspects)
    found = []
    for pk, keys in sorted(hidden.items(), key=lambda item: -numbers[item[0]]):
        named = [ours[key] for key in keys if key in suspects]
        suspects.difference_update(keys)  # each passage is named once, for the newest revision that held it
        if named:
            hiding = hidings[pk]
            found.append(
                Return(
                    numbers[pk],
                    hiding.hidden_by_name,
                    hiding.hidden_at,
                    hiding.reason,
                    tuple(named[:MOST_NAMED]),
                )
            )
    return found


def _said_in(revisions: Iterable[Revision], *, among: set[str]) -> set[str]:
    """Return the passages that stand in one of the revisions. Reads no further than needed."""
    said: set[str] = set()
    for revision in revisions:
        said |= among & _passages(revision.content).keys()
        if said == among:
            break
    return said


def _passages(content: Content) -> dict[str, str]:
    """Return the title, and the sentences and lines of a text: what makes them equal, and as they are written."""
    written = [content.title, *_END.split(content.source), content.excerpt, content.description]
    passages = {" ".join(passage.casefold().split()): " ".join(passage.split()) for passage in written}
    return {key: passage for key, passage in passages.items() if len(key) >= LEAST_LENGTH}
