from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import articles.revisions.write_once
import articles.seals.entries
from articles.revisions import triggers
from articles.search import index

AUTHOR = ["add_article", "change_article", "view_article", "view_revision"]
MODERATOR = [*AUTHOR, "publish_article", "review_revision"]
OF_MODEL = {"manage_tasks": "backgroundtask", "manage_rules": "rule"}  # others name their model
GROUPS = {
    "authors": AUTHOR,
    "moderators": MODERATOR,
    "administrators": [*MODERATOR, "hide_revision", "manage_tasks", "manage_rules"],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Create the groups with their permissions, which Django itself creates only after all migrations."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    using = schema_editor.connection.alias
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        for codename in codenames:
            model = apps.get_model("articles", OF_MODEL.get(codename) or codename.partition("_")[2])
            content_type, _ = ContentType.objects.using(using).get_or_create(
                app_label="articles", model=model._meta.model_name
            )
            labels = dict(model._meta.permissions)
            permission, _ = Permission.objects.using(using).get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": labels.get(codename, f"Can {codename.replace('_', ' ')}")},
            )
            group.permissions.add(permission)


def count_without_waiting(apps: Any, schema_editor: Any) -> None:
    """Spare PostgreSQL the journal for counts of a minute, which may be lost with the power."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_spending SET UNLOGGED")


def install_triggers(apps: Any, schema_editor: Any) -> None:
    triggers.install(schema_editor.connection)


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    triggers.drop(schema_editor.connection)


def create_index(apps: Any, schema_editor: Any) -> None:
    index.create(schema_editor.connection)


def drop_index(apps: Any, schema_editor: Any) -> None:
    index.drop(schema_editor.connection)


def store_bodies_as_they_are(apps: Any, schema_editor: Any) -> None:
    """Keep PostgreSQL from compressing what is compressed already."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_body ALTER COLUMN data SET STORAGE EXTERNAL")
        schema_editor.execute("ALTER TABLE articles_attribution ALTER COLUMN data SET STORAGE EXTERNAL")
        schema_editor.execute("ALTER TABLE articles_original ALTER COLUMN data SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=200, unique=True, verbose_name="address")),
                ("first_published_at", models.DateTimeField(null=True, verbose_name="first published at")),
                ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                ("archived_at", models.DateTimeField(null=True, verbose_name="archived at")),
                (
                    "head_sha256",
                    articles.revisions.write_once.DigestField(
                        blank=True, max_length=32, verbose_name="head of the chain"
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "permissions": [("publish_article", "Can publish without a reviewer, and unpublish")],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("slug", models.CharField(max_length=200, verbose_name="address asked for")),
                ("language", models.CharField(max_length=35, verbose_name="language")),
                ("tags", models.JSONField(blank=True, default=list, verbose_name="tags")),
                (
                    "summary",
                    models.CharField(blank=True, max_length=500, verbose_name="summary of the change"),
                ),
                ("author_name", models.CharField(max_length=150, verbose_name="author's name")),
                ("created_at", articles.revisions.write_once.MomentField(verbose_name="written at")),
                ("excerpt", models.CharField(blank=True, max_length=500, verbose_name="excerpt")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("cover", models.CharField(blank=True, max_length=60, verbose_name="cover")),
                (
                    "change_kind",
                    models.CharField(
                        blank=True,
                        choices=[("correction", "correction"), ("update", "update"), ("typo", "typo")],
                        max_length=10,
                        verbose_name="kind of change",
                    ),
                ),
                (
                    "software_share",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "none"),
                            ("assisted", "assisted by software"),
                            ("generated", "generated by software"),
                        ],
                        max_length=10,
                        verbose_name="share of software in the text",
                    ),
                ),
                (
                    "claimed_author",
                    models.CharField(blank=True, max_length=150, verbose_name="author, as an import says"),
                ),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="written at, as an import says")),
                (
                    "format",
                    models.PositiveSmallIntegerField(default=1, verbose_name="version of the checksum"),
                ),
                ("sha256", articles.revisions.write_once.DigestField(max_length=32, verbose_name="checksum")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="revisions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
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
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-number"],
                "permissions": [
                    ("review_revision", "Can decide on submitted revisions"),
                    ("hide_revision", "Can hide parts of revisions, and see what is hidden"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("text", models.TextField(help_text="The author reads it.", verbose_name="text")),
            ],
            options={
                "verbose_name": "reason template",
                "verbose_name_plural": "reason templates",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("alert", "versions with serious changes wait"),
                            ("age", "versions wait too long"),
                            ("burst", "many versions came at once"),
                            ("proposal", "allowances wait for a second moderator"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("up_to", models.DateTimeField(verbose_name="submitted up to")),
                ("reviews", models.PositiveIntegerField(verbose_name="number of reviews")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "get_latest_by": "pk",
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="publication",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                (
                    "beginning",
                    models.CharField(blank=True, max_length=300, verbose_name="beginning of the text"),
                ),
                ("cover", models.CharField(blank=True, max_length=100, verbose_name="first image")),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
            },
        ),
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
        migrations.AddField(
            model_name="article",
            name="latest_revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="latest revision",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="published_revision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="published revision",
            ),
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("character", "character"), ("word", "word"), ("domain", "domain")],
                        max_length=10,
                        verbose_name="what is allowed",
                    ),
                ),
                ("value", models.CharField(max_length=253, verbose_name="characters")),
                (
                    "severity",
                    models.CharField(
                        choices=[("notice", "notice"), ("warning", "warning"), ("alert", "alert")],
                        max_length=10,
                        verbose_name="up to",
                    ),
                ),
                ("check_id", models.CharField(blank=True, max_length=40, verbose_name="check")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("here", "at this place"),
                            ("article", "in this article"),
                            ("language", "in texts of this language"),
                            ("site", "on the whole site"),
                        ],
                        max_length=10,
                        verbose_name="where",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                (
                    "surroundings",
                    models.CharField(blank=True, max_length=64, verbose_name="checksum of the surroundings"),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("until", models.DateField(null=True, verbose_name="last day")),
                ("allowed_by_name", models.CharField(max_length=150, verbose_name="name of who allowed")),
                ("allowed_at", models.DateTimeField(verbose_name="allowed at")),
                (
                    "revoked_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who revoked"),
                ),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                (
                    "allowed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="allowed by",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allowances",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                        verbose_name="seen in",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "confirmed_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who confirmed"),
                ),
                (
                    "is_proposed",
                    models.BooleanField(default=False, verbose_name="waits for a second moderator"),
                ),
                ("revoked_why", models.TextField(blank=True, verbose_name="why it was revoked")),
                (
                    "settled_at",
                    models.DateTimeField(null=True, verbose_name="looked at again what went live under it"),
                ),
            ],
            options={
                "verbose_name": "allowance",
                "verbose_name_plural": "allowances",
                "indexes": [
                    models.Index(fields=["confirmed_at"], name="allowance_confirmed"),
                    models.Index(fields=["until"], name="allowance_until"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", articles.revisions.write_once.MomentField(verbose_name="at")),
                ("actor_name", models.CharField(max_length=150, verbose_name="by")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("save", "saved"),
                            ("restore", "restored"),
                            ("import", "brought in"),
                            ("submit", "submitted"),
                            ("withdraw", "withdrew"),
                            ("supersede", "superseded"),
                            ("approve", "approved"),
                            ("approve own", "approved their own text"),
                            ("fix", "fixed"),
                            ("request changes", "requested changes"),
                            ("reject", "rejected"),
                            ("carry over", "carried a decision over"),
                            ("undo", "took a decision back"),
                            ("appeal", "appealed"),
                            ("take over", "took a review over"),
                            ("note review", "noted something about"),
                            ("ask opinion", "asked for a second opinion on"),
                            ("remark", "remarked"),
                            ("answer", "answered"),
                            ("resolve", "settled a remark"),
                            ("reopen", "opened a remark again"),
                            ("publish", "published"),
                            ("unpublish", "unpublished"),
                            ("patrol", "looked at what went live"),
                            ("unpatrol", "took back having looked"),
                            ("schedule", "scheduled"),
                            ("unschedule", "cancelled a schedule"),
                            ("archive", "archived"),
                            ("unarchive", "took out of the archive"),
                            ("resanitize", "made the page anew"),
                            ("allow", "allowed"),
                            ("propose", "proposed an allowance"),
                            ("confirm", "confirmed an allowance"),
                            ("confirm own", "confirmed their own allowance, alone"),
                            ("decline", "declined an allowance"),
                            ("revoke", "revoked an allowance"),
                            ("expire", "ended an allowance whose last day was over"),
                            ("hide", "hid"),
                            ("unhide", "showed again"),
                            ("hold", "held all edits of"),
                            ("end hold", "no longer holds the edits of"),
                            ("mute", "muted"),
                            ("unmute", "lets write in conversations again"),
                            ("suspend", "suspended"),
                            ("end suspension", "lets sign in again"),
                            ("sweep", "took back all of a period of"),
                            ("cancel sweep", "stopped taking back a period of"),
                            ("undo sweep", "undid the taking back of a period of"),
                            ("note author", "noted something about"),
                            ("upload image", "uploaded an image"),
                            ("delete image", "deleted an image"),
                            ("write rule", "wrote a rule"),
                            ("replay rule", "replayed a rule"),
                            ("switch on", "switched a rule on"),
                            ("switch off", "switched a rule off"),
                            ("meet rule", "met a rule"),
                        ],
                        max_length=20,
                        verbose_name="action",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="what")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("public_reason", models.TextField(blank=True, verbose_name="what readers are told")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("page", "page"),
                            ("admin", "newsroom"),
                            ("command", "command line"),
                            ("api", "API"),
                            ("clock", "schedule"),
                        ],
                        max_length=10,
                        verbose_name="from where",
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True, verbose_name="network address")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.event",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Hiding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.BooleanField(default=False, verbose_name="text")),
                ("summary", models.BooleanField(default=False, verbose_name="summary")),
                ("author", models.BooleanField(default=False, verbose_name="author's name")),
                ("reason", models.TextField(verbose_name="reason")),
                ("hidden_by_name", models.CharField(max_length=150, verbose_name="name of who hid")),
                ("hidden_at", models.DateTimeField(verbose_name="hidden at")),
                (
                    "unhidden_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who showed it again"),
                ),
                ("unhidden_at", models.DateTimeField(null=True, verbose_name="shown again at")),
                (
                    "hidden_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hidden by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hidings",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "unhidden_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="shown again by",
                    ),
                ),
            ],
            options={
                "verbose_name": "hiding",
                "verbose_name_plural": "hidings",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Image",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=24, unique=True, verbose_name="token")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("png", "PNG"),
                            ("jpg", "JPEG"),
                            ("webp", "WEBP"),
                            ("gif", "GIF"),
                            ("avif", "AVIF"),
                        ],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("moving", models.BooleanField(verbose_name="moving")),
                ("size_bytes", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum")),
                ("alt", models.CharField(blank=True, max_length=500, verbose_name="what it shows")),
                (
                    "file_name",
                    models.CharField(blank=True, max_length=200, verbose_name="name of the file"),
                ),
                ("uploaded_by_name", models.CharField(max_length=150, verbose_name="uploaded by")),
                ("uploaded_at", models.DateTimeField(db_index=True, verbose_name="uploaded at")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "image",
                "verbose_name_plural": "images",
                "ordering": ["-uploaded_at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ImageUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="articles.image"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="image_uses",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of an image",
                "verbose_name_plural": "uses of images",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IntroducedFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("source", "text"),
                            ("title", "title"),
                            ("slug", "address"),
                            ("summary", "summary"),
                            ("tag", "tag"),
                            ("excerpt", "excerpt"),
                            ("description", "description"),
                        ],
                        max_length=20,
                        verbose_name="field",
                    ),
                ),
                ("check_id", models.CharField(max_length=40, verbose_name="check")),
                (
                    "severity",
                    models.CharField(
                        choices=[("notice", "notice"), ("warning", "warning"), ("alert", "alert")],
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                ("start", models.PositiveIntegerField(verbose_name="start")),
                ("end", models.PositiveIntegerField(verbose_name="end")),
                ("text", models.CharField(max_length=100, verbose_name="characters")),
                ("meant", models.CharField(blank=True, max_length=100, verbose_name="probably meant")),
                ("payload", models.CharField(blank=True, max_length=500, verbose_name="hidden content")),
                ("where", models.CharField(max_length=20, verbose_name="where")),
                ("message", models.CharField(max_length=300, verbose_name="message")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LinkedHost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=253, verbose_name="host")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="linked_hosts",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "linked host",
                "verbose_name_plural": "linked hosts",
            },
        ),
        migrations.CreateModel(
            name="Rendering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kept_page", models.BinaryField(null=True)),
                ("kept_removals", models.JSONField(null=True, verbose_name="removals")),
                ("agreed", models.BooleanField(verbose_name="both sanitizers agreed")),
                ("alerts", models.PositiveIntegerField(verbose_name="alerts")),
                ("warnings", models.PositiveIntegerField(verbose_name="warnings")),
                ("new_alerts", models.PositiveIntegerField(verbose_name="alerts brought in")),
                ("new_warnings", models.PositiveIntegerField(verbose_name="warnings brought in")),
                ("policy_version", models.CharField(max_length=20, verbose_name="version of the policy")),
                (
                    "unicode_version",
                    models.CharField(max_length=20, verbose_name="version of the Unicode data"),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renderings",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "rendering",
                "verbose_name_plural": "renderings",
                "get_latest_by": "pk",
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="articles.article",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for a moderator"),
                            ("approved", "approved"),
                            ("changes requested", "changes requested"),
                            ("rejected", "rejected"),
                            ("withdrawn", "withdrawn"),
                            ("superseded", "superseded by a newer version"),
                        ],
                        default="pending",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("causes", models.JSONField(default=list, verbose_name="why it waits")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("appeal", "its author appeals"),
                            ("sanitizers", "the sanitizers disagree"),
                            ("allowance ended", "an allowance that it went live under has ended"),
                            ("turned down", "a moderator turned it down before"),
                            ("held", "everything by its author is held"),
                            ("returns", "brings back what was taken from readers"),
                            ("rule", "a rule holds it"),
                            ("alert", "brings in characters that deceive"),
                            ("warning", "brings in suspicious characters"),
                            ("author", "its author may not publish without a reviewer"),
                            ("submitted", "its author asked for a review"),
                            ("settled", "what it waited for is settled"),
                        ],
                        default="submitted",
                        max_length=20,
                        verbose_name="main cause",
                    ),
                ),
                ("risk", models.PositiveIntegerField(default=0, verbose_name="risk")),
                ("risk_parts", models.JSONField(default=list, verbose_name="what the risk is made of")),
                ("language", models.CharField(default="", max_length=35, verbose_name="language")),
                ("alerts", models.PositiveIntegerField(default=0, verbose_name="alerts brought in")),
                ("warnings", models.PositiveIntegerField(default=0, verbose_name="warnings brought in")),
                (
                    "gravity",
                    models.CharField(
                        choices=[("alert", "serious"), ("warning", "odd"), ("notice", "nothing odd")],
                        default="notice",
                        max_length=10,
                        verbose_name="gravity",
                    ),
                ),
                ("submitted_at", models.DateTimeField(verbose_name="submitted at")),
                ("claimed_until", models.DateTimeField(null=True, verbose_name="claimed until")),
                (
                    "decided_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who decided"),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claimed by",
                    ),
                ),
                (
                    "compared_with",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                        verbose_name="live when it was decided",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="articles.revision",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
                (
                    "appeals",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appealed_by",
                        to="articles.review",
                        verbose_name="appeals against the decision",
                    ),
                ),
                ("claimed_since", models.DateTimeField(null=True, verbose_name="claimed since")),
                (
                    "asks_opinion",
                    models.BooleanField(default=False, verbose_name="somebody asks for a second opinion"),
                ),
                ("taken_back_at", models.DateTimeField(null=True, verbose_name="approval taken back at")),
                (
                    "counting",
                    models.CharField(
                        blank=True,
                        choices=[("record", "the author's record"), ("texts", "everything")],
                        default="",
                        max_length=10,
                        verbose_name="being counted",
                    ),
                ),
                ("counts", models.JSONField(null=True, verbose_name="what the risk counts in the texts")),
                ("facts", models.JSONField(default=list, verbose_name="the worst that it does")),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "indexes": [
                    models.Index(fields=["state", "submitted_at", "id"], name="review_queue_age"),
                    models.Index(fields=["state", "asks_opinion", "-risk", "id"], name="review_queue_asks"),
                    models.Index(fields=["counting", "id"], name="review_counting"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailPreferences",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                (
                    "decisions",
                    models.CharField(
                        choices=[
                            ("at once", "At once"),
                            ("daily", "Once a day, all in one mail"),
                            ("never", "Not at all"),
                        ],
                        default="at once",
                        max_length=10,
                        verbose_name="Decisions on my versions",
                    ),
                ),
                (
                    "replies",
                    models.CharField(
                        choices=[
                            ("at once", "At once"),
                            ("daily", "Once a day, all in one mail"),
                            ("never", "Not at all"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="Replies to me",
                    ),
                ),
                (
                    "answers",
                    models.CharField(
                        choices=[
                            ("at once", "At once"),
                            ("daily", "Once a day, all in one mail"),
                            ("never", "Not at all"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="Answers to my decisions",
                    ),
                ),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_preferences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "watched",
                    models.CharField(
                        choices=[
                            ("at once", "At once"),
                            ("daily", "Once a day, all in one mail"),
                            ("never", "Not at all"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="What went live in articles that I watch",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail preferences",
                "verbose_name_plural": "mail preferences",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decisions", "Decisions on my versions"),
                            ("replies", "Replies to me"),
                            ("answers", "Answers to my decisions"),
                            ("watched", "What went live in articles that I watch"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "waiting for a moderator"),
                            ("approved", "approved"),
                            ("changes requested", "changes requested"),
                            ("rejected", "rejected"),
                            ("withdrawn", "withdrawn"),
                            ("superseded", "superseded by a newer version"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("by_name", models.CharField(max_length=150, verbose_name="name of who did it")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("path", models.CharField(blank=True, max_length=300, verbose_name="where to go on")),
                ("in_digest", models.BooleanField(default=False, verbose_name="in the daily mail")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("claim", models.UUIDField(null=True, verbose_name="claim")),
                ("claimed_until", models.DateTimeField(null=True, verbose_name="claimed until")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="failed attempts")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="failed at")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="articles.review",
                        verbose_name="review",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["sent_at", "due_at"], name="notice_due"),
                    models.Index(fields=["claim"], name="notice_claim"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScratchCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32, verbose_name="token of the page")),
                ("data", models.TextField(verbose_name="fields, as JSON")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("length", models.PositiveIntegerField(verbose_name="length of the text in code points")),
                ("edits", models.PositiveIntegerField(verbose_name="number of edits in its page")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="replaced at")),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scratch_copies",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scratch_copies",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "unsaved text",
                "verbose_name_plural": "unsaved texts",
                "ordering": ["-written_at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Sketch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("wording", "wording"), ("swaps", "swapped letters")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.BigIntegerField(verbose_name="hash")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sketches",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "sketch",
                "verbose_name_plural": "sketches",
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "revision",
                    articles.revisions.write_once.RevisionKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="body",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
                (
                    "codec",
                    models.PositiveSmallIntegerField(choices=[(0, "PLAIN"), (1, "KEYFRAME"), (2, "DELTA")]),
                ),
                ("data", models.BinaryField()),
                (
                    "base",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.body",
                    ),
                ),
            ],
            options={
                "verbose_name": "text",
                "verbose_name_plural": "texts",
            },
        ),
        migrations.CreateModel(
            name="Attribution",
            fields=[
                (
                    "revision",
                    articles.revisions.write_once.RevisionKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="attribution",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
                ("added", models.PositiveIntegerField(verbose_name="code points added")),
                ("removed", models.PositiveIntegerField(verbose_name="code points removed")),
                ("digest", models.IntegerField(verbose_name="hash of the text")),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "attribution",
                "verbose_name_plural": "attributions",
                "indexes": [models.Index(fields=["digest"], name="attribution_digest")],
            },
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["slug"], name="revision_slug"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["language"], name="revision_language"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("article", "number"), name="revision_number_once"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("published_revision__isnull", False)),
                fields=["-published_at", "-id"],
                name="article_public",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("published_revision__isnull", False)),
                fields=["-first_published_at", "-id"],
                name="article_first_public",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    ("archived_at__isnull", True),
                    models.Q(
                        ("published_revision__isnull", True),
                        ("published_revision__lt", models.F("latest_revision")),
                        _connector="OR",
                    ),
                ),
                fields=["-latest_revision"],
                name="article_open",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)),
                fields=["-latest_revision"],
                name="article_archived",
            ),
        ),
        migrations.AddIndex(
            model_name="rendering",
            index=models.Index(
                models.expressions.CombinedExpression(models.F("alerts"), "+", models.F("warnings")),
                models.F("revision"),
                name="rendering_flagged",
            ),
        ),
        migrations.AddIndex(
            model_name="allowance",
            index=models.Index(fields=["value"], name="allowance_value"),
        ),
        migrations.AddIndex(
            model_name="allowance",
            index=models.Index(fields=["revoked_at"], name="allowance_revoked"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["article", "action"], name="event_article"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["at"], name="event_at"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor_name"], name="event_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["action"], name="event_action"),
        ),
        migrations.AddIndex(
            model_name="hiding",
            index=models.Index(fields=["unhidden_at"], name="hiding_unhidden"),
        ),
        migrations.AddConstraint(
            model_name="hiding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unhidden_at__isnull", True)), fields=("revision",), name="hiding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="imageuse",
            constraint=models.UniqueConstraint(fields=("revision", "image"), name="image_use_once"),
        ),
        migrations.AddIndex(
            model_name="introducedfinding",
            index=models.Index(fields=["text"], name="finding_text"),
        ),
        migrations.AddConstraint(
            model_name="linkedhost",
            constraint=models.UniqueConstraint(fields=("host", "article"), name="linked_host_once"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "-risk", "id"], name="review_queue"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "cause", "-risk", "id"], name="review_queue_cause"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "language", "-risk", "id"], name="review_queue_language"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["-decided_at", "-id"], name="review_decided"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("article",), name="review_pending_once"
            ),
        ),
        migrations.AddIndex(
            model_name="scratchcopy",
            index=models.Index(fields=["replaced_at"], name="scratch_copy_replaced"),
        ),
        migrations.AddConstraint(
            model_name="scratchcopy",
            constraint=models.UniqueConstraint(fields=("owner", "token"), name="scratch_copy_once"),
        ),
        migrations.AddConstraint(
            model_name="sketch",
            constraint=models.UniqueConstraint(fields=("kind", "value", "revision"), name="sketch_once"),
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(null=True, verbose_name="goes live at")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="goes offline at")),
                ("zone", models.CharField(max_length=64, verbose_name="time zone")),
                ("made_by_name", models.CharField(max_length=150, verbose_name="name of who scheduled")),
                ("made_at", models.DateTimeField(verbose_name="scheduled at")),
                ("due_at", models.DateTimeField(null=True, verbose_name="next boundary")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                ("closed_why", models.TextField(blank=True, verbose_name="why it was cancelled")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="scheduled by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "schedule",
                "verbose_name_plural": "schedules",
                "default_permissions": (),
                "indexes": [models.Index(fields=["due_at"], name="schedule_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=("article",),
                        name="schedule_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at__isnull", False), ("ends_at__isnull", False), _connector="OR"
                        ),
                        name="schedule_has_boundary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="schedule_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BackgroundTask",
            fields=[],
            options={
                "verbose_name": "background task",
                "verbose_name_plural": "background tasks",
                "permissions": [("manage_tasks", "Can see, cancel and repeat background tasks")],
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("django_tasks_database.dbtaskresult",),
        ),
        # The library's index finds waiting tasks alone, and on SQLite none, since parameters hide what it is for.
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("folded", models.CharField(max_length=900, unique=True, verbose_name="folded")),
                ("name", models.CharField(max_length=50, verbose_name="tag")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                        verbose_name="last revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.PositiveIntegerField(null=True, verbose_name="start of the passage")),
                ("end", models.PositiveIntegerField(null=True, verbose_name="end of the passage")),
                ("quoted", models.TextField(blank=True, verbose_name="passage")),
                ("text", models.TextField(verbose_name="text")),
                ("author_name", models.CharField(max_length=150, verbose_name="author's name")),
                ("created_at", models.DateTimeField(verbose_name="written at")),
                (
                    "resolved_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who settled it"),
                ),
                ("resolved_at", models.DateTimeField(null=True, verbose_name="settled at")),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="articles.remark",
                        verbose_name="answers",
                    ),
                ),
                (
                    "answers_review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="articles.review",
                        verbose_name="answers the decision",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="articles.revision",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "remark",
                "verbose_name_plural": "remarks",
                "ordering": ["created_at", "pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["article", "created_at", "id"], name="remark_thread")],
            },
        ),
        migrations.CreateModel(
            name="ReviewNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "asks_opinion",
                    models.BooleanField(default=False, verbose_name="asks for a second opinion"),
                ),
                ("written_by_name", models.CharField(max_length=150, verbose_name="by")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="articles.review",
                        verbose_name="review",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note about a review",
                "verbose_name_plural": "notes about reviews",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("switched_at", models.DateTimeField(null=True, verbose_name="switched at")),
            ],
            options={
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
                "permissions": [("manage_rules", "Can write rules on saves, and switch them on and off")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "needs",
                    models.CharField(
                        choices=[("all", "all of these hold"), ("any", "any of these holds")],
                        max_length=3,
                        verbose_name="when",
                    ),
                ),
                ("conditions", models.JSONField(verbose_name="conditions")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("note", "note it"),
                            ("hold", "hold it for a moderator"),
                            ("refuse", "refuse the save, with a message"),
                            ("tag", "tag it"),
                        ],
                        max_length=10,
                        verbose_name="then",
                    ),
                ),
                (
                    "message",
                    models.CharField(blank=True, max_length=500, verbose_name="what the author reads"),
                ),
                ("tag", models.CharField(blank=True, max_length=50, verbose_name="tag")),
                ("made_by_name", models.CharField(max_length=150, verbose_name="by")),
                ("made_at", models.DateTimeField(verbose_name="written at")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="articles.rule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a rule",
                "verbose_name_plural": "versions of rules",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RuleHit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_name", models.CharField(max_length=150, verbose_name="author's name")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("note", "note it"),
                            ("hold", "hold it for a moderator"),
                            ("refuse", "refuse the save, with a message"),
                            ("tag", "tag it"),
                        ],
                        max_length=10,
                        verbose_name="what came of it",
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=300, verbose_name="what met it")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_hits",
                        to="articles.revision",
                        verbose_name="version",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hits",
                        to="articles.ruleversion",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "hit of a rule",
                "verbose_name_plural": "hits of rules",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="rule",
            name="active",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.ruleversion",
                verbose_name="version in force",
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="latest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.ruleversion",
                verbose_name="latest version",
            ),
        ),
        migrations.CreateModel(
            name="Replay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "is running"), ("done", "done"), ("cancelled", "cancelled")],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("next", models.PositiveBigIntegerField(verbose_name="goes on at")),
                ("total", models.PositiveIntegerField(verbose_name="versions in all")),
                ("looked", models.PositiveIntegerField(default=0, verbose_name="versions looked at")),
                (
                    "unreadable",
                    models.PositiveIntegerField(default=0, verbose_name="versions that cannot be read"),
                ),
                ("approved", models.PositiveIntegerField(default=0, verbose_name="met and approved")),
                ("turned_down", models.PositiveIntegerField(default=0, verbose_name="met and turned down")),
                ("undecided", models.PositiveIntegerField(default=0, verbose_name="met and never decided")),
                ("started_by_name", models.CharField(max_length=150, verbose_name="by")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to="articles.ruleversion",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "replay of a rule",
                "verbose_name_plural": "replays of rules",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReplayHit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "approved"),
                            ("turned down", "turned down"),
                            ("undecided", "never decided"),
                        ],
                        max_length=11,
                        verbose_name="decided then",
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="what met it")),
                (
                    "replay",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="articles.replay",
                        verbose_name="replay",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "hit of a replay",
                "verbose_name_plural": "hits of replays",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["replay", "id"], name="replay_hit"),
                    models.Index(fields=["replay", "outcome", "id"], name="replay_hit_outcome"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="ruleversion",
            constraint=models.UniqueConstraint(fields=("rule", "number"), name="rule_version_once"),
        ),
        migrations.AddIndex(
            model_name="rulehit",
            index=models.Index(fields=["version", "id"], name="rule_hit_version"),
        ),
        migrations.AddIndex(
            model_name="rulehit",
            index=models.Index(fields=["at"], name="rule_hit_at"),
        ),
        migrations.CreateModel(
            name="AuthorNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_name", models.CharField(max_length=150, verbose_name="account's name")),
                ("text", models.TextField(verbose_name="text")),
                ("written_by_name", models.CharField(max_length=150, verbose_name="by")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="notes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note about an author",
                "verbose_name_plural": "notes about authors",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_name", models.CharField(max_length=150, verbose_name="account's name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("held", "every edit waits for a moderator"),
                            ("muted", "may not write in conversations"),
                            ("suspended", "may not sign in"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("imposed_by_name", models.CharField(max_length=150, verbose_name="name of who imposed it")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("until", models.DateField(null=True, verbose_name="last day")),
                (
                    "ended_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who ended it"),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("end_reason", models.TextField(blank=True, verbose_name="reason of the end")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="standings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "imposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="imposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing",
                "verbose_name_plural": "standings",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_name", models.CharField(max_length=150, verbose_name="account's name")),
                ("since", models.DateTimeField(verbose_name="from")),
                ("until", models.DateTimeField(verbose_name="to")),
                ("kinds", models.JSONField(default=list, verbose_name="what")),
                ("reason", models.TextField(verbose_name="reason")),
                ("made_by_name", models.CharField(max_length=150, verbose_name="by")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("undoing", models.BooleanField(default=False, verbose_name="is taken back")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="cancelled at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="sweeps",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sweep",
                        to="articles.event",
                        verbose_name="entry in the log",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "sweep",
                "verbose_name_plural": "sweeps",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SweepStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reject", "reject what waits"),
                            ("unpublish", "take offline what went live"),
                            ("roll back", "roll back edits"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "to be done"),
                            ("done", "done"),
                            ("left", "left to a person"),
                            ("undone", "taken back"),
                            ("kept", "stays: could not be taken back"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=500, verbose_name="why not")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                    ),
                ),
                (
                    "made",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.review",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                    ),
                ),
                (
                    "sweep",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="articles.sweep",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a sweep",
                "verbose_name_plural": "steps of a sweep",
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["sweep", "state", "id"], name="sweep_step")],
            },
        ),
        migrations.CreateModel(
            name="FeedToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(max_length=64, unique=True, verbose_name="SHA-256 of the secret"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_token",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "feed token",
                "verbose_name_plural": "feed tokens",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LiveChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("review", "reviewed"),
                            ("own", "approved by its own author"),
                            ("fix", "a moderator's own correction"),
                            ("schedule", "went live on schedule, without a review"),
                            ("direct", "published without a review"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("by_name", models.CharField(max_length=150, verbose_name="name of who let it live")),
                ("language", models.CharField(max_length=35, verbose_name="language")),
                ("alerts", models.PositiveIntegerField(verbose_name="alerts brought in")),
                ("warnings", models.PositiveIntegerField(verbose_name="warnings brought in")),
                ("added", models.PositiveIntegerField(null=True, verbose_name="code points added")),
                ("removed", models.PositiveIntegerField(null=True, verbose_name="code points removed")),
                (
                    "seen_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who looked at it"),
                ),
                ("seen_at", models.DateTimeField(null=True, verbose_name="looked at")),
                ("told_at", models.DateTimeField(null=True, verbose_name="watchers were told")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="live_changes",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.revision",
                        verbose_name="public before",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="live_changes",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked at by",
                    ),
                ),
                (
                    "worst",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.introducedfinding",
                        verbose_name="gravest finding",
                    ),
                ),
                (
                    "change_kind",
                    models.CharField(
                        blank=True,
                        choices=[("correction", "correction"), ("update", "update"), ("typo", "typo")],
                        max_length=10,
                        verbose_name="kind of change",
                    ),
                ),
            ],
            options={
                "verbose_name": "live change",
                "verbose_name_plural": "live changes",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="live_change",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.livechange",
                verbose_name="live change",
            ),
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "watch",
                "verbose_name_plural": "watches",
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(fields=["-at", "-id"], name="live_change_at"),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(fields=["article", "-at", "-id"], name="live_change_article"),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(fields=["author", "-at", "-id"], name="live_change_author"),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(fields=["language", "-at", "-id"], name="live_change_language"),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True)),
                fields=["-at", "-id"],
                name="live_change_unseen",
            ),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(
                condition=models.Q(("worst__isnull", False)),
                fields=["-at", "-id"],
                name="live_change_flagged",
            ),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(
                condition=models.Q(("before__isnull", True)), fields=["-at", "-id"], name="live_change_new"
            ),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(
                condition=models.Q(("told_at__isnull", True)), fields=["id"], name="live_change_untold"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(fields=("account", "article"), name="watch_once"),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("request changes", "Request changes"),
                            ("reject", "Reject"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("ui_language", models.CharField(max_length=35, verbose_name="language of the pages")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("taken_back_at", models.DateTimeField(null=True, verbose_name="taken back at")),
            ],
            options={
                "verbose_name": "decision on several versions",
                "verbose_name_plural": "decisions on several versions",
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("left", "not yet"),
                            ("decided", "done"),
                            ("refused", "not done"),
                            ("taken back", "taken back"),
                            ("kept", "done, and not taken back"),
                        ],
                        default="left",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("seen", models.TextField(blank=True)),
                ("text", models.TextField(blank=True, verbose_name="why not")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
            ],
            options={
                "verbose_name": "one of several versions",
                "verbose_name_plural": "several versions",
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="articles.batch"
            ),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.review"
            ),
        ),
        migrations.AddIndex(
            model_name="batchitem",
            index=models.Index(fields=["batch", "state", "id"], name="batch_item_left"),
        ),
        migrations.AddIndex(
            model_name="livechange",
            index=models.Index(fields=["change_kind", "-at", "-id"], name="live_change_kind"),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(fields=("batch", "review"), name="batch_item_once"),
        ),
        migrations.CreateModel(
            name="Trait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flagged", "flagged"),
                            ("host", "domain"),
                            ("new host", "domain new to the site"),
                            ("reading", "reading of a domain"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=600, verbose_name="value")),
            ],
            options={
                "verbose_name": "trait",
                "verbose_name_plural": "traits",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="trait",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="traits", to="articles.review"
            ),
        ),
        migrations.AddConstraint(
            model_name="trait",
            constraint=models.UniqueConstraint(fields=("kind", "value", "review"), name="trait_once"),
        ),
        migrations.CreateModel(
            name="Original",
            fields=[
                (
                    "revision",
                    articles.revisions.write_once.RevisionKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="original",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
                ("format", models.CharField(max_length=30, verbose_name="format")),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "original",
                "verbose_name_plural": "originals",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ImportedImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    articles.revisions.write_once.DigestField(
                        max_length=32, unique=True, verbose_name="hash of the file"
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.image",
                        verbose_name="image",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported image",
                "verbose_name_plural": "imported images",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ImportedPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                (
                    "digest",
                    articles.revisions.write_once.DigestField(max_length=32, verbose_name="hash of the key"),
                ),
                ("name", models.CharField(max_length=500, verbose_name="page")),
                ("is_settled", models.BooleanField(default=False, verbose_name="brought in as asked for")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_pages",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported page",
                "verbose_name_plural": "imported pages",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ImportedVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    articles.revisions.write_once.DigestField(max_length=32, verbose_name="hash of the key"),
                ),
                (
                    "page",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="articles.importedpage",
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported version",
                "verbose_name_plural": "imported versions",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="importedpage",
            constraint=models.UniqueConstraint(fields=("source", "digest"), name="imported_page_once"),
        ),
        migrations.AddConstraint(
            model_name="importedversion",
            constraint=models.UniqueConstraint(fields=("page", "digest"), name="imported_version_once"),
        ),
        migrations.CreateModel(
            name="Spelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=20, unique=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Facet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tag", "tag"),
                            ("language", "language"),
                            ("author", "author"),
                            ("month", "month"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=900)),
                ("name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facets",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "facet",
                "verbose_name_plural": "facets",
                "default_permissions": (),
                "indexes": [models.Index(fields=["kind", "value", "-at", "-article"], name="facet_value")],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "kind", "value"), name="facet_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Spending",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("minute", models.IntegerField()),
                ("units", models.IntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealedCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("note", models.TextField()),
                ("key", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("timestamp", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField(default=0)),
                ("secret", models.BinaryField()),
            ],
            options={
                "verbose_name": "log of seals",
                "verbose_name_plural": "logs of seals",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealedEntry",
            fields=[
                ("index", articles.seals.entries.IndexField(primary_key=True, serialize=False)),
                ("kind", models.PositiveSmallIntegerField()),
                ("key", models.BigIntegerField()),
                ("article", models.BigIntegerField(null=True)),
                ("page", articles.revisions.write_once.DigestField(blank=True, max_length=32)),
            ],
            options={
                "verbose_name": "sealed entry",
                "verbose_name_plural": "sealed entries",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="sealed_once")],
            },
        ),
        migrations.CreateModel(
            name="SealedTile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "verbose_name": "tile of the log",
                "verbose_name_plural": "tiles of the log",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("level", "number"), name="sealed_tile_once")],
            },
        ),
        migrations.RunPython(count_without_waiting, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX articles_task_due ON django_tasks_database_dbtaskresult (status, run_after)",
            "DROP INDEX articles_task_due",
        ),
        migrations.RunPython(store_bodies_as_they_are, migrations.RunPython.noop),
        migrations.RunPython(create_index, drop_index),
        migrations.RunPython(install_triggers, drop_triggers),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
