"""Image files made by Pillow, for tests of what becomes of them."""

from io import BytesIO

from PIL import Image, ImageDraw


def drawn(size=(64, 48), mode="RGB", colour="red"):
    """One colour, with a blue corner at the top left to tell which way is up."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="blue")
    return image.convert(mode)


def file(format="PNG", image=None, **options):
    output = BytesIO()
    (image or drawn()).save(output, format, **options)
    return output.getvalue()


def moving(format, frames=3, **options):
    colours = ["red", "green", "yellow", "purple"]
    first, *rest = [drawn(colour=colours[n % 4]) for n in range(frames)]
    return file(format, first, save_all=True, append_images=rest, duration=120, **options)


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image
