"""Sealed disclosure: what leaves, and how it is packed, sealed and signed.

`preview` shows what would leave and what is stripped; `seal` packs exactly that and nothing else, encrypts it
to the verified keys of one authority and gives a small statement about it that the house signs.

values      how values are written down
keys        to whom: keys of authorities, and when one may be sealed to
extract     what is left of a table, and what was taken out of it
leaving     what: files against decisions, `preview`
papers      on which conditions, under which words
describing  the same for machines, in CASE
reading     a bag is read and checked
packing     the bag is written, as a tar
sealing     age, the signed statement, and the checks of both

Each imports only from those above it. Left to others: which items are approved, time-stamps, storage and
sending. Nothing but the sealed form is ever written.
"""

from __future__ import annotations

from habeas.desk.package.extract import Extract, Window, beyond, known, proposed, reach, window
from habeas.desk.package.keys import KEY_DAYS, RegisteredKey, check_keys, fingerprint
from habeas.desk.package.leaving import Approved, File, Leaving, Part, Preview, Stripped, level, preview
from habeas.desk.package.papers import Condition, Disclosure, usual_conditions
from habeas.desk.package.reading import check_bag, members
from habeas.desk.package.sealing import (
    Sealed,
    Statement,
    key_id,
    read_statement,
    seal,
    verify,
    verify_bag,
)

__all__ = [
    "KEY_DAYS",
    "Approved",
    "Condition",
    "Disclosure",
    "Extract",
    "File",
    "Leaving",
    "Part",
    "Preview",
    "RegisteredKey",
    "Sealed",
    "Statement",
    "Stripped",
    "Window",
    "beyond",
    "check_bag",
    "check_keys",
    "fingerprint",
    "key_id",
    "known",
    "level",
    "members",
    "preview",
    "proposed",
    "reach",
    "read_statement",
    "seal",
    "usual_conditions",
    "verify",
    "verify_bag",
    "window",
]
