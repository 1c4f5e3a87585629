"""The desk: what waits for a person's next step, each row in one section, for each role."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.editor import desk
from articles.models import Article
from articles.templatetags.zones import in_zone
from tests.conftest import FLAGGED, content

REASON = "The timetable is last year's."
SECTIONS = ("returned", "waiting", "scheduled", "drafts", "published", "unsaved")


@pytest.fixture
def write(author):
    """Saves the first version of a new article, by the author unless told otherwise."""

    def write(slug, *, by=None, source="Text.\n"):
        return workflow.save_revision(
            None, by=by or author, content=content(source, slug=slug, title=slug.title())
        )

    return write


@pytest.fixture
def sections(client):
    """Returns the addresses of the articles in each section of a person's desk that has any."""

    def sections(person):
        client.force_login(person)
        context = client.get("/admin/").context
        return {name: rows for name in SECTIONS if (rows := [slug_of(row) for row in context[name].rows])}

    return sections


def slug_of(row):
    if isinstance(row, Article):
        return row.slug
    return row.revision.article.slug if hasattr(row, "revision") else row.title


def test_each_article_stands_in_one_section(write, sections, author, moderator):
    write("draft")
    workflow.submit(write("waiting"), by=author)
    workflow.request_changes(workflow.submit(write("returned"), by=author), by=moderator, reason=REASON)
    workflow.reject(workflow.submit(write("rejected"), by=author), by=moderator, reason=REASON)
    workflow.approve(workflow.submit(write("live"), by=author), by=moderator)
    workflow.archive(write("old").article, by=author)
    workflow.keep_scratch_copy(None, by=author, token="a" * 32, edits=1, fields={"title": "unsaved"})

    assert sections(author) == {
        "returned": ["rejected", "returned"],
        "waiting": ["waiting"],
        "drafts": ["draft"],
        "published": ["live"],
        "unsaved": ["unsaved"],
    }


def test_nobody_finds_the_work_of_others(write, sections, author, other_author, moderator):
    write("draft")
    workflow.submit(write("waiting"), by=author)
    workflow.request_changes(workflow.submit(write("returned"), by=author), by=moderator, reason=REASON)
    workflow.approve(workflow.submit(write("live"), by=author), by=moderator)
    workflow.keep_scratch_copy(None, by=author, token="a" * 32, edits=1, fields={"title": "unsaved"})

    assert sections(other_author) == {}
    assert sections(moderator) == {}


def test_reason_is_on_the_desk_and_one_click_leads_to_the_editor(write, client, author, moderator):
    revision = write("tides")
    workflow.request_changes(workflow.submit(revision, by=author), by=moderator, reason=REASON)
    client.force_login(author)

    page = client.get("/admin/").content.decode()

    assert "<q><bdi>The timetable is last year&#x27;s.</bdi></q>" in page
    assert f'href="/admin/articles/article/{revision.article_id}/change/">Answer or correct' in page
    assert "by <bdi>moderator</bdi>" in page


def test_returned_version_stays_until_it_is_answered(save, sections, author, moderator):
    workflow.request_changes(workflow.submit(save("One.\n"), by=author), by=moderator, reason=REASON)
    newer = save("Two.\n")
    assert sections(author) == {"returned": ["tides"]}

    workflow.submit(newer, by=author)

    assert sections(author) == {"waiting": ["tides"]}


def test_last_of_two_decisions_counts(save, client, author, moderator):
    for n in range(2):
        review = workflow.submit(save(f"{n}.\n"), by=author)
        workflow.request_changes(review, by=moderator, reason=f"Reason {n}.")
    client.force_login(author)

    [review] = client.get("/admin/").context["returned"].rows

    assert review.reason == "Reason 1."


def test_new_draft_of_a_live_article_is_a_draft(published, save, sections, author):
    assert sections(author) == {"published": ["tides"]}
    save("Changed.\n")

    assert sections(author) == {"drafts": ["tides"], "published": ["tides"]}


def test_only_publications_of_the_last_days_are_listed(published, sections, author):
    Article.objects.update(published_at=timezone.now() - desk.LATELY + timedelta(minutes=1))
    assert sections(author) == {"published": ["tides"]}

    Article.objects.update(published_at=timezone.now() - desk.LATELY)

    assert sections(author) == {}


def test_schedules_of_my_versions_are_listed_the_next_first(
    write, sections, client, author, other_author, moderator
):
    soon = timezone.now() + timedelta(hours=1)
    for number, slug in enumerate(["later", "sooner"]):
        workflow.schedule(
            write(slug), by=moderator, starts_at=soon - timedelta(minutes=number), zone="Asia/Kolkata"
        )
    live = write("live")
    workflow.publish(live, by=moderator)
    workflow.schedule(live, by=moderator, starts_at=None, ends_at=soon + timedelta(hours=1), zone="UTC")

    assert sections(author)["scheduled"] == ["sooner", "later", "live"]
    assert "scheduled" not in sections(other_author)
    client.force_login(author)
    page = client.get("/admin/").content.decode()
    assert page.count("version 1 goes live") == 2
    assert page.count("version 1 goes offline") == 1
    assert page.count("(Asia/Kolkata, UTC+05:30)") == 2


