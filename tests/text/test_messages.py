"""What findings say: in English here, in any language where a door translates the templates."""

import json
import re
from pathlib import Path

from articles.text.checks import scan
from articles.text.messages import Message, message_of
from articles.text.messages import gettext_noop as _

TEXT = Path(__file__).parents[2] / "articles" / "text"
WORDS = {
    "%(character)s stands in a %(script)s word": "%(character)s steht in einem Wort der Schrift %(script)s",
    "%(fault)s; it looks like \u201c%(meant)s\u201d": "%(fault)s; es sieht aus wie \u201e%(meant)s\u201c",
}


def test_message_is_its_english_and_remembers_its_parts() -> None:
    message = _("%(character)s in text", character="Backspace")

    assert message == "Backspace in text"
    assert (message.template, message.values) == ("%(character)s in text", {"character": "Backspace"})


def test_translation_reaches_the_messages_inside_a_message() -> None:
    (finding,) = scan("p\u0430ypal").findings
    message = finding.message
    assert isinstance(message, Message)

    translated = message.translate_with(lambda template: WORDS.get(template, template))

    assert translated == (
        "Cyrillic small letter a (U+0430) steht in einem Wort der Schrift Latin; es sieht aus wie \u201ea\u201c"
    )


def test_sign_of_percent_in_a_text_is_no_template() -> None:
    (finding,) = scan("&#x200B;%(x)s").findings
    message = finding.message
    assert isinstance(message, Message)

    assert message.translate_with(str) == message


def test_every_template_stands_where_makemessages_finds_it() -> None:
    for path in set(TEXT.rglob("*.py")) - {TEXT / "messages.py"}:
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])Message\(|\b_\(\s*(?![\s\"])", source), path.name


def test_message_is_the_same_after_json() -> None:
    (finding,) = scan("p\u0430ypal").findings
    message = finding.message
    assert isinstance(message, Message)

    again = message_of(json.loads(json.dumps(message.parts)))

    assert again == message
    assert isinstance(again, Message)
    assert again.parts == message.parts
    assert message_of("as it is") == "as it is"
