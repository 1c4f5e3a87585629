"""Explanation of a scan: the words of the text by script, and the language they were judged by."""

from collections import Counter

import regex

from articles.text.checks.findings import Severity
from articles.text.unicode.scripts import script_of_language, script_runs

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}'\N{RIGHT SINGLE QUOTATION MARK}]*+")
MOST_SCRIPTS = 4


def explain_scan(text: str, *, language: str = "en", counts: dict[Severity, int] | None = None) -> str:
    """Return a sentence with the number of words in each script and of findings of each severity (`counts`).

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
    home = script_of_language(language).replace("_", " ")
    finding_counts = [
        f"{number:,} {severity}{'s' * (number != 1)}" for severity, number in (counts or {}).items() if number
    ]
    words = ", ".join(word_counts) or "no words"
    verdict = ", ".join(finding_counts) or "nothing wrong"
    return f"{words}, judged as {language} ({home}): {verdict}"


def _script(word: str) -> str:
    """Return the name of a word's script; "mixed" for several, "symbol" for none."""
    if word.isascii():
        return "Latin"
    scripts = {run.script for run in script_runs(word)}
    return "mixed" if len(scripts) > 1 else "".join(scripts).replace("_", " ") or "symbol"
