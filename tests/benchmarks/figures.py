"""One shape for what the benchmarks measure: rounds of a figure and of what it is compared with, in the same run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """A measurement. `rounds` and `baseline` are in `unit`, taken in turns where a slow minute could decide."""

    area: str
    what: str
    unit: str
    rounds: tuple[float, ...]
    against: str = ""
    baseline: tuple[float, ...] = ()
    target: str = ""  # what the ratio, or the figure where there is no baseline, should be

    @property
    def value(self) -> float:
        return median(self.rounds)

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' ratios, so that a slow minute of the machine, which meets both, weighs little."""
        pairs = zip(self.rounds, self.baseline, strict=False)
        return median(mine / theirs for mine, theirs in pairs) if self.baseline else None

    @property
    def spread(self) -> float:
        """Distance of the extreme rounds, as a share of the median."""
        return (max(self.rounds) - min(self.rounds)) / self.value if self.value else 0.0


def timed(act: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, ...]:
    """Milliseconds of each round, after one that does not count."""
    act()
    return tuple(milliseconds(act) for _ in range(rounds))


def side_by_side(
    act: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Milliseconds of two, in turns, so that a slower minute of the machine meets both."""
    act()
    other()
    pairs = [(milliseconds(act), milliseconds(other)) for _ in range(rounds)]
    return tuple(mine for mine, _ in pairs), tuple(theirs for _, theirs in pairs)


def milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


def show(figures: Iterable[Figure]) -> None:
    """Print the table; for a caller that gathers several tables (FIGURES=json) a line of JSON each."""
    lines = (
        table(figures) if os.environ.get("FIGURES") != "json" else (json.dumps(asdict(f)) for f in figures)
    )
    for line in lines:
        print(line, flush=True)


def table(figures: Iterable[Figure]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield "| Area | What | Figure | Spread | Against | Its figure | Ratio | Target |"
    yield "|---|---|---:|---:|---|---:|---:|---|"
    for f in figures:
        baseline = _written(median(f.baseline), f.unit) if f.baseline else ""
        ratio = f"{f.ratio:.2f}" if f.ratio is not None else ""
        yield (
            f"| {f.area} | {f.what} | {_written(f.value, f.unit)} | {f.spread:.0%} | {f.against} | {baseline} "
            f"| {ratio} | {f.target} |"
        )


def _written(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
