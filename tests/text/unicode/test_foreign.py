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


def test_letter_meant_is_one_of_the_languages_alphabet_with_the_same_accent() -> None:
    def meant(word: str, language: str) -> list[str | None]:
        return [letter.meant for letter in foreign.foreign_letters(word, language)]

    assert meant("\u03bc\u00f3\u03bd\u03bf\u03c2", "el") == ["\u03cc"]
    assert meant("\u0441\u00e8", "mk") == ["\u0450"]
    assert meant("\u00e6\u043c\u00e6", "os") == ["\u04d5", "\u04d5"]
    assert meant("n\u0511\u0511", "gaa") == ["\u025b", "\u025b"]
    # The palochka keeps its form, and Ukrainian has none.
    assert meant("\u0433I\u0430\u043b\u0430", "ce") == ["\u04c0"]
    assert meant("\u0433I\u0440\u043a\u0430", "uk") == ["\u0456"]


def test_letters_that_look_like_punctuation_make_no_word() -> None:
    found = foreign.foreign_letters("\u043f\u0440\u0430\u0432\u043e\u0445\u01c3", "ru")

    assert [(letter.place, letter.host) for letter in found] == [(6, "Cyrillic")]


def test_known_stem_has_an_ending_and_a_changed_word_has_not() -> None:
    assert not foreign.foreign_letters("Java\u0440\u043e", "tg")
    assert [letter.place for letter in foreign.foreign_letters("Jav\u0430", "tg")] == [3]


def test_times_sign_between_numbers_parts_words() -> None:
    assert not foreign.foreign_letters("A\u06f0x\u06f2", "ps")
    assert not foreign.foreign_letters("\u0414\u041b\u0418\u041d\u0410x\u0412\u0415\u0421", "ru")
    assert foreign.foreign_letters("LONG\u0445WIDE", "en")
