"""Who may call each operation of the workflow and open each address, for every kind of account, from both sides."""

from datetime import timedelta
from inspect import signature
from io import StringIO
from itertools import product
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from articles import workflow
from articles.models import LiveChange, MailPreferences, ScratchCopy
from articles.people.preferences import Kind, When
from articles.people.preferring import opt_out_token
from articles.rules.conditions import Row
from articles.tasks import running
from articles.text.content import findings
from tests.conftest import FLAGGED, content
from tests.pictures import file
from tests.seals.conftest import SEED

AUTHORS = {"author", "other_author"}
MODERATORS = {"moderator", "administrator"}
NEWSROOM = AUTHORS | MODERATORS
ACCOUNTS = NEWSROOM | {"reader"}
EVERYBODY = ACCOUNTS | {"anonymous"}
ROLES = sorted(EVERYBODY)


@pytest.fixture
def person(request):
    def person(role):
        return AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)

    return person


@pytest.fixture
def site(author, moderator, administrator, settings, tmp_path):
    """Something for each operation: written by the author, and decided, begun or proposed by the moderator."""
    settings.MEDIA_ROOT = tmp_path
    troubled = {kind: User.objects.create_user(kind) for kind in ("held", "muted", "suspended", "swept")}
    for account in troubled.values():
        account.groups.set(Group.objects.filter(name="authors"))

    def write(slug, source="Text.\n", *, by=author, **changes):
        return workflow.save_revision(None, by=by, content=content(source, slug=slug, **changes))

    def submitted(slug, source="Text.\n", *, by=author, **changes):
        return workflow.submit(write(slug, source, by=by, **changes), by=by)

    def live(slug):
        review = submitted(slug, tags=("shore",))
        workflow.approve(review, by=moderator)
        return review.revision.article

    site = SimpleNamespace(accounts=troubled, draft=write("draft"), pending=submitted("pending"))
    site.public = live("live")
    site.decided = submitted("decided")
    workflow.reject(site.decided, by=moderator, reason="No.")
    site.decided.refresh_from_db()
    site.archived = write("archived").article
    workflow.archive(site.archived, by=author)
    site.tagged = workflow.add_tag(write("tagged"), by=author, tag="tides")
    site.change = LiveChange.objects.get(article=site.public)
    LiveChange.objects.filter(pk=site.change.pk).update(how=LiveChange.How.DIRECT, seen_at=None)
    site.marked = LiveChange.objects.get(article=live("marked"))
    LiveChange.objects.filter(pk=site.marked.pk).update(
        how=LiveChange.How.DIRECT, seen_by=moderator, seen_by_name="moderator", seen_at=timezone.now()
    )
    site.planned = submitted("planned")
    starts = timezone.now() + timedelta(days=1)
    workflow.schedule(site.planned.revision, by=moderator, starts_at=starts, zone="UTC")
    site.starts = starts
    site.repeated = _with_decision_to_carry(submitted, by=moderator)
    site.flagged = write("flagged", FLAGGED)
    site.finding = findings(site.flagged.content)[0]
    site.allowance = workflow.allow("é", by=moderator, kind="character", article=site.public, reason="So.")
    site.proposed = workflow.allow("ü", by=moderator, kind="character", scope="site", reason="So.")
    site.remark = workflow.remark(site.draft, by=author, text="Why?")
    site.settled = workflow.remark(site.draft, by=author, text="How?")
    workflow.resolve(site.settled, by=author)
    site.hiding = workflow.hide(
        site.public.published_revision, by=administrator, parts=["summary"], reason="A."
    )
    site.image = workflow.upload_image(ContentFile(file()), alt="", by=author)
    site.brought = _import("brought", by=administrator)
    site.rule, site.replay = _rule("off", by=administrator)
    workflow.cancel_replay(workflow.start_replay(site.rule, by=administrator), by=administrator)
    site.cancelled = site.rule.latest.replays.order_by("pk").last()
    site.on, _ = _rule("on", by=administrator)
    workflow.switch_on(site.on, by=administrator, seen=1)
    site.standings = {
        "held": workflow.hold(troubled["held"], by=moderator, reason="So."),
        "muted": workflow.mute(troubled["muted"], by=moderator, reason="So."),
        "suspended": workflow.suspend(troubled["suspended"], by=administrator, reason="So."),
    }
    site.batch = workflow.decide_many(
        [submitted("batch")], by=moderator, decision="reject", reason="No.", seen={}
    )
    _sweeps(site, submitted, by=moderator)
    _, site.running = _rule("unfinished", by=administrator, run=False)
    site.preferences = MailPreferences(account=author)
    settings.SEAL_KEY = SEED
    call_command("seal", stdout=StringIO())
    _keep(site, author)
    site.copy = ScratchCopy.objects.get()
    return site


