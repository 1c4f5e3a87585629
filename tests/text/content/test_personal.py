"""Phone numbers, mail addresses and card numbers, and what looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content.personal import DataKind, personal_data

PHONES = [
    "+49 30 901820",
    "+1 (415) 555-2671",
    "tel:+493090182055",
    "[call](tel:+493090182055)",
    "(212) 555-0182",
    "212-555-0182",
    "Tel. 0171 2345678",
    "030 / 9018 2055",
    "01 42 68 53 00",
    "01.42.68.53.00",
    "8 (912) 345-67-89",
    "+7 912 345-67-89",
    "Тел.: 345-67-89",
    "звоните 89123456789",
    "هاتف: ٠٥٠١٢٣٤٥٦٧",
    "هاتف 0501234567",
    "他的电话是13812345678",
    "138 1234 5678",
    "手机：13812345678",
    "फोन: ९८७६५४३२१०",
    "call her at 5551234567",
    "WhatsApp: 600123456",
    "+351 912 345 678",
    "+420 601 123 456",
    "0049 30 123456",
    "Telefon 22 123 45 67",
    "+47 *901* **23** 456",
    "&#43;47 &#57;01 23 456",
    "+47 9\u200b01 23 456",
]
MAILS = [
    "me@mail.example",
    "иван@почта.рф",
]
CARDS = [
    "4111 1111 1111 1111",
    "4111111111111111",
    "3782-822463-10005",
    "4111 *1111* **1111** `1111`",
    "٤١١١ ١١١١ ١١١١ ١١١١",
]
OTHERS = [
    "2 ** 16 and 3*4 and 1_234_567_890",
    "* 0301 234\n* 567 890",
    "2024-01-02",
    "01.02.2024 and 03.04.2025",
    "01/02/2024 10:30",
    "12.03.1998-14.05.2001",
    "ISBN 978-3-16-148410-0",
    "978-3-16-148410-0",
    "0-306-40615-2",
    "ISBN 0-306-40615-2",
    "ISSN 0378-5955",
    "1,234,567.89 and 1.234.567,89",
    "€ 1 234 567 890",
    "12 345 678 900 €",
    "+10 000 000 people",
    "+100 000 000",
    "1.2.3.4567.89",
    "version 10.15.7.2024",
    "52.520008, 13.404954",
    "+52.520008, +13.404954",
    "+52.520008+013.404954",
    "https://x.example/?id=4111111111111111",
    "https://x.example/212-555-0182",
    "doi 10.1000/1234567890",
    "192.168.100.100",
    "1234567890123",
    "a0b1c2d3-1234-5678-9012-123456789012",
    "1999-2000, 2001-2002",
    "123-45-6789",
    "4111 1111 1111 1112",
    "1111 1111 1111 1111",
    "called 12345678 times",
    "phone model 3310",
    "3.14159265358979",
    "2020 2021 2022 2023",
    "10 000 000 000",
    "user@",
    "@name",
    "1:25000000",
    "в 1998-2004 годах",
    "64 (2016) 123-145",
    "vol. 12(3), 123-4567",
    "00:12:34.5678901",
    "0001234567",
    "000 123 456",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, DataKind.PHONE) for text in PHONES),
        *((text, DataKind.MAIL) for text in MAILS),
        *((text, DataKind.CARD) for text in CARDS),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Words {} words.", "- {}\n- words\n", "({})"])
def test_personal_data_is_found(text, kind, around):
    assert [found.kind for found in personal_data(around.format(text))] == [kind]


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("around", ["{}", "Words {} words.", "- {}\n- words\n", "({})"])
def test_other_numbers_are_silent(text, around):
    assert personal_data(around.format(text)) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+49 30 901820", "+49 (30) 90-18-20"),
        ("+49 30 901820", "0049 30 901820"),
        ("هاتف ٠٥٠١٢٣٤٥٦٧", "هاتف 0501234567"),
        ("Me@Mail.example", "me@mail.example"),
        ("4111 1111 1111 1111", "4111-1111-1111-1111"),
    ],
)
def test_value_is_the_same_however_it_is_written(one, other):
    (first,), (second,) = personal_data(one), personal_data(other)

    assert (first.kind, first.value) == (second.kind, second.value)
    assert len(personal_data(f"{one}\n{other}")) == 1


@pytest.mark.parametrize("digit", range(1, 10))
def test_card_with_a_wrong_digit_is_none(digit):
    assert personal_data(f"4111 1111 1111 111{(1 + digit) % 10}") == ()


@given(st.text(alphabet="0123456789 +-/().,:@abTel", max_size=60))
def test_any_text_is_read(text):
    assert all(found.text in text for found in personal_data(text))
