"""A reader's proof of a version: one file that shows, without the site, that the version stood in its sealed log.

From the content follows the checksum, which covers the version before as well. From the checksum and a salt follows an
entry of the log, from the entry and a path the root of the log's tree, and the root is what the site signed.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from articles.proofs.notes import Checkpoint, NoteError, VerifierKey, open_checkpoint
from articles.proofs.tree import leaf_hash, verify_inclusion
from articles.proofs.versions import COLUMNS, FORMAT, checksum, entry_of

PROOF = "palimpsest-proof/1"
MAX_BYTES = 64_000_000
_NAMES = ("proof", "version", "sha256", "entry", "checkpoint", "verifier_key")
_ENTRY_NAMES = ("index", "key", "salt", "path")


class ProofError(ValueError):
    """A file that proves nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the file holds. `version` has the values of `COLUMNS`, `checkpoint` is a signed note."""

    version: dict[str, Any]
    sha256: str
    index: int  # of the entry in the log
    key: int  # of the version's row
    salt: str
    path: tuple[bytes, ...]
    checkpoint: str
    verifier_key: VerifierKey

    def __bytes__(self) -> bytes:
        """The file. It has one form only, so no byte of it can change unnoticed."""
        entry = (self.index, self.key, self.salt, [b64encode(hash_).decode() for hash_ in self.path])
        values = (
            *(PROOF, {column: self.version[column] for column in COLUMNS}, self.sha256),
            *(dict(zip(_ENTRY_NAMES, entry, strict=True)), self.checkpoint, str(self.verifier_key)),
        )
        named = dict(zip(_NAMES, values, strict=True))
        return (json.dumps(named, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def parse(cls, data: bytes) -> Proof:
        """Read a file; raises `ProofError` unless it is, byte for byte, what a site writes."""
        if len(data) > MAX_BYTES:
            raise ProofError(f"The file is larger than {MAX_BYTES:,} bytes, so it is no proof.")
        try:
            proof = cls._from(json.loads(data.decode()))
            if bytes(proof) == data:
                return proof
        except NoteError as error:
            raise ProofError(str(error)) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            pass
        raise ProofError("The file is no whole proof. It was altered or cut off; download it again.")

    @classmethod
    def _from(cls, values: dict[str, Any]) -> Proof:
        entry = values["entry"]
        if not all(type(entry[name]) is int for name in ("index", "key")):
            raise ValueError(entry)
        return cls(
            version=dict(values["version"]),
            sha256=str(values["sha256"]),
            index=entry["index"],
            key=entry["key"],
            salt=str(entry["salt"]),
            path=tuple(b64decode(hash_) for hash_ in entry["path"]),
            checkpoint=str(values["checkpoint"]),
            verifier_key=VerifierKey.parse(values["verifier_key"]),
        )

    def verify(self, *, key: VerifierKey | None = None, against: str = "") -> Checkpoint:
        """Return the checkpoint under which the version is proven; raises `ProofError`, which says what is not.

        The site's `key` should come from elsewhere; without it, the proof's own one is taken. `against` is a
        checkpoint that somebody kept: it has to be of the same log, of the same size, and have the same root.
        """
        if self.version["format"] != FORMAT:
            raise ProofError("The version is of another release, which this program cannot verify.")
        if checksum(self.version) != self.sha256:
            raise ProofError("The version does not have its checksum: its text or another part was altered.")
        key = key or self.verifier_key
        if key != self.verifier_key:
            raise ProofError(f"The proof is signed with the key {self.verifier_key}, not with the one given.")
        checkpoint = _opened(self.checkpoint, key, what="The proof's checkpoint")
        entry = entry_of(self.version, sha256=self.sha256, key=self.key, salt=self.salt)
        if not verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.path, checkpoint.root):
            raise ProofError("The version is not in the log that the checkpoint sealed.")
        if against:
            _require_same(checkpoint, _opened(against, key, what="The kept checkpoint"))
        return checkpoint


def _opened(note: str, key: VerifierKey, *, what: str) -> Checkpoint:
    try:
        return open_checkpoint(note, [key])
    except NoteError as error:
        raise ProofError(f"{what} cannot be trusted. {error}") from None


def _require_same(checkpoint: Checkpoint, kept: Checkpoint) -> None:
    if checkpoint.size != kept.size:
        raise ProofError(
            f"The kept checkpoint covers {kept.size} entries, the proof's {checkpoint.size}. Download the proof that"
            f" belongs to the kept one: its address ends with ?size={kept.size}."
        )
    if checkpoint.root != kept.root:
        raise ProofError("The kept checkpoint sealed another history than the proof's.")
