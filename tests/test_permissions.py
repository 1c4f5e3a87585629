"""Who may see and do what, for every role and every state, from both sides."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse

from articles import permissions, workflow
from articles.models import Article, Image, Review, Revision
from tests.conftest import FLAGGED, content
from tests.pictures import file

ROLES = ["anonymous", "reader", "author", "other_author", "moderator", "administrator"]
NEWSROOM = {"author", "other_author", "moderator", "administrator"}
EVERYBODY = set(ROLES)


@pytest.fixture
def person(request):
    def person(role):
        return AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)

    return person


@pytest.fixture
def states(author, moderator):
    """One revision in every state, by the state's name."""

    def write(slug, source="Text.\n"):
        return workflow.save_revision(None, by=author, content=content(source, slug=slug))

    def decided(slug, decide, **reason):
        revision = write(slug)
        decide(workflow.submit(revision, by=author), by=moderator, **reason)
        return revision

    found = {
        "draft": write("draft"),
        "pending": write("pending"),
        "flagged": write("flagged", FLAGGED),
        "withdrawn": write("withdrawn"),
        "changes requested": decided("changes", workflow.request_changes, reason="Shorter."),
        "rejected": decided("rejected", workflow.reject, reason="No."),
        "live": decided("live", workflow.approve),
        "superseded": decided("superseded", workflow.approve),
        "unpublished": decided("unpublished", workflow.approve),
    }
    for state in ("pending", "flagged", "withdrawn"):
        workflow.submit(found[state], by=author)
    workflow.withdraw(found["withdrawn"].reviews.get(), by=author)
    workflow.unpublish(found["unpublished"].article, by=moderator)
    article = found["superseded"].article
    newer = workflow.save_revision(article, by=author, content=content("New.\n", slug="superseded"), base=1)
    workflow.approve(workflow.submit(newer, by=author), by=moderator)
    found["newer draft of a live article"] = workflow.save_revision(
        found["live"].article, by=author, content=content("Draft.\n", slug="live"), base=1
    )
    return {state: Revision.objects.with_text().get(pk=r.pk) for state, r in found.items()}


WHO_SEES = {
    "draft": NEWSROOM,
    "pending": NEWSROOM,
    "flagged": NEWSROOM,
    "withdrawn": NEWSROOM,
    "changes requested": NEWSROOM,
    "rejected": NEWSROOM,
    "live": EVERYBODY,
    "superseded": EVERYBODY,
    "unpublished": NEWSROOM,
    "newer draft of a live article": NEWSROOM,
}


@pytest.mark.parametrize("role", ROLES)
def test_row_rule_and_object_rule_agree_with_the_table(states, person, role):
    assert states.keys() == WHO_SEES.keys()
    for state, revision in states.items():
        rows = Revision.objects.visible_to(person(role)).filter(pk=revision.pk)
        assert permissions.can_view(person(role), revision) is (role in WHO_SEES[state]), state
        assert rows.exists() is (role in WHO_SEES[state]), state


PUBLIC_ARTICLES = {"live", "superseded", "newer draft of a live article"}


@pytest.mark.parametrize("role", ROLES)
def test_article_is_visible_to_the_newsroom_and_if_public_to_everybody(states, person, role):
    for state, revision in states.items():
        rows = Article.objects.visible_to(person(role)).filter(pk=revision.article_id)
        may_see = EVERYBODY if state in PUBLIC_ARTICLES else NEWSROOM
        assert rows.exists() is (role in may_see), state


@pytest.mark.parametrize("role", ROLES)
def test_every_address_of_a_revision_obeys(states, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))
    for state, revision in states.items():
        args = [revision.article.slug, revision.number]
        expected = 200 if role in WHO_SEES[state] else 404
        for url in (
            reverse("revision", args=args),
            reverse("revision", args=args) + "?escape=1",
            reverse("source", args=args),
            reverse("compare", args=[*args, revision.number]),
        ):
            assert client.get(url).status_code == expected, (state, url)


@pytest.mark.parametrize("role", ["anonymous", "reader"])
def test_comparison_with_an_invisible_side_is_not_found(states, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))

    assert client.get(reverse("compare", args=["live", 1, 2])).status_code == 404
    client.force_login(person("author"))
    assert client.get(reverse("compare", args=["live", 1, 2])).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_history_lists_what_the_person_may_see(states, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))

    shown = client.get(reverse("history", args=["live"])).context["page"]

    assert [r.number for r in shown] == ([2, 1] if role in NEWSROOM else [1])
    assert client.get(reverse("history", args=["draft"])).status_code == (200 if role in NEWSROOM else 404)


