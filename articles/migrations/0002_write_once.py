from django.db import migrations

from articles import write_once


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: write_once.install(editor.connection),
            lambda apps, editor: write_once.lift(editor.connection),
        )
    ]
