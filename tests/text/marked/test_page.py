"""What the marked page says of single changes."""

import pytest

from articles.text.marked import Block, ChangeKind, Fold, Letters, MarkedChange, MarkedPage, Note, mark_page
from articles.text.marked import NoteKind as Kind
from articles.text.page import sanitize
from tests.text.marked.sides import old_text


def _marked(old: str, new: str, *, opened: bool = False) -> MarkedPage:
    return mark_page(sanitize(old).html, sanitize(new).html, opened=opened)


def _html(page: MarkedPage) -> str:
    return "".join(piece.html for piece in page.pieces if isinstance(piece, Block))


def _changes(page: MarkedPage) -> list[MarkedChange]:
    return [change for piece in page.pieces if isinstance(piece, Block) for change in piece.changes]


def _notes(page: MarkedPage) -> list[tuple[Kind, str, str, str]]:
    return [(note.kind, note.text, note.old, note.new) for change in _changes(page) for note in change.notes]


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        (
            "A red fox ran.",
            "A blue fox ran.",
            '<p class="changed both" id="c1">A <del class="change">red</del><ins class="change">blue</ins>'
            " fox ran.</p>",
        ),
        (
            "Old words go away here.\n\nTwo stays.",
            "Two stays.",
            '<p class="changed gone" id="c1"><del class="change">Old words go away here.</del></p>',
        ),
        (
            "- one\n- two\n- three",
            "- one\n- three",
            '<ul><li>one</li><li class="changed gone" id="c1"><del class="change">two</del></li>'
            "<li>three</li></ul>",
        ),
        (
            "1. one\n2. two\n3. three",
            "1. one\n2. three",
            '<ol><li>one</li><li class="changed gone" id="c1"><del class="change">two</del></li>'
            '<li value="2">three</li></ol>',
        ),
        (
            "> One stays.\n>\n> Two goes.",
            "> One stays.",
            '<blockquote><p>One stays.</p><p class="changed gone" id="c1"><del class="change">Two goes.</del></p>'
            "</blockquote>",
        ),
        (
            "|a|b|\n|-|-|\n|one|two|\n|six|ten|",
            "|a|b|\n|-|-|\n|six|ten|",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>"
            '<tr class="changed gone removed" id="c1"><td><del class="change">one</del></td>'
            '<td><del class="change">two</del></td></tr>'
            "<tr><td>six</td><td>ten</td></tr></tbody></table>",
        ),
        (
            "Stays.",
            "Stays.\n\n- *a* b\n- c",
            '<ul class="changed" id="c1"><li><ins class="change"><em>a</em> b</ins></li>'
            '<li><ins class="change">c</ins></li></ul>',
        ),
        (
            "- one\n\n  text\n- two",
            "- one\n\n  text!\n- two",
            '<ul><li><p>one</p><p class="changed" id="c1">text<ins class="change">!</ins></p></li>'
            "<li><p>two</p></li></ul>",
        ),
        (
            "- one\n  - x",
            "- one more\n  - x",
            '<ul><li><div class="changed" id="c1">one<ins class="change"> more</ins></div>'
            "<ul><li>x</li></ul></li></ul>",
        ),
        (
            "## Head",
            "## Head two",
            '<h2 class="changed" id="c1"><span id="user-content-head-two"></span>Head'
            '<ins class="change"> two</ins></h2>',
        ),
        (
            "```\nx = 1\ny = 2\n```",
            "```\nx = 1\ny = 3\n```",
            '<pre class="changed both" id="c1"><code>x = 1\ny = <del class="change">2</del>'
            '<ins class="change">3</ins>\n</code></pre>',
        ),
        (
            "See [the *old* shop](https://a.example/) today.",
            "See [the *new* shop](https://a.example/) today.",
            '<p class="changed both" id="c1">See '
            '<a href="https://a.example/" rel="nofollow noopener noreferrer">the <em><del class="change">old</del>'
            '<ins class="change">new</ins></em> shop</a> today.</p>',
        ),
        (
            "A wo\N{ZERO WIDTH SPACE}rd here.",
            "A word here.",
            '<p class="changed gone" id="c1">A wo<del class="change invisible">'
            '<span class="unseen" data-box="ZWSP">\N{ZERO WIDTH SPACE}</span></del>rd here.</p>',
        ),
        ("one\n\n***\n\ntwo", "one\n\ntwo", '<hr class="changed gone" id="c1">'),
        ("a `<b>` & c", "a `<b>` & d", "<code>&lt;b&gt;</code> &amp; <del"),
    ],
)
def test_block_with_its_marks(old: str, new: str, html: str) -> None:
    assert html in _html(_marked(old, new))


