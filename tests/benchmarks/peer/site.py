"""PEER_FOLDER=… python -m peer.site VERSIONS TEXT: make the site, then do what the lines of standard input ask for.

Each line is the name of an act and how often to do it; the answer is the milliseconds of one. gunicorn serves
`application`.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer.settings")

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client

application = get_wsgi_application()


def made(versions: int, text: str):
    """The page with that many versions, a word changed in each; the last is published."""
    from wagtail.models import Page, Site

    from peer.models import ArticlePage

    call_command("migrate", verbosity=0)
    page = ArticlePage(title="Tides", slug="tides", body=text)
    root = Page.objects.get(depth=1)
    root.add_child(instance=page)
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    for n in range(versions):
        save(page, n)
    page.save_revision().publish()
    return page


def save(page, n: int) -> None:
    words = page.body.split(" ")
    words[n % len(words)] = f"word{n}"
    page.body = " ".join(words)
    page.save_revision(log_action=True)  # as its editor saves; its history lists the log


def main(versions: int, text: str) -> None:
    page = made(versions, text)
    numbers = list(page.revisions.order_by("id").values_list("id", flat=True))
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("person"))

    def get(address: str) -> None:
        assert client.get(address).status_code == 200, address

    def compare(old: int, new: int) -> None:
        get(f"/admin/pages/{page.pk}/revisions/compare/{numbers[old]}...{numbers[new]}/")

    acts = {
        "save": lambda n: save(page, versions + n),
        "published": lambda n: get("/tides/"),
        "history": lambda n: get(f"/admin/pages/{page.pk}/history/"),
        "compare": lambda n: compare(-2 - n, -1 - n),
        "compare far": lambda n: compare(n, -1 - n),
    }
    counts = dict.fromkeys(acts, 0)
    print("ready", flush=True)
    for line in sys.stdin:
        name, times = line.rsplit(maxsplit=1)
        start = time.perf_counter()
        for _ in range(int(times)):
            acts[name](counts[name])
            counts[name] += 1
        print(1000 * (time.perf_counter() - start) / int(times), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_text())
