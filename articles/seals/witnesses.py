"""Where checkpoints are kept out of reach of the site's database: files, folders, and other hosts.

A folder keeps every checkpoint under the number of its entries, with its timestamp beside it, and the keys that signed
them. It may be a work tree of git, whose remote then is the witness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from articles.proofs.notes import Checkpoint, NoteError, SigningKey, VerifierKey, open_checkpoint, text_of

from .entries import SealedCheckpoint
from .errors import SealError
from .fetching import MAX_BYTES, fetch

KEYS = "keys"  # the file of a folder that lists the keys, one a line
_SUFFIX = ".checkpoint"


def kept_in(folder: Path) -> list[Checkpoint]:
    """Return the checkpoints that a folder keeps, without a look at their signatures. Raises `SealError`."""
    checkpoints = []
    for path, note in _notes(folder):
        try:
            checkpoints.append(Checkpoint.parse(text_of(note)))
        except NoteError as error:
            raise SealError(f"{path}: {error}") from None
    return checkpoints


def keep_in(folder: Path, row: SealedCheckpoint, key: SigningKey) -> Path:
    """Write a checkpoint into a folder, with its timestamp and the key, and return its path. Raises `OSError`.

    One of the same size stays as it is, as another key may have signed it, and its timestamp is of that note.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{row.size:012}{_SUFFIX}"
    note = row.note.encode()
    if not path.exists():
        _replace(path, note)
    if row.timestamp and path.read_bytes() == note:
        _replace(path.with_suffix(".tsr"), bytes(row.timestamp))
    keys = folder / KEYS
    known = keys.read_text(encoding="utf-8").splitlines() if keys.exists() else []
    if str(key.verifier) not in known:
        _replace(keys, "".join(f"{line}\n" for line in [*known, key.verifier]).encode())
    return path


def read_checkpoints(source: str, keys: Collection[VerifierKey]) -> list[Checkpoint]:
    """Return the checkpoints of a file, a folder or a site, smallest first, with their signatures verified.

    `source` is a path or a URL, whose host is asked for `/seal/checkpoint`. A folder brings its own keys. Raises
    `SealError`.
    """
    if source.startswith(("http://", "https://")):
        notes = [(source, _fetch(source))]
    elif (path := Path(source)).is_dir():
        keys = [*keys, *_keys_in(path)]
        notes = [(found.name, note) for found, note in _notes(path)]
    else:
        notes = [(source, _read(path))]
    if not notes:
        raise SealError(f"{source} keeps no checkpoint.")
    if not keys:
        raise SealError("No key is known to verify the checkpoint with. Name it with --key, or set SEAL_KEY.")
    found = []
    for name, note in notes:
        try:
            found.append(open_checkpoint(note, keys))
        except NoteError as error:
            raise SealError(f"{name}: {error}") from None
    return sorted(found, key=lambda checkpoint: checkpoint.size)


def read_key(text: str) -> VerifierKey:
    """Return a key from its text. Raises `SealError`."""
    try:
        return VerifierKey.parse(text.strip())
    except NoteError as error:
        raise SealError(str(error)) from None


def _keys_in(folder: Path) -> list[VerifierKey]:
    path = folder / KEYS
    return [read_key(line) for line in _read(path).splitlines()] if path.exists() else []


def _notes(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        yield path, _read(path)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _decoded(str(path), file.read(MAX_BYTES + 1))
    except OSError as error:
        raise SealError(f"{path} cannot be read: {error.strerror}.") from None


def _fetch(url: str) -> str:
    """Return the checkpoint that a site shows."""
    asked = url
    try:
        address = urlsplit(url)
        asked = f"{address.scheme}://{address.netloc}/seal/checkpoint"
        return _decoded(asked, fetch(asked))
    except (OSError, ValueError) as error:
        raise SealError(f"{asked} does not answer with a checkpoint: {error}") from None


def _decoded(name: str, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise SealError(f"{name} is no checkpoint: it is larger than {MAX_BYTES:,} bytes.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SealError(f"{name} is no checkpoint: it is not UTF-8.") from None


def _replace(path: Path, data: bytes) -> None:
    """Write a file in one step, so that nobody ever finds half of it."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(data)
    beside.replace(path)
