"""Signals: what an edit does to a text, apart from the findings in it, for the order of the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.text.content.content import Content, Field
from articles.text.content.damage import Damage, damage
from articles.text.content.host_twins import HostTwin, find_twins
from articles.text.content.noise import count_noise
from articles.text.content.personal import DataKind, PersonalData, personal_data
from articles.text.content.relinks import Relink, relinks
from articles.text.content.touched import touched_lines
from articles.text.diff import Change

LEAST_PERCENT = 50  # of a text removed or replaced; less happens in many honest edits


@dataclass(frozen=True, slots=True)
class Signals:
    """What an edit does. `personal` and `noise` are what it brought in."""

    damage: Damage
    relinks: tuple[Relink, ...]
    twins: tuple[HostTwin, ...]
    personal: tuple[PersonalData, ...]
    noise: int

    def personal_of(self, kind: DataKind) -> list[PersonalData]:
        return [each for each in self.personal if each.kind is kind]


def signals(
    before: Content | None,
    after: Content,
    *,
    source_changes: Sequence[Change],
    new_hosts: Iterable[str],
    known_hosts: Collection[str],
) -> Signals:
    """Return what the edit from `before` to `after` does, given the changes of the sources.

    `new_hosts` are linked from `after` and no page of the site; `known_hosts` are those that the article or the site
    links to. A mail address at a known host is no personal one. Linear in the texts.
    """
    old = before.source if before else ""
    was, now = touched_lines(old, after.source, source_changes)
    for field in Field:
        text, other = after.text(field), before.text(field) if before else ""
        if field is not Field.SOURCE and text != other:
            was, now = f"{was}\n{other}", f"{now}\n{text}"
    known = {host.removeprefix("www.") for host in known_hosts}
    had = (
        {(each.kind, each.value) for each in personal_data(was)} if (brought := personal_data(now)) else set()
    )
    return Signals(
        damage=damage(old, after.source, source_changes),
        relinks=relinks(old, after.source),
        twins=find_twins(new_hosts, known_hosts),
        personal=tuple(
            each
            for each in brought
            if (each.kind, each.value) not in had
            and each.text not in old
            and not (each.kind is DataKind.MAIL and each.value.rpartition("@")[2] in known)
        ),
        noise=max(0, noise - count_noise(was)) if (noise := count_noise(now)) else 0,
    )


class FactKind(StrEnum):
    """What a signal says, the worst first."""

    BLANKED = "blanked"
    RELINKED = "relinked"  # `before` and `after` are hosts
    TWIN = "twin"  # `before` is the known host, `after` the one that reads like it
    CARD = "card"  # `after` is the number
    PHONE = "phone"  # `after` is the number
    REPLACED = "replaced"
    REMOVED = "removed"
    MAIL = "mail"  # `after` is the address
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an edit did, for a page to say in a sentence. `percent` is a share of the old text, or 0."""

    kind: FactKind
    before: str = ""
    after: str = ""
    percent: int = 0


def worst_fact(found: Signals) -> Fact | None:
    """Return the worst that an edit does; None if it does nothing of what `FactKind` names."""
    facts = sorted(_facts(found), key=lambda fact: list(FactKind).index(fact.kind))
    return facts[0] if facts else None


def _facts(found: Signals) -> Iterable[Fact]:
    removed, replaced = found.damage.removed, found.damage.replaced
    if found.damage.is_blanking:
        yield Fact(FactKind.BLANKED, percent=removed)
    elif removed >= LEAST_PERCENT:
        yield Fact(FactKind.REMOVED, percent=removed)
    if replaced >= LEAST_PERCENT:
        yield Fact(FactKind.REPLACED, percent=replaced)
    for link in found.relinks[:1]:
        yield Fact(FactKind.RELINKED, link.old, link.new)
    for twin in found.twins[:1]:
        yield Fact(FactKind.TWIN, twin.known, twin.host)
    for each in found.personal:
        yield Fact(FactKind(each.kind), after=each.text)
    if found.noise:
        yield Fact(FactKind.NOISE)
