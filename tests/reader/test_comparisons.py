"""The comparison pages: every view of them, for people and for programs."""

import json
import re
import subprocess
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Revision
from articles.text.diff import compare
from tests.conftest import FLAGGED

OLD = (
    "First line.\n\n"
    + "".join(f"Line {n} stays.\n" for n in range(20))
    + "\nThe [map](https://maps.example/a).\n"
)
NEW = OLD.replace("First", "Second").replace("maps.example", "maqs.example") + FLAGGED
MOVED = "The tide table hangs by the door and is read before breakfast.\n"
QUERIES = [{"view": "page"}, {"view": "side"}, {"view": "source"}, {"view": "source", "context": "all"}]
REST = "".join(f"Fishing boat number {n} leaves when the bell rings.\n\n" for n in range(3))


@pytest.fixture
def pair(save, author, moderator):
    """Versions 1 and 2 of a public article."""

    def pair(old, new):
        for source in (old, new):
            workflow.approve(workflow.submit(save(source), by=author), by=moderator)
        return reverse("compare", args=["tides", 1, 2])

    return pair


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("view", ["page", "source", "side"])
def test_every_view_shows_both_texts_escaped_and_says_what_changed(client, pair, view):
    url = pair("<b>one</b> <script>x</script>\n", "<b>two</b> <script>x</script>\n")

    page = text(client.get(url, {"view": view}))

    assert "<script>x" not in page
    assert "1 change between version 1 and version 2: 3 characters in, 3 out." in page
    assert re.search('<del class="change[^>]*>one</del>', page)
    assert re.search('<ins class="change[^>]*>two</ins>', page)
    assert page.count('aria-current="true"') == 1


def view_of(response):
    page = text(response)
    return "page" if "prose marked" in page else "side" if 'class="diff side"' in page else "source"


def test_view_is_the_page_unless_another_is_chosen_and_the_choice_is_kept(client, pair):
    url = pair("one\n", "two\n")

    assert view_of(client.get(url)) == "page"
    assert view_of(client.get(url, {"view": "side"})) == "side"
    assert view_of(client.get(url)) == "side"
    assert view_of(client.get(url, {"view": "<script>"})) == "side"
    assert view_of(client.get(url, {"view": "source"})) == "source"
    assert view_of(client.get(url)) == "source"


@pytest.mark.parametrize(("former", "view"), [("inline", "source"), ("rendered", "page")])
def test_former_names_of_views_still_lead_there(client, pair, former, view):
    url = pair("one\n", "two\n")

    assert view_of(client.get(url, {"view": former})) == view
    client.cookies["compare_view"] = former
    assert view_of(client.get(url)) == view


def test_side_view_pairs_lines(client, pair):
    page = text(client.get(pair("same\nold words here\n", "same\nnew words here\n"), {"view": "side"}))

    assert len(re.findall('class="line removed"', page)) == len(re.findall('class="line added"', page)) == 1
    assert page.count("same</td>") == 2


def test_unchanged_lines_are_folded_and_can_be_opened(client, pair):
    url = pair(OLD, NEW)

    folded, opened = (text(client.get(url, {"view": "source"} | query)) for query in ({}, {"context": "all"}))

    assert "Line 10 stays." not in folded
    assert "?view=source&amp;context=all&amp;at=2#change-2" in folded
    assert "Line 10 stays." in opened
    assert "unchanged line" not in opened


@pytest.mark.parametrize("context", ["", "all"])
@pytest.mark.parametrize(("view", "anchor"), [("page", "c"), ("source", "change-"), ("side", "change-")])
def test_bar_leads_from_change_to_change_without_a_script(client, pair, view, anchor, context):
    url = pair(OLD, NEW)
    query = {"view": view, "context": context}

    first = text(client.get(url, query))
    second = text(client.get(url, query | {"at": "2"}))

    assert "Change 1 of 2" in first
    assert 'rel="prev" href' not in first
    assert f'rel="next" href="?view={view}&amp;context={context}&amp;at=2#{anchor}2"' in first
    assert "Change 2 of 2" in second
    assert f'rel="prev" href="?view={view}&amp;context={context}&amp;at=1#{anchor}1"' in second
    assert 'rel="next" href' not in second
    for number in (1, 2):
        assert first.count(f'id="{anchor}{number}"') == 1


@pytest.mark.parametrize("view", ["page", "source"])
@pytest.mark.parametrize("query", [{"at": "99"}, {"at": "x"}, {"at": "0"}, {"part": "99"}, {"part": "-1"}])
def test_numbers_beyond_the_changes_are_the_nearest(client, pair, view, query):
    page = text(client.get(pair(OLD, NEW), {"view": view} | query))

    assert "Change 2 of 2" in page or "Change 1 of 2" in page


