"""Risk: a number by which the queue is sorted, and the parts of which it is the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What adds to the risk of a revision; each comment says what is counted."""

    SANITIZERS = "sanitizers"  # 1 if they disagree
    ALERTS = "alerts"  # introduced
    HIDDEN = "hidden"  # findings with a hidden payload
    DISGUISE = "disguise"  # 1 if nothing but look-alikes or invisible characters changed
    WARNINGS = "warnings"  # introduced
    DOMAINS = "domains"  # linked here and nowhere on the live site
    DENSITY = "density"  # alerts and warnings in 1,000 code points of changed text
    TURNED_DOWN = "turned down"  # among the last of the author's revisions that were decided
    NEWCOMER = "newcomer"  # 1 if none of those was approved
    SIZE = "size"  # code points changed, in steps of 500


@dataclass(frozen=True, slots=True)
class Weight:
    """Points for each one counted, and the most points of a part."""

    each: int
    at_most: int


WEIGHTS: Mapping[Part, Weight] = {
    Part.SANITIZERS: Weight(300, 300),
    Part.ALERTS: Weight(150, 450),
    Part.HIDDEN: Weight(150, 150),
    Part.DISGUISE: Weight(90, 90),
    Part.WARNINGS: Weight(6, 120),
    Part.DOMAINS: Weight(30, 90),
    Part.DENSITY: Weight(1, 60),
    Part.TURNED_DOWN: Weight(15, 60),
    Part.NEWCOMER: Weight(20, 20),
    Part.SIZE: Weight(1, 30),
}
STEP = 500  # code points in a step of `Part.SIZE`
PER = 1000  # code points that `Part.DENSITY` refers to
RECORD = 20  # how many of an author's decided revisions are looked at


@dataclass(frozen=True, slots=True)
class Risk:
    """The sum of points, and its parts: name, count and points of each, most points first."""

    points: int
    parts: tuple[tuple[Part, int, int], ...]


def weigh(counts: Mapping[Part, int]) -> Risk:
    """Return the risk of a revision with these counts; a missing count is 0.

    `docs/moderation.md` shows the weights as a table.
    """
    parts = [
        (part, counts[part], min(counts[part] * weight.each, weight.at_most))
        for part, weight in WEIGHTS.items()
        if counts.get(part)
    ]
    parts.sort(key=lambda part: -part[2])
    return Risk(sum(points for _, _, points in parts), tuple(parts))
