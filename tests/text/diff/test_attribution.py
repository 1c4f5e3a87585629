"""Attribution: each character of the last of several texts leads to the version that brought it in."""

from hypothesis import given
from hypothesis import strategies as st

from articles.text.diff import compare
from articles.text.diff.attribution import PASSAGES, REMEMBERED, Origins, Run, make_step

TABLE = "The tide table hangs by the door."
BREAKFAST = "It is read before breakfast."
FERRY = "The ferry leaves at nine sharp."
PARAGRAPHS = f"{TABLE}\n\n{BREAKFAST}\n\n{FERRY}\n"


def follow(*texts):
    """The origins after each text; versions count from 1."""
    origins, old, found = Origins(), "", []
    for number, new in enumerate(texts, start=1):
        origins = origins.after(make_step(old, new, compare(old, new).changes), number)
        found.append(origins)
        old = new
    return found


def brought_in(*texts):
    """The version of each character of the last text, as a digit each."""
    return "".join(map(str, follow(*texts)[-1].numbers))


def test_first_version_brings_in_everything():
    assert brought_in("fox") == "111"
    assert brought_in("") == ""


def test_added_and_replaced_characters_belong_to_the_version():
    assert brought_in("a red fox", "a blue fox") == "112222" + "1111"
    assert brought_in("a red fox", "a red fox!", "a fox!") == "11" + "111" + "2"


def test_one_changed_character_in_a_word_belongs_to_who_changed_it():
    assert brought_in("the paper", "the p\u0430per") == "111112111"  # a look-alike
    assert brought_in("the cafe x", "the caf\u00e9 x") == "1111111211"  # an accent
    assert brought_in("one two", "one\u00a0two") == "1112111"  # a space
    assert brought_in("pass", "pa\u200bss") == "11211"  # an invisible character


def test_moved_text_keeps_its_origin():
    assert set(brought_in(PARAGRAPHS, f"{FERRY}\n\n{TABLE}\n\n{BREAKFAST}\n")) == {"1"}


def test_removed_sentence_that_comes_back_belongs_to_its_first_bringer():
    short = f"{TABLE} {FERRY}\n"

    found = brought_in(
        f"{TABLE} {BREAKFAST} {FERRY}\n", short, f"More. {short}", f"{TABLE} {BREAKFAST} {FERRY}\n"
    )

    start = len(TABLE) + 1
    assert found[start : start + len(BREAKFAST)] == "1" * len(BREAKFAST)


def test_blanked_text_that_comes_back_changed_belongs_to_its_first_bringer():
    found = brought_in(PARAGRAPHS, "spam\n", f"More of it.\n\n{PARAGRAPHS}")

    assert found.startswith("3" * len("More of it."))
    assert found.endswith("1" * len(PARAGRAPHS))


def test_emptied_text_that_comes_back_changed_belongs_to_its_first_bringer():
    assert brought_in(PARAGRAPHS, "", f"{PARAGRAPHS}More.\n") == "1" * len(PARAGRAPHS) + "3" * 6


def test_text_that_comes_back_elsewhere_in_the_same_version_keeps_its_origin():
    found = follow(f"{TABLE}\n", f"{TABLE}\n{BREAKFAST}\n", f"{BREAKFAST}\n{FERRY}\n")[-1]

    assert set(found.numbers[: len(BREAKFAST)]) == {2}


def test_fewer_than_three_words_come_back_as_new():
    assert brought_in("one two. x", "x", "one two. x").startswith("3333333")
    assert brought_in("one two six. x", "x", "one two six. x").startswith("1" * 13)


def test_since_is_the_version_that_last_put_a_character_in():
    runs = list(follow("one two six. x", "x", "one two six. x")[-1].runs())

    assert runs[0] == Run(13, 1, 3)
    assert runs[-1] == Run(1, 1, 1)


