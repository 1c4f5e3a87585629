"""Articles of the demo's queue: short ones, each with a submission of another kind, to practise on."""

from __future__ import annotations

import re

from articles import workflow
from articles.text.content import Content

from . import TEXTS
from .stories import (
    CYRILLIC_A,
    REVIEWED,
    Act,
    Ago,
    Decide,
    Edit,
    Save,
    Say,
    Step,
    change,
    disguise,
    move,
    propose_allowance,
    spun,
)

Story = tuple[Step, ...]

HIDDEN = "".join(chr(0xE0000 + ord(char)) for char in "buy at promo.example.com")  # tag characters
BOLD = str.maketrans({chr(ord("a") + n): chr(0x1D41A + n) for n in range(26)})  # mathematical bold letters


PUBLISHED = Ago(740), Save("author", "First version"), *REVIEWED, Ago(0)  # older than what is long


def _edited(source: str, summary: str, *edits: Edit) -> tuple[str, Story]:
    """Return a published text and the story of an edit of it that is pending."""
    return source, (
        *PUBLISHED,
        Save("second_author", summary, edits),
        Act("second_author", workflow.submit),
    )


def _appealed(source: str, summary: str, edit: Edit, *, reason: str, text: str) -> tuple[str, Story]:
    """Return a published text and the story of an edit of it whose rejection its author appeals against."""
    return source, (
        *PUBLISHED,
        Save("author", summary, (edit,)),
        Act("author", workflow.submit),
        Decide("moderator", workflow.reject, reason),
        Say("author", workflow.appeal, text),
    )


def _new(source: str, *edits: Edit) -> tuple[str, Story]:
    """Return a new text and the story of its submission, which is pending."""
    return source, (Save("second_author", "First version", edits), Act("second_author", workflow.submit))


def _with(told: tuple[str, Story], *then: Step) -> tuple[str, Story]:
    """Return a text and its story with what comes after."""
    source, story = told
    return source, (*story, *then)


def _doubled_spaces(text: str) -> str:
    return text.replace(". ", ".  ")


DRY_STONE_WALL = re.sub(
    r"!\[.*\n+", "", (TEXTS / "dry-stone-wall.md").read_text(encoding="utf-8").partition("\n\n")[2]
)  # without its pictures
FERRY = "The ferry leaves at 18:30 from the old quay. On Sundays it does not run.\n"
KITE = "A kite needs a steady wind. Keep away from wires.\n"
APPLES = "Store apples in one layer. Keep them away from potatoes. Look through them once a week.\n"
BOAT = "Fold the sheet in half. Fold the corners down. Open it and pull.\n"
PATH = (
    "Lay the gravel last.\n\nDig the path a hand deep, and slope it to one side so that water runs off.\n\n"
    "Set the edging stones in mortar, and let them stand for two days.\n"
)
WEATHER_VANE = (
    "A weather vane stands on the roof and turns with the wind. Its tail is larger than its head, so the head points"
    " to where the wind comes from. Put it higher than the trees around, since they make the air swirl. A drop of oil"
    " on the bearing every spring keeps it turning. Look at it at the same hour every day and write down what you see;"
    " after a year you will know your wind better than any forecast does.\n\n"
    "The old smiths made theirs of copper, because copper neither rusts nor grows heavy. A vane of tin is cheaper and"
    " sings in a storm, which some people like and their neighbours never do. Balance it on a finger before you mount"
    " it: the point where it rests is where the axle belongs.\n"
)
MUSEUM = (
    "The lace museum stands behind the church. It is open from May to October.\n\n"
    "Ask [the museum](https://lacemuseum.example) for a guide who speaks your language.\n"
)
BEEKEEPER = (
    "A hive needs to be looked into every week in May. Work on a warm day without wind, and move slowly.\n\n"
    "Count the frames with brood, look for the queen, and write both down before you close the lid.\n\n"
    "In August take the honey, and give the bees sugar before the nights turn cold.\n"
)
ADVERTISEMENT = (
    "WHY WAIT FOR SUMMER??????? The finest sunglasses at half their price, in nine colours, sent to your door within"
    " two days. Whoever orders three pairs gets a case, a cloth and our catalogue. Write to shades@offers.example or"
    " telephone 020 7946 0018 until Friday.\n"
)
CHOIR = "The choir meets on Thursdays in the old school. New voices are welcome. There is tea afterwards.\n"

