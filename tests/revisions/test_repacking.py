"""Repacking: which texts are stored anew, beside which others, and where it goes on."""

import pytest

from articles import workflow
from articles.models import Article, Body, Repacking, Revision
from articles.revisions import repacking
from articles.revisions.codec import Codec
from articles.revisions.repacking import repack
from tests.conftest import content
from tests.revisions.test_bodies import damage

TEXT = "".join(f"Sentence {number} of a text that is long enough to lean on.\n" for number in range(40))


@pytest.fixture
def versions(save):
    """Makes versions of "tides" and stores some of them in full, as releases without compression did."""

    def versions(number, *, plain):
        sources = {n: f"{TEXT}Version {n}.\n" for n in range(1, number + 1)}
        for source in sources.values():
            save(source)
        for n in plain:
            damage(n, data=sources[n].encode(), codec=Codec.PLAIN, base_id=None)
        return Article.objects.get(slug="tides")

    return versions


def stored(article):
    """The kind of each body and the number of the version that it leans on."""
    rows = Body.objects.filter(revision__article=article).order_by("revision__number")
    return list(rows.values_list("codec", "base__revision__number"))


def test_texts_in_full_are_stored_anew_and_counted(versions):
    article = versions(3, plain=[1, 3])
    before = sum(len(body.data) for body in Body.objects.filter(codec=Codec.PLAIN))

    result, following = repack(article)

    after = sum(len(body.data) for body in Body.objects.exclude(revision__number=2))
    assert (result.texts, result.bytes_before, result.bytes_after, result.damaged) == (2, before, after, [])
    assert following == 3
    assert stored(article)[0] == (Codec.KEYFRAME, None)
    assert stored(article)[2] == (Codec.DELTA, 1)
    assert repack(article, after=following) == (repacking.Repacked(), None)


def test_first_text_alone_is_a_keyframe(versions):
    article = versions(1, plain=[1])

    assert repack(article)[1] == 1
    assert stored(article) == [(Codec.KEYFRAME, None)]


def test_fifty_texts_are_stored_in_one_transaction(versions):
    article = versions(51, plain=range(1, 52))

    first, following = repack(article)
    second, end = repack(article, after=following)

    assert (first.texts, following, second.texts, end) == (50, 50, 1, 51)


def test_no_other_article_is_touched(versions, author):
    other = workflow.save_revision(None, by=author, content=content(TEXT, slug="other"))
    for base in (1, 2):
        workflow.save_revision(
            other.article, by=author, content=content(f"{TEXT}{base}\n", slug="other"), base=base
        )
    article = versions(2, plain=[1, 2])
    before = stored(other.article)

    repack(other.article)
    assert stored(article) == [(Codec.PLAIN, None), (Codec.PLAIN, None)]
    repack(article)

    assert stored(article) == [(Codec.KEYFRAME, None), (Codec.DELTA, 1)]
    assert Body.objects.get(revision__article=article, revision__number=2).base.revision.article == article
    assert stored(other.article) == before


def test_text_leans_on_one_before_it(versions):
    article = versions(3, plain=[2])
    assert stored(article)[0] == (Codec.KEYFRAME, None)

    repack(article)

    assert stored(article)[1] == (Codec.DELTA, 1)


def test_text_leans_on_none_that_is_stored_in_full_or_of_another_article(versions, author):
    workflow.save_revision(None, by=author, content=content(TEXT, slug="other"))
    article = versions(3, plain=[1, 2])

    repack(article, after=1)

    assert stored(article)[:2] == [(Codec.PLAIN, None), (Codec.KEYFRAME, None)]


def test_damaged_text_is_named_and_the_others_are_done(versions):
    article = versions(3, plain=[1, 2, 3])
    damage(1, data=b"Forged.\n")

    result, following = repack(article)

    assert [damaged.revision.number for damaged in result.damaged] == [1]
    assert (result.texts, following) == (2, 3)
    assert stored(article) == [(Codec.PLAIN, None), (Codec.KEYFRAME, None), (Codec.DELTA, 2)]


def test_text_that_others_lean_on_becomes_a_keyframe(versions, save):
    article = versions(2, plain=[2])
    save(f"{TEXT}Version 3.\n")
    assert stored(article) == [(Codec.KEYFRAME, None), (Codec.PLAIN, None), (Codec.DELTA, 2)]

    repack(article)

    assert stored(article) == [(Codec.KEYFRAME, None), (Codec.KEYFRAME, None), (Codec.DELTA, 2)]
    assert all(revision.source.startswith(TEXT) for revision in Revision.objects.with_text())
    assert not Repacking.objects.exists()
