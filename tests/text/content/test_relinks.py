"""Links whose text stayed while they lead to another site."""

import pytest

from articles.text.content.relinks import MAX_LINKS, Relink, relinks

MUSEUM, OTHER = "museum.example", "casino.example"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ask [the museum](https://{}/hours).", "the museum"),
        ("Ask [the *lace* museum](https://{}).", "the lace museum"),
        ("Ask [the museum][m].\n\n[m]: https://{}", "the museum"),
        ('Ask <a href="https://{}">the museum</a>.', "the museum"),
        ('<div>\n<p><a href="https://{}">the museum</a></p>\n</div>', "the museum"),
        ("> - Ask [the museum](https://{})", "the museum"),
        ("Its page: https://{}/", "Its page:"),
        ("Its page: <https://{}/>", "Its page:"),
        ("اسأل [المتحف](https://{})", "المتحف"),
        ("请问[博物馆](https://{})。", "博物馆"),
    ],
)
def test_host_was_replaced(text, named):
    assert relinks(text.format(MUSEUM), text.format(OTHER)) == (Relink(named, MUSEUM, OTHER),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[a](https://museum.example/x)", "[a](https://museum.example/y)"),
        ("[a](http://museum.example/)", "[a](https://www.museum.example/)"),
        ("[a](https://museum.example/)", "[a](https://shop.museum.example/)"),
        ("[a](https://museum.example/)", "[a](/museum)"),
        ("[a](/museum)", "[a](https://museum.example/)"),
        ("[a](https://museum.example)", "[b](https://casino.example)"),
        ("[a](https://museum.example)", "gone"),
        ("gone", "[a](https://museum.example)"),
        ("![a](https://museum.example/a.png)", "![a](https://casino.example/a.png)"),
        ("`[a](https://museum.example)`", "`[a](https://casino.example)`"),
        ("https://museum.example", "https://casino.example"),
        # Two with one text: known by what stands before them.
        (
            "Bees [more](https://bees.example)\n\nTea [more](https://tea.example)",
            "Tea [more](https://tea.example)\n\nBees [more](https://bees.example)",
        ),
        (
            "Bees [more](https://bees.example)\n\nTea [more](https://tea.example)",
            "Rye [more](https://rye.example)\n\nBees [more](https://bees.example)",
        ),
        (
            "Bees [more](https://bees.example)\n\nTea [more](https://tea.example)\n\nEnd.",
            "Rye [more](https://rye.example)\n\nBees [more](https://bees.example)\n\nEnd.",
        ),
    ],
)
def test_no_host_was_replaced(old, new):
    assert relinks(old, new) == ()


def test_capitals_make_no_other_text():
    old, new = "See [the museum](https://museum.example).", "See [The Museum](https://casino.example)."

    assert relinks(old, new) == (Relink("The Museum", MUSEUM, OTHER),)


def test_link_that_moved_and_was_replaced_is_found():
    old = "[the museum](https://museum.example)\n\nWords.\n\nMore words.\n"
    new = "More words.\n\nWords, and [the museum](https://casino.example)\n"

    assert relinks(old, new) == (Relink("the museum", MUSEUM, OTHER),)


def test_one_of_two_with_one_text_is_found_by_what_stands_before_it():
    old = "Bees [more](https://bees.example)\n\nTea [more](https://tea.example)"

    assert relinks(old, old.replace("tea.example", OTHER)) == (Relink("more", "tea.example", OTHER),)


@pytest.mark.parametrize("link", ["[the museum](https://{})", "[the museum][m]\n\n[m]: https://{}"])
def test_it_is_found_behind_any_number_of_links_that_stayed(link):
    stayed = "".join(f"[text {n}](https://a{n}.example)\n\n" for n in range(MAX_LINKS + 5))

    found = relinks(stayed + link.format(MUSEUM), stayed + link.format(OTHER))

    assert found == (Relink("the museum", MUSEUM, OTHER),)


def test_number_of_links_is_bounded():
    old = "".join(f"[text {n}](https://a{n}.example)\n" for n in range(MAX_LINKS + 5))

    assert len(relinks(old, old.replace("https://a", "https://b"))) == MAX_LINKS
