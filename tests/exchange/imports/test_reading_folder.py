"""A folder or zip of Markdown comes in by its front matter; nothing outside of it is read."""

import stat
import zipfile
from itertools import pairwise

import pytest

from articles.exchange.front_matter import FrontMatterFault
from articles.exchange.imports.obsidian import as_markdown
from articles.exchange.imports.page_fields import fields_of
from articles.models import Article, Image, Revision
from tests import pictures
from tests.exchange.imports.importing import bring_in, history_of

pytestmark = pytest.mark.usefixtures("administrator")


@pytest.fixture
def folder(tmp_path):
    """Writes files by their paths into a folder, and returns it."""

    def write(**files):
        return write_all(files)

    def write_all(files):
        for path, text in files.items():
            file = tmp_path / "notes" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "notes"

    write.all = write_all
    return write


def zipped(path, *entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, *mode in entries:
            info = zipfile.ZipInfo(name)
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (mode[0] if mode else stat.S_IFREG | 0o600) << 16
            archive.writestr(info, data)
    return path


def test_fields_of_yaml_toml_and_json(folder):
    source = folder.all(
        {
            "a.md": "---\ntitle: no\ndate: 2024-01-05T09:30:00+01:00\ntags: [1.10, sea]\nauthor: Ada\n---\nA.\n",
            "b.md": '+++\ntitle = "Lamp"\ndate = 1871-06-01\ncategories = ["oil"]\n+++\n\nB.\n',
            "c.md": '{"title": "Clock", "tags": "noon, wheel", "weight": 1e999}\n\nC {x}.\n',
        }
    )

    assert bring_in(source)[0] == 0

    rows = {row.article.slug: row for row in Revision.objects.with_text()}
    assert [(row.title, row.tags, row.source) for row in map(rows.get, "abc")] == [
        ("no", ["1.10", "sea"], "A.\n"),
        ("Lamp", ["oil"], "B.\n"),
        ("Clock", ["noon", "wheel"], "C {x}.\n"),
    ]
    assert rows["a"].claimed_at.isoformat() == "2024-01-05T08:30:00+00:00"
    assert rows["a"].claimed_author == "Ada"
    assert rows["b"].claimed_at.year == 1871
    assert rows["a"].original.bytes.startswith(b"---\n")


def test_changed_file_is_a_new_version(folder):
    source = folder.all({"a.md": "One.\n"})
    bring_in(source, name="blog")
    folder.all({"a.md": "Two.\n"})

    assert "Brought in 1 version " in bring_in(source, name="blog")[1]
    assert "Brought in 0 versions" in bring_in(source, name="blog")[1]
    assert [row[3] for row in history_of("a")] == ["One.\n", "Two.\n"]


def test_drafts_and_what_is_dated_in_the_future_never_go_live(folder):
    source = folder.all(
        {
            "live.md": "Live.\n",
            "draft.md": "---\ndraft: true\n---\nDraft.\n",
            "later.md": "---\ndate: 2099-01-01\n---\nLater.\n",
            "off.md": "---\npublished: false\n---\nOff.\n",
        }
    )

    bring_in(source, state="published")

    assert list(Article.objects.public().values_list("slug", flat=True)) == ["live"]
    assert Article.objects.count() == 4


def test_what_does_not_fit_is_named_and_the_rest_comes_in(folder):
    source = folder.all(
        {
            "good.md": "Good.\n",
            "latin.md": b"caf\xe9",
            "nul.md": "a\0b",
            "yaml.md": '---\ntitle: "open\n---\nText.\n',
            "empty.md": "",
            ".hidden/a.md": "Hidden.\n",
            "data.bin": "x",
        }
    )

    status, out = bring_in(source)

    assert status == 1
    for said in (
        "latin.md: no UTF-8 at byte 3",
        "nul.md",
        "yaml.md: The front matter is no YAML",
        "empty.md",
    ):
        assert said in out
    assert "data.bin: left out" in out
    assert ".hidden/a.md: left out" in out
    assert Article.objects.get().slug == "good"
    assert bring_in(source, encoding="latin-1")[0] == 1
    assert history_of("latin")[0][3] == "café"


def test_links_find_pages_and_pictures_by_path_and_by_name(folder):
    source = folder.all(
        {
            ".obsidian/app.json": "{}",
            "Index.md": "[[lamp OIL|oil]] [[Gone]] ![[tower.png|A tower]] [door](sub/Door.md) `[[Lamp oil]]`\n",
            "sub/Door.md": "[[Index]] ![t](../img/tower.png)\n",
            "sub/Lamp oil.md": "Oil.\n",
            "img/tower.png": pictures.file(),
        }
    )

    bring_in(source)

    address = Image.objects.get().name.address
    assert history_of("index")[0][3] == (
        f"[oil](/articles/lamp-oil/) Gone ![A tower]({address}) [door](/articles/door/) `[[Lamp oil]]`\n"
    )
    assert history_of("door")[0][3] == f"[Index](/articles/index/) ![t]({address})\n"


def test_links_of_a_disk_are_never_followed(folder, tmp_path):
    source = folder.all({"good.md": "Good.\n"})
    (tmp_path / "secret.md").write_text("palimpsest-was-here\n")
    (source / "link.md").symlink_to(tmp_path / "secret.md")
    (source / "around").symlink_to(tmp_path)

    status, out = bring_in(source)

    assert status == 1
    assert "link.md: a link or device" in out
    assert Article.objects.get().slug == "good"


HOSTILE = {
    "upwards": [("../x.md", "x")],
    "inside": [("a/../../x.md", "x")],
    "absolute": [("/etc/x.md", "x")],
    "drive": [("C:x.md", "x")],
    "backslash": [("..\\x.md", "x")],
    "link": [("x.md", "/etc/passwd", stat.S_IFLNK | 0o777)],
    "fifo": [("x.md", "", stat.S_IFIFO)],
    "bomb": [("x.md", "a" * 3_000_000)],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_zip_is_refused_whole(tmp_path, kind):
    path = zipped(tmp_path / "hostile.zip", ("good.md", "Good.\n"), *HOSTILE[kind])

    status, out = bring_in(path, state="published")

    assert (status, out[:11]) == (2, "hostile.zip")
    assert not Article.objects.exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zip_with_a_name_twice_or_damage_is_refused(tmp_path):
    twice = zipped(tmp_path / "twice.zip", ("a.md", "One.\n"), ("a.md", "Two.\n"))
    assert "twice" in bring_in(twice)[1]

    data = bytearray(zipped(tmp_path / "damaged.zip", ("a.md", "One and one and one.\n" * 9)).read_bytes())
    data[40] ^= 0xFF
    (tmp_path / "damaged.zip").write_bytes(data)
    assert bring_in(tmp_path / "damaged.zip")[0] == 2
    (tmp_path / "cut.zip").write_bytes(data[:60])
    assert bring_in(tmp_path / "cut.zip")[0] == 2
    assert not Article.objects.exists()


def test_zip_reads_like_a_folder(tmp_path):
    path = zipped(
        tmp_path / "notes.zip", ("blog/a.md", "---\ntitle: A\n---\nText.\n"), ("t.png", pictures.file())
    )

    status, out = bring_in(path)

    assert status == 0
    assert "t.png: left out: no page shows it" in out
    assert history_of("a") == [(1, "", "", "Text.\n")]


def nested(first):
    """YAML in which each line names the one before nine times: 9 ** 7 values."""
    lines = [f"a: &a {first}"]
    lines += [f"{name}: &{name} [{', '.join(9 * ['*' + before])}]" for before, name in pairwise("abcdefgh")]
    return "---\n" + "\n".join(lines) + "\n---\n"


TRICKS = [
    '---\ntitle: !!python/object/apply:os.system ["touch was-here"]\n---\n',
    "---\ntags: &t [*t]\n---\n",
    nested("[x, x, x]"),
    nested("[]"),
    f"---\ntitle: {'[' * 20_000}\n---\n",
    "---\nx: !!binary aGVsbG8=\n---\n",
    f"+++\na = {'[' * 5_000}\n+++\n",
    f"+++\na = {'9' * 6_000}\n+++\n",
    '{"a": ' + "[" * 5_000,
    f"---\na: {'x' * 70_000}\n---\n",
]


@pytest.mark.parametrize("text", TRICKS, ids=range(len(TRICKS)))
def test_tricks_of_front_matter_are_faults(text):
    with pytest.raises(FrontMatterFault):
        fields_of(text)


def test_front_matter_that_is_none_counts_as_text():
    assert fields_of("----\nRule.\n").text == "----\nRule.\n"
    assert fields_of("---\n- a\n---\nText.\n").notes == [
        "its front matter is no list of names with values, so all of it is text"
    ]
    assert fields_of("---\ntitle: x\n\nText.\n").notes == [
        "its front matter does not end, so all of it is text"
    ]
    assert fields_of("---\ntitle: &t A\nsummary: *t\n---\n").first("summary") == "A"
    for text in ("{{< figure >}}\nText.\n", "{% raw %}\nText.\n", "{a note} Text.\n"):
        assert fields_of(text).text == text
    twice = fields_of("---\ntitle: A\ntitle: B\n---\n")
    assert (twice.first("title"), twice.notes) == ("B", ["title stands twice; the last one counts"])


def test_obsidian_becomes_markdown_and_code_stays():
    source, notes = as_markdown(
        "> [!warning]- Folded\n> Mind.\n\n> [!tip]\n> x\n\n"
        "==lit== `==code==` %%secret\nstill%% end ^id\n\n```\n%%kept%%\n```\n"
    )

    assert source == (
        "> **Folded**\n>\n> Mind.\n\n> **Tip**\n>\n> x\n\n<mark>lit</mark> `==code==`  end\n\n```\n%%kept%%\n```\n"
    )
    assert notes == ["a comment (%%…%%) is removed", "names of blocks (^name) are removed"]
