"""A new master key, a backup, and what is in none."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from habeas.app import keeping, soundness
from habeas.app.home import ACCOUNTS, PAGES_KEY
from habeas.app.installation import Installation
from habeas.errors import Refused
from tests.app.houses import (
    ORGANISATION,
    Clock,
    brought,
    taken_in,
)

IDENTIFIER = "recover-desk@host.example"


# ---- a new master key ----


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(
    app: Installation, clock: Clock, home: Path, tmp_path: Path
) -> None:
    case = brought(app, clock, "released")
    app.close()
    old = (home / "master" / "master.key").read_bytes()
    names = len(list(Installation.open(home, now=clock).store.keyring.names(ORGANISATION)))
    assert keeping.rotate(home).keys == names > 2, "case, house, searches and signing key"
    assert (home / "master" / "master.key").read_bytes() != old
    assert [path.name for path in (home / "master").iterdir()] == ["master.key"]
    again = Installation.open(home, now=clock, make=False)
    assert again.case(ORGANISATION, case.id) == case
    assert again.find(ORGANISATION, IDENTIFIER) == (case.id,)
    assert list(soundness.faults(again, ORGANISATION)) == []
    again.close()
    (home / "master" / "master.key").write_bytes(old)
    with pytest.raises(Refused):
        Installation.open(home, now=clock, make=False).case(ORGANISATION, case.id)


def test_where_there_is_no_installation_no_master_key_is_changed_or_made(tmp_path: Path) -> None:
    for verb in (keeping.rotate, keeping.holdings):
        with pytest.raises(Refused, match="no installation here"):
            verb(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


# ---- backups ---------------------------------------------------------------------------------------------


def test_accounts_go_with_the_records_and_their_key_with_the_keyring(
    app: Installation, home: Path, tmp_path: Path, clock: Clock
) -> None:
    with closing(sqlite3.connect(home / ACCOUNTS)) as accounts:
        accounts.execute("CREATE TABLE account (name TEXT)")
        accounts.execute("INSERT INTO account VALUES ('reviewer')")
        accounts.commit()
    (home / PAGES_KEY).write_bytes(b"key of the pages")
    case = taken_in(app)
    data, keys, again = tmp_path / "data", tmp_path / "elsewhere" / "keys", tmp_path / "again"
    keys.parent.mkdir()
    keeping.backup(app, data, keys)
    assert {each.name for each in data.iterdir()} >= {ACCOUNTS}
    assert not (data / PAGES_KEY).exists()
    assert (keys / PAGES_KEY).stat().st_mode & 0o077 == 0
    assert (data / ACCOUNTS).stat().st_mode & 0o077 == 0
    again.mkdir()
    shutil.copytree(home / "master", again / "master")
    keeping.restore(again, data, keys)
    opened = Installation.open(again, now=clock, make=False)
    assert opened.case(ORGANISATION, case.id).id == case.id
    opened.close()
    with closing(sqlite3.connect(again / ACCOUNTS)) as accounts:
        assert accounts.execute("SELECT name FROM account").fetchall() == [("reviewer",)]
    assert (again / PAGES_KEY).read_bytes() == b"key of the pages"
