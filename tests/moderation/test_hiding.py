"""Taking down: what is hidden reaches nobody but administrators, through no door, and nothing is altered."""

import itertools
import re
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import get_resolver, reverse
from django.utils import timezone

from articles import permissions, workflow
from articles.http import paging
from articles.models import Article, Attribution, Event, Hiding, Image, ImageUse, Review, Revision
from articles.text.content import Field
from articles.text.content.content import findings_in
from tests.conftest import CLEAN, content

PARTS = ["text", "summary", "author"]
MARKER = "zqxwvjk"  # long enough to stand in no random token
SECRET = {
    "title": f"A {MARKER}title",
    "tags": (f"{MARKER}tag",),
    "summary": f"A {MARKER}summary",
    "source": f"See [{MARKER}link](https://p\u0430yment.{MARKER}.example/) and the {MARKER}p\u0430per."
    f" <!-- {MARKER}remark -->\n",
    "change_kind": "correction",
}
ROLES = ["anonymous", "reader", "author", "moderator"]
FINDING = ("/search/", "/tags/", "/languages/", "/authors/", "/archive/", "/feed", "/llms.txt", "/sitemap")


@pytest.fixture
def person(request):
    def person(role):
        return AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)

    return person


@pytest.fixture
def culprit(db):
    user = User.objects.create_user(f"{MARKER}author", is_staff=True)
    user.groups.add(Group.objects.get(name="authors"))
    return user


@pytest.fixture
def secrets(culprit, author, moderator):
    """A secret revision in every position, by its article's address: amid the history, newest and waiting, live."""

    def write(slug, by, base=None, **fields):
        article = Article.objects.filter(slug=slug).first()
        return workflow.save_revision(article, by=by, content=content(**{"slug": slug} | fields), base=base)

    def publish(revision):
        workflow.approve(workflow.submit(revision, by=author), by=moderator)
        return revision

    found = {}
    publish(write("amid", author))
    found["amid"] = publish(write("amid", culprit, 1, **SECRET))
    publish(write("amid", author, 2, source=CLEAN + "More.\n"))
    publish(write("newest", author))
    found["newest"] = write("newest", culprit, 1, **SECRET)
    workflow.submit(found["newest"], by=culprit)
    found["turned-down"] = write("turned-down", culprit, **SECRET)
    workflow.reject(workflow.submit(found["turned-down"], by=culprit), by=moderator, reason="No.")
    found["live"] = publish(write("live", culprit, **SECRET))
    image = Image.objects.create(
        token="0" * 24,
        format="png",
        width=1,
        height=1,
        moving=False,
        size_bytes=1,
        uploaded_by_name="author",
        uploaded_at=timezone.now(),
    )
    ImageUse(revision=found["newest"], image=image).save()
    return found


def hide_all(secrets, by, parts=PARTS):
    for revision in secrets.values():
        workflow.hide(revision, by=by, parts=parts, reason="Private.")


