"""Plots: positions of bars, lines and labels, which `templates/moderation/_plot.html` draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format

WIDTH, HEIGHT = 720, 240  # of the drawing, in its own units
LEFT, TOP, RIGHT, BOTTOM = 44, 14, 24, 32  # margins: numbers, nothing, half of the last date, dates
MOST_DATES = 8  # labels that fit


@dataclass(frozen=True, slots=True)
class Series:
    """A name and a value for each day; None on a day without one."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a point of a series, by its number from 1."""

    series: int
    x: float
    y: float
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot over days: `bars`, or `points` joined by `lines`, with labels on both axes."""

    name: str
    title: str
    description: str
    series: tuple[str, ...]
    bars: tuple[Mark, ...]
    points: tuple[Mark, ...]
    lines: tuple[tuple[int, str], ...]
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]

    viewbox = f"0 0 {WIDTH} {HEIGHT}"
    left, right = LEFT, WIDTH - RIGHT


def bars(name: str, title: str, description: str, days: Sequence[date], series: Sequence[Series]) -> Plot:
    """Return a plot with the series of each day side by side."""
    step, height = _scale(days, series)
    width = step * 0.8 / len(series)
    drawn = [
        Mark(
            number, round(LEFT + day * step + step * 0.1 + (number - 1) * width, 2), y, round(width, 2), tall
        )
        for number, each in enumerate(series, 1)
        for day, value in enumerate(each.values)
        if value and (y := height(value)) is not None and (tall := round(HEIGHT - BOTTOM - y, 2))
    ]
    return _plot(name, title, description, days, series, bars=tuple(drawn))


def opposed(
    name: str,
    title: str,
    description: str,
    days: Sequence[date],
    *,
    above: Sequence[Series],
    below: Series,
) -> Plot:
    """Return a plot with a series below zero, and others above it on the same scale, each within the one before.

    Its names are in this order, the one below last.
    """
    every = [*above, below]
    top = _top(every)
    step = (WIDTH - LEFT - RIGHT) / len(days)
    zero = TOP + (HEIGHT - TOP - BOTTOM) / 2
    unit = (zero - TOP) / top
    drawn = []
    for number, each in enumerate(every, 1):
        width = step * (0.8 if each is below else 0.8 - 0.3 * (number - 1) / len(above))
        for day, value in enumerate(each.values):
            if value:
                tall = round(value * unit, 2)
                x = round(LEFT + (day + 0.5) * step - width / 2, 2)
                drawn.append(
                    Mark(number, x, round(zero if each is below else zero - tall, 2), round(width, 2), tall)
                )
    plot = _plot(name, title, description, days, every, bars=tuple(drawn))
    rows = tuple(
        Label(f"{abs(value):g}", LEFT - 6, round(zero - value * unit, 2)) for value in (-top, 0, top)
    )
    return replace(plot, rows=rows)


def lines(name: str, title: str, description: str, days: Sequence[date], series: Sequence[Series]) -> Plot:
    """Return a plot with a point for each day, joined on consecutive days."""
    step, height = _scale(days, series)
    points, paths = [], []
    for number, each in enumerate(series, 1):
        path: list[str] = []
        for day, value in enumerate(each.values):
            if value is None:
                path = []
                continue
            x, y = round(LEFT + (day + 0.5) * step, 2), height(value)
            points.append(Mark(number, x, y))
            if not path:
                paths.append((number, path))
            path.append(f"{x},{y}")
    joined = tuple((number, " ".join(path)) for number, path in paths if len(path) > 1)
    return _plot(name, title, description, days, series, points=tuple(points), lines=joined)


def _plot(
    name: str,
    title: str,
    description: str,
    days: Sequence[date],
    series: Sequence[Series],
    *,
    bars: tuple[Mark, ...] = (),
    points: tuple[Mark, ...] = (),
    lines: tuple[tuple[int, str], ...] = (),
) -> Plot:
    step, height = _scale(days, series)
    top = _top(series)
    every = math.ceil(len(days) / MOST_DATES)
    return Plot(
        name=name,
        title=title,
        description=description,
        series=tuple(each.name for each in series),
        bars=bars,
        points=points,
        lines=lines,
        rows=tuple(Label(f"{value:g}", LEFT - 6, height(value)) for value in (0, top / 2, top)),
        columns=tuple(
            Label(date_format(day, "MONTH_DAY_FORMAT"), round(LEFT + (index + 0.5) * step, 2), HEIGHT - 10)
            for index, day in enumerate(days)
            if index % every == 0
        ),
    )


def _scale(days: Sequence[date], series: Sequence[Series]) -> tuple[float, Callable[[float], float]]:
    """Return the width of a day, and the function from a value to its vertical position."""
    top = _top(series)
    tall = HEIGHT - TOP - BOTTOM
    return (WIDTH - LEFT - RIGHT) / len(days), lambda value: round(TOP + tall * (1 - value / top), 2)


def _top(series: Sequence[Series]) -> float:
    """Return a round number that no value exceeds: 2, 4, 10, 20, 40, 100 and so on."""
    most = max((value for each in series for value in each.values if value is not None), default=0)
    size = 10 ** math.floor(math.log10(most)) if most > 1 else 1
    return next(size * factor for factor in (2, 4, 10) if size * factor >= most)
