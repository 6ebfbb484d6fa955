"""What treaties say, and what the law of the seat lets a desk do.

Instruments with their articles, tests and clocks; who is bound by them, since when and with which
reservations; the safeguards the UN Convention lacks, hooked to the articles that let a state use
them; and the law of the seat. All of it is TOML beside this package, each line with its source, its
date and how sure we are. This layer judges no request: `habeas.assess` does. It knows nothing of
national offences: `habeas.atlas` does.

The door is `law()`; see `habeas.treaty.law.Law`.
"""

from habeas.treaty.basis import BasisAnswer
from habeas.treaty.citations import Citation
from habeas.treaty.dates import Span
from habeas.treaty.law import Law, law
from habeas.treaty.model import (
    Action,
    Arrival,
    Article,
    Bound,
    Certainty,
    Clock,
    Effect,
    Evidence,
    Force,
    Hook,
    Instrument,
    Kind,
    Outcome,
    PartyRecord,
    Permits,
    Role,
    Safeguard,
    SeatRule,
    Stage,
    Standard,
    TreatyTest,
    Unit,
)
from habeas.treaty.register import Confirmation, confirm, entry_text, outstanding, read_register
from habeas.treaty.seat import SeatAnswer

__all__ = [
    "Action",
    "Arrival",
    "Article",
    "BasisAnswer",
    "Bound",
    "Certainty",
    "Citation",
    "Clock",
    "Confirmation",
    "Effect",
    "Evidence",
    "Force",
    "Hook",
    "Instrument",
    "Kind",
    "Law",
    "Outcome",
    "PartyRecord",
    "Permits",
    "Role",
    "Safeguard",
    "SeatAnswer",
    "SeatRule",
    "Span",
    "Stage",
    "Standard",
    "TreatyTest",
    "Unit",
    "confirm",
    "entry_text",
    "law",
    "outstanding",
    "read_register",
]
