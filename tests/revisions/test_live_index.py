"""What readers find: the live revision as they see it, while it is public, and nothing of what was or may be."""

from datetime import timedelta

import pytest

from articles import workflow
from articles.models import Article, Facet, Spelling
from articles.revisions.indexing import LIVE, label_of
from articles.search import index
from tests.conftest import NOON, content
from tests.management.test_commands import run


def found(query="", *labels):
    match = index.find(LIVE, query, labels=labels)
    return set(Article.objects.filter(pk__in=match.first(99)).values_list("slug", flat=True))


def facets(kind):
    return {row.value: row.n for row in Facet.objects.counted(kind)}


@pytest.fixture
def publish(save, moderator):
    def publish(source, **changes):
        revision = save(source, **changes)
        assert workflow.publish(revision, by=moderator) is None
        return revision

    return publish


def test_draft_is_found_once_it_is_live(save, moderator):
    revision = save("A windmill.\n", title="Ebb", tags=("Sea",), language="de-AT")
    assert (found("windmill"), found("ebb"), facets("tag"), facets("language")) == (set(), set(), {}, {})
    assert not Spelling.objects.exists()

    workflow.publish(revision, by=moderator)

    for query in ("windmill", "ebb", "sea", "tides", "author"):
        assert found(query) == {"tides"}, query
    assert (facets("tag"), facets("language")) == ({"sea": 1}, {"de": 1, "de-at": 1})
    for label in (("tag", "sea"), ("language", "de"), ("language", "de-at"), ("author", "author")):
        assert found("mill*", label_of(*label)) == set()
        assert found("", label_of(*label)) == {"tides"}


def test_newer_draft_changes_nothing_and_going_live_replaces_all(publish, save, moderator):
    publish("A windmill.\n", tags=("sea",))
    draft = save("A watermill.\n", tags=("river",))
    assert (found("windmill"), found("watermill"), facets("tag")) == ({"tides"}, set(), {"sea": 1})

    workflow.publish(draft, by=moderator)

    assert (found("windmill"), found("watermill"), facets("tag")) == (set(), {"tides"}, {"river": 1})


def test_only_what_readers_see_is_found(publish):
    publish(
        "Seen.<!-- comment -->\n\n[label]: /address 'heading'\n\n<script>alert</script>\n",
        summary="summarized",
    )

    assert found("seen") == {"tides"}
    for query in ("comment", "label", "address", "heading", "summarized"):
        assert found(query) == set(), query


def test_what_is_taken_offline_is_not_found(publish, moderator):
    revision = publish("A windmill.\n", tags=("sea",))

    workflow.unpublish(revision.article, by=moderator)

    assert (found("windmill"), Facet.objects.count()) == (set(), 0)


def test_hidden_text_is_not_found_and_what_is_live_again_is(publish, administrator, moderator):
    revision = publish("A windmill.\n", tags=("sea",))
    hiding = workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    assert (found("windmill"), Facet.objects.count()) == (set(), 0)

    workflow.unhide(hiding, by=administrator)
    assert found("windmill") == set()  # shown to the newsroom, not public

    review = workflow.submit(revision, by=revision.author)
    workflow.approve(review, by=moderator, sure=True, reason="It may be public.")
    assert found("windmill") == {"tides"}


def test_hidden_name_is_not_found_until_it_is_shown_again(publish, other_author, administrator):
    first = publish("One.\n", by=other_author)
    publish("Two.\n")
    assert facets("author") == {"author": 1, "other_author": 1}

    hiding = workflow.hide(first, by=administrator, parts=["author"], reason="Private.")
    assert (facets("author"), found("other_author")) == ({"author": 1}, set())

    workflow.unhide(hiding, by=administrator)
    assert facets("author") == {"author": 1, "other_author": 1}


def test_who_only_corrected_typos_or_wrote_what_was_never_live_is_not_named(
    publish, save, other_author, moderator
):
    publish("One.\n")
    publish("Two.\n", by=other_author, change_kind="typo")
    save("Draft.\n", by=moderator)

    assert facets("author") == {"author": 1}


def test_schedule_shows_and_takes_away(save, author, moderator, at):
    start, end = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    workflow.schedule(save("A windmill.\n"), by=moderator, starts_at=start, ends_at=end, zone="UTC")
    assert found("windmill") == set()

    at(start)
    workflow.settle()
    assert found("windmill") == {"tides"}

    at(end)
    workflow.settle()
    assert (found("windmill"), Facet.objects.count()) == (set(), 0)


def test_index_is_built_anew_by_the_command(publish, author):
    publish("A windmill.\n", tags=("sea",))
    workflow.save_revision(None, by=author, content=content("A draft.\n", slug="draft"))
    index.remove(LIVE, Article.objects.get(slug="tides").pk)
    Facet.objects.all().delete()

    assert run("index_articles")[0] == 0

    assert (found("windmill"), found("draft"), facets("tag")) == ({"tides"}, set(), {"sea": 1})


def test_facets_stay_where_nothing_changed(publish):
    publish("One.\n", tags=("sea", "mill"))
    before = set(Facet.objects.values_list("pk", flat=True))

    publish("Two.\n", tags=("mill", "sea"))

    assert set(Facet.objects.values_list("pk", flat=True)) == before
