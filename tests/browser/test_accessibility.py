"""axe-core finds nothing on any page, light, dark and on a phone; none is wider than its window, nor right to left.

A page is loaded once for all looks but the last.

Where AXE_CORE names the script of axe-core; `.ci/run` fetches it.
"""

import os
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Allowance, Batch, Review, Revision, Rule, Sweep
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
SHAPE = {"rules": {"color-contrast": {"enabled": False}}}  # all but the dearest rule, of colours
LOOKS = {  # how a page is shown, without loading it anew, and the rules that may find something else then
    "light": ({"width": 1366}, {}),
    "dark": ({"width": 1366, "scheme": "dark"}, {"runOnly": ["color-contrast", "link-in-text-block"]}),
    "phone": ({"width": 390}, SHAPE),
}
FINDINGS = """
    const [rules, done] = arguments;
    const options = { preload: false, resultTypes: ['violations'], ...rules };
    const still = Promise.all(document.getAnimations().map(({ finished }) => finished));
    still.then(() => axe.run(document, options)).then(({ violations }) => done(
        violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.length}x ${nodes[0].html}`)
    ));
"""
STATUS = "return performance.getEntriesByType('navigation')[0].responseStatus"
IS_CUT = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth > clientWidth"
SHEETS = """
    return [...document.querySelectorAll('body:not(:has(dialog[open])) [name=beside]')]
        .filter(({ labels }) => labels[0].checkVisibility()).map(({ value }) => value);
"""


@pytest.fixture
def pages(save, author, moderator, administrator):
    """The addresses of all kinds of pages by who opens them: of the demo, and of an article with much Markdown."""
    first = save(TEXT.replace("\u0430", "a").replace("\u200b", ""), tags=("sea",))
    workflow.approve(workflow.submit(first, by=author), by=moderator)
    second = save(TEXT)
    workflow.request_changes(
        workflow.submit(second, by=author), by=moderator, reason="Whose words are these?"
    )
    review = workflow.submit(save(TEXT + "\nMore.\n"), by=author)
    workflow.hide(first, by=administrator, parts=["summary"], reason="A private name.")
    call_command("demo", stdout=StringIO())
    swept = User.objects.get(username="third_author")
    rule, finding = Rule.objects.get(), second.findings.first()
    today = timezone.localdate()
    period = {"first": today - timedelta(days=1), "last": today, "what": ["roll back", "reject"]}
    of_finding = {"revision": second.pk, "field": "source", "start": finding.start, "check": finding.check_id}

    def of(slug):
        return Review.objects.pending().get(revision__slug=slug).get_absolute_url()

    for_moderators = {
        "home": "/",
        "article": "/articles/tides/",
        "history": "/articles/tides/history/",
        "version": "/articles/tides/revisions/2/",
        "escaped": "/articles/tides/revisions/2/?escape=1&at=1#odd-1",
        "citation, checked": "/articles/tides/revisions/1/?quote=the&sha256=0",
        "corrections": "/corrections/",
        "corrections of an article": "/articles/tides/corrections/",
        "who wrote what": "/articles/tides/revisions/3/authors/",
        **{view: f"/articles/tides/compare/1..3/?view={view}" for view in ("page", "source", "side")},
        "search": "/search/?q=tide&language=en",
        "search for nothing": "/search/?q=xyzzy",
        "tags": "/tags/",
        "tag": "/tags/sea/",
        "archive": "/archive/",
        "nowhere": "/articles/tide/",
        "queue": reverse("queue"),
        "queue, filtered": f"{reverse('queue')}?q=the",
        "review": review.get_absolute_url(),
        "review with notes": of("choir"),
        "review of an appeal": of("well-water"),
        "review that a rule held": of("rain-gauge"),
        "notes": f"{of('choir')}notes/",
        "across": reverse("compare-across", args=[first.pk, second.pk]),
        "batch": Batch.objects.get().get_absolute_url(),
        "went live": reverse("changes"),
        "watched": reverse("watched"),
        "feed address": reverse("change-feed-address"),
        "person, all that is live": f"{reverse('person', args=[swept.pk])}?show=live",
        "sweep plan": f"{reverse('sweep-plan', args=[swept.pk])}?{urlencode(period, doseq=True)}",
        "sweep": Sweep.objects.get().get_absolute_url(),
        "allowances": reverse("allowances"),
        "proposed allowances": f"{reverse('allowances')}?proposed",
        "allowance": Allowance.objects.get().get_absolute_url(),
        "new allowance": reverse("allowance-add"),
        "allowance of a finding": f"{reverse('allowance-add')}?{urlencode(of_finding)}",
        "log": reverse("log"),
        "report": reverse("report"),
        "mail": reverse("mail"),
        "no more mail": f"{reverse('mail-stop')}?{urlencode({'token': opt_out_token(author, 'replies')})}",
        "admin": reverse("admin:index"),
        "articles": reverse("admin:articles_article_changelist"),
        "pictures": reverse("admin:articles_image_changelist"),
        "editor": reverse("admin:articles_article_change", args=[first.article_id]),
        "new": reverse("admin:articles_article_add"),
        "schedule": reverse("admin:articles_article_schedule", args=[first.article_id]),
        "unsaved": reverse("admin:articles_article_unsaved"),
        "password": reverse("admin:password_change"),
        "a rule, only to read": reverse("rule", args=[rule.pk]),
    }
    for_administrators = {
        "people": reverse("people"),
        "person": reverse("person", args=[swept.pk]),
        "rules": reverse("rules"),
        "new rule": reverse("rule-add"),
        "rule": reverse("rule", args=[rule.pk]),
        "rule hits": reverse("rule-hits", args=[rule.pk]),
        "hidden": reverse("hidings"),
        "hide": reverse("hide", args=[second.pk]),
        "tasks": reverse("admin:articles_backgroundtask_changelist"),
        "reasons": reverse("admin:articles_reasontemplate_changelist"),
        "accounts": reverse("admin:auth_user_changelist"),
    }
    return {moderator: for_moderators, administrator: for_administrators}


