"""The end of a box: what has to be looked into, opening it, publishing it, finding the own paper (开箱)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fourgates.commands import helping, recorded, remote
from fourgates.commands.answering import DONE, FAULTS, answering, says
from fourgates.errors import Refused
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark(
        "要核实的事：党员说名册有误的，上门带回时编码已经用过的。写成工作簿 OUT 交党支部，由两人核实。"
    ),
)
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def cases(folder: Path, out: Path) -> None:
    """What somebody has to look into, written as the workbook OUT for the branches."""
    from fourgates.box import cases as noted
    from fourgates.box import server
    from fourgates.box.place import office

    with answering():
        place = server.at(folder)
        rows = [tuple(row) for row in office(place, "/b/cases", {})["cases"]]
        noted.written(out, rows, place.question())
        says.print(_("待核事项{count}件，写在{file}").format(count=len(rows), file=out), markup=False)


@click.command(
    cls=helping.Command,
    help=mark(
        "截止以后开箱：逐份打开、核对份数，把参加名册和推荐内容作为两份附件记入纪实 RECORD，然后销毁钥匙和箱内文件。\n"
        "开箱后谁也不能再把人和内容对上。先停止 serve。"
    ),
)
@click.argument("record")
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help=mark("监票人的钥匙文件（没有留在箱里时）")
)
@remote.addressed(recorded.ON_SITE)
def close(record: str, folder: Path, key_file: Path | None, site: str, token: str) -> None:
    """Open the box after its end, record what was in it as two documents and one entry, and destroy it."""
    from fourgates.box import cases as noted
    from fourgates.box import counting, recording, server
    from fourgates.box.place import CASES
    from fourgates.keeper import moment

    with answering():
        place = server.at(folder)
        question = place.question()
        with place.lock(), recorded.recorder(record, site, token) as kept:
            rows, file = noted.table(noted.read(place.folder / CASES), question), place.folder / "cases.xlsx"
            if rows:
                noted.written(file, rows, question)
                says.print(
                    _("待核事项{count}件，写在{file}").format(count=len(rows), file=file), markup=False
                )
            if not recording.closed(kept, question):
                at = moment()
                if at < question.closes:
                    raise Refused("14.3", "票箱开到{until}，不能提前关闭", until=question.closes)
                urn = place.urn()
                opened = counting.opened(question, urn, place.key(key_file))
                urn.close()
                took = recording.close(kept, question, opened, at)
                void = sum(bool(one.void) for one in opened.papers)
                says.print(
                    _("已开箱：{took}人参加，{papers}份，其中无效{void}份；已记入纪实").format(
                        took=took, papers=len(opened.papers), void=void
                    ),
                    markup=False,
                )
            place.destroy(key_file)
        says.print(_("钥匙和箱内文件已经销毁"), markup=False)


@click.command(
    cls=helping.Command,
    help=mark(
        "公布已开的推荐箱：合并小支部以后的数字，每一份的号码和封印，写成 OUT.json 和可以张贴的 OUT.html。\n"
        "党员凭回执用 box find 查自己的一份。"
    ),
)
@click.argument("record")
@click.argument("name", metavar="BOX-NAME")
@click.argument("out", type=click.Path(path_type=Path))
@remote.addressed(recorded.ON_SITE)
def publish(record: str, name: str, out: Path, site: str, token: str) -> None:
    """Publish a closed box: counts with small branches merged, tag and seal of every paper, as OUT.json and OUT.html."""
    from fourgates.box import publishing
    from fourgates.papers import files

    with answering(), recorded.recorder(record, site, token) as kept:
        shown = publishing.published(kept.current(), name, kept.people())
        files.put(out.with_suffix(".json"), publishing.spelt(shown))
        files.put(out.with_suffix(".html"), publishing.page(shown).encode())
        says.print(
            _("已公布：{took}人参加，{groups}组，{papers}份").format(
                took=shown["took_part"], groups=len(shown["groups"]), papers=len(shown["papers"])
            ),
            markup=False,
        )


@click.command(
    cls=helping.Command,
    help=mark(
        "凭回执在公布的 PUBLISHED（.json）里查自己的一份：有没有漏计；写明当时的选择，还能查有没有改动。\n"
        "退出码 0：在，没有改动。1：不在，或者改动过。"
    ),
)
@click.argument("published", metavar="PUBLISHED", type=click.Path(path_type=Path))
@click.argument("receipt")
@click.option("--named", multiple=True, help=mark("当时推荐的人的编号，按当时的次序"))
@click.option("--written", multiple=True, help=mark("当时另写的姓名"))
@click.option("--satisfaction", default=None, help=mark("当时的满意度回答"))
def find(
    published: Path, receipt: str, named: tuple[str, ...], written: tuple[str, ...], satisfaction: str | None
) -> None:
    """Find the own paper in what was published of a box, by its receipt."""
    import json

    from fourgates.box import publishing

    with answering():
        try:
            shown = json.loads(published.read_bytes())
            told = bool(named or written or satisfaction is not None)
            said = (named, written, satisfaction or "") if told else None
            found = publishing.find(shown, receipt.replace(" ", "").lower(), said)
        except (ValueError, LookupError, TypeError):
            raise Refused("B.8", "这不是推荐箱公布的文件：{file}", file=published.name) from None
        says.print(_(FOUND[found]), markup=False)
    sys.exit(FAULTS if found in ("absent", "changed") else DONE)


FOUND = {
    "unchanged": mark("在箱内，已经计入，内容没有改动"),
    "there": mark("在箱内，已经计入"),
    "changed": mark("在箱内，但内容与您写明的不同：请核对次序和写法，仍不相符的请向监督人员反映"),
    "absent": mark("箱内没有这一份：请核对回执，仍没有的请向监督人员反映"),
}