def test_list_shows_public_articles_only(states, client, administrator):
    for _ in range(2):
        page = client.get(reverse("article-list")).context["page"]
        assert {article.slug for article in page} == {"live", "superseded"}
        client.force_login(administrator)


CAN_DECIDE = {"moderator", "administrator"}


@pytest.mark.parametrize("role", ROLES)
def test_who_enters_moderation(states, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))
    expected = {"anonymous": 302}.get(role, 200 if role in CAN_DECIDE else 403)

    review = states["pending"].reviews.get()
    assert client.get(reverse("queue")).status_code == expected
    assert client.get(reverse("review", args=[review.pk])).status_code == expected
    assert client.post(reverse("review", args=[review.pk]), {"decision": "approve"}).status_code == (
        302 if role in CAN_DECIDE else expected
    )
    review.refresh_from_db()
    assert (review.state == Review.State.APPROVED) is (role in CAN_DECIDE)


ACTIONS = {
    # action: (who may, what it does to a revision)
    "create": (NEWSROOM, lambda r, by: workflow.save_revision(None, by=by, content=content(slug="new"))),
    "save": (
        NEWSROOM,
        lambda r, by: workflow.save_revision(
            r.article, by=by, content=content("X", slug=r.slug), base=r.number
        ),
    ),
    "restore": (NEWSROOM, lambda r, by: workflow.restore(r, by=by)),
    "submit": (NEWSROOM, lambda r, by: workflow.submit(r, by=by)),
    "ask to publish": (NEWSROOM, lambda r, by: workflow.publish(r, by=by)),
    "approve": (CAN_DECIDE, lambda r, by: workflow.approve(r.reviews.get(), by=by)),
    "reject": (CAN_DECIDE, lambda r, by: workflow.reject(r.reviews.get(), by=by, reason="No.")),
    "request changes": (
        CAN_DECIDE,
        lambda r, by: workflow.request_changes(r.reviews.get(), by=by, reason="Shorter."),
    ),
    "withdraw": ({"author"}, lambda r, by: workflow.withdraw(r.reviews.get(), by=by)),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_change_what(states, person, role, action):
    allowed, act = ACTIONS[action]

    if role in allowed:
        act(states["pending"], person(role))
    else:
        with pytest.raises(PermissionDenied):
            act(states["pending"], person(role))


@pytest.mark.parametrize("role", ROLES)
def test_who_may_upload_and_delete_images(author, person, client, settings, tmp_path, role):
    settings.MEDIA_ROOT = tmp_path
    if role != "anonymous":
        client.force_login(person(role))
    add, listed = reverse("admin:articles_image_add"), reverse("admin:articles_image_changelist")

    entered = 200 if role in NEWSROOM else 302
    assert client.get(add).status_code == client.get(listed).status_code == entered
    if role not in NEWSROOM:
        with pytest.raises(PermissionDenied):
            workflow.upload_image(ContentFile(file()), alt="", by=person(role))
        assert client.post(add, {"file": ContentFile(file(), "a.png")}).status_code == 302
        assert not Image.objects.exists()
    image = workflow.upload_image(ContentFile(file()), alt="", by=author)
    if role in {"author", *CAN_DECIDE}:
        workflow.delete_image(image, by=person(role))
    else:
        with pytest.raises(PermissionDenied):
            workflow.delete_image(image, by=person(role))
    assert Image.objects.filter(pk=image.pk).exists() is (role not in {"author", *CAN_DECIDE})


def test_who_may_create_or_edit_may_upload(reader):
    for codename, allowed in (
        ("add_article", False),  # without the drafts, nothing can be written
        ("view_revision", True),
    ):
        reader.user_permissions.add(Permission.objects.get(codename=codename))
        assert permissions.can_upload(User.objects.get(pk=reader.pk)) is allowed


@pytest.mark.parametrize("role", ROLES)
def test_who_may_unpublish(states, person, role):
    if role in CAN_DECIDE:
        workflow.unpublish(states["live"].article, by=person(role))
    else:
        with pytest.raises(PermissionDenied):
            workflow.unpublish(states["live"].article, by=person(role))
