"""Actions on several articles: what the page says will happen, and what came of each."""

import re

import pytest

from articles import workflow
from articles.editor import bulk
from articles.models import Article, Event, Review, Revision
from tests.conftest import FLAGGED, content
from tests.editor.test_editor import text

LIST = "/admin/articles/article/"


@pytest.fixture
def write(author):
    """Saves version 1 of an article of its own."""

    def write(slug, source="x\n", **fields):
        fields = {"title": slug.title(), "slug": slug} | fields
        return workflow.save_revision(None, by=fields.pop("by", author), content=content(source, **fields))

    return write


def choose(client, action, *revisions, **fields):
    """What the page of an action says, chosen in the list."""
    keys = [revision.article_id for revision in revisions]
    return client.post(LIST, {"action": action, "index": "0", "_selected_action": keys} | fields)


def carry_out(client, action, *revisions, **fields):
    shown = [f"{revision.article_id}-{revision.number}" for revision in revisions]
    return client.post(f"{LIST}bulk/{action}/", {"article": shown} | fields)


def lines(response):
    """Each line of a page: title, whether it is or will be done, and the sentence."""
    context = response.context
    assert response.status_code == 200
    return {
        line.article.slug: (line.is_done, str(line.text))
        for line in [*context["lines"], *context.get("others", [])]
    }


def offered(client):
    form = client.get(LIST).context["action_form"]
    return [name for name, _ in form.fields["action"].choices if name] if form else []


def test_actions_are_offered_to_those_who_may(client, author, moderator, save):
    save()
    client.force_login(author)
    assert offered(client) == ["submit", "add_tag", "remove_tag", "archive"]
    client.force_login(moderator)
    assert offered(client) == ["submit", "add_tag", "remove_tag", "unpublish", "archive"]


def test_each_article_is_submitted_or_says_why_not(client, author, moderator, write):
    first, waiting, live = write("first"), write("waiting"), write("live")
    workflow.submit(waiting, by=author)
    workflow.approve(workflow.submit(live, by=author), by=moderator)
    client.force_login(author)

    plan = choose(client, "submit", first, waiting, live)
    assert lines(plan) == {
        "first": (True, "Version 1 will wait for a moderator."),
        "waiting": (False, "Version 1 waits already."),
        "live": (False, "Version 1 is live already."),
    }
    assert not Review.objects.pending().filter(revision=first).exists()

    assert lines(carry_out(client, "submit", live, first)) == {
        "live": (False, "Version 1 is live already."),
        "first": (True, "Version 1 waits for a moderator now."),
    }
    assert Review.objects.pending().filter(revision=first).exists()


def test_what_was_saved_since_the_page_was_shown_is_not_acted_on(
    client, author, other_author, moderator, write
):
    shown, live = write("shown"), write("live")
    workflow.publish(live, by=moderator)
    for revision in (shown, live):
        workflow.save_revision(
            revision.article, by=other_author, content=content("y\n", slug=revision.slug), base=1
        )
    newer = Revision.objects.with_text().get(article=live.article, number=2)
    workflow.publish(newer, by=moderator)
    client.force_login(moderator)

    for action in ("submit", "add_tag", "archive"):
        assert lines(carry_out(client, action, shown, tag="sea")) == {
            "shown": (False, "other_author saved version 2 since then. Look at it first.")
        }
    assert lines(carry_out(client, "unpublish", live)) == {
        "live": (False, "Readers see version 2 since then. Look at it first.")
    }
    assert not Review.objects.exists()
    assert Article.objects.get(slug="live").is_public
    assert Article.objects.get(slug="shown").archived_at is None


def test_a_tag_is_added_in_a_new_version_and_equal_tags_are_one(client, author, write):
    bare, tagged = write("bare", tags=("sea",)), write("tagged", tags=("Tide",))
    client.force_login(author)

    assert "Tags now: <bdi>sea</bdi>" in text(choose(client, "add_tag", bare))
    results = lines(carry_out(client, "add_tag", bare, tagged, tag="tide"))

    assert results["bare"] == (True, "Version 2 has the tag “<bdi>tide</bdi>”. It is a draft.")
    assert results["tagged"] == (False, "It has the tag “tide” already.")
    saved = bare.article.revisions.with_text().get(number=2)
    assert (saved.tags, saved.summary, saved.source) == (["sea", "tide"], "Tag “tide” added", "x\n")
    assert tagged.article.revisions.count() == 1


def test_a_tag_is_removed_however_it_is_written(client, author, write):
    one, other = write("one", tags=("sea", "TIDE")), write("other", tags=("sea",))
    client.force_login(author)

    results = lines(carry_out(client, "remove_tag", one, other, tag="\uff34ide"))

    assert results["one"][0] is True
    assert results["other"] == (False, "It has no tag “\uff34ide”.")
    assert one.article.revisions.first().tags == ["sea"]


def test_a_tag_that_no_article_may_have_is_refused_for_each(client, author, write):
    client.force_login(author)
    revision = write("one")

    done, why = lines(carry_out(client, "add_tag", revision, tag="a,b"))["one"]

    assert not done
    assert "without a comma" in why
    assert carry_out(client, "add_tag", revision, tag="").context["form"].errors
    assert carry_out(client, "add_tag", revision, tag="t" * 51).context["form"].errors
    assert revision.article.revisions.count() == 1


