"""Run the site (网站)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fourgates.commands import helping
from fourgates.commands.answering import UNUSABLE, answering, says, warns
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark("在 DIR 里启动网站；第一次打开终端里的链接，设立管理员。按 Ctrl-C 停止。"),
)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("site"))
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    help=mark("先把这个文件夹里的纪实作为一次推选放进网站（run 的 OUT/record）"),
)
@click.option("--slug", default="selection", show_default=True, help=mark("放进去的推选在网址中的简称"))
@click.option(
    "--box",
    type=click.Path(path_type=Path),
    help=mark("这次推选的推荐箱所在的文件夹（box serve 另行开放）：支部看得到谁参与了，看不到推荐了谁"),
)
@click.option("--once", is_flag=True, help=mark("网站打开一次就停止"))
@click.option("--host", default="127.0.0.1", show_default=True, help=mark("在哪个地址上应答"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=mark("端口"))
def serve(
    folder: Path, record: Path | None, slug: str, box: Path | None, once: bool, host: str, port: int
) -> None:
    """Start the site in FOLDER, empty when there is nothing yet; no account exists before its first link is used."""
    with answering():
        # Here and not above: who works on folders and records needs no site.
        from fourgates.web import serving

        serving.prepare(folder)
        if record is not None:
            added = serving.take_in(record, slug)
            says.print(_("放进网站：{record}，{count}条").format(record=record, count=added), markup=False)
        if box is not None:
            serving.beside(slug, box)
        where = serving.address(host, port)
        secret = serving.first_link()
        says.print(_("网站：{where}").format(where=f"{where}/"), markup=False)
        if secret:
            says.print(
                _("设立管理员（只能用一次）：{link}").format(link=f"{where}/link/{secret}/"), markup=False
            )
        if not serving.serve(folder, host, port, once=once):
            warns.print(_("网站没有打开"), style="red")
            sys.exit(UNUSABLE)
