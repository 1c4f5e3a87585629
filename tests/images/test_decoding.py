"""What an uploaded file becomes: its pixels, upright, and nothing else of it; or a refusal that says why."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

from articles.images import decoding
from articles.images.decoding import ImageRefused, written_anew
from articles.text.page.images import Format
from tests.pictures import drawn, file, moving, opened

TOKEN = "0123456789abcdef01234567"
FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "AVIF"]
BLUE, RED = (0, 0, 255), (255, 0, 0)


def written(data):
    return written_anew(data, token=TOKEN)


def colour(image, place):
    return image.convert("RGB").getpixel(place)


def near(one, other, tolerance=30):
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("format", FORMATS)
def test_image_keeps_format_and_size_and_looks_the_same(format):
    result = written(file(format, drawn((700, 500))))

    assert result.name.file() == f"{TOKEN}-700x500.{Format[format]}"
    image = opened(result.data)
    assert (image.format, image.size) == (format, (700, 500))
    assert near(colour(image, (10, 10)), BLUE)
    assert near(colour(image, (600, 400)), RED)


@pytest.mark.parametrize("format", FORMATS)
def test_copies_are_of_the_same_format_and_in_proportion(format):
    result = written(file(format, drawn((1000, 500))))

    assert list(result.copies) == [320, 640, 960]
    for width, data in result.copies.items():
        image = opened(data)
        assert (image.format, image.size) == (format, (width, width // 2))
        assert near(colour(image, (5, 5)), BLUE)
        assert near(colour(image, (width - 5, 5)), RED)


def test_wide_image_is_not_squeezed():
    assert opened(written(file("WEBP", drawn((3000, 20)))).data).size == (3000, 20)


def secrets_of(format):
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)  # GPS latitude
    exif.get_ifd(0x8825)[29] = "SECRET place"
    options = {"exif": exif} if format != "GIF" else {"comment": "SECRET comment"}
    if format in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b"<x:xmpmeta>SECRET xmp</x:xmpmeta>"
    if format == "JPEG":
        options["comment"] = "SECRET comment"
    if format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET text")
    if format != "GIF":
        options["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return file(format, **options) + b"SECRET behind the image <script>alert(1)</script>"


@pytest.mark.parametrize("format", FORMATS)
def test_metadata_and_what_stands_behind_the_image_are_gone(format):
    data = secrets_of(format)
    assert b"SECRET" in data

    result = written(data)

    for kept in [result.data, *result.copies.values()]:
        assert b"SECRET" not in kept
        assert b"script" not in kept
        image = opened(kept)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "Comment"} & image.info.keys()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_orientation_is_applied_and_not_only_noted(format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file(format, drawn((64, 48)), exif=exif)

    image = opened(written(data).data)

    assert image.size == ((48, 64) if orientation >= 5 else (64, 48))
    right, below = image.width - 3, image.height - 3
    corner = {1: (2, 2), 2: (right, 2), 3: (right, below), 4: (2, below)}
    corner |= {5: (2, 2), 6: (right, 2), 7: (right, below), 8: (2, below)}
    assert near(colour(image, corner[orientation]), BLUE, 60)


def test_cmyk_jpeg_is_shown_in_srgb():
    image = opened(written(file("JPEG", drawn(mode="CMYK"))).data)

    assert image.mode == "RGB"
    assert near(colour(image, (50, 40)), RED)


def test_colour_profile_is_applied():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"?", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"?", b"bXYZ", 1)
    profiles = {"sRGB": srgb, "red and blue swapped": swapped, "broken": b"no profile", "none": None}

    shown = {
        name: colour(opened(written(file("PNG", icc_profile=profile)).data), (50, 40))
        for name, profile in profiles.items()
    }

    assert near(shown.pop("red and blue swapped"), BLUE)
    assert all(near(found, RED) for found in shown.values())


def test_sixteen_bits_of_grey_become_eight():
    image = Image.new("I;16", (4, 1))
    for x, value in enumerate((0, 0x4000, 0x8000, 0xFFFF)):
        image.putpixel((x, 0), value)

    result = opened(written(file("PNG", image)).data)

    assert [result.getpixel((x, 0)) for x in range(4)] == [0, 0x40, 0x80, 0xFF]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_kind_of_png_is_kept_as_it_is(mode):
    result = written(file("PNG", drawn((700, 500), mode=mode)))

    image = opened(result.data)
    assert image.mode == mode
    assert colour(image, (600, 400)) == colour(drawn((700, 500), mode=mode), (600, 400))
    assert [opened(data).size for data in result.copies.values()] == [(320, 229), (640, 457)]


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP", "AVIF"])
def test_transparency_is_kept_in_image_and_copies(format):
    image = drawn((400, 300), mode="RGBA")
    image.paste((0, 0, 0, 0), (200, 150, 400, 300))
    if format == "PNG":
        image = image.quantize(16)  # a palette with a transparent entry

    result = written(file(format, image))

    for data in [result.data, *result.copies.values()]:
        kept = opened(data).convert("RGBA")
        assert kept.getpixel((kept.width - 9, kept.height - 9))[3] == 0
        assert kept.getpixel((kept.width // 2, 9))[3] > 250


def test_palette_stays_small():
    data = file("PNG", drawn((1000, 700)).quantize(8))

    result = written(data)

    assert all(opened(copy).mode == "P" for copy in result.copies.values())


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "AVIF"])
def test_moving_image_moves_on_and_has_a_still_copy(format):
    first, *rest = [drawn((400, 300), colour=c) for c in ("red", "green", "yellow")]
    options = {} if format == "AVIF" else {"loop": 2}
    data = file(format, first, save_all=True, append_images=rest, duration=[100, 200, 300], **options)

    result = written(data)

    assert result.name.file() == f"{TOKEN}-400x300-moving.{Format[format]}"
    before, after = Image.open(BytesIO(data)), opened(result.data)
    shown = []
    for old, new in zip(ImageSequence.Iterator(before), ImageSequence.Iterator(after), strict=True):
        old.load(), new.load()
        assert near(colour(old, (300, 200)), colour(new, (300, 200)))
        shown.append((new.info["duration"], new.info.get("loop")))
    assert [duration for duration, _ in shown] == [100, 200, 300]
    assert shown[0][1] == before.info.get("loop")
    assert list(result.copies) == [320]
    assert not getattr(opened(result.copies[320]), "is_animated", False)


def test_frames_with_holes_do_not_show_the_frames_before():
    frames = []
    for left in (0, 40):
        frame = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
        frame.paste((255, 0, 0, 255), (left, 0, left + 40, 40))
        frames.append(frame)
    data = file("GIF", frames[0], save_all=True, append_images=frames[1:], duration=100, disposal=2)

    image = opened(written(data).data)
    image.seek(1)

    second = image.convert("RGBA")
    assert second.getpixel((10, 10))[3] == 0
    assert second.getpixel((60, 10)) == (255, 0, 0, 255)


def test_several_pictures_in_a_jpeg_are_no_frames():
    data = file("MPO", drawn(), save_all=True, append_images=[drawn(colour="green")])
    assert Image.open(BytesIO(data)).n_frames == 2

    result = written(data)

    assert (result.name.format, result.name.moving) == (Format.JPEG, False)


def test_html_in_a_gif_does_not_survive():
    data = file("GIF", comment=b"*/=1;<script>alert(document.domain)</script>")
    data = data[:6] + b"/*" + data[8:]  # a width that opens a comment

    assert opened(data).width == int.from_bytes(b"/*", "little")

    result = written(data)

    assert not any(b"script" in kept for kept in [result.data, *result.copies.values()])


NO_IMAGES = {
    "empty": b"",
    "text": b"just words",
    "page": b"<!doctype html><script>alert(1)</script>",
    "vector": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "bitmap": file("BMP"),
    "tiff": file("TIFF"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + bytes(40),
}


@pytest.mark.parametrize("kind", NO_IMAGES)
def test_anything_but_the_five_formats_is_refused_by_content(kind):
    with pytest.raises(ImageRefused, match="no PNG, JPEG, WebP, GIF or AVIF"):
        written(NO_IMAGES[kind])


@pytest.mark.parametrize("format", FORMATS)
def test_file_cut_short_is_refused_wherever_it_is_cut(format):
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    data = file(format, noise)
    assert written(data)

    for part in (8, 4, 2):
        with pytest.raises(ImageRefused):
            written(data[: len(data) // part])


@pytest.mark.parametrize("format", FORMATS)
def test_any_damage_gives_an_image_or_a_refusal(format):
    data = file(format)
    for place in range(0, len(data), max(1, len(data) // 150)):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        try:
            result = written(bytes(damaged))
        except ImageRefused as refusal:
            assert str(refusal)  # noqa: PT017, either outcome is right
        else:
            assert opened(result.data).size == (result.name.width, result.name.height)


def png_that_claims(width, height, data=b""):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9_000, 5_000), (16_000, 16_000), (60_000, 60_000)])
def test_bomb_is_refused_before_it_is_decoded(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))

    with pytest.raises(ImageRefused, match="more than 25 million pixels"):
        written(png_that_claims(*size))


def test_bomb_of_one_colour_is_refused():
    data = zlib.compress(bytes(9_000 * 5_001))
    assert len(data) < 50_000

    with pytest.raises(ImageRefused, match="more than 25 million pixels"):
        written(png_that_claims(9_000, 5_000, data))


def test_side_that_no_format_holds_is_refused():
    with pytest.raises(ImageRefused, match="20000 × 10 pixels; a side may have at most 16383"):
        written(file("PNG", Image.new("1", (20_000, 10))))


def test_frames_count_as_pixels_of_one_image(monkeypatch):
    monkeypatch.setattr(decoding, "MAX_PIXELS", 64 * 48 * 4)

    assert written(moving("GIF", frames=4)).name.moving
    with pytest.raises(ImageRefused, match="those of all its frames counted"):
        written(moving("GIF", frames=5))


def test_too_many_frames_are_refused(monkeypatch):
    monkeypatch.setattr(decoding, "MAX_FRAMES", 3)

    assert written(moving("GIF", frames=3)).name.moving
    with pytest.raises(ImageRefused, match="more than 3 frames"):
        written(moving("GIF", frames=4))


def test_text_in_a_png_that_unpacks_to_much_is_refused():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)

    with pytest.raises(ImageRefused):
        written(file("PNG", pnginfo=info))


def test_same_file_gives_the_same_image():
    data = file("WEBP", drawn((700, 500)))

    assert written(data) == written(data)


def boxed(*brands):
    names = b"".join(brand.encode() for brand in brands)
    major, others = names[:4], names[4:]
    return struct.pack(">I", 16 + len(others)) + b"ftyp" + major + b"\0\0\0\0" + others + b"\0\0\0\x08mdat"


@pytest.mark.parametrize("brands", [["heic", "mif1"], ["mif1", "heic"], ["heix"], ["mif1"], ["msf1", "hevc"]])
def test_heic_photo_is_refused_with_what_to_do(brands):
    with pytest.raises(ImageRefused, match=r"HEIC photo.*JPEG.*Most Compatible"):
        written(boxed(*brands))


@pytest.mark.parametrize("brands", [["avif", "mif1", "miaf"], ["mif1", "avif"], ["isom", "mp42"]])
def test_what_is_no_heic_photo_is_not_called_one(brands):
    with pytest.raises(ImageRefused) as refusal:
        written(boxed(*brands))

    assert "HEIC" not in str(refusal.value)


def test_brands_behind_the_first_box_do_not_count():
    assert not decoding.is_heic(boxed("isom") + b"heicheic")
    assert decoding.is_heic(boxed("isom", "heic"))
