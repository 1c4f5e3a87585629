"""Bringing in an article's past versions from a source, batch by batch, and what becomes of the last of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.images.uploading import record_image_uses
from articles.moderation.reviewing import submit
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.importing import AnalyzedVersion, write_past_versions
from articles.revisions.imports import ImportedPage, ImportedVersion
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision, readable_content
from articles.revisions.steps import latest_of, locked_article, require, require_unarchived, save_with_slug
from articles.revisions.validation import slug_fault
from articles.revisions.writing import Claim, analyze, with_lf
from articles.text.content import Content
from articles.text.content.tags import unique_tags

from .publishing import publish

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ImportState(StrEnum):
    """What becomes of the last version that an import brings in."""

    DRAFT = "draft"
    QUEUE = "queue"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version of a source. `key` tells it from the others of its page, in every run.

    Without a content it is only remembered, so that no later run asks for it again. `original` is its format and its
    bytes, if they differ from the source of the content.
    """

    key: str
    content: Content | None
    claim: Claim = field(default_factory=Claim)
    original: tuple[str, bytes] | None = None


@dataclass(slots=True)
class BroughtIn:
    """The result of a batch: the page with its article, the revisions, and why a version was refused, by its key."""

    page: ImportedPage | None = None
    revisions: list[Revision] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)


class ChangedHere(WorkflowError):
    """Versions of a source would follow one that was written here, and take its place."""


def imported_page(source: str, key: str) -> ImportedPage | None:
    """Return what was brought in of a page of a source; None if nothing was."""
    rows = ImportedPage.objects.select_related("article")
    return rows.filter(source=source, digest=_digest(key)).first()


def imported_slugs(source: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the slugs of the articles that pages of a source became, by their keys. One query."""
    digests = {_digest(key): key for key in keys}
    rows = ImportedPage.objects.filter(source=source, digest__in=list(digests))
    return {digests[digest]: slug for digest, slug in rows.values_list("digest", "article__slug")}


def known_versions(page: ImportedPage, keys: Sequence[str]) -> set[str]:
    """Return the keys of those versions of a page that were brought in before. One query."""
    digests = {_digest(key): key for key in keys}
    return {digests[digest] for digest in ImportedVersion.objects.known(page, list(digests))}


def import_versions(
    page: ImportedPage | None,
    versions: Sequence[PastVersion],
    *,
    slug: str,
    source: str,
    key: str,
    name: str,
    by: User,
) -> BroughtIn:
    """Write versions of one page of a source after those that were brought in before, in one transaction.

    `page` is None for a page of which nothing was brought in: then the article is made, with this `slug`, which the
    last version should have, too. The account `by` is the author of the revisions; whom and when the source names
    stands in them as a claim. A version that is no valid content is left out, and counts as brought in. Everything is
    scanned. Raises `ChangedHere` if the article has a later version that was written here, `WorkflowError` if it is
    archived, and `ValidationError` if another article took the slug.
    """
    require(permissions.can_import(by))
    latest = latest_of(page.article) if page else None
    _require_imported(latest)
    result = BroughtIn(page=page)
    written: list[PastVersion] = []
    analyzed: list[AnalyzedVersion] = []
    before = readable_content(latest) if latest else None
    for version, ready in _analyzed(versions, before, result.refused):
        written.append(version)
        analyzed.append(ready)
    if not analyzed and page is None:
        return result  # nothing to hold what is remembered
    with transaction.atomic():
        page = page or _new_page(slug, source=source, key=key, name=name)
        article = page.article = locked_article(page.article_id)
        require_unarchived(article)
        if article.latest_revision_id != (latest.pk if latest else None):
            raise ChangedHere(_("The article was changed in the meantime."))
        revisions = write_past_versions(article, latest, analyzed, by=by)
        for revision, ready in zip(revisions, analyzed, strict=True):
            record_image_uses(revision, ready.analysis.sanitized.html)
        _remember(page, versions, {v.key: r for v, r in zip(written, revisions, strict=True)})
        if revisions:
            numbers = (revisions[0].number, revisions[-1].number)
            detail = _("versions %(first)d to %(last)d, from %(page)s") % {
                "first": numbers[0],
                "last": numbers[1],
                "page": page,
            }
            log_event(Event.Action.IMPORT, revisions[-1], by=by, detail=detail)
            page.is_settled = False
        page.save()
    result.page, result.revisions = page, revisions
    return result


def last_revision(page: ImportedPage, keys: Sequence[str]) -> Revision | None:
    """Return the newest revision that some versions of a page became; None if they were all left out."""
    of_versions = ImportedVersion.objects.filter(page=page, digest__in=list(map(_digest, keys)))
    rows = Revision.objects.filter(imported__in=of_versions).with_text().order_by("-number")
    return next(iter(rows[:1]), None)


def settle_import(page: ImportedPage, revision: Revision, state: ImportState, *, by: User) -> Review | None:
    """Publish or submit a version that was brought in, or leave it as a draft. Returns the review if it waits.

    May be repeated. Raises what `publish` and `submit` raise.
    """
    require(permissions.can_import(by))
    review = None
    if state is ImportState.PUBLISHED:
        review = publish(revision, by=by)
    elif state is ImportState.QUEUE:
        review = submit(revision, by=by)
    page.is_settled = True
    page.save(update_fields=["is_settled"])
    return review


def _analyzed(
    versions: Sequence[PastVersion], before: Content | None, refused: dict[str, list[str]]
) -> Iterator[tuple[PastVersion, AnalyzedVersion]]:
    """Yield the versions that are valid with what was found out about them; add the others to `refused`."""
    for version in versions:
        if version.content is None:
            continue
        content = version.content
        content = replace(content, source=with_lf(content.source), tags=unique_tags(content.tags))
        try:
            analysis = analyze(content, before=before)
        except ValidationError as error:
            messages = error.message_dict.items()
            refused[version.key] = [f"{field}: {' '.join(lines)}" for field, lines in messages]
            continue
        before = content
        yield version, AnalyzedVersion(content, analysis, version.claim, version.original)


def _require_imported(latest: Revision | None) -> None:
    """Raise `ChangedHere` if the latest revision was not brought in."""
    if latest and not ImportedVersion.objects.of(latest).exists():
        raise ChangedHere(
            _("Version %(number)d was written here, so what is new in the source would undo it.")
            % {"number": latest.number}
        )


def _new_page(slug: str, *, source: str, key: str, name: str) -> ImportedPage:
    """Return the unsaved page of a new article at this address. Raises `ValidationError` if it is none, or taken."""
    article = Article(slug=slug)
    Article._meta.get_field("slug").clean(slug, article)  # it may be that of a version which does not come in
    if fault := slug_fault(slug):
        raise ValidationError({"slug": fault})
    return ImportedPage(source=source, digest=_digest(key), name=name, article=save_with_slug(article))


def _remember(page: ImportedPage, versions: Sequence[PastVersion], revisions: dict[str, Revision]) -> None:
    page.save()
    ImportedVersion.objects.bulk_create(
        ImportedVersion(page=page, digest=_digest(version.key), revision=revisions.get(version.key))
        for version in versions
    )


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
