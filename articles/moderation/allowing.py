"""Allowances: create them, revoke them, and apply them when findings are shown or counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import Revision, RevisionQuerySet
from articles.revisions.steps import require
from articles.revisions.validation import require_short
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

    Reads the article's allowances in one query unless given, and ignores those by the accounts in `not_by`. Linear in
    findings and allowances.
    """
    found = tuple(found)
    if not found or article is None:
        return SplitFindings(found, ())
    if allowances is None:
        allowances = Allowance.objects.reaching(article, content.language)
    by_key = defaultdict(list)
    for allowance in allowances:
        if allowance.allowed_by_id is None or allowance.allowed_by_id not in not_by:
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


# Create and revoke


def offers(revision: Revision, item: FieldFinding) -> list[tuple[str, str]]:
    """Return how a finding can be allowed: each kind with the characters, word or domain it would allow."""
    found = _keys(item, Surroundings(revision.content))
    return [(kind, value) for kind, value in found if len(value) <= MAX_VALUE]


def allow_finding(
    revision: Revision,
    item: FieldFinding,
    *,
    by: User,
    kind: str,
    scope: str,
    reason: str,
    until: date | None = None,
) -> Allowance:
    """Allow the character, the word or the domain of a finding of a revision.

    The allowance covers findings up to this severity; with the scope "here", only while the words around are the
    same. Raises `ValidationError`, by field.
    """
    value = dict(offers(revision, item)).get(kind)
    if value is None:
        raise ValidationError({"kind": [_("This finding cannot be allowed that way. Choose another kind.")]})
    is_here = scope == Allowance.Scope.HERE
    return _create(
        Allowance(
            kind=kind,
            value=value,
            severity=item.finding.severity,
            check_id=item.finding.check,
            scope=scope,
            article_id=revision.article_id if is_here or scope == Allowance.Scope.ARTICLE else None,
            language=revision.language.lower() if scope == Allowance.Scope.LANGUAGE else "",
            surroundings=Surroundings(revision.content).checksum(item) if is_here else "",
            revision=revision,
            reason=reason,
            until=until,
        ),
        by=by,
    )


def allow(
    value: str,
    *,
    by: User,
    kind: str,
    scope: str,
    reason: str,
    article: Article | None = None,
    language: str = "",
    until: date | None = None,
) -> Allowance:
    """Allow a character, word or domain without a finding.

    A character or word is allowed up to a warning, a domain up to an alert. Raises `ValidationError`, by field.
    """
    errors = {}
    if not value or len(value) > MAX_VALUE:
        errors["value"] = _("Write the characters, the word or the domain to allow.")
    if scope == Allowance.Scope.ARTICLE and article is None:
        errors["article"] = _("Name the article by its address.")
    if scope == Allowance.Scope.LANGUAGE and not language:
        errors["language"] = _("Name the language by its tag, such as ru.")
    if scope == Allowance.Scope.HERE:
        errors["scope"] = _("To allow a single place, start from its finding.")
    if errors:
        raise ValidationError({field: [message] for field, message in errors.items()})
    is_domain = kind == Allowance.Kind.DOMAIN
    return _create(
        Allowance(
            kind=kind,
            value=value.lower() if is_domain else value,
            severity=Severity.ALERT if is_domain else Severity.WARNING,
            scope=scope,
            article=article if scope == Allowance.Scope.ARTICLE else None,
            language=language.lower() if scope == Allowance.Scope.LANGUAGE else "",
            reason=reason,
            until=until,
        ),
        by=by,
    )


@transaction.atomic
def revoke(allowance: Allowance, *, by: User, reason: str = "") -> None:
    """Revoke an allowance and keep its row. The findings that it covered are shown and counted again.

    Raises `WorkflowError` if it is revoked already.
    """
    require(permissions.can_moderate(by))
    require_short(reason)
    allowance = Allowance.objects.select_for_update(of=("self",)).get(pk=allowance.pk)
    if allowance.revoked_at:
        raise WorkflowError(_("%(name)s has revoked it already.") % {"name": allowance.revoked_by_name})
    allowance.revoked_by = by
    allowance.revoked_by_name = by.get_username()
    allowance.revoked_at = timezone.now()
    allowance.save(update_fields=["revoked_by", "revoked_by_name", "revoked_at"])
    _log(Event.Action.REVOKE, allowance, by=by, reason=reason)


@transaction.atomic
def _create(allowance: Allowance, *, by: User) -> Allowance:
    require(permissions.can_moderate(by))
    require_short(allowance.reason)
    if not allowance.reason.strip():
        raise ValidationError({"reason": [_("Say why it is harmless, for the next person who looks at it.")]})
    if allowance.until and allowance.until < timezone.localdate():
        raise ValidationError({"until": [_("Choose today or a later day.")]})
    same = {name: getattr(allowance, name) for name in ("kind", "value", "scope", "article_id", "language")}
    if Allowance.objects.active().filter(
        **same, surroundings=allowance.surroundings, severity=allowance.severity
    ):
        raise ValidationError(_("This is allowed already."))
    allowance.allowed_by = by
    allowance.allowed_by_name = by.get_username()
    allowance.allowed_at = timezone.now()
    allowance.save()
    _log(Event.Action.ALLOW, allowance, by=by, reason=allowance.reason)
    return allowance


def _log(action: Event.Action, allowance: Allowance, *, by: User, reason: str) -> None:
    scope = allowance.language or allowance.scope
    detail = f"{allowance.kind} “{allowance.value}” ({' '.join(allowance.code_points[:8])}), {scope}"
    log_event(action, allowance.revision, by=by, reason=reason, detail=detail, article=allowance.article_id)


# List


@dataclass(frozen=True, slots=True)
class CoveredFindings:
    """A revision that is live or pending, and those of its findings that an allowance covers."""

    revision: Revision
    findings: tuple[FieldFinding, ...]


def candidates_for(allowance: Allowance, *, seen_by: User) -> RevisionQuerySet:
    """Return the live and pending revisions, with their texts, in which an allowance may cover a finding.

    Reads rows of findings, not texts: they tell which article has had such characters, not which of its revisions.
    """
    pending = Review.objects.pending().values("revision")
    live = Article.objects.filter(published_revision__isnull=False).values("published_revision")
    revisions = Revision.objects.visible_to(seen_by).with_text().live_or_waiting(live, pending)
    if allowance.article_id:
        revisions = revisions.filter(article=allowance.article_id)
    elif allowance.language:
        revisions = revisions.in_language(allowance.language)
    holders = IntroducedFinding.objects.filter(text__in=_stored_texts(allowance)).values("revision__article")
    return revisions.filter(article__in=holders)


def covered_findings(allowance: Allowance, revisions: Iterable[Revision]) -> list[CoveredFindings]:
    """Scan revisions and return those with findings that an allowance covers, as if it were in force.

    Takes no query if the revisions have their texts. Linear in the length of the texts.
    """
    covered = []
    for revision in revisions:
        content = revision.content
        split = split_findings(
            findings(content), content, article=revision.article_id, allowances=[allowance]
        )
        if split.allowed:
            covered.append(CoveredFindings(revision, tuple(item for item, _allowance in split.allowed)))
    return covered


def _stored_texts(allowance: Allowance) -> set[str]:
    """Return the texts that findings in the allowed value can have, cut as their rows are."""
    value = allowance.value
    odd = {char for char in value if not char.isascii()}
    return {value[:100], *odd, *(label[:100] for label in value.split("."))}
