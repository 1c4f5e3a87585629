"""The table of tamperings in `docs/security.md`: each is found, and named, by `verify_history --against`."""

from base64 import b64encode

import pytest
from django.core.management import CommandError
from django.db import connection

from articles.models import Article, Event, Revision
from articles.revisions.codec import compress
from articles.seals.entries import SealedTile

from .conftest import seal, verify


def revision(number, slug="tides"):
    return Revision.objects.with_text().get(article__slug=slug, number=number)


def text(value):
    return "'" + str(value).replace("'", "''") + "'"


def blob(data):
    return f"X'{data.hex()}'" if connection.vendor == "sqlite" else f"'\\x{data.hex()}'"


def a_day_before(table, column, condition):
    """Return the statement that takes a day from a time."""
    if connection.vendor != "sqlite":
        return f"UPDATE {table} SET {column} = {column} - interval '1 day' WHERE {condition}"
    moments = {("articles_event", "at"), ("articles_revision", "created_at")}
    day = f"{column} - 86400000000" if (table, column) in moments else f"datetime({column}, '-1 day')"
    return f"UPDATE {table} SET {column} = {day} WHERE {condition}"


def removal(*revisions):
    """Return the statements that delete revisions with all that refers to them."""
    keys = ", ".join(str(each.pk) for each in revisions)
    for table in (
        "event hiding introducedfinding rendering attribution body publication review livechange sketch"
        " imageuse tag trait schedule allowance remark"
    ).split():
        yield table, f"DELETE FROM articles_{table} WHERE revision_id IN ({keys})"
    yield "revision", f"UPDATE articles_revision SET based_on_id = NULL WHERE based_on_id IN ({keys})"
    yield "revision", f"DELETE FROM articles_revision WHERE id IN ({keys})"


def delete(*revisions):
    tables = connection.introspection.table_names()
    columns = {}
    for table, statement in removal(*revisions):
        name = f"articles_{table}"
        if name not in tables:
            continue
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, name)
        columns[name] = {column.name for column in described}
        if "revision_id IN" not in statement or "revision_id" in columns[name]:
            yield statement


NOW = "CURRENT_TIMESTAMP"
FIELDS = {
    "article_id": "4242",
    "number": "77",
    "based_on_id": "NULL",
    "title": "'Other'",
    "slug": "'other'",
    "language": "'de'",
    "tags": "'[\"other\"]'",
    "summary": "'other'",
    "author_name": "'somebody'",
    "excerpt": "'other'",
    "description": "'other'",
    "cover": "'other.png'",
    "change_kind": "'typo'",
    "software_share": "'generated'",
    "claimed_author": "'somebody'",
    "claimed_at": "'2001-01-01 00:00:00'",
    "format": "2",
}


@pytest.mark.parametrize("field", [*FIELDS, "created_at", "sha256"])
def test_any_field_of_a_revision(sealed, insider, field):
    key = revision(2).pk
    if field == "created_at":
        statement = a_day_before("articles_revision", field, f"id = {key}")
    elif field == "sha256":
        statement = f"UPDATE articles_revision SET sha256 = {blob(bytes(32))} WHERE id = {key}"
    else:
        statement = f"UPDATE articles_revision SET {field} = {FIELDS[field]} WHERE id = {key}"
    insider(statement)

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "version 2" in out or "version 77" in out


def test_fields_are_all_of_those_that_the_checksum_covers():
    columns = {field.column for field in Revision._meta.concrete_fields}

    assert columns - {"id", "author_id"} == FIELDS.keys() | {"created_at", "sha256"}


def swap(table, column, one, other, key="id"):
    return [
        f"UPDATE {table} SET {column} = 9999 WHERE {key} = {one.pk}",
        f"UPDATE {table} SET {column} = {getattr(one, column, one.pk)} WHERE {key} = {other.pk}",
        f"UPDATE {table} SET {column} = {getattr(other, column, other.pk)} WHERE {column} = 9999",
    ]


def other_text(revision, data):
    return f"UPDATE articles_body SET codec = 0, base_id = NULL, data = {blob(data)} WHERE revision_id = {revision.pk}"


def rewritten_from(number):
    """Return the statements that rewrite "tides" from a version on, with valid checksums and a valid head."""
    previous = revision(number - 1).sha256
    for each in (
        Revision.objects.with_text().filter(article__slug="tides", number__gte=number).order_by("number")
    ):
        source = each.source + "Rewritten.\n"
        previous = each.checksum(previous, source)
        yield other_text(each, source.encode())
        yield f"UPDATE articles_revision SET sha256 = {blob(bytes.fromhex(previous))} WHERE id = {each.pk}"
    yield f"UPDATE articles_article SET head_sha256 = {blob(bytes.fromhex(previous))} WHERE slug = 'tides'"