def test_hidden_text_gets_no_tag(client, author, administrator, write):
    revision = write("one")
    workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    for who in (author, administrator):
        client.force_login(who)

        done, why = lines(carry_out(client, "add_tag", revision, tag="sea"))["one"]

        assert not done
        assert "hidden" in why
    assert Revision.objects.count() == 1


def test_articles_are_unpublished_with_one_reason(client, moderator, write):
    live, draft = write("live"), write("draft")
    workflow.publish(live, by=moderator)
    client.force_login(moderator)

    assert lines(choose(client, "unpublish", live, draft)) == {
        "live": (True, "Readers will no longer see version 1."),
        "draft": (False, "This article is not published."),
    }
    assert lines(carry_out(client, "unpublish", live, draft, reason="Outdated.")) == {
        "live": (True, "Readers no longer see version 1. Everything is kept."),
        "draft": (False, "This article is not published."),
    }
    assert not Article.objects.public().exists()
    assert Event.objects.values_list("action", "reason").first() == ("unpublish", "Outdated.")


def test_articles_are_archived_unless_public_waiting_or_there(client, author, moderator, write):
    free, live, waiting, gone = (write(slug) for slug in ("free", "live", "waiting", "gone"))
    workflow.publish(live, by=moderator)
    workflow.submit(waiting, by=author)
    workflow.archive(gone.article, by=author)
    client.force_login(author)
    expected = {"free": True, "live": False, "waiting": False, "gone": False}

    for state in ("", "archived"):
        plan = client.post(
            f"{LIST}?state={state}",
            {"action": "archive", "index": "0", "select_across": "1", "_selected_action": "1"},
        )
        assert {slug: done for slug, (done, _) in lines(plan).items()}.items() <= expected.items()
    results = lines(carry_out(client, "archive", free, live, waiting, gone, reason="Old."))

    assert {slug: done for slug, (done, _) in results.items()} == expected
    assert Article.objects.get(slug="free").is_archived


@pytest.mark.parametrize("reason", ["a\0b", "r" * 2001])
def test_a_reason_that_cannot_be_kept_changes_nothing(client, author, write, reason):
    revision = write("one")
    client.force_login(author)

    page = carry_out(client, "archive", revision, reason=reason)

    assert page.context["form"].errors["reason"]
    assert f"{revision.article_id}-1" in text(page)
    assert not Article.objects.get().is_archived


def test_what_the_person_may_not_do_is_refused(client, author, moderator, reader, write):
    live = write("live")
    workflow.publish(live, by=moderator)
    client.force_login(author)
    assert carry_out(client, "unpublish", live, reason="").status_code == 403
    assert choose(client, "unpublish", live).status_code == 302
    client.force_login(reader)
    assert carry_out(client, "submit", live).status_code == 302  # to the login

    assert Article.objects.get().is_public


def test_addresses_answer_only_what_they_know(client, author, write):
    write("one")
    client.force_login(author)

    assert client.post(f"{LIST}bulk/delete/").status_code == 404
    assert client.get(f"{LIST}bulk/submit/").status_code == 405
    assert choose(client, "delete_selected").status_code == 302
    assert choose(client, "submit").status_code == 302


@pytest.mark.parametrize("key", ["", "x", "-1", "1\0", "9" * 9, "9" * 30, "\u0663", "1-1-1", "1-"])
def test_odd_keys_are_left_out(client, author, write, key):
    write("one")
    client.force_login(author)

    page = client.post(LIST, {"action": "submit", "index": "0", "_selected_action": key})
    result = client.post(f"{LIST}bulk/submit/", {"article": key})

    assert page.status_code == 200 if key == "9" * 9 else 400
    assert lines(result) == {}
    assert not Review.objects.exists()


def test_at_most_so_many_at_once(client, author, write, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    revisions = [write(f"n{n}") for n in range(3)]
    client.force_login(author)

    assert "Only the first 2" in text(choose(client, "submit", *revisions))
    assert len(lines(choose(client, "submit", *revisions, select_across="1"))) == 2
    assert "Only the first" not in text(choose(client, "submit", *revisions[:2]))
    assert len(lines(carry_out(client, "submit", *revisions))) == 2
    assert Review.objects.count() == 2


def test_thousands_of_keys_are_refused(client, author, write):
    client.force_login(author)
    write("one")

    for address in (LIST, f"{LIST}bulk/submit/"):
        fields = {
            "action": "submit",
            "index": "0",
            "_selected_action": ["1"] * 10_000,
            "article": ["1-1"] * 10_000,
        }
        assert client.post(address, fields).status_code == 400


def test_what_there_is_no_time_for_says_so(client, author, write, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_SECONDS", -1)
    client.force_login(author)

    done, why = lines(carry_out(client, "submit", write("one")))["one"]

    assert not done
    assert "no time" in why
    assert not Review.objects.exists()


def test_titles_stand_apart_and_lead_to_the_article(client, author, write):
    revision = write("one", title="<b>\u05d0")
    client.force_login(author)

    for page in (choose(client, "submit", revision), carry_out(client, "submit", revision)):
        assert "<bdi>&lt;b&gt;\u05d0</bdi>" in text(page)
    assert re.search(rf'href="{LIST}{revision.article_id}/change/"', text(page))


def test_flagged_text_waits_like_any_other(client, author, write):
    client.force_login(author)

    assert lines(carry_out(client, "submit", write("one", FLAGGED)))["one"][0] is True
    assert "alert" in Review.objects.get().causes or "warning" in Review.objects.get().causes
