"""The short way to published pages: one query, nothing stale, and something to read while the database is away."""

import re
import time
from contextlib import ExitStack

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.http import lately
from articles.models import Article
from articles.reader import keeping
from articles.reader import published as short_way
from tests.conftest import FLAGGED, content
from tests.revisions.test_bodies import damage

PAGE = "/articles/tides/"


@pytest.fixture
def away():
    """Takes the database away until the test ends."""

    def no_answer(*args):
        raise OperationalError("no answer")

    with ExitStack() as stack:
        yield lambda: stack.enter_context(connection.execute_wrapper(no_answer))


def test_address_is_that_of_the_page():
    assert short_way.ADDRESS.fullmatch(
        reverse("article", args=["Gezeiten-\u00fc"]).replace("%C3%BC", "\u00fc")
    )
    for other in (reverse("history", args=["tides"]), "/", "/articles/", "/articles/tides"):
        assert not short_way.ADDRESS.fullmatch(other)


def test_second_visit_takes_one_query_and_gives_the_same_bytes(client, published, django_assert_num_queries):
    for query in ("", "?escape=1"):
        first = client.get(PAGE + query)
        with django_assert_num_queries(1):
            second = client.get(PAGE + query)
        assert second.content == first.content
        assert b"The tide table hangs by the door." in second.content


def test_reader_signed_in_gets_the_same_text_and_an_own_page(client, published, reader):
    anonymous = client.get(PAGE)
    client.force_login(reader)

    own = client.get(PAGE)

    assert b"Log out reader" in own.content
    assert b"Log out" not in anonymous.content
    assert "ETag" not in own
    assert own["Cache-Control"] == "private, no-store"
    main = re.compile(b"<main.*</main>", re.DOTALL)
    assert main.search(own.content)[0] == main.search(anonymous.content)[0]


def test_page_that_the_browser_has_is_not_sent_again(
    client, published, save, moderator, django_assert_num_queries
):
    etag = client.get(PAGE)["ETag"]

    with django_assert_num_queries(1):
        same = client.get(PAGE, headers={"If-None-Match": etag})
    workflow.publish(save("Changed.\n"), by=moderator)
    changed = client.get(PAGE, headers={"If-None-Match": etag})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    assert changed.status_code == 200
    assert b"Changed." in changed.content
    assert changed["ETag"] != etag
    assert (changed["Cache-Control"], changed["Vary"]) == ("no-cache", "Accept, Cookie, Accept-Language")


def test_headers_are_those_of_every_page(client, published):
    short, long = client.get(PAGE), client.get("/articles/tides/history/")

    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert short[name] == long[name]
    assert int(short["Content-Length"]) == len(short.content)


def test_nothing_from_before_is_served(client, published, save, moderator):
    for n in range(3):
        workflow.publish(save(f"Version {n}.\n"), by=moderator)
        assert f"Version {n}.".encode() in client.get(PAGE).content
    workflow.unpublish(Article.objects.get(), by=moderator)
    assert client.get(PAGE).status_code == 410
    workflow.publish(save("Again.\n"), by=moderator)
    assert b"Again." in client.get(PAGE).content
    workflow.publish(save("Moved.\n", slug="ebb"), by=moderator)
    assert client.get(PAGE).url == "/articles/ebb/"


def test_what_is_hidden_is_gone_from_the_page_at_once_and_back_when_it_is_shown(
    client, published, administrator
):
    name = f"<bdi>{published.author_name}</bdi>".encode()
    assert name in client.get(PAGE).content

    hiding = workflow.hide(published, by=administrator, parts=["author"], reason="A private name.")

    assert name not in client.get(PAGE).content
    assert b"The tide table hangs by the door." in client.get(PAGE).content
    workflow.unhide(hiding, by=administrator)
    assert name in client.get(PAGE).content


def test_what_is_allowed_is_no_longer_told_and_told_again_when_that_is_revoked(
    client, save, author, moderator, confirmed
):
    workflow.approve(workflow.submit(save(FLAGGED), by=author), by=moderator)
    assert b"page-notice" in client.get(PAGE).content

    fields = {"kind": "word", "scope": "site", "by": moderator, "reason": "A name."}
    allowance = workflow.allow("p\u0430per", **fields)
    assert b"page-notice" in client.get(PAGE).content  # it is only proposed
    confirmed(allowance)

    assert b"page-notice" not in client.get(PAGE).content
    workflow.revoke(allowance, by=moderator, reason="No name.")
    assert b"page-notice" in client.get(PAGE).content


