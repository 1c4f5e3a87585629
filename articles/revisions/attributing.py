"""Attributing: each revision's share in the text of its article, kept as the revision is written."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from articles.text.diff import Change, Op

from .attributions import Attribution
from .revisions import Revision


def record_attribution(
    revision: Revision, before: Revision | None, *, source: str, changes: Sequence[Change]
) -> None:
    """Store what a revision did to the text of the one before it, given its source and the changes to it.

    Stores nothing if the one before has no attribution. Costs one query.
    """
    if before and not hasattr(before, "attribution"):
        return
    edits = [change for change in changes if change.op is not Op.EQUAL]
    Attribution(
        revision=revision,
        added=sum(change.new[1] - change.new[0] for change in edits),
        removed=sum(change.old[1] - change.old[0] for change in edits),
        digest=digest_of(source),
        data=b"",
    ).save()


def digest_of(source: str) -> int:
    """Return a hash of 32 bits of a source, signed as databases store it, and the same in every process."""
    return int.from_bytes(blake2b(source.encode(), digest_size=4).digest(), signed=True)
