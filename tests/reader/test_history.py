"""The history page: versions by day, what each changed, folds, filters and jumps, for each person what they may see."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.http import paging
from articles.models import Attribution, Revision
from articles.reader import history
from articles.reader.days import FOLDED_FROM, NEAR, SMALL
from articles.reader.history import MOST_NAMES
from articles.revisions import triggers
from tests.conftest import FLAGGED

URL = "/articles/tides/history/"
START = datetime(2025, 6, 3, 10, tzinfo=UTC)
TEXT = "The tide table hangs by the door of the harbour office, and the keeper reads it.\n"


@pytest.fixture
def at(monkeypatch):
    """Sets the time at which what follows is written."""

    def set_time(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_time


@pytest.fixture
def small_saves(save, at):
    """Writes versions that put n letters for the n - 1 before, so many minutes apart; first one that is large."""

    def write(count, *, minutes=5, **changes):
        at(START)
        save(TEXT)
        for n in range(1, count + 1):
            at(START + timedelta(minutes=minutes * n))
            save(TEXT + "xy"[n % 2] * n + "\n", **changes)

    return write


def page(client, query="", status=200):
    response = client.get(URL + query)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def row(text, number):
    return re.search(rf'<li class="version" id="v{number}">.*?</li>', text, re.S)[0]


def numbers(text):
    return [int(n) for n in re.findall(r'<li class="version" id="v(\d+)">', text)]


# What the list shows


def test_versions_stand_under_the_days_of_the_sites_time_zone(client, save, author, at, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    timezone.get_default_timezone.cache_clear()
    for hour in (10, 14, 16):  # 19:00, 23:00 and 01:00 of the next day
        at(START.replace(hour=hour))
        save(f"{hour}\n")
    client.force_login(author)

    shown = page(client)

    headings = re.findall(r'<h2><time datetime="(.*?)">(.*?)</time></h2>', shown)
    assert headings == [("2025-06-04", "Wednesday, June 4, 2025"), ("2025-06-03", "Tuesday, June 3, 2025")]
    assert numbers(shown.partition("2025-06-03")[0]) == [3]
    assert 'datetime="2025-06-04T01:00:00+09:00">01:00<' in row(shown, 3)
    timezone.get_default_timezone.cache_clear()


def test_version_shows_its_summary_author_kind_and_size(client, save, author):
    save(TEXT)
    save(TEXT.replace("door", "gate") + "x" * 1500, summary="A gate <now>", change_kind="correction")
    client.force_login(author)

    second = row(page(client), 2)

    stored = Attribution.objects.get(revision__number=2)
    assert "<bdi>A gate <now></bdi>" in second
    assert "<bdi>author</bdi>" in second
    assert '<span class="badge">correction</span>' in second
    assert f"+{stored.added:,} \N{MINUS SIGN}{stored.removed}" in second
    assert re.search(r'class="minus" x="[\d.]+" width="2.0"', second)
    assert "No summary" in row(page(client), 1)


def test_size_bar_ends_at_the_edge_and_adds_up(client, save, author):
    save("x" * 700 + "\n")
    client.force_login(author)

    _, _, start, width = re.findall(r'(?:x|width)="([\d.]+)"', row(page(client), 1))

    assert (start, width) == ("47.9", "48.1")


def test_version_without_stored_counts_shows_no_size(client, save, author):
    save(TEXT)
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_attribution")
    client.force_login(author)

    assert 'class="size"' not in page(client)


def test_flags_brought_in_and_taken_out_are_counted(client, save, author):
    save(FLAGGED)
    save(FLAGGED + "\nAnother p\u0430per.\n")
    save("The paper by the door.\n\nAnother p\u0430per.\n\nOne p\u0430ge more.\n")
    save("The paper by the door.\n\nAnother paper.\n\nOne page more.\n")
    save("The paper by the door.\n\nAnother paper.\n\nOne page.\n")
    client.force_login(author)

    shown = page(client)

    badges = [re.findall(r'<bdi dir="ltr">(\S+)</bdi> odd', row(shown, n)) for n in (1, 2, 3, 4, 5)]
    minus = "\N{MINUS SIGN}"
    assert badges == [["+1"], ["+1"], ["+1", f"{minus}1"], [f"{minus}2"], []]
    assert "2 odd characters taken out" in row(shown, 4)


def test_flag_in_a_summary_is_not_taken_out_of_a_text(client, save, author):
    save(FLAGGED)
    save(FLAGGED + "\nMore.\n", summary="The p\u0430per")
    client.force_login(author)

    second = row(page(client), 2)

    assert re.findall(r'<bdi dir="ltr">(\S+)</bdi> odd', second) == ["+1"]


def test_reader_sees_no_count_against_a_draft(client, published, save, moderator, author):
    save(FLAGGED)  # a draft
    review = workflow.submit(save(FLAGGED + "\nMore.\n"), by=author)
    workflow.approve(review, by=moderator)

    third = row(page(client), 3)

    assert 'class="size"' not in third
    assert re.findall(r'<bdi dir="ltr">(\S+)</bdi> odd', third) == ["1"]
    assert "/compare/1..3/" in third
    client.force_login(author)
    assert 'class="size"' in row(page(client), 3)


def test_states_are_told_to_the_newsroom(client, published, save, moderator, author):
    workflow.publish(save("Second.\n"), by=moderator)
    save("A draft.\n")
    workflow.submit(save("Waiting.\n"), by=author)

    assert "was published" not in page(client)
    assert "live" in row(page(client), 2)
    client.force_login(author)
    shown = page(client)
    badges = [re.findall(r'<span class="badge">(.*?)</span>', row(shown, n)) for n in (4, 3, 2, 1)]
    assert badges == [["waiting for a moderator"], [], ["live"], ["was published"]]


def test_links_pass_over_a_live_version_whose_text_is_hidden(
    client, published, save, author, administrator, moderator
):
    workflow.publish(save("Second.\n"), by=moderator)
    workflow.publish(save("Third.\n"), by=moderator)
    workflow.hide(Revision.objects.get(number=3), by=administrator, parts=["text"], reason="Private.")
    client.force_login(author)

    shown = page(client)

    assert "/compare/1..2/" in row(shown, 2)
    assert "..3/" not in shown
    assert 'type="radio"' not in row(shown, 3)
    assert re.findall(r'value="(\d)"[^>]* checked', shown) == ["2", "1"]


def test_head_counts_versions_people_and_days(client, save, other_author, author, at):
    at(START)
    save("One.\n")
    at(START + timedelta(days=40))
    save("Two.\n", by=other_author)
    client.force_login(author)

    shown = page(client)

    assert "2 versions by 2 people, from June 3, 2025 to July 13, 2025." in shown
    assert 'aria-label="2 versions between June 2025 and July 2025; versions 1 and 2 are chosen"' in shown


def test_head_of_one_version_has_no_ribbon_and_nothing_to_choose(client, published):
    shown = page(client)

    assert "1 version by 1 person, of" in shown
    assert '<svg class="ribbon"' not in shown
    assert "Compare the two chosen" not in shown
    assert 'type="radio"' not in shown


def test_head_leads_to_who_wrote_the_version_that_the_person_reads(
    client, published, save, author, administrator
):
    draft = save("A draft.\n")
    assert '<a href="/articles/tides/revisions/1/authors/">Who wrote what</a>' in page(client)

    for revision in (published, draft):
        workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    client.force_login(author)

    assert "Who wrote what" not in page(client)


# Folds


def folds(text):
    return re.findall(r'<details class="fold"( open)?><summary>(.*?)</summary>', text)


def test_small_saves_that_follow_one_another_are_folded(client, small_saves, save, at, author):
    small_saves(4)
    for n in (1, 2):
        at(START + timedelta(hours=n))
        save(f"Something else {n}. {TEXT * 2}")
    client.force_login(author)

    shown = page(client)

    rows = Attribution.objects.filter(revision__number__in=range(2, 6))
    added, removed = sum(row.added for row in rows), sum(row.removed for row in rows)
    words = "4 small saves by <bdi>author</bdi>, 10:05 to 10:20"
    assert folds(shown) == [("", f'{words}, <bdi dir="ltr">+{added} \N{MINUS SIGN}{removed}</bdi>')]
    inside = shown.partition("<details")[2].partition("</details>")[0]
    assert numbers(inside) == [5, 4, 3, 2]
    assert inside.count('type="radio"') == 8


@pytest.mark.parametrize(
    ("count", "minutes", "changes", "folded"),
    [
        (FOLDED_FROM, 5, {}, True),
        (FOLDED_FROM - 1, 5, {}, False),
        (FOLDED_FROM, NEAR.seconds // 60, {}, True),
        (FOLDED_FROM, NEAR.seconds // 60 + 1, {}, False),
        (FOLDED_FROM, 5, {"change_kind": "typo"}, True),
        (FOLDED_FROM, 5, {"change_kind": "correction"}, False),
        (FOLDED_FROM, 5, {"software_share": "assisted"}, True),
        (FOLDED_FROM, 5, {"summary": "The p\u0430per"}, False),
    ],
)
def test_what_is_folded(client, small_saves, author, count, minutes, changes, folded):
    small_saves(count, minutes=minutes, **changes)
    client.force_login(author)

    assert bool(folds(page(client))) is folded


@pytest.mark.parametrize(
    ("share", "label"),
    [("assisted", "assisted by software"), ("generated", "generated by software"), ("none", ""), ("", "")],
)
def test_share_of_software_and_kind_of_change_stand_on_history_and_page(client, save, author, share, label):
    save(software_share=share, change_kind="correction")
    client.force_login(author)

    for address in (URL, "/articles/tides/revisions/1/"):
        shown = client.get(address).content.decode()
        assert '<span class="badge">correction</span>' in shown
        assert ("by software" in shown) is bool(label)
        assert label in shown


@pytest.mark.parametrize(("changed", "folded"), [(SMALL, True), (SMALL + 1, False)])
def test_only_small_changes_are_folded(client, save, author, changed, folded):
    lines = [letter * (changed - 1) + "\n" for letter in "xyz"]
    for n in range(4):
        save(TEXT + "".join(lines[:n]))
    client.force_login(author)

    assert bool(folds(page(client))) is folded


def test_saves_of_two_people_and_of_a_filtered_list_are_not_folded(client, save, author, other_author):
    for n in range(1, 9):
        save(TEXT + "x" * n, by=author if n % 2 else other_author)
    client.force_login(author)

    assert folds(page(client)) == []
    assert folds(page(client, "?author=author")) == []


def test_hidden_and_published_versions_are_not_folded(client, small_saves, author, moderator, administrator):
    small_saves(5)
    workflow.publish(Revision.objects.get(number=4), by=moderator)
    client.force_login(author)

    assert folds(page(client)) == []


def test_fold_with_a_chosen_version_is_open(client, small_saves, author):
    small_saves(6)
    client.force_login(author)

    assert [is_open for is_open, _ in folds(page(client))] == [" open"]
    assert 'value="4" aria-label="Old: version 4" checked' in page(client, "?old=4")


# Choosing


def test_chosen_version_of_another_page_goes_with_the_form(client, save, author, monkeypatch):
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    for n in range(7):
        save(f"{n}\n")
    client.force_login(author)

    shown = page(client, "?old=7&after=5")

    assert re.findall(r'name="(old|new)" value="(\d)"[^>]* checked', shown) == [("old", "7"), ("new", "4")]
    assert "with version 7" in row(shown, 4)
    assert "old=7&after=2" in shown
    here = page(client, "?old=6")
    assert re.findall(r'name="(old|new)" value="(\d)"[^>]* checked', here) == [("new", "7"), ("old", "6")]


# The filter by author


@pytest.fixture
def of_two(save, author, other_author, monkeypatch):
    """Seven versions, by turns of two people; three on a page."""
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    for n in range(1, 8):
        save(f"{n}\n", by=author if n % 2 else other_author)


def test_filter_keeps_the_versions_of_one_author_over_all_pages(client, author, of_two):
    client.force_login(author)

    first = page(client, "?author=author")
    second = page(client, "?author=author&after=3")

    assert numbers(first) == [7, 5, 3]
    assert "?author=author&after=3" in first
    assert numbers(second) == [1]
    assert "author=author" in re.search(r'rel="prev" href="([^"]*)"', second)[1]
    assert "/compare/6..7/" in first  # with the one before, whoever wrote it
    assert '<option dir="auto" selected>author</option><option dir="auto">other_author</option>' in first
    assert "7 versions by 2 people" in first


def test_filter_by_a_name_that_is_not_here_says_so_and_shows_all(client, author, of_two):
    client.force_login(author)

    shown = page(client, "?author=Nobody<b>", status=400)

    assert "No version here is by somebody of that name." in shown
    assert numbers(shown) == [7, 6, 5]
    assert '<option dir="auto">Nobody' not in shown


def test_hidden_name_is_neither_listed_nor_found(
    client, author, administrator, moderator, save, other_author
):
    workflow.publish(save("One.\n"), by=moderator)
    workflow.publish(save("Two.\n", by=other_author), by=moderator)
    workflow.publish(save("Three.\n", by=moderator), by=moderator)
    workflow.hide(Revision.objects.get(number=2), by=administrator, parts=["author"], reason="Private.")

    shown = page(client)

    assert "other_author" not in shown
    assert '<option dir="auto">author</option><option dir="auto">moderator</option>' in shown
    assert "3 versions by 2 people" in shown
    assert numbers(page(client, "?author=other_author", status=400)) == [3, 2, 1]
    client.force_login(administrator)
    assert numbers(page(client, "?author=other_author")) == [2]


def test_name_of_a_draft_is_not_shown_to_readers(client, published, save, other_author):
    save("Draft.\n", by=other_author)

    assert "other_author" not in page(client)
    assert numbers(page(client, "?author=other_author", status=400)) == [1]


def test_more_names_than_the_list_takes(client, save, author, monkeypatch, of_two):
    monkeypatch.setattr("articles.reader.history.MOST_NAMES", 1)
    client.force_login(author)

    shown = page(client, "?author=other_author")

    assert MOST_NAMES > 1
    assert "by more than 1 people" in shown
    assert numbers(shown) == [6, 4, 2]
    assert '<option dir="auto" selected>other_author</option>' in shown


# Jumping


@pytest.fixture
def months(save, at, author, client):
    """Nine versions, one a month from June 2025; the writer is signed in."""
    for n in range(9):
        at(datetime(2025 + (5 + n) // 12, (5 + n) % 12 + 1, 15, 23, 30, tzinfo=UTC))
        save(f"{n}\n")
    client.force_login(author)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("4", 4),
        (" 4 ", 4),
        ("9", 9),
        ("2025-06", 1),
        ("2025-6", 1),
        ("2025-12", 7),
        ("2025-09-15", 4),
        ("2025-09-14", 3),
        ("2030-01", 9),
        ("9999-12-31", 9),
    ],
)
def test_jump_leads_to_the_page_that_begins_there(client, months, typed, number):
    response = client.get(URL, {"at": typed, "old": 2, "before": 3})

    assert response.status_code == 302
    assert response.url == f"{URL}?old=2&after={number + 1}#v{number}"
    assert numbers(page(client, f"?after={number + 1}"))[0] == number


def test_jump_reads_dates_in_the_sites_time_zone(client, months, settings):
    settings.TIME_ZONE = "Asia/Tokyo"  # where 23:30 is the next morning
    timezone.get_default_timezone.cache_clear()

    assert client.get(URL, {"at": "2025-09-15"}).url.endswith("#v3")
    assert client.get(URL, {"at": "2025-09-16"}).url.endswith("#v4")
    timezone.get_default_timezone.cache_clear()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("10", "There is no version 10 here."),
        ("2025", "A month is written 2025-06."),
        ("0", "Write a version's number"),
        ("2025-13", "Write a version's number"),
        ("2025-02-30", "Write a version's number"),
        ("last <week>", "Write a version's number"),
        ("9" * 20, "Write a version's number"),
        ("2025-05-31", "Nothing is that old; the first version here is of June 15, 2025."),
        ("0000-01", "Nothing is that old"),
    ],
)
def test_jump_to_nowhere_says_why_and_keeps_what_was_typed(client, months, typed, message):
    response = client.get(URL, {"at": typed})

    text = html.unescape(response.content.decode())
    assert response.status_code == 400
    assert message in text.partition('id="at-error"')[2].partition("</span>")[0]
    assert f'name="at" value="{typed}"' in text
    assert 'aria-describedby="at-error"' in text
    assert len(numbers(text)) == 9


def test_jump_to_a_number_that_readers_do_not_see_leads_beside_it(client, save, moderator):
    for n in range(1, 6):
        revision = save(f"{n}\n")
        if n in (2, 5):
            workflow.publish(revision, by=moderator)

    assert client.get(URL, {"at": "4"}).url.endswith("#v2")
    assert client.get(URL, {"at": "1"}).url.endswith("#v2")
    assert client.get(URL, {"at": "5", "author": "author"}).url == f"{URL}?author=author&after=6#v5"


def test_jump_stays_within_the_filter(client, author, of_two):
    client.force_login(author)

    assert client.get(URL, {"at": "5", "author": "other_author"}).url.endswith("after=5#v4")


# The conversation


def test_newsroom_is_led_to_the_conversation_and_told_how_much_is_open(client, published, author, reader):
    for text in ("Why?", "When?", "Who?"):
        remark = workflow.remark(published, by=author, text=text)
    workflow.resolve(remark, by=author)
    client.force_login(author)

    page = client.get(URL).content.decode()

    assert f"/admin/articles/article/{published.article_id}/change/?talk=1#talk" in page
    assert "Conversation, 2 open remarks" in page
    client.force_login(reader)
    assert "Conversation" not in client.get(URL).content.decode()


# Cost


def test_page_of_a_long_history_is_bounded(client, save, author, django_assert_max_num_queries):
    for n in range(45):
        save(f"{'x' * n}\n", summary="s" * 500)
    client.force_login(author)
    client.get(URL)

    with django_assert_max_num_queries(10):
        response = client.get(URL)
    assert len(response.context["page"].rows) == paging.PER_PAGE
    assert len(response.content) < 100_000
    assert b"style=" not in response.content


@pytest.mark.parametrize("step", ["_page", "timeline"])
def test_article_that_is_unpublished_while_its_history_is_read_is_gone(
    client, published, moderator, monkeypatch, step
):
    read = getattr(history, step)

    def unpublish_first(*args):
        workflow.unpublish(published.article, by=moderator)
        return read(*args)

    monkeypatch.setattr(history, step, unpublish_first)

    assert client.get(URL).status_code == 410
