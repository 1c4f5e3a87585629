"""What moderators remembered as fine: what it silences, for how long, and what it never touches."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Allowance, Article, Event, IntroducedFinding, Review, Revision
from articles.text.content import findings
from tests.conftest import CLEAN, FLAGGED, content

A = "\N{CYRILLIC SMALL LETTER A}"
WORD = f"p{A}per"
OTHER = f"The h{A}t by the door.\n"
SPOOF = f"See [it](https://p{A}yment.example.org/).\n"


def text(response):
    return response.content.decode()


def first(revision):
    return findings(Revision.objects.with_text().get(pk=revision.pk).content)[0]


@pytest.fixture
def flagged(save):
    return save(FLAGGED)


@pytest.fixture
def allow(moderator, confirmed):
    """Allows the first finding of a revision; a second moderator confirms what takes two."""

    def allow(revision, *, kind="word", by=moderator, **rest):
        fields = {"reason": "A name."} | rest
        return confirmed(workflow.allow_finding(revision, first(revision), by=by, kind=kind, **fields))

    return allow


def shown(revision):
    revision = Revision.objects.with_text().get(pk=revision.pk)
    return workflow.split_findings(
        findings(revision.content), revision.content, article=revision.article_id
    ).shown


def elsewhere(by, source=FLAGGED, slug="elsewhere", **fields):
    return workflow.save_revision(None, by=by, content=content(source, slug=slug, **fields))


# What it silences


@pytest.mark.parametrize("kind", ["character", "word"])
def test_finding_is_silent_in_its_article_and_speaks_elsewhere(flagged, allow, author, kind):
    allow(flagged, kind=kind)

    assert not shown(flagged)
    assert shown(elsewhere(author))


def test_word_silences_that_word_alone_a_character_every_word(flagged, allow, save):
    both = save(FLAGGED + OTHER)

    word = allow(flagged, kind="word")
    assert len(shown(both)) == 1
    workflow.revoke(word, by=word.allowed_by)
    allow(flagged, kind="character")
    assert not shown(both)


@pytest.mark.parametrize(
    ("scope", "language", "silent"),
    [("site", "de", True), ("language", "en-GB", True), ("language", "de", False), ("article", "en", False)],
)
def test_scope_says_where_it_reaches(flagged, allow, author, scope, language, silent):
    allow(flagged, scope=scope)

    assert (not shown(elsewhere(author, language=language))) is silent


def test_row_rule_and_object_rule_of_reach_agree(flagged, allow, author):
    other = elsewhere(author, language="de-AT")
    for scope in Allowance.Scope.values:
        allowance = allow(flagged, scope=scope)
        for revision in (flagged, other):
            rows = Allowance.objects.reaching(revision.article_id, revision.language)
            assert (allowance in rows) is allowance.reaches(revision.article_id, revision.language), scope


def test_place_is_silent_until_the_words_around_it_change(flagged, allow, save):
    allow(flagged, scope="here")

    assert not shown(flagged)
    assert not shown(save(f"A line before.\n\n{FLAGGED}"))
    assert shown(save(FLAGGED.replace("by the door", "by the gate")))
    assert not shown(save(FLAGGED))


def test_allowance_for_a_warning_never_silences_an_alert(flagged, allow, save):
    allow(flagged, kind="character", scope="site")

    assert [item.finding.severity for item in shown(save(f"`p{A}per`\n"))] == ["alert"]


def test_letter_allowed_in_words_still_speaks_in_a_host_name(save, allow):
    code = save(f"`p{A}per`\n")
    allow(code, kind="character", scope="site")

    assert not shown(code)
    assert {item.finding.where for item in shown(save(SPOOF))} == {"host"}


def test_domain_is_allowed_as_a_whole(save, allow, author):
    spoof = save(SPOOF)
    allow(spoof, kind="domain", scope="site")

    assert not shown(spoof)
    assert shown(elsewhere(author, SPOOF.replace("example.org", "example.net")))


def test_allowance_ends_after_its_last_day(flagged, allow):
    today = timezone.localdate()
    allowance = allow(flagged, until=today)
    assert not shown(flagged)

    Allowance.objects.filter(pk=allowance.pk).update(until=today - timedelta(days=1))

    assert shown(flagged)
    assert not Allowance.objects.get().is_active


def test_revoked_allowance_silences_nothing_and_its_row_stays(flagged, allow, moderator):
    workflow.revoke(allow(flagged), by=moderator, reason="It was a spinner after all.")

    assert shown(flagged)
    row = Allowance.objects.get()
    assert (row.revoked_by, row.revoked_by_name) == (moderator, "moderator")
    event = Event.objects.get(action="revoke")
    assert (event.actor, event.reason) == (moderator, "It was a spinner after all.")
    assert WORD in event.detail


def test_no_scan_no_stored_finding_and_no_counter_changes(flagged, allow):
    def record():
        revision = Revision.objects.with_text().get(pk=flagged.pk)
        rendering = revision.renderings.latest()
        return (
            findings(revision.content),
            list(IntroducedFinding.objects.values()),
            rendering.alerts,
            rendering.warnings,
        )

    before = record()
    for scope in Allowance.Scope.values:
        allow(flagged, scope=scope)

    assert record() == before


# What it means for waiting


def test_allowed_finding_does_not_make_a_revision_wait(flagged, allow, moderator):
    allow(flagged)

    assert workflow.publish(flagged, by=moderator) is None


def test_what_is_not_allowed_still_makes_it_wait(flagged, allow, save, moderator):
    allow(flagged)

    review = workflow.publish(save(FLAGGED + OTHER), by=moderator)

    assert (review.causes[0], review.warnings) == (Review.Cause.WARNING, 1)


def test_own_allowance_does_not_let_own_text_through(save, allow, moderator, administrator):
    own = save(FLAGGED, by=moderator)
    allow(own, by=moderator)
    assert not shown(own)

    review = workflow.publish(own, by=moderator)

    assert review.causes == [Review.Cause.WARNING]
    workflow.withdraw(review, by=moderator)
    allow(own, by=administrator, scope="site")
    assert workflow.publish(own, by=moderator) is None


def test_allowance_that_the_author_confirmed_does_not_count_for_their_text(
    save, allow, moderator, second_moderator
):
    allow(save(FLAGGED), by=moderator, scope="site")
    own = save(FLAGGED + "More.\n", by=second_moderator)

    assert workflow.publish(own, by=second_moderator).causes == [Review.Cause.WARNING]


def test_own_allowance_does_not_count_beneath_another_persons_edit(save, allow, moderator, author):
    own = save(FLAGGED, by=moderator)
    allow(own, by=moderator)

    assert workflow.publish(save(FLAGGED + CLEAN, by=author), by=moderator)


# Who may, and what is refused


@pytest.mark.parametrize("role", ["reader", "author", "moderator", "administrator"])
def test_who_may_allow_and_revoke(request, flagged, allow, role):
    person = request.getfixturevalue(role)
    standing = allow(flagged, scope="site")
    acts = (
        lambda: workflow.revoke(standing, by=person),
        lambda: workflow.allow_finding(flagged, first(flagged), by=person, kind="word", reason="A name."),
        lambda: workflow.allow("x", by=person, kind="word", scope="site", reason="Why."),
    )
    for act in acts:
        if role in ("moderator", "administrator"):
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "a\0"}, "reason"),
        ({"until": timezone.localdate() - timedelta(days=2)}, "until"),
        ({"until": timezone.localdate() + timedelta(days=3662)}, "until"),
        ({"until": date.max}, "until"),
        ({"scope": "article", "article": None}, "article"),
        ({"scope": "language"}, "language"),
        ({"scope": "language", "language": "x" * 36}, "language"),
        ({"scope": "here"}, "scope"),
        ({"scope": "everywhere"}, "scope"),
        ({"kind": "everything"}, "kind"),
        ({"value": ""}, "value"),
        ({"value": "a\nb"}, "value"),
        ({"value": "a\0b", "kind": "character"}, "value"),
        ({"value": "\ud800", "kind": "character"}, "value"),
        ({"value": "https://host.example", "kind": "domain"}, "value"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(moderator, change, field):
    fields = {"value": "x", "kind": "word", "scope": "site", "reason": "Why."} | change

    with pytest.raises(ValidationError) as refusal:
        workflow.allow(fields.pop("value"), by=moderator, **fields)

    assert list(refusal.value.message_dict) == [field]
    assert not Allowance.objects.exists()


@pytest.mark.parametrize(
    ("value", "kind", "says"),
    [
        ("a\u2028b", "word", "Character 2 (U+2028)"),
        ("a\x07b", "domain", "Character 2 (U+0007)"),
        ("\u202e\0", "character", "Character 2 (U+0000)"),
    ],
)
def test_control_characters_are_named(moderator, value, kind, says):
    with pytest.raises(ValidationError, match=re.escape(says)):
        workflow.allow(value, by=moderator, kind=kind, scope="site", reason="Why.")


def test_control_character_itself_can_be_allowed(moderator):
    assert (
        workflow.allow("\u202e", by=moderator, kind="character", scope="site", reason="Why.").value
        == "\u202e"
    )


def test_last_day_may_be_ten_years_ahead(flagged, allow):
    assert allow(flagged, until=timezone.localdate() + timedelta(days=3652)).until


def test_default_is_the_article_alone(flagged, allow, moderator):
    assert allow(flagged).scope == "article"
    article = flagged.article
    assert workflow.allow("x", by=moderator, kind="word", reason="Why.", article=article).article == article


def test_same_allowance_twice_is_refused_until_the_first_is_revoked(flagged, allow, moderator):
    standing = allow(flagged)
    with pytest.raises(workflow.AlreadyAllowed) as refusal:
        allow(flagged)
    assert refusal.value.standing == standing

    workflow.revoke(standing, by=moderator)
    allow(flagged)


def test_page_links_to_the_same_allowance(client, flagged, allow, moderator):
    standing = allow(flagged)
    client.force_login(moderator)

    page = text(allow_on_page(client, finding_url(flagged), POST))

    assert "This is allowed already, by moderator." in page
    assert f'href="{standing.get_absolute_url()}"' in page


def test_second_revocation_is_told_who_was_first(flagged, allow, moderator, administrator):
    allowance = allow(flagged)
    workflow.revoke(allowance, by=administrator)

    with pytest.raises(workflow.WorkflowError, match="administrator"):
        workflow.revoke(allowance, by=moderator)


def test_domain_finding_cannot_be_remembered_as_a_word(save, allow):
    with pytest.raises(ValidationError):
        allow(save(SPOOF), kind="word")


# Rows


@pytest.fixture
def now(monkeypatch):
    """The time that every operation of the test takes down."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.mark.parametrize(
    ("scope", "reach"),
    [
        ("here", ("tides", "", True)),
        ("article", ("tides", "", False)),
        ("language", (None, "en-gb", False)),
        ("site", (None, "", False)),
    ],
)
def test_row_of_a_finding_says_what_is_allowed_where_and_by_whom(save, allow, moderator, now, scope, reach):
    revision, until = save(FLAGGED, language="en-GB"), timezone.localdate()

    allowance = allow(revision, scope=scope, until=until)

    row = Allowance.objects.get()
    assert row == allowance
    assert (row.kind, row.value, row.severity, row.check_id) == ("word", WORD, "warning", "foreign-letter")
    assert (row.scope, row.revision, row.reason, row.until) == (scope, revision, "A name.", until)
    assert (row.article and row.article.slug, row.language, len(row.surroundings) == 64) == reach
    assert (row.allowed_by, row.allowed_by_name, row.allowed_at) == (moderator, "moderator", now)
    event = Event.objects.get(action="propose" if scope in ("language", "site") else "allow")
    points = "U+0070 U+0430 U+0070 U+0065 U+0072"
    assert event.detail == f"word “{WORD}” ({points}), {row.language or scope}"
    assert (event.actor, event.reason, event.revision) == (moderator, "A name.", revision)


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ({"scope": "site"}, ("Ab", "warning", None, "")),
        ({"scope": "site", "language": "RU"}, ("Ab", "warning", None, "")),
        ({"scope": "language", "language": "RU"}, ("Ab", "warning", None, "ru")),
        ({"scope": "article"}, ("Ab", "warning", "tides", "")),
        ({"scope": "site", "kind": "domain"}, ("ab", "alert", None, "")),
    ],
)
def test_row_that_was_typed_says_the_same(save, moderator, now, fields, row):
    article, until = save().article, timezone.localdate()

    workflow.allow(
        "Ab", by=moderator, **{"kind": "word", "reason": "Why.", "article": article, "until": until} | fields
    )

    made = Allowance.objects.get()
    assert (made.value, made.severity, made.article and made.article.slug, made.language) == row
    assert (made.scope, made.kind, made.reason, made.until) == (
        fields["scope"],
        fields.get("kind", "word"),
        "Why.",
        until,
    )
    assert (made.revision, made.surroundings, made.allowed_at) == (None, "", now)
    event = Event.objects.get(action__in=["allow", "propose"])
    assert event.article == made.article


