"""Mojibake: UTF-8 that was read in another encoding. Patterns find the places, and ftfy decides what was meant."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

import regex

ENCODINGS = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1257", "iso8859-2", "mac-roman", "cp437", "koi8-r")
_CYRILLIC = frozenset({"cp1251", "koi8-r"})
WINDOW = 500  # code points on either side of a suspicious place, within its line, that ftfy gets at once
_CAPITALS = regex.compile(
    r"\p{Lu}+[\u00a0\u00a9\u00aa\u00ab\u00ae\u00b0\u00b7\u00ba\u00bb\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2039\u203a\u2122]+"
)
_RUN = re.compile(r"[^\x00-\x7f]+")


def _shown(encoding: str, values: range | bytes) -> str:
    """Return how bytes appear in an encoding, as the inside of a character class; undefined bytes as Latin-1."""
    return re.escape("".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in values))


@cache
def _suspicious() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a quick pattern, and an exact one that its matches have to match, too.

    One accented Latin letter, punctuation mark or emoji is enough. Of letters of other scripts there have to be two
    or three in a row, since their lead bytes appear as common letters.
    """
    leads, follows, exact = set(), set(), []
    for encoding in ENCODINGS:
        follow = f"[{_shown(encoding, range(0x80, 0xC0))}]"
        if encoding in _CYRILLIC:
            letters = _shown(encoding, b"\xd0\xd1")
            exact.append(f"(?:[{letters}]{follow}){{3}}")
        else:
            letters = _shown(encoding, range(0xC2, 0xF5))
            exact.append(f"(?:[{letters}]{follow}{{1,3}}){{2}}")
            exact.append(f"[{_shown(encoding, range(0xC2, 0xC6))}]{follow}")
        exact += [_shown(encoding, b"\xe2\x80") + follow, _shown(encoding, b"\xf0\x9f") + follow]
        leads.add(letters + _shown(encoding, b"\xe2\xf0"))
        follows.add(follow[1:-1])
    lead = f"[{''.join(leads)}]"
    return re.compile(f"{lead}[{''.join(follows)}]"), re.compile("|".join(exact))


def find_misread(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end of each misread run and what was meant, in order. Linear in the text."""
    quick, exact = _suspicious()
    end = 0
    for match in quick.finditer(text):
        place = match.start()
        if place < end or not exact.match(text, place):
            continue
        start = max(text.rfind("\n", 0, place) + 1, place - WINDOW, end)
        line_end = text.find("\n", place, place + WINDOW)
        end = line_end if line_end >= 0 else min(len(text), place + WINDOW)
        while end < len(text) and not text[end].isascii() and end < place + 2 * WINDOW:
            end += 1
        for first, last, meant in _readings(text[start:end]):
            yield start + first, start + last, meant


def _readings(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield the same for a part of a line."""
    import ftfy  # here, since loading it takes as long as scanning a small text

    _, plan = ftfy.fix_encoding_and_explain(line)

    def meaning(run_text: str) -> str:
        try:
            meant = ftfy.apply_plan(run_text, list(plan)) if plan else _from_koi8(run_text)
        except UnicodeError:
            meant = run_text
        # If the line was read in two encodings, the plan leaves this run as it is.
        return str(ftfy.fix_encoding(run_text) if plan and meant == run_text else meant)

    for run in _RUN.finditer(line):
        run_text, meant = run[0], meaning(run[0])
        around = line[run.start() - 1 : run.start()] + line[run.end() : run.end() + 1]
        if meant == run_text or not meant.isprintable() or _may_be_real(run_text, around):
            continue
        # Leave out characters at the end that stay as they are, unless the reading depends on them.
        pairs = zip(reversed(run_text), reversed(meant), strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if same and meaning(run_text[:-same]) == meant[:-same]:
            run_text, meant = run_text[:-same], meant[:-same]
        yield run.start(), run.start() + len(run_text), meant


def _may_be_real(run_text: str, around: str) -> bool:
    """Return whether a run is capitals and closing marks, such as `»`, with no lower-case letter beside it."""
    if not _CAPITALS.fullmatch(run_text) or any(map(str.islower, around)):
        return False
    # Before signs such as ©, this letter is the usual sign of misread UTF-8.
    return run_text[0] != "\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}" or around[:1].isupper()


def _from_koi8(run_text: str) -> str:
    """Return the meaning of UTF-8 read as KOI8-R, which ftfy does not know; short runs stay as they are."""
    return run_text.encode("koi8-r").decode() if len(run_text) > 5 else run_text
