"""Comparisons of texts that make as much work as they can: every answer stays within its rows and bytes."""

import random
import re

import pytest
from django.urls import reverse

from articles.http.parts import MOST_ROWS
from tests.hostile import UNITS, filled

MAX_BYTES = 500_000  # of an answer
MAX_CHANGES = 1_300  # elements that mark one, of both sides
BYTES = 16_000  # of a text; a part holds less
QUERIES = [
    {"view": "page"},
    {"view": "source"},
    {"view": "side"},
    {"view": "source", "context": "all"},
    {"view": "side", "part": "3"},
]


def chosen(units: str, seed: int) -> str:
    """Units in an order that seems random, and is the same in each run."""
    order = random.Random(seed)
    return "".join(order.choice(units.split("|")) for _ in range(BYTES // 4))


def rows(seed: int) -> str:
    order = random.Random(seed)
    return "|a|b|\n|-|-|\n" + "".join(f"|{order.randrange(9)}|{order.randrange(9)}|\n" for _ in range(1_300))


def sentences(seed: int) -> str:
    numbers = list(range(400))
    random.Random(seed).shuffle(numbers)
    return "".join(f"Boat {number} leaves at noon.\n\n" for number in numbers)


PAIRS = {
    "one letter a line": (chosen("a\n|b\n|c\n", 1), chosen("a\n|b\n|c\n", 2)),
    "other letters": ("a\n" * 8_000, "b\n" * 8_000),
    "items": ("".join(f"- {n % 7}\n" for n in range(2_500)), "".join(f"- {n % 5}\n" for n in range(2_500))),
    "table": (rows(1), rows(2)),
    "one line": (chosen("a |b |c ", 1), chosen("a |b |c ", 2)),
    "moves": (sentences(1), sentences(2)),
    "links": (
        "".join(f"[a](/{n}) " for n in range(2_500)),
        "".join(f"[a](/x{n}) " for n in range(2_500)),
    ),
    "a long target": (f"[a](/{'x' * BYTES})", f"[a](/{'y' * BYTES})"),
    "nothing but a new text": ("a\n", "word <&> " * 3_500),
    "invisible": ("a" * 1_000, "a\u200b\u2060" * 4_000),
    "look-alikes": ("paper " * 4_000, filled(UNITS["look-alikes"], BYTES)),
    "all kinds": ("x\n\n" * 100, filled(UNITS["all kinds"], BYTES)),
    "code": ("    a\n" * 5_000, "    b\n" * 5_000),
}


@pytest.mark.parametrize("name", PAIRS)
def test_no_answer_takes_more_than_its_budget(client, save, author, name):
    for source in PAIRS[name]:
        save(source)
    client.force_login(author)
    url = reverse("compare", args=["tides", 1, 2])

    for query in QUERIES:
        page = client.get(url, query).content.decode()

        assert len(page.encode()) < MAX_BYTES, query
        if query["view"] != "page":  # where a block is never cut
            assert len(re.findall('<(?:ins|del) class="change', page)) <= MAX_CHANGES, query
        assert page.count('<li><del class="change"') <= 110
        findings = page[page.find('id="brought-in"') :]
        assert findings.count("<tr>") <= 2 + 2 * MOST_ROWS, query


def test_json_and_diff_stay_compact(client, save, author):
    for source in PAIRS["other letters"]:
        save(source)
    client.force_login(author)
    url = reverse("compare", args=["tides", 1, 2]).rstrip("/")

    found, diff = client.get(f"{url}.json"), client.get(f"{url}.diff")

    assert found.json()["coarse"]
    assert len(found.content) < MAX_BYTES
    assert len(diff.content) < 2 * sum(map(len, PAIRS["other letters"]))


def test_parts_lead_through_all_changes(client, save, author):
    for source in ("a\n" * 4_000, "b\n" * 4_000):
        save(source)
    client.force_login(author)
    url = reverse("compare", args=["tides", 1, 2])

    shown, query = [], "?view=source"
    while query:
        page = client.get(url + query).content.decode()
        if "part=2" in query:
            assert f'rel="prev" href="?view=source&amp;at={len(shown)}#change-{len(shown)}"' in page
        shown += map(int, re.findall(r'id="change-(\d+)"', page))
        after = re.search(r'<a href="(\?[^"]*)">The next part', page)
        query = after[1].replace("&amp;", "&") if after else ""

    assert len(shown) > 20
    first = re.findall(r'id="change-(\d+)"', client.get(url, {"view": "source"}).content.decode())
    last = client.get(url, {"view": "source", "at": first[-1]}).content.decode()
    number = len(first) + 1
    assert f'rel="next" href="?view=source&amp;part=2&amp;at={number}#change-{number}"' in last
    assert shown == list(range(1, len(shown) + 1))
    assert f"of {len(shown):,}" in page


def test_a_change_in_a_later_part_is_found_by_its_number(client, save, author):
    for source in ("a\n" * 4_000, "b\n" * 4_000):
        save(source)
    client.force_login(author)

    page = client.get(
        reverse("compare", args=["tides", 1, 2]), {"view": "source", "at": "20"}
    ).content.decode()

    assert 'id="change-20"' in page
    assert 'id="change-1"' not in page
    assert "Change 20 of" in page
