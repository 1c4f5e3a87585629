"""Edits that a moderator should see through at once: the live text, if any, and the one that waits."""

from dataclasses import dataclass, field, replace

from articles import workflow
from articles.demo.spinner import spin
from articles.models import Article
from articles.text.content import Content

PARAGRAPH = (
    "The keeper reads the tide table before breakfast, and hangs it by the door of the old boat house. On Saturdays the"
    " queue reaches the quay; the tower holds twelve people at a time, and the lift goes to the first floor.\n\n"
)
ARABIC = "يقرأ الحارس جدول المد والجزر قبل الإفطار، ويعلقه عند باب بيت القوارب القديم.\n\n"
CODE = '```python\ndef water(level):\n    """Only when dry{}"""{}\n    if level < 20:\n        pump.on(30)\n```\n\n'
TEN = PARAGRAPH * 10


@dataclass(frozen=True)
class Case:
    """A case. `old` is None for a new article; `words` stand in the worst sentence."""

    old: str | None
    new: str
    words: str
    language: str = "en"
    fields: dict[str, str] = field(default_factory=dict)


def numbered(count: int) -> str:
    return "".join(f"{n}. {PARAGRAPH}" for n in range(count))


def hidden(words: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in words)


LONG = numbered(280)  # about 60,000 code points
LINK = "Buy your [tickets](https://{}/tickets) at the door or in advance.\n\n"

CASES = {
    "relinked": Case(
        TEN + LINK.format("museum.example") + TEN,
        TEN + LINK.format("rnuseum.example") + TEN,
        "now leads to",
    ),
    "price": Case(TEN + "Adults 40 kr. a day.\n", TEN + "Adults 140 kr. a day.\n", "140 kr."),
    "blanked": Case(TEN, "lol\n", "of the text removed"),
    "removed": Case(TEN + numbered(30), TEN, "of the text removed"),
    "replaced": Case(
        TEN, "Buy cheap watches and golden rings from our shop, today. " * 40, "replaced by other"
    ),
    "hidden tags": Case(
        TEN, TEN + f"Fill the can{hidden('buy at promo.example')} in the evening.\n", "buy at promo"
    ),
    "code": Case(
        TEN + CODE.format("", ""), TEN + CODE.format(" \u2067", " ;return"), "otherwise than it runs"
    ),
    "letters": Case(TEN, TEN.replace("keeper", "kееper"), "е for e"),
    "spun": Case(None, spin(numbered(60), seed=7), "pass for others"),
    "last paragraph": Case(LONG, LONG + "Call the keeper at +44 20 7946 0018.\n", "phone number"),
    "new and long": Case(None, LONG + "My card 4111 1111 1111 1111.\n", "card number"),
    "calm": Case(None, numbered(30), "nothing odd"),
    "edited": Case(TEN, TEN.replace("breakfast", "lunch", 1), "1 sentence changed"),
    "negation": Case(
        TEN + "The red berries are not for children.\n",
        TEN.replace("breakfast", "lunch", 1) + "The red berries are for children.\n",
        "is gone from",
    ),
    "commented out": Case(TEN, f"Tides.\n\n<!--\n{TEN}\n-->\n", "of the text removed"),
    "lost": Case(TEN, TEN + "See <iframe src='https://x.example'></iframe> there.\n", "not reach the page"),
    "unseen": Case(TEN, TEN + "Here.\n\n<!-- buy at promo.example -->\n\nThere.\n", "readers do not see it"),
    "arabic": Case(ARABIC * 12, ARABIC * 12 + "اتصل على +44 20 7946 0018 الآن.\n", "phone number", "ar"),
    "excerpt": Case(TEN, TEN, "The keeper is a thief", fields={"excerpt": "The keeper is a thief."}),
    "title": Case(TEN, TEN, "The title was", fields={"title": "Ebb and flow"}),
}


def submit(name, *, author, moderator):
    """Return the review of a case, whose old text is live. The address of its article is its name."""
    case = CASES[name]
    before = Content("Tides", name.replace(" ", "-"), case.old or "", language=case.language)
    article, base = None, None
    if case.old is not None:
        first = workflow.save_revision(None, by=author, content=before)
        workflow.approve(workflow.submit(first, by=author), by=moderator)
        article, base = Article.objects.get(pk=first.article_id), first.number
    content = replace(before, source=case.new, **case.fields)
    return workflow.submit(workflow.save_revision(article, by=author, content=content, base=base), by=author)