@pytest.mark.parametrize("view", ["source", "side"])
def test_both_ends_of_a_move_lead_to_each_other(client, pair, view):
    page = text(client.get(pair(MOVED + "\n" + REST, REST + MOVED), {"view": view}))

    for side in ("old", "new"):
        assert page.count(f'id="move-1-{side}"') == 1
        assert f'href="#move-1-{side}"' in page
    assert "1 block moved" in page


def test_changed_link_is_called_out_with_the_host_it_leads_to(client, pair):
    page = text(client.get(pair(OLD, NEW)))

    assert "https://maps.example/a</del>" in page
    assert "https://maqs.example/a</ins>" in page
    assert "leads to maqs.example" in page
    assert "1 link changed from maps.example to maqs.example" in page


def test_what_hides_in_a_link_is_drawn_in_the_list_of_links_too(client, pair):
    page = text(client.get(pair("[a](https://a.example)\n", "[a](https://a\u200b.example?<b>)\n")))

    links = page[page.index('class="links"') : page.index("data-way")]
    assert 'data-box="ZWSP"' in links
    assert "<b>" not in links


def test_new_and_lost_links_are_told(client, pair):
    page = text(client.get(pair("[a](https://a.example)\n", "no link, then [b](/b) and [c](/c)\n")))

    assert "2 links changed" in page
    assert "new:" in page


def test_findings_that_came_are_told_from_those_that_were_there(client, pair):
    page = text(client.get(pair(FLAGGED, FLAGGED + "\nA p\u0430ge more.\n"), {"view": "source"}))

    marks = re.findall('<mark class="(finding warning(?: new)?)"', page[: page.index('class="findings"')])
    assert marks == ["finding warning", "finding warning new"]
    assert "Brought in by this change" in page
    assert "1 kind of finding was there before" in page


def test_json_is_what_the_engine_says_and_rebuilds_both_texts(client, pair):
    url = pair(OLD, NEW)

    answer = json.loads(client.get(url.rstrip("/") + ".json").content)

    assert (answer["old"], answer["new"]) == (1, 2)
    assert answer["fields"]["title"] == ["Tides", "Tides"]
    assert answer["coarse"] is False
    changes = answer["changes"]
    assert len(changes) == len(compare(OLD, NEW).changes)
    assert "".join(NEW[slice(*c["new"])] for c in sorted(changes, key=lambda c: c["new"])) == NEW


def test_unified_diff_applies(client, pair, tmp_path):
    url = pair(OLD, NEW.rstrip("\n"))
    (tmp_path / "tides.md").write_text(OLD)

    patch = client.get(url.rstrip("/") + ".diff")

    assert patch["Content-Type"] == "text/plain; charset=utf-8"
    subprocess.run(["git", "apply", "-"], input=patch.content, cwd=tmp_path, check=True)
    assert (tmp_path / "tides.md").read_text() == NEW.rstrip("\n")


@pytest.mark.parametrize("ending", ["/", ".json", ".diff"])
def test_comparison_obeys_what_the_person_may_see(client, published, save, author, ending):
    save("Secret.\n")
    url = reverse("compare", args=["tides", 1, 2]).rstrip("/") + ending

    assert client.get(url).status_code == 404
    client.force_login(author)
    assert client.get(url).status_code == 200
    assert client.get(url.replace("1..2", "1..99")).status_code == 404


def test_history_leads_to_the_one_before_and_the_live_one(client, author, published, save):
    save("Second.\n")
    save("Third.\n")
    client.force_login(author)

    page = text(client.get("/articles/tides/history/"))

    for pair in ((2, 3), (1, 3), (1, 2)):
        assert reverse("compare", args=["tides", *pair]) in page


def test_history_leads_from_any_version_to_any_other_in_two_clicks(client, author, published, save):
    for n in range(35):
        save(f"Version {n}.\n")
    client.force_login(author)

    assert 'href="?old=36"' in text(client.get("/articles/tides/history/"))
    page = text(client.get("/articles/tides/history/", {"old": 20}))
    assert reverse("compare", args=["tides", 20, 36]) in page
    assert reverse("compare", args=["tides", 7, 20]) in page
    assert "old=20&amp;after=7" in page
    second = text(client.get("/articles/tides/history/", {"old": 20, "after": 7}))
    assert reverse("compare", args=["tides", 1, 20]) in second


