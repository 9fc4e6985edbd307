"""Take in a county folder (汇总一个县)."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import filelock
import msgspec
from rich.cells import cell_len
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fourgates import checkpoints, i18n
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import DONE, FAULTS, answering, says, warns
from fourgates.errors import Broken, Refused
from fourgates.i18n import _, mark
from fourgates.log import key, keyring
from fourgates.log.algorithms import ED25519, SM2
from fourgates.log.key import Signer
from fourgates.plan import Plan

if TYPE_CHECKING:
    from fourgates.papers.summary import Summary


@click.command(
    cls=helping.Command,
    help=mark(
        "汇总一个县的文件夹 FOLDER：记入新的内容，审核四关，成果写到 OUT。\n"
        "退出码 0：没有问题。1：已完成，问题列在 OUT/problems.xlsx。2：不能用，什么都没有记。\n"
        "有 --site 的，交到网站的推选里，记在那里，成果一样写到 OUT。"
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=mark("成果和纪实放在哪里"))
@click.option("--json", "as_json", is_flag=True, help=mark("打印 summary.json，不打印数字表"))
@remote.addressed(mark("交到这个网站，记在那里"))
@click.option("--selection", default="", metavar="NAME", help=mark("网站上的推选，写它在网址中的简称"))
@click.option("--preview", is_flag=True, help=mark("只看网站会记入什么，不记（只与 --site 同用）"))
def run(folder: Path, out: Path, as_json: bool, site: str, token: str, selection: str, preview: bool) -> None:
    """Take in a county FOLDER, record what is new, judge the four gates, write the results to OUT.

    With --site it is handed in to the selection of that name, recorded there, and the results are written to OUT all the same.

    Exit 0: nothing wrong. Exit 1: done, with problems listed in OUT/problems.xlsx. Exit 2: not usable, nothing recorded.
    """
    with answering():
        if not site:
            if preview or selection:
                raise click.UsageError(_("--preview 和 --selection 只与 --site 同用"))
            sys.exit(FAULTS if take(folder, out, as_json=as_json) else DONE)
        # Here and not above: reading papers is not needed by those who only verify.
        from fourgates.commands import handing

        if not selection:
            raise click.UsageError(_("写 --selection：推选在网址中的简称"))
        there = remote.Site(site, token, selection)
        if preview:
            sys.exit(FAULTS if handing.preview(there, folder) else DONE)
        summary, added, faulty = handing.run(there, folder, out)
        _close(summary, added, out, as_json=as_json)
        sys.exit(FAULTS if faulty else DONE)


def take(folder: Path, out: Path, *, as_json: bool) -> bool:
    """Run and deliver; gives whether problems were found."""
    # Here and not above: reading papers is not needed by those who only verify.
    from fourgates import delivery
    from fourgates import run as running

    if not folder.is_dir():
        raise Refused("F.1", "没有这个文件夹：{folder}", folder=str(folder))
    plan = running.adopt(folder)
    out.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(out / ".lock", timeout=0), _shown() as progress:
        name = f"{plan.selection.unit}/{plan.selection.id}"
        try:
            outcome = running.run(folder, out, plan, progress, lambda: _signer(out, name, plan))
        except Broken as broken:
            raise Refused(
                "F.3",
                "{out}里的纪实不成立：{why}；请换一个输出文件夹",
                out=str(out),
                why=i18n.sentence(broken),
            ) from None
        summary = delivery.deliver(outcome, out)
    _close(summary, outcome.added, out, as_json=as_json)
    return bool(outcome.problems)


def _close(summary: Summary, added: int, out: Path, *, as_json: bool) -> None:
    """Print the summary, as it was written or as its figures."""
    from fourgates import delivery

    if as_json:
        click.echo((out / delivery.SUMMARY).read_text(encoding="utf-8"), nl=False)
    else:
        _figures(msgspec.to_builtins(summary), added, out)


def _signer(out: Path, name: str, plan: Plan) -> Signer | None:
    """The key beside ``out``, new for ``name`` on the first run, of the kind the plan wants; none, with a warning, when a
    record's key is gone. ``Refused`` (R.14) when the plan wants another kind."""
    path = standing.key_file(out)
    if path.exists():
        signer = keyring.load(path)
        checkpoints.fits(signer.key, plan)
        return signer
    if (out / "record" / checkpoints.POLICY).exists():
        gone = _("签发检查点的密钥{file}不在，这次没有签发；请放回原处再运行一次").format(file=path)
        warns.print(gone, style="yellow", markup=False)
        return None
    signer = key.generate(keyring.spelt(name), SM2 if plan.seals.algorithm == SM2.name else ED25519)
    keyring.create(path, signer)
    warns.print(
        _("新造了签发检查点的密钥{file}：请妥善保管，不要随成果交出。公钥：{key}").format(
            file=path, key=signer.key
        ),
        markup=False,
    )
    return signer


