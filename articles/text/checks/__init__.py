"""Which characters of a text look wrong, where, and why: `scan` runs every check and returns findings."""

from articles.text.checks.findings import Finding, Scan, Severity
from articles.text.checks.scanning import CHECKS, MAX_FINDINGS, scan, scan_regions

__all__ = ["CHECKS", "MAX_FINDINGS", "Finding", "Scan", "Severity", "scan", "scan_regions"]
