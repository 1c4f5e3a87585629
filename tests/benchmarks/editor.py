"""What a writer waits for: a typed letter in the editor, in texts of several sizes, and the server's answer.

    python tests/benchmarks/editor.py [KILOBYTES …]

Types 60 letters by the keyboard into a real Chromium, 80 milliseconds apart, in the middle of the text. The editor asks
the server as they begin, as it does in a pause, and draws the answer while they go on. Prints the milliseconds from
each key to the next frame, the same for a bare textarea of the same text in the same run, and how long the answer
takes. The database is made in a temporary folder and thrown away.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "cms_site.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/editor.sqlite3",
}

import django

django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client
from selenium import webdriver
from selenium.webdriver.common.by import By

from articles import workflow
from articles.text.content import Content
from tests.benchmarks.figures import Figure, show, timed
from tests.browser.conftest import FLAGS

PARAGRAPH = (
    "## A heading\n\n"
    + "The tide table hangs by the door, and it is read by whoever is up first. " * 6
    + "The tide table hangs by the door, and it is read *before* breakfast by whoever is up first; "
    "see the [harbour's page](https://example.org/harbour). The p\u0430per is changed every month, and nobody has "
    "ever been late for a tide that the table tells.\n\n- one\n- two with `code`\n\n| a | b |\n|---|---|\n| c | d |\n\n"
)
LETTERS = 60

WATCH = """
const field = document.querySelector("textarea");
window.times = [];
field.focus();
field.setSelectionRange(field.value.length / 2, field.value.length / 2);
document.querySelector("form[data-editor]")?.dispatchEvent(new Event("ask"));
addEventListener("keydown", (event) => {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();  // its message comes after the frame is drawn
    channel.port1.onmessage = () => times.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  });
}, true);
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def typed(driver: webdriver.Chrome) -> tuple[float, ...]:
    """Milliseconds from each key to the end of the frame that shows it."""
    driver.execute_script(WATCH)
    for _ in range(LETTERS):
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", "text": "x", "key": "x"})
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", "key": "x"})
        time.sleep(0.08)
    time.sleep(1)
    times = driver.execute_script("return times")
    assert len(times) == LETTERS, len(times)
    return tuple(times)


def figures(sizes: list[int]) -> Iterator[Figure]:
    call_command("migrate", verbosity=0)
    person = User.objects.create_superuser("person")
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    base = f"http://127.0.0.1:{server.server_port}"
    driver.get(f"{base}/healthz")
    driver.add_cookie(
        {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        }
    )
    for size in sizes:
        text = (PARAGRAPH * (size * 1000 // len(PARAGRAPH) + 1))[: size * 1000]
        content = Content(title="Article", slug=f"article-{size}", source=text)
        article = workflow.save_revision(None, by=person, content=content).article
        driver.get("data:text/html,<!doctype html><textarea rows=30 cols=80></textarea>")
        driver.execute_script(
            "arguments[0].value = arguments[1]", driver.find_element(By.TAG_NAME, "textarea"), text
        )
        bare = typed(driver)
        driver.get(f"{base}/admin/articles/article/{article.pk}/change/")
        time.sleep(6)  # until the page and the first answer are drawn
        what = f"a letter typed into {size} kB"
        yield Figure("editor", what, "ms", typed(driver), "a bare field", bare, "under 50 ms")
        n = count()

        def answer(text: str = text, n: Iterator[int] = n) -> None:
            form = {"source": f"{text}{next(n)}", "language": "en"}
            assert client.post("/admin/articles/article/live/", form).status_code == 200

        answers = timed(answer)
        yield Figure("editor", f"the server's answer to {size} kB", "ms", answers)
    driver.quit()


if __name__ == "__main__":
    show(figures([int(size) for size in sys.argv[1:]] or [10, 200]))