@pytest.mark.parametrize(
    ("old", "new", "notes"),
    [
        ("the strangest rota", "the **strangest** rota", [(Kind.FORMAT_ADDED, "strangest", "", "strong")]),
        ("the `strangest` rota", "the strangest rota", [(Kind.FORMAT_REMOVED, "strangest", "code", "")]),
        ("one two", "# one two", [(Kind.BLOCK, "", "paragraph", "heading-1")]),
        ("## one two", "### one two", [(Kind.BLOCK, "", "heading-2", "heading-3")]),
        ("- one\n- two", "1. one\n2. two", [(Kind.BLOCK, "", "bulleted-list", "numbered-list")]),
        ("1. one\n2. two", "3. one\n4. two", [(Kind.LIST_START, "", "1", "3")]),
        ("one\n\ntwo", "> one\n>\n> two", [(Kind.BLOCK, "", "paragraph", "quote")]),
        ("> [!NOTE]\n> one", "> [!TIP]\n> one", [(Kind.BLOCK, "", "note", "tip")]),
        (
            "see [it](https://a.example/) now",
            "see [it](https://b.example/) now",
            [(Kind.LINK_CHANGED, "it", "https://a.example/", "https://b.example/")],
        ),
        ("see it now", "see [it](/a) now", [(Kind.LINK_ADDED, "it", "", "/a")]),
        ("see [it](/a) now", "see it now", [(Kind.LINK_REMOVED, "it", "/a", "")]),
        ("see ![a](/media/images/a.png)", "see", [(Kind.IMAGE_REMOVED, "a", "/media/images/a.png", "")]),
        ("see", "see ![a](/media/images/a.png)", [(Kind.IMAGE_ADDED, "a", "", "/media/images/a.png")]),
        (
            "![a](/media/images/a.png)",
            "![b](/media/images/a.png)",
            [(Kind.IMAGE_DESCRIPTION, "", "a", "b")],
        ),
        (
            "see ![a](/media/images/a.png)",
            "see ![a](/media/images/b.png)",
            [(Kind.IMAGE_REPLACED, "a", "/media/images/a.png", "/media/images/b.png")],
        ),
        ("- [ ] do it", "- [x] do it", [(Kind.TICKED, "do it", "", "")]),
        ("- [x] do it", "- [ ] do it", [(Kind.UNTICKED, "do it", "", "")]),
        ("```py\nx\n```", "```js\nx\n```", [(Kind.LANGUAGE, "", "py", "js")]),
        ("|a|b|\n|-|-|\n|1|2|", "|a|b|\n|-|-:|\n|1|2|", [(Kind.ALIGNMENT, "b", "", "right")]),
        (
            "|a|b|\n|-|-|\n|1|2|\n|3|4|",
            "|a|n|b|\n|-|-|-|\n|1|x|2|\n|3|3|4|",
            [(Kind.COLUMN_ADDED, "n", "", "")],
        ),
        (
            "|a|n|b|\n|-|-|-|\n|1|x|2|\n|3|y|4|",
            "|a|b|\n|-|-|\n|1|2|\n|3|4|",
            [(Kind.COLUMN_REMOVED, "n", "", "")],
        ),
        ("|a|b|\n|-|-|\n|one|two|", "|a|b|\n|-|-|\n|one|two|\n|six|ten|", [(Kind.ROW_ADDED, "six", "", "")]),
        ('<p title="a">one</p>', '<p title="b">one</p>', [(Kind.ATTRIBUTE, "title", "a", "b")]),
        ("foot ball", "football", [(Kind.SPACING, "", "", "")]),
        ("A cafe here", "A caf\N{LATIN SMALL LETTER E WITH ACUTE} here", [(Kind.ACCENTS, "", "", "")]),
    ],
)
def test_note(old: str, new: str, notes: list[tuple[Kind, str, str, str]]) -> None:
    page = _marked(old, new)

    assert _notes(page) == notes
    assert page.changes == 1


