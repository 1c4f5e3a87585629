"""The break tests of the Unicode Consortium, as Debian's package unicode-data installs them (Unicode 15.0)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from articles.text.unicode.graphemes import clusters, words

FILES = Path("/usr/share/unicode/auxiliary")
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="Debian's package unicode-data is not installed")

# Lines in which Unicode 18.0 breaks and 15.0 did not: U+2701 is no longer Extended_Pictographic, so rules GB11
# and WB3c, which keep a joiner and the pictograph after it together, do not apply to it.
CHANGED = {
    "GraphemeBreakTest.txt": {"2701 \u00d7 200D \u00d7 2701": "2701 \u00d7 200D \u00f7 2701"},
    "WordBreakTest.txt": {
        "2701 \u00d7 200D \u00d7 2701": "2701 \u00d7 200D \u00f7 2701",
        "0061 \u00d7 200D \u00d7 2701": "0061 \u00d7 200D \u00f7 2701",
    },
}


@pytest.mark.parametrize(
    ("name", "cut", "least"), [("GraphemeBreakTest.txt", clusters, 600), ("WordBreakTest.txt", words, 1800)]
)
def test_every_line_breaks_as_the_standard_says(
    name: str, cut: Callable[[str], list[str]], least: int
) -> None:
    lines = [
        line.partition("#")[0].strip().strip("\u00f7").strip()
        for line in FILES.joinpath(name).read_text(encoding="utf-8").splitlines()
    ]
    lines = [line for line in lines if line]
    changed = CHANGED[name]
    wrong = []
    for line in lines:
        pieces = [
            "".join(chr(int(point, 16)) for point in piece.replace("\u00d7", " ").split())
            for piece in changed.get(line, line).split("\u00f7")
        ]
        if cut("".join(pieces)) != pieces:
            wrong.append(line)

    assert not wrong
    assert len(lines) > least
    assert set(changed) <= set(lines)
