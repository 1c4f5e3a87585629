"""The queue: what it shows, how it is filtered and paged, who is on what, and what can be done from it."""

import json
import re
from datetime import timedelta
from importlib import import_module
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from articles import workflow
from articles.models import Event, ReasonTemplate, Review
from articles.moderator.queue import PER_PAGE
from tests.conftest import FLAGGED, content
from tests.sent_forms import decision_on


@pytest.fixture
def write(author):
    """A new article that waits; by the author unless told otherwise."""

    def write(slug, source="Text.\n", *, by=None, **changes):
        by = by or author
        revision = workflow.save_revision(None, by=by, content=content(source, slug=slug, **changes))
        return workflow.submit(revision, by=by)

    return write


@pytest.fixture
def page(client, moderator):
    client.force_login(moderator)

    def page(query=""):
        return client.get(f"/moderation/{query}")

    return page


def slugs(response):
    return [review.revision.slug for review in response.context["page"].rows]


# Filters


@pytest.fixture
def change(write, administrator):
    """A change of an article that was public once."""

    def change(slug, source, *, by):
        first = write(slug, by=by)
        workflow.approve(first, by=administrator)
        workflow.unpublish(first.revision.article, by=administrator)
        revision = workflow.save_revision(
            first.revision.article, by=by, content=content(source, slug=slug), base=1
        )
        return workflow.submit(revision, by=by)

    return change


@pytest.fixture
def mixed(write, change, other_author, author, moderator, administrator):
    """Five that wait, each apart from the others by something that filters."""
    found = {
        "odd": write("odd", FLAGGED),
        "french": write("french", "The [sluice](https://sea.example/).\n", language="fr", title="Marées"),
        "other": change("other", "[Shop](https://shop.sea.example).\n", by=other_author),
        "mine": write("mine"),
        "theirs": write("theirs"),
    }
    workflow.claim(found["mine"], by=moderator)
    workflow.claim(found["theirs"], by=administrator)
    Review.objects.filter(pk=found["other"].pk).update(submitted_at=timezone.now() - timedelta(days=4))
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?cause=warning", {"odd"}),
        ("?cause=submitted", {"french", "other", "mine", "theirs"}),
        ("?language=fr", {"french"}),
        ("?author=other_author", {"other"}),
        ("?article=mine", {"mine"}),
        ("?claim=mine", {"mine"}),
        ("?claim=nobody", {"odd", "french", "other"}),
        ("?age=old", {"other"}),
        ("?age=new", {"odd", "french", "mine", "theirs"}),
        ("?q=MAR", {"french"}),
        ("?q=thei", {"theirs"}),
        ("?q=other_auth", {"other"}),
        ("?q=nothing", set()),
        ("?author=other_author&age=new", set()),
        ("?cause=burn&q=theirs", {"theirs"}),
        ("?after=x&before=1-", {"odd", "french", "other", "mine", "theirs"}),
        ("?q=sluice", {"french"}),
        ("?q=...", set()),
        ("?level=warning", {"odd"}),
        ("?level=alert", set()),
        ("?check=foreign-letter", {"odd"}),
        ("?check=host", set()),
        ("?check=burn", {"odd", "french", "other", "mine", "theirs"}),
        ("?host=sea.example", {"french", "other"}),
        ("?host=https://Shop.Sea.example/x", {"other"}),
        ("?host=ea.example", set()),
        ("?host=example", set()),
        ("?host=sea.example&q=sluice", {"french"}),
        ("?check=foreign-letter&host=sea.example", set()),
        ("?kind=new", {"odd", "french", "mine", "theirs"}),
        ("?kind=change", {"other"}),
        ("?age=day", {"other"}),
        ("?q=a%00b&language=fr", {"french"}),
    ],
)
def test_filter(mixed, page, query, expected):
    assert set(slugs(page(query))) == expected


def test_counts_of_causes_and_of_what_matches(mixed, page):
    text = page("?claim=nobody").content.decode()

    assert "brings in suspicious characters (1)" in text
    assert "its author asked for a review (4)" in text
    assert "found: 3" in text
    assert '<span class="count" data-waiting>5</span>' in text


def test_more_than_can_be_counted_at_once_are_not_counted(mixed, page, monkeypatch):
    for module in ("common", "queue"):
        monkeypatch.setattr(import_module(f"articles.moderator.{module}"), "MOST_COUNTED", 4)

    text = page("?claim=nobody").content.decode()

    assert '<span class="count" data-waiting>4+</span>' in text
    assert "found: 3" in text
    assert "brings in suspicious characters</option>" in text