# Address: title, language, and the text with what became of it.
WAITING: dict[str, tuple[str, str, tuple[str, Story]]] = {
    "harbour-light": (
        "The harbour light",
        "en",
        _edited(
            "The light was first lit in 1871. It is 19 metres high and is seen 14 miles out.\n",
            "Year corrected",
            change("1871", "1817"),
        ),
    ),
    "rye-starter": (
        "A rye starter",
        "en",
        _edited(
            "Stir flour and water. Do not close the jar tightly. Feed it every day.\n",
            "Clearer",
            change("Do not close", "Close"),
        ),
    ),
    "town-clock": (
        "The town clock",
        "en",
        _edited(
            "The clock was built by Clara Holm and her son. It has one hand.\n",
            "Builder",
            change("Clara Holm", "Carl Hahn"),
        ),
    ),
    "bicycle-chain": (
        "Oiling a bicycle chain",
        "en",
        _edited(
            "Wipe the chain before you oil it. A drop on each link is enough.\n",
            "Which oil",
            change("A drop", "A drop of [good oil](https://oil-deals.example.com/?ref=12)"),
        ),
    ),
    "library-card": (
        "Your library card",
        "en",
        _edited(
            "Renew your card at [the library](https://library.example.org/renew). It is free.\n",
            "Link checked",
            change("library.example", f"libr{CYRILLIC_A}ry.example"),
        ),
    ),
    "moss-garden": (
        "A moss garden",
        "en",
        _edited("Moss likes shade. Water it in the morning.\n", "Typo", change("shade.", f"shade.{HIDDEN}")),
    ),
    "night-train": (
        "The night train",
        "en",
        _with(
            _edited(
                "The night train has a sleeping car. Breakfast comes at seven.\n",
                "Small change",
                change("sleeping", "sle\N{ZERO WIDTH SPACE}eping"),
                change("Breakfast", "Break\N{ZERO WIDTH SPACE}fast"),
            ),
            Act("moderator", propose_allowance),
        ),
    ),
    "weather-vane": ("The weather vane", "en", _new(WEATHER_VANE, spun(seed=1))),
    "walls-without-mortar": ("Walls without mortar", "en", _new(DRY_STONE_WALL, spun(seed=3))),
    "kite-day": (
        "A day for kites",
        "en",
        _edited(
            KITE,
            "Video",
            lambda text: text + "\n<iframe src='https://video.example.com/1'></iframe>\n\n**Look!**\n",
        ),
    ),
    "ferry-times": (
        "The ferry",
        "en",
        _edited(
            FERRY,
            "Time checked",
            change("18:30", "\N{RIGHT-TO-LEFT OVERRIDE}03:81\N{POP DIRECTIONAL FORMATTING}"),
        ),
    ),
    # Approved and live; what comes after differs only in spacing, so the decision may be carried over.
    "storing-apples": ("Storing apples", "en", _edited(APPLES, "Formatted", _doubled_spaces)),
    "paper-boat": (
        "A paper boat",
        "en",
        (
            BOAT,
            (
                Save("second_author", "First version"),
                Act("second_author", workflow.submit),
                Decide("moderator", workflow.request_changes, "Say what size of sheet."),
                Save("second_author", "Size of the sheet", (change("the sheet", "an A4 sheet"),)),
                Act("second_author", workflow.submit),
            ),
        ),
    ),
    "garden-path": (
        "A garden path",
        "en",
        _edited(PATH, "Order of work", move("Lay the gravel last.\n\n", end="Dig", before="Set the edging")),
    ),
    "bold-claim": (
        "A soap that lasts",
        "en",
        _new(
            "Our soap is simply better and lasts a year.\n",
            lambda text: text.replace("better", "better".translate(BOLD)),
        ),
    ),
    "bab-al-bahr": ("باب البحر", "ar", _new("يفتح الباب على السوق القديم. يجتمع الناس أمامه كل مساء.\n")),
    "kasa": ("傘のたたみ方", "ja", _new("傘を開いて水を切ります。骨に沿って布を巻き、ひもで留めます。\n")),
    "cafe-hours": (
        "Heures du café",
        "fr",
        _edited(
            "Le café ouvre à 8 heures. Il ne ferme jamais avant minuit.\n",
            "Horaires",
            disguise("heures", "e", "\N{CYRILLIC SMALL LETTER IE}"),
        ),
    ),
    "lace-museum": (
        "The lace museum",
        "en",
        _edited(MUSEUM, "Link works again", change("lacemuseum.example", "lacernuseum.example")),
    ),
    "bees-in-may": ("Bees in May", "en", _edited(BEEKEEPER, "Shorter", lambda text: "lol\n")),
    "bees-in-august": (
        "Bees in August",
        "en",
        _edited(BEEKEEPER, "News", lambda text: ADVERTISEMENT),
    ),
    "choir": (
        "The choir",
        "en",
        _with(
            _edited(
                CHOIR,
                "Who to ask",
                lambda text: (
                    text
                    + "\nThe tenor owes me money: call him at 020 7946 0931, his card is 4111 1111 1111 1111.\n"
                ),
            ),
            Say("moderator", workflow.ask_opinion, "Reject it, or hide it as well? The number is real."),
            Say("moderator", workflow.note_review, "The choir's secretary wrote to us about it, too."),
        ),
    ),
    "well-water": (
        "The well on the green",
        "en",
        _appealed(
            "The well on the green is 12 metres deep. Its water is not for drinking.\n",
            "Depth corrected",
            change("12 metres", "14 metres"),
            reason="Name your source for the new depth.",
            text="The plaque at the well says 14 metres. I read it on Sunday.",
        ),
    ),
    "tram-stop": (
        "The tram stop",
        "en",
        _with(
            _appealed(
                "The tram stops at the corner of the market. Line 3 runs every ten minutes.\n",
                "New timetable",
                change("ten minutes", "twelve minutes"),
                reason="The timetable at the stop says ten minutes.",
                text="It was replaced on the first of the month: see the site of the tramway.",
            ),
            Decide("administrator", workflow.approve, "The author is right: the timetable is new."),
        ),
    ),
    "year-book": (
        "The year book",
        "en",
        _new(
            "".join(f"In week {n} the tide stood {n % 7 + 2} feet over the mark.\n\n" for n in range(1, 53))
        ),
    ),
}


def first_content(slug: str) -> Content:
    """Return the content of an article's first revision."""
    title, language, (source, _steps) = WAITING[slug]
    return Content(title=title, slug=slug, source=source, language=language)
