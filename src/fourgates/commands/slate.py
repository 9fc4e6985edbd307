"""A list out of two tables (名单): solve, check, explain, swap, draw and elect, without a record or a county."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from fourgates.commands import helping
from fourgates.commands.answering import DONE, FAULTS, INTERRUPTED
from fourgates.commands.questions import (
    LIST,
    OUT,
    PER_UNIT,
    SEED,
    TABLE,
    answering,
    asked,
    asks,
    chosen_of,
    located,
    rows_of,
    write,
)
from fourgates.errors import Refused
from fourgates.i18n import _, mark
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
from fourgates.slate.proportional import RULES, candidates_of, elect
from fourgates.slate.represented import ejr_plus, jr
from fourgates.slate.solve import solve as find
from fourgates.slate.watch import Watch

HUGE = 10**15


@click.group(
    cls=helping.Group,
    help=mark("拟订名单：符合各项结构要求，支持最多，并且证明没有更好的；不需要县级文件夹。"),
)
def slate() -> None:
    """Choose a list that meets overlapping shares with the greatest support."""


@slate.command(
    "solve", help=mark("求出最好的名单和它的证明；没有时说明哪些要求互相冲突、最少怎样调整（退出码 1）。")
)
@asks
@click.option("--seconds", type=float, help=mark("求解最多用几秒，到时给出目前最好的名单"))
@OUT
def solve_command(as_json: bool, seconds: float | None, out: Path | None, **question: Any) -> None:
    """Find the best lawful list, with its proof; or say which rules exclude each other (exit 1)."""
    with answering():
        problem = asked(**question)
        with interruptible(Watch(seconds)) as watch:
            answer = find(problem, _progress, watch=watch)
        if as_json:
            click.echo(msgspec.json.encode(answer).decode())
        elif isinstance(answer, Conflict):
            click.echo("\n".join(words.conflict_words(problem, answer)))
        else:
            verify(problem, answer)
            _show(problem, answer)
        if isinstance(answer, Conflict):
            sys.exit(FAULTS)
        if out is not None:
            write(problem, answer.chosen, answer, out)
        if watch.stopped:
            sys.exit(INTERRUPTED)


@slate.command(
    "check", help=mark("审核一份名单，只用整数，不用求解器；保存下来的结果（.json）连同证明一起验证。")
)
@asks
@LIST
def check_command(as_json: bool, listed: Path, **question: Any) -> None:
    """Judge a list in whole numbers, without the solver; a saved answer (.json) has its proof verified too."""
    with answering():
        problem = asked(**question)
        with located(listed):
            chosen, answer = chosen_of(listed)
        judged = judge(problem, chosen)
        if as_json:
            click.echo(msgspec.json.encode(judged).decode())
        else:
            _say_judgement(problem, chosen)
        if answer is not None:
            verify(problem, answer)
            click.echo(
                _("证明成立：没有更好的名单") if answer.complete else _("证明成立：界限如所述"), err=True
            )
        sys.exit(DONE if judged.lawful else FAULTS)


@slate.command(
    "explain", help=mark("说明每项要求的代价、某人为什么没有列入；没有名单时说明冲突，以及还缺什么人。")
)
@asks
@click.option("--why-not", "persons", multiple=True, help=mark("这个人为什么没有列入，可以多次使用"))
@click.option("--reserve", type=TABLE, help=mark("线下人选的表：其中哪些人可以补上"))
def explain_command(as_json: bool, persons: Sequence[str], reserve: Path | None, **question: Any) -> None:
    """What each rule costs the list, and why a person is not on it; or the conflict, and who would help."""
    with answering():
        problem = asked(**question)
        answer = find(problem)
        if isinstance(answer, Conflict):
            below: tuple[Person, ...] = ()
            if reserve is not None:
                with located(reserve):
                    below = sheets.read_people(rows_of(reserve), id_heading=question["id_column"])
            found = explaining.wanted(problem, below) if below else None
            kinds = explaining.missing(problem, answer)
            if as_json:
                told = {
                    "conflict": answer,
                    "wanted": [found] if found else [],
                    "missing": [kinds] if kinds else [],
                }
                click.echo(msgspec.json.encode(told).decode())
            else:
                lines = words.conflict_words(problem, answer)
                lines += [] if kinds is None else words.missing_words(kinds, below)
                if found is not None:
                    lines += words.wanted_words(found)
                elif below:
                    lines.append(_("线下人选都列为可选，也拟不出名单。"))
                click.echo("\n".join(lines))
            sys.exit(FAULTS)
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


@slate.command("swap", help=mark("最少调换哪几个人，现有名单就符合要求。"))
@asks
@LIST
def swap_command(as_json: bool, listed: Path, **question: Any) -> None:
    """The fewest persons to change so that the present list becomes lawful."""
    with answering():
        problem = asked(**question)
        with located(listed):
            present, _answer = chosen_of(listed)
        found = explaining.swap(problem, present)
        if as_json:
            click.echo(msgspec.json.encode(found).decode())
        elif isinstance(found, Conflict):
            click.echo("\n".join(words.conflict_words(problem, found)))
        else:
            click.echo(words.swap_words(found))
        if isinstance(found, Conflict):
            sys.exit(FAULTS)


@slate.command("draw", help=mark("整个名单由抽签产生，各人的机会尽可能均等，由公布的种子（--seed）决定。"))
@asks
@click.option(
    "--kind",
    type=click.Choice(["leximin", "maximin", "nash"]),
    help=mark("机会怎样才算均等，不写明就是 leximin"),
)
@click.option("--chances", "show_chances", is_flag=True, help=mark("也写出每个人的机会"))
@click.option("--lottery", "kept", type=TABLE, help=mark("保存抽签方案，以后由它抽签"))
@click.option("--gone", multiple=True, help=mark("这名抽中的人退出了：写出由谁递补"))
def draw_command(
    as_json: bool,
    kind: str | None,
    show_chances: bool,
    kept: Path | None,
    gone: Sequence[str],
    **question: Any,
) -> None:
    """Draw a whole list by lot, everybody's chance as even as can be; the published --seed decides."""
    with answering():
        problem = asked(**question)
        if not problem.seed:
            raise Refused("S.10", "抽签需要公布的种子（--seed）")
        if kept is not None and kept.exists():
            with located(kept):
                made = _kept(kept)
                if kind not in (None, made.kind):
                    raise Refused("S.10", "保存的抽签方案是{kept}，不是{kind}", kept=made.kind, kind=kind)
        else:
            made = lottery(problem, kind or "leximin")
        lotteries.verify(problem, made)
        if kept is not None:
            kept.write_bytes(msgspec.json.encode(made) + b"\n")
        drawn, able = lotteries.draw(problem, made, problem.seed), lotteries.chances(problem, made)
        if gone:
            for each in set(gone) - set(drawn):
                raise Refused("S.7", "没有这个人选：{person}", person=each)
            follow = lotteries.replacements(problem, drawn, gone, problem.seed)
            if follow is None:
                raise Refused("S.11", "没有符合全部要求的名单，不能抽签")
            click.echo(msgspec.json.encode({"follow": follow}).decode() if as_json else "\n".join(follow))
            return
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


