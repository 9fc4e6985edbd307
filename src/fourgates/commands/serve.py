"""Run the site (网站)."""

from __future__ import annotations

from pathlib import Path

import click

from fourgates.commands import helping
from fourgates.commands.answering import answering, says
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark("在 DIR 里启动网站；第一次打开终端里的链接，设立管理员。按 Ctrl-C 停止。"),
)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("site"))
@click.option("--host", default="127.0.0.1", show_default=True, help=mark("在哪个地址上应答"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=mark("端口"))
def serve(folder: Path, host: str, port: int) -> None:
    """Start the site in FOLDER, empty when there is nothing yet; no account exists before its first link is used."""
    with answering():
        # Here and not above: who works on folders and records needs no site.
        from fourgates.web import serving

        serving.prepare(folder)
        where = f"http://{host}:{port}"
        secret = serving.first_link()
        says.print(_("网站：{where}").format(where=f"{where}/"), markup=False)
        if secret:
            says.print(
                _("设立管理员（只能用一次）：{link}").format(link=f"{where}/link/{secret}/"), markup=False
            )
        serving.serve(folder, host, port)
