"""Writing documents of a county (出文书): every kind, every unit, from the record as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import msgspec

from fourgates import bundle
from fourgates.bundle import DOCUMENTS, PEOPLE
from fourgates.errors import Refused
from fourgates.log import code
from fourgates.papers import people as kept
from fourgates.papers.documents import fingerprint
from fourgates.papers.documents.fingerprint import Fingerprint
from fourgates.papers.documents.ground import Ground
from fourgates.papers.documents.kind import Kind
from fourgates.papers.documents.kinds import KINDS
from fourgates.papers.files import put
from fourgates.papers.people import People
from fourgates.papers.template import Made, Template
from fourgates.selection import Selection

FOLDER: Final = "文书"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_ID: Final = 8  # digits of a person's id in a fingerprint; more where two persons share them
Progress = Callable[[str, int, int], None]


class Source(msgspec.Struct, frozen=True):
    """Where documents are written from: the state after entry ``n`` with the seal of that entry, the ``root`` of the tree over
    the entries up to it, and the names."""

    ground: Ground
    n: int
    seal: str
    root: bytes
    named: bool


def source(record: Path, until: int | None = None) -> Source:
    """The record in ``record`` as of entry ``until`` (all of it unless given), replayed and judged.

    Raises ``Broken`` when it does not hold, ``Refused`` (D.4) when it has no such entry.
    """
    entries = bundle.head(record).entries
    n = entries if until is None else until
    if not 0 < n <= entries:
        raise Refused(
            "D.4", "纪实只有{entries}条，没有第{n}条：这份文书不是出自这份纪实", entries=entries, n=n
        )
    whole = bundle.verify(record)
    then = whole if n == entries else bundle.verify(record, until=n)
    people = _people(record, whole.selection)
    ground = Ground(then.selection, people or People(""))
    return Source(ground, n, then.head.head, then.growth.frontier.root(), people is not None)


def _people(record: Path, selection: Selection) -> People | None:
    """The names that stand in the record today; ``None`` when they were deleted."""
    standing = selection.people
    path = record / PEOPLE / f"{standing.document}.json" if standing else None
    return kept.read(path.read_bytes()) if path is not None and path.is_file() else None


class Templates:
    """The templates in use: an office's own folder first, by key or title of the kind, then those shipped."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._read: dict[str, Template] = {}

    def of(self, kind: Kind) -> Template:
        """The template of ``kind``, read and checked once."""
        if kind.key not in self._read:
            own = self._own(kind)
            content = own.read_bytes() if own else shipped(kind.key)
            name = own.name if own else f"{kind.key}.docx"
            self._read[kind.key] = Template(name, content, tuple(kind.every_place))
        return self._read[kind.key]

    def known(self, kind: Kind, digest: str) -> Template:
        """The template of that digest among the office's own and the shipped; ``Refused`` (D.4) when it is neither."""
        first = self.of(kind)
        if first.digest == digest:
            return first
        second = Template(f"{kind.key}.docx", shipped(kind.key), tuple(kind.every_place))
        if second.digest == digest:
            return second
        raise Refused(
            "D.4",
            "这份{title}所用的模板（版式{digest}）不在手边；如果是本单位改过的模板，请用 --templates 给出它所在的文件夹",
            title=kind.title,
            digest=digest,
        )

    def use(self, template: Template, kind: Kind) -> None:
        """From here on ``template`` for ``kind``."""
        self._read[kind.key] = template

    def _own(self, kind: Kind) -> Path | None:
        if self._folder is None:
            return None
        for name in (f"{kind.title}.docx", f"{kind.key}.docx"):
            if (self._folder / name).is_file():
                return self._folder / name
        return None


@cache
def shipped(key: str) -> bytes:
    """The template of the kind ``key`` that comes with the program."""
    place = resources.files("fourgates.papers") / "templates" / DOCUMENTS / f"{key}.docx"
    return place.read_bytes()


