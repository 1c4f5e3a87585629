"""Every change of state, one function each: it owns its permission, its transaction, its log entry and its write.

Admin, pages, commands and API all end here. The object comes first, everything else is keyword-only. Each function
raises `PermissionDenied` where the person may not, `ValidationError` (by field) where the input is wrong, and a
`WorkflowError` where the state has moved on; their messages are meant for the person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import permissions
from .models import Article, Body, Event, Finding, Publication, Rendering, Review, Revision
from .text.checks import MAX_FINDINGS, Severity
from .text.comparison import merge_contents
from .text.content import Content, Field, FieldFinding, findings, findings_brought_in, severities
from .text.sanitizer import POLICY_VERSION, Sanitized, SourceRefused, sanitize
from .text.tables import UNICODE_VERSION

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_TAGS = 30
MAX_REASON = 2000  # code points

_LANGUAGE_TAG = regex.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # the shape of BCP 47, section 2.1
_SLUG = regex.compile(r"[\p{L}\p{N}_-][\p{L}\p{M}\p{N}_-]*")
_TAG = regex.compile(r"[^\p{Cc}\p{Cs}\p{Zl}\p{Zp},]{1,50}")
_UNFIT_FOR_A_LINE = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]")
_VISIBLE = regex.compile(r"[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]")


class WorkflowError(Exception):
    """The state is no longer what the person saw, and nothing was changed."""


class EditConflict(WorkflowError):
    """Somebody saved since the person began to edit. Holds both sides; nothing was saved and nothing is lost.

    `merged` holds both changes in one where they are in different places, for the person to confirm; else None.
    """

    def __init__(self, *, latest: Revision, submitted: Content, base: Content | None) -> None:
        self.latest = latest
        self.submitted = submitted
        self.merged = merge_contents(base, submitted, latest.content) if base else None
        super().__init__(
            _("%(name)s saved version %(number)d while you were editing. Nothing was overwritten.")
            % {"name": latest.author_name, "number": latest.number}
        )


class AlreadyDecided(WorkflowError):
    """A review that somebody else decided or withdrew first."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("This revision is no longer waiting: %(state)s by %(name)s.")
            % {"state": review.get_state_display(), "name": review.decided_by_name}
        )


# Writing


def save_revision(
    article: Article | None, *, by: User, content: Content, base: int | None = None
) -> Revision:
    """Keep a new version of an article, or of a new one, exactly as written, and return it.

    `base` is the number of the revision that the person began to edit; another one being the latest raises
    `EditConflict`. Line ends become LF, nothing else is touched. Content that says the same as the latest
    revision, on whatever base, makes no new one: the latest is returned.
    """
    return _save(article, by=by, content=content, base=base, action=Event.Action.SAVE)


def restore(revision: Revision, *, by: User) -> Revision:
    """Add a new version that reads as an earlier one does, from its source; every later version is kept.

    The address stays where the latest version has it.
    """
    latest = _latest(revision.article)
    assert latest is not None
    summary = _("Version %(number)d restored") % {"number": revision.number}
    content = replace(revision.content, slug=latest.slug, summary=summary)
    return _save(revision.article, by=by, content=content, base=latest.number, action=Event.Action.RESTORE)


def with_lf(source: str) -> str:
    """A text as it is stored: its line ends LF, the one thing that is ever changed."""
    return source.replace("\r\n", "\n")


# Review


def submit(revision: Revision, *, by: User) -> Review:
    """Put a revision into the moderators' queue; where it waits already, that review is returned."""
    _require(permissions.can_submit(by, revision))
    assessment = _assess(revision)
    with transaction.atomic():
        article = _locked(revision)
        _require_newer_than_live(revision, article)
        assessment = _current(assessment, revision)
        causes = [*causes_to_wait(assessment, may_publish=True), Review.Cause.SUBMITTED]
        return _submit(revision, by=by, assessment=assessment, causes=causes)


@transaction.atomic
def withdraw(review: Review, *, by: User) -> None:
    """Take a revision out of the queue undecided."""
    review = _pending(review)
    _require(permissions.can_withdraw(by, review))
    _decide(review, Review.State.WITHDRAWN, by=by)
    _log(Event.Action.WITHDRAW, review.revision, by=by)


@transaction.atomic
def approve(review: Review, *, by: User, reason: str = "") -> bool:
    """Approve a revision and publish it; False where a newer revision is live already and stays."""
    review = _pending(review)
    _require_reviewer(review, by)
    live = review.revision.article.published_revision
    _decide(review, Review.State.APPROVED, by=by, reason=reason)
    _log(Event.Action.APPROVE, review.revision, by=by, reason=reason)
    if live and live.number > review.revision.number:
        return False
    _publish(review.revision, by=by)
    return True