@pytest.mark.parametrize(
    ("old", "new", "kind", "letters"),
    [
        (
            "a c\N{CYRILLIC SMALL LETTER A}useway",
            "a causeway",
            Kind.LOOK_ALIKES,
            Letters("\N{CYRILLIC SMALL LETTER A}", "a"),
        ),
        ("a wo\N{SOFT HYPHEN}rd", "a word", Kind.INVISIBLE, Letters("\N{SOFT HYPHEN}", "")),
        (
            "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
            "cafe\N{COMBINING ACUTE ACCENT}",
            Kind.NORMALIZATION,
            Letters("\N{LATIN SMALL LETTER E WITH ACUTE}", "e\N{COMBINING ACUTE ACCENT}"),
        ),
    ],
)
def test_note_has_the_letters(old: str, new: str, kind: Kind, letters: Letters) -> None:
    (change,) = _changes(_marked(old, new))

    assert change.notes == (Note(kind, 1, letters=(letters,)),)


def test_letters_have_code_points_and_names() -> None:
    letters = Letters("\N{CYRILLIC SMALL LETTER A}", "a")

    assert letters.described == (
        [("U+0430", "Cyrillic small letter a")],
        [("U+0061", "Latin small letter a")],
    )


def test_note_to_a_link_has_its_hosts() -> None:
    page = _marked("[it](https://a.example/x)", "[it](https://b.example/x)")

    assert _changes(page)[0].notes[0].hosts == ("a.example", "b.example")


_MOVED = "Less of it holds the leaves apart, and more of it lets them slam."
_STAYING = "\n\n".join(f"Paragraph number {k} stays here and says {k * 7919}." for k in range(3))


def test_moved_block_stands_at_both_places_and_its_ends_name_each_other() -> None:
    page = _marked(f"{_MOVED}\n\n{_STAYING}", f"{_STAYING}\n\n{_MOVED.replace('slam', 'bang')}")

    away, here = _changes(page)
    assert (away.kind, here.kind) == (ChangeKind.MOVED_AWAY, ChangeKind.MOVED_HERE)
    assert away.notes == (Note(Kind.MOVED_AWAY, 1, other=2),)
    assert here.notes == (Note(Kind.MOVED_HERE, 2, other=1),)
    assert f'<p class="changed gone moved-away" id="c1"><del class="change">{_MOVED}</del></p>' in _html(page)
    assert '<p class="changed moved" id="c2">Less of it' in _html(page)
    assert 'them <del class="change">slam</del><ins class="change">bang</ins>.' in _html(page)


def test_moved_row_is_one_change() -> None:
    rows = ["|monday morning|rain falls|", "|tuesday evening|sun shines|", "|wednesday noon|fog here|"]
    head = "|a|b|\n|-|-|\n"

    page = _marked(head + "\n".join(rows), head + "\n".join([*rows[1:], rows[0]]))

    assert [change.kind for change in _changes(page)] == [ChangeKind.MOVED_AWAY, ChangeKind.MOVED_HERE]
    assert '<tr class="changed moved" id="c2">' in _html(page)


def test_moved_sentence_is_named_at_both_ends() -> None:
    moved = "Alpha beta gamma delta epsilon zeta."

    page = _marked(
        f"{moved} Second sentence here is fine.\n\nAnother paragraph stands here quietly.",
        f"Second sentence here is fine.\n\nAnother paragraph stands here quietly. {moved}",
    )

    assert [change.notes for change in _changes(page)] == [
        (Note(Kind.WORDS_MOVED_AWAY, 1, moved, other=2),),
        (Note(Kind.WORDS_MOVED_HERE, 2, moved, other=1),),
    ]
    assert f'<ins class="change moves">{moved}</ins>' in _html(page)


def test_changed_cells_of_a_row_are_one_change() -> None:
    page = _marked("|a|b|c|\n|-|-|-|\n|1|2|red|", "|a|b|c|\n|-|-|-|\n|7|2|blue|")

    assert page.changes == 1
    assert '<tr class="changed both" id="c1"><td><del' in _html(page)


def test_other_numbers_of_footnotes_are_no_change() -> None:
    page = _marked("A[^a]\n\n[^a]: one", "New[^n] here.\n\nA[^a]\n\n[^a]: one\n\n[^n]: two")

    assert [change.kind for change in _changes(page)] == [ChangeKind.ADDED, ChangeKind.ADDED]
    assert ">2</a></sup>" in "".join(piece.html for piece in page.pieces)


