"""What was asked: the request as a value, how it is read, and who is behind it.

* `model`: the frozen types · `checking`: what can never be true, and what deserves a second look
* `formats`: files, bytes and rows made into requests · `schema`: the published JSON Schema
* `authority`: how sure we are who asks · `states`: which codes name a state
"""

from __future__ import annotations

from habeas.request.authority import Evidence, EvidenceKind, Identification, Level, identify
from habeas.request.checking import Notice, check, notices
from habeas.request.formats import (
    SUPPOSED,
    Form,
    Label,
    Read,
    detect,
    from_row,
    read_bytes,
    read_corpus,
    read_entries,
    read_file,
    read_labels,
    to_native,
)
from habeas.request.model import (
    MAX_FACTS,
    PRESERVATION_ONLY,
    AccountFacts,
    Assurance,
    Attachment,
    Authorisation,
    AuthorisationKind,
    Authority,
    Category,
    Emergency,
    Identifier,
    Item,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Secrecy,
    Target,
)
from habeas.request.states import STATES, check_state

__all__ = [
    "MAX_FACTS",
    "PRESERVATION_ONLY",
    "STATES",
    "SUPPOSED",
    "AccountFacts",
    "Assurance",
    "Attachment",
    "Authorisation",
    "AuthorisationKind",
    "Authority",
    "Category",
    "Emergency",
    "Evidence",
    "EvidenceKind",
    "Form",
    "Identification",
    "Identifier",
    "Item",
    "Label",
    "Level",
    "Measure",
    "Notice",
    "Offence",
    "Penalty",
    "PenaltyKind",
    "Period",
    "Read",
    "Request",
    "Secrecy",
    "Target",
    "check",
    "check_state",
    "detect",
    "from_row",
    "identify",
    "notices",
    "read_bytes",
    "read_corpus",
    "read_entries",
    "read_file",
    "read_labels",
    "to_native",
]
