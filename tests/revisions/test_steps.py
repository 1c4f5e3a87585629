"""Steps that operations share: what goes live, and which pages are held."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles import workflow
from articles.models import Article, Event, LinkedHost, Publication, Rendering, Revision
from articles.revisions.steps import (
    drop_page,
    go_live,
    latest_of,
    locked,
    require,
    require_text,
    save_with_slug,
    show,
)
from articles.text.page import POLICY_VERSION
from tests.conftest import CLEAN, content


def held():
    """The numbers of the versions whose page is held."""
    rows = Rendering.objects.filter(kept_page__isnull=False)
    return sorted(rows.values_list("revision__number", flat=True))


def test_what_is_not_allowed_is_refused():
    require(True)  # noqa: FBT003, reads as a sentence
    with pytest.raises(PermissionDenied, match="Your account may not do this"):
        require(False)  # noqa: FBT003


def test_article_is_read_again_with_its_lock(published, author):
    workflow.save_revision(None, by=author, content=content(slug="other"))
    published.article.slug = "stale"

    assert locked(published).slug == "tides"
    assert published.article.slug == "tides"


def test_newest_version_comes_with_its_text(published, save, author, django_assert_num_queries):
    newest = save(CLEAN + "More.\n")
    other = workflow.save_revision(None, by=author, content=content(slug="other")).article
    for base in (1, 2):
        workflow.save_revision(other, by=author, content=content(f"{base}\n", slug="other"), base=base)

    with django_assert_num_queries(1):
        latest = latest_of(published.article)
        assert (latest, latest.source, latest.keyframe_number) == (newest, CLEAN + "More.\n", 1)


def test_address_that_was_taken_meanwhile_is_refused(published):
    with pytest.raises(ValidationError) as refusal:
        save_with_slug(Article(slug="tides"))

    assert list(refusal.value.message_dict) == ["slug"]
    assert save_with_slug(Article(slug="ebb")).pk


def test_version_goes_live_at_its_address_with_its_first_time(published, save, moderator, monkeypatch):
    first = Publication.objects.get().published_at
    moved = save("See <https://a.example/>.\n", slug="ebb")
    later = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)

    go_live(moved, by=moderator)

    article = Article.objects.get()
    assert (article.published_revision, article.slug, article.published_at) == (moved, "ebb", later)
    assert list(LinkedHost.objects.values_list("host", flat=True)) == ["a.example"]
    event = Event.objects.order_by("-pk").first()
    assert (event.action, event.actor, event.revision) == ("publish", moderator, moved)
    go_live(Revision.objects.get(number=1), by=moderator)
    assert Article.objects.get().published_at == first


def test_article_is_taken_from_readers_and_keeps_its_address(published, moderator):
    article = Article.objects.get()

    show(article, None, by=moderator)

    article = Article.objects.get()
    assert (article.published_revision, article.slug) == (None, "tides")


def test_page_is_held_again_by_what_goes_live_and_let_go_by_what_was(published, save, moderator):
    draft, _newest = save("Draft.\n"), save("Newest.\n")
    assert held() == [1, 3]
    Rendering.objects.filter(revision=draft).update(policy_version="0", agreed=False)

    go_live(Revision.objects.get(pk=draft.pk), by=moderator)

    assert held() == [2, 3]
    rendering = draft.renderings.latest()
    assert (rendering.policy_version, rendering.agreed, rendering.html) == (
        POLICY_VERSION,
        True,
        "<p>Draft.</p>\n",
    )


def test_page_that_is_held_is_not_made_again(published, moderator):
    Rendering.objects.update(policy_version="0")

    go_live(published, by=moderator)

    assert Rendering.objects.get().policy_version == "0"


def test_page_of_the_newest_and_the_live_version_is_not_let_go(published, save):
    newest = save("Newest.\n")
    article = Article.objects.get()

    for revision in (None, published, newest):
        drop_page(revision, article)

    assert held() == [1, 2]


def test_hidden_text_is_not_put_before_readers(published, administrator):
    require_text(published)
    workflow.hide(published, by=administrator, parts=["summary"], reason="Private.")
    require_text(published)
    workflow.hide(published, by=administrator, parts=["text"], reason="Private.")

    with pytest.raises(workflow.WorkflowError, match="The text of version 1 is hidden"):
        require_text(published)
    with pytest.raises(workflow.WorkflowError, match="hidden"):
        show(Article.objects.get(), published, by=administrator)


@pytest.mark.parametrize(
    ("policy", "count"), [(POLICY_VERSION, 1), ("0", 2)], ids=["same policy", "older policy"]
)
def test_page_that_comes_back_takes_no_other_page_s_place(save, moderator, policy, count):
    """A page of another policy may have been sealed: its row keeps saying that it is gone."""
    first = save("one\n")
    save("two\n")
    Rendering.objects.filter(revision=first).update(policy_version=policy)

    go_live(first, by=moderator)

    renderings = Rendering.objects.filter(revision=first).order_by("pk")
    assert len(renderings) == count
    assert renderings[0].policy_version == policy
    assert [rendering.kept_page is None for rendering in renderings] == [True] * (count - 1) + [False]
    assert renderings.latest().policy_version == POLICY_VERSION
