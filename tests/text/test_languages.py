"""Every check in many languages: silent on a clean sentence, and not put off by it."""

import pytest

from articles.text.checks import CHECKS, Severity, scan
from articles.text.scripts import script_of_language

CLEAN = {
    "ar": "\u0647\u0630\u0627 \u0643\u062a\u0627\u0628 \u062c\u062f\u064a\u062f \u0639\u0646 \u062a\u0627\u0631\u064a\u062e \u0627\u0644\u0645\u062f\u064a\u0646\u0629\u060c \u0648\u0641\u064a\u0647 \u0635\u0648\u0631 \u0643\u062b\u064a\u0631\u0629.",
    "az": "Kitab \u015f\u0259h\u0259r v\u0259 onun insanlar\u0131 haqq\u0131ndad\u0131r, \u00e7ox g\u00f6z\u0259l v\u0259 q\u0131z\u0131l.",
    "bg": "\u041a\u043d\u0438\u0433\u0430\u0442\u0430 \u0440\u0430\u0437\u043a\u0430\u0437\u0432\u0430 \u0437\u0430 \u0433\u0440\u0430\u0434\u0430 \u0438 \u0437\u0430 \u0445\u043e\u0440\u0430\u0442\u0430 \u0432 \u043d\u0435\u0433\u043e.",
    "bn": "\u098f\u0987 \u09ac\u0987\u099f\u09bf \u09b6\u09b9\u09b0\u09c7\u09b0 \u0987\u09a4\u09bf\u09b9\u09be\u09b8 \u09a8\u09bf\u09af\u09bc\u09c7 \u09b2\u09c7\u0996\u09be, \u09b0\u200d\u09cd\u09af\u09be\u09ac \u0993 \u09ac\u09cd\u09af\u09be\u0982\u0995\u0964",
    "cs": "Kniha vypr\u00e1v\u00ed o m\u011bst\u011b a o lidech, kte\u0159\u00ed v n\u011bm \u017eij\u00ed.",
    "de": "Das Buch erz\u00e4hlt von der Stadt; \u201esch\u00f6n\u201c sei sie, hei\u00dft es.",
    "el": "\u03a4\u03bf \u03b2\u03b9\u03b2\u03bb\u03af\u03bf \u03bc\u03b9\u03bb\u03ac\u03b5\u03b9 \u03b3\u03b9\u03b1 \u03c4\u03b7\u03bd \u03c0\u03cc\u03bb\u03b7 \u03ba\u03b1\u03b9 \u03c4\u03bf\u03c5\u03c2 \u03b1\u03bd\u03b8\u03c1\u03ce\u03c0\u03bf\u03c5\u03c2 \u03c4\u03b7\u03c2.",
    "en": "The book tells of a town \u2013 it\u2019s \u201ca na\u00efve tale\u201d \u2013 and its people.",
    "es": "\u00bfEl libro habla de la ciudad y de su gente? S\u00ed, se\u00f1or.",
    "fa": "\u0627\u06cc\u0646 \u06a9\u062a\u0627\u0628 \u062f\u0631\u0628\u0627\u0631\u0647\u200c\u06cc \u0634\u0647\u0631 \u0627\u0633\u062a \u0648 \u0645\u06cc\u200c\u06af\u0648\u06cc\u062f \u06a9\u0647 \u0645\u0631\u062f\u0645 \u062e\u0627\u0646\u0647\u200c\u0647\u0627\u06cc\u0634\u0627\u0646 \u0631\u0627 \u062f\u0648\u0633\u062a \u062f\u0627\u0631\u0646\u062f.",
    "fi": "Kirja kertoo kaupungista ja sen ihmisist\u00e4; h\u00e4n l\u00e4hti y\u00f6ll\u00e4.",
    "fr": "Le livre parle de la ville : \u00ab c\u2019est l\u2019\u00e9t\u00e9 \u00bb, dit-on \u00e0 5 % d\u2019entre eux.",
    "ha": "\u018aan yaro ya \u0199i \u0253oye \u01b4ar tsana a cikin gida.",
    "he": "\u05d4\u05e1\u05e4\u05e8 \u05de\u05e1\u05e4\u05e8 \u05e2\u05dc \u05d4\u05e2\u05d9\u05e8 \u05d5\u05e2\u05dc \u05d4\u05d0\u05e0\u05e9\u05d9\u05dd, \u05e2\u05de\u05f3 12.",
    "hi": "\u092f\u0939 \u0915\u093f\u0924\u093e\u092c \u0936\u0939\u0930 \u0915\u0947 \u0907\u0924\u093f\u0939\u093e\u0938 \u0915\u0947 \u092c\u093e\u0930\u0947 \u092e\u0947\u0902 \u0939\u0948, \u0915\u094d\u200d\u0937 \u0914\u0930 \u0935\u093f\u0926\u094d\u092f\u093e\u0964",
    "hu": "A k\u00f6nyv a v\u00e1rosr\u00f3l \u00e9s az ott \u00e9l\u0151 emberekr\u0151l sz\u00f3l, \u0151szint\u00e9n.",
    "hy": "\u0533\u056b\u0580\u0584\u0568 \u057a\u0561\u057f\u0574\u0578\u0582\u0574 \u0567 \u0584\u0561\u0572\u0561\u0584\u056b \u0587 \u0576\u0580\u0561 \u0574\u0561\u0580\u0564\u056f\u0561\u0576\u0581 \u0574\u0561\u057d\u056b\u0576\u0589",
    "id": "Buku ini bercerita tentang kota dan orang-orangnya.",
    "it": "Il libro parla della citt\u00e0 e della gente, perch\u00e9 \u00e8 bella.",
    "ja": "\u3053\u306e\u672c\u306f\u6771\u4eac\u306e\u753a\u3068\u4eba\u3073\u3068\u306b\u3064\u3044\u3066\u3001\uff21\u6848\u3068\uff30\uff24\uff26\u3092\u8a9e\u308b\u3002",
    "ka": "\u10ec\u10d8\u10d2\u10dc\u10d8 \u10db\u10dd\u10d2\u10d5\u10d8\u10d7\u10ee\u10e0\u10dd\u10d1\u10e1 \u10e5\u10d0\u10da\u10d0\u10e5\u10d8\u10e1\u10d0 \u10d3\u10d0 \u10db\u10d8\u10e1\u10d8 \u10ee\u10d0\u10da\u10ee\u10d8\u10e1 \u10e8\u10d4\u10e1\u10d0\u10ee\u10d4\u10d1.",
    "km": "\u179f\u17c0\u179c\u1797\u17c5\u200b\u1793\u17c1\u17c7\u200b\u1793\u17b7\u1799\u17b6\u1799\u200b\u17a2\u17c6\u1796\u17b8\u200b\u1791\u17b8\u1780\u17d2\u179a\u17bb\u1784\u17d4",
    "ko": "\uc774 \ucc45\uc740 \ub3c4\uc2dc\uc640 \uc0ac\ub78c\ub4e4\uc5d0 \ub300\ud574 \uc774\uc57c\uae30\ud55c\ub2e4, PDF\ub85c.",
    "lo": "\u0e9b\u0eb6\u0ec9\u0ea1\u200b\u0e99\u0eb5\u0ec9\u200b\u0ec0\u0ea5\u0ebb\u0ec8\u0eb2\u200b\u0ec0\u0e96\u0eb4\u0e87\u200b\u0ec0\u0ea1\u0eb7\u0ead\u0e87.",
    "my": "\u1024\u1005\u102c\u1021\u102f\u1015\u103a\u101e\u100a\u103a\u200b\u1019\u103c\u102d\u102f\u1037\u1021\u1000\u103c\u1031\u102c\u1004\u103a\u1038\u200b\u1015\u103c\u1031\u102c\u101e\u100a\u103a\u104b",
    "pl": "Ksi\u0105\u017cka opowiada o mie\u015bcie i jego ludziach, \u017ale \u017cyj\u0105cych.",
    "pt": "O livro fala da cidade e de S\u00e3o Jo\u00e3o; n\u00e3o \u00e9 verdade?",
    "ro": "Cartea poveste\u0219te despre ora\u0219 \u0219i despre oamenii s\u0103i, \u021b\u0103rani.",
    "ru": "\u041a\u043d\u0438\u0433\u0430 \u0440\u0430\u0441\u0441\u043a\u0430\u0437\u044b\u0432\u0430\u0435\u0442 \u043e \u0433\u043e\u0440\u043e\u0434\u0435; \u0432\u0441\u0451 \u0435\u0449\u0451 \u00ab\u043f\u043e\u0434\u044a\u0451\u043c\u00bb, PDF-\u0444\u0430\u0439\u043b \u0438 iPhone.",
    "sr": "\u041a\u045a\u0438\u0433\u0430 \u0433\u043e\u0432\u043e\u0440\u0438 \u043e \u0433\u0440\u0430\u0434\u0443 \u0438 \u045a\u0435\u0433\u043e\u0432\u0438\u043c \u0459\u0443\u0434\u0438\u043c\u0430, \u045a\u0443\u0448\u043a\u0430 \u0438 \u0452\u0430\u043a.",
    "ta": "\u0b87\u0ba8\u0bcd\u0ba4\u0baa\u0bcd \u0baa\u0bc1\u0ba4\u0bcd\u0ba4\u0b95\u0bae\u0bcd \u0ba8\u0b95\u0bb0\u0ba4\u0bcd\u0ba4\u0bc8\u0baa\u0bcd \u0baa\u0bb1\u0bcd\u0bb1\u0bbf\u0baf\u0ba4\u0bc1.",
    "th": "\u0e2b\u0e19\u0e31\u0e07\u0e2a\u0e37\u0e2d\u200b\u0e40\u0e25\u0e48\u0e21\u0e19\u0e35\u0e49\u0e40\u0e25\u0e48\u0e32\u0e40\u0e23\u0e37\u0e48\u0e2d\u0e07\u0e40\u0e21\u0e37\u0e2d\u0e07\u0e41\u0e25\u0e30\u0e1c\u0e39\u0e49\u0e04\u0e19",
    "tr": "Kitap \u015fehri ve insanlar\u0131n\u0131 anlat\u0131yor; \u0131\u015f\u0131k \u0130stanbul\u2019da g\u00fczeldir.",
    "uk": "\u041a\u043d\u0438\u0433\u0430 \u0440\u043e\u0437\u043f\u043e\u0432\u0456\u0434\u0430\u0454 \u043f\u0440\u043e \u043c\u0456\u0441\u0442\u043e, \u0439\u043e\u0433\u043e \u043b\u044e\u0434\u0435\u0439, \u0457\u0436\u0430\u043a\u0430 \u0456 \u0491\u0430\u043d\u043e\u043a.",
    "ur": "\u06cc\u06c1 \u06a9\u062a\u0627\u0628 \u0634\u06c1\u0631 \u06a9\u06cc \u062a\u0627\u0631\u06cc\u062e \u06a9\u06d2 \u0628\u0627\u0631\u06d2 \u0645\u06cc\u06ba \u06c1\u06d2\u06d4",
    "vi": "Cu\u1ed1n s\u00e1ch k\u1ec3 v\u1ec1 th\u00e0nh ph\u1ed1 v\u00e0 con ng\u01b0\u1eddi \u1edf \u0111\u00f3, r\u1ea5t \u0111\u1eb9p.",
    "zh": "\u8fd9\u672c\u4e66\u8bb2\u8ff0\u4e86\u57ce\u5e02\u548c\u4eba\u4eec\u7684\u6545\u4e8b\uff0c\uff30\uff24\uff26\uff0c\u201c\u597d\u201d\u3002",
}
SPOILED = {
    "foreign-letter": "p\u0430ypal",
    "rare-letter": "\u0251pple",
    "styled-letters": "\U0001d5ee\U0001d5fd\U0001d5fd\U0001d5f9\U0001d5f2",
    "host": "https://\u0430\u0440\u0440\u04cf\u0435.com/",
    "invisible": "ad\u200bmin",
    "bidi-control": "\u202egnp.exe",
    "tag-characters": "hi\U000e0068\U000e0069",
    "variation-selector": "us\ufe0fer",
    "control": "a\x08b",
    "without-meaning": "a \ue000",
    "odd-space": "a\u2003b",
    "stacked-marks": "z\u0301\u0302\u0303\u0304\u0305",
    "mixed-digits": "1\u06f2",
    "misread": "caf\u00c3\u00a9 d\u00c3\u00a8s",
    "not-nfc": "e\u0301t",
    "forge-notice": "This file contains ambiguous Unicode characters",
}
NOTICES = {"not-nfc", "forge-notice"}
# A word in the letters of another script, and the one that it passes for, by the script of the language.
DISGUISED = {
    "Cyrillic": ("pacopa", "\u0440\u0430\u0441\u043e\u0440\u0430"),
    "Greek": ("TAPTOX", "\u03c4\u03b1\u03c1\u03c4\u03bf\u03c7"),
}
CYRILLIC_FOR_LATIN = ("\u0441\u0430\u0440\u043e\u0441\u0441\u0430", "capocca")


