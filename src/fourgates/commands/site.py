"""A whole site into one file and back (网站备份与恢复)."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from fourgates.commands import helping
from fourgates.commands.answering import answering, says
from fourgates.errors import Refused
from fourgates.i18n import _, mark


@click.group(cls=helping.Group, help=mark("整个网站：备份和恢复。"))
def site() -> None:
    """A whole site: back it up, restore it."""


@site.command(
    cls=helping.Command,
    help=mark(
        "把安装目录 DIR 里的网站备份为一个新文件 FILE，网站可以照常开着。\n"
        "打开备份的密钥写在 FILE.key 里，请与备份分开保管：缺一不可。\n"
        "只留最新的一份密钥：它能打开以前的备份，删除了个人信息的人除外；旧的请销毁。"
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("file", type=click.Path(path_type=Path))
def backup(folder: Path, file: Path) -> None:
    """Copy the site in DIR into the new FILE, while people work; the key that opens it into FILE.key."""
    with answering():
        # Here and not above: who works on folders and records needs no site.
        from fourgates.web import serving

        serving.set_up(folder)
        from fourgates.web import backups

        key = _key(file)
        count = backups.pack(file, key)
        said = _("已备份{count}次推选：{file}；密钥：{key}")
        says.print(said.format(count=count, file=file, key=key), markup=False)


@site.command(
    cls=helping.Command,
    help=mark("把备份 FILE 恢复到新的安装目录 DIR，每份纪实从第一条起逐条重算；密钥在 FILE.key 里。"),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def restore(file: Path, folder: Path) -> None:
    """Put the site in FILE into the new folder DIR, every record replayed; a backup that does not hold is not restored."""
    with answering():
        key = _key(file)
        if folder.exists():
            raise Refused("K.7", "{file}已经存在，不会覆盖；请换一个名字", file=folder.name)
        # Here and not above: who works on folders and records needs no site.
        from fourgates.web import home, serving

        keys = home.Keys.read(key)
        folder.mkdir(parents=True, mode=0o700)
        try:
            (folder / home.SECRET).touch(mode=0o600)
            (folder / home.SECRET).write_text(keys.secret, encoding="ascii")
            serving.prepare(folder)
            from fourgates.web import backups

            reached = backups.unpack(file, keys)
        except BaseException:
            shutil.rmtree(folder)
            raise
        for slug, back in reached.items():
            says.print(_("已恢复：{slug}，{entries}条").format(slug=slug, entries=back.entries), markup=False)
            if back.erased:
                said = _("{slug}：备份以后删除过个人信息，没有恢复，请再删除一次并记入纪实：{people}")
                says.print(said.format(slug=slug, people=" ".join(back.erased)), markup=False)
        said = _("钥匙是{made}写的：那以后删除过个人信息的，请再删除一次")
        says.print(said.format(made=keys.made), markup=False)


def _key(file: Path) -> Path:
    return file.with_name(f"{file.name}.key")
