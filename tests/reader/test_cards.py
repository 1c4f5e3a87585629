"""What pages say of themselves to programs that preview links, and to search engines."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from articles import workflow
from articles.models import Article
from articles.reader import keeping
from tests.conftest import NOON, content

COVER = "0123456789abcdef01234567-80x60.png"


@pytest.fixture(autouse=True)
def place(settings):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    yield
    keeping.release.cache_clear()


@pytest.fixture
def publish(author, moderator):
    def publish(source="Text.\n", by=author, article=None, **changes):
        base = article and article.revisions.count()
        revision = workflow.save_revision(article, by=by, content=content(source, **changes), base=base)
        workflow.approve(workflow.submit(revision, by=by), by=moderator)
        return Article.objects.get(pk=revision.article_id)

    return publish


def page(client, url="/articles/tides/"):
    return client.get(url).content.decode()


def properties(html):
    pairs = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html)
    return {name: unescape(value) for name, value in pairs}


def data(html):
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(script)


def test_article_has_dates_authors_picture_and_hash(client, publish, other_author, settings, at):
    settings.SITE_OWNER = "The Reading Room"
    article = publish()
    at(NOON + timedelta(days=1))
    publish(
        f"A tide.\n\n![x](/media/images/{COVER})\n", by=other_author, article=article, tags=("sea", "mill")
    )

    html = page(client)
    said, linked = properties(html), data(html)

    address, picture = "https://site.example/articles/tides/", f"https://site.example/media/images/{COVER}"
    assert f'<link rel="canonical" href="{address}">' in html
    assert (said["og:type"], said["og:title"], said["og:url"]) == ("article", "Tides", address)
    assert (said["description"], said["og:description"]) == ("A tide.", "A tide.")
    assert (said["og:image"], said["og:image:width"], said["og:image:height"]) == (picture, "80", "60")
    assert said["twitter:card"] == "summary_large_image"
    assert said["article:published_time"] == "2027-03-01T12:00:00+00:00"
    assert said["article:modified_time"] == "2027-03-02T12:00:00+00:00"
    assert linked["@type"] == "Article"
    assert (linked["url"], linked["headline"], linked["inLanguage"]) == (address, "Tides", "en")
    assert (linked["datePublished"], linked["dateModified"]) == (
        "2027-03-01T12:00:00+00:00",
        "2027-03-02T12:00:00+00:00",
    )
    assert linked["author"] == [
        {"@type": "Person", "name": name, "url": f"https://site.example/authors/{name}/"}
        for name in ("author", "other_author")
    ]
    assert (linked["publisher"]["name"], linked["image"]) == ("The Reading Room", picture)
    assert (linked["keywords"], linked["version"]) == (["sea", "mill"], 2)
    live = Article.objects.select_related("published_revision").get().published_revision
    assert linked["identifier"] == {"@type": "PropertyValue", "propertyID": "sha256", "value": live.sha256}
    assert len(live.sha256) == 64


def test_site_has_a_picture_where_the_article_has_none(client, publish, settings):
    publish()
    assert "og:image" not in properties(page(client))
    assert properties(page(client))["twitter:card"] == "summary"

    for image, address in (
        ("/static/a.png", "https://site.example/static/a.png"),
        ("https://cdn.example/a.png",) * 2,
    ):
        settings.SITE_IMAGE = image
        keeping.release.cache_clear()  # it is part of the key of a cached page
        html = page(client)
        assert properties(html)["og:image"] == properties(page(client, "/"))["og:image"] == address


def test_nothing_in_a_text_ends_the_data(client, publish):
    evil = "</script><script>alert(1)</script><!-- & \u2028 \"quoted\" 'x'"
    publish(title=evil.replace("\u2028", ""), description=evil.replace("\u2028", ""), tags=("<!--<script>",))

    html = page(client)

    assert "<script>alert" not in html
    assert data(html)["headline"] == evil.replace("\u2028", "")[:110]
    assert data(html)["keywords"] == ["<!--<script>"]
    assert properties(html)["og:title"] == evil.replace("\u2028", "")


def test_hidden_name_is_in_no_data(client, publish, administrator):
    article = publish()
    workflow.hide(article.published_revision, by=administrator, parts=["author"], reason="Private.")

    html = page(client)

    assert "author" not in data(html)
    assert "/authors/author/" not in html


def test_home_says_what_the_site_is(client, db, settings):
    settings.SITE_DESCRIPTION = "Tides & <mills>"

    said = properties(page(client, "/"))

    assert (said["description"], said["og:title"]) == ("Tides & <mills>", "Site")
    assert (said["og:type"], said["og:url"]) == ("website", "https://site.example/")
    assert '<link rel="canonical" href="https://site.example/">' in page(client, "/")
