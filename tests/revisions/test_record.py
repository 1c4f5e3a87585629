"""What a revision records beside its text: covered by the checksum, carried by restoring, hidden with the text."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from articles import workflow
from articles.models import ImageUse, IntroducedFinding, Revision
from articles.revisions import triggers
from articles.text.content import compare_contents, merge_contents
from tests.conftest import content
from tests.pictures import file

RECORD = {
    "excerpt": "A day at the coast.",
    "description": "When the water comes and goes.",
    "change_kind": "update",
    "software_share": "assisted",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cover(author):
    return workflow.upload_image(ContentFile(file()), alt="", by=author)


def stored(revision):
    return Revision.objects.with_text().get(pk=revision.pk)


def change(revision, **columns):
    """Change columns as the owner of the database could."""
    assignments = ", ".join(f"{name} = %s" for name in columns)
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE articles_revision SET {assignments} WHERE id = %s", [*columns.values(), revision.pk]
        )


def verify():
    out = StringIO()
    try:
        call_command("verify_history", stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_record_is_kept_as_written(save, cover):
    written = content(**RECORD, cover=cover.name.file())

    revision = save(**RECORD, cover=cover.name.file())

    assert stored(revision).content == written


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("excerpt", "Another."),
        ("description", "Another."),
        ("cover", "another.png"),
        ("change_kind", "typo"),
        ("software_share", "none"),
        ("claimed_author", "Somebody"),
        ("claimed_at", datetime(2001, 1, 1, tzinfo=UTC)),
    ],
)
def test_alteration_of_the_record_is_found(save, transactional_db, column, value):
    revision = save(**RECORD)
    assert verify()[0] == 0

    change(revision, **{column: value})

    status, out = verify()
    assert (status, "tides: version 1: does not match its checksum" in out) == (1, True)


def test_unknown_format_is_reported_as_unknown_and_not_as_damage(save, transactional_db):
    save()
    change(save("Newer.\n"), format=2)

    status, out = verify()

    assert status == 2
    assert "tides: version 2: unknown: its checksum has format 2" in out
    assert "cannot be verified by this release: 1." in out
    assert "damaged" not in out
    assert "Every version is whole" not in out


def test_page_of_an_unknown_format_says_so_and_writing_goes_on(
    save, author, moderator, client, transactional_db
):
    revision = save()
    change(revision, format=2)
    client.force_login(moderator)

    page = client.get(reverse("revision", args=["tides", 1]))

    assert page.status_code == 500
    assert "Version 1 was written by another release" in page.content.decode()
    assert save("Newer.\n").number == 2


def test_restoring_brings_the_record_back_but_not_the_kind_of_change(save, author, cover):
    old = save(**RECORD, cover=cover.name.file())
    save("Newer.\n")

    restored = stored(workflow.restore(stored(old), by=author))

    assert restored.content == replace(stored(old).content, summary="Version 1 restored", change_kind="")


def test_kind_of_change_alone_makes_no_revision(save):
    first = save()

    assert save(change_kind="typo") == first
    assert save(software_share="none") != first


def test_hidden_text_withholds_the_record(save, author, administrator, moderator, cover):
    revision = save(**RECORD, cover=cover.name.file())
    save("Newer.\n")
    workflow.hide(revision, by=administrator, parts=["text", "author"], reason="Told.")

    seen = Revision.objects.listed_for(moderator).get(pk=revision.pk)

    assert (seen.excerpt, seen.description, seen.cover, seen.claimed_author) == ("", "", "", "")
    assert stored(revision).excerpt == RECORD["excerpt"]


def test_look_alike_in_an_excerpt_is_introduced_and_waits(save, moderator):
    save(excerpt="A day at the coast.")

    revision = save(excerpt="A day at the c\u043east.")

    (finding,) = IntroducedFinding.objects.filter(revision=revision)
    assert (finding.field, finding.start) == ("excerpt", 14)
    assert workflow.publish(revision, by=moderator) is not None


def test_comparison_lists_what_changed(save, client, moderator, cover):
    save(excerpt="Old.")
    save(excerpt="New.", cover=cover.name.file(), software_share="none", language="de")
    client.force_login(moderator)

    page = client.get(reverse("compare", args=["tides", 1, 2])).content.decode()

    assert "excerpt" in page
    assert f"{cover.name.file()} is new" in page
    assert "Share of software: none is new" in page
    assert "Language: English (en) became German (de)" in page
    fields = client.get(reverse("compare-json", args=["tides", 1, 2])).json()["fields"]
    assert fields["cover"] == ["", cover.name.file()]


def test_first_revision_changes_no_language():
    assert [change.name for change in compare_contents(None, content(language="de")).values] == []


def test_merge_takes_the_record_from_both_sides():
    base = content(excerpt="Old.", change_kind="update")
    mine, theirs = replace(base, excerpt="Mine.", change_kind="typo"), replace(base, description="Theirs.")

    merged = merge_contents(base, mine, theirs).content

    assert (merged.excerpt, merged.description, merged.change_kind) == ("Mine.", "Theirs.", "typo")
    clash = merge_contents(base, mine, replace(base, excerpt="Theirs."))
    assert clash.clashes == {"excerpt": ("Mine.", "Theirs.")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cover", "x"),
        ("cover", "0123456789abcdef01234567-8x6.png"),  # the name of no image
        ("change_kind", "x"),
        ("software_share", "x"),
        ("excerpt", "x" * 501),
        ("description", "Two\nlines"),
    ],
)
def test_unfit_record_is_refused_with_its_field(save, field, value):
    with pytest.raises(ValidationError) as refusal:
        save(**{field: value})

    assert list(refusal.value.message_dict) == [field]
    assert not Revision.objects.exists()


def test_image_of_a_cover_is_in_use(save, cover, author):
    revision = save(cover=cover.name.file())

    assert ImageUse.objects.get(image=cover).revision == revision
    with pytest.raises(workflow.WorkflowError, match="A version shows this image"):
        workflow.delete_image(cover, by=author)


def test_editor_and_command_keep_a_record_that_they_do_not_show(save, client, author, tmp_path):
    revision = save(excerpt="Kept.", software_share="none")
    client.force_login(author)
    address = reverse("admin:articles_article_change", args=[revision.article.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}

    client.post(address, data | {"source": "From the editor.\n"})
    path = tmp_path / "text.md"
    path.write_text("From the command.\n")
    call_command("save_article", str(path), slug="tides", title="Tides", author="author", stdout=StringIO())

    kept = Revision.objects.order_by("number").values_list("excerpt", "software_share")
    assert list(kept) == [("Kept.", "none")] * 3
