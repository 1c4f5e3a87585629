"""The clipboard: what programs copy becomes the Markdown that a writer wants, and nothing hidden comes along."""

import html as entities
import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.clipboard import Fate, convert
from articles.text.page import sanitize
from tests.clipboard.samples import SAMPLES

REAL = Path(os.environ.get("CLIPBOARD_SAMPLES", "no samples"))
A = "\N{CYRILLIC SMALL LETTER A}"


def markdown(html):
    return convert(html).markdown


def dropped(html):
    return dict(convert(html).dropped)


@pytest.mark.parametrize("program", SAMPLES)
def test_what_a_program_copies_becomes_markdown(program):
    html, expected = SAMPLES[program]

    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p role=heading aria-level=3>Mill</p>", "### Mill\n"),
        ("<p class=MsoTitle>Mill</p>", "# Mill\n"),
        ("<p style='mso-outline-level:2'>Mill</p>", "## Mill\n"),
        ("<h1>Mill #</h1>", "# Mill \\#\n"),
        ("<style>.x {font: bold 12px Menlo}</style><p>a <i class=x>b</i></p>", "a **`b`**\n"),
        ("<b style='font-weight:normal'>plain</b>", "plain\n"),
        ("<p>a <b>bold </b>word</p>", "a **bold** word\n"),
        ("<p><i>a <b>b</b> c</i></p>", "*a **b** c*\n"),
        ("<p>un<b>believ</b>able</p>", "un<strong>believ</strong>able\n"),
        ("<p><b>\u201cHi\u201d</b>there</p>", "<strong>\u201cHi\u201d</strong>there\n"),
        ("<p>x<sup>2</sup> H<sub>2</sub>O</p>", "x<sup>2</sup> H<sub>2</sub>O\n"),
        ("<p>one<br>two<br><br>three</p>", "one\\\ntwo\n\nthree\n"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo\n"),
        ("<ul><li>a<p>b</p></li></ul>", "- a\n\n  b\n"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b\n"),
        ("<ol><li><pre>x\ny</pre></ol>", "1. ```\n   x\n   y\n   ```\n"),
        ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````\n"),
        ("<p>a <code>b`c</code></p>", "a ``b`c``\n"),
        ("<div style='font-family:monospace;white-space:pre'><div>a *b*</div><br><div>\tc</div></div>",
         "```\na *b*\n\n\tc\n```\n"),
        ("<pre><div>sh</div><button>Copy</button><code class=language-sh>ls\n</code></pre>", "```sh\nls\n```\n"),
        ("<table><tr><td><p>a</p><td>b<td>c<tr><td colspan=2>d<td>e</table>",
         "| a | b | c |\n| --- | --- | --- |\n| d |  | e |\n"),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "| a | b |\n| --- | --- |\n|  | c |\n"),
        ("<table><tr><td><table><tr><td>a</table><td>b</table>", "a\n\nb\n"),
        ("<table><tr><td><h2>Head</h2><table><tr><td>a<td>b</table></table>",
         "## Head\n\n| a | b |\n| --- | --- |\n"),
        ("<a href='https://e.org/a b(c'>x]y</a>", "[x\\]y](https://e.org/a%20b%28c)\n"),
        ("<p>Look!<a href='https://e.org/'>x</a></p>", "Look\\![x](https://e.org/)\n"),
        ("<p>https://e.org/_a/_b</p>", "<https://e.org/_a/_b>\n"),
        ("<p style='font-family:monospace'>A letter.</p>", "A letter.\n"),
        ("<ul><li data-aria-level=1><p>a</p><p>b</p></ul><ul><li data-aria-level=2>c</ul>", "- a\n\n  b\n  - c\n"),
        ("<p style='mso-list:l0 level1'>a</p><p>b</p><p style='mso-list:l0 level2'>c</p>", "- a\n\nb\n\n- c\n"),
        ("<img class=emoji src=https://e.org/x.png alt=\N{GRINNING FACE}>", "\N{GRINNING FACE}\n"),
        ("<p style='font-size:30px'>Mill</p><p style='font-size:12px'>It turns.</p>", "# Mill\n\nIt turns.\n"),
        (f"<p>p{A}ge zero\u200bwidth 3\u00a0m</p>", f"p{A}ge zero\u200bwidth 3\u00a0m\n"),
        ("", ""),
        ("<p>&nbsp;</p>", ""),
    ],
)  # fmt: skip
def test_markup_becomes_markdown(html, expected):
    assert markdown(html) == expected


