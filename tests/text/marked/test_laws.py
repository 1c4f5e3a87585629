"""Laws of the marked page, for any two pages."""

import re

from hypothesis import given
from hypothesis import strategies as st

from articles.text.page import SourceRefused, sanitize
from tests.text.marked.sides import ids, new_text, old_text, visible_text, whole
from tests.text.page.grammar import DOCUMENTS, SOUP, WITHOUT_HTML

_DOCUMENT = st.one_of(DOCUMENTS, SOUP, WITHOUT_HTML)


@st.composite
def _edited(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a document and an edit of it: lines added from another one, removed, moved and shuffled."""
    old, other = draw(_DOCUMENT), draw(_DOCUMENT)
    lines, others = old.split("\n"), other.split("\n")
    random = draw(st.randoms())
    for _ in range(draw(st.integers(1, 4))):
        place = random.randrange(len(lines))
        match random.randrange(4):
            case 0:
                lines.insert(place, random.choice(others))
            case 1 if len(lines) > 1:
                del lines[place]
            case 2:
                lines.insert(random.randrange(len(lines)), lines.pop(place))
            case _:
                words = lines[place].split(" ")
                random.shuffle(words)
                lines[place] = " ".join(words)
    return old, "\n".join(lines)


@given(st.one_of(st.tuples(_DOCUMENT, _DOCUMENT), _edited()))
def test_both_versions_can_be_read_from_the_marked_page(sources: tuple[str, str]) -> None:
    try:
        old, new = (sanitize(source).html for source in sources)
    except SourceRefused:
        return

    html, pages = whole(old, new)

    assert old_text(html) == visible_text(old)
    assert new_text(html) == visible_text(new)
    assert len(ids(html)) == len(set(ids(html)))
    assert {name for name in ids(html) if re.fullmatch("c[0-9]+", name)} == {
        f"c{number}" for number in range(1, pages[0].changes + 1)
    }
    assert whole(old, new) == (html, pages)


@given(_DOCUMENT)
def test_equal_pages_have_no_changes(source: str) -> None:
    page = sanitize(source).html

    html, pages = whole(page, page)

    assert pages[0].changes == 0
    assert "change" not in re.findall('class="([^"]*)"', html)
    assert visible_text(html) == visible_text(page)
