"""Steps that operations share; each runs inside the transaction of its caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.text.page import POLICY_VERSION

from .articles import Article
from .errors import WorkflowError
from .events import Event
from .indexing import index_article
from .linked_hosts import record_linked_hosts
from .log import log_event
from .publications import Publication
from .renderings import Rendering
from .revisions import Revision
from .validation import slug_taken

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def require(allowed: bool) -> None:  # noqa: FBT001, reads as a sentence
    """Raise `PermissionDenied` unless the predicate that was asked allows it."""
    if not allowed:
        raise PermissionDenied(_("Your account may not do this."))


def locked(revision: Revision) -> Article:
    """Lock the revision's article for this transaction and return it as stored. Lock it before any review."""
    revision.article = Article.objects.select_for_update().get(pk=revision.article_id)
    return revision.article


def require_unarchived(article: Article) -> None:
    """Raise `WorkflowError` if the article is in the archive: nobody writes or submits there."""
    if article.is_archived:
        raise WorkflowError(_("This article is in the archive. Take it out of there to work on it."))


def latest_of(article: Article) -> Revision | None:
    """Return the newest revision with what writing the next one needs of it; None if there is none."""
    with_text = Revision.objects.with_text().select_related("body__base__revision", "attribution")
    return with_text.filter(article=article).first()


def save_with_slug(article: Article) -> Article:
    """Save an article and return it. Raises `ValidationError` if another article took the slug in the meantime."""
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:
        raise slug_taken(article.slug) from None
    return article


def go_live(revision: Revision, *, by: User) -> None:
    """Publish a revision, and log that. Lock the article first."""
    Publication.objects.get_or_create(revision=revision, defaults={"published_at": timezone.now()})
    show(revision.article, revision)
    log_event(Event.Action.PUBLISH, revision, by=by)


def show(article: Article, revision: Revision | None) -> None:
    """Set the revision that readers see, or unpublish the article with None. Lock the article first.

    Raises `WorkflowError` if the text is hidden, `ValidationError` if another article has the slug.
    """
    before, slug = article.published_revision, article.slug
    if revision:
        require_text(revision)
        article.slug = revision.slug
        article.published_at = Publication.objects.get(revision=revision).published_at
        _keep_page(revision)
    article.published_revision = revision
    save_with_slug(article)
    if article.slug != slug:
        index_article(article)
    drop_page(before, article)
    record_linked_hosts(article)


def _keep_page(revision: Revision) -> None:
    """Store the HTML of a revision that goes live, unless it is stored."""
    rendering = revision.renderings.latest()
    if rendering.kept_page is None:
        rendering.keep(rendering.made_again)
        rendering.agreed = rendering.made_again.agreed
        rendering.policy_version = POLICY_VERSION
        rendering.save()


def drop_page(revision: Revision | None, article: Article) -> None:
    """Drop the stored HTML of a revision, unless it is its article's newest or live one."""
    if revision and revision.pk not in (article.latest_revision_id, article.published_revision_id):
        Rendering.objects.filter(revision=revision).drop_pages()


def require_text(revision: Revision) -> None:
    """Raise `WorkflowError` if the text is hidden: it is neither published nor restored. Costs one query."""
    if revision.hidings.of_texts().exists():
        raise WorkflowError(
            _("The text of version %(number)d is hidden; an administrator has to show it again first.")
            % {"number": revision.number}
        )