def addresses():
    """Every address of the site with everything that could stand in it; a new parameter has to be added here."""
    most = max(Review.objects.count(), Revision.objects.count(), Hiding.objects.count()) + 1
    values = {
        "slug": list(Article.objects.values_list("slug", flat=True)),
        "number": [1, 2, 3],
        "old": [1, 2],
        "new": [2, 3],
        "pk": range(1, most),
        "tag": list(SECRET["tags"]),
        "value": [*SECRET["tags"], f"{MARKER}author", "author", "en"],
        "year": [f"{timezone.now():%Y}"],
        "month": [f"{timezone.now():%m}"],
        "level": ["0"],
        "place": ["000"],
        "width": ["1"],
        "file": [],  # images are no part of a version
    }
    names = get_resolver("articles.urls").reverse_dict
    for name in (name for name in names if isinstance(name, str)):
        (_pattern, parameters), *_rest = names.getlist(name)[0][0]
        for combination in itertools.product(*(values[each] for each in parameters)):
            yield reverse(name, kwargs=dict(zip(parameters, combination, strict=True)))
    for article in Article.objects.all():
        yield reverse("admin:articles_article_change", args=[article.pk])
        for view in ("side", "page", "source"):
            yield f"/articles/{article.slug}/compare/1..2/?view={view}&context=all"
        yield f"/articles/{article.slug}/?escape=1"
        yield f"/articles/{article.slug}/revisions/2/?escape=1"
    yield "/admin/articles/image/"
    for image in Image.objects.all():
        yield reverse("admin:articles_image_change", args=[image.pk])
    for query in (MARKER, f"{MARKER}*", f"{MARKER}lnik", "paper"):
        yield f"/search/?q={query}"
    yield f"/search/?tag={MARKER}tag"
    yield f"/articles/{MARKER}lnik/"
    yield f"/admin/articles/article/?q={MARKER}"
    yield "/admin/articles/article/"
    yield f"/moderation/allowances/?q={MARKER}"
    yield f"/moderation/log/?person={MARKER}author"
    yield f"/moderation/log.jsonl?person={MARKER}author"
    yield "/moderation/reviews.csv"
    yield "/moderation/report/?days=90"


PUBLIC_LISTS = (
    *("tag-list", "author-list", "language-list", "archive", "search", "corrections", "corrections-feed"),
    *("feed", "feed-json", "llms", "sitemap"),
)


def leaks(client, *, with_lost=True):
    """The addresses whose answers hold the marker, the questions themselves left out.

    `with_lost` if also what a page says where there is nothing, which names public articles.
    """
    found = []
    for url in addresses():
        cache.clear()  # the walk is quicker than any person may be
        response = client.get(url)
        assert response.status_code < 500, url
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode() + str(response.headers)
        for asked in (url, f"q={MARKER}", f"q%3D{MARKER}", f"person={MARKER}author", f'value="{MARKER}"'):
            text = text.replace(asked, "")
        text = re.sub(
            rf'(value="|Search: ){MARKER}\w*', "", text
        )  # what a search or a lost address asked for
        text = text.replace(f"person%3D{MARKER}author", "").replace(f'value="{MARKER}author"', "")
        if url.startswith("/moderation/people/"):  # of the account itself, which wrote other texts, too
            text = text.replace(f"{MARKER}author", "")
        if MARKER in text.lower() and (with_lost or response.status_code == 200):
            found.append(url)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_door_gives_what_is_hidden(secrets, administrator, person, client, role):
    if role != "anonymous":
        client.force_login(person(role))

    hide_all(secrets, administrator)

    assert leaks(client) == []


def test_administrators_still_see_it_everywhere(secrets, administrator, client):
    client.force_login(administrator)
    before = set(leaks(client, with_lost=False))
    assert len(before) > 40  # so the walk finds what is there

    hide_all(secrets, administrator)

    of_its_author = reverse("person", args=[secrets["live"].author_id])
    unpublished = {"/", "/articles/", "/articles/live/", "/articles/live/?escape=1", of_its_author}
    unpublished |= {"/articles/live.md", "/articles/live/corrections/", "/corrections/", "/corrections/feed/"}
    not_indexed = {f"/admin/articles/article/?q={MARKER}"}
    gone = {url for url in before - set(leaks(client, with_lost=False)) if not url.startswith(FINDING)}
    assert gone <= unpublished | not_indexed


@pytest.mark.parametrize("part", PARTS)
def test_row_rule_and_object_rule_agree_for_every_hidden_part(secrets, administrator, person, part):
    hide_all(secrets, administrator, [part])

    for role, (slug, revision) in itertools.product([*ROLES, "administrator"], secrets.items()):
        user = person(role)
        rows = Revision.objects.visible_to(user).filter(pk=revision.pk)
        listed = Revision.objects.listed_for(user).filter(pk=revision.pk)
        fresh = Revision.objects.select_related("article").get(pk=revision.pk)
        assert rows.exists() is permissions.can_view(user, fresh), slug
        assert listed.exists() is permissions.can_list(user, fresh), slug
        if part == "text" and role != "administrator":
            assert not rows.exists(), slug
        for row in listed:
            assert row.withheld == (set() if role == "administrator" else {part})