@transaction.atomic
def request_changes(review: Review, *, by: User, reason: str) -> None:
    """Hand a revision back to its author, who may edit and submit again."""
    _turn_down(review, Review.State.CHANGES_REQUESTED, Event.Action.REQUEST_CHANGES, by=by, reason=reason)


@transaction.atomic
def reject(review: Review, *, by: User, reason: str) -> None:
    """Refuse a revision. It may be submitted again, and then waits for a moderator whoever submits it."""
    _turn_down(review, Review.State.REJECTED, Event.Action.REJECT, by=by, reason=reason)


# Publication


def publish(revision: Revision, *, by: User) -> Review | None:
    """Make a revision what readers see, or, where there is cause to wait, submit it and return its review."""
    _require(permissions.can_submit(by, revision))
    assessment = _assess(revision)
    with transaction.atomic():
        article = _locked(revision)
        if article.published_revision_id == revision.pk:
            return None
        _require_newer_than_live(revision, article)
        assessment = _current(assessment, revision)
        causes = causes_to_wait(assessment, may_publish=permissions.can_publish(by))
        if causes:
            return _submit(revision, by=by, assessment=assessment, causes=causes)
        _close(revision, by=by)
        _publish(revision, by=by)
        return None


@transaction.atomic
def unpublish(article: Article, *, by: User, reason: str = "") -> None:
    """Take an article and its history from readers; everything is kept."""
    _require(permissions.can_publish(by))
    article = Article.objects.select_for_update().get(pk=article.pk)
    revision = article.published_revision
    if revision is None:
        raise WorkflowError(_("This article is not published."))
    _require_short(reason)
    article.published_revision = None
    article.save(update_fields=["published_revision"])
    _log(Event.Action.UNPUBLISH, revision, by=by, reason=reason)


# Steps


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Your account may not do this."))


def _require_reviewer(review: Review, by: User) -> None:
    if permissions.can_moderate(by) and not permissions.can_review(by, review):
        raise PermissionDenied(_("Nobody decides on a revision of their own. Ask another moderator."))
    _require(permissions.can_review(by, review))


def _save(
    article: Article | None, *, by: User, content: Content, base: int | None, action: Event.Action
) -> Revision:
    _require(permissions.can_edit(by) if article else permissions.can_create(by))
    content = replace(content, source=with_lf(content.source))
    before = _revision_content(article, base)
    analysis = _analyse(content, before=before)
    with transaction.atomic():  # the costly part is done: a writer holds the lock for milliseconds
        latest = None
        if article:
            article = Article.objects.select_for_update().get(pk=article.pk)
            latest = _latest(article)
            if latest and content.says_the_same(latest.content):
                return latest
            if latest and base != latest.number:
                raise EditConflict(latest=latest, submitted=content, base=before)
        _require_free_slug(content.slug, article)
        if article is None:
            article = _save_with_slug(Article(slug=content.slug))
        revision = _write(article, latest, by=by, content=content)
        _keep(analysis, revision)
        _log(action, revision, by=by)
    return revision


def _validate(content: Content) -> Sanitized:
    """Refuse what cannot be kept or shown, with the place; the sanitised source otherwise."""
    errors: dict[str, str] = {}
    for field in ("title", "slug", "summary", "language"):
        value = getattr(content, field)
        limit: int = Revision._meta.get_field(field).max_length  # type: ignore[union-attr,assignment]
        if fault := _UNFIT_FOR_A_LINE.search(value):
            errors[field] = _(
                "Character %(position)d (%(code)s) does not belong into a line of text. Remove it."
            ) % {
                "position": fault.start() + 1,
                "code": f"U+{ord(fault[0]):04X}",
            }
        elif len(value) > limit:
            errors[field] = _("%(length)d characters; at most %(limit)d fit.") % {
                "length": len(value),
                "limit": limit,
            }
    if not _VISIBLE.search(content.title):
        errors.setdefault("title", _("Give the article a title that can be seen."))
    if not _LANGUAGE_TAG.fullmatch(content.language):
        errors.setdefault("language", _("Write a language tag, such as en, pt-BR or zh-Hant."))
    if not _SLUG.fullmatch(content.slug):
        errors.setdefault("slug", _("An address consists of letters, digits, hyphens and underscores."))
    if len(content.tags) > MAX_TAGS or len(set(content.tags)) < len(content.tags):
        errors["tags"] = _("At most %(limit)d tags, each of them once.") % {"limit": MAX_TAGS}
    elif not all(_TAG.fullmatch(tag) and _VISIBLE.search(tag) for tag in content.tags):
        errors["tags"] = _("A tag is 1 to 50 characters of text, one of them visible, without a comma.")
    sanitized = None
    try:
        sanitized = sanitize(content.source)
    except SourceRefused as refusal:
        errors["source"] = str(refusal)
    if errors or sanitized is None:
        raise ValidationError({field: [message] for field, message in errors.items()})
    return sanitized


