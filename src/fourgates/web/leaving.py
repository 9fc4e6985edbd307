"""Papers as they leave the site (出件): those of a rehearsal are marked on every page and in their name, whoever made them."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from fourgates.papers import drill

MARK = "【演练】"
PAPERS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/zip": "zip",
}


def marked(response: HttpResponse) -> HttpResponse:
    """A paper of a rehearsal as it leaves: marked on every page, and in its name."""
    kind = PAPERS.get(response.get("Content-Type", ""))
    if kind is not None:
        response.content = drill.marked(response.content, kind)
        named = response.get("Content-Disposition", "")
        response["Content-Disposition"] = named.replace("UTF-8''", f"UTF-8''{quote(MARK)}").replace(
            'filename="', 'filename="rehearsal-'
        )
    return response
