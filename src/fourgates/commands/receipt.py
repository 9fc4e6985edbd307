"""Receipts (回执): one file that proves an entry is in the record, to be taken home and checked without any network."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fourgates import chronicle, extracts, i18n
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import FAULTS, answering, says
from fourgates.errors import Refused
from fourgates.i18n import _, mark
from fourgates.log import policy as policies
from fourgates.log import proof
from fourgates.log.durable import put


@click.command(
    cls=helping.Command,
    help=mark(
        "为纪实 RECORD 的第 ENTRY 条写一份回执：一个文件，离线就能证明这一条在封存、联署过的纪实之内。\n"
        "receipt --check FILE：核对一份回执。不给 --policy 时按回执自带的见证方案核对，公钥要与公布的对照。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path), required=False)
@click.argument("entry", type=click.IntRange(min=1), required=False)
@standing.as_of
@remote.of_site("record")
@click.option("--out", type=click.Path(path_type=Path), help=mark("回执写到哪里（默认 第N条.tlog-proof）"))
@click.option("--check", "checked", type=click.Path(path_type=Path), help=mark("要核对的回执"))
@click.option(
    "--policy", "policy_file", type=click.Path(path_type=Path, exists=True), help=mark("读者自己的见证方案")
)
def receipt(
    record: Path | None,
    entry: int | None,
    moment: str,
    out: Path | None,
    checked: Path | None,
    policy_file: Path | None,
) -> None:
    """Write the receipt of an ENTRY of RECORD, or check one."""
    with answering():
        if checked is not None:
            _check(checked, policy_file)
            return
        if record is None or entry is None:
            raise Refused("F.1", "请写明纪实和条号，或者用 --check 给出要核对的回执")
        folder = standing.folder(record)
        made = extracts.receipt(folder, entry, standing.reached(folder, moment))
        path = out or Path(_("第{number}条").format(number=entry) + proof.SUFFIX)
        put(path, str(made).encode())
        says.print(str(path), markup=False)


def _check(path: Path, policy_file: Path | None) -> None:
    """Say what a receipt proves; exit 1 when it proves nothing, or too few have cosigned."""
    policy = policies.read(policy_file.read_bytes()) if policy_file else None
    try:
        with path.open("rb") as file:
            entry, found = extracts.check(proof.read(file.read(proof.LARGEST + 1)), policy)
    except Refused as no:
        says.print(_("不成立：规则{rule}：{why}").format(rule=no.rule, why=i18n.sentence(no)), markup=False)
        sys.exit(FAULTS)
    says.print(
        _("成立：第{n}条（{at}）在“{log}”封到第{size}条的检查点之内").format(
            n=entry.n, at=entry.at, log=found.log.name, size=found.checkpoint.size
        ),
        markup=False,
    )
    says.print(chronicle.sentence(entry.event, {}), markup=False)
    for name, at in found.witnesses.items():
        says.print(_("见证人{name}：{at}联署").format(name=name, at=standing.spelt(at)), markup=False)
    if policy is None:
        says.print(_("公钥（请与公布的对照）：{key}").format(key=found.log), markup=False)
    if not found.enough:
        says.print(_("联署不够见证方案的要求"), markup=False)
        sys.exit(FAULTS)
