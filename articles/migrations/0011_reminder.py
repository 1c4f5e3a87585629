from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_event_origin"),
    ]

    operations = [
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
                            ("age", "revisions wait too long"),
                            ("burst", "many revisions came at once"),
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
    ]
