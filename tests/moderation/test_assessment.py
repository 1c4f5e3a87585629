"""What decides whether a revision waits, and what its risk counts."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Review
from articles.moderation.assessment import Assessment, assess, causes_to_wait, current
from articles.moderation.risk import Risk
from articles.text.checks import Severity
from articles.text.content.sketches import wording
from tests.conftest import CLEAN, FLAGGED, content

Cause = Review.Cause


def assessment(brought_in=(), *, agreed=True, **held):
    others = dict.fromkeys(("turned_down", "held", "reopened", "author_held"), False)
    kept = {"live": None, "risk": Risk(0, ()), "found": ()}
    return Assessment(introduced=Counter(brought_in), agreed=agreed, **kept, **others | held)


@pytest.mark.parametrize(
    ("assessment", "may_publish", "causes"),
    [
        (assessment(), True, []),
        (assessment([Severity.NOTICE]), True, []),
        (assessment(), False, [Cause.AUTHOR]),
        (assessment([Severity.WARNING]), True, [Cause.WARNING]),
        (assessment([Severity.ALERT]), True, [Cause.ALERT]),
        (assessment(agreed=False), True, [Cause.SANITIZERS]),
        (assessment(turned_down=True), True, [Cause.TURNED_DOWN]),
        (assessment(held=True), True, [Cause.RULE]),
        (assessment(reopened=True), True, [Cause.ALLOWANCE_ENDED]),
        (assessment(author_held=True), True, [Cause.HELD]),
        (
            assessment([Severity.WARNING, Severity.ALERT], agreed=False, turned_down=True, held=True),
            False,
            [Cause.SANITIZERS, Cause.TURNED_DOWN, Cause.RULE, Cause.ALERT, Cause.WARNING, Cause.AUTHOR],
        ),
    ],
)
def test_causes_to_wait_in_their_order(assessment, may_publish, causes):
    assert causes_to_wait(assessment, may_publish=may_publish) == causes


@pytest.fixture
def counted(save):
    """What the risk counts in a text that is saved on top of the live one."""

    def counted(source, **changes):
        return {str(part): count for part, count, _ in assess(save(source, **changes)).risk.parts}

    return counted


def decided(revision, states):
    """Keep decisions on a revision, the first one first."""
    now = timezone.now()
    fields = {
        "cause": "submitted",
        "causes": ["submitted"],
        "language": "en",
        "submitted_at": now,
        "decided_at": now,
    }
    fields |= {"revision": revision, "article": revision.article}
    Review.objects.bulk_create(Review(state=state, **fields) for state in states)


@pytest.fixture
def known(published, author, moderator):
    """The author of the live version, who is no newcomer."""
    decided(published, ["approved"] * 4)
    return author


def words(length):
    return ("Plain words here. " * (length // 18 + 1))[:length]


@pytest.mark.parametrize(("length", "size"), [(499, {}), (500, {"size": 1}), (1_000, {"size": 2})])
def test_size_counts_steps_of_500_written_code_points(known, counted, length, size):
    assert counted(CLEAN + words(length)) == size


@pytest.mark.parametrize(("length", "size"), [(499, {}), (500, {"size": 1})])
def test_size_counts_what_is_removed_as_well(known, save, moderator, counted, length, size):
    assert workflow.publish(save(CLEAN + words(length) + "\nEnd.\n"), by=moderator) is None

    assert counted(CLEAN + "\nEnd.\n").get("size", 0) == size.get("size", 0)


def test_first_version_is_written_whole(counted):
    assert counted("XXXX " + words(495))["size"] == 1


@pytest.mark.parametrize(("length", "density"), [(1_000, {"density": 1}), (1_001, {})])
def test_density_is_what_is_flagged_in_1000_written_code_points(known, counted, length, density):
    text = "p\u0430y " + words(length - 4)

    assert counted(CLEAN + text) == {"warnings": 1, "size": 2, **density}


@pytest.mark.parametrize(
    ("change", "is_disguise"),
    [
        ({"source": CLEAN.replace("door", "do\u043er")}, True),
        ({"source": CLEAN.replace("door", "do\u200bor")}, True),
        ({"source": CLEAN.replace("door", "do\u043er wall")}, False),
        ({"source": CLEAN.replace("door", "do\u043er"), "title": "Ti\u200bdes"}, True),
        ({"source": CLEAN.replace("door", "do\u043er"), "summary": "Why."}, True),
        ({"title": "Tid\u0435s"}, True),
        ({"title": "Tid\u0435s", "slug": "ebb"}, False),
        ({"summary": "Why."}, False),
    ],
)
def test_disguise_changes_nothing_that_a_reader_could_see(known, counted, change, is_disguise):
    assert ("disguise" in counted(**{"source": CLEAN} | change)) is is_disguise


def test_first_version_is_no_disguise(save):
    assert "disguise" not in {part for part, _, _ in assess(save("p\u0430y\n")).risk.parts}


def test_hosts_that_the_live_site_links_to_are_known(known, save, moderator, author, counted):
    other = workflow.save_revision(
        None, by=author, content=content("<https://known.example/>\n", slug="other")
    )
    workflow.publish(other, by=moderator)

    assert counted(CLEAN + "<https://known.example/x> <https://new.example/>\n")["domains"] == 1


@pytest.mark.parametrize(
    ("states", "record"),
    [
        ([], {"newcomer": 4}),
        (["approved"], {"newcomer": 3}),
        (["approved"] * 3, {"newcomer": 1}),
        (["approved"] * 4, {}),
        (["approved"] * 30, {}),
        (["rejected", *["approved"] * 4, "changes requested"], {"turned down": 2}),
        (["approved", *["rejected"] * 2], {"turned down": 2, "newcomer": 3}),
        (["approved"] * 4 + ["rejected"] * 2 + ["changes requested", "rejected"], {"turned down": 4}),
        (["approved", *["rejected"] * 3], {"turned down": 3, "rejected in a row": 3}),
        (["approved", *["rejected"] * 19], {"turned down": 19, "rejected in a row": 19}),
        (["rejected"] * 30, {"turned down": 20, "rejected in a row": 20}),
        (["approved"] * 4 + ["rejected"] * 17, {"turned down": 17, "rejected in a row": 17}),
    ],
)
def test_record_is_that_of_the_authors_last_twenty_decisions(
    published, counted, other_author, states, record
):
    theirs = workflow.save_revision(None, by=other_author, content=content(slug="theirs"))
    decided(theirs, ["rejected"])
    decided(published, states)

    assert counted(CLEAN + "More.\n") == record


def submitted(author, number, *, minutes=0):
    """Submit that many articles, so many minutes ago."""
    for n in range(number):
        revision = workflow.save_revision(None, by=author, content=content(slug=f"article-{n}-{minutes}"))
        review = workflow.submit(revision, by=author)
        review.submitted_at -= timedelta(minutes=minutes)
        review.save()


@pytest.mark.parametrize(("number", "minutes", "flood"), [(3, 0, 0), (4, 0, 5), (4, 59, 5), (4, 61, 0)])
def test_articles_of_a_newcomer_within_an_hour_are_a_flood(author, save, number, minutes, flood):
    submitted(author, number, minutes=minutes)

    parts = {str(part): count for part, count, _ in assess(save()).risk.parts}

    assert parts.get("flood", 0) == flood


def test_who_has_approved_texts_floods_nothing(known, counted):
    submitted(known, 6)

    assert counted(CLEAN + "More.\n") == {}


MILL = (
    "A tide mill stores the high water behind a gate and lets it out through the wheel when the sea has fallen. The"
    " miller works twice a day, at hours that shift by fifty minutes every day, so he sleeps whenever he can."
    " Nobody who has lived beside one forgets the sound of the gate when it falls shut at the turn of the tide.\n"
)


@pytest.fixture
def mill(other_author, moderator):
    """Another author's article is live."""
    revision = workflow.save_revision(None, by=other_author, content=content(MILL, slug="mill"))
    assert workflow.publish(revision, by=moderator) is None
    return revision


