"""Labels for invisible characters, which pages draw as boxes."""

import regex

# Characters that draw nothing or move others: controls, format characters, separators, default-ignorables.
INVISIBLE = regex.compile(r"[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ \n\t]]", regex.V1)
_ABBREVIATIONS = {
    "\u00a0": "NBSP",
    "\u00ad": "SHY",
    "\u034f": "CGJ",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u202f": "NNBSP",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}


def box_label(char: str) -> str | None:
    """Return the label to draw for an invisible character; None for any other character."""
    return (_ABBREVIATIONS.get(char) or f"U+{ord(char):04X}") if INVISIBLE.match(char) else None
