"""Stories of the demo articles: who saved which revision, and how it was decided. `texts/` has the first ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from articles import workflow
from articles.text.content import Content

from .spinner import spin

Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Save:
    """Save a revision: the one before, or the text of the file, with edits and perhaps a new title."""

    by: str
    summary: str
    edits: tuple[Edit, ...] = ()
    title: str | None = None

    def apply(self, content: Content) -> Content:
        source = content.source
        for edit in self.edits:
            source = edit(source)
        return replace(content, title=self.title or content.title, source=source, summary=self.summary)


@dataclass(frozen=True, slots=True)
class Restore:
    """Restore an earlier revision, by number."""

    by: str
    number: int


@dataclass(frozen=True, slots=True)
class Act:
    """Call an operation on the latest revision: `submit` or `publish`."""

    by: str
    operation: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Decide:
    """Call an operation on the pending review: `approve`, `reject`, `withdraw` and so on."""

    by: str
    operation: Callable[..., object]
    reason: str = ""


Step = Save | Restore | Act | Decide


def change(old: str, new: str) -> Edit:
    """Return an edit that replaces a part of the text; the part has to occur once."""

    def edit(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        return text.replace(old, new)

    return edit


def disguise(word: str, letter: str, look_alike: str) -> Edit:
    """Return an edit that replaces a letter of a word; the word has to occur once."""
    return change(word, word.replace(letter, look_alike))


def move(start: str, *, end: str, before: str) -> Edit:
    """Return an edit that moves the text from `start` up to `end` before another text."""

    def edit(text: str) -> str:
        first = text.index(start)
        block = text[first : text.index(end, first)]
        rest = text.replace(block, "")
        return rest.replace(before, block + before)

    return edit


def spun(seed: int) -> Edit:
    return lambda text: spin(text, seed=seed)


REVIEWED = (Act("author", workflow.submit), Decide("moderator", workflow.approve))  # and so published
STONES = """
## How much stone

| Height of the wall | Stone for ten metres |
|:---|---:|
| 0.8 m | 9 t |
| 1.2 m | 15 t |
| 1.5 m | 20 t |
"""
FOOTNOTE = """
[^copes]: Some regions lay the copes flat. It is quicker, and sheep know it.
"""
CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"
LOOKS_LIKE_35 = "\N{RIGHT-TO-LEFT OVERRIDE}53\N{POP DIRECTIONAL FORMATTING}"

STORIES: dict[str, tuple[Step, ...]] = {
    # Hidden characters in code and in a link, over a published version that had none.
    "watering-script": (
        Save("author", "First version"),
        *REVIEWED,
        Save(
            "second_author",
            "Link checked",
            (
                change("DRY = 35", f"DRY = {LOOKS_LIKE_35}"),
                change("balcony.example.net", "balcony\N{ZERO WIDTH SPACE}.example.net"),
            ),
        ),
        Act("second_author", workflow.publish),
    ),
    # Put through a text spinner.
    "tide-mill": (
        Save("second_author", "First version", (spun(seed=1),)),
        Act("second_author", workflow.submit),
    ),
    # An edit that nobody sees: only letters that look the same.
    "sauerteig": (
        Save("author", "Erste Fassung"),
        *REVIEWED,
        Save(
            "second_author",
            "Tippfehler berichtigt",
            (
                disguise("Roggenmehl", "o", "\N{CYRILLIC SMALL LETTER O}"),
                disguise("Geduld", "e", "\N{CYRILLIC SMALL LETTER IE}"),
                disguise("Bakterien", "a", CYRILLIC_A),
            ),
        ),
        Act("second_author", workflow.publish),
    ),
    # Spam.
    "oiseaux-a-la-fenetre": (
        Save("author", "Première version"),
        *REVIEWED,
        Save(
            "second_author",
            "Précision sur les mangeoires",
            (
                change(
                    "une mangeoire rend service",
                    "une [mangeoire pas chère](https://promo-mangeoires.example.com/?ref=4711) rend service",
                ),
            ),
        ),
        Act("second_author", workflow.publish),
        Decide(
            "moderator",
            workflow.reject,
            "Advertising: a shop's link with a referral code, of which the summary says nothing.",
        ),
    ),
    "furoshiki": (
        Save("author", "初版"),
        Act("author", workflow.submit),
        Decide(
            "moderator",
            workflow.request_changes,
            "Step 4 is hard to follow without a picture. Please say which end goes over which.",
        ),
    ),
    "masala-chai": (
        Save("author", "पहला मसौदा"),
        Save("author", "गर्मी में सौंफ के साथ पुदीना", (change("| सौंफ |", "| सौंफ, पुदीना |"),)),
    ),
    "ketabkhane-ye-kuche": (Save("author", "نسخهٔ نخست"), *REVIEWED),
    "falaj": (
        Save("author", "النسخة الأولى"),
        *REVIEWED,
        Save(
            "second_author",
            "ترتيب مرور الماء أوضح",
            (change("لا يصل إلى البساتين إلا في النهاية", "لا يصل إلى البساتين إلا في آخر الطريق"),),
        ),
        Act("second_author", workflow.submit),
        Decide("moderator", workflow.approve),
    ),
    "nero-tis-pigis": (Save("author", "Πρώτη έκδοση"), *REVIEWED),
    "staraya-karta": (
        Save("author", "Первая версия"),
        *REVIEWED,
        Save(
            "moderator",
            "Уточнение про масштаб",
            (change("Масштаб мог быть", "До середины девятнадцатого века масштаб мог быть"),),
        ),
        Act("moderator", workflow.publish),
    ),
    # Flagged and public: a moderator knew and agreed.
    "almost-the-same-address": (
        Save("author", "First version"),
        Save(
            "author",
            "Quote the message as it came",
            (disguise("Harbour Bank", "a", CYRILLIC_A), disguise("password", "a", CYRILLIC_A)),
        ),
        Act("author", workflow.publish),
        Decide("moderator", workflow.approve, "A quotation, and announced as one: it shows what it tells."),
    ),
    # A long history: several publications, a move, a new title, another link target, a restored version.
    "dry-stone-wall": (
        Save("author", "First version"),
        *REVIEWED,
        Save("second_author", "How much stone to order", (change("\n## Tools", STONES + "\n## Tools"),)),
        Act("second_author", workflow.publish),
        Decide("moderator", workflow.approve, "Checked against the delivery notes of our own wall."),
        Save("author", "A title that promises something", title="Building a dry stone wall that lasts"),
        Save(
            "moderator",
            "Tools before work",
            (
                move("## Tools", end="## Weather", before="## Before you lift a stone"),
                change("a walling hammer and strong gloves", "a walling hammer, strong gloves and a friend"),
            ),
        ),
        Act("moderator", workflow.publish),
        Save(
            "author",
            "The guild has moved its courses",
            (change("walls.example.org/courses", "guild.example.org/walling/weekends"),),
        ),
        Act("author", workflow.submit),
        Decide("administrator", workflow.approve),
        Save("second_author", "Shorter", (change(" Wet stones slip, and wet hands tire.", ""),)),
        Act("second_author", workflow.submit),
        Decide("second_author", workflow.withdraw),
        Restore("author", 5),
        Save(
            "author",
            "A note on copes",
            (change("packed tight.", "packed tight.[^copes]"), lambda text: text + FOOTNOTE),
        ),
        *REVIEWED,
    ),
}
