"""Feeds, as programs of readers parse them."""

import json
from datetime import timedelta

import feedparser
import pytest

from articles import workflow
from articles.models import Article
from articles.reader import feeds
from tests.conftest import FLAGGED, NOON, content


@pytest.fixture(autouse=True)
def place(settings):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    settings.SITE_DESCRIPTION = "Tides & mills"


def atom(client, url="/feed/"):
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def json_feed(client, url="/feed.json"):
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "application/feed+json; charset=utf-8")
    return json.loads(response.content)


def test_feeds_have_text_dates_author_tags_and_whole_addresses(client, publish, at):
    source = (
        "See [notes](#user-content-x), [other](/articles/other/) & [far](https://far.example/?a=1&b=2).\n"
    )
    publish("one", source, title="A < B & <i>C</i>", tags=("sea",), language="de", excerpt="Short & <b>")

    parsed = atom(client)
    entry = parsed.entries[0]
    assert (parsed.feed.title, parsed.feed.subtitle) == ("Site", "Tides & mills")
    assert (parsed.feed.id, parsed.feed.link) == ("https://site.example/", "https://site.example/")
    assert (entry.title, entry.author, entry.link) == (
        "A < B & <i>C</i>",
        "author",
        "https://site.example/articles/one/",
    )
    assert [tag.term for tag in entry.tags] == ["sea"]
    assert entry.summary == "Short &amp; &lt;b&gt;"
    assert entry.content[0].language == "de"
    body = entry.content[0].value
    for target in ("one/#user-content-x", "other/"):
        assert f'href="https://site.example/articles/{target}"' in body
    assert 'href="https://far.example/?a=1&amp;b=2"' in body
    assert (entry.published, entry.updated) == ("2027-03-01T12:00:00+00:00",) * 2

    same = json_feed(client)
    item = same["items"][0]
    assert (same["version"], same["title"]) == ("https://jsonfeed.org/version/1.1", "Site")
    assert (same["home_page_url"], same["feed_url"]) == (
        "https://site.example/",
        "https://site.example/feed.json",
    )
    assert (item["id"], item["url"], item["title"]) == (entry.id, entry.link, entry.title)
    assert (item["authors"], item["tags"], item["language"]) == ([{"name": "author"}], ["sea"], "de")
    assert item["summary"] == "Short & <b>"
    assert item["date_published"] == entry.published
    assert 'href="https://site.example/articles/other/"' in item["content_html"]


def test_code_about_addresses_stays_as_it_is_and_each_size_of_a_picture_is_a_whole_address(client, publish):
    picture = "/media/images/0123456789abcdef01234567-800x600"
    publish("one", f'Write `<a href="/tides">` or src="/mill".\n\n![Tides]({picture}.png)\n')

    text = json_feed(client)["items"][0]["content_html"]

    assert '&lt;a href="/tides"&gt;' in text
    assert 'src="/mill"' in text
    for size in ("-320.png 320w", "-640.png 640w", ".png 800w"):
        assert f"https://site.example{picture}{size}" in text


def test_id_stays_when_title_and_address_change_and_updated_tells_of_it(client, publish, at):
    article = publish("one")
    before = atom(client).entries[0]
    at(NOON + timedelta(days=1))

    publish("moved", article=article, title="Other")

    after = atom(client).entries[0]
    assert before.id == after.id == f"tag:site.example,2027-03-01:article-{article.pk}"
    assert (after.title, after.link) == ("Other", "https://site.example/articles/moved/")
    assert (after.published, after.updated) == ("2027-03-01T12:00:00+00:00", "2027-03-02T12:00:00+00:00")

    at(NOON + timedelta(days=2))
    publish("moved", "Texts.\n", article=article, title="Other", change_kind="typo")
    assert atom(client).entries[0].updated == after.updated


def test_feeds_of_a_tag_an_author_and_a_language(client, publish, other_author):
    publish("one", tags=("Sea",), language="de")
    publish("two", by=other_author, tags=("river",))

    for folder, kind, value, found in (
        ("tags", "tag", "sea", "One"),
        ("authors", "author", "other_author", "Two"),
        ("languages", "language", "de", "One"),
    ):
        parsed = atom(client, f"/feed/?{kind}={value}")
        assert [entry.title for entry in parsed.entries] == [found]
        assert parsed.feed.link == f"https://site.example/{folder}/{value}/"
        assert [item["title"] for item in json_feed(client, f"/feed.json?{kind}={value}")["items"]] == [found]
        page = client.get(f"/{folder}/{value}/").content.decode()
        assert 'type="application/atom+xml" title="Site: ' in page
        assert f'href="/feed/?{kind}={value}"' in page
    assert client.get("/feed.json?tag=SEA")["Location"] == "/feed.json?tag=sea"
    for query in ("tag=lake", "tag=", "tag=sea&language=de", "tag=%00"):
        assert client.get(f"/feed/?{query}").status_code == 404
    assert 'href="/feed/"' in client.get("/articles/one/").content.decode()


