from __future__ import annotations

import stat
from pathlib import Path

import pytest

from box.boxes import answer, opened, question
from box.test_desk import in_the_box, taken
from fourgates.box import sealing
from fourgates.box.place import KEY, Place
from fourgates.errors import Refused


def test_everything_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    taken(box, answer(box, 0, 1))
    open_to_others = [
        path.name
        for path in box.place.folder.rglob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_a_folder_holds_one_box(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    key = sealing.key()
    assert _refused(lambda: box.place.begin(question(key), key)) == "B.8"
    assert _refused(Place(tmp_path / "none").question) == "B.8"
    (tmp_path / "box" / "question.json").write_bytes(b"{}")
    assert _refused(box.place.question) == "B.8"


def test_the_key_may_lie_on_a_stick_and_no_other_opens(tmp_path: Path) -> None:
    key, stick = sealing.key(), tmp_path / "stick.json"
    place = Place(tmp_path / "box")
    place.begin(question(key), key, stick)
    assert not (place.folder / KEY).exists()
    assert place.key(stick) == key
    assert _refused(place.key) == "B.8"
    other = opened(tmp_path / "other")
    assert _refused(lambda: other.place.key(stick)) == "B.8"


def test_once_destroyed_nothing_is_left(tmp_path: Path) -> None:
    box = opened(tmp_path / "box")
    taken(box, answer(box, 0, 1))
    assert len(in_the_box(box).papers) == 1
    box.place.destroy()
    assert [path.name for path in box.place.folder.rglob("*") if path.is_file()] == []


def _refused(work: object) -> str:
    with pytest.raises(Refused) as no:
        work()  # type: ignore[operator]  # a call without arguments
    return no.value.rule
