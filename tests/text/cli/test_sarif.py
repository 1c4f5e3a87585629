"""`scan --format sarif` holds what SARIF 2.1.0 (OASIS Standard, sections 3.13 to 3.30) demands of a log."""

import json
import os
import re
from io import StringIO
from pathlib import Path, PureWindowsPath
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from articles.text.checks.descriptions import DESCRIPTIONS
from articles.text.cli import VERSION
from articles.text.cli.sarif import artifact_location

LEVELS = {"none", "note", "warning", "error"}
# The keys that the schema knows for each object written here; it allows no others.
KNOWN = {
    "log": {"$schema", "version", "runs", "inlineExternalProperties", "properties"},
    "run": {
        *("tool", "columnKind", "results", "artifacts", "invocations", "defaultEncoding"),
        *("originalUriBaseIds", "properties"),
    },
    "driver": {"name", "rules", "version", "semanticVersion", "informationUri", "properties"},
    "rule": {
        *("id", "name", "shortDescription", "fullDescription", "helpUri", "help"),
        *("defaultConfiguration", "properties"),
    },
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "fixes", "properties"},
    "physical location": {"artifactLocation", "region", "contextRegion", "address", "properties"},
    "region": {
        *("startLine", "startColumn", "endLine", "endColumn", "charOffset", "charLength"),
        *("byteOffset", "byteLength", "snippet", "message", "sourceLanguage", "properties"),
    },
}
URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*")


def sarif(*paths: Path) -> dict[str, Any]:
    out, status = StringIO(), 0
    try:
        call_command("scan", *map(str, paths), "--format", "sarif", stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    assert status in (0, 1)
    log: dict[str, Any] = json.loads(out.getvalue())
    return log


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    odd = tmp_path / "odd name \N{EURO SIGN}.md"
    odd.write_text("A p\u0430ge.\n\nTwo\u200bwords\u202e\n`rm\u00a0x`\u0301\u0301\n", encoding="utf-8")
    clean = tmp_path / "clean.md"
    clean.write_text("Nothing here.\n", encoding="utf-8")
    return sarif(odd, clean)


def test_log_has_the_demanded_shape(log: dict[str, Any]) -> None:
    assert log["version"] == "2.1.0"
    assert set(log) <= KNOWN["log"]
    (run,) = log["runs"]
    assert set(run) <= KNOWN["run"]
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert set(run["tool"]) == {"driver"}
    assert set(run["tool"]["driver"]) <= KNOWN["driver"]
    assert run["tool"]["driver"]["name"]


def test_rules_are_unique_and_cover_the_results(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]

    assert all(set(rule) <= KNOWN["rule"] for rule in rules)
    assert len(ids) == len(set(ids))
    assert {result["ruleId"] for result in run["results"]} == set(ids)


def test_results_say_what_and_where(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    assert len(run["results"]) >= 4
    for result in run["results"]:
        assert set(result) <= KNOWN["result"]
        assert result["level"] in LEVELS
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert set(location) == {"physicalLocation"}
        place = location["physicalLocation"]
        assert set(place) <= KNOWN["physical location"]
        assert URI_REFERENCE.fullmatch(place["artifactLocation"]["uri"])
        region = place["region"]
        assert set(region) <= KNOWN["region"]
        assert all(type(number) is int for number in region.values())
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
        assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"])
        assert region["charOffset"] >= 0
        assert region["charLength"] >= 1


def test_a_log_without_results_is_a_log(tmp_path: Path) -> None:
    path = tmp_path / "clean.md"
    path.write_text("Nothing here.\n", encoding="utf-8")

    (run,) = sarif(path)["runs"]

    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []


def test_rules_say_what_they_find_and_results_name_their_rule(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    driver = run["tool"]["driver"]

    assert driver["version"] == VERSION
    for rule in driver["rules"]:
        description = DESCRIPTIONS[rule["id"]]
        assert rule["name"].isalpha()
        assert rule["name"].lower() == rule["id"].replace("-", "")
        assert rule["shortDescription"]["text"] == description.what
        assert description.why in rule["fullDescription"]["text"]
        assert "allow-list" in rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in LEVELS
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_hidden_text_stands_in_message_and_properties(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("Hello" + "".join(chr(0xE0000 + ord(char)) for char in "hi!"), encoding="utf-8")

    (result,) = sarif(path)["runs"][0]["results"]

    assert result["message"]["text"].endswith(": \u201chi!\u201d")
    assert result["properties"] == {"payload": "hi!"}


def test_addresses_are_relative_to_the_working_directory(log: dict[str, Any], tmp_path: Path) -> None:
    (run,) = log["runs"]
    addresses = {
        tuple(result["locations"][0]["physicalLocation"]["artifactLocation"].items())
        for result in run["results"]
    }

    assert run["originalUriBaseIds"] == {"SRCROOT": {"uri": f"{tmp_path.as_uri()}/"}}
    assert addresses == {(("uri", "odd%20name%20%E2%82%AC.md"), ("uriBaseId", "SRCROOT"))}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs\\a b.md", {"uri": "docs/a%20b.md", "uriBaseId": "SRCROOT"}),
        ("C:\\work\\a.md", {"uri": "a.md", "uriBaseId": "SRCROOT"}),
        ("D:\\other\\a.md", {"uri": "file:///D:/other/a.md"}),
    ],
)
def test_address_on_windows(path: str, expected: dict[str, str]) -> None:
    assert artifact_location(path, PureWindowsPath("C:\\work")) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("./a.md", {"uri": "a.md", "uriBaseId": "SRCROOT"}),
        ("../a:b.md", {"uri": "file:///a%3Ab.md"}),
        ("a:b\udcff.md", {"uri": "a%3Ab%FF.md", "uriBaseId": "SRCROOT"}),
    ],
)
def test_address_of_an_odd_name_or_place(path: str, expected: dict[str, str]) -> None:
    assert artifact_location(path, Path("/work")) == expected


@pytest.mark.skipif(
    "SARIF_SCHEMA" not in os.environ, reason="SARIF_SCHEMA does not name the standard's schema"
)
def test_log_passes_the_schema_of_the_standard(log: dict[str, Any]) -> None:
    """The schema comes with the source package sarif-om; `.ci/run` unpacks it."""
    schema = json.loads(Path(os.environ["SARIF_SCHEMA"]).read_text())

    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(log | {"version": "9"})
