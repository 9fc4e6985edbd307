"""``fourgates slate`` (名单): solve, check, explain, swap, from two tables, without a record or a county."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from fourgates.errors import Broken, Refused
from fourgates.i18n import _, sentence
from fourgates.papers import reading, workbook, writing
from fourgates.slate import explain as explaining
from fourgates.slate import sheets, words
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.certificate import verify
from fourgates.slate.check import check as judge
from fourgates.slate.model import Problem
from fourgates.slate.picture import picture
from fourgates.slate.solve import solve as find

MET, NOT_MET, UNUSABLE = 0, 1, 2
F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def slate() -> None:
    """Choose a list that meets overlapping shares with the greatest support; prove it, explain it."""


def _asks(command: F) -> F:
    """The arguments every command has."""
    for add in reversed(
        (
            click.argument("people", type=click.Path(path_type=Path)),
            click.argument("requirements", type=click.Path(path_type=Path)),
            click.option("--size", type=int, required=True, help="How many stand on the list."),
            click.option("--per-unit", type=int, help="At most so many from one unit."),
            click.option("--id-column", default="", help="Heading of the column with the ids."),
            click.option("--unit-column", default="", help="Heading of the column with the units."),
            click.option("--fix", multiple=True, help="This person must be on the list."),
            click.option("--bar", multiple=True, help="This person may not be on the list."),
            click.option("--seed", default="", help="The published seed for the lots."),
            click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON."),
        )
    ):
        command = add(command)
    return command


def asked(
    people: Path,
    requirements: Path,
    size: int,
    per_unit: int | None,
    id_column: str,
    unit_column: str,
    fix: Sequence[str],
    bar: Sequence[str],
    seed: str,
) -> Problem:
    """The question in two tables, .csv or .xlsx."""
    with _located(people):
        persons = sheets.read_people(_rows(people), id_heading=id_column, unit_heading=unit_column)
    with _located(requirements):
        rules, ratios = sheets.read_requirements(_rows(requirements), size)
    problem = Problem(persons, size, rules, per_unit, tuple(fix), tuple(bar), seed, ratios)
    for tag in sheets.tags_nobody_bears(problem):
        click.echo(_("提示：没有人带有“{tag}”这个标签").format(tag=tag), err=True)
    return problem


@slate.command("solve")
@_asks
@click.option("--seconds", type=float, help="Stop the solver after so long with the best list so far.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the list: .xlsx, .json or .svg by its ending."
)
def solve_command(as_json: bool, seconds: float | None, out: Path | None, **question: Any) -> None:
    """Find the best lawful list, with its proof; or say which rules exclude each other (exit 1)."""
    with _answering():
        problem = asked(**question)
        answer = find(problem, _progress, seconds)
        if as_json:
            click.echo(msgspec.json.encode(answer).decode())
        elif isinstance(answer, Conflict):
            click.echo("\n".join(words.conflict_words(problem, answer)))
        else:
            verify(problem, answer)
            _show(problem, answer)
        if isinstance(answer, Conflict):
            sys.exit(NOT_MET)
        if out is not None:
            _write(problem, answer.chosen, answer, out)


@slate.command("check")
@_asks
@click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path),
    required=True,
    help="One id a line, or a saved answer.",
)
def check_command(as_json: bool, listed: Path, **question: Any) -> None:
    """Judge a list in whole numbers, without the solver; a saved answer (.json) has its proof verified too."""
    with _answering():
        problem = asked(**question)
        with _located(listed):
            chosen, answer = _chosen(listed)
        judged = judge(problem, chosen)
        if as_json:
            click.echo(msgspec.json.encode(judged).decode())
        else:
            _show_judgement(problem, chosen)
        if answer is not None:
            verify(problem, answer)
            click.echo(
                _("证明成立：没有更好的名单") if answer.complete else _("证明成立：界限如所述"), err=True
            )
        sys.exit(MET if judged.lawful else NOT_MET)


@slate.command("explain")
@_asks
@click.option("--why-not", "persons", multiple=True, help="Why is this person not on the list?")
@click.option(
    "--reserve", type=click.Path(path_type=Path), help="A table of persons below the line, who would do?"
)
def explain_command(as_json: bool, persons: Sequence[str], reserve: Path | None, **question: Any) -> None:
    """What each rule costs the list, and why a person is not on it; or the conflict, and who would help."""
    with _answering():
        problem = asked(**question)
        answer = find(problem)
        if isinstance(answer, Conflict):
            more: list[explaining.Wanted] = []
            if reserve is not None:
                with _located(reserve):
                    below = sheets.read_people(_rows(reserve), id_heading=question["id_column"])
                found = explaining.wanted(problem, below)
                more = [] if found is None else [found]
            if as_json:
                click.echo(msgspec.json.encode({"conflict": answer, "wanted": more}).decode())
            else:
                lines = words.conflict_words(problem, answer)
                for each in more:
                    lines += words.wanted_words(each)
                click.echo("\n".join(lines))
            sys.exit(NOT_MET)
        costs = explaining.costs(problem, answer)
        absences = [explaining.why_not(problem, answer, person) for person in persons]
        if as_json:
            click.echo(msgspec.json.encode({"costs": costs, "absences": absences}).decode())
            return
        for cost in costs:
            rule = words.rule_words(problem, cost.rule)
            if cost.spare:
                click.echo(_("{rule}：余{spare}").format(rule=rule, spare=cost.spare))
            elif any(cost.cost):
                lost = "、".join(f"{n:+d}" for n in cost.cost)
                click.echo(_("{rule}：正好；没有这项要求，支持数可变化{lost}").format(rule=rule, lost=lost))
            else:
                click.echo(_("{rule}：正好；不影响支持数").format(rule=rule))
        for absence in absences:
            click.echo("\n".join(words.absence_words(problem, absence)))


@slate.command("swap")
@_asks
@click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path),
    required=True,
    help="The present list, one id a line.",
)
def swap_command(as_json: bool, listed: Path, **question: Any) -> None:
    """The fewest persons to change so that the present list becomes lawful."""
    with _answering():
        problem = asked(**question)
        with _located(listed):
            present, _answer = _chosen(listed)
        found = explaining.swap(problem, present)
        if as_json:
            click.echo(msgspec.json.encode(found).decode())
        elif isinstance(found, Conflict):
            click.echo("\n".join(words.conflict_words(problem, found)))
        else:
            click.echo(words.swap_words(found))
        if isinstance(found, Conflict):
            sys.exit(NOT_MET)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (Refused, Broken) as no:
        click.echo(sentence(no), err=True)
        sys.exit(UNUSABLE if isinstance(no, Refused) else NOT_MET)


@contextmanager
def _located(path: Path) -> Iterator[None]:
    """Say in which file something is wrong."""
    try:
        yield
    except Refused as no:
        click.echo(f"{path.name}: {sentence(no)}", err=True)
        sys.exit(UNUSABLE)
    except OSError as error:
        click.echo(f"{path}: {error.strerror or error}", err=True)
        sys.exit(UNUSABLE)
    except (UnicodeDecodeError, csv.Error) as error:
        click.echo(
            _("{file}：不是 UTF-8 的 CSV 文件（{error}）").format(file=path.name, error=error), err=True
        )
        sys.exit(UNUSABLE)


def _rows(path: Path) -> list[list[str]]:
    if path.suffix.lower() == ".xlsx":
        sheet = reading.read(path)
        if isinstance(sheet, workbook.Unreadable):
            wrong, mend = workbook.explain(sheet)
            raise Refused("S.10", "{wrong}；{mend}", wrong=wrong, mend=mend)
        return [[workbook.written(cell) for cell in row] for row in sheet.rows]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _chosen(path: Path) -> tuple[list[str], Slate | None]:
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".json":
        try:
            answer = msgspec.json.decode(text, type=Slate)
        except msgspec.DecodeError as error:
            raise Refused("S.10", "不是保存下来的名单：{error}", error=str(error)) from error
        return list(answer.chosen), answer
    return [line.strip() for line in text.splitlines() if line.strip()], None


def _progress(stage: str, value: int, bound: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"{stage}: {value} ≤ {bound}", err=True)


def _show(problem: Problem, answer: Slate) -> None:
    for each in answer.chosen:
        click.echo(each)
    _show_judgement(problem, answer.chosen, err=True)
    if answer.complete:
        click.echo(_("已证明：没有更好的名单"), err=True)
    else:
        gap = "、".join(str(b - s) for b, s in zip(answer.bound, answer.support, strict=False))
        click.echo(_("时间已到：这是目前最好的名单，与上界相差{gap}").format(gap=gap), err=True)


def _show_judgement(problem: Problem, chosen: Sequence[str], *, err: bool = False) -> None:
    judged = judge(problem, chosen)
    support = "、".join(map(str, judged.support))
    click.echo(
        _("名单{size}人，支持数 {support}").format(size=judged.size, support=support or _("无")), err=err
    )
    if not judged.size_met:
        click.echo(_("应为{size}人").format(size=problem.size), err=err)
    for finding in judged.findings:
        bounds = " ".join(
            f"{sign}{bound}"
            for sign, bound in (("≥", finding.at_least), ("≤", finding.at_most))
            if bound is not None
        )
        click.echo(f"{'✓' if finding.met else '✗'} {finding.name} {finding.count} ({bounds})", err=err)
    for what, whom in (
        (_("重复"), judged.doubled),
        (_("没有这个人选"), judged.unknown),
        (_("不得列入"), judged.barred),
        (_("必须列入而没有列入"), judged.missing),
        (_("人数超过上限的单位"), tuple(unit for unit, _count in judged.over)),
    ):
        if whom:
            click.echo(f"✗ {what}: {'、'.join(whom)}", err=err)


def _write(problem: Problem, chosen: Sequence[str], answer: Slate, out: Path) -> None:
    kind = out.suffix.lower()
    if kind == ".json":
        out.write_text(json.dumps(msgspec.to_builtins(answer), ensure_ascii=False) + "\n", encoding="utf-8")
    elif kind == ".svg":
        out.write_text(picture(problem, chosen), encoding="utf-8")
    elif kind == ".xlsx":
        writing.write(out, _tables(problem, chosen))
    else:
        raise Refused("S.10", "不知道怎样写成{kind}，可用 .xlsx、.json、.svg", kind=kind or out.name)


def _tables(problem: Problem, chosen: Sequence[str]) -> list[writing.Table]:
    persons = {person.id: person for person in problem.people}
    asked_tags = {rule.tag for rule in problem.requirements}
    depth = len(problem.people[0].support) if problem.people else 0
    headings = [_("序号"), _("编号"), _("单位"), _("标签"), *(f"{_('支持')}{n + 1}" for n in range(depth))]
    people: list[list[writing.Value]] = [
        [
            place,
            each,
            persons[each].unit,
            "；".join(tag for tag in persons[each].tags if tag in asked_tags),
            *persons[each].support,
        ]
        for place, each in enumerate(chosen, 1)
    ]
    findings: list[list[writing.Value]] = [
        [f.name, f.tag, f.count, f.at_least, f.at_most, _("是") if f.met else _("否")]
        for f in judge(problem, chosen).findings
    ]
    columns = [_("要求"), _("标签"), _("名单人数"), _("不少于"), _("不超过"), _("符合")]
    return [
        writing.Table(_("名单"), _("名单"), [writing.Column(h) for h in headings], people),
        writing.Table(_("结构"), _("结构"), [writing.Column(h) for h in columns], findings),
    ]