def test_log_names_eight_code_points_at_most(moderator):
    allowance = workflow.allow("123456789", by=moderator, kind="word", scope="site", reason="Why.")

    assert allowance.code_points[:8] == Event.objects.get().detail.partition("(")[2].partition(")")[0].split()


def test_value_fits_its_column(moderator):
    for kind in ("word", "character"):
        fields = {"by": moderator, "kind": kind, "scope": "site", "reason": "Why."}
        workflow.allow("x" * 253, **fields)

        with pytest.raises(ValidationError, match="254 characters; at most 253 fit"):
            workflow.allow("x" * 254, **fields)


def test_every_wrong_field_is_named(moderator):
    def refused(value, scope):
        with pytest.raises(ValidationError) as refusal:
            workflow.allow(value, by=moderator, kind="word", scope=scope, reason="Why.")
        return refusal.value.message_dict

    assert refused("", "article") == {
        "value": ["Write the characters, the word or the domain to allow."],
        "article": ["Name the article by its address."],
    }
    assert refused("x", "language") == {"language": ["Name the language by its tag, such as ru."]}
    assert refused("x", "here") == {"scope": ["To allow a single place, start from its finding."]}


def test_kind_that_a_finding_does_not_offer_is_refused(flagged, allow):
    with pytest.raises(ValidationError) as refusal:
        allow(flagged, kind="domain")

    assert refusal.value.message_dict == {
        "kind": ["This finding cannot be allowed that way. Choose another kind."]
    }


