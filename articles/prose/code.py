"""Code with its parts told apart: keywords, strings, numbers and comments, by Pygments."""

from __future__ import annotations

import html
import re
from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Literal, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

# Beyond these a block stays as it is: some lexers take quadratic time for long lines and for many blank ones.
MAX_LENGTH = 10_000  # code points of a block
MAX_LINE = 300
_BLANKS = re.compile(r"\s{100}")
LANGUAGES = frozenset(
    "bash c c++ console cpp css diff dockerfile go html ini javascript js json jsx kotlin lua make nginx php"
    " python py r ruby rb rust scss sh shell sql swift toml ts typescript xml yaml yml".split()
)
_KINDS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (String, "s"),
    (Number, "n"),
    (Literal, "n"),
    (Operator.Word, "k"),
    (Keyword, "k"),
)


def highlight(code: str, language: str) -> str:
    """Return code as HTML with its parts in `span`; escaped alone if the language is unknown. The text stays."""
    lexer = _lexer(language.lower()) if _is_quick(code) else None
    if lexer is None:
        return html.escape(code, quote=False)
    runs: list[tuple[str, str]] = []
    for _place, token, text in lexer.get_tokens_unprocessed(code):
        kind = _kind(token)
        if runs and runs[-1][0] == kind:
            runs[-1] = kind, runs[-1][1] + text
        else:
            runs.append((kind, text))
    if "".join(text for _kind, text in runs) != code:
        return html.escape(code, quote=False)
    return "".join(_written(kind, text) for kind, text in runs)


def _is_quick(code: str) -> bool:
    """Return whether any lexer is quick with a block."""
    if len(code) > MAX_LENGTH or _BLANKS.search(code):
        return False
    return max(map(len, code.split("\n"))) <= MAX_LINE


@cache
def _lexer(language: str) -> Lexer | None:
    if language not in LANGUAGES:
        return None
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@cache
def _kind(token: _TokenType) -> str:
    return next((kind for parent, kind in _KINDS if token in parent), "")


def _written(kind: str, text: str) -> str:
    escaped = html.escape(text, quote=False)
    return f'<span class="{kind}">{escaped}</span>' if kind and not text.isspace() else escaped
