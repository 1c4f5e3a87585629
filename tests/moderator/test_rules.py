"""Pages of rules: who sees and writes them, rows without a script, trials, replays, switches and hits."""

import html
import re

import pytest

from articles import workflow
from articles.models import Review, Revision, Rule, RuleHit
from articles.rules import replaying
from articles.rules.conditions import MAX_CONDITIONS, Row
from articles.tasks import running
from tests.conftest import CLEAN, content

LIST, ADD = "/moderation/rules/", "/moderation/rules/add/"


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def form(*rows, **fields):
    """The form of a rule as a browser sends it."""
    data = {
        "name": "Deals",
        "needs": "all",
        "action": "hold",
        "message": "",
        "tag": "",
        "sample": "",
    } | fields
    for place, row in enumerate(rows):
        data |= {
            f"{place}-{name}": value
            for name, value in zip(("field", "comparison", "value"), row, strict=True)
        }
    return data


DEAL = ("added", "contains", "deal\r\npromo")


@pytest.fixture
def rule(administrator):
    rows = (Row("added", "contains", "deal\npromo"),)
    return workflow.write_rule(None, by=administrator, text=workflow.RuleText("Deals", "all", rows, "hold"))


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def replayed(rule, by):
    workflow.start_replay(rule, by=by)
    running.work(until_idle=True)
    return rule


def test_administrator_writes_a_rule_and_changes_it(admin):
    response = admin.post(ADD, form(DEAL, save=""), follow=True)

    rule = Rule.objects.get()
    assert response.redirect_chain[-1][0] == f"/moderation/rules/{rule.pk}/"
    assert "The rule is saved. Replay it" in text(response)
    assert rule.latest.rows == (Row("added", "contains", "deal\npromo"),)
    admin.post(rule.get_absolute_url(), form(DEAL, ("kind", "is", "new"), save="", seen="1"))
    rule.refresh_from_db()
    assert (rule.latest.number, len(rule.latest.rows)) == (2, 2)


def test_rows_are_added_and_removed_without_a_script(admin):
    page = admin.post(ADD, form(DEAL, ("title", "is", "x"), add="") | {"1-remove": "on"})

    assert page.status_code == 200
    assert not Rule.objects.exists()
    assert page.content.count(b'<fieldset class="rule-row"') == 3  # the one kept, and two empty ones
    assert b"deal\npromo</textarea>" in page.content
    admin.post(ADD, form(DEAL, ("title", "is", "x"), ("", "contains", " "), save="") | {"1-remove": "on"})
    assert [row.field for row in Rule.objects.get().latest.rows] == ["added"]


def test_faults_stand_at_their_rows_and_nothing_is_lost(admin):
    page = admin.post(ADD, form(DEAL, ("approved", "contains", "many"), name="", action="refuse", save=""))

    assert not Rule.objects.exists()
    rows = page.content.decode().split('class="rule-row"')
    assert "errorlist" not in rows[1]
    assert "This comparison does not fit" in rows[2]
    assert "many</textarea>" in rows[2]
    assert "Give the rule a name." in text(page)
    assert "Tell the author why" in text(page)


def test_rule_that_was_changed_meanwhile_is_shown_with_what_was_typed(admin, rule, administrator):
    admin.post(rule.get_absolute_url(), form(("kind", "is", "new"), save="", seen="1"))

    page = admin.post(rule.get_absolute_url(), form(("kind", "is", "edit"), save="", seen="1"))

    assert "changed this rule in the meantime" in text(page)
    assert "edit</textarea>" in page.content.decode()
    assert rule.versions.count() == 2


def test_rule_is_tried_on_a_pasted_text(admin):
    button, sample = {"try": ""}, "A D\N{CYRILLIC SMALL LETTER IE}al."
    met = admin.post(ADD, form(DEAL, ("kind", "is", "edit"), sample=sample, needs="any") | button)
    unmet = admin.post(ADD, form(DEAL, sample="Ideal.") | button)

    assert "The text meets the rule." in text(met)
    assert "✓ met: added text contains one of deal, promo ( deal )" in text(met)
    assert "✗ not met: new article or edit is one of edit" in text(met)
    assert "The text does not meet the rule." in text(unmet)
    assert not Rule.objects.exists()


def test_replay_says_what_it_would_have_met_and_what_people_decided(admin, rule, author, moderator, save):
    workflow.approve(workflow.submit(save(f"{CLEAN}A deal.\n"), by=author), by=moderator)
    other = workflow.save_revision(
        None, by=author, content=content("A promo.\n", slug="promo", title="Promo")
    )
    workflow.reject(workflow.submit(other, by=author), by=moderator, reason="No.")
    url = rule.get_absolute_url()

    assert "Not tried yet." in text(admin.get(url))
    running_ = admin.post(f"{url}replay/", follow=True)  # the end of this request runs it
    page = admin.get(url)

    assert running_.status_code == 200
    assert (
        "1 false alarm. It would have met 2 of 2 versions. People approved 1 of them and turned down 1."
        in text(page)
    )
    assert 'href="/articles/tides/revisions/1/"' in page.content.decode()
    assert 'href="/articles/promo/revisions/1/"' not in page.content.decode()
    assert 'href="/articles/promo/revisions/1/"' in admin.get(f"{url}?outcome=all").content.decode()
    assert "Switch version 1 on" in text(page)


