"""What lies in the databases of a site: nobody's name, number or words can be read there, and nothing can be moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fourgates import vault
from fourgates.errors import Broken
from fourgates.web import records, texts
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


def test_a_text_lies_sealed_and_opens_in_its_own_row_alone(working: Selection) -> None:
    texts.keep(working, {"a": "王同志的话", "b": "另一句"})
    assert texts.everything(working) == {"a": "王同志的话", "b": "另一句"}
    assert "王同志的话" not in str(list(Text.objects.values()))
    Text.objects.filter(digest="b").update(text=Text.objects.get(digest="a").text)
    with pytest.raises(Broken):
        texts.everything(working)
    records.keys(working).destroy([vault.text("a")])
    assert texts.everything(working) == {}