@pytest.mark.parametrize(
    ("part", "kept", "lost"),
    [
        ("text", ("summary", "author"), ("title", "link", "tag")),
        ("summary", ("title", "author"), ("summary",)),
        ("author", ("title", "summary"), ("author",)),
    ],
)
def test_each_part_is_hidden_by_itself(secrets, administrator, author, client, part, kept, lost):
    hide_all(secrets, administrator, [part])
    client.force_login(author)

    pages = "".join(
        client.get(url).content.decode()
        for url in ("/articles/amid/history/", "/articles/amid/revisions/2/", "/articles/amid/compare/1..2/")
    )

    assert all(f"{MARKER}{name}" in pages for name in kept)
    assert not any(f"{MARKER}{name}" in pages for name in lost)


def test_history_tells_readers_by_whom_and_when_and_the_newsroom_why(secrets, administrator, author, client):
    hide_all(secrets, administrator)

    page = client.get("/articles/amid/history/").content.decode()
    assert "hidden: text, summary, author&#x27;s name" in page
    assert "by <bdi>administrator</bdi>" in page
    assert "Private." not in page
    assert "/articles/amid/compare/1..3/" in page  # the neighbours compare with each other
    assert "/articles/amid/revisions/2/" not in page
    client.force_login(author)
    assert "Private." in client.get("/articles/amid/history/").content.decode()


@pytest.mark.parametrize(("query", "pair"), [("", "1..3"), ("?before=2", "1..3"), ("?after=3", None)])
def test_history_passes_over_a_hidden_version_where_a_page_ends(
    secrets, administrator, client, monkeypatch, query, pair
):
    hide_all(secrets, administrator)
    monkeypatch.setattr(paging, "PER_PAGE", 1)

    page = client.get(f"/articles/amid/history/{query}").content.decode()

    assert re.findall(r"/articles/amid/compare/([0-9.]+)/", page)[:1] == ([pair] if pair else [])


@pytest.mark.parametrize(
    "url", ["revisions/2/", "revisions/2/source", "compare/1..2/", "compare/2..3.json", "compare/2..3.diff"]
)
def test_address_of_a_hidden_text_says_that_it_is_hidden(secrets, administrator, client, url):
    hide_all(secrets, administrator)

    response = client.get(f"/articles/amid/{url}")

    assert response.status_code == 403
    assert "The text of version 2 was hidden" in response.content.decode()


def test_chain_stays_whole(secrets, administrator):
    before = list(Revision.objects.values())

    hide_all(secrets, administrator)

    assert list(Revision.objects.values()) == before
    call_command("verify_history", stdout=StringIO())


def test_live_version_is_unpublished_with_its_text_and_a_waiting_one_leaves_the_queue(
    secrets, administrator, client
):
    hide_all(secrets, administrator)

    assert client.get("/articles/live/").status_code == 410
    assert not Review.objects.pending().exists()
    log = Event.objects.filter(revision=secrets["live"]).values_list("action", "reason")
    assert list(log[:2]) == [("unpublish", "Its text was hidden."), ("hide", "Private.")]
    assert Event.objects.filter(revision=secrets["newest"], action="withdraw").exists()


@pytest.mark.parametrize("part", ["summary", "author"])
def test_live_version_stays_live_without_its_summary_or_name(secrets, administrator, client, part):
    hide_all(secrets, administrator, [part])

    assert client.get("/articles/live/").status_code == 200


def test_hidden_text_is_neither_restored_nor_submitted_nor_published(secrets, administrator):
    reviews = {slug: workflow.submit(secrets[slug], by=administrator) for slug in ("turned-down",)}
    hide_all(secrets, administrator)

    for act in (workflow.restore, workflow.submit, workflow.publish):
        with pytest.raises(workflow.WorkflowError, match="hidden"):
            act(secrets["turned-down"], by=administrator)
    Review.objects.filter(pk=reviews["turned-down"].pk).update(
        state="pending"
    )  # as taking a decision back does
    with pytest.raises(workflow.WorkflowError, match="hidden"):
        workflow.approve(reviews["turned-down"], by=administrator)
    assert Revision.objects.count() == 7


