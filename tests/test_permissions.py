"""Who may see and do what, for every role and every state, from both sides."""

import re
from datetime import timedelta
from itertools import chain, combinations, product
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Article, Image, Remark, Review, Revision
from tests.conftest import FLAGGED, content, initial
from tests.pictures import file
from tests.sent_forms import decision_on

ROLES = ["anonymous", "reader", "author", "other_author", "moderator", "administrator"]
NEWSROOM = {"author", "other_author", "moderator", "administrator"}
EVERYBODY = set(ROLES)


@pytest.fixture
def person(request):
    def person(role):
        return AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)

    return person


@pytest.fixture
def each_role(client, person):
    """Returns an iterator over the roles, which logs the client in as somebody of each."""

    def each_role():
        for role in ROLES:
            client.logout()
            if role != "anonymous":
                client.force_login(person(role))
            yield role

    return each_role


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


def test_row_rule_and_object_rule_agree_with_the_table(states, person):
    assert states.keys() == WHO_SEES.keys()
    for role, (state, revision) in product(ROLES, states.items()):
        rows = Revision.objects.visible_to(person(role)).filter(pk=revision.pk)
        assert permissions.can_view(person(role), revision) is (role in WHO_SEES[state]), (role, state)
        assert rows.exists() is (role in WHO_SEES[state]), (role, state)


PUBLIC_ARTICLES = {"live", "superseded", "newer draft of a live article"}


def test_article_is_visible_to_the_newsroom_and_if_public_to_everybody(states, person):
    for role, (state, revision) in product(ROLES, states.items()):
        rows = Article.objects.visible_to(person(role)).filter(pk=revision.article_id)
        may_see = EVERYBODY if state in PUBLIC_ARTICLES else NEWSROOM
        assert rows.exists() is (role in may_see), (role, state)


def test_every_address_of_a_revision_obeys(states, client, each_role):
    for role in each_role():
        for state, revision in states.items():
            args = [revision.article.slug, revision.number]
            expected = 200 if role in WHO_SEES[state] else 410 if state == "unpublished" else 404
            for url in (
                reverse("revision", args=args),
                reverse("revision", args=args) + "?escape=1",
                reverse("source", args=args),
                reverse("compare", args=[*args, revision.number]),
            ):
                assert client.get(url).status_code == expected, (role, state, url)


@pytest.mark.parametrize("role", ["anonymous", "reader"])
def test_comparison_with_an_invisible_side_is_not_found(states, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))

    assert client.get(reverse("compare", args=["live", 1, 2])).status_code == 404
    client.force_login(person("author"))
    assert client.get(reverse("compare", args=["live", 1, 2])).status_code == 200


def test_history_lists_what_the_person_may_see(states, client, each_role):
    for role in each_role():
        of_draft = client.get(reverse("history", args=["draft"]))
        shown = client.get(reverse("history", args=["live"])).context["page"]

        assert [r.number for r in shown] == ([2, 1] if role in NEWSROOM else [1]), role
        assert of_draft.status_code == (200 if role in NEWSROOM else 404), role


def test_list_shows_public_articles_only(states, client, administrator):
    for _ in range(2):
        page = client.get(reverse("article-list")).context["page"]
        assert {article.slug for article in page} == {"live", "superseded"}
        client.force_login(administrator)


FINDING = {
    "/search/?q=tides",
    "/search/?q=text*",
    "/search/?language=en",
    "/search/?author=author",
    "/languages/en/",
    "/feed/?language=en",
    "/feed.json?language=en",
    "/authors/author/",
    "/feed/?author=author",
    "/feed.json?author=author",
    "/feed/",
    "/feed.json",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/llms.txt",
    "/articles/",
}


def test_what_readers_find_is_what_is_public_for_every_role(states, client, each_role):
    slugs = {revision.article.slug for revision in states.values()}

    for role, url in ((role, url) for role in each_role() for url in FINDING):
        page = client.get(url).content.decode()
        found = {slug for slug in slugs if re.search(rf"/articles/{slug}(/|\.md)", page)}
        assert found == ({"live"} if "text" in url else {"live", "superseded"}), (role, url)
        assert "Draft." not in page, (role, url)
    for role in each_role():
        assert [entry.number for entry in client.get("/authors/").context["entries"]] == [2], role
        for query in ("draft", "rejected", "unpublished"):
            assert client.get("/search/", {"q": query}).context["found"] == 0, (role, query)
        for slug in ("draf", "unpublishe"):
            assert client.get(f"/articles/{slug}/").context["near"] == [], (role, slug)


