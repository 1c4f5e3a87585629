"""What went live, in a real Chromium: marked by keys alone, and no key publishes or takes offline."""

import pytest
from django.contrib.auth.models import Group, User
from selenium.webdriver import ActionChains

from articles import workflow
from articles.models import Article, Event, LiveChange
from tests.conftest import content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_keys_move_tick_and_mark_and_none_publishes_or_takes_offline(browser, author, administrator):
    moderator = User.objects.create_user("moderator", is_staff=True)
    moderator.groups.set(Group.objects.filter(name="moderators"))
    for n in range(4):
        revision = workflow.save_revision(None, by=author, content=content(slug=f"n{n}", title=f"Title {n}"))
        workflow.publish(revision, by=administrator)
    browser.log_in(moderator)
    browser.open("/moderation/changes/?unseen=on")

    def press(*keys, new_page=False):
        here = browser.find("html")
        ActionChains(browser.driver).send_keys(*keys).perform()
        if new_page:
            browser.wait(lambda: browser.find("html") != here)

    press("j", "j")
    press("l", new_page=True)  # the second alone
    assert set(LiveChange.objects.unseen().values_list("article__slug", flat=True)) == {"n3", "n1", "n0"}
    press("j", "x", "j", "x", "k")
    press("l", new_page=True)  # the two that are ticked
    assert LiveChange.objects.unseen().get().article.slug == "n0"
    press(*(key for key in "abcdefghimnpqrstuvwyz0123456789" if key not in "jklxo"))

    assert Article.objects.public().count() == 4
    assert set(Event.objects.filter(actor=moderator).values_list("action", flat=True)) == {"patrol"}
    browser.open("/moderation/changes/?unseen=on")
    browser.find("[data-all] input").click()
    assert all(box.is_selected() for box in browser.all("input[name=change]"))
    assert browser.complaints() == []
