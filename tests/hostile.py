"""Texts that a save accepts and that make as much work as they can: a unit of each, repeated to any length.

`ORDINARY` has units of usual content, for comparison.
"""

from articles.text.page import MAX_SOURCE_BYTES, SourceRefused, sanitize

PROSE = "The tide table hangs by the door, and the keeper reads it before breakfast. "
ARABIC = "تعلق جداول المد قرب الباب، ويقرؤها الحارس قبل الفطور. "
CHINESE = "潮汐表挂在门边，看守人早餐前都要读一遍。"
THAI = "ตารางน้ำขึ้นน้ำลงแขวนอยู่ข้างประตู คนเฝ้าอ่านมันก่อนอาหารเช้า "
BIDI_CONTROLS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069"


def filled(unit: str, max_bytes: int = MAX_SOURCE_BYTES) -> str:
    """Return a unit repeated as often as it fits and is accepted, with a number in place of each `{n}`."""
    times = max_bytes // len(unit.encode())
    while True:
        text = "".join(unit.replace("{n}", str(n)) for n in range(times)) if "{n}" in unit else unit * times
        times = times * 9 // 10
        if len(text.encode()) <= max_bytes and _is_accepted(text):
            return text


def _is_accepted(text: str) -> bool:
    try:
        sanitize(text)
    except SourceRefused:
        return False
    return True


def tag_characters(text: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in text)


UNITS = {
    # findings
    "look-alikes": "p\u0430p\u0435r ",  # two letters of five, in each word
    "each letter in a word of its own": "a\u0430 b\u0435 c\u043e d\u0440\n",
    "invisible characters": "a\u200bb\u2060c\u00add ",
    "runs of invisible characters": "word" + "\u200b" * 40 + " ",
    "bidi controls": "".join(f"a{control}" for control in BIDI_CONTROLS) + "\n\n",
    "tag characters": f"word {tag_characters('hi')} ",
    "variation selectors": "a\U000e0100b\U000e0101 ",
    "misread letters": "cafÃ© naÃ¯ve â€œquotedâ€\u009d ",
    "digits of two scripts": "1\u0662 3\u0664 ",
    "spaces": "a\u2003b\u2000c\u3000d\n",
    "stacked marks": "a" + "\u0301" * 8 + " ",
    "styled letters": "\U0001d400\U0001d401 word ",
    "letters not composed": "e\u0301 u\u0308 ",
    "private use": "a\ue000 b\uf8ff ",
    "look-alikes in code": "`np\u0440` ",
    "look-alikes in link texts": "[p\u0430per](/a) ",
    "look-alikes in one line": "\u0430a",
    # links
    "odd hosts": "[a](https://p\u0430ypal{n}.example/) ",
    "links without text": "[](https://host{n}.example/) ",
    "many domains": "<https://host{n}.example/> ",
    "references": "[a{n}]\n\n[a{n}]: https://host{n}.example 'title {n}'\n\n",
    # what does not reach the page, and what readers do not see
    "removed elements": "<b onclick=x>a</b> ",
    "removed scripts": "<script>a{n}</script>\n\n",
    "removed attributes": '<i style="a:{n}" class=b>x</i> ',
    "removed images": "![a{n}](http://a.example/{n}.png) ",
    "images without description": "![](https://a.example/{n}.png)\n",
    "comments": "a <!-- {n} --> ",
    "descriptions and titles": '[a](/{n} "title {n}") ![words {n}](/{n}.png) ',
    "unused definitions": "[label {n}]: /a 'title'\n\n",
    "entities": "&#x430;a&#8203; ",
    # shapes
    "tables": "|a|b|\n|-|-|\n|p\u0430per|`\u0430a`|\n\n",
    "footnotes": "a[^{n}]\n\n[^{n}]: p\u0430per\n\n",
    "quotes in quotes": "> > > > > > p\u0430per\n\n",
    "emphasis": "*p\u0430per* **b\u200b** ",
    "headings": "# p\u0430per {n}\n\n",
    "lines": "\u0430a\n",
    "short lines": "a\n",
    "paragraphs": "\u0430a\n\n",
    # scripts
    "Chinese with look-alikes": CHINESE + "p\u0430per\n\n",
    "Arabic with bidi controls": ARABIC + "\u202eab\u202c\n\n",
    "Thai with invisible characters": THAI + "a\u200bb\n\n",
}
UNITS |= {
    "deep list": "".join("  " * depth + "- p\u0430per\n" for depth in range(24)),
    "one word": "p\u0430",
    "all kinds": "p\u0430per a\u200bb \u202ex\u202c 1\u0662 a\u2003b `np\u0440` <b onclick=x>y</b> <!-- {n} -->"
    ' [](https://h{n}.example) ![a "b"](/c.png "d{n}") &#x430;\n\n',
}
ORDINARY = {
    name: unit * 5 + "\n\n"
    for name, unit in [("English", PROSE), ("Arabic", ARABIC), ("Chinese", CHINESE), ("Thai", THAI)]
}
