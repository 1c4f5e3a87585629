"""Rules in force."""

import pytest

from articles import workflow
from articles.models import Rule, RuleVersion
from articles.rules.conditions import Row
from articles.tasks import running


@pytest.fixture
def write(administrator):
    """Writes a rule: one condition, or several as triples."""

    def write(*rows, rule=None, seen=None, name="A rule", needs="all", action="hold", message="", tag=""):
        text = workflow.RuleText(name, needs, tuple(Row(*row) for row in rows), action, message, tag)
        return workflow.write_rule(rule, by=administrator, text=text, seen=seen)

    return write


@pytest.fixture
def on(write, administrator):
    """Writes a rule and switches it on after its replay."""

    def on(*rows, **text):
        rule = write(*rows, **text)
        workflow.start_replay(rule, by=administrator)
        running.work(until_idle=True)
        workflow.switch_on(rule, by=administrator, seen=rule.latest.number)
        return Rule.objects.select_related("active", "latest").get(pk=rule.pk)

    return on


@pytest.fixture
def force(write):
    """Writes a rule and puts it in force without a replay."""

    def force(*rows, **text):
        rule = write(*rows, **text)
        Rule.objects.filter(pk=rule.pk).update(active=rule.latest)
        return RuleVersion.objects.get(pk=rule.latest_id)

    return force
