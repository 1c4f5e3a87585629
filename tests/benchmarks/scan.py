"""Speed, recall and false alarms of `scan`: python tests/benchmarks/scan.py [HELP_DIRECTORY] [--seed N] [...].

Speed is the ratio to finding the words of the same text, in the same run. Clean prose in many languages is the help
pages of Debian's gnome-user-docs: from HELP_DIRECTORY, /usr/share/help or, when neither is there, from the package,
fetched by apt-get into a temporary folder. Each is read in its own language to count false alarms. Recall is measured
on sentences from these pages: every look-alike of a Latin, Cyrillic and Greek letter in the tables replaces that letter
once, in a word that --seed chooses. A seed that nobody looked at gives a blind figure; --missed prints what was missed.

--sample TEXT adds a text to the speeds. --peer SCRIPT --tables STRINGS_JS runs, with the sample and its .labels.json,
a script that measures the tables of editors and forges (npm's monaco-editor, esm/vs/base/common/strings.js).
"""

import argparse
import html
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from articles.text.checks import Scan, Severity, scan, scan_regions
from articles.text.markdown import Region, Where
from articles.text.unicode import tables
from articles.text.unicode.confusables import prototype, prototypes
from tests.benchmarks.figures import Figure, show, side_by_side

HELP = Path("/usr/share/help")
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


def speed(sample: Path | None) -> None:
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
    if sample:
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


def figures(sample: str) -> Iterator[Figure]:
    """Scanning beside finding the words of the same text, in turns."""
    cases = {
        "1 MB of ASCII prose": (prose("en", 1_000_000), "en", "at most 0.2"),
        "1 MB of Russian": (prose("ru", 1_000_000), "ru", "at most 3"),
        "1 MB of Chinese": (prose("zh", 1_000_000), "zh", "at most 3"),
        "1 MB of Arabic": (prose("ar", 1_000_000), "ar", "at most 3"),
        "the page": (sample, "en", "under 20 ms"),
    }
    for what, (text, language, target) in cases.items():
        mine, theirs = side_by_side(
            lambda text=text, language=language: scan(text, language=language),
            lambda text=text: WORD.findall(text),
        )
        yield Figure("scan", what, "ms", mine, "`re.findall` of its words", theirs, target)


def command() -> Iterator[Figure]:
    """`palimpsest scan` of an ASCII file beside the same command of Django's, as whole processes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.md"
        path.write_text(prose("en", 12_000))
        program = "import sys; from articles.text.cli import main; sys.exit(main())"
        mine, theirs = (
            lambda: subprocess.run([sys.executable, "-c", program, "scan", path], cwd=ROOT, check=True),
            lambda: subprocess.run([sys.executable, "manage.py", "scan", path], cwd=ROOT, check=True),
        )
        rounds, others = side_by_side(mine, theirs)
        what = "`palimpsest scan` of 12 kB of ASCII"
        yield Figure("scan", what, "ms", rounds, "`manage.py scan`", others, "at most 0.25")


def spoiled_prose(length: int) -> str:
    """English words from the list, an `a` or `o` in each fiftieth replaced."""
    chance = random.Random(2)
    words = sorted(tables.common_words("en"))
    swap = str.maketrans("ao", "\u0430\u043e")
    pieces = chance.choices(words, k=length // 6)
    text = " ".join(word.translate(swap) if at % 50 == 0 else word for at, word in enumerate(pieces))
    return text[:length]


# Languages in whose sentences the letters of a script are spoiled.
SPOILED = {
    "Latin": "en de fr es it pt nl sv da fi pl cs sk sl hu ro ca id tr lt lv",
    "Cyrillic": "ru uk bg sr",
    "Greek": "el",
}
AROUND = 40  # code points, at least, on either side of the spoiled word
PAGES = 80  # of each language
REAL_WORD = re.compile(r"[^\W\d_]{4,}")


def recall(folder: Path, seed: int, *, show_missed: bool) -> None:
    """The share of the tables' look-alikes found, one in a word of four letters or more of a sentence."""
    alike = defaultdict(set)
    for char in [*prototypes(), *map(chr, range(0x21, 0x7F))]:
        alike[prototype(char)].add(char)
    chance = random.Random(seed)
    texts: dict[str, list[str]] = defaultdict(list)
    for _, language, text in pages(folder):
        texts[language].append(text)
    print(f"{'spoiled words, seed ' + str(seed):38}{'found':>8}{'of':>8}{'share':>9}")
    for script, languages in SPOILED.items():
        present = {name: _by_letter(chance, texts[name]) for name in languages.split() if name in texts}
        found = total = 0
        small = ALPHABETS[{"Latin": "en", "Cyrillic": "ru", "Greek": "el"}[script]]
        for letter in small + small.upper():
            for char in sorted(alike[prototype(letter)] - {letter}):
                if tables.category(char)[0] not in "LMN" or (char.isascii() and char.isdecimal()):
                    continue  # a sign beside a word is no letter of it, and ASCII digits are in the open
                # Where a letter of the same script is in use it may be right.
                own = tables.script(char) == script
                having = [
                    name for name, words in present.items() if letter in words and not (own and char in words)
                ]
                if not having or (own and char.isascii()):
                    continue
                language = chance.choice(having)
                place, text = _spoiled(chance, *chance.choice(present[language][letter]), letter, char)
                spans = [
                    f
                    for f in scan(text, language=language, where=Where.SUMMARY).findings
                    if f.severity is not Severity.NOTICE
                ]
                total += 1
                if any(f.start <= place < f.end for f in spans):
                    found += 1
                elif show_missed:
                    print(f"  {language} U+{ord(char):04X} for {letter}: {text!r}")
        print(f"{script + ' (goal: 99 %)':38}{found:8,}{total:8,}{found / total:9.2%}")


