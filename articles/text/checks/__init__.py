"""Which characters of a text look wrong, where, and why: `scan` runs every check and returns findings."""

from .findings import Finding, Scan, Severity
from .scanning import CHECKS, MAX_FINDINGS, scan, scan_regions

__all__ = ["CHECKS", "MAX_FINDINGS", "Finding", "Scan", "Severity", "scan", "scan_regions"]
