"""Timelines: the versions of an article by date, in few rows."""

from datetime import timedelta

import pytest

from articles import workflow
from articles.models import Attribution, Revision
from articles.revisions import timelines
from articles.revisions.timelines import timeline


def of_article(person):
    return Revision.objects.listed_for(person).filter(article__slug="tides")


@pytest.fixture
def seven(save):
    return [save(f"{'x' * (10 * n)}\n") for n in range(1, 8)]


def test_each_version_is_a_span_with_its_date_and_size(seven, author):
    spans = timeline(of_article(author))

    dates = [revision.created_at for revision in seven]
    assert [(span.first, span.last, span.revisions) for span in spans] == [(at, at, 1) for at in dates]
    assert spans[0].most == 11
    assert None not in [span.most for span in spans]


def test_many_versions_share_few_spans(seven, author, monkeypatch):
    monkeypatch.setattr(timelines, "MOST_SPANS", 3)

    spans = timeline(of_article(author))

    assert [span.revisions for span in spans] == [2, 3, 2]
    assert [span.first for span in spans] == [seven[n].created_at for n in (0, 2, 5)]
    assert [span.last for span in spans] == [seven[n].created_at for n in (1, 4, 6)]
    largest = Attribution.objects.filter(revision__in=seven[2:5])
    assert spans[1].most == max(row.added + row.removed for row in largest)


def test_timeline_has_what_the_person_may_know_of(seven, author, reader, moderator):
    workflow.publish(seven[-1], by=moderator)

    assert [span.first for span in timeline(of_article(reader))] == [seven[-1].created_at]
    assert len(timeline(of_article(author))) == 7


def test_timeline_takes_one_query_and_few_rows(seven, author, django_assert_num_queries):
    author.has_perm("articles.view_revision")  # rights are read once

    with django_assert_num_queries(1):
        assert timeline(of_article(author))[-1].last - seven[-1].created_at == timedelta(0)
