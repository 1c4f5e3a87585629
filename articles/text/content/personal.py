"""Personal data: phone numbers, mail addresses and card numbers in a text, in the digits of any script.

The patterns are few and careful: a number is one of a phone only by its form or by a word before it. Dates, prices,
versions, coordinates, book numbers and numbers in addresses of pages are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

MIN_PHONE, MAX_PHONE = 7, 15  # digits; ITU-T E.164 allows 15
MIN_WITH_CODE = 9  # digits of a number with the code of a country
MIN_CARD, MAX_CARD = 13, 19  # digits; ISO/IEC 7812


class DataKind(StrEnum):
    PHONE = "phone"
    MAIL = "mail"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A number or mail address. `value` is equal for equal ones, however they are written; `text` is as written."""

    kind: DataKind
    value: str
    text: str


def personal_data(text: str) -> tuple[PersonalData, ...]:
    """Return the personal data in a text, each once. Linear in the text.

    >>> [(str(found.kind), found.value) for found in personal_data("Call +49 (30) 901820, or write to a@b.example.")]
    [('phone', '4930901820'), ('mail', 'a@b.example')]
    """
    plain = _without_markup(text)
    numbers = (*_numbers(text), *(_numbers(plain) if plain != text else ()))
    found = {(each.kind, each.value): each for each in (*numbers, *_mails(text))}
    return tuple(found.values())


# Emphasis and code that begin or end between the groups of a number, and what is invisible between two digits.
_BETWEEN_DIGITS = re.compile(
    r"(?<=\d)(?:[*_`]{1,3}(?=[\s)])|[\u00ad\u200b-\u200d\u2060\ufeff]+(?=\d))|(?<=[\s(+])[*_`]{1,3}(?=[+(]?\d)"
)


def _without_markup(text: str) -> str:
    """Return a text as readers see its numbers: without marks between their digits, and with decoded references."""
    return _BETWEEN_DIGITS.sub("", unescape(text) if "&#" in text else text)


_MAIL = re.compile(r"(?<![\w.+/-])[\w.+-]{1,64}+@((?:[\w-]{1,63}+\.){1,8}[^\W\d_]{2,24})(?![\w-])")


def _mails(text: str) -> Iterator[PersonalData]:
    for match in _MAIL.finditer(text) if "@" in text else ():
        yield PersonalData(DataKind.MAIL, match[0].lower(), match[0])


# Digits, with at most one sign and two spaces between two of them. A letter, a sign of an address or a currency, or a
# decimal point before them makes something else of them.
_SPACE = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_UNSPACED = r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"  # letters that may touch a number
_CURRENCY = r"$\u20ac\u00a3\u00a5\u20bd\u20b9"
_NUMBER = re.compile(
    rf"(?:(?<=tel:)|(?<![/=&#@:%+{_CURRENCY}-])(?<![^\W{_UNSPACED}])(?<!\d[.,]))"
    rf"[+\uff0b]?\(?\d(?:[{_SPACE}]?[-/.()\u2010-\u2013]?[{_SPACE}]?\d){{6,24}}+(?!\d)"
)
_GROUP = re.compile(r"\d+")
_IS_UNIT = re.compile(
    rf"[{_SPACE}]?[%\u2030\u00b0{_CURRENCY}]|[.,:/=_@-]?[^\W{_UNSPACED}]"
).match  # behind a number
_IS_NAMED = re.compile(  # as another number
    r"\b(?:ISBN|ISSN|DOI|EAN|GTIN|PMID|OCLC|RFC|IBAN|ISO)\b[^\n]{0,12}\Z", re.IGNORECASE
).search
_IS_DATE = re.compile(r"\(?(?:\d{1,2}([-/.])\d{1,2}\1\d{2,4}|\d{4}([-/.])\d{1,2}\2\d{1,2})(?!\d)").match
_IS_DECIMAL = re.compile(r"\+?\d+\.\d+").fullmatch
_IS_ROUND = re.compile(r"\+?\d{1,3}(?:[^\d]000)+|\d+0000").fullmatch
_HAS_HAN = re.compile("[\u4e00-\u9fff]").search

