"""Pictures of the demo's articles: landscapes of a few shapes in the colours of the site, drawn when it is played."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw

Point = tuple[float, float]

WIDTH, HEIGHT = 1280, 720  # units of all lengths below
SCALE = 1.5  # pixels a unit while it is drawn; then the picture is halved, so that edges are smooth
PALETTES = {  # the sky above and at the horizon, the sun, and the land from far to near
    "day": ("#d9eee7", "#fbfbf7", "#f0c25e", "#a9cfc4", "#76ab9e", "#2f7d73", "#0b5f58", "#14352f"),
    "dusk": ("#e39d75", "#fbefcf", "#fbfbf7", "#c99f86", "#a8694a", "#8e4520", "#5b3a2c", "#3d2618"),
    "night": ("#14181d", "#2b2349", "#fbefcf", "#343b5a", "#2b3350", "#22303d", "#14352f", "#1d2228"),
}


def draw(name: str) -> bytes:
    """Return a PNG. The name is a motif, a palette and any word, as in `hills-dusk-1`; equal names, equal pictures."""
    motif, palette, _ = name.split("-", 2)
    colors = PALETTES[palette]
    chance = random.Random(name)  # noqa: S311 - repeatable on purpose, nothing secret
    image = _sky(colors[0], colors[1])
    canvas = ImageDraw.Draw(image)
    _sun(canvas, colors[2], chance)
    for depth, color in enumerate(colors[3:]):
        for shape in MOTIFS[motif](depth, chance):
            canvas.polygon([(x * SCALE, y * SCALE) for x, y in shape], fill=color)
    file = BytesIO()
    image.reduce(2).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _sky(top: str, horizon: str) -> Image.Image:
    """Return an image whose colour goes from one to the other, in steps as on a print."""
    size = round(WIDTH * SCALE), round(HEIGHT * SCALE)
    steps = Image.linear_gradient("L").resize((1, 24)).resize(size, Image.Resampling.NEAREST)
    return Image.composite(Image.new("RGB", size, horizon), Image.new("RGB", size, top), steps)


def _sun(canvas: ImageDraw.ImageDraw, color: str, chance: random.Random) -> None:
    x, y, radius = WIDTH * (0.2 + 0.6 * chance.random()), HEIGHT * (0.2 + 0.15 * chance.random()), 62
    canvas.ellipse([SCALE * side for side in (x - radius, y - radius, x + radius, y + radius)], fill=color)


def _ridge(depth: int, chance: random.Random, *, height: float, waves: float) -> list[Point]:
    """Return a line of hills, lower and rounder the nearer it is, closed along the bottom."""
    base, phases = HEIGHT * (0.46 + 0.11 * depth), [chance.random() * math.tau for _ in range(3)]
    line: list[Point] = []
    for x in range(0, WIDTH + 16, 16):
        turn = x / WIDTH * math.tau * waves
        lift = sum(math.sin(turn * n + phase) / n for n, phase in enumerate(phases, 1))
        line.append((x, base - lift * height))
    return [*line, (WIDTH, HEIGHT), (0, HEIGHT)]


def _hills(depth: int, chance: random.Random) -> Iterator[list[Point]]:
    yield _ridge(depth, chance, height=52 - 7 * depth, waves=1.1)
    if depth == 3:
        for _ in range(9):  # firs
            x, y, size = chance.random() * WIDTH, HEIGHT * (0.84 + 0.1 * chance.random()), 26
            yield [(x - size, y), (x, y - 4 * size), (x + size, y)]


def _sea(depth: int, chance: random.Random) -> Iterator[list[Point]]:
    if depth == 0:
        yield _ridge(0, chance, height=34, waves=0.7)  # the other shore
    elif depth < 4:
        yield _ridge(depth, chance, height=3 + 2 * depth, waves=7 - depth)
    else:  # a boat
        x, y = WIDTH * (0.25 + 0.5 * chance.random()), HEIGHT * 0.84
        yield [(x - 84, y), (x + 84, y), (x + 56, y + 36), (x - 60, y + 36)]
        yield [(x - 4, y - 10), (x - 4, y - 190), (x + 78, y - 10)]
        yield [(x - 14, y - 10), (x - 14, y - 150), (x - 66, y - 10)]


def _town(depth: int, chance: random.Random) -> Iterator[list[Point]]:
    if depth in (0, 4):
        yield _ridge(depth, chance, height=40 - 8 * depth, waves=0.9)
        return
    x = -60 * chance.random()
    while x < WIDTH:
        wide, top = 70 + 70 * chance.random(), HEIGHT * (0.44 + 0.13 * depth + 0.08 * chance.random())
        yield [(x, HEIGHT), (x, top), (x + wide / 2, top - wide * 0.42), (x + wide, top), (x + wide, HEIGHT)]
        x += wide + 20 * chance.random()


def _fields(depth: int, chance: random.Random) -> Iterator[list[Point]]:
    if depth < 2:
        yield _ridge(depth, chance, height=30, waves=0.8)
        return
    horizon, centre = HEIGHT * 0.64, WIDTH * 0.55
    for n in range(-14, 15):  # furrows that meet far away
        if n % 3 == depth - 2:
            near = [(centre + (n + side) * 190, HEIGHT) for side in (0, 1)]
            yield [*near, (centre + (n + 1) * 46, horizon), (centre + n * 46, horizon)]


MOTIFS = {"hills": _hills, "sea": _sea, "town": _town, "fields": _fields}
