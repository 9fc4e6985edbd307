"""The page on documents: the kinds, how templates are edited, and every place that may stand in one."""

from __future__ import annotations

from collections.abc import Mapping

from fourgates.papers.documents.kind import COMMON
from fourgates.papers.documents.kinds import KINDS

OPENING = """\
Twenty-two kinds of document are written from the record: `fourgates papers OUT KIND`, or `--all` for everything. What
the record does not know (who chaired, the number of the document, the day it is signed) is left as a line `＿＿＿＿` or an
empty cell, to be filled in by hand; nothing is made up. Layout follows GB/T 9704-2012 where it applies: A4, a text block
of 156 × 225 mm with 22 lines of 28 characters, fonts named with a substitute and never brought along.

## Templates

Each kind has a Word template. `fourgates papers templates FOLDER` copies them out; edit them in Word or WPS, and write
with `--templates FOLDER`. What the folder lacks is taken from those shipped. A template runs nothing: it has only
places in double braces.

| in the template | what becomes of it |
|---|---|
| `{{单位}}` | the value; a line `＿＿＿＿` where the record does not know it (in a cell of its own: an empty cell) |
| `{{人选.姓名}}` | its table row, or its paragraph outside a table, once for each of the list |
| `{{?说明}}` | its paragraph or row stays only where there is such a value; the mark itself is not printed |
| `{{!说明}}` | its paragraph or row stays only where there is none |
| a place of several parts | its cell becomes as many cells, the table's columns with it |
| `{{指纹}}` | the fingerprint; it must stand in the footer |

A place that is unknown, misspelt or not closed is an error that names the template, the paragraph or cell, and the
nearest known name; nothing is written.

## Is it still what the record says?

The footer of every document says its kind, its subject, the entry of the record as of which it was written, the digest
of its template and a digest of every value that was put in. `fourgates papers check FILE OUT` replays the record, works
the document out again as of that entry and compares the two line by line. A figure that was altered, a row that was
taken out or put in is named with its place. What was filled in on a line left for it is listed and is no fault.

The fingerprint is no signature: it binds a document to a record, and whoever has the record can check it. A template
that an office edited is needed for checking what was made with it, so keep the folder with the record.

Citizen numbers stand in no document, except in the letter and the reply form of a department that the plan names in
`[integrity] numbers_to`. Once the names are deleted, only documents without names can be written and checked.
"""


def page() -> str:
    """`docs/papers.md`."""
    lines = [
        "<!-- Written by `python -m scripts.documents` from src/fourgates/papers/documents/ and page.py there. -->"
    ]
    lines += [
        "",
        "# Documents",
        "",
        *OPENING.splitlines(),
        "",
        "## Kinds",
        "",
        "| key | title | one for |",
        "|---|---|---|",
    ]
    lines += [f"| [`{kind.key}`](#{kind.key}) | {kind.title} | {kind.one} |" for kind in KINDS]
    lines += ["", "## Places", "", "### Everywhere", "", *_table(COMMON)]
    for kind in KINDS:
        lines += ["", f'<a id="{kind.key}"></a>', "", f"### {kind.title}", "", *_table(kind.places)]
    return "\n".join([*lines, ""])


def _table(places: Mapping[str, str]) -> list[str]:
    return [
        "| place | what it is |",
        "|---|---|",
        *(f"| `{{{{{name}}}}}` | {said} |" for name, said in places.items()),
    ]
