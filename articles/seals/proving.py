"""Proving: the file by which a reader shows, without the site, that a version stood in the sealed log."""

from __future__ import annotations

from articles.proofs.notes import VerifierKey
from articles.proofs.proof import Proof
from articles.proofs.tree import inclusion_path
from articles.revisions.revisions import Revision

from .entries import SealedCheckpoint, SealLog, keys_of
from .kinds import REVISION
from .tiles import stored_nodes


class NotSealed(Exception):
    """No checkpoint that is asked for covers the version yet."""


def proof_of(revision: Revision, *, size: int | None = None) -> Proof:
    """Return the proof of a revision that is loaded with its text, under the newest checkpoint or that of a size.

    Raises `NotSealed` if there is no such checkpoint or it does not cover the revision, and what reading the source
    raises. Nothing of the revision may be hidden: the proof holds all that the checksum covers. Takes at most three
    queries, and two more for each 256-fold of the log.
    """
    source = revision.source  # verified as it is read
    index = keys_of(REVISION.number, [revision.pk]).get(revision.pk)
    log = SealLog.stored()
    rows = SealedCheckpoint.objects.order_by("-pk")
    checkpoint = (rows if size is None else rows.filter(size=size)).first()
    if index is None or log is None or checkpoint is None or index >= checkpoint.size:
        raise NotSealed
    previous = revision.based_on.sha256 if revision.based_on else ""
    return Proof(
        version=revision.covered(previous, source),
        sha256=revision.sha256,
        index=index,
        key=revision.pk,
        salt=log.salt(REVISION.number, revision.pk).hex(),
        path=tuple(inclusion_path(index, checkpoint.size, stored_nodes())),
        checkpoint=checkpoint.note,
        verifier_key=VerifierKey.parse(checkpoint.key),
    )