@pytest.mark.parametrize(("old", "new"), [("x", "1"), ("0", "1"), ("9" * 30, "1"), ("", "")])
def test_history_asked_for_no_versions_finds_nothing(client, published, old, new):
    assert client.get("/articles/tides/history/", {"old": old, "new": new}).status_code == 404


class Elements(HTMLParser):
    """The elements of a page, with the attributes that could do something."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [
            tag,
            *(name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")),
        ]


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe srcdoc="<b onclick=x>">',
    "[x](javascript:alert(1))",
    "</td></table><object>",
    "p\N{CYRILLIC SMALL LETTER A}y</mark><embed>\N{ZERO WIDTH SPACE}",
    "&lt;video onplay=1&gt;",
]


@pytest.mark.parametrize(
    "query", [{"view": "page"}, {"view": "side"}, {"view": "source"}, {"view": "source", "context": "all"}]
)
def test_nothing_that_authors_write_becomes_an_element(client, save, author, query):
    same = "".join(f"Same {attack}\n" for attack in ATTACKS)
    old = same + "".join(f"was {attack} here\n\n" for attack in ATTACKS) + "[a](https://a.example/<u>)\n"
    new = (
        same
        + "".join(f"now {attack}{attack} there\n\n" for attack in ATTACKS)
        + "[a](https://b.example/<u>)\n"
    )
    save(old, title=f"Old {ATTACKS[0]}", tags=(ATTACKS[1],), summary=ATTACKS[2])
    save(new, title=f"New {ATTACKS[1]}", tags=(ATTACKS[2],), summary=ATTACKS[3])
    save("Harmless.\n")
    save("Blameless.\n")
    client.force_login(author)

    attacked = Elements(text(client.get(reverse("compare", args=["tides", 1, 2]), query)))
    harmless = Elements(text(client.get(reverse("compare", args=["tides", 3, 4]), query)))

    foreign = {"iframe", "object", "embed", "video"}
    if query["view"] != "page":  # where the sanitizer lets these two through
        foreign |= {"img", "u"}
    assert foreign.isdisjoint(attacked.found)
    for name in ("script", "svg"):
        assert attacked.found.count(name) == harmless.found.count(name)
    assert not [name for name in attacked.found if name.startswith("on") or "alert" in name]


@pytest.mark.parametrize(
    "query", [{"view": "page"}, {"view": "side"}, {"view": "source"}, {"view": "source", "context": "all"}]
)
def test_comparison_takes_the_same_few_queries(client, pair, save, django_assert_max_num_queries, query):
    url = pair(OLD, NEW)
    for n in range(10):
        save(f"{n}\n")

    with django_assert_max_num_queries(8):
        client.get(url, query)
    assert Revision.objects.count() == 12


@pytest.mark.parametrize("view", ["source", "side"])
def test_changed_characters_that_show_nothing_are_drawn_even_where_they_are_no_finding(client, pair, view):
    page = text(client.get(pair("10 km\n", "10\N{NO-BREAK SPACE}km\n"), {"view": view}))

    assert '<span class="unseen" data-box="NBSP">\N{NO-BREAK SPACE}</span>' in page


def links_of(page, part):
    """The comparisons that a part of the page leads to."""
    html = page[page.index(part) :]
    return re.findall(r"/compare/(\d+\.\.\d+)/", html[: html.index("</nav>")])


def test_head_leads_to_the_readable_versions_around(client, save, author, administrator):
    revisions = [save(f"Version {number}.\n") for number in range(1, 8)]
    workflow.hide(revisions[2], by=administrator, parts=["text"], reason="A name.")
    client.force_login(author)

    page = text(client.get(reverse("compare", args=["tides", 4, 6])))

    assert links_of(page, 'class="card before"') == ["2..6", "5..6"]
    assert links_of(page, 'class="card after"') == ["4..5", "4..7"]
    assert links_of(page, 'class="edits"') == ["2..5", "5..7"]
    assert "1 version between" in page


def test_head_names_the_ends_of_the_history(client, pair):
    page = text(client.get(pair("one\n", "two\n")))

    assert "Oldest" in page
    assert "Newest" in page
    assert links_of(page, 'class="card before"') == links_of(page, 'class="card after"') == []
    assert page.count('class="badge live"') == 1


def test_drafts_are_no_neighbours_for_visitors(client, pair, save):
    url = pair("one\n", "two\n")
    save("A draft.\n")

    page = text(client.get(url))

    assert "Newest" in page
    assert 'max="2"' in page
    assert 'max="3"' not in page