def test_serious_is_what_an_edit_does_not_its_characters_alone(write, page):
    write("call", "Call +44 20 7946 0018.\n")

    text = page("?level=alert").content.decode()

    assert '<li class="alert"' in text
    assert re.search(r">Serious <span class=.num.>1</span>", text)
    assert re.search(r">Odd <span class=.num.>0</span>", text)


def test_item_shows_why_in_one_line(mixed, page):
    text = page("?cause=warning").content.decode()

    (why,) = re.findall(r'<p class="why">(.*?)\s*</p>', text, re.DOTALL)
    assert strip_tags(why).split(" \u00b7 ") == ["\u0430 for a, once", "nothing by this author approved yet"]


# Pages


def test_pages_hold_each_item_once_in_order_forth_and_back(write, page):
    for n in range(2 * PER_PAGE + 5):
        write(f"n{n:03}", FLAGGED if n % 3 else "Text.\n")
    forth, query = [], ""
    while True:
        response = page(query)
        forth.append(slugs(response))
        if response.context["page"].after is None:
            break
        query = f"?after={response.context['page'].after}"
    back = [slugs(response)]
    while response.context["page"].before:
        response = page(f"?before={response.context['page'].before}")
        back.insert(0, slugs(response))

    assert [len(rows) for rows in forth] == [PER_PAGE, PER_PAGE, 5]
    assert back == forth
    assert [slug for rows in forth for slug in rows] == [
        review.revision.slug for review in Review.objects.for_queue().worst_first()
    ]


@pytest.mark.parametrize(("order", "step"), [("oldest", 1), ("newest", -1)])
def test_pages_by_age_hold_each_item_once_and_lead_through_the_items(write, page, client, order, step):
    now = timezone.now()
    written = [write(f"n{n:03}", FLAGGED if n % 3 else "Text.\n") for n in range(PER_PAGE + 3)]
    for n, review in enumerate(written):  # as of an import: the last row has waited longest
        Review.objects.filter(pk=review.pk).update(submitted_at=now - timedelta(minutes=n))
    expected = [f"n{n:03}" for n in range(PER_PAGE + 3)][::-step]

    first = page(f"?order={order}")
    second = page(f"?order={order}&after={quote(first.context['page'].after)}")
    back = page(f"?order={order}&before={quote(second.context['page'].before)}")

    assert slugs(first) + slugs(second) == expected
    assert slugs(back) == slugs(first)
    item = client.get(f"{first.context['page'].rows[1].get_absolute_url()}?order={order}&language=en")
    assert item.context["next_url"].startswith(first.context["page"].rows[2].get_absolute_url())
    assert item.context["previous_url"].startswith(first.context["page"].rows[0].get_absolute_url())
    assert item.context["next_url"].endswith(f"?language=en&order={order}")


def test_words_of_claims_and_pages_are_plain(write, page, administrator):
    for n in range(PER_PAGE + 1):
        write(f"n{n:03}")
    workflow.claim(Review.objects.worst_first()[0], by=administrator)
    Review.objects.filter(claimed_by=administrator).update(
        claimed_since=timezone.now() - timedelta(minutes=3, seconds=5)
    )
    text = page().content.decode()

    assert "administrator, 3 min</strong>" in text
    assert "next page" in text
    assert "previous page" in page(f"?after={page().context['page'].after}").content.decode()
    for word in ("Worse", "Less bad", "is on it"):
        assert word not in text


def test_page_goes_on_where_it_was_although_something_worse_came(write, page):
    for n in range(PER_PAGE + 1):
        write(f"n{n:03}")
    first = page()
    last = {f"n{n:03}" for n in range(PER_PAGE + 1)} - set(slugs(first))
    write("worse", FLAGGED)

    assert set(slugs(page(f"?after={first.context['page'].after}"))) == last


def test_queue_takes_the_same_few_queries(write, page, moderator, django_assert_max_num_queries):
    counts = []
    for n in range(12):
        review = write(f"n{n}")
        if n % 2:
            workflow.reject(review, by=moderator, reason="No.")
        if n in (1, 11):
            with django_assert_max_num_queries(17) as captured:  # one less where a cache has the session
                page()
            counts.append(len(captured))
    assert counts[0] == counts[1]


# Live state


def live(client, *reviews, **headers):
    ids = ",".join(str(review.pk) for review in reviews)
    return client.get(f"/moderation/live.json?ids={ids}", headers=headers)


def test_live_state_tells_who_is_on_it_and_what_was_decided(client, moderator, administrator, write):
    mine, theirs, done, free = (write(slug) for slug in ("mine", "theirs", "done", "free"))
    workflow.claim(mine, by=moderator)
    workflow.claim(theirs, by=administrator)
    workflow.reject(done, by=administrator, reason="No.")
    client.force_login(moderator)

    answer = json.loads(live(client, mine, theirs, done, free).content)

    assert answer == {
        "waiting": "3",
        "reviews": {
            str(mine.pk): "yours",
            str(theirs.pk): "administrator, 0 min",
            str(done.pk): "rejected by administrator",
            str(free.pk): "",
        },
    }


