"""Speed of `compare` beside difflib's on the same words, in the same run: python tests/benchmarks/diff.py."""

import difflib
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from articles.text.diff import compare


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
    chance = random.Random(1)
    return re.sub(r"\w+", lambda word: "edited" if chance.random() < share else word[0], text)


def best(run: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def by_difflib(old: str, new: str) -> object:
    a, b = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (old, new))
    return difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def main() -> None:
    page, long_page = prose(12_000, 2), prose(1_000_000, 3)
    middle = page.index(" ", 6_000)
    blocks, line = long_page.split("\n\n"), long_page.replace("\n", " ")
    rows = [
        ("12 kB, one word", page, page[:middle] + " more" + page[middle:], True),
        ("12 kB, a tenth of the words", page, edited(page, 0.1), True),
        ("12 kB, another text", page, prose(12_000, 4), True),
        ("1 MB, one word in a hundred", long_page, edited(long_page, 0.01), False),
        ("1 MB, a quarter moved", long_page, "\n\n".join(blocks[400:] + blocks[:400]), False),
        ("1 MB, another text", long_page, prose(1_000_000, 5), False),
        (
            "1 MB on one line, one word",
            line,
            f"{line[:500_000]} more{line[500_000:]}",
            False,
        ),
    ]
    print(f"{'text':32}{'compare':>12}{'difflib':>12}{'ratio':>8}")
    for name, old, new, with_difflib in rows:
        ours = best(lambda old=old, new=new: compare(old, new), 5)
        row = f"{name:32}{ours * 1000:9.2f} ms"
        if with_difflib:
            theirs = best(lambda old=old, new=new: by_difflib(old, new), 2)
            row += f"{theirs * 1000:9.1f} ms{theirs / ours:8.1f}"
        print(row)


if __name__ == "__main__":
    main()
