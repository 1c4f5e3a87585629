"""Signals: what an edit does to a text, apart from the findings in it, for the order of the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from articles.text.content.content import Content, Field
from articles.text.content.damage import LEAST_LOST, Damage, damage
from articles.text.content.host_twins import HostTwin, find_twins
from articles.text.content.noise import count_noise
from articles.text.content.personal import DataKind, PersonalData, personal_data
from articles.text.content.relinks import Relink, relinks
from articles.text.content.touched import touched_lines
from articles.text.content.unseen import HIDING, Unseen, without
from articles.text.diff import Change, compare

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
    unseen: Iterable[Unseen] = (),
) -> Signals:
    """Return what the edit from `before` to `after` does, given the changes of the sources.

    `new_hosts` are linked from `after` and no page of the site; `known_hosts` are those that the article or the site
    links to. A mail address at a known host is no personal one. What the edit hid in comments and the like, as `unseen`
    says, counts as removed. Linear in the texts.
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
        damage=_damage(old, after.source, source_changes, unseen),
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


def _damage(old: str, new: str, changes: Sequence[Change], unseen: Iterable[Unseen]) -> Damage:
    """Return the damage to what readers see: a text in a comment is gone for them."""
    spans = [(item.start, item.end) for item in unseen if item.kind in HIDING]
    if old and sum(end - start for start, end in spans) >= LEAST_LOST:
        new = without(new, spans)
        changes = compare(old, new).changes
    return damage(old, new, changes)
