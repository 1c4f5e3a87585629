"""Messages for people: English sentences that keep their template and values, so that they can be translated."""

from __future__ import annotations

from collections.abc import Callable

Value = str | int


class Message(str):
    """An English sentence with its `template` and the `values` in it. A value may be a message, too.

    In all other respects it is the English string.
    """

    template: str
    values: dict[str, Value]

    def translate_with(self, translate: Callable[[str], str]) -> str:
        """Return the sentence with its templates translated; `translate` is gettext or a function like it."""
        filled = {
            name: value.translate_with(translate) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return translate(self.template) % filled


def gettext_noop(template: str, **values: Value) -> Message:
    """Return a message of a %-template and values. Import it as `_`, so that makemessages finds the templates.

    >>> str(gettext_noop("%(character)s in text", character="Backspace"))
    'Backspace in text'
    """
    message = Message(template % values)
    message.template, message.values = template, values
    return message