@pytest.mark.parametrize(
    ("text", "least", "most"), [(MILL, 100, 100), (MILL + MILL.swapcase(), 60, 100), (words(300), 0, 0)]
)
def test_copy_of_another_authors_article_counts(known, mill, counted, text, least, most):
    assert least <= counted(text).get("copied", 0) <= most


def test_copy_of_an_own_article_does_not_count(known, mill, save, moderator):
    mine = workflow.save_revision(None, by=known, content=content(words(90) + MILL[::-1], slug="mine"))
    workflow.publish(mine, by=moderator)

    assert "copied" not in parts_of(save(words(90) + MILL[::-1]))


def test_correction_of_another_authors_article_makes_it_nobody_elses(known, mill, other_author, moderator):
    newer = workflow.save_revision(
        mill.article, by=moderator, content=content(MILL + "More.\n", slug="mill"), base=1
    )
    workflow.publish(newer, by=moderator)

    again = workflow.save_revision(None, by=other_author, content=content(MILL, slug="again"))

    assert "copied" not in parts_of(again)


def test_wording_that_the_live_version_had_does_not_count(known, mill, save, moderator):
    workflow.approve(workflow.submit(save(MILL), by=known), by=moderator)

    assert "copied" not in parts_of(save(MILL + "One line more.\n"))


