"""Hand out the forms of the county folder (表册)."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from fourgates import adopting
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import answering, says, warns
from fourgates.errors import Refused
from fourgates.i18n import _, mark

PLAN_MOST = 1 << 20


@click.group(cls=helping.Group, help=mark("县级文件夹的表册，可以直接填写。"))
def forms() -> None:
    """The forms of the county folder, ready to fill in."""


@forms.command(
    help=mark(
        "把全套表册写到文件夹 FOLDER；已经有的文件不动。\n"
        "没有 --units 和 --from 的，按 FOLDER 里已有的 01 确定有哪些党委：先填01，再运行一次，各党委的表册就会补上。"
    )
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--plan",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help=mark("本次工作的 plan.toml"),
)
@click.option(
    "--units",
    type=click.Path(path_type=Path, exists=True),
    help=mark("填好的01，或者有01和02的文件夹：从中取党组织和党员"),
)
@click.option(
    "--from",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    help=mark("以前一次汇总的成果：从其纪实中取党组织、党员和上报人选"),
)
@standing.as_of
@remote.of_site("out")
def new(folder: Path, plan: Path, units: Path | None, out: Path | None, moment: str) -> None:
    """Write every form of the county FOLDER; files that are there already stay as they are.

    Without --units and --from, a 01 that already lies in FOLDER says which committees there are: fill in 01 first, then
    ask again, and each committee's workbooks are added.
    """
    with answering():
        _new(folder, plan, units, out, moment)


def _new(folder: Path, path: Path, units: Path | None, out: Path | None, moment: str) -> None:
    # Here and not above: reading papers is not needed by those who only verify.
    from fourgates.papers import blank, prefill
    from fourgates.papers.forms import UNITS

    if units is not None and out is not None:
        raise Refused("F.6", "--units 和 --from 只能用一个")
    text = _text(path)
    plan = adopting.adopt(text)
    known = prefill.nothing(plan)
    if out is not None:
        record = standing.folder(out)
        until = standing.reached(record, moment)
        known = prefill.of_record(plan, record, standing.names(record), until)
    elif units is not None and units.is_dir():
        known = prefill.of_folder(plan, units)
    elif units is not None or (folder / UNITS).exists():
        known = prefill.of_register(plan, units or folder / UNITS)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=warns) as bars:
        task = bars.add_task(_("写表册"), total=None)
        written, kept = blank.write(
            folder, plan, text, known, lambda done, of: bars.update(task, completed=done, total=of)
        )
    says.print(_("已写{count}份表册：{folder}").format(count=len(written), folder=folder), markup=False)
    says.print(prefill.told(known), markup=False)
    if kept:
        says.print(_("{count}个文件已经有了，没有动").format(count=len(kept)), markup=False)
    if known.faults:
        warns.print(
            _("用来预填的材料有{count}处问题，先用 fourgates run 查明再发表册").format(count=known.faults),
            style="yellow",
            markup=False,
        )


def _text(path: Path) -> str:
    if path.stat().st_size > PLAN_MOST:
        raise Refused("F.1", "没有找到 plan.toml，或者它不是一个普通文件")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("F.1", "plan.toml 不是 UTF-8 文本") from None
