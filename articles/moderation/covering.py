"""Covering: what allowances silence when findings are shown or counted, and what one more or less would change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, prefetch_related_objects

from articles.revisions.articles import Article
from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import Revision, RevisionQuerySet
from articles.revisions.withholding import text_of
from articles.text.checks import Severity
from articles.text.content import Content, Field, FieldFinding, findings, severities
from articles.text.content.surroundings import MAX_VALUE, Surroundings
from articles.text.markdown import Where

from .allowances import Allowance
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


# Apply


@dataclass(frozen=True, slots=True)
class SplitFindings:
    """The findings to show, and those that an allowance covers, each with its allowance."""

    shown: tuple[FieldFinding, ...]
    allowed: tuple[tuple[FieldFinding, Allowance], ...]


def split_findings(
    found: Iterable[FieldFinding],
    content: Content,
    *,
    article: int | None,
    allowances: Iterable[Allowance] | None = None,
    not_by: Collection[int] = (),
) -> SplitFindings:
    """Split findings into those to show and those that an allowance covers. Without an article, show all.

    Reads the article's allowances in one query unless given, and ignores those that an account in `not_by` added or
    confirmed. Linear in findings and allowances.
    """
    found = tuple(found)
    if not found or article is None:
        return SplitFindings(found, ())
    if allowances is None:
        allowances = Allowance.objects.reaching(article, content.language)
    by_key, own = defaultdict(list), set(not_by)
    for allowance in allowances:
        if not {allowance.allowed_by_id, allowance.confirmed_by_id} & own:
            by_key[allowance.kind, allowance.value].append(allowance)
    if not by_key:
        return SplitFindings(found, ())
    places = Surroundings(content)
    values = "\0".join(
        value for _, value in by_key
    )  # most findings are in none of them, which is quick to tell
    shown, allowed = [], []
    for item in found:
        may_fit = item.finding.where is Where.HOST or item.finding.text in values
        names = _keys(item, places) if may_fit else ()
        candidates = (allowance for name in names for allowance in by_key.get(name, ()))
        verdict = next((a for a in candidates if _fits(a, item, places)), None)
        if verdict:
            allowed.append((item, verdict))
        else:
            shown.append(item)
    return SplitFindings(tuple(shown), tuple(allowed))


def _keys(item: FieldFinding, places: Surroundings) -> list[tuple[str, str]]:
    """Return the kinds and values that an allowance for the finding can have."""
    if host := places.host(item):
        return [(Allowance.Kind.DOMAIN, host)]
    word = places.word(item)
    named = [(Allowance.Kind.WORD, word)] if word else []
    return [(Allowance.Kind.CHARACTER, item.finding.text), *named]


def _fits(allowance: Allowance, item: FieldFinding, places: Surroundings) -> bool:
    if _RANK[item.finding.severity] > _RANK[Severity(allowance.severity)]:
        return False
    return not allowance.surroundings or allowance.surroundings == places.checksum(item)


def flagged(counted: Mapping[Revision, int]) -> dict[int, int]:
    """Return how many warnings and alerts to tell readers of, by the revision's primary key.

    `counted` has the counter of each revision's rendering. A revision is scanned only if its counter is not 0 and an
    allowance may apply; else the counter is the result. Takes at most two queries.
    """
    counts = {revision.pk: number for revision, number in counted.items()}
    suspects = [revision for revision in counted if counted[revision]]
    allowances = list(Allowance.objects.reaching_any(suspects)) if suspects else []
    by_revision = {r: [a for a in allowances if a.reaches(r.article_id, r.language)] for r in suspects}
    scanned = [revision for revision in suspects if by_revision[revision]]
    prefetch_related_objects(scanned, *text_of())
    for revision in scanned:
        content = revision.content
        found = [item for item in findings(content) if item.field is not Field.SUMMARY]
        split = split_findings(found, content, article=revision.article_id, allowances=by_revision[revision])
        left = severities(split.shown)
        counts[revision.pk] = left[Severity.ALERT] + left[Severity.WARNING]
    return counts


# What can be allowed, and what that would change


def offers(revision: Revision, item: FieldFinding) -> list[tuple[str, str]]:
    """Return how a finding can be allowed: each kind with the characters, word or domain it would allow."""
    found = _keys(item, Surroundings(revision.content))
    return [(kind, value) for kind, value in found if len(value) <= MAX_VALUE]


@dataclass(frozen=True, slots=True)
class CoveredFindings:
    """A revision that is live or pending, and those of its findings that an allowance covers.

    `alone` has those that no other allowance in force covers: they fall silent with it, and speak again without it.
    """

    revision: Revision
    findings: tuple[FieldFinding, ...]
    alone: tuple[FieldFinding, ...]

    @property
    def is_live(self) -> bool:
        return self.revision.article.published_revision_id == self.revision.pk

    @property
    def counts(self) -> list[tuple[Severity, int]]:
        """How many fall silent of each severity, the worst first; without those of which there is none."""
        number = Counter(item.finding.severity for item in self.alone)
        return [(severity, number[severity]) for severity in reversed(Severity) if number[severity]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an allowance changes in some texts; `is_whole` if these are all in which it may change anything."""

    texts: tuple[CoveredFindings, ...]
    is_whole: bool

    @property
    def live(self) -> list[CoveredFindings]:
        return [each for each in self.texts if each.is_live and each.alone]

    @property
    def waiting(self) -> list[CoveredFindings]:
        return [each for each in self.texts if not each.is_live and each.alone]

    @property
    def number(self) -> int:
        """How many findings fall silent."""
        return sum(len(each.alone) for each in self.texts)

    @property
    def counts(self) -> list[tuple[Severity, int, int]]:
        """How many findings fall silent in live and in waiting texts, by severity; the worst first."""
        rows = []
        for severity in reversed(Severity):
            live, waiting = (_count(texts, severity) for texts in (self.live, self.waiting))
            if live or waiting:
                rows.append((severity, live, waiting))
        return rows


