"""The steps of `docs/first-article.md` in a real browser: what they press is there, and each job takes few clicks."""

import pytest

from articles import workflow
from articles.models import Review, Revision
from tests.pictures import file

from .steps import Person, read_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = {
    "Write a draft": 3,
    "Insert a picture": 2,
    "Use a picture again": 3,
    "Submit it": 1,
    "See what was returned, and why": 1,
    "Bring an earlier version back": 3,
}


def test_page_can_be_followed_word_by_word_in_few_clicks(browser, author, moderator, tmp_path):
    jobs = read_jobs("docs/first-article.md")
    assert MOST.keys() <= {job.name for job in jobs}
    tmp_path.joinpath("mill.png").write_bytes(file())
    browser.log_in(author)
    browser.open("/admin/")
    person = Person(browser, tmp_path)
    for job in jobs:
        person.do(job)
        assert job.presses <= MOST.get(job.name, 4)
        if job.name == "Submit it":
            review = Review.objects.pending().get()
            workflow.request_changes(review, by=moderator, reason="How high is the tide?")

    restored, with_pictures, first = Revision.objects.order_by("-number")
    assert restored.source == first.source
    assert with_pictures.source.count("![A mill by the sea]") == 2
