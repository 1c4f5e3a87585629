"""Threads that sanitize at the same time get the same HTML as one thread alone."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from articles.text.markdown.parsing import CACHE
from articles.text.page import Sanitized, sanitize

THREADS = 8
SECONDS = float(os.environ.get("THREADS_SECONDS", "2"))

TEXTS_BY_KIND = {
    "prose": "It is *read* before **breakfast**, ***always***, and ~~never~~ rarely after.\n",
    "table": """\
| tide | ~~old~~ | *new* |
|:-----|:-------:|------:|
| high | `a|b` | 3 |
| low \\| | <b>x</b> | ~~4~~ |
""",
    "raw HTML": """\
<div><p align="center">A <em>b</em> <script>c</script></p></div>

A <kbd>K</kbd> <x-y> <!-- z -->, <del>d</del> and <b title="e" onclick="f">g</b>.
""",
    "footnotes": "Tides[^a] and winds[^b], tides[^a] again.\n\n[^a]: The *moon*.\n[^b]: The ~~sun~~ air.\n",
    "definitions": """\
A [door][d], a [gate], a [hall][].

[d]: /door "Oak"
[gate]: <https://gate.example/> (Iron)
[hall]: /hall
""",
    "special characters": (
        "*\N{PILE OF POO}*~~\N{ZERO WIDTH JOINER}~~ **\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}a**"
        " _\N{CJK UNIFIED IDEOGRAPH-6F6E}_ \\* &amp; &#x41; `` ` `` a*b*c __init__\n"
    ),
    "autolinks": (
        "See https://a.example/b_c_d, www.b.example/~e~ and m@c.example or <https://d.example/?a=1&b=2>.\n"
    ),
    "lists": "1. one\n   - [ ] ~~two~~\n   - [x] *three*\n2. four\n\n> quoted ~~five~~\n> - six\n",
    "links": (
        '[a *b* ~~c~~](/d "e") ![f](/media/g.png) [h](javascript:i) [j](//k.example)'
        ' <a href="/l" onclick="m">n</a>\n'
    ),
    "code": "```python\n~~a~~ <b> *c*\n```\n\n    *indented* ~~d~~\n\n# ~~Title~~ of `e`\n",
}
KINDS = "\n".join(TEXTS_BY_KIND.values())
TEXTS = TEXTS_BY_KIND | {f"long {kind}": f"{text}\n" * 8 for kind, text in TEXTS_BY_KIND.items()}
TEXTS |= {"all": KINDS, "long all": f"{KINDS}\n" * 3}


def _caches() -> list[Callable[[], None]]:
    """Return the functions that clear the caches of the sanitizer and the parser."""
    rooms = ("articles.text.page", "articles.text.markdown")
    modules = [module for name, module in sys.modules.items() if name.startswith(rooms)]
    values = [value for module in modules for value in vars(module).values() if not isinstance(value, type)]
    return list({id(value): value.cache_clear for value in values if hasattr(value, "cache_clear")}.values())


CACHES = _caches()


def _made_anew(text: str) -> Sanitized:
    for clear in CACHES:
        clear()
    return sanitize(text)


@pytest.fixture
def quick_switches() -> Iterator[None]:
    """Let threads take turns fifty times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 50)
    yield
    sys.setswitchinterval(before)


def test_eight_threads_make_the_pages_that_one_makes(quick_switches: None) -> None:
    pages = {kind: _made_anew(text) for kind, text in TEXTS.items()}
    together = Barrier(THREADS)

    def work(seed: int) -> Counter[tuple[str, bool]]:
        chance = random.Random(seed)
        made: Counter[tuple[str, bool]] = Counter()
        together.wait()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            kind = chance.choice([*TEXTS])
            made[kind, _made_anew(TEXTS[kind]) == pages[kind]] += 1
        return made

    with ThreadPoolExecutor(THREADS) as pool:
        made = sum(pool.map(work, range(THREADS)), Counter())

    assert CACHE.cache_clear in CACHES
    assert made
    assert not {kind: times for (kind, is_equal), times in made.items() if not is_equal}, made.total()
