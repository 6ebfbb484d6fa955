"""What national law says: facts about states, offences with dated penalties, and how to find them.

The door of the atlas. It reads the packaged law files lazily, one state at a time, and hands out frozen
values; `Atlas.find` recognises statute citations in any script. What is said here is what the files say,
with how sure we are; what follows from it for a request is decided in the assessment.
"""

from __future__ import annotations

from habeas.atlas.door import Atlas, atlas, check
from habeas.atlas.files import Column
from habeas.atlas.finding import By, Match, Strength
from habeas.atlas.model import (
    Category,
    DefaultPenalty,
    Evidence,
    Fact,
    Indicator,
    Law,
    Maximum,
    PenaltyValue,
    Provision,
    PublicProvision,
    Standing,
    State,
    StateFacts,
    Tier,
    Verification,
)

__all__ = [
    "Atlas",
    "By",
    "Category",
    "Column",
    "DefaultPenalty",
    "Evidence",
    "Fact",
    "Indicator",
    "Law",
    "Match",
    "Maximum",
    "PenaltyValue",
    "Provision",
    "PublicProvision",
    "Standing",
    "State",
    "StateFacts",
    "Strength",
    "Tier",
    "Verification",
    "atlas",
    "check",
]
