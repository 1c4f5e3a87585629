"""Authorship: who brought in each character of a revision, as far as a person may know."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence

from articles import permissions
from articles.text.content import Field, FieldFinding

from .attributions import Attribution
from .revisions import Revision


def versions_of_characters(revision: Revision, *, seen_by: permissions.Person) -> array[int] | None:
    """Return the number of the version to name for each code point of the source; None if that is not known.

    A version that the person may not read is never named; the first one that they may read and that has kept the
    character since is named instead. Takes two queries. Reads the source, and raises what that raises.
    """
    origins = Attribution.objects.origins(revision.article_id, revision.number)
    if origins is None or len(origins.numbers) != len(revision.source):
        return None
    readable = Revision.objects.visible_to(seen_by).filter(
        article=revision.article_id, number__lte=revision.number
    )
    return origins.as_seen(list(readable.order_by("number").values_list("number", flat=True)))


def versions_by_number(
    revision: Revision, numbers: Collection[int], *, seen_by: permissions.Person
) -> dict[int, Revision]:
    """Return these versions of a revision's article, without what is hidden from the person. Two queries at most."""
    readable = Revision.objects.visible_to(seen_by).filter(article=revision.article_id, number__in=numbers)
    return {version.number: version for version in readable}


def bringers_of(
    revision: Revision,
    findings: Sequence[FieldFinding],
    *,
    seen_by: permissions.Person,
    versions: Sequence[int] | None = None,
) -> list[Revision | None]:
    """Return, for each finding, the last version that brought in one of its characters.

    None for a finding outside of the source, and if it is not known. `versions` is what `versions_of_characters`
    returned, if the caller asked. Four queries at most, two with it, none without a finding in the source.
    """
    spans = [
        (item.finding.start, item.finding.end) if item.field is Field.SOURCE else None for item in findings
    ]
    if versions is None and any(spans):
        versions = versions_of_characters(revision, seen_by=seen_by)
    if versions is None:
        return [None] * len(findings)
    numbers = [max(versions[slice(*span)], default=0) if span else 0 for span in spans]
    found = versions_by_number(revision, set(numbers) - {0}, seen_by=seen_by)
    return [found.get(number) for number in numbers]
