from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_image"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="action",
            field=models.CharField(
                choices=[
                    ("save", "saved"),
                    ("restore", "restored"),
                    ("submit", "submitted"),
                    ("withdraw", "withdrew"),
                    ("approve", "approved"),
                    ("request changes", "requested changes"),
                    ("reject", "rejected"),
                    ("publish", "published"),
                    ("unpublish", "unpublished"),
                    ("resanitize", "made the page anew"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
    ]