@contextlib.contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, one line a stage."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=warns) as bars:
        stages = {"read": _("读表册"), "record": _("记入纪实"), "judge": _("认定")}
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stages[stage], total=of or None)
            bars.update(tasks[stage], completed=done, total=of or None)

        yield show


def _figures(summary: dict[str, Any], added: int, out: Path) -> None:
    """The seed's figures, one a line; a line is never cut or broken, because it may be read by a program or quoted."""
    units, part, quota, gates = (summary[key] for key in ("units", "participation", "quota", "gates"))
    lines: list[tuple[str, str]] = []

    def line(name: str, figure: str) -> None:
        lines.append((name[:1].upper() + name[1:], figure))

    line(
        _("党（工）委"),
        _(
            "{all}个 = 乡镇{township} + 县直{direct}；党支部{branches}个，党员{members}人，有权利{rights}人"
        ).format(
            all=units["committees"],
            township=units["township"],
            direct=units["county_direct"],
            branches=units["branches"],
            members=units["members"],
            rights=units["with_rights"],
        ),
    )
    for name, rate in ((_("党组织参与率"), part["organisations"]), (_("党员参与率"), part["members"])):
        line(name, f"{rate['rate']}  {rate['took_part']}/{rate['of']}")
    satisfied = part["satisfaction"]
    line(
        _("党员满意度"),
        f"{satisfied['rate']}  {satisfied['satisfied']}/{satisfied['of']}" if satisfied else _("没有数据"),
    )
    line(
        _("上报人选"),
        _("{up}人，分配名额{allotted}人的{times}倍（{verdict}）").format(
            up=quota["sent_up"],
            allotted=quota["allotted"],
            times=quota["times"],
            verdict=_("达到要求") if quota["more_than_times"] else _("未达到要求"),
        ),
    )
    line(_("征求意见"), _("{asked}个部门，回函{answered}个").format(**summary["departments"]))
    standard, integrity = gates["standard"], gates["integrity"]
    line(
        _("政治标准关"),
        _("通过{met}人，未通过{not_met}人").format(
            met=len(standard["met"]), not_met=len(standard["not_met"])
        ),
    )
    structure = gates["structure"]
    line(
        _("人选结构关"),
        _("建议名单{people}人，党支部{branches}、党员{members}").format(
            people=len(structure["list"]), branches=structure["branches"], members=structure["members"]
        )
        if structure["feasible"]
        else _("不存在符合要求的名单，原因见报告"),
    )
    line(
        _("推荐程序关"),
        _("通过{met}个党（工）委，未通过{not_met}个").format(
            met=len(gates["procedure"]["met"]), not_met=len(gates["procedure"]["not_met"])
        ),
    )
    line(
        _("廉洁纪律关"),
        _("通过{met}人，否决{not_met}人，待定{pending}人").format(
            met=len(integrity["met"]), not_met=len(integrity["not_met"]), pending=len(integrity["pending"])
        ),
    )
    if summary["decision"]:
        line(_("县委决定"), _("合规") if summary["decision"]["lawful"] else _("不合规"))
    line(_("问题"), _("{count}处").format(count=summary["problems"]))
    line(
        _("纪实"),
        _("{entries}条，新增{added}条，重算一致，封印 {head}").format(
            entries=summary["record"]["entries"], added=added, head=summary["record"]["head"][:16]
        ),
    )
    line(_("成果"), str(out))
    wide = max(cell_len(name) for name, _figure in lines) + 2
    for name, figure in lines:
        says.print(f"{name}{' ' * (wide - cell_len(name))}{figure}", markup=False)