def _require_short(reason: str) -> None:
    if "\0" in reason or len(reason) > MAX_REASON:
        raise ValidationError(
            {"reason": [_("A reason is at most %(limit)d characters of text.") % {"limit": MAX_REASON}]}
        )


def _require_newer_than_live(revision: Revision, article: Article) -> None:
    live = article.published_revision
    if live and live.number > revision.number:
        raise WorkflowError(
            _("Version %(number)d is live and newer. Restore this one to bring it back.")
            % {"number": live.number}
        )
    if live and live.pk == revision.pk:
        raise WorkflowError(_("Version %(number)d is live already.") % {"number": live.number})


def _slug_taken(slug: str) -> ValidationError:
    return ValidationError({"slug": [_("Another article stands at “%(slug)s”.") % {"slug": slug}]})


def _require_free_slug(slug: str, article: Article | None) -> None:
    others = Article.objects.filter(slug=slug)
    if article:
        others = others.exclude(pk=article.pk)
    if others.exists():
        raise _slug_taken(slug)


def _save_with_slug(article: Article) -> Article:
    """Write an article's row; somebody may have taken its address since it was looked for."""
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:
        raise _slug_taken(article.slug) from None
    return article


def _latest(article: Article) -> Revision | None:
    return Revision.objects.with_text().filter(article=article).first()


def _revision_content(article: Article | None, number: int | None) -> Content | None:
    if article is None or number is None:
        return None
    revision = Revision.objects.with_text().filter(article=article, number=number).first()
    return revision.content if revision else None


def _write(article: Article, latest: Revision | None, *, by: User, content: Content) -> Revision:
    revision = Revision(
        article=article,
        number=latest.number + 1 if latest else 1,
        based_on=latest,
        title=content.title,
        slug=content.slug,
        language=content.language,
        tags=list(content.tags),
        summary=content.summary,
        author=by,
        author_name=by.get_username(),
        created_at=timezone.now(),
    )
    revision.sha256 = revision.checksum(article.head_sha256, content.source)
    revision.save()
    Body(revision=revision, text=content.source).save()
    article.latest_revision = revision
    article.head_sha256 = revision.sha256
    article.save(update_fields=["latest_revision", "head_sha256"])
    return revision


@dataclass(frozen=True, slots=True)
class _Analysis:
    """What sanitising and scanning make of a content, before anything is written."""

    sanitized: Sanitized
    whole: Counter[Severity]
    brought_in: list[FieldFinding]


def _analyse(content: Content, *, before: Content | None) -> _Analysis:
    return _Analysis(
        sanitized=_validate(content),
        whole=severities(item for item in findings(content) if item.field is not Field.SUMMARY),
        brought_in=list(findings_brought_in(before, content)),
    )


def _keep(analysis: _Analysis, revision: Revision) -> None:
    new = severities(analysis.brought_in)
    Rendering.objects.create(
        revision=revision,
        html=analysis.sanitized.html,
        removals=[
            {"start": r.start, "end": r.end, "what": r.what, "reason": r.reason}
            for r in analysis.sanitized.removals
        ],
        agreed=analysis.sanitized.agreed,
        alerts=analysis.whole[Severity.ALERT],
        warnings=analysis.whole[Severity.WARNING],
        new_alerts=new[Severity.ALERT],
        new_warnings=new[Severity.WARNING],
        policy_version=POLICY_VERSION,
        unicode_version=UNICODE_VERSION,
    )
    Finding.objects.bulk_create(
        Finding(
            revision=revision,
            field=item.field,
            check_id=item.finding.check,
            severity=item.finding.severity,
            start=item.finding.start,
            end=item.finding.end,
            text=item.finding.text[:100],
            meant=(item.finding.meant or "")[:100],
            payload=(item.finding.payload or "")[:500],
            where=item.finding.where,
            message=item.finding.message[:300],
        )
        for item in analysis.brought_in[:MAX_FINDINGS]
    )


@dataclass(frozen=True, slots=True)
class _Assessment:
    """What decides whether a revision may go live: beside which live one, and what it brings in beyond that."""

    live: int | None
    brought_in: Counter[Severity]
    agreed: bool
    turned_down: bool


