"""C2PA manifests in plain text (C2PA 2.4, appendix A.8): U+FEFF, then one variation selector for each byte.

The bytes are "C2PATXT" and NUL, a version, the length of the manifest in four bytes, the manifest, and optional
padding. Only the form is checked here; signatures are not verified.
"""

import struct
from dataclasses import dataclass

from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode.payloads import as_text, selector_bytes

MAGIC = b"C2PATXT\0"
VERSION = 1
PREFIX = "\N{ZERO WIDTH NO-BREAK SPACE}"
_HEADER = struct.Struct("!8sBI")
_BOX, _LONG_BOX = struct.Struct("!I4s"), struct.Struct("!I4sQ")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest in a text: its bytes (if broken, those that may hold a text) and its fault (None if well-formed)."""

    data: bytes
    fault: Message | None

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.data)


def read_manifest(wrapper: str) -> Manifest | None:
    """Read a run of invisible characters as a manifest; None if its selectors do not contain the start of one.

    >>> read_manifest("x") is None
    True
    """
    before, magic, after = selector_bytes(wrapper).partition(MAGIC)
    if not magic:
        return None
    raw = magic + after
    data = raw[_HEADER.size :]
    if len(raw) < _HEADER.size:
        return Manifest(data, _("it ends within its header"))
    _magic, version, length = _HEADER.unpack_from(raw)
    if version != VERSION:
        return Manifest(data, _("it has version %(version)d, but only version 1 is known", version=version))
    if len(data) != length and not _is_padding(raw, length):
        return Manifest(data, _("it has %(size)d bytes instead of %(length)d", length=length, size=len(data)))
    if before or wrapper[0] != PREFIX or len(wrapper) != 1 + len(raw):
        return Manifest(data, _("it is not U+FEFF followed by variation selectors only"))
    content = _content(data[:length])
    if content is None:
        return Manifest(data, _("its content is not a JUMBF box"))
    if as_text(content) is not None:
        return Manifest(content, _("its box contains plain text"))
    return Manifest(data[:length], None)


def _is_padding(raw: bytes, length: int) -> bool:
    """Return whether the bytes after the manifest are the padding of the standard, which can carry nothing else.

    It makes the wrapper six bytes of UTF-8 longer than with four bytes for each selector. It consists of up to
    three zero bytes, then bytes 0xFF.
    """
    padding = raw[_HEADER.size + length :]
    zeros = len(padding) - len(padding.lstrip(b"\0"))
    size = sum(3 if value < 16 else 4 for value in raw)
    return zeros <= 3 and not padding[zeros:].strip(b"\xff") and size == 4 * (_HEADER.size + length) + 6


def _content(data: bytes) -> bytes | None:
    """Return the content of data that is exactly one JUMBF superbox (ISO/IEC 19566-5); None if it is not."""
    if len(data) < _BOX.size:
        return None
    size, kind = _BOX.unpack_from(data)
    head = _BOX.size
    if size == 1 and len(data) >= _LONG_BOX.size:
        size, head = _LONG_BOX.unpack_from(data)[2], _LONG_BOX.size
    # A size of 0 means that the box reaches to the end.
    return data[head:] if kind == b"jumb" and size in (0, len(data)) else None