@slate.command(
    "elect", help=mark("按认可票选出名单（.abc.yaml 或 PrefLib 的 .cat），并说明它做到了哪些比例代表的承诺。")
)
@click.argument("ballots", type=TABLE)
@click.option(
    "--rule", type=click.Choice(RULES), default="shares", show_default=True, help=mark("用哪一种规则")
)
@click.option("--size", type=int, help=mark("选出几人（.abc.yaml 文件里可以写明）"))
@click.option("--people", type=TABLE, help=mark("候选人表，有结构要求时使用"))
@click.option("--requirements", type=TABLE, help=mark("要求表"))
@PER_UNIT
@SEED
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
    with answering():
        with located(ballots):
            text = ballots.read_text(encoding="utf-8-sig")
            cast, named = read_abc(text) if ".yaml" in ballots.name else (read_preflib(text), 0)
        if size is None and not named:
            raise Refused("S.10", "没有说明选出几人（--size）")
        problem = candidates_of(cast, size or named, seed)
        if people is not None:
            with located(people):
                persons = sheets.read_people(rows_of(people))
            problem = msgspec.structs.replace(problem, people=persons, per_unit_at_most=per_unit)
        if requirements is not None:
            with located(requirements):
                rows = rows_of(requirements)
                units = {person.unit for person in problem.people}
                rules, ratios = sheets.read_requirements(rows, problem.size, units)
                pairs = sheets.read_pairs(rows)
            problem = msgspec.structs.replace(problem, requirements=rules, ratios=ratios, pairs=pairs)
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


@contextmanager
def interruptible(watch: Watch) -> Iterator[Watch]:
    """The first Ctrl-C ends the search with the best list so far; a second one ends the program."""

    def stop(_number: int, _frame: Any) -> None:
        watch.stop()
        signal.signal(signal.SIGINT, before)
        click.echo(_("正在停下：给出目前最好的名单（再按一次就放弃）"), err=True)

    def hear(value: float, bound: float) -> None:
        if sys.stderr.isatty() and abs(value) < HUGE and abs(bound) < HUGE:
            said = _("目前{value:,.0f}，上界{bound:,.0f}，相差{gap:,.0f}")
            click.echo(
                "\r\x1b[K" + said.format(value=value, bound=bound, gap=bound - value), err=True, nl=False
            )

    before = signal.getsignal(signal.SIGINT)
    watch.hear = hear
    try:
        signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread: nobody can press Ctrl-C there
        yield watch
        return
    try:
        yield watch
    finally:
        signal.signal(signal.SIGINT, before)


def _kept(path: Path) -> Lottery:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Lottery)
    except msgspec.DecodeError as error:
        raise Refused("S.10", "不是保存下来的抽签方案：{error}", error=str(error)) from error


def _progress(stage: str, value: int, bound: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{stage}: {value:,} ≤ {bound:,}", err=True)


def _show(problem: Problem, answer: Slate) -> None:
    for each in answer.chosen:
        click.echo(each)
    _say_judgement(problem, answer.chosen, err=True)
    for line in words.departure_words(problem, answer):
        click.echo(line, err=True)
    if answer.complete:
        click.echo(_("已证明：没有更好的名单"), err=True)
    else:
        gap = "、".join(str(b - s) for b, s in zip(answer.bound, answer.support, strict=False))
        click.echo(_("时间已到：这是目前最好的名单，与上界相差{gap}").format(gap=gap), err=True)


def _say_judgement(problem: Problem, chosen: Sequence[str], *, err: bool = False) -> None:
    for line in words.judgement_words(problem, judge(problem, chosen)):
        click.echo(line, err=err)
