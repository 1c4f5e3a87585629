"""Update the catalogues of the interface: `python -m tests.catalogues`, or `make messages`.

Extracts each message of the code and the templates, merges them into `articles/locale/*/LC_MESSAGES/django.po`, and
compiles those. Keeps translations, drops messages that are gone, and guesses none. Needs no gettext.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "articles/locale"
# By function: which argument is the context, and which are the message and its plural, counted from 1.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (1, 2, 3)),
}


class Catalogue(Catalog):
    """A catalogue whose header holds no dates, names or addresses, so that equal messages make equal files."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier or "")),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: list[tuple[str, str]]) -> None:
        self._set_mime_headers(headers)


_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(?:(?:n|p|np)?gettext|_)\({_STRING}(?:, ?{_STRING})*(?:, ?count)?\)")


def extract() -> Catalogue:
    """Return a catalogue without translations of all messages that the code and the templates hold."""
    catalog = Catalogue()
    templates = (ROOT / "templates").rglob("*")
    texts = (path for path in templates if path.suffix in (".html", ".txt"))
    for path in sorted([*(ROOT / "articles").rglob("*.py"), *texts]):
        place = str(path.relative_to(ROOT))
        for message, context, comments in messages_of(path.read_text(encoding="utf-8"), place):
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def messages_of(text: str, place: str) -> Iterator[tuple[str | tuple[str, str], str | None, list[str]]]:
    """Yield the messages of a file with context and comments; a pair has a singular and a plural."""
    # `templatize` puts calls between letters X that only xgettext takes for Python.
    source = "\n".join(_CALL.findall(templatize(text, place))) if not place.endswith(".py") else text
    file, options = io.BytesIO(source.encode()), {"encoding": "utf-8"}
    for _, function, found, comments in extract_python(file, list(KEYWORDS), ["Translators:"], options):
        arguments = found if isinstance(found, tuple) else (found,)
        context, *positions = KEYWORDS[function]
        values = [arguments[n - 1] if n <= len(arguments) else None for n in positions]
        if all(values):  # literals
            yield (
                tuple(values) if len(values) > 1 else values[0],
                context and arguments[context - 1],
                comments,
            )


def files() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalogue:
    catalog = Catalogue(locale=path.parts[-3], fuzzy=False)
    with path.open("rb") as file:
        PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(file)
    return catalog


def merged(catalog: Catalogue, template: Catalogue) -> Catalogue:
    """Return a catalogue with the messages of the template, which it may share, and the translations that are there."""
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalogue) -> bytes:
    """Return the file of a catalogue: sorted, with the file of each message but not its line, which changes often."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def compiled(catalog: Catalogue) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalogue) -> list[Message]:
    return [message for message in catalog if message.id and not _is_complete(message)]


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and not message.fuzzy


def main() -> int:
    template = extract()
    left = 0
    for path in files():
        catalog = merged(read(path), template)
        path.write_bytes(written(catalog))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = untranslated(catalog)
        left += len(missing)
        sys.stdout.write(
            f"{path.relative_to(ROOT)}: {len(catalog)} messages, {len(missing)} without translation\n"
        )
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
