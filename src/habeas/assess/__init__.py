"""The judgement: from a request to a reasoned, cited recommendation.

* `assessing`: one request in, one recommendation out · `facts`: what is established, and from where
* `rulebook`: the legal tests and house policy · `logic`: three-valued conditions, three evaluators
* `narrative`, `lexicon`, `text`, `phrasebook`: what the words show · `weighing`: what their sum means
* `finding`: the answer as values · `kept`: answers kept for the questions that come again

The door is `assess(request, on=...)`, and `assess_all` for many.
"""

from __future__ import annotations

from habeas.assess.assessing import (
    CONDITIONS,
    FORMAL_REQUEST,
    REQUESTED_DEADLINE,
    ROADS,
    SEAT_UNKNOWN,
    assess,
    assess_all,
)
from habeas.assess.facts import Knowledge, Matter, Seat, establish, seat_of, signed_words, texts
from habeas.assess.finding import HIGHEST, Assessment, Ceiling, Finding, Outcome, Recurring
from habeas.assess.logic import Three
from habeas.assess.rulebook import Consequence, Decision, Rulebook, rulebook

__all__ = [
    "CONDITIONS",
    "FORMAL_REQUEST",
    "HIGHEST",
    "REQUESTED_DEADLINE",
    "ROADS",
    "SEAT_UNKNOWN",
    "Assessment",
    "Ceiling",
    "Consequence",
    "Decision",
    "Finding",
    "Knowledge",
    "Matter",
    "Outcome",
    "Recurring",
    "Rulebook",
    "Seat",
    "Three",
    "assess",
    "assess_all",
    "establish",
    "rulebook",
    "seat_of",
    "signed_words",
    "texts",
]
