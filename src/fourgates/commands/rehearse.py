"""What went wrong (疏漏): the list on which a rehearsal ends, from the record of the rehearsal or of the real thing."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from fourgates import lapses
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import DONE, FAULTS, answering, says
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark(
        "列出纪实 RECORD 里哪些事没有办、办晚了、办错了，每件写明规则、期限和怎么避免；演练就以它收尾。\n"
        "退出码 0：没有。1：有。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help=mark("到哪一天为止，期限在这一天以前的才算（默认各环节都结束以后）"),
)
@standing.as_of
@remote.of_site("record")
@click.option("--json", "as_json", is_flag=True, help=mark("按 JSON 打印"))
def rehearse(record: Path, day: datetime | None, moment: str, as_json: bool) -> None:
    """List what was not done, done late or done wrong in a RECORD, each with its rule, its day and how to keep it from happening.

    Exit 0: nothing. Exit 1: something.
    """
    with answering():
        # Here and not above: the sentences are those of the papers, which an auditor may not have.
        from fourgates.papers import mending

        facts = standing.replayed(record, moment)[0].selection.facts
        last = facts.rulebook().windows.county_review.last + timedelta(days=1)
        found = lapses.found(facts, day.date() if day else last)
    if as_json:
        rows = [
            {
                "rule": one.rule,
                "unit": one.unit,
                "day": one.day.isoformat() if one.day else None,
                "what": mending.told(one),
                "mend": mending.prevented(one),
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        says.print(_("没有办、办晚、办错的：{count}件").format(count=len(found)), markup=False)
        for one in found:
            when = one.day.isoformat() if one.day else "—"
            says.print(f"{one.rule}  {when}  {one.unit}  {mending.told(one)}", markup=False, soft_wrap=True)
            says.print(f"      → {mending.prevented(one)}", markup=False, soft_wrap=True)
    sys.exit(FAULTS if found else DONE)
