"""The drill: a site is lost, and is back from its file and its key with everything that was in it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import override_settings

from fourgates import erasing, vault
from fourgates.errors import Refused
from fourgates.store import open_store
from fourgates.web import backups, elsewhere, records, texts
from fourgates.web.home import Home, Keys
from fourgates.web.models import Role, Selection, User

NONE = Keys("", "", {})


def restored(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "fourgates", "site", "restore", str(file), str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)


def said(keys: Keys) -> str:
    return f"钥匙是{keys.made}写的：那以后删除过个人信息的，请再删除一次\n"


def test_a_lost_site_is_back(working: Selection, tmp_path: Path) -> None:
    texts.keep(working, {"a": "王同志的话"})
    office = User.objects.get(username="office")
    TOTP.activate(office, "JBSWY3DPEHPK3PXP")
    home = tmp_path / "home"
    home.mkdir()
    (home / elsewhere.LIST).write_text('[[door]]\nkind = "dingtalk"\nclient = "d"\nsecret = "geheim"\n')
    file, key = tmp_path / "site.zip", tmp_path / "site.zip.key"
    with override_settings(INSTALLATION=Home(home, factor="none")):
        assert backups.pack(file, key) == 1
        with pytest.raises(Refused, match=r"site\.zip"):
            backups.pack(file, key)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (file, key)] == [0o600, 0o600]
    with zipfile.ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    opens = Keys.read(key)
    assert (opens.secret, set(opens.names)) == (settings.SECRET_KEY, {working.slug})
    numbers = [one.number for one in records.keeper(working).people().people.values()]
    planted = ["王同志的话", "JBSWY3DPEHPK3PXP", "geheim", settings.SECRET_KEY, *numbers]
    assert [one for one in planted if one.encode() in content] == []

    new = tmp_path / "new"
    done = restored(file, new)
    n = records.keeper(working).current().n
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"已恢复：{working.slug}，{n}条\n{said(opens)}",
        "",
    )
    assert (new / elsewhere.LIST).read_text() == (home / elsewhere.LIST).read_text()
    with closing(sqlite3.connect(new / "site.db")) as tables:
        ask = tables.execute
        assert ask("SELECT count(*) FROM web_user").fetchone() == (User.objects.count(),)
        assert ask("SELECT count(*) FROM web_role").fetchone() == (Role.objects.count(),)
        assert ask("SELECT count(*) FROM web_text").fetchone() == (1,)
        assert ask("SELECT count(*) FROM mfa_authenticator").fetchone() == (Authenticator.objects.count(),)
        ((store,),) = ask("SELECT store FROM web_selection").fetchall()
    assert store == f"sqlite:///{new}/records/{working.slug}.db"
    again = Selection(slug="again", store=store)
    assert records.keeper(again).people() == records.keeper(working).people()
    records.close(again)

    assert restored(file, new).returncode == 2
    key.unlink()
    assert (restored(file, tmp_path / "keyless").returncode, (tmp_path / "keyless").exists()) == (2, False)


def test_another_file_is_no_backup(db: None, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    with override_settings(INSTALLATION=Home(tmp_path, factor="none")), pytest.raises(Refused, match="x不是"):
        backups.unpack(tmp_path / "x", NONE)
    User.objects.create_user("somebody")
    with override_settings(INSTALLATION=Home(tmp_path, factor="none")), pytest.raises(Refused, match="已有"):
        backups.unpack(tmp_path / "x", NONE)


def test_an_older_backup_does_not_bring_back_who_was_erased(working: Selection, tmp_path: Path) -> None:
    """The newest keys open it but for that person, and the restore says whom; the record, being older, is told once more."""
    keeper, back = records.keeper(working), tmp_path / "back"
    names = keeper.people()
    id_, *others = names.people
    with override_settings(INSTALLATION=Home(tmp_path, factor="none")):
        backups.pack(tmp_path / "old.zip", tmp_path / "old.key")
        assert erasing.person(erasing.Kept(keeper), id_, "误录")
        backups.pack(tmp_path / "new.zip", tmp_path / "new.key")
    User.objects.all().delete()
    Selection.objects.all().delete()
    back.mkdir()
    with override_settings(INSTALLATION=Home(back, factor="none")):
        found = backups.unpack(tmp_path / "old.zip", Keys.read(tmp_path / "new.key"))
    assert found == {working.slug: backups.Restored(keeper.current().n - 2, (id_,))}
    again = Selection.objects.get()
    restored = records.keeper(again)
    assert (restored.people().key, [*restored.people().people]) == ("", others)
    with pytest.raises(ValueError, match=names.number(id_)):
        restored.people().id_of(names.number(id_))
    assert erasing.person(erasing.Kept(restored), id_, "误录")
    assert (len(restored.people().key), [*restored.people().people]) == (64, others)
    records.close(again)
    with open_store(f"sqlite:///{back}/records/{working.slug}.db").reading() as view:
        ((_name, row),) = view.rows_of_people()
    assert vault.person(id_) not in vault.names(row)
