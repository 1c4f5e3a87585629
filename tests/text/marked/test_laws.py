"""Laws of the marked page, for any two pages."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import nh3
from hypothesis import given
from hypothesis import strategies as st

from articles.text.page import SourceRefused, safelist, sanitize
from articles.text.page.spelling import respelled
from tests.text.marked.documents import document, edited
from tests.text.marked.sides import Tags, ids, new_text, old_text, visible_text, whole
from tests.text.page.grammar import DOCUMENTS, SOUP, WITHOUT_HTML

_DOCUMENT = st.one_of(DOCUMENTS, SOUP, WITHOUT_HTML)
_MARKS = frozenset(
    "change looks normalization spacing invisible accents moves format changed both gone moved moved-away added"
    " removed unseen".split()
)
_TAGS = frozenset("dd del div ins li span tbody td tr".split())  # of marks, and around what is gone
_NAMES = frozenset(("data-box", "open", "start", "value"))
_CLEANER = nh3.Cleaner(
    tags=set(safelist.TAGS),
    clean_content_tags=set(),
    attributes={
        tag: {*safelist.GLOBAL, *safelist.ATTRIBUTES.get(tag, ()), "class", "data-box"}
        for tag in safelist.TAGS
    },
    link_rel=None,
    url_schemes=set(safelist.SCHEMES),
)


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


@st.composite
def _articles(draw: st.DrawFn) -> tuple[str, str]:
    """Draw an article of many blocks and an edit of it."""
    random = draw(st.randoms(use_true_random=False))
    blocks = document(random)
    return "\n\n".join(blocks), "\n\n".join(edited(random, blocks))


_PAIRS = st.one_of(st.tuples(_DOCUMENT, _DOCUMENT), _edited(), _articles(), _articles())


@given(_PAIRS)
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


@given(_PAIRS)
def test_marked_page_is_well_formed_and_holds_nothing_of_its_own_but_marks(sources: tuple[str, str]) -> None:
    try:
        old, new = (sanitize(source).html for source in sources)
    except SourceRefused:
        return

    html, _ = whole(old, new)

    assert respelled(_CLEANER.clean(html)) == respelled(html)
    found, before, after = Tags(html), Tags(old), Tags(new)
    assert found.tags <= before.tags | after.tags | _TAGS
    assert found.classes <= before.classes | after.classes | _MARKS
    assert {name for name in found.ids if not re.fullmatch("c[0-9]+", name)} <= after.ids
    own = found.attributes - before.attributes - after.attributes
    assert {name for _, name, _ in own} <= _NAMES


@contextmanager
def _small_limits() -> Iterator[None]:
    """Cut containers, leaves and parts after a few words. The heads of tables are not repeated, so texts stay equal."""
    limits = {
        "pieces": {"MAX_UNCUT": 150, "MAX_CHANGES": 3, "MAX_HEAD": 0},
        "inlines": {"MAX_UNCUT": 80, "MAX_PART": 7},
        "writing": {"MAX_UNCUT": 80},
        "page": {"MAX_BYTES": 900, "MAX_CHANGES": 5},
        "edits": {"MAX_RUNS": 20},
    }
    with ExitStack() as stack:
        for module, values in limits.items():
            stack.enter_context(patch.multiple(f"articles.text.marked.{module}", **values))
        yield


@given(_articles())
def test_cut_pages_keep_the_laws(sources: tuple[str, str]) -> None:
    old, new = (sanitize(source).html for source in sources)

    with _small_limits():
        html, pages = whole(old, new)

    assert old_text(html) == visible_text(old)
    assert new_text(html) == visible_text(new)
    assert respelled(_CLEANER.clean(html)) == respelled(html)
    assert len(ids(html)) == len(set(ids(html)))
    assert [number for page in pages for number in page.numbers] == [*range(1, pages[0].changes + 1)]


@given(_DOCUMENT)
def test_equal_pages_have_no_changes(source: str) -> None:
    page = sanitize(source).html

    html, pages = whole(page, page)

    assert pages[0].changes == 0
    assert "change" not in re.findall('class="([^"]*)"', html)
    assert visible_text(html) == visible_text(page)
