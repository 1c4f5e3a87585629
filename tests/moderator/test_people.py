"""The pages of authors and of sweeps: what they show, to whom, and what their forms do."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import AuthorNote, Event, Review, Standing, Sweep
from tests.conftest import FLAGGED, _person, content


@pytest.fixture
def page(client, moderator, author):
    client.force_login(moderator)
    return reverse("person", args=[author.pk])


@pytest.fixture
def spam(author, moderator):
    """A live and a waiting text of the author."""
    live = workflow.save_revision(None, by=author, content=content(FLAGGED, slug="live", title="Lively"))
    workflow.approve(workflow.submit(live, by=author), by=moderator)
    waits = workflow.save_revision(None, by=author, content=content(slug="waits", title="Patient"))
    return workflow.submit(waits, by=author)


def text(response):
    return " ".join(response.content.decode().split())


PAGES = ["people", "person", "sweep-plan"]


@pytest.mark.parametrize(
    ("role", "status"), [("author", 403), ("reader", 403), ("moderator", 200), ("administrator", 200)]
)
def test_pages_are_for_moderators(client, request, other_author, role, status):
    client.force_login(request.getfixturevalue(role))
    period = {"first": "2026-01-01", "last": "2026-01-02", "what": "reject"}

    for name in PAGES:
        url = reverse(name, args=[] if name == "people" else [other_author.pk])
        assert client.get(url, period).status_code == status, name
        client.logout()
        assert client.get(url).status_code == 302
        client.force_login(request.getfixturevalue(role))


def test_page_shows_record_texts_and_habits(client, page, spam):
    shown = text(client.get(page))

    assert "Lively" in shown
    assert "Patient" in shown
    assert spam.get_absolute_url() in shown
    assert "Every text waits for a moderator." in shown
    assert "for <bdi>a</bdi>" in shown


def test_page_shows_how_far_trust_has_grown(client, page, spam, settings):
    settings.TRUST_AFTER = 3
    assert "1 of 3 approved in a row." in text(client.get(page))
    settings.TRUST_AFTER = 1
    assert "May publish their own text without a reviewer." in text(client.get(page))


@pytest.mark.parametrize("show", ["live", "waiting"])
def test_whole_lists_are_paged_by_key(client, page, spam, show):
    shown = client.get(page, {"show": show})

    assert ("Lively" in text(shown)) is (show == "live")
    assert ("Patient" in text(shown)) is (show == "waiting")


def test_moderator_holds_with_a_reason_and_ends_it(client, page, author):
    refused = client.post(page, {"impose": "1", "kind": "held", "reason": ""})
    assert refused.status_code == 400
    assert not Standing.objects.exists()
    past = {"impose": "1", "kind": "held", "reason": "Odd <links>.", "until": "2020-01-01"}
    refused = client.post(page, past)
    assert (refused.status_code, "Odd &lt;links&gt;." in text(refused)) == (400, True)
    assert "This day is past." in text(refused)

    assert client.post(page, past | {"until": ""}).status_code == 302
    standing = Standing.objects.get()
    assert "Odd &lt;links&gt;." in text(client.get(page))
    again = client.post(page, past | {"until": "", "reason": "Once more."})
    assert (again.status_code, "Once more." in text(again)) == (409, True)
    assert client.post(page, {"end": standing.pk, "end_reason": "Enough."}).status_code == 302
    assert client.post(page, {"end": standing.pk}).status_code == 409
    assert client.post(page, {"end": "x"}).status_code == 404
    assert Event.objects.filter(detail="author").count() == 2


def test_suspending_is_offered_to_administrators(client, page, author, administrator):
    post = {"impose": "1", "kind": "suspended", "reason": "Stolen."}

    assert 'value="suspended"' not in text(client.get(page))
    assert client.post(page, post).status_code == 400
    client.force_login(administrator)
    assert 'value="suspended"' in text(client.get(page))
    assert client.post(page, post).status_code == 302
    assert Standing.objects.get().kind == "suspended"


def test_notes_are_for_other_moderators(client, page, author, moderator):
    assert client.post(page, {"note": "1", "text": "Talked <to> them."}).status_code == 302
    assert AuthorNote.objects.get().text == "Talked <to> them."
    assert "Talked &lt;to&gt; them." in text(client.get(page))
    assert client.post(page, {"note": "1", "text": ""}).status_code == 400

    other = _person("other_moderator", "moderators")
    client.force_login(other)
    own = reverse("person", args=[other.pk])
    workflow.note_author(other, by=moderator, text="Careful with this one.")
    assert "Careful with this one." not in text(client.get(own))
    assert client.post(own, {"note": "1", "text": "Me."}).status_code == 403
    assert client.post(own, {"impose": "1", "kind": "held", "reason": "Me."}).status_code == 403


def test_page_of_a_deleted_account_keeps_name_and_rows(client, page, author, moderator):
    workflow.hold(author, by=moderator, reason="Odd links.")
    workflow.note_author(author, by=moderator, text="Was warned.")
    author.delete()

    shown = text(client.get(page))

    assert "The account was deleted." in shown
    for words in ("author", "Odd links.", "Was warned."):
        assert words in shown
    assert client.post(page, {"note": "1", "text": "Late."}).status_code == 403
    assert client.get(reverse("person", args=[999_999_999])).status_code == 404


def test_list_finds_people_and_says_what_is_in_force(client, page, spam, author, moderator):
    workflow.mute(author, by=moderator, reason="Shouting.")

    shown = client.get(reverse("people"), {"q": "auth", "standing": "muted"})

    assert page in text(shown)
    assert "may not write in conversations" in text(shown)
    assert "Nobody matches." in text(client.get(reverse("people"), {"q": "nobody"}))
    assert client.get(reverse("people"), {"standing": "nonsense", "after": "a\0b"}).status_code == 200


def test_list_is_paged_by_name(client, moderator, monkeypatch):
    monkeypatch.setattr("articles.moderator.people.PER_PAGE", 2)
    for n in range(5):
        workflow.mute(_person(f"p{n}", "authors"), by=moderator, reason="Shouting.")
    client.force_login(moderator)
    url, seen = reverse("people"), []
    after = ""
    while after is not None:
        page = client.get(url, {"after": after}).context["page"]
        seen += [person.username for person in page]
        after = page.after

    assert seen == [f"p{n}" for n in range(5)]


def period_of(review):
    day = review.submitted_at.date().isoformat()
    return {"first": day, "last": day, "what": ["reject", "unpublish", "roll back"]}


def test_period_is_shown_confirmed_and_done_at_the_end_of_the_request(client, page, spam, author):
    url = reverse("sweep-plan", args=[author.pk])
    query = "?" + "&".join(
        f"{name}={value}"
        for name, values in period_of(spam).items()
        for value in ([values] if isinstance(values, str) else values)
    )
    shown = client.get(url + query)
    assert "Lively" in text(shown)
    assert "2 things would be done." in text(shown)
    assert client.post(url + query, {"reason": "Spam.", "seen": "other"}).status_code == 409
    refused = client.post(url + query, {"reason": "", "seen": shown.context["seen"]})
    assert refused.status_code == 400
    assert not Sweep.objects.exists()

    done = client.post(url + query, {"reason": "Spam.", "seen": shown.context["seen"]})

    sweep = Sweep.objects.get()
    assert done["Location"] == sweep.get_absolute_url()
    assert not sweep.is_running
    spam.refresh_from_db()
    assert (spam.state, spam.reason) == (Review.State.REJECTED, "Spam.")
    result = text(client.get(sweep.get_absolute_url()))
    assert "All is done that could be." in result
    assert "Take it all back" in result
    assert sweep.get_absolute_url() in text(client.get(page))
    assert sweep.get_absolute_url() in text(client.get(reverse("log")))

    change = reverse("sweep-change", args=[sweep.pk])
    client.post(change, {"cancel": "1"})  # too late: only a message
    client.post(change, {"undo": "1"})
    spam.refresh_from_db()
    assert spam.state == Review.State.PENDING
    assert "It was taken back." in text(client.get(sweep.get_absolute_url()))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"first": "2026-01-02", "last": "2026-01-01", "what": "reject"},
        {"first": "0001-01-01", "last": "9999-12-31", "what": "reject"},
        {"first": "x\0", "last": "2026-01-01", "what": "everything"},
        {"first": "2026-01-01", "last": "2026-01-01", "what": "reject", "steps": "9" * 30},
    ],
)
def test_odd_periods_are_answered_with_the_form(client, page, author, query):
    url = reverse("sweep-plan", args=[author.pk])

    assert client.get(url, query).status_code in (200, 400)


def test_nobody_sweeps_their_own_period(client, moderator):
    client.force_login(moderator)

    assert client.get(reverse("sweep-plan", args=[moderator.pk])).status_code == 403
