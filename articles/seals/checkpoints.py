"""Checkpoints: the number of entries and the root of their tree, signed by the key of the site."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles.proofs import tree
from articles.proofs.notes import Checkpoint, NoteError, SigningKey, text_of

from .entries import SealedCheckpoint, SealLog
from .errors import NotConsistent, SealError
from .tiles import stored_nodes

NO_KEY = "SEAL_KEY is not set, so nothing can be signed. It is 32 random bytes in base64; `manage.py setup` makes them."


def origin() -> str:
    """Return the name of the log: the address of the site without its scheme."""
    address = urlsplit(settings.SITE_URL)
    return f"{address.netloc}{address.path}"


def signing_key() -> SigningKey:
    """Return the key that signs checkpoints. Raises `SealError` if it is not set, or no key."""
    if not settings.SEAL_KEY:
        raise SealError(NO_KEY)
    try:
        return SigningKey.from_seed(origin(), settings.SEAL_KEY)
    except NoteError as error:
        raise SealError(f"SEAL_KEY cannot be used. {error}") from None


def checkpoint_of(row: SealedCheckpoint) -> Checkpoint:
    """Return the checkpoint of a stored row, whose signature is not looked at. Raises `NotConsistent` if it is none."""
    try:
        return Checkpoint.parse(text_of(row.note))
    except NoteError as error:
        raise NotConsistent(
            f"The stored checkpoint {row.pk} was altered. {error} Nothing was signed."
        ) from None


@transaction.atomic
def sign_checkpoint(key: SigningKey, *, kept: Iterable[Checkpoint] = ()) -> SealedCheckpoint:
    """Return the checkpoint over all entries: the newest stored one if nothing was added since, else a new one.

    Locks the log, so that the newest checkpoint is also the largest, whoever else seals.
    Raises `NotConsistent` if the log does not begin with what a kept checkpoint, or the newest stored one, sealed, and
    `SealError` if there is nothing to seal.
    """
    log = SealLog.locked()
    if not log.size:
        raise SealError("There is nothing to seal: this database holds no version.")
    node = stored_nodes()
    newest = SealedCheckpoint.newest()
    for checkpoint in [*kept, *([checkpoint_of(newest)] if newest else [])]:
        require_consistent(checkpoint, size=log.size, node=node)
    note = Checkpoint(key.verifier.name, log.size, tree.root_at(log.size, node)).signed(key)
    if newest and newest.note == note:  # Ed25519 signs equal texts equally
        return newest
    return SealedCheckpoint.objects.create(
        size=log.size, note=note, key=str(key.verifier), made_at=timezone.now()
    )


def require_consistent(checkpoint: Checkpoint, *, size: int, node: tree.Node) -> None:
    """Raise `NotConsistent` unless the log of `size` entries begins with those that a checkpoint sealed."""
    if checkpoint.size > size:
        raise NotConsistent(
            f"A checkpoint of {checkpoint.size:,} entries is kept, but the log has only {size:,}. Entries are lost,"
            " or this is an older backup. Nothing was signed."
        )
    try:
        is_consistent = tree.root_at(checkpoint.size, node) == checkpoint.root
    except LookupError:
        is_consistent = False
    if not is_consistent:
        raise NotConsistent(
            f"The first {checkpoint.size:,} entries of the log are not those that a kept checkpoint sealed. Nothing was"
            " signed. `verify_history --against` says what was altered."
        )
