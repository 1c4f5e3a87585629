"""When readers first got an article, and when its last change: a typo is none."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article, Publication
from tests.conftest import content

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def day(n):
    return NOON + timedelta(days=n)


@pytest.fixture
def publish(save, moderator, monkeypatch):
    """Saves and publishes a version on a day; with `saved_only`, saves it."""

    def publish(n, kind="", *, saved_only=False):
        monkeypatch.setattr(timezone, "now", lambda: day(n))
        revision = save(f"Day {n}.\n", change_kind=kind)
        if not saved_only:
            assert workflow.publish(revision, by=moderator) is None
        return revision

    return publish


def dates():
    article = Article.objects.get()
    return [(moment - NOON).days for moment in (article.first_published_at, article.published_at)]


@pytest.mark.parametrize(("kind", "changed"), [("", 2), ("correction", 2), ("update", 2), ("typo", 0)])
def test_first_day_stays_and_a_typo_changes_no_date(publish, kind, changed):
    publish(0)
    publish(2, kind)

    assert dates() == [0, changed]


def test_typos_of_typos_keep_the_day_of_the_last_change(publish):
    for n, kind in enumerate(("", "update", "typo", "typo")):
        publish(n, kind)

    assert dates() == [0, 1]


def test_typo_that_brings_a_change_along_is_a_change(publish):
    publish(0)
    publish(1, saved_only=True)
    publish(2, "typo")
    assert dates() == [0, 2]
    publish(3, "typo")
    assert dates() == [0, 2]


def test_article_that_begins_with_a_typo_has_a_day(publish):
    publish(1, "typo")

    assert dates() == [1, 1]


def test_days_outlast_an_unpublication(publish, moderator, monkeypatch):
    revision = publish(0)
    workflow.unpublish(Article.objects.get(), by=moderator)
    monkeypatch.setattr(timezone, "now", lambda: day(5))

    workflow.publish(revision, by=moderator)

    assert dates() == [0, 0]


def test_no_change_moves_anything_to_the_top(publish, moderator, client, monkeypatch):
    publish(0)
    monkeypatch.setattr(timezone, "now", lambda: day(1))
    other = workflow.save_revision(None, by=moderator, content=content(slug="ebb", title="Ebb"))
    workflow.publish(other, by=moderator)

    def titles():
        page = client.get("/").content.decode()
        return sorted(("Tides", "Ebb"), key=lambda title: page.index(f"<bdi>{title}"))

    publish(2, "typo")
    assert titles() == ["Ebb", "Tides"]
    publish(3, "update")
    assert titles() == ["Ebb", "Tides"]


def test_page_says_both_days(publish, client):
    publish(0)

    def page(rest=""):
        answer = client.get(f"/articles/tides/{rest}").content.decode()
        return " ".join(re.sub("<[^>]*>", "", answer).split())

    assert "First published March 1, 2027" in page()
    assert "Updated" not in page()
    publish(2, "typo")
    assert "Updated" not in page()
    publish(4)
    assert "Updated March 5, 2027" in page()
    assert "First published" not in page("revisions/1/")


def test_first_image_of_the_text_stands_for_a_cover_in_lists(save, moderator):
    name = "0123456789abcdef01234567-8x6.png"
    workflow.publish(save(f"A door.\n\n![A door](/media/images/{name})\n"), by=moderator)
    workflow.publish(save("No door.\n"), by=moderator)

    assert list(Publication.objects.order_by("pk").values_list("cover", flat=True)) == [name, ""]
