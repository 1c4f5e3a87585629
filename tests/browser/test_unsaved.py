"""Unsaved text in a real browser: whatever happens to tab, browser, server or session, the text is there in the end."""

import os
import signal
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles.models import Revision, ScratchCopy
from articles.people.presence import note_presence
from tests.browser.conftest import FLAGS, Browser
from tests.conftest import CLEAN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = "/admin/articles/article/add/"
WORK = "Two hours of work.\n"
PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def page(browser, author, save):
    """The editor with version 1 of "tides", and its address."""
    article = save().article
    browser.log_in(author)
    browser.path = f"/admin/articles/article/{article.pk}/change/"
    browser.open(browser.path)
    yield browser
    browser.driver.execute_cdp_cmd("Network.enable", {})
    offline(browser, is_offline=False)
    browser.driver.get("about:blank")
    forget(browser)


def expire(browser):
    """Ends the session on the server, wherever that keeps sessions; the browser keeps its cookie."""
    cookie = browser.driver.get_cookie(site_settings.SESSION_COOKIE_NAME)
    import_module(site_settings.SESSION_ENGINE).SessionStore(cookie["value"]).delete()


def offline(browser, *, is_offline=True):
    browser.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def forget(browser):
    """Makes the browser one that knows nothing of the texts."""
    browser.driver.execute_cdp_cmd(
        "Storage.clearDataForOrigin", {"origin": browser.url, "storageTypes": "indexeddb"}
    )


def kept_texts():
    return {copy.fields["source"].replace("\r\n", "\n") for copy in ScratchCopy.objects.all()}


def kept(browser, text=WORK):
    """Waits until the server has a text."""
    browser.wait(lambda: text in kept_texts())


def says(browser, words):
    browser.wait(lambda: words in browser.find("[data-saved]").text)


def in_browser(browser, text=WORK):
    """Waits until the browser's own database has a text."""
    script = """const done = arguments[0], request = indexedDB.open("palimpsest", 1);
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => done([]);
    request.onsuccess = () => {
      const all = request.result.transaction("unsaved").objectStore("unsaved").getAll();
      all.onsuccess = () => { request.result.close(); done(all.result.map(({ fields }) => fields.source)); };
    };"""
    browser.wait(lambda: text in browser.driver.execute_async_script(script))


def value(browser, name="source"):
    return browser.find(f"[name={name}]").get_property("value")


def log_in_here(browser, user):
    """Fills in the dialog."""
    user.set_password(PASSWORD)
    user.save()
    browser.wait(lambda: browser.find("[data-log-in]").is_displayed())
    if not browser.find("[data-login]").is_displayed():
        browser.find("[data-log-in]").click()
    name = browser.find("[data-login] [name=username]")
    name.clear()
    name.send_keys(user.username)
    browser.find("[data-login] [name=password]").send_keys(PASSWORD, Keys.ENTER)
    browser.wait(lambda: not browser.find("[data-login]").is_displayed())


# What is kept, and what is offered


def test_every_field_is_kept_after_a_pause_and_offered_on_another_device(page):
    for name, text in (("source", WORK), ("tags", "sea, harbour"), ("summary", "Why")):
        page.type(f"[name={name}]", text)
    kept(page)
    says(page, "Saved ")
    assert Revision.objects.count() == 1

    forget(page)
    page.open(page.path)
    assert "You have unsaved text" in page.text
    page.click(".unsaved a[href*='copy=']")

    assert (value(page), value(page, "tags"), value(page, "summary")) == (WORK, "sea, harbour", "Why")
    page.save()
    assert Revision.objects.first().tags == ["sea", "harbour"]
    assert not ScratchCopy.objects.exists()
    assert page.complaints() == []


def test_change_of_tags_alone_is_kept(page):
    page.type("[name=tags]", "sea")

    page.wait(lambda: ScratchCopy.objects.filter(data__contains='"tags": "sea"').exists())


def test_typing_never_overwrites_an_offer_that_was_not_answered(page):
    page.type("[name=source]", WORK)
    kept(page)
    page.open(page.path)

    page.type("[name=summary]", "Something else")
    page.wait(lambda: ScratchCopy.objects.count() == 2)

    page.open(page.path)
    assert kept_texts() == {WORK, CLEAN}
    page.find(".older summary").click()
    page.click(".older a")
    page.click(".unsaved a[href*='copy=']")
    assert value(page) == WORK


def test_offer_is_looked_at_used_and_discarded_without_script(page):
    page.type("[name=source]", WORK)
    kept(page)
    page.script(enabled=False)
    page.open(page.path)

    page.click(".unsaved a[href*='unsaved/']")
    assert "What it changes in version 1" in page.text
    page.click(".unsaved a[href*='copy=']")
    page.click("[name=_save]")

    page.script(enabled=True)
    assert Revision.objects.first().source == WORK
    assert not ScratchCopy.objects.exists()


