"""A county folder handed in to a site (交到网站): looked at and recorded there, and what came of it written here as by a run."""

from __future__ import annotations

import io
import secrets
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fourgates.bundle import LEDGER, verify
from fourgates.commands import remote, standing
from fourgates.commands.answering import says, warns
from fourgates.commands.remote import Site
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers.problems import Place, Problem
from fourgates.papers.summary import Summary
from fourgates.papers.workbook import SUFFIXES

STEP = 0.3
"""Seconds between two questions how far it is."""
UNDER_WAY = ("waiting", "running", "stopping")
SHOWN = 30


def papers(folder: Path) -> dict[str, bytes]:
    """Every paper of a county folder by its path inside; nothing hidden, nothing that an office program has open."""
    if not folder.is_dir():
        raise Refused("F.1", "没有这个文件夹：{folder}", folder=str(folder))
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        and (path.suffix.lower() in SUFFIXES or path.name == "plan.toml")
    }
    if not found:
        raise Refused("F.1", "没有这个文件夹：{folder}", folder=str(folder))
    return found


def look(site: Site, files: Mapping[str, bytes], committee: str = "") -> dict[str, Any]:
    """Hand files in and wait until they were looked at; nothing is recorded. ``Refused`` as the site says."""
    packed = [("files", "folder.zip", _archive(files))]
    return _waited(site, site.handed("papers", {"committee": committee}, packed, once=secrets.token_hex(16)))


def record(site: Site, upload: Mapping[str, Any]) -> dict[str, Any]:
    """Record what was looked at."""
    return _waited(site, site.told("POST", f"papers/{upload['number']}/confirm"))


def drop(site: Site, upload: Mapping[str, Any]) -> None:
    """Throw an upload away."""
    site.told("DELETE", f"papers/{upload['number']}")


def _archive(files: Mapping[str, bytes]) -> bytes:
    """The files in one archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _waited(site: Site, upload: dict[str, Any]) -> dict[str, Any]:
    """The upload once its work is over, shown as it goes; ``Refused`` (F.9) where that came to nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=warns, transient=True) as bars:
        bar = bars.add_task(_("网站在读"), total=None)
        while upload["state"] in UNDER_WAY:
            bars.update(
                bar,
                description=upload["said"] or _("网站在读"),
                completed=upload["done"],
                total=upload["of"] or None,
            )
            time.sleep(STEP)
            upload = site.told("GET", f"papers/{upload['number']}")
    if upload["state"] != "done":
        raise Refused("F.9", "网站没有记入：{why}", why=upload["said"])
    return upload


def preview(site: Site, folder: Path) -> bool:
    """Say what would be recorded of a county folder, and have it thrown away; gives whether problems were found."""
    upload = look(site, papers(folder))
    _tell(upload)
    drop(site, upload)
    return bool(upload["problems"])


def _tell(upload: Mapping[str, Any]) -> None:
    coming = upload["entries"]
    for one in coming[:SHOWN]:
        says.print(f"{one['sentence']}{'  ' + one['changed'] if one['changed'] else ''}", markup=False)
    if len(coming) > SHOWN:
        says.print(_("……还有{count}条").format(count=len(coming) - SHOWN), markup=False)
    for one in upload["problems"][:SHOWN]:
        place = " ".join(str(part) for part in (one["file"], one["row"], one["column"]) if part)
        warns.print(f"{place}  {one['wrong']}。{one['mend']}", style="yellow", markup=False)
    if len(upload["problems"]) > SHOWN:
        warns.print(_("……还有{count}处问题").format(count=len(upload["problems"]) - SHOWN), markup=False)
    said = _("会记入{entries}条，认定结果{results}条，问题{problems}处。以上只是预览，什么也没有记")
    says.print(
        said.format(entries=len(coming), results=upload["results"], problems=len(upload["problems"])),
        markup=False,
    )


def deliver(site: Site, upload: Mapping[str, Any], out: Path) -> Summary:
    """Write into ``out`` what a run over the folder writes, from the record as the site has it now. ``Refused`` (F.6) where
    ``out`` holds another record."""
    # Here and not above: reading papers is not needed by those who only verify.
    from fourgates import delivery
    from fourgates.run import RECORD, Outcome

    with tempfile.TemporaryDirectory(dir=out) as work:
        place = Path(work)
        fetched = remote.record(site, place)
        before = out / RECORD / LEDGER
        if before.exists() and not (fetched / LEDGER).read_bytes().startswith(before.read_bytes()):
            raise Refused("F.6", "{out}里的纪实不是网站上这一份的前一段；请换一个输出文件夹", out=str(out))
        remote.moved(fetched, out / RECORD)
        selection, people = verify(out / RECORD).selection, standing.names(out / RECORD)
        outcome = Outcome(
            selection,
            people,
            _problems(upload["problems"]),
            _problems(upload["oddities"]),
            [
                name
                for name in selection.facts.rulebook().integrity.departments
                if name in selection.facts.replies
            ],
            upload["entered"] or 0,
            {},
        )
        summary = delivery.deliver(outcome, out)
        if upload["returned"]:
            remote.unpacked(
                site.taken(f"papers/{upload['number']}/returned.zip", place / "books.zip"), place / "books"
            )
            (place / "books" / delivery.PROBLEMS).unlink(missing_ok=True)
            remote.moved(place / "books", out / delivery.RETURNED)
    return summary


def _problems(said: Iterable[Mapping[str, Any]]) -> list[Problem]:
    return [
        Problem(Place(one["file"], "", one["row"], one["column"]), one["read"], one["wrong"], one["mend"])
        for one in said
    ]


def run(site: Site, folder: Path, out: Path) -> tuple[Summary, int, bool]:
    """Hand a county folder in, record it and write what came of it: the summary, how many entries that made, and whether
    problems were found."""
    upload = record(site, look(site, papers(folder)))
    out.mkdir(parents=True, exist_ok=True)
    return deliver(site, upload, out), upload["entered"] or 0, bool(upload["problems"])
