"""The vault: what a key was destroyed of is gone from every copy, and nothing can be put in another's place."""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec
import pytest

from cast import refused
from fourgates import canon, vault
from fourgates.errors import Broken
from fourgates.vault import Keys

NAMES = {
    "key": "ab" * 32,
    "people": {
        "a": {"name": "白玉兰", "number": "11010519491231002X"},
        "b": {"name": "陈大山", "number": ""},
    },
    "texts": {"0f": "为人正直", "1f": "积极参加"},
}
CONTENT = canon.spell(NAMES)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(vault.beside(tmp_path / "keys" / "one"))


def test_names_lie_sealed_and_are_read_again_with_the_keys(keys: Keys) -> None:
    sealed = vault.sealed(CONTENT, keys)
    keys.save()
    assert keys.path.stat().st_mode & 0o777 == 0o600
    for planted in ("白玉兰", "11010519491231002X", "为人正直", "ab" * 32):
        assert planted.encode() not in sealed
    assert vault.read(sealed, Keys(keys.path)) == CONTENT
    assert vault.sealed(CONTENT, keys) != sealed  # another nonce
    assert vault.names(sealed) < keys.every().keys()
    assert vault.read(CONTENT, keys) == CONTENT  # as older versions kept it
    assert vault.names(CONTENT) == set()


@pytest.mark.parametrize("other", [b"", b"\xff", b"{}", b'{"people":1,"texts":{}}', CONTENT + b" "])
def test_what_is_no_document_of_names_is_kept_whole(keys: Keys, other: bytes) -> None:
    assert vault.read(vault.sealed(other, keys), keys) == other


def test_with_its_key_destroyed_a_row_is_gone_from_every_copy(keys: Keys) -> None:
    sealed = vault.sealed(CONTENT, keys)
    keys.save()
    old = keys.path.read_bytes()
    gone = keys.every()["person/a"]
    assert keys.destroy(["person/a", "text/0f", "person/nobody"]) == 2
    assert keys.destroy(["person/a"]) == 0
    assert gone.hex().encode() in old
    assert all(gone.hex().encode() not in path.read_bytes() for path in keys.path.parent.iterdir())
    left = {**NAMES, "people": {"b": {"name": "陈大山", "number": ""}}, "texts": {"1f": "积极参加"}}
    assert vault.read(sealed, keys) == canon.spell(left)
    assert "person/a" not in keys.every()
    again = vault.sealed(canon.spell(left), keys)
    keys.save()
    keys.destroy({name for name in keys.every() if name.startswith("document/")} - vault.names(again))
    assert vault.read(sealed, keys) == canon.spell(
        {**left, "key": ""}
    )  # the others, but nobody's id can be found
    assert vault.read(again, keys) == canon.spell(left)
    keys.destroy(keys.every())
    assert vault.read(sealed, keys) is None


def test_rows_of_others_lie_under_keys_that_they_name(keys: Keys) -> None:
    sealed = keys.seal({"3/text/a": "一".encode(), "3/text/b": b""}, lambda row: vault.text(row[-1]))
    assert {row: keys.opened(row, content) for row, content in sealed.items()} == {
        "3/text/a": "一".encode(),
        "3/text/b": b"",
    }
    with pytest.raises(Broken, match=r"R\.5"):
        keys.opened("3/text/b", sealed["3/text/a"])
    papers = keys.seal({"p": b"whole"}, lambda _row: keys.papers())
    assert papers["p"].startswith(keys.papers().encode() + b"\n")
    keys.destroy([vault.text("a"), keys.papers()])
    assert (keys.opened("3/text/a", sealed["3/text/a"]), keys.opened("p", papers["p"])) == (None, None)
    assert not papers["p"].startswith(keys.papers().encode())


def test_a_row_changed_or_put_in_another_s_place_is_found(keys: Keys) -> None:
    rows = msgspec.json.decode(vault.sealed(CONTENT, keys))
    people = rows["people"]
    spoilt = bytearray(base64.b64decode(rows["rest"]))
    spoilt[-1] ^= 1
    for wrong in (
        {**rows, "people": {"a": people["b"], "b": people["a"]}},
        {**rows, "rest": base64.b64encode(spoilt).decode()},
        {**rows, "rest": ""},
        {**rows, "more": 1},
    ):
        with pytest.raises(Broken) as caught:
            vault.read(canon.spell(wrong), keys)
        assert caught.value.rule == "R.5"


def test_keys_are_made_once_and_taken_over_from_elsewhere(keys: Keys, tmp_path: Path) -> None:
    made = keys.made(["person/a"])
    assert keys.made(["person/a"]) == made
    assert not keys.path.exists()
    keys.save()
    other = Keys(tmp_path / "other", shared=False)
    other.bring({})
    assert not other.path.exists()
    other.bring(keys.every())
    assert other.every() == made


def test_only_what_was_destroyed_is_a_loss_whoever_destroys_it(keys: Keys) -> None:
    keys.made(["person/a", "person/b"])
    keys.save()
    other = Keys(keys.path)
    assert (keys.losses(), other.losses()) == (0, 0)
    other.seal({"1": b""}, vault.text)
    assert keys.key("text/1") == other.key("text/1") == keys.every()["text/1"]
    assert (keys.losses(), other.losses()) == (0, 0)
    keys.destroy(["person/a"])
    assert (keys.losses(), other.losses()) == (1, 1)
    assert (other.key("person/a"), other.key("person/b")) == (None, keys.key("person/b"))
    keys.path.unlink()
    assert (keys.losses(), keys.every(), keys.losses()) == (2, {}, 2)


def test_keys_that_others_may_read_are_not_used(keys: Keys) -> None:
    keys.made(["person/a"])
    keys.save()
    keys.path.chmod(0o640)
    with refused("V.1"):
        keys.every()
    keys.path.chmod(0o600)
    keys.path.write_bytes(b"{}")
    with refused("V.1"):
        keys.every()


def test_what_is_written_in_an_objection_has_a_key_of_its_own_name() -> None:
    assert (vault.person("3"), vault.text("3"), vault.statement("3")) == ("person/3", "text/3", "statement/3")
