"""Lists and histories kept whole for visitors: one query, and nothing stale."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Article, Facet, Hiding, LiveChange
from articles.reader import keeping, pages, rows
from articles.revisions import triggers
from tests.conftest import FLAGGED, content

HISTORY = "/articles/tides/history/"
LISTS = ("/", "/tags/sea/", "/tags/", "/authors/")


@pytest.fixture
def live(save, author, moderator):
    """A version with a flagged character and a tag, live."""
    revision = save(FLAGGED, tags=("sea",))
    workflow.approve(workflow.submit(revision, by=author), by=moderator)
    return revision


def shown(client, *urls):
    """What some lists say in all."""
    answers = [client.get(url) for url in urls]
    return " ".join(answer.content.decode() for answer in answers if answer.status_code == 200)


def test_kept_list_takes_one_query_and_gives_the_same_answer(client, live, django_assert_num_queries):
    others = ("/articles/", "/languages/en/", "/authors/author/", "/archive/", HISTORY)
    for url in (*LISTS, *others, f"/archive/{timezone.now():%Y/%m}/"):
        first = client.get(url)
        with django_assert_num_queries(1):
            second = client.get(url)

        assert second.content == first.content
        for name in ("ETag", "Vary", "Cache-Control", "Content-Length"):
            assert second[name] == first[name]
        assert first.get("X-Robots-Tag") == second.get("X-Robots-Tag")
        assert (first["Vary"], first["Cache-Control"]) == ("Cookie, Accept-Language", "no-cache")


def test_list_that_the_browser_has_is_not_sent_again(client, live, save, moderator):
    etag = client.get("/")["ETag"]

    same = client.get("/", headers={"If-None-Match": etag})
    workflow.publish(save("Changed.\n"), by=moderator)
    changed = client.get("/", headers={"If-None-Match": etag})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


def test_lists_follow_what_is_published_and_taken_offline(client, live, save, moderator):
    assert "Tides" in shown(client, *LISTS)
    workflow.publish(save("Changed.\n", title="Ebb", tags=("sand",)), by=moderator)
    changed = shown(client, *LISTS)
    workflow.unpublish(Article.objects.get(), by=moderator)

    assert {"Ebb", "sand"} <= set(re.findall(r"\w+", changed))
    assert not {"Tides", "sea"} & set(re.findall(r"\w+", changed))
    assert not re.search("Ebb|sand", shown(client, *LISTS))


@pytest.mark.parametrize("parts", ["text", "author"])
def test_lists_forget_what_is_hidden_at_once(client, live, administrator, parts):
    name = {"text": "Tides", "author": "<bdi>author</bdi>"}[parts]
    assert name in shown(client, *LISTS)

    hiding = workflow.hide(live, by=administrator, parts=[parts], reason="Private.")

    assert name not in shown(client, *LISTS)
    if parts == "author":
        workflow.unhide(hiding, by=administrator)
        assert shown(client, *LISTS).count(name) > 1


def test_lists_forget_what_an_undone_decision_let_live(client, live, save, author, moderator):
    review = workflow.submit(save("New.\n", title="Ebb", tags=("sand",)), by=author)
    workflow.approve(review, by=moderator)
    review.refresh_from_db()
    assert "Ebb" in shown(client, "/")

    workflow.undo(review, by=moderator)

    assert not re.search("Ebb|sand", shown(client, *LISTS))


def test_lists_tell_of_flagged_characters_until_they_are_allowed(client, live, moderator, confirmed):
    assert "1 odd character" in shown(client, "/")

    fields = {"kind": "word", "scope": "site", "by": moderator, "reason": "A name."}
    allowance = confirmed(workflow.allow("p\u0430per", **fields))

    assert "odd character" not in shown(client, "/", "/tags/sea/")
    workflow.revoke(allowance, by=moderator, reason="No name.")
    assert "1 odd character" in shown(client, "/tags/sea/")


def test_lists_follow_a_new_rendering(client, live):
    assert "1 odd character" in shown(client, "/")
    rendering = live.renderings.latest()
    rendering.pk, rendering.alerts, rendering.warnings = None, 3, 0
    rendering.save()

    assert "3 odd characters" in shown(client, "/")


def test_history_follows_versions_hidings_and_their_pages(client, live, save, moderator, administrator):
    assert "noindex" in client.get(HISTORY)["X-Robots-Tag"]
    workflow.publish(save("Changed.\n", summary="At the ebb"), by=moderator)
    assert "At the ebb" in shown(client, HISTORY)

    workflow.hide(Article.objects.get().published_revision, by=administrator, parts=["summary"], reason="A.")
    assert "At the ebb" not in shown(client, HISTORY)
    before = client.get(HISTORY)["ETag"]
    rendering = live.renderings.latest()
    rendering.pk = None
    rendering.save()
    assert client.get(HISTORY)["ETag"] != before
    workflow.unpublish(Article.objects.get(), by=moderator)
    assert shown(client, HISTORY) == ""


@pytest.mark.parametrize("url", ["/", "/articles/tides/"])
def test_hiding_that_ends_later_than_one_after_it_is_not_missed(client, live, save, administrator, url):
    """Two transactions may take their keys in one order and end in the other."""
    name = "<bdi>author</bdi>"
    by = {"hidden_by_name": "administrator", "hidden_at": timezone.now()}
    Hiding.objects.create(pk=1_000, revision=save("Draft.\n"), author=True, **by)
    assert name in shown(client, url)

    Hiding.objects.create(pk=999, revision=live, author=True, **by)

    assert name not in shown(client, url)


def test_facets_of_what_goes_live_late_are_not_missed(client, publish):
    """Two transactions may take their keys in one order and end in the other."""
    publish("one", tags=("sea",))
    first = LiveChange.objects.get()
    publish("two", tags=("sand",))
    late = Facet.objects.get(value="sea")
    with triggers.dropped(connection):
        first.delete()
        late.delete()
    assert "/tags/sea/" not in shown(client, "/tags/")

    with triggers.dropped(connection):
        first.save()
        late.save()

    assert "/tags/sea/" in shown(client, "/tags/")


def test_facets_are_counted_once(client, publish):
    publish("one", tags=("sea",))
    with CaptureQueriesContext(connection) as asked:
        shown(client, "/tags/", "/tags/")

    assert sum("GROUP BY" in query["sql"] for query in asked) == 1


def test_page_made_after_its_question_is_not_served_when_the_answer_comes_again(
    client, live, moderator, monkeypatch
):
    asked = rows.listed_articles()
    other = content("Other.\n", slug="ebb", title="Ebb")
    workflow.publish(workflow.save_revision(None, by=moderator, content=other), by=moderator)
    with monkeypatch.context() as patched:
        patched.setattr(pages, "listed_articles", lambda: asked)
        assert "Ebb" in shown(client, "/")
    workflow.unpublish(Article.objects.get(slug="ebb"), by=moderator)

    assert "Ebb" not in shown(client, "/")


def test_only_plain_requests_of_visitors_get_kept_lists(client, live, reader, settings, monkeypatch):
    def asked():
        raise AssertionError("nothing is kept")

    monkeypatch.setattr(pages, "listed_articles", asked)
    assert client.get("/?after=x").status_code == 200
    settings.DEBUG = True
    assert client.get("/").status_code == 200
    settings.DEBUG = False
    client.force_login(reader)
    own = client.get("/")

    assert b"Log out reader" in own.content
    assert (own["Cache-Control"], own.has_header("ETag")) == ("private, no-store", False)


def test_list_of_an_empty_site_is_made_each_time(client, db, django_assert_num_queries):
    client.get("/")

    with django_assert_num_queries(2):
        assert b"Nothing is published yet." in client.get("/").content


def test_new_code_templates_or_data_of_unicode_make_a_new_release(monkeypatch):
    read, of_file = [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or of_file(path))

    keeping.release.__wrapped__()

    assert {"keeping.py", "base.html", "confusables.txt", "django.mo"} <= {*read}
