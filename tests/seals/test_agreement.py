"""What the log says and where things stand agree, whatever is done by the site itself."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from articles import workflow
from articles.models import Allowance, Article, Event, Review
from articles.revisions.steps import locked_article
from articles.seals.agreement import agreement_faults
from articles.seals.entries import SealedTile
from articles.seals.kinds import EVENT, PUBLICATION
from articles.text.content import introduced_findings
from tests.conftest import NOON, content

from .conftest import seal, verify


def test_made_up_articles_agree_and_verify_once_sealed(db, tmp_path):
    call_command("seed", articles=20, revisions=100, stdout=StringIO())
    assert list(agreement_faults()) == []

    seal("--to", str(tmp_path))

    assert verify("--against", str(tmp_path))[0] == 0

    SealedTile.objects.filter(level=1, number=0).update(hashes=bytes(32))  # proofs would be wrong

    status, out = verify("--against", str(tmp_path))
    assert (status, out.count("log: tile 0 of level 1 is not what")) == (1, 1)


def test_decision_that_was_taken_back_and_made_anew_agrees(save, author, moderator, tmp_path):
    workflow.publish(save("one\n"), by=moderator)
    review = workflow.submit(save("two\n"), by=author)
    workflow.approve(review, by=moderator, reason="Good.")
    seal("--to", str(tmp_path))

    review.refresh_from_db()
    workflow.undo(review, by=moderator)
    article = Article.objects.get()
    assert article.published_revision.number == 1
    assert list(agreement_faults()) == []
    workflow.reject(Review.objects.get(pk=review.pk), by=moderator, reason="No.")

    assert list(agreement_faults()) == []
    assert verify("--against", str(tmp_path))[0] == 0


def test_undone_fix_and_unpublished_article_agree(save, author, moderator, administrator):
    workflow.publish(save("one\n"), by=moderator)
    review = workflow.submit(save("two\n"), by=author)
    fixed = replace(review.revision.content, source="two.\n")
    workflow.fix_and_approve(review, by=moderator, content=fixed)
    assert list(agreement_faults()) == []
    review.refresh_from_db()
    workflow.undo(review, by=moderator)
    assert list(agreement_faults()) == []

    article = Article.objects.get()
    workflow.unpublish(article, by=moderator)
    assert list(agreement_faults()) == []


def test_hidden_live_version_agrees(save, moderator, administrator):
    revision = save()
    workflow.publish(revision, by=moderator)

    workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    assert list(agreement_faults()) == []


def schedule(save, author, moderator):
    review = workflow.submit(save("Later.\n"), by=author)
    workflow.schedule(review.revision, by=moderator, starts_at=NOON + timedelta(hours=2), zone="UTC")
    return review.revision


def test_schedule_that_was_carried_out_late_is_no_fault(save, author, moderator, at, tmp_path):
    """It is dated when it was due, also where something newer was sealed before anybody looked."""
    planned = schedule(save, author, moderator)
    seal("--to", str(tmp_path))
    at(NOON + timedelta(hours=5))
    other = workflow.save_revision(None, by=author, content=content(slug="dunes"))
    seal("--to", str(tmp_path))

    with transaction.atomic():
        locked_article(planned.article_id)

    event = Event.objects.get(action="publish")
    assert event.at == NOON + timedelta(hours=2) < other.created_at
    status, out = verify("--against", str(tmp_path))
    assert (status, out.splitlines()[1:-1]) == (0, [])
    seal("--to", str(tmp_path))
    assert verify("--against", str(tmp_path))[0] == 0


@pytest.mark.parametrize("forged", ["door", "schedule"])
def test_late_row_that_no_sealed_schedule_explains_is_told(save, author, moderator, at, tmp_path, forged):
    revision = save("One.\n")
    at(NOON + timedelta(hours=5))
    save("Two.\n")
    seal("--to", str(tmp_path))
    old = NOON + timedelta(hours=2)
    said = {"actor_name": "moderator", "article": revision.article, "revision": revision}

    late = []
    if forged == "schedule":  # which must not explain itself, either
        late.append(Event.objects.create(at=NOON, action="schedule", door="clock", **said))
    late.append(Event.objects.create(at=old, action="publish", door="clock", **said))
    keys = " to ".join(str(event.pk) for event in late)

    status, out = verify("--against", str(tmp_path))
    assert status == 1
    assert f"tides: {EVENT.label} {keys}: is not sealed, and dated before what is" in out
    seal("--to", str(tmp_path))
    status, out = verify("--against", str(tmp_path))
    assert f"tides: {EVENT.label} {keys}: is dated before what was sealed ahead of it" in out
    assert PUBLICATION.label not in out


def test_allowances_of_findings_agree(save, moderator, second_moderator):
    """One of a finding is logged with the article of its version, also where it reaches further."""
    revision = save("Nothing\N{ZERO WIDTH SPACE}here.\n")
    item = next(iter(introduced_findings(None, revision.content)))
    for scope in ("article", "site"):
        workflow.allow_finding(revision, item, by=moderator, kind="character", scope=scope, reason="So.")
    workflow.confirm_allowance(Allowance.objects.get(is_proposed=True), by=second_moderator)

    assert list(agreement_faults()) == []