def subject_said(ground: Ground, subject: str) -> str:
    """A subject as a fingerprint prints it: a unit by its name, a person by the first digits of the id."""
    if subject not in ground.report.people:
        return "".join(subject.split()).replace("｜", "|")
    length = _ID
    while sum(id_.startswith(subject[:length]) for id_ in ground.report.people) > 1:
        length += 1
    return subject[:length]


def make(source: Source, kind: Kind, subject: str, templates: Templates) -> Made:
    """One document; ``Refused`` (D.3) when it needs names and they were deleted."""
    if kind.names and not source.named:
        raise Refused(
            "D.3", "{title}要写姓名，而人员附件已经删除：数字仍可核对，姓名不能再写出", title=kind.title
        )
    ground, template = source.ground, templates.of(kind)
    said_of = subject_said(ground, subject)
    values = {**ground.everywhere(), **kind.values(ground, subject)}
    return template.fill(
        values,
        lambda said: str(
            Fingerprint(
                kind.title,
                said_of,
                source.n,
                template.digest,
                fingerprint.digest(kind.title, said_of, source.n, source.seal, said),
                code.spell(source.root).replace(" ", "") if kind.signed else "",
            )
        ),
    )


def subjects(ground: Ground, kind: Kind, unit: str = "") -> Sequence[str]:
    """For whom documents of ``kind`` are written, or only for ``unit``: a unit or department by its name, full or short, a
    person by name or id, a committee's persons and branches by the committee.

    Raises ``Refused`` (D.2) when there is nothing to write for it.
    """
    every = kind.subjects(ground)
    found = [subject for subject in every if not unit or _is(ground, subject, unit)]
    if not found:
        raise Refused(
            "D.2",
            "没有可出的{title}{unit}：每份对应{one}",
            title=kind.title,
            unit=f"（{unit}）" if unit else "",
            one=kind.one,
        )
    return found


def concerns(ground: Ground, kind: Kind, unit: str) -> bool:
    """Whether there is a document of ``kind`` for ``unit``."""
    return any(_is(ground, subject, unit) for subject in kind.subjects(ground))


def _is(ground: Ground, subject: str, unit: str) -> bool:
    if subject in ground.report.people:
        return unit in (subject, ground.bare(subject), ground.person(subject).committee) or (
            unit == ground.short.get(ground.person(subject).committee)
        )
    own = subject.partition("（第")[0] if subject not in ground.tree else subject
    if unit in (subject, own, ground.short.get(subject)):
        return True
    committee = ground.tree.committee_of(own) if own in ground.tree else ""
    return bool(committee) and unit in (committee, ground.short.get(committee))


def write(
    source: Source,
    kinds: Sequence[Kind],
    folder: Path,
    templates: Templates,
    unit: str = "",
    progress: Progress | None = None,
) -> Iterator[Path]:
    """Write the documents of ``kinds`` into ``folder``, a folder a kind with several; gives each path as it is written."""
    for kind in kinds:
        every = subjects(source.ground, kind, unit)
        into = folder / kind.title if len(every) > 1 else folder
        into.mkdir(parents=True, exist_ok=True)
        names = _names(source.ground, kind, every)
        for done, subject in enumerate(every, start=1):
            path = into / f"{names[subject]}.docx"
            put(path, make(source, kind, subject, templates).content)
            yield path
            if progress is not None:
                progress(kind.title, done, len(every))


def _names(ground: Ground, kind: Kind, every: Sequence[str]) -> dict[str, str]:
    """A file name for each subject, none twice."""
    found: dict[str, str] = {}
    for subject in every:
        person = subject in ground.report.people
        about = ground.bare(subject) if person else ground.short.get(subject, subject)
        name = _UNSAFE.sub("_", kind.title if subject == ground.tree.county else f"{kind.title}_{about}")[:80]
        found[subject] = (
            name
            if name not in found.values()
            else _UNSAFE.sub("_", f"{name}_{subject_said(ground, subject)}")
        )
    return found


def possible(ground: Ground) -> list[Kind]:
    """The kinds for which there is something to write."""
    return [kind for kind in KINDS if kind.subjects(ground)]
