"""What lies in the databases of a site: nobody's name, number or words can be read there, and nothing can be moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import offices
from fourgates import canon
from fourgates.errors import Broken
from fourgates.store import open_store
from fourgates.web import records, sealing, texts
from fourgates.web.models import Selection, Text


def lying(store: str) -> Iterator[bytes]:
    """Every file of a store in a file."""
    path = Path(store.removeprefix("sqlite:///"))
    yield from (one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_no_name_and_no_number_lies_in_a_store_of_the_site(working: Selection) -> None:
    people = records.keeper(working).people().people
    planted = [one.number.encode() for one in people.values()] + [
        one.name.encode() for one in people.values()
    ]
    assert len(planted) > 100
    content = b"".join(lying(working.store))
    assert [one for one in planted if one in content] == []


def test_sealed_names_open_in_their_own_place_alone(working: Selection, tmp_path: Path) -> None:
    store = offices.copied(working.store, tmp_path / "moved.db")
    kept = records.keeper(working).current().people
    assert kept is not None
    name = f"{kept.document}.json"
    path = store.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as own:
        ((_name, sealed),) = own.execute("SELECT name, content FROM people").fetchall()
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for row in (("other.json", sealed), (name, changed), (name, b"{}"), (name, sealed)):
        with closing(sqlite3.connect(path)) as own, own:
            own.execute("UPDATE people SET name = ?, content = ?", row)
        if row == (name, sealed):
            break
        with records.opened(store).reading() as view, pytest.raises(Broken, match="附件"):
            view.people()
    with records.opened(store).reading() as view, open_store(store).reading() as lies:
        content = view.person(name)
        assert content is not None
        assert canon.digest(content) == kept.document
        assert lies.person(name) == sealed


def test_names_that_came_unsealed_are_those_that_the_record_names() -> None:
    content = b'{"key": ""}'
    name = f"{canon.digest(content)}.json"
    assert sealing.Names().opened(name, content) == content
    with pytest.raises(Broken):
        sealing.Names().opened(name, content + b" ")


def test_a_text_lies_sealed_and_opens_in_its_own_row_alone(working: Selection) -> None:
    texts.keep(working, {"a": "王同志的话", "b": "另一句"})
    assert texts.everything(working) == {"a": "王同志的话", "b": "另一句"}
    assert "王同志的话" not in str(list(Text.objects.values()))
    Text.objects.filter(digest="b").update(text=Text.objects.get(digest="a").text)
    with pytest.raises(Broken):
        texts.everything(working)
