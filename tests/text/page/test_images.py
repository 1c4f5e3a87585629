"""Attributes that a page derives from the address of an image."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.text.checks import scan
from articles.text.page import images, safelist, sanitize, sanitizer
from articles.text.page.images import Format, ImageName, complete_attributes, image_tokens
from articles.text.page.spelling import start_tag

TOKEN = "0123456789abcdef01234567"
WIDE = ImageName(TOKEN, 1000, 500, Format.WEBP)

names = st.builds(
    ImageName,
    st.text("0123456789abcdef", min_size=24, max_size=24),
    st.integers(1, 16_383),
    st.integers(1, 16_383),
    st.sampled_from(Format),
    st.booleans(),
)


@given(names)
def test_address_tells_all_of_the_name(name):
    assert ImageName.of(name.address) == name
    assert all(re.fullmatch(images.FILE, file) for file in name.files)
    assert all(width < name.width for width in name.copies)
    assert not name.srcset or images.SRCSET.fullmatch(name.srcset)


@example(WIDE, "^")  # no footnote
@given(names, st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60))
def test_line_to_copy_gives_an_image_with_just_this_text(name, alt):
    alt = alt.strip()
    page = sanitize(name.markdown(alt))

    attributes = {"alt": alt, "src": name.address}
    assert page.html == f"<p>{start_tag('img', complete_attributes(attributes))}</p>\n"
    assert page.removals == ()
    assert page.agreed


@given(
    names,
    st.lists(st.sampled_from(["width=300", "height=9", "loading=lazy", "alt=x", "sizes=1px", "srcset=x"])),
)
def test_page_with_images_is_a_fixed_point_that_the_parsers_agree_on(name, attributes):
    page = sanitize(f"<img src={name.address} {' '.join(dict.fromkeys(attributes))}>\n")

    assert page.agreed
    assert sanitizer._again(page.html) == page.html


def test_what_the_author_chose_stands():
    assert complete_attributes({"src": WIDE.address, "width": "300"}) == {
        "src": WIDE.address,
        "width": "300",
        "loading": "lazy",
        "sizes": images.SIZES,
        "srcset": WIDE.srcset,
    }


@pytest.mark.parametrize(
    "src",
    [
        f"/media/images/{TOKEN}-1000x500-320.webp",  # a copy offers no others
        f"/media/images/{TOKEN}-1000x500.svg",
        f"/media/images/{TOKEN}-0x500.webp",
        f"/media/images/{TOKEN}-100000x500.webp",
        f"/media/images/{TOKEN.upper()}-1000x500.webp",
        f"https://example.org/media/images/{TOKEN}-1000x500.webp",
        f"/media/images/{TOKEN}-1000x500.webp?x",
        f"/media/images/{TOKEN}-1000x500.webp\n",
        "gate.png",
        "",
    ],
)
def test_other_addresses_get_nothing(src):
    assert complete_attributes({"src": src}) == {"src": src}


def test_small_and_moving_images_offer_no_choice():
    small, moving = (
        ImageName(TOKEN, 320, 200, Format.PNG),
        ImageName(TOKEN, 1000, 500, Format.GIF, moving=True),
    )

    assert (small.copies, small.srcset, small.thumbnail) == ((), "", small.address)
    assert (moving.copies, moving.srcset) == ((320,), "")
    assert moving.thumbnail.endswith("-1000x500-moving-320.gif")


@pytest.mark.parametrize(
    "srcset",
    [
        "https://example.org/a.png 1x",
        "/static/a.png 320w",
        f"{WIDE.srcset}, //example.org/a.png 2000w",
        f"{WIDE.address} 320w,javascript:alert(1) 640w",
        "",
    ],
)
def test_author_offers_no_copies_from_elsewhere(srcset):
    assert safelist.refusal("img", "srcset", srcset)
    assert not safelist.refusal("img", "srcset", WIDE.srcset)


def test_tokens_are_found_wherever_they_stand():
    text = f"{WIDE.address} {'a' * 24}-1x1 {'b' * 24} {'c' * 25}-1x1 {'D' * 24}-1x1 x{'e' * 24}-5"

    assert image_tokens(text) == {TOKEN, "a" * 24, "e" * 24}


def test_an_image_raises_no_flag():
    assert scan(f"{WIDE.markdown('A gate.')}\n", language="en").total == 0