def test_only_the_last_removed_passages_are_remembered():
    lines = [f"Line {n} of many more.\n" for n in range(REMEMBERED + 1)]
    texts = ["".join(lines[k:]) + "End" for k in range(len(lines) + 1)]
    origins = follow(*texts)[-1]

    assert len(origins.remembered) == REMEMBERED

    def returning(line):
        step = make_step("End", f"{line}End", compare("End", f"{line}End").changes)
        return origins.after(step, 999).numbers[0]

    assert (returning(lines[0]), returning(lines[1])) == (999, 1)


def test_a_passage_that_is_removed_again_is_remembered_longest():
    lines = [f"Line {n} of many more.\n" for n in range(REMEMBERED)]
    texts = ["".join(lines[k:]) + "End" for k in range(len(lines) + 1)]
    texts += [f"{lines[0]}End", "End", f"{TABLE}\nEnd", "End"]

    remembered = follow(*texts)[-1].remembered

    assert len(remembered) == REMEMBERED
    step = make_step("End", f"{lines[0]}{lines[1]}End", compare("End", f"{lines[0]}{lines[1]}End").changes)
    assert [passage.hash in remembered for passage in step.come] == [False, True, False]  # both, and each


def test_an_equal_hash_of_a_longer_passage_changes_nothing():
    old, new = f"{TABLE} {FERRY}", FERRY
    step = make_step(old, new, compare(old, new).changes)
    origins = Origins().after(make_step("", old, compare("", old).changes), 1).after(step, 2)
    back = make_step(new, old, compare(new, old).changes)
    (passage,) = back.come
    longer = back.__class__(back.parts, 0, (), (passage._replace(end=passage.end - 1),))

    assert set(origins.after(back, 3).numbers) == {1}
    assert set(origins.after(longer, 3).numbers[: passage.end]) == {3}


def test_passages_stand_in_order_wherever_they_moved_to():
    old = f"{TABLE} {BREAKFAST}\n\n{FERRY} Nobody waits for late guests.\n"
    new = f"{FERRY}\n\n{TABLE}\n"

    step = make_step(old, new, compare(old, new).changes)

    assert [(old[p.start : p.end], p.tail) for p in step.gone] == [
        (BREAKFAST[:-1], "."),
        ("Nobody waits for late guests", "."),
    ]


def test_a_step_has_only_its_longest_passages():
    text = "".join(f"Line {n} of many more.\n" for n in range(2 * PASSAGES))

    step = make_step(text, "", compare(text, "").changes)

    assert len(step.gone) == PASSAGES
    assert (step.gone[0].start, step.gone[0].end) == (0, len(text) - 2)  # all of them as one


def test_an_equal_text_takes_the_numbers_of_the_earlier_one():
    first, _, third = follow("cat", "cut", "cat")

    equal = third.as_in(first)

    assert list(equal.numbers) == [1, 1, 1]
    assert list(equal.since) == [1, 3, 1]


words = st.sampled_from(
    ["tide", "table", "hangs", "by", "the", "door.", "It", "read,", "p\u0430per", "\u6f6e\u6c50"]
)
texts = st.lists(st.tuples(words, st.sampled_from([" ", " ", "\n", "\n\n"])), max_size=24).map(
    lambda parts: "".join(map("".join, parts))
)


@given(st.lists(texts, min_size=1, max_size=6))
def test_attribution_tiles_the_text_and_names_a_version_with_each_character(history):
    """Whatever the history, each origin is a version whose text has the character."""
    for number, origins in enumerate(follow(*history), start=1):
        text = history[number - 1]

        assert len(origins.numbers) == len(origins.since) == len(text)
        assert sum(run.length for run in origins.runs()) == len(text)
        for character, origin, since in zip(text, origins.numbers, origins.since, strict=True):
            assert 1 <= origin <= since <= number
            assert character in history[origin - 1]
            assert all(character in version for version in history[since - 1 : number])


@given(texts, texts)
def test_step_counts_what_the_changes_add_and_remove(old, new):
    step = make_step(old, new, compare(old, new).changes)

    assert len(old) - step.removed + step.added == len(new)
