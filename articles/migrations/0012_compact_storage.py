"""Texts move into bytes with a codec, checksums into bytes, and indexes that no question uses go.

Texts keep their bytes for the time being; `manage.py repack` compresses them while the site runs.
"""

import django.db.models.deletion
from django.db import migrations, models

import articles.revisions.write_once
from articles.revisions import triggers
from articles.revisions.codec import compress


def texts_to_bytes(apps, schema_editor):
    """In the database itself, so that no text passes through this process."""
    as_bytes = (
        "CAST(text AS BLOB)" if schema_editor.connection.vendor == "sqlite" else "convert_to(text, 'UTF8')"
    )
    if schema_editor.connection.vendor == "postgresql":  # what is compressed already is not compressed again
        schema_editor.execute("ALTER TABLE articles_body ALTER COLUMN data SET STORAGE EXTERNAL")
    schema_editor.execute(f"UPDATE articles_body SET data = {as_bytes}")  # noqa: S608


def keep_pages(apps, schema_editor):
    """The pages of newest and published versions move into what they add to their source; the others go."""
    Article, Rendering = (apps.get_model("articles", name) for name in ("Article", "Rendering"))
    for article in Article.objects.iterator():
        for revision in {article.latest_revision_id, article.published_revision_id} - {None}:
            rendering = Rendering.objects.select_related("revision__body").filter(revision=revision).last()
            if rendering:
                source = rendering.revision.body.text
                rendering.kept_page = compress(rendering.html, beside=source.encode())
                rendering.kept_removals = rendering.removals
                rendering.save(update_fields=["kept_page", "kept_removals"])


class AlterDigest(migrations.AlterField):
    """Hexadecimal digits in a column become the bytes that they stand for."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            schema_editor.connection.connection.create_function("digest_bytes", 1, bytes.fromhex)
            schema_editor.execute(f"UPDATE {table} SET {self.name} = digest_bytes({self.name})")  # noqa: S608
        else:
            schema_editor.execute(
                f"ALTER TABLE {table} ALTER COLUMN {self.name} TYPE bytea USING decode({self.name}, 'hex')"
            )


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_reminder")]

    operations = [
        migrations.RunPython(lambda apps, editor: triggers.lift(editor.connection)),
        # checksums
        AlterDigest(
            "article",
            "head_sha256",
            articles.revisions.write_once.DigestField(
                blank=True, max_length=32, verbose_name="head of the chain"
            ),
        ),
        AlterDigest(
            "revision",
            "sha256",
            articles.revisions.write_once.DigestField(max_length=32, verbose_name="checksum"),
        ),
        # pages, of which all but the newest and the published ones are made again when asked for
        migrations.AddField("rendering", "kept_page", models.BinaryField(null=True)),
        migrations.AddField(
            "rendering", "kept_removals", models.JSONField(null=True, verbose_name="removals")
        ),
        migrations.RunPython(keep_pages),
        migrations.RemoveField("rendering", "html"),
        migrations.RemoveField("rendering", "removals"),
        # texts
        migrations.AddField(
            "body",
            "base",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.body",
            ),
        ),
        migrations.AddField(
            "body",
            "codec",
            models.PositiveSmallIntegerField(
                choices=[(0, "PLAIN"), (1, "KEYFRAME"), (2, "DELTA")], default=0
            ),
            preserve_default=False,
        ),
        migrations.AddField("body", "data", models.BinaryField(default=b""), preserve_default=False),
        migrations.RunPython(texts_to_bytes),
        migrations.RemoveField("body", "text"),
        migrations.CreateModel(
            name="Repacking",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "text being rewritten",
                "verbose_name_plural": "texts being rewritten",
            },
        ),
        # indexes
        migrations.AlterField(
            "article",
            "published_revision",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="published revision",
            ),
        ),
        migrations.AlterField(
            "revision",
            "article",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AlterField(
            "revision",
            "based_on",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="based on",
            ),
        ),
        migrations.AlterField(
            "revision", "slug", models.CharField(max_length=200, verbose_name="address asked for")
        ),
        migrations.AddIndex("revision", models.Index(fields=["slug"], name="revision_slug")),
        migrations.AddIndex("revision", models.Index(fields=["language"], name="revision_language")),
        *(
            migrations.AlterField(
                "event",
                name,
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="events",
                    to=f"articles.{name}",
                    verbose_name=name,
                ),
            )
            for name in ("article", "revision")
        ),
        migrations.RemoveIndex("event", "event_actor"),
        migrations.RemoveIndex("event", "event_action"),
        migrations.AddIndex("event", models.Index(fields=["article", "action"], name="event_article")),
        migrations.AddIndex("event", models.Index(fields=["actor_name"], name="event_actor")),
        migrations.AddIndex("event", models.Index(fields=["action"], name="event_action")),
        # when what a published page shows was last changed is asked at every visit
        migrations.AddIndex("allowance", models.Index(fields=["revoked_at"], name="allowance_revoked")),
        migrations.AddIndex("hiding", models.Index(fields=["lifted_at"], name="hiding_lifted")),
        migrations.RunPython(lambda apps, editor: triggers.install(editor.connection)),
    ]
