"""Risk: a number by which the queue is sorted, and the parts of which it is the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What adds to the risk of a revision; each comment says what is counted."""

    SANITIZERS = "sanitizers"  # 1 if they disagree
    BLANKED = "blanked"  # 1 if hardly anything is left of the text
    TWINS = "twins"  # new links to hosts that read like one that is linked here or well known
    ALERTS = "alerts"  # introduced
    HIDDEN = "hidden"  # findings with a hidden payload
    DISGUISE = "disguise"  # 1 if nothing but look-alikes or invisible characters changed
    RELINKED = "relinked"  # links whose text stayed, and which lead to another site now
    REMOVED = "removed"  # percent of the text that is gone, from 50
    REPLACED = "replaced"  # percent of the text in whose place other words stand, from 50
    CARDS = "cards"  # numbers of payment cards brought in
    PHONES = "phones"  # phone numbers brought in
    MAILS = "mails"  # mail addresses brought in, apart from those at a linked host
    COPIED = "copied"  # percent of the wording that another author's article has, too
    NOISE = "noise"  # stretches brought in that shout or repeat a character
    WARNINGS = "warnings"  # introduced
    DOMAINS = (
        "domains"  # linked here and nowhere on the live site, beyond one in 1,000 code points of changed text
    )
    DENSITY = "density"  # alerts and warnings in 1,000 code points of changed text
    IN_A_ROW = (
        "rejected in a row"  # the author's last decided revisions, up to the last one that was not; from 3
    )
    HELD = "held"  # 1 if moderators hold all edits of one of its authors
    FLOOD = "flood"  # articles that the author submitted within an hour before or after; few do not count
    SHARED = "shared domains"  # other waiting submissions that link to a domain which is new to the site, too
    TURNED_DOWN = "turned down"  # among the last of the author's revisions that were decided
    NEWCOMER = "newcomer"  # approvals that are missing among those to 4
    SIZE = "size"  # code points changed, in steps of 500


@dataclass(frozen=True, slots=True)
class Weight:
    """Points for each one counted, and the most points of a part."""

    each: int
    at_most: int


# Three tiers. What a person would stop at once weighs 150 alone: readers are led astray, or harm cannot be undone. What
# deserves a look before any honest edit weighs 80 to 149. The rest, which honest texts of newcomers have as well, stays
# below 80 together. `tests/moderation/test_order.py` holds edits of each tier against the next.
WEIGHTS: Mapping[Part, Weight] = {
    Part.IN_A_ROW: Weight(40, 800),  # from 4 the first tier; 20 stand above all: one look decides on the rest
    Part.SANITIZERS: Weight(300, 300),  # the page itself may be dangerous
    Part.BLANKED: Weight(150, 150),  # beside what `REMOVED` adds: readers find nothing
    Part.TWINS: Weight(150, 300),  # no honest name needs to read like another one
    Part.ALERTS: Weight(150, 450),
    Part.HIDDEN: Weight(150, 150),
    Part.DISGUISE: Weight(150, 150),  # nobody makes such an edit for readers
    Part.CARDS: Weight(150, 300),  # a number that was read cannot be taken back
    Part.PHONES: Weight(150, 300),  # the same; one of an office is decided at a glance
    Part.RELINKED: Weight(150, 300),  # readers trust a text that stayed; few links are repaired
    Part.REMOVED: Weight(2, 200),  # half of the text is the second tier, three quarters the first
    Part.REPLACED: Weight(3, 240),  # from half of the text the first tier: all that stands there is new
    Part.MAILS: Weight(80, 160),  # more of them than phone numbers are meant for the public
    Part.COPIED: Weight(1, 100),  # whole texts are the second tier; a common passage may be a quotation
    Part.NOISE: Weight(80, 120),  # no honest text has any
    Part.WARNINGS: Weight(6, 120),
    Part.DOMAINS: Weight(30, 90),  # honest texts bring sources; links without text advertise
    Part.DENSITY: Weight(1, 60),
    Part.HELD: Weight(80, 80),  # who imposed that wants to see each edit
    Part.FLOOD: Weight(12, 120),  # the second tier with what a newcomer has anyway
    Part.SHARED: Weight(8, 40),  # an event brings a source into several honest texts; advertisers always do
    Part.TURNED_DOWN: Weight(15, 105),  # the second tier from 6: asking for changes is part of honest work
    Part.NEWCOMER: Weight(
        5, 20
    ),  # each approval takes a step; a newcomer's honest text stays in the third tier
    Part.SIZE: Weight(1, 10),  # only orders equals: length is work, but no offence
}
STEP = 500  # code points in a step of `Part.SIZE`
PER = 1000  # code points that `Part.DENSITY` refers to
RECORD = 20  # how many of an author's decided revisions are looked at
TRUSTED = 4  # approvals among them after which an author is no newcomer
ROW = 3  # rejections in a row from which they count; then the author is no newcomer either
FLOOD = 5  # articles in an hour from which they count, of an author without an approval or with a row of rejections
BUSY = 50  # articles of anybody else in an hour from which they count
MOST_FLOOD = 60  # articles in an hour that are counted
MOST_SHARED = 5  # other submissions with a domain that are counted


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
