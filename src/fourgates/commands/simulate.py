"""Make invented material, and show the whole job on it (模拟、演示)."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from fourgates.commands import helping
from fourgates.commands.answering import DONE, FAULTS, answering, says, warns
from fourgates.commands.run import take
from fourgates.errors import Refused
from fourgates.i18n import _, mark


@click.group(cls=helping.Group, help=mark("生成虚构的材料，供试用。"))
def simulate() -> None:
    """Make invented material to try things on."""


@simulate.command(
    "county",
    help=mark(
        "写出一个虚构县的文件夹 FOLDER，可以直接交给 run。\n人都是虚构的，公民身份号码不可能是任何人的。"
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default="青梧", show_default=True, help=mark("种子相同，县就相同"))
@click.option("--small", is_flag=True, help=mark("三个党（工）委，而不是二十九个"))
@click.option("--decision", is_flag=True, help=mark("带有县委研究的决定（13）"))
def simulate_county(folder: Path, seed: str, small: bool, decision: bool) -> None:
    """Write an invented county's FOLDER, ready for `run`: invented people, citizen numbers that nobody can have."""
    with answering():
        _simulate(folder, seed, small=small, decision=decision)
        says.print(_("已生成：{folder}").format(folder=folder), markup=False)


def _simulate(folder: Path, seed: str, *, small: bool = False, decision: bool = False) -> None:
    from fourgates.simulate import county

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=warns) as bars:
        task = bars.add_task(_("生成表册"), total=None)
        try:
            county.make(
                folder,
                seed=seed,
                size=county.SMALL if small else county.Size(),
                with_decision=decision,
                progress=lambda done, of: bars.update(task, completed=done, total=of),
            )
        except FileExistsError:
            raise Refused("F.5", "{folder}里已有内容，请换一个空文件夹", folder=str(folder)) from None


@click.command(
    cls=helping.Command,
    help=mark("生成一个虚构县并完成一次汇总；再运行一次，什么都不会增加。"),
)
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help=mark("放在哪里")
)
def demo(into: Path) -> None:
    """Make an invented county and run its whole selection; a second time, run it again and add nothing."""
    with answering():
        county, out = into / "county", into / "out"
        if not (county / "plan.toml").exists():
            _simulate(county, "青梧")
        faults = take(county, out, as_json=False)
        says.print(
            _("逐条重算：{command}").format(command=f"fourgates verify {out / 'record'}"), markup=False
        )
        says.print(_("报告：{report}").format(report=out / "report.html"), markup=False)
        sys.exit(FAULTS if faults else DONE)
