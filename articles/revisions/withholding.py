"""Withholding: hidden parts of revisions are taken from the loaded rows. Also parts that other querysets share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.lookups import IsNull
from django.db.models.query import ModelIterable

from articles import permissions

from .hidings import Hiding

if TYPE_CHECKING:
    from .revisions import Revision

    _RowIterable = ModelIterable[Model]
else:
    _RowIterable = ModelIterable  # takes no type arguments at runtime

_Row = TypeVar("_Row", bound=Model, covariant=True)


class WithholdingQuerySet(QuerySet[_Row]):
    """Rows for a person: their revisions, also those loaded by `select_related`, lack their hidden parts.

    The only place that withholds hidden parts. Costs one query for each query that returned rows. Each revision
    then knows its `hiding`.
    """

    def withholding_from(self, user: permissions.Person | None) -> Self:
        """Withhold hidden parts unless this person may see them; from everybody if `user` is None."""
        rows = self.all()
        is_withheld = user is None or not permissions.can_hide(user)
        rows._iterable_class = _WithholdingIterable if is_withheld else _HidingIterable
        return rows


class _HidingIterable(_RowIterable):
    """Model instances whose revisions know their `hiding`."""

    is_withheld = False

    def __iter__(self) -> Iterator[Any]:
        size = self.chunk_size if self.chunked_fetch else None
        instances = super().__iter__()
        while rows := list(islice(instances, size)):
            _apply_hidings(rows, withhold=self.is_withheld)
            yield from rows


class _WithholdingIterable(_HidingIterable):
    """Model instances whose revisions lack their hidden parts."""

    is_withheld = True


def _apply_hidings(rows: list[Any], *, withhold: bool) -> None:
    """Set `hiding` of every loaded revision, and withhold the hidden parts if asked to. Costs one query."""
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
    """Yield the revisions that were loaded with a row. Makes no query."""
    seen = set() if seen is None else seen
    if not isinstance(row, Model) or id(row) in seen:
        return
    seen.add(id(row))
    if row._meta.model_name == "revision":
        yield row  # type: ignore[misc]
    for related in list(row._state.fields_cache.values()):
        yield from _revisions(related, seen)


def hidden_texts(revision: str) -> Exists:
    """Return the condition that a text is hidden; `revision` names the revision in the outer query."""
    hidings = Hiding.objects.of_texts()
    return Exists(hidings.filter(revision=OuterRef(revision)))


def newest(rows: QuerySet[Any], expression: F | CombinedExpression, *, revision: str) -> Subquery:
    """Return a value of the newest row of a revision; `revision` names the revision in the outer query."""
    of_revision = rows.filter(revision=OuterRef(revision))
    return Subquery(of_revision.order_by("-pk").values(value=expression)[:1])


def has_any(rows: QuerySet[Any]) -> Q:
    """Return the condition that there are such rows, for columns, `Case` and `|`.

    There PostgreSQL may hash an `Exists`: it reads all rows of the table for one page. It looks up these one by one.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))  # noqa: FBT003


def text_of(revision: str = "") -> tuple[str, str]:
    """Return the relations for `select_related` that reading and verifying a source needs."""
    prefix = f"{revision}__" if revision else ""
    return f"{prefix}body__base", f"{prefix}based_on"


# What reading and proving a text asks of the predecessor is its checksum; hiding asks for names and summary.
_UNREAD = (
    *("title", "slug", "language", "tags", "author", "created_at", "excerpt", "description", "cover"),
    *("change_kind", "software_share", "claimed_at", "format"),
)


def unread_of(revision: str = "") -> list[str]:
    """Return the columns of the predecessor that reading the text of a revision can defer."""
    prefix = f"{revision}__" if revision else ""
    return [f"{prefix}based_on__{column}" for column in _UNREAD]
