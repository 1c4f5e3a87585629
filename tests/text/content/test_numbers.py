"""Numbers and prices that an edit changed."""

import pytest

from articles.text.content.numbers import NumberChange, changed_numbers
from articles.text.diff import compare


def changed(old, new):
    return list(changed_numbers(old, new, compare(old, new).changes))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("40 kr.", "140 kr."),
        ("$5", "$50"),
        ("€ 3.50", "€ 35.0"),
        ("1.200 €", "1.300 €"),
        ("12 euros", "21 euros"),
        ("EUR 12", "EUR 21"),
        ("300 ₽", "400 ₽"),
    ],
)
def test_price_is_a_number_beside_the_same_currency(old, new):
    found = changed(f"Entry is {old} for all.", f"Entry is {new} for all.")

    assert [(change.old, change.new, change.is_price) for change in found] == [(old, new, True)]


def test_place_is_that_of_the_number_in_the_new_text():
    assert changed("Built in 1852.", "It was built in 1825.") == [
        NumberChange("1852", "1825", 16, is_price=False)
    ]


@pytest.mark.parametrize(("old", "new"), [("5 $", "50 €"), ("5 kr", "50 steps"), ("5 crowns", "50 crowns")])
def test_other_number_is_no_price(old, new):
    assert not any(change.is_price for change in changed(f"Entry {old} now", f"Entry {new} now"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It has 42 steps.", "It has 42 steps."),
        ("It has 42 steps.", "It has many steps."),
        ("It has many steps.", "It has 42 steps."),
        ("In 1852 the harbour froze.", "Boats sailed out on 3 June."),
    ],
)
def test_number_without_a_counterpart_is_none(old, new):
    assert changed(old, new) == []
