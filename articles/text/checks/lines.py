"""Lines of code in a field: what is a program, a command or plain text, and which parts are strings and comments."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from articles.text.checks.fields import Field
from articles.text.markdown import Where
from articles.text.unicode import tables
from articles.text.unicode.scripts import script_of_language

# Info strings of fenced blocks whose lines are commands, and of those that need not be code at all.
_SHELLS = frozenset("sh bash zsh fish shell console terminal cmd bat powershell ps1 shell-session".split())
_PLAIN = frozenset(
    "text txt plain plaintext output log tree csv md markdown rst tex latex html xml svg".split()
)
_FENCE = re.compile(
    r"^[ \t>]*+(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]+)*+(?:`{3,}+|~{3,}+)[ \t{.]*([\w+-]*)", re.MULTILINE
)
_LINE = re.compile(r"[^\n]+")
# Han, kana, Hangul and Bopomofo of the first plane, and marks without an ASCII twin, such as the enumeration comma.
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fdf\u3001\u3005-\u3011\u3021-\u302f\u3031-\u309f\u30a1-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc]"
)
# Languages of programs and proofs that use mathematical signs themselves, and the signs by which formulas are known.
_FORMAL = frozenset(
    "agda apl bqn coq idris isabelle jl julia lean lean4 math perl6 raku rocq tla tlaplus".split()
)
_FORMULA = regex.compile(
    r"(?V1)[[\p{Sm}\p{Greek}\p{Arrows}\u2070-\u209c\u00b2\u00b3\U0001d400-\U0001d7ff]"
    r"--[\x00-\x7f\u037e\u2044\u2212\u2215-\u2217\u2223\u2236\u223c\u27cb\u27cd\u29f5\u29f8\u29f9\ufb29\uff00-\uffef]]"
)
# Strings that end on their line, and comments of common languages.
_ASIDE = re.compile(
    r"""
      "(?:\\.|[^"\\])*+" | '(?:\\.|[^'\\])*+' | `[^`]*+`
    | (?: ^\s*+(?:\*(?!\w)|%|;) | /\* | <!-- | (?<!:)// | (?<!\S)--(?=\s) | (?<!\S)\#(?![a-z!]) ).*
    """,
    re.VERBOSE,
)
_CODE_SIGN = re.compile(r"[=;{}<>$\\|&_@]|\w\(|(?<!\S)[~.]{0,2}/\w")
_PROMPT = re.compile(r"\s*+(?:[$%#>\u276f]|PS [^>]*>)\s+(?=\S)")
_COMMAND = re.compile(r"\s*+[a-z][\w.+/-]*+\s")
_PLAIN_WORD = re.compile(r"(?<!\S)[a-z]+(?=[\s,.;:!?)]|$)")
FORMULAS = 2  # that make a block a proof or a text on mathematics
PROSE = 4  # common words that make a line prose


@dataclass(frozen=True)
class Line:
    """A line of code, or the whole of a code span, slug or tag. Places count from its start."""

    start: int  # in the text of the field
    text: str
    language: str
    info: str | None  # of the fenced block; empty without one, None in a code span
    is_source: bool  # of a file that is code as a whole
    formulas: int  # different signs of formulas in the block
    is_continued: bool  # from a line that ends with a backslash

    @property
    def is_program(self) -> bool:
        """Whether the line is certainly code: its file is, or its block names a programming language."""
        return self.is_source or bool(self.info and self.info not in _PLAIN)

    @property
    def is_formal(self) -> bool:
        """Whether the line is of a proof, or of a text on mathematics."""
        return self.formulas >= FORMULAS

    @cached_property
    def code(self) -> str:
        """The text with strings and comments replaced by spaces."""
        return _ASIDE.sub(lambda match: " " * len(match[0]), self.text)

    def is_aside(self, place: int) -> bool:
        """Return whether a place, which holds no space, is in a string or comment."""
        return self.code[place] == " "

    @cached_property
    def beyond_ascii(self) -> frozenset[str]:
        """The characters of the line that are not ASCII, each once."""
        return frozenset(char for char in self.text if not char.isascii())

    @cached_property
    def has_code(self) -> bool:
        """Whether the line has a sign that sentences hardly have."""
        return bool(_CODE_SIGN.search(self.code))

    @cached_property
    def has_east_asian_code(self) -> bool:
        """Whether there is East Asian text outside of strings and comments."""
        return bool(_EAST_ASIAN.search(self.code))

    @property
    def is_shell(self) -> bool:
        """Whether the block holds commands and their output."""
        return self.info in _SHELLS

    def is_command(self, end: int) -> bool:
        """Whether the line reads as a command: by its block, by a prompt, or by its first word and few common words.

        `end` is where the first option begins. A code span is hardly a sentence, so what follows does not count.
        """
        if self.is_shell or self.is_continued or _PROMPT.match(self.text):
            return True
        if not _COMMAND.match(self.text):
            return False
        before = self._count_common_words(0, end)
        return before < PROSE - 1 and (
            self.info is None or before + self._count_common_words(end, None) < PROSE
        )

    def _count_common_words(self, start: int, end: int | None) -> int:
        words = _PLAIN_WORD.findall(self.text[start:end].lower())
        lists = (tables.common_words("en"), tables.common_words(self.language))
        return sum(any(word in known for known in lists) for word in words)


def has_east_asian(field: Field) -> bool:
    """Return whether a field has East Asian text, whose punctuation is wide."""
    home = script_of_language(field.language)
    return home == "East Asian" or bool(_EAST_ASIAN.search(field.text))


def code_lines(field: Field, signs: re.Pattern[str]) -> Iterator[Line]:
    """Yield the lines of code, slugs and tags that match `signs`, in order. Linear in the text."""
    text = field.text
    fences: list[tuple[int, str]] | None = None
    for where in (Where.CODE, Where.SLUG, Where.TAG):
        for start, end in field.spans(where):
            if not signs.search(text, start, end):
                continue
            if fences is None:
                fences = [(match.start(), match[1].lower()) for match in _FENCE.finditer(text)]
            info = None if text[start - 1 : start] == "`" else _info(fences, start)
            is_open = not info or info in _PLAIN or info in _FORMAL
            formulas = len({*_FORMULA.findall(text, start, end)}) if is_open else 0
            for match in _LINE.finditer(text, start, end):
                if signs.search(match[0]):
                    yield Line(
                        match.start(),
                        match[0],
                        field.language_at(start),
                        info,
                        is_source=field.where is Where.CODE,
                        formulas=formulas + FORMULAS * (info in _FORMAL),
                        is_continued=text[match.start() - 2 : match.start()] == "\\\n",
                    )


_INDENTED = re.compile(r"[ >*+0-9.)-]*(?: {4}|\t)")
_INDENTED_LATER = re.compile(rf"\n{_INDENTED.pattern}")


def may_have_code(field: Field) -> bool:
    """Return whether a text has a mark of code, or is no prose. Single characters are found in no time."""
    text = field.text
    return (
        not field.is_markdown
        or "`" in text
        or ("~" in text and "~~~" in text)
        or bool(_INDENTED.match(text))
        or (("\t" in text or " " in text) and bool(_INDENTED_LATER.search(text)))
    )


def may_be_in_code(field: Field, places: Iterable[int]) -> bool:
    """Return whether one of some places, in order, may be in code. To parse a text takes much longer."""
    text = field.text
    has_fence = "```" in text or "~~~" in text
    end = -1  # of the last line that is no code
    for place in places:
        if place <= end:
            continue
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        end = end if end >= 0 else len(text)
        if has_fence or not field.is_markdown or "`" in text[start:end] or _INDENTED.match(text, start):
            return True
    return False


_PATH = re.compile(r"//[^\s<>\"]{1,2000}")
_REST = re.compile(r"[^\s<>()\[\]\"]*")


def paths(field: Field, signs: re.Pattern[str]) -> Iterator[Line]:
    """Yield what follows the host in each address of a text, if it matches `signs`."""
    text = field.text
    if field.where is not Where.PROSE or "/" not in text:
        return
    if not any(signs.search(match[0]) for match in _PATH.finditer(text)):
        return
    for _start, end in field.spans(Where.HOST):
        rest = _REST.match(text, end)
        if rest and signs.search(rest[0]) and field.where_at(end) is Where.ATTRIBUTE:
            yield Line(
                end,
                rest[0],
                field.language_at(end),
                None,
                is_source=False,
                formulas=0,
                is_continued=False,
            )


def _info(fences: list[tuple[int, str]], place: int) -> str:
    """Return the first word after the last fence before a place: a block's language, or nothing after its end."""
    index = bisect_right(fences, (place,)) - 1
    return fences[index][1] if index >= 0 else ""
