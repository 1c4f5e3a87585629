"""Generator of own-names.txt: `python articles/revisions/data/generate_own_names.py`.

Babel has the own names of languages in one file a language. Reading them all takes a third of a second and 140 MB,
which a server should spend once for each release of Babel, and not in each process.
"""

from collections.abc import Iterator
from pathlib import Path

import babel
from babel import localedata

FILE = Path(__file__).parent / "own-names.txt"
HEADER = f"""\
# What languages are called in themselves: language tag, tab, name. Read by articles/revisions/language_names.py.
# From Babel {babel.__version__}, which has them from CLDR. Copyright Unicode, Inc. Licence: Unicode-3.0.
"""


def own_names() -> Iterator[tuple[str, str]]:
    """Yield the tag of each language that Babel knows by its own name, with that name."""
    for locale in sorted(localedata.locale_identifiers()):
        if name := localedata.load(locale, merge_inherited=False).get("languages", {}).get(locale):
            yield locale.replace("_", "-"), name


if __name__ == "__main__":
    lines = (f"{tag}\t{name}\n" for tag, name in own_names())
    FILE.write_text(HEADER + "".join(lines), encoding="utf-8")
