"""`verify_history` finds every alteration, and with `--pages` every wrong page, with the article and the number."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles import workflow
from articles.management.commands import verify_history
from articles.models import Article, Rendering, Revision
from articles.revisions import renderings, triggers
from articles.revisions.codec import compress
from articles.text.page import POLICY_VERSION, SourceRefused, shown_as_text
from tests.conftest import content


def verify(*slugs):
    """Exit status and what was written."""
    out = StringIO()
    try:
        call_command("verify_history", *slugs, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def history(save, author):
    """An article of four versions, and an innocent one beside it."""
    for n in range(1, 5):
        save(f"Version {n}.\n")
    workflow.save_revision(None, by=author, content=content(slug="innocent"))


@pytest.fixture
def tamper(history, transactional_db):
    """Runs SQL as the owner of the database could: without triggers and foreign keys."""

    def tamper(*statements):
        with (
            triggers.dropped(connection),
            connection.constraint_checks_disabled(),
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)

    return tamper


def test_untouched_history_is_whole(history):
    assert verify() == (0, "Articles: 2. Every version is whole and in its place.\n")


ID = "(SELECT id FROM articles_revision r WHERE r.number = {n} AND r.slug = 'tides')"
REMOVE = [
    "DELETE FROM articles_event WHERE revision_id = {id}",
    "DELETE FROM articles_introducedfinding WHERE revision_id = {id}",
    "DELETE FROM articles_rendering WHERE revision_id = {id}",
    "DELETE FROM articles_attribution WHERE revision_id = {id}",
    "DELETE FROM articles_body WHERE revision_id = {id}",
    "UPDATE articles_revision SET based_on_id = NULL WHERE based_on_id = {id}",
    "DELETE FROM articles_revision WHERE id = {id}",
]


def of(number, *statements):
    other_text = "X'{}'" if connection.vendor == "sqlite" else r"'\x{}'"
    other_text = other_text.format(b"Version 2!\n".hex())
    return [statement.format(id=ID.format(n=number), other_text=other_text) for statement in statements]


@pytest.mark.parametrize(
    ("statements", "number"),
    [
        (of(2, "UPDATE articles_body SET codec = 0, data = {other_text} WHERE revision_id = {id}"), 2),
        (of(2, "UPDATE articles_revision SET summary = 'x' WHERE id = {id}"), 2),
        (of(3, "UPDATE articles_revision SET author_name = 'somebody' WHERE id = {id}"), 3),
        (of(1, "UPDATE articles_revision SET language = 'de' WHERE id = {id}"), 1),
        (of(2, "DELETE FROM articles_body WHERE revision_id = {id}"), 2),
        (of(2, *REMOVE), 2),
        (
            of(
                4,
                "UPDATE articles_article SET latest_revision_id = "
                + ID.format(n=3)
                + " WHERE slug = 'tides'",
                *REMOVE,
            ),
            4,
        ),
        (
            [
                "UPDATE articles_revision SET number = 99 WHERE number = 2 AND slug = 'tides'",
                "UPDATE articles_revision SET number = 2 WHERE number = 3 AND slug = 'tides'",
                "UPDATE articles_revision SET number = 3 WHERE number = 99 AND slug = 'tides'",
            ],
            2,
        ),
        (of(3, "UPDATE articles_article SET latest_revision_id = {id} WHERE slug = 'tides'"), 4),
    ],
    ids=["byte", "summary", "name", "language", "lost text", "deleted row", "cut tail", "swapped", "pointer"],
)
def test_alteration_is_found_with_article_and_number(tamper, statements, number):
    tamper(*statements)

    status, out = verify()

    assert status == 1
    assert f"tides: version {number}: " in out
    assert "innocent" not in out
    assert verify("innocent")[0] == 0


def test_account_deletion_is_no_alteration(history, author):
    author.delete()

    assert verify()[0] == 0


def test_unknown_article_is_an_error(history):
    with pytest.raises(CommandError, match="nowhere") as error:
        call_command("verify_history", "nowhere")
    assert error.value.returncode == 2


def test_article_without_its_first_version_is_damaged(history):
    Article.objects.create(slug="empty", head_sha256="0" * 64)

    assert verify("empty")[0] == 1


# --pages

RIGHT = f"Pages of policy {POLICY_VERSION}, compared with their sources: {{}}. Every one is what its source gives.\n"
WRONG = (
    f"Pages of policy {POLICY_VERSION}, compared with their sources: {{}}."
    " Wrong pages: {}; `manage.py resanitize` makes them anew.\n"
)


@pytest.fixture
def pages(save, moderator, author):
    """Version 1 live, 2 superseded, 3 waiting, and an innocent article beside them; version 3 has removals."""
    workflow.publish(save("one\n"), by=moderator)
    save("two\n")
    workflow.submit(save("three <script>\n"), by=author)
    workflow.save_revision(None, by=author, content=content(slug="innocent"))


def spoil(number, html=None, **columns):
    """Put another page in the place of a stored one, as a fault or an intruder could."""
    revision = Revision.objects.with_text().get(article__slug="tides", number=number)
    if html is not None:
        columns["kept_page"] = compress(html, beside=revision.source.encode())
    Rendering.objects.filter(pk=revision.renderings.latest().pk).update(**columns)


def test_pages_that_are_what_their_source_gives_are_said_to_be(pages):
    chains = "Articles: 2. Every version is whole and in its place.\n"

    assert verify("--pages") == (0, chains + RIGHT.format(4))
    assert verify("--pages", "tides") == (0, chains.replace("2", "1") + RIGHT.format(3))


@pytest.mark.parametrize(
    ("number", "columns", "named"),
    [
        (1, {"html": "<p>wrong</p>\n"}, "HTML"),
        (3, {"html": "<p>wrong</p>\n"}, "HTML"),
        (3, {"kept_removals": []}, "removals"),
        (3, {"kept_removals": {"not": "a list"}}, "removals"),
        (1, {"agreed": False}, "whether the sanitizers agree"),
        (2, {"agreed": False}, "whether the sanitizers agree"),
        (3, {"html": "", "agreed": False}, "HTML, whether the sanitizers agree"),
        (3, {"kept_page": b"garbage"}, "HTML that cannot be read (Unable to decompress"),
        (3, {"kept_page": b""}, "HTML"),
    ],
    ids=["live", "waiting", "removals", "shape", "agreed", "superseded", "two", "unreadable", "empty"],
)
def test_wrong_page_is_named_and_mended_by_resanitize(pages, number, columns, named):
    spoil(number, **columns)
    assert verify()[0] == 0

    status, out = verify("--pages")

    assert status == 1
    _, line, summary = out.splitlines(keepends=True)
    fault = f"its page of policy {POLICY_VERSION} is not what its source gives: {named}"
    assert line.startswith(f"tides: version {number}: {fault}")
    assert line.endswith(f"{named}\n") or ")" in line
    assert summary == WRONG.format(4, 1)
    assert verify("--pages", "innocent")[0] == 0
    call_command("resanitize", stdout=StringIO())
    assert verify("--pages")[0] == 0


def test_wrong_page_is_found_behind_a_newer_rendering(pages):
    spoil(3, "<p>wrong</p>\n")
    newer = Rendering.objects.get(revision__number=3)
    newer.pk, newer.policy_version = None, "another"
    newer.keep(newer.made_again)
    newer.save()

    status, out = verify("--pages", "tides")

    assert status == 1
    assert f"version 3: its page of policy {POLICY_VERSION} is not what its source gives: HTML\n" in out


def test_pages_of_another_policy_are_counted_and_not_compared(pages):
    spoil(1, "<p>old</p>\n", policy_version="0")
    spoil(3, policy_version="0")
    spoil(2, policy_version="1")

    status, out = verify("--pages")

    assert status == 0
    assert out.splitlines(keepends=True)[1:] == [
        "Pages made by policy 0: 2; `manage.py resanitize` makes them anew.\n",
        "Pages made by policy 1: 1; `manage.py resanitize` makes them anew.\n",
        RIGHT.format(1),
    ]


def test_page_of_another_policy_that_cannot_be_read_is_named(pages):
    spoil(1, kept_page=b"garbage", policy_version="0")

    status, out = verify("--pages")

    assert status == 1
    assert "tides: version 1: its page of policy 0 has HTML that cannot be read (" in out


def test_version_without_any_rendering_is_named(pages):
    Rendering.objects.filter(revision__number=2).delete()

    status, out = verify("--pages")

    assert status == 1
    assert "tides: version 2: has lost its rendering; restore it from a backup\n" in out


def test_hidden_text_is_compared_and_not_shown(pages, administrator):
    spoil(3, "<p>wrong</p>\n")
    revision = Revision.objects.get(article__slug="tides", number=3)
    workflow.hide(revision, by=administrator, parts=["text", "summary", "author"], reason="Private.")

    status, out = verify("--pages")

    assert status == 1
    assert "tides: version 3: its page" in out
    assert "three" not in out


def test_text_beyond_the_limit_of_the_site_is_compared_all_the_same(pages, settings):
    settings.MAX_SOURCE_BYTES = 1

    assert verify("--pages")[1].endswith(RIGHT.format(4))


def test_page_of_a_source_that_is_refused_now_has_to_be_the_source_shown(pages, monkeypatch):
    def refuse(source, *, max_bytes):
        raise SourceRefused("depth", "too deep")

    monkeypatch.setattr(renderings, "sanitize", refuse)
    spoil(1, shown_as_text("one\n"), agreed=False)
    spoil(2, agreed=False)

    status, out = verify("--pages", "tides")

    assert status == 1
    assert out.splitlines(keepends=True)[-1] == WRONG.format(3, 1)
    assert "tides: version 3: its page" in out


def test_damaged_text_is_named_once(tamper):
    tamper(*of(2, "UPDATE articles_body SET codec = 0, data = {other_text} WHERE revision_id = {id}"))

    status, out = verify("--pages")

    assert status == 1
    assert out.count("tides: version 2: ") == 1
    assert RIGHT.format(4) in out


def test_damage_that_only_the_page_meets_is_named(tamper):
    other = "(SELECT id FROM articles_revision WHERE slug = 'innocent')"
    tamper(*of(2, f"UPDATE articles_revision SET based_on_id = {other} WHERE id = {{id}}"))
    assert verify()[0] == 0
    tamper(*of(4, "DELETE FROM articles_body WHERE revision_id = {id}"))

    status, out = verify("--pages")

    assert status == 1
    assert out.count("tides: version 4: has lost its text\n") == 1
    assert "tides: version 2: does not match its checksum and its predecessor's\n" in out


def test_more_versions_than_are_in_memory_at_a_time(pages, monkeypatch):
    monkeypatch.setattr(verify_history, "CHUNK", 2)
    spoil(3, "<p>wrong</p>\n")

    assert verify("--pages")[1].endswith(WRONG.format(4, 1))


def test_progress_of_pages_is_told_on_a_terminal(pages, monkeypatch):
    class Terminal(StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("articles.management.progress.SECONDS_BETWEEN_LINES", {True: 0.0, False: 0.0})
    out = Terminal()

    call_command("verify_history", "--pages", stdout=out)

    assert "\r1 of 4 pages are compared\x1b[K" in out.getvalue()
