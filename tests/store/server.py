"""A real PostgreSQL server for tests: made in a folder, reachable by a socket only, thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg

MISSING = "no PostgreSQL server on this machine: install Debian's package postgresql"
_UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root
_PATIENCE = 180.0  # seconds for a server to come up or go down


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
    def __init__(self, *, durable: bool = False, data: Path | None = None, wal: Path | None = None) -> None:
        """durable: waits for the disk, as a server does at work. A crash of the server loses nothing without
        it either, only a crash of the machine does; and tests are quicker. data, wal: folders for its tables
        and its write-ahead log, where these are to lie on disks of their own."""
        self._durable = durable
        self._apart = wal is not None
        found = binaries()
        if found is None:
            raise FileNotFoundError(MISSING)
        self._binaries = found
        self.folder = Path(tempfile.mkdtemp(prefix="habeas-pg-", dir=tempfile.gettempdir()))
        self.data = (data or self.folder) / "data"
        self._user = self._whom()
        for each in (self.folder, data, wal):
            if each is not None and self._user is not None:
                os.chown(each, self._user.pw_uid, self._user.pw_gid)
        apart = [] if wal is None else [f"--waldir={wal / 'wal'}", "--wal-segsize=1"]
        self._do(
            *("initdb", "-D", self.data, "-U", "habeas", "--auth=trust", "-E", "UTF8", "--no-locale", "-N"),
            *apart,
        )
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
            env={**os.environ, "PGCTLTIMEOUT": f"{_PATIENCE:.0f}"},
            **as_whom,  # type: ignore[call-overload]
        )

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=50"
        if not self._durable:
            options += " -c fsync=off"
        if self._apart:  # or what the log was given in good times lasts for long
            options += " -c min_wal_size=2MB -c max_wal_size=8MB"
        self._do("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "-s", "start")

    def stop(self, mode: str) -> None:
        self._do("pg_ctl", "-D", self.data, "-m", mode, "-w", "-s", "stop")

    def restart(self, mode: str) -> None:
        """mode: `fast` sends everybody away and tidies up; after `immediate`, which does not, the log is
        replayed, as after a power cut."""
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        """SIGKILL for the postmaster; those it started notice, and end when they next wait for something."""
        os.kill(self._postmaster(), signal.SIGKILL)
        self.up()

    def kill_backends(self, database: str) -> None:
        """SIGKILL for whoever serves this database. The postmaster ends all others, and recovers."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s",
                (psycopg.conninfo.conninfo_to_dict(database)["dbname"],),
            ).fetchall()
        for (pid,) in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.up()

    def ask_to_stop(self) -> None:
        """A smart shutdown: whoever is connected may go on, nobody else comes in, and then it ends."""
        os.kill(self._postmaster(), signal.SIGTERM)

    def up(self) -> None:
        """Waits until it serves again, and starts it where it is down."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                # Refused where it is starting by itself, or where those it left behind are still there.
                with suppress(subprocess.CalledProcessError):
                    self.start()
                time.sleep(0.02)
            else:
                return

    def _postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

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
