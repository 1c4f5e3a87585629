"""Shouting and repeated characters."""

import pytest

from articles.text.content.noise import count_noise


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("BUY CHEAP WATCHES TODAY", 1),
        ("So BUY CHEAP WATCHES today. Then BUY MORE CHEAP WATCHES.", 2),
        ("ПОЗОР ЭТИМ ЛЖЕЦАМ НАВСЕГДА", 1),
        ("ΟΛΑ ΕΙΝΑΙ ΨΕΜΑΤΑ ΕΔΩ", 1),
        ("ALLES HIER IST GELOGEN", 1),
        ("aaaaaaa", 1),
        ("Goooooooal!!!!!!!", 2),
        ("哈哈哈哈哈哈哈", 1),
        ("هههههههه", 1),
        ("Warum\uff1f\uff1f\uff1f\uff1f\uff1f\uff1f", 1),
        ("**WAKE UP PEOPLE EVERYWHERE**", 1),
    ],
)
def test_noise_is_counted(text, count):
    assert count_noise(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "NATO, UNESCO and the UN met in Geneva.",
        "WHO, UNESCO, NATO, OECD",
        "DSGVO, BGB und StGB",
        "THE END",
        "# THE HISTORY OF OUR MILL",
        "| NAME | AGE | CITY |",
        "A B C D E F G H I J K L M N O P",
        "Louis XIV, Louis XV, Louis XVI",
        "`SELECT NAME FROM CUSTOMERS`",
        "```sql\nSELECT NAME FROM CUSTOMERS WHERE AGE\n```\n",
        "https://example.org/AAAAAAAAAA",
        "iVBORw0KGgoAAAAAAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
        "------------ ============ ............ ____________",
        "1000000000",
        "ـــــــــــ",
        "ラーーーーーーーメン",
        "Really?! Well... yes!!",
        "المتحف مفتوح كل يوم",
        "博物馆每天开放",
    ],
)
def test_ordinary_text_is_silent(text):
    assert count_noise(text) == 0
