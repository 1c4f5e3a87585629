"""Letters of another script are remembered paragraph by paragraph, and a scan is the same as without that."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.checks import letters, scan
from articles.text.markdown import Where
from tests.text.checks.test_scanning import CASES

A, E = "\N{CYRILLIC SMALL LETTER A}", "\N{CYRILLIC SMALL LETTER IE}"
OMICRON = "\N{GREEK SMALL LETTER OMICRON}"
SCHWA, STRESS = "\N{LATIN SMALL LETTER SCHWA}", "\N{MODIFIER LETTER VERTICAL LINE}"
HEBREW, SAMEKH_AT_END = "\u05e9\u05dc\u05d5\u05dd", "boo\N{HEBREW LETTER SAMEKH}"
PAPER = f"The p{A}per is h{E}re, and b{OMICRON}th read it."
# What is around a word may excuse its letters: transcription, quotations, formats, another language, code, hosts.
PIECES = (
    *(HEBREW, f"\n# {SAMEKH_AT_END}", f"{HEBREW}\n- {SAMEKH_AT_END}\n- {HEBREW}"),
    *(
        PAPER,
        f"p{A}per",
        f"{SCHWA}b{OMICRON}v",
        f"/{SCHWA}b{OMICRON}v/",
        f"/{STRESS}p{A}p/",
        f"%s{A}",
        "% ",
        "\\",
        "/",
        "[",
        "]",
    ),
    *(
        f"{A}\u0431\u0432",
        "\u043f\u0440\u0438\u0432\u0435\u0442",
        "x" * 30,
        "about",
        "\n",
        "\n\n",
        "\n# ",
        "\n- ",
    ),
    *(
        " ",
        "  ",
        "`",
        "\n```\n",
        "&nbsp;",
        f"https://p{A}per.example/",
        "%(",
        ")d",
        "\u0254\u0303",
        "*",
        "'",
        "2\u041e24",
    ),
    "\nDas Buch ist von einem Mann, der nicht mehr in der Stadt war.\n",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20)


def scanned_anew(text: str, **how: object) -> object:
    letters._SUSPECTS.cache_clear()
    return scan(text, **how)  # type: ignore[arg-type]


@settings(max_examples=50)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["en", "ru", "de", "el"]))
def test_scan_after_an_edit_is_that_of_a_new_text(start, middle, end, language):
    edited = [*start, *middle, *end]
    letters._SUSPECTS.cache_clear()
    for pieces in (start + end, edited[1:], [*edited, PAPER]):
        scan("".join(pieces), language=language)
    text = "".join(edited)
    remembered = scan(text, language=language)

    assert remembered == scanned_anew(text, language=language)


def test_cases_are_judged_alike_beside_whatever_was_scanned_before():
    cases = [case for case in CASES if case["check"] in ("foreign-letter", "rare-letter")]
    assert len(cases) > 300
    for case in cases:
        text, how = case["text"], {"language": case["language"], "where": Where(case["where"])}
        expected = scanned_anew(text, **how)
        middle = len(text) // 2
        for other in (
            f"x{text}",
            f"{text}\n%",
            f"\u0431\u0432\n{text}/",
            f"{text[:middle]}\n\n{text[middle:]}",
        ):
            scan(other, **how)

        assert scan(text, **how) == expected, case


def test_word_beside_a_paragraph_excuses_a_letter_in_it_only_while_it_stands_there():
    paragraph = f"\n# {SAMEKH_AT_END}\n"
    assert scanned_anew(f"{HEBREW}{paragraph}").total == 0
    assert scan(f"word{paragraph}").total == 1

    assert scan(f"{HEBREW}{paragraph}").total == 0


def test_paragraph_that_stays_is_judged_once(monkeypatch):
    sea = "It is of the sea. " * 9
    paragraphs = [f"{sea}{n} {PAPER} {sea}" for n in range(9)]
    scanned_anew("\n\n".join(paragraphs))
    judged = []
    found_anew = letters._found_anew
    monkeypatch.setattr(letters, "_found_anew", lambda *of: judged.append(of) or found_anew(*of))

    paragraphs[4] = f"{sea}New. {PAPER} {sea}"
    scan("\n\n".join(paragraphs))

    assert len(judged) == 1


def test_threads_find_the_same():
    texts = ["\n\n".join([PAPER, "word " * n, PAPER, f"{A}bc " * (n % 3)]) for n in range(20)] * 3
    expected = [scanned_anew(text) for text in texts]

    letters._SUSPECTS.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(scan, texts)) == expected