CAN_DECIDE = {"moderator", "administrator"}


@pytest.mark.parametrize("role", ROLES)
def test_who_enters_moderation(states, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))
    expected = {"anonymous": 302}.get(role, 200 if role in CAN_DECIDE else 403)

    review = states["pending"].reviews.get()
    assert client.get(reverse("queue")).status_code == expected
    assert client.get(reverse("review", args=[review.pk])).status_code == expected
    across = [states["live"].pk, review.revision_id]
    assert client.get(reverse("compare-across", args=across)).status_code == expected
    form = decision_on(client, review, decision="approve")
    assert client.post(reverse("review", args=[review.pk]), form).status_code == (
        302 if role in CAN_DECIDE else expected
    )
    review.refresh_from_db()
    assert (review.state == Review.State.APPROVED) is (role in CAN_DECIDE)


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
def test_who_may_read_and_settle_remarks(states, author, person, role):
    remark = workflow.remark(states["live"], by=author, text="Why?")

    assert Remark.objects.visible_to(person(role)).exists() is (role in NEWSROOM)
    for act in (workflow.resolve, workflow.reopen):
        if role in NEWSROOM:
            act(remark, by=person(role))
        else:
            with pytest.raises(PermissionDenied):
                act(remark, by=person(role))


class Somebody:
    """A person with just these permissions and standings; the predicates ask nothing else of an account."""

    is_authenticated = True

    def __init__(self, *codenames, pk=1, standings=()):
        self.pk = pk
        self.standings = SimpleNamespace(
            in_force=lambda kind: SimpleNamespace(exists=lambda: kind in standings)
        )
        self.names = {f"articles.{codename}" for codename in codenames}

    def has_perm(self, name):
        return name in self.names


PERMISSIONS = [
    "view_revision",
    "hide_revision",
    "add_article",
    "change_article",
    "publish_article",
    "review_revision",
    "manage_tasks",
    "manage_rules",
]
WRITER = ("view_revision", "add_article")
EDITOR = ("view_revision", "change_article")
NEEDED = {
    permissions.can_see_drafts: [{"view_revision"}],
    permissions.can_hide: [{"hide_revision"}],
    permissions.is_administrator: [{"hide_revision"}],
    permissions.can_create: [set(WRITER)],
    permissions.can_edit: [set(EDITOR)],
    permissions.can_upload: [set(WRITER), set(EDITOR)],
    permissions.can_publish: [{"publish_article"}],
    permissions.can_import: [{*WRITER, *EDITOR, "publish_article", "manage_rules"}],
    permissions.can_moderate: [{"review_revision"}],
    permissions.can_manage_tasks: [{"manage_tasks"}],
    permissions.can_manage_rules: [{"manage_rules"}],
    permissions.can_see_rules: [{"review_revision"}, {"manage_rules"}],
}
BOTH = [False, True]


@pytest.mark.parametrize("predicate", NEEDED, ids=lambda predicate: predicate.__name__)
def test_each_right_needs_just_its_permissions(predicate):
    for held in chain.from_iterable(combinations(PERMISSIONS, size) for size in range(9)):
        expected = any(needed <= set(held) for needed in NEEDED[predicate])
        assert predicate(Somebody(*held)) is expected, held


def test_drafts_are_seen_by_the_newsroom_and_hidden_text_by_who_hides():
    for is_public, was_published, sees, hides, hidden in product(BOTH, BOTH, BOTH, BOTH, [None, False, True]):
        article = SimpleNamespace(is_public=is_public)
        hiding = None if hidden is None else SimpleNamespace(text=hidden)
        revision = SimpleNamespace(article=article, was_published=was_published, hiding=hiding)
        person = Somebody(*["view_revision"] * sees, *["hide_revision"] * hides)
        is_listed = sees or (is_public and was_published)

        assert permissions.can_list(person, revision) is is_listed
        assert bool(permissions.can_view(person, revision)) is (is_listed and (hides or not hidden))


