"""The terminal (命令行): works on county folders and records, needs neither site nor network."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import filelock
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fourgates import account, bundle, chronicle, i18n, judging
from fourgates import names as naming
from fourgates.errors import Broken, Refused
from fourgates.events import ListProposed
from fourgates.i18n import _
from fourgates.papers import people as kept
from fourgates.papers.people import People
from fourgates.selection import Selection

DONE, FAULTS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help="语言 / language (default: FOURGATES_LANG, then the locale).",
)
@click.version_option(package_name="fourgates")
def main(lang: str | None) -> None:
    """四关 Fourgates: run a selection of delegates from the plan to the certified list, on a record anyone can check."""
    i18n.use(
        i18n.choose(lang, os.environ.get("FOURGATES_LANG"), os.environ.get("LC_ALL"), os.environ.get("LANG"))
    )


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Turn a rule's no, a broken record, a full disk and Ctrl-C into one sentence and an exit code."""
    try:
        yield
    except (Refused, Broken) as no:
        _err.print(i18n.sentence(no), style="red", markup=False)
        sys.exit(FAULTS if isinstance(no, Broken) else UNUSABLE)
    except filelock.Timeout:
        _err.print(_("另一个程序正在使用这个输出文件夹"), style="red", markup=False)
        sys.exit(UNUSABLE)
    except OSError as error:
        _err.print(
            _("写不下去：{what}。已经记录的都在，处理后再运行一次即可继续").format(
                what=error.strerror or error
            ),
            style="red",
            markup=False,
        )
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        _err.print(_("已中断。已经记录的都在，再运行一次即可继续"), style="yellow", markup=False)
        sys.exit(INTERRUPTED)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where results and record go.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of the figures.")
def run(folder: Path, out: Path, as_json: bool) -> None:
    """Take in a county FOLDER, record what is new, judge the four gates, write the results to OUT.

    Exit 0: nothing wrong. Exit 1: done, with problems listed in OUT/problems.xlsx. Exit 2: not usable, nothing recorded.
    """
    with _answering():
        sys.exit(FAULTS if _run(folder, out, as_json) else DONE)


def _run(folder: Path, out: Path, as_json: bool) -> bool:
    """Run and deliver; gives whether problems were found."""
    # Here and not above: reading papers is not needed by those who only verify.
    from fourgates import delivery
    from fourgates import run as running

    if not folder.is_dir():
        raise Refused("F.1", "没有这个文件夹：{folder}", folder=str(folder))
    plan = running.adopt(folder)
    out.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(out / ".lock", timeout=0), _shown() as progress:
        try:
            outcome = running.run(folder, out, plan, progress)
        except Broken as broken:
            raise Refused(
                "F.3",
                "{out}里的纪实不成立：{why}；请换一个输出文件夹",
                out=str(out),
                why=i18n.sentence(broken),
            ) from None
        summary = delivery.deliver(outcome, out)
    if as_json:
        click.echo((out / delivery.SUMMARY).read_text(encoding="utf-8"), nl=False)
    else:
        _figures(msgspec.to_builtins(summary), outcome.added, out)
    return bool(outcome.problems)


@contextlib.contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, one line a stage."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_err) as bars:
        stages = {"read": _("读表册"), "record": _("记入纪实"), "judge": _("认定")}
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stages[stage], total=of or None)
            bars.update(tasks[stage], completed=done, total=of or None)

        yield show


def _figures(summary: dict[str, Any], added: int, out: Path) -> None:
    """The seed's figures, as a table a person reads."""
    units, part, quota, gates = (summary[key] for key in ("units", "participation", "quota", "gates"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))

    def line(name: str, figure: str) -> None:
        table.add_row(name, figure)

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
    _out.print(table)


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(record: Path, as_json: bool) -> None:
    """Replay a RECORD from its first entry and work everything out again.

    Exit 0: it holds. Exit 1: it does not; the entry's number, the rule and one sentence say where. Neither names nor a
    solver nor a spreadsheet library is needed.
    """
    try:
        found = bundle.verify(_record(record))
    except Broken as broken:
        if as_json:
            click.echo(
                json.dumps(
                    {
                        "holds": False,
                        "entry": broken.entry,
                        "rule": broken.rule,
                        "why": i18n.sentence(broken),
                    },
                    ensure_ascii=False,
                )
            )
        else:
            _out.print(
                _("不成立：第{entry}条，规则{rule}：{why}").format(
                    entry=broken.entry, rule=broken.rule, why=i18n.sentence(broken)
                ),
                markup=False,
            )
        sys.exit(FAULTS)
    verdict = {
        "holds": True,
        "entries": found.head.entries,
        "head": found.head.head,
        "people": found.people,
        "unfinished": found.unfinished,
    }
    if as_json:
        click.echo(json.dumps(verdict, ensure_ascii=False))
        return
    _out.print(
        _("成立：{entries}条，逐条重算一致，封印 {head}").format(
            entries=found.head.entries, head=found.head.head
        ),
        markup=False,
    )
    if not found.people:
        _out.print(_("人员附件不在：数字都可重算，姓名已不可查"), markup=False)
    if found.unfinished:
        _out.print(_("有一次没有写完的记录，不计入；下次运行会清理"), markup=False)


def _record(path: Path) -> Path:
    """The record itself, whether it or the folder of results that holds it was named."""
    inside = path / "record"
    return inside if (inside / bundle.HEAD).exists() and not (path / bundle.HEAD).exists() else path


