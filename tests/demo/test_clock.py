"""The demo's clock."""

from datetime import timedelta

from django.utils import timezone

from articles.demo.clock import movable_clock


def test_clock_is_set_back_goes_on_and_is_right_again():
    before = timezone.now()

    with movable_clock() as set_back:
        set_back(timedelta(days=2))
        first, second = timezone.now(), timezone.now()

    assert timedelta(days=1, hours=23) < before - first <= timedelta(days=2)
    assert first <= second
    assert timezone.now() >= before