@pytest.mark.parametrize(
    "change",
    [{"kind": "character"}, {"scope": "site"}, {"scope": "here"}, {"until": timezone.localdate()}],
    ids=lambda change: str(*change.values()),
)
def test_another_kind_or_reach_is_another_allowance(flagged, allow, change):
    allow(flagged)

    if "until" in change:
        with pytest.raises(ValidationError, match="allowed already"):
            allow(flagged, **change)
    else:
        allow(flagged, **change)


def test_same_word_up_to_another_severity_or_at_another_place_is_another_allowance(save, allow):
    allow(save(FLAGGED), scope="here")
    allow(save(FLAGGED.replace("door", "gate")), scope="here")
    allow(save(FLAGGED), scope="article")
    allow(save(f"`{WORD}`\n"), kind="character", scope="article")
    allow(save(f"p{A}per\n"), kind="character", scope="article")

    assert Allowance.objects.count() == 5


def test_row_tells_who_revoked_it_and_when(flagged, allow, moderator, administrator, now):
    allowance = allow(flagged)
    other = allow(flagged, kind="character")

    workflow.revoke(allowance, by=administrator)

    row = Allowance.objects.exclude(pk=other.pk).get()
    assert (row.revoked_by, row.revoked_by_name, row.revoked_at) == (administrator, "administrator", now)
    event = Event.objects.get(action="revoke")
    assert (event.reason, event.article, event.revision) == ("", flagged.article, flagged)