def checks_that_warn(text: str, language: str, *words: str) -> set[str]:
    return {
        found.check
        for found in scan(text, language=language, words=words).findings
        if found.severity is not Severity.NOTICE or found.check in NOTICES
    }


def test_every_check_is_tried() -> None:
    ids = {check.__name__.replace("_", "-") for check in CHECKS}

    assert ids == {*SPOILED, "whole-word", "blank"}
    assert len(CLEAN) >= 25


@pytest.mark.parametrize("language", CLEAN)
def test_clean_sentence_is_silent(language: str) -> None:
    assert not checks_that_warn(CLEAN[language], language)


@pytest.mark.parametrize("language", CLEAN)
@pytest.mark.parametrize("check", SPOILED)
def test_fault_is_found_after_a_clean_sentence(check: str, language: str) -> None:
    assert checks_that_warn(f"{CLEAN[language]} {SPOILED[check]}", language) >= {check}


@pytest.mark.parametrize("language", CLEAN)
def test_disguised_word_is_found_in_a_clean_sentence(language: str) -> None:
    disguise, word = DISGUISED.get(script_of_language(language), CYRILLIC_FOR_LATIN)
    text = f"{disguise} \u2013 {CLEAN[language]}"

    assert not checks_that_warn(text, language)
    assert checks_that_warn(text, language, word) == {"whole-word"}


@pytest.mark.parametrize("language", CLEAN)
def test_text_that_shows_nothing_is_blank(language: str) -> None:
    assert "blank" in checks_that_warn("\u3164\u200b", language)
