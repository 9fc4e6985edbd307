"""Ask a record: does it hold, what happened, what became of one person (查纪实)."""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from fourgates import account, bundle, chronicle, handout, i18n, judging
from fourgates import names as naming
from fourgates.commands import helping, remote, standing, witnessed
from fourgates.commands.answering import DONE, FAULTS, answering, says
from fourgates.errors import Broken, Refused
from fourgates.events import ListImpossible, ListProposed
from fourgates.i18n import _, mark
from fourgates.log import policy as policies
from fourgates.papers.people import People
from fourgates.selection import Selection


@click.command(
    cls=helping.Command,
    help=mark(
        "把纪实或者节录包 RECORD 从第一条起逐条重算，看是否成立。\n"
        "退出码 0：成立。1：不成立，说明是第几条、哪条规则、为什么。不需要姓名，也不需要求解器和表格程序库。\n"
        "检查点：封到第几条，谁联署过，够不够见证方案的要求；--policy 用读者自己的见证方案，不够的退出码也是 1。\n"
        "--against：与另一份纪实或者别人手里的检查点对照，有两本账的，说出从第几条起、谁签发了两本。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@standing.as_of
@remote.of_site("record")
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=mark("读者自己的见证方案"),
)
@click.option(
    "--against", type=click.Path(path_type=Path, exists=True), help=mark("另一份纪实，或者一个检查点文件")
)
@click.option("--json", "as_json", is_flag=True, help=mark("按 JSON 打印结论"))
def verify(record: Path, moment: str, policy_file: Path | None, against: Path | None, as_json: bool) -> None:
    """Replay a RECORD from its first entry and work everything out again.

    Exit 0: it holds. Exit 1: it does not; the entry's number, the rule and one sentence say where. Neither names nor a
    solver nor a spreadsheet library is needed. With --policy, exit 1 too when the latest checkpoint is not cosigned as it asks;
    with --against, when the two are two histories.
    """
    folder = standing.folder(record)
    if (folder / handout.MANIFEST).is_file() and not moment and against is None:
        sys.exit(_extract(folder, policy_file, as_json))
    with answering():
        policy = policies.read(policy_file.read_bytes()) if policy_file else None
        try:
            found = bundle.verify(folder, standing.reached(folder, moment), policy=policy)
            if against is not None:
                witnessed.compare(folder, against)
        except Broken as broken:
            _fails(broken, as_json)
    pinned = witnessed.pinned(found.growth)
    verdict = {
        "holds": True,
        "entries": found.head.entries,
        "head": found.head.head,
        "people": found.people,
        "unfinished": found.unfinished,
        "checkpoints": pinned,
    }
    doubted = policy is not None and not (pinned and pinned["enough"])
    if as_json:
        click.echo(json.dumps(verdict, ensure_ascii=False))
        sys.exit(FAULTS if doubted else DONE)
    says.print(
        _("成立：{entries}条，逐条重算一致，封印 {head}").format(
            entries=found.head.entries, head=found.head.head
        ),
        markup=False,
    )
    if not found.people and not moment:
        says.print(_("人员附件不在：数字都可重算，姓名已不可查"), markup=False)
    if found.unfinished:
        says.print(_("有一次没有写完的记录，不计入；下次运行会清理"), markup=False)
    for line in witnessed.sentences(found.growth):
        says.print(line, markup=False)
    if against is not None:
        says.print(_("与{other}对照：一份是另一份的继续").format(other=against.name), markup=False)
    sys.exit(FAULTS if doubted else DONE)


def _extract(folder: Path, policy_file: Path | None, as_json: bool) -> int:
    """Check what one reader was handed of a record, and say what it shows; gives the exit code."""
    with answering():
        policy = policies.read(policy_file.read_bytes()) if policy_file else None
        try:
            found = handout.verify(folder, policy)
        except Broken as broken:
            _fails(broken, as_json)
    code = DONE if policy is None or found.enough else FAULTS
    if as_json:
        verdict = {
            "holds": True,
            "reader": found.manifest.reader,
            "entries": found.manifest.entries,
            "shown": found.manifest.shown,
            "disclosed": found.disclosed,
            "given": found.given,
            "checkpoints": found.checkpoints,
            "enough": found.enough,
            "root": found.manifest.root,
        }
        click.echo(json.dumps(verdict, ensure_ascii=False))
        return code
    says.print(
        _("成立：{entries}条，其中可看{shown}条，重算一致，公开个人事项{disclosed}项，根 {root}").format(
            entries=found.manifest.entries,
            shown=found.manifest.shown,
            disclosed=found.disclosed,
            root=found.manifest.root,
        ),
        markup=False,
    )
    says.print(
        _("检查点{count}个，与叶子相符；{given}项认定依据的内容没有给这位读者，只能照录").format(
            count=found.checkpoints, given=found.given
        ),
        markup=False,
    )
    if code != DONE:
        says.print(_("最近的检查点还不够见证方案的要求"), markup=False)
    return code


def _fails(broken: Broken, as_json: bool) -> NoReturn:
    """Say where the record does not hold, and end."""
    why = i18n.sentence(broken)
    if as_json:
        verdict = {"holds": False, "entry": broken.entry, "rule": broken.rule, "why": why}
        click.echo(json.dumps(verdict, ensure_ascii=False))
    else:
        says.print(
            _("不成立：第{entry}条，规则{rule}：{why}").format(entry=broken.entry, rule=broken.rule, why=why),
            markup=False,
        )
    sys.exit(FAULTS)


@click.command(
    cls=helping.Command,
    help=mark(
        "由纪实 RECORD 重新算出全部数字，按 summary.json 的格式打印。\n"
        "姓名还在的，人用公民身份号码表示；已经删除的，用记录编号表示。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@standing.as_of
@remote.of_site("record")
def figures(record: Path, moment: str) -> None:
    """Work every figure of a RECORD out again and print it as JSON, with the keys of summary.json.

    Persons stand by citizen number where the names are still kept, by their id in the record where they were deleted.
    """
    # Here and not above: `verify` needs none of the papers.
    from fourgates.papers import summary

    with answering():
        found, people = standing.replayed(record, moment)
        selection = found.selection
        result = selection.results.get(("List", ""))
        proposed = result[1] if result and isinstance(result[1], ListProposed | ListImpossible) else None
        built = summary.build(selection.facts, people, proposed, 0, len(selection.facts.replies), found.head)
        printed = msgspec.to_builtins(built)
        del printed["problems"]  # faults lie in the forms, not in the record
        click.echo(json.dumps(printed, ensure_ascii=False, indent=1))


@click.command(cls=helping.Command, help=mark("逐条讲述 OUT 里的纪实，每次更正都写明改了什么。"))
@click.argument("out", type=click.Path(path_type=Path))
@standing.as_of
@remote.of_site("out")
@click.option("--json", "as_json", is_flag=True, help=mark("每行一个 JSON 对象"))
def log(out: Path, moment: str, as_json: bool) -> None:
    """Tell the record in OUT entry by entry, with what each correction changed."""
    with answering():
        folder = standing.folder(out)
        until = standing.reached(folder, moment)
        entries = (entry for entry, _line in islice(bundle.entries(folder), until))
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


@click.command(
    cls=helping.Command,
    help=mark("一个人逐级的全过程，以及为什么没有上报。\nWHO 是公民身份号码、姓名或者记录编号。"),
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("who")
@standing.as_of
@remote.of_site("out")
@click.option("--json", "as_json", is_flag=True, help=mark("按 JSON 打印全过程"))
def why(out: Path, who: str, moment: str, as_json: bool) -> None:
    """Tell one person's whole path up the levels. WHO is a citizen number, a name, or an id of the record."""
    with answering():
        replayed, people = standing.replayed(out, moment)
        selection = replayed.selection
        id_ = _whom(selection, people, who)
        found = selection.results.get(("List", ""))
        proposed = found[1] if found and isinstance(found[1], ListProposed) else None
        steps = account.path(selection, id_, proposed)
        loss = _loss(selection, id_, proposed)
        if as_json:
            click.echo(msgspec.json.encode({"id": id_, "path": steps, "loses": loss}))
            return
        says.print(f"{people.name(id_)}  {id_}", style="bold", markup=False)
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