def test_author_goes_on_from_the_newest_version_that_is_shown(secrets, administrator, author, client):
    hide_all(secrets, administrator)
    client.force_login(author)
    article = secrets["newest"].article
    url = reverse("admin:articles_article_change", args=[article.pk])

    form = client.get(url).context["form"]
    assert (form["source"].value(), form["base"].value()) == (CLEAN, 2)
    data = {"title": "Tides", "slug": "newest", "language": "en", "source": "New.\n", "base": 2}
    assert client.post(url, data).status_code == 302
    assert article.revisions.first().source == "New.\n"


def test_conflict_with_a_hidden_version_shows_none_of_it(secrets, administrator, author, client):
    hide_all(secrets, administrator)
    client.force_login(author)
    url = reverse("admin:articles_article_change", args=[secrets["newest"].article_id])
    data = {"title": "Tides", "slug": "newest", "language": "en", "source": CLEAN + "Mine.\n", "base": 1}

    response = client.post(url, data)

    assert response.status_code == 409
    assert MARKER not in response.content.decode()
    assert "Mine." in response.content.decode()


GUESSES = [content(**{"slug": "newest"} | SECRET), content(slug="newest", source="A wrong guess.\n")]


@pytest.mark.parametrize("guess", GUESSES, ids=["right", "wrong"])
def test_guess_of_a_hidden_text_saves_like_any_other_text(secrets, administrator, author, guess):
    hide_all(secrets, administrator)
    article = secrets["newest"].article
    events = Event.objects.count()

    saved = workflow.save_revision(article, by=author, content=guess, base=2)

    origins = Attribution.objects.origins(article.pk, 3)
    assert (saved.number, Event.objects.count() - events) == (3, 1)
    assert (set(origins.numbers), set(origins.since)) == ({3}, {3})
    assert saved.attribution.removed == 0
    assert saved.findings.filter(field="source").count() == len(findings_in(guess, Field.SOURCE))


@pytest.mark.parametrize("guess", ["A guess.\n", SECRET["source"], SECRET["source"] + "More.\n"])
def test_guess_based_on_a_hidden_text_is_never_merged(secrets, administrator, author, guess):
    hide_all(secrets, administrator)
    content_ = content(**{"slug": "amid"} | SECRET | {"source": guess})

    with pytest.raises(workflow.EditConflict) as conflict:
        workflow.save_revision(secrets["amid"].article, by=author, content=content_, base=2)

    assert conflict.value.merge is None


def test_administrators_go_on_from_a_hidden_text(secrets, administrator):
    hide_all(secrets, administrator)
    article = secrets["newest"].article
    same, more = GUESSES[0], content(**{"slug": "newest"} | SECRET | {"source": SECRET["source"] + "More.\n"})

    assert workflow.save_revision(article, by=administrator, content=same, base=2) == secrets["newest"]
    assert workflow.save_revision(article, by=administrator, content=more, base=2).attribution.added == 6


def test_restoring_takes_no_slug_from_a_hidden_version(save, administrator, author):
    first = save()
    hidden = save("Another text.\n", slug="a-secret")
    workflow.hide(hidden, by=administrator, parts=["text"], reason="Private.")

    assert workflow.restore(first, by=author).slug == "tides"


def test_restoring_by_address_is_not_found_for_authors(secrets, administrator, author, client):
    hide_all(secrets, administrator)
    client.force_login(author)

    url = reverse("admin:articles_article_restore", args=[secrets["amid"].article_id, 2])

    assert client.post(url).status_code == 404
    assert Revision.objects.filter(article__slug="amid").count() == 3


