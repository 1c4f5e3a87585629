"""Speed, false alarms and recall of `scan`: python tests/benchmarks/scan.py [HELP_DIRECTORY [STRINGS_JS]].

Speed is the ratio to finding the words of the same text, in the same run. False alarms are counted on the help pages
of Debian's gnome-user-docs, each read in its own language, from HELP_DIRECTORY, /usr/share/help or, when neither is
there, from the package, fetched by apt-get into a temporary folder. Recall is measured on words that a generator
spoils: every look-alike of a Latin, Cyrillic and Greek letter in the tables, one a word. STRINGS_JS is the file of
npm's monaco-editor (esm/vs/base/common/strings.js) with the tables that editors and forges flag by.
"""

import html
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from articles.text import tables
from articles.text.checks import Scan, Severity, scan
from articles.text.confusables import prototype, prototypes
from articles.text.markup import Where

ROOT = Path(__file__).parents[2]
HELP = Path("/usr/share/help")
BESIDE = ROOT.parent / "shared"
WORD = re.compile(r"[^\W\d_]+")
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ru": "".join(map(chr, range(0x0430, 0x0450))),
    "el": "".join(map(chr, (*range(0x03B1, 0x03C2), *range(0x03C3, 0x03CA)))),
    "zh": "".join(map(chr, range(0x4E00, 0x5800))),
    "ar": "".join(map(chr, (*range(0x0627, 0x063B), *range(0x0641, 0x064B)))),
}


def prose(language: str, length: int) -> str:
    """Sentences of made-up words, common ones as much commoner as in real text."""
    chance = random.Random(1)
    longest = 3 if language == "zh" else 10
    words = ["".join(chance.choices(ALPHABETS[language], k=chance.randint(1, longest))) for _ in range(8_000)]
    between, stop = ("", "\N{IDEOGRAPHIC FULL STOP}") if language == "zh" else (" ", ". ")
    pieces, size = [], 0
    while size < length:
        sentence = between.join(words[int(8_000 * chance.random() ** 3)] for _ in range(12)) + stop
        pieces.append(sentence + "\n\n" * (chance.random() < 0.2))
        size += len(pieces[-1])
    return "".join(pieces)[:length]


