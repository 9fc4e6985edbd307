"""``fourgates slate`` (名单): solve, check, explain, swap, draw and elect, without a record or a county."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from fourgates.errors import Broken, Refused
from fourgates.i18n import _, sentence
from fourgates.slate import explain as explaining
from fourgates.slate import lottery as lotteries
from fourgates.slate import sheets, words
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.ballots import read_abc, read_preflib
from fourgates.slate.certificate import verify
from fourgates.slate.check import check as judge
from fourgates.slate.even import lottery
from fourgates.slate.lottery import Lottery
from fourgates.slate.model import Person, Problem
from fourgates.slate.picture import picture
from fourgates.slate.proportional import RULES, candidates_of, elect
from fourgates.slate.represented import ejr_plus, jr
from fourgates.slate.solve import solve as find

MET, NOT_MET, UNUSABLE = 0, 1, 2
F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def slate() -> None:
    """Choose a list that meets overlapping shares with the greatest support."""


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
            below: tuple[Person, ...] = ()
            if reserve is not None:
                with _located(reserve):
                    below = sheets.read_people(_rows(reserve), id_heading=question["id_column"])
            found = explaining.wanted(problem, below) if below else None
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


@slate.command("draw")
@_asks
@click.option(
    "--kind",
    type=click.Choice(["leximin", "maximin", "nash"]),
    default="leximin",
    show_default=True,
    help="How the chances are made even.",
)
@click.option("--chances", "show_chances", is_flag=True, help="Print everybody's chance as well.")
@click.option(
    "--lottery", "kept", type=click.Path(path_type=Path), help="Keep the lottery, to draw from it later."
)
def draw_command(as_json: bool, kind: str, show_chances: bool, kept: Path | None, **question: Any) -> None:
    """Draw a whole list by lot, everybody's chance as even as can be; the published --seed decides."""
    with _answering():
        problem = asked(**question)
        if not problem.seed:
            raise Refused("S.10", "抽签需要公布的种子（--seed）")
        if kept is not None and kept.exists():
            with _located(kept):
                made = _kept(kept)
        else:
            made = lottery(problem, kind)
        lotteries.verify(problem, made)
        if kept is not None:
            kept.write_bytes(msgspec.json.encode(made) + b"\n")
        drawn, able = lotteries.draw(problem, made, problem.seed), lotteries.chances(problem, made)
        if as_json:
            chances = {each: [chance.numerator, chance.denominator] for each, chance in sorted(able.items())}
            click.echo(msgspec.json.encode({"drawn": drawn, "chances": chances, "lottery": made}).decode())
            return
        for each in drawn:
            click.echo(each)
        least = min((chance for each, chance in able.items() if each not in made.never), default=0)
        click.echo(_("最小的机会{least:.4%}").format(least=float(least)), err=True)
        if made.never:
            click.echo(_("符合要求的名单都不含：{persons}").format(persons="、".join(made.never)), err=True)
        if show_chances:
            for each, chance in sorted(able.items(), key=lambda pair: (pair[1], pair[0])):
                click.echo(f"{each}\t{float(chance):.6f}", err=True)


@slate.command("elect")
@click.argument("ballots", type=click.Path(path_type=Path))
@click.option("--rule", type=click.Choice(RULES), default="shares", show_default=True)
@click.option("--size", type=int, help="How many are elected (an .abc.yaml file may say it).")
@click.option("--people", type=click.Path(path_type=Path), help="A table of the candidates, for quotas.")
@click.option("--requirements", type=click.Path(path_type=Path), help="The quotas.")
@click.option("--per-unit", type=int, help="At most so many from one unit.")
@click.option("--seed", default="", help="The published seed for the lots.")
def elect_command(
    ballots: Path,
    rule: str,
    size: int | None,
    people: Path | None,
    requirements: Path | None,
    per_unit: int | None,
    seed: str,
) -> None:
    """Elect a committee from approval ballots (.abc.yaml or PrefLib .cat), and say what it keeps of its promises."""
    with _answering():
        with _located(ballots):
            text = ballots.read_text(encoding="utf-8-sig")
            cast, named = read_abc(text) if ".yaml" in ballots.name else (read_preflib(text), 0)
        if size is None and not named:
            raise Refused("S.10", "没有说明选出几人（--size）")
        problem = candidates_of(cast, size or named, seed)
        if people is not None:
            with _located(people):
                persons = sheets.read_people(_rows(people))
            problem = msgspec.structs.replace(problem, people=persons, per_unit_at_most=per_unit)
        if requirements is not None:
            with _located(requirements):
                rules, ratios = sheets.read_requirements(_rows(requirements), problem.size)
            problem = msgspec.structs.replace(problem, requirements=rules, ratios=ratios)
        chosen = elect(cast, problem, rule)
        for each in chosen:
            click.echo(each)
        for name, judge_it in (("JR", jr), ("EJR+", ejr_plus)):
            broken = judge_it(cast, chosen)
            if broken is None:
                click.echo(_("✓ {promise}").format(promise=name), err=True)
            else:
                click.echo(
                    _("✗ {promise}：{voters}张票都认可{persons}，在名单中不足{level}人").format(
                        promise=name,
                        voters=broken.voters,
                        persons="、".join(broken.agree_on),
                        level=broken.level,
                    ),
                    err=True,
                )


def _kept(path: Path) -> Lottery:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Lottery)
    except msgspec.DecodeError as error:
        raise Refused("S.10", "不是保存下来的抽签方案：{error}", error=str(error)) from error


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
        from fourgates.papers import reading, workbook

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
    for line in words.judgement_words(problem, judge(problem, chosen)):
        click.echo(line, err=err)


def _write(problem: Problem, chosen: Sequence[str], answer: Slate, out: Path) -> None:
    kind = out.suffix.lower()
    if kind == ".json":
        out.write_bytes(msgspec.json.encode(answer) + b"\n")
    elif kind == ".svg":
        out.write_text(picture(problem, chosen), encoding="utf-8")
    elif kind == ".xlsx":
        from fourgates.papers.writing import Column, Table, write

        write(
            out,
            [
                Table(name, name, [Column(str(heading)) for heading in rows[0]], rows[1:])
                for name, rows in (
                    (_("名单"), sheets.list_rows(problem, chosen)),
                    (_("结构"), sheets.finding_rows(judge(problem, chosen))),
                )
            ],
        )
    else:
        raise Refused("S.10", "不知道怎样写成{kind}，可用 .xlsx、.json、.svg", kind=kind or out.name)