def test_claim_of_a_moderator_is_told(save, client, author, moderator):
    workflow.claim(workflow.submit(save(), by=author), by=moderator)
    client.force_login(author)

    assert "<bdi>moderator</bdi> has it open" in client.get("/admin/").content.decode()


def test_section_shows_seven_and_links_to_all(write, client, author):
    for n in range(desk.MOST_SHOWN):
        write(f"n{n}")
    client.force_login(author)
    link = 'href="/admin/articles/article/?state=draft&amp;mine=newest">All '
    assert link not in client.get("/admin/").content.decode()

    write("one-more")
    answer = client.get("/admin/")

    assert len(answer.context["drafts"].rows) == desk.MOST_SHOWN
    assert link + "8" in answer.content.decode()


def test_long_section_is_counted_up_to_a_limit(write, client, author, monkeypatch):
    monkeypatch.setattr(desk, "MOST_COUNTED", 2)
    for n in range(3):
        write(f"n{n}")
    client.force_login(author)

    assert client.get("/admin/").context["drafts"].count == "2+"


def test_desk_takes_as_many_queries_for_many_rows(write, client, author, moderator):
    def fill(name):
        write(f"draft-{name}")
        workflow.submit(write(f"waiting-{name}"), by=author)
        workflow.request_changes(
            workflow.submit(write(f"returned-{name}"), by=author), by=moderator, reason=REASON
        )
        workflow.approve(workflow.submit(write(f"live-{name}"), by=author), by=moderator)
        token = name * 32
        workflow.keep_scratch_copy(None, by=author, token=token, edits=1, fields={"title": name})

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")
        return len(captured)

    client.force_login(author)
    client.get("/admin/")
    fill("a")
    few = queries()
    for name in "bcdef":
        fill(name)

    assert queries() == few


def test_hidden_title_is_withheld_from_its_author(save, client, author, moderator, administrator):
    revision = save(title="Tides of the Severn")
    workflow.request_changes(workflow.submit(revision, by=author), by=moderator, reason=REASON)
    client.force_login(author)
    assert "Tides of the Severn" in client.get("/admin/").content.decode()

    workflow.hide(revision, by=administrator, parts=["text"], reason="A name.")

    assert "Tides of the Severn" not in client.get("/admin/").content.decode()


def test_moderator_sees_how_many_wait_and_the_worst(write, client, author, moderator):
    for n in range(desk.WORST):
        workflow.submit(write(f"n{n}"), by=author)
    workflow.submit(write("worst", source=FLAGGED), by=author)
    workflow.submit(write("own", by=moderator, source=FLAGGED), by=moderator)
    client.force_login(moderator)

    context = client.get("/admin/").context

    assert context["pending_number"] == "5"
    assert [slug_of(review) for review in context["worst"]] == ["worst", "n0", "n1"]


def test_author_sees_no_queue(save, client, author):
    workflow.submit(save(FLAGGED), by=author)
    client.force_login(author)

    answer = client.get("/admin/")

    assert "worst" not in answer.context
    assert "/moderation/" not in answer.content.decode()


def test_clerk_of_accounts_sees_the_lists_of_the_admin_alone(published, client, reader):
    reader.is_staff = True
    reader.save()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["view_user"]))
    client.force_login(reader)

    page = client.get("/admin/").content.decode()

    assert 'href="/admin/auth/user/"' in page
    assert "My drafts" not in page
    assert "New article" not in page


def test_rest_of_the_admin_is_offered_to_whom_it_opens(client, author, administrator):
    client.force_login(administrator)
    assert "All of the admin" in client.get("/admin/").content.decode()

    client.force_login(author)

    assert "All of the admin" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/articles/article/", "/moderation/", "/articles/tides/"]
)
def test_one_bar_stands_above_every_room(published, client, moderator, address):
    client.force_login(moderator)

    page = client.get(address).content.decode()

    assert page.count('<header class="top">') == 1
    for room in ("/admin/", "/admin/articles/article/", "/moderation/", "/moderation/log/"):
        assert f'<li><a href="{room}"' in page or f'<li class="apart"><a href="{room}"' in page
    assert 'id="logout-form"' in page


def test_readers_have_the_header_of_the_site(published, client, reader):
    for person in (None, reader):
        if person:
            client.force_login(person)
        page = client.get("/articles/tides/").content.decode()
        assert '<header class="site">' in page
        assert 'class="top"' not in page


def test_what_is_scheduled_is_shown_with_its_moment(client, save, author, moderator):
    revision = save()
    start = timezone.now().replace(microsecond=0) + timedelta(days=1)
    workflow.schedule(revision, by=moderator, starts_at=start, zone="Asia/Kathmandu")
    save("A newer draft.\n")
    client.force_login(author)

    page = client.get(reverse("admin:index")).content.decode()

    row = page.partition('id="scheduled"')[2].partition("</section>")[0]
    assert "version 1" in row
    assert in_zone(start, "Asia/Kathmandu") in row
    assert "UTC+05:45" in row
