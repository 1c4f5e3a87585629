"""The page that schedules a version, and what the editor says of a schedule."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Schedule
from tests.conftest import FLAGGED, NOON

pytestmark = pytest.mark.usefixtures("at")

START = {"start_date": "2027-03-02", "start_time": "09:30", "zone": "Europe/Berlin"}


@pytest.fixture
def ask(client, moderator):
    """Posts the form of the page for the article "tides", as a moderator; returns the answer and its words."""

    def ask(fields=None, *, follow=True, **more):
        client.force_login(moderator)
        url = page_of(Article.objects.get())
        response = client.post(url, {**(START if fields is None else fields), **more}, follow=follow)
        return response, words(response)

    return ask


def page_of(article):
    return reverse("admin:articles_article_schedule", args=[article.pk])


def editor_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def words(response):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def test_moderator_schedules_sees_and_cancels(ask, save, client):
    article = save().article

    response, page = ask(end_date="2027-04-02", end_time="09:30")

    made = Schedule.objects.get()
    assert (made.starts_at, made.ends_at, made.zone) == (
        datetime(2027, 3, 2, 8, 30, tzinfo=UTC),
        datetime(2027, 4, 2, 7, 30, tzinfo=UTC),
        "Europe/Berlin",
    )
    assert "Version 1 goes live on March 2, 2027, 09:30 (Europe/Berlin, UTC+01:00)." in page
    assert "Version 1 goes offline on April 2, 2027, 09:30 (Europe/Berlin, UTC+02:00)." in page
    assert "Scheduled by moderator on March 1, 2027, 13:00 (Europe/Berlin, UTC+01:00)." in page
    assert "scheduled, version 1" in page
    assert client.cookies["zone"].value == "Europe/Berlin"

    cancel = reverse("admin:articles_article_unschedule", args=[article.pk])
    assert f'action="{cancel}"' in response.content.decode()
    page = words(client.post(cancel, follow=True))
    assert "The schedule is cancelled." in page
    assert "goes live on" not in page
    assert "This article is not scheduled." in words(client.post(cancel, follow=True))


def test_schedule_is_bound_to_the_version_that_the_page_showed(ask, save, client):
    save()
    save("A newer draft.\n")

    _response, page = ask(version="1")

    assert Schedule.objects.get().revision.number == 1
    assert "Below is version 2, which does not go live with it." in page


def test_time_that_comes_twice_is_asked_about(ask, save, client):
    save()
    twice = {"start_date": "2027-10-31", "start_time": "02:30", "zone": "Europe/Berlin"}

    response, page = ask(twice)
    assert response.status_code == 400
    assert "Clocks in Europe/Berlin show 02:30 twice on Oct. 31, 2027. Choose which." in page
    choices = re.findall(r'name="start_choice" value="([^"]+)"', response.content.decode())
    assert "02:30 (UTC+02:00)" in page
    assert "02:30 (UTC+01:00)" in page
    assert not Schedule.objects.exists()

    ask(twice, start_choice=choices[1])
    assert Schedule.objects.get().starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_time_that_never_comes_is_refused_with_the_nearest_two(ask, save):
    save()
    never = {"start_date": "2027-03-28", "start_time": "02:30", "zone": "Europe/Berlin"}

    response, page = ask(never)
    assert "are put forward over 02:30 on March 28, 2027" in page
    assert "01:59 (UTC+01:00)" in page
    assert "03:00 (UTC+02:00)" in page
    _response, page = ask(never, start_choice="2027-03-28T05:00:00+00:00")  # none of the two
    assert not Schedule.objects.exists()

    ask(never, start_choice=re.findall(r'name="start_choice" value="([^"]+)"', response.content.decode())[1])
    assert Schedule.objects.get().starts_at == datetime(2027, 3, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say when."),
        ({"start_time": ""}, "Say at which time."),
        ({"start_date": ""}, "Say on which day."),
        ({"start_date": "2027-02-30"}, "Enter a valid date."),
        ({"start_time": "25:00"}, "Enter a valid time."),
        ({"start_date": "0001-01-01", "start_time": "00:00"}, "Choose a day in the years"),
        ({"start_date": "9999-12-31", "start_time": "23:59"}, "Choose an earlier time."),
        ({"start_date": "2027-03-01"}, "Choose a later time."),
        ({"end_date": "2027-03-02", "end_time": "09:30"}, "The end has to come after the start."),
        ({"zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"zone": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(ask, save, fields, said):
    save()
    sent = {"zone": "UTC"} if fields == {} else START | fields

    response, page = ask(sent)

    assert response.status_code == 400
    assert said in page
    for name, value in sent.items():
        if name != "zone":
            assert f'name="{name}" value="{value}"' in response.content.decode() or not value
    assert not Schedule.objects.exists()


def test_what_the_workflow_refuses_is_said(ask, save):
    save(FLAGGED)

    response, page = ask()

    assert response.status_code == 400
    assert "has to wait for a moderator" in page


def test_page_of_a_live_version_asks_for_the_end_alone(ask, published, client):
    _response, page = ask({"end_date": "2027-03-02", "end_time": "12:00", "zone": "UTC"})
    assert "Version 1 goes offline on March 2, 2027, 12:00 (UTC)." in page
    assert "goes live" not in page

    form = client.get(page_of(published.article)).content.decode()
    assert "start_date" not in form
    assert "Readers see this version now." in form
    assert "What you schedule here replaces that" in form


@pytest.mark.parametrize(
    ("cookie", "setting", "chosen"),
    [
        (None, "Europe/Lisbon", "Europe/Lisbon"),
        ("Asia/Kathmandu", "Europe/Lisbon", "Asia/Kathmandu"),
        ("nonsense", "EST", "UTC"),
    ],
)
def test_zone_begins_with_the_persons_then_with_that_of_the_site(
    save, client, moderator, settings, cookie, setting, chosen
):
    settings.TIME_ZONE = setting
    article = save().article
    client.force_login(moderator)
    if cookie:
        client.cookies["zone"] = cookie

    page = client.get(page_of(article)).content.decode()

    assert re.findall(r'<option value="([^"]+)"[^>]* selected', page) == [chosen]
    assert ("data-zone" in page) is (cookie is None)


def test_editor_says_what_cancelled_a_schedule_for_a_while(ask, save, client, moderator, administrator, at):
    article = save().article
    ask()
    workflow.hide(article.latest_revision, by=administrator, parts=["text"], reason="Private.")

    page = words(client.get(editor_of(article)))
    assert "Version 1 is no longer scheduled since March 1, 2027, 13:00 (Europe/Berlin, UTC+01:00)" in page
    assert "Its text was hidden." in page
    at(NOON + timedelta(days=15))
    client.force_login(moderator)
    assert "no longer scheduled" not in words(client.get(editor_of(article)))


def test_only_who_may_schedule_is_offered_it_and_everybody_in_the_newsroom_sees_it(
    ask, save, client, author, moderator, reader
):
    article = save().article
    ask()
    cancel = reverse("admin:articles_article_unschedule", args=[article.pk])
    for person, may in ((author, False), (moderator, True)):
        client.force_login(person)
        page = client.get(editor_of(article)).content.decode()
        assert "goes live on" in page
        assert (page_of(article) in page) is (cancel in page) is may
        assert client.get(page_of(article)).status_code == (200 if may else 403)
    client.force_login(author)
    assert client.post(page_of(article), START).status_code == 403
    assert client.post(cancel).status_code == 403
    client.force_login(reader)
    assert client.get(page_of(article)).status_code == 302
    assert Schedule.objects.open().exists()


def test_page_of_no_version_is_not_found(save, client, moderator):
    article = save().article
    client.force_login(moderator)

    assert client.get(page_of(article), {"version": "2"}).status_code == 404
    assert client.get(page_of(article), {"version": "\0"}).status_code == 200
    assert client.get("/admin/articles/article/999/schedule/").status_code == 404


def test_review_leads_to_its_approval_for_later(ask, save, author, moderator, client):
    review = workflow.submit(save(FLAGGED), by=author)
    client.force_login(moderator)
    page = client.get(review.get_absolute_url()).content.decode()
    address = f"{page_of(review.revision.article)}?version=1"
    assert f'href="{address}"' in page
    form = client.get(address)
    assert "to schedule it approves it" in words(form)

    ask(version=1, seen=str(form.context["seen"]))

    review.refresh_from_db()
    assert review.state == "approved"
    assert Schedule.objects.get().revision == review.revision