def test_new_rendering_and_new_release_make_a_new_page(client, published, monkeypatch):
    before = client.get(PAGE)["ETag"]
    rendering = published.renderings.latest()
    rendering.pk, rendering.alerts = None, 3
    rendering.save()

    assert b"This page holds 3 characters" in client.get(PAGE).content
    monkeypatch.setattr(keeping, "release", lambda: "newer")
    assert len({before, client.get(PAGE)["ETag"]}) == 2


def test_page_is_the_one_whose_key_was_read(client, published, save, moderator, monkeypatch):
    """Publishing between the query and the making of the page cannot put a newer page under an older key."""
    live = short_way._live_page("tides")
    workflow.publish(save("Newer.\n"), by=moderator)
    with monkeypatch.context() as patched:
        patched.setattr(short_way, "_live_page", lambda slug: live)
        assert b"by the door" in client.get(PAGE).content

    assert b"Newer." in client.get(PAGE).content


def test_page_follows_the_articles_beside_it(client, published, moderator):
    assert b'rel="next"' not in client.get(PAGE).content

    other = workflow.save_revision(None, by=moderator, content=content("Other.\n", slug="ebb", title="Ebb"))
    workflow.publish(other, by=moderator)
    assert b'<bdi lang="en">Ebb</bdi>' in client.get(PAGE).content
    assert b'rel="prev"' in client.get("/articles/ebb/").content
    workflow.unpublish(other.article, by=moderator)

    assert b"Ebb" not in client.get(PAGE).content


def test_page_that_changed_while_it_was_made_is_not_kept_for_what_comes_back(
    client, published, moderator, monkeypatch
):
    other = workflow.save_revision(None, by=moderator, content=content("Other.\n", slug="ebb", title="Ebb"))
    alone = short_way._live_page("tides")
    workflow.publish(other, by=moderator)
    answers = iter([alone])  # as a replica may say a moment later
    now = short_way._live_page
    with monkeypatch.context() as patched:
        patched.setattr(short_way, "_live_page", lambda slug: next(answers, None) or now(slug))
        assert b"Ebb" in client.get(PAGE).content

    workflow.unpublish(other.article, by=moderator)

    assert short_way._live_page("tides") == alone
    assert b"Ebb" not in client.get(PAGE).content


def test_only_plain_requests_take_the_short_way(client, published, settings):
    assert "ETag" in client.get(PAGE)
    assert "ETag" not in client.get(f"{PAGE}?other=1")
    assert client.post(PAGE).status_code == 405
    assert client.get(PAGE, headers={"Host": "elsewhere.example"}).status_code == 400
    settings.DEBUG = True
    assert "ETag" not in client.get(PAGE)


def test_large_page_is_made_each_time(client, published, monkeypatch):
    monkeypatch.setattr(short_way, "LARGEST_PAGE", 10)

    kept = []
    monkeypatch.setattr(short_way.cache, "set", lambda name, *args: kept.append(name), raising=False)

    assert client.get(PAGE).content == client.get(PAGE).content
    assert not [name for name in kept if name.startswith("page:")]


# Without the database


def test_readers_notice_nothing_while_the_database_is_away(client, published, away):
    before = client.get(PAGE)

    away()

    after = client.get(PAGE)
    assert (after.status_code, after.content, after["ETag"]) == (200, before.content, before["ETag"])


def test_lists_and_pages_of_a_minute_ago_are_read_and_older_ones_are_not(
    client, published, away, monkeypatch
):
    urls = (PAGE, "/", "/articles/tides/history/")
    pages = [client.get(url).content for url in urls]
    now = [time.monotonic()]
    monkeypatch.setattr(lately.time, "monotonic", lambda: now[0])
    away()

    now[0] += 59
    assert [client.get(url).content for url in urls] == pages
    now[0] += 2
    client.raise_request_exception = False
    late = [client.get(url) for url in urls]

    assert [answer.status_code for answer in late] == [503] * 3
    assert [answer["Retry-After"] for answer in late] == ["10"] * 3
    assert all("Content-Security-Policy" in answer for answer in late)