def test_lifting_shows_it_again_and_publishes_nothing(secrets, administrator, author, client):
    hide_all(secrets, administrator)
    for hiding in Hiding.objects.active():
        workflow.unhide(hiding, by=administrator, reason="The court said so.")
    client.force_login(author)

    assert f"{MARKER}title" in client.get("/articles/amid/revisions/2/").content.decode()
    assert not Article.objects.get(slug="live").is_public
    assert Event.objects.filter(action="unhide", reason="The court said so.").count() == 4
    with pytest.raises(workflow.WorkflowError, match="administrator"):
        workflow.unhide(Hiding.objects.first(), by=administrator)


def test_hiding_more_adds_to_what_is_hidden(secrets, administrator):
    revision = secrets["amid"]
    workflow.hide(revision, by=administrator, parts=["summary"], reason="One.")
    workflow.hide(revision, by=administrator, parts=["author"], reason="Two.")

    assert Hiding.objects.active().get(revision=revision).parts == ["summary", "author"]
    with pytest.raises(workflow.WorkflowError):
        workflow.hide(revision, by=administrator, parts=["author"], reason="Three.")


@pytest.mark.parametrize(
    ("parts", "reason", "field"),
    [([], "Why.", "parts"), (["nose"], "Why.", "parts"), (["text"], " ", "reason")],
)
def test_what_and_why_are_needed(secrets, administrator, parts, reason, field):
    with pytest.raises(ValidationError) as refusal:
        workflow.hide(secrets["amid"], by=administrator, parts=parts, reason=reason)

    assert field in refusal.value.message_dict
    assert not Hiding.objects.exists()


