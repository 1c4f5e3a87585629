"""Writing the past versions of an article in batches: what a save writes of each, with few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Max

from articles.text.content import Content

from .articles import Article
from .attributing import attribution_of
from .attributions import STEPS, Attribution, digest_of
from .bodies import Body
from .indexing import index_revision
from .originals import Original
from .renderings import IntroducedFinding, Rendering
from .revisions import Revision
from .tags import record_tags
from .writing import (
    Analysis,
    Claim,
    body_of,
    chained_revision,
    finding_rows,
    point_to_latest,
    rendering_of,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


_RESERVE = "SELECT nextval(pg_get_serial_sequence('articles_revision', 'id')) FROM generate_series(1, %s)"


@dataclass(frozen=True, slots=True)
class AnalyzedVersion:
    """A past version, ready to be written. `original` is its format and its bytes, if they differ from the source."""

    content: Content
    analysis: Analysis
    claim: Claim
    original: tuple[str, bytes] | None = None


def write_past_versions(
    article: Article, latest: Revision | None, versions: Sequence[AnalyzedVersion], *, by: User
) -> list[Revision]:
    """Write versions after `latest`, in their order, and point the article to the last. Lock the article first.

    `latest` is loaded by `latest_of`. Only the last version gets a stored page and is indexed. Some statements for all
    versions together, and one for each that brings in a tag.
    """
    rows = _Rows(article, versions)
    before = latest
    revisions: list[Revision] = []
    for key, version in zip(_reserved_keys(len(versions)), versions, strict=True):
        revision = chained_revision(article, before, by=by, content=version.content, claim=version.claim)
        revision.pk = key
        rows.add(revision, before, version)
        revisions.append(revision)
        before = revision
    if revisions:
        rows.renderings[-1].keep(versions[-1].analysis.sanitized)
        rows.write()
        Rendering.objects.bulk_create(rows.renderings)
        for revision, predecessor in zip(revisions, [latest, *revisions], strict=False):
            record_tags(revision, predecessor)
        index_revision(revisions[-1], words=versions[-1].analysis.words)
        point_to_latest(article, latest)
    return revisions


def _reserved_keys(number: int) -> list[int]:
    """Return keys for so many revisions, which no other transaction gets, so that rows can name them unwritten."""
    if connection.vendor == "sqlite":  # one transaction writes at a time, and no revision is ever deleted
        last = Revision.objects.aggregate(last=Max("pk"))["last"] or 0
        return list(range(last + 1, last + number + 1))
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, [number])
        return [key for (key,) in cursor.fetchall()]


@dataclass(slots=True)
class _Rows:
    """The rows about some revisions that are not written yet."""

    article: Article
    versions: Sequence[AnalyzedVersion]
    known: set[int] = field(default_factory=set)  # hashes of the texts that the article has
    renderings: list[Rendering] = field(default_factory=list)
    of_revisions: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        digests = [digest_of(version.content.source) for version in self.versions]
        rows = Attribution.objects.filter(revision__article=self.article, digest__in=digests)
        self.known = set(rows.values_list("digest", flat=True))

    def add(self, revision: Revision, before: Revision | None, version: AnalyzedVersion) -> None:
        """Add a revision that follows `before`, and the rows about it."""
        source, analysis = version.content.source, version.analysis
        self._add(Revision, revision)
        body = body_of(revision, before, source=source)
        revision.keyframe_number = before.keyframe_number if before and body.base else revision.number
        self._add(Body, body)
        self._attribute(revision, before, version)
        self.renderings.append(rendering_of(analysis, revision))
        self._add(IntroducedFinding, *finding_rows(analysis.introduced, revision))
        if version.original:
            format, data = version.original
            self._add(Original, Original.holding(data, format=format, revision=revision))

    def _attribute(self, revision: Revision, before: Revision | None, version: AnalyzedVersion) -> None:
        source, step = version.content.source, version.analysis.step
        digest = digest_of(source)
        if before:
            is_known = before.is_source_known = digest in self.known  # type: ignore[attr-defined]
            distance = before.attribution.distance if hasattr(before, "attribution") else None
            if is_known or distance is None or distance + 1 >= STEPS:
                self.write()  # the origins are read from what is stored
        self.known.add(digest)
        attribution = attribution_of(revision, before, source=source, step=step)
        if attribution:
            self._add(Attribution, attribution)

    def _add(self, model: type[models.Model], *rows: models.Model) -> None:
        self.of_revisions.setdefault(model, []).extend(rows)

    def write(self) -> None:
        """Write what was added since the last call."""
        for model, rows in self.of_revisions.items():
            model._default_manager.bulk_create(rows)
        self.of_revisions.clear()
