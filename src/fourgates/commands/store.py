"""A record in a database: bring it in, write it out, verify it, back it up and restore it (存库)."""

from __future__ import annotations

from pathlib import Path

import click

from fourgates import canon
from fourgates.bundle import Head
from fourgates.commands import helping, remote, standing, witnessed
from fourgates.commands.answering import answering, says
from fourgates.i18n import _, mark
from fourgates.ledger import FIRST, read
from fourgates.log import keyring
from fourgates.store import open_store, portable, signing
from fourgates.store.moving import bring_in, write_out
from fourgates.store.verdict import growth
from fourgates.store.verdict import verify as replay


@click.group(
    cls=helping.Group, help=mark("数据库里的纪实：搬入、搬出、验证。备份和恢复见 backup 和 restore。")
)
def store() -> None:
    """A record kept in SQLite or PostgreSQL: bring one in from a folder, write it out, verify it."""


@store.command(
    "import",
    cls=helping.Command,
    help=mark(
        "把文件夹 RECORD 里的纪实搬入存库 STORE，逐字节相同。\n先逐条重算；存库里有同一份纪实的开头时接着补全。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("address", metavar="STORE")
@remote.of_site("record")
def bring(record: Path, address: str) -> None:
    """Bring the record in the folder RECORD into STORE, byte for byte, all or nothing.

    It is verified first. A store that holds the beginning of the same record is carried on.
    """
    with answering():
        added = bring_in(standing.folder(record), open_store(address))
        says.print(_("已搬入{entries}条").format(entries=added), markup=False)


@store.command(
    "export",
    cls=helping.Command,
    help=mark("把存库 STORE 里的纪实搬出为新文件夹 RECORD，逐字节相同。"),
)
@click.argument("address", metavar="STORE")
@click.argument("record", type=click.Path(path_type=Path))
def write(address: str, record: Path) -> None:
    """Write the record of STORE as the new folder RECORD, byte for byte."""
    with answering():
        _reached(write_out(open_store(address), record))


@store.command(
    cls=helping.Command,
    help=mark(
        "把存库 STORE 里的纪实从第一条起逐条重算，看是否成立；检查点也核对，说明谁签发、谁联署。\n"
        "退出码 0：成立。1：不成立，说明是第几条、哪条规则、为什么。"
    ),
)
@click.argument("address", metavar="STORE")
@standing.as_of
def verify(address: str, moment: str) -> None:
    """Replay the record of STORE from its first entry and work everything out again, its checkpoints too.

    Exit 0: it holds. Exit 1: it does not; the entry's number, the rule and one sentence say where.
    """
    with answering(), open_store(address).reading() as view:
        until = standing.reached_among(read(view.lines()), moment)
        grown = growth(view, until)
        state = replay(view, until, grown)
        (last,) = view.lines(state.n - 1, state.n) if state.n else (b"",)
        _reached(Head(state.n, 0, canon.digest(last) if state.n else FIRST))
        for line in witnessed.sentences(grown) if grown is not None else ():
            says.print(line, markup=False)


@store.command(
    cls=helping.Command,
    help=mark(
        "为存库 STORE 里的纪实签发检查点：每关各一个，末条一个，已有的不重签。先从头重算，不成立的不签。\n"
        "网站使用的存库，至少每天运行一次。"
    ),
)
@click.argument("address", metavar="STORE")
@click.option(
    "--key", "key_file", required=True, type=click.Path(path_type=Path, exists=True), help=mark("密钥文件")
)
def sign(address: str, key_file: Path) -> None:
    """Sign a checkpoint over every gate of the record of STORE that has none, and over its last entry; replayed first."""
    with answering():
        for n in signing.sign(open_store(address), keyring.load(key_file)):
            says.print(_("封到第{n}条").format(n=n), markup=False)


@click.command(
    cls=helping.Command,
    help=mark(
        "把存库 STORE 备份为一个新文件 FILE。\n备份期间可以照常记录；备份是某一刻的全部内容，含人员附件，请妥善保管。"
    ),
)
@click.argument("address", metavar="STORE")
@click.argument("file", type=click.Path(path_type=Path))
def backup(address: str, file: Path) -> None:
    """Copy STORE, as it is at one moment, into the new FILE, while others write.

    FILE holds everything, the names too: keep it as safe as the store.
    """
    with answering():
        _reached(portable.backup(open_store(address), file))


@click.command(
    cls=helping.Command,
    help=mark(
        "把备份 FILE 恢复到空的存库 STORE，并从第一条起逐条重算。\n备份来自 SQLite 或者 PostgreSQL 都可以；不成立的不恢复。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("address", metavar="STORE")
def restore(file: Path, address: str) -> None:
    """Copy the backup FILE into the empty STORE, of either kind, and replay it from its first entry.

    A backup that does not hold is not restored.
    """
    with answering():
        opened = open_store(address)
        portable.restore(file, opened)
        _reached(opened.head())


def _reached(head: Head) -> None:
    says.print(_("成立：{entries}条，封印 {head}").format(entries=head.entries, head=head.head), markup=False)
