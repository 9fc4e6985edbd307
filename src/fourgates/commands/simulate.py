"""Make invented material, and show the whole job on it (模拟、演示)."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from fourgates.commands import helping
from fourgates.commands.answering import DONE, FAULTS, UNUSABLE, answering, says, warns
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
    help=mark(
        "生成一个虚构县，完成一次汇总，再打开网站：县在推荐提名的中途，点一下就能以任何岗位进入。\n"
        "再运行一次，什么都不会增加。不在终端里运行时，只看网站能不能打开。"
    ),
)
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help=mark("放在哪里")
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=mark("端口"))
@click.option("--no-site", is_flag=True, help=mark("只汇总，不打开网站"))
@click.option("--once", is_flag=True, envvar="FOURGATES_DEMO_ONCE", help=mark("网站打开一次就停止"))
def demo(into: Path, port: int, no_site: bool, once: bool) -> None:
    """Make an invented county, run its whole selection, and open the site on it, halfway through its nominations."""
    with answering():
        county, out = into / "county", into / "out"
        if not (county / "plan.toml").exists():
            _simulate(county, "青梧")
        faults = take(county, out, as_json=False)
        says.print(
            _("逐条重算：{command}").format(command=f"fourgates verify {out / 'record'}"), markup=False
        )
        says.print(_("报告：{report}").format(report=out / "report.html"), markup=False)
        if not no_site and not _site(
            into / "site", out / "record", port, once=once or not sys.stdin.isatty()
        ):
            warns.print(_("网站没有打开"), style="red")
            sys.exit(UNUSABLE)
        sys.exit(FAULTS if faults else DONE)


def _site(home: Path, record: Path, port: int, *, once: bool) -> bool:
    """Open the site on the county halfway through its nominations; whether it could be opened."""
    # Here and not above: who works on folders and records needs no site.
    from fourgates.web import serving

    serving.demonstrate(home, record)
    port = serving.free("127.0.0.1", port)
    says.print(
        _("网站（虚构的县，推荐提名进行到一半）：{where}").format(where=f"http://127.0.0.1:{port}/"),
        markup=False,
    )
    if not once:
        says.print(_("按 Ctrl-C 停止"), markup=False)
    return serving.serve(home, "127.0.0.1", port, once=once)