def preview_allowance(browser):
    browser.open(reverse("allowance-add"))
    browser.find("[name=value]").send_keys("\u200b")
    browser.find("[name=scope] [value=site]").click()
    browser.find("[name=reason]").send_keys("A place where a line may break.")
    browser.click("button[name=preview]")
    assert browser.all("#preview")


def select_several(browser):
    browser.open(reverse("queue"))
    for box in browser.all("[name=review]")[:3]:
        browser.driver.execute_script("arguments[0].click()", box)
    browser.driver.execute_script("document.querySelector('button[name=decision][value=reject]').click()")
    browser.wait(lambda: browser.all("[name=reviews]"))


def decide_too_late(browser):
    """Approve a version after its author has submitted a newer one."""
    review = Review.objects.pending().filter(cause="submitted").earliest("pk")
    browser.open(review.get_absolute_url())
    revision = Revision.objects.with_text().get(pk=review.revision_id)
    newer = replace(revision.content, source=f"{revision.source}\nMore.\n")
    newer = workflow.save_revision(revision.article, by=revision.author, content=newer, base=revision.number)
    workflow.submit(newer, by=revision.author)
    browser.driver.execute_script(
        "document.querySelector('[name=decision][value=approve]').click();"
        "document.querySelector('[data-decision] .primary').click();"
    )
    browser.wait(lambda: browser.all("table.seen"))


@pytest.fixture
def axe(browser):
    """Loads axe-core into every page; returns what it finds on the one that is open."""
    source = Path(os.environ["AXE_CORE"]).read_text()
    script = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})

    def axe(rules):
        return browser.driver.execute_async_script(FINDINGS, rules)

    yield axe
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


@pytest.fixture
def looks(browser, axe):
    """Returns what axe-core finds on the open page in every look, each with the look."""

    def looks():
        found = []
        for look, (shape, rules) in LOOKS.items():
            show(browser, **shape)
            found += [(look, finding) for finding in axe(rules)]
            if browser.driver.execute_script(IS_CUT):
                found.append((look, "wider than the window"))
            for sheet in browser.driver.execute_script(SHEETS):
                browser.sheet(sheet)
                found += [(f"{look}, {sheet}", finding) for finding in axe(rules)]
        show(browser)
        return found

    return looks


def show(browser, *, scheme="light", width=1366):
    browser.size(width, 844)
    browser.scheme(scheme)


def speak(browser, language):
    browser.driver.add_cookie({"name": "django_language", "value": language})


def test_no_page_has_a_finding(browser, pages, moderator, looks):
    def right_to_left():  # the same elements, as axe-core sees them
        is_cut = browser.driver.execute_script(IS_CUT)
        return [("right to left", "wider than the window")] if is_cut else []

    found = []
    for language, look in {"en": looks, "ar": right_to_left}.items():
        for account, addresses in pages.items():
            browser.log_in(account)
            speak(browser, language)
            for name, address in addresses.items():
                browser.open(address)
                assert browser.driver.execute_script(STATUS) == (404 if name == "nowhere" else 200), name
                found += [(name, *finding) for finding in look()]
        browser.log_in(moderator)
        for act in (preview_allowance, select_several, decide_too_late):
            act(browser)
            found += [(act.__name__, *finding) for finding in look()]

    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_login_has_no_finding(browser, db, looks, language):
    browser.open("/healthz")
    speak(browser, language)
    browser.open(reverse("admin:login"))

    assert looks() == []


def test_library_of_images_has_no_finding(browser, author, looks, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    for alt in ("A mill", ""):
        workflow.upload_image(ContentFile(file(), name="IMG_2041.png"), alt=alt, by=author)
    path = tmp_path / "gate.png"
    path.write_bytes(file())
    browser.log_in(author)
    browser.open(reverse("admin:articles_article_add"))
    browser.driver.execute_script("document.querySelector('[data-image-choose]').click()")
    browser.wait(lambda: len(browser.all("[data-library-list] label")) == 2)

    found = looks()
    browser.find("[data-library-list] label").click()
    found += looks()
    browser.find("[data-image-picker]").send_keys(str(path))
    browser.wait(lambda: browser.find("[data-image-preview]").is_displayed())
    found += looks()

    assert found == []
