"""The record as a file to take away (纪实包): the same folder that a run writes, byte for byte, in one archive."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from django.http import HttpResponse
from django.urls import path

from fourgates.store import moving
from fourgates.web import access, leaving, looks
from fourgates.web.access import Room
from fourgates.web.roles import COUNTY


@access.page(COUNTY)
def bundle(room: Room) -> HttpResponse:
    """The whole record with its documents and names; it holds citizen numbers, so it is the county office's alone, and noted."""
    looks.note(room, [looks.EVERYBODY], "纪实包")
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(place) / "record"
        moving.write_out(room.keeper.store, folder)
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent))
    return leaving.attached(out.getvalue(), f"{room.row.slug}-record.zip")


urlpatterns = [path("record.zip", bundle, name="bundle")]
