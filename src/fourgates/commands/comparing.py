"""What happened between two points (比对): two points of one record, or two records of which one continues the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from fourgates import bundle, difference
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import answering
from fourgates.difference import Difference, Row
from fourgates.errors import Refused
from fourgates.i18n import _, mark
from fourgates.papers.people import People

MOST = 20  # rows of one correction that are printed; all of them are in the JSON
FIELDS = {
    "abstained": mark("弃权"),
    "against": mark("不同意"),
    "allotted": mark("推荐名额"),
    "answers": mark("答卷"),
    "assessment": mark("考察"),
    "at_least": mark("至少"),
    "at_most": mark("至多"),
    "branch": mark("党支部"),
    "channel": mark("参与方式"),
    "conditions": mark("条件"),
    "day": mark("日期"),
    "due": mark("应到"),
    "evidence": mark("事实依据"),
    "female": mark("女"),
    "full": mark("正式党员"),
    "handler": mark("经办人"),
    "has_file": mark("有干部档案"),
    "issued": mark("发出"),
    "kind": mark("类别"),
    "members": mark("提名党员数"),
    "merit": mark("主要事迹"),
    "minority": mark("少数民族"),
    "normal": mark("党籍正常"),
    "note": mark("说明"),
    "parent": mark("上级"),
    "part": mark("人选类别"),
    "present": mark("实到"),
    "quota": mark("名额"),
    "ratings": mark("评价"),
    "reason": mark("理由"),
    "reports": mark("个人事项报告对象"),
    "results": mark("核查结果"),
    "returned": mark("收回"),
    "sector": mark("隶属"),
    "tags": mark("类别标签"),
    "up": mark("是否上报"),
    "votes_for": mark("同意"),
    "word": mark("意见"),
}
"""Fields of the record as the forms call them; a field that is not here is printed by its own name."""


@click.command(
    cls=helping.Command,
    help=mark(
        "用句子说明两个时点之间发生了什么：记了哪些条，把什么更正成什么，哪些数字变了，谁进了名单、谁出了名单。\n"
        "diff RECORD FROM [TO]：同一份纪实的两个时点，条号或者时间，TO 默认是末尾；FROM 写 0 就是从头。\n"
        "diff RECORD RECORD：两份纪实，其中一份是另一份的继续。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("first", metavar="FROM|RECORD")
@click.argument("last", metavar="[TO]", default="")
@remote.of_site("record")
@click.option("--json", "as_json", is_flag=True, help=mark("按 JSON 打印"))
def diff(record: Path, first: str, last: str, as_json: bool) -> None:
    """Say in sentences what happened between two points of a RECORD, or between two records of which one continues the other.

    FROM and TO are numbers of entries or times; FROM may be 0, the beginning; TO is the end unless given.
    """
    with answering():
        folder = standing.folder(record)
        if (standing.folder(Path(first)) / bundle.HEAD).exists():
            folder, one, other = _continued(folder, standing.folder(Path(first)))
        else:
            one, other = (_at(folder, moment) for moment in (first, last))
        one, end = sorted((one, other))
        entries = [entry for entry, _line in bundle.entries(folder)]
        found = difference.between(entries, bundle.Documents(folder / bundle.DOCUMENTS), one, end)
        if as_json:
            click.echo(msgspec.json.encode(found))
            return
        for line in sentences(found, standing.names(folder)):
            click.echo(line)


def _at(folder: Path, moment: str) -> int:
    """The entry at ``moment``: the end unless given, 0 for the beginning."""
    if moment.strip() == "0":
        return 0
    reached = standing.reached(folder, moment)
    return bundle.head(folder).entries if reached is None else reached


def _continued(first: Path, second: Path) -> tuple[Path, int, int]:
    """The longer of two records, and how far each reaches; ``Refused`` (X.2) when neither continues the other."""
    lines = [(line for _entry, line in bundle.entries(folder)) for folder in (first, second)]
    forked = difference.fork(*lines)
    if forked:
        raise Refused("X.2", "两份纪实从第{n}条起不同：哪一份都不是另一份的继续", n=forked)
    one, other = (bundle.head(folder).entries for folder in (first, second))
    return (second, one, other) if one <= other else (first, other, one)


def sentences(found: Difference, people: People) -> Iterator[str]:
    """The difference as lines to read; persons by name where the names are kept."""
    if found.first.n == found.last.n:
        yield _("第{n}条：没有先后，没有变化").format(n=found.last.n)
        return
    yield _("第{first}条之后，到第{last}条（{at}）：{count}条").format(
        first=found.first.n, last=found.last.n, at=found.last.at, count=found.last.n - found.first.n
    )
    for told in found.told:
        line = f"  {told.n:>6}  {told.at}  {told.sentence}"
        if told.corrects:
            line += _("（更正第{number}条：{changed}）").format(number=told.corrects, changed=told.changed)
        yield line
    if found.corrected:
        yield _("更正：")
    for one in found.corrected:
        if one.after:
            yield _("  第{before}条改为第{after}条：{was} → {now}").format(
                before=one.before, after=one.after, was=one.was, now=one.is_
            )
        else:
            yield _("  第{before}条撤回：{was}").format(before=one.before, was=one.was)
        for row in one.rows[:MOST]:
            yield "    " + _row(row, lambda text: people.texts.get(text, people.name(text)))
        if len(one.rows) > MOST:
            yield _("    另有{count}行，见 --json").format(count=len(one.rows) - MOST)
    if found.results:
        yield _("认定改变：")
    for result in found.results:
        yield _("  第{what}条：{before} → {after}").format(
            what=result.what, before=result.before, after=result.after
        )
    if found.figures:
        yield _("数字改变：")
    for figure in found.figures:
        yield _("  {what}：{before} → {after}").format(
            what=figure.what, before=figure.before, after=figure.after
        )
    if found.moved:
        yield _("名单改变：")
    for moved in found.moved:
        names = [_("、").join(map(people.name, some)) for some in (moved.came, moved.left)]
        if moved.came:
            yield _("  {list}：进入{people}").format(list=moved.list, people=names[0])
        if moved.left:
            yield _("  {list}：移出{people}").format(list=moved.list, people=names[1])


def _row(row: Row, called: Callable[[str], str]) -> str:
    about = " ".join(map(called, row.about))
    if row.state != "changed":
        said = _("{about}：增加") if row.state == "added" else _("{about}：减少")
        return said.format(about=about)
    fields = (
        _("{field} {before} → {after}").format(
            field=" ".join(_(FIELDS.get(part, part)) for part in field.place),
            before=called(field.before),
            after=called(field.after),
        )
        for field in row.fields
    )
    return _("{about}：{fields}").format(about=about, fields=_("，").join(fields))
