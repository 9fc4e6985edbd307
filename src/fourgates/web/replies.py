"""What a department answers (部门答复): one person by one, or a returned workbook looked through before anything is recorded.

A workbook is read in a process of its own with little memory and little time (``papers.reading``); what it would change is
shown row by row, carried in a signed field of the page, and recorded when somebody confirms it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from fourgates import consultation, judging
from fourgates.consultation import Asked
from fourgates.errors import Broken, Refused
from fourgates.events import RepliesReceived, ReplyEnclosed
from fourgates.gates.integrity import Opinion
from fourgates.i18n import _, mark
from fourgates.papers import forms, reading, returned, stamp, vetting
from fourgates.papers.desk import NUMBER, Desk, Known
from fourgates.papers.intake import Grid
from fourgates.papers.problems import Problem
from fourgates.papers.table import Row, Table, read
from fourgates.papers.workbook import Limits, Unreadable, explain
from fourgates.web.access import Room
from fourgates.web.leading import Lead, lead
from fourgates.web.placing import headed
from fourgates.web.roles import COUNTY, DEPARTMENT

LIMITS = Limits(
    file_size=4 << 20, unpacked=32 << 20, parts=200, rows=5_000, columns=60, cells=200_000, seconds=10
)
"""How much of a returned workbook is opened: a form of a few hundred rows, and no more."""
WAITS = 24 * 60 * 60
"""Seconds for which a preview may still be confirmed."""
WHY = mark("不是“没有问题”的答复，要写明事实或者理由；更正以前的答复，也要写明理由")
STATES: Mapping[str, str] = {
    "new": mark("新答复"),
    "changed": mark("有改动"),
    "same": mark("没有变化"),
    "faulty": mark("有错"),
    "empty": mark("没有填"),
}


class Said(msgspec.Struct, frozen=True, array_like=True):
    """An answer before it is recorded: whom, the word, the day, the explanation and who handled it, as typed."""

    person: str
    word: str
    day: date | None
    note: str
    handler: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a preview: its number, the name on it, its state, what stands now, what would stand, what is wrong."""

    number: int
    name: str
    state: str
    old: str
    new: str
    note: str
    wrong: tuple[str, ...] = ()

    @property
    def state_word(self) -> str:
        """The state in words."""
        return _(STATES[self.state])