def test_wrapping_anew_is_no_change() -> None:
    assert _marked("one two\nthree", "one\ntwo three").changes == 0


def test_deleted_link_leads_nowhere() -> None:
    html = _html(_marked("stays\n\n[buy *now*](https://spam.example/) ![x](/media/images/a.png)", "stays"))

    assert "spam.example" not in html
    assert '<del class="change">buy <em>now</em> <img' in html


def test_unchanged_blocks_are_folded_and_a_heading_stays_with_its_change() -> None:
    text = "one\n\ntwo\n\n# three\n\nfour\n\n# five\n\nsix{}\n\nseven"

    page = _marked(text.format(""), text.format("!"))

    first, heading, _, last = page.pieces
    assert isinstance(first, Fold)
    assert isinstance(last, Fold)
    assert [(str(kind), count) for kind, count in first.counts] == [("paragraph", 3), ("heading-1", 1)]
    assert "<p>four</p>" in first.html
    assert heading.html == '<h1 id="user-content-five">five</h1>'
    assert [(str(kind), count) for kind, count in last.counts] == [("paragraph", 1)]


def test_nothing_is_folded_if_opened() -> None:
    page = _marked("one\n\ntwo\n\nthree", "one\n\ntwo\n\nfour", opened=True)

    assert all(isinstance(piece, Block) for piece in page.pieces)


def test_changed_details_are_open() -> None:
    text = "<details><summary>More</summary>\n\nhidden {}\n\n</details>"

    assert '<details open="">' in _html(_marked(text.format("a"), text.format("b")))


def test_source_shown_as_text_is_compared_too() -> None:
    page = mark_page("<pre>\n\na &lt;b&gt;\n</pre>\n", "<pre>\n\nc &lt;b&gt;\n</pre>\n")

    assert '<pre class="changed both" id="c1">\n\n<del class="change">a</del>' in _html(page)


def test_first_version_is_all_insertion() -> None:
    page = mark_page("", sanitize("# one\n\ntwo").html)

    assert [change.kind for change in _changes(page)] == [ChangeKind.ADDED] * 2
    assert mark_page("", "").pieces == ()


def test_block_that_moved_within_a_row_is_marked_as_moved() -> None:
    cell = "<table><tr><td>\n\n{}\n\n</td></tr></table>"

    page = _marked(cell.format(f"{_MOVED}\n\n{_STAYING}"), cell.format(f"{_STAYING}\n\n{_MOVED}"))

    assert f'<p class="changed moved">{_MOVED}</p>' in _html(page)
    assert page.changes == 1


def test_deleted_footnote_inside_a_link_makes_no_link_in_a_link() -> None:
    page = mark_page(
        '<p><a href="/x">one</a> two <sup class="footnote-ref"><a href="#user-content-fn-1">1</a></sup></p>\n',
        '<p><a href="/x">one two</a></p>\n',
    )

    assert '<sup class="footnote-ref"><span>1</span></sup>' in _html(page)


def test_old_blocks_keep_their_order_in_a_short_copy_of_their_containers() -> None:
    deep = "- one\n\n  > |a|b|\n  > |-|-|\n  > |c|d|\n\n- two"

    html = _html(_marked(f"stays\n\n{deep}", "stays"))

    assert old_text(html) == "oneabcdtwo"


def test_mark_is_closed_at_an_element_that_goes_on_behind_it() -> None:
    page = mark_page("<p>one two <em>three</em></p>\n", "<p>one two x <em>y three</em></p>\n")

    marked = '<ins class="change">x </ins><em><ins class="change">y </ins>three</em>'
    assert marked in _html(page)


def test_old_block_keeps_its_nearest_containers_only() -> None:
    deep = "<blockquote>\n" * 20 + "<p>gone words</p>\n" + "</blockquote>\n" * 20

    html = _html(mark_page(f"{deep}<p>stays here</p>\n", "<p>stays here</p>\n"))

    assert html.count("<blockquote") == 4


def test_piece_of_a_cut_list_holds_few_changes() -> None:
    old, new = ("".join(f"<li>{k}{sign}</li>\n" for k in range(600)) for sign in ("", "x"))

    page = mark_page(f"<ul>\n{old}</ul>\n", f"<ul>\n{new}</ul>\n")

    assert {len(piece.changes) for piece in page.pieces if isinstance(piece, Block)} == {100}
