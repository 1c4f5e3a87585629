"""Parts of the lists on a review's page: each answer is bounded, totals are true, and the rest is behind links."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.http.parts import MOST_ROWS
from articles.moderator import evidence, unseen
from tests.conftest import content
from tests.hostile import UNITS, filled, tag_characters

BEYOND = 400_000  # bytes that an answer may draw beside the text and its changes


@pytest.fixture
def page(client, moderator, author):
    """Submits a text and returns the page of its review."""
    client.force_login(moderator)

    def page(source, query="", **fields):
        review = workflow.submit(
            workflow.save_revision(None, by=author, content=content(source, **fields)), by=author
        )
        return client.get(f"{review.get_absolute_url()}{query}")

    return page


def parts_of(html):
    """The sections of the page by their names, and the rest under an empty one; footnotes belong to the text."""
    html = re.sub(r'<section class="footnotes".*?</section>', "", html, flags=re.DOTALL)
    sections = re.findall(r'<section[^>]* aria-labelledby="(\w+)">(.*?)</section>', html, re.DOTALL)
    rest = re.sub(r'<section[^>]* aria-labelledby="\w+">.*?</section>', "", html, flags=re.DOTALL)
    return dict(sections) | {"": rest}


@pytest.mark.parametrize("shape", [*UNITS][1::2])  # the others: on the page of an article
def test_answer_stays_within_its_budget_whatever_the_text(shape, page):
    source = filled(UNITS[shape], 20_000)

    response = page(source)

    assert response.status_code == 200
    drawn = parts_of(response.content.decode())
    del drawn["changes"]
    size = sum(len(part.encode()) for part in drawn.values())
    assert size - len(source.encode()) * 2 < BEYOND  # the text to fix, with its signs escaped
    assert sum(part.count("<mark") for part in drawn.values()) <= 500
    assert sum(part.count("<li") + part.count("<tr") for part in drawn.values()) <= 500


def test_findings_are_counted_by_kind_with_their_first_places(page):
    response = page("p\u0430per\n" * 70 + "d\u043eor\n")

    html = response.content.decode()
    assert [(kind.finding.text, kind.total) for kind, _ in response.context["kinds"]] == [
        ("\u0430", 70),
        ("\u043e", 1),
    ]
    assert 'Brought in <span class="count">71</span>' in html
    assert "67 more, marked on the page" in html
    assert re.findall(r"line \d+", parts_of(html)["findings"]) == ["line 1", "line 2", "line 3", "line 71"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("kinds", "".join(f"a{tag_characters(str(n))} " for n in range(MOST_ROWS + 3))),
        ("removals", "<b onclick=x>a</b> " * (MOST_ROWS + 3)),
        ("hosts", "".join(f"<https://host{n}.example/> " for n in range(MOST_ROWS + 3))),
    ],
)
def test_rest_of_a_list_is_behind_a_link(name, source, page, client):
    first = page(source)
    assert len(first.context[name]) == MOST_ROWS
    link = re.search(rf'rel="next" href="(\?{name}=2)#{name}"', first.content.decode())
    assert f"1 to {MOST_ROWS} of {first.context[f'{name}_part'].total}" in first.content.decode()

    second = client.get(first.request["PATH_INFO"] + link[1])

    assert len(first.context[name]) + len(second.context[name]) == first.context[f"{name}_part"].total
    assert not [row for row in second.context[name] if name == "hosts" and row in first.context[name]]
    assert f'rel="prev" href="?{name}=1#{name}"' in second.content.decode()


def test_wording_goes_on_behind_a_link(save, author, moderator, client, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_HIGHLIGHTS", 2)
    client.force_login(moderator)
    workflow.publish(save("".join(f"Line {n} is {n}.\n\n" for n in range(5))), by=moderator)
    review = workflow.submit(save("".join(f"Line {n} is {n + 20}.\n\n" for n in range(5))), by=author)

    lists = [client.get(review.get_absolute_url(), {"wording": n}).context["highlights"] for n in (1, 2, 3)]

    assert list(map(len, lists)) == [2, 2, 1]
    assert len(set(sum(map(tuple, lists), ()))) == 5


def test_each_kind_of_unseen_text_is_listed_alone_and_in_parts(page, client, monkeypatch):
    monkeypatch.setattr(unseen, "MOST_UNSEEN", 4)
    first = page("".join(f"a <!-- c{n} --> ![b{n}](/d) " for n in range(5)))
    path = first.request["PATH_INFO"]
    assert '<a href="?unseen=comment#unseen-list">List this kind alone</a>' in first.content.decode()

    alone, rest = client.get(f"{path}?unseen=comment"), client.get(f"{path}?unseen=comment&unseen-part=2")

    rows = [[text for _, text in each.context["unseen"].groups[0].rows] for each in (alone, rest)]
    assert rows == [[" c0 ", " c1 ", " c2 ", " c3 "], [" c4 "]]
    assert len(alone.context["unseen"].groups) == 1
    assert '<a href="?#unseen-list">All kinds</a>' in alone.content.decode()
    assert 'href="?unseen=comment&amp;unseen-part=2#unseen-list"' in alone.content.decode()
    assert "1 to 4 of 5" in alone.content.decode()


def test_long_passages_and_titles_are_cut_in_lists(page):
    html = page("a\n", title="p\u0430" * 90).content.decode()

    assert html.partition("<h1>")[2].partition("</h1>")[0].count("<mark") == 12


def test_long_reason_is_cut_in_lists_and_whole_in_the_export(save, author, moderator, client):
    reason = "r" * 2_000
    review = workflow.submit(save(), by=author)
    workflow.reject(review, by=moderator, reason=reason)
    client.force_login(moderator)

    for url in (reverse("queue"), reverse("log")):
        page = client.get(url).content.decode()
        assert "r" * 399 + "…" in page
        assert "r" * 400 not in page
    assert reason.encode() in b"".join(client.get(reverse("log-jsonl")).streaming_content)
    assert reason in client.get(review.get_absolute_url()).content.decode()
