"""The steps of `docs/first-review.md` in a real browser, from the mail to an empty queue."""

import pytest
from django.core import mail

from articles import workflow
from articles.models import Allowance, Article, ReasonTemplate, Review, ReviewNote
from tests.conftest import content

from .steps import Person, read_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TICKETS = "Buy your [tickets](https://{}/tickets) at the door.\n"
NEW = {
    "Concert": "The band plays the Яndex hall at eight.\n",
    "Ferry": "Teh ferry sails at noon.\n",
    "Mill": "The mill grinds twice a day.\n",
}


@pytest.fixture
def waiting(author, moderator):
    """Four versions wait, the first of them grave."""
    author.username = "nils"
    author.save()
    fields = {"title": "Tickets", "slug": "tickets"}
    first = workflow.save_revision(
        None, by=author, content=content(TICKETS.format("museum.example"), **fields)
    )
    workflow.approve(workflow.submit(first, by=author), by=moderator)
    changed = content(TICKETS.format("rnuseum.example"), **fields)
    article = Article.objects.get()
    workflow.submit(workflow.save_revision(article, by=author, content=changed, base=1), by=author)
    for title, source in NEW.items():
        new = content(source, title=title, slug=title.lower())
        workflow.submit(workflow.save_revision(None, by=author, content=new), by=author)


def test_page_can_be_followed_word_by_word(browser, waiting, moderator, settings):
    settings.SITE_URL, settings.QUEUE_BURST = browser.url, 4
    ReasonTemplate.objects.create(name="Source", text="Please say where this comes from.")
    type(moderator).objects.filter(pk=moderator.pk).update(email="moderator@site.example")
    workflow.remind_moderators()
    link = next(line for line in reversed(mail.outbox[0].body.splitlines()) if line.startswith(browser.url))
    browser.log_in(moderator)
    browser.open(link.removeprefix(browser.url))

    for job in read_jobs("docs/first-review.md"):
        Person(browser).do(job)

    assert not Review.objects.pending().exists()
    live = {article.slug: article.published_revision.source for article in Article.objects.all()}
    assert live == {
        "tickets": TICKETS.format("museum.example"),
        "concert": NEW["Concert"],
        "ferry": "The ferry sails at noon.\n",
        "mill": NEW["Mill"],
    }
    assert Review.objects.get(state="changes requested").reason == "Please say where this comes from."
    assert ReviewNote.objects.get().text == "Twice this week."
    allowance = Allowance.objects.get()
    assert (allowance.kind, allowance.value, allowance.scope) == ("word", "Яndex", "article")
    assert browser.complaints() == []
