from articles.text.unicode import foreign


def test_the_foreign_letter_is_named_in_both_directions() -> None:
    latin_word = foreign.foreign_letters("p\u0430ypal", "ru")
    cyrillic_word = foreign.foreign_letters("\u043co\u043b\u043e\u043a\u043e", "en")

    assert [(letter.place, letter.host, letter.meant) for letter in latin_word] == [(1, "Latin", "a")]
    assert [(letter.place, letter.host, letter.meant) for letter in cyrillic_word] == [
        (1, "Cyrillic", "\u043e")
    ]


def test_a_word_mostly_in_disguise_keeps_its_own_script() -> None:
    found = foreign.foreign_letters("\u0441\u0430\u0441h\u0435", "en")

    assert [letter.place for letter in found] == [0, 1, 2, 4]
    assert "".join(letter.meant or "?" for letter in found) == "cace"


def test_case_of_the_letter_meant_is_that_of_its_neighbours() -> None:
    found = foreign.foreign_letters("M\u0410y", "en")

    assert [letter.meant for letter in found] == ["A"]
    assert [letter.meant for letter in foreign.foreign_letters("ma\u0415ter", "en")] == ["e"]
