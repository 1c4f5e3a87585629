"""The site of the cluster test: its hosts, its articles, and the people who read, write and moderate them."""

from __future__ import annotations

import shutil
from pathlib import Path

import boto3
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections
from django.test import Client
from PIL import Image as Picture

from articles import workflow
from articles.text.content import Content

from .hosts import DATABASE, REPLICA, ROOT, Database, Web, bucket, lay_networks, redis
from .people import Reader, Writer, hider, unpublisher

STEADY, TOGGLED, NAMED = "/articles/steady/", "/articles/toggled/", "/articles/named/"
WRITERS = 3


class Site:
    """The hosts, and the people who read, write and moderate."""

    def __init__(self, folder: Path) -> None:
        lay_networks()
        self.folder = folder
        self.db1, self.db2 = Database("db1", DATABASE, folder), Database("db2", REPLICA, folder)
        self.redis, self.s3 = redis(folder), bucket(folder)
        self.webs = [Web(f"web{number}", number, folder) for number in (1, 2)]

    def start(self) -> None:
        self.db1.make()
        self.db2.follow(self.db1)
        self.redis.start()
        self.s3.start()
        call_command("migrate", verbosity=0)
        self._write()
        for web in self.webs:
            web.start()

    def _write(self) -> None:
        """Make the accounts and articles, and the threads of those who read and write them."""
        boto3.client("s3").create_bucket(Bucket="pictures")
        admin = User.objects.create_superuser("admin")
        named = User.objects.create_user("Nicodemus")
        named.groups.add(Group.objects.get(name="authors"))
        file = self.folder / "picture.png"
        Picture.new("RGB", (64, 64), "teal").save(file)
        picture = workflow.upload_image(ContentFile(file.read_bytes(), "picture.png"), alt="Teal", by=admin)

        def publish(slug: str, title: str, by: User) -> None:
            content = Content(
                title=title, slug=slug, source="The tide table hangs by the door.\n", language="en"
            )
            workflow.publish(workflow.save_revision(None, by=by, content=content), by=admin)

        publish("steady", "Steady", admin)
        publish("toggled", "Quicksilver", admin)
        publish("named", "By somebody", named)
        lines = "\n\n".join(f"w{number}: 000000." for number in range(WRITERS))
        content = Content(title="Log", slug="log", source=f"{lines}\n", language="en")
        article = workflow.save_revision(None, by=admin, content=content).article_id
        self.moderators = [
            unpublisher("toggled", "Quicksilver", admin),
            hider("named", "Nicodemus", admin),
        ]
        self.writers = []
        for number in range(WRITERS):
            client = Client()
            client.force_login(admin)
            session = client.cookies["sessionid"].value
            self.writers.append(Writer(self.webs, session, article, f"w{number}"))
        pages = [
            STEADY,
            TOGGLED,
            NAMED,
            "/",
            f"{TOGGLED}history/",
            f"{NAMED}history/",
            f"{NAMED}revisions/1/",
        ]
        self.image = picture.name.address
        self.readers = [Reader(web, paths) for web in self.webs for paths in (pages, [STEADY, self.image])]
        connections.close_all()

    def new_release(self) -> Path:
        """Return a copy of this release with one more migration, and a field that only the new one knows."""
        new = self.folder / "new"
        new.mkdir()
        for name in ("articles", "cms_site", "templates"):
            shutil.copytree(ROOT / name, new / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "manage.py", new)
        last = max(path.stem for path in (new / "articles/migrations").glob("[0-9]*.py"))
        field = 'models.TextField(db_default="", editable=False)'
        (new / "articles/migrations/9999_more.py").write_text(
            "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
            f'    dependencies = [("articles", "{last}")]\n'
            f'    operations = [migrations.AddField("article", "more", {field})]\n'
        )
        with (new / "articles/revisions/articles.py").open("a") as models:
            models.write(f'\n\nArticle.add_to_class("more", {field})\n')
        return new
