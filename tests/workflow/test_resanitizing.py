"""A new policy and wrong pages add renderings; what would change is said before, and no revision is touched."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from articles import workflow
from articles.models import Body, Event, LinkedHost, Rendering, Review
from articles.revisions import triggers
from articles.revisions.codec import Codec, compress
from articles.revisions.linked_hosts import record_linked_hosts
from articles.revisions.steps import show
from articles.text.markdown.parsing import CACHE
from articles.text.page import Sanitized, safelist, sanitizer
from articles.workflow import resanitizing

Cause = Review.Cause


def run(*args):
    """Exit status, standard output and standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("resanitize", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def marked(save, moderator):
    """Version 1 live, version 2 a draft; both hold a <mark>."""
    workflow.publish(save("one <mark>a</mark>\n\nsame\n"), by=moderator)
    return save("two <mark>b</mark>\n")


@pytest.fixture
def policy_without_marks(monkeypatch):
    """A policy that changes while a process runs, which happens in tests alone: nothing that is kept may hold."""
    monkeypatch.setattr(safelist, "TAGS", safelist.TAGS - {"mark"})
    monkeypatch.setattr(resanitizing, "POLICY_VERSION", "next")
    CACHE.cache_clear()
    yield
    CACHE.cache_clear()


@pytest.fixture
def sanitizers_that_disagree(monkeypatch):
    monkeypatch.setattr(sanitizer, "_bleached", lambda page: page.replace("mark>", "b>"))


def test_under_the_same_policy_nothing_changes(marked):
    assert run("--dry-run") == (0, "0 of 2 pages would change; 0 renderings would be added.\n", "")
    assert run() == (0, "0 renderings added, 0 of them with other content.\n", "")
    assert Rendering.objects.count() == 2


def test_dry_run_shows_what_changes_on_live_pages_and_drafts_and_changes_nothing(
    marked, policy_without_marks
):
    status, out, _ = run("--dry-run")

    assert status == 1
    assert f"tides: version 1 would change: new policy {sanitizer.POLICY_VERSION} → next\n" in out
    assert "-<p>one <mark>a</mark></p>\n+<p>one &lt;mark&gt;a&lt;/mark&gt;</p>\n" in out
    assert "Removed from now on: <mark> (shown as text; put backticks around code)\n" in out
    assert "tides: version 2 would change: new policy" in out
    assert "-<p>two <mark>b</mark></p>\n+<p>two &lt;mark&gt;b&lt;/mark&gt;</p>\n" in out
    assert out.endswith("2 of 2 pages would change; 2 renderings would be added.\n")
    assert Rendering.objects.count() == 2
    assert not Event.objects.filter(action="resanitize").exists()


def test_new_renderings_are_added_and_logged_and_revisions_untouched(marked, policy_without_marks):
    sums = list(marked.article.revisions.values_list("sha256", "body__data"))

    status, out, _ = run()

    assert (status, out.splitlines()[-1]) == (0, "2 renderings added, 2 of them with other content.")
    first, second = marked.renderings.order_by("pk")
    assert "<mark>" in first.html
    assert (second.html, second.policy_version) == ("<p>two &lt;mark&gt;b&lt;/mark&gt;</p>\n", "next")
    assert (second.new_warnings, second.unicode_version) == (first.new_warnings, first.unicode_version)
    assert list(marked.article.revisions.values_list("sha256", "body__data")) == sums
    entries = Event.objects.filter(action="resanitize").values_list("actor_name", "reason")
    assert list(entries) == [("(system)", f"{sanitizer.POLICY_VERSION} → next")] * 2
    assert run("--dry-run")[0] == 0


def test_stopped_and_started_again_it_does_the_rest(marked, policy_without_marks):
    workflow.resanitize(marked)

    run()
    run()

    assert Rendering.objects.count() == 4


def test_page_that_stays_gets_the_version_of_the_policy(published, monkeypatch):
    monkeypatch.setattr(resanitizing, "POLICY_VERSION", "next")

    assert run("--dry-run") == (0, "0 of 1 pages would change; 1 rendering would be added.\n", "")
    run()

    assert published.renderings.latest().policy_version == "next"


def test_slugs_choose_the_articles(marked, save, policy_without_marks, author):
    other = workflow.save_revision(
        None, by=author, content=marked.content.__class__("T", "o", "<mark>x</mark>")
    )

    run("o")

    assert other.renderings.count() == 2
    assert marked.renderings.count() == 1


def test_unknown_slug_is_an_error(db):
    assert run("nowhere") == (2, "", "There is no article at nowhere.")


def test_text_beyond_a_new_limit_keeps_its_page_and_is_an_error(marked, settings):
    settings.MAX_SOURCE_BYTES = 20

    for arguments in ([], ["--dry-run"]):
        status, _, err = run(*arguments)

        assert status == 2
        assert "tides: version 1: Line 3: the text gets longer than 20 bytes" in err
    assert Rendering.objects.count() == 2


def test_disagreement_waits_for_a_moderator_and_the_page_stays_public(
    marked, sanitizers_that_disagree, moderator, administrator
):
    live = marked.article.revisions.get(number=1)

    status, out, _ = run("--dry-run")
    assert (status, "The sanitizers disagree.\n" in out) == (1, True)
    run()

    reviews = Review.objects.order_by("revision__number")
    assert [(r.revision.number, r.state, r.causes, r.submitted_by) for r in reviews] == [
        (1, "superseded", [Cause.SANITIZERS], None),
        (2, "pending", [Cause.SANITIZERS], None),
    ]
    live.article.refresh_from_db()
    assert live.article.published_revision == live


def test_disagreement_that_was_decided_does_not_wait_again(
    marked, sanitizers_that_disagree, monkeypatch, administrator
):
    run()
    for review in Review.objects.pending():
        workflow.request_changes(review, by=administrator, reason="Look again.")
    monkeypatch.setattr(resanitizing, "POLICY_VERSION", "next")

    run()

    assert not Review.objects.pending().exists()


def test_nothing_waits_in_the_archive(marked, sanitizers_that_disagree, author, moderator):
    workflow.unpublish(marked.article, by=moderator)
    workflow.archive(marked.article, by=author)

    run()

    assert Rendering.objects.filter(agreed=False).exists()
    assert not Review.objects.exists()


def test_older_versions_wait_for_nobody(marked, save, sanitizers_that_disagree):
    save("three\n")

    run()

    assert not Review.objects.filter(revision=marked).exists()
    assert marked.renderings.latest().agreed is False


def test_page_made_anew_to_be_published_waits_where_the_sanitizers_disagree(
    save, moderator, sanitizers_that_disagree, monkeypatch
):
    with monkeypatch.context() as earlier:
        earlier.setattr(sanitizer, "_bleached", lambda page: page)  # a policy under which they agreed
        older = save("one <mark>a</mark>\n")
    save("two\n")
    rendering = older.renderings.latest()
    assert (rendering.agreed, rendering.kept_page) == (True, None)

    review = workflow.publish(older, by=moderator)

    assert review.causes == [Cause.SANITIZERS]
    older.article.refresh_from_db()
    assert older.article.published_revision is None


def test_progress_is_told_on_a_terminal(marked, policy_without_marks, monkeypatch):
    class Terminal(StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("articles.management.progress.SECONDS_BETWEEN_LINES", {True: 0.0, False: 0.0})
    out = Terminal()

    call_command("resanitize", stdout=out)

    assert "\r1 of 2 versions\x1b[K" in out.getvalue()


# wrong pages of the present policy


def spoil(revision, html=None, **columns):
    """Put another page in the place of the stored one, as a fault or an intruder could."""
    rendering = revision.renderings.latest()
    if html is not None:
        columns["kept_page"] = compress(html, beside=revision.source.encode())
    Rendering.objects.filter(pk=rendering.pk).update(**columns)
    return rendering


@pytest.fixture
def waiting(marked, author):
    """Version 2 waits for a moderator."""
    workflow.submit(marked, by=author)
    return marked


@pytest.mark.parametrize(
    ("number", "columns", "said"),
    [
        (1, {"html": "<p>wrong</p>\n"}, "-<p>wrong</p>\n"),
        (2, {"html": "<p>wrong</p>\n"}, "-<p>wrong</p>\n"),
        (2, {"agreed": False}, "The sanitizers agree now.\n"),
        (
            2,
            {"kept_removals": [{"start": 0, "end": 1, "what": "<i>", "reason": "so"}]},
            "No longer removed: <i> (so)\n",
        ),
        (2, {"kept_page": b"garbage"}, "The page stored so far has HTML that cannot be read ("),
    ],
    ids=["live", "draft", "agreed", "removals", "unreadable"],
)
@pytest.mark.parametrize("state", ["marked", "waiting"])
def test_wrong_page_is_found_and_made_anew(request, state, number, columns, said):
    article = request.getfixturevalue(state).article
    revision = article.revisions.get(number=number)
    page = sanitizer.sanitize(revision.source)
    wrong = spoil(revision, **columns)

    status, out, _ = run("--dry-run")
    assert status == 1
    assert f"tides: version {number} would change: the stored page differs from its source\n" in out
    assert said in out
    assert out.endswith("1 of 2 pages would change; 1 rendering would be added.\n")
    assert revision.renderings.count() == 1
    status, out, err = run()

    assert (status, err) == (0, "")
    assert out.startswith(f"tides: version {number} changed: the stored page differs from its source\n")
    right = revision.renderings.latest()
    assert right.pk != wrong.pk
    assert right.kept_page is not None
    assert (right.html, right.removals, right.agreed) == (page.html, [], page.agreed)
    assert Event.objects.get(action="resanitize").reason == "the stored page differs from its source"
    assert run("--dry-run")[:2] == (0, "0 of 2 pages would change; 0 renderings would be added.\n")
    assert run()[1] == "0 renderings added, 0 of them with other content.\n"


def test_readers_get_the_right_page_at_once(marked, client):
    live = marked.article.revisions.get(number=1)
    spoil(live, "<p>wrong</p>\n")
    assert "<p>wrong</p>" in client.get("/articles/tides/").content.decode()

    run()

    assert "<p>one <mark>a</mark></p>" in client.get("/articles/tides/").content.decode()


def test_hosts_of_a_live_page_are_those_of_the_right_one(published, moderator):
    spoil(published, '<p><a href="https://elsewhere.example/">x</a></p>\n')
    record_linked_hosts(published.article)

    run()

    assert not LinkedHost.objects.exists()


def test_wrong_page_of_an_earlier_rendering_is_found_and_dropped(marked, monkeypatch):
    wrong = spoil(marked, "<p>wrong</p>\n")
    Rendering.objects.create(
        revision=marked,
        agreed=True,
        alerts=0,
        warnings=0,
        new_alerts=0,
        new_warnings=0,
        policy_version=sanitizer.POLICY_VERSION,
        unicode_version="1",
    )

    assert run("--dry-run")[0] == 1
    run()

    assert Rendering.objects.get(pk=wrong.pk).kept_page is None
    assert run("--dry-run")[0] == 0


def test_page_of_an_earlier_policy_is_no_wrong_page(marked, policy_without_marks):
    run()
    first = marked.renderings.order_by("pk").first()
    Rendering.objects.filter(pk=first.pk).update(kept_page=b"garbage")

    assert run("--dry-run")[0] == 0


def test_older_version_keeps_no_page(marked, save):
    save("three\n")
    spoil(marked, agreed=False)

    run()

    assert marked.renderings.latest().agreed is True
    assert not marked.renderings.filter(kept_page__isnull=False).exists()


def test_wrong_page_whose_parsers_disagree_waits_and_stays_public(
    marked, sanitizers_that_disagree, administrator
):
    run()

    assert list(Review.objects.pending().values_list("revision__number", flat=True)) == [2]
    marked.article.refresh_from_db()
    assert marked.article.published_revision.number == 1
    assert Event.objects.filter(action="resanitize").count() == 2


def test_hidden_text_is_not_shown_by_a_dry_run(marked, administrator):
    spoil(marked, "<p>wrong</p>\n")
    workflow.hide(marked, by=administrator, parts=["text"], reason="Private.")

    status, out, _ = run("--dry-run")

    assert status == 1
    assert "tides: version 2 would change: the stored page differs from its source\n" in out
    assert "Its text is hidden, so only the kinds of change are shown: HTML\n" in out
    assert "wrong" not in out
    assert "two" not in out


def test_damaged_version_is_named_and_the_others_are_done(marked, save, policy_without_marks):
    anyway = QuerySet(Body)
    with triggers.dropped(connection):
        anyway.filter(pk=marked.pk).update(codec=Codec.PLAIN, data=b"altered")
    Rendering.objects.filter(revision=save("three\n")).delete()

    status, out, err = run()

    assert status == 2
    assert "tides: version 2: does not match its checksum" in err
    assert "tides: version 3: has lost its rendering" in err
    assert "2 of 3 versions are refused or damaged" in err
    assert out.endswith("1 rendering added, 1 of them with other content.\n")


def test_version_that_goes_live_again_says_whether_the_sanitizers_agree_now(
    marked, save, sanitizers_that_disagree, moderator
):
    newest = save("three\n")
    workflow.publish(newest, by=moderator)
    first = marked.article.revisions.get(number=1)
    assert first.renderings.latest().kept_page is None

    with transaction.atomic():
        show(newest.article, first, by=moderator)

    assert first.renderings.latest().agreed is False


@pytest.mark.parametrize(
    ("agrees", "agreed", "html", "brings"),
    [
        (False, True, "<p>x</p>", True),
        (False, False, "<p>y</p>", True),
        (False, False, "<p>x</p>", False),  # known already
        (True, True, "<p>y</p>", False),
        (True, False, "<p>y</p>", False),
    ],
)
def test_disagreement_is_new_where_the_old_page_had_none_or_was_another(agrees, agreed, html, brings):
    before = Rendering(agreed=agreed)
    before.html = html

    change = resanitizing.PageChange(before, Sanitized("<p>x</p>", (), agreed=agrees), ())

    assert change.brings_disagreement is brings