def causes_to_wait(assessment: _Assessment, *, may_publish: bool) -> list[Review.Cause]:
    """Why a revision may not be published at once; empty where it may.

    The one place that decides it; `docs/workflow.md` shows it as a table. What counts is what the revision brings
    in beyond the published one, so that a warning cannot be smuggled in through a draft.
    """
    causes = {
        Review.Cause.SANITISERS: not assessment.agreed,
        Review.Cause.TURNED_DOWN: assessment.turned_down,
        Review.Cause.ALERT: assessment.brought_in[Severity.ALERT] > 0,
        Review.Cause.WARNING: assessment.brought_in[Severity.WARNING] > 0,
        Review.Cause.AUTHOR: not may_publish,
    }
    return [cause for cause, holds in causes.items() if holds]


def _assess(revision: Revision) -> _Assessment:
    """Scans and compares, so it is done before any lock is taken."""
    live = Revision.objects.with_text().live_in(revision.article_id).first()
    return _Assessment(
        live=live.pk if live else None,
        brought_in=severities(findings_brought_in(live.content if live else None, revision.content)),
        agreed=revision.renderings.latest().agreed,
        turned_down=_is_turned_down(revision, live),
    )


def _current(assessment: _Assessment, revision: Revision) -> _Assessment:
    """The assessment, made again in the rare case that the state moved on before the lock was taken."""
    live = revision.article.published_revision
    if assessment.live != (live.pk if live else None):
        return _assess(revision)
    return replace(assessment, turned_down=_is_turned_down(revision, live))


def _is_turned_down(revision: Revision, live: Revision | None) -> bool:
    """Whether moderators last turned down what would now go live: this revision or one that it continues."""
    last = Review.objects.decisions_on(revision, since=live).first()
    return last is not None and last.state != Review.State.APPROVED


def _locked(revision: Revision) -> Article:
    """The revision's article as it stands now, locked for this transaction. Always locked before a review."""
    revision.article = Article.objects.select_for_update().get(pk=revision.article_id)
    return revision.article


def _pending(review: Review) -> Review:
    """The review as it stands now, with its article; both are locked for this transaction."""
    article = _locked(review.revision)
    current = Review.objects.select_for_update(of=("self",)).select_related("revision").get(pk=review.pk)
    if current.state != Review.State.PENDING:
        raise AlreadyDecided(current)
    current.revision.article = article
    return current


def _submit(revision: Revision, *, by: User, assessment: _Assessment, causes: list[Review.Cause]) -> Review:
    pending = Review.objects.pending().filter(revision=revision).first()
    if pending:
        return pending
    review = Review.objects.create(
        revision=revision,
        causes=causes,
        alerts=assessment.brought_in[Severity.ALERT],
        warnings=assessment.brought_in[Severity.WARNING],
        submitted_by=by,
        submitted_at=timezone.now(),
    )
    _log(Event.Action.SUBMIT, revision, by=by)
    return review


def _decide(review: Review, state: Review.State, *, by: User, reason: str = "") -> None:
    _require_short(reason)
    review.state = state
    review.compared_with = review.revision.article.published_revision
    review.decided_by = by
    review.decided_by_name = by.get_username()
    review.decided_at = timezone.now()
    review.reason = reason
    review.save()


def _close(revision: Revision, *, by: User) -> None:
    """Settle the review of a revision that goes live without it."""
    review = Review.objects.pending().filter(revision=revision).first()
    if review is None:
        return
    review.revision = revision
    approves = permissions.can_review(by, review)
    reason = _("Published without a review.")
    _decide(review, Review.State.APPROVED if approves else Review.State.WITHDRAWN, by=by, reason=reason)
    _log(Event.Action.APPROVE if approves else Event.Action.WITHDRAW, revision, by=by, reason=reason)


def _turn_down(review: Review, state: Review.State, action: Event.Action, *, by: User, reason: str) -> None:
    review = _pending(review)
    _require_reviewer(review, by)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why, so that the author can act on it.")]})
    _decide(review, state, by=by, reason=reason)
    _log(action, review.revision, by=by, reason=reason)


def _publish(revision: Revision, *, by: User) -> None:
    """The article is locked already."""
    article = revision.article
    article.slug = revision.slug
    article.published_revision = revision
    _save_with_slug(article)
    if not Publication.objects.filter(revision=revision).exists():
        Publication(revision=revision, published_at=timezone.now()).save()
    _log(Event.Action.PUBLISH, revision, by=by)


def _log(action: Event.Action, revision: Revision, *, by: User, reason: str = "") -> None:
    Event(
        at=timezone.now(),
        actor=by,
        actor_name=by.get_username(),
        action=action,
        article_id=revision.article_id,
        revision=revision,
        reason=reason,
    ).save()
