"""The feed of what nobody has looked at: valid Atom, for who holds its secret and may moderate, and for nobody else."""

import re
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.models import LiveChange
from articles.moderator import feed
from tests.conftest import FLAGGED, content

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def place(settings):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"


@pytest.fixture
def get(client, moderator):
    """Asks for the feed of the moderator, without a session."""
    token = workflow.renew_feed(by=moderator)

    def get(**headers):
        return client.get("/moderation/changes.atom", {"token": token}, headers=headers)

    return get


def entries(answer):
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def text(entry, name):
    return entry.find(f"{ATOM}{name}").text


def test_feed_is_valid_atom(published, get):
    answer = get()

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    for of in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):  # what RFC 4287 asks of a feed and of an entry
            assert len(of.findall(f"{ATOM}{name}")) == 1, name
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", text(of, "updated"))
        assert text(of, "id").startswith("https://site.example/moderation/changes/")
        assert of.find(f"{ATOM}author/{ATOM}name").text
        assert of.find(f"{ATOM}link").get("href").startswith("https://site.example/")


def test_entry_says_what_went_live_how_and_what_is_odd(save, moderator, administrator, get):
    workflow.publish(save(), by=administrator)
    revision = save(FLAGGED, summary="Spelling")
    workflow.publish(revision, by=administrator)
    workflow.approve(revision.reviews.get(), by=moderator)
    LiveChange.objects.update(seen_at=None, how="direct")  # odd ones are always reviewed

    entry = entries(get())[0]

    assert text(entry, "title") == "Tides, version 2"
    assert text(entry, "summary").startswith(
        "published without a review (moderator); 1 warning: Cyrillic small"
    )
    assert "probably meant: a" in text(entry, "summary")
    assert text(entry, "summary").endswith("Spelling")
    assert entry.find(f"{ATOM}link").get("href") == "https://site.example/articles/tides/compare/1..2/"


def test_what_somebody_looked_at_is_not_in_it_and_entries_are_bounded(
    published, save, administrator, get, monkeypatch
):
    for n in range(3):
        workflow.publish(save(f"{n}.\n"), by=administrator)
    workflow.mark_patrolled([LiveChange.objects.latest("pk")], by=administrator)
    monkeypatch.setattr(feed, "MOST_ENTRIES", 2)

    assert [text(entry, "title") for entry in entries(get())] == ["Tides, version 3", "Tides, version 2"]


def test_odd_characters_of_a_title_are_escaped(author, administrator, get):
    for n, title in enumerate(("<b>&amp;</b>", "a\u202etxt", "a\uffffb", "a]]>b")):
        revision = workflow.save_revision(None, by=author, content=content(slug=f"n{n}", title=title))
        if review := workflow.publish(revision, by=administrator):
            workflow.approve(review, by=administrator)
    LiveChange.objects.update(seen_at=None)

    titles = [text(entry, "title") for entry in entries(get())][::-1]

    assert titles == [
        f"{title}, version 1" for title in ("<b>&amp;</b>", "a\\u202etxt", "a\\uffffb", "a]]>b")
    ]


def test_hidden_parts_are_withheld(published, administrator, get):
    workflow.hide(published, by=administrator, parts=["text", "author"], reason="Illegal.")

    (entry,) = entries(get())

    assert text(entry, "title") == "(hidden), version 1"
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "(name hidden)"


def test_unchanged_feed_is_not_sent_again(published, get, administrator):
    first = get()
    again = get(if_none_match=first["ETag"])
    workflow.mark_patrolled([LiveChange.objects.get()], by=administrator)
    empty = get(if_none_match=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert (empty.status_code, entries(empty)) == (200, [])
    assert get(if_none_match=empty["ETag"]).status_code == 304
    assert first["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\0", "\u0430"])
def test_wrong_secret_opens_nothing(published, get, client, token):
    assert client.get("/moderation/changes.atom", {"token": token}).status_code == 404
    assert client.get("/moderation/changes.atom").status_code == 404


@pytest.mark.parametrize("change", ["inactive", "rights", "new address", "closed"])
def test_feed_ends_with_the_account_its_rights_or_a_new_address(published, get, moderator, change):
    assert get().status_code == 200
    match change:
        case "inactive":
            User.objects.filter(pk=moderator.pk).update(is_active=False)
        case "rights":
            moderator.groups.clear()
        case "new address":
            workflow.renew_feed(by=moderator)
        case "closed":
            workflow.end_feed(by=moderator)

    assert get().status_code == 404


def test_feed_takes_a_fixed_number_of_queries(published, save, administrator, get, django_assert_num_queries):
    get()
    with django_assert_num_queries(8):
        get()
    for n in range(3):
        workflow.publish(save(f"{n}.\n"), by=administrator)
    with django_assert_num_queries(8):
        get()


def test_address_is_shown_once_and_kept_by_no_cache(client, moderator):
    client.force_login(moderator)
    answer = client.post("/moderation/changes/feed/")

    address = re.search(r">https://site\.example(/[^<]+)<", answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert client.get(address).status_code == 200
    token = address.rpartition("=")[2]
    assert token not in client.get("/moderation/changes/feed/").content.decode()
    client.post("/moderation/changes/feed/", {"end": "1"})
    assert client.get(address).status_code == 404