def page_of(number, html):
    return blob(compress(html, beside=revision(number).source.encode()))


def article_of(slug="tides"):
    return Article.objects.get(slug=slug)


def mended(latest):
    """Return the statement that lets the article end with a version."""
    head = blob(bytes.fromhex(latest.sha256))
    return f"UPDATE articles_article SET latest_revision_id = {latest.pk}, head_sha256 = {head} WHERE slug = 'tides'"


TAMPERINGS = {
    "a byte of a body": (
        lambda: [
            other_text(revision(2), b"Version 2!\n"),
        ],
        "tides: version 2: does not match",
    ),
    "bodies swapped": (
        lambda: swap("articles_body", "revision_id", revision(4), revision(5), key="revision_id"),
        "tides: version 5: does not match",
    ),
    "numbers swapped": (
        lambda: swap("articles_revision", "number", revision(2), revision(3)),
        "tides: version 2 to 3: was altered",
    ),
    "first revision deleted": (
        lambda: delete(revision(1)),
        "tides: version 1: is missing, though it was sealed",
    ),
    "middle revision deleted": (
        lambda: delete(revision(3)),
        "tides: version 3: is missing, though it was sealed",
    ),
    "last revision deleted": (
        lambda: delete(revision(5)),
        "tides: version 5: is missing, though it was sealed",
    ),
    "tail cut, head and pointers mended": (
        lambda: [mended(revision(4)), *delete(revision(5))],
        "tides: version 5: is missing, though it was sealed",
    ),
    "whole article deleted": (
        lambda: [
            *delete(*Revision.objects.filter(article__slug="dunes")),
            f"DELETE FROM articles_facet WHERE article_id = {article_of('dunes').pk}",
            f"DELETE FROM articles_article WHERE id = {article_of('dunes').pk}",
        ],
        "): version 1 to 3: is missing, though it was sealed",
    ),
    "latest pointer moved": (
        lambda: [f"UPDATE articles_article SET latest_revision_id = {revision(4).pk} WHERE slug = 'tides'"],
        "tides: version 5: is the last version, but the article points to another",
    ),
    "live pointer moved": (
        lambda: [
            f"UPDATE articles_article SET published_revision_id = {revision(2).pk} WHERE slug = 'tides'"
        ],
        "tides: readers get version 2, but by the log it is version 4",
    ),
    "taken offline by the pointer": (
        lambda: ["UPDATE articles_article SET published_revision_id = NULL WHERE slug = 'tides'"],
        "tides: readers get no version, but by the log it is version 4",
    ),
    "stored page replaced": (
        lambda: [
            f"UPDATE articles_rendering SET kept_page = {page_of(4, '<script>x</script>')}"
            f" WHERE revision_id = {revision(4).pk}"
        ],
        "tides: stored page of version 4: was altered",
    ),
    "stored page replaced by a newer one": (
        lambda: [
            "INSERT INTO articles_rendering (revision_id, kept_page, kept_removals, agreed, alerts, warnings,"
            f" new_alerts, new_warnings, policy_version, unicode_version) SELECT revision_id,"
            f" {page_of(4, '<script>x</script>')}, kept_removals, agreed, alerts, warnings, new_alerts, new_warnings,"
            f" policy_version, unicode_version FROM articles_rendering WHERE revision_id = {revision(4).pk}"
        ],
        "tides: stored page of version 4: is newer than the seal, and not what its source gives",
    ),
    "removals of a newer stored page made up": (
        lambda: [
            "INSERT INTO articles_rendering (revision_id, kept_page, kept_removals, agreed, alerts, warnings,"
            f" new_alerts, new_warnings, policy_version, unicode_version) SELECT revision_id,"
            f" kept_page, '[\"other\"]', agreed, alerts, warnings, new_alerts, new_warnings,"
            f" policy_version, unicode_version FROM articles_rendering WHERE revision_id = {revision(4).pk}"
        ],
        "tides: stored page of version 4: is newer than the seal, and not what its source gives",
    ),
    "rendering deleted": (
        lambda: [f"DELETE FROM articles_rendering WHERE revision_id = {revision(5).pk}"],
        "tides: stored page of version (row",
    ),
    "publication deleted": (
        lambda: [f"DELETE FROM articles_publication WHERE revision_id = {revision(2).pk}"],
        "tides: publication of version 2: is missing, though it was sealed",
    ),
    "publication backdated": (
        lambda: [a_day_before("articles_publication", "published_at", f"revision_id = {revision(2).pk}")],
        "tides: publication of version 2: was altered",
    ),
    "date of publication moved in the article": (
        lambda: [a_day_before("articles_article", "first_published_at", "slug = 'tides'")],
        "tides: its date of first publication",
    ),
    "date of the live version moved in the article": (
        lambda: [a_day_before("articles_article", "published_at", "slug = 'tides'")],
        "tides: its date of publication",
    ),
    "decision altered": (
        lambda: ["UPDATE articles_review SET reason = 'Fine.' WHERE state = 'approved'"],
        "tides: version 4: its reviews and the log tell of different decisions",
    ),
    "decision turned round": (
        lambda: ["UPDATE articles_review SET state = 'approved' WHERE state = 'rejected'"],
        "tides: version 3: its reviews and the log tell of different decisions",
    ),
    "decision by another": (
        lambda: ["UPDATE articles_review SET decided_by_name = 'somebody' WHERE state = 'approved'"],
        "tides: version 4: its reviews",
    ),
    "decision backdated": (
        lambda: [a_day_before("articles_review", "decided_at", "state = 'approved'")],
        "tides: version 4: its reviews",
    ),
    "decision deleted": (
        lambda: ["DELETE FROM articles_trait", "DELETE FROM articles_review WHERE state = 'rejected'"],
        "tides: version 3: its reviews",
    ),
    "decision added": (
        lambda: [copy_of("articles_review", "state = 'approved'", revision_id=revision(5).pk)],
        "tides: version 5: its reviews",
    ),
    "hiding altered": (
        lambda: ["UPDATE articles_hiding SET reason = 'other' WHERE summary"],
        "tides: hiding of version 3: was altered",
    ),
    "hiding lifted": (
        lambda: ["DELETE FROM articles_hiding WHERE summary"],
        "tides: hiding of version (row",
    ),
    "end of a hiding deleted": (
        lambda: ["UPDATE articles_hiding SET unhidden_at = NULL WHERE text"],
        "tides: end of the hiding of version 1: is missing",
    ),
    "hiding added": (
        lambda: [copy_of("articles_hiding", "summary", revision_id=revision(5).pk)],
        "tides: version 5: is hidden, but the log does not tell of it",
    ),
    "hiding ended now": (
        lambda: [f"UPDATE articles_hiding SET unhidden_at = {NOW}, unhidden_by_name = 'x' WHERE summary"],
        "tides: version 3: is not hidden, but by the log it is otherwise",
    ),
    "publication of a draft added now": (
        lambda: [
            "INSERT INTO articles_publication (revision_id, published_at, beginning, cover)"
            f" VALUES ({revision(5).pk}, {NOW}, '', '')"
        ],
        "tides: version 5: has a publication, but the log does not tell of it",
    ),
    "allowance added now": (
        lambda: [
            copy_of("articles_allowance", "value = 'é'", value="ö"),
            f"UPDATE articles_allowance SET allowed_at = {NOW} WHERE value = 'ö'",
        ],
        ": was made, but the log does not tell of it",
    ),
    "allowance ended now": (
        lambda: [
            f"UPDATE articles_allowance SET revoked_at = {NOW}, revoked_by_name = 'x' WHERE value = 'é'"
        ],
        ": was ended, but the log does not tell of it",
    ),
    "allowance confirmed once more": (
        lambda: [
            copy_of("articles_allowance", "value = 'ü'", language="de"),
            f"UPDATE articles_allowance SET confirmed_at = {NOW} WHERE language = 'de'",
        ],
        ": was confirmed, but the log does not tell of it",
    ),
    "allowance altered": (
        lambda: ["UPDATE articles_allowance SET severity = 'alert' WHERE value = 'é'"],
        "tides: allowance",
    ),
    "allowance deleted": (
        lambda: ["DELETE FROM articles_allowance WHERE value = 'é'"],
        "tides: allowance",
    ),
    "allowance added, backdated": (
        lambda: [
            copy_of("articles_allowance", "value = 'é'", value="ö"),
            a_day_before("articles_allowance", "allowed_at", "value = 'ö'"),
        ],
        "is not sealed, and dated before what is",
    ),
    "end of an allowance undone": (
        lambda: ["UPDATE articles_allowance SET revoked_at = NULL WHERE value = 'ü'"],
        "(site): end of an allowance",
    ),
    "log entry altered": (
        lambda: ["UPDATE articles_event SET reason = 'other' WHERE action = 'reject'"],
        "tides: log entry",
    ),
    "actor of a log entry altered": (
        lambda: [
            "UPDATE articles_event SET actor_name = 'other' WHERE action = 'hide' AND detail = 'summary'"
        ],
        "tides: log entry",
    ),
    "log entry deleted": (
        lambda: ["DELETE FROM articles_event WHERE action = 'reject'"],
        "tides: log entry",
    ),
    "log entry added, backdated": (
        lambda: [
            copy_of("articles_event", "action = 'reject'", actor_name="somebody"),
            a_day_before("articles_event", "at", "actor_name = 'somebody'"),
        ],
        "is not sealed, and dated before what is",
    ),
    "all rewritten from a version on, with valid checksums": (
        lambda: rewritten_from(3),
        "tides: version 3 to 5: was altered",
    ),
}


