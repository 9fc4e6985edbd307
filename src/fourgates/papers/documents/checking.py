"""Is a document still what the record says (核对文书)? It is worked out again as of its entry and compared line by line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from fourgates.errors import Refused
from fourgates.log import code
from fourgates.papers import template
from fourgates.papers.documents import fingerprint
from fourgates.papers.documents.fingerprint import Fingerprint
from fourgates.papers.documents.kind import Kind
from fourgates.papers.documents.kinds import kind as kind_called
from fourgates.papers.documents.writing import Source, Templates, make, source, subject_said
from fourgates.papers.template import Line, Made

LARGEST = 32 << 20
_BLANKS = re.compile("＿+")
_SPACE = re.compile(r"\s+")


class Difference(msgspec.Struct, frozen=True):
    """One place where a document says something else: where, what it says, what the record says; ``by_hand`` when only a
    line or a cell left empty for it was filled in."""

    place: str
    says: str
    record: str
    by_hand: bool


class Checked(msgspec.Struct, frozen=True):
    """What became of a document: its fingerprint, whether that is the record's, and every difference."""

    fingerprint: Fingerprint
    recorded: bool
    differences: tuple[Difference, ...]

    @property
    def altered(self) -> tuple[Difference, ...]:
        """The differences that are more than a blank filled in."""
        return tuple(one for one in self.differences if not one.by_hand)

    @property
    def holds(self) -> bool:
        """Whether everything the record says in it stands as it was written."""
        return self.recorded and not self.altered


def check(path: Path, record: Path, templates: Templates) -> Checked:
    """The document in ``path`` against ``record``.

    Raises ``Broken`` when the record does not hold, and what ``against`` raises.
    """
    return against(path, partial(source, record), templates)


def against(path: Path, source: Callable[[int], Source], templates: Templates) -> Checked:
    """The document in ``path`` against what ``source`` gives as of an entry.

    Raises ``Refused`` (D.1, D.4) when it is no document of this record's that can be worked out again.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("D.1", "{file}过大，不是一份文书", file=path.name)
        content = path.read_bytes()
    except OSError as error:
        raise Refused(
            "D.1", "{file}打不开：{what}", file=path.name, what=error.strerror or str(error)
        ) from None
    parts = template.unpacked(path.name, content)
    mark = fingerprint.find(template.edges(path.name, parts))
    if mark is None:
        raise Refused("D.4", "{file}的页脚里没有完整的核对码，不能核对", file=path.name)
    kind = kind_called(mark.title)
    found = source(mark.entry)
    again = _again(found, kind, mark, templates)
    expected = fingerprint.digest(mark.title, mark.subject, found.n, found.seal, again.said)
    said = template.body(path.name, parts)
    pinned = not mark.code or code.differing(mark.code, found.root) == 0
    return Checked(mark, expected == mark.digest and pinned, tuple(compare(again.lines, said)))


def _again(found: Source, kind: Kind, mark: Fingerprint, templates: Templates) -> Made:
    """The document as the record gives it."""
    templates.use(templates.known(kind, mark.template), kind)
    for subject in kind.subjects(found.ground):
        if subject_said(found.ground, subject) == mark.subject:
            return make(found, kind, subject, templates)
    raise Refused(
        "D.4",
        "第{entry}条时的纪实里没有这份{title}的对象“{subject}”",
        entry=mark.entry,
        title=mark.title,
        subject=mark.subject,
    )


def compare(record: Sequence[Line], says: Sequence[Line]) -> Iterator[Difference]:
    """Every line that differs; spacing does not count, and what stands on a line left blank is told apart."""
    ours, theirs = [_bare(line.text) for line in record], [_bare(line.text) for line in says]
    if len(ours) == len(theirs):
        steps = [("replace", at, at + 1, at, at + 1) for at in range(len(ours)) if ours[at] != theirs[at]]
    else:
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        steps = [step for step in matcher.get_opcodes() if step[0] != "equal"]
    for _kind, first, last, start, end in steps:
        for at in range(max(last - first, end - start)):
            line = record[first + at] if first + at < last else None
            said = says[start + at] if start + at < end else None
            if line is None and said is not None:
                if _bare(said.text):
                    yield Difference(said.place, said.text, "", by_hand=False)
            elif said is None and line is not None:
                if _bare(line.text):
                    yield Difference(line.place, "", line.text, by_hand=False)
            elif line is not None and said is not None and _bare(line.text) != _bare(said.text):
                yield Difference(said.place, said.text, line.text, by_hand=_filled(line.text, said.text))


def _bare(text: str) -> str:
    return _SPACE.sub("", text)


def _filled(blank: str, said: str) -> bool:
    """Whether ``said`` is ``blank`` with its lines filled in, and nothing else."""
    if not _bare(blank):
        return True
    parts = [re.escape(part) for part in _BLANKS.split(_bare(blank))]
    return len(parts) > 1 and re.fullmatch(".*?".join(parts), _bare(said)) is not None
