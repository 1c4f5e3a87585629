"""What the parser would take for markup and is text: hidden from it by control characters of the same length.

It does not know bare addresses, so signs of emphasis inside one would end it; and to it any colon that begins a line
begins a definition, ":)" too.
"""

import re

_SIGNS = "_*~:"
_CONTROLS = [chr(point) for point in (*range(0x01, 0x09), *range(0x0E, 0x20))]
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
# In the target of a link signs mean nothing, and control characters would end it.
_ADDRESS = re.compile(
    r"(?P<target>\](?:\(|:)[ \t]*(?:\n[ \t>]*)?<?|<)?"
    r"(?<![A-Za-z])(?:https?://|ftp://|www\.)[^\s<>\[\]]*+",
    re.IGNORECASE,
)
_MAY_BEGIN_WITH_COLON = re.compile(r"\n[ \t>+*0-9.)-]*+:")
_COLON = re.compile(
    r"^((?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*+):"
    r"(?=[^\s:|-]|[:|-](?![ \t:|-]*+$)|\r?$)",  # but not the row of a table that aligns its columns
    re.MULTILINE,
)


def masked(text: str) -> tuple[str, str]:
    """Return the text as the parser gets it, as long in bytes, and what stands in it for the signs `_*~:`.

    The latter is empty where nothing is hidden, or where too few control characters are free of a meaning of their own.
    """
    named = (
        {int(ten or six, 10 if ten else 16) for six, ten in _REFERENCE.findall(text)} if "&#" in text else ()
    )
    free = [control for control in _CONTROLS if control not in text and ord(control) not in named]
    if len(free) < len(_SIGNS):
        return text, ""
    masks = "".join(free[: len(_SIGNS)])
    hidden = text
    if _MAY_BEGIN_WITH_COLON.search(text):
        hidden = _COLON.sub(lambda match: match[1] + masks[-1], hidden)
    if any(sign in text for sign in "_*~"):
        table = str.maketrans(_SIGNS[:-1], masks[:-1])
        hidden = _ADDRESS.sub(lambda address: _masked_inside(address, table), hidden)
    return (text, "") if hidden == text else (hidden, masks)


def unmasked(text: str, masks: str) -> str:
    """Return what the parser read, as it stands in the source."""
    return text.translate(str.maketrans(masks, _SIGNS)) if masks else text


def _masked_inside(match: re.Match[str], table: dict[int, int]) -> str:
    address = match[0]
    if match["target"] is not None:
        return address
    end = len(address)
    while end and not address[end - 1].isalnum():
        end -= 1
    return address[:end].translate(table) + address[end:]