def test_used_text_on_a_newer_version_is_a_conflict_and_stays(page, other_author, save):
    page.type("[name=source]", "Mine.\n")
    kept(page, "Mine.\n")
    save("Theirs.\n", by=other_author)
    page.open(page.path)
    page.click(".unsaved a[href*='copy=']")

    page.click("[name=_save]")

    assert "other_author saved version 2" in page.text
    assert kept_texts() == {"Mine.\n"}


def test_text_beyond_the_limit_stays_in_the_browser_and_is_offered_there(page):
    page.driver.execute_script(
        "arguments[0].value = 'word '.repeat(60000);"
        "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
        page.find("[name=source]"),
    )
    says(page, "300000 bytes; at most 262144 fit.")
    page.type("[name=summary]", "More")
    in_browser(page, "word " * 60_000)
    says(page, "300000 bytes; at most 262144 fit.")
    assert not ScratchCopy.objects.exists()

    page.open(page.path)
    page.wait(lambda: page.find("[data-stray]").is_displayed())
    page.find("[data-stray-use]").click()

    assert value(page) == "word " * 60_000


# Tab, browser, disk, network


def test_closed_tab_loses_nothing(page):
    page.driver.execute_script("window.fetch = () => new Promise(() => {})")  # the answer never comes
    page.type("[name=source]", WORK)
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    second = page.driver.current_window_handle
    page.driver.switch_to.window(first)
    in_browser(page)
    page.driver.close()
    page.driver.switch_to.window(second)

    page.open(page.path)

    page.wait(lambda: "You have unsaved text" in page.text)
    assert kept_texts() == {WORK}