@dataclass(frozen=True, slots=True)
class Preview:
    """What a workbook would change: its rows, faults of the whole file, where it belongs instead, and what may be confirmed."""

    lines: tuple[Line, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    lead: Lead | None = None
    ready: tuple[Said, ...] = ()


def listed(room: Room, department: str) -> list[str]:
    """Whom a department is asked about: those in its letter and those it has answered on; while it has no letter, the county
    sees everybody sent up."""
    letter = room.facts.asked.get(department)
    people = list(letter.people) if letter else []
    people += [opinion.person for opinion in room.facts.replies.get(department, ())]
    if room.whole and letter is None and room.facts.reviews:
        people += judging.sent_up(room.facts)
    return list(dict.fromkeys(people))


def answers(room: Room, department: str) -> dict[str, Opinion]:
    """The answers that stand: id → answer."""
    return {opinion.person: opinion for opinion in room.facts.replies.get(department, ())}


def silent(room: Room, department: str) -> tuple[str, ...]:
    """Whom a department was asked about and has not answered on."""
    letter: Asked | None = room.facts.asked.get(department)
    return consultation.unanswered(department, letter, room.facts.replies) if letter else ()


def reminded(room: Room, department: str) -> list[tuple[date, str]]:
    """When a department was reminded, and by whom; earliest first."""
    found = [one for one in room.facts.reminders.values() if one.department == department]
    said = room.written(*(one.by for one in found))
    return sorted((one.day, said.get(one.by, "")) for one in found)


def event(room: Room, department: str, said: Sequence[Said]) -> RepliesReceived:
    """The department's answers with these among them, as the entry that would replace the one that stands."""
    opinions = answers(room, department)
    for one in said:
        opinions[one.person] = Opinion(
            one.person,
            one.word,
            one.day,
            room.put_away(f"note:{department}:{one.person}", one.note),
            room.put_away(f"handler:{department}:{one.person}", one.handler),
        )
    every = tuple(opinions[id_] for id_ in sorted(opinions))
    return room.anew(RepliesReceived(department, every))


def unexplained(room: Room, word: str, note: str, before: str) -> bool:
    """Whether an answer says no reason though it is not plainly clear, or corrects the one ``before`` (rule 8.15)."""
    clear = room.facts.rulebook().integrity.opinions.clear
    return bool(word) and not note.strip() and (word not in clear or before not in ("", word))


def enclosed(room: Room, department: str, person: str, content: bytes) -> ReplyEnclosed | None:
    """The file with an answer as the entry that would be recorded; ``None`` where the same stands already."""
    file = room.enclose(f"file:{department}:{person}", content)
    if room.facts.enclosed.get(f"{department} {person}") == file:
        return None
    return room.anew(ReplyEnclosed(department, person, file))


def refusal(room: Room, department: str, *people: str) -> Refused | Broken | None:
    """What would be said now to an answer on the first of ``people``; to nobody's where the department was not asked."""
    if not room.has(COUNTY, DEPARTMENT):
        return None  # who has nothing to answer is asked nothing
    if not people:
        return Refused("8.9", "还没有向{department}发函，不用答复", department=department)
    word = room.facts.rulebook().integrity.opinions.clear[0]
    try:
        return room.may(event(room, department, [Said(people[0], word, room.today, "—", "—")]))
    except Refused as no:
        return no


# --- a returned workbook ----------------------------------------------------------------------------------------


def opened(room: Room, department: str, upload: UploadedFile[Any]) -> tuple[Preview, bytes]:
    """What an uploaded workbook would change, and the same workbook with its faults marked (empty where it has none or
    cannot be read)."""
    if upload.size is None or upload.size > LIMITS.file_size:
        most = LIMITS.file_size >> 20
        return Preview(wrong=((_("文件太大"), _("回函表不超过{most}兆").format(most=most)),)), b""
    name = Path(upload.name or "").name[:80] or "?"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"returned{Path(name).suffix.lower()[:8]}"
        path.write_bytes(upload.read())
        sheet = reading.read(path, limits=LIMITS)
        if isinstance(sheet, Unreadable):
            return Preview(wrong=(explain(sheet),)), b""
        stray = _stray(room, sheet.stamp, department)
        if stray:
            return Preview(wrong=((stray, _("换成给本部门的回函表")),), lead=lead(room, sheet.stamp)), b""
        layout = forms.forms(room.facts.rulebook())
        table = read(name, sheet, layout[forms.REPLIES])
        if not table.usable:
            seems = lead(room, {stamp.FORM: headed(sheet, layout)})
            return Preview(wrong=tuple((one.wrong, one.mend) for one in table.problems), lead=seems), b""
        preview, problems, oddities = _compared(room, department, table)
        marked = b""
        if problems:
            grid = Grid(path, table.header, table.headings)
            marked = returned.workbook(path.read_bytes(), grid, problems, oddities)
    return preview, marked


def _stray(room: Room, said: Mapping[str, str], department: str) -> str:
    """What a workbook says it is, where that is not this department's reply; it may say nothing."""
    form, unit = said.get(stamp.FORM, ""), said.get(stamp.UNIT, "")
    own = room.facts.rulebook().selection.id
    if (other := said.get(stamp.SELECTION, own)) != own:
        return _("这份表是另一次推选“{other}”的").format(other=other)
    if form and form != forms.REPLIES:
        return _("这是“{form}”，不是部门回函").format(form=form)
    if form and unit and unit != department:
        return _("这是{unit}的回函，不是{department}的").format(unit=unit, department=department)
    return ""


def _compared(room: Room, department: str, table: Table) -> tuple[Preview, list[Problem], list[Problem]]:
    desk = Desk(room.facts.rulebook(), bytes.fromhex(room.names.key), room.names.ids())
    # Only its own list: whoever tries numbers learns nothing of anybody else.
    desk.known = {one.number: one for one in (_known(room, id_) for id_ in listed(room, department))}

    def inside(row: Row) -> bool:
        if row.values[NUMBER] in desk.known:
            return True
        table.reject(
            row, NUMBER, _("这个号码不在给本部门的名单里"), _("核对公民身份号码，名单以外的人不用答复")
        )
        return False

    now = answers(room, department)

    def explained(row: Row) -> bool:
        old = now.get(desk.known[row.values[NUMBER]].id)
        if not unexplained(room, row.values["意见"], row.values["说明"], old.word if old else ""):
            return True
        table.reject(row, "说明", _(WHY), _("在说明栏写明事实或者理由"))
        return False

    table.keep(inside)
    table.keep(explained)
    opinions = {opinion.person: opinion for opinion in vetting.opinions(desk, department, table)}
    ready: list[Said] = []
    lines: list[Line] = []
    faulty = {row.number for row in table.faulty}
    for row in table.every():
        number = str(row.cell(NUMBER) or "").strip()
        if row.number in faulty:
            wrong = tuple(
                f"{one.place.column}：{one.wrong}" for one in table.problems if one.place.row == row.number
            )
            lines.append(Line(row.number, str(row.cell("姓名") or ""), "faulty", "", "", "", wrong))
            continue
        person = desk.known[number if number in desk.known else row.values[NUMBER]]
        fresh, old = opinions[person.id], now.get(person.id)
        note = desk.texts.get(fresh.note, "")
        state = _state(fresh, old)
        lines.append(Line(row.number, person.name, state, old.word if old else "", fresh.word, note))
        if state in ("new", "changed"):
            handler = desk.texts.get(fresh.handler, "")
            ready.append(Said(person.id, fresh.word, fresh.day, note, handler))
    problems = [*table.problems, *desk.problems]
    return Preview(tuple(lines), ready=tuple(ready)), problems, desk.oddities


def _state(fresh: Opinion, old: Opinion | None) -> str:
    if not fresh.word:
        return "empty"
    if old is None or not old.word:
        return "new"
    return "same" if fresh == old else "changed"


def _known(room: Room, id_: str) -> Known:
    member = room.facts.roster().members[id_]
    committee = room.tree.committee_of(member.branch)
    name, number = room.names.name(id_), room.names.number(id_)
    return Known(id_, name, number, member.branch, committee, "", member.female, "", "", "")


def carried(room: Room, department: str, said: Sequence[Said]) -> str:
    """Answers as a signed field: good for this visitor, this department and a day."""
    content: Any = [msgspec.to_builtins(one) for one in said]
    return signing.dumps([room.row.slug, room.user.pk, department, content], salt="replies", compress=True)


def confirmed(room: Room, department: str, field: str) -> tuple[Said, ...] | None:
    """The answers that a signed field carries; ``None`` where it is not ours, another's, or too old."""
    try:
        slug, user, whose, content = signing.loads(field, salt="replies", max_age=WAITS)
    except (signing.BadSignature, ValueError):
        return None
    if (slug, user, whose) != (room.row.slug, room.user.pk, department):
        return None
    return tuple(msgspec.convert(one, Said) for one in content)
