"""Keep the English catalogue beside the sentences in the code: `python -m scripts.messages`.

Every sentence that a person may read is found in the source: what stands in `_()`, `ngettext()` or `mark()`, in the tag
`{% t %}` of a template, and what a `Refused` or a `Broken` says. New ones are added without a translation, those that
nobody says any more are dropped, and nothing is guessed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "fourgates"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "fourgates.po"
# A sentence in a template of the site: {% t "…" %}.
TAGGED = re.compile(r"""\{%-?\s*t\s+(?:"([^"]*)"|'([^']*)')""")


def tagged(file: IO[bytes], *_rest: object, **_options: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Every sentence of a template of the site, in the form in which babel wants what is found."""
    for number, line in enumerate(file.read().decode().splitlines(), start=1):
        for double, single in TAGGED.findall(line):
            yield number, "_", double or single, []


# Which argument of which call is the sentence, counted from 1.
KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2), "Refused": (2,), "Broken": (3,)}
METHODS = [
    ("web/templates/**.html", "scripts.messages:tagged"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.j2", "jinja2"),
]
HEADER = "# English for the sentences in src/fourgates, which are written in Chinese. `make messages` keeps it current."
# Of the header, what would make two runs differ, and what nobody fills in.
UNSAID = tuple(
    f'"{name}'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid",
        "POT-Creation",
        "PO-Revision",
        "Last-Trans",
        "Language-Team",
        "Generated-By",
    )
)


def said() -> Catalog:
    """Every sentence in the source, untranslated, in the order of the files."""
    found = Catalog(project="fourgates", header_comment=HEADER)
    for path, _line, sentence, comments, context in extract_from_dir(
        SOURCE, method_map=METHODS, keywords=KEYWORDS, comment_tags=["i18n:"], strip_comment_tags=True
    ):
        found.add(sentence, locations=[(f"src/fourgates/{path}", 0)], auto_comments=comments, context=context)
    return found


def kept() -> Catalog:
    """The catalogue as it stands."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="en")


def written() -> bytes:
    """The catalogue as it should stand: what is said now, with the translations there are."""
    old, new = kept(), Catalog(locale="en", project="fourgates", header_comment=HEADER, fuzzy=False)
    for message in said():
        if message.id:
            before = old.get(message.id)
            places = sorted(set(message.locations))
            new.add(
                message.id, before.string if before else None, places, auto_comments=message.auto_comments
            )
    text = io.BytesIO()
    write_po(text, new, width=110, omit_header=False, include_lineno=False, sort_output=False)
    lines = text.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNSAID))


def main() -> None:
    """Write the catalogue and say what is still to be translated."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(written())
    every = [message for message in kept() if message.id]
    left = [message for message in every if not message.string or not all(message.string)]
    print(f"{len(every)} sentences, {len(left)} without English")
    for message in left:
        print(f"  {message.id}")


if __name__ == "__main__":
    main()