def test_killed_browser_loses_nothing(live_server, author, save, tmp_path):
    path = f"/admin/articles/article/{save().article.pk}/change/"

    def started():
        options = webdriver.ChromeOptions()
        for flag in (*FLAGS, f"--user-data-dir={tmp_path}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        page = Browser(driver, live_server.url)
        page.log_in(author)
        return page

    page = started()
    page.open(path)
    page.driver.execute_cdp_cmd("Network.enable", {})
    offline(page)  # so that the browser alone has it
    page.type("[name=source]", WORK)
    in_browser(page)
    chromedriver = page.driver.service.process.pid
    for child in Path(f"/proc/{chromedriver}/task/{chromedriver}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    page.driver.service.stop()
    ScratchCopy.objects.all().delete()  # of a request that got away, so that only the browser has the text

    page = started()
    try:
        page.open(path)
        page.wait(lambda: page.driver.find_elements(By.CSS_SELECTOR, ".unsaved"))
        assert kept_texts() == {WORK}
    finally:
        page.driver.quit()


def test_full_disk_is_made_up_for_by_the_server_and_told_without_one(page):
    page.driver.execute_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    page.type("[name=source]", WORK)
    kept(page)

    page.driver.execute_script(
        "window.real = fetch; window.fetch = () => Promise.reject(new TypeError('gone'))"
    )
    page.type("[name=source]", WORK + "And more.\n")
    says(page, "Not kept anywhere but on this page")
    page.driver.execute_script("window.fetch = window.real; dispatchEvent(new Event('online'))")

    kept(page, WORK + "And more.\n")
    says(page, "Saved ")


def test_lost_connection_is_told_and_made_up_for(page):
    page.driver.execute_cdp_cmd("Network.enable", {})
    offline(page)
    page.type("[name=source]", WORK)
    says(page, "Kept in this browser, not saved yet")
    assert not ScratchCopy.objects.exists()

    offline(page, is_offline=False)
    page.driver.execute_script("dispatchEvent(new Event('online'))")

    kept(page)
    says(page, "Saved ")


def test_page_of_a_network_in_place_of_the_answer_is_no_answer(page):
    page.driver.execute_script(
        """window.real = fetch;
        const portal = () => new Response("<p>Please accept the terms", { headers: { "Content-Type": "text/html" } });
        window.fetch = async () => portal();"""
    )
    page.type("[name=source]", WORK)
    says(page, "Kept in this browser, not saved yet")

    page.driver.execute_script("window.fetch = window.real; dispatchEvent(new Event('online'))")

    kept(page)


def test_two_tabs_know_of_each_other_and_keep_two_texts(page):
    page.type("[name=source]", "First tab.\n")
    kept(page, "First tab.\n")
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.open(page.path)
    page.wait(lambda: page.find("[data-other-tab]").is_displayed())
    page.type("[name=source]", "Second tab.\n")
    kept(page, "Second tab.\n")
    page.driver.close()
    page.driver.switch_to.window(first)
    page.wait(lambda: not page.find("[data-other-tab]").is_displayed())

    page.type("[name=source]", "First tab, later.\n")
    kept(page, "First tab, later.\n")

    assert kept_texts() == {"First tab, later.\n", "Second tab.\n"}


# Sessions


def test_expired_session_is_renewed_in_place_and_keeping_goes_on(page, author):
    expire(page)
    page.type("[name=source]", WORK)
    says(page, "you are logged out")
    in_browser(page)
    html = page.find("html")

    log_in_here(page, author)

    kept(page)
    assert page.find("html") == html
    assert value(page) == WORK
    page.save()
    assert Revision.objects.first().source == WORK
    assert [c for c in page.complaints() if "401" not in c] == []


def test_save_in_an_expired_session_asks_to_log_in_and_goes_on(page, author):
    page.type("[name=source]", WORK)
    expire(page)

    page.find("[name=_save]").click()
    log_in_here(page, author)
    page.save()

    assert Revision.objects.first().source == WORK


def test_wrong_password_is_told_in_the_dialog(page, author):
    expire(page)
    page.type("[name=source]", WORK)
    page.wait(lambda: page.find("[data-log-in]").is_displayed())
    page.find("[data-log-in]").click()

    page.find("[data-login] [name=password]").send_keys("wrong", Keys.ENTER)

    page.wait(lambda: "correct username" in page.find("[data-login-error]").text)
    assert page.find("[data-login]").is_displayed()


def test_another_account_that_logs_in_here_is_given_nothing(page, author, other_author):
    expire(page)
    page.type("[name=source]", WORK)
    says(page, "you are logged out")
    in_browser(page)

    log_in_here(page, other_author)
    says(page, "other_author is logged in here now")
    page.type("[name=source]", WORK + "And more.\n")
    in_browser(page, WORK + "And more.\n")
    page.find("[name=_save]").click()
    says(page, "other_author is logged in here now")
    page.open(page.path)
    assert not ScratchCopy.objects.exists()
    assert Revision.objects.count() == 1
    assert "unsaved text" not in page.text
    assert not page.find("[data-stray]").is_displayed()

    page.log_in(author)
    page.open(page.path)
    page.wait(lambda: page.driver.find_elements(By.CSS_SELECTOR, ".unsaved"))
    assert kept_texts() == {WORK + "And more.\n"}
    assert ScratchCopy.objects.get().owner == author


def test_logging_out_sends_the_text_first(page):
    page.type("[name=source]", WORK)

    page.click("#logout-form button")

    assert kept_texts() == {WORK}


def test_logging_out_elsewhere_leaves_the_text_here(page, author):
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.open("/admin/")
    page.click("#logout-form button")
    page.driver.close()
    page.driver.switch_to.window(first)

    page.type("[name=source]", WORK)
    says(page, "you are logged out")
    log_in_here(page, author)

    kept(page)


# Saving in place


def test_saving_keeps_caret_selection_scroll_undo_and_focus(page):
    long = "A line.\n" * 300
    page.type("[name=source]", long)
    field = page.find("[name=source]")
    page.driver.execute_script(
        "arguments[0].setSelectionRange(8, 8); document.execCommand('insertText', false, 'Z')", field
    )
    page.driver.execute_script(
        "const f = arguments[0]; f.setSelectionRange(1000, 1010); f.scrollTop = 700; scrollTo(0, 150)", field
    )
    place = "const f = arguments[0]; return [f.selectionStart, f.selectionEnd, f.scrollTop, scrollY]"
    before = page.driver.execute_script(place, field)

    page.driver.switch_to.active_element.send_keys(Keys.CONTROL, "s")
    says(page, "Saved ")
    page.wait(lambda: Revision.objects.count() == 2)
    page.wait(lambda: "Version 2 is saved" in page.find("[data-said]").text)

    assert page.driver.execute_script(place, field)[:3] == before[:3]
    assert page.driver.switch_to.active_element == field
    assert value(page, "base") == "2"
    assert "version 2" in page.find(".bar .state").text
    page.driver.switch_to.active_element.send_keys(Keys.CONTROL, "z")
    assert value(page) == long
    page.save()
    assert Revision.objects.first().number == 3
    assert page.complaints() == []


def test_new_article_has_its_address_after_it_is_saved_in_place(browser, author):
    browser.log_in(author)
    browser.open(ADD)
    browser.type("[name=title]", "Tides")
    browser.type("[name=source]", WORK)

    browser.save("[name=_submit]")

    revision = Revision.objects.get()
    assert browser.driver.current_url.endswith(f"/{revision.article_id}/change/")
    assert "waiting for a moderator" in browser.find("[data-said]").text
    assert "version 1 waits" in browser.find(".bar .state").text
    browser.type("[name=source]", WORK + "More.\n")
    browser.wait(lambda: ScratchCopy.objects.filter(article=revision.article).exists())
    browser.save()
    assert Revision.objects.first().number == 2
    assert not ScratchCopy.objects.exists()


def test_errors_stand_at_their_field_and_nothing_is_lost(page):
    page.type("[name=source]", WORK)
    page.type("[name=slug]", "no good/address")
    page.find("[name=_save]").click()
    says(page, "Not saved. See the fields that are marked.")

    slug = page.find("[name=slug]")
    assert slug.get_attribute("aria-invalid") == "true"
    assert "letters, digits, hyphens" in page.find(".field.slug .errorlist").text
    assert value(page) == WORK
    page.type("[name=slug]", "good-address")
    page.save()
    assert not page.all(".errorlist")
    assert Revision.objects.first().slug == "good-address"


def test_server_that_does_not_answer_a_save_is_told_and_asked_again(page):
    page.type("[name=source]", WORK)
    page.driver.execute_script(
        "window.real = fetch; window.fetch = () => Promise.reject(new TypeError('gone'))"
    )
    page.find("[name=_save]").click()
    says(page, "the server did not answer")

    page.driver.execute_script("window.fetch = window.real")
    page.save()

    assert Revision.objects.first().source == WORK


def test_what_is_typed_while_a_save_is_under_way_is_kept_after_it(page):
    page.driver.execute_script(
        """const real = fetch;
        window.fetch = async (address, ...rest) => {
          if (address === location.pathname) await new Promise((go) => (window.go = go));
          return real(address, ...rest);
        };"""
    )
    page.type("[name=source]", WORK)
    page.find("[name=_save]").click()
    page.wait(lambda: page.driver.execute_script("return !!window.go"))
    page.type("[name=source]", WORK + "And more.\n")
    page.driver.execute_script("go()")

    kept(page, WORK + "And more.\n")
    assert Revision.objects.first().source in (WORK, WORK + "And more.\n")
    assert value(page) == WORK + "And more.\n"


def test_bar_stays_in_view_and_merge_is_not_called_a_failure(page, other_author, save):
    base = "The first paragraph.\n\nThe second paragraph.\n\nThe third paragraph.\n"
    save(base)
    page.open(page.path)
    save(base.replace("third", "last"), by=other_author)
    page.type("[name=source]", base.replace("first", "opening"))
    page.driver.execute_script("scrollTo(0, document.body.scrollHeight)")
    bar = page.driver.execute_script("return document.querySelector('.bar').getBoundingClientRect().top")
    assert 0 <= bar < 50

    page.click("[name=_save]")

    assert "holds both changes" in page.text
    assert "Not saved" not in page.text
    assert "last" in page.find(".conflict ins").text
    page.save()
    assert (
        Revision.objects.first().source
        == "The opening paragraph.\n\nThe second paragraph.\n\nThe last paragraph.\n"
    )


def test_who_else_is_here_and_a_newer_version_are_told(page, other_author, save):
    note_presence(f"article-{Revision.objects.get().article_id}", other_author)
    save("Theirs.\n", by=other_author)

    page.driver.execute_script("document.dispatchEvent(new Event('visibilitychange'))")

    page.wait(lambda: "other_author is here since" in page.find("[data-present]").text)
    page.wait(lambda: "other_author saved version 2" in page.find("[data-newer]").text)


def test_hundred_people_who_type_write_ten_times_a_second_at_most(page):
    """Counts what the page sends while a key is pressed each half second for a minute, with a clock that is moved."""
    counted = page.driver.execute_async_script(
        """const done = arguments[0], form = document.querySelector("form[data-editor]");
        (async () => {
          const { Scratch } = await import("/static/articles/editor-scratch.js");
          let now = 0, timers = new Map(), id = 0, sent = 0;
          const real = [setTimeout, clearTimeout, performance.now, fetch];
          performance.now = () => now;
          window.setTimeout = (act, wait) => (timers.set(++id, [now + wait, act]), id);
          window.clearTimeout = (old) => timers.delete(old);
          window.fetch = async () => (sent++, Response.json({}));
          const fake = form.cloneNode(true);
          const session = { state: "in", onChange() {} };
          const outbox = { put: async () => {}, delete: async () => {} };
          new Scratch(fake, session, outbox, { say() {}, clear() {} });
          for (; now < 60_000; now += 100) {
            if (now % 500 === 0) fake.dispatchEvent(new Event("input"));
            for (const [key, [due, act]] of [...timers]) if (due <= now) { timers.delete(key); act(); }
            for (let n = 0; n < 20; n++) await null;
          }
          [window.setTimeout, window.clearTimeout, performance.now, window.fetch] = real;
          done(sent);
        })();"""
    )

    assert 4 <= counted <= 6  # a minute
