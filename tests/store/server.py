"""A real PostgreSQL server for tests: made in a folder, reachable by a socket only, thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

MISSING = "no PostgreSQL server on this machine: install Debian's package postgresql"
_UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: Debian keeps them off the path, the newest version last."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    if found:
        return found[-1].parent
    onpath = shutil.which("initdb")
    return Path(onpath).resolve().parent if onpath else None


class Server:
    def __init__(self, *, durable: bool = False) -> None:
        """durable: waits for the disk, as a server does at work. A crash of the server loses nothing without
        it either, only a crash of the machine does; and tests are quicker."""
        self._durable = durable
        found = binaries()
        if found is None:
            raise FileNotFoundError(MISSING)
        self._binaries = found
        self.folder = Path(tempfile.mkdtemp(prefix="habeas-pg-", dir=tempfile.gettempdir()))
        self.data = self.folder / "data"
        self._user = self._whom()
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._do("initdb", "-D", self.data, "-U", "habeas", "--auth=trust", "-E", "UTF8", "--no-locale", "-N")
        self.start()
        self._count = 0

    @staticmethod
    def _whom() -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        for name in _UNPRIVILEGED:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise FileNotFoundError("no unprivileged user to run PostgreSQL as")

    def _do(self, name: str, *arguments: str | Path) -> None:
        who = self._user
        as_whom = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}
        subprocess.run(
            [self._binaries / name, *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **as_whom,  # type: ignore[call-overload]
        )

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=50"
        if not self._durable:
            options += " -c fsync=off"
        self._do("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "-s", "start")

    def stop(self, mode: str) -> None:
        self._do("pg_ctl", "-D", self.data, "-m", mode, "-w", "-s", "stop")

    def crash(self) -> None:
        """As when the power goes: nobody is asked, nothing is tidied up, the log is replayed."""
        self.stop("immediate")
        self.start()

    def conninfo(self, database: str) -> str:
        return f"host={self.folder} user=habeas dbname={database}"

    def new_database(self) -> str:
        """The conninfo of a fresh, empty database."""
        self._count += 1
        name = f"house{self._count}"
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.conninfo(name)

    def close(self) -> None:
        self.stop("immediate")  # nothing here is kept
        shutil.rmtree(self.folder)
