"""The workflow against a small model, in any order that people may act in.

The model knows lines, who wrote them, what is live and what waits; it predicts who may do what, what comes of it, and
the whole log. So nothing that deceives goes live unseen, no reason is lost and no permission skipped, on any path.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles import workflow
from articles.models import Article, Event, LiveChange, Review, Revision, Standing
from articles.moderation.assessment import assess
from articles.seals.agreement import agreement_faults
from tests.conftest import _person, content
from tests.moderation.afresh import require_current

AUTHORS, MODERATORS = ("ann", "ben"), ("mia", "max")
PEOPLE = st.sampled_from([*AUTHORS, *MODERATORS, "visitor"])
MOSTLY_MODERATORS = st.sampled_from([*MODERATORS * 4, *AUTHORS, "visitor"])
# Each line has a word of its own, so that what deceives in one is never what another held before.
LINES = {"clean": "Line {} is {}.", "warning": "Line {} is {}\u0430le.", "alert": "Line {} is \u202e{}."}
LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
KIND = st.sampled_from(list(LINES))
PICK = st.integers(0, 1_000_000)
REASON = st.sampled_from(["Too long.", "Name your source.", "A mistake.", ""])
VERDICTS = {
    "approved": (workflow.approve, "approve"),
    "rejected": (workflow.reject, "reject"),
    "changes requested": (workflow.request_changes, "request changes"),
}
UNREVIEWED = "Published without a review."
ASKED = {"author", "submitted", "appeal", "returns"}


@dataclass(frozen=True)
class Line:
    number: int
    kind: str
    by: str

    def __str__(self):
        word = hashlib.sha256(b"%d" % self.number).hexdigest()[:10].translate(LETTERS)
        return LINES[self.kind].format(self.number, word)


@dataclass(frozen=True)
class Version:
    lines: tuple[Line, ...]
    spacing: int
    by: str

    @property
    def source(self):
        return "\n\n".join(map(str, self.lines)).replace(" ", " " * self.spacing) + "\n"


@dataclass
class Submitted:
    version: int
    causes: set[str]
    state: str = "pending"
    by: str = ""
    submitter: str = ""
    reason: str = ""
    before: int = 0  # what was live when it was decided
    put_live: int = 0
    quiet: bool = False  # nothing was built on the decision since
    order: int = 0


@dataclass
class Model:
    versions: list[Version] = field(default_factory=list)
    reviews: list[Submitted] = field(default_factory=list)
    live: int = 0  # a version's number; 0 for none
    public: set[int] = field(default_factory=set)  # what is or was live
    taken_back: dict[int, int] = field(
        default_factory=dict
    )  # a fix whose approval was undone, and its version
    log: list[tuple[str, str, int, str]] = field(default_factory=list)
    decisions: int = 0
    held: set[str] = field(default_factory=set)  # people whose edits wait

    def lines(self, number):
        return self.versions[number - 1].lines if number else ()

    def is_own(self, number, who):
        """Whether a version since the live one is by the person."""
        return any(version.by == who for version in self.versions[self.live : number])

    def last_decision(self, *, after, until):
        decided = [r for r in self.reviews if r.state in VERDICTS and after < r.version <= until]
        return max(decided, key=lambda review: review.order, default=None)

    def causes(self, number, brought_in, *causes):
        """Why a version waits, besides the causes given."""
        last = self.last_decision(after=self.live, until=number)
        found = {*causes, *brought_in}
        if any(self.is_own(number, who) for who in self.held):
            found.add("held")
        return found | {"turned down"} if last and last.state != "approved" else found

    def waiting(self, number):
        return next((r for r in self.reviews if r.version == number and r.state == "pending"), None)

    def note(self, who, action, number, reason="", *, built_on=True):
        self.log.append((who, action, number, reason))
        for review in self.reviews:
            if built_on or (action == "submit" and review.version == number):
                review.quiet = False

    def decide(self, review, who, state, action, reason):
        self.note(who, action, review.version, reason)
        self.decisions += 1
        review.state, review.by, review.reason, review.before = state, who, reason, self.live
        review.put_live, review.quiet, review.order = 0, True, self.decisions

    def is_old(self, number):
        """Whether a newer version was live, so that this one must not go live."""
        newer = [n for n in self.public if n > number and self.taken_back.get(n) != number]
        return bool(newer) and number != self.live

    def refuses_approval(self, number):
        """Approving beneath a newer live version is recorded; approving what would bring old text back is refused."""
        return self.is_old(number) and number > self.live

    def brings_back(self):
        """Whether what goes live would bring an article back that was taken offline."""
        return not self.live and any(action == "unpublish" for _who, action, _number, _reason in self.log)

    def returns(self, who):
        """Whether that waits if the person publishes it: somebody else took the article offline."""
        offline = [by for by, action, _number, _reason in self.log if action == "unpublish"]
        return self.brings_back() and offline[-1] != who

    def unconfirmed(self, reason, *, sure):
        """The error of an approval that brings something back, unless it is confirmed and says why."""
        if not self.brings_back():
            return None
        if not sure:
            return workflow.NeedsConfirmation
        return None if reason.strip() else ValidationError

    def newer_waits(self, number):
        return any(r.state == "pending" and r.version > number for r in self.reviews)

    def supersede(self, who):
        """At most one version waits: the newest."""
        *older, newest = sorted((r for r in self.reviews if r.state == "pending"), key=lambda r: r.version)
        for review in older:
            reason = f"Version {newest.version} waits instead."
            self.note(who, "supersede", review.version, reason, built_on=False)
            review.state, review.by, review.reason, review.before = "superseded", who, reason, self.live
            review.put_live, review.quiet = 0, False

    def go_live(self, number, who, review=None):
        self.note(who, "publish", number)
        self.live = number
        self.public.add(number)
        self.taken_back.pop(number, None)
        if review:
            review.put_live, review.quiet = number, True


class Moderation(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.people = {name: _person(name, "authors") for name in AUTHORS}
        self.people |= {name: _person(name, "moderators") for name in MODERATORS}
        self.people["visitor"] = _person("visitor")
        self.model = Model()
        self.ids = []  # of the reviews, in the order of the model's
        self.pages = {}  # what the last page of a review showed, and what was live then
        self.save("ann", "clean", 0)

    def teardown(self):
        faults = list(agreement_faults())  # once a run, since it looks at everything
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)
        assert faults == []

    # What exists

    @property
    def article(self):
        return Article.objects.filter(slug="tides").first()

    def revision(self, number):
        return Revision.objects.with_text().get(number=number)

    def some_version(self, pick):
        """Mostly one of the last."""
        number = len(self.model.versions)
        return max(1, number - pick % 3) if pick % 4 < 3 else pick % number + 1

    def some_review(self, pick):
        number = len(self.ids)
        index = max(0, number - 1 - pick % 2) if pick % 4 < 3 else pick % number
        return Review.objects.select_related("revision__article").get(pk=self.ids[index]), self.model.reviews[
            index
        ]

    def brought_in(self, number):
        """The kinds to look at that the site sees brought in.

        Which of two lines of a kind stood there before is for the comparison to say; the model knows that what the
        live version has none of is brought in, and what the version has none of is not.
        """
        found = set(map(str, assess(self.revision(number)).introduced)) & {"warning", "alert"}
        there = {line.kind for line in self.model.lines(number)}
        live = {line.kind for line in self.model.lines(self.model.live)}
        assert there - live - {"clean"} <= found <= there
        return found

    def attempt(self, act, *, error=None):
        """Do it; where the model expects an error, exactly that one is raised and nothing happens."""
        if error is None:
            return act()
        with pytest.raises(error), transaction.atomic():
            act()
        return None

    def queued(self, review, submitter, causes):
        """A review was made, or the one that waited has more causes now; nothing happened where it had them all."""
        model, number = self.model, review.revision.number
        waiting = model.waiting(number)
        is_news = waiting is None or not causes <= waiting.causes
        if waiting is None:
            self.ids.append(review.pk)
            model.reviews.append(Submitted(number, set(), submitter=submitter))
        model.waiting(number).causes |= causes
        model.supersede(submitter)
        if is_news:
            model.note(submitter, "submit", number, built_on=False)

    def count_anew(self):
        """Why a version waits follows what is live and what was decided; what somebody asked for stays."""
        for review in self.model.reviews:
            if review.state == "pending":
                asked = review.causes & ASKED
                review.causes = self.model.causes(
                    review.version, self.brought_in(review.version), *asked
                ) or {"settled"}

    # What people do

    @rule(who=PEOPLE, kind=KIND, pick=PICK)
    def save(self, who, kind, pick):
        """Write a line more, or take one away."""
        model, lines = self.model, list(self.model.lines(len(self.model.versions)))
        if lines and pick % 4 == 0:
            del lines[pick // 4 % len(lines)]
        lines.append(Line(len(model.log), kind, who))
        self.write(who, Version(tuple(lines), 1, who))

    @rule(who=st.sampled_from(AUTHORS), kind=KIND, pick=PICK)
    def hand_in(self, who, kind, pick):
        self.save(who, kind, pick)
        self.submit(who, 0)

    @rule(who=st.sampled_from(AUTHORS))
    def hand_in_with_other_spacing(self, who):
        last = self.model.versions[-1]
        self.write(who, Version(last.lines, 3 - last.spacing, who))
        self.submit(who, 0)

    def write(self, who, version):
        def act():
            number = len(self.model.versions) or None
            return workflow.save_revision(
                self.article, by=self.people[who], content=content(version.source), base=number
            )

        self.attempt(act, error=PermissionDenied if who == "visitor" else None)
        if who != "visitor":
            self.model.versions.append(version)
            self.model.note(who, "save", len(self.model.versions), built_on=False)

    @rule(who=PEOPLE, pick=PICK)
    def submit(self, who, pick, number=None):
        model, number = self.model, number or self.some_version(pick)
        error = None
        if who == "visitor":
            error = PermissionDenied
        elif number == model.live or model.is_old(number) or model.newer_waits(number):
            error = workflow.WorkflowError
        causes = model.causes(number, self.brought_in(number), "submitted")
        review = self.attempt(
            lambda: workflow.submit(self.revision(number), by=self.people[who]), error=error
        )
        if error is None:
            self.queued(review, who, causes)

    @precondition(lambda self: any(r.state in VERDICTS for r in self.model.reviews))
    @rule(who=st.sampled_from(AUTHORS), pick=PICK)
    def submit_again(self, who, pick):
        done = [review for review in self.model.reviews if review.state in VERDICTS]
        self.submit(who, None, number=done[pick % len(done)].version)

    @rule(who=MOSTLY_MODERATORS, pick=PICK)
    def publish(self, who, pick):
        model, number = self.model, self.some_version(pick)
        error = (
            PermissionDenied if who == "visitor" else workflow.WorkflowError if model.is_old(number) else None
        )
        waiting = model.waiting(number)
        asked = ["author"] * (who in AUTHORS) + ["returns"] * model.returns(who)
        causes = model.causes(number, self.brought_in(number), *asked)
        if not error and number != model.live and causes and model.newer_waits(number):
            error = workflow.WorkflowError
        review = self.attempt(
            lambda: workflow.publish(self.revision(number), by=self.people[who]), error=error
        )
        if error or number == model.live:
            assert review is None
        elif causes:
            assert review.state == "pending"
            self.queued(review, who, causes)
        else:
            assert review is None
            if waiting and model.is_own(number, who):
                model.decide(waiting, who, "withdrawn", "withdraw", UNREVIEWED)
            elif waiting:
                model.decide(waiting, who, "approved", "approve", UNREVIEWED)
            model.go_live(number, who, waiting if waiting and waiting.state == "approved" else None)

    def refusal(self, who, expected):
        if expected.state != "pending":
            return workflow.AlreadyDecided
        if who not in MODERATORS or self.model.is_own(expected.version, who):
            return PermissionDenied
        return None

    @precondition(lambda self: self.ids)
    @rule(pick=PICK)
    def look(self, pick):
        """Open the page of a review; what is decided from it later is bound to what it shows now."""
        review, _expected = self.some_review(pick)
        self.pages[review.pk] = workflow.Seen.read(str(workflow.see(review))), self.model.live

    def seen(self, review):
        """What the page of a review showed, and the error of a decision from it; nothing if nobody opened it."""
        seen, live = self.pages.get(review.pk, (None, self.model.live))
        return seen, workflow.NotAsSeen if live != self.model.live else None

    @precondition(lambda self: self.ids)
    @rule(
        who=MOSTLY_MODERATORS,
        pick=PICK,
        reason=REASON,
        verdict=st.sampled_from(list(VERDICTS)),
        sure=st.booleans(),
    )
    def decide(self, who, pick, reason, verdict, sure):
        review, expected = self.some_review(pick)
        operation, action = VERDICTS[verdict]
        seen, has_changed = self.seen(review)
        error = self.refusal(who, expected) or has_changed
        if error is None and not reason.strip() and verdict != "approved":
            error = ValidationError
        if error is None and verdict == "approved" and self.model.refuses_approval(expected.version):
            error = workflow.WorkflowError
        if error is None and verdict == "approved":
            error = self.model.unconfirmed(reason, sure=sure)
        how = {"sure": sure} if verdict == "approved" else {}
        result = self.attempt(
            lambda: operation(review, by=self.people[who], reason=reason, seen=seen, **how), error=error
        )
        if error is None:
            self.model.decide(expected, who, verdict, action, reason)
            if verdict == "approved":
                assert result is (expected.version >= self.model.live)
            if result:
                self.model.go_live(expected.version, who, expected)

    @precondition(lambda self: self.ids)
    @rule(who=PEOPLE, pick=PICK)
    def withdraw(self, who, pick):
        review, expected = self.some_review(pick)
        error = None
        if expected.state != "pending":
            error = workflow.AlreadyDecided
        elif who == "visitor" or who not in (
            self.model.versions[expected.version - 1].by,
            expected.submitter,
        ):
            error = PermissionDenied
        self.attempt(lambda: workflow.withdraw(review, by=self.people[who]), error=error)
        if error is None:
            self.model.decide(expected, who, "withdrawn", "withdraw", "")

    @precondition(lambda self: self.ids)
    @rule(anybody=PEOPLE, its_maker=st.booleans(), pick=PICK)
    def undo(self, anybody, its_maker, pick):
        review, expected = self.some_review(pick)
        who = expected.by if its_maker and expected.by else anybody
        error = None
        if who not in MODERATORS or expected.state not in VERDICTS or expected.by != who:
            error = PermissionDenied
        elif not expected.quiet:
            error = workflow.WorkflowError
        self.attempt(lambda: workflow.undo(review, by=self.people[who]), error=error)
        if error is None:
            self.model.note(who, "undo", expected.version, expected.reason)
            if expected.put_live:
                self.model.live = expected.before
                if expected.put_live != expected.version:
                    self.model.taken_back[expected.put_live] = expected.version
            expected.state, expected.reason = "pending", ""
            self.model.supersede(who)

    @precondition(lambda self: self.ids)
    @rule(who=MOSTLY_MODERATORS, pick=PICK, kind=KIND, reason=REASON, sure=st.booleans())
    def fix(self, who, pick, kind, reason, sure):
        model = self.model
        review, expected = self.some_review(pick)
        lines = (*model.lines(expected.version), Line(len(model.log), kind, who))
        version = Version(lines, 1, who)
        error = ValidationError if kind != "clean" else None
        if who not in MODERATORS or who in model.held:
            error = PermissionDenied
        seen, has_changed = self.seen(review)
        error = error or self.refusal(who, expected) or has_changed
        if error is None and (expected.version < model.live or expected.version < len(model.versions)):
            error = workflow.WorkflowError
        error = error or model.unconfirmed(reason, sure=sure)
        corrected = content(version.source)
        self.attempt(
            lambda: workflow.fix_and_approve(
                review, by=self.people[who], content=corrected, reason=reason, seen=seen, sure=sure
            ),
            error=error,
        )
        if error is None:
            model.decide(expected, who, "approved", "approve", reason)
            model.versions.append(version)
            model.note(who, "fix", len(model.versions), reason)
            model.go_live(len(model.versions), who, expected)

    @precondition(lambda self: self.ids)
    @rule(who=MOSTLY_MODERATORS, pick=PICK)
    def carry_over(self, who, pick):
        model = self.model
        review, expected = self.some_review(pick)
        last = model.last_decision(after=0, until=expected.version - 1)
        same = last is not None and model.lines(last.version) == model.lines(expected.version)
        error = self.refusal(who, expected) if same else workflow.WorkflowError
        if who not in MODERATORS:
            error = PermissionDenied
        if not error and last.state == "approved" and model.refuses_approval(expected.version):
            error = workflow.WorkflowError
        if not error and last.state == "approved":
            error = model.unconfirmed(last.reason, sure=False)
        self.attempt(lambda: workflow.carry_over(review, by=self.people[who]), error=error)
        if error is None:
            model.note(who, "carry over", expected.version, f"Version {last.version}, decided by {last.by}")
            model.decide(expected, who, last.state, VERDICTS[last.state][1], last.reason)
            if last.state == "approved" and expected.version >= model.live:
                model.go_live(expected.version, who, expected)

    @rule(who=PEOPLE)
    def unpublish(self, who):
        error = (
            PermissionDenied if who not in MODERATORS else None if self.model.live else workflow.WorkflowError
        )
        self.attempt(
            lambda: workflow.unpublish(self.article, by=self.people[who], reason="Off."), error=error
        )
        if error is None:
            self.model.note(who, "unpublish", self.model.live, "Off.")
            self.model.live = 0

    @rule(who=MOSTLY_MODERATORS, whom=st.sampled_from([*AUTHORS, *MODERATORS]))
    def hold_or_no_longer(self, who, whom):
        """Make all edits of a person wait, or end that."""
        model, account = self.model, self.people[whom]
        error = PermissionDenied if who not in MODERATORS or who == whom else None
        standing = Standing.objects.filter(account=account).in_force("held").first()
        assert (standing is not None) is (whom in model.held)
        if standing:
            self.attempt(lambda: workflow.end_standing(standing, by=self.people[who]), error=error)
        else:
            self.attempt(lambda: workflow.hold(account, by=self.people[who], reason="Odd."), error=error)
        if error is None:
            model.log.append((who, "end hold" if standing else "hold", None, "" if standing else "Odd."))
            model.held ^= {whom}

    @rule(who=MOSTLY_MODERATORS, pick=PICK)
    def mark(self, who, pick):
        """Say that one looked at something that went live: nobody says it of their own text."""
        changes = LiveChange.objects.order_by("pk").select_related("revision", "before")
        if not (change := next(iter(changes[pick % 5 : pick % 5 + 1]), None)):
            return
        error = None if who in MODERATORS and who not in self.writers(change) else PermissionDenied
        self.attempt(lambda: workflow.mark_patrolled([change], by=self.people[who]), error=error)
        if error is None and change.seen_at is None:
            self.model.note(who, "patrol", change.revision.number, built_on=False)

    def writers(self, change):
        since = change.before.number if change.before else 0
        return {version.by for version in self.model.versions[since : change.revision.number]}

    # What always holds

    @invariant()
    def the_site_is_as_the_model_says(self):
        self.count_anew()
        live = Article.objects.values_list("published_revision__number", flat=True).get()
        assert (live or 0) == self.model.live
        rows = Review.objects.in_bulk(self.ids)
        assert [(rows[pk].state, rows[pk].reason, set(rows[pk].causes)) for pk in self.ids] == [
            (review.state, review.reason, review.causes) for review in self.model.reviews
        ]

    @invariant()
    def what_waits_says_what_it_would_say_if_all_were_counted_now(self):
        require_current()

    @invariant()
    def the_log_holds_everything_with_its_reason(self):
        rows = Event.objects.order_by("pk").values_list("actor_name", "action", "revision__number", "reason")
        assert list(rows) == self.model.log

    @invariant()
    def all_that_went_live_is_listed_and_looked_at_by_others_alone(self):
        changes = LiveChange.objects.order_by("pk").select_related("revision", "before")
        assert [change.revision.number for change in changes] == [
            number for _who, action, number, _reason in self.model.log if action == "publish"
        ]
        for change in changes:
            assert change.seen_by_name not in self.writers(change)

    @invariant()
    def what_deceives_is_live_only_where_another_person_approved_it(self):
        if not self.model.live:
            return
        live = self.revision(self.model.live).source
        approved = Review.objects.filter(state="approved").select_related("revision__body", "decided_by")
        for line in {
            line for version in self.model.versions for line in version.lines if line.kind == "alert"
        }:
            if f"Line {line.number} is" in " ".join(live.split()):
                assert any(
                    f"Line {line.number} is" in " ".join(review.revision.source.split())
                    and review.decided_by.username in MODERATORS
                    and review.decided_by.username != line.by
                    for review in approved
                ), line


def test_any_order_of_actions_agrees_with_the_model(db):
    run_state_machine_as_test(
        Moderation, settings=settings(max_examples=30, stateful_step_count=40, deadline=None)
    )