@pytest.mark.parametrize("role", ["reader", "author", "moderator", "administrator", "group"])
def test_who_may_hide_and_show_again(secrets, administrator, client, request, role):
    if role == "group":  # the right comes with the group, not with being a superuser
        user = User.objects.create_user("deputy", is_staff=True)
        user.groups.add(Group.objects.get(name="administrators"))
    else:
        user = request.getfixturevalue(role)
    allowed = role in ("administrator", "group")
    revision = secrets["turned-down"]
    hiding = workflow.hide(secrets["amid"], by=administrator, parts=["text"], reason="Private.")
    client.force_login(user)

    assert client.get(reverse("hide", args=[revision.pk])).status_code == (200 if allowed else 403)
    assert client.get(reverse("hidings")).status_code == (200 if allowed else 403)
    assert client.post(reverse("unhide", args=[hiding.pk])).status_code == (302 if allowed else 403)
    data = {"parts": ["summary"], "reason": "Libel."}
    assert client.post(reverse("hide", args=[revision.pk]), data).status_code == (302 if allowed else 403)
    assert Hiding.objects.active().filter(revision=revision).exists() is allowed
    hiding.refresh_from_db()
    assert (hiding.unhidden_at is not None) is allowed
    if not allowed:
        for act in (
            lambda: workflow.hide(revision, by=user, parts=["text"], reason="Why."),
            lambda: workflow.unhide(hiding, by=user),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_form_asks_for_parts_and_reason(secrets, administrator, client):
    client.force_login(administrator)

    response = client.post(reverse("hide", args=[secrets["live"].pk]), {"reason": ""})

    assert response.status_code == 400
    assert response.content.decode().count("errorlist") == 2
    assert "The live version is among them." in response.content.decode()


@pytest.fixture
def now(monkeypatch):
    """The time that every operation of the test takes down."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def log(revision):
    rows = Event.objects.filter(revision=revision).order_by("pk")
    return list(rows.values_list("actor_name", "action", "reason", "detail"))


def test_row_tells_what_was_hidden_by_whom_when_and_why(save, administrator, now):
    hiding = workflow.hide(save(), by=administrator, parts=["text", "author"], reason="Private.")

    hiding.refresh_from_db()
    assert (hiding.parts, hiding.reason, hiding.unhidden_at) == (["text", "author"], "Private.", None)
    assert (hiding.hidden_by, hiding.hidden_by_name, hiding.hidden_at) == (
        administrator,
        "administrator",
        now,
    )
    assert log(hiding.revision)[-1] == ("administrator", "hide", "Private.", "text, author")


def test_live_text_is_unpublished_with_its_reason(published, administrator):
    hiding = workflow.hide(published, by=administrator, parts=["text"], reason="Private.")
    workflow.unhide(hiding, by=administrator)

    assert Article.objects.get().published_revision is None
    assert log(published)[-3:] == [
        ("administrator", "hide", "Private.", "text"),
        ("administrator", "unpublish", "Its text was hidden.", ""),
        ("administrator", "unhide", "", "text"),
    ]


def test_row_tells_who_showed_it_again_and_when(save, administrator, now):
    hiding = workflow.hide(save(), by=administrator, parts=["text", "author"], reason="Private.")
    workflow.unhide(hiding, by=administrator, reason="Settled.")

    hiding.refresh_from_db()
    assert (hiding.unhidden_by, hiding.unhidden_by_name, hiding.unhidden_at) == (
        administrator,
        "administrator",
        now,
    )
    assert log(hiding.revision)[-1] == ("administrator", "unhide", "Settled.", "text, author")


def test_hiding_more_ends_the_first_hiding(save, administrator, now):
    revision = save()
    first = workflow.hide(revision, by=administrator, parts=["summary"], reason="One.")
    with pytest.raises(workflow.WorkflowError, match="administrator has hidden this already"):
        workflow.hide(revision, by=administrator, parts=["summary"], reason="Again.")

    second = workflow.hide(revision, by=administrator, parts=["summary", "author"], reason="Two.")

    first.refresh_from_db()
    assert (first.unhidden_by_name, first.unhidden_at) == ("administrator", now)
    assert list(Hiding.objects.active()) == [second]


def test_text_that_waits_leaves_the_queue_with_its_reason_and_no_other_does(save, author, administrator, now):
    elsewhere = workflow.save_revision(None, by=author, content=content(slug="elsewhere"))
    other = workflow.submit(elsewhere, by=author)
    review = workflow.submit(save("Two.\n"), by=author)

    workflow.hide(review.revision, by=administrator, parts=["text"], reason="Private.")

    review.refresh_from_db()
    assert list(Review.objects.pending()) == [other]
    assert (review.state, review.decided_by_name, review.reason) == (
        "withdrawn",
        "administrator",
        "Its text was hidden.",
    )
    assert log(review.revision)[-2:] == [
        ("administrator", "hide", "Private.", "text"),
        ("administrator", "withdraw", "Its text was hidden.", ""),
    ]


def test_summary_that_waits_stays_in_the_queue(save, author, administrator):
    review = workflow.submit(save(), by=author)

    workflow.hide(review.revision, by=administrator, parts=["summary"], reason="Private.")

    assert list(Review.objects.pending()) == [review]


def test_text_that_is_no_longer_live_leaves_the_live_one(published, save, administrator, moderator):
    newer = save("Two.\n")
    assert workflow.publish(newer, by=moderator) is None

    workflow.hide(published, by=administrator, parts=["text"], reason="Private.")

    assert Article.objects.get().published_revision == newer


def test_moderators_neither_hide_nor_show_again(save, administrator, moderator):
    revision = save()
    with pytest.raises(PermissionDenied):
        workflow.hide(revision, by=moderator, parts=["text"], reason="Private.")
    hiding = workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    with pytest.raises(PermissionDenied):
        workflow.unhide(hiding, by=moderator)


def test_reason_that_is_too_long_is_refused(save, administrator):
    revision = save()
    with pytest.raises(ValidationError, match="at most 2000"):
        workflow.hide(revision, by=administrator, parts=["text"], reason="x" * 2_001)
    hiding = workflow.hide(revision, by=administrator, parts=["text"], reason="x" * 2_000)

    with pytest.raises(ValidationError, match="at most 2000"):
        workflow.unhide(hiding, by=administrator, reason="x" * 2_001)
