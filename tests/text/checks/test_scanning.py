"""The checks, by cases (tests/cases/scan/, one file a check) and by laws."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import CHECKS, MAX_FINDINGS, Severity, scan
from articles.text.checks.descriptions import DESCRIPTIONS
from articles.text.markdown import Where

ROOT = Path(__file__).parents[3]
CASES: list[dict[str, Any]] = [
    case
    for path in sorted(ROOT.glob("tests/cases/scan/*.json"))
    for case in json.loads(path.read_text(encoding="ascii"))
]
HEADINGS = re.findall(r"^## `([a-z-]+)`", (ROOT / "docs/checks.md").read_text(encoding="utf-8"), re.MULTILINE)
IDS = [check.__name__.replace("_", "-") for check in CHECKS]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['check'] or 'clean'}-{number}" for number, case in enumerate(CASES)]
)
def test_case(case: dict[str, Any]) -> None:
    lowest = Severity(case.get("level", "warning"))
    found = [
        finding
        for finding in scan(case["text"], language=case["language"], where=Where(case["where"])).findings
        if list(Severity).index(finding.severity) >= list(Severity).index(lowest)
        and (lowest is not Severity.NOTICE or finding.check == case["check"])
    ]
    flagged = {place for finding in found for place in range(finding.start, finding.end)}
    own = [finding for finding in found if finding.check == case["check"]]

    assert case["text"]
    assert case["why"]
    assert not set(case["flag"]) - flagged, "missed"
    assert not flagged - set(case["flag"]) - set(case.get("either", [])), "flagged without cause"
    assert bool(own) == bool(case["flag"])
    if "meant" in case:
        assert [finding.meant for finding in own] == case["meant"]
    if "payload" in case:
        assert case["payload"] in [finding.payload for finding in own]
    if "severity" in case:
        assert {finding.severity for finding in own} == {case["severity"]}


@pytest.mark.parametrize("check", IDS)
def test_check_has_cases_of_both_kinds_and_a_heading(check: str) -> None:
    kinds = Counter(bool(case["flag"]) for case in CASES if case["check"] == check)

    assert kinds[True]
    assert kinds[False]
    assert check in HEADINGS


def test_description_of_each_check_is_two_sentences() -> None:
    assert list(DESCRIPTIONS) == IDS
    for severity, *sentences in DESCRIPTIONS.values():
        assert severity in Severity
        assert all(re.fullmatch(r"[A-Z].{15,110}[A-Za-z0-9]\.", sentence) for sentence in sentences)


def test_documentation_has_no_heading_without_a_check() -> None:
    assert set(HEADINGS) == set(IDS)
    assert {case["check"] for case in CASES} - {None} == set(IDS)


def test_clean_prose_is_covered_in_many_languages() -> None:
    assert len({case["language"] for case in CASES if case["check"] is None}) >= 60


@given(st.text(), st.sampled_from(["en", "ru", "fa", "ja"]), st.sampled_from(list(Where)))
def test_findings_are_in_order_and_hold_their_text(text: str, language: str, where: Where) -> None:
    result = scan(text, language=language, where=where)

    assert result.total == len(result.findings) == sum(result.counts.values())
    assert [finding.start for finding in result.findings] == sorted(
        finding.start for finding in result.findings
    )
    for finding in result.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.check in IDS
        assert "&" in text or finding.text == text[finding.start : finding.end]


@given(
    st.text(
        alphabet=st.sampled_from("ab\u0430\u0251 \u200b\u202e\u2067\u2069\U000e0061\ufe0f\u0301&#8203;`\n")
    )
)
def test_scan_is_deterministic(text: str) -> None:
    assert scan(text) == scan(text)


def test_at_most_a_thousand_findings_are_kept_and_all_are_counted() -> None:
    result = scan("p\u0430ypal " * 1500, where=Where.SUMMARY)

    assert len(result.findings) == MAX_FINDINGS
    assert result.total == result.counts[Severity.WARNING] == 1500


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("p\u0430ypal" * 20_000, 20_000),
        ("p\u0430y " * 20_000, 20_000),
        ("\u0430" * 100_000, 0),
        ("two\u03b1" * 20_000, 20_000),
        ("two \u0430 two " * 20_000, 20_000),
        ("two-\u0430 " * 20_000, 20_000),
        ("a\u200b" * 20_000, 20_000),
        ("caf\u00c3\u00a9 " * 20_000, 20_000),
        ("[www.a.com](//b.com) " * 2_000, 2_000),
        ("x" + "\U000e0061" * 100_000, 1),
        ("z" + "\u0301" * 100_000, 1),
        ("x" + "\u2067" * 20_000, 20_000),
    ],
    ids=[
        "one word",
        "words",
        "one letter",
        "symbols",
        "short words",
        "chunks",
        "invisible",
        "misread",
        "links",
        "tags",
        "marks",
        "isolates",
    ],
)
def test_text_full_of_faults_is_counted_to_its_end(text: str, total: int) -> None:
    result = scan(text)

    assert len(result.findings) == min(MAX_FINDINGS, result.total)
    assert result.counts[Severity.WARNING] + result.counts[Severity.ALERT] == total


def test_spans_of_entities_are_those_of_the_source() -> None:
    (finding,) = scan("pay&#8203;pal").findings

    assert (finding.start, finding.end, finding.text) == (3, 10, "\u200b")
    assert finding.code_points == ("U+200B",)
    assert "&#8203;" in finding.message


def test_context_decides_the_severity() -> None:
    in_prose, in_code = scan("p\u0430y `p\u0430y`").findings

    assert (in_prose.where, in_prose.severity) == (Where.PROSE, Severity.WARNING)
    assert (in_code.where, in_code.severity) == (Where.CODE, Severity.ALERT)


def test_message_is_a_sentence_a_person_understands() -> None:
    (finding,) = scan("p\u0430ypal").findings

    assert (
        finding.message
        == "Cyrillic small letter a (U+0430) stands in a Latin word; it looks like \u201ca\u201d"
    )


def test_findings_that_say_the_same_share_one_message() -> None:
    found = scan("a\u200bb " * 50 + "c\u2060d").findings

    assert len(found) == 51
    assert len({id(finding.message) for finding in found}) == 2
