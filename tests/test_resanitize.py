"""A new policy adds renderings, says before what it would change, and touches no revision."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles import workflow
from articles.models import Event, Rendering, Review
from articles.text.markdown.parsing import KEPT
from articles.text.page import safelist, sanitizer
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
    KEPT.cache_clear()
    yield
    KEPT.cache_clear()


@pytest.fixture
def sanitisers_that_disagree(monkeypatch):
    monkeypatch.setattr(sanitizer, "_bleached", lambda page: page.replace("mark>", "b>"))


def test_under_the_same_policy_nothing_changes(marked):
    assert run("--dry-run") == (0, "0 of 1 published pages would change.\n", "")
    assert run() == (0, "0 renderings added, 0 of them say something else.\n", "")
    assert Rendering.objects.count() == 2


def test_dry_run_shows_what_changes_on_published_pages_and_changes_nothing(marked, policy_without_marks):
    status, out, _ = run("--dry-run")

    assert status == 1
    assert "tides: version 1 would change\n" in out
    assert "-<p>one <mark>a</mark></p>\n+<p>one &lt;mark&gt;a&lt;/mark&gt;</p>\n" in out
    assert "Removed from now on: <mark> (shown as text; put backticks around code)\n" in out
    assert "version 2" not in out
    assert Rendering.objects.count() == 2
    assert not Event.objects.filter(action="resanitize").exists()


def test_new_renderings_are_added_and_logged_and_revisions_untouched(marked, policy_without_marks):
    sums = list(marked.article.revisions.values_list("sha256", "body__data"))

    status, out, _ = run()

    assert (status, out.splitlines()[-1]) == (0, "2 renderings added, 2 of them say something else.")
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

    assert run("--dry-run")[0] == 0
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
    marked, sanitisers_that_disagree, moderator, administrator
):
    live = marked.article.revisions.get(number=1)

    status, out, _ = run("--dry-run")
    assert (status, "The sanitisers disagree.\n" in out) == (1, True)
    run()

    reviews = Review.objects.pending().order_by("revision__number")
    assert [(r.revision.number, r.causes, r.submitted_by) for r in reviews] == [
        (1, [Cause.SANITISERS], None),
        (2, [Cause.SANITISERS], None),
    ]
    live.article.refresh_from_db()
    assert live.article.published_revision == live
    assert workflow.approve(reviews[0], by=administrator) is True
    assert Event.objects.filter(action="publish").count() == 1


def test_disagreement_that_was_decided_does_not_wait_again(
    marked, sanitisers_that_disagree, monkeypatch, administrator
):
    run()
    for review in Review.objects.pending():
        workflow.request_changes(review, by=administrator, reason="Look again.")
    monkeypatch.setattr(resanitizing, "POLICY_VERSION", "next")

    run()

    assert not Review.objects.pending().exists()


def test_older_versions_wait_for_nobody(marked, save, sanitisers_that_disagree):
    save("three\n")

    run()

    assert not Review.objects.filter(revision=marked).exists()
    assert marked.renderings.latest().agreed is False


def test_progress_is_told_on_a_terminal(marked, policy_without_marks, monkeypatch):
    class Terminal(StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("articles.management.progress.SECONDS_BETWEEN_LINES", {True: 0.0, False: 0.0})
    out = Terminal()

    call_command("resanitize", stdout=out)

    assert "\r1 of 2 versions\x1b[K" in out.getvalue()