def _with_decision_to_carry(submit, *, by):
    """Return a pending review whose article was rejected with the same text before."""
    review = submit("repeated", "One. Two.\n")
    workflow.reject(review, by=by, reason="No.")
    author = review.revision.author
    spaced = content("One.  Two.\n", slug="repeated")
    again = workflow.save_revision(review.revision.article, by=author, content=spaced, base=1)
    return workflow.submit(again, by=author)


def _import(slug, *, by):
    """What comes of bringing in one version of a page."""
    versions = [workflow.PastVersion("1", content(slug=slug))]
    return workflow.import_versions(None, versions, slug=slug, source="wiki", key=slug, name=slug, by=by)


def _rule(name, *, by, run=True):
    rows = (Row("text", "contains", "nothing of the kind"),)
    text = workflow.RuleText(name=name, needs="all", rows=rows, action="note")
    rule = workflow.write_rule(None, by=by, text=text)
    replay = workflow.start_replay(rule, by=by)
    if run:
        running.work(until_idle=True)
    return rule, replay


def _sweeps(site, submit, *, by):
    """Add a sweep that has ended, one that runs, and what is left to sweep, of three accounts."""
    site.period = {
        "since": timezone.now() - timedelta(days=1),
        "until": timezone.now() + timedelta(days=1),
        "kinds": ["reject"],
    }
    for name, run in (("swept", True), ("muted", False), ("held", None)):
        account = site.accounts[name]
        submit(f"by-{name}", by=account)
        if run is not None:
            seen = workflow.digest_of(workflow.plan_sweep(account, by=by, **site.period))
            made = workflow.sweep(account, by=by, reason="So.", seen=seen, **site.period)
            setattr(site, f"sweep_of_{name}", made)
        if run:
            running.work(until_idle=True)


def _sweep(site, by):
    seen = workflow.digest_of(workflow.plan_sweep(site.accounts["held"], by=by, **site.period))
    return workflow.sweep(site.accounts["held"], by=by, reason="So.", seen=seen, **site.period)


def _keep(site, by):
    workflow.keep_scratch_copy(None, by=by, token="a" * 32, edits=1, fields={"title": "T"})


PROPOSAL = {"kind": "character", "scope": "article", "reason": "So."}

