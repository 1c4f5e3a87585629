"""The addresses of the site's own images, and all that a page derives from one.

An address is `/media/images/TOKEN-WIDTHxHEIGHT.EXTENSION`; a moving image has `-moving` before the dot, a smaller
copy its width. So a page reserves the space and offers the copies from the text alone, and the same text gives the
same page, whatever is stored. Widths and heights are pixels.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

PREFIX = "/media/images/"
WIDTHS = (320, 640, 960, 1440)  # of the copies; an image is never made wider than it is
SIZES = "(min-width: 48rem) 44rem, 100vw"  # how wide a page shows an image: the column of `site.css`


class Format(StrEnum):
    """What an image may be stored as: the name that Pillow knows, and the extension."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    GIF = "gif"
    AVIF = "avif"

    @property
    def content_type(self) -> str:
        return f"image/{self.name.lower()}"


_TOKEN = "[0-9a-f]{24}"  # noqa: S105, a name that cannot be guessed and protects nothing
_NUMBER = "[1-9][0-9]{0,4}"
FILE = rf"{_TOKEN}-{_NUMBER}x{_NUMBER}(?:-moving)?(?:-{_NUMBER})?\.(?:{'|'.join(Format)})"
_ORIGINAL = re.compile(rf"{PREFIX}({_TOKEN})-({_NUMBER})x({_NUMBER})(-moving)?\.({'|'.join(Format)})")
_USED = re.compile(
    rf"-(?=[1-9])(?<=({_TOKEN})-)(?<![0-9a-f]{{25}}-)"
)  # the hyphen first: hexadecimal digits abound
_CANDIDATE = rf"{PREFIX}{FILE} {_NUMBER}w"
SRCSET = re.compile(rf"{_CANDIDATE}(?:, {_CANDIDATE}){{0,{len(WIDTHS)}}}")
_MARKUP = re.compile(r"[\\`*_\[\]<&~|^]")  # what means something to Markdown inside an image's text


@dataclass(frozen=True, slots=True)
class ImageName:
    """What the name of a stored image tells."""

    token: str
    width: int
    height: int
    format: Format
    moving: bool = False

    @classmethod
    def of(cls, address: str) -> Self | None:
        """The name in the address of an image of this site; None for any other, and for a copy.

        >>> ImageName.of("/media/images/0123456789abcdef01234567-800x600.webp").copies
        (320, 640)
        """
        if not (match := _ORIGINAL.fullmatch(address)):
            return None
        token, width, height, moving, extension = match.groups()
        return cls(token, int(width), int(height), Format(extension), moving is not None)

    @property
    def copies(self) -> tuple[int, ...]:
        """The widths of the smaller copies. A moving image has one that stands still, for lists."""
        return tuple(width for width in WIDTHS[: 1 if self.moving else None] if width < self.width)

    def file(self, copy: int | None = None) -> str:
        moving, smaller = "-moving" if self.moving else "", f"-{copy}" if copy else ""
        return f"{self.token}-{self.width}x{self.height}{moving}{smaller}.{self.format}"

    @property
    def files(self) -> Iterator[str]:
        yield self.file()
        yield from map(self.file, self.copies)

    @property
    def address(self) -> str:
        return PREFIX + self.file()

    @property
    def thumbnail(self) -> str:
        """The address of the smallest copy, or of the image where it is as small."""
        return PREFIX + self.file(self.copies[0] if self.copies else None)

    @property
    def srcset(self) -> str:
        """Empty where there is nothing to choose from."""
        if self.moving or not self.copies:
            return ""
        smaller = [f"{PREFIX}{self.file(width)} {width}w" for width in self.copies]
        return ", ".join([*smaller, f"{self.address} {self.width}w"])

    def markdown(self, alt: str) -> str:
        """What an author writes to show it; the text comes out as it is given, whatever signs it holds."""
        escaped = _MARKUP.sub(r"\\\g<0>", alt)
        return f"![{escaped}]({self.address})"


def completed(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes of an `img` with those that follow from its address. What the author chose stands."""
    name = ImageName.of(attributes.get("src", ""))
    if name is None:
        return attributes
    derived = {"loading": "lazy"}
    if not {"width", "height"} & attributes.keys():
        derived |= {"width": str(name.width), "height": str(name.height)}
    if name.srcset:
        derived |= {"srcset": name.srcset, "sizes": SIZES}
    return derived | attributes


def tokens(text: str) -> set[str]:
    """The tokens of all images whose names stand in a text or page, as image, link or plain words."""
    return set(_USED.findall(text))
