"""Steps that operations share; each runs inside the transaction of its caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from articles.text.content.defaults import defaults_of
from articles.text.page import POLICY_VERSION, SourceRefused

from .articles import Article
from .errors import WorkflowError
from .events import Event
from .indexing import index_article, index_live
from .linked_hosts import record_linked_hosts
from .live_changes import record_live_change
from .log import coming_from, log_event
from .publications import Publication
from .renderings import Rendering
from .revisions import DamagedText, Revision
from .schedules import Schedule
from .validation import slug_taken

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def require(allowed: bool) -> None:  # noqa: FBT001, reads as a sentence
    """Raise `PermissionDenied` unless the predicate that was asked allows it."""
    if not allowed:
        raise PermissionDenied(_("Your account may not do this."))


def locked(revision: Revision) -> Article:
    """Lock the revision's article for this transaction and return it as stored. Lock it before any review."""
    revision.article = locked_article(revision.article_id)
    return revision.article


def locked_article(pk: int) -> Article:
    """Lock an article for this transaction and return it as it stands now, with due boundaries carried out.

    Its key stays, so others may still store rows that refer to it: PostgreSQL looks the key up when they commit.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=pk)
    for schedule in _due(article):
        _cross(article, schedule)
    return article


def require_unarchived(article: Article) -> None:
    """Raise `WorkflowError` if the article is in the archive: nobody writes or submits there."""
    if article.is_archived:
        raise WorkflowError(_("This article is in the archive. Take it out of there to work on it."))


def latest_of(article: Article) -> Revision | None:
    """Return the newest revision with what writing the next one needs of it; None if there is none."""
    return Revision.objects.filter(article=article).with_text().to_follow().first()


def save_with_slug(article: Article) -> Article:
    """Save an article and return it. Raises `ValidationError` if another article took the slug in the meantime."""
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:
        raise slug_taken(article.slug) from None
    return article


def go_live(revision: Revision, *, by: User) -> None:
    """Publish a revision, and log that. Lock the article first, and log a decision on it before."""
    _publish_at(timezone.now(), revision, by=by, name=by.get_username(), is_scheduled=False)
    cancel_schedule(
        revision.article, by=by, why=_("Version %(number)d went live.") % {"number": revision.number}
    )
    log_event(Event.Action.PUBLISH, revision, by=by)


def show(article: Article, revision: Revision | None, *, by: User) -> None:
    """Set the revision that readers see, or unpublish the article with None; its schedule ends. Lock the article first.

    Raises `WorkflowError` if the text is hidden, `ValidationError` if another article has the slug.
    """
    _point(article, revision)
    if revision:
        why = _("Version %(number)d went live.") % {"number": revision.number}
    else:
        why = _("The article was taken offline.")
    cancel_schedule(article, by=by, why=why)


def cancel_schedule(article: Article, *, by: User | None, why: str, starting: Revision | None = None) -> None:
    """Close the open schedule of an article, and log why; only if it is to publish `starting`, if that is given.

    Lock the article first. One query if there is none.
    """
    schedule = Schedule.objects.open().filter(article=article).select_related("revision").first()
    if schedule and (starting is None or (schedule.is_to_start and schedule.revision_id == starting.pk)):
        schedule.close(why=why)
        log_event(Event.Action.UNSCHEDULE, schedule.revision, by=by, reason=why, detail=schedule.interval)


def _due(article: Article) -> Iterable[Schedule]:
    """Yield the schedule of a locked article once for each boundary that was reached."""
    due = Schedule.objects.due(timezone.now()).filter(article=article)
    while due.exists():  # hardly ever, so the query has no more than that
        yield due.select_related("revision", "made_by")[0]


def _cross(article: Article, schedule: Schedule) -> None:
    """Carry out the next boundary of a schedule as of its own moment, in the name of who made it.

    What cannot go live any more stays where it is: the schedule is closed, and says why.
    """
    at, revision = schedule.due_at, schedule.revision
    assert at is not None
    revision.article = article
    with coming_from(Event.Door.CLOCK), translation.override(settings.LANGUAGE_CODE):
        if schedule.is_to_start:
            try:
                with transaction.atomic():
                    _publish_at(
                        at,
                        revision,
                        by=schedule.made_by,
                        name=schedule.made_by_name,
                        is_scheduled=True,
                    )
            except (WorkflowError, ValidationError, DamagedText, SourceRefused) as error:
                article.refresh_from_db()
                why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                schedule.close(why=why)
                log_event(Event.Action.UNSCHEDULE, revision, by=None, reason=why, detail=schedule.interval)
                return
            action, reason = Event.Action.PUBLISH, ""
        else:
            _point(article, None)
            action, reason = Event.Action.UNPUBLISH, _("Its time was over.")
        schedule.advance()
        log_event(action, revision, by=schedule.made_by, name=schedule.made_by_name, reason=reason, at=at)


def _publish_at(at: datetime, revision: Revision, *, by: User | None, name: str, is_scheduled: bool) -> None:
    """Put a revision before readers; if it is its first time, as of this moment."""
    before = revision.article.published_revision
    is_first = not Publication.objects.filter(revision=revision).exists()
    if is_first:
        defaults = defaults_of(revision.renderings.latest().html)
        Publication.objects.create(
            revision=revision, published_at=at, beginning=defaults.excerpt, cover=defaults.cover
        )
    _point(revision.article, revision)
    record_live_change(
        revision, before=before, at=at, by=by, name=name, is_scheduled=is_scheduled, is_first=is_first
    )


def _point(article: Article, revision: Revision | None) -> None:
    """Set the revision that readers see, with all that follows from it."""
    before, slug = article.published_revision, article.slug
    if revision:
        require_text(revision)
        article.slug = revision.slug
        article.first_published_at = article.first_published_at or revision.publication.published_at
        article.published_at = Publication.objects.of_last_change(revision)
        _keep_page(revision)
    article.published_revision = revision
    save_with_slug(article)
    if article.slug != slug:
        index_article(article)
    index_live(article)
    drop_page(before, article)
    record_linked_hosts(article)


def _keep_page(revision: Revision) -> None:
    """Store the HTML of a revision that goes live, unless it is stored.

    A rendering under another policy stays as it is, and gets a successor: a page that was sealed is never replaced.
    """
    rendering = revision.renderings.latest()
    if rendering.kept_page is None:
        if rendering.policy_version != POLICY_VERSION:
            rendering.pk = None
            rendering._state.adding = True
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
