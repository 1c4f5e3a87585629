"""Writing rules, and switching them on and off."""

import pytest
from django.core.exceptions import PermissionDenied

from articles import workflow
from articles.models import Event, Replay, Rule, RuleVersion
from articles.rules.conditions import MAX_CONDITIONS
from articles.tasks import running

DEAL = ("added", "contains", "deal")


def logged():
    events = Event.objects.exclude(action="save").order_by("pk")
    return list(events.values_list("action", "actor_name", "detail", "reason"))


def replay(rule, by):
    workflow.start_replay(rule, by=by)
    running.work(until_idle=True)


def test_new_rule_is_a_draft_and_in_force_nowhere(write):
    rule = write(DEAL, name="Deals")

    assert (rule.state, rule.latest.number, rule.latest.name) == ("draft", 1, "Deals")
    assert rule.latest.made_by_name == "administrator"
    assert logged() == [("write rule", "administrator", "Deals (1)", "")]


def test_every_change_is_a_version(write):
    rule = write(DEAL)

    write(DEAL, ("kind", "is", "new"), rule=rule, seen=1, needs="any")

    assert list(rule.versions.order_by("number").values_list("needs", "conditions")) == [
        ("all", [list(DEAL)]),
        ("any", [list(DEAL), ["kind", "is", "new"]]),
    ]


def test_rule_that_says_the_same_stays_as_it_is(write):
    rule = write(DEAL)

    assert write(DEAL, rule=rule, seen=1).latest == rule.latest
    assert RuleVersion.objects.count() == 1


def test_rule_that_was_changed_in_the_meantime_is_not_overwritten(write, administrator):
    rule = write(DEAL)
    write(("kind", "is", "new"), rule=rule, seen=1)

    with pytest.raises(workflow.WorkflowError, match="administrator changed this rule in the meantime"):
        write(("kind", "is", "edit"), rule=rule, seen=1)
    with pytest.raises(workflow.WorkflowError, match="in the meantime"):
        workflow.switch_on(rule, by=administrator, seen=1)


def test_rule_is_switched_on_after_its_replay_and_off_again(write, administrator):
    rule = write(DEAL, name="Deals")
    replay(rule, administrator)

    workflow.switch_on(rule, by=administrator, seen=1, reason="Tried.")
    rule.refresh_from_db()
    assert (rule.state, rule.active) == ("on", rule.latest)
    workflow.switch_off(rule, by=administrator, reason="Enough.")

    rule.refresh_from_db()
    assert rule.state == "off"
    assert logged()[-2:] == [
        ("switch on", "administrator", "Deals (1)", "Tried."),
        ("switch off", "administrator", "Deals (1)", "Enough."),
    ]


def test_no_rule_is_switched_on_without_a_finished_replay_of_this_version(write, administrator):
    rule = write(DEAL)
    with pytest.raises(workflow.WorkflowError, match="Replay this version"):
        workflow.switch_on(rule, by=administrator, seen=1)

    unfinished = workflow.start_replay(rule, by=administrator)
    with pytest.raises(workflow.WorkflowError, match="Replay this version"):
        workflow.switch_on(rule, by=administrator, seen=1)

    workflow.cancel_replay(unfinished, by=administrator)
    with pytest.raises(workflow.WorkflowError, match="Replay this version"):
        workflow.switch_on(rule, by=administrator, seen=1)

    replay(rule, administrator)
    write(("kind", "is", "new"), rule=rule, seen=1)
    with pytest.raises(workflow.WorkflowError, match="Replay this version"):
        workflow.switch_on(rule, by=administrator, seen=2)
    assert not Rule.objects.filter(active__isnull=False).exists()


def test_changed_rule_stays_in_force_as_it_was(on, write, administrator):
    rule = on(DEAL)

    changed = write(("kind", "is", "new"), rule=rule, seen=1)

    changed.refresh_from_db()
    assert (changed.active.number, changed.latest.number) == (1, 2)
    assert changed.has_newer_draft
    replay(changed, administrator)
    workflow.switch_on(changed, by=administrator, seen=2)
    changed.refresh_from_db()
    assert changed.active.number == 2


def test_rule_is_not_switched_twice(on, write, administrator):
    rule = on(DEAL)
    with pytest.raises(workflow.WorkflowError, match="on already"):
        workflow.switch_on(rule, by=administrator, seen=1)
    with pytest.raises(workflow.WorkflowError, match="off already"):
        workflow.switch_off(write(DEAL), by=administrator)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\0"}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"needs": "some"}, "needs"),
        ({"action": "delete"}, "action"),
        ({"action": "refuse"}, "message"),
        ({"message": "a" * 501}, "message"),
        ({"action": "tag"}, "tag"),
        ({"tag": "a" * 51}, "tag"),
    ],
)
def test_text_that_is_wrong_is_refused_by_field(write, text, field):
    with pytest.raises(workflow.RuleFaults) as faults:
        write(DEAL, **text)

    assert faults.value.by_field.keys() == {field}
    assert not Rule.objects.exists()


def test_rows_that_are_wrong_are_refused_by_their_place(write):
    with pytest.raises(workflow.RuleFaults) as faults:
        write(DEAL, ("approved", "contains", "x"), ("title", "is", "!"))
    assert faults.value.by_row.keys() == {1, 2}

    with pytest.raises(workflow.RuleFaults) as faults:
        write()
    assert faults.value.by_field.keys() == {"rows"}
    with pytest.raises(workflow.RuleFaults) as faults:
        write(*[DEAL] * (MAX_CONDITIONS + 1))
    assert faults.value.by_field.keys() == {"rows"}


def test_moderators_and_authors_change_nothing(write, author, moderator, administrator):
    rule = write(DEAL)
    replay_ = workflow.start_replay(rule, by=administrator)
    text = workflow.RuleText.of(rule.latest)

    for person in (author, moderator):
        for act in (
            lambda by: workflow.write_rule(None, by=by, text=text),
            lambda by: workflow.start_replay(rule, by=by),
            lambda by: workflow.cancel_replay(replay_, by=by),
            lambda by: workflow.resume_replay(replay_, by=by),
            lambda by: workflow.switch_on(rule, by=by, seen=1),
            lambda by: workflow.switch_off(rule, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(person)
    assert Replay.objects.get().is_running
