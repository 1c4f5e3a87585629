"""The log, the report and the mail: complete, bounded, and for moderators."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from smtplib import SMTPException
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.models import Event, Reminder, Review, Revision
from articles.moderation.figures import quantile
from articles.moderator import plots
from articles.text.content import findings
from tests.conftest import CLEAN, FLAGGED, content
from tests.sent_forms import decision_on


def text(response):
    return response.content.decode()


ADDRESSES = ["allowances", "allowance-add", "log", "log-csv", "log-jsonl", "reviews-csv", "report"]


@pytest.mark.parametrize("role", ["anonymous", "reader", "author", "moderator", "administrator"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_who_may_oversee(client, request, role, name):
    if role != "anonymous":
        client.force_login(request.getfixturevalue(role))
    expected = {"anonymous": 302, "moderator": 200, "administrator": 200}.get(role, 403)

    assert client.get(reverse(name)).status_code == expected


# From where


def test_door_is_recorded_for_command_page_and_newsroom(client, save, author, moderator):
    revision = save()  # as a command calls it
    client.force_login(author)
    url = reverse("admin:articles_article_change", args=[revision.article_id])
    client.post(
        url, {"title": "T", "slug": "tides", "language": "en", "source": "B", "base": 1, "_submit": ""}
    )
    client.force_login(moderator)
    review = Review.objects.get()
    client.post(review.get_absolute_url(), decision_on(client, review, decision="approve"))

    doors = Event.objects.order_by("pk").values_list("action", "door", "address")

    assert list(doors) == [
        ("save", "command", None),
        ("save", "admin", None),
        ("submit", "admin", None),
        ("approve", "page", None),
        ("publish", "page", None),
    ]


@pytest.mark.parametrize(("is_on", "address"), [(True, "127.0.0.1"), (False, None)])
def test_network_address_is_recorded_only_where_told(client, save, author, settings, is_on, address):
    settings.LOG_ADDRESSES = is_on
    revision = save()
    client.force_login(author)

    url = reverse("admin:articles_article_change", args=[revision.article_id])
    client.post(url, {"title": "T", "slug": "tides", "language": "en", "source": "B", "base": 1})

    assert Event.objects.first().address == address


def test_door_of_one_request_does_not_stay_for_the_next_operation(client, save, moderator):
    client.force_login(moderator)
    client.get("/moderation/")
    save()

    assert Event.objects.get().door == "command"


# The log


@pytest.fixture
def happenings(published, save, author, moderator, administrator):
    """Some of everything in the log."""
    flagged = save(FLAGGED)
    review = workflow.submit(flagged, by=author)
    workflow.reject(review, by=moderator, reason="The p\u0430per is spun.")
    other = workflow.save_revision(None, by=author, content=content(slug="other"))
    (item,) = findings(Revision.objects.with_text().get(pk=flagged.pk).content)
    workflow.allow_finding(flagged, item, by=moderator, kind="word", reason="=A name")
    workflow.allow("\u202f", by=moderator, kind="character", scope="site", reason="French.")
    workflow.hide(other, by=administrator, parts=["summary"], reason="Private.")
    workflow.unpublish(published.article, by=moderator, reason="Old.", public_reason="See Ebb.")


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"person": "administrator"}, ["hide"]),
        ({"action": "reject"}, ["reject"]),
        ({"article": "other"}, ["hide", "save"]),
        ({"text": "spun"}, ["reject"]),
        ({"text": "ebb old"}, ["unpublish"]),
        ({"text": "character U+202F"}, ["propose"]),
        ({"person": "moderator", "action": "allow", "text": "name"}, ["allow"]),
        ({"first": "2000-01-01", "last": "2000-01-02"}, []),
        ({"first": "2000-01-01", "last": "2100-01-01", "person": "administrator"}, ["hide"]),
        ({"person": "nobody"}, []),
    ],
)
def test_log_is_searched(client, happenings, moderator, query, actions):
    client.force_login(moderator)

    page = client.get(reverse("log"), query)

    assert [event.action for event in page.context["events"]] == actions
    exported = b"".join(client.get(reverse("log-jsonl"), query).streaming_content).decode()
    assert [json.loads(line)["action"] for line in exported.splitlines()] == actions


def test_log_of_today_ends_with_today(client, happenings, moderator):
    client.force_login(moderator)
    today = timezone.localdate()

    whole = client.get(reverse("log"), {"first": today, "last": today}).context["events"]
    before = client.get(reverse("log"), {"last": today - timedelta(days=1)}).context["events"]

    assert (len(whole), before) == (Event.objects.count(), [])


def test_every_operation_is_in_the_log_with_who_when_why_and_from_where(client, happenings, moderator):
    client.force_login(moderator)
    page = text(client.get(reverse("log")))

    for shown in (
        "saved",
        "published",
        "rejected",
        "allowed",
        "hid",
        "unpublished",
        "Old.",
        "Readers are told: <bdi>See Ebb.</bdi>",
        "command line",
        "U+202F",
    ):
        assert shown in page, shown


def test_log_is_read_page_by_page_in_a_flat_number_of_queries(
    client, save, moderator, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("articles.moderator.oversight.PER_PAGE", 3)
    for n in range(8):
        save(f"{n}\n")
    client.force_login(moderator)

    seen, query = [], {}
    while True:
        with django_assert_max_num_queries(5):
            context = client.get(reverse("log"), query).context
        seen += [event.revision.number for event in context["events"]]
        if context["page"].after is None:
            break
        query = {"after": context["page"].after}

    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]


def test_log_leads_back_to_newer_events(client, save, moderator, monkeypatch):
    monkeypatch.setattr("articles.moderator.oversight.PER_PAGE", 3)
    for n in range(8):
        save(f"{n}\n")
    client.force_login(moderator)
    first = client.get(reverse("log")).context["page"]
    second = client.get(reverse("log"), {"after": first.after}).context["page"]

    back = client.get(reverse("log"), {"before": second.before}).context["page"]

    assert (first.before, back.rows, back.after) == (None, first.rows, first.after)


def test_bookmarked_page_of_the_log_leads_to_the_events_after_the_named_one(client, happenings, moderator):
    client.force_login(moderator)
    named, *older = Event.objects.for_log(moderator).filter(action="save")

    page = client.get(reverse("log"), {"before": named.pk, "action": "save"}, follow=True)

    assert page.redirect_chain[0][1] == 302
    assert list(page.context["events"]) == older
    assert older


def test_log_after_an_event_that_does_not_exist_is_the_first_page(client, happenings, moderator):
    client.force_login(moderator)
    first = client.get(reverse("log")).context["events"]

    assert client.get(reverse("log"), {"before": 999_999}).context["events"] == first


def test_log_is_in_the_order_of_time_whatever_the_keys(client, save, moderator, monkeypatch):
    monkeypatch.setattr("articles.moderator.oversight.PER_PAGE", 3)
    for n in range(8):
        monkeypatch.setattr(timezone, "now", lambda n=n: datetime(2026, 11, (n * 3) % 8 + 1, tzinfo=UTC))
        save(f"{n}\n")
    client.force_login(moderator)

    first = client.get(reverse("log")).context
    second = client.get(reverse("log"), {"after": first["page"].after}).context

    days = [event.at.day for context in (first, second) for event in context["events"]]
    assert days == [8, 7, 6, 5, 4, 3]


@pytest.mark.parametrize("query", [{"first": "tomorrow"}, {"action": "burn"}, {"person": "x" * 151}])
def test_question_that_makes_no_sense_is_told(client, moderator, query):
    client.force_login(moderator)

    for name in ("log", "log-csv", "log-jsonl"):
        response = client.get(reverse(name), query)
        assert response.status_code == 400
        assert "errorlist" in text(response)


def test_csv_holds_the_same_and_no_formula(client, happenings, moderator):
    client.force_login(moderator)

    response = client.get(reverse("log-csv"))
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    assert "attachment" in response["Content-Disposition"]
    assert [int(row["id"]) for row in rows] == list(Event.objects.values_list("pk", flat=True))
    assert (
        next(row for row in rows if row["action"] == "allow" and "word" in row["detail"])["reason"]
        == "'=A name"
    )


@pytest.mark.parametrize(
    "pasted",
    [
        "{slug}",
        "/articles/{slug}/",
        "https://site.example/articles/{slug}/history/?page=2#v3",
        "http://127.0.0.1:8000/articles/{slug}/revisions/1/",
        "site.example/articles/{slug}/",
        "articles/{slug}/",
        "https://site.example/articles/{quoted}/compare/1..2/?view=side",
        "{quoted}",
        "  /articles/{slug}/ ",
        "https://site.example/admin/articles/article/{pk}/change/",
        "https://site.example/moderation/{review}/?language=fr",
    ],
)
def test_log_finds_an_article_by_whatever_address_of_it_is_pasted(client, author, moderator, pasted):
    slug = "gezeitenm\u00fchle-\u0430"
    revision = workflow.save_revision(None, by=author, content=content("Text.\n", slug=slug))
    review = workflow.submit(revision, by=author)
    workflow.save_revision(None, by=author, content=content("Text.\n", slug="other"))
    client.force_login(moderator)
    typed = pasted.format(slug=slug, quoted=quote(slug), pk=revision.article_id, review=review.pk)

    for name in ("log", "log-jsonl"):
        answer = client.get(reverse(name), {"article": typed})
        found = answer.getvalue().decode() if answer.streaming else answer.content.decode()
        assert f">{slug}<" in found or f'"{slug}"' in found
        assert not re.search(r'>other<|"other"', found)


@pytest.mark.parametrize("typed", ["U+0430", "u+430"])
def test_log_finds_a_character_by_its_code_point(client, author, moderator, typed):
    review = workflow.submit(
        workflow.save_revision(None, by=author, content=content("Text.\n", slug="one")), by=author
    )
    workflow.reject(review, by=moderator, reason="The \u0430 is Cyrillic.")
    client.force_login(moderator)

    assert [event.action for event in client.get(reverse("log"), {"text": typed}).context["events"]] == [
        "reject"
    ]
    for odd in ("U+D800", "U+0", "U+110000", "U+0430U+0430"):
        assert not client.get(reverse("log"), {"text": odd}).context["events"]


@pytest.mark.parametrize(
    "pasted",
    [
        "http://[",
        "//",
        "/",
        "/articles/",
        "https://site.example/moderation/999999999/",
        "U+D800",
        "U+0",
        "%00",
        "%ff%fe/",
    ],
)
@pytest.mark.parametrize("name", ["log", "log-csv", "log-jsonl"])
def test_forged_addresses_find_nothing_and_break_nothing(client, moderator, name, pasted):
    client.force_login(moderator)

    answer = client.get(reverse(name), {"article": pasted})

    assert answer.status_code in (200, 400)
    if answer.streaming:
        assert answer.getvalue().count(b"\n") <= 1


@pytest.mark.parametrize("name", ["log-csv", "log-jsonl"])
@pytest.mark.parametrize("query", [{"after": "x"}, {"before": "9" * 40}, {"after": "", "person": "author"}])
def test_export_of_one_page_is_refused_in_words(client, happenings, moderator, name, query):
    client.force_login(moderator)

    answer = client.get(reverse(name), query)

    assert answer.status_code == 400
    assert "An export has all pages" in text(answer)


def test_export_of_a_person_without_events_is_empty(client, happenings, moderator):
    client.force_login(moderator)

    assert client.get(reverse("log-jsonl"), {"person": "nobody"}).getvalue() == b""
    assert client.get(reverse("log-csv"), {"person": "nobody"}).getvalue().count(b"\n") == 1


def test_log_stands_by_days(client, author, moderator):
    workflow.save_revision(None, by=author, content=content("Text.\n", slug="one"))
    client.force_login(moderator)

    page = text(client.get(reverse("log")))

    assert page.count('<tr class="day">') == 1
    assert page.count("<tbody>") == page.count("</tbody>") == 1


# The report


def decided(review, *, days_ago, hours):
    at = timezone.now() - timedelta(days=days_ago)
    Review.objects.filter(pk=review.pk).update(decided_at=at, submitted_at=at - timedelta(hours=hours))


@pytest.fixture
def decisions(author, other_author, moderator):
    """Two flagged revisions turned down, one flagged and one clean approved, one waiting."""

    def write(slug, source, by, language="en"):
        revision = workflow.save_revision(
            None, by=by, content=content(source, slug=slug, language=language, title="Tides")
        )
        return workflow.submit(revision, by=by)

    spam = FLAGGED + "[x](https://spam.example/)\n"
    for slug, by, hours in (("a", author, 1), ("b", author, 3)):
        review = write(slug, spam, by)
        workflow.reject(review, by=moderator, reason="No.")
        decided(review, days_ago=2, hours=hours)
    for slug, source, hours in (("c", FLAGGED, 5), ("d", CLEAN, 50)):
        review = write(slug, source, other_author, language="de")
        workflow.approve(review, by=moderator)
        decided(review, days_ago=1, hours=hours)
    write("e", FLAGGED, author)


def test_report_counts_days_times_and_verdicts(client, decisions, moderator):
    client.force_login(moderator)

    figures = client.get(reverse("report"), {"days": 7}).context["figures"]

    days = {day.date: day for day in figures.days}
    assert len(days) == 7
    today = timezone.localdate()
    assert [days[today - timedelta(days=n)].decided for n in (2, 1, 0)] == [2, 2, 0]
    assert sum(day.submitted for day in figures.days) == 5
    assert sum(day.flagged for day in figures.days) == 4
    assert (days[today - timedelta(days=2)].median, days[today - timedelta(days=2)].slowest_tenth) == (1, 3)
    assert (figures.waiting, figures.median, figures.slowest_tenth) == (1, 3, 50)
    (check,) = figures.checks
    assert (check.name, check.upheld, check.approved, check.allowed) == ("foreign-letter", 2, 1, 0)
    assert check.precision == pytest.approx(2 / 3)
    assert [(v.name, v.upheld, v.approved) for v in figures.languages] == [("en", 2, 0), ("de", 0, 2)]
    assert [(v.name, v.upheld, v.approved) for v in figures.authors] == [
        ("author", 2, 0),
        ("other_author", 0, 2),
    ]
    assert [(v.name, v.upheld) for v in figures.domains] == [("spam.example", 2)]


def test_allowance_counts_against_the_check_that_found_it(client, decisions, moderator):
    revision = Revision.objects.with_text().get(slug="c")
    (item,) = findings(revision.content)
    workflow.allow_finding(revision, item, by=moderator, kind="word", scope="article", reason="A name.")

    (check,) = workflow.gather_figures(days=7, seen_by=moderator).checks

    assert (check.allowed, check.precision) == (1, pytest.approx(0.5))


def backlog(page):
    """The heights of the path that says how many wait, from the first day to the last; larger is lower."""
    drawing = page.partition('id="backlog-title"')[2].partition("</svg>")[0]
    return [float(pair.split(",")[1]) for pair in re.search(r'points="([^"]+)"', drawing)[1].split()]


def test_growing_backlog_rises_and_a_shrinking_one_falls(client, author, moderator):
    def wait(n, *, days_ago):
        revision = workflow.save_revision(None, by=author, content=content("Text.\n", slug=f"n{n}"))
        review = workflow.submit(revision, by=author)
        at = timezone.now() - timedelta(days=days_ago)
        Review.objects.filter(pk=review.pk).update(submitted_at=at)
        return review

    reviews = [wait(n, days_ago=days) for n, days in enumerate((40, 3, 3, 2, 1))]
    client.force_login(moderator)
    page = text(client.get(reverse("report"), {"days": 7}))
    heights = backlog(page)
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]
    assert "5 wait, 7 days ago 1 did." in page

    for review in reviews[:4]:
        workflow.reject(review, by=moderator, reason="No.")
    page = text(client.get(reverse("report"), {"days": 7}))
    assert backlog(page)[-1] > backlog(page)[-2]
    assert "1 waits, 7 days ago 1 did." in page


def test_report_counts_what_each_moderator_decided_by_name(decisions, moderator):
    (share,) = workflow.gather_figures(days=7, seen_by=moderator).moderators

    assert (share.name, share.decided, share.turned_down, share.median) == ("moderator", 4, 0.5, 3)


def test_report_leaves_hidden_names_out(decisions, administrator, moderator):
    for revision in Revision.objects.filter(author_name="author"):
        workflow.hide(revision, by=administrator, parts=["author"], reason="Private.")

    assert [v.name for v in workflow.gather_figures(days=7, seen_by=moderator).authors] == ["other_author"]


def test_plots_are_well_formed_drawings_with_words_and_a_table(client, decisions, moderator):
    client.force_login(moderator)
    page = text(client.get(reverse("report")))

    drawings = [part.partition("</svg>")[0] + "</svg>" for part in page.split("\n  \n  <svg")[1:]]
    drawings = [ElementTree.fromstring("<svg" + drawing) for drawing in drawings]
    assert len(drawings) == 3
    for drawing in drawings:
        assert drawing.find("title").text
        assert drawing.find("desc").text
        assert drawing.attrib["role"] == "img"
        assert [e for e in drawing.iter() if e.tag in ("rect", "circle")]
    assert "The same figures as a table" in page
    assert " style=" not in page


def test_report_of_nothing_says_so(client, moderator):
    client.force_login(moderator)

    page = text(client.get(reverse("report"), {"days": "x"}))

    assert "The last 30 days" in page
    assert page.count("Nothing was decided in this time.") == 5


def test_report_takes_the_same_number_of_queries_whatever_it_counts(
    client, decisions, moderator, django_assert_max_num_queries
):
    client.force_login(moderator)
    for days in (7, 90):
        with django_assert_max_num_queries(20):
            client.get(reverse("report"), {"days": days})


@given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([0.5, 0.9]))
def test_quantile_is_the_smallest_value_that_enough_do_not_exceed(values, share):
    found = quantile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e5)), min_size=1, max_size=90))
def test_everything_drawn_stands_inside_the_drawing(values):
    days = [date(2030, 1, 1) + timedelta(days=n) for n in range(len(values))]

    for draw in (plots.bars, plots.lines):
        plot = draw("x", "Title", "Words", days, [plots.Series("a", values), plots.Series("b", values)])
        for mark in (*plot.bars, *plot.points):
            assert plots.LEFT <= mark.x <= mark.x + mark.width <= plots.WIDTH
            assert plots.TOP <= mark.y <= mark.y + mark.height <= plots.HEIGHT - plots.BOTTOM
        assert len(plot.columns) <= plots.MOST_DATES
        assert len(plot.points) == (2 * sum(v is not None for v in values) if draw is plots.lines else 0)


# Mail


@pytest.fixture
def reachable(moderator):
    moderator.email = "moderator@example.org"
    moderator.save()


def waiting(author, slug, **ago):
    review = workflow.submit(workflow.save_revision(None, by=author, content=content(slug=slug)), by=author)
    Review.objects.filter(pk=review.pk).update(submitted_at=timezone.now() - timedelta(**ago))


def notify():
    out = StringIO()
    call_command("notify_moderators", stdout=out)
    return out.getvalue()


def test_nothing_is_sent_while_nothing_is_due(reachable, author):
    waiting(author, "a", hours=23)

    assert notify() == "There is no mail to send.\n"
    assert not mail.outbox


def test_queue_that_ages_is_told_once_until_another_is_overdue(reachable, author, settings):
    settings.SITE_URL = "https://cms.example.org"
    waiting(author, "a", hours=30)
    notify()
    notify()
    (message,) = mail.outbox
    assert message.bcc == ["moderator@example.org"]
    assert "1 version has waited longer than 24 hours" in message.subject
    assert "https://cms.example.org/moderation/" in message.body

    waiting(author, "b", hours=25)
    notify()

    assert len(mail.outbox) == 2
    assert "2 are waiting in all." in mail.outbox[1].body


def test_burst_is_told_once_until_the_next_one(reachable, author, settings):
    settings.QUEUE_BURST = 2
    waiting(author, "a", minutes=5)
    notify()
    assert not mail.outbox
    waiting(author, "b", minutes=4)

    notify()
    notify()
    assert "2 versions came within 60 minutes" in mail.outbox[0].subject
    waiting(author, "c", minutes=3)
    notify()
    assert len(mail.outbox) == 1
    waiting(author, "d", minutes=2)
    notify()
    assert len(mail.outbox) == 2


def test_failing_mail_server_is_told_and_tried_again(reachable, author, monkeypatch):
    waiting(author, "a", hours=30)

    def fail(*args, **kwargs):
        raise SMTPException("full")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        with pytest.raises(CommandError, match="full") as error:
            notify()
    assert error.value.returncode == 2
    assert not Reminder.objects.exists()

    assert "1 written to" in notify()


def test_nobody_to_write_to_is_an_error(moderator):
    with pytest.raises(CommandError) as error:
        notify()

    assert error.value.returncode == 2


def test_only_active_accounts_that_decide_are_written_to(reachable, author, administrator, moderator):
    author.email, administrator.email = "author@example.org", "administrator@example.org"
    author.save()
    administrator.save()

    assert workflow.recipients() == ["administrator@example.org", "moderator@example.org"]
    moderator.is_active = False
    moderator.save()
    assert workflow.recipients() == ["administrator@example.org"]
