"""Decoding of uploaded images, and encoding of new files from their pixels alone.

The content of a file tells its format, never its name. Pillow reads five formats. Only what Pillow wrote is stored,
so nothing hidden in a file beside its pixels is kept. Only this module and the demo import Pillow.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from articles.text.page.images import Format, ImageName

MAX_PIXELS = 25_000_000  # of all frames together
MAX_SIDE = 16_383  # pixels; WebP knows no more
MAX_FRAMES = 1_000
MAX_BRANDS_BYTES = 512  # of the first box of a HEIC or AVIF file that are read
WISHED_SIDE = 2_560  # pixels; the editor scales still images down to it before it sends them

# Pillow only warns of an image that is larger than this, and refuses one that is twice as large.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_WRITTEN_AS: dict[Format, dict[str, Any]] = {
    Format.PNG: {},
    Format.JPEG: {"quality": 85, "optimize": True, "progressive": True},
    Format.WEBP: {"quality": 85},
    Format.GIF: {},
    Format.AVIF: {"quality": 75, "speed": 10},
}
_HEIC_BRANDS = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"])
_AVIF_BRANDS = frozenset([b"avif", b"avis"])
_SRGB = ImageCms.createProfile("sRGB")
_one_at_a_time = Lock()  # decoded images are large: a process holds one


class ImageRefused(ValueError):
    """The file cannot be stored as an image; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """An image as it is to be stored, without the metadata of its file; `copies` are its smaller ones by width."""

    name: ImageName
    data: bytes
    copies: dict[int, bytes]


def written_anew(data: bytes, *, token: str) -> Written:
    """Decode a file and write it again in its own format, upright, in sRGB, with its copies, under a name.

    Memory and time grow with the pixels, of which there are at most `MAX_PIXELS`. Raises `ImageRefused`.
    """
    if is_heic(data):
        raise ImageRefused(
            _(
                "This is a HEIC photo, which most browsers cannot show. Export it as JPEG. On an iPhone, choose"
                " Settings › Camera › Formats › Most Compatible for the next ones."  # noqa: RUF001
            )
        )
    with _one_at_a_time:
        try:
            return _written(Image.open(BytesIO(data), formats=[format.name for format in Format]), token)
        except ImageRefused:
            raise
        except UnidentifiedImageError:
            raise ImageRefused(
                _("This is no PNG, JPEG, WebP, GIF or AVIF image, whatever its name says.")
            ) from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_large() from None
        except Exception as error:  # what a damaged file makes Pillow raise depends on format and fault
            raise ImageRefused(_("The image is damaged or incomplete; save it again and retry.")) from error


def is_heic(data: bytes) -> bool:
    """Return whether a file says that it is a HEIC or HEIF image, and not an AVIF one of the same container.

    The container is ISO/IEC 14496-12: its first box, `ftyp`, names the brands.

    >>> is_heic(b"\\0\\0\\0\\x18ftypmif1\\0\\0\\0\\0mif1heic")
    True
    """
    if data[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(data[:4]), MAX_BRANDS_BYTES)
    brands = {data[start : start + 4] for start in range(8, end, 4)}
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def _too_large() -> ImageRefused:
    return ImageRefused(
        _(
            "The image has more than %(millions)d million pixels, those of all its frames counted. Make it smaller."
        )
        % {"millions": MAX_PIXELS // 1_000_000}
    )


def _written(image: Image.Image, token: str) -> Written:
    # several pictures in a JPEG file (MPO) are views of one, not frames
    format = Format.JPEG if image.format == "MPO" else Format[image.format or ""]
    if max(image.size) > MAX_SIDE:
        raise ImageRefused(
            _("The image is %(width)d × %(height)d pixels; a side may have at most %(limit)d.")  # noqa: RUF001
            % {"width": image.width, "height": image.height, "limit": MAX_SIDE}
        )
    moving = format is not Format.JPEG and getattr(image, "is_animated", False)
    loop = image.info.get("loop")
    frames = list(_frames(image)) if moving else [_Frame(_plain(image))]
    if image.info.get("default_image") and moving:
        del frames[0]  # shown only by what cannot play the rest
    first = frames[0].image
    name = ImageName(token, *first.size, format, moving=len(frames) > 1)
    return Written(
        name,
        _encoded(frames, format, loop=loop),
        {width: _encoded([_Frame(_narrowed(first, width, format))], format) for width in name.copies},
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    image: Image.Image
    milliseconds: int = 0


def _frames(image: Image.Image) -> Iterator[_Frame]:
    """Yield the frames one by one, so that too many are refused before all are decoded. Raises `ImageRefused`."""
    for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if number > MAX_FRAMES:
            raise ImageRefused(
                _("The image has more than %(limit)d frames. Make it shorter.") % {"limit": MAX_FRAMES}
            )
        if number * frame.width * frame.height > MAX_PIXELS:
            raise _too_large()
        frame.load()  # some formats tell the duration only then
        yield _Frame(_plain(frame), round(frame.info.get("duration", 0)))


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels upright, in sRGB, with eight bits a channel and without metadata."""
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    elif profile:
        upright = _in_srgb(upright, profile)
    if upright.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    return upright


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the image converted to sRGB; unchanged if the profile is broken or does not fit its mode."""
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    assert converted is not None
    return converted


def _narrowed(image: Image.Image, width: int, format: Format) -> Image.Image:
    has_palette = image.mode in ("1", "P")
    height = max(1, round(image.height * width / image.width))
    smooth = (image.convert("RGBA") if has_palette else image).resize(
        (width, height), Image.Resampling.LANCZOS, reducing_gap=3
    )
    if (
        has_palette and format is Format.PNG
    ):  # keeps drawings and screenshots small; a GIF gets its palette anyway
        return smooth.quantize(256, Image.Quantize.FASTOCTREE)
    return smooth


def _encoded(frames: list[_Frame], format: Format, *, loop: int | None = None) -> bytes:
    output = BytesIO()
    options = dict(_WRITTEN_AS[format])
    if len(frames) > 1:
        options |= {
            "save_all": True,
            "append_images": [frame.image for frame in frames[1:]],
            "duration": [frame.milliseconds for frame in frames],
        }
        if loop is not None:
            options["loop"] = loop
        if format is Format.GIF and any(frame.image.has_transparency_data for frame in frames):
            options["disposal"] = (
                2  # each frame is whole: what it leaves open shows nothing of the one before
            )
    frames[0].image.save(output, format.name, **options)
    return output.getvalue()
