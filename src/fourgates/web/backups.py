"""A whole site in one file (网站备份): every record, every table and the list of doors; the key that opens it lies in a second.

Records are copied first, each as of one moment, and the tables after them: whatever an entry names is then there. Names and
words are copied as they lie, sealed. Sessions are left out, so everybody signs in again.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from fourgates import bundle
from fourgates.errors import Refused
from fourgates.store import open_store, portable
from fourgates.web import elsewhere, sealing
from fourgates.web.models import Selection, User

TABLES, RECORDS, DOORS = "tables.json", "records", f"{elsewhere.LIST}.sealed"
LEFT_OUT = ("contenttypes", "auth.permission", "sessions", "usersessions", "axes")


def pack(file: Path, key: Path) -> int:
    """Write the site into the new ``file`` and what opens it into the new ``key``; gives the number of records.

    ``Refused`` (K.7) where something lies there already.
    """
    for one in (file, key):
        if one.exists():
            raise Refused("K.7", "{file}已经存在，不会覆盖；请换一个名字", file=one.name)
    with tempfile.TemporaryDirectory(dir=file.absolute().parent) as place:
        room = Path(place)
        (room / RECORDS).mkdir()
        rows = list(Selection.objects.order_by("pk"))
        for row in rows:
            portable.backup(open_store(row.store), room / RECORDS / f"{row.slug}.db")
        call_command("dumpdata", exclude=LEFT_OUT, output=str(room / TABLES), verbosity=0)
        doors = (settings.INSTALLATION.folder or room) / elsewhere.LIST
        if doors.exists():
            (room / DOORS).write_bytes(sealing.seal(doors.read_bytes(), DOORS))
        packed = room / "packed"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in (room / TABLES, room / DOORS, *sorted((room / RECORDS).iterdir())):
                if path.exists():
                    archive.write(path, path.relative_to(room))
        _private(key, settings.SECRET_KEY.encode())
        with packed.open("rb+") as written:
            os.fsync(written.fileno())
        packed.chmod(0o600)
        os.link(packed, file)
    bundle.settle(file.absolute().parent)
    return len(rows)


def unpack(file: Path) -> dict[str, int]:
    """Put the site in ``file`` back into this installation, whose tables are new and whose secret is the one the file was made
    under; every record is replayed. Gives the entries of each. ``Refused`` (K.6) where there is a site, (K.3) for another
    file."""
    if User.objects.exists() or Selection.objects.exists():
        raise Refused("K.6", "存库里已有另一份纪实，或者比这一份更新，没有搬入")
    home, reached = settings.INSTALLATION, {}
    with tempfile.TemporaryDirectory(dir=home.folder) as place:
        room = Path(place)
        try:
            with zipfile.ZipFile(file) as archive:
                archive.extractall(room)  # which lets no name lead out
                archive.getinfo(TABLES)
            call_command("loaddata", str(room / TABLES), verbosity=0)
        except (zipfile.BadZipFile, KeyError) as error:
            raise Refused("K.3", "{file}不是存库：{what}", file=file.name, what=str(error)) from None
        for row in Selection.objects.all():
            row.store = home.store(row.slug)
            store = open_store(row.store)
            reached[row.slug] = portable.restore(room / RECORDS / f"{row.slug}.db", store).n
            store.close()
            row.save(update_fields=["store"])
        if (room / DOORS).exists():
            _private(
                (home.folder or room) / elsewhere.LIST, sealing.opened((room / DOORS).read_bytes(), DOORS)
            )
    return reached


def _private(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
