"""What moderators remembered as fine: what it silences, for how long, and what it never touches."""

from datetime import timedelta
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
def allow(moderator):
    """Allows the first finding of a revision."""

    def allow(revision, *, kind="word", scope="article", by=moderator, **rest):
        return workflow.allow_finding(
            revision, first(revision), by=by, kind=kind, scope=scope, **{"reason": "A name."} | rest
        )

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
        lambda: allow(flagged, by=person),
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
        ({"scope": "article", "article": None}, "article"),
        ({"scope": "language"}, "language"),
        ({"scope": "here"}, "scope"),
        ({"value": ""}, "value"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(moderator, change, field):
    fields = {"value": "x", "kind": "word", "scope": "site", "reason": "Why."} | change

    with pytest.raises(ValidationError) as refusal:
        workflow.allow(fields.pop("value"), by=moderator, **fields)

    assert field in refusal.value.message_dict
    assert not Allowance.objects.exists()


def test_same_allowance_twice_is_refused_until_the_first_is_revoked(flagged, allow, moderator):
    standing = allow(flagged)
    with pytest.raises(ValidationError):
        allow(flagged)

    workflow.revoke(standing, by=moderator)
    allow(flagged)


def test_second_revocation_is_told_who_was_first(flagged, allow, moderator, administrator):
    allowance = allow(flagged)
    workflow.revoke(allowance, by=administrator)

    with pytest.raises(workflow.WorkflowError, match="administrator"):
        workflow.revoke(allowance, by=moderator)


def test_domain_finding_cannot_be_remembered_as_a_word(save, allow):
    with pytest.raises(ValidationError):
        allow(save(SPOOF), kind="word")


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


def test_from_the_escaped_page_to_a_silent_page(client, flagged, moderator, administrator, author):
    workflow.approve(workflow.submit(flagged, by=author), by=administrator)
    client.force_login(moderator)
    page = text(client.get("/articles/tides/?escape=1"))
    url = finding_url(flagged)
    assert url.replace("&", "&amp;") in page

    form = text(client.get(url))
    assert f"word: {WORD}" in form
    done = client.post(url, POST, follow=True)

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

    assert client.post(reverse("allowance-add"), fields).status_code == 302

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

    response = client.post(reverse("allowance-add"), fields)

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

    shown = {each.revision.slug for each in client.get(url).context["covered"]}
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
    return [each.revision.slug for each in response.context["covered"]]


def test_covered_findings_are_listed_page_by_page(five_covered, client):
    slugs, query = [], {}
    while True:
        response = client.get(five_covered, query)
        slugs.append(covered_slugs(response))
        if response.context["page"].after is None:
            break
        query = {"after": response.context["page"].after}

    assert slugs == [["n4", "n3"], ["n2", "n1"], ["n0"]]


def test_bookmarked_page_of_an_allowance_leads_to_the_revisions_after_the_named_one(five_covered, client):
    last = client.get(five_covered).context["covered"][-1].revision

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

    for url, queries in (("/", 5), ("/articles/n3/", 5), ("/articles/n3/?escape=1", 6)):
        with django_assert_max_num_queries(queries):
            client.get(url)
    assert Article.objects.count() == 6
