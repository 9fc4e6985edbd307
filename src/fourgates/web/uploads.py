"""What is uploaded (上传): few, small, with safe names, out of archives too; nothing of it is run, and nothing is put on a disk
under a name that somebody else chose."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers.workbook import SUFFIXES

if TYPE_CHECKING:
    Uploaded = UploadedFile[Any]
ENCLOSED = 8 << 20
"""Bytes of a file that comes with an answer."""
LARGEST = 16 << 20
"""Bytes of one file."""
TOGETHER = 64 << 20
"""Bytes of all files of one upload, unpacked."""
MOST = 1000
"""Files of one upload, unpacked."""
DEEPEST = 8
LARGEST_LIST = 1 << 20
_END = 65536 + 22
PLAN = "plan.toml"
_IGNORED = (".", "~$", "__MACOSX", "Thumbs.db", "desktop.ini")


_BEGINS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_HOLDS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
PAPERS = (".pdf", ".png", ".jpg", ".jpeg", ".doc", ".docx", ".wps")
"""What is signed or enclosed, and is no workbook: it is handed in elsewhere."""
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


class Bounded:
    """Turns away what is too large before anything of it is read."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; 413 for a body larger than any upload may be."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > TOGETHER + (1 << 20):
            if request.path.startswith("/api/"):
                why = _("太大了：一次最多{most}兆").format(most=TOGETHER >> 20)
                return JsonResponse({"rule": "F.8", "why": why}, status=413)
            return render(request, "large.html", {"most": TOGETHER >> 20}, status=413)
        return self._answer(request)


def files(uploaded: Iterable[Uploaded]) -> dict[str, bytes]:
    """Every file by its path as it was given, archives unpacked; ``Refused`` (F.8) where there are too many, or one is too
    large, or has no name that is safe."""
    found: dict[str, bytes] = {}
    size = 0
    for name, content in _each(uploaded):
        size += len(content)
        if len(found) >= MOST or size > TOGETHER:
            raise Refused(
                "F.8", "一次最多上传{most}个文件，合计不超过{size}兆", most=MOST, size=TOGETHER >> 20
            )
        found[name] = content
    if not found:
        raise Refused("F.8", "没有可以读的文件：请选表册（.xlsx）、plan.toml，或者放着它们的压缩包（.zip）")
    return found


def enclosed(uploaded: Uploaded) -> bytes:
    """A file that comes with an answer; ``Refused`` (F.8) where it is too large or not of a kind that is taken. Its name is
    not looked at and not kept."""
    if uploaded.size is None or uploaded.size > ENCLOSED:
        raise Refused("F.8", "附件太大：不超过{size}兆", size=ENCLOSED >> 20)
    content = b"" if _listed(uploaded) > LARGEST_LIST else uploaded.read()
    if kind(content) is None:
        raise Refused(
            "F.8", "附件只收 PDF、图片（PNG、JPEG）、Word（.docx）和表格（.xlsx），不收带宏的和加密的"
        )
    return content


def kind(content: bytes) -> str | None:
    """How the name of such a file ends, by its content alone; ``None`` for what is not taken: macros and passwords too."""
    for begin, found in _BEGINS.items():
        if content.startswith(begin):
            return found
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = {member.filename for member in archive.infolist() if not member.flag_bits & 1}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in inside):
        return None
    return next((found for name, found in _HOLDS.items() if name in inside), None)


def _each(uploaded: Iterable[Uploaded]) -> Iterator[tuple[str, bytes]]:
    for one in uploaded:
        name = safe(one.name or "")
        if one.size is None or one.size > TOGETHER or (one.size > LARGEST and not _packed(name)):
            raise Refused("F.8", "{file}太大：一个文件不超过{size}兆", file=name, size=LARGEST >> 20)
        if _packed(name):
            yield from _unpacked(name, one)
        elif wanted(name):
            yield name, one.read()
        elif name.lower().endswith(PAPERS):
            raise Refused(
                "F.8",
                "{file}不是表册：签好的会议记录在会议的页面交，部门答复的附件在部门的页面交，名单等文书在文书的页面下载",
                file=name,
            )
        else:
            raise Refused("F.8", "{file}不是表册：只收 .xlsx 等表格、plan.toml 和 .zip", file=name)


def _packed(name: str) -> bool:
    return name.lower().endswith(".zip")


def wanted(name: str) -> bool:
    """Whether a file of this name may be a paper."""
    return name.lower().endswith(SUFFIXES) or PurePosixPath(name).name == PLAN


def _unpacked(name: str, packed: Uploaded) -> Iterator[tuple[str, bytes]]:
    """The papers of an archive. What it says of its own sizes is believed only as far as it is true."""
    if _listed(packed) > LARGEST_LIST:
        raise Refused("F.8", "一次最多上传{most}个文件，合计不超过{size}兆", most=MOST, size=TOGETHER >> 20)
    try:
        with zipfile.ZipFile(packed) as archive:
            members = archive.infolist()
            for member in members:
                inside = _named(member)
                parts = PurePosixPath(inside).parts
                if member.is_dir() or not parts or any(part.startswith(_IGNORED) for part in parts):
                    continue
                inside = safe(inside)
                if not wanted(inside):
                    continue
                if member.flag_bits & 1:
                    raise Refused("F.8", "{file}加了密码，请不加密码再压缩", file=name)
                with archive.open(member) as file:
                    content = file.read(LARGEST + 1)
                if len(content) > LARGEST:
                    raise Refused(
                        "F.8", "{file}太大：一个文件不超过{size}兆", file=inside, size=LARGEST >> 20
                    )
                yield inside, content
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError, RuntimeError):
        raise Refused("F.8", "{file}打不开：不是完好的 .zip 压缩包", file=name) from None


def _listed(packed: Uploaded) -> int:
    """Bytes of an archive's list of contents, as its end says: whoever opens it reads all of that list at once."""
    packed.seek(max(0, (packed.size or 0) - _END))
    end = packed.read()
    packed.seek(0)
    at = end.rfind(b"PK\x05\x06")
    return int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0


def _named(member: zipfile.ZipInfo) -> str:
    """The name of a member as its author wrote it: archives made in Chinese offices say GBK and not so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def safe(name: str) -> str:
    """A name as a path inside a folder; ``Refused`` (F.8) for one that would lead out, or that nobody could read."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = PurePosixPath(name).parts
    if (
        not parts
        or len(parts) > DEEPEST
        or name.startswith("/")
        or ".." in parts
        or any(not part.isprintable() or ":" in part or len(part.encode()) > 200 for part in parts)
    ):
        raise Refused("F.8", "文件名不能用：{file}", file=name[:60])
    return "/".join(parts)
