"""Validation of what is written: limits and shapes, with messages that say what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

import regex
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.text.content import Content
from articles.text.content.tags import MAX_TAG, fold_tag
from articles.text.page import Sanitized, SourceRefused, sanitize
from articles.text.page.images import PREFIX, ImageName

from .articles import Article
from .language_names import is_registered, likely_tag
from .revisions import ChangeKind, Revision, SoftwareShare

MAX_TAGS = 30
MAX_REASON = 2000  # code points

_SLUG = regex.compile(r"[\p{L}\p{N}_-][\p{L}\p{M}\p{N}_-]*")
_TAG = regex.compile(rf"[^\p{{Cc}}\p{{Cs}}\p{{Zl}}\p{{Zp}},]{{1,{MAX_TAG}}}")
_UNFIT_FOR_A_LINE = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]")
_VISIBLE = regex.compile(r"[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]")


def validated(content: Content, *, checks_language: bool = True) -> Sanitized:
    """Return the sanitized source; raise `ValidationError` with a message for each invalid field.

    A language that is stored already need not be checked: releases may differ in what they take for one.
    """
    errors: dict[str, str] = {}
    for field in ("title", "slug", "summary", "language", "excerpt", "description"):
        value = getattr(content, field)
        limit: int = Revision._meta.get_field(field).max_length  # type: ignore[union-attr,assignment]
        if fault := line_fault(value, limit=limit):
            errors[field] = fault
    if not _VISIBLE.search(content.title):
        errors.setdefault("title", _("Give the article a title that can be seen."))
    if checks_language and (fault := _language_fault(content.language)):
        errors.setdefault("language", fault)
    if fault := slug_fault(content.slug):
        errors.setdefault("slug", fault)
    if fault := _tags_fault(content.tags):
        errors["tags"] = fault
    errors |= _record_faults(content)
    sanitized = None
    try:
        sanitized = sanitize(content.source, max_bytes=settings.MAX_SOURCE_BYTES)
    except SourceRefused as refusal:
        errors["source"] = refusal.message.translate_with(_)
    if errors or sanitized is None:
        raise ValidationError({field: [message] for field, message in errors.items()})
    return sanitized


def slug_fault(slug: str) -> str:
    """Return why a text is no address of an article, or an empty string. Its length is not looked at."""
    return (
        "" if _SLUG.fullmatch(slug) else _("An address consists of letters, digits, hyphens and underscores.")
    )


def _language_fault(tag: str) -> str:
    """Return what is wrong with a language tag, with the one that was probably meant; empty if it is registered."""
    if is_registered(tag):
        return ""
    if likely := likely_tag(tag):
        return _("“%(typed)s” is no language tag. Probably meant: %(likely)s.") % {
            "typed": tag,
            "likely": likely.tag_and_name,
        }
    return _("No language has this tag. Choose one by its name, or write a tag such as en, pt-BR or zh-Hant.")


def _tags_fault(tags: Collection[str]) -> str:
    """Return what is wrong with the tags; empty if nothing is."""
    if len(tags) > MAX_TAGS or len(set(tags)) < len(tags):
        return _("At most %(limit)d tags, each of them once.") % {"limit": MAX_TAGS}
    if not all(_TAG.fullmatch(tag) and _VISIBLE.search(tag) for tag in tags):
        return _("A tag is 1 to 50 characters of text, one of them visible, without a comma.")
    if any({".", ".."} & {*fold_tag(tag).split("/")} for tag in tags):  # browsers resolve them
        return _("“.” and “..” can be no tags, nor stand between slashes: they lead to another address.")
    return ""


def _record_faults(content: Content) -> dict[str, str]:
    """Return a message for each invalid field among cover and choices. Whether the cover exists is checked later."""
    faults = {}
    if content.cover and ImageName.of(PREFIX + content.cover) is None:
        faults["cover"] = _("This is not the name of an uploaded image.")
    for field, choices in (("change_kind", ChangeKind), ("software_share", SoftwareShare)):
        if getattr(content, field) not in ("", *choices.values):
            faults[field] = _("Choose one of these: %(choices)s.") % {"choices": ", ".join(choices.values)}
    return faults


def line_fault(value: str, *, limit: int) -> str:
    """Return why a value is not one line of at most `limit` code points; empty if it is."""
    if unfit := _UNFIT_FOR_A_LINE.search(value):
        return _("Character %(position)d (%(code)s) does not belong into a line of text. Remove it.") % {
            "position": unfit.start() + 1,
            "code": f"U+{ord(unfit[0]):04X}",
        }
    if len(value) > limit:
        return _("%(length)d characters; at most %(limit)d fit.") % {"length": len(value), "limit": limit}
    return ""


def require_short(reason: str) -> None:
    """Raise `ValidationError` if a reason has a NUL or more than `MAX_REASON` code points."""
    if "\0" in reason or len(reason) > MAX_REASON:
        raise ValidationError(
            {"reason": [_("A reason is at most %(limit)d characters of text.") % {"limit": MAX_REASON}]}
        )


def slug_taken(slug: str) -> ValidationError:
    """Return the error for a slug that another article has."""
    return ValidationError(
        {"slug": [_("Another article has the address “%(slug)s”. Choose a different one.") % {"slug": slug}]}
    )


def free_slug(like: str) -> str:
    """Return a slug that no article has: this one with the lowest number from 2 after it. Costs one query."""
    stem = like[:190]  # a slug has room for 200
    taken = set(Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for number in count(2) if (slug := f"{stem}-{number}") not in taken)


def require_free_slug(slug: str, article: Article | None) -> None:
    """Raise `ValidationError` if an article other than this one has the slug. Costs one query."""
    others = Article.objects.filter(slug=slug)
    if article:
        others = others.exclude(pk=article.pk)
    if others.exists():
        raise slug_taken(slug)
