"""Speed, memory and growth of `compare`, beside difflib on the same words and, where PHP has it, MediaWiki's wikidiff2.

python tests/benchmarks/diff.py --growth: seconds as the input doubles until 10 MB, the changes proved to rebuild it.
python tests/benchmarks/diff.py --figures TEXT: a few figures with their spread over several rounds.
python tests/benchmarks/diff.py [TEXT]: the page of the first rows, else generated prose. Medians of one run; a
ratio of 2 means that the other takes twice as long, one below 1 that it is faster.
"""

import difflib
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from articles.text.diff import Comparison, Op, compare
from tests.benchmarks.figures import ROUNDS, Figure, show

DIFFLIB_LENGTH = 100_000  # longer texts take difflib minutes
RUNS = 7
MEMORY_MB = 300  # what comparing two texts of 1 MB may take

WIKIDIFF2 = """
$runs = (int)$argv[2];
foreach ( json_decode( file_get_contents( $argv[1] ) ) as [ $old, $new ] ) {
    $times = [];
    for ( $run = 0; $run <= $runs; $run++ ) {
        $start = hrtime( true );
        wikidiff2_do_diff( $old, $new, 2 );
        $times[] = ( hrtime( true ) - $start ) / 1e9;
    }
    array_shift( $times );
    sort( $times );
    echo $times[intdiv( $runs, 2 )], "\\n";
}
"""


def prose(length: int, seed: int) -> str:
    chance = random.Random(seed)
    vocabulary = [
        "".join(chance.choices("abcdefghiklmnoprstu", k=chance.randint(2, 10))) for _ in range(8_000)
    ]
    text = ""
    while len(text) < length:
        words = [vocabulary[int(8_000 * chance.random() ** 3)] for _ in range(chance.randint(30, 120))]
        text += " ".join(words) + ".\n\n"
    return text


