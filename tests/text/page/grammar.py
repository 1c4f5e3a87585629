"""Markdown to test laws on: documents that mix all constructs, and soup of the signs that they are made of.

Words of `WORDS` are content: an author wrote them to be read, so none of them may vanish. Labels, tag names and
languages of code are other words.
"""

import re

from hypothesis import strategies as st

WORDS = "harbour lantern meadow orchard pebble quarry saffron thistle umbrella velvet".split()
ODD = ["字", "😀", "e\N{COMBINING ACUTE ACCENT}", "שלום", *"\x85\x05\x7f\u2028\uffff\ufdd0\U000e0041"]
ODD += ["\N{ZERO WIDTH SPACE}", "\N{SOFT HYPHEN}", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}"]
SIGNS = list("7!.:-*_`[]()|<>&#~\\")

# The templates of a rule stand between ¦, the simplest first. A name in angle quotation marks is whatever the rule of
# this name gives, ⏎ the end of a line, ⇥ a tab.
GRAMMAR = """
label = one¦two¦Three¦a b¦//¦ẞ
note = 1¦2¦n¦N¦long note¦^x
entity = &amp;¦&lt;¦&gt;¦&quot;¦&auml;¦&nbsp;¦&NotEqualTilde;¦&#65;¦&#x1F600;¦&#38;¦&nope;¦&;¦&¦&#;¦&#x;¦&#xFFFF;
¦&#xFFFE;¦&#0;¦&#x110000;¦&#xD800;¦&#1;¦&#10;¦&#x200b;
escape = \\ ¦\\*¦\\\\¦\\`¦\\_¦\\[¦\\]¦\\(¦\\)¦\\#¦\\-¦\\.¦\\!¦\\|¦\\<¦\\>¦\\&¦\\~¦\\:¦\\"¦\\'¦\\^¦\\a¦\\字
address = /‹word›¦https://‹word›.example/a?b=‹word›&amp;c¦<‹word› ‹word›>¦#‹word›¦<>¦//‹word›.example
¦mailto:a@‹word›.example¦javascript:‹word›¦http://a@‹word›.example¦/字%20\\*¦/a(b)\\)
title = ¦ "‹word›"¦ '‹word› &amp; ‹word›'¦ (‹word›)¦⏎"‹word›⏎‹word›"¦ "a \\" ‹word›"
autolink = <https://‹word›.example/x>¦<a@‹word›.example>¦<tel:1>¦<javascript:‹word›>¦https://‹word›.example/a_(b)
¦www.‹word›.example.¦http://‹word›.example/&amp;x)¦‹word›@a.example¦www.‹word›¦xhttps://‹word›.example
¦ftp://‹word›.example¦www.字.example/*b*
tag = <b>¦</b>¦<br>¦<br/>¦</p>¦<a⏎href=/‹word›⏎>¦</a>¦<kbd>¦</kbd>¦<span id=‹word› lang=en>¦</span>¦<‹word›>
¦</‹word›>¦<script>¦</script>¦<style>¦<iframe/>¦<T>¦<x ‹word›='‹word›'>¦<i title='‹word› &amp; x'>¦<br ‹word›>
¦<b onclick='‹word›()'>¦<b style=‹word› hidden data-x='‹word›' ‹word›>¦<i title=a title=‹word›>
¦<a href='javascript:‹word›'>¦<img src=/‹word›.png alt='‹word›' hidden=‹word›>¦<img src='https://‹word›.example/x'>
¦<input type=‹word›>¦<b ‹word›
hidden = <!-- ‹word› -->¦<!-->¦<!--->¦<!-- a -- ‹word› -->¦<!--⏎‹word›⏎-->¦<!-- ‹word›¦-->¦<?‹word›?>¦<?‹word›¦?>
¦<!X ‹word›>¦<!‹word›¦<!doctype html>¦<![CDATA[ ‹word› ]]>¦<![CDATA[ ‹word›
open = <div>¦<div id=‹word› hidden>¦<table><tr><td>¦<pre>¦<ul><li>¦<details>¦<p align=LEFT>
close = </div>¦</div ‹word›>¦</td></tr></table>¦</pre>¦</ul>¦¦</details>‹word›
gap =  ¦ ¦ ¦¦⏎¦  ⏎¦ ⏎   ¦\\⏎¦⇥
piece = ‹word›¦‹word›¦‹word›¦‹sign›¦‹odd›¦‹entity›¦‹escape›
code = ‹piece›¦‹piece› ‹piece›¦ ‹piece› ¦‹piece›⏎‹piece›
part = ‹piece›¦‹piece›¦‹autolink›¦`‹code›`¦``‹code›``¦[‹label›]¦![‹label›]¦[^‹note›]¦‹tag›¦‹hidden›¦*‹text›*
¦**‹text›**¦_‹text›_¦__‹text›__¦~‹text›~¦~~‹text›~~¦[‹text›](‹address›‹title›)¦![‹text›](‹address›‹title›)
¦[‹text›][‹label›]¦![‹text›][‹label›]¦[](‹address›‹title›)¦[‹text›][]¦<b>‹text›</b>
text = ‹part›¦‹part›‹gap›‹part›¦‹part›‹gap›‹part›‹gap›‹part›¦‹part›‹gap›‹part›‹gap›‹part›‹gap›‹part›
info = ¦py¦ rust ‹word› ‹word›¦{.x} ‹word›¦ a&amp;b \\* ‹word›¦\N{ZERO WIDTH SPACE}
row = ‹line›|‹line›¦‹line›¦|‹line›|‹line›|¦|‹line›|‹line›|‹line›|‹line›¦
block = ‹text›¦‹text›¦# ‹line›¦   ### ‹line› ##¦## ‹line› {#‹word›}¦‹text›⏎===¦‹text›⏎  -¦```‹info›⏎‹text›⏎```
¦~~~~‹info›⏎‹text›⏎~~~¦```‹info›⏎‹text›¦    ‹line›⏎    ‹line›¦⇥‹text›¦[‹label›]: ‹address›‹title›
¦[‹label›]: ‹address›‹title›¦[‹label›]: ‹address›‹title› ‹word›¦[‹label›]:⏎‹address›⏎[‹label›]: /‹word›
¦[//]: # (‹word›)¦[^]: ‹word›¦[^a⏎b]: ‹word›¦|‹line›|‹line›|⏎|:-:|---|⏎‹row›⏎‹row›¦‹line›|‹line›⏎-|-:⏎‹row›
¦|‹line›|⏎|-|⏎‹row›⏎‹row›¦***¦- - -¦   ¦\f¦‹open›⏎‹text›¦‹open›⏎‹text›⏎‹close›¦‹open›⏎⏎‹block›⏎⏎‹close›
¦‹tag›‹text›¦‹hidden›‹text›¦‹nested›¦‹nested›¦‹nested›¦‹nested›¦‹nested›
blocks = ‹block›¦‹block›⏎⏎‹block›¦‹block›⏎‹block›¦‹block›⏎⏎‹block›⏎⏎‹block›
joint = ⏎⏎¦⏎⏎¦⏎¦⏎ ⏎¦\r¦⏎⏎\r
document = ‹block›¦‹block›‹joint›‹block›¦\ufeff‹block›¦‹block›‹joint›‹block›‹joint›‹block›‹joint›
"""
RULES = {"word": WORDS, "odd": ODD, "sign": SIGNS} | {
    name: templates.replace("\n", "").replace("⏎", "\n").replace("⇥", "\t").split("¦")
    for name, templates in re.findall(r"^([a-z]+) = (.*(?:\n¦.*)*)", GRAMMAR, re.MULTILINE)
}
# What the first line and the others of blocks within another begin with.
CONTAINERS = [
    *[("> ", "> "), ("> ", ">"), ("> ", ""), ("> [!NOTE]\n> ", "> "), ("> [!tip] ‹word›\n> ", "> ")],
    *[("- ", "  "), ("* ", ""), ("1. ", "   "), ("7) ", "   "), ("- [x] ", "  "), ("- [ ] ", "      ")],
    *[("[^‹note›]: ", "    "), ("[^‹note›]: ", ""), ("‹line›\n: ", "  "), ("‹line›\n\n:   ", "    ")],
]
DEPTH = 9  # of rules within rules
_PLACE = re.compile("‹([a-z]+)›")
_GOES_ON = re.compile("‹(?:text|line|row|blocks?|nested)›")
_RAW = re.compile("‹(?:tag|hidden|open)›")


