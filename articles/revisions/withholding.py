"""What querysets share: rows written once, hidden parts withheld from who may not see them, values of other rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, F, Model, OuterRef, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression

from articles import permissions

from .hidings import Hiding

if TYPE_CHECKING:
    from .revisions import Revision


class WithholdingQuerySet(QuerySet):
    """Rows for a person: the revisions among them, those reached by `select_related` too, lack what is hidden.

    The one place that withholds hidden parts. It costs one query for each query that gave rows, and every revision
    then knows its `hiding`.
    """

    _withholds: bool | None = None  # None: rows as they are, for the workflow

    def withholding_from(self, user: permissions.Person | None) -> Self:
        """What is hidden is withheld, unless this person may see it; None stands for readers at large."""
        rows = self.all()
        rows._withholds = user is None or not permissions.can_hide(user)
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._withholds = self._withholds
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._withholds is not None:
            _apply_hidings(self._result_cache or [], withhold=self._withholds)


def _apply_hidings(rows: list[Any], *, withhold: bool) -> None:
    revisions: dict[int, list[Revision]] = {}
    for row in rows:
        for revision in _revisions(row):
            revision.hiding = None
            revisions.setdefault(revision.pk, []).append(revision)
    if not revisions:
        return
    hidings = Hiding.objects.active()
    for hiding in hidings.filter(revision__in=revisions):
        for revision in revisions[hiding.revision_id]:
            revision.hiding = hiding
            if withhold:
                revision.withhold(hiding.parts)


def _revisions(row: Any, seen: set[int] | None = None) -> Iterator[Revision]:
    """The revisions that were loaded with a row; nothing more is loaded for it."""
    seen = set() if seen is None else seen
    if not isinstance(row, Model) or id(row) in seen:
        return
    seen.add(id(row))
    if row._meta.model_name == "revision":
        yield row  # type: ignore[misc]
    for related in list(row._state.fields_cache.values()):
        yield from _revisions(related, seen)


def hidden_texts(revision: str) -> Exists:
    """Whether the text of the revision that the outer query names is hidden."""
    hidings = Hiding.objects.of_texts()
    return Exists(hidings.filter(revision=OuterRef(revision)))


def newest(rows: QuerySet[Any], expression: F | CombinedExpression, *, revision: str) -> Subquery:
    """Return a value from the newest of the rows that belong to the revision of the outer query."""
    of_revision = rows.filter(revision=OuterRef(revision))
    return Subquery(of_revision.order_by("-pk").values(value=expression)[:1])


def text_of(revision: str = "") -> tuple[str, str]:
    """The relations that reading the text of a revision follows."""
    prefix = f"{revision}__" if revision else ""
    return f"{prefix}body__base", f"{prefix}based_on"