def test_reason_that_is_too_long_is_refused(flagged, allow, moderator):
    with pytest.raises(ValidationError, match="at most 2000"):
        allow(flagged, reason="x" * 2_001)
    allowance = allow(flagged, reason="x" * 2_000)

    with pytest.raises(ValidationError, match="at most 2000"):
        workflow.revoke(allowance, by=moderator, reason="x" * 2_001)


def test_what_can_be_allowed_of_a_finding(save):
    def offered(source):
        revision = save(source)
        return workflow.offers(revision, first(revision))

    assert offered(FLAGGED) == [("character", A), ("word", WORD)]
    assert offered(SPOOF) == [("domain", f"p{A}yment.example.org")]
    assert offered(f"p{A}{'y' * 251}\n") == [("character", A), ("word", f"p{A}{'y' * 251}")]
    assert offered(f"p{A}{'y' * 252}\n") == [("character", A)]


# Parting and counting


def test_nothing_is_read_where_nothing_is_found(flagged, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert workflow.split_findings((), flagged.content, article=flagged.article_id).shown == ()


def test_without_an_article_everything_is_shown(flagged, allow):
    allow(flagged, scope="site")
    found = findings(flagged.content)

    assert workflow.split_findings(found, flagged.content, article=None).shown == tuple(found)
    assert workflow.split_findings(iter(found), flagged.content, article=flagged.article_id).shown == ()


def test_finding_is_given_with_the_allowance_that_silences_it(flagged, allow):
    allowance = allow(flagged)
    found = findings(flagged.content)

    sifted = workflow.split_findings(found, flagged.content, article=flagged.article_id)

    assert sifted.allowed == ((found[0], allowance),)
    assert workflow.split_findings(
        found, flagged.content, article=flagged.article_id, allowances=[]
    ).shown == tuple(found)


def test_allowance_of_an_account_that_is_gone_counts(flagged, allow, moderator):
    allow(flagged)
    Allowance.objects.update(allowed_by=None)

    assert not shown(flagged)
    content = flagged.content
    sifted = workflow.split_findings(
        findings(content), content, article=flagged.article_id, not_by=[moderator.pk]
    )
    assert not sifted.shown


def counted(*revisions):
    """What readers are told of each, by number."""
    rows = Revision.objects.in_bulk([revision.pk for revision in revisions])
    counts = workflow.flagged({row: row.renderings.latest().flagged for row in rows.values()})
    return {rows[pk].number: number for pk, number in counts.items()}


def test_readers_are_told_of_what_is_left(save, allow):
    both = save(FLAGGED + OTHER + "A\u202eb.\n", summary=f"p{A}per")
    clean = save(CLEAN)
    assert counted(both, clean) == {1: 3, 2: 0}

    allow(both)

    assert counted(both, clean) == {1: 2, 2: 0}


def test_counter_stands_where_no_allowance_reaches(flagged, allow, author, django_assert_num_queries):
    allow(elsewhere(author))
    row = Revision.objects.get(pk=flagged.pk)

    with django_assert_num_queries(1):
        assert workflow.flagged({row: 7}) == {row.pk: 7}
    with django_assert_num_queries(0):
        assert workflow.flagged({row: 0}) == {row.pk: 0}


# What it silences where


def silenced(allowance, person):
    """The articles and characters of what an allowance covers, the newest version first."""
    candidates = workflow.candidates_for(allowance, seen_by=person).order_by("-pk")
    covered = workflow.covered_findings(allowance, candidates)
    return [(each.revision.slug, [item.finding.text for item in each.findings]) for each in covered]


def test_silenced_findings_are_those_of_the_article_or_language(flagged, allow, author, moderator):
    workflow.submit(flagged, by=author)
    other = elsewhere(author, FLAGGED + OTHER, slug="other", language="de-AT")
    workflow.submit(other, by=author)
    workflow.submit(elsewhere(author, CLEAN, slug="clean"), by=author)

    assert silenced(allow(flagged), moderator) == [("tides", [A])]
    assert silenced(allow(other, scope="language"), moderator) == [("other", [A])]
    assert silenced(allow(flagged, scope="site"), moderator) == [("other", [A]), ("tides", [A])]
    assert silenced(allow(other, kind="character", scope="site"), moderator) == [
        ("other", [A, A]),
        ("tides", [A]),
    ]


def test_only_what_the_allowance_itself_silences_is_told(save, allow, author, moderator):
    both = save(FLAGGED + "A th\u043ern.\n")
    workflow.submit(both, by=author)
    allow(save(f"p{A}y\n"), kind="character", scope="site")

    assert silenced(allow(save("A th\u043ern.\n"), scope="site"), moderator) == [("tides", ["\u043e"])]


def test_texts_without_such_characters_are_not_looked_at(flagged, allow, author, moderator):
    workflow.submit(flagged, by=author)
    workflow.submit(elsewhere(author, "A th\u043ern.\n", slug="thorn"), by=author)
    elsewhere(author, slug="draft")

    assert list(workflow.candidates_for(allow(flagged, scope="site"), seen_by=moderator)) == [flagged]


def test_silenced_domain_is_found_by_its_letters(save, allow, author, moderator):
    spoof = save(SPOOF)
    workflow.submit(spoof, by=author)

    assert silenced(allow(spoof, kind="domain", scope="site"), moderator) == [("tides", [A])]


def test_silenced_run_of_any_length_and_name_in_ascii_are_found(save, allow, author, moderator):
    run = "".join(chr(0xE0000 + ord(letter)) for letter in "x" * 120)
    hidden = save(f"door{run}\n")
    workflow.submit(hidden, by=author)
    assert silenced(allow(hidden, kind="character", scope="site"), moderator) == [("tides", [run])]

    name = save("See [it](https://xn--pyment-4nf.example.org/).\n")
    workflow.submit(name, by=author)
    assert silenced(allow(name, kind="domain", scope="site"), moderator) == [("tides", ["xn--pyment-4nf"])]


def test_silenced_text_that_is_hidden_is_not_shown(flagged, allow, author, moderator, administrator):
    workflow.approve(workflow.submit(flagged, by=author), by=moderator)
    allowance = allow(flagged)
    assert silenced(allowance, moderator) == [("tides", [A])]
    workflow.hide(flagged, by=administrator, parts=["text"], reason="Private.")

    assert silenced(allowance, moderator) == []


# Pages


def finding_url(found_in, item=None, **changes):
    item = item or first(found_in)
    place = {
        "revision": found_in.pk,
        "field": item.field,
        "start": item.finding.start,
        "check": item.finding.check,
    }
    return f"{reverse('allowance-add')}?{urlencode(place | changes)}"


POST = {"kind": "word", "scope": "article", "reason": "A name."}


def allow_on_page(client, url, fields, **options):
    """Look at what it silences first, then allow it."""
    looked = client.post(url, fields | {"preview": "1"})
    assert looked.status_code == 200
    return client.post(url, fields | {"allow": "1", "reach": looked.context.get("reach", "")}, **options)


def test_from_the_escaped_page_to_a_silent_page(client, flagged, moderator, administrator, author):
    workflow.approve(workflow.submit(flagged, by=author), by=administrator)
    client.force_login(moderator)
    page = text(client.get("/articles/tides/?escape=1"))
    url = finding_url(flagged)
    assert url.replace("&", "&amp;") in page

    form = text(client.get(url))
    assert f"word: {WORD}" in form
    done = allow_on_page(client, url, POST, follow=True)

    assert "(U+0430) stands in a Latin word" in text(done)  # what it silences, at once
    client.logout()
    assert "page-notice" not in text(client.get("/articles/tides/"))
    assert "odd character" not in text(client.get("/"))
    escaped = text(client.get("/articles/tides/?escape=1"))
    assert "1 allowed" in escaped
    assert "A name." not in escaped  # the reason is for moderators


def test_reader_is_told_of_what_is_not_allowed(client, allow, save, administrator, author):
    revision = save(FLAGGED + OTHER)
    workflow.approve(workflow.submit(revision, by=author), by=administrator)
    allow(revision)

    assert "This page holds 1 character" in text(client.get("/articles/tides/"))
    assert "1 odd character" in text(client.get("/"))


def test_page_of_a_review_leads_to_each_finding_and_folds_what_is_allowed(
    client, published, save, author, moderator, allow
):
    revision = save(CLEAN + FLAGGED + OTHER)
    review = workflow.submit(revision, by=author)
    found = findings(Revision.objects.get(pk=revision.pk).content)
    client.force_login(moderator)

    page = text(client.get(review.get_absolute_url()))
    assert all(finding_url(revision, item).replace("&", "&amp;") in page for item in found)
    allow(revision)

    page = text(client.get(review.get_absolute_url()))
    assert finding_url(revision, found[0]).replace("&", "&amp;") not in page
    assert "1 allowed" in page


def test_allowing_leads_back_to_the_review_that_waits_and_its_filter(client, flagged, author, moderator):
    review = workflow.submit(flagged, by=author)
    client.force_login(moderator)
    url = finding_url(flagged, queue="?level=warning")
    filtered = f"{review.get_absolute_url()}?level=warning"
    assert url.replace("&", "&amp;") in text(client.get(filtered))

    assert allow_on_page(client, url, POST).url == filtered


@pytest.mark.parametrize(
    "change",
    [
        {"revision": "999999"},
        {"revision": "x"},
        {"field": "nose"},
        {"start": "3"},
        {"start": ""},
        {"check": "x"},
    ],
)
def test_address_that_names_no_finding_is_not_found(client, flagged, moderator, change):
    client.force_login(moderator)

    assert client.get(finding_url(flagged)).status_code == 200
    assert client.get(finding_url(flagged, **change)).status_code == 404


def test_typed_allowance_takes_code_points(client, moderator):
    client.force_login(moderator)
    fields = {"kind": "character", "value": "U+202F U+00a0", "scope": "site", "reason": "French."}

    assert allow_on_page(client, reverse("allowance-add"), fields).status_code == 302

    assert Allowance.objects.get().value == "\u202f\u00a0"


@pytest.mark.parametrize(
    "change",
    [
        {"value": "U+110000"},
        {"value": "U+D800"},
        {"value": "U+0"},
        {"value": ""},
        {"scope": "here"},
        {"scope": "article", "article": "nowhere"},
        {"until": "yesterday"},
        {"reason": ""},
    ],
)
def test_wrong_form_says_so_and_allows_nothing(client, moderator, change):
    client.force_login(moderator)
    fields = {"kind": "character", "value": "x", "scope": "site", "reason": "Why."} | change

    response = allow_on_page(client, reverse("allowance-add"), fields)

    assert response.status_code == 200
    assert "errorlist" in text(response)
    assert not Allowance.objects.exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [("U+0430", True), ("name tides", True), ("moderator", True), ("nobody", False), (A, True)],
)
def test_list_is_searched_by_character_reason_article_and_person(
    client, flagged, allow, moderator, words, found
):
    allow(flagged, reason="A name.")
    client.force_login(moderator)

    page = client.get(reverse("allowances"), {"q": words}).context["page"]

    assert bool(list(page)) is found


