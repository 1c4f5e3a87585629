"""The demo's accounts and articles: made once, through the workflow, in the states that the demo promises."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.utils import timezone

from articles import permissions, workflow
from articles.demo.scenes import SCENES
from articles.demo.spinner import LOOK_ALIKES, spin
from articles.demo.stories import STORIES
from articles.demo.waiting import WAITING
from articles.management.commands.demo import ACCOUNTS, TEXTS, WRITERS
from articles.models import (
    Allowance,
    Article,
    AuthorNote,
    Batch,
    BatchItem,
    Event,
    Image,
    LiveChange,
    Publication,
    ReasonTemplate,
    Rendering,
    Replay,
    Review,
    Revision,
    Rule,
    RuleHit,
    Standing,
    Sweep,
    SweepStep,
    Watch,
)
from articles.moderation.risk import Part
from articles.seals.agreement import agreement_faults
from articles.seals.sequencing import seal_new
from articles.tasks import SHORT
from articles.tasks.background_tasks import BackgroundTask
from articles.text.content import introduced_findings
from articles.text.diff import compare
from articles.text.unicode.confusables import skeleton
from tests.demo.conftest import run

pytestmark = pytest.mark.django_db

HONEST = {
    "dry-stone-wall",
    "falaj",
    "furoshiki",
    "ketabkhane-ye-kuche",
    "masala-chai",
    "nero-tis-pigis",
    "oiseaux-a-la-fenetre",
    "salt-road",
    "seed-swap",
    "staraya-karta",
    "talat-chao",
}
LONG = HONEST - {"ketabkhane-ye-kuche", "seed-swap"} | {"sauerteig", "watering-script"}


@pytest.fixture(autouse=True)
def _demo(first_output, db):
    """Every test finds the demo made."""


def passwords(output: str) -> dict[str, str]:
    rows = [line.split() for line in output.splitlines()]
    return {row[0]: row[1] for row in rows if row and row[0] in ACCOUNTS}


def published(slug: str) -> Revision:
    revision = Article.objects.get(slug=slug).published_revision
    assert revision is not None
    return revision


def test_what_stands_follows_from_the_log_and_can_be_sealed():
    assert list(agreement_faults()) == []

    assert sum(seal_new()) > Revision.objects.count() + Event.objects.count()


# Running it


def test_first_run_prints_a_password_that_works_for_each_account(first_output):
    printed = passwords(first_output)

    assert printed.keys() == ACCOUNTS.keys()
    for name, password in printed.items():
        user = authenticate(HttpRequest(), username=name, password=password)
        assert user.is_staff
        assert user.is_superuser == (name == "administrator")
        assert list(user.groups.values_list("name", flat=True)) == [ACCOUNTS[name]] * (not user.is_superuser)


def test_second_run_makes_nothing_and_prints_no_password(first_output, django_assert_num_queries):
    users = get_user_model().objects
    before = Revision.objects.count(), Event.objects.count(), set(users.values_list("username", "password"))

    with django_assert_num_queries(5):  # accounts, reasons, articles, and the bounds of a transaction
        output = run()

    after = Revision.objects.count(), Event.objects.count(), set(users.values_list("username", "password"))
    assert after == before
    assert len(output.splitlines()) <= 3
    assert all(word in output for word in ("/moderation/", "/admin/", "--reset-passwords"))
    assert not any(password in output for password in passwords(first_output).values())


def test_reset_passwords_replaces_every_password(first_output):
    old = passwords(first_output)

    new = passwords(run("--reset-passwords"))

    assert new.keys() == old.keys()
    assert set(new.values()).isdisjoint(old.values())
    assert authenticate(HttpRequest(), username="author", password=new["author"])
    assert not authenticate(HttpRequest(), username="author", password=old["author"])


def test_articles_that_people_changed_or_moved_are_left_alone():
    moderator = get_user_model().objects.get(username="moderator")
    live = published("falaj")
    content = live.content.__class__(title="فلج", slug="aflaj", source="نص", language="ar")
    moved = workflow.save_revision(live.article, by=moderator, content=content, base=live.number)
    assert workflow.publish(moved, by=moderator) is None
    workflow.unpublish(Article.objects.get(slug="staraya-karta"), by=moderator)
    revisions = Revision.objects.count()

    run()

    assert Revision.objects.count() == revisions
    assert not Article.objects.filter(slug="falaj").exists()
    assert not Article.objects.get(slug="staraya-karta").is_public


def test_account_that_was_deleted_is_made_again():
    get_user_model().objects.get(username="second_author").delete()

    output = run()

    assert passwords(output).keys() == {"second_author"}


def test_account_without_its_group_stops_the_demo_with_a_message_and_no_half_article(monkeypatch, tmp_path):
    Group.objects.get(name="moderators").permissions.clear()
    text = (TEXTS / "falaj.md").read_text(encoding="utf-8")
    (tmp_path / "another.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr("articles.management.commands.demo.TEXTS", tmp_path)
    monkeypatch.setattr("articles.demo.play.TEXTS", tmp_path)
    monkeypatch.setitem(STORIES, "another", STORIES["falaj"])

    with pytest.raises(CommandError, match="group"):
        run()

    assert not Article.objects.filter(slug="another").exists()


def test_every_text_has_a_story_and_every_story_a_text():
    assert {path.stem for path in TEXTS.glob("*.md")} == STORIES.keys()
    in_scenes = {slug for articles in SCENES for slug in articles}
    assert STORIES.keys().isdisjoint(WAITING)
    assert in_scenes.isdisjoint(STORIES.keys() | WAITING.keys())


# What it promises


def test_histories_are_whole():
    call_command("verify_history", stdout=StringIO())


def test_articles_are_written_in_many_languages():
    languages = set(Revision.objects.values_list("language", flat=True))

    assert languages >= {"en", "de", "fr", "ru", "el", "ar", "fa", "ja", "hi", "th"}


def test_texts_show_what_markdown_can_do():
    html = " ".join(rendering.html for rendering in Rendering.objects.all())

    for part in ("<h2", "<ul", "<ol", "<table", "<pre", "footnote-ref", 'href="https://'):
        assert part in html


def test_honest_articles_are_silent_in_every_version():
    renderings = Rendering.objects.filter(revision__article__slug__in=HONEST)

    assert {rendering.revision.article.slug for rendering in renderings} == HONEST
    assert [str(r.revision) for r in renderings if r.flagged or r.removals or not r.agreed] == []


@pytest.mark.parametrize("slug", sorted(LONG))
def test_long_article_has_a_picture_a_table_code_headings_and_an_excerpt(slug):
    live = published(slug)
    html = live.renderings.latest().html

    for part in ("<img ", ' title="', "<table", "<blockquote", "<pre", 'type="checkbox"', "language-"):
        assert part in html
    assert html.count("<h2") >= 5
    assert live.excerpt
    assert live.tags
    assert Image.objects.filter(uses__revision=live, uploaded_by=live.article.revisions.get(number=1).author)


def test_histories_go_back_two_years_in_order_and_hold_corrections():
    first = Article.objects.get(slug="dry-stone-wall").revisions.get(number=1)
    ages = [(timezone.now() - first.created_at).days]
    for slug in LONG:
        times = list(Article.objects.get(slug=slug).revisions.order_by("number").values_list("created_at"))
        assert times == sorted(times)
        ages.append((timezone.now() - times[0][0]).days)

    assert max(ages) > 700
    assert LiveChange.objects.corrections().count() >= 10
    assert all(change.revision.summary for change in LiveChange.objects.corrections())
    assert timezone.now() > Article.objects.public().latest("first_published_at").first_published_at


def test_home_page_begins_with_a_story_with_a_picture(client):
    page = client.get("/").content.decode()

    assert page.index('class="story"') < page.index("/articles/salt-road/") < page.index('class="list"')
    assert 'fetchpriority="high"' in page


def test_writers_have_names_and_cannot_log_in():
    for name in WRITERS:
        assert not User.objects.get(username=name).has_usable_password()
    assert (
        len({revision.author_name for revision in Revision.objects.filter(slug__in=LONG)} & WRITERS.keys())
        == 11
    )


def test_long_history_holds_publications_a_new_title_a_new_target_and_a_restored_version():
    article = Article.objects.get(slug="dry-stone-wall")
    revisions = article.revisions.all()

    assert len(revisions) >= 6
    assert article.published_revision == article.latest_revision
    assert Publication.objects.filter(revision__article=article).count() >= 4
    assert len({revision.author_name for revision in revisions}) == 3
    assert len({revision.title for revision in revisions}) == 2
    assert all(revision.summary for revision in revisions)
    assert article.events.filter(action=Event.Action.RESTORE).exists()
    assert "walls.example.org" in revisions.get(number=1).source
    assert "guild.example.org" in published("dry-stone-wall").source


def test_a_paragraph_is_moved_and_edited_on_the_way():
    revisions = Article.objects.get(slug="dry-stone-wall").revisions

    changes = compare(revisions.get(number=3).source, revisions.get(number=4).source).changes

    moved = [change for change in changes if change.move is not None]
    assert {str(change.op) for change in moved} > {"equal"}


def test_queue_holds_what_has_to_wait_worst_first():
    waiting = Review.objects.for_queue().worst_first()
    queue = [review for review in waiting if review.revision.article.slug in STORIES]

    assert [review.revision.article.slug for review in queue] == ["watering-script", "sauerteig", "tide-mill"]
    assert [review.cause for review in queue] == ["alert", "warning", "warning"]


def test_queue_holds_twenty_and_more_of_different_kinds_by_risk():
    queue = list(Review.objects.for_queue().worst_first())

    assert len(queue) >= 20
    assert [review.risk for review in queue] == sorted((review.risk for review in queue), reverse=True)
    assert {part for review in queue for part, _count, _points in review.risk_parts} == set(Part) - {
        Part.SANITIZERS,
        Part.IN_A_ROW,
        Part.SHARED,
        Part.FLOOD,
    }
    assert {review.cause for review in queue} >= {
        "alert",
        "warning",
        "submitted",
        "turned down",
        "appeal",
        "held",
        "rule",
    }
    by_slug = {review.revision.slug: review for review in queue}
    assert by_slug["harbour-light"].risk < by_slug["moss-garden"].risk


@pytest.mark.parametrize(
    ("slug", "kind", "other"),
    [
        ("walls-without-mortar", "resembling", "dry-stone-wall"),
        ("weather-vane", "same_swaps", "tide-mill"),
    ],
)
def test_copies_and_the_same_spinner_are_recognised(slug, kind, other):
    review = Review.objects.pending().get(revision__slug=slug)

    evidence = workflow.gather_evidence(
        review.revision,
        html="",
        found=introduced_findings(None, review.revision.content),
        seen_by=User.objects.get(username="moderator"),
    )

    assert other in {item.revision.slug for item in getattr(evidence, kind)}


def test_spacing_alone_can_be_decided_as_before():
    review = Review.objects.pending().get(revision__slug="storing-apples")
    earlier = Review.objects.decisions_before(review.revision).first()

    assert workflow.decision_to_carry(review, earlier=earlier).state == Review.State.APPROVED


def test_ready_made_reasons_are_made_once_and_stay_deleted_only_while_some_are_left():
    ReasonTemplate.objects.first().delete()
    left = ReasonTemplate.objects.count()

    run()

    assert ReasonTemplate.objects.count() == left > 0


def test_hidden_characters_wait_in_code_and_in_a_link_over_a_silent_page():
    review = Review.objects.pending().get(revision__article__slug="watering-script")

    found = {(item.check_id, item.text, item.where) for item in review.revision.findings.all()}
    assert {(text, where) for _, text, where in found} >= {
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "code"),
        ("\N{ZERO WIDTH SPACE}", "host"),
    }
    assert published("watering-script").renderings.latest().flagged == 0


def test_spun_text_waits_with_many_look_alikes():
    review = Review.objects.pending().get(revision__article__slug="tide-mill")

    assert review.alerts + review.warnings > 20


def test_an_edit_of_look_alikes_alone_waits():
    review = Review.objects.pending().get(revision__article__slug="sauerteig")
    old, new = published("sauerteig").source, review.revision.source

    kinds = {str(change.kind) for change in compare(old, new).changes if str(change.op) != "equal"}

    assert skeleton(old) == skeleton(new)
    assert kinds == {"look-alike"}


def test_flagged_page_is_public_because_a_moderator_said_why(client):
    live = published("almost-the-same-address")

    assert live.renderings.latest().flagged > 0
    assert live.reviews.get().state == Review.State.APPROVED
    assert live.reviews.get().reason
    assert b"escape=1" in client.get(live.article.get_absolute_url()).content


def test_spam_is_rejected_with_a_reason_and_readers_do_not_see_it():
    review = Review.objects.get(revision__slug="oiseaux-a-la-fenetre", state=Review.State.REJECTED)

    assert review.revision.author_name == "second_author"
    assert "promo" in review.revision.source
    assert review.reason
    assert "promo" not in published("oiseaux-a-la-fenetre").source


def test_changes_are_requested_with_a_reason():
    review = Review.objects.get(state=Review.State.CHANGES_REQUESTED, revision__slug="furoshiki")

    assert review.revision.language == "ja"
    assert review.reason


def test_a_draft_is_nobodys_business_yet():
    draft = Article.objects.get(slug="seed-swap")

    assert not draft.is_public
    assert not Review.objects.filter(revision__article=draft).exists()


@pytest.mark.parametrize(
    "slug",
    [
        "falaj",
        "furoshiki",
        "ketabkhane-ye-kuche",
        "masala-chai",
        "nero-tis-pigis",
        "staraya-karta",
        "talat-chao",
    ],
)
def test_articles_in_other_scripts_are_public(client, slug):
    assert client.get(f"/articles/{slug}/").status_code == 200


# The rooms of moderation


def test_scene_is_played_once_and_as_a_whole_or_not_at_all(monkeypatch):
    rows = (Sweep, Rule, Batch, Standing, AuthorNote)
    monkeypatch.setitem(SCENES, ("tea-cosy", "another"), lambda users: pytest.fail("It was made in part."))

    output = run()

    assert [model.objects.count() for model in rows] == [1] * 5
    assert "Created" not in output


def test_moderators_note_on_a_review_and_one_asks_for_a_second_opinion():
    review = Review.objects.pending().get(revision__slug="choir")

    assert review.asks_opinion
    assert review.notes.count() == 2


def test_one_appeal_waits_for_another_moderator_and_one_is_decided():
    waiting = Review.objects.pending().get(revision__slug="well-water")
    decided = Review.objects.get(revision__slug="tram-stop", appeals__isnull=False)

    assert waiting.appeals.state == Review.State.REJECTED
    assert not permissions.can_review(User.objects.get(username="moderator"), waiting)
    assert permissions.can_review(User.objects.get(username="administrator"), waiting)
    assert decided.state == Review.State.APPROVED
    assert decided.decided_by_name != decided.appeals.decided_by_name
    assert "twelve" in published("tram-stop").source


def test_proposed_allowance_waits_for_a_second_moderator():
    allowance = Allowance.objects.get()

    assert allowance.is_proposed
    assert allowance.lasts
    assert permissions.can_confirm(User.objects.get(username="administrator"), allowance)
    assert (
        workflow.preview(allowance, [Revision.objects.with_text().get(slug="night-train", number=2)]).number
        == 2
    )


def test_period_of_an_author_was_taken_back_and_their_edits_are_held():
    author = User.objects.get(username="third_author")
    sweep = Sweep.objects.get(account=author)

    assert sweep.ended_at
    assert set(sweep.steps.values_list("kind", "state")) == {
        (Sweep.Kind.ROLL_BACK, SweepStep.State.DONE),
        (Sweep.Kind.REJECT, SweepStep.State.DONE),
    }
    assert "offers.example" not in published("salt-marsh").source
    assert permissions.is_held(author)
    assert Review.objects.pending().get(revision__author=author).cause == Review.Cause.HELD
    assert AuthorNote.objects.get(account=author).text


def test_rule_was_replayed_and_is_met_since():
    rule = Rule.objects.get()
    replay = Replay.objects.get()

    assert rule.active == rule.latest == replay.version
    assert replay.state == Replay.State.DONE
    assert (replay.approved, replay.turned_down, replay.undecided) == (1, 3, 1)
    assert RuleHit.objects.get().version == rule.active
    assert Review.objects.pending().get(revision__slug="rain-gauge").cause == Review.Cause.RULE


def test_two_submissions_were_approved_at_once():
    batch = Batch.objects.get()

    assert set(batch.items.values_list("state", flat=True)) == {BatchItem.State.DECIDED}
    assert published("door-wedge")
    assert published("tea-cosy")


def test_what_went_live_is_partly_looked_at_and_an_article_is_watched():
    direct = LiveChange.objects.filter(how=LiveChange.How.DIRECT)

    assert direct.unseen().exists()
    assert direct.filter(seen_by_name="administrator").exists()
    assert Watch.objects.get().article.slug == "dry-stone-wall"


def test_no_short_task_is_left_for_the_requests_of_people():
    assert not BackgroundTask.objects.due().filter(queue_name=SHORT).exists()


# The spinner

PROSE = (TEXTS / "dry-stone-wall.md").read_text(encoding="utf-8")


def test_spinner_gives_the_same_text_for_the_same_seed_alone():
    assert spin(PROSE, seed=7) == spin(PROSE, seed=7)
    assert spin(PROSE, seed=7) != spin(PROSE, seed=8)


def test_spinner_replaces_letters_and_loses_some():
    spun = spin(PROSE, seed=7)

    odd = [char for char in spun if not char.isascii()]
    assert odd
    assert set(odd) <= set("".join(LOOK_ALIKES.values()))
    assert len(spun) < len(PROSE)


def test_spinner_keeps_code_link_targets_and_notes():
    kept = "```\n" + "alpha " * 500 + "```", f"https://{'alphabet' * 100}.example.org/", "[^alphabet]"

    spun = spin("alphabet {} alphabet {} alphabet {}".format(*kept), seed=1)

    assert all(part in spun for part in kept)
