"""Documents people sign: written from a record, and checked against it (文书)."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import DONE, FAULTS, answering, says, warns
from fourgates.errors import Refused
from fourgates.i18n import _, mark


class _Papers(helping.Group):
    """`papers OUT KIND` is short for `papers write OUT KIND`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = args and (args[0] in self.commands or args[0].startswith("-"))
        return super().resolve_command(ctx, args if known else ["write", *args])


_templates = click.option(
    "--templates",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=mark("本单位模板所在的文件夹；其中没有的用自带的"),
)


@click.group(
    cls=_Papers,
    help=mark(
        "要签字盖章的文书：由纪实写出，并可与纪实核对。\npapers OUT KIND 是 papers write OUT KIND 的简写。"
    ),
)
def papers() -> None:
    """Write the documents people sign, and check whether one still says what the record says.

    `fourgates papers OUT KIND` is short for `fourgates papers write OUT KIND`.
    """


@papers.command(
    help=mark(
        "按 OUT 中现行的纪实写出一个文种 KIND 的文书，或者用 --all 写出全部。\n"
        "文种用 papers kinds 列出的代号或名称。纪实不知道的，留出空行由人填写。"
    )
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("kind", required=False)
@click.option("--all", "every", is_flag=True, help=mark("凡有内容可写的文种都写"))
@click.option("--unit", default="", help=mark("只写这个党组织、部门或者人的"))
@click.option("--into", type=click.Path(path_type=Path), help=mark("文书放在哪里（默认 OUT/文书）"))
@standing.as_of
@remote.of_site("out")
@_templates
def write(
    out: Path,
    kind: str | None,
    every: bool,
    unit: str,
    into: Path | None,
    moment: str,
    templates: Path | None,
) -> None:
    """Write documents of one KIND, or of all, from the record in OUT as it stands.

    KIND is a key or a title that `fourgates papers kinds` lists. What the record does not know is left as a line to be
    filled in by hand.
    """
    with answering():
        # Here and not above: those who only verify need no documents.
        from fourgates.papers.documents import kinds as known
        from fourgates.papers.documents import writing

        if (kind is None) == (not every):
            raise Refused("D.2", "请写明一个文种，或者用 --all 出全部文书")
        record = standing.folder(out)
        source = writing.source(record, standing.reached(record, moment))
        wanted = writing.possible(source.ground) if kind is None else [known.kind(kind)]
        if kind is None and not source.named:
            for one in wanted:
                if one.names:
                    warns.print(
                        _("{title}要写姓名，人员附件已经删除，不出").format(title=one.title), markup=False
                    )
            wanted = [one for one in wanted if not one.names]
        if kind is None and unit:
            wanted = [one for one in wanted if writing.concerns(source.ground, one, unit)]
            if not wanted:
                raise Refused("D.2", "没有可出的文书（{unit}）", unit=unit)
        folder = into or (Path() if remote.asked() else out) / writing.FOLDER
        with _shown() as progress:
            count = sum(
                1
                for _path in writing.write(
                    source, wanted, folder, writing.Templates(templates), unit, progress
                )
            )
        says.print(_("文书{count}份，在{folder}").format(count=count, folder=folder), markup=False)


@papers.command(
    help=mark(
        "按页脚写明的那一条纪实，把文书 FILE 重新算出一遍，与 OUT 中的纪实核对。\n"
        "退出码 0：与纪实一致；1：有改动，逐处列出；2：不能核对。在留空处填写的只列出，不算改动。"
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@remote.of_site("out")
@_templates
def check(file: Path, out: Path, templates: Path | None) -> None:
    """Work FILE out again from the record in OUT, as of the entry its footer names, and compare.

    Exit 0: everything the record says in it stands. Exit 1: something was altered; each place is listed. Exit 2: it cannot be
    checked. What was filled in by hand on a line left for it is listed and is no fault.
    """
    with answering():
        from fourgates.papers.documents import checking, writing

        found = checking.check(file, standing.folder(out), writing.Templates(templates))
        mark = found.fingerprint
        about = _("{title}，{subject}，纪实第{entry}条").format(
            title=mark.title, subject=mark.subject, entry=mark.entry
        )
        for one in found.differences:
            said = (
                _("{place}：手工填写“{says}”")
                if one.by_hand
                else _("{place}：文书写“{says}”，按纪实应为“{record}”")
            )
            says.print(
                said.format(place=one.place, says=one.says, record=one.record),
                style=None if one.by_hand else "red",
                markup=False,
            )
        if found.holds:
            says.print(_("与纪实一致：{about}").format(about=about), style="green", markup=False)
            sys.exit(DONE)
        if not found.recorded:
            says.print(_("页脚的核对码不是这份纪实、这一条算出来的"), style="red", markup=False)
        says.print(
            _("与纪实不一致：{about}，{count}处").format(about=about, count=len(found.altered)),
            style="red",
            markup=False,
        )
        sys.exit(FAULTS)


@papers.command(help=mark("列出全部文种：代号、名称、每份对应什么。"))
def kinds() -> None:
    """List the kinds of documents: key, title, and what one of them is for."""
    from fourgates.papers.documents.kinds import KINDS

    for one in KINDS:
        click.echo(f"{one.key:<15} {one.title}  ({one.one})")


@papers.command(help=mark("把自带的模板复制到 FOLDER，可以用 Word 修改；已经有的文件不动。"))
@click.argument("folder", type=click.Path(path_type=Path))
def templates(folder: Path) -> None:
    """Copy the templates into FOLDER to be edited in Word; a file that is there already is left alone."""
    with answering():
        from fourgates.papers.documents import writing
        from fourgates.papers.documents.kinds import KINDS
        from fourgates.papers.files import put

        folder.mkdir(parents=True, exist_ok=True)
        fresh = [one for one in KINDS if not (folder / f"{one.title}.docx").exists()]
        for one in fresh:
            put(folder / f"{one.title}.docx", writing.shipped(one.key))
        says.print(_("模板{count}份，在{folder}").format(count=len(fresh), folder=folder), markup=False)


@contextlib.contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, one line a kind."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=warns) as bars:
        tasks: dict[str, Any] = {}

        def show(title: str, done: int, of: int) -> None:
            if title not in tasks:
                tasks[title] = bars.add_task(title, total=of)
            bars.update(tasks[title], completed=done)

        yield show
