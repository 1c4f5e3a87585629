"""Sentences: which parts of code are prose: comments, and lines of a block that read as a sentence."""

import regex

LONGEST_LINE = 1000  # code points; a longer line is code
LEAST_WORDS, LEAST_WORDS_IN_LINE = 3, 6  # of a sentence in a block of code, and of one between backticks

# Signs of programs and commands, with options and paths.
_SIGNS = regex.compile(r"[`$={}<>|\\*_#^~@\n]|(?<!\S)[-/.]+\w|;\S|&&|\w\(|\w\w/\w+/")
_COMMAND = regex.compile(r"\s*+[a-z][a-z0-9_.-]*+\s(?:.*\s)?(?:--?\w|[|<>={}$&])", regex.DOTALL)
_COMMENT = regex.compile(
    r"(?:^|(?<=\s))(?:(?P<prompt>[\#%]+)|//+|/\*+|<!--)(?=\s|[^\x00-\x7f])|^\s*+(?:--+|;+|\*+|REM)(?=\s)"
)
# What begins as a quotation of the kind `this' does not end at the next backtick.
_QUOTATION = regex.compile(r"[^\s'\"]{1,40}'(?![^\s.,;:)])")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_ASCII_LETTERS = regex.compile(r"[A-Za-z]")
_ACCENTED = regex.compile(r"[\u00c0-\u017f]")
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_FRENCH_SPACE = regex.compile(r"\p{L}[\u00a0\u202f]+[!?\u00bb]|\u00ab[\u00a0\u202f]")
_BEGINS = regex.compile(r"\P{L}*+\p{Lu}[\p{Ll}\p{M}\s\u2019']")
_ENDS = regex.compile(r"(?r)[.!?:\u2026][\s\"'\u201d\u00bb)]*+$")


def prose_span(line: str, *, is_code_span: bool) -> tuple[int, int]:
    """Return the span of a line of code that is prose: all of it, its comment, or nothing (0, 0)."""
    if len(line) > LONGEST_LINE:
        return 0, 0
    least_words = LEAST_WORDS_IN_LINE if is_code_span else LEAST_WORDS
    if _is_sentence(line, least_words) or (is_code_span and _QUOTATION.match(line)):
        return 0, len(line)
    comment = _COMMENT.search(line)
    if not comment:
        return 0, 0
    # What follows "#" or "%" at the start of a line may be a command after the prompt of a shell.
    is_prompt = bool(comment["prompt"]) and not line[: comment.start()].strip()
    is_remark = _is_remark(line[comment.end() :], is_prompt=is_prompt)
    return (comment.end(), len(line)) if is_remark else (0, 0)


def _is_sentence(line: str, least_words: int) -> bool:
    """Return whether a line reads as a sentence or as the output of a program, and not as code."""
    words = _WORD.findall(line)
    letters, east_asian = sum(map(len, words)), len(_EAST_ASIAN.findall(line))
    if _SIGNS.search(line):
        if _COMMAND.match(line) and not _ENDS.search(line):
            return False
        # Commands hardly ever have accented letters, so a line with one needs fewer letters.
        least, share = (15, 0.5) if _ACCENTED.search(line) else (30, 0.7)
        return (letters > least and letters > share * len(line)) or 2 * east_asian > len(line) > 8
    if east_asian >= max(4, letters / 2) or (len(words) > 1 and _FRENCH_SPACE.search(line)):
        return True
    return len(words) >= least_words and (
        _is_beyond_ascii(line) or bool(_BEGINS.match(line) and _ENDS.search(line))
    )


def _is_remark(text: str, *, is_prompt: bool) -> bool:
    """Return whether the text of a comment is prose, and not code that is commented out."""
    if _is_beyond_ascii(text) or len(_EAST_ASIAN.findall(text)) > 1:
        return True
    if is_prompt:
        return bool(_BEGINS.match(text)) and not _SIGNS.search(text) and len(_WORD.findall(text)) > 1
    return bool(_WORD.search(text))


def _is_beyond_ascii(text: str) -> bool:
    """Return whether a text has accented letters, or more letters beyond ASCII than others.

    A few letters of another script may be disguised as ASCII.
    """
    letters = sum(map(len, _WORD.findall(text)))
    return bool(_ACCENTED.search(text)) or letters > 2 * len(_ASCII_LETTERS.findall(text))
