"""Judging: how often each check was right, by what became of its own findings, not of the versions that had them.

A version is judged once for each check that found something new in it:

- right: the characters were gone from the version that came next, a moderator's fix or the author's own; or it was
  turned down, nothing came after it, and no other check had found anything;
- wrong: it went live with them, or the version that came next still has them;
- not counted: it was turned down, nothing came after it, and more than one check had found something.

An allowance is one judgement that a check was wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from articles.revisions.events import Event
from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import DamagedText, Revision

from .allowances import Allowance
from .reviews import Review

MAX_JUDGED = 300  # newest decisions on versions with findings
MAX_NEXT = 100  # newest of the versions after them whose texts are read
MAX_KINDS = 20_000  # of findings: a version, a check and its characters


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How things with something in common were judged: upheld, let through, or allowed.

    Of a breakdown by check these are findings, of the others versions.
    """

    name: str
    upheld: int
    approved: int
    allowed: int = 0

    @property
    def precision(self) -> float | None:
        """The share that was upheld, from 0 to 1; None if nothing was decided."""
        total = self.upheld + self.approved + self.allowed
        return self.upheld / total if total else None


def by_check(reviews: QuerySet[Review], *, since: datetime) -> tuple[Verdicts, ...]:
    """Return how each check was judged, by id, from the newest of these decisions and the allowances since then.

    Four queries, whatever the number of decisions.
    """
    found = Exists(IntroducedFinding.objects.filter(revision=OuterRef("revision")))
    judged = _with_next(reviews).filter(found).order_by("-decided_at", "-pk")[:MAX_JUDGED]
    rows = [
        (row["revision"], row["state"], row["next"]) for row in judged.values("revision", "state", "next")
    ]
    kinds = _kinds([revision for revision, _state, _next in rows])
    texts = _texts([following for _revision, _state, following in rows if following][:MAX_NEXT])
    upheld: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for revision, state, following in rows:
        if following and following not in texts:
            continue  # it is too old or damaged, so nobody knows
        for check, characters in kinds[revision].items():
            if following:
                is_right = not any(text in texts[following] for text in characters)
            elif state == Review.State.APPROVED:
                is_right = False
            elif len(kinds[revision]) == 1:
                is_right = True
            else:
                continue
            (upheld if is_right else passed)[check] += 1
    remembered = Allowance.objects.filter(allowed_at__gte=since).exclude(check_id="").order_by()
    allowed = Counter(dict(remembered.values_list("check_id").annotate(n=Count("pk"))))
    names = sorted(upheld.keys() | passed.keys() | allowed.keys())
    return tuple(Verdicts(name, upheld[name], passed[name], allowed[name]) for name in names)


def _with_next(reviews: QuerySet[Review]) -> QuerySet[Any]:
    """Annotate decisions with `next`: the revision that came of each.

    After an approval that is its fix, else the next of the article that was submitted or published; or None.
    """
    fixes = Event.objects.filter(action=Event.Action.FIX, revision__based_on=OuterRef("revision"))
    later = Revision.objects.filter(
        Q(reviews__isnull=False) | Q(publication__isnull=False),
        article=OuterRef("revision__article"),
        number__gt=OuterRef("revision__number"),
    ).order_by("number")
    return reviews.annotate(
        fix=Subquery(fixes.order_by("pk").values("revision")[:1]),
        later=Subquery(later.values("pk")[:1]),
    ).annotate(
        next=Case(
            When(state=Review.State.APPROVED, then=F("fix")),
            default=F("later"),
            output_field=BigIntegerField(),
        ),
    )


def _kinds(revisions: Iterable[int]) -> Mapping[int, Mapping[str, set[str]]]:
    """Return the characters that each check found new in each revision."""
    rows = IntroducedFinding.objects.filter(revision__in=revisions).order_by()
    kinds: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for revision, check, text in rows.values_list("revision", "check_id", "text").distinct()[:MAX_KINDS]:
        kinds[revision][check].add(text)
    return kinds


def _texts(revisions: Iterable[int]) -> dict[int, str]:
    """Return all that findings can stand in, of each revision that is not damaged."""
    texts = {}
    for revision in Revision.objects.with_text().filter(pk__in=revisions):
        fields = (revision.title, revision.slug, revision.summary, " ".join(revision.tags))
        try:
            texts[revision.pk] = "\n".join((*fields, revision.source))
        except DamagedText:
            continue
    return texts