def test_copy_by_a_deleted_account_counts(known, mill, save):
    revision = save(MILL)
    revision.author = None

    assert parts_of(revision)["copied"] == 100


def parts_of(revision):
    return {str(part): count for part, count, _ in assess(revision).risk.parts}


@pytest.mark.parametrize(
    ("host", "twins"),
    [("museum", 0), ("rnuseum", 1), ("www.rnuseum", 1), ("shop.rnuseum", 1), ("theatre", 0)],
)
@pytest.mark.parametrize("linked", ["museum", "www.museum"])
def test_twins_of_what_other_articles_link_to_count(known, moderator, counted, host, twins, linked):
    other = content(f"<https://{linked}.example/>\n", slug="other")
    workflow.publish(workflow.save_revision(None, by=known, content=other), by=moderator)

    assert counted(CLEAN + f"<https://{host}.example/>\n").get("twins", 0) == twins


def test_twin_of_what_the_article_links_to_counts(known, save, moderator, counted):
    linked = CLEAN + "Ask [them](https://shop.museum.example/).\n"
    workflow.publish(save(linked), by=moderator)

    assert counted(linked.replace("shop.museum", "rnuseum")) == {"twins": 1, "relinked": 1, "domains": 1}


@pytest.mark.parametrize(("length", "domains"), [(900, 2), (1_000, 1), (2_000, 0)])
def test_one_new_host_for_1000_written_code_points_is_a_source(known, counted, length, domains):
    text = words(length) + "\n<https://a.example/> <https://b.example/>\n"

    assert counted(CLEAN + text).get("domains", 0) == domains


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call him: +44 20 7946 0018.\n", {"phones": 1}),
        ("Write to a@mail.example and b@mail.example.\n", {"mails": 2}),
        ("Pay with 4111 1111 1111 1111.\n", {"cards": 1}),
        ("WAKE UP EVERYBODY HERE!!!!!!!\n", {"noise": 2}),
    ],
)
def test_what_is_brought_in_counts(known, counted, text, expected):
    assert counted(CLEAN + text) == expected


def test_mail_address_at_a_host_of_the_article_is_silent(known, save, moderator, counted):
    linked = CLEAN + "<https://museum.example/>\n"
    workflow.publish(save(linked), by=moderator)

    assert counted(linked + "Write to office@museum.example.\n") == {}


def test_damage_counts_from_half_of_the_text(known, save, moderator, counted):
    workflow.publish(save(MILL + "\n" + words(290) + "\n"), by=moderator)

    assert set(counted("lol\n")) == {"removed", "blanked", "size"}
    assert "removed" not in counted(MILL)
    assert 50 <= counted(words(250) + "\n")["removed"] < 90


def test_sketch_is_stored_as_it_was_made(known, save, author):
    review = workflow.submit(save(MILL), by=author)

    stored = review.revision.sketches.filter(kind="wording").values_list("value", flat=True)

    assert sorted(stored) == sorted(wording(MILL))


def test_author_whose_account_is_gone_has_no_record(published, save):
    revision = save(CLEAN + "More.\n")
    revision.author = None

    assert assess(revision).risk.parts == ()


def test_assessment_says_beside_which_live_version_it_was_made(published, save):
    revision = save(FLAGGED)

    made = assess(revision)

    assert (made.live, made.agreed, made.turned_down) == (published.pk, True, False)
    assert [item.finding.text for item in made.found] == ["\u0430"]


def test_assessment_is_made_again_once_another_version_is_live(published, save, moderator):
    revision = save(CLEAN + "More.\n")
    before = assess(revision)
    newer = save(FLAGGED)

    assert current(before, revision).live == before.live
    revision.article.published_revision = newer
    type(revision.article).objects.update(published_revision=newer)
    assert current(before, revision).live == newer.pk


def test_decision_that_came_meanwhile_counts(published, save, author, moderator):
    review = workflow.submit(save(CLEAN + "More.\n"), by=author)
    before = assess(review.revision)

    workflow.reject(review, by=moderator, reason="No.")

    assert not before.turned_down
    assert current(before, review.revision).turned_down


def test_what_was_approved_is_not_turned_down(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)
    workflow.unpublish(review.revision.article, by=moderator)

    assert not assess(review.revision).turned_down
    assert workflow.publish(review.revision, by=moderator) is None
