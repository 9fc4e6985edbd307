"""A question about a list in two tables (两张表): how it is asked at the terminal, read, and its answer written.

Tables are read within bounds: lines are counted before anything is kept, and one longer than a million is refused.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from fourgates.commands.answering import FAULTS, UNUSABLE
from fourgates.errors import Broken, Refused
from fourgates.i18n import _, mark, sentence
from fourgates.slate import sheets, words
from fourgates.slate.answer import Slate
from fourgates.slate.check import check
from fourgates.slate.model import Problem, with_surplus
from fourgates.slate.picture import picture

F = TypeVar("F", bound=Callable[..., Any])
TABLE = click.Path(path_type=Path)
BLOCK = 1 << 20
SHORT = 12
MOST_SEATS = sheets.MOST_ROWS

SIZE = click.option("--size", type=int, required=True, help=mark("名单上的人数；有差额时是应选的人数"))
SURPLUS = click.option("--surplus", default="", help=mark("名单是应选人数的几成，例如 120%，零头进位"))
PER_UNIT = click.option("--per-unit", type=int, help=mark("每个单位不超过几人"))
SEED = click.option("--seed", default="", help=mark("抽签用的公布的种子"))
AS_JSON = click.option("--json", "as_json", is_flag=True, help=mark("以 JSON 写出全部结果"))
LIST = click.option(
    "--list", "listed", type=TABLE, required=True, help=mark("名单，每行一个编号，或者保存下来的结果")
)
OUT = click.option("--out", type=TABLE, help=mark("把名单写成文件，看结尾：.xlsx、.json、.svg"))


def asks(command: F) -> F:
    """The arguments of every question."""
    for add in reversed(
        (
            click.argument("people", type=TABLE),
            click.argument("requirements", type=TABLE),
            SIZE,
            SURPLUS,
            PER_UNIT,
            click.option("--id-column", default="", help=mark("写编号的一栏叫什么；# 表示用行号作编号")),
            click.option("--unit-column", default="", help=mark("写单位的一栏叫什么")),
            click.option("--fix", multiple=True, help=mark("这个人必须列入，可以多次使用")),
            click.option("--bar", multiple=True, help=mark("这个人不得列入，可以多次使用")),
            SEED,
            AS_JSON,
        )
    ):
        command = add(command)
    return command


def asked(
    people: Path,
    requirements: Path,
    size: int,
    surplus: str,
    per_unit: int | None,
    id_column: str,
    unit_column: str,
    fix: Sequence[str],
    bar: Sequence[str],
    seed: str,
) -> Problem:
    """The question in two tables, .csv or .xlsx."""
    if size > MOST_SEATS:
        raise Refused("S.10", "名单人数超过上限{most}：{size}", most=MOST_SEATS, size=size)
    if surplus:
        size = with_surplus(size, sheets.read_share(surplus))
    with located(people):
        rows = rows_of(people)
        persons = sheets.read_people(rows, id_heading=id_column, unit_heading=unit_column)
        fixed, barred = sheets.read_standing(rows, id_heading=id_column)
    with located(requirements):
        rows = rows_of(requirements)
        rules, ratios = sheets.read_requirements(rows, size, {person.unit for person in persons})
        pairs = sheets.read_pairs(rows)
        unread = sheets.columns_unread(rows)
    for heading in unread:
        click.echo(_("提示：没有用到“{heading}”这一栏").format(heading=heading), err=True)
    must, never = (tuple(dict.fromkeys(both)) for both in ((*fixed, *fix), (*barred, *bar)))
    problem = Problem(persons, size, rules, per_unit, must, never, seed, ratios, pairs)
    for tag in sheets.tags_nobody_bears(problem):
        click.echo(_("提示：没有人带有“{tag}”这个标签").format(tag=tag), err=True)
    return problem


@contextmanager
def answering() -> Iterator[None]:
    """Turn a rule's no and a proof that does not hold into one sentence and an exit code."""
    try:
        yield
    except (Refused, Broken) as no:
        click.echo(sentence(no), err=True)
        sys.exit(UNUSABLE if isinstance(no, Refused) else FAULTS)


@contextmanager
def located(path: Path) -> Iterator[None]:
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


def lines(path: Path) -> Iterator[list[str]]:
    """The lines of a table of text, no more than a table may have; cells that repeat are kept once."""
    number = 0
    with path.open("rb") as counted:
        while block := counted.read(BLOCK):
            number += block.count(b"\n")
            if number > sheets.MOST_ROWS:
                raise Refused("S.10", "表超过上限{most}行，没有读入", most=sheets.MOST_ROWS)
    known: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            yield [known.setdefault(cell, cell) if len(cell) < SHORT else cell for cell in row]


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a table, .csv or .xlsx."""
    if path.suffix.lower() == ".xlsx":
        from fourgates.papers import reading, workbook

        sheet = reading.read(path)
        if isinstance(sheet, workbook.Unreadable):
            wrong, mend = workbook.explain(sheet)
            raise Refused("S.10", "{wrong}；{mend}", wrong=wrong, mend=mend)
        return [[workbook.written(cell) for cell in row] for row in sheet.rows]
    return list(lines(path))


def chosen_of(path: Path) -> tuple[list[str], Slate | None]:
    """The ids of a list; and the whole answer, where that is what was kept."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".json":
        try:
            answer = msgspec.json.decode(text, type=Slate)
        except msgspec.DecodeError as error:
            raise Refused("S.10", "不是保存下来的名单：{error}", error=str(error)) from error
        return list(answer.chosen), answer
    return [line.strip() for line in text.splitlines() if line.strip()], None


def write(problem: Problem, chosen: Sequence[str], answer: Slate, out: Path) -> None:
    """The list as a workbook, as its answer with the proof, or as a picture."""
    kind = out.suffix.lower()
    if kind == ".json":
        out.write_bytes(msgspec.json.encode(answer) + b"\n")
    elif kind == ".svg":
        out.write_text(picture(problem, chosen), encoding="utf-8")
    elif kind == ".xlsx":
        from fourgates.papers import writing
        from fourgates.papers.writing import Column, Table

        writing.write(
            out,
            [
                Table(name, name, [Column(str(heading)) for heading in rows[0]], rows[1:])
                for name, rows in (
                    (_("名单"), sheets.list_rows(problem, chosen)),
                    (_("结构"), sheets.finding_rows(check(problem, chosen))),
                    (_("偏离"), [[_("说明")], *([line] for line in words.departure_words(problem, answer))]),
                )
                if len(rows) > 1
            ],
        )
    else:
        raise Refused("S.10", "不知道怎样写成{kind}，可用 .xlsx、.json、.svg", kind=kind or out.name)
