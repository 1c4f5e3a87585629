"""Rules: what 50 of them cost a save, and how many versions a replay looks at in a second.

    python tests/benchmarks/rules.py [VERSIONS]

The save is of a text of 12 kB with one changed paragraph; its rules have 20 phrases each and ask for links, sizes and
the author's record as well. The replay goes over seeded versions (20,000 unless told otherwise) in a database of its
own: that of `DATABASE_URL` with "test_" before its name, or SQLite in a temporary folder; it is dropped at the end.
"""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings"}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/rules.sqlite3")

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test.runner import DiscoverRunner

from articles import workflow
from articles.models import Replay, Rule
from articles.revisions.writing import analyze
from articles.rules.conditions import Row
from articles.rules.judging import judge
from articles.rules.replaying import look_at_batch
from articles.text.content import Content
from tests.benchmarks.figures import Figure, milliseconds, show

RULES, PHRASES = 50, 20
KINDS = {
    "words added": (Row("added", "contains", "casino\nfree money\nsilver fish"),),
    "a new link": (Row("hosts", "under", "shop.example"),),
    "a newcomer's words": (Row("approved", "at most", "2"), Row("text", "contains", "casino")),
    "the author's record": (Row("approved", "at most", "2"), Row("grown", "at least", "500")),
}


def write_rules(by: User) -> list[Rule]:
    rules = []
    for n in range(RULES):
        phrases = "\n".join(f"phrase{n} word{m}" for m in range(PHRASES))
        extra = [
            Row("hosts", "under", f"shop-{n}.example"),
            Row("links", "at least", "30"),
            Row("share", "at least", "90"),
            Row("approved", "at least", "900"),
        ]
        rows = (Row("added", "contains", phrases), extra[n % len(extra)])
        rules.append(
            workflow.write_rule(None, by=by, text=workflow.RuleText(f"Rule {n}", "any", rows, "note"))
        )
    return rules


def of_a_save(by: User) -> Figure:
    """What 50 rules add to a save."""
    line = (
        "The tide table hangs by the gate, and the keeper reads it to [whoever](https://a.example) asks.\n\n"
    )
    before = Content(title="Tides", slug="tides", source=line * 125)
    for rule in write_rules(by):
        Rule.objects.filter(pk=rule.pk).update(active=rule.latest)

    def judged(n: int) -> float:
        content = replace(before, source=f"{before.source}Paragraph {n} is new.\n")
        analysis = analyze(content, before=before)
        return milliseconds(lambda: judge(content, by=by, article=None, before=before, analysis=analysis))

    rounds = tuple(judged(n) for n in range(11))[1:]  # the first one reads the rules
    return Figure(
        "save", f"{RULES} rules on a text of {len(before.source):,} characters", "ms", rounds, target="≤ 5"
    )


def of_a_replay(name: str, rows: tuple[Row, ...], by: User) -> Figure:
    """How many versions a replay looks at in a second."""
    rule = workflow.write_rule(None, by=by, text=workflow.RuleText(name, "all", rows, "note"))
    started = workflow.start_replay(rule, by=by)
    replay = Replay.objects.select_related("version").get(pk=started.pk)

    def run() -> None:
        while replay.is_running:
            look_at_batch(replay)

    seconds = milliseconds(run) / 1000
    return Figure("rules", f"replay of a rule on {name}", "versions/s", (replay.looked / seconds,))


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        by = User.objects.create_superuser("administrator")
        found = [of_a_save(by)]
        revisions = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
        call_command("seed", articles=revisions // 8, revisions=revisions, verbosity=0)
        found += (of_a_replay(name, rows, by) for name, rows in KINDS.items())
        show(found)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