def copy_of(table, condition, **changes):
    """Return the statement that inserts a copy of a row with other values."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    names = [column.name for column in described if column.name != "id"]
    values = [text(changes[name]) if name in changes else f'"{name}"' for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({listed}) SELECT {', '.join(values)} FROM {table} WHERE {condition}"


def test_untouched_history_is_whole(sealed, db):
    status, out = verify("--against", str(sealed))

    assert status == 0
    assert out.endswith("All that was sealed is there, unaltered and in order.\n")


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(sealed, insider, name):
    statements, told = TAMPERINGS[name]

    insider(*statements())

    status, out = verify("--against", str(sealed))
    assert status == 1
    assert told in out
    assert "dunes" not in out or "dunes" in told


def test_rewriting_the_log_as_well_is_found_by_the_witness(sealed, insider):
    """The insider has the key, too, and signs a new log of the new history."""
    insider(
        *rewritten_from(3),
        *(
            f"DELETE FROM articles_{table}"
            for table in "sealedentry sealedtile seallog sealedcheckpoint".split()
        ),
    )
    seal()

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "signed others: the log was rewritten somewhere after entry 0" in out
    with pytest.raises(CommandError, match="are not those that a kept checkpoint sealed"):
        seal("--to", str(sealed))


def test_checkpoint_of_another_log_is_named(sealed, settings):
    settings.SITE_URL = "https://other.example.org"
    SealedTile.objects.filter(level=0).update(hashes=b"")  # anything else than what was signed

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "it is by cms.example.org, and this is other.example.org" in out


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases take no text there")
def test_text_in_place_of_hashes_is_named(sealed, insider):
    insider("UPDATE articles_sealedtile SET hashes = 'not bytes'")

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "signed others" in out


def test_row_put_in_the_place_of_another_by_its_entry_is_found(sealed, insider):
    """The entry of a lost version is made to name one that is there."""
    lost, there = revision(5), revision(4)
    insider(
        mended(there),
        *delete(lost),
        f"DELETE FROM articles_sealedentry WHERE kind = 0 AND key = {there.pk}",
        f"UPDATE articles_sealedentry SET key = {there.pk} WHERE kind = 0 AND key = {lost.pk}",
    )

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "log: 1 of the entries 0 to " in out
    assert "tides: version 4: was altered since it was sealed" in out


def test_entry_of_a_lost_row_made_one_of_a_dropped_page_is_found(sealed, insider):
    """A page may be dropped, but only one whose digest leads to the sealed hash."""
    lost = Event.objects.get(action=Event.Action.REJECT)
    dropped = revision(1).renderings.latest()
    assert dropped.kept_page is None
    insider(
        f"DELETE FROM articles_event WHERE id = {lost.pk}",
        "UPDATE articles_review SET state = 'pending', decided_at = NULL WHERE state = 'rejected'",
        f"UPDATE articles_sealedentry SET kind = 8, key = {dropped.pk} WHERE kind = 1 AND key = {lost.pk}",
    )

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "tides: stored page of version 1: was altered since it was sealed" in out


def test_size_of_the_log_that_was_raised_is_found_at_once(sealed, insider):
    """Otherwise verifying would go through entries that were never there, for years."""
    insider("UPDATE articles_seallog SET size = 4000000000000000")

    status, out = verify("--against", str(sealed))

    assert status == 1
    assert "to 3,999,999,999,999,999 are lost" in out


def test_stored_checkpoint_that_was_altered_stops_no_verifying_but_the_next_seal(sealed, insider):
    insider("UPDATE articles_sealedcheckpoint SET note = 'other'")

    assert verify("--against", str(sealed))[0] == 0
    with pytest.raises(CommandError, match=r"The stored checkpoint \d+ was altered") as refusal:
        seal()
    assert refusal.value.returncode == 1


def test_url_that_is_none_ends_with_two(sealed, db):
    status, out = verify("--against", "http://[::1/")

    assert status == 2
    assert "does not answer with a checkpoint" in out


def test_checkpoint_that_is_kept_stays_when_another_key_signs_the_same(sealed, db, settings, tmp_path):
    """Its timestamp would be of another note."""
    seal("--to", str(tmp_path))
    (kept,) = tmp_path.glob("*.checkpoint")
    note = kept.read_bytes()
    settings.SEAL_KEY = b64encode(bytes(32)).decode()

    seal("--to", str(tmp_path))

    assert kept.read_bytes() == note
    assert verify("--against", str(tmp_path))[0] == 0