@pytest.mark.parametrize(
    "text",
    ["# a", "1. a", "2) a", "- a", "+ a", "> a", "=== ", "a\n---", "*a*", "_a_", "__a__", "~~a~~", "`a`", "<b>a</b>",
     "[a](b)", "[a]: b", "[^1]: a", "[!NOTE]", "&amp;", "\\*", "| a |\n| - |", ": a", "```", "~~~", "***", "a_b_c",
     "2 * 3", "a < b", "AT&T", "~5", "[1]"],
)  # fmt: skip
def test_signs_of_markdown_in_a_text_stay_signs(text):
    html = "<p>" + entities.escape(text).replace("\n", "<br>") + "</p>"

    page = sanitize(markdown(html)).html

    assert re.sub(r"\s+", " ", entities.unescape(re.sub("<[^>]*>", "", page))).strip() == " ".join(
        text.split()
    )


@pytest.mark.parametrize("text", ["a_b_c", "2 * 3", "a < b", "AT&T", "~5 km", "[1]", "x - y", "no. 1."])
def test_signs_that_mean_nothing_are_not_escaped(text):
    assert markdown(f"<p>{entities.escape(text)}</p>") == text + "\n"


WORDS = st.text("ab1.,*_`[]()<>!-+#\\\u201c\u4e2d ", min_size=1, max_size=8)
INLINE = st.recursive(
    WORDS.map(entities.escape),
    lambda inner: st.tuples(
        st.sampled_from("b i s sup".split()), st.lists(inner, min_size=1, max_size=3)
    ).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
    max_leaves=4,
)


@given(st.lists(INLINE, min_size=1, max_size=3).map("".join))
def test_no_letter_is_lost_in_markdown(html):
    letters = re.compile(r"[\w\u201c]")
    shown = entities.unescape(re.sub("<[^>]*>", "", sanitize(markdown(f"<p>{html}</p>")).html))

    assert letters.findall(shown) == letters.findall(entities.unescape(re.sub("<[^>]*>", "", html)))


@pytest.mark.parametrize(
    "secret",
    [
        "<i hidden>spy</i>",
        "<i style='display:none'>spy</i>",
        "<i style='display:none'><b style='display:block'>spy</b></i>",
        "<i style='visibility:hidden'>spy</i>",
        "<i style='opacity:0'>spy</i>",
        "<i style='font-size:0'>spy</i>",
        "<i style='font-size:1px'>spy</i>",
        "<i style='color:transparent'>spy</i>",
        "<i style='color:#fff'>spy</i>",
        "<font color=white>spy</font>",
        "<i style='color:#123456;background:#123457'>spy</i>",
        "<i style='position:absolute;left:-9999px'>spy</i>",
        "<i style='position:absolute;clip:rect(0,0,0,0)'>spy</i>",
        "<i style='text-indent:-9999px'>spy</i>",
        "<i style='margin-left:-9999px'>spy</i>",
        "<i style='position:relative;top:-9999px'>spy</i>",
        "<i style='transform:translateX(-9999px)'>spy</i>",
        "<i style='transform:scale(0)'>spy</i>",
        "<i style='overflow:hidden;max-height:0'>spy</i>",
        "<i style='mso-hide:all'>spy</i>",
        "<i class=sr-only>spy</i>",
        "<i class=x>spy</i><style>.x { display: none }</style>",
        "<i id=x>spy</i><style>/* a */ #x { display: none }</style>",
        "<i style='DISPLAY : NONE !important'>spy</i>",
    ],
)
def test_hidden_text_is_left_out_and_listed(secret):
    html = f"<p>A long line that all can read, {secret} and more.</p>"

    assert "spy" not in markdown(html)
    assert dropped(html) == {Fate.HIDDEN: ["spy"]}


@pytest.mark.parametrize(
    "html",
    [
        "<i style='position:relative;left:3px'>seen</i>",
        "<i style='font-size:9px;opacity:0.5;text-indent:-18pt'>seen</i>",
        "<i class=x>seen</i><style>a:hover + .x { display: none }</style>",
        "<b style='background:linear-gradient(red,blue);color:#fff'>seen</b>",
        "<b style='background:#000;color:#fff'>seen</b>",
        "<b style='visibility:hidden'><b style='visibility:visible'>seen</b></b>",
    ],
)
def test_text_that_can_be_read_is_kept(html):
    assert "seen" in markdown(f"<p>A long line that all can read, {html} and more.</p>")
    assert dropped(html) == {}


def test_deep_nesting_is_cut_and_its_text_stays():
    lines = markdown("<ul><li>x" * 100).splitlines()

    assert len([line for line in lines if line.endswith("x")]) == 100
    assert max(map(len, lines)) < 30


