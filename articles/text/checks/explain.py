"""Explanation of a scan: the words of the text by script, and the languages they were judged by."""

from collections import Counter

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import Severity
from articles.text.markdown import Where
from articles.text.unicode.languages import letters
from articles.text.unicode.scripts import script_of_language, script_runs

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}'\N{RIGHT SINGLE QUOTATION MARK}]*+")
MOST_SCRIPTS = 4


def explain_scan(
    text: str, *, language: str = "en", where: Where = Where.PROSE, counts: dict[Severity, int] | None = None
) -> str:
    """Return a sentence with the number of words in each script, the languages they were judged by, and the findings.

    `counts` is the number of findings of each severity.

    >>> explain_scan("\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442, \\u043c\\u0438\\u0440", language="ru")
    '2 Cyrillic words, judged as ru (Cyrillic): nothing wrong'
    """
    scripts = Counter(map(_script, _WORD.findall(text)))
    word_counts = [
        f"{number:,} {script} word{'s' * (number != 1)}"
        for script, number in scripts.most_common(MOST_SCRIPTS)
    ]
    if rest := sum(scripts.values()) - sum(number for _, number in scripts.most_common(MOST_SCRIPTS)):
        word_counts.append(f"{rest:,} in other scripts")
    judged = [f"judged as {_described(language)}"] + [
        f"{number:,} paragraph{'s' * (number != 1)} as {_described(other)}"
        for other, number in Field(text, language, where).other_languages().most_common()
    ]
    finding_counts = [
        f"{number:,} {severity}{'s' * (number != 1)}" for severity, number in (counts or {}).items() if number
    ]
    words = ", ".join(word_counts) or "no words"
    verdict = ", ".join(finding_counts) or "nothing wrong"
    return f"{words}, {', '.join(judged)}: {verdict}"


def _described(language: str) -> str:
    """Return a language with its script, and with a note if there are no data on its letters."""
    script = script_of_language(language).replace("_", " ")
    return f"{language} ({script})" if letters(language) else f"{language} ({script}, by script alone)"


def _script(word: str) -> str:
    """Return the name of a word's script; "mixed" for several, "symbol" for none."""
    if word.isascii():
        return "Latin"
    scripts = {run.script for run in script_runs(word)}
    return "mixed" if len(scripts) > 1 else "".join(scripts).replace("_", " ") or "symbol"
