"""What path and front matter of a file say of a page: its name, time, tags, language, and whether it is public."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

from django.utils import timezone

from articles.revisions.language_names import is_registered
from articles.text.content.tags import MAX_TAG
from articles.workflow import ImportState

from .page_fields import Fields

MOST_TAGS = 30
_LANGUAGE = re.compile(r"(.+)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_JEKYLL = re.compile(r"(\d{4}-\d\d-\d\d)-(.+)")


def page_stem(path: str) -> str:
    """Return the name of a page: that of its folder for an index, without date and language."""
    pure = PurePosixPath(path)
    stem = pure.stem
    if match := _LANGUAGE.fullmatch(stem):
        stem = match[1] if is_registered(match[2]) else stem
    if stem in ("index", "_index") and pure.parent.name:
        return pure.parent.name
    match = _JEKYLL.fullmatch(stem)
    return match[2] if match else stem


def moment_of(fields: Fields, path: str, notes: list[str]) -> datetime | None:
    """Return when a page was written; in the site's time zone if it names none."""
    dated = _JEKYLL.fullmatch(PurePosixPath(path).stem)
    said = fields.first("date", "created") or (dated[1] if dated else "")
    if not said:
        return None
    moment = _parsed(said, notes)
    if moment is None:
        notes.append(f"no such time: {said[:40]!r}")
    return moment


def _parsed(said: str, notes: list[str] | None = None) -> datetime | None:
    text = re.sub(r"^(\S+) (\d\d:\d\d(?::\d\d)?) ?([+-]\d\d):?(\d\d)$", r"\1 \2\3:\4", said.strip())
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = timezone.make_aware(moment)
            if notes is not None and len(text) > 10:
                notes.append("its time has no zone; it is taken as that of the site")
        return moment if 1 < moment.year < 9999 else None
    except (ValueError, OverflowError):
        return None


def most_public(fields: Fields, at: datetime | None) -> tuple[ImportState, str]:
    now = timezone.now()
    if fields.first("draft").lower() in ("true", "yes", "on") or fields.first("published").lower() in (
        "false",
        "no",
    ):
        return ImportState.DRAFT, "a draft, which stays one"
    begins = _parsed(fields.first("publishdate")) if fields.first("publishdate") else None
    if (at and at > now) or (begins and begins > now):
        return ImportState.DRAFT, "dated in the future, so it stays a draft; schedule it here"
    ends = _parsed(fields.first("expirydate")) if fields.first("expirydate") else None
    if ends and ends <= now:
        return ImportState.DRAFT, "its time is over, so it stays a draft"
    return ImportState.PUBLISHED, ""


def tags_of(fields: Fields, notes: list[str]) -> tuple[str, ...]:
    """Return tags and categories. A single text is several, between commas."""
    texts = []
    for name in ("tags", "categories", "category"):
        values = fields.values.get(name, [])
        texts += values[0].split(",") if len(values) == 1 else values
    cleaned = (" ".join(re.sub(r"[,\x00-\x1f\x7f-\x9f]+", " ", text).split()).lstrip("#") for text in texts)
    tags = list(
        dict.fromkeys(
            tag[:MAX_TAG].strip() for tag in cleaned if tag and {".", ".."}.isdisjoint(tag.split("/"))
        )
    )
    if len(tags) > MOST_TAGS:
        notes.append(f"{len(tags)} tags; the first {MOST_TAGS} are taken")
    return tuple(tags[:MOST_TAGS])


def language_of(fields: Fields, path: str) -> str:
    named = fields.first("lang", "language", "locale").replace("_", "-")
    match = _LANGUAGE.fullmatch(PurePosixPath(path).stem)
    for tag in (named, match[2] if match else ""):
        if tag and is_registered(tag):
            return tag
    return ""
