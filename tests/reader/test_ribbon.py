"""The ribbon: strokes at dates, their heights, and the words that say the same."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from articles.models import Revision
from articles.reader.ribbon import HEIGHT, INSET, MOST_STROKES, MUCH, WIDTH, draw_ribbon
from articles.revisions.timelines import Span

START = datetime(2024, 3, 3, tzinfo=UTC)


def span(days, *, most=None, revisions=1, until=None):
    return Span(
        START + timedelta(days=days),
        START + timedelta(days=days if until is None else until),
        revisions,
        most,
    )


def chosen(number, days):
    return Revision(number=number, created_at=START + timedelta(days=days))


@pytest.mark.parametrize("spans", [[], [span(0)]])
def test_fewer_than_two_versions_have_no_ribbon(spans):
    assert draw_ribbon(spans) is None
    assert "svg" not in render_to_string("articles/_ribbon.html", {"ribbon": None})


def test_strokes_stand_at_their_dates_and_are_tall_where_much_changed():
    ribbon = draw_ribbon([span(0, most=MUCH), span(25, most=MUCH - 1), span(50), span(100, most=0)])

    middle = INSET + (WIDTH - 2 * INSET) * 0.25
    assert [stroke.x for stroke in ribbon.strokes] == [
        *(f"{x:.1f}" for x in (INSET, middle, WIDTH / 2, WIDTH - INSET)),
    ]
    assert [stroke.kind for stroke in ribbon.strokes] == ["big", "", "", ""]
    assert float(ribbon.strokes[0].top) < float(ribbon.strokes[1].top) < HEIGHT


def test_near_strokes_are_one_that_is_as_tall_as_the_tallest():
    ribbon = draw_ribbon([span(0, most=1), span(0.1, most=MUCH), span(0.2, most=2), span(100, most=1)])

    assert [stroke.kind for stroke in ribbon.strokes] == ["big", ""]


def test_ten_thousand_versions_are_at_most_so_many_strokes():
    spans = [span(n, until=n + 0.9, revisions=21) for n in range(477)]

    ribbon = draw_ribbon(spans)

    assert MOST_STROKES // 2 < len(ribbon.strokes) <= MOST_STROKES


def test_both_ends_of_a_span_are_drawn():
    assert len(draw_ribbon([span(0, until=50, revisions=9), span(100)]).strokes) == 3


def test_chosen_versions_are_drawn_last_and_named():
    ribbon = draw_ribbon([span(0), span(10), span(900)], old=chosen(2, 10), new=chosen(3, 900))

    assert [stroke.kind for stroke in ribbon.strokes] == ["", "", "", "old", "new"]
    assert ribbon.strokes[-1].top == "0"
    assert ribbon.name == "3 versions between March 2024 and August 2026; versions 2 and 3 are chosen"
    assert (ribbon.first, ribbon.last) == ("March 2024", "August 2026")
    alone = draw_ribbon([span(0), span(10)], new=chosen(2, 10))
    assert alone.name == "2 versions between March 3, 2024 and March 13, 2024; version 2 is chosen"


def test_versions_of_one_moment_and_chosen_ones_outside_stay_in_the_drawing():
    ribbon = draw_ribbon([span(0, revisions=2)], old=chosen(1, -5), new=chosen(2, 5))

    assert all(0 <= float(stroke.x) <= WIDTH for stroke in ribbon.strokes)


@pytest.mark.parametrize("language", ["en", "de"])
def test_numbers_stand_in_attributes_with_points(language):
    with translation.override(language):
        ribbon = draw_ribbon([span(0), span(33), span(100)])
        html = render_to_string("articles/_ribbon.html", {"ribbon": ribbon})

    assert '<path d="M2.0 18V36M185.5 18V36M558.0 18V36"/>' in html
    assert 'y1="35.5"' in html
    assert "style=" not in html
    assert f'role="img" aria-label="{ribbon.name}"' in html
