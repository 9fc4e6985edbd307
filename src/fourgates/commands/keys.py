"""Keys that sign checkpoints and cosign them (密钥): made here, kept outside of every record."""

from __future__ import annotations

from pathlib import Path

import click

from fourgates.commands import helping
from fourgates.commands.answering import answering, says
from fourgates.i18n import _, mark
from fourgates.log import key, keyring
from fourgates.log.algorithms import COSIGNING, COSIGNING_MLDSA, COSIGNING_SM2, ED25519, SM2

KINDS = {
    "record": ED25519,
    "record-sm": SM2,
    "witness": COSIGNING,
    "witness-ml-dsa": COSIGNING_MLDSA,
    "witness-sm": COSIGNING_SM2,
}


@click.group(cls=helping.Group, help=mark("密钥：签发检查点用，见证联署用。密钥文件从不放进纪实。"))
def keys() -> None:
    """Keys that sign checkpoints and cosign them; the files never lie in a record."""


@keys.command(
    help=mark(
        "新造一把密钥，写入 FILE（只有自己可读），打印公钥。\n"
        "record 签发纪实的检查点，witness 见证联署；-ml-dsa 抗量子，-sm 用国密 SM2、SM3（不在 C2SP 之内）。"
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help=mark("密钥的名称：单位和这份纪实的名字，不含空格和加号"))
@click.option("--kind", type=click.Choice(list(KINDS)), default="record", show_default=True)
def new(file: Path, name: str, kind: str) -> None:
    """Make a new key, write it into FILE for its owner alone, and print its public half."""
    with answering():
        made = key.generate(keyring.spelt(name), KINDS[kind])
        keyring.create(file, made)
        click.echo(str(made.key))


@keys.command(help=mark("打印密钥文件 FILE 的公钥。"))
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """Print the public half of the key in FILE."""
    with answering():
        loaded = keyring.load(file).key
        click.echo(str(loaded))
        if not loaded.algorithm.c2sp:
            says.print(_("国密算法，不在 C2SP 之内"), markup=False)
