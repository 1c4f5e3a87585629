"""Corrections: what was wrong in public texts and when it was mended, and nothing that readers may not know."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from articles import workflow
from articles.http import paging
from articles.models import Article, LiveChange
from tests.conftest import NOON, content

ATOM = "{http://www.w3.org/2005/Atom}"
PLACES = ("/corrections/", "/articles/tides/corrections/", "/articles/tides/")
SECRET = "The keeper is Edith."


@pytest.fixture
def correct(save, moderator):
    """Publishes a correction of "tides"."""

    def correct(source, summary=SECRET):
        revision = save(source, summary=summary, change_kind="correction")
        if review := workflow.publish(revision, by=moderator):
            workflow.approve(review, by=moderator)
        return revision

    return correct


def page(client, url):
    return client.get(url).content.decode()


def test_correction_is_listed_with_its_day_summary_and_comparison(client, published, correct, at):
    at(NOON)
    correct("The hands were moved by his niece.\n")

    for url in PLACES:
        assert SECRET in page(client, url)
        assert "1 March 2027" in page(client, url).replace("March 1, 2027", "1 March 2027")
    for url in PLACES[:2]:
        assert 'href="/articles/tides/compare/1..2/"' in page(client, url)
    assert '<a href="/articles/tides/"><bdi lang="en">Tides</bdi></a>' in page(client, "/corrections/")


@pytest.mark.parametrize("kind", ["", "update", "typo"])
def test_other_changes_are_no_corrections(client, published, save, moderator, kind):
    workflow.publish(save("Other.\n", summary=SECRET, change_kind=kind), by=moderator)

    assert all(SECRET not in page(client, url) for url in PLACES)


def test_first_version_corrects_nothing(client, correct):
    correct("The first one.\n")

    assert all(SECRET not in page(client, url) for url in PLACES)


def test_comparison_is_with_the_version_that_was_live(client, published, save, correct):
    save("A draft between.\n")
    correct("Corrected.\n")

    assert "/compare/1..3/" in page(client, "/corrections/")


def test_draft_is_listed_to_nobody(client, published, save, moderator, administrator):
    save("Not yet.\n", summary=SECRET, change_kind="correction")

    for account in (None, moderator, administrator):
        if account:
            client.force_login(account)
        assert all(SECRET not in page(client, url) for url in PLACES[:2])


def test_correction_that_goes_live_again_is_listed_once(client, published, correct, moderator):
    revision = correct("Corrected.\n")
    workflow.unpublish(revision.article, by=moderator)
    if review := workflow.publish(revision, by=moderator):
        workflow.approve(review, by=moderator)

    assert LiveChange.objects.corrections().count() == 1


def test_article_taken_offline_takes_its_corrections_along(client, published, correct, moderator):
    correct("Corrected.\n")
    workflow.unpublish(Article.objects.get(), by=moderator)

    assert SECRET not in page(client, "/corrections/")
    assert SECRET not in page(client, "/corrections/feed/")
    for account in (None, moderator):
        if account:
            client.force_login(account)
        assert client.get("/articles/tides/corrections/").status_code in (404, 410)


@pytest.mark.parametrize("url", [*PLACES, "/corrections/feed/"])
def test_hidden_summary_is_told_to_nobody(client, published, correct, administrator, url):
    revision = correct("Corrected.\n")
    workflow.hide(revision, by=administrator, parts=["summary"], reason="Personal.")

    assert SECRET not in page(client, url)


def test_hidden_text_before_is_not_linked(client, published, correct, administrator):
    correct("Corrected.\n")
    workflow.hide(published, by=administrator, parts=["text"], reason="Personal.")

    for url in (*PLACES[:2], "/corrections/feed/"):
        assert SECRET in page(client, url)
        assert "/compare/" not in page(client, url)
    client.force_login(administrator)
    assert "/compare/1..2/" in page(client, "/corrections/")


def test_pages_hold_each_correction_once(client, published, correct, at, monkeypatch):
    monkeypatch.setattr(paging, "PER_PAGE", 2)
    for n in range(3):
        at(NOON + timedelta(days=40 * n))
        correct(f"{n}\n", summary=f"Correction {n}.")

    first = page(client, "/corrections/")
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")

    assert re.findall(r"Correction \d", first) == ["Correction 2", "Correction 1"]
    assert re.findall(r"Correction \d", page(client, f"/corrections/{older}")) == ["Correction 0"]
    assert len(re.findall(r"<h2>\w+ 2027</h2>", first)) == 2


def test_article_page_takes_one_query_more_for_its_corrections(
    client, published, correct, django_assert_num_queries
):
    for n in range(7):
        correct(f"{n}\n", summary=f"Correction {n}.")
    with django_assert_num_queries(1):
        list(LiveChange.objects.in_brief(published.article)[:5])

    shown = page(client, "/articles/tides/")

    assert re.findall(r"Correction \d", shown) == [f"Correction {n}" for n in (6, 5, 4, 3, 2)]
    assert "/articles/tides/corrections/" in shown
    assert "/articles/tides/corrections/" not in page(client, "/articles/tides/revisions/1/")


def test_feed_is_valid_atom(client, published, correct, settings):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    correct("Corrected.\n", summary="Now \N{RIGHT-TO-LEFT OVERRIDE}right\uffff.")

    answer = client.get("/corrections/feed/")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    [entry] = root.findall(f"{ATOM}entry")
    for of in (root, entry):
        for name in ("id", "title", "updated"):
            assert len(of.findall(f"{ATOM}{name}")) == 1, name
    assert entry.find(f"{ATOM}link").get("href") == "https://site.example/articles/tides/compare/1..2/"
    assert entry.find(f"{ATOM}title").text == "Tides"
    assert entry.find(f"{ATOM}summary").text == "Now \\u202eright\\uffff."
    again = Client().get("/corrections/feed/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_empty_feed_and_lists_say_so(client, published):
    feed = ElementTree.fromstring(client.get("/corrections/feed/").content)
    assert feed.find(f"{ATOM}updated").text == "1970-01-01T00:00:00+00:00"  # the same each time
    assert "Nothing was corrected yet." in page(client, "/corrections/")
    assert "Nothing was corrected in this article." in page(client, "/articles/tides/corrections/")
    assert 'id="corrections"' not in page(client, "/articles/tides/")


def test_moved_article_leads_to_its_corrections(client, published, correct, save, moderator):
    correct("Corrected.\n")
    article = Article.objects.get()
    moved = workflow.save_revision(article, by=moderator, content=content("Moved.\n", slug="ebb"), base=2)
    workflow.publish(moved, by=moderator)

    answer = client.get("/articles/tides/corrections/")

    assert (answer.status_code, answer.url) == (301, "/articles/ebb/corrections/")


def test_footer_of_every_page_leads_to_the_corrections(client, published):
    assert 'href="/corrections/"' in page(client, "/")
