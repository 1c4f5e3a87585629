import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_what_waits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "allowance",
                "verbose_name_plural": "allowances",
            },
        ),
        migrations.AddField(
            model_name="allowance",
            name="allowed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="allowed by",
            ),
        ),
        migrations.AddField(
            model_name="allowance",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allowances",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="allowance",
            name="revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="seen in",
            ),
        ),
        migrations.AddField(
            model_name="allowance",
            name="revoked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="revoked by",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["text"], name="finding_text"),
        ),
        migrations.AddIndex(
            model_name="allowance",
            index=models.Index(fields=["value"], name="allowance_value"),
        ),
    ]
