"""Messages for people: English sentences that keep their template and values, so that they can be translated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

    @property
    def parts(self) -> list[Any]:
        """The template and the values as JSON keeps them, for `message_of`."""
        values = {
            name: value.parts if isinstance(value, Message) else value for name, value in self.values.items()
        }
        return [self.template, values]


def gettext_noop(template: str, **values: Value) -> Message:
    """Return a message of a %-template and values. Import it as `_`, so that makemessages finds the templates.

    >>> str(gettext_noop("%(character)s in text", character="Backspace"))
    'Backspace in text'
    """
    message = Message(template % values)
    message.template, message.values = template, values
    return message


def message_of(kept: Any) -> str:
    """Return the message with these `parts`; what is no such list as it is.

    >>> message_of(gettext_noop("%(character)s in text", character="Backspace").parts)
    'Backspace in text'
    """
    if not isinstance(kept, list):
        return str(kept)
    template, values = kept
    return gettext_noop(
        template,
        **{name: message_of(value) if isinstance(value, list) else value for name, value in values.items()},
    )
