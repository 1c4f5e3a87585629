"""What readers and programs are told of reviews and of AI in a text: page, history, linked data, feeds and twin."""

import json
import re

import feedparser
import pytest

from articles import workflow
from articles.models import LiveChange
from articles.revisions.revisions import SoftwareShare

PAGE, VERSION, HISTORY = "/articles/tides/", "/articles/tides/revisions/1/", "/articles/tides/history/"
SHARES = {"": "", "none": "none", "assisted": "ai-assisted", "generated": "ai-generated"}


@pytest.fixture
def review(save, author, moderator, settings):
    """Publishes a version after a review, or without one."""
    settings.SITE_URL, settings.SITE_OWNER = "https://site.example", "The Tide House"

    def review(source="Text.\n", *, is_reviewed=True, **changes):
        revision = save(source, **changes)
        if is_reviewed:
            workflow.approve(workflow.submit(revision, by=author), by=moderator)
        else:
            workflow.publish(revision, by=moderator)
        return revision

    return review


def get(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def words(page):
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def linked_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


def front_matter(client):
    head = get(client, "/articles/tides.md").split("---\n")[1]
    return dict(line.split(": ", 1) for line in head.splitlines())


@pytest.mark.parametrize(
    ("is_named", "by"), [(False, "Reviewed by a moderator"), (True, "Reviewed by moderator")]
)
def test_pages_say_who_reviewed_the_version_and_on_which_hash(client, review, settings, is_named, by):
    settings.NAME_REVIEWERS = is_named
    revision = review()

    page, version, history = (get(client, url) for url in (PAGE, VERSION, HISTORY))

    assert words(page).count(by) == 2  # under the title, and with the hash at the end
    assert by in words(version)
    assert by.lower() in words(history).lower()
    assert f">{revision.sha256}</code>" in page
    assert f">{revision.sha256}</code>" in version


def test_pages_name_nobody_where_nobody_reviewed(client, review):
    review(is_reviewed=False)

    for url in (PAGE, VERSION, HISTORY, "/feed/", "/feed.json", "/articles/tides.md"):
        assert "eviewed by" not in get(client, url)
    assert "Published without a review" in words(get(client, VERSION))
    assert "mainEntityOfPage" not in linked_data(get(client, PAGE))


def test_version_whose_approval_was_taken_back_says_so(client, review, moderator):
    review()
    second = review("Second.\n")
    workflow.undo(second.reviews.get(), by=moderator)

    version = get(client, "/articles/tides/revisions/2/")

    assert "Reviewed, but the approval was taken back" in words(version)
    assert "eviewed by" not in words(version)


def test_kept_page_follows_the_review_of_the_same_version(client, review, author, moderator):
    revision = review(is_reviewed=False)
    assert "eviewed by" not in get(client, PAGE)
    workflow.unpublish(revision.article, by=moderator)
    revision.article.refresh_from_db()
    workflow.approve(workflow.submit(revision, by=author), by=moderator, sure=True, reason="Fine.")

    assert "Reviewed by a moderator" in get(client, PAGE)


def test_linked_data_has_the_review_of_the_page(client, review, settings):
    review()
    change = LiveChange.objects.get()

    page = linked_data(get(client, PAGE))["mainEntityOfPage"]
    assert (page["@type"], page["@id"]) == ("WebPage", "https://site.example/articles/tides/")
    assert page["lastReviewed"] == change.seen_at.isoformat(timespec="seconds")
    assert (page["reviewedBy"]["@type"], page["reviewedBy"]["name"]) == ("Organization", "The Tide House")

    settings.NAME_REVIEWERS = True
    page = linked_data(get(client, PAGE))["mainEntityOfPage"]
    assert page["reviewedBy"] == {"@type": "Person", "name": "moderator"}


@pytest.mark.parametrize(("is_named", "by"), [(False, "a moderator"), (True, "moderator")])
def test_feeds_have_the_review(client, review, settings, is_named, by):
    settings.NAME_REVIEWERS = is_named
    revision = review(software_share="assisted")

    parsed = feedparser.parse(client.get("/feed/").content)
    [item] = json.loads(client.get("/feed.json").content)["items"]

    assert not parsed.bozo
    assert parsed.namespaces["schema"] == "https://schema.org/"
    entry = parsed.entries[0]
    assert (entry.schema_reviewedby, entry.schema_sha256) == (by, revision.sha256)
    assert entry.schema_aidisclosure == "ai-assisted"
    assert item["_provenance"] == {
        "aiDisclosure": "ai-assisted",
        "sha256": revision.sha256,
        "reviewedBy": by,
        "lastReviewed": entry.schema_lastreviewed,
    }


@pytest.mark.parametrize(("is_named", "by"), [(False, '"moderator"'), (True, '"moderator"')])
def test_twin_has_the_review(client, review, settings, is_named, by):
    settings.NAME_REVIEWERS = is_named
    review()

    values = front_matter(client)

    assert values["reviewed-by"] == by
    assert values["reviewed"] == json.dumps(
        LiveChange.objects.get().seen_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    )


@pytest.mark.parametrize(("share", "disclosure"), SHARES.items())
def test_share_of_software_is_said_everywhere_in_the_words_of_w3c(client, review, share, disclosure):
    review(software_share=share)

    page, version = get(client, PAGE), get(client, VERSION)
    twin = front_matter(client)
    [entry] = feedparser.parse(client.get("/feed/").content).entries
    [item] = json.loads(client.get("/feed.json").content)["items"]

    assert (f'<meta name="ai-disclosure" content="{disclosure}">' in page) is bool(share)
    for each in (page, version):
        assert re.findall(r'<article [^>]*?ai-disclosure="([^"]*)"', each) == ([disclosure] if share else [])
    assert linked_data(page).get("aiDisclosure", "") == disclosure
    assert json.loads(twin.get("ai-disclosure", '""')) == disclosure
    assert entry.get("schema_aidisclosure", "") == disclosure
    assert item["_provenance"].get("aiDisclosure", "") == disclosure


@pytest.mark.parametrize(
    ("share", "shown"),
    [("", None), ("none", "Written without AI"), ("assisted", "AI-assisted"), ("generated", "AI-generated")],
)
def test_byline_says_what_the_author_says_of_ai(client, review, share, shown):
    review(software_share=share)

    byline = words(get(client, PAGE).partition('class="imprint"')[2].partition("</header>")[0])

    assert [each for each in ("Written without AI", "AI-assisted", "AI-generated") if each in byline] == (
        [shown] if shown else []
    )


def test_every_share_has_a_word_of_w3c():
    assert {share.value: share.disclosure for share in SoftwareShare} == {
        share: disclosure for share, disclosure in SHARES.items() if share
    }
