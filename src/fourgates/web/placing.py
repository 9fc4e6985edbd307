"""Where an uploaded file belongs (归位): by its name, by what a form of ours says of itself, or by its headings.

A roster made elsewhere is put in our own form's words and becomes its committee's 02. What belongs nowhere is a problem that
says where to take it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from fourgates import run
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers import files, folder, forms, reading, stamp
from fourgates.papers.cells import squeeze
from fourgates.papers.importing import entering, standing, taking
from fourgates.papers.importing.preview import Said
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.table import alike
from fourgates.papers.workbook import ANY, Kind, Sheet, Unreadable, explain
from fourgates.plan import Plan

Progress = Callable[[int, int], None]
FOLDERS = (forms.ROSTER, forms.STEPS, forms.MARKS, forms.NOMINATIONS, forms.REPLIES)
SINGLE = (folder.PLAN, forms.UNITS, *folder.COUNTY)
_SINGLE = {squeeze(name): name for name in SINGLE}
_FOLDERS = {squeeze(name): name for name in FOLDERS}


@dataclass(slots=True)
class Upload:
    """``placed``: place in the county folder → content; ``names``: the name each file came under, with its place (empty:
    none); ``problems``: what belongs nowhere, and what could not be taken over of rosters made elsewhere; ``others``: files
    of another selection, with its id."""

    placed: dict[str, bytes] = field(default_factory=dict)
    names: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, place: str, content: bytes) -> None:
        """Give a file its place."""
        if place in self.placed:
            self.stray(name, _("与另一个文件是同一份表：{file}").format(file=place), _("只留对的一份再上传"))
            return
        self.names.append((name, place))
        self.placed[place] = content

    def stray(self, name: str, wrong: str, mend: str) -> None:
        """Say that a file has no place."""
        self.names.append((name, ""))
        self.problems.append(problem(Place(name), None, wrong, mend))


def plan(root: Path, standing_plan: Plan | None) -> Plan:
    """The plan in the folder, else the one that stands; ``Refused`` (F.1) where there is neither."""
    if (root / folder.PLAN).exists() or standing_plan is None:
        return run.adopt(root)
    return standing_plan


def lay(root: Path, file: str, content: bytes) -> None:
    """Put a paper at its place below ``root``."""
    path = files.within(root, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def named(name: str) -> str:
    """The place that a name asks for; empty where it asks for none."""
    parts = PurePosixPath(name).parts
    single = _SINGLE.get(squeeze(parts[-1]))
    if single:
        return single
    below = _FOLDERS.get(squeeze(parts[-2])) if len(parts) > 1 else None
    return f"{below}/{parts[-1]}" if below and parts[-1].lower().endswith(".xlsx") else ""


def place(
    fresh: Mapping[str, bytes],
    root: Path,
    room: Path,
    standing_plan: Plan | None,
    committee: str,
    told: Progress,
) -> Upload:
    """Give every uploaded file its place and lay it there, below ``root``; ``room`` is for files that must be looked into."""
    upload = Upload()
    unnamed: dict[str, bytes] = {}
    for name, content in fresh.items():
        where = named(name)
        if where:
            upload.put(name, where, content)
        else:
            unnamed[name] = content
    for file, content in upload.placed.items():
        lay(root, file, content)
    if unnamed:
        _look_into(upload, unnamed, root, room, standing_plan, committee, told)
    return upload


def _look_into(
    upload: Upload,
    unnamed: Mapping[str, bytes],
    root: Path,
    room: Path,
    standing_plan: Plan | None,
    committee: str,
    told: Progress,
) -> None:
    """Files whose names say nothing: they are opened, in the readers' limited process, and asked what they are."""
    in_force = plan(root, standing_plan)
    layout = forms.forms(in_force)
    paths: dict[Path, str] = {}
    for number, name in enumerate(unnamed):
        suffix = PurePosixPath(name).suffix.lower()
        path = room / "upload" / f"{number}{suffix}"
        lay(room, f"upload/{path.name}", unnamed[name])
        paths[path] = name
    elsewhere: list[tuple[str, Sheet | Unreadable]] = []
    for path, sheet in reading.read_all(list(paths), kinds=ANY, progress=told):
        name = paths[path]
        if isinstance(sheet, Unreadable):
            upload.stray(name, *explain(sheet))
            continue
        where = _stamped(sheet, in_force, name) or _placed(headed(sheet, layout), name)
        other = sheet.stamp.get(stamp.SELECTION, in_force.selection.id)
        if other != in_force.selection.id:
            upload.others.append((name, other))
            upload.stray(
                name,
                _("这份表是另一次推选“{other}”的").format(other=other),
                _("换到那一次推选的页面上传，或者用本次的表式重新填"),
            )
        elif where and sheet.kind == Kind.WORKBOOK:
            upload.put(name, where, unnamed[name])
            lay(root, where, unnamed[name])
        else:
            elsewhere.append((name, sheet))
    if elsewhere:
        _take_over(upload, elsewhere, root, in_force, committee)


def _stamped(sheet: Sheet, in_force: Plan, name: str) -> str:
    """The place that a form of ours says it belongs to."""
    form, unit = sheet.stamp.get(stamp.FORM, ""), sheet.stamp.get(stamp.UNIT, "")
    if form in SINGLE:
        return form
    if form not in FOLDERS:
        return ""
    if form == forms.STEPS and unit == in_force.selection.unit:
        return forms.COUNTY_STEPS
    return f"{form}/{unit or PurePosixPath(name).stem}.xlsx"


def headed(sheet: Sheet, layout: Mapping[str, forms.Form]) -> str:
    """The form that the headings speak for, where it alone has them all; empty where none does."""
    counts = {form: (alike(sheet, one), len(one.columns)) for form, one in layout.items()}
    whole = [form for form, (found, of) in counts.items() if found == of]
    return whole[0] if len(whole) == 1 else ""


def _placed(form: str, name: str) -> str:
    """The place of a form that came under this name."""
    return form if not form or form in SINGLE else f"{form}/{PurePosixPath(name).stem}.xlsx"


def _take_over(
    upload: Upload,
    elsewhere: list[tuple[str, Sheet | Unreadable]],
    root: Path,
    in_force: Plan,
    committee: str,
) -> None:
    """Rosters made elsewhere become their committees' 02; what is none is said to be none."""
    known = standing.of_folder(root, in_force)
    taken = taking.compare(elsewhere, Said(committee), known)
    usable = {file.file for file in taken.preview.files}
    for name, _sheet in elsewhere:
        if name in usable:
            upload.names.append((name, ""))
    upload.problems += taken.problems
    rest = [name for name, _sheet in elsewhere if name not in usable]
    upload.names += [(name, "") for name in rest]
    if not usable:
        return
    if any(not entry.committee for entry in taken.entries):
        raise Refused("F.8", "不知道这些党员属于哪个党委：请选好党委再上传")
    written = entering.enter(root, taken, known)
    for one in written:
        if one.before:
            files.within(root, one.file).with_name(PurePosixPath(one.before).name).unlink()
        upload.placed[one.file] = files.within(root, one.file).read_bytes()
        upload.names = [
            (name, one.file if name in usable and not place else place) for name, place in upload.names
        ]