def test_white_text_of_a_dark_page_is_kept():
    assert markdown("<p style='color:#fff'>All of it.</p>") == "All of it.\n"
    assert markdown("<p style='color:#fff;background:#000'>One</p><p>and a longer one.</p>").startswith("One")


@pytest.mark.parametrize(
    ("html", "fate", "texts"),
    [
        ("<script>alert(1)</script>", Fate.SCRIPT, [""]),
        ("<!-- note -->", Fate.COMMENT, ["note"]),
        ("<img src='data:image/png;base64,AA' alt=x>", Fate.PICTURE, ["x"]),
        ("<img src='file:///x.png'>", Fate.PICTURE, [""]),
        ("<img src='https://e.org/x.gif' width=1 height=1>", Fate.TRACKER, [""]),
        ("<a href='javascript:alert(1)'>x</a>", Fate.LINK, ["javascript:alert(1)"]),
        ("<a href='https://a@e.org/'>x</a>", Fate.LINK, ["https://a@e.org/"]),
        ("<iframe src='https://e.org/'></iframe>", Fate.MEDIA, ["https://e.org/"]),
        ("<button>Copy</button>", Fate.CONTROL, ["Copy"]),
        ("<p>End.<sup>1</sup></p>", Fate.NOTE, ["1"]),
    ],
)
def test_what_is_left_out_is_listed(html, fate, texts):
    result = convert(f"<p>word</p>{html}")

    assert dict(result.dropped) == {fate: texts}
    assert "word" in result.markdown
    assert not re.search("javascript|alert|data:|file:|note|Copy|gif", result.markdown)


def test_marks_of_word_and_of_the_clipboard_itself_are_no_comments():
    assert dropped("<!--StartFragment--><!--[if gte mso 9]><xml/><![endif]-->x<![if !vml]>y<![endif]>") == {}


def test_footnotes_count_from_the_number_that_is_asked_for():
    assert "every tide*, 3\u00a0m high.[^7]" in convert(SAMPLES["word"][0], first_note=7).markdown
    assert "\n[^7]: At springs." in convert(SAMPLES["word"][0], first_note=7).markdown


def test_words_alone_are_inline_and_blocks_are_not():
    assert convert("<b>word</b>").is_inline
    for html in ("<h2>x</h2>", "<ul><li>x</ul>", "<p>x<p>y", "<pre>x</pre>", "x<br><br>y", ""):
        assert not convert(html).is_inline


HOSTILE = {
    "nesting": ("<div>", "x", "</div>"),
    "quotes": ("<blockquote>", "x", ""),
    "lists": ("<ul><li>", "x", ""),
    "tables": ("<table><tr><td>", "x", ""),
    "formats": ("<b>", "x", ""),
    "formats in paragraphs": ("<b id={n}>", "x", "<p>x"),
    "comments": ("<!--", "x", ""),
    "rules of style": ("<style>/*{", "x", ""),
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_steps_grow_with_the_html_and_no_faster(shape):
    """Counts the lines that run, for 60 and for 240 parts, after it ended for 10,000."""
    start, text, end = HOSTILE[shape]

    def html(n):
        return "".join(start.replace("{n}", str(i)) for i in range(n)) + text + end * n

    def steps(n):
        count = 0

        def trace(frame, event, argument):
            nonlocal count
            count += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            convert(html(n))
        finally:
            sys.settrace(before)
        return count

    convert(html(10_000))
    steps(10)
    assert steps(240) < 6 * steps(60) + 1000


@pytest.mark.parametrize(
    "html", ["\0", "\ud800", "<", "<!", "</", "&#xfffffff;", "<p\0>x", "Version:1.0\n<p>x", "<a<b"]
)
def test_broken_html_is_read_all_the_same(html):
    assert convert(html).markdown in ("", "x\n", "<\n", "\\</\n", "\N{REPLACEMENT CHARACTER}\n")


CELLS = ("excel", "google-sheets", "libreoffice-calc")
EXACT = ("chromium-page", "excel", "google-sheets", "libreoffice-calc", "vscode", "word", "word-as-parsed")


@pytest.mark.skipif(not REAL.is_dir(), reason="CLIPBOARD_SAMPLES names no folder of real clipboards")
@pytest.mark.parametrize("program", EXACT)
def test_real_clipboards(program):
    kind = "table." if program in CELLS else "vscode." if program == "vscode" else ""

    assert markdown((REAL / f"{program}.html").read_text()) == (REAL / f"{kind}expected.md").read_text()
