"""Bidi controls (UAX #9): what they open and close, and the text around them."""

from dataclasses import dataclass

import regex

REACH = 1000
_STRONG = regex.compile(r"(?V1)[[\p{Bidi_Class=L}\p{Bidi_Class=R}\p{Bidi_Class=AL}]--[\u200e\u200f\u061c]]")
_RIGHT_TO_LEFT = regex.compile(r"(?V1)[[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]--[\u200f\u061c]]")


@dataclass(frozen=True, slots=True)
class Opening:
    """A bidi control that begins a stretch, and the place of its end; None if it stays open in its paragraph."""

    place: int
    end: int | None


OVERRIDES = "\N{LEFT-TO-RIGHT OVERRIDE}\N{RIGHT-TO-LEFT OVERRIDE}"
EMBEDDINGS = "\N{LEFT-TO-RIGHT EMBEDDING}\N{RIGHT-TO-LEFT EMBEDDING}"
ISOLATES = "\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}\N{FIRST STRONG ISOLATE}"
POP, POP_ISOLATE = "\N{POP DIRECTIONAL FORMATTING}", "\N{POP DIRECTIONAL ISOLATE}"
MARKS = "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}"
_BIDI = regex.compile(rf"[{OVERRIDES}{EMBEDDINGS}{ISOLATES}{POP}{POP_ISOLATE}\n\r\x1c-\x1e\x85\u2029]")


def bidi_stretches(text: str) -> tuple[list[Opening], list[int]]:
    """Return the openings of embeddings, overrides and isolates (UAX #9 BD9), and the places of stray ends."""
    openings: list[Opening] = []
    stray: list[int] = []
    stack: list[int] = []
    for match in _BIDI.finditer(text):
        place, char = match.start(), match[0]
        if char == POP:
            if stack and text[stack[-1]] not in ISOLATES:
                openings.append(Opening(stack.pop(), place))
            else:
                stray.append(place)
        elif char == POP_ISOLATE:
            if not any(text[at] in ISOLATES for at in stack[-128:]):
                stray.append(place)
                continue
            while text[stack[-1]] not in ISOLATES:
                openings.append(Opening(stack.pop(), None))
            openings.append(Opening(stack.pop(), place))
        elif char in OVERRIDES + EMBEDDINGS + ISOLATES:
            stack.append(place)
        else:
            openings += [Opening(at, None) for at in stack]
            stack.clear()
    openings += [Opening(at, None) for at in stack]
    return sorted(openings, key=lambda opening: opening.place), stray


def is_right_to_left_line(text: str, place: int, *, is_home: bool) -> bool:
    """Return whether the line around a place has right-to-left letters, and is written from right to left.

    It is if its first strong character is (UAX #9 P2), or if the language of the text is: `is_home`. Looks 1,000 code
    points far.
    """
    start = text.rfind("\n", max(0, place - REACH), place) + 1 or max(0, place - REACH)
    end = text.find("\n", place, place + REACH)
    line = text[start : place + REACH if end < 0 else end]
    strong = _STRONG.search(line)
    return bool(strong and (is_home or _RIGHT_TO_LEFT.match(strong[0])) and _RIGHT_TO_LEFT.search(line))


def is_near_right_to_left(text: str, start: int, end: int) -> bool:
    """Return whether a right-to-left letter or digit stands in the same line, at most 40 code points away."""
    before = text[max(0, start - 40) : start].rpartition("\n")[2]
    after = text[end : end + 40].partition("\n")[0]
    return bool(_RIGHT_TO_LEFT.search(before) or _RIGHT_TO_LEFT.search(after))