# Of each operation: who may call it, and a call. The author wrote what the site has; the moderator decided it.
OPERATIONS = {
    "add_tag": (NEWSROOM, lambda site, by: workflow.add_tag(site.draft, by=by, tag="sea")),
    "allow": (MODERATORS, lambda site, by: workflow.allow("ß", by=by, article=site.public, **PROPOSAL)),
    "allow_finding": (
        MODERATORS,
        lambda site, by: workflow.allow_finding(site.flagged, site.finding, by=by, **PROPOSAL),
    ),
    "answer": (NEWSROOM, lambda site, by: workflow.answer(site.remark, by=by, text="So.")),
    "appeal": ({"author"}, lambda site, by: workflow.appeal(site.decided, by=by, text="Look again.")),
    "approve": (MODERATORS, lambda site, by: workflow.approve(site.pending, by=by)),
    "archive": (NEWSROOM, lambda site, by: workflow.archive(site.draft.article, by=by)),
    "ask_opinion": (MODERATORS, lambda site, by: workflow.ask_opinion(site.pending, by=by, text="Why?")),
    "cancel_replay": ({"administrator"}, lambda site, by: workflow.cancel_replay(site.running, by=by)),
    "cancel_sweep": (MODERATORS, lambda site, by: workflow.cancel_sweep(site.sweep_of_muted, by=by)),
    "carry_over": (MODERATORS, lambda site, by: workflow.carry_over(site.repeated, by=by)),
    "choose_mail": (
        {"author"},
        lambda site, by: workflow.choose_mail(
            site.preferences, by=by, language="en", when=dict.fromkeys(Kind, When.DAILY)
        ),
    ),
    "claim": (MODERATORS, lambda site, by: workflow.claim(site.pending, by=by)),
    "confirm_allowance": (
        {"administrator"},
        lambda site, by: workflow.confirm_allowance(site.proposed, by=by),
    ),
    "decide_many": (
        MODERATORS,
        lambda site, by: workflow.decide_many([site.pending], by=by, decision="approve", seen={}),
    ),
    "decline_allowance": (
        MODERATORS,
        lambda site, by: workflow.decline_allowance(site.proposed, by=by, reason="No."),
    ),
    "delete_account": (
        {"administrator"},
        lambda site, by: workflow.delete_account(User.objects.get(username="swept"), by=by),
    ),
    "delete_image": ({"author"} | MODERATORS, lambda site, by: workflow.delete_image(site.image, by=by)),
    "discard_scratch_copy": ({"author"}, lambda site, by: workflow.discard_scratch_copy(site.copy, by=by)),
    "duplicate": (NEWSROOM, lambda site, by: workflow.duplicate(site.draft, by=by)),
    "end_standing, held": (MODERATORS, lambda site, by: workflow.end_standing(site.standings["held"], by=by)),
    "end_standing, suspended": (
        {"administrator"},
        lambda site, by: workflow.end_standing(site.standings["suspended"], by=by),
    ),
    "fix_and_approve": (
        MODERATORS,
        lambda site, by: workflow.fix_and_approve(
            site.pending, by=by, content=content("Fixed.\n", slug="pending")
        ),
    ),
    "hide": (
        {"administrator"},
        lambda site, by: workflow.hide(site.draft, by=by, parts=["text"], reason="A."),
    ),
    "hide_many": (
        {"administrator"},
        lambda site, by: workflow.hide_many([site.draft], by=by, parts=["text"], reason="A."),
    ),
    "hold": (MODERATORS, lambda site, by: workflow.hold(site.accounts["swept"], by=by, reason="So.")),
    "import_versions": ({"administrator"}, lambda site, by: _import("new", by=by)),
    "keep_scratch_copy": (NEWSROOM, _keep),
    "mark_patrolled": (MODERATORS, lambda site, by: workflow.mark_patrolled([site.change], by=by)),
    "mark_patrolled_up_to": (MODERATORS, lambda site, by: workflow.mark_patrolled_up_to(site.change, by=by)),
    "mute": (MODERATORS, lambda site, by: workflow.mute(site.accounts["swept"], by=by, reason="So.")),
    "note_author": (
        MODERATORS,
        lambda site, by: workflow.note_author(site.accounts["swept"], by=by, text="So."),
    ),
    "note_review": (MODERATORS, lambda site, by: workflow.note_review(site.pending, by=by, text="So.")),
    "plan_sweep": (
        MODERATORS,
        lambda site, by: workflow.plan_sweep(site.accounts["held"], by=by, **site.period),
    ),
    "publish": (NEWSROOM, lambda site, by: workflow.publish(site.draft, by=by)),
    "reject": (MODERATORS, lambda site, by: workflow.reject(site.pending, by=by, reason="No.")),
    "remark": (NEWSROOM, lambda site, by: workflow.remark(site.draft, by=by, text="Why?")),
    "remove_tag": (NEWSROOM, lambda site, by: workflow.remove_tag(site.tagged, by=by, tag="tides")),
    "renew_feed": (MODERATORS, lambda site, by: workflow.renew_feed(by=by)),
    "reopen": (NEWSROOM, lambda site, by: workflow.reopen(site.settled, by=by)),
    "request_changes": (
        MODERATORS,
        lambda site, by: workflow.request_changes(site.pending, by=by, reason="No."),
    ),
    "resolve": (NEWSROOM, lambda site, by: workflow.resolve(site.remark, by=by)),
    "restore": (NEWSROOM, lambda site, by: workflow.restore(site.draft, by=by)),
    "resume_replay": ({"administrator"}, lambda site, by: workflow.resume_replay(site.cancelled, by=by)),
    "revoke": (MODERATORS, lambda site, by: workflow.revoke(site.allowance, by=by)),
    "save_revision, new": (
        NEWSROOM,
        lambda site, by: workflow.save_revision(None, by=by, content=content(slug="new")),
    ),
    "save_revision": (
        NEWSROOM,
        lambda site, by: workflow.save_revision(
            site.draft.article, by=by, content=content("More.\n", slug="draft"), base=1
        ),
    ),
    "schedule": (
        MODERATORS,
        lambda site, by: workflow.schedule(site.draft, by=by, starts_at=site.starts, zone="UTC"),
    ),
    "settle_import": (
        {"administrator"},
        lambda site, by: workflow.settle_import(
            site.brought.page, site.brought.revisions[-1], workflow.ImportState.DRAFT, by=by
        ),
    ),
    "start_replay": ({"administrator"}, lambda site, by: workflow.start_replay(site.rule, by=by)),
    "submit": (NEWSROOM, lambda site, by: workflow.submit(site.draft, by=by)),
    "suspend": (
        {"administrator"},
        lambda site, by: workflow.suspend(site.accounts["swept"], by=by, reason="So."),
    ),
    "sweep": (MODERATORS, _sweep),
    "switch_off": ({"administrator"}, lambda site, by: workflow.switch_off(site.on, by=by)),
    "switch_on": ({"administrator"}, lambda site, by: workflow.switch_on(site.rule, by=by, seen=1)),
    "take_back_many": ({"moderator"}, lambda site, by: workflow.take_back_many(site.batch, by=by)),
    "take_over": (MODERATORS, lambda site, by: workflow.take_over(site.pending, by=by)),
    "unarchive": (NEWSROOM, lambda site, by: workflow.unarchive(site.archived, by=by)),
    "undo": ({"moderator"}, lambda site, by: workflow.undo(site.decided, by=by)),
    "undo_sweep": ({"moderator"}, lambda site, by: workflow.undo_sweep(site.sweep_of_swept, by=by)),
    "unhide": ({"administrator"}, lambda site, by: workflow.unhide(site.hiding, by=by)),
    "unmark_patrolled": (MODERATORS, lambda site, by: workflow.unmark_patrolled(site.marked, by=by)),
    "unpublish": (MODERATORS, lambda site, by: workflow.unpublish(site.public, by=by)),
    "unschedule": (MODERATORS, lambda site, by: workflow.unschedule(site.planned.revision.article, by=by)),
    "upload_image": (NEWSROOM, lambda site, by: workflow.upload_image(ContentFile(file()), alt="", by=by)),
    "watch": (MODERATORS, lambda site, by: workflow.watch(site.public, by=by)),
    "withdraw": ({"author"}, lambda site, by: workflow.withdraw(site.pending, by=by)),
    "write_rule": (
        {"administrator"},
        lambda site, by: workflow.write_rule(None, by=by, text=workflow.RuleText.of(site.rule.latest)),
    ),
}
# They ask, are called by other operations, or end what is one's own, whatever else one may do.
ALWAYS = {
    *("decides_on", "may_publish_at_once", "require_reviewer", "notify_of_entry"),
    *("release", "unwatch", "end_feed"),
}


