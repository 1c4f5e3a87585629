"""Bringers: which versions brought in the findings that the page of a review lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles import workflow
from articles.models import Revision
from articles.revisions.authorship import bringers_of
from articles.text.content import ContentComparison, Field, FieldFinding

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = tuple[str, str]  # the check and the characters of findings


@dataclass(frozen=True, slots=True)
class Bringers:
    """The findings of a review, each with the version that brought it in.

    `inherited` has the versions that brought in findings of a kind which was there before, by their numbers.
    """

    introduced: list[tuple[FieldFinding, Revision | None]]
    inherited: dict[Kind, dict[int, Revision]]


def find_bringers(
    revision: Revision, comparison: ContentComparison, shown: Sequence[FieldFinding], *, seen_by: User
) -> Bringers:
    """Return who brought in the findings that are shown, and the inherited ones.

    For a finding outside of the source, and without a stored attribution, take the version that first had an equal one.
    """
    new = comparison.introduced_by_field[Field.SOURCE]
    old = [
        FieldFinding(Field.SOURCE, finding)
        for finding in comparison.new_findings[Field.SOURCE]
        if finding not in new
    ]
    found = bringers_of(revision, [*shown, *old], seen_by=seen_by)
    first_seen = {} if all(found[: len(shown)]) else workflow.first_seen(revision, seen_by=seen_by)
    introduced = [
        (item, version or first_seen.get((item.field, item.finding.check, item.finding.text[:100])))
        for item, version in zip(shown, found, strict=False)
    ]
    inherited: dict[Kind, dict[int, Revision]] = {}
    for item, version in zip(old, found[len(shown) :], strict=True):
        if version:
            by_number = inherited.setdefault((item.finding.check, item.finding.text), {})
            by_number[version.number] = version
    return Bringers(introduced, inherited)
