"""Version pairs made from ten languages by every kind of edit, each with what a comparison may mark."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

from articles.text.diff.changes import Kind

WORDING, SPACING = Kind.WORDING, Kind.SPACING

# Sentences with spaces between all words; what a reader sees has them only where the language does.
SENTENCES = {
    "en": """The ferry leaves the harbour at seven every morning .|Nobody knew who had painted the old boat green .
        Rain fell on the tin roof all night long .|The baker keeps the key under a flat stone .
        Seven geese crossed the road near the school .|My grandmother counted the waves in another language .
        The letter arrived two weeks after the wedding .|Bread is cheaper in the village beyond the hill .""",
    "ru": """Паром уходит из гавани каждое утро в семь .|Никто не знал , кто покрасил старую лодку .
        Дождь стучал по железной крыше всю ночь .|Пекарь хранит ключ под плоским камнем .
        Семь гусей перешли дорогу возле школы .|Бабушка считала волны на другом языке .
        Письмо пришло через две недели после свадьбы .|Хлеб дешевле в деревне за холмом .""",
    "el": """Το πλοίο φεύγει από το λιμάνι κάθε πρωί .|Κανείς δεν ήξερε ποιος έβαψε την παλιά βάρκα .
        Η βροχή χτυπούσε τη στέγη όλη τη νύχτα .|Ο φούρναρης κρύβει το κλειδί κάτω από την πέτρα .
        Επτά χήνες πέρασαν τον δρόμο κοντά στο σχολείο .|Η γιαγιά μετρούσε τα κύματα σε άλλη γλώσσα .
        Το γράμμα έφτασε δύο εβδομάδες μετά τον γάμο .|Το ψωμί είναι φθηνότερο στο χωριό πίσω από τον λόφο .""",
    "ar": """تغادر العبارة الميناء في السابعة كل صباح .|لا أحد يعرف من دهن القارب القديم .
        سقط المطر على السقف طوال الليل .|يحفظ الخباز المفتاح تحت حجر مسطح .
        عبرت سبع إوزات الطريق قرب المدرسة .|كانت جدتي تعد الأمواج بلغة أخرى .
        وصلت الرسالة بعد أسبوعين من العرس .|الخبز أرخص في القرية خلف التل .""",
    "hi": """नाव हर सुबह सात बजे बंदरगाह से निकलती है ।|कोई नहीं जानता था कि पुरानी नाव किसने रंगी ।
        सारी रात छत पर बारिश होती रही ।|नानबाई चाबी एक चपटे पत्थर के नीचे रखता है ।
        सात हंसों ने स्कूल के पास सड़क पार की ।|मेरी दादी दूसरी भाषा में लहरें गिनती थीं ।
        चिट्ठी शादी के दो हफ़्ते बाद पहुँची ।|पहाड़ी के पार गाँव में रोटी सस्ती है ।""",
    "ko": """배는 매일 아침 일곱 시에 항구를 떠난다 .|낡은 배를 누가 칠했는지 아무도 몰랐다 .
        밤새 양철 지붕에 비가 내렸다 .|제빵사는 납작한 돌 밑에 열쇠를 둔다 .
        거위 일곱 마리가 학교 근처에서 길을 건넜다 .|할머니는 다른 말로 파도를 세었다 .
        편지는 결혼식 두 주 뒤에 도착했다 .|언덕 너머 마을에서는 빵이 더 싸다 .""",
    "vi": """Chuyến phà rời bến cảng lúc bảy giờ mỗi sáng .|Không ai biết người nào đã sơn chiếc thuyền cũ .
        Mưa rơi trên mái tôn suốt cả đêm dài .|Người thợ bánh giữ chìa khóa dưới hòn đá phẳng .
        Bảy con ngỗng băng qua đường gần trường học .|Bà tôi đếm những con sóng bằng tiếng khác .
        Bức thư đến hai tuần sau đám cưới .|Bánh mì rẻ hơn ở làng bên kia đồi .""",
    "zh": """渡船 每天 早上 七点 离开 港口 。|没有 人 知道 是 谁 漆 了 那条 旧船 。
        雨 整夜 落 在 铁皮 屋顶 上 。|面包师 把 钥匙 放在 一块 平 石头 下面 。
        七只 鹅 在 学校 附近 过 了 马路 。|祖母 用 另一种 语言 数 着 海浪 。
        那封 信 在 婚礼 两周 之后 才 到 。|山 那边 村子里 的 面包 更 便宜 。""",
    "ja": """渡し船 は 毎朝 七時 に 港 を 出る 。|古い 舟 を 誰 が 塗った の か 誰も 知らない 。
        雨 は 一晩中 トタン 屋根 に 降って いた 。|パン屋 は 平らな 石 の 下 に 鍵 を 置く 。
        七羽 の ガチョウ が 学校 の 近く で 道 を 渡った 。|祖母 は 別の 言葉 で 波 を 数えて いた 。
        手紙 は 結婚式 の 二週間 後 に 届いた 。|丘 の 向こう の 村 では パン が 安い 。""",
    "th": """เรือ ข้ามฟาก ออกจาก ท่าเรือ เจ็ด โมง ทุก เช้า|ไม่ มี ใคร รู้ ว่า ใคร ทาสี เรือ เก่า ลำนั้น
        ฝน ตก บน หลังคา สังกะสี ตลอด ทั้ง คืน|คน ทำ ขนมปัง เก็บ กุญแจ ไว้ ใต้ ก้อนหิน แบน
        ห่าน เจ็ด ตัว เดิน ข้าม ถนน ใกล้ โรงเรียน|ยาย นับ คลื่น เป็น ภาษา อื่น
        จดหมาย มาถึง สอง สัปดาห์ หลัง งาน แต่งงาน|ขนมปัง ถูกกว่า ใน หมู่บ้าน หลัง เนินเขา""",
}
UNSPACED = frozenset(("zh", "ja", "th"))


@dataclass(frozen=True)
class Page:
    """A page as an author thinks of it. Each sentence is its words."""

    language: str
    paragraphs: list[list[list[str]]]
    items: list[str]
    rows: list[list[str]]
    heading: str = "##"
    code: list[str] = field(
        default_factory=lambda: ["def tide(hour):", "    return hour % 12", "print(tide(7))"]
    )
    width: int = 0  # words in a line; 0: a paragraph is one line
    target: str = "https://harbour.example/times"
    before_list: str = "\n"
    quoted: int | None = None  # the paragraph that is a quote

    def sentence(self, words: list[str]) -> str:
        if self.language in UNSPACED:
            return "".join(words)
        return " ".join(words).replace(" .", ".").replace(" ,", ",").replace(" ।", "।")

    def paragraph(self, sentences: list[list[str]]) -> str:
        gap = "" if self.language in ("zh", "ja") else " "
        text = gap.join(map(self.sentence, sentences))
        if self.width and self.language not in UNSPACED:
            words = text.split(" ")
            lines = (words[k : k + self.width] for k in range(0, len(words), self.width))
            text = "\n".join(map(" ".join, lines))
        return text

    def written(self) -> str:
        """Return the page as Markdown."""
        texts = [self.paragraph(sentences) for sentences in self.paragraphs]
        if self.quoted is not None:
            texts[self.quoted] = "> " + texts[self.quoted].replace("\n", "\n> ")
        table = [self.rows[0], ["---"] * len(self.rows[0]), *self.rows[1:]]
        return (
            "\n\n".join(
                (
                    f"{self.heading} {self.items[0]}",
                    *texts,
                    f"[{self.items[1]}]({self.target}):{self.before_list}"
                    + "\n".join(f"- {item}" for item in self.items),
                    "\n".join(f"| {' | '.join(row)} |" for row in table),
                    "\n".join(("```python", *self.code, "```")),
                )
            )
            + "\n"
        )


@dataclass(frozen=True)
class Pair:
    """Two versions. A comparison may mark at most `marked` code points beside spacing, of these kinds only."""

    name: str
    old: str
    new: str
    marked: int
    kinds: frozenset[Kind]
    moves: int  # at most


def page_in(language: str) -> Page:
    """Return a page of five paragraphs, a list, a table and code."""
    lines = (part.split() for line in SENTENCES[language].splitlines() for part in line.split("|"))
    sentences = [words for words in lines if words]
    words = sorted({word for sentence in sentences for word in sentence}, key=lambda word: (len(word), word))[
        -16:
    ]
    order = [0, 1, 2], [3, 4], [5], [6, 7], [2, 5, 0]
    return Page(
        language=language,
        paragraphs=[[sentences[k] for k in place] for place in order],
        items=words[:5],
        rows=[words[4:7], ["07:15", *words[7:9]], ["08:40", *words[9:11]], ["11:05", *words[11:13]]],
    )


Edit = Callable[[Page, Random], tuple[Page, Page, int, set[Kind], int]]


def _paragraphs(page: Page, paragraphs: list[list[list[str]]]) -> Page:
    return replace(page, paragraphs=paragraphs)


def _with_sentence(page: Page, at: int, place: int, words: list[str]) -> Page:
    paragraphs = [[list(sentence) for sentence in paragraph] for paragraph in page.paragraphs]
    paragraphs[at][place] = words
    return _paragraphs(page, paragraphs)


def _another(page: Page, random: Random) -> str:
    """Return a word of the language that the page's first paragraph does not have."""
    used = {word for sentence in page.paragraphs[0] for word in sentence}
    return random.choice([word for word in page.items + page.rows[2][1:] if word not in used])


