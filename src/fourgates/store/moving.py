"""A record moved between a folder and a store (纪实搬移), entry for entry and byte for byte."""

from __future__ import annotations

import os
import shutil
from itertools import islice
from pathlib import Path

from fourgates import bundle, canon, checkpoints
from fourgates.bundle import DOCUMENTS, HEAD, LEDGER, PEOPLE, Head
from fourgates.errors import Refused
from fourgates.store import Store
from fourgates.store.rows import Reading


def bring_in(folder: Path, store: Store) -> int:
    """Bring the record in ``folder`` into ``store``, all or nothing; gives the number of entries added.

    The record is verified first (``Broken``). A store that holds the beginning of the same record is carried on; ``Refused``
    (K.6) where it holds anything else. The names are those of the folder.
    """
    reached = bundle.verify(folder).head
    with store.writing() as room:
        there = room.head()
        if not _begins(folder, there):
            raise Refused("K.6", "存库里已有另一份纪实，或者比这一份更新，没有搬入")
        names = {path.name: path.read_bytes() for path in (folder / PEOPLE).iterdir()}
        room.keep_people({**{name: None for name, _row in room.rows_of_people()}, **names})
        held = set(room.digests())
        paths = (path for path in (folder / DOCUMENTS).iterdir() if path.name not in held)
        room.fill((path.name, path.read_bytes()) for path in paths)
        coming = (line for _entry, line in islice(bundle.entries(folder), there.entries, None))
        room.append(coming, reached)
        for path in (folder / checkpoints.FOLDER).glob("*"):
            room.keep_checkpoint(int(path.name), path.read_bytes())
        if (folder / checkpoints.POLICY).exists():
            room.keep_policy((folder / checkpoints.POLICY).read_bytes())
    return reached.entries - there.entries


def _begins(folder: Path, there: Head) -> bool:
    """Whether the first entries of the folder are all that the store has."""
    if not there.entries:
        return True
    nth = next(islice(bundle.entries(folder), there.entries - 1, None), None)
    return nth is not None and canon.digest(nth[1]) == there.head


def write_out(store: Store, folder: Path) -> Head:
    """Write the record of ``store`` as a new ``folder``, whole from the first moment; gives how far it reaches.

    ``Refused`` (K.7) where something lies there already.
    """
    if folder.exists():
        raise Refused("K.7", "{file}已经存在，不会覆盖；请换一个名字", file=folder.name)
    beside = folder.with_name(folder.name + ".new")
    if beside.exists():
        shutil.rmtree(beside)
    with store.reading() as view:
        _lay_out(view, beside)
        reached = view.head()
    beside.replace(folder)
    bundle.settle(folder.parent)
    return reached


def _lay_out(view: Reading, folder: Path) -> None:
    for place in (DOCUMENTS, PEOPLE):
        (folder / place).mkdir(parents=True)
    with (folder / LEDGER).open("wb") as file:
        file.writelines(line + b"\n" for line in view.lines())
        file.flush()
        os.fsync(file.fileno())
    for digest, content in view.documents():
        bundle.write(folder / DOCUMENTS / digest, content)
    for name, content in view.people().items():
        bundle.write(folder / PEOPLE / name, content)
    _lay_out_checkpoints(view, folder)
    bundle.write(folder / HEAD, canon.spell(view.head()))
    for place in (DOCUMENTS, PEOPLE, "."):
        bundle.settle(folder / place)


def _lay_out_checkpoints(view: Reading, folder: Path) -> None:
    notes, policy = view.checkpoints(), view.policy()
    if policy is not None:
        bundle.write(folder / checkpoints.POLICY, policy)
    if notes:
        (folder / checkpoints.FOLDER).mkdir()
        for n, note in notes.items():
            bundle.write(folder / checkpoints.FOLDER / str(n), note)
        bundle.write(folder / checkpoints.LATEST, notes[max(notes)])
        bundle.settle(folder / checkpoints.FOLDER)