def test_unchanged_live_state_is_not_sent_again(client, moderator, administrator, write):
    review = write("one")
    client.force_login(moderator)
    first = live(client, review)

    assert live(client, review, **{"If-None-Match": first["ETag"]}).status_code == 304
    workflow.claim(review, by=administrator)
    assert live(client, review, **{"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("ids", ["", "x", "1,,²", "9" * 40, "-1"])
def test_odd_ids_are_nobodys(client, moderator, ids):
    client.force_login(moderator)

    assert json.loads(client.get(f"/moderation/live.json?ids={ids}").content)["reviews"] == {}


@pytest.mark.parametrize("name", ["queue-live", "queue-bulk"])
def test_only_moderators_ask(client, author, name):
    client.force_login(author)

    assert client.post(reverse(name)).status_code in (403, 405)
    assert client.get(reverse(name)).status_code in (403, 405)


# Claims


def test_claim_through_the_page_and_its_script(client, moderator, administrator, write):
    review = write("one")
    url = reverse("review-claim", args=[review.pk])
    client.force_login(moderator)

    assert client.post(url, {"script": 1}).status_code == 204
    assert "yours</strong>" in client.get(review.get_absolute_url()).content.decode()
    client.force_login(administrator)
    assert client.post(url, {"script": 1}).status_code == 409
    assert "moderator is on it until" in client.post(url, follow=True).content.decode()
    client.force_login(moderator)
    assert client.post(f"{url}?language=en", {"release": ""}).url == "/moderation/?language=en"
    review.refresh_from_db()
    assert review.claimed_by is None


# Afterwards


def test_next_item_of_the_same_filter_follows_a_decision(client, moderator, write):
    worst, french, german, last = (
        write("worst", FLAGGED, language="fr"),
        write("french", language="fr"),
        write("german", language="de"),
        write("last", language="fr"),
    )
    client.force_login(moderator)

    def reject(review, **more):
        form = decision_on(client, review, decision="reject", reason="No.", **more)
        return client.post(f"{review.get_absolute_url()}?language=fr", form).url

    assert reject(french, stay="on") == f"{french.get_absolute_url()}?language=fr"
    assert reject(worst) == f"{last.get_absolute_url()}?language=fr"
    assert reject(last) == "/moderation/?language=fr"
    assert Review.objects.get(pk=german.pk).state == "pending"


def test_next_item_is_neither_ones_own_nor_taken(client, moderator, administrator, write):
    one, taken, _own, free = write("one"), write("taken"), write("own", by=moderator), write("free")
    workflow.claim(taken, by=administrator)
    client.force_login(moderator)

    response = client.post(one.get_absolute_url(), decision_on(client, one, decision="approve"))

    assert response.url == free.get_absolute_url()


def test_recently_decided_can_be_taken_back_from_the_queue_by_who_decided(
    client, moderator, administrator, write
):
    review = write("one")
    workflow.reject(review, by=moderator, reason="Mistake.")
    undo = reverse("review-undo", args=[review.pk])
    client.force_login(administrator)
    assert undo not in client.get("/moderation/").content.decode()
    assert client.post(undo).status_code == 403

    client.force_login(moderator)
    assert undo in client.get("/moderation/").content.decode()
    assert "waits again" in client.post(undo, follow=True).content.decode()

    review.refresh_from_db()
    assert review.state == "pending"
    assert Event.objects.filter(action="undo", reason="Mistake.").count() == 1


# Reasons


def test_ready_made_reason_is_the_reason_where_none_is_written(client, moderator, write):
    template = ReasonTemplate.objects.create(name="Source", text="Name your source.")
    one, other = write("one"), write("other")
    client.force_login(moderator)

    form = {"decision": "reject", "template": template.pk}
    client.post(one.get_absolute_url(), decision_on(client, one, **form))
    client.post(other.get_absolute_url(), decision_on(client, other, **form, reason="Mine."))

    assert dict(Review.objects.values_list("pk", "reason")) == {
        one.pk: "Name your source.",
        other.pk: "Mine.",
    }


@pytest.mark.parametrize(
    ("person", "allowed"), [("moderator", True), ("administrator", True), ("author", False)]
)
def test_moderators_edit_the_ready_made_reasons_in_the_admin(client, request, person, allowed):
    client.force_login(request.getfixturevalue(person))
    url = "/admin/articles/reasontemplate/add/"

    response = client.post(url, {"name": "Source", "text": "Name your source."})

    assert response.status_code == (302 if allowed else 403)
    assert ReasonTemplate.objects.exists() is allowed