def _words(*texts: str) -> int:
    """Return what a changed word may mark, with the phrase that it stands in where words have no spaces."""
    return sum(map(len, texts)) + 18


def replaced_word(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    words, new = page.paragraphs[0][1], _another(page, random)
    k = random.randrange(1, len(words) - 1)
    changed = [*words[:k], new, *words[k + 1 :]]
    return page, _with_sentence(page, 0, 1, changed), _words(words[k], new), {WORDING, Kind.ACCENTS}, 0


def inserted_word(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    words, new = page.paragraphs[0][1], _another(page, random)
    k = random.randrange(1, len(words) - 1)
    return page, _with_sentence(page, 0, 1, [*words[:k], new, *words[k:]]), _words(new), {WORDING}, 0


def deleted_word(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    old, new, marked, kinds, moves = inserted_word(page, random)
    return new, old, marked, kinds, moves


def inserted_sentence(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    paragraphs = [*page.paragraphs]
    new = page.paragraphs[3][1]
    paragraphs[0] = [paragraphs[0][0], new, *paragraphs[0][1:]]
    return page, _paragraphs(page, paragraphs), len(page.sentence(new)) + 8, {WORDING}, 0


def deleted_sentence(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    old, new, marked, kinds, moves = inserted_sentence(page, random)
    return new, old, marked, kinds, moves


def inserted_paragraph(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    old = _paragraphs(page, page.paragraphs[:2] + page.paragraphs[3:4])
    new = _paragraphs(page, page.paragraphs[:4])
    return old, new, len(page.paragraph(page.paragraphs[2])) + 4, {WORDING}, 0


def deleted_paragraph(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    old, new, marked, kinds, moves = inserted_paragraph(page, random)
    return new, old, marked, kinds, moves


def moved_paragraph(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    first, *others = page.paragraphs
    return page, _paragraphs(page, [*others[:3], first, *others[3:]]), 0, set(), 3


def moved_and_edited_paragraph(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    _, edited, marked, kinds, _ = replaced_word(page, random)
    return page, moved_paragraph(edited, random)[1], marked, kinds, 3


def moved_sentence(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    (one, two, three), *others = page.paragraphs
    return page, _paragraphs(page, [[two, three, one], *others]), 4, {WORDING}, 2


def sentence_moved_away(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    (one, two, three), second, *others = page.paragraphs
    return page, _paragraphs(page, [[one, three], [*second, two], *others]), 4, {WORDING}, 1


def wrapped_anew(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    return replace(page, width=7), replace(page, width=5), 0, set(), 0


def wrapped_and_edited(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    old, new, marked, kinds, moves = replaced_word(page, random)
    return replace(old, width=7), replace(new, width=6), marked, kinds, moves


def split_paragraph(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    (one, two, three), *others = page.paragraphs
    return page, _paragraphs(page, [[one], [two, three], *others]), 0, set(), 0


def joined_paragraphs(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    first, second, *others = page.paragraphs
    return page, _paragraphs(page, [first + second, *others]), 0, set(), 0


def blank_line_before_list(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    return page, replace(page, before_list="\n\n"), 0, set(), 0


def quoted_paragraph(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    return page, replace(page, quoted=1), 0, set(), 0


def longer_list(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    items = [*page.items[:2], page.rows[3][1], *page.items[2:]]
    return page, replace(page, items=items), len(items[2]) + 4, {WORDING}, 0


def changed_cell(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    rows = [list(row) for row in page.rows]
    rows[2][0] = "09:55"
    return page, replace(page, rows=rows), 10, {WORDING}, 0


def added_row(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    row = ["10:20", page.items[0], page.items[3]]
    return (
        page,
        replace(page, rows=[*page.rows[:3], row, page.rows[3]]),
        len("|  ".join(row)) + 8,
        {WORDING},
        0,
    )


def changed_cell_before_a_new_row(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    _, changed, *_ = changed_cell(page, random)
    row = ["10:20", page.items[0], page.items[3]]
    rows = [*changed.rows[:2], [*page.rows[2][:2], "09:55"], row, page.rows[3]]
    return (
        page,
        replace(page, rows=rows),
        len(page.rows[2][2]) + 5 + len("|  |  |  |\n".join(row)),
        {WORDING},
        0,
    )


def sentence_at_the_end(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    _, edited, marked, kinds, moves = replaced_word(page, random)
    paragraphs = [[*edited.paragraphs[0], page.paragraphs[3][1]], *edited.paragraphs[1:]]
    marked += len(page.sentence(page.paragraphs[3][1])) + 1
    return page, _paragraphs(edited, paragraphs), marked, kinds, moves


def added_column(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    rows = [[row[0], f"{k}", *row[1:]] for k, row in enumerate(page.rows)]
    return page, replace(page, rows=rows), 30, {WORDING}, 0


def changed_code(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    code = [page.code[0], "    return hour % 24", page.code[2]]
    return page, replace(page, code=code), 4, {WORDING}, 0


def other_heading(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    return page, replace(page, heading="###"), 2, {WORDING}, 0


def other_target(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    return page, replace(page, target="https://harbor.example/times"), 16, {WORDING}, 0


def emphasis(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    words = page.paragraphs[0][1]
    new = [words[0], f"**{words[1]}**", *words[2:]]
    return page, _with_sentence(page, 0, 1, new), _words("****") - 10, {WORDING}, 0


def look_alike(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    code = [*page.code[:2], page.code[2].replace("p", "\N{CYRILLIC SMALL LETTER ER}")]
    return page, replace(page, code=code), 2, {Kind.LOOK_ALIKE}, 0


def hidden_character(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    words = page.paragraphs[0][1]
    new = [*words[:2], f"{words[2]}\N{ZERO WIDTH SPACE}", *words[3:]]
    return page, _with_sentence(page, 0, 1, new), _words(words[2]), {Kind.INVISIBLE}, 0


def two_places(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    _, edited, marked, kinds, moves = replaced_word(page, random)
    return page, changed_cell(edited, random)[1], marked + 10, kinds, moves


def longer_code(page: Page, random: Random) -> tuple[Page, Page, int, set[Kind], int]:
    return page, replace(page, code=[*page.code, "print(tide(19))"]), 16, {WORDING}, 0


EDITS: tuple[Edit, ...] = (
    replaced_word,
    inserted_word,
    deleted_word,
    inserted_sentence,
    deleted_sentence,
    inserted_paragraph,
    deleted_paragraph,
    moved_paragraph,
    moved_and_edited_paragraph,
    moved_sentence,
    sentence_moved_away,
    wrapped_anew,
    wrapped_and_edited,
    split_paragraph,
    joined_paragraphs,
    blank_line_before_list,
    quoted_paragraph,
    longer_list,
    changed_cell,
    added_row,
    changed_cell_before_a_new_row,
    sentence_at_the_end,
    added_column,
    changed_code,
    other_heading,
    other_target,
    emphasis,
    look_alike,
    hidden_character,
    two_places,
    longer_code,
)


def version_pairs() -> Iterator[Pair]:
    """Yield a pair of each kind of edit in each language, and some again with other words."""
    for language in SENTENCES:
        page = page_in(language)
        for k, edit in enumerate((*EDITS, replaced_word, wrapped_and_edited)):
            old, new, marked, kinds, moves = edit(page, Random(k))
            name = f"{k}: {edit.__name__} in {language}"
            yield Pair(name, old.written(), new.written(), marked, frozenset(kinds), moves)
