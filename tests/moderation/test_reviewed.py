"""Who reviewed what: a review by somebody else before a version went live, and nothing else."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Event, LiveChange, Revision
from articles.moderation.reviewed import REPORTED, review_of, reviews_of
from tests.conftest import FLAGGED

How = LiveChange.How


@pytest.fixture
def reviewed(save, author, moderator):
    """Version 1, reviewed by a moderator and live."""
    revision = save(software_share="assisted")
    workflow.approve(workflow.submit(revision, by=author), by=moderator)
    return revision


def read(revision, *, user=None):
    """The row as pages load it, with what is hidden withheld."""
    rows = Revision.objects.withholding_from(user).select_related("publication")
    return review_of(rows.get(pk=revision.pk))


def test_review_by_a_moderator_is_one(reviewed):
    decision = Event.objects.get(action="approve")

    assert read(reviewed).is_review
    assert read(reviewed).at == decision.at


@pytest.mark.parametrize("is_named", [False, True])
def test_reviewer_is_named_only_if_the_site_says_so(settings, reviewed, is_named):
    settings.NAME_REVIEWERS = is_named

    assert read(reviewed).name == ("moderator" if is_named else "")


def test_version_published_without_a_review_has_none(published):
    found = read(published)

    assert (found.how, found.is_review, found.at, found.name) == (How.DIRECT, False, None, "")


def test_draft_has_none_and_takes_no_query(save, django_assert_num_queries):
    draft = Revision.objects.select_related("publication").get(pk=save().pk)

    with django_assert_num_queries(0):
        assert review_of(draft) is None


def test_approval_of_ones_own_text_is_no_review(settings, save, moderator):
    settings.ALLOW_SELF_APPROVAL = settings.NAME_REVIEWERS = True
    revision = save(by=moderator)
    workflow.approve(workflow.submit(revision, by=moderator), by=moderator)

    assert (read(revision).how, read(revision).is_review, read(revision).name) == (How.OWN, False, "")


def test_look_after_it_went_live_is_no_review(settings, published, second_moderator):
    settings.NAME_REVIEWERS = True
    workflow.mark_patrolled(LiveChange.objects.all(), by=second_moderator)

    assert not read(published).is_review
    assert read(published).name == ""


def test_approval_that_was_taken_back_is_no_review_until_it_is_given_again(save, reviewed, author, moderator):
    second = save("Second.\n")
    review = workflow.submit(second, by=author)
    workflow.approve(review, by=moderator)
    workflow.undo(review, by=moderator)

    assert (read(second).is_review, read(second).is_taken_back) == (False, True)
    assert read(reviewed).is_review  # live again, as it was reviewed

    review.refresh_from_db()
    workflow.approve(review, by=moderator)
    assert (read(second).is_review, read(second).is_taken_back) == (True, False)


def test_hidden_name_of_an_author_is_not_told_as_that_of_a_reviewer(
    settings, save, reviewed, moderator, administrator
):
    settings.NAME_REVIEWERS = True
    LiveChange.objects.update(seen_by_name="author")  # as if a name were used again by another account
    workflow.hide(reviewed, by=administrator, reason="Private.", parts={"author"})

    assert (read(reviewed).is_review, read(reviewed).name) == (True, "")
    assert read(reviewed, user=administrator).name == "author"


def test_deleted_account_stays_the_reviewer(settings, reviewed, moderator, administrator):
    settings.NAME_REVIEWERS = True
    administrator.is_superuser = True
    administrator.save()
    workflow.delete_account(moderator, by=administrator)

    assert read(reviewed).name == "moderator"


def test_reviews_of_many_versions_take_one_query(save, reviewed, moderator, django_assert_num_queries):
    for n in range(3):
        workflow.publish(save(f"{n}\n"), by=moderator)
    revisions = list(Revision.objects.select_related("publication"))

    with django_assert_num_queries(1):
        found = reviews_of(revisions)
    assert [found[revision.pk].is_review for revision in revisions] == [False, False, False, True]


# The report


def lines(text):
    return list(csv.DictReader(io.StringIO(text)))


def ask(client, **query):
    return lines(client.get(reverse("reviews-csv"), query).getvalue().decode())


def report(**options):
    out = io.StringIO()
    call_command("report_reviews", stdout=out, **options)
    return lines(out.getvalue())


def test_report_has_a_line_for_each_time_that_a_version_went_live(client, save, reviewed, moderator):
    second = save("Second.\n")
    workflow.publish(second, by=moderator)
    save("A draft.\n")
    client.force_login(moderator)

    first, last = ask(client)

    change = LiveChange.objects.earliest("pk")
    assert first == {
        "live_at": change.at.isoformat(),
        "article": "tides",
        "version": "1",
        "sha256": reviewed.sha256,
        "author": "author",
        "how": "review",
        "published_by": "moderator",
        "reviewed_by": "moderator",
        "reviewed_at": change.seen_at.isoformat(),
        "taken_back": "",
        "looked_at_by": "",
        "looked_at": "",
        "software_share": "assisted",
    }
    assert (last["version"], last["sha256"]) == ("2", second.sha256)
    assert (last["how"], last["reviewed_by"], last["software_share"]) == ("direct", "", "")
    assert report() == [first, last]


def test_report_says_what_was_looked_at_afterwards_and_what_was_taken_back(
    client, save, reviewed, author, moderator, second_moderator
):
    review = workflow.submit(save("Second.\n"), by=author)
    workflow.approve(review, by=moderator)
    workflow.undo(review, by=moderator)
    workflow.publish(save("Third.\n"), by=moderator)
    workflow.mark_patrolled(LiveChange.objects.filter(how="direct"), by=second_moderator)

    first, second, third = report()

    assert [line["taken_back"] for line in (first, second, third)] == ["", "yes", ""]
    assert (third["reviewed_by"], third["looked_at_by"]) == ("", second_moderator.username)
    assert third["looked_at"]


def test_report_covers_the_days_that_are_asked_for(reviewed):
    today = timezone.localdate()
    yesterday, tomorrow = (str(today + timedelta(days=days)) for days in (-1, 1))

    assert len(report(first=str(today), last=str(today))) == 1
    assert report(last=yesterday) == report(first=tomorrow) == []


def test_report_has_no_hidden_name_and_no_formula(
    client, reviewed, moderator, administrator, second_moderator
):
    LiveChange.objects.update(seen_by_name="=cmd()")
    workflow.hide(reviewed, by=administrator, reason="Private.", parts={"author"})

    client.force_login(moderator)
    [line] = ask(client)
    assert (line["author"], line["reviewed_by"]) == ("(name hidden)", "'=cmd()")
    assert report() == [line]
    client.force_login(administrator)
    assert ask(client)[0]["author"] == "author"


def test_report_takes_one_query_however_long_it_is(save, moderator, administrator, django_assert_num_queries):
    for n in range(6):
        revision = save(f"{n}\n")
        workflow.publish(revision, by=moderator)
        workflow.hide(revision, by=administrator, reason="Private.", parts={"author"})
    with django_assert_num_queries(1):
        assert len(list(workflow.report_reviews(seen_by=None))) == 6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"first": "soon"}, "“soon” is no day"),
        ({"last": "9999-12-31"}, "is no day"),
        ({"first": "2026-02-01", "last": "2026-01-31"}, "before the first one"),
    ],
)
def test_report_of_no_period_is_refused_in_words(db, options, message):
    with pytest.raises(CommandError, match=message) as refused:
        call_command("report_reviews", **options)

    assert refused.value.returncode == 2


@pytest.mark.parametrize("query", [{"first": "soon"}, {"last": "9999-12-31"}])
def test_page_tells_what_is_wrong_with_a_period(client, moderator, query):
    client.force_login(moderator)

    response = client.get(reverse("reviews-csv"), query)

    assert response.status_code == 400
    assert "errorlist" in response.content.decode()


def test_command_of_the_docs_writes_the_report(reviewed):
    page = Path("docs/oversight.md").read_text(encoding="utf-8")
    [options] = re.findall(r"^    manage\.py report_reviews (.*)$", page, re.MULTILINE)
    LiveChange.objects.update(at=datetime(2026, 3, 31, 12, tzinfo=UTC))
    out = io.StringIO()

    call_command("report_reviews", *options.split(), stdout=out)

    assert [line["sha256"] for line in lines(out.getvalue())] == [reviewed.sha256]
    assert set(re.findall(r"`(\w+)`", page)) >= set(REPORTED)


def test_log_offers_the_report_of_its_days(client, reviewed, moderator):
    client.force_login(moderator)
    today = str(timezone.localdate())

    page = client.get(reverse("log"), {"first": today, "person": "moderator"}).content.decode()

    assert f'href="{reverse("reviews-csv")}?first={today}"' in page


def test_flagged_version_goes_live_reviewed(save, author, moderator):
    review = workflow.publish(save(FLAGGED), by=moderator)
    workflow.approve(review, by=moderator, reason="Seen.")

    assert read(review.revision).is_review
