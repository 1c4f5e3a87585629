"""Parts of the marks and findings of a page: each answer is bounded, and every flagged character is in one."""

import re

import pytest

from articles import workflow
from articles.http import parts
from articles.reader import pages
from articles.templatetags.prose import drawn
from articles.text.checks import scanning
from tests.hostile import UNITS, filled

BEYOND = 400_000  # bytes that an answer may draw beside the article itself


@pytest.fixture
def publish(save, moderator):
    """Publishes a text that a moderator approves; returns the length of the drawn text in bytes."""

    def publish(source):
        revision = save(source)
        workflow.approve(workflow.submit(revision, by=revision.author), by=moderator, reason="Seen.")
        return len(drawn(revision.renderings.latest().html).html.encode())

    return publish


def text(response):
    return response.content.decode()


def article_of(page):
    """The title and the text of a page, without the list beside it."""
    return re.split(r'<div class="inspector"|</article>', page.partition("<article")[2])[0].rstrip()


def marks_of(page):
    return len(
        re.findall(
            r'<mark (?:id="odd-\d+" tabindex="-1" )?class="finding',
            article_of(page),
        )
    )


def without_marks(html):
    return re.sub(r"</?mark[^>]*>", "", html)


@pytest.mark.parametrize("shape", [*UNITS][::2])  # the others: on the page of a review
def test_answer_stays_within_its_budget_whatever_the_text(shape, publish, client, moderator):
    html = publish(filled(UNITS[shape], 20_000))

    for url in ("/articles/tides/?escape=1", "/articles/tides/revisions/1/?escape=1"):
        response = client.get(url)
        assert response.status_code == 200
        assert marks_of(text(response)) <= parts.MOST_MARKS
        assert (
            text(response).partition('class="odd-list"')[2].count("<li")
            <= parts.MOST_MARKS + 2 * parts.MOST_ROWS
        )
        assert len(response.content) - html < BEYOND
        client.force_login(moderator)


def test_parts_hold_each_mark_and_each_finding_once(publish, client, monkeypatch):
    monkeypatch.setattr(pages, "MOST_MARKS", 5)
    publish("".join(f"p\u0430per{n}\n" for n in range(11)) + "[a](https://p\u0430y.example/)\n")
    plain = article_of(text(client.get("/articles/tides/")))

    url, marked, listed, elsewhere = "/articles/tides/?escape=1", [], [], []
    while url:
        page = text(client.get(url))
        article = article_of(page)
        assert without_marks(article).replace(" inspected railed", "") == plain
        marked += re.findall(r'<mark id="odd-(\d+)"[^>]*>\u0430</mark>per(\d+)', article)
        listed += re.findall(r'href="#odd-(\d+)"[^\n]*?<b>\u0430</b>per(\d+)</bdi>', page)
        elsewhere += re.findall(r"\((host of a link)\)", page)
        link = re.search(r'rel="next" href="(\?escape=1&amp;part=\d+)#odd-(\d+)"', page)
        url = link and "/articles/tides/" + link[1].replace("&amp;", "&")

    assert marked == listed == [(str(n + 1), str(n)) for n in range(11)]
    assert elsewhere == ["host of a link"] * 3  # beside each part


def test_part_tells_its_place_and_leads_back(publish, client, monkeypatch):
    monkeypatch.setattr(pages, "MOST_MARKS", 5)
    publish("p\u0430per\n" * 12)

    page = text(client.get("/articles/tides/?escape=1&part=2"))

    assert "6 to 10 of 12 flagged characters are marked" in page
    assert 'rel="prev" href="?escape=1&amp;part=1#odd-1"' in page
    assert 'rel="next" href="?escape=1&amp;part=3#odd-11"' in page
    assert '<mark id="odd-6"' in page
    assert "too many to mark them all at once" in page


def test_short_list_has_no_parts(publish, client):
    publish("p\u0430per\n")

    page = text(client.get("/articles/tides/?escape=1"))

    assert 'class="pages"' not in page
    assert "The list has them all" in page


@pytest.mark.parametrize(("at", "shown"), [("1", 1), ("5", 1), ("6", 2), ("12", 3), ("99", 3), ("x", 1)])
def test_part_of_a_mark_is_found_by_its_number(publish, client, monkeypatch, at, shown):
    monkeypatch.setattr(pages, "MOST_MARKS", 5)
    publish("p\u0430per\n" * 12)

    response = client.get("/articles/tides/", {"escape": 1, "at": at})

    assert response.context["part"].number == shown
    way = response.context["way"]
    assert way.total == 12
    if at.isdigit():
        assert (way.at, way.previous) == (min(int(at), 12), min(int(at), 12) - 1)
    assert client.get("/articles/tides/", {"escape": 1, "at": at, "part": 2}).context["part"].number == 2


@pytest.mark.parametrize(
    ("asked", "shown"), [("0", 1), ("x", 1), ("-1", 1), ("", 1), ("99", 3), ("9" * 40, 1)]
)
def test_part_that_is_none_shows_the_nearest(publish, client, monkeypatch, asked, shown):
    monkeypatch.setattr(pages, "MOST_MARKS", 5)
    publish("p\u0430per\n" * 12)

    assert client.get("/articles/tides/", {"escape": 1, "part": asked}).context["part"].number == shown


def test_next_part_of_a_page_scans_nothing_again(publish, client, monkeypatch):
    monkeypatch.setattr(pages, "MOST_MARKS", 5)
    publish("p\u0430per\n" * 12)
    client.get("/articles/tides/?escape=1")

    def scanned(*args):
        raise AssertionError("a text was scanned")

    monkeypatch.setattr(scanning, "_scan", scanned)
    assert "<mark" in text(client.get("/articles/tides/?escape=1&part=2"))
