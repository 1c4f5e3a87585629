"""Joining neighbouring changes, so that a list of them stays short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from articles.text.diff.changes import Change, Kind, Op


def join_changes(changes: Sequence[Change], most: int) -> Sequence[Change]:
    """Return at most about `most` changes, as they are if they are that few.

    Otherwise runs of neighbours that did not move become one change of wording. The result tiles both texts as the
    changes do, and an equal change still reads the same on both sides. Changes that moved stay. Linear.
    """
    if len(changes) <= most:
        return changes
    return tuple(_joined(changes, -(-len(changes) // most)))


def _joined(changes: Sequence[Change], length: int) -> Iterator[Change]:
    """Yield the changes, as many as `length` joined to one where their spans touch."""
    run: list[Change] = []
    for change in changes:
        if run and (
            len(run) == length
            or change.move is not None
            or run[0].move is not None
            or (run[-1].old[1], run[-1].new[1]) != (change.old[0], change.new[0])
        ):
            yield _whole(run)
            run = []
        run.append(change)
    yield _whole(run)


def _whole(run: Sequence[Change]) -> Change:
    """Return a run of changes as one."""
    if len(run) == 1:
        return run[0]
    old, new = (run[0].old[0], run[-1].old[1]), (run[0].new[0], run[-1].new[1])
    op = Op.INSERT if old[0] == old[1] else Op.DELETE if new[0] == new[1] else Op.REPLACE
    return Change(op, old, new, Kind.WORDING, None)
