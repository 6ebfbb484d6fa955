"""Where cases are kept: sealed events and their read models in SQLite or PostgreSQL, files, keys, backups."""

from habeas.store.backup import Manifest, backup, restore
from habeas.store.doctor import doctor
from habeas.store.keys import (
    MasterKey,
    MasterKeys,
    from_credential,
    from_key_file,
    from_passphrase,
    handed_over,
    new_key_file,
    new_passphrase_file,
)
from habeas.store.postgres import Postgres
from habeas.store.sealing import Broken
from habeas.store.sqlite import Sqlite
from habeas.store.store import Coming, Due, Fence, Fenced, Fold, Head, Passed, Reach, Store
from habeas.store.trace import HOUSE_KEY, MATURES, Leaf, Newest, Placed, mature

__all__ = [
    "HOUSE_KEY",
    "MATURES",
    "Broken",
    "Coming",
    "Due",
    "Fence",
    "Fenced",
    "Fold",
    "Head",
    "Leaf",
    "Manifest",
    "MasterKey",
    "MasterKeys",
    "Newest",
    "Passed",
    "Placed",
    "Postgres",
    "Reach",
    "Sqlite",
    "Store",
    "backup",
    "doctor",
    "from_credential",
    "from_key_file",
    "from_passphrase",
    "handed_over",
    "mature",
    "new_key_file",
    "new_passphrase_file",
    "restore",
]