@st.composite
def _documents(draw: st.DrawFn, *, raw: bool) -> str:
    """Draw a document, with raw HTML in it or with none but pairs of `<b>`."""

    def written(rule: str, depth: int) -> str:
        if rule == "line":
            return written("text", depth).replace("\n", " ")
        if rule == "nested":
            first, rest = draw(st.sampled_from(CONTAINERS))
            inside = written("blocks", depth + 1).replace("\n", "\n" + rest)
            return filled(first, depth + 1) + inside
        choices = [template for template in RULES[rule] if raw or not _RAW.search(template)]
        if depth > DEPTH:
            choices = [template for template in choices if not _GOES_ON.search(template)] or choices[:1]
        return filled(draw(st.sampled_from(choices)), depth + 1)

    def filled(template: str, depth: int) -> str:
        return _PLACE.sub(lambda place: written(place[1], depth), template)

    return written("document", 0)


DOCUMENTS = _documents(raw=True)
WITHOUT_HTML = _documents(raw=False)

SNIPPETS = """
# ## === --- *** - * + 1. 2) > ` `` ``` ~~~ * ** _ __ ~ ~~ \\ | | |-| [ ] ![ ]( ) ( ](/u) ][ ]: [one] [one]: [two]:
[^1] [^1]: [^2]: [^n " ' <b> </b> <div> </div> <pre> </pre> <!-- --> <? ?> <![CDATA[ ]]> <! < > <script> </script>
<http://x.example> <m@x.example> www.x.example https://x.example/z m@x.example [x] [!NOTE] : {#i} = & ; &amp; &#65;
""".split()
SNIPPETS += [*WORDS, *ODD, *"\n\n\n \t\r\x0b\x0c\ufeff", "\n\n", "  \n", "\\\n"]
SNIPPETS += [
    f"\n{start}"
    for start in ("> ", "- ", "  ", "    ", "\t", "[^1]: ", "[one]: ", ": ", "```\n", "> [!NOTE]\n")
]
SNIPPETS += ["|a|b|\n|-|-|\n"]
SOUP = st.lists(st.sampled_from(SNIPPETS), max_size=25).map("".join)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
