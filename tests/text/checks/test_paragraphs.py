"""Each paragraph is judged by its own language, where that is certain."""

from articles.text.checks import scan
from articles.text.checks.fields import Field
from articles.text.markdown import Where

ENGLISH = "The house by the river is old, but the family still lives there."
RUSSIAN = (
    "\u0414\u043e\u043c \u0443 \u0440\u0435\u043a\u0438 \u0441\u0442\u0430\u0440\u044b\u0439, \u043d\u043e "
    "\u0441\u0435\u043c\u044c\u044f \u0432\u0441\u0451 \u0435\u0449\u0451 \u0442\u0430\u043c "
    "\u0436\u0438\u0432\u0451\u0442, \u0438 \u0438\u043c \u0442\u0430\u043c \u0445\u043e\u0440\u043e\u0448\u043e."
)
GERMAN = "Das Haus am Fluss ist alt, aber die Familie wohnt noch immer dort und will nicht fort."


def language_at(text: str, part: str, *, said: str = "en", where: Where = Where.PROSE) -> str:
    return Field(text, said, where).language_at(text.index(part))


def test_blank_lines_part_paragraphs() -> None:
    text = f"{ENGLISH}\n{ENGLISH}\n\n{RUSSIAN}\n \n{GERMAN}\n"

    assert language_at(text, ENGLISH) == "en"
    assert language_at(text, RUSSIAN) == "ru"
    assert language_at(text, GERMAN) == "de"
    assert Field(text, "en", Where.PROSE).language_at(len(text) - 1) == "de"
    assert Field("", "en", Where.PROSE).language_at(0) == "en"


def test_headings_list_items_and_table_rows_stand_alone() -> None:
    for text in (
        f"# {ENGLISH}\n{RUSSIAN}",
        f"{ENGLISH}\n## {RUSSIAN}\n{ENGLISH}",
        f"- {ENGLISH}\n- {RUSSIAN}\n",
        f"1. {ENGLISH}\n2) {RUSSIAN}\n",
        f"> * {ENGLISH}\n> * {RUSSIAN}\n",
        f"| {ENGLISH} |\n| {RUSSIAN} |\n",
    ):
        assert language_at(text, ENGLISH) == "en", text
        assert language_at(text, RUSSIAN) == "ru", text


def test_paragraph_of_two_languages_is_in_that_of_the_article() -> None:
    text = f"{ENGLISH}\n{RUSSIAN}"

    assert language_at(text, RUSSIAN) == language_at(text, ENGLISH) == "en"
    assert language_at(text, RUSSIAN, said="ru") == language_at(text, ENGLISH, said="ru") == "ru"


def test_other_paragraphs_change_nothing() -> None:
    spoiled = ENGLISH.replace("river", "r\u0456ver")

    alone = scan(spoiled, language="en").findings
    beside = scan(f"{RUSSIAN}\n\n{spoiled}\n\n{RUSSIAN}\n\n{GERMAN}", language="en").findings

    assert len(alone) == 1
    start = alone[0].start + len(RUSSIAN) + 2
    assert beside == tuple(finding._replace(start=start, end=start + 1) for finding in alone)


def test_code_and_names_are_in_the_language_of_the_article() -> None:
    for where in (Where.CODE, Where.HOST, Where.SLUG, Where.TAG):
        assert language_at(RUSSIAN, RUSSIAN, where=where) == "en"
    assert language_at(RUSSIAN, RUSSIAN, where=Where.TITLE) == "ru"


def test_word_is_judged_by_the_language_of_its_paragraph() -> None:
    word = "\u0455\u0440\u0430\u0441\u0435"  # Cyrillic letters that read "space"
    quoted = f"{RUSSIAN}\n\n{ENGLISH} {word}"

    assert [finding.meant for finding in scan(quoted, language="ru").findings] == ["space"]
    assert language_at(quoted, ENGLISH, said="ru") == "en"