def _count(texts: Iterable[CoveredFindings], severity: Severity) -> int:
    return sum(item.finding.severity == severity for each in texts for item in each.alone)


def candidates_for(allowance: Allowance, *, seen_by: User) -> RevisionQuerySet:
    """Return the live and pending revisions, with their texts, in which an allowance may cover a finding.

    Reads rows of findings, not texts: they tell which article has had such characters, not which of its revisions.
    """
    pending = Review.objects.pending().values("revision")
    revisions = Revision.objects.visible_to(seen_by).with_text().live_or_waiting(_live(), pending)
    return within_reach(allowance, revisions)


def within_reach(allowance: Allowance, revisions: RevisionQuerySet) -> RevisionQuerySet:
    """Keep the revisions in whose article an allowance may cover a finding, by rows of findings."""
    if allowance.article_id:
        revisions = revisions.filter(article=allowance.article_id)
    elif allowance.language:
        revisions = revisions.in_language(allowance.language)
    holders = IntroducedFinding.objects.filter(text__in=_stored_texts(allowance)).values("revision__article")
    return revisions.filter(article__in=holders)


def preview(allowance: Allowance, revisions: Sequence[Revision], *, is_whole: bool = True) -> Preview:
    """Return what an allowance, in force or not, changes in revisions. One query, and linear in their length."""
    others = Allowance.objects.reaching_any(list(revisions)).exclude(pk=allowance.pk)
    return Preview(tuple(covered_findings(allowance, revisions, beside=list(others))), is_whole)


def covered_findings(
    allowance: Allowance, revisions: Iterable[Revision], *, beside: Iterable[Allowance] = ()
) -> list[CoveredFindings]:
    """Scan revisions and return those with findings that an allowance covers, as if it were in force.

    `beside` has the other allowances that count. Takes no query if the revisions have their texts. Linear in the length
    of the texts.
    """
    covered = []
    for revision in revisions:
        content, article = revision.content, revision.article_id
        split = split_findings(findings(content), content, article=article, allowances=[allowance])
        if not split.allowed:
            continue
        found = tuple(item for item, _allowance in split.allowed)
        others = [other for other in beside if other.reaches(article, revision.language)]
        alone = split_findings(found, content, article=article, allowances=others).shown
        covered.append(CoveredFindings(revision, found, alone))
    return covered


def _live() -> QuerySet[Article, Any]:
    return Article.objects.filter(published_revision__isnull=False).values("published_revision")


def _stored_texts(allowance: Allowance) -> set[str]:
    """Return the texts that findings in the allowed value can have, cut as their rows are."""
    value = allowance.value
    odd = {char for char in value if not char.isascii()}
    return {value[:100], *odd, *(label[:100] for label in value.split("."))}
