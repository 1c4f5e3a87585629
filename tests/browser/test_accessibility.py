"""axe-core finds nothing on any page: light, dark, on a phone, and right to left.

Where AXE_CORE names the script of axe-core; `.ci/run` fetches it.
"""

import os
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from articles import workflow
from articles.people.preferring import opt_out_token
from tests.pictures import file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("AXE_CORE" not in os.environ, reason="AXE_CORE names no script of axe-core"),
]

TEXT = """The mill stands on the p\u0430ge of the bay.\u200b

## What it grinds

1. Wheat
2. Rye, [as ever](https://example.org/rye)

> The tide waits for nobody.

```python
print("flood")
```

| Month | Sacks |
|---|---|
| May | 31 |
"""
SCHEMES = {
    "light": {},
    "dark": {"scheme": "dark"},
    "phone": {"width": 390},
    "right to left": {"language": "ar"},
}
FINDINGS = """
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(
        violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.length}x ${nodes[0].html}`)
    ));
"""


@pytest.fixture
def pages(save, author, moderator):
    """The addresses of all kinds of pages, of an article with a version live, one returned and one that waits."""
    first = save(TEXT.replace("\u0430", "a").replace("\u200b", ""))
    workflow.approve(workflow.submit(first, by=author), by=moderator)
    second = save(TEXT)
    workflow.request_changes(
        workflow.submit(second, by=author), by=moderator, reason="Whose words are these?"
    )
    review = workflow.submit(save(TEXT + "\nMore.\n"), by=author)
    article = first.article
    return {
        "home": "/",
        "article": "/articles/tides/",
        "history": "/articles/tides/history/",
        "version": "/articles/tides/revisions/2/",
        "escaped": "/articles/tides/revisions/2/?escape=1",
        "who wrote what": "/articles/tides/revisions/3/authors/",
        **{view: f"/articles/tides/compare/1..3/?view={view}" for view in ("page", "source", "side")},
        "nowhere": "/articles/nowhere/",
        "queue": reverse("queue"),
        "review": review.get_absolute_url(),
        "log": reverse("log"),
        "report": reverse("report"),
        "mail": reverse("mail"),
        "no more mail": f"{reverse('mail-stop')}?{urlencode({'token': opt_out_token(author, 'replies')})}",
        "admin": reverse("admin:index"),
        "articles": reverse("admin:articles_article_changelist"),
        "pictures": reverse("admin:articles_image_changelist"),
        "editor": reverse("admin:articles_article_change", args=[article.pk]),
        "new": reverse("admin:articles_article_add"),
        "schedule": reverse("admin:articles_article_schedule", args=[article.pk]),
        "unsaved": reverse("admin:articles_article_unsaved"),
        "password": reverse("admin:password_change"),
    }


def findings(browser):
    browser.driver.execute_script(Path(os.environ["AXE_CORE"]).read_text())
    return browser.driver.execute_async_script(FINDINGS)


def set_up(browser, *, scheme="light", width=1366, language="en"):
    browser.size(width, 844)
    browser.scheme(scheme)
    browser.driver.add_cookie({"name": "django_language", "value": language})


@pytest.mark.parametrize("look", SCHEMES)
def test_no_page_has_a_finding(browser, pages, moderator, look):
    browser.log_in(moderator)
    set_up(browser, **SCHEMES[look])
    found = []
    for name, address in pages.items():
        browser.open(address)
        found += [(name, finding) for finding in findings(browser)]
        for sheet in browser.driver.execute_script(
            "return [...document.querySelectorAll('[name=beside]')]"
            ".filter(({ labels }) => labels[0].checkVisibility()).map(({ value }) => value)"
        ):
            browser.sheet(sheet)
            found += [(f"{name}, {sheet}", finding) for finding in findings(browser)]

    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("look", SCHEMES)
def test_login_has_no_finding(browser, db, look):
    browser.open("/healthz")
    set_up(browser, **SCHEMES[look])
    browser.open(reverse("admin:login"))

    assert findings(browser) == []


@pytest.mark.parametrize("look", SCHEMES)
def test_library_of_images_has_no_finding(browser, author, look, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    for alt in ("A mill", ""):
        workflow.upload_image(ContentFile(file(), name="IMG_2041.png"), alt=alt, by=author)
    path = tmp_path / "gate.png"
    path.write_bytes(file())
    browser.log_in(author)
    set_up(browser, **SCHEMES[look])
    browser.open(reverse("admin:articles_article_add"))
    browser.driver.execute_script("document.querySelector('[data-image-choose]').click()")
    browser.wait(lambda: len(browser.all("[data-library-list] label")) == 2)

    found = findings(browser)
    browser.find("[data-library-list] label").click()
    found += findings(browser)
    browser.find("[data-image-picker]").send_keys(str(path))
    browser.wait(lambda: browser.find("[data-image-preview]").is_displayed())
    found += findings(browser)

    assert found == []
