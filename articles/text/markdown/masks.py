"""Masks: control characters that hide signs from the parser which it would wrongly take for markup.

The parser does not know bare addresses, so signs of emphasis would end one. It takes any colon at the start of a line,
even ":)", for a definition. A mask is one byte long, like the sign.
"""

import re

_SIGNS = "_*~:"
_CONTROLS = [chr(point) for point in (*range(0x01, 0x09), *range(0x0E, 0x20))]
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
# In the target of a link signs mean nothing, and a control character would end the target.
_ADDRESS = re.compile(
    r"(?P<target>\](?:\(|:)[ \t]*(?:\n[ \t>]*)?<?|<)?"
    r"(?<![A-Za-z])(?:https?://|ftp://|www\.)[^\s<>\[\]]*+",
    re.IGNORECASE,
)
_MAY_BEGIN_WITH_COLON = re.compile(r"\n[ \t>+*0-9.)-]*+:")
_COLON = re.compile(
    r"^((?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*+):"
    r"(?=[^\s:|-]|[:|-](?![ \t:|-]*+$)|\r?$)",  # except in a table's row that aligns its columns
    re.MULTILINE,
)


def mask(text: str) -> tuple[str, str]:
    """Return the text for the parser, as long in bytes, and the masks of the signs `_*~:`.

    The masks are empty if nothing is hidden, or if the text itself uses too many control characters.
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


def unmask(text: str, masks: str) -> str:
    """Return a text of the parser with the signs of the source."""
    return text.translate(str.maketrans(masks, _SIGNS)) if masks else text


def _masked_inside(match: re.Match[str], table: dict[int, int]) -> str:
    """Return a bare address with its signs hidden, except those behind its last letter or digit."""
    address = match[0]
    if match["target"] is not None:
        return address
    end = len(address)
    while end and not address[end - 1].isalnum():
        end -= 1
    return address[:end].translate(table) + address[end:]