def _by_letter(chance: random.Random, texts: list[str]) -> dict[str, list[tuple[str, re.Match[str]]]]:
    """Words of some of the texts, by the letters in them, each with its text."""
    found = defaultdict(list)
    for text in chance.sample(texts, min(len(texts), PAGES)):
        for match in REAL_WORD.finditer(text):
            for letter in set(match[0]):
                found[letter].append((text, match))
    return found


def _spoiled(
    chance: random.Random, text: str, word: re.Match[str], letter: str, char: str
) -> tuple[int, str]:
    """A stretch of the text in which a letter of a word is replaced, and the place."""
    place = chance.choice([at for at in range(*word.span()) if text[at] == letter])
    start, end = text.rfind(" ", 0, max(0, word.start() - AROUND)) + 1, text.find(" ", word.end() + AROUND)
    return place - start, text[start:place] + char + text[place + 1 : end]


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
        result = scan_regions(text, [Region(0, len(text), Where.PROSE)], language=language)
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


def table_flaggers(script: Path, tables_file: Path, folder: Path, sample: Path) -> None:
    """What the tables of editors and forges flag on such pages and find in the sample."""
    command = [sys.executable, script, tables_file, folder, sample, sample.with_suffix(".labels.json")]
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        row = json.loads(line)
        if "language" not in row:
            print(f"tables of editors: {row}")


def fetched(folder: str) -> Path:
    """The help pages, from Debian's package."""
    subprocess.run(["apt-get", "download", "-qq", "gnome-user-docs"], cwd=folder, check=True)
    (package,) = Path(folder).glob("*.deb")
    subprocess.run(["dpkg", "-x", package, folder], check=True)
    return Path(folder) / "usr" / "share" / "help"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("help_directory", nargs="?", type=Path, default=HELP, metavar="HELP_DIRECTORY")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--only", choices=["speed", "recall", "alarms"])
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--figures", metavar="TEXT", type=Path, help="a few figures with their spread")
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--tables", type=Path)
    options = parser.parse_args()
    if options.figures:
        show([*figures(options.figures.read_text(encoding="utf-8")), *command()])
        return
    if options.peer and not (options.tables and options.sample):
        parser.error("--peer needs --tables and --sample")
    if options.only in (None, "speed"):
        speed(options.sample)
    if options.only == "speed":
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.help_directory
        if not any(folder.glob("*/*/*.page")):
            folder = fetched(scratch)
        if options.only in (None, "recall"):
            recall(folder, options.seed, show_missed=options.missed)
        if options.only in (None, "alarms"):
            false_alarms(folder)
            if options.peer:
                table_flaggers(options.peer, options.tables, folder, options.sample)


if __name__ == "__main__":
    main()
