"""Names of scripts in messages."""

from articles.text.messages import Message
from articles.text.messages import gettext_noop as _

_NAMES: dict[str, Message] = {
    name: name
    for name in (
        _("Arabic"),
        _("Armenian"),
        _("Bengali"),
        _("Cherokee"),
        _("Coptic"),
        _("Cyrillic"),
        _("Devanagari"),
        _("East Asian"),
        _("Ethiopic"),
        _("Georgian"),
        _("Greek"),
        _("Gujarati"),
        _("Gurmukhi"),
        _("Hebrew"),
        _("Kannada"),
        _("Khmer"),
        _("Lao"),
        _("Latin"),
        _("Malayalam"),
        _("Mongolian"),
        _("Myanmar"),
        _("Sinhala"),
        _("Tamil"),
        _("Telugu"),
        _("Thai"),
        _("Tibetan"),
    )
}


def script_name(script: str) -> str:
    """Return the name of a script for a message: a message itself if the script is a common one."""
    return _NAMES.get(script) or script.replace("_", " ")
