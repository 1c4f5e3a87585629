"""The states of an article and its reviews, in sentences."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles import workflow
from articles.models import Article, Event, IntroducedFinding, Review, Revision
from articles.text.page import sanitizer
from tests.conftest import CLEAN, FLAGGED, content

Cause = Review.Cause
State = Review.State


def live(slug="tides"):
    return Article.objects.get(slug=slug).published_revision


# Writing


def test_first_save_makes_an_article_with_version_1(author):
    revision = workflow.save_revision(None, by=author, content=content())

    article = Article.objects.get()
    assert (revision.number, revision.author_name, article.latest_revision) == (1, "author", revision)
    assert article.published_revision is None
    assert article.head_sha256 == revision.sha256


def test_line_ends_become_lf_and_nothing_else_is_touched(save):
    source = "\ufeff one\r\n\ttwo \r three\u2028four\x0c\r\n\r\n "

    revision = save(source)

    assert Revision.objects.get(pk=revision.pk).source == source.replace("\r\n", "\n")


def test_save_without_a_change_makes_no_revision(save):
    first = save()

    again = save(CLEAN.replace("\n", "\r\n"), summary="nothing really")

    assert again == first
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"title": "Tide"}, {"slug": "tide"}, {"language": "de"}, {"tags": ("sea",)}, {"source": "x"}]
)
def test_any_change_that_readers_get_makes_a_revision(save, change):
    save()

    revision = save(**change)

    assert revision.number == 2
    assert revision.based_on.number == 1


def test_outdated_base_raises_a_conflict_with_both_texts_and_overwrites_nothing(save, author, other_author):
    first = save()
    theirs = save("Theirs.\n", by=other_author)

    with pytest.raises(workflow.EditConflict) as conflict:
        workflow.save_revision(first.article, by=author, content=content("Mine.\n"), base=1)

    assert conflict.value.latest == theirs
    assert conflict.value.submitted.source == "Mine.\n"
    assert Revision.objects.count() == 2


def test_missing_base_on_an_existing_article_is_a_conflict(save, author):
    first = save()

    with pytest.raises(workflow.EditConflict):
        workflow.save_revision(first.article, by=author, content=content("Mine.\n"))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"source": "ab\x00c"}, "source", "3"),
        ({"source": "line\nab\ud800c"}, "source", "2"),
        ({"source": "x" * 262_145}, "source", "262"),
        ({"title": "a\x00"}, "title", "U+0000"),
        ({"title": "a\udfff"}, "title", "U+DFFF"),
        ({"title": "  "}, "title", "title"),
        ({"title": "x" * 201}, "title", "200"),
        ({"slug": "a b"}, "slug", "letters"),
        ({"slug": ""}, "slug", "letters"),
        ({"language": "english please"}, "language", "No language has this tag"),
        ({"summary": "x" * 501}, "summary", "500"),
        ({"tags": ("",)}, "tags", "tag"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_field_and_the_place(author, change, field, words):
    with pytest.raises(ValidationError) as error:
        workflow.save_revision(None, by=author, content=content(**change))

    assert list(error.value.message_dict) == [field]
    assert words in error.value.message_dict[field][0]
    assert not Article.objects.exists()


def test_address_of_another_article_is_refused(save, author):
    save()

    with pytest.raises(ValidationError) as error:
        workflow.save_revision(None, by=author, content=content("Other."))

    assert "slug" in error.value.message_dict


def test_reader_cannot_save(reader):
    with pytest.raises(PermissionDenied):
        workflow.save_revision(None, by=reader, content=content())


def test_findings_are_kept_for_what_a_revision_brings_in(save):
    first = save(FLAGGED)
    second = save(FLAGGED + "Another p\u0430per.\n")

    assert [(f.start, f.code_points) for f in (row.finding for row in first.findings.all())] == [
        (5, ("U+0430",))
    ]
    assert [row.start for row in second.findings.all()] == [len(FLAGGED) + 9]
    rendering = second.renderings.latest()
    assert (rendering.flagged, rendering.new_alerts + rendering.new_warnings) == (2, 1)


def test_title_slug_summary_and_tags_are_scanned_too(save):
    save(title="Tid\u0435s", slug="tid\u0435s", summary="f\u0456x", tags=("se\u0430",))

    assert set(IntroducedFinding.objects.values_list("field", flat=True)) == {
        "title",
        "slug",
        "summary",
        "tag",
    }


def test_every_change_of_state_leaves_one_entry_in_the_log(save, author, moderator):
    revision = save()
    review = workflow.submit(revision, by=author)
    workflow.approve(review, by=moderator, reason="Fine.")
    workflow.unpublish(revision.article, by=moderator, reason="Outdated.")

    entries = [(e.action, e.actor_name, e.reason) for e in Event.objects.order_by("pk")]
    assert entries == [
        ("save", "author", ""),
        ("submit", "author", ""),
        ("approve", "moderator", "Fine."),
        ("publish", "moderator", ""),
        ("unpublish", "moderator", "Outdated."),
    ]


def test_text_saved_again_and_again_is_escaped_once(save):
    source = "Q&A `a && b` &amp; &lt;b&gt;\n"

    revisions = [save(source + "x" * n) for n in range(3)]

    assert [r.source for r in revisions] == [source + "x" * n for n in range(3)]
    assert revisions[-1].renderings.get().html == (
        "<p>Q&amp;A <code>a &amp;&amp; b</code> &amp; &lt;b&gt;\nxx</p>\n"
    )


def test_removals_are_kept_with_their_place_and_the_rewrite(save):
    revision = save("a List<String> b\n")

    assert revision.renderings.get().removals == [
        {
            "start": 6,
            "end": 14,
            "what": "<String>",
            "reason": "shown as text; put backticks around code",
            "rewrite": {"remedy": "code", "start": 2, "end": 14, "text": "`List<String>`"},
        }
    ]


# What may be published at once and what waits


@pytest.mark.parametrize(
    ("source", "who", "causes"),
    [
        (CLEAN, "moderator", []),
        (CLEAN, "author", [Cause.AUTHOR]),
        (FLAGGED, "moderator", [Cause.WARNING]),
        ("invoice\u202egnp.exe", "moderator", [Cause.ALERT]),
        (FLAGGED, "author", [Cause.WARNING, Cause.AUTHOR]),
    ],
)
def test_publishing_waits_exactly_where_there_is_cause(save, request, source, who, causes):
    by = request.getfixturevalue(who)
    revision = save(source)

    review = workflow.publish(revision, by=by)

    assert (review.causes if review else []) == causes
    assert (live() == revision) is (not causes)


def test_disagreeing_sanitizers_make_it_wait(save, moderator):
    revision = save()
    revision.renderings.update(agreed=False)

    review = workflow.publish(revision, by=moderator)

    assert review.causes == [Cause.SANITIZERS]


@pytest.fixture
def sanitizers_that_disagree(monkeypatch):
    monkeypatch.setattr(
        sanitizer, "_bleached", lambda page: page.replace("<em>", "<b>").replace("</em>", "</b>")
    )


def test_disagreeing_sanitizers_make_it_wait_from_the_moment_it_is_saved(
    save, author, moderator, sanitizers_that_disagree
):
    revision = save("an *odd* page\n")

    review = Review.objects.get()
    assert (review.revision, review.state, review.causes) == (revision, State.PENDING, [Cause.SANITIZERS])
    assert review.submitted_by == author
    rendering = revision.renderings.get()
    assert (rendering.html, rendering.agreed) == ("<p>an <em>odd</em> page</p>\n", False)  # nh3's
    assert workflow.publish(revision, by=moderator) == review
    assert live() is None
    assert workflow.approve(review, by=moderator)
    assert live() == revision


def test_agreeing_sanitizers_make_no_review(save):
    save("an *odd* page\n")

    assert not Review.objects.exists()


def test_submitting_what_waits_already_adds_the_cause(save, author, sanitizers_that_disagree):
    revision = save("an *odd* page\n")

    review = workflow.submit(revision, by=author)

    assert (Review.objects.get(), review.causes) == (review, [Cause.SANITIZERS, Cause.SUBMITTED])
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == ["save", "submit", "submit"]


def test_warning_cannot_be_smuggled_in_through_a_draft(save, published, moderator):
    save(FLAGGED)
    harmless = save(FLAGGED + "More.\n")

    review = workflow.publish(harmless, by=moderator)

    assert review.causes == [Cause.WARNING]


def test_inherited_warning_does_not_hold_up_later_edits(save, author, moderator, administrator):
    workflow.approve(workflow.submit(save(FLAGGED), by=author), by=moderator)

    edited = save(FLAGGED + "More.\n")

    assert workflow.publish(edited, by=administrator) is None
    assert live() == edited


# Review


def test_submitting_twice_gives_the_same_review(save, author):
    revision = save()

    assert workflow.submit(revision, by=author) == workflow.submit(revision, by=author)


def test_approval_publishes(save, author, moderator):
    revision = save()

    assert workflow.approve(workflow.submit(revision, by=author), by=moderator) is True
    assert live() == revision
    assert Revision.objects.get(pk=revision.pk).was_published


def test_author_cannot_approve_own_revision(save, moderator, administrator):
    own = workflow.submit(save(by=moderator), by=moderator)

    with pytest.raises(PermissionDenied):
        workflow.approve(own, by=moderator)
    assert live() is None
    assert workflow.approve(own, by=administrator) is True


def test_author_of_another_text_is_no_moderator(save, author, other_author):
    review = workflow.submit(save(), by=author)

    for decide in (workflow.approve, workflow.request_changes, workflow.reject):
        with pytest.raises(PermissionDenied):
            decide(review, by=other_author, reason="because")
    review.refresh_from_db()
    assert review.state == State.PENDING


@pytest.mark.parametrize(
    ("decide", "state"),
    [(workflow.request_changes, State.CHANGES_REQUESTED), (workflow.reject, State.REJECTED)],
)
def test_turning_down_needs_a_reason_and_keeps_it(save, author, moderator, decide, state):
    review = workflow.submit(save(), by=author)

    with pytest.raises(ValidationError):
        decide(review, by=moderator, reason="  ")
    decide(review, by=moderator, reason="Too short.")

    review.refresh_from_db()
    assert (review.state, review.reason, review.decided_by_name) == (state, "Too short.", "moderator")
    assert live() is None


def test_decided_review_cannot_be_decided_again(save, author, moderator, administrator):
    review = workflow.submit(save(), by=author)
    workflow.reject(review, by=moderator, reason="No.")

    with pytest.raises(workflow.AlreadyDecided, match="moderator"):
        workflow.approve(review, by=administrator)
    assert live() is None


def test_author_withdraws_and_submits_again(save, author, other_author):
    revision = save()
    review = workflow.submit(revision, by=author)

    with pytest.raises(PermissionDenied):
        workflow.withdraw(review, by=other_author)
    workflow.withdraw(review, by=author)
    again = workflow.submit(revision, by=author)

    review.refresh_from_db()
    assert (review.state, again.state) == (State.WITHDRAWN, State.PENDING)
    assert again != review


def test_approving_an_old_revision_never_replaces_a_newer_live_one(save, author, moderator):
    old = workflow.submit(save(), by=author)
    new = save("Newer.\n")
    workflow.publish(new, by=moderator)

    assert workflow.approve(old, by=moderator) is False
    assert live() == new
    old.refresh_from_db()
    assert old.state == State.APPROVED


def test_approval_is_bound_to_its_revision_and_a_newer_draft_stays_a_draft(save, author, moderator):
    old = save()
    review = workflow.submit(old, by=author)
    newer = save("Newer.\n")

    workflow.approve(review, by=moderator)

    assert live() == old
    assert not newer.reviews.exists()


def test_submitting_a_newer_revision_closes_the_review_of_the_older_one(save, author):
    older = workflow.submit(save(), by=author)

    newer = workflow.submit(save("Newer.\n"), by=author)

    older.refresh_from_db()
    assert (older.state, older.reason) == (State.SUPERSEDED, "Version 2 waits instead.")
    assert not older.is_decided
    assert list(Review.objects.pending()) == [newer]
    assert Event.objects.filter(action="supersede", revision=older.revision, actor=author).count() == 1


def test_older_revision_is_not_submitted_while_a_newer_one_waits(save, author, moderator):
    older = save()
    newer = workflow.submit(save("Newer.\n"), by=author)

    for operation in (workflow.submit, workflow.publish):
        with pytest.raises(workflow.WorkflowError, match="Version 2 waits for a moderator already"):
            operation(older, by=author)

    assert list(Review.objects.all()) == [newer]
    workflow.withdraw(newer, by=author)
    assert workflow.submit(older, by=author).state == State.PENDING


def test_decision_taken_back_yields_to_a_newer_revision_that_waits(save, author, moderator):
    older = workflow.submit(save(), by=author)
    workflow.reject(older, by=moderator, reason="Not yet.")
    newer = workflow.submit(save("Newer.\n"), by=author)
    older.refresh_from_db()

    workflow.undo(older, by=moderator)

    older.refresh_from_db()
    assert older.state == State.SUPERSEDED
    assert list(Review.objects.pending()) == [newer]


def test_queue_shows_the_worst_first(save, author, moderator):
    def waiting(slug, source):
        revision = workflow.save_revision(None, by=author, content=content(source, slug=slug))
        return workflow.submit(revision, by=author)

    clean, flagged = waiting("clean", CLEAN), waiting("flagged", FLAGGED)
    hidden, later = waiting("hidden", "a\u202eb"), waiting("later", CLEAN)

    assert list(Review.objects.for_queue().worst_first()) == [hidden, flagged, clean, later]


# Publication


def test_publishing_an_older_revision_over_a_newer_live_one_is_refused(save, moderator):
    old = save()
    workflow.publish(save("Newer.\n"), by=moderator)

    with pytest.raises(workflow.WorkflowError, match="Restore"):
        workflow.publish(old, by=moderator)


def test_address_changes_when_the_version_is_published_and_not_before(save, published, moderator):
    moved = save("Moved.\n", slug="ebb")
    assert Article.objects.get().slug == "tides"

    workflow.publish(moved, by=moderator)

    assert Article.objects.get().slug == "ebb"


def test_address_taken_meanwhile_stops_publication_and_changes_nothing(save, published, author, moderator):
    moved = save("Moved.\n", slug="ebb")
    workflow.save_revision(None, by=author, content=content(slug="ebb"))

    with pytest.raises(ValidationError, match="ebb"):
        workflow.publish(moved, by=moderator)
    assert live() == published


def test_unpublishing_keeps_everything(save, published, moderator, author):
    with pytest.raises(PermissionDenied):
        workflow.unpublish(published.article, by=author)

    workflow.unpublish(published.article, by=moderator)

    assert Article.objects.get().published_revision is None
    assert Revision.objects.count() == 1
    with pytest.raises(workflow.WorkflowError):
        workflow.unpublish(published.article, by=moderator)


def test_restoring_adds_a_version_equal_to_the_old_source(save, author, other_author):
    old = save("One.\n")
    save("Two.\n")

    restored = workflow.restore(Revision.objects.get(pk=old.pk), by=other_author)

    assert (restored.number, restored.source, restored.author) == (3, "One.\n", other_author)
    assert "1" in restored.summary
    assert [e.action for e in Event.objects.filter(revision=restored)] == ["restore"]
    assert Revision.objects.count() == 3


def test_restoring_leaves_the_address_where_it_is(save, published, moderator):
    workflow.publish(save("Moved.\n", slug="ebb"), by=moderator)

    restored = workflow.restore(published, by=moderator)

    assert (restored.source, restored.slug) == (published.source, "ebb")


# After a decision


@pytest.mark.parametrize("decide", [workflow.reject, workflow.request_changes])
def test_what_was_turned_down_waits_whoever_publishes_it(save, moderator, administrator, decide):
    revision = save(by=moderator)
    decide(workflow.submit(revision, by=moderator), by=administrator, reason="Never.")

    for again in (revision, save("A little different.\n", by=moderator)):
        review = workflow.publish(again, by=moderator)
        assert review.causes == [Cause.TURNED_DOWN]
    assert live() is None
    workflow.approve(review, by=administrator)
    assert workflow.publish(save("And on.\n", by=moderator), by=moderator) is None


def test_publishing_takes_the_revision_out_of_the_queue(save, author, moderator):
    review = workflow.submit(save(), by=author)

    assert workflow.publish(review.revision, by=moderator) is None

    review.refresh_from_db()
    assert (review.state, review.decided_by) == (State.APPROVED, moderator)
    assert [e.action for e in Event.objects.order_by("pk")] == ["save", "submit", "approve", "publish"]


@pytest.mark.parametrize("number", [1, 2])
def test_live_or_older_revision_cannot_be_submitted(save, author, moderator, number):
    save()
    workflow.publish(save("Newer.\n"), by=moderator)

    with pytest.raises(workflow.WorkflowError, match="Version 2 is live"):
        workflow.submit(Revision.objects.get(number=number), by=author)


def test_moderator_cannot_approve_own_text_through_anothers_edit(save, author, moderator, administrator):
    save(FLAGGED, by=moderator)
    review = workflow.submit(save(FLAGGED + ".\n", by=author), by=author)

    with pytest.raises(PermissionDenied):
        workflow.approve(review, by=moderator)
    assert workflow.approve(review, by=administrator)
    later = workflow.submit(save(FLAGGED + "More.\n", by=author), by=author)
    assert workflow.approve(later, by=moderator)  # what is live was decided by somebody else


def test_decision_remembers_what_it_was_compared_with(save, published, author, moderator):
    review = workflow.submit(save("Newer.\n"), by=author)
    workflow.approve(review, by=moderator)

    review.refresh_from_db()
    assert review.compared_with == published


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "\u200b \u2800"}, "title"),
        ({"title": "one\ntwo"}, "title"),
        ({"summary": "one\u2028two"}, "summary"),
        ({"tags": tuple(map(str, range(31)))}, "tags"),
        ({"tags": ("a\nb",)}, "tags"),
        ({"tags": ("\u200b",)}, "tags"),
        ({"slug": "\u0301a"}, "slug"),
        ({"slug": "a/b"}, "slug"),
    ],
)
def test_a_line_of_text_is_one_and_shows_something(author, change, field):
    with pytest.raises(ValidationError) as error:
        workflow.save_revision(None, by=author, content=content(**change))

    assert list(error.value.message_dict) == [field]


@pytest.mark.parametrize("slug", ["tide-mill_2", "\u092e\u0938\u093e\u0932\u093e", "\u6f6e", "caf\u00e9"])
def test_address_may_be_in_any_script(client, moderator, slug):
    revision = workflow.save_revision(None, by=moderator, content=content(slug=slug))

    assert workflow.publish(revision, by=moderator) is None
    assert client.get(f"/articles/{slug}/").status_code == 200