def test_page_that_nobody_has_read_is_not_there_while_the_database_is_away(published, away):
    away()

    answer = Client(raise_request_exception=False).get(PAGE)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "cannot reach its database" in answer.content.decode()


def test_page_that_was_unpublished_is_not_shown_while_the_database_is_away(
    client, published, moderator, away
):
    client.get(PAGE)
    workflow.unpublish(published.article, by=moderator)
    assert client.get(PAGE).status_code == 410

    away()

    assert Client(raise_request_exception=False).get(PAGE).status_code == 503


def test_database_that_did_not_answer_is_left_alone_for_a_moment(client, published, monkeypatch):
    asked = []

    def no_answer(slug):
        asked.append(slug)
        raise OperationalError("no answer")

    client.get(PAGE)
    monkeypatch.setattr(short_way, "_live_page", no_answer)

    assert [client.get(PAGE).status_code for _ in range(5)] == [200] * 5
    assert len(asked) == 1


def test_writer_gets_the_text_back_while_the_database_is_away(client, author, save):
    save()
    client.force_login(author)
    text = "First line.\n<b>Second</b> line & a long one.\n"
    form = {"title": "Tides", "slug": "tides", "language": "en", "source": text, "base": "1"}
    url = f"/admin/articles/article/{Article.objects.get().pk}/change/"

    def no_answer(execute, sql, params, many, context):
        raise OperationalError("no answer")

    with connection.execute_wrapper(no_answer):
        client.raise_request_exception = False
        answer = client.post(url, form)

    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Nothing of what you sent was saved." in page
    assert ">\nFirst line.\n&lt;b&gt;Second&lt;/b&gt; line &amp; a long one.\n</textarea>" in page
    assert f'action="{url}"' in page
    assert 'name="base" value="1"' in page
    assert client.post(url, form).status_code == 302
    assert Article.objects.get().latest_revision.number == 2


def test_password_is_never_sent_back(client, db):
    def no_answer(execute, sql, params, many, context):
        raise OperationalError("no answer")

    client.raise_request_exception = False
    with connection.execute_wrapper(no_answer):
        answer = client.post("/admin/login/", {"username": "ada", "password": "sluice-key"})

    assert answer.status_code == 503
    assert "sluice-key" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_database_that_may_only_be_read_serves_readers_and_tells_writers(client, published, author):
    client.force_login(author)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("SET default_transaction_read_only = on")
    try:
        form = {"title": "Tides", "slug": "tides", "language": "en", "source": "New.\n", "base": "1"}
        answer = client.post(f"/admin/articles/article/{published.article_id}/change/", form)
        reading = [Client().get(url).status_code for url in ("/", PAGE, "/articles/tides/history/")]
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA query_only = OFF")
            else:
                cursor.execute("SET default_transaction_read_only = off")

    assert answer.status_code == 503
    assert "New." in answer.content.decode()
    assert reading == [200, 200, 200]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs a disk of its own: tests/chaos")
def test_writer_gets_the_text_back_while_the_disk_is_full(client, author, save):
    save()
    client.force_login(author)
    text = "".join(f"Line {n * n}.\n" for n in range(9_000))
    form = {"title": "Tides", "slug": "tides", "language": "en", "source": text, "base": "1"}
    url = f"/admin/articles/article/{Article.objects.get().pk}/change/"
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            answer = client.post(url, form)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    assert answer.status_code == 503
    assert f">\n{text}</textarea>" in answer.content.decode()
    assert client.post(url, form).status_code == 302


def test_damaged_version_says_so_in_place_of_its_text(client, published, save, moderator):
    for n in (2, 3):
        workflow.publish(save(f"Version {n}.\n"), by=moderator)
    damage(2, data=b"garbage")

    answer = client.get("/articles/tides/revisions/2/")

    assert answer.status_code == 500
    assert "This version is damaged" in answer.content.decode()
    assert "version 2 " in answer.content.decode()
    assert client.get(PAGE).status_code == 200
