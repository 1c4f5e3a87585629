"""Documents with every kind of block, in several scripts, and edits of them as authors make them."""

import re
from random import Random

_WORDS = (
    "the mill tide gate oak pond rota stone flour river miller sea clock week summer height carpenter cafe"
    " мельница прилив вода камень река שעון ים אבן طاحونة مد ماء 水車 潮 石 川 ข้าว น้ำ c\u0430useway"
    " caf\u00e9 cafe\u0301 wo\u200brd a\u00a0b \U0001f600 1 2 3.5 & < > \" '"
).split(" ")
_TEMPLATES = [
    *["# T", "### T", "```py\nW\nW W\n\nW\n```", "```\nW\n```", "***", "W\n: W W\n: T", "T[^1]\n\n[^1]: T"],
    *["- T\n- [ ] T\n- W\n  1. W\n  2. T", "3. T\n4. [x] T\n5. W", "- T\n\n  T\n\n  > T\n- T"],
    *["| W | W |\n|-|:-:|\n| W W | W |\n| T | |\n| W | W |", "| W |  | W |\n|-:|-|-|\n| W | W | T |"],
    *["> T\n>\n> T\n>\n> - W\n> - T", "> [!NOTE]\n> T", "> > T\n>\n> T", "T", "T\nT  \nT", "T T T T"],
    *[
        "<details><summary>W</summary>\n\nT\n\n</details>",
        "<b><div>T</div> T</b>",
        "<table><tr><td>\n\nT\n\nT",
    ],
]
_INLINE = [
    *["W W W", "W W", "W", "**W W**", "*W* W", "`W`", "[W W](https://W.example/)", "~~W~~ W", "<sup>W</sup>"],
    *["![W](/media/images/a.png)", "![W](/media/images/b.png)", "**W *W* [W `W`](/x)**", "W\\\nW"],
]


def document(random: Random) -> list[str]:
    """Return the blocks of a document."""
    return [_block(random) for _ in range(random.randint(1, 12))]


def edited(random: Random, blocks: list[str]) -> list[str]:
    """Return the blocks after some edits: blocks and lines that come, go and move, quotations, words and formatting."""
    blocks = list(blocks)
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(blocks))
        block = blocks[place]
        lines, words = block.split("\n"), block.split(" ")
        match random.randrange(10):
            case 0:
                blocks.insert(place, _block(random))
            case 1 if len(blocks) > 1:
                del blocks[place]
            case 2:
                blocks.insert(random.randrange(len(blocks)), blocks.pop(place))
            case 3:
                blocks[place] = re.sub("^", "> ", block, flags=re.MULTILINE)
            case 4:
                blocks[place] = re.sub("^> ?", "", block, flags=re.MULTILINE)
            case 5:
                random.shuffle(lines)
                blocks[place] = "\n".join(lines)
            case 6:
                lines.insert(random.randrange(len(lines)), random.choice(lines))
                blocks[place] = "\n".join(lines)
            case kind:
                at = random.randrange(len(words))
                words[at] = [random.choice(_WORDS), f"**{words[at]}**", ""][kind % 3]
                blocks[place] = " ".join(words)
    return blocks


def _block(random: Random) -> str:
    """Return a block: a template with inline content for each T and a word for each W."""
    block = re.sub(r"\bT\b", lambda _: random.choice(_INLINE), random.choice(_TEMPLATES))
    return re.sub(r"\bW\b", lambda _: random.choice(_WORDS), block)
