"""Words of scripts that write no spaces between them: Thai, Lao, Khmer, Burmese, Han and kana."""

import re
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

from articles.text.diff.tokens import has_unspaced, is_unspaced, tokenize

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_RARE_HAN = "\u9fff"  # stands for letters beyond the BMP, since ICU counts those twice


def split_words(line: str) -> list[str]:
    """Split a line as `tokenize` does, but letters of scripts without spaces into words instead of clusters.

    The words are those of ICU's dictionaries, cut between clusters only. A run of such letters is split by itself, so
    an edit changes no word beyond the next sign. Linear.
    """
    tokens = tokenize(line)
    if line.isascii() or not has_unspaced(line):
        return tokens
    found: list[str] = []
    for is_run, run in groupby(tokens, key=lambda token: bool(is_unspaced(token))):
        clusters = list(run)
        found += _words(clusters) if is_run and len(clusters) > 1 else clusters
    return found


def _words(clusters: Sequence[str]) -> list[str]:
    """Join the clusters of one run to words."""
    from icu4py.breakers import WordBreaker  # 20 MB that most texts do not need

    text = "".join(clusters)
    breaks = {start for start, _end in WordBreaker(_BEYOND_BMP.sub(_RARE_HAN, text), "en").segments()}
    starts = [at for at in accumulate(map(len, clusters), initial=0) if at in breaks or at == len(text)]
    return [text[start:end] for start, end in pairwise(starts)]
