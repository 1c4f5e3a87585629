"""The ribbon: one upright stroke for each version of an article, at its date, tall if the version changed much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Revision
from articles.revisions.timelines import Span

WIDTH, HEIGHT = 560, 36  # of the drawing, in its own units
INSET = 2  # half of a thick stroke at either end, so that none is cut
MOST_STROKES = 120  # nearer ones are drawn as one
MUCH = 300  # code points added and removed; from here on a stroke is tall


@dataclass(frozen=True, slots=True)
class Stroke:
    """An upright line, its positions as text. `kind` is "", "big", "old" or "new"."""

    x: str
    top: str
    kind: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    """What `templates/articles/_ribbon.html` draws: strokes, the name for who does not see them, and both ends."""

    strokes: tuple[Stroke, ...]
    name: str
    first: str
    last: str

    width, height = WIDTH, HEIGHT
    base = HEIGHT - 0.5  # of a thin line, which is sharp between two pixels

    @property
    def paths(self) -> Iterator[tuple[str, str]]:
        """The strokes of each kind as one path: its kind and outline. A template takes long to draw them one by one."""
        for kind in dict.fromkeys(stroke.kind for stroke in self.strokes):
            yield kind, "".join(f"M{s.x} {s.top}V{HEIGHT}" for s in self.strokes if s.kind == kind)


def draw_ribbon(
    spans: Sequence[Span], *, old: Revision | None = None, new: Revision | None = None
) -> Ribbon | None:
    """Return the ribbon of a timeline with the chosen versions in it; None for fewer than two versions.

    Linear in the spans. The strokes come by date, the chosen ones last, so that nothing covers them.
    """
    if sum(span.revisions for span in spans) < 2:
        return None
    first = localtime(min(span.first for span in spans))
    last = localtime(max(span.last for span in spans))
    whole = (last - first).total_seconds() or 1.0

    def position(moment: datetime) -> float:
        share = (moment - first).total_seconds() / whole
        return INSET + (WIDTH - 2 * INSET) * min(max(share, 0.0), 1.0)

    tallest: dict[int, tuple[float, int]] = {}  # by the part of the width
    for span in spans:
        for x in sorted({position(span.first), position(span.last)}):
            part = int(x * MOST_STROKES / WIDTH)
            drawn_at, most = tallest.get(part, (x, 0))
            tallest[part] = drawn_at, max(most, span.most or 0)
    strokes = [_stroke(x, "big" if most >= MUCH else "") for _part, (x, most) in sorted(tallest.items())]
    chosen = [(kind, revision) for kind, revision in (("old", old), ("new", new)) if revision]
    strokes += [_stroke(position(revision.created_at), kind) for kind, revision in chosen]
    ends = "YEAR_MONTH_FORMAT" if (first.year, first.month) != (last.year, last.month) else "DATE_FORMAT"
    since, until = date_format(first, ends), date_format(last, ends)
    name = _name(spans, since, until, [revision for _kind, revision in chosen])
    return Ribbon(tuple(strokes), name, since, until)


def _stroke(x: float, kind: str) -> Stroke:
    return Stroke(f"{x:.1f}", {"": "18", "big": "6"}.get(kind, "0"), kind)


def _name(spans: Sequence[Span], first: str, last: str, chosen: Sequence[Revision]) -> str:
    """Return what the drawing shows in words."""
    number = sum(span.revisions for span in spans)
    name = ngettext(
        "%(n)d version between %(first)s and %(last)s",
        "%(n)d versions between %(first)s and %(last)s",
        number,
    ) % {"n": number, "first": first, "last": last}
    if not chosen:
        return name
    words = ngettext("version %(numbers)s is chosen", "versions %(numbers)s are chosen", len(chosen))
    numbers = _(" and ").join(str(revision.number) for revision in chosen)
    return f"{name}; {words % {'numbers': numbers}}"
