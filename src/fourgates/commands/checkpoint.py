"""Checkpoints of a record (检查点): sign one, read out its code, say whose word is wanted, publish the tree."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import filelock

from fourgates import bundle, checkpoints, extracts
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import FAULTS, answering, says
from fourgates.errors import Refused
from fourgates.i18n import _, mark
from fourgates.log import code, keyring
from fourgates.log import policy as policies


@click.group(cls=helping.Group, help=mark("纪实的检查点：签发、念根码、定见证方案、公布树片。"))
def checkpoint() -> None:
    """Checkpoints of a record: sign, read out the code, set the policy, publish the tiles."""


@checkpoint.command(
    help=mark(
        "在纪实 RECORD 现有的最后一条上签发检查点。先从头重算，不成立的不签。\n"
        "密钥默认用成果文件夹旁边的那一把；有 --site 的要写明密钥文件，密钥不离开这台电脑。"
    )
)
@click.argument("record", type=click.Path(path_type=Path))
@remote.sealed_on_site("record")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help=mark("密钥文件"))
def sign(record: Path, key_file: Path | None) -> None:
    """Sign a checkpoint over the last entry of RECORD, which is replayed first."""
    with answering():
        if remote.asked() and key_file is None:
            raise Refused("F.1", "有 --site 的，请用 --key 写明密钥文件")
        folder = standing.folder(record)
        signer = keyring.load(key_file or standing.key_file(folder.parent))
        with filelock.FileLock(folder.parent / ".lock", timeout=0):
            writer = bundle.Writer(folder, signer)
            writer.commit(pin=True)
        _codes(writer.growth.frontier.size, writer.growth.frontier.root())


@checkpoint.command(
    "code",
    help=mark(
        "念出纪实 RECORD 到某一条为止的根码，中文和英文各一行；两种写法是同一个码。\n"
        "--typed：与纸上抄来的根码比对，不同的说出第几组。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@standing.as_of
@remote.of_site("record")
@click.option("--typed", default="", help=mark("从签字的文书上抄来的根码，可以只抄前几组"))
def code_(record: Path, moment: str, typed: str) -> None:
    """Say the code of the root of RECORD as of an entry, and compare it with one typed in from paper."""
    with answering():
        folder = standing.folder(record)
        growth = bundle.verify(folder, standing.reached(folder, moment)).growth
        root = growth.frontier.root()
        _codes(growth.frontier.size, root)
        if typed:
            group = code.differing(typed, root)
            said = len(code.read(typed))
            if group:
                says.print(_("不符：第{group}组不同，这张纸不是这份纪实的").format(group=group), markup=False)
                sys.exit(FAULTS)
            says.print(_("相符：{count}组都对").format(count=said), markup=False)


def _codes(n: int, root: bytes) -> None:
    says.print(_("封到第{n}条").format(n=n), markup=False)
    click.echo(code.spell(root))
    click.echo(code.spell(root, english=True))


@checkpoint.command(
    help=mark(
        "给纪实 RECORD 定见证方案 FILE（C2SP tlog-policy）：有哪些见证人，要几个联署才算数。\n"
        "其中的 log 行可以不写，以纪实自己的公钥为准。"
    )
)
@click.argument("record", type=click.Path(path_type=Path))
@remote.sealed_on_site("record")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def policy(record: Path, file: Path) -> None:
    """Set the policy of RECORD: its witnesses and how many must cosign. The logs are the record's own."""
    with answering():
        folder = standing.folder(record)
        wanted = policies.read(file.read_bytes())
        with filelock.FileLock(folder.parent / ".lock", timeout=0):
            kept = checkpoints.read(folder)
            if not kept.policy.logs:
                raise Refused("R.9", "还没有检查点封到第{n}条", n=bundle.head(folder).entries)
            logs = kept.policy.logs
            made = policies.Policy(logs, wanted.witnesses, wanted.groups, wanted.quorum)
            checkpoints.put(folder, {checkpoints.POLICY: str(made).encode()})
        click.echo(str(made), nl=False)


@checkpoint.command(
    help=mark(
        "把纪实 RECORD 按 C2SP tlog-tiles 公布到文件夹 INTO：checkpoint、tile/…、tile/entries/…，"
        "通用的透明日志读者可以直接读。"
    )
)
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("into", type=click.Path(path_type=Path))
@standing.as_of
@remote.of_site("record")
def publish(record: Path, into: Path, moment: str) -> None:
    """Publish RECORD as tiles into the folder INTO."""
    with answering():
        folder = standing.folder(record)
        count = extracts.publish(folder, into, standing.reached(folder, moment))
        says.print(_("写了{count}个文件").format(count=count), markup=False)