# Words that name a phone in widespread languages, and what may stand between them and the number.
_CUES = (
    "tel telefon telefone telefono telefono telephone télephone téléphone tél teléfono telefoon telefonu phone mobile"
    " mobil móvil cell call whatsapp viber handy handynummer rufnummer komórka"
    " тел телефон телефону мобильный звоните позвоните дзвоніть τηλ τηλέφωνο"
    " هاتف هاتفه هاتفها جوال موبايل تلفن טלפון נייד फोन फ़ोन मोबाइल"
)
_UNSPACED_CUES = "电话 電話 手机 手機 致电 携帯 전화 휴대폰 โทร ☎ ☏"
_IS_CUED = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(_CUES.split())})(?!\w)|(?:{'|'.join(_UNSPACED_CUES.split())}))"
    r"(?:[\s:.,()\[\]*_#№\N{FULLWIDTH COLON}-]"
    r"|(?<!\w)(?:him|her|me|us|them|now|at|on|no|nr|number|is|номер|по|号码|番号)(?!\w)){0,9}\Z",
    re.IGNORECASE,
).search


def _numbers(text: str) -> Iterator[PersonalData]:
    """Yield the phone and card numbers of a text."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 40) : start]
        if _IS_UNIT(text, end) or _IS_NAMED(before):
            continue
        written = match[0]
        groups = ["".join(str(int(digit)) for digit in group) for group in _GROUP.findall(written)]
        digits = "".join(groups)
        if _is_card(written, groups):
            yield PersonalData(DataKind.CARD, digits, written)
        elif _is_phone(written, groups) or (
            MIN_PHONE <= len(digits) <= MAX_PHONE
            and not _IS_DATE(written)
            and (_IS_CUED(before) or _is_chinese_mobile(groups, before[-8:] + text[end : end + 8]))
        ):
            yield PersonalData(DataKind.PHONE, digits.removeprefix("00"), written)


def _is_phone(written: str, groups: list[str]) -> bool:
    """Return whether a number has the form of a phone's, without a word that says so."""
    digits, sizes = "".join(groups), [len(group) for group in groups]
    if sizes == [2] * 5 and digits[0] == "0":  # France, which writes dots, too
        return digits[1] != "0"
    if _IS_DATE(written) or _IS_ROUND(written) or _IS_DECIMAL(written) or len(digits) > MAX_PHONE:
        return False
    if written[0] in "+\uff0b" or digits.startswith("00"):
        return len(digits.lstrip("0")) >= MIN_WITH_CODE and (written[0] != "0" or len(groups) > 1)
    if sizes[-3:] == [3, 3, 4] and digits[-10] in "23456789":  # North America
        return (sizes[:-3] == [] and not written.replace(" ", "").isdigit()) or groups[:-3] == ["1"]
    if sizes[-4:] == [3, 3, 2, 2]:  # countries that were in the Soviet Union
        return groups[:-4] == ["8"] or (sizes[:-4] == [] and "(" in written)
    if sizes == [3, 4, 4] and digits[0] == "1":
        return _is_chinese_mobile([digits], "\u4e00")
    is_trunk = digits[0] == "0" and digits[1] != "0" and len(groups) > 1  # in most of Europe, Asia and Africa
    return is_trunk and 9 <= len(digits) <= 12 and "." not in written and not _is_isbn(groups)


def _is_chinese_mobile(groups: list[str], around: str) -> bool:
    number = groups[0] if len(groups) == 1 else ""
    return len(number) == 11 and number[0] == "1" and number[1] in "3456789" and bool(_HAS_HAN(around))


def _is_isbn(groups: list[str]) -> bool:
    """Return whether groups are those of an ISBN-10 that ends with a digit: its weighted sum is divisible by 11."""
    digits = "".join(groups)
    is_like_one = len(digits) == 10 and len(groups) == 4 and len(groups[-1]) == 1
    return is_like_one and sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11 == 0


# The first digits of the large payment systems, and how many digits a number has (ISO/IEC 7812).
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|6(?:011|2|5)\d{12,17}"
)
_CARD_GROUPS = ([4, 4, 4, 4], [4, 6, 5], [4, 4, 4, 4, 3])


def _is_card(written: str, groups: list[str]) -> bool:
    """Return whether a number is that of a payment card: issuer, grouping, and the check digit of Luhn."""
    digits = "".join(groups)
    if not MIN_CARD <= len(digits) <= MAX_CARD or not _ISSUERS.fullmatch(digits) or len(set(digits)) < 2:
        return False
    if len(groups) > 1 and (
        [len(group) for group in groups] not in _CARD_GROUPS or "/" in written or "." in written
    ):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
