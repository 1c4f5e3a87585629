"""The inspector: each odd character with what it stands for and who brought it in, and the way from one to the next."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from tests.conftest import CLEAN, FLAGGED

PAGE = "/articles/tides/"


@pytest.fixture
def publish(save, moderator):
    """Publishes a version, also with odd characters."""

    def publish(source, **changes):
        revision = save(source, **changes)
        if review := workflow.publish(revision, by=moderator):
            workflow.approve(review, by=moderator, reason="Seen.")
        return revision

    return publish


def page(client, query="?escape=1"):
    return client.get(PAGE + query).content.decode()


def entries(client, query="?escape=1"):
    """The entries of the list as plain words."""
    listed = page(client, query).partition('class="odd-list"')[2].partition("</section>")[0]
    found = re.findall(r"<li.*?</li>", listed, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", entry)).split()) for entry in found]


def test_entry_says_the_letter_what_it_stands_for_and_who_brought_it_in(
    client, published, publish, other_author
):
    publish(CLEAN + FLAGGED, by=other_author)
    publish(CLEAN + FLAGGED + "More.\n")

    [entry] = entries(client)

    assert "Cyrillic small letter a" in entry
    assert "p\u0430per" in entry
    assert "stands for a · brought in by other_author with version 2" in entry


def test_entry_names_no_draft(client, published, save, publish):
    save(CLEAN + FLAGGED)
    publish(CLEAN + FLAGGED + "More.\n")

    assert "with version 3" in entries(client)[0]


def test_hidden_author_is_not_named(client, published, publish, administrator, other_author):
    revision = publish(FLAGGED, by=other_author)
    workflow.hide(revision, by=administrator, parts=["author"], reason="Personal.")

    assert "other_author" not in page(client)


def test_what_is_not_in_the_running_text_is_listed_with_its_place(client, publish):
    publish("A [link](https://p\u0430y.example/).\n", title="Tid\u0435s", tags=("se\u0430",))

    found = " ".join(entries(client))

    for where in ("(host of a link)", "(title)", "(tag)"):
        assert where in found
    assert "line 1" not in page(client)
    assert "<table" not in page(client)


def test_each_entry_leads_to_its_mark(client, publish):
    publish(FLAGGED * 3)
    shown = page(client)

    links = re.findall(r'<li id="about-(\d)"><a href="#odd-(\d)"', shown)

    assert links == [("1", "1"), ("2", "2"), ("3", "3")]
    assert re.findall(r'<mark id="odd-(\d)"', shown) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("at", "before", "words", "after"),
    [("", "", "3 marks", "1"), ("1", "", "1 of 3", "2"), ("3", "2", "3 of 3", ""), ("99", "2", "3 of 3", "")],
)
def test_way_leads_from_mark_to_mark_without_script(client, publish, at, before, words, after):
    publish(FLAGGED * 3)

    shown = page(client, f"?escape=1&at={at}" if at else "?escape=1")

    for rel, number in (("prev", before), ("next", after)):
        link = re.search(rf'<a class="button" data-step="{rel}"([^>]*)>', shown)[1]
        assert (
            (f'href="?escape=1&amp;at={number}#odd-{number}"' in link)
            if number
            else 'aria-disabled="true"' in link
        )
    assert f">{words}</b>" in shown
    assert shown.count('aria-current="true"') == bool(at)


@pytest.mark.parametrize("query", ["", "?escape=0", "?escape=", "?escape=2", "?escape=1%00", "?escape=on"])
def test_only_one_value_marks(client, publish, query):
    publish(FLAGGED)

    assert "<mark" not in page(client, query)
    assert "data-inspector" not in page(client, query)


def test_clean_page_has_no_inspector_and_loads_none(client, published):
    assert "data-inspector" not in page(client)
    assert "inspector" not in page(client, "")


def test_moderator_may_allow_from_the_list(client, publish, moderator):
    publish(FLAGGED)
    assert "/moderation/allowances/add/" not in page(client)

    client.force_login(moderator)

    assert page(client).count('class="verdict" href="/moderation/allowances/add/?') == 1


def test_list_takes_two_queries_more_than_the_notice(client, published, publish):
    for n in range(5):
        publish(CLEAN + FLAGGED * (n + 1))

    def queries(url):
        client.get(url)  # what the process remembers
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    version = f"{PAGE}revisions/6/"
    assert queries(f"{version}?escape=1&at=1") <= queries(version) + 2  # the other counts the work