@pytest.mark.parametrize(
    ("person", "own", "foreign"),
    [
        (Somebody(*WRITER), True, False),
        (Somebody(*EDITOR), True, False),
        (Somebody(*WRITER, "review_revision"), True, True),
        (Somebody("review_revision"), False, False),
        (Somebody(), False, False),
    ],
    ids=["writer", "editor", "moderator", "no longer a writer", "reader"],
)
def test_own_images_may_be_deleted_and_moderators_delete_any(person, own, foreign):
    assert permissions.can_delete_image(person, SimpleNamespace(uploaded_by_id=person.pk)) is own
    assert permissions.can_delete_image(person, SimpleNamespace(uploaded_by_id=2)) is foreign


@pytest.mark.parametrize(
    ("person", "own", "foreign"),
    [
        (Somebody(*WRITER), True, False),
        (Somebody(*EDITOR), True, True),
        (Somebody("view_revision", "review_revision"), True, True),
        (Somebody("review_revision"), False, False),
        (Somebody("view_revision"), False, False),
        (Somebody(), False, False),
    ],
    ids=["writer", "editor", "moderator", "who sees no drafts", "who only reads drafts", "reader"],
)
def test_who_submits_or_moderates_talks(person, own, foreign):
    assert permissions.can_talk(person, SimpleNamespace(author_id=person.pk)) is own
    assert permissions.can_talk(person, SimpleNamespace(author_id=2)) is foreign
    for standing, silences in (("muted", True), ("held", False), ("suspended", False)):
        other = Somebody(*(name.partition(".")[2] for name in person.names), standings=[standing])
        assert permissions.can_talk(other, SimpleNamespace(author_id=1)) is (own and not silences)


MODERATOR = ("review_revision",)
ADMINISTRATOR = ("review_revision", "hide_revision")


@pytest.mark.parametrize(
    ("person", "account", "holds", "suspends"),
    [
        (Somebody(*MODERATOR), Somebody(*WRITER, pk=2), True, False),
        (Somebody(*MODERATOR), Somebody(*MODERATOR, pk=2), True, False),
        (Somebody(*MODERATOR), Somebody(*MODERATOR), False, False),
        (Somebody(*MODERATOR), Somebody(*ADMINISTRATOR, pk=2), False, False),
        (Somebody(*MODERATOR), Somebody(pk=2, standings=["suspended"]), False, False),
        (Somebody(*MODERATOR), Somebody(pk=2, standings=["held", "muted"]), True, False),
        (Somebody(*ADMINISTRATOR), Somebody(*WRITER, pk=2), True, True),
        (Somebody(*ADMINISTRATOR), Somebody(*ADMINISTRATOR, pk=2), True, True),
        (Somebody(*ADMINISTRATOR), Somebody(pk=2, standings=["suspended"]), True, True),
        (Somebody(*ADMINISTRATOR), Somebody(*ADMINISTRATOR), False, False),
        (Somebody("hide_revision"), Somebody(*WRITER, pk=2), False, False),
        (Somebody(*EDITOR), Somebody(*WRITER, pk=2), False, False),
    ],
)
def test_moderators_hold_others_and_administrators_suspend(person, account, holds, suspends):
    assert permissions.can_hold(person, account) is holds
    assert permissions.can_suspend(person, account) is suspends
    for kind, may in (("held", holds), ("muted", holds), ("suspended", suspends)):
        assert permissions.can_end_standing(person, account, SimpleNamespace(kind=kind)) is may


def test_moderators_note_about_others():
    assert permissions.can_note(Somebody(*MODERATOR), Somebody(pk=2)) is True
    assert permissions.can_note(Somebody(*MODERATOR), Somebody()) is False
    assert permissions.can_note(Somebody(*EDITOR), Somebody(pk=2)) is False


def test_standings_are_asked_for_by_their_kind():
    for kind in ("held", "muted", "suspended"):
        person = Somebody(standings=[kind])
        assert permissions.is_held(person) is (kind == "held")
        assert permissions.is_suspended(person) is (kind == "suspended")
    assert permissions.is_held(AnonymousUser()) is False