def test_table_has_every_operation():
    functions = {name: getattr(workflow, name) for name in workflow.__all__ if name.islower()}
    operations = {name for name, each in functions.items() if "by" in signature(each).parameters}

    assert {name.partition(",")[0] for name in OPERATIONS} == operations - ALWAYS


def test_who_may_call_each_operation(site, person, subtests):
    for role, (name, (allowed, act)) in product(ROLES, OPERATIONS.items()):
        by = person(role)
        with subtests.test(f"{name} by {role}"), transaction.atomic():
            if role in allowed:
                act(site, by)
            else:
                with pytest.raises(PermissionDenied):
                    act(site, by)
            transaction.set_rollback(True)


NUMBERED, SIDES = {"slug": "live", "number": 1}, {"slug": "live", "old": 1, "new": 1}
OWN = "articles_article"

# Of each address: who gets in, by GET or else by POST, and what its parameters are; those of a function are of a site.
ADDRESSES = {
    "article-list": (EVERYBODY, "GET", {}),
    **{
        name: (EVERYBODY, "GET", {})
        for name in (
            *(
                "article-index",
                "search",
                "feed",
                "feed-json",
                "sitemap",
                "robots",
                "open-search",
                "llms",
                "favicon",
            ),
            *("tag-list", "language-list", "author-list", "archive"),
        )
    },
    "accent": (EVERYBODY, "GET", {}),
    "seal-checkpoint": (EVERYBODY, "GET", {}),
    "seal-key": (EVERYBODY, "GET", {}),
    "seal-tile": (EVERYBODY, "GET", {"level": "0", "place": "000", "width": "1"}),
    "sitemap-part": (EVERYBODY, "GET", {"number": 1}),
    "tag": (EVERYBODY, "GET", {"value": "shore"}),
    "language": (EVERYBODY, "GET", {"value": "en"}),
    "author": (EVERYBODY, "GET", {"value": "author"}),
    "month": (
        EVERYBODY,
        "GET",
        lambda site: {"year": f"{timezone.now():%Y}", "month": f"{timezone.now():%m}"},
    ),
    "article-twin": (EVERYBODY, "GET", {"slug": "live"}),
    "article": (EVERYBODY, "GET", {"slug": "live"}),
    "history": (EVERYBODY, "GET", {"slug": "live"}),
    "article-corrections": (EVERYBODY, "GET", {"slug": "live"}),
    "corrections": (EVERYBODY, "GET", {}),
    "corrections-feed": (EVERYBODY, "GET", {}),
    "revision": (EVERYBODY, "GET", NUMBERED),
    "source": (EVERYBODY, "GET", NUMBERED),
    "proof": (EVERYBODY, "GET", {"slug": "marked", "number": 1}),
    "authors": (EVERYBODY, "GET", NUMBERED),
    "authors-json": (EVERYBODY, "GET", NUMBERED),
    "compare": (EVERYBODY, "GET", SIDES),
    "compare-json": (EVERYBODY, "GET", SIDES),
    "compare-diff": (EVERYBODY, "GET", SIDES),
    "image": (EVERYBODY, "GET", lambda site: {"file": site.image.name.file()}),
    "set-language": (EVERYBODY, "POST", {}),
    "mail-stop": (EVERYBODY, "GET", {}),
    "change-feed": (set(), "GET", {}),  # it has a secret of its own
    "mail": (ACCOUNTS, "GET", {}),
    "queue": (MODERATORS, "GET", {}),
    "queue-live": (MODERATORS, "GET", {}),
    "queue-bulk": (MODERATORS, "POST", {}),
    "decide-many": (MODERATORS, "POST", {}),
    "batch": ({"moderator"}, "GET", lambda site: site.batch),
    "batch-take-back": ({"moderator"}, "POST", lambda site: site.batch),
    "review": (MODERATORS, "GET", lambda site: site.pending),
    "review-claim": (MODERATORS, "POST", lambda site: site.pending),
    "review-undo": ({"moderator"}, "POST", lambda site: site.decided),
    "review-notes": (MODERATORS, "GET", lambda site: site.pending),
    "review-talk": (MODERATORS, "POST", lambda site: site.pending),
    "review-fix": (MODERATORS, "POST", lambda site: site.pending),
    "review-carry-over": (MODERATORS, "POST", lambda site: site.repeated),
    "compare-across": (
        MODERATORS,
        "GET",
        lambda site: {"old": site.draft.pk, "new": site.pending.revision_id},
    ),
    "changes": (MODERATORS, "GET", {}),
    "changes-mark": (MODERATORS, "POST", {}),
    "change-unmark": (MODERATORS, "POST", lambda site: site.marked),
    "change-feed-address": (MODERATORS, "GET", {}),
    "watched": (MODERATORS, "GET", {}),
    "watch": (MODERATORS, "POST", lambda site: site.public),
    "allowances": (MODERATORS, "GET", {}),
    "allowance-add": (MODERATORS, "GET", {}),
    "allowance": (MODERATORS, "GET", lambda site: site.proposed),
    "hidings": ({"administrator"}, "GET", {}),
    "hide": ({"administrator"}, "GET", lambda site: site.draft),
    "unhide": ({"administrator"}, "POST", lambda site: site.hiding),
    "rules": (MODERATORS, "GET", {}),
    "rule": (MODERATORS, "GET", lambda site: site.rule),
    "rule-hits": (MODERATORS, "GET", lambda site: site.rule),
    "rule-add": ({"administrator"}, "GET", {}),
    "rule-replay": ({"administrator"}, "POST", lambda site: site.rule),
    "rule-switch": ({"administrator"}, "POST", lambda site: site.rule),
    "people": (MODERATORS, "GET", {}),
    "person": (MODERATORS, "GET", lambda site: site.accounts["held"]),
    "sweep-plan": (MODERATORS, "GET", lambda site: site.accounts["held"]),
    "sweep": (MODERATORS, "GET", lambda site: site.sweep_of_swept),
    "sweep-change": (MODERATORS, "POST", lambda site: site.sweep_of_swept),
    "log": (MODERATORS, "GET", {}),
    "log-csv": (MODERATORS, "GET", {}),
    "log-jsonl": (MODERATORS, "GET", {}),
    "reviews-csv": (MODERATORS, "GET", {}),
    "report": (MODERATORS, "GET", {}),
    "admin:index": (NEWSROOM, "GET", {}),
    "admin:password_change": (NEWSROOM, "GET", {}),
    f"admin:{OWN}_changelist": (NEWSROOM, "GET", {}),
    f"admin:{OWN}_add": (NEWSROOM, "GET", {}),
    f"admin:{OWN}_change": (NEWSROOM, "GET", lambda site: {"object_id": site.draft.article_id}),
    f"admin:{OWN}_delete": (set(), "GET", lambda site: {"object_id": site.draft.article_id}),
    f"admin:{OWN}_live": (NEWSROOM, "POST", {}),
    f"admin:{OWN}_find": (NEWSROOM, "GET", {}),
    f"admin:{OWN}_tags": (NEWSROOM, "GET", {}),
    f"admin:{OWN}_paste": (NEWSROOM, "POST", {}),
    f"admin:{OWN}_account": (EVERYBODY, "GET", {}),
    f"admin:{OWN}_present": (NEWSROOM, "GET", lambda site: site.draft.article),
    f"admin:{OWN}_unsaved": (ACCOUNTS, "GET", {}),
    f"admin:{OWN}_keep": (NEWSROOM, "POST", {}),
    f"admin:{OWN}_look": ({"author"}, "GET", lambda site: site.copy),
    f"admin:{OWN}_discard": ({"author"}, "POST", lambda site: site.copy),
    f"admin:{OWN}_bulk": (NEWSROOM, "POST", {"name": "submit"}),
    f"admin:{OWN}_unpublish": (MODERATORS, "POST", lambda site: site.public),
    f"admin:{OWN}_schedule": (MODERATORS, "GET", lambda site: site.draft.article),
    f"admin:{OWN}_unschedule": (MODERATORS, "POST", lambda site: site.planned.revision.article),
    f"admin:{OWN}_withdraw": ({"author"}, "POST", lambda site: site.pending.revision.article),
    f"admin:{OWN}_talk": (NEWSROOM, "POST", lambda site: site.draft.article),
    f"admin:{OWN}_archive": (NEWSROOM, "POST", lambda site: site.draft.article),
    f"admin:{OWN}_unarchive": (NEWSROOM, "POST", lambda site: site.archived),
    f"admin:{OWN}_duplicate": (NEWSROOM, "POST", lambda site: site.draft.article),
    f"admin:{OWN}_restore": (
        NEWSROOM,
        "POST",
        lambda site: {"pk": site.draft.article_id, "number": 1},
    ),
    "admin:articles_image_changelist": (NEWSROOM, "GET", {}),
    "admin:articles_image_add": (NEWSROOM, "GET", {}),
    "admin:articles_image_find": (NEWSROOM, "GET", {}),
    "admin:articles_image_change": (NEWSROOM, "GET", lambda site: {"object_id": site.image.pk}),
    "admin:articles_image_delete": (
        {"author", *MODERATORS},
        "GET",
        lambda site: {"object_id": site.image.pk},
    ),
    "admin:articles_reasontemplate_changelist": (MODERATORS, "GET", {}),
    "admin:articles_reasontemplate_add": (MODERATORS, "GET", {}),
    "admin:articles_backgroundtask_changelist": ({"administrator"}, "GET", {}),
    "admin:articles_backgroundtask_add": (set(), "GET", {}),
    "admin:auth_user_changelist": ({"administrator"}, "GET", {}),
    "admin:auth_user_add": ({"administrator"}, "GET", {}),
    "admin:auth_group_changelist": ({"administrator"}, "GET", {}),
}


