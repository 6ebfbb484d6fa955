"""PostgreSQL, for houses with many hands: the same tables and statements, many writers at once.

Writers of one case wait for each other at its row in `head`; writers of different cases meet only where one
house takes requests in, because each looks first whether a case has the request already. Text
is compared byte by byte (`COLLATE "C"`), so that the order is the same as in SQLite and everywhere.
"""

from __future__ import annotations

import hashlib
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg.conninfo import conninfo_to_dict

from habeas.errors import Refused
from habeas.store.database import Database, PerThread, Rows, Run, Taken, Value

_COPY = "habeas.dump"
_NO_ROOM = "53100"  # disk_full, PostgreSQL's appendix A
_IN_THE_WAY = 1000  # milliseconds that appends wait at most, where a table cannot be written anew
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_ERASED_FROM = ("event", "token", "job", "blob", "opening")
# libpq's tools read these, and a password stays out of the list of processes.
_ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}


def protected(conninfo: str) -> dict[str, str]:
    """What an address of a server says, by libpq's names. Raises Refused where a connection to it would cross
    a network in clear, or to nobody knows whom: there its certificate and its name must be checked."""
    try:
        said = {name: str(value) for name, value in conninfo_to_dict(conninfo).items() if value is not None}
    except psycopg.ProgrammingError:
        raise Refused(
            "this is no address of a PostgreSQL server",
            place="database",
            hint="postgresql://user:password@host:port/name",
        ) from None
    named = [*said.get("host", "").split(","), *said.get("hostaddr", "").split(",")]
    here = all(not each or each.startswith(("/", "@")) or each in _HERE for each in named)
    if (not here or "service" in said) and said.get("sslmode") != "verify-full":
        raise Refused(
            "a PostgreSQL server over a network is spoken to under its checked certificate only",
            place="database",
            hint="put ?sslmode=verify-full&sslrootcert=FILE behind its address",
        )
    return said


@lru_cache(maxsize=256)
def _query(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


class Postgres(Database):
    kind = "PostgreSQL"
    types: ClassVar = {
        "text": 'TEXT COLLATE "C"',
        "bytes": "BYTEA",
        "serial": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "unordered": "",
    }
    for_update = " FOR UPDATE"
    for_share = " FOR SHARE"

    def __init__(self, conninfo: str) -> None:
        protected(conninfo)
        self._conninfo = conninfo
        self._threads: PerThread[psycopg.Connection[tuple[Any, ...]]] = PerThread(
            self._open, psycopg.Connection.close
        )

    @property
    def folder(self) -> Path | None:
        return None

    def _open(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = psycopg.connect(self._conninfo, autocommit=True, application_name="habeas")
        # Whatever the server's default is: acknowledged means on disk.
        connection.execute("SET synchronous_commit = on")
        # And who waited for a lock sees what was written meanwhile.
        connection.execute("SET default_transaction_isolation = 'read committed'")
        connection.execute("SET client_min_messages = warning")
        # Nothing of ours runs as long as it takes to compile it.
        connection.execute("SET jit = off")
        return connection

    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = self._threads.get()
        if connection.closed or connection.broken or _left(connection):
            self._threads.drop()
            connection = self._threads.get()
        return connection

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        connection = self._connection()

        def run(sql: str, *values: Value) -> Rows:
            cursor = connection.execute(_query(sql), values)
            return cursor.fetchall() if cursor.description else []

        try:
            with _room(), connection.transaction():
                yield run
        except psycopg.errors.UniqueViolation as error:
            raise Taken(str(error)) from error

    def ask(self, sql: str, *values: Value) -> Rows:
        with _room():
            return self._connection().execute(_query(sql), values).fetchall()

    def alone(self, run: Run, what: str) -> None:
        number = hashlib.sha256(f"habeas {what}".encode()).digest()[:8]
        run("SELECT pg_advisory_xact_lock(?)", int.from_bytes(number, signed=True))

    def scrub(self) -> None:
        """Dead rows go; pages and WAL keep bytes until they are used again. They are ciphertext without a
        key: case keys are never in this database (docs/decisions/0012).

        What waited for the public log is no ciphertext: a row that has left it would still say, by its place
        and its transaction, with which events it was written. So that table, which is never large, is written
        anew; but nobody is kept waiting for whoever makes a backup: then the next time does it."""
        connection = self._connection()
        with _room():
            for table in _ERASED_FROM:
                connection.execute(f"VACUUM {table}".encode())
            connection.execute(f"SET lock_timeout = {_IN_THE_WAY}".encode())
            try:
                with suppress(psycopg.errors.LockNotAvailable):
                    connection.execute(b"VACUUM FULL outbox")
            finally:
                if not connection.broken:
                    connection.execute(b"SET lock_timeout = 0")

    def faults(self) -> tuple[str, ...]:
        return ()

    def dump(self, folder: Path) -> None:
        self._tool("pg_dump", "--format=custom", "--no-owner", f"--file={folder / _COPY}")
        os.chmod(folder / _COPY, 0o600)
        with (folder / _COPY).open("rb") as file:
            os.fsync(file.fileno())

    def load(self, folder: Path) -> None:
        if not (folder / _COPY).is_file():
            raise Refused("this is no backup of a PostgreSQL database", place=str(folder))
        if self.ask("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'event'"):
            raise Refused("there are tables of ours in this database already")
        dbname = self._connection().info.dbname
        self._tool("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={dbname}", str(folder / _COPY))

    def _tool(self, name: str, *arguments: str) -> None:
        tool = shutil.which(name)
        if tool is None:
            raise Refused(f"{name} is not installed", hint="install Debian's package postgresql-client")
        parts = conninfo_to_dict(self._conninfo)
        names = {variable: str(parts[part]) for part, variable in _ENVIRONMENT.items() if parts.get(part)}
        done = subprocess.run(
            [tool, *arguments], env={**os.environ, **names}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Refused(f"{name} gave up: {done.stderr.strip()}")

    def close(self) -> None:
        self._threads.close()


def _left(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
    """Whether the server ended a connection that rested: it has said so, and nobody has listened yet."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        return False
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    return bool(said.poll(0))


@contextmanager
def _room() -> Iterator[None]:
    """Says in words that a disk of the server is full."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate != _NO_ROOM:
            raise
        if error.diag.severity_nonlocalized != "ERROR":  # it could not write its log, and went down
            raise Refused(
                "the database stopped for want of room on its disk",
                hint="make room and start it; then look whether this was recorded, before you do it again",
            ) from error
        raise Refused(
            "the database has no room left on its disk, and nothing was recorded",
            hint="make room, then do it again",
        ) from error
