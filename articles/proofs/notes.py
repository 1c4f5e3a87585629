"""Signed notes and checkpoints in the forms of C2SP (`signed-note`, `tlog-checkpoint`), with Ed25519 only.

A note is text that ends in a line end, an empty line, and one line a signature. A checkpoint is the text that names a
log (its origin), the number of its entries and the root of its tree.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from articles.proofs.tree import HASH_SIZE

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
MAX_ENTRIES = 1 << 63
SEED_SIZE = 32  # bytes

_ED25519 = b"\x01"  # the type of a signature, as the specification numbers them
_ID_SIZE = 4  # bytes
_DASH = "\N{EM DASH}"
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_VERIFIER_KEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class NoteError(ValueError):
    """A note, key or checkpoint that is malformed or not signed as asked; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key with its name; as text, both with the key's id between, joined by "+"."""

    name: str
    public: bytes  # 32 bytes

    def __post_init__(self) -> None:
        _check_name(self.name)

    @property
    def id(self) -> bytes:
        """The four bytes that tell the keys of one name apart; they prove nothing."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a key from its text; raises `NoteError` if it is malformed, of another kind, or its id does not fit."""
        match = _VERIFIER_KEY.fullmatch(text)
        if not match:
            raise NoteError("A key has the form name+id+key; copy it whole.")
        data = _from_base64(match[3], what="The key")
        if data[:1] != _ED25519 or len(data) != 1 + 32:
            raise NoteError("The key is no Ed25519 key.")
        key = cls(name=match[1], public=data[1:])
        if key.id.hex() != match[2]:
            raise NoteError("The key's id does not fit its name and bytes; copy the key whole.")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Return whether the signature is this key's over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half: a seed of 32 bytes, and the name under which it signs. Never shown, never logged."""

    verifier: VerifierKey
    _private: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, name: str, seed: str) -> SigningKey:
        """Make a key from a seed in base64; raises `NoteError`, which never holds the seed, if it is not 32 bytes."""
        data = _from_base64(seed, what="The seed of the key")
        if len(data) != SEED_SIZE:
            raise NoteError(f"The seed of the key has {len(data)} bytes; it takes {SEED_SIZE}, in base64.")
        private = Ed25519PrivateKey.from_private_bytes(data)
        return cls(VerifierKey(name, private.public_key().public_bytes_raw()), private)

    def __repr__(self) -> str:
        return f"SigningKey({self.verifier.name!r})"

    def sign(self, text: str) -> str:
        """Return the note of a text: the text, an empty line, and this key's signature. Raises `NoteError`."""
        _check_text(text)
        signature = self.verifier.id + self._private.sign(text.encode())
        return f"{text}\n{_DASH} {self.verifier.name} {_base64(signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note whose signatures by known keys were verified: its text, and the names of those keys in order."""

    text: str
    signers: tuple[str, ...]


def open_note(note: str, keys: Iterable[VerifierKey]) -> Note:
    """Verify a note: every signature by one of the keys has to be right, and there has to be one.

    Signatures by other keys are ignored. Raises `NoteError`. Takes at most 1 MB and 100 signatures.
    """
    text, signatures = _parse(note)
    known = {(key.name, key.id): key for key in keys}
    signers = []
    for name, id_, signature in signatures:
        key = known.get((name, id_))
        if key is None:
            continue
        if not key.verifies(text, signature):
            raise NoteError(
                f"The signature by {name} is wrong: the note was altered, or another key signed it."
            )
        signers.append(name)
    if not signers:
        names = ", ".join(dict.fromkeys(name for name, _id, _signature in signatures))
        raise NoteError(f"No known key signed this note. It is signed by: {names}.")
    return Note(text, tuple(signers))


def text_of(note: str) -> str:
    """Return the text of a note WITHOUT verifying a signature: for a first look, before the right key is known."""
    return _parse(note)[0]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, the number of its entries, and the root of its tree (32 bytes)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()  # further lines, which say nothing here

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or _CONTROLS.search(self.origin):
            raise NoteError("The origin of a log is one line, and not empty.")
        if not 0 <= self.size < MAX_ENTRIES:
            raise NoteError(f"A log cannot have {self.size} entries.")
        if len(self.root) != HASH_SIZE:
            raise NoteError(f"The root of a log has {HASH_SIZE} bytes, not {len(self.root)}.")
        if any(not line or "\n" in line for line in self.extensions):
            raise NoteError("A further line of a checkpoint is empty.")

    def __str__(self) -> str:
        """The text of the note, with its last line end."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, _base64(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note; raises `NoteError` if it is no checkpoint."""
        if not text.endswith("\n"):
            raise NoteError("A checkpoint ends with a line end.")
        lines = text[:-1].split("\n")
        if len(lines) < 3:
            raise NoteError("A checkpoint has three lines: the origin, the number of entries, and the root.")
        origin, size, root, *extensions = lines
        if not _NUMBER.fullmatch(size):
            raise NoteError("The second line of a checkpoint is the number of entries.")
        return cls(origin, int(size), _from_base64(root, what="The root of the log"), tuple(extensions))

    def signed(self, key: SigningKey) -> str:
        """Return the checkpoint as a note signed by the key, whose name has to be the origin. Raises `NoteError`."""
        if key.verifier.name != self.origin:
            raise NoteError("A checkpoint is signed under the name of its log.")
        return key.sign(str(self))


def open_checkpoint(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Verify a note as `open_note` does and return its checkpoint; a key with the origin's name has to have signed."""
    opened = open_note(note, keys)
    checkpoint = Checkpoint.parse(opened.text)
    if checkpoint.origin not in opened.signers:
        raise NoteError(f"The log {checkpoint.origin} did not sign this checkpoint; known signers did.")
    return checkpoint


def _parse(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Split a note into its text and its signatures: name, key id, signature."""
    if len(_encoded(note)) > MAX_NOTE_BYTES:
        raise NoteError(f"The note is longer than {MAX_NOTE_BYTES} bytes.")
    text, separator, rest = note.rpartition("\n\n")
    if not separator or not rest.endswith("\n"):
        raise NoteError("A note is text, an empty line, and signatures, each on a line of its own.")
    text += "\n"
    _check_text(text)
    if rest.count("\n") > MAX_SIGNATURES:
        raise NoteError(f"The note has more than {MAX_SIGNATURES} signatures.")
    return text, [_signature(line) for line in rest[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:
        raise NoteError("A signature has the form: dash, name, signature.")
    _check_name(parts[1])
    data = _from_base64(parts[2], what="A signature")
    if len(data) <= _ID_SIZE:
        raise NoteError("A signature is cut off.")
    return parts[1], data[:_ID_SIZE], data[_ID_SIZE:]


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROLS.search(text):
        raise NoteError("The text of a note ends with a line end and holds no other control character.")
    _encoded(text)


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() for character in name) or _CONTROLS.search(name):
        raise NoteError('The name of a key is not empty and holds no space and no "+".')
    _encoded(name)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NoteError("A note is UTF-8; this one holds a lone surrogate.") from None


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _from_base64(text: str, *, what: str) -> bytes:
    """Decode base64 in its one canonical form, so that no byte of a note can change unnoticed."""
    try:
        data = b64decode(text)
    except ValueError:
        data = b""
    if _base64(data) != text:
        raise NoteError(f"{what} is not base64 in its canonical form.")
    return data