def test_page_lists_live_and_waiting_versions_and_revokes(
    client, flagged, allow, author, moderator, administrator
):
    allowance = allow(flagged, scope="site")
    live = elsewhere(author, slug="live")
    workflow.approve(workflow.submit(live, by=author), by=administrator)
    workflow.submit(elsewhere(author, slug="waiting"), by=author)
    elsewhere(author, slug="draft")
    client.force_login(moderator)
    url = allowance.get_absolute_url()

    shown = {each.revision.slug for each in client.get(url).context["preview"].texts}
    assert shown == {"live", "waiting"}
    assert client.post(url, {"reason": "No."}).status_code == 302
    assert client.get(reverse("allowances")).context["count"] == 0
    assert client.get(reverse("allowances"), {"ended": 1}).context["count"] == 1


@pytest.fixture
def five_covered(flagged, allow, author, moderator, monkeypatch, client):
    """The address of an allowance that covers findings in five pending revisions, of which a page scans two."""
    monkeypatch.setattr("articles.moderator.allowances.SCANNED_PER_PAGE", 2)
    allowance = allow(flagged, scope="site")
    for n in range(5):
        workflow.submit(elsewhere(author, slug=f"n{n}"), by=author)
    client.force_login(moderator)
    return allowance.get_absolute_url()