def test_table_has_every_address():
    resolver = get_resolver()
    names = {name for name in resolver.reverse_dict if isinstance(name, str)}
    of_admin = resolver.namespace_dict["admin"][1].reverse_dict
    own = {f"admin:{name}" for name in of_admin if isinstance(name, str) and name.startswith("articles_")}

    assert names <= ADDRESSES.keys()
    of_django = ("_history", "_change", "_delete")
    assert {name for name in own - ADDRESSES.keys() if not name.endswith(of_django)} == set()


def parameters_of(given, site):
    found = given(site) if callable(given) else given
    return found if isinstance(found, dict) else {"pk": found.pk}


def test_who_gets_in_at_each_address(site, person, subtests, author):
    said = {"remark": 1, "text": "Why?"}
    fields = {
        "mail-stop": {"token": opt_out_token(author, "replies")},
        "review-talk": said,
        f"admin:{OWN}_talk": said,
    }
    clients = {role: Client() for role in ROLES}
    for role in ACCOUNTS:
        clients[role].force_login(person(role))
    for role, (name, (allowed, method, given)) in product(ROLES, ADDRESSES.items()):
        with subtests.test(f"{name} for {role}"), transaction.atomic():
            address = reverse(name, kwargs=parameters_of(given, site))
            fields[f"admin:{OWN}_keep"] = {"account": person(role).pk or "", "copy": "a" * 32, "edits": 1}
            response = getattr(clients[role], method.lower())(address, fields.get(name))
            is_at_login = response.headers.get("Location", "").startswith(reverse("admin:login"))
            is_in = response.status_code not in (401, 403, 404) and not is_at_login
            assert response.status_code not in (405, 410, 429)
            assert is_in is (role in allowed), response.status_code
            transaction.set_rollback(True)
