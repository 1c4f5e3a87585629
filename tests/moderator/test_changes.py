"""What went live: what the list shows, how it is filtered and paged, and what is marked and watched from it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Event, LiveChange, Watch
from articles.moderator import changes
from tests.conftest import FLAGGED, content


@pytest.fixture
def live(author, administrator):
    """A new article that an administrator approves; with `direct` published without a review."""

    def live(slug, source="Text.\n", *, by=None, direct=True, **changes):
        by = by or author
        revision = workflow.save_revision(None, by=by, content=content(source, slug=slug, **changes))
        if not direct or workflow.publish(revision, by=administrator):
            workflow.approve(workflow.submit(revision, by=by), by=administrator)
        return LiveChange.objects.get(revision=revision)

    return live


@pytest.fixture
def page(client, moderator):
    client.force_login(moderator)

    def page(query="", url="/moderation/changes/"):
        return client.get(f"{url}{query}")

    return page


def slugs(response):
    return [change.article.slug for change in response.context["page"].rows]


# What it shows


def test_row_says_who_when_how_what_is_odd_and_what_to_compare(live, save, published, moderator, page):
    workflow.approve(workflow.submit(save(FLAGGED, summary="Spelling"), by=published.author), by=moderator)

    text = page().content.decode()

    assert "1 warning" in text
    assert "probably meant: <bdi>a</bdi>" in text
    assert "“Spelling”" in text
    assert "<bdi>moderator</bdi> reviewed it" in text
    assert 'href="/articles/tides/compare/1..2/"' in text
    assert "readers see version 2 now" in text  # of the row of version 1
    assert "characters added: 5, removed: 46" in text


def test_own_text_has_no_button_and_that_of_others_has(published, save, moderator, administrator, page):
    workflow.publish(save("Mine.\n", by=moderator), by=administrator)

    text = page().content.decode()

    own, other = text.split('<li id="change-')[1:]
    assert "it has text of yours" in own
    assert 'name="only"' not in own
    assert 'name="only"' in other


def test_hidden_parts_are_not_shown_to_moderators(published, save, author, moderator, administrator, page):
    revision = save(FLAGGED, title="Libel", summary="of libel")
    workflow.approve(workflow.submit(revision, by=author), by=administrator)
    workflow.hide(revision, by=administrator, parts=["text", "summary", "author"], reason="Illegal.")

    text = page().content.decode().split('<li id="change-')[1]

    assert "(hidden)" in text
    assert "(name hidden)" in text
    for word in ("Libel", "libel", ">author<", "probably meant", "\u0430"):
        assert word not in text
    assert page("?author=author").content.decode().count('<li id="change-') == 1


def test_unpublished_article_stays_on_the_list_and_says_so(published, moderator, page):
    workflow.unpublish(published.article, by=moderator)

    assert "not public now" in page().content.decode()


# Filters


@pytest.fixture
def mixed(live, other_author, moderator, administrator):
    found = {
        "odd": live("odd", FLAGGED),
        "french": live("french", language="fr", title="Marées"),
        "other": live("other", by=other_author),
        "old": live("old"),
        "reviewed": live("reviewed", direct=False),
    }
    article = found["french"].article
    second = workflow.save_revision(
        article, by=other_author, content=content("Deux.\n", slug="french"), base=1
    )
    workflow.publish(second, by=administrator)
    workflow.watch(found["other"].article, by=moderator)
    workflow.watch(found["old"].article, by=administrator)
    LiveChange.objects.filter(pk=found["old"].pk).update(at=timezone.now() - timedelta(days=9))
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["french", "reviewed", "other", "french", "odd", "old"]),
        ("?unseen=on", ["french", "other", "french", "old"]),
        ("?flagged=on", ["odd"]),
        ("?watched=on", ["other"]),
        ("?new=on", ["reviewed", "other", "french", "odd", "old"]),
        ("?author=other_author", ["french", "other"]),
        ("?language=fr", ["french"]),
        ("?unseen=on&author=other_author&new=on", ["other"]),
        ("?since=TODAY", ["french", "reviewed", "other", "french", "odd"]),
        ("?since=9999-99-99&author=", ["french", "reviewed", "other", "french", "odd", "old"]),
        ("?author=nobody", []),
        ("?author=a%00b", ["french", "reviewed", "other", "french", "odd", "old"]),
        ("?after=x", ["french", "reviewed", "other", "french", "odd", "old"]),
    ],
)
def test_filters_find_what_they_say(mixed, page, query, expected):
    today = (timezone.now() - timedelta(days=2)).date().isoformat()

    assert slugs(page(query.replace("TODAY", today))) == expected


def test_count_of_what_nobody_looked_at_is_bounded(mixed, page, monkeypatch):
    assert page().context["unseen"] == "4"
    monkeypatch.setattr(changes, "MOST_COUNTED", 3)
    assert page().context["unseen"] == "3+"


def test_pages_hold_each_row_once_in_both_directions(mixed, page, monkeypatch):
    monkeypatch.setattr(changes, "PER_PAGE", 4)

    first = page()
    rest = page(re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&"))
    back = page(re.search(r'rel="prev" href="([^"]+)"', rest.content.decode())[1].replace("&amp;", "&"))

    assert slugs(first) + slugs(rest) == ["french", "reviewed", "other", "french", "odd", "old"]
    assert slugs(back) == slugs(first)


# Marks


def test_button_of_a_row_marks_this_one_alone_and_keeps_the_filter(mixed, page, client):
    page()
    chosen = mixed["other"]
    answer = client.post(
        "/moderation/changes/mark/",
        {"only": chosen.pk, "change": [mixed["old"].pk], "next": "/moderation/changes/?unseen=on"},
        follow=True,
    )

    assert answer.redirect_chain == [("/moderation/changes/?unseen=on", 302)]
    assert "1 change is marked as looked at." in answer.content.decode()
    assert slugs(answer) == ["french", "french", "old"]


def test_ticked_ones_are_marked_and_what_was_looked_at_stays(mixed, page, client, administrator):
    page()
    keys = [mixed["other"].pk, mixed["reviewed"].pk, mixed["old"].pk, "x", "9" * 30, "999999999"]
    client.post("/moderation/changes/mark/", {"change": keys})

    assert LiveChange.objects.unseen().count() == 2
    assert LiveChange.objects.get(pk=mixed["reviewed"].pk).seen_by == administrator


def test_all_changes_of_an_article_are_compared_and_marked_together(mixed, page, client):
    newest = LiveChange.objects.filter(article__slug="french").latest("pk")
    assert "Looked at all of this article up to here" in page().content.decode()

    client.post("/moderation/changes/mark/", {"up_to": newest.pk})

    assert set(slugs(page("?unseen=on"))) == {"other", "old"}
    assert "Looked at all of this article up to here" not in page().content.decode()


def test_comparison_of_several_begins_before_the_first_that_nobody_looked_at(
    published, save, administrator, page
):
    workflow.mark_patrolled([LiveChange.objects.get()], by=administrator)
    for n in (2, 3):
        workflow.publish(save(f"{n}.\n"), by=administrator)

    text = page().content.decode()

    assert 'href="/articles/tides/compare/1..3/"' in text
    assert "Compare with version 1, before all of them" in text


@pytest.mark.parametrize("data", [{}, {"change": "x"}, {"only": "999999999"}])
def test_nothing_ticked_says_so(published, page, client, data):
    page()
    answer = client.post("/moderation/changes/mark/", data, follow=True)

    assert "Nothing new was marked" in answer.content.decode()
    assert client.post("/moderation/changes/mark/", {"up_to": "999999999"}).status_code == 404


def test_own_text_in_a_forged_form_is_refused_with_a_message(save, moderator, administrator, page, client):
    workflow.publish(save("Mine.\n", by=moderator), by=administrator)
    page()
    answer = client.post("/moderation/changes/mark/", {"only": LiveChange.objects.get().pk}, follow=True)

    assert "You cannot look at your own text for others." in answer.content.decode()
    assert LiveChange.objects.unseen().exists()


def test_mark_is_taken_back_from_the_row(mixed, page, client, administrator):
    workflow.mark_patrolled([mixed["other"]], by=administrator)
    assert "Take the mark back" in page().content.decode()

    url = reverse("change-unmark", args=[mixed["other"].pk])
    assert "counts as not looked at" in client.post(url, follow=True).content.decode()
    assert "Nobody has marked this" in client.post(url, follow=True).content.decode()
    assert Event.objects.first().action == Event.Action.UNPATROL


# Watching


def test_watching_begins_and_ends_where_one_is(published, page, client, moderator):
    page()
    url = reverse("watch", args=[published.article_id])

    answer = client.post(url, {"next": "/moderation/changes/?language=en"})
    assert answer["Location"] == "/moderation/changes/?language=en"
    assert Watch.objects.get().account == moderator
    assert slugs(page(url="/moderation/watched/")) == ["tides"]
    answer = client.post(url, {"stop": "1", "next": "https://evil.example/"})
    assert answer["Location"] == "/moderation/changes/"
    assert not Watch.objects.exists()
    assert slugs(page(url="/moderation/watched/")) == []


def test_history_has_the_switch_for_moderators_alone(published, page, client, author, moderator):
    history = reverse("history", args=["tides"])
    assert reverse("watch", args=[published.article_id]) in page(url=history).content.decode()
    workflow.watch(published.article, by=moderator)
    assert "Watch no longer" in page(url=history).content.decode()
    client.force_login(author)
    assert reverse("watch", args=[published.article_id]) not in client.get(history).content.decode()


@pytest.mark.parametrize(
    "place", ["//evil.example", "javascript:alert(1)", "/\\evil.example", "/x\r\nA: b", "1", "log", "../log/"]
)
def test_no_form_leads_to_another_site(published, page, client, place):
    page()

    answer = client.post(reverse("watch", args=[published.article_id]), {"next": place})

    assert answer["Location"] == "/moderation/changes/"


# Who


@pytest.mark.parametrize("role", ["anonymous", "reader", "author", "moderator", "administrator"])
def test_who_enters(published, client, request, role):
    if role != "anonymous":
        client.force_login(request.getfixturevalue(role))
    expected = {"anonymous": 302, "moderator": 200, "administrator": 200}.get(role, 403)
    change, article = LiveChange.objects.get(), Article.objects.get()

    for url in ("/moderation/changes/", "/moderation/watched/", "/moderation/changes/feed/"):
        assert client.get(url).status_code == expected
    for url in (
        "/moderation/changes/mark/",
        reverse("change-unmark", args=[change.pk]),
        reverse("watch", args=[article.pk]),
        "/moderation/changes/feed/",
    ):
        assert client.post(url, {"only": change.pk}).status_code in {
            expected,
            302 if expected == 200 else expected,
        }
    assert LiveChange.objects.filter(seen_at__isnull=True).exists()
    assert Watch.objects.exists() is (expected == 200)
