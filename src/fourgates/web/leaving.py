"""Papers as they leave the site (出件): under their names, to be taken away; those of a rehearsal marked on every page and in
their name, whoever made them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from django.http import HttpResponse

from fourgates.papers import drill

MARK = "【演练】"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP: Final = "application/zip"
MEDIA: Mapping[str, str] = {
    "docx": DOCX,
    "xlsx": XLSX,
    "zip": ZIP,
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
}
"""The media types of what leaves, by how its name ends."""
PAPERS: Mapping[str, str] = {DOCX: "docx", XLSX: "xlsx", ZIP: "zip"}
"""What can be marked."""


def attached(content: bytes, name: str) -> HttpResponse:
    """A file to take away under this name, whose end says what it is; never shown in the browser."""
    response = HttpResponse(content, content_type=MEDIA[name.rpartition(".")[2]])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def marked(response: HttpResponse) -> HttpResponse:
    """A paper of a rehearsal as it leaves: marked on every page, and in its name."""
    kind = PAPERS.get(response.get("Content-Type", ""))
    if kind is not None:
        response.content = drill.marked(response.content, kind)
        named = response.get("Content-Disposition", "")
        response["Content-Disposition"] = named.replace("UTF-8''", f"UTF-8''{quote(MARK)}")
    return response
