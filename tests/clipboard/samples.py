"""Clipboards in the manner of common programs, and the Markdown that a writer wants of each."""

_WORD_ITEM = (
    "<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:{place}'><![if !supportLists]><span\n"
    "style='font-family:Symbol'><span style='mso-list:Ignore'>{sign}<span style='font:7.0pt \"Times New Roman\"'>"
    "&nbsp;&nbsp; </span></span></span><![endif]>{text}<o:p></o:p></p>\n"
)
_WORD_NOTE = (
    '<a style=\'mso-footnote-id:ftn1\' href="#{to}" name="{name}" title=""><span '
    "class=MsoFootnoteReference><![if !supportFootnotes]>[1]<![endif]></span></a>"
)
_WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style><!--\n p.MsoNormal {margin:0cm;}\n--></style>"
    "<!--[if gte mso 9]><xml><o:Settings/></xml><![endif]--></head><body lang=EN-GB>\r\n<!--StartFragment-->\r\n"
    "<h2>Mill <o:p></o:p></h2>\r\n<p class=MsoNormal>The <b>wheel</b> turns in <i>every\r\ntide</i>, 3&nbsp;m high."
    + _WORD_NOTE.format(to="_ftn1", name="_ftnref1")
    + "<o:p></o:p></p>"
    + _WORD_ITEM.format(place="l0 level1 lfo1", sign="·", text="sluice")
    + _WORD_ITEM.format(place="l0 level2 lfo1", sign="o", text="gate")
    + _WORD_ITEM.format(place="l1 level1 lfo2", sign="1.", text="Open it.")
    + _WORD_ITEM.format(place="l1 level1 lfo2", sign="2.", text="Wait.")
    + "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoQuote>Mind the ebb.</p>"
    "<p class=MsoNormal><span style='font-family:\"Courier New\"'>open --slow<br>\nshut<span style='mso-spacerun:yes'>"
    "&nbsp;&nbsp; </span># now</span></p>"
    "<div style='mso-element:footnote-list'><br clear=all><hr size=1><div style='mso-element:footnote' id=ftn1>"
    "<p class=MsoFootnoteText>"
    + _WORD_NOTE.format(to="_ftnref1", name="_ftn1")
    + " At springs.</p></div></div>"
    "<!--EndFragment--></body></html>"
)
_WORD_MARKDOWN = """\
## Mill

The **wheel** turns in *every tide*, 3\u00a0m high.[^1]

- sluice
  - gate

1. Open it.
2. Wait.

> Mind the ebb.

```
open --slow
shut   # now
```

[^1]: At springs.
"""
_RUN = '<span style="font-weight:{weight};font-style:{style};white-space:pre-wrap;font-family:{font}">{text}</span>'


def _run(text: str, *, weight: int = 400, style: str = "normal", font: str = "Arial") -> str:
    return _RUN.format(text=text, weight=weight, style=style, font=font)


_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1>' + _run("Mill") + "</h1><p>"
    + _run("The ") + _run("wheel", weight=700) + _run(" turns ") + _run("each", weight=700, style="italic")
    + _run(" tide.")
    + '</p><ul><li aria-level="1"><p>' + _run("sluice") + '</p></li><ul><li aria-level="2"><p>' + _run("gate")
    + "</p></li></ul><li><p>" + _run("pond") + "</p></li></ul><p>"
    + _run("open  --slow", font="'Roboto Mono',monospace")
    + "</p><p>" + _run("shut", font="'Roboto Mono',monospace") + '</p></b><br class="Apple-interchange-newline">'
)  # fmt: skip

SAMPLES: dict[str, tuple[str, str]] = {
    "word": (_WORD, _WORD_MARKDOWN),
    "google docs": (
        _DOCS,
        "# Mill\n\nThe **wheel** turns ***each*** tide.\n\n- sluice\n  - gate\n- pond\n\n"
        "```\nopen  --slow\nshut\n```\n",
    ),
    "libreoffice writer": (
        '<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 7.4"/><style>p { margin: 0 }</style>'
        '</head><body lang="en-GB"><h1 class="western">Mill</h1>\n<p>The <b>wheel</b> turns in\nevery tide.'
        '<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p>\n'
        "<ol>\n\t<li><p>Open it.</p>\n\t<ol>\n\t\t<li><p>Slowly.</p>\n\t</ol>\n\t<li><p>Wait.</p>\n</ol>\n"
        '<pre class="western">open --slow\nshut</pre><div id="sdfootnote1"><p><a class="sdfootnotesym" '
        'name="sdfootnote1sym" href="#sdfootnote1anc">1</a>At springs.</p>\n</div></body></html>\0',
        "# Mill\n\nThe **wheel** turns in every tide.[^1]\n\n1. Open it.\n   1. Slowly.\n2. Wait.\n\n"
        "```\nopen --slow\nshut\n```\n\n[^1]: At springs.\n",
    ),
    "excel": (
        "<html><head><style><!--table {mso-x:y;}\n.xl65 {font-weight:700;}--></style></head><body><table border=0>"
        "<!--StartFragment--><col width=64><tr><td class=xl65>Tide</td><td class=xl65>Flow | m3</td></tr>"
        "<tr><td align=right>1</td><td>two<br>\n  three</td></tr><!--EndFragment--></table></body></html>",
        "| Tide | Flow \\| m3 |\n| --- | --- |\n| 1 | two<br>three |\n",
    ),
    "web page": (
        '<h2 style="font-weight: 600">Mill</h2><p>The <span style="font-style: italic">wheel</span> turns, '
        '<a href="https://example.org/a_b?c=(d)">see there</a>.<sup><a href="https://example.org/m#fn1" id="r1">[1]</a>'
        '</sup></p><blockquote><p>One.</p><p>Two.</p></blockquote><pre><code class="language-sh">open &lt;gate\n</code>'
        '</pre><img src="https://example.org/mill.png" alt="A mill"><hr><ol><li id="fn1">At springs. '
        '<a href="https://example.org/m#r1">\u21a9</a></li></ol>',
        "## Mill\n\nThe *wheel* turns, [see there](https://example.org/a_b?c=(d)).[^1]\n\n> One.\n>\n> Two.\n\n"
        "```sh\nopen <gate\n```\n\n![A mill](https://example.org/mill.png)\n\n[^1]: At springs.\n",
    ),
}