def _standing(out: Path) -> tuple[Selection, People]:
    """Where a record stands, with the names where they are still there."""
    folder = _record(out)
    found = bundle.verify(folder)
    if found.people and found.selection.people is not None:
        content = (folder / bundle.PEOPLE / f"{found.selection.people.document}.json").read_bytes()
        return found.selection, kept.read(content)
    return found.selection, People("")


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def log(out: Path, as_json: bool) -> None:
    """Tell the record in OUT entry by entry, with what each correction changed."""
    with _answering():
        folder = _record(out)
        entries = (entry for entry, _line in bundle.entries(folder))
        for told in chronicle.tell(entries, bundle.Documents(folder / bundle.DOCUMENTS)):
            if as_json:
                click.echo(msgspec.json.encode(told))
                continue
            line = f"{told.n:>6}  {told.at}  {told.sentence}"
            if told.corrects:
                line += _("（更正第{number}条：{changed}）").format(
                    number=told.corrects, changed=told.changed
                )
            click.echo(line)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("who")
@click.option("--json", "as_json", is_flag=True, help="Print the path as JSON.")
def why(out: Path, who: str, as_json: bool) -> None:
    """Tell one person's whole path up the levels. WHO is a citizen number, a name, or an id of the record."""
    with _answering():
        selection, people = _standing(out)
        id_ = _whom(selection, people, who)
        found = selection.results.get(("List", ""))
        proposed = found[1] if found and isinstance(found[1], ListProposed) else None
        steps = account.path(selection, id_, proposed)
        loss = _loss(selection, id_, proposed)
        if as_json:
            click.echo(msgspec.json.encode({"id": id_, "path": steps, "loses": loss}))
            return
        _out.print(f"{people.name(id_)}  {id_}", style="bold", markup=False)
        marks = {"met": "✓", "not_met": "✗", "not_applicable": "–", "no_answer": "?", "pending": "…"}
        for step in steps:
            at = _("第{number}条").format(number=step.entry) if step.entry else ""
            click.echo(
                f"  {marks[step.outcome]} {step.station}  {step.sentence}  "
                f"[{chronicle.outcome(step.outcome)} · {step.rule}{' · ' + at if at else ''}]"
            )
        if loss is not None:
            click.echo("  " + loss)


def _whom(selection: Selection, people: People, who: str) -> str:
    """The id of whoever is meant; ``Refused`` (F.4) when it is nobody, or several."""
    if who in selection.facts.roster().members:
        return who
    wanted = naming.key(who)
    number = who.strip().upper()
    found = [
        id_ for id_, one in people.people.items() if one.number == number or naming.key(one.name) == wanted
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused("F.4", "名册中没有“{who}”", who=who)
    members = selection.facts.roster().members
    namesakes = "；".join(f"{id_} {members[id_].branch}" for id_ in found if id_ in members)
    raise Refused("F.4", "叫“{who}”的不止一人，请用记录编号：{namesakes}", who=who, namesakes=namesakes)


def _loss(selection: Selection, id_: str, proposed: ListProposed | None) -> str | None:
    """What the best list with this person would lose, where the person could stand on a list but does not."""
    if proposed is None or id_ in proposed.slate.chosen or id_ not in judging.eligible(selection.facts):
        return None
    from fourgates.slate.answer import Slate
    from fourgates.slate.solve import solve

    best = solve(msgspec.structs.replace(judging.problem(selection.facts), fixed=(id_,)))
    if not isinstance(best, Slate):
        return _("任何符合要求的名单都不能有这个人")
    branches, members = (a - b for a, b in zip(proposed.slate.support, best.support, strict=True))
    if not branches and not members:
        return _("有一份同样好的名单有这个人：由抽签决定，种子是{seed}").format(
            seed=selection.facts.rulebook().seed
        )
    return _("有这个人的最好名单，支持比建议名单少党支部{branches}个、党员{members}人次").format(
        branches=branches, members=members
    )


@main.group()
def names() -> None:
    """Names as official lists order them."""


@names.command()
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of characters and their strokes that overrides the table, one a line: 㛃 4131…",
)
def sort(corrections: Path | None) -> None:
    """Read names from standard input, one a line, and write them in surname-stroke order."""
    with _answering():
        corrected = naming.corrections(corrections.read_text(encoding="utf-8")) if corrections else None
        try:
            lines = sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise Refused("N.3", "读到的不是 UTF-8 文本") from None
        for line in naming.sort_lines(lines, corrected):
            click.echo(line)


@main.group()
def simulate() -> None:
    """Make invented material to try things on."""


@simulate.command("county")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default="青梧", show_default=True, help="The same seed makes the same county.")
@click.option("--small", is_flag=True, help="Three committees instead of twenty-nine.")
@click.option("--decision", is_flag=True, help="With the county's decision (13).")
def simulate_county(folder: Path, seed: str, small: bool, decision: bool) -> None:
    """Write an invented county's FOLDER, ready for `run`: invented people, citizen numbers that nobody can have."""
    with _answering():
        _simulate(folder, seed, small=small, decision=decision)
        _out.print(_("已生成：{folder}").format(folder=folder), markup=False)


def _simulate(folder: Path, seed: str, *, small: bool = False, decision: bool = False) -> None:
    from fourgates.simulate import county

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=_err) as bars:
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


@main.command()
@click.option("--into", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
def demo(into: Path) -> None:
    """Make an invented county and run its whole selection; a second time, run it again and add nothing."""
    with _answering():
        county, out = into / "county", into / "out"
        if not (county / "plan.toml").exists():
            _simulate(county, "青梧")
        faults = _run(county, out, as_json=False)
        _out.print(
            _("逐条重算：{command}").format(command=f"fourgates verify {out / 'record'}"), markup=False
        )
        _out.print(_("报告：{report}").format(report=out / "report.html"), markup=False)
        sys.exit(FAULTS if faults else DONE)
