"""Saving and restoring: who may, on which base, and what else is kept."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles import workflow
from articles.models import Article, Event, Image, ImageUse, Review, Revision
from articles.text.page import sanitizer
from tests.conftest import CLEAN, FLAGGED, content


def somebody(*codenames):
    user = User.objects.create_user("somebody")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=user.pk)


def test_who_may_only_create_does_not_edit(published):
    writer = somebody("view_revision", "add_article")
    workflow.save_revision(None, by=writer, content=content(slug="new"))

    with pytest.raises(PermissionDenied):
        workflow.save_revision(published.article, by=writer, content=content("New.\n"), base=1)


def test_who_may_only_edit_does_not_create(published):
    editor = somebody("view_revision", "change_article")
    workflow.save_revision(published.article, by=editor, content=content("New.\n"), base=1)

    with pytest.raises(PermissionDenied):
        workflow.save_revision(None, by=editor, content=content(slug="new"))


def test_save_is_logged(save, author):
    revision = save()

    event = Event.objects.get()
    assert (event.action, event.actor, event.revision) == ("save", author, revision)


def test_what_says_the_same_makes_no_version_whatever_its_base(published, author):
    for base in (None, 1, 7):
        again = workflow.save_revision(
            published.article, by=author, content=content(summary="Why."), base=base
        )
        assert again == published
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("base", [None, 1, 7])
def test_outdated_or_unknown_base_is_a_conflict(published, save, author, base):
    newer = save("Newer.\n")

    with pytest.raises(workflow.EditConflict) as conflict:
        workflow.save_revision(published.article, by=author, content=content("Mine.\n"), base=base)

    assert conflict.value.latest == newer
    assert conflict.value.submitted == content("Mine.\n")
    assert conflict.value.base == (published.content if base == 1 else None)
    assert Revision.objects.count() == 2


def test_conflict_withholds_a_hidden_text(published, save, author, administrator):
    newer = save("Newer.\n")
    workflow.hide(newer, by=administrator, parts=["text"], reason="Private.")

    for person, withheld in ((author, {"text"}), (administrator, set())):
        with pytest.raises(workflow.EditConflict) as conflict:
            workflow.save_revision(published.article, by=person, content=content("Mine.\n"), base=1)
        assert conflict.value.latest.withheld == withheld


def test_base_of_another_article_is_a_conflict(published, author):
    other = workflow.save_revision(None, by=author, content=content(slug="other"))
    workflow.save_revision(other.article, by=author, content=content("Two.\n", slug="other"), base=1)

    with pytest.raises(workflow.EditConflict):
        workflow.save_revision(published.article, by=author, content=content("Mine.\n"), base=2)


def test_findings_are_new_beside_the_version_that_was_edited(save):
    save(FLAGGED)

    assert save(FLAGGED + "More.\n").findings.count() == 0


def test_address_of_another_article_is_refused_when_it_is_chosen(published, save, author):
    workflow.save_revision(None, by=author, content=content(slug="taken"))

    with pytest.raises(ValidationError, match="taken"):
        save("Moved.\n", slug="taken")
    assert save("Moved.\n", slug="free").slug == "free"
    assert Article.objects.get(pk=published.article_id).slug == "tides"


def test_restored_version_is_logged_as_such_and_leans_on_the_latest(published, save, other_author):
    moved = save("Newer.\n", slug="ebb", title="Ebb", tags=("sea",), change_kind="update")

    restored = workflow.restore(published, by=other_author)

    assert (restored.number, restored.based_on, restored.author) == (3, moved, other_author)
    assert restored.content == content(CLEAN, slug="ebb", summary="Version 1 restored")
    assert Event.objects.order_by("-pk").first().action == "restore"


def test_kind_of_change_is_not_restored(published, save, author):
    typo = save("Typo.\n", change_kind="typo")
    save("Newer.\n")

    assert workflow.restore(typo, by=author).change_kind == ""


def test_hidden_text_is_not_restored(published, save, administrator):
    save("Newer.\n")
    workflow.hide(published, by=administrator, parts=["text"], reason="Private.")

    with pytest.raises(workflow.WorkflowError, match="version 1 is hidden"):
        workflow.restore(published, by=administrator)


def test_page_on_which_the_sanitizers_disagree_waits_at_once(save, author, monkeypatch):
    monkeypatch.setattr(sanitizer, "_bleached", lambda page: page.replace("em>", "b>"))

    revision = save("An *odd* page.\n")

    review = Review.objects.get()
    assert (review.revision, review.submitted_by, review.causes) == (revision, author, ["sanitizers"])
    assert save("A plain page.\n").reviews.count() == 0


def test_images_of_a_version_are_noted(save):
    fields = {"format": "png", "width": 1, "height": 1, "moving": False, "size_bytes": 1}
    image = Image.objects.create(token="0" * 24, uploaded_at=timezone.now(), **fields)

    revision = save(f"{image.markdown}\n")

    assert list(ImageUse.objects.values_list("revision", "image")) == [(revision.pk, image.pk)]
