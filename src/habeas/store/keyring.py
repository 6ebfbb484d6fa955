"""The keyring: every case's own key, wrapped under the master key, outside the database.

A key that is in the database is in its write-ahead log, its dead rows and every backup of it, and cannot be
destroyed there. So case keys live in one small SQLite file, in a folder of its own, with a backup of its own
(docs/decisions/0012). Destroying a key here, and in the copies of this file, is what erases a case: contents
anywhere else, on any old disk, are noise from then on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from habeas.errors import Refused
from habeas.store.database import Run
from habeas.store.keys import KEY_BYTES, MasterKey, MasterKeys, Random
from habeas.store.schema import migrate
from habeas.store.sealing import packed
from habeas.store.sqlite import Sqlite

FILE = "keys.sqlite"

_STEPS = (
    (
        """CREATE TABLE casekey (
            organisation {text} NOT NULL, name {text} NOT NULL, master {text} NOT NULL,
            wrapped {bytes} NOT NULL,
            PRIMARY KEY (organisation, name))""",
        "CREATE INDEX casekey_master ON casekey (master)",
        "CREATE TABLE backup (path {text} NOT NULL PRIMARY KEY, made {text} NOT NULL)",
    ),
    # Master keys that wrap nothing any more: what a process that still has one wrapped would be lost.
    ("CREATE TABLE retired (master {text} NOT NULL PRIMARY KEY)",),
)


class Keyring:
    """The keys of one installation. name: a case, or a purpose of the house's own (it begins with a dot)."""

    def __init__(self, path: Path, masters: MasterKeys, *, random: Random = os.urandom) -> None:
        self._file = Sqlite(path)
        self._random = random
        self.masters = masters
        migrate(self._file, _STEPS)

    @property
    def path(self) -> Path:
        return self._file.path

    def key(self, organisation: str, name: str) -> bytes | None:
        """The key, or None where it was destroyed or never made."""
        found = self._file.ask(
            "SELECT master, wrapped FROM casekey WHERE organisation = ? AND name = ?", organisation, name
        )
        if not found:
            return None
        [(master, wrapped)] = found
        return self.masters.of(master).unwrap(wrapped, _context(organisation, name))

    def made(self, organisation: str, name: str) -> bytes:
        """The key; made now where there is none. Two who make it at once get the same."""
        if (found := self.key(organisation, name)) is not None:
            return found
        key = self._random(KEY_BYTES)
        master = self.masters.current
        wrapped = master.wrap(key, _context(organisation, name))
        with self._file.transaction() as run:
            if run("SELECT 1 FROM retired WHERE master = ?", master.id):
                raise Refused(
                    f"another master key took the place of {master.id}",
                    place=name,
                    hint="stop whatever runs with the old one, and start it again",
                )
            first = run(
                """INSERT INTO casekey (organisation, name, master, wrapped) VALUES (?, ?, ?, ?)
                ON CONFLICT (organisation, name) DO NOTHING RETURNING 1""",
                organisation,
                name,
                master.id,
                wrapped,
            )
        if first:
            return key
        made = self.key(organisation, name)
        if made is None:
            raise Refused("the key was destroyed at this moment", place=name)
        return made

    def unmade(self, organisation: str, name: str) -> None:
        """Takes back a key that was made for what then never began. Its bytes go with the next scrub."""
        with self._file.transaction() as run:
            run("DELETE FROM casekey WHERE organisation = ? AND name = ?", organisation, name)

    def destroy(self, organisation: str, *names: str) -> int:
        """Destroys keys for good: their bytes are in no file of the keyring. How many there were."""
        with self._file.transaction() as run:
            gone = sum(
                len(
                    run(
                        "DELETE FROM casekey WHERE organisation = ? AND name = ? RETURNING 1",
                        organisation,
                        name,
                    )
                )
                for name in names
            )
        self._file.scrub()
        return gone

    def names(self, organisation: str) -> Iterator[str]:
        """The names of all keys there are, in order."""
        after = ""
        while found := self._file.ask(
            "SELECT name FROM casekey WHERE organisation = ? AND name > ? ORDER BY name LIMIT 1000",
            organisation,
            after,
        ):
            yield from (name for (name,) in found)
            after = found[-1][0]

    def under(self) -> dict[str, int]:
        """How many keys are wrapped under each master key, by its id; one that wraps none is not named."""
        return dict(self._file.ask("SELECT master, count(*) FROM casekey GROUP BY master ORDER BY master"))

    def rotate(self, new: MasterKey, *, at_most: int | None = None, at_once: int = 500) -> int:
        """Wraps every key under `new` instead. How many were left to do and are done now.

        Each batch is a transaction: stop it anywhere and call it again. Once all are done, the older master
        keys at hand wrap nothing any more, in no process. at_most: stop after about so many keys.
        """
        old = self.masters
        self.masters = MasterKeys(new, tuple(each for each in (old.current, *old.older) if each.id != new.id))
        done = 0
        while at_most is None or done < at_most:
            with self._file.transaction() as run:
                batch = run(
                    "SELECT organisation, name, master, wrapped FROM casekey WHERE master <> ? LIMIT ?",
                    new.id,
                    at_once,
                )
                for row in batch:
                    self._rewrap(run, new, *row)
                if not batch:  # nobody can have wrapped one under them since we looked
                    run("DELETE FROM retired WHERE master = ?", new.id)
                    for each in self.masters.older:
                        run(
                            "INSERT INTO retired (master) VALUES (?) ON CONFLICT (master) DO NOTHING", each.id
                        )
            if not batch:
                break
            done += len(batch)
        self._file.scrub()
        return done

    def _rewrap(
        self, run: Run, new: MasterKey, organisation: str, name: str, master: str, wrapped: bytes
    ) -> None:
        context = _context(organisation, name)
        run(
            "UPDATE casekey SET master = ?, wrapped = ? WHERE organisation = ? AND name = ?",
            new.id,
            new.wrap(self.masters.of(master).unwrap(wrapped, context), context),
            organisation,
            name,
        )

    def register(self, copy: Path, made: str) -> None:
        """Remembers where a copy of the keyring lies, so that an erasure reaches it."""
        with self._file.transaction() as run:
            run(
                """INSERT INTO backup (path, made) VALUES (?, ?)
                ON CONFLICT (path) DO UPDATE SET made = excluded.made""",
                str(copy),
                made,
            )

    def copies(self) -> tuple[Path, ...]:
        return tuple(Path(path) for (path,) in self._file.ask("SELECT path FROM backup ORDER BY path"))

    def forget(self, copy: Path) -> None:
        """A copy of the keyring was destroyed and need not be reached any more."""
        with self._file.transaction() as run:
            run("DELETE FROM backup WHERE path = ?", str(copy))

    def copy(self, to: Path) -> None:
        """A consistent copy, in place only when it is complete."""
        waiting = to.with_name(to.name + ".new")
        waiting.unlink(missing_ok=True)
        self._file.copy(waiting)
        waiting.rename(to)
        sync_folder(to.parent)

    def faults(self) -> tuple[str, ...]:
        return self._file.faults()

    def close(self) -> None:
        self._file.close()


def _context(organisation: str, name: str) -> bytes:
    return packed("habeas case key v1", organisation, name)


def sync_folder(folder: Path) -> None:
    """A new or renamed name in a folder is safe only when the folder is (POSIX fsync)."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
