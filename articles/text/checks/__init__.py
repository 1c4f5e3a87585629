"""Checks: `scan` runs each one on a text and returns findings, the characters that look wrong."""

from articles.text.checks.findings import Finding, Scan, Severity
from articles.text.checks.scanning import CHECKS, MAX_FINDINGS, scan, scan_regions

__all__ = ["CHECKS", "MAX_FINDINGS", "Finding", "Scan", "Severity", "scan", "scan_regions"]
