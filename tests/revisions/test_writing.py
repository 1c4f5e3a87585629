"""Writing a revision: every column of its row, its rendering and its findings."""

from datetime import UTC, datetime

from django.utils import timezone

from articles.models import Article, IntroducedFinding, Rendering, Revision
from articles.revisions.codec import Codec
from articles.revisions.revisions import readable_content
from articles.revisions.writing import analyze, keep_analysis, with_lf, write_revision
from articles.text.page import POLICY_VERSION, Sanitized, sanitize
from articles.text.unicode.tables import UNICODE_VERSION
from tests.conftest import CLEAN, FLAGGED, content
from tests.revisions.test_bodies import damage


def test_line_ends_become_lf():
    assert with_lf("a\r\nb\rc\nd") == "a\nb\rc\nd"


def test_row_holds_what_was_written(published, moderator, monkeypatch):
    now = datetime(2026, 1, 2, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    article = published.article
    record = {
        "excerpt": "An excerpt.",
        "description": "A description.",
        "cover": "0.png",
        "change_kind": "typo",
        "software_share": "none",
    }
    text = content("New.\n", slug="ebb", tags=("sea",), summary="Why.", language="fr", **record)

    written = write_revision(article, published, by=moderator, content=text)

    revision = Revision.objects.with_text().get(pk=written.pk)
    assert (revision.number, revision.based_on, revision.article) == (2, published, article)
    assert (revision.author, revision.author_name, revision.created_at) == (moderator, "moderator", now)
    assert revision.content == text
    article = Article.objects.get()
    assert (article.latest_revision, article.head_sha256) == (revision, revision.sha256)
    assert revision.fault(published.sha256) == ""
    assert revision.body.base == published.body


def test_first_version_leans_on_nothing(author):
    article = Article.objects.create(slug="tides")

    revision = write_revision(article, None, by=author, content=content())

    assert (revision.number, revision.based_on, revision.body.base) == (1, None, None)


def test_page_of_the_version_before_is_let_go_unless_it_is_live(published, save):
    draft = save(CLEAN + "More.\n")
    write_revision(published.article, draft, by=draft.author, content=content("New.\n"))

    kept = Rendering.objects.filter(kept_page__isnull=False).values_list("revision__number", flat=True)
    assert list(kept) == [1]


def test_rendering_counts_all_that_readers_get_and_what_is_new(save):
    before = content(FLAGGED)
    after = content(FLAGGED + "A\u202eb. Another p\u0430per.\n", summary="p\u0430per")
    revision = save(FLAGGED)
    Rendering.objects.all().delete()

    keep_analysis(analyze(after, before=before), revision)

    rendering = Rendering.objects.get()
    assert (rendering.revision, rendering.agreed, rendering.html) == (
        revision,
        True,
        sanitize(after.source).html,
    )
    assert (rendering.alerts, rendering.warnings) == (1, 2)
    assert (rendering.new_alerts, rendering.new_warnings) == (1, 2)  # the summary's, too
    assert (rendering.policy_version, rendering.unicode_version) == (POLICY_VERSION, UNICODE_VERSION)


def test_disagreement_of_the_sanitizers_is_kept(save, monkeypatch):
    monkeypatch.setattr(
        "articles.revisions.validation.sanitize",
        lambda source, **limits: Sanitized("<p>x</p>", (), agreed=False),
    )

    assert save().renderings.get().agreed is False


def test_finding_rows_hold_what_the_scan_found(save):
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "hi")

    revision = save(f"p\u0430y door{hidden}\n", title="Tid\u0435s")

    rows = {(row.field, row.start): row for row in IntroducedFinding.objects.filter(revision=revision)}
    assert len(rows) == 3
    first = rows["source", 1]
    assert (first.check_id, first.severity, first.end, first.text, first.meant, first.payload, first.where) == (
        "foreign-letter", "warning", 2, "\u0430", "a", "", "prose",
    )  # fmt: skip
    assert "CYRILLIC SMALL LETTER A" in first.message.upper()
    assert (rows["source", 8].payload, rows["source", 8].meant) == ("hi", "")
    assert rows["title", 3].where == "title"


def test_long_findings_are_cut_and_at_most_a_thousand_kept(save):
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "x" * 501)
    revision = save(f"door{hidden} " + "p\u0430y " * 1_001)

    rows = IntroducedFinding.objects.filter(revision=revision).order_by("start")
    assert rows.count() == 1_000
    assert (len(rows[0].text), len(rows[0].payload)) == (100, 500)


def test_long_meanings_and_messages_are_cut(save):
    name = "\u0440\u0430\u0443\u0440\u0430\u04cf" * 60
    revision = save("\u00c3\u00a9" * 101 + f" [x](https://{name}.example/)\n")

    rows = IntroducedFinding.objects.filter(revision=revision)
    assert max(len(row.meant) for row in rows) == 100
    assert max(len(row.message) for row in rows) == 300


def test_no_text_leans_on_a_damaged_one(save):
    text = "".join(f"Sentence {number} of a long text.\n" for number in range(40))
    save(text)
    damage(1, data=f"{text}Forged.\n".encode(), codec=Codec.PLAIN)

    assert save(f"{text}More.\n").body.base is None


def test_damaged_text_reads_as_nothing(save):
    revision = save()
    assert readable_content(revision).source == CLEAN

    revision = Revision.objects.get()
    revision.title = "Another"

    assert readable_content(revision) is None
