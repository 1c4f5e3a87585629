"""Who confirms an allowance that silences alerts or reaches further than one article, and what that leaves behind."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from articles import permissions, workflow
from articles.models import Allowance, Event, Revision
from articles.text.content import findings
from tests.conftest import FLAGGED

WRITTEN = "It is the name of the harbour, as its charter of 1871 spells it."
ALERT = "See `p\u0430per` there.\n"


def first(revision):
    return findings(Revision.objects.with_text().get(pk=revision.pk).content)[0]


def shown(revision):
    content = Revision.objects.with_text().get(pk=revision.pk).content
    return workflow.split_findings(findings(content), content, article=revision.article_id).shown


@pytest.fixture
def propose(save, moderator):
    """Proposes to allow the first finding of a new version on the whole site."""

    def propose(source=FLAGGED, *, by=moderator, written_by=None, **rest):
        revision = save(source, by=written_by)
        fields = {"kind": "word", "scope": "site", "reason": "A name."} | rest
        return workflow.allow_finding(revision, first(revision), by=by, **fields)

    return propose


def last_action():
    return Event.objects.first().action


# What takes two


@pytest.mark.parametrize(
    ("source", "kind", "scope", "takes_two"),
    [
        (FLAGGED, "word", "here", False),
        (FLAGGED, "word", "article", False),
        (FLAGGED, "word", "language", True),
        (FLAGGED, "character", "site", True),
        (ALERT, "word", "here", True),
        (ALERT, "word", "article", True),
    ],
)
def test_alerts_and_what_reaches_beyond_an_article_are_proposed_first(
    propose, source, kind, scope, takes_two
):
    allowance = propose(source, kind=kind, scope=scope)

    assert allowance.is_proposed is takes_two
    assert allowance.is_active is not takes_two
    assert last_action() == ("propose" if takes_two else "allow")
    assert bool(shown(allowance.revision)) is takes_two


def test_typed_domain_takes_two_since_it_silences_alerts(save, moderator):
    article = save().article

    assert workflow.allow(
        "a.example", by=moderator, kind="domain", article=article, reason="Ours."
    ).is_proposed
    assert not workflow.allow(
        "a.example", by=moderator, kind="word", article=article, reason="Ours."
    ).is_proposed


def test_proposal_changes_nothing_and_a_second_moderator_puts_it_into_force(
    propose, second_moderator, author
):
    allowance = propose()
    revision = allowance.revision
    workflow.publish(revision, by=author)
    assert revision.reviews.get().warnings == 1
    assert list(Allowance.objects.proposed()) == [allowance]
    assert not Allowance.objects.active()

    workflow.confirm_allowance(allowance, by=second_moderator, reason="I know it, too.")

    row = Allowance.objects.active().get()
    assert not Allowance.objects.proposed()
    assert not shown(revision)
    assert (row.confirmed_by, row.confirmed_by_name) == (second_moderator, "second_moderator")
    assert row.began_at == row.confirmed_at > row.allowed_at
    event = Event.objects.first()
    assert (event.action, event.actor, event.reason) == ("confirm", second_moderator, "I know it, too.")


# Who may


@pytest.mark.parametrize("role", ["reader", "author", "moderator", "second_moderator", "administrator"])
def test_who_may_confirm(request, propose, second_moderator, role):
    allowance, person = propose(), request.getfixturevalue(role)

    assert permissions.can_confirm(person, allowance) is (role in ("second_moderator", "administrator"))
    assert not permissions.can_confirm_alone(person, allowance)
    if role in ("second_moderator", "administrator"):
        workflow.confirm_allowance(allowance, by=person)
    else:
        with pytest.raises(PermissionDenied):
            workflow.confirm_allowance(allowance, by=person, reason=WRITTEN, sure=True)
    assert Allowance.objects.active().exists() is (role in ("second_moderator", "administrator"))


@pytest.mark.parametrize("role", ["reader", "author", "moderator", "second_moderator", "administrator"])
def test_who_may_decline(request, propose, role):
    allowance, person = propose(), request.getfixturevalue(role)

    if role in ("reader", "author"):
        with pytest.raises(PermissionDenied):
            workflow.decline_allowance(allowance, by=person, reason="No name.")
    else:
        workflow.decline_allowance(allowance, by=person, reason="No name.")
    assert Allowance.objects.proposed().exists() is (role in ("reader", "author"))


def test_author_of_the_text_does_not_confirm(propose, second_moderator, administrator, settings):
    allowance = propose(written_by=second_moderator)

    with pytest.raises(PermissionDenied, match="You wrote the text"):
        workflow.confirm_allowance(allowance, by=second_moderator)
    settings.ALLOW_SELF_APPROVAL = True
    assert permissions.can_confirm(second_moderator, allowance)
    settings.ALLOW_SELF_APPROVAL = False
    workflow.confirm_allowance(allowance, by=administrator)


def test_author_of_the_live_text_does_not_confirm_either(propose, second_moderator, administrator):
    allowance = propose(written_by=second_moderator)
    workflow.approve(workflow.submit(allowance.revision, by=second_moderator), by=administrator)
    allowance = Allowance.objects.get()

    assert not permissions.can_confirm(second_moderator, allowance)
    assert permissions.can_confirm(administrator, allowance)


def test_who_is_alone_confirms_in_writing_and_the_log_marks_it(propose, moderator, author):
    allowance = propose()
    assert permissions.can_confirm_alone(moderator, allowance)
    for reason, sure, fields in [
        ("", True, ["reason"]),
        ("x" * 39 + "  ", True, ["reason"]),
        (WRITTEN, False, ["sure"]),
        ("Short.", False, ["reason", "sure"]),
    ]:
        with pytest.raises(ValidationError) as refusal:
            workflow.confirm_allowance(allowance, by=moderator, reason=reason, sure=sure)
        assert list(refusal.value.message_dict) == fields
    assert not Allowance.objects.active()

    workflow.confirm_allowance(allowance, by=moderator, reason=WRITTEN, sure=True)

    assert Allowance.objects.active().exists()
    event = Event.objects.first()
    assert (event.action, event.actor, event.reason) == ("confirm own", moderator, WRITTEN)


@pytest.mark.parametrize("other", ["second_moderator", "administrator"])
def test_nobody_is_alone_while_another_may_unless_their_account_is_inactive(
    request, propose, moderator, other
):
    allowance, person = propose(), request.getfixturevalue(other)
    with pytest.raises(PermissionDenied, match="Another moderator has to confirm"):
        workflow.confirm_allowance(allowance, by=moderator, reason=WRITTEN, sure=True)

    person.is_active = False
    person.save()

    workflow.confirm_allowance(allowance, by=moderator, reason=WRITTEN, sure=True)
    assert last_action() == "confirm own"


def test_author_of_the_text_is_nobody_to_ask(propose, moderator, second_moderator):
    allowance = propose(written_by=second_moderator)

    workflow.confirm_allowance(allowance, by=moderator, reason=WRITTEN, sure=True)

    assert last_action() == "confirm own"


# States


def test_second_decision_is_told_of_the_first(propose, moderator, second_moderator, administrator):
    allowance = propose()
    workflow.confirm_allowance(allowance, by=second_moderator)
    for act in (
        lambda: workflow.confirm_allowance(allowance, by=administrator),
        lambda: workflow.decline_allowance(allowance, by=administrator, reason="No."),
    ):
        with pytest.raises(workflow.WorkflowError, match="second_moderator has confirmed"):
            act()

    other = propose(kind="character")
    workflow.decline_allowance(other, by=second_moderator, reason="No.")
    with pytest.raises(workflow.WorkflowError, match="second_moderator has declined"):
        workflow.confirm_allowance(other, by=administrator)


def test_declined_proposal_keeps_its_row_and_reason_and_can_be_made_again(propose, second_moderator):
    allowance = propose()
    with pytest.raises(ValidationError):
        workflow.decline_allowance(allowance, by=second_moderator, reason=" ")

    workflow.decline_allowance(allowance, by=second_moderator, reason="A spinner's word.")

    row = Allowance.objects.get()
    assert (row.revoked_by, row.revoked_why, row.is_proposed) == (second_moderator, "A spinner's word.", True)
    assert list(Allowance.objects.ended()) == [row]
    assert not Allowance.objects.to_settle()
    assert last_action() == "decline"
    assert propose().pk != row.pk


def test_proposal_is_declined_not_revoked_and_made_once(propose, moderator, second_moderator):
    allowance = propose()

    with pytest.raises(workflow.WorkflowError, match="waits for a second moderator"):
        workflow.revoke(allowance, by=second_moderator)
    with pytest.raises(workflow.AlreadyAllowed, match="has proposed this already"):
        propose()


# Pages


def text(response):
    return response.content.decode()


@pytest.fixture
def page(client, propose, second_moderator):
    allowance = propose()
    workflow.submit(allowance.revision, by=allowance.revision.author)
    client.force_login(second_moderator)
    return allowance.get_absolute_url()


def test_queue_desk_and_list_count_what_is_proposed(client, page):
    for name in ("queue", "admin:index"):
        assert "1 proposed allowance waits for a second moderator" in text(client.get(reverse(name)))
    assert client.get(reverse("allowances")).context["proposed"] == 1
    assert client.get(reverse("allowances"), {"proposed": "1"}).context["count"] == 1
    assert client.get(reverse("allowances")).context["count"] == 0


def test_page_of_a_proposal_counts_what_falls_silent_and_confirms(client, page):
    shown = client.get(page)
    assert [tuple(row) for row in shown.context["preview"].counts] == [("warning", 0, 1)]
    assert "<strong>1</strong> finding falls silent." in text(shown)

    done = client.post(page, {"confirm": "1"}, follow=True)

    assert "confirmed and in force" in text(done)
    assert "<strong>1</strong> finding speaks again." in text(done)


def test_page_declines_with_a_reason(client, page):
    assert "Say why" in text(client.post(page, {"decline": "1"}))
    assert client.post(page, {"decline": "1", "reason": "No name."}).status_code == 302

    assert "No name." in text(client.get(page))


def test_proposer_sees_no_button_to_confirm_and_a_forged_one_is_refused(client, page, moderator):
    client.force_login(moderator)

    assert 'name="confirm"' not in text(client.get(page))
    assert client.post(page, {"confirm": "1", "reason": WRITTEN, "sure": "on"}).status_code == 403
    assert Allowance.objects.proposed().exists()


def test_page_asks_who_is_alone_for_a_tick(client, propose, moderator):
    page = propose().get_absolute_url()
    client.force_login(moderator)

    assert 'name="sure"' in text(client.get(page))
    refused = client.post(page, {"confirm": "1", "reason": WRITTEN})
    assert "Tick the box" in text(refused)
    assert WRITTEN in text(refused)
    assert client.post(page, {"confirm": "1", "reason": WRITTEN, "sure": "on"}).status_code == 302
    assert "confirmed alone" in text(client.get(page))


def test_who_is_suspended_is_nobody_who_could_confirm(propose, moderator, second_moderator, administrator):
    allowance = propose(by=second_moderator)
    workflow.suspend(moderator, by=administrator, reason="Sold the account.")
    administrator.delete()

    assert set(permissions.moderators()) == {second_moderator}
    workflow.confirm_allowance(allowance, by=second_moderator, reason=WRITTEN, sure=True)
