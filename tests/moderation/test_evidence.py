"""What other articles and the author's record tell about a revision."""

import pytest

from articles import workflow
from articles.models import LinkedHost, Review, Sketch
from articles.moderation.evidence import MAX_ARTICLES
from articles.text.content import findings
from tests.conftest import CLEAN, FLAGGED, content

TIDE = (
    "A tide mill stores the high water behind a gate and lets it out through the wheel when the sea has fallen."
    " The miller works twice a day, at hours that shift by fifty minutes from one day to the next.\n"
)
SWAPPED = TIDE.replace("a", "\u0430").replace("e", "\u0435").replace("o", "\u043e").replace("s", "\u0455")


@pytest.fixture
def write(author):
    """A revision of a new article, which waits."""

    def write(source, slug, **changes):
        revision = workflow.save_revision(None, by=author, content=content(source, slug=slug, **changes))
        workflow.submit(revision, by=author)
        return revision

    return write


def told(revision, person, *, html=""):
    return workflow.gather_evidence(revision, html=html, found=findings(revision.content), seen_by=person)


def sketch(revision, kind, values):
    """Give a revision just these hashes."""
    revision.sketches.filter(kind=kind).delete()
    Sketch.objects.bulk_create(Sketch(revision=revision, kind=kind, value=value) for value in values)


def resembling(revision, person):
    return [(each.revision.slug, each.percent) for each in told(revision, person).resembling]


def test_same_wording_is_found_in_other_articles_the_most_similar_first(write, moderator):
    one, other = write(TIDE, "one"), write(TIDE.replace("twice a day", "at night"), "other")
    disguised = write(SWAPPED, "disguised")
    write("Bread needs flour and water and salt and time.\n", "bread")

    found = resembling(one, moderator)

    assert [slug for slug, _ in found] == ["disguised", "other"]
    assert found[0][1] == 100
    assert 25 <= found[1][1] < 100
    assert {slug for slug, _ in resembling(other, moderator)} == {one.slug, disguised.slug}


@pytest.mark.parametrize(
    ("mine", "shared", "percent"), [(16, 4, 25), (16, 3, None), (5, 2, 40), (5, 1, None), (1, 1, 100)]
)
def test_a_quarter_of_the_hashes_is_enough(write, moderator, mine, shared, percent):
    one, other = write(TIDE, "one"), write("Other.\n", "other")
    sketch(one, "wording", range(mine))
    sketch(other, "wording", range(mine - shared, mine - shared + 16))

    assert resembling(one, moderator) == ([] if percent is None else [("other", percent)])


def test_versions_of_the_article_itself_do_not_resemble_it(write, moderator, author):
    one = write(TIDE, "one")
    again = workflow.save_revision(
        one.article, by=author, content=content(TIDE + "More.\n", slug="one"), base=1
    )
    workflow.submit(again, by=author)

    assert resembling(again, moderator) == []


def test_best_version_of_each_article_is_named_once(write, moderator, author):
    one, other = write(TIDE, "one"), write("Other.\n", "other")
    better = workflow.save_revision(other.article, by=author, content=content("New.\n", slug="other"), base=1)
    for revision, shared in ((one, 16), (other, 8), (better, 12)):
        sketch(revision, "wording", range(shared))

    (found,) = told(one, moderator).resembling
    assert (found.revision, found.percent, type(found.percent)) == (better, 75, int)


def test_ten_articles_at_most_are_named(write, moderator):
    revisions = [write(f"Text {n}.\n", f"n{n}") for n in range(12)]
    for revision in revisions:
        sketch(revision, "wording", range(4))

    assert MAX_ARTICLES == 10
    assert len(told(revisions[0], moderator).resembling) == 10


def test_what_the_person_may_not_see_is_not_named(write, moderator, administrator, reader):
    one, other = write(SWAPPED, "one"), write(SWAPPED, "other")
    workflow.hide(other, by=administrator, parts=["text"], reason="Private.")

    for person, seen in ((administrator, 1), (moderator, 0), (reader, 0)):
        evidence = told(one, person)
        assert (len(evidence.resembling), len(evidence.same_swaps)) == (seen, seen)


def test_same_swaps_are_named_with_the_letters(write, moderator):
    one = write(SWAPPED, "one")
    other = write("The p\u0430p\u0435r h\u0430s \u043ened w\u043erds, pl\u0435\u0430\u0455\u0435.\n", "other")
    write("p\u0430y t\u043e th\u0435\n", "three")

    (found,) = told(one, moderator).same_swaps

    assert found.revision == other
    assert found.shared == (("\u0430", "a"), ("\u0435", "e"), ("\u043e", "o"), ("\u0455", "s"))


def test_only_swaps_that_are_found_now_are_named(write, moderator):
    one, other = write(SWAPPED, "one"), write(SWAPPED, "other")
    evidence = workflow.gather_evidence(one, html="", found=(), seen_by=moderator)

    assert [(each.revision, each.shared) for each in evidence.same_swaps] == [(other, ())]


def test_letters_that_only_one_of_two_shares_are_not_named_for_both(write, moderator):
    one, other, third = write(SWAPPED, "one"), write(SWAPPED, "other"), write(SWAPPED, "third")
    values = sorted(one.sketches.filter(kind="swaps").values_list("value", flat=True))
    sketch(other, "swaps", values[:4])
    sketch(other, "wording", values)  # the same numbers, as hashes of words
    sketch(third, "swaps", [*values[:3], 1, 2])

    (found,) = told(one, moderator).same_swaps

    assert (found.revision, len(found.shared)) == (other, 4)


def test_record_of_the_author_counts_every_state(write, moderator, author):
    workflow.reject(Review.objects.get(revision=write("One.\n", "one")), by=moderator, reason="No.")
    revision = write("Two.\n", "two")

    assert told(revision, moderator).record == {"rejected": 1, "pending": 1}


def test_nobody_has_a_record_once_the_account_is_gone(write, moderator, other_author):
    for slug in ("one", "two"):
        revision = workflow.save_revision(None, by=other_author, content=content(slug=slug))
        workflow.submit(revision, by=other_author)
    other_author.delete()
    revision.refresh_from_db()

    assert told(revision, moderator).record == {}


def test_hosts_are_told_new_ones_first_then_the_rarest(write, published, moderator):
    other = write("x\n", "other").article
    hosts = [
        (published.article, "here.example"),
        (published.article, "both.example"),
        (other, "both.example"),
        (other, "known.example"),
    ]
    LinkedHost.objects.bulk_create(LinkedHost(article=article, host=host) for article, host in hosts)
    html = "".join(f'<a href="https://{name}.example/">x</a>' for name in ("both", "here", "known", "never"))

    rows = told(published, moderator, html=html).hosts

    assert [(row.host, row.articles, row.is_new) for row in rows] == [
        ("never.example", 0, True),
        ("known.example", 1, True),
        ("here.example", 1, False),
        ("both.example", 2, False),
    ]


def test_finding_leads_to_the_version_that_brought_it_in(published, save, moderator, reader, author):
    first = save(CLEAN + FLAGGED)
    later = save(CLEAN + FLAGGED + "A\u202eb.\n")
    other = workflow.save_revision(None, by=author, content=content(FLAGGED, slug="other"))
    for base in (1, 2):
        workflow.save_revision(
            other.article, by=author, content=content(f"{base}\n", slug="other"), base=base
        )

    seen = workflow.first_seen(later, seen_by=moderator)

    assert {text: revision for (_field, _check, text), revision in seen.items()} == {
        "\u0430": first,
        "\u202e": later,
    }
    assert workflow.first_seen(later, seen_by=reader) == {}
