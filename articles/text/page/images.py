"""Names and addresses of the site's own images, and the attributes that a page derives from them.

An address is `/media/images/TOKEN-WIDTHxHEIGHT.EXTENSION`. A moving image has `-moving` before the dot, and a smaller
copy has its width there. So a page can reserve the space and offer the copies without reading what is stored, and equal
sources give equal HTML. Widths and heights are pixels.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

PREFIX = "/media/images/"
WIDTHS = (320, 640, 960, 1440)  # of the copies; no copy is wider than its image
SIZES = "(min-width: 48rem) 44rem, 100vw"  # the width of an image on a page: the column of `site.css`


class Format(StrEnum):
    """The formats of stored images: Pillow's name, and the extension."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    GIF = "gif"
    AVIF = "avif"

    @property
    def content_type(self) -> str:
        """The media type."""
        return f"image/{self.name.lower()}"


_TOKEN = "[0-9a-f]{24}"  # noqa: S105, a name that cannot be guessed and is no secret
_NUMBER = "[1-9][0-9]{0,4}"
FILE = rf"{_TOKEN}-{_NUMBER}x{_NUMBER}(?:-moving)?(?:-{_NUMBER})?\.(?:{'|'.join(Format)})"
_ORIGINAL = re.compile(rf"{PREFIX}({_TOKEN})-({_NUMBER})x({_NUMBER})(-moving)?\.({'|'.join(Format)})")
_USED = re.compile(
    rf"-(?=[1-9])(?<=({_TOKEN})-)(?<![0-9a-f]{{25}}-)"
)  # the hyphen first, which is rarer than hexadecimal digits
_CANDIDATE = rf"{PREFIX}{FILE} {_NUMBER}w"
SRCSET = re.compile(rf"{_CANDIDATE}(?:, {_CANDIDATE}){{0,{len(WIDTHS)}}}")
_MARKUP = re.compile(r"[\\`*_\[\]<&~|^]")  # signs with a meaning inside an image's text


@dataclass(frozen=True, slots=True)
class ImageName:
    """The name of a stored image, in its parts."""

    token: str
    width: int
    height: int
    format: Format
    moving: bool = False

    @classmethod
    def of(cls, address: str) -> Self | None:
        """Return the name in the address of an image of this site; None for any other address, and for a copy.

        >>> ImageName.of("/media/images/0123456789abcdef01234567-800x600.webp").copies
        (320, 640)
        """
        if not (match := _ORIGINAL.fullmatch(address)):
            return None
        token, width, height, moving, extension = match.groups()
        return cls(token, int(width), int(height), Format(extension), moving is not None)

    @classmethod
    def all_in(cls, text: str) -> tuple[Self, ...]:
        """Return the names of the images of this site whose addresses stand in a text, each once, in order."""
        found = dict.fromkeys(match[0] for match in _ORIGINAL.finditer(text))
        return tuple(name for address in found if (name := cls.of(address)))

    @property
    def copies(self) -> tuple[int, ...]:
        """The widths of the smaller copies. A moving image has only one, a still one for lists."""
        return tuple(width for width in WIDTHS[: 1 if self.moving else None] if width < self.width)

    def file(self, copy: int | None = None) -> str:
        """Return the name of the file, or of the copy with this width."""
        moving, smaller = "-moving" if self.moving else "", f"-{copy}" if copy else ""
        return f"{self.token}-{self.width}x{self.height}{moving}{smaller}.{self.format}"

    @property
    def files(self) -> Iterator[str]:
        """The names of the file and all its copies."""
        yield self.file()
        yield from map(self.file, self.copies)

    @property
    def address(self) -> str:
        """The path in the site's URLs."""
        return PREFIX + self.file()

    @property
    def thumbnail(self) -> str:
        """The address of the smallest copy, or of the image if it has no copy."""
        return PREFIX + self.file(self.copies[0] if self.copies else None)

    @property
    def srcset(self) -> str:
        """The value of `srcset`; empty if there is nothing to choose from."""
        if self.moving or not self.copies:
            return ""
        smaller = [f"{PREFIX}{self.file(width)} {width}w" for width in self.copies]
        return ", ".join([*smaller, f"{self.address} {self.width}w"])

    def markdown(self, alt: str) -> str:
        """Return the Markdown that shows the image; signs in its alternative text are escaped."""
        escaped = _MARKUP.sub(r"\\\g<0>", alt)
        return f"![{escaped}]({self.address})"


def complete_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes of an `img` with those derived from its address. Attributes of the author prevail."""
    name = ImageName.of(attributes.get("src", ""))
    if name is None:
        return attributes
    derived = {"loading": "lazy"}
    if not {"width", "height"} & attributes.keys():
        derived |= {"width": str(name.width), "height": str(name.height)}
    if name.srcset:
        derived |= {"srcset": name.srcset, "sizes": SIZES}
    return derived | attributes


def image_tokens(text: str) -> set[str]:
    """Return the tokens of all images that a source or page names in images, links or text."""
    return set(_USED.findall(text))
