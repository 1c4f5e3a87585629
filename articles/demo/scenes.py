"""Scenes of the demo: what takes several articles. They are the moderators' newer rooms, one scene each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles import workflow
from articles.models import Review, Revision
from articles.rules.conditions import Row
from articles.tasks import SHORT
from articles.tasks.background_tasks import BackgroundTask
from articles.tasks.running import run_next
from articles.text.content import Content

from .play import play
from .stories import Ago, Edit, Save, change, reviewed

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    Users = Mapping[str, User]  # one for each role

SHOPS = "promo-mangeoires.example.com\noil-deals.example.com\noffers.example"
TEXTS = {  # address: title and source
    "salt-marsh": (
        "Walking in the salt marsh",
        "Start two hours after high water. Wear boots, and turn back when the creeks begin to fill.\n",
    ),
    "slate-roof": (
        "Mending a slate roof",
        "Slide the ripper under the broken slate and cut both nails. Hang the new slate on a strip of copper.\n",
    ),
    "hand-pump": (
        "A hand pump in winter",
        "Open the drain before the first frost. Pump until no water comes, and leave the handle up.\n",
    ),
    "rain-gauge": (
        "A rain gauge",
        "Put the gauge on open ground, away from walls. Read it at nine every morning, and empty it.\n",
    ),
    "door-wedge": ("A door wedge", "Saw the wedge from a strip of oak as wide as your hand.\n"),
    "tea-cosy": (
        "A tea cosy",
        "Measure around the pot, not over its handle. Knit two halves and sew them.\n",
    ),
}


def play_scenes(slugs: set[str], *, users: Users) -> None:
    """Play the scenes of these articles, each in one transaction."""
    for articles, scene in SCENES.items():
        if slugs.issuperset(articles):
            with transaction.atomic():
                scene(users)


def shop_links(users: Users) -> None:
    """Let an author put links to a shop into articles; a moderator takes them back and holds the author's edits."""
    vandal, moderator = users["third_author"], users["moderator"]
    for slug, word in (("salt-marsh", "boots"), ("slate-roof", "copper"), ("hand-pump", "frost")):
        link = change(word, f"[{word}](https://{word}.offers.example/?ref=7)")
        review = _submitted(_published(slug, users), "More helpful", link, by=vandal)
        if slug == "salt-marsh":  # which nobody noticed at first
            workflow.approve(review, by=users["administrator"])
    period = {"since": timezone.now() - timedelta(days=1), "until": timezone.now() + timedelta(days=1)}
    kinds = ("roll back", "reject")
    plan = workflow.plan_sweep(vandal, by=moderator, kinds=kinds, **period)
    workflow.sweep(
        vandal,
        by=moderator,
        kinds=kinds,
        reason="Links to a shop, in three articles within an hour.",
        seen=workflow.digest_of(plan),
        **period,
    )
    _run_short_tasks()
    workflow.note_author(vandal, by=moderator, text="Asked twice by mail what the links are for; no answer.")
    workflow.hold(vandal, by=moderator, reason="Links to a shop. Write to us, and we look at it again.")
    _submitted(_latest("salt-marsh"), "Which boots", change("boots", "high boots"), by=vandal)


def rule_on_links(users: Users) -> None:
    """Let an administrator write a rule, replay it and switch it on; then a save meets it."""
    administrator = users["administrator"]
    rule = workflow.write_rule(
        None,
        by=administrator,
        text=workflow.RuleText(
            name="Shops that pay for links",
            needs="any",
            rows=(Row("hosts", "under", SHOPS),),
            action="hold",
            message="This site pays for links. Say in the summary why readers need it.",
        ),
    )
    workflow.start_replay(rule, by=administrator)
    _run_short_tasks()
    assert rule.latest is not None
    if rule.latest.replays.filter(state="done").exists():  # on a large site, a worker goes on with it
        workflow.switch_on(rule, by=administrator, seen=rule.latest.number)
    gauge = change("open ground", "[open ground](https://gauges.offers.example/?ref=9)")
    _submitted(_published("rain-gauge", users), "Where to buy one", gauge, by=users["second_author"])


def batch(users: Users) -> None:
    """Let a moderator approve two submissions at once."""
    waiting = [
        _submitted(_published(slug, users), "How long it lasts", _lasting, by=users["author"])
        for slug in ("door-wedge", "tea-cosy")
    ]
    seen = {pk: str(shown) for pk, shown in workflow.see_all(waiting).items()}
    workflow.decide_many(waiting, by=users["moderator"], decision="approve", seen=seen)
    _run_short_tasks()


def _lasting(text: str) -> str:
    return f"{text}\nIt lasts for years.\n"


SCENES: dict[tuple[str, ...], Callable[[Users], None]] = {  # by their articles, in order
    ("salt-marsh", "slate-roof", "hand-pump"): shop_links,
    ("rain-gauge",): rule_on_links,
    ("door-wedge", "tea-cosy"): batch,
}


def _content(slug: str) -> Content:
    title, source = TEXTS[slug]
    return Content(title=title, slug=slug, source=source, language="en")


def _published(slug: str, users: Users) -> Revision:
    return play(
        (Ago(760), Save("second_author", "First version"), *reviewed("second_author")), _content(slug), users
    )


def _latest(slug: str) -> Revision:
    return Revision.objects.with_text().filter(slug=slug).latest("number")


def _submitted(base: Revision, summary: str, edit: Edit, *, by: User) -> Review:
    """Edit a revision and submit that; return the review."""
    content = Save(by.get_username(), summary, (edit,)).apply(base.content)
    revision = workflow.save_revision(base.article, by=by, content=content, base=base.number)
    return workflow.submit(revision, by=by)


def _run_short_tasks() -> None:
    """Do what the ends of requests would do."""
    while run_next(BackgroundTask.objects.due().filter(queue_name=SHORT)):
        pass