def best(run: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def worst(result: Scan) -> int:
    """Findings at warning or above."""
    return result.counts[Severity.WARNING] + result.counts[Severity.ALERT]


def speed() -> None:
    print(f"{'text':38}{'scan':>12}{'words':>12}{'ratio':>8}{'goal':>6}{'found':>9}")
    rows: list[tuple[str, str, str, str]] = [
        ("1 MB clean ASCII prose", prose("en", 1_000_000), "en", "0.2"),
        ("1 MB clean Russian", prose("ru", 1_000_000), "ru", "3"),
        ("1 MB clean Chinese", prose("zh", 1_000_000), "zh", "3"),
        ("1 MB clean Arabic", prose("ar", 1_000_000), "ar", "3"),
        ("10 MB clean ASCII prose", prose("en", 10_000_000), "en", "0.2"),
        ("10 MB clean Russian", prose("ru", 10_000_000), "ru", "3"),
        ("1 MB Russian in an English article", prose("ru", 1_000_000), "en", ""),
        ("1 MB, each 50th word spoiled", spoiled_prose(1_000_000), "en", ""),
        ("10 MB, each 50th word spoiled", spoiled_prose(10_000_000), "en", ""),
        ("one ASCII word of 1 MB", "a" * 1_000_000, "en", ""),
        ("one mixed word of 1 MB", "p\u0430ypal" * 166_667, "en", ""),
        ("1 MB of one look-alike", "\u0430" * 1_000_000, "en", ""),
        ("1 MB of a look-alike and a space", "p\u0430y " * 250_000, "en", ""),
        ("1 MB of zero width spaces", "a\u200b" * 500_000, "en", ""),
    ]
    sample = BESIDE / "samples" / "spun-wiki-page.txt"
    if sample.is_file():
        rows.append(("the sample (goal: 20 ms)", sample.read_bytes().decode(), "en", ""))
    for name, text, language, goal in rows:
        scan("warm \u0430", language=language)
        start = time.perf_counter()
        result = scan(text, language=language)
        took = time.perf_counter() - start
        if took < 0.5:
            took = best(lambda text=text, language=language: scan(text, language=language), 5)
        words = best(lambda text=text: WORD.findall(text))
        print(
            f"{name:38}{took * 1000:9.1f} ms{words * 1000:9.1f} ms{took / words:8.2f}{goal:>6}{worst(result):9,}"
        )


def spoiled_prose(length: int) -> str:
    """English words from the list, an `a` or `o` in each fiftieth replaced."""
    chance = random.Random(2)
    words = sorted(tables.common_words("en"))
    swap = str.maketrans("ao", "\u0430\u043e")
    pieces = chance.choices(words, k=length // 6)
    text = " ".join(word.translate(swap) if at % 50 == 0 else word for at, word in enumerate(pieces))
    return text[:length]


def recall() -> None:
    """Each word is two syllables, the spoiled letter, two syllables more."""
    alike = defaultdict(set)
    for char in [*prototypes(), *map(chr, range(0x21, 0x7F))]:
        alike[prototype(char)].add(char)
    print(f"\n{'spoiled words':38}{'found':>8}{'of':>8}{'share':>9}   missed look-alikes")
    chance = random.Random(3)
    all_found = all_spoiled = 0
    for language in ("en", "ru", "el"):
        small = ALPHABETS[language]
        # Capitals of these alphabets are look-alikes of each other's letters, and so is the rest of ASCII.
        own = (
            {*small, *small.upper(), *map(chr, range(0x80))} if language == "en" else {*small, *small.upper()}
        )
        words = _real_words(language)
        found = total = 0
        missed: Counter[str] = Counter()
        for letter in small:
            with_letter = [word for word in words if letter in word[1:-1]] or words
            for char in sorted(alike[prototype(letter)] - own):
                if tables.category(char)[0] not in "LMN" or (char.isascii() and char.isdecimal()):
                    continue  # a sign beside a word is no letter of it, and ASCII digits are in the open
                word = chance.choice(with_letter)
                place = word.find(letter, 1, -1)
                place = place if place > 0 else 2
                text = f"{word[:place]}{char}{word[place + 1 :]}"
                spans = [
                    f for f in scan(text, language=language).findings if f.severity is not Severity.NOTICE
                ]
                total += 1
                if any(f.start <= place < f.end for f in spans):
                    found += 1
                else:
                    missed[char] += 1
        all_found += found
        all_spoiled += total
        shown = " ".join(f"U+{ord(char):04X}" for char in list(missed)[:12])
        print(f"{language:38}{found:8,}{total:8,}{found / total:9.2%}   {shown}")
    print(f"{'all (goal: 99 %)':38}{all_found:8,}{all_spoiled:8,}{all_found / all_spoiled:9.2%}")


def _real_words(language: str) -> list[str]:
    if language == "en":
        return sorted(word for word in tables.common_words("en") if len(word) > 4)
    chance = random.Random(4)
    return ["".join(chance.choices(ALPHABETS[language], k=chance.randint(5, 9))) for _ in range(3_000)]


def pages(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Help pages without markup: path, language, text."""
    for path in sorted(folder.glob("*/*/*.page")):
        source = re.sub(r"<!--.*?-->", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        source = re.sub(
            r"<(info|media|code|screen|input|output|cmd|sys|file)\b.*?</\1>", " ", source, flags=re.DOTALL
        )
        language = path.parts[-3].replace("sr@latin", "sr-Latn").replace("_", "-")
        yield path, "en" if language == "C" else language, html.unescape(re.sub(r"<[^>]+>", " ", source))


def false_alarms(folder: Path) -> None:
    number = flagged = characters = 0
    languages = set()
    took = 0.0
    for path, language, text in pages(folder):
        number += 1
        characters += len(text)
        languages.add(language)
        start = time.perf_counter()
        result = scan(text, language=language, where=Where.SUMMARY)
        took += time.perf_counter() - start
        if worst(result):
            flagged += 1
            for finding in result.findings:
                if finding.severity is not Severity.NOTICE:
                    print(f"  {language} {path.name}: {finding.message} [{finding.check}]")
    if number:
        print(
            f"clean help pages: {flagged} of {number:,} flagged ({1000 * flagged / number:.2f} in 1,000; goal: 1),"
            f" {len(languages)} languages, {characters:,} characters, {took:.1f} s"
        )


def table_flaggers(folder: Path, strings: Path | None) -> None:
    """What the tables of editors and forges flag on such pages, where that measurement lies beside the project."""
    script = BESIDE / "peers" / "table_flaggers.py"
    sample = BESIDE / "samples" / "spun-wiki-page.txt"
    if not (script.is_file() and strings and sample.is_file()):
        print(
            "tables of editors: not measured (no table_flaggers.py, or no monaco-editor under /usr/lib/node_modules)"
        )
        return
    command = [
        sys.executable,
        script,
        strings,
        folder,
        sample,
        sample.with_name("spun-wiki-page.labels.json"),
    ]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for line in lines:
        row = json.loads(line)
        if "language" not in row:
            print(f"tables of editors: {row}")


def main() -> None:
    speed()
    recall()
    print()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HELP
    if not any(folder.glob("*/*/*.page")):
        scratch = tempfile.TemporaryDirectory()
        subprocess.run(["apt-get", "download", "-qq", "gnome-user-docs"], cwd=scratch.name, check=True)
        (package,) = Path(scratch.name).glob("*.deb")
        subprocess.run(["dpkg", "-x", package, scratch.name], check=True)
        folder = Path(scratch.name) / "usr" / "share" / "help"
    false_alarms(folder)
    table_flaggers(folder, Path(sys.argv[2]) if len(sys.argv) > 2 else None)


if __name__ == "__main__":
    main()