def test_newest_come_first_and_no_more_than_so_many(client, publish, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 2)
    for slug in ("one", "two", "three"):
        publish(slug)

    assert [entry.title for entry in atom(client).entries] == ["Three", "Two"]


def test_texts_have_a_limit_of_bytes_and_what_does_not_fit_its_excerpt(client, publish, monkeypatch):
    publish("small", "Ebb.\n")
    publish("large", "Tides rise. " * 9)
    publish("new", "Flow.\n")
    monkeypatch.setattr(feeds, "MOST_BYTES", 2 * len("<p>Flow.</p>\n"))

    assert ["content" in entry for entry in atom(client).entries] == [True, False, True]
    new, large, _ = json_feed(client)["items"]
    assert (new["content_html"], "content_text" in new) == ("<p>Flow.</p>\n", False)
    assert large["content_text"] == large["summary"]
    assert large["summary"].startswith("Tides rise.")


@pytest.mark.parametrize(("query", "own"), [("?q=1&q=2", ""), ("?utm=x&tag=sea", "?tag=sea")])
def test_feed_names_its_address_by_what_it_knows_alone(client, publish, query, own):
    publish("one", tags=("sea",))

    assert json_feed(client, f"/feed.json{query}")["feed_url"] == f"https://site.example/feed.json{own}"


def test_nothing_in_a_title_or_text_breaks_a_feed(client, publish):
    publish(
        "one",
        "]]> &lt;script&gt; \ufffe \uffff\u202e <b>x</b>\x0c\n",
        title="a\u202eb ]]> \ufffe",
        tags=("\uffff <",),
    )

    entry = atom(client).entries[0]
    assert entry.title == "a\\u202eb ]]> \\ufffe"
    assert "&lt;script&gt;" in entry.content[0].value
    assert json_feed(client)["items"][0]["title"] == entry.title


def test_marks_of_odd_characters_are_in_no_feed(client, publish):
    publish("one", FLAGGED)

    assert b"mark" not in client.get("/feed/").content


def test_feed_is_known_again_until_something_changes(client, publish, moderator):
    article = publish("one")
    for url in ("/feed/", "/feed.json", "/feed/?language=en"):
        etag = client.get(url)["ETag"]
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    etag = client.get("/feed/")["ETag"]
    workflow.unpublish(article, by=moderator)
    again = client.get("/feed/", headers={"if-none-match": etag})
    assert again.status_code == 200
    assert feedparser.parse(again.content).entries == []


@pytest.mark.parametrize("how", ["draft", "newer draft", "unpublished", "hidden", "name hidden"])
def test_feeds_tell_of_nothing_that_is_not_public(
    client, publish, author, other_author, moderator, administrator, how
):
    publish("other")
    text = content("Sluicekeeper.\n", slug="secret", title="Secret", tags=("covert",), language="fr")
    urls = ["/feed/", "/feed.json", "/feed.json?tag=covert", "/feed.json?language=fr"]

    def answers():
        return [(r.status_code, r.content) for r in map(client.get, urls)]

    before = answers()
    if how == "newer draft":
        workflow.save_revision(Article.objects.get(), by=author, content=text, base=1)
    else:
        revision = workflow.save_revision(None, by=other_author, content=text)
    if how in ("unpublished", "hidden", "name hidden"):
        workflow.approve(workflow.submit(revision, by=other_author), by=moderator)
        assert b"Sluicekeeper" in client.get("/feed/").content
    if how == "unpublished":
        workflow.unpublish(Article.objects.get(slug="secret"), by=moderator)
    if how == "hidden":
        workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    if how == "name hidden":
        workflow.hide(revision, by=administrator, parts=["author"], reason="Private.")
        assert client.get("/feed/?author=other_author").status_code == 404
        assert not any(b"other_author" in body for _, body in answers())
    else:
        assert answers() == before


def test_empty_site_has_feeds(client, db):
    assert atom(client).feed.updated == "1970-01-01T00:00:00+00:00"
    assert json_feed(client)["items"] == []


def test_queries_do_not_grow(client, publish, django_assert_max_num_queries):
    for n in range(5):
        publish(f"n{n}", tags=("sea",))
    for url in ("/feed/", "/feed.json", "/feed/?tag=sea"):
        with django_assert_max_num_queries(5):
            client.get(url)
