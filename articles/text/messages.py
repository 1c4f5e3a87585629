"""Sentences for people that remember how they were made, so that a door can say them in another language."""

from __future__ import annotations

from collections.abc import Callable

Value = str | int


class Message(str):
    """A sentence in English, with its `template` and the `values` that fill it; a value may be a message itself.

    It is the English string for all other purposes: equal, written and cut as one.
    """

    template: str
    values: dict[str, Value]

    def in_words_of(self, translate: Callable[[str], str]) -> str:
        """The sentence by way of translated templates; `translate` is gettext or works like it."""
        filled = {
            name: value.in_words_of(translate) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return translate(self.template) % filled


def gettext_noop(template: str, **values: Value) -> Message:
    """A message of %-template and values. Imported as `_`, a name by which makemessages finds the templates.

    >>> str(gettext_noop("%(character)s in text", character="Backspace"))
    'Backspace in text'
    """
    message = Message(template % values)
    message.template, message.values = template, values
    return message