def edited(text: str, share: float) -> str:
    """That share of the words, spread evenly, replaced by words of their own."""
    parts = re.split(r"(\s+)", text)
    words = (len(parts) + 1) // 2
    count = int(words * share)
    for n in range(count):
        parts[2 * ((n * words + words // 2) // count)] = f"word{n}"
    return "".join(parts)


def rewritten(text: str) -> str:
    """Every word replaced by letters at random, the spaces and lines kept."""
    chance = random.Random(4)
    return re.sub(r"\S+", lambda word: "".join(chance.choices("abcdefghiklmnoprstu", k=len(word[0]))), text)


def pairs(page: str) -> dict[str, tuple[str, str]]:
    middle = page.index(" ", len(page) // 2)
    repeated = (page + "\n") * (1_000_000 // len(page) + 1)
    long_page = prose(1_000_000, 3)
    blocks, line = long_page.split("\n\n"), long_page.replace("\n", " ")
    return {
        "page, one word": (page, page[:middle] + " more" + page[middle:]),
        "page, a tenth of the words": (page, edited(page, 0.1)),
        "page, rewritten": (page, rewritten(page)),
        "1 MB, one word in a hundred": (long_page, edited(long_page, 0.01)),
        "1 MB of the page, the same": (repeated, edited(repeated, 0.01)),
        "1 MB, a quarter moved": (long_page, "\n\n".join(blocks[400:] + blocks[:400])),
        "1 MB, another text": (long_page, prose(1_000_000, 5)),
        "1 MB on one line, one word": (line, f"{line[:500_000]} more{line[500_000:]}"),
    }


def seconds(run: Callable[[], object], runs: int) -> float:
    """The median, after one run that warms up."""
    run()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def by_difflib(old: str, new: str) -> object:
    a, b = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (old, new))
    return difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def by_wikidiff2(cases: list[tuple[str, str]]) -> list[float] | None:
    """Seconds of its C++ alone, without the start of PHP; None where it is not installed."""
    php = shutil.which("php")
    if php is None or "wikidiff2" not in subprocess.check_output([php, "-m"], text=True).split():
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(cases, file)
        file.flush()
        command = [php, "-d", "memory_limit=-1", "-r", WIKIDIFF2, "--", file.name, str(RUNS)]
        return [float(line) for line in subprocess.check_output(command, text=True).split()]


def peak_mb(old: str, new: str) -> float:
    tracemalloc.start()
    compare(old, new)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def shuffled(text: str) -> str:
    """The paragraphs in another order, one word in a hundred changed."""
    blocks = edited(text, 0.01).split("\n\n")
    return "\n\n".join(random.Random(6).sample(blocks, len(blocks)))


GROWING = {
    "one word in a hundred": lambda text: edited(text, 0.01),
    "a tenth of the words": lambda text: edited(text, 0.1),
    "rewritten": rewritten,
    "shuffled, edited": shuffled,
    "without its line ends": lambda text: text.replace("\n", " "),
    "two words in any order": lambda text: " ".join(random.Random(7).choices("ab", k=len(text) // 2)),
}


def rebuilds(old: str, new: str, comparison: Comparison) -> bool:
    """Whether the spans tile both texts and what is called equal is."""
    for text, side in ((old, "old"), (new, "new")):
        position = 0
        for start, end in sorted(getattr(change, side) for change in comparison.changes):
            if start < end:
                if start != position:
                    return False
                position = end
        if position != len(text):
            return False
    return all(
        (change.op is Op.EQUAL) == (old[slice(*change.old)] == new[slice(*change.new)])
        for change in comparison.changes
    )


def growth() -> None:
    """Seconds as the input doubles until 10 MB, a star where the budget made the result coarser."""
    sizes = [10_000_000 >> k for k in range(7, -1, -1)]
    print(f"\n{'seconds at MB':30}" + "".join(f"{size / 1e6:9.2f}" for size in sizes))
    long = prose(sizes[-1], 8)
    for name, change in GROWING.items():
        row = f"{name:30}"
        for size in sizes:
            old = long[:size]
            new = change(old)
            start = time.perf_counter()
            comparison = compare(old, new)
            took = time.perf_counter() - start
            assert rebuilds(old, new, comparison), (name, size)
            row += f"{took:8.2f}{'*' if comparison.coarse else ' '}"
        print(row, flush=True)


TARGETS = {
    "page, one word": "under 2 ms",
    "page, a tenth of the words": "at most 2",
    "1 MB, one word in a hundred": "at most 2",
}


def figures(page: str) -> Iterator[Figure]:
    """The first rows with their spread, beside wikidiff2 or, without it, difflib."""
    cases = {name: texts for name, texts in pairs(page).items() if name in TARGETS}
    for name, (old, new) in cases.items():
        other, against = None, ""
        if by_wikidiff2([]) is not None:
            other, against = (lambda pair=(old, new): by_wikidiff2([pair])[0]), "wikidiff2"
        elif len(old) < DIFFLIB_LENGTH:
            other, against = (lambda old=old, new=new: seconds(lambda: by_difflib(old, new), 1)), "difflib"
        mine, theirs = [], []
        for _ in range(ROUNDS):
            mine.append(1000 * seconds(lambda old=old, new=new: compare(old, new), RUNS))
            theirs += [1000 * other()] if other else []
        yield Figure("diff", name, "ms", tuple(mine), against, tuple(theirs), TARGETS[name])
    old, new = cases["1 MB, one word in a hundred"]
    yield Figure("diff", "1 MB, memory at most", "MB", (peak_mb(old, new),), target="under 300")


def main() -> None:
    page = Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else prose(12_000, 2)
    cases = pairs(page)
    theirs = by_wikidiff2(list(cases.values()))
    print(f"{'':30}{'compare':>12}{'difflib':>13}{'ratio':>7}{'wikidiff2':>13}{'ratio':>7}{'peak':>9}")
    peaks = []
    for k, (name, (old, new)) in enumerate(cases.items()):
        ours = seconds(lambda old=old, new=new: compare(old, new), RUNS)
        row = f"{name:30}{ours * 1000:9.2f} ms"
        if len(old) < DIFFLIB_LENGTH:
            other = seconds(lambda old=old, new=new: by_difflib(old, new), 1)
            row += f"{other * 1000:10.1f} ms{other / ours:7.1f}"
        else:
            row += " " * 20
        row += f"{theirs[k] * 1000:10.2f} ms{theirs[k] / ours:7.2f}" if theirs else " " * 20
        peaks.append(peak_mb(old, new))
        print(f"{row}{peaks[-1]:6.0f} MB")
    print(f"highest peak {max(peaks):.0f} MB of {MEMORY_MB} MB" + ("" if theirs else "; no wikidiff2 here"))
    sys.exit(max(peaks) > MEMORY_MB)


if __name__ == "__main__":
    if sys.argv[1:] == ["--growth"]:
        growth()
    elif sys.argv[1:2] == ["--figures"]:
        show(figures(Path(sys.argv[2]).read_text(encoding="utf-8")))
    else:
        main()
