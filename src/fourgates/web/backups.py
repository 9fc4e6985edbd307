"""A whole site in one file (网站备份): every record, every table and the list of doors; the keys that open it lie in a second.

Records are copied first, each as of one moment, the tables after them and the keys last: whatever an entry names is then
there, and what opens it. Names and words are copied as they lie, sealed. Sessions are left out, so everybody signs in again.

The newest file of keys opens every older backup, without whoever was erased since: it is the only one to be kept.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command

from fourgates import bundle, canon, keeper, vault
from fourgates.errors import Refused
from fourgates.selection import Selection as State
from fourgates.store import Store, open_store, portable
from fourgates.web import elsewhere, records, resealing, sealing
from fourgates.web.home import Keys
from fourgates.web.models import Selection, User

TABLES, RECORDS, DOORS = "tables.json", "records", f"{elsewhere.LIST}.sealed"
LEFT_OUT = ("contenttypes", "auth.permission", "sessions", "usersessions", "axes")


class Restored(NamedTuple):
    """A record that is back: its entries, and whose names were erased after the backup, which it does not know of."""

    entries: int
    erased: tuple[str, ...]


def pack(file: Path, key: Path) -> int:
    """Write the site into the new ``file`` and the keys that open it into the new ``key``; gives the number of records.

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
        names = {
            row.slug: {name: one.hex() for name, one in records.keys(row).every().items()} for row in rows
        }
        _private(key, canon.spell(Keys(keeper.moment(), settings.SECRET_KEY, names)))
        with packed.open("rb+") as written:
            os.fsync(written.fileno())
        packed.chmod(0o600)
        os.link(packed, file)
    bundle.settle(file.absolute().parent)
    return len(rows)


def unpack(file: Path, keys: Keys) -> dict[str, Restored]:
    """Put the site in ``file`` back into this installation, whose tables are new and whose secret is that of ``keys``; every
    record is replayed. Gives what came back by slug. ``Refused`` (K.6) where there is a site, (K.3) for another file."""
    if User.objects.exists() or Selection.objects.exists():
        raise Refused("K.6", "存库里已有另一份纪实，或者比这一份更新，没有搬入")
    home, reached = settings.INSTALLATION, dict[str, Restored]()
    with tempfile.TemporaryDirectory(dir=home.folder) as place:
        room = Path(place)
        try:
            with zipfile.ZipFile(file) as archive:
                archive.extractall(room)  # which lets no name lead out
                archive.getinfo(TABLES)
            call_command("loaddata", str(room / TABLES), verbosity=0)
            resealing.everything()
        except (zipfile.BadZipFile, KeyError) as error:
            raise Refused("K.3", "{file}不是存库：{what}", file=file.name, what=str(error)) from None
        for row in Selection.objects.all():
            row.store = home.store(row.slug)
            store = open_store(row.store)
            if store.keys is not None:
                store.keys.bring({n: bytes.fromhex(one) for n, one in keys.names.get(row.slug, {}).items()})
            state = portable.restore(room / RECORDS / f"{row.slug}.db", store)
            reached[row.slug] = Restored(state.n, _erased(store, state))
            store.close()
            row.save(update_fields=["store"])
        if (room / DOORS).exists():
            _private(
                (home.folder or room) / elsewhere.LIST, sealing.opened((room / DOORS).read_bytes(), DOORS)
            )
    return reached


def _erased(store: Store, state: State) -> tuple[str, ...]:
    """Whose row is here and whose key is not, though the record does not say so."""
    there = store.keys.every() if store.keys is not None else {}
    with store.reading() as view:
        sealed = {name for _name, row in view.rows_of_people() for name in vault.names(row)}
    gone = {name.removeprefix(vault.person("")) for name in sealed - there.keys()}
    return tuple(sorted((gone & state.facts.roster().members.keys()) - state.erased.keys()))


def _private(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
