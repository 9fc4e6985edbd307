"""Take over rosters made elsewhere (导入名册): a preview first, and nothing written until told where."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import filelock
import msgspec
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from fourgates.commands import helping, remote
from fourgates.commands.answering import DONE, FAULTS, answering, says, warns
from fourgates.commands.remote import Site
from fourgates.errors import Refused
from fourgates.i18n import _, mark

if TYPE_CHECKING:
    from fourgates.papers.importing.entering import Entered
    from fourgates.papers.importing.preview import File, Line, Preview, Taken, Totals
    from fourgates.plan import Plan

SHOWN = 30
"""Rows of each kind that the terminal shows unless it is asked for all."""
MOST_FILES = 5_000


@click.command(
    "import",
    cls=helping.Command,
    help=mark(
        "导入别处做的党员名册和干部任免审批表：.xlsx、.xls、.csv、.txt、.lrmx、.lrm，或者放着它们的文件夹。\n"
        "先预览：哪个表头当作哪一栏，哪些行新增、更新、有错，会带来什么变化；没有 --into 什么也不写。\n"
        "有 --into 的，按我们的表式写入各党委的02，原来的留作备份，下一次汇总记入纪实。\n"
        "有 --site 的，--against 和 --into 写推选在网址中的简称：与网站上的县级文件夹比较，写入的随即记在那里。\n"
        "退出码：0 没有问题，1 有问题已列出，2 不能用、什么也没有写。"
    ),
)
@click.argument(
    "rosters", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="ROSTER…"
)
@click.option("--committee", default="", help=mark("是哪个党委的名册，照01写"))
@click.option("--branch", default="", help=mark("没有写党支部的行，都算这个党支部"))
@click.option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="HEADING=VALUE",
    help=mark("文件里没有写的，按这个值算，例如 年老体弱=否；可以写多次"),
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, file_okay=False),
    help=mark("与哪个县级文件夹或者哪次汇总的成果比较；不写的，与 --into 的文件夹比较"),
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help=mark("写入哪个县级文件夹"),
)
@click.option(
    "--problems",
    type=click.Path(path_type=Path, dir_okay=False),
    help=mark("问题清单写到哪里；不写的，放在 --into 的文件夹旁边"),
)
@click.option("--all", "everything", is_flag=True, help=mark("列出每一行，不只是每一种的前几行"))
@click.option("--json", "as_json", is_flag=True, help=mark("以 JSON 输出整个预览"))
@remote.addressed(mark("对这个网站的县级文件夹办"))
def imports(
    rosters: tuple[Path, ...],
    committee: str,
    branch: str,
    assumed: tuple[str, ...],
    against: Path | None,
    into: Path | None,
    problems: Path | None,
    *,
    everything: bool,
    as_json: bool,
    site: str,
    token: str,
) -> None:
    """Take over member rosters and cadre forms made elsewhere: .xlsx, .xls, .csv, .txt, .lrmx, .lrm, or folders of them.

    Shows which heading was taken for which column, every row that is new, changed or faulty, and what would follow. With
    --into, each committee's 02 is written in our own form, the one before kept beside it; the next run records it.

    Exit 0: nothing wrong. Exit 1: done, with faults listed. Exit 2: not usable, nothing written.
    """
    place = problems or (into.resolve().parent / f"{into.resolve().name} 导入问题.xlsx" if into else None)
    with answering(), _county(site, token, against, into) as (base, target, there):
        found = _take(rosters, committee, branch, assumed, base, target)
        if as_json:
            told = msgspec.to_builtins(found.preview)
        else:
            _show(found, everything=everything)
        entered = _enter(found, target) if target is not None else []
        listed = _list(found, place) if place is not None else None
        if as_json:
            told["entered"] = [msgspec.to_builtins(one) for one in entered]
            click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        else:
            _close(found, entered, target, listed, kept=there is None)
        if there is not None and target is not None and entered:
            recorded = _record(there, target, entered)
            (warns if as_json else says).print(_("网站记入了{count}条").format(count=recorded), markup=False)
        sys.exit(FAULTS if found.problems else DONE)


@contextmanager
def _county(
    site: str, token: str, against: Path | None, into: Path | None
) -> Iterator[tuple[Path | None, Path | None, Site | None]]:
    """The folders to compare with and to write into, and the site that they are of: then they are gone afterwards."""
    if not site:
        yield against, into, None
        return
    if (against is None) == (into is None):
        raise click.UsageError(_("与 --site 同用时，--against 和 --into 写一个：推选在网址中的简称"))
    there = Site(site, token, str(into or against))
    with tempfile.TemporaryDirectory() as place:
        if not there.told("GET", "papers")["folder"]:
            raise Refused("F.8", "网站还没有收到“{slug}”的县级文件夹，请先用 run 交去", slug=there.slug)
        county = Path(place) / "county"
        remote.unpacked(there.taken("papers/folder.zip", Path(place) / "folder.zip"), county)
        yield (None, county, there) if into is not None else (county, None, there)


def _record(there: Site, county: Path, entered: Sequence[Entered]) -> int:
    """Hand the rosters that were written in, and record them; gives how many entries that made."""
    # Here and not above: only who hands something in needs it.
    from fourgates.commands import handing

    files = {one.file: (county / one.file).read_bytes() for one in entered}
    recorded: int = handing.record(there, handing.look(there, files))["entered"]
    return recorded


def _take(
    rosters: Sequence[Path],
    committee: str,
    branch: str,
    assumed: Sequence[str],
    against: Path | None,
    into: Path | None,
) -> Taken:
    # Here and not above: reading papers is not needed by those who only verify.
    from fourgates.papers.importing import standing, taking
    from fourgates.papers.importing.preview import Said

    if against is not None and not against.is_dir():
        raise Refused("F.1", "没有这个文件夹：{folder}", folder=str(against))
    base = against or (into if into is not None and into.is_dir() else None)
    known = standing.of(base, _plan(base)) if base is not None else standing.Standing()
    said = Said(committee, branch, _told(assumed))
    if (
        known.tree is not None
        and committee
        and committee not in {one.name for one in known.tree.committees()}
    ):
        raise Refused("F.7", "01 党组织名册里没有“{committee}”这个党委", committee=committee)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=warns, transient=True) as bars:
        task = bars.add_task(_("读名册"), total=None)
        found = taking.take(
            _files(rosters), said, known, lambda done, of: bars.update(task, completed=done, total=of)
        )
    if not found.preview.files:
        first = found.problems[0]
        raise Refused(
            "F.7",
            "没有一份名册能用。{file}：{wrong}。{mend}",
            file=first.place.file,
            wrong=first.wrong,
            mend=first.mend,
        )
    return found


def _plan(root: Path | None) -> Plan | None:
    from fourgates import run as running
    from fourgates.papers.folder import PLAN

    return running.adopt(root) if root is not None and (root / PLAN).exists() else None


def _told(assumed: Sequence[str]) -> dict[str, str]:
    """Our headings → the value to assume; ``Refused`` (F.7) when a heading or a value is none."""
    from fourgates.papers import forms
    from fourgates.papers.cells import Bad
    from fourgates.papers.desk import NUMBER

    readers = {
        one.heading: one.read for one in forms.roster().columns if one.heading not in {"序号", "姓名", NUMBER}
    }
    told: dict[str, str] = {}
    for one in assumed:
        heading, equals, value = one.partition("=")
        try:
            if not equals or heading.strip() not in readers:
                known = "、".join(readers)
                raise Refused(
                    "F.7",
                    "--assume 写作 栏目=值，栏目是下列之一：{known}；读到“{read}”",
                    known=known,
                    read=one,
                )
            readers[heading.strip()](value)
        except Bad as bad:
            raise Refused(
                "F.7", "--assume {read}：{wrong}。{mend}", read=one, wrong=bad.wrong, mend=bad.mend
            ) from None
        told[heading.strip()] = value.strip()
    return told


def _files(rosters: Sequence[Path]) -> list[Path]:
    """The files named, and those of the folders named that an import can read."""
    from fourgates.papers.workbook import SUFFIXES

    found: list[Path] = []
    for path in rosters:
        if path.is_dir():
            inside = (one for one in sorted(path.iterdir()) if not one.name.startswith((".", "~$")))
            found += [one for one in inside if one.suffix.lower() in SUFFIXES]
        else:
            found.append(path)
    if not found or len(found) > MOST_FILES:
        raise Refused("F.7", "要导入的文件有{count}个，应为1至{most}个", count=len(found), most=MOST_FILES)
    return found


def _enter(found: Taken, into: Path) -> list[Entered]:
    from fourgates.papers.importing import entering, standing

    into.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(into / ".导入.lock", timeout=0):
        return entering.enter(into, found, standing.of_folder(into, _plan(into)))


def _list(found: Taken, place: Path) -> Path | None:
    """Write the list of faults; with nothing to list, only over the list of an earlier import."""
    from fourgates.papers import problem_sheet

    if not found.problems and not found.oddities and not place.exists():
        return None
    problem_sheet.write(place, found.problems, found.oddities)
    return place


# --- on the screen ------------------------------------------------------------------------------------------------


def _show(found: Taken, *, everything: bool) -> None:
    preview = found.preview
    for file in preview.files:
        _headings(file)
    states = {"new": _("新增"), "changed": _("更新"), "faulty": _("有错")}
    for state, word in states.items():
        lines = [line for line in preview.lines if line.state == state]
        for line in lines if everything else lines[:SHOWN]:
            says.print(f"{word}  {_line(line)}", markup=False)
        if not everything and len(lines) > SHOWN:
            says.print(
                _("……{word}的还有{count}行，加 --all 全部列出").format(word=word, count=len(lines) - SHOWN),
                markup=False,
            )
    _totals(preview)


def _line(line: Line) -> str:
    said = [f"{line.file}:{line.row}", line.name, line.number, line.branch]
    said += [f"{one.heading} {one.old or _('（空）')} → {one.new}" for one in line.changes]
    sources = {"number": _("由号码得出"), "assumed": _("按 --assume"), "given": _("按 --branch"), "kept": ""}
    for source, word in sources.items():
        headings = [heading for heading, whence in line.filled.items() if whence == source and word]
        if headings:
            said.append(f"{word}：{'、'.join(headings)}")
    return "  ".join(part for part in (*said, *line.wrong) if part)


def _headings(file: File) -> None:
    table = Table(
        box=None, padding=(0, 2, 0, 0), title=escape(f"{file.file}（{file.kind}）"), title_justify="left"
    )
    for heading in (_("列"), _("表头"), _("当作")):
        table.add_column(heading)
    for one in file.headings:
        taken = one.taken or (
            _("（没有用：已用“{other}”）").format(other=one.beside) if one.beside else _("（不认识，没有用）")
        )
        table.add_row(one.column, escape(one.read), escape(taken))
    says.print(table)
    if file.absent:
        says.print(_("没有的栏目：{headings}").format(headings="、".join(file.absent)), markup=False)


def _totals(preview: Preview) -> None:
    counts = _table(_("党委"), _("行数"), _("新增"), _("更新"), _("不变"), _("有错"), _("现有而未列"))
    rows: Mapping[str, Totals] = {**preview.committees, "": preview.totals}
    for name, one in rows.items():
        states = (one.rows, one.new, one.changed, one.unchanged, one.faulty, one.absent)
        counts.add_row(escape(name) or _("合计"), *map(str, states))
    says.print(counts)
    figures = _table(_("党委"), _("党员"), _("有权利"), _("参与率分母：党组织"), _("参与率分母：党员"))
    for name in (*preview.committees, ""):
        if follows := preview.follows.get(name):
            before, after = follows.before, follows.after
            pairs = (
                (before.members, after.members),
                (before.with_rights, after.with_rights),
                (before.organisations, after.organisations),
                (before.due, after.due),
            )
            figures.add_row(escape(name) or _("合计"), *(f"{old} → {new}" for old, new in pairs))
    says.print(figures)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _close(
    found: Taken, entered: Sequence[Entered], into: Path | None, listed: Path | None, *, kept: bool
) -> None:
    from fourgates.papers.importing import entering

    for one in entered:
        says.print(entering.told(one), markup=False)
        if one.before and kept:
            says.print(_("原来的名册留作 {copy}").format(copy=one.before), markup=False)
    if found.problems:
        warns.print(_("{count}处问题").format(count=len(found.problems)), style="yellow", markup=False)
    if listed is not None:
        says.print(_("问题清单：{file}").format(file=listed), markup=False)
    if into is None:
        says.print(_("以上只是预览，什么也没有写。加 --into 县级文件夹 写入"), markup=False)
    elif not entered:
        says.print(_("没有要写的"), markup=False)