@pytest.mark.parametrize(
    ("person", "own", "foreign"),
    [
        (Somebody(*WRITER), True, False),
        (Somebody(*EDITOR), True, True),
        (Somebody("view_revision"), False, False),
    ],
    ids=["writer", "editor", "reader of drafts"],
)
def test_who_only_writes_submits_own_revisions_and_who_edits_any(person, own, foreign):
    assert permissions.can_submit(person, SimpleNamespace(author_id=person.pk)) is own
    assert permissions.can_submit(person, SimpleNamespace(author_id=2)) is foreign


@pytest.mark.parametrize(
    ("author", "submitter", "expected"),
    [(1, 2, True), (2, 1, True), (2, 2, False)],
    ids=["wrote", "submitted", "neither"],
)
def test_revision_is_withdrawn_by_who_wrote_or_submitted_it(author, submitter, expected):
    review = SimpleNamespace(revision=SimpleNamespace(author_id=author), submitted_by_id=submitter)

    assert permissions.can_withdraw(Somebody(*EDITOR), review) is expected
    assert permissions.can_withdraw(Somebody("view_revision"), review) is False


def test_nobody_reviews_own_work_unless_a_setting_allows_it(settings):
    moderator, other = Somebody("review_revision"), Somebody("review_revision", pk=2)
    review = SimpleNamespace(has_work_of=lambda person: person is moderator, appeals=None)

    assert permissions.can_review(other, review) is True
    assert permissions.can_review(moderator, review) is False
    assert permissions.can_review(Somebody(pk=3), review) is False
    settings.ALLOW_SELF_APPROVAL = True
    assert permissions.can_review(moderator, review) is True
    held = Somebody("review_revision", pk=4, standings=["held"])
    assert permissions.can_review(held, review) is True
    assert (
        permissions.can_review(held, SimpleNamespace(has_work_of=lambda person: True, appeals=None)) is False
    )
    assert permissions.can_review(Somebody(pk=3), review) is False


def test_moderators_look_at_what_went_live_unless_it_is_their_own():
    moderator, reader = Somebody("review_revision"), Somebody("view_revision")
    for is_own in BOTH:
        change = SimpleNamespace(has_work_of=lambda person, is_own=is_own: is_own)
        assert permissions.can_patrol(moderator, change) is (not is_own)
        assert permissions.can_patrol(reader, change) is False


def test_active_moderators_watch():
    moderator, reader = Somebody("review_revision"), Somebody("view_revision")
    for is_active in BOTH:
        moderator.is_active = reader.is_active = is_active
        assert permissions.can_watch(moderator) is is_active
        assert permissions.can_watch(reader) is False


def test_who_decided_may_undo_it_for_thirty_minutes(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    moderator = Somebody("review_revision")
    just, too_late = now - timedelta(minutes=30, microseconds=-1), now - timedelta(minutes=30)

    def may(person=moderator, *, decided=True, by=1, at=just):
        review = SimpleNamespace(is_decided=decided, decided_by_id=by, decided_at=at)
        return permissions.can_undo(person, review)

    assert may() is True
    assert may(at=too_late) is False
    assert may(at=None) is False
    assert may(decided=False) is False
    assert may(by=2) is False
    assert may(Somebody()) is False


def test_visitor_without_account_is_not_signed_in():
    account = User(username="somebody")

    assert permissions.signed_in(SimpleNamespace(user=account)) is account
    with pytest.raises(PermissionDenied):
        permissions.signed_in(SimpleNamespace(user=AnonymousUser()))


def test_groups_are_made_in_the_database_that_is_migrated(db, monkeypatch):
    other = {**connections.databases["default"], "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    monkeypatch.setitem(connections.databases, "other", other | {"OPTIONS": {}})
    connection = connections["other"]
    connection.connect()  # unasked, as the test may use the default alone
    with connection.schema_editor() as editor:
        for model in (ContentType, Permission, Group):
            editor.create_model(model)

        initial.make_groups(apps, editor)

    groups = Group.objects.using("other").order_by("name")
    assert [group.name for group in groups] == ["administrators", "authors", "moderators"]
    assert all(group.permissions.exists() for group in groups)
    connection.close()
    del connections["other"]
