"""Stories of the demo articles: who saved which revision, and how it was decided. `texts/` has the first ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from articles import workflow
from articles.text.content import Content, findings

from .spinner import spin

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Revision

Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ago:
    """Set the clock back by so many days; each step that follows takes some hours."""

    days: float


@dataclass(frozen=True, slots=True)
class Save:
    """Save a revision: the one before, with edits and perhaps a new title. The first one edits the text of the file."""

    by: str
    summary: str
    edits: tuple[Edit, ...] = ()
    title: str | None = None
    kind: str = ""

    def apply(self, content: Content) -> Content:
        source = content.source
        for edit in self.edits:
            source = edit(source)
        return replace(
            content,
            title=self.title or content.title,
            source=source,
            summary=self.summary,
            change_kind=self.kind,
        )


@dataclass(frozen=True, slots=True)
class Final(Save):
    """Save the text of the file, with edits that take away what came later: the last one of a story has none."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Restore an earlier revision, by number."""

    by: str
    number: int


@dataclass(frozen=True, slots=True)
class Act:
    """Call an operation on the latest revision: `submit`, `publish`, or one of the functions below."""

    by: str
    operation: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Decide:
    """Call an operation on the pending review: `approve`, `reject`, `withdraw` and so on."""

    by: str
    operation: Callable[..., object]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Call an operation with words on the newest review: `appeal`, `ask_opinion` or `note_review`."""

    by: str
    operation: Callable[..., object]
    text: str


Step = Ago | Save | Restore | Act | Decide | Say


def change(old: str, new: str) -> Edit:
    """Return an edit that replaces a part of the text; the part has to occur once."""

    def edit(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        return text.replace(old, new)

    return edit


def without(*headings: str) -> Edit:
    """Return an edit that takes out the parts of the text below these headings of the second level."""

    def edit(text: str) -> str:
        for heading in headings:
            start = text.index(f"## {heading}\n")
            text = text[:start] + text[text.index("\n## ", start) + 1 :]
        return text

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


def watch(revision: Revision, *, by: User) -> None:
    """Watch the article of a revision."""
    workflow.watch(revision.article, by=by)


def mark_patrolled(revision: Revision, *, by: User) -> None:
    """Mark as looked at that a revision went live."""
    workflow.mark_patrolled(revision.live_changes.all(), by=by)


def propose_allowance(revision: Revision, *, by: User) -> None:
    """Propose to allow, in texts of its language, the first character of a revision that was found."""
    workflow.allow_finding(
        revision,
        findings(revision.content)[0],
        by=by,
        kind="character",
        scope="language",
        reason="Our old editor put it where a line may break. It deceives nobody.",
    )


def reviewed(by: str) -> tuple[Step, ...]:
    """Return the steps by which a revision of this author is approved, and so published."""
    return Act(by, workflow.submit), Decide("moderator", workflow.approve)


REVIEWED = reviewed("author")
MARIT, TOM, JONAS, ELISE, CLARA = (
    "Marit Solheim",
    "Tom Ashworth",
    "Jonas Reuter",
    "Élise Moreau",
    "Clara Winther",
)
ANNA, ELENI, LEILA = "Анна Лебедева", "Ελένη Μαρκάκη", "ليلى الحارثي"
MEERA, CHINATSU, SIRIPHON = "मीरा जोशी", "小川 千夏", "ศิริพร แก้วใส"
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
        Ago(512),
        Final(TOM, "First version", (without("How dry is dry?", "What a summer of numbers says"),)),
        *reviewed(TOM),
        Ago(468.3),
        Final(
            TOM, "How to find the limit of a pot", (without("What a summer of numbers says"),), kind="update"
        ),
        Ago(121.6),
        Final(
            MARIT,
            "Two summers, in numbers",
            (change("| Water, litres a week | 84 | 61 |", "| Water, litres a week | 84 | 16 |"),),
            kind="update",
        ),
        *reviewed(MARIT),
        Ago(118.2),
        Final(MARIT, "The script used 61 litres a week, not 16", kind="correction"),
        *reviewed(MARIT),
        Ago(0),
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
        Ago(604),
        Final(
            JONAS,
            "Erste Fassung",
            (
                without("Das erste Brot", "Wie viel wovon", "Die Woche mit einem Teig"),
                change("Der ist 31 Jahre alt", "Der ist 13 Jahre alt"),
            ),
        ),
        *reviewed(JONAS),
        Ago(601.4),
        Save(
            JONAS,
            "Der Teig der Werkstatt ist 31 Jahre alt",
            (change("13 Jahre", "31 Jahre"),),
            kind="correction",
        ),
        *reviewed(JONAS),
        Ago(377.8),
        Final(JONAS, "Ein Brot für den Anfang", (without("Wie viel wovon"),), kind="update"),
        Ago(90.5),
        Final(ELISE, "Mengen für jeden Laib", kind="update"),
        *reviewed(ELISE),
        Ago(0),
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
        Ago(655),
        Final(
            ELISE,
            "Première version",
            (
                without("Ce que disent les saisons", "Compter sans se tromper"),
                change("avril. Net", "mai. Net"),
            ),
        ),
        *reviewed(ELISE),
        Ago(649.7),
        Save(
            ELISE, "La mangeoire se retire en avril", (change("mai. Net", "avril. Net"),), kind="correction"
        ),
        *reviewed(ELISE),
        Ago(214.1),
        Final(ELISE, "Trois ans de carnets", (without("Compter sans se tromper"),), kind="update"),
        Ago(37.9),
        Final(JONAS, "Compter un vol", kind="update"),
        *reviewed(JONAS),
        Ago(2),
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
        Ago(296),
        Final(CHINATSU, "初版", (without("二つの結び方", "うまくいかないとき"),)),
        *reviewed(CHINATSU),
        Ago(203.2),
        Final(CHINATSU, "失敗したときの直し方", (without("二つの結び方"), change("105 cm", "150 cm"))),
        *reviewed(CHINATSU),
        Ago(199.6),
        Save(CHINATSU, "三幅は105センチです", (change("150 cm", "105 cm"),), kind="correction"),
        *reviewed(CHINATSU),
        Ago(1.5),
        Final(CHINATSU, "二つの結び方を追加", kind="update"),
        Act(CHINATSU, workflow.submit),
        Decide(
            "moderator",
            workflow.request_changes,
            "Step 4 is hard to follow without a picture. Please say which end goes over which.",
        ),
    ),
    "masala-chai": (
        Ago(431),
        Final(MEERA, "पहला मसौदा", (without("कितने लोगों के लिए", "जो गलतियाँ हमने कीं"),)),
        Ago(428.4),
        Final(
            MEERA,
            "बीस लोगों का हिसाब",
            (without("जो गलतियाँ हमने कीं"), change("| 20 | 15 कप |", "| 20 | 20 कप |")),
        ),
        *reviewed(MEERA),
        Ago(420.3),
        Save(
            MEERA,
            "बीस लोगों के लिए 15 कप पानी",
            (change("| 20 | 20 कप |", "| 20 | 15 कप |"),),
            kind="correction",
        ),
        *reviewed(MEERA),
        Ago(66.7),
        Final(MEERA, "हमारी गलतियाँ", kind="update"),
        *reviewed(MEERA),
        Ago(3.1),
        Save(MEERA, "गर्मी में सौंफ के साथ पुदीना", (change("| सौंफ |", "| सौंफ, पुदीना |"),)),
    ),
    "talat-chao": (
        Ago(158),
        Final(SIRIPHON, "ฉบับแรก", (without("หนึ่งปีเป็นตัวเลข", "ก่อนออกจากบ้าน"),)),
        *reviewed(SIRIPHON),
        Ago(97.3),
        Final(SIRIPHON, "เพิ่มรายการของที่ควรเตรียม", (without("หนึ่งปีเป็นตัวเลข"),), kind="update"),
        Ago(33.8),
        Final(SIRIPHON, "จำนวนเรือตลอดหนึ่งปี", (change("| ตุลาคม | 27 |", "| ตุลาคม | 72 |"),), kind="update"),
        *reviewed(SIRIPHON),
        Ago(31.2),
        Final(SIRIPHON, "เดือนตุลาคมมีเรือ 27 ลำ ไม่ใช่ 72", kind="correction"),
        *reviewed(SIRIPHON),
    ),
    "ketabkhane-ye-kuche": (Ago(245), Save(LEILA, "نسخهٔ نخست"), *reviewed(LEILA)),
    "falaj": (
        Ago(557),
        Final(
            LEILA,
            "النسخة الأولى",
            (
                without("الساعة التي لا تُرى", "كم يجري من الماء"),
                change("متر واحد في كل ألف", "متر واحد في كل مئة"),
            ),
        ),
        *reviewed(LEILA),
        Ago(549.2),
        Save(
            LEILA,
            "الميل متر واحد في كل ألف متر",
            (change("متر واحد في كل مئة", "متر واحد في كل ألف"),),
            kind="correction",
        ),
        *reviewed(LEILA),
        Ago(310.4),
        Final(LEILA, "كيف كان الوقت يُعرف ليلاً", (without("كم يجري من الماء"),), kind="update"),
        *reviewed(LEILA),
        Ago(58.6),
        Final(LEILA, "قياس الماء في أربعة فصول", kind="update"),
        Ago(57.1),
        Save(
            ELISE,
            "ترتيب مرور الماء أوضح",
            (change("لا يصل إلى البساتين إلا في النهاية", "لا يصل إلى البساتين إلا في آخر الطريق"),),
        ),
        Act(ELISE, workflow.submit),
        Decide("moderator", workflow.approve),
    ),
    "nero-tis-pigis": (
        Ago(363),
        Final(ELENI, "Πρώτη έκδοση", (without("Πόσο νερό είναι αυτό", "Το καθάρισμα"),)),
        *reviewed(ELENI),
        Ago(176.5),
        Final(
            ELENI,
            "Οι μετρήσεις ενός έτους",
            (change("τρία μέτρα σε κάθε χίλια", "τριάντα μέτρα σε κάθε χίλια"),),
            kind="update",
        ),
        *reviewed(ELENI),
        Ago(170.9),
        Final(ELENI, "Η κλίση είναι τρία μέτρα στα χίλια, όχι τριάντα", kind="correction"),
        *reviewed(ELENI),
    ),
    "staraya-karta": (
        Ago(689),
        Final(
            ANNA, "Первая версия", (without("Как пересчитать расстояние", "Знаки, которые легко перепутать"),)
        ),
        *reviewed(ANNA),
        Ago(402.6),
        Final(
            ANNA,
            "Пересчёт расстояний и знаки",
            (change("соответствует 1067 метров", "соответствует 1607 метров"),),
            kind="update",
        ),
        *reviewed(ANNA),
        Ago(399.1),
        Final(ANNA, "В версте 1067 метров, а не 1607", kind="correction"),
        *reviewed(ANNA),
        Ago(44.4),
        Save(
            CLARA,
            "Уточнение про масштаб",
            (change("Масштаб мог быть", "До середины девятнадцатого века масштаб мог быть"),),
        ),
        Act(CLARA, workflow.publish),
        Act("administrator", mark_patrolled),
    ),
    # Flagged and public: a moderator knew and agreed.
    "almost-the-same-address": (
        Ago(274),
        Save(TOM, "First version"),
        Save(
            TOM,
            "Quote the message as it came",
            (disguise("Harbour Bank", "a", CYRILLIC_A), disguise("password", "a", CYRILLIC_A)),
        ),
        Act(TOM, workflow.publish),
        Decide("moderator", workflow.approve, "A quotation, and announced as one: it shows what it tells."),
    ),
    # Nobody has submitted it.
    "seed-swap": (Save("author", "First thoughts"),),
    # A long history: several publications, a move, a new title, another link target, a restored version.
    "dry-stone-wall": (
        Ago(726),
        Save(MARIT, "First version"),
        *reviewed(MARIT),
        Ago(611.4),
        Save(TOM, "How much stone to order", (change("\n## Tools", STONES + "\n## Tools"),), kind="update"),
        Act(TOM, workflow.publish),
        Decide("moderator", workflow.approve, "Checked against the delivery notes of our own wall."),
        Ago(520.7),
        Save(MARIT, "A title that promises something", title="Building a dry stone wall that lasts"),
        Ago(518.9),
        Save(
            CLARA,
            "Tools before work",
            (
                move("## Tools", end="## Weather", before="## Before you lift a stone"),
                change("a walling hammer and strong gloves", "a walling hammer, strong gloves and a friend"),
            ),
        ),
        Act(CLARA, workflow.publish),
        Ago(333.2),
        Save(
            MARIT,
            "The guild has moved its courses",
            (change("walls.example.org/courses", "guild.example.org/walling/weekends"),),
            kind="correction",
        ),
        Act(MARIT, workflow.submit),
        Decide("administrator", workflow.approve),
        Ago(150.6),
        Save(TOM, "Shorter", (change(" Wet stones slip, and wet hands tire.", ""),)),
        Act(TOM, workflow.submit),
        Decide(TOM, workflow.withdraw),
        Restore(MARIT, 5),
        Ago(81.3),
        Save(
            MARIT,
            "A note on copes",
            (change("packed tight.", "packed tight.[^copes]"), lambda text: text + FOOTNOTE),
        ),
        *reviewed(MARIT),
        Act("moderator", watch),
    ),
    # The newest one stands at large on the home page.
    "salt-road": (
        Ago(26.4),
        Final(MARIT, "What we remember", (without("How steep is it really?", "What to carry"),)),
        Ago(19.8),
        Final(
            TOM,
            "How steep it is",
            (without("What to carry"), change("one thousand one hundred and four", "1,140")),
        ),
        Ago(12.1),
        Final(MARIT, "What to carry", (change("one thousand one hundred and four", "1,140"),)),
        *reviewed(MARIT),
        Ago(4.7),
        Final(TOM, "Counted again: 1,104 flagstones, not 1,140", kind="correction"),
        *reviewed(TOM),
    ),
}