def covered_slugs(response):
    return [each.revision.slug for each in response.context["preview"].texts]


def test_covered_findings_are_listed_page_by_page(five_covered, client):
    slugs, query = [], {}
    while True:
        response = client.get(five_covered, query)
        slugs.append(covered_slugs(response))
        if response.context["page"].after is None:
            break
        query = {"after": response.context["page"].after}

    assert slugs == [["n4", "n3"], ["n2", "n1"], ["n0"]]


def test_page_of_covered_findings_ends_after_so_much_text(five_covered, client, monkeypatch):
    monkeypatch.setattr("articles.moderator.allowances.MOST_SCANNED", 10)

    first = client.get(five_covered)

    assert covered_slugs(first) == ["n4"]
    assert covered_slugs(client.get(five_covered, {"after": first.context["page"].after})) == ["n3"]


def test_bookmarked_page_of_an_allowance_leads_to_the_revisions_after_the_named_one(five_covered, client):
    last = client.get(five_covered).context["preview"].texts[-1].revision

    page = client.get(five_covered, {"before": last.pk}, follow=True)

    assert page.redirect_chain == [(f"{five_covered}?after={last.pk}", 302)]
    assert covered_slugs(page) == ["n2", "n1"]


def test_queries_do_not_grow_with_findings_and_allowances(
    client, author, administrator, allow, django_assert_max_num_queries
):
    for n in range(6):
        revision = elsewhere(author, FLAGGED + OTHER * n, slug=f"n{n}")
        workflow.approve(workflow.submit(revision, by=author), by=administrator)
        allow(revision)

    for url, queries in (("/", 5), ("/articles/n3/", 17), ("/articles/n3/?escape=1", 19)):
        with django_assert_max_num_queries(queries):
            client.get(url)
    assert Article.objects.count() == 6


def test_long_value_finds_rows_that_keep_only_its_beginning(save, author, moderator):
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "buy at promo.example.com " * 5)
    revision = save(f"Text{hidden}.\n")
    workflow.submit(revision, by=author)
    (item,) = findings(revision.content)

    allowance = workflow.allow_finding(revision, item, by=moderator, kind="character", reason="A test.")

    assert len(allowance.value) > 100
    assert list(workflow.candidates_for(allowance, seen_by=moderator)) == [revision]
