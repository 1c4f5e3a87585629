import pytest

from articles.models import Spelling
from articles.search.spellings import record_spellings

pytestmark = pytest.mark.django_db


def near(word):
    return Spelling.objects.near([word])[word]


@pytest.mark.parametrize("typed", ["tdie", "tid", "tides", "tixde", "tode", "TDIE"])
def test_word_a_slip_away_is_offered(typed):
    record_spellings(["The Tide"])

    assert near(typed) == ["tide"]


@pytest.mark.parametrize("typed", ["tide", "t", "mill", "tiiide", "", "\0", "x" * 500, "潮汐", "ti de"])
def test_nothing_else_is_offered(typed):
    record_spellings(["The Tide 潮汐表挂 td1e"])

    assert near(typed) == []


def test_words_of_any_alphabet_are_offered():
    record_spellings(["Gezeitenmühle Приливная μύλος طاحونة"])

    assert near("Gezeitenmühl") == ["gezeitenmuhle"]
    assert near("Прилывная") == ["приливная"]
    assert near("μυλο") == ["μυλοσ"]
    assert near("طاحون") == ["طاحونة"]


def test_disguised_word_is_not_kept():
    record_spellings(["The t\u0456de 3rd"])

    assert list(Spelling.objects.values_list("word", flat=True)) == ["the"]


def test_known_words_cost_one_query(django_assert_num_queries):
    record_spellings(["The tide"])
    with django_assert_num_queries(1):
        record_spellings(["The tide"])
    with django_assert_num_queries(1):
        Spelling.objects.near(["tdie", "teh"])
    with django_assert_num_queries(0):
        Spelling.objects.near(["3"])
