"""The home folder of an installation: what lies where, and how a file is written for its owner alone.

data/desk.sqlite   events and read models, sealed (not there where PostgreSQL keeps them)
data/blobs/        files of cases, sealed
keys/              the keyring of case keys and the ledger of erasures; never in the same backup as data/
master/            the master key, or what opens it, where systemd does not hand it over (`masters.py`)
outgoing/          sealed packages, as they left
public/            the public site of each house: its log and what is read beside it
counts/            what doors that run apart counted last, for the report; the doors have it too
unsaid/            what law forbade even to say, by what was published under it; for auditors
law-confirmations.toml   which provisions an office compared with a certified text
"""

from __future__ import annotations

import os
from pathlib import Path

from habeas.errors import Refused
from habeas.store import Postgres, Sqlite

ACCOUNTS, PAGES_KEY = "accounts.sqlite", "web.key"  # of the pages: who signs in, and what seals their factors
RESTORED = "restored"  # the houses that publish again since a restore, once it is there


def there(home: Path) -> None:
    """Raises Refused where the folder holds no installation: a mistyped one must not become a new one."""
    if not (home / "data").is_dir():
        raise Refused(
            "there is no installation here", place=str(home), hint="`habeas house found` opens a new one"
        )


def private(*folders: Path) -> None:
    """Each made where it is not there, for its owner alone: `parents=True` would open the ones above."""
    for folder in folders:
        folder.mkdir(exist_ok=True, mode=0o700)


def write_private(path: Path, data: bytes) -> None:
    """For its owner alone, and on the disk when this returns."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def database_of(home: Path, address: str) -> Postgres | Sqlite:
    """Where the records are: at a PostgreSQL address, or in the file of the home folder."""
    return Postgres(address) if address else Sqlite(home / "data" / "desk.sqlite")