def test_running_replay_shows_its_progress_without_a_script(admin, rule, save, administrator, monkeypatch):
    monkeypatch.setattr(replaying, "FEW", 0)
    save()
    url = rule.get_absolute_url()

    page = admin.post(f"{url}replay/", follow=True)

    assert "The replay runs. 0 of 1 versions, 0 met it." in text(page)
    assert page.headers["Refresh"] == "4"
    assert "Switch version" not in text(page)
    assert b"<textarea" not in page.content  # what is typed would be lost when the page loads again
    cancelled = admin.post(f"{url}replay/", {"cancel": ""}, follow=True)
    assert "The replay is cancelled." in text(cancelled)
    assert "Refresh" not in cancelled.headers
    assert b"<textarea" in cancelled.content
    admin.post(f"{url}replay/", {"resume": ""})
    running.work(until_idle=True)
    assert "It would have met 0 of 1 versions." in text(admin.get(url))


def test_rule_is_switched_on_and_off(admin, rule, administrator):
    url = rule.get_absolute_url()
    refused = admin.post(f"{url}switch/", {"on": "", "seen": "1"}, follow=True)
    assert "Replay this version of the rule first" in text(refused)

    replayed(rule, administrator)
    assert "The rule is on." in text(admin.post(f"{url}switch/", {"on": "", "seen": "1"}, follow=True))
    assert "on" in text(admin.get(LIST))
    assert "The rule is off." in text(admin.post(f"{url}switch/", {"off": "", "seen": "1"}, follow=True))
    assert "This rule is off already." in text(admin.post(f"{url}switch/", {"off": ""}, follow=True))


def test_moderators_see_rules_and_hits_but_change_nothing(client, rule, moderator, author, administrator):
    Rule.objects.update(active=rule.latest)
    workflow.save_revision(None, by=author, content=content("A deal.\n"))
    client.force_login(moderator)
    url = rule.get_absolute_url()

    assert "Deals" in text(client.get(LIST))
    page = client.get(url)
    assert "added text contains one of deal, promo" in text(page)
    assert b"<textarea" not in page.content
    assert "Tides , 1 author deal hold it for a moderator waiting for a moderator" in text(
        client.get(f"{url}hits/")
    )
    assert client.get(ADD).status_code == 403
    for address in (ADD, url, f"{url}replay/", f"{url}switch/"):
        assert client.post(address, form(DEAL, save="", on="", seen="1")).status_code == 403


def test_authors_see_no_rule_but_the_message_at_their_text(client, rule, author, administrator):
    workflow.write_rule(
        rule,
        by=administrator,
        seen=1,
        text=workflow.RuleText("Deals", "all", rule.latest.rows, "refuse", "No deals here."),
    )
    rule.refresh_from_db()
    Rule.objects.update(active=rule.latest)
    client.force_login(author)

    for address in (LIST, ADD, rule.get_absolute_url(), f"{rule.get_absolute_url()}hits/"):
        assert client.get(address).status_code == 403
    page = client.post(
        "/admin/articles/article/add/",
        {
            "title": "Tides",
            "slug": "tides",
            "language": "en",
            "source": "A deal.\n",
            "summary": "",
            "tags": "",
        },
    )
    assert page.status_code == 200
    assert "No deals here." in text(page)
    assert "A deal." in page.content.decode()
    assert not Revision.objects.exists()
    assert RuleHit.objects.get().action == "refuse"


def test_list_says_what_people_decided_on_what_a_rule_met(admin, rule, author, moderator):
    Rule.objects.update(active=rule.latest)
    for slug, decide in (
        ("one", workflow.approve),
        ("two", workflow.reject),
        ("three", workflow.reject),
        ("four", None),
    ):
        workflow.save_revision(None, by=author, content=content("A deal.\n", slug=slug))
        if decide:
            decide(Review.objects.pending().get(revision__slug=slug), by=moderator, reason="So.")

    assert "4 Deals turned down 2, approved 1" in text(admin.get(LIST))


def test_queue_and_review_say_which_rules_a_version_meets(client, rule, moderator, author):
    Rule.objects.update(active=rule.latest)
    workflow.save_revision(None, by=author, content=content("A deal.\n"))
    client.force_login(moderator)

    assert "a rule holds it · rules: Deals" in text(client.get("/moderation/"))
    page = client.get(Review.objects.get().get_absolute_url())
    assert "Meets the rule “ Deals ”: deal" in text(page)


def test_what_met_a_rule_is_hidden_with_the_text(client, rule, moderator, author, administrator):
    Rule.objects.update(active=rule.latest)
    revision = workflow.save_revision(None, by=author, content=content("A promo.\n"))
    replayed(rule, administrator)
    workflow.hide(revision, by=administrator, parts=["text", "author"], reason="Names.")
    client.force_login(moderator)

    for address in (f"{rule.get_absolute_url()}hits/", rule.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "(name hidden)" in page
        assert "<bdi>promo</bdi>" not in page


@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "\N{RIGHT-TO-LEFT OVERRIDE}",
        "w " * 40_000,
        "\n".join(map(str, range(10_000))),
        "9" * 5000,
        "<script>alert(1)</script>",
    ],
)
def test_hostile_form_is_answered_in_order(admin, rule, value):
    for button in ("save", "try", "add"):
        for field in ("name", "needs", "action", "message", "tag", "sample", "seen"):
            data = form(DEAL, (value, value, value), **{field: value, button: ""})
            for address in (ADD, rule.get_absolute_url()):
                page = admin.post(address, data)
                assert page.status_code == 200
                assert b"<script>alert" not in page.content


def test_no_more_rows_are_shown_than_a_rule_may_have(admin):
    page = admin.post(ADD, form(*[DEAL] * (MAX_CONDITIONS + 5), save=""))

    assert page.content.count(b'<fieldset class="rule-row"') == MAX_CONDITIONS
    assert "at most 20 conditions" in text(page)
    assert b'name="add"' not in page.content
