"""The content of a revision as one value, with its findings, comparison, merge and marks."""

from articles.text.content.comparison import (
    ContentComparison,
    ContentMerge,
    FieldComparison,
    as_json,
    compare_contents,
    merge_contents,
)
from articles.text.content.content import (
    WHERE,
    Content,
    Field,
    FieldFinding,
    findings,
    findings_in,
    introduced,
    introduced_findings,
    severities,
    severities_for_readers,
)
from articles.text.content.unseen import Unseen, UnseenKind, split_unseen, unseen_in, without
from articles.text.unicode.lines import line_and_column

__all__ = [
    "WHERE",
    "Content",
    "ContentComparison",
    "ContentMerge",
    "Field",
    "FieldComparison",
    "FieldFinding",
    "Unseen",
    "UnseenKind",
    "as_json",
    "compare_contents",
    "findings",
    "findings_in",
    "introduced",
    "introduced_findings",
    "line_and_column",
    "merge_contents",
    "severities",
    "severities_for_readers",
    "split_unseen",
    "unseen_in",
    "without",
]
