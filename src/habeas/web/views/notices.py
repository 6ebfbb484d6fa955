"""Telling the person concerned: the notice as it will go, and the code for their own door.

It is an act of its own wherever it is asked for: on its own form, or with the second review, where the
reviewer asks for it beside their view. The desk checks and records it apart in both.
"""

from __future__ import annotations

from typing import Any

from habeas.errors import Refused
from habeas.reports.letter_page import as_html
from habeas.web.door import Visit, installation
from habeas.web.views.acts import Doing, Said
from habeas.web.views.letters import sheets


def notice_shown(visit: Visit, *, agreeing: bool = False) -> dict[str, Any]:
    """The notice that would follow, as it would leave; None where its reader could not give it now.

    agreeing: after they had agreed as the second person.
    """
    viewer = visit.viewer
    try:
        letter = installation().notice(
            viewer.organisation, visit.case.id, viewer.person.id, agreeing=agreeing
        )
    except Refused:
        return {"notice": None}
    return {"notice": sheets(as_html(letter))}


def notify(doing: Doing, seen: int) -> Said:
    """The code is told once, to be written into the notice; only its hash is kept. seen: the events of the
    case that whoever tells has seen or made."""
    case, by, _at = doing.who
    _changed_case, code = installation().notify(doing.house, case, by, seen=seen)
    words = f"Recorded that the person is told. Their code, shown this once, for the notice: {code}"
    return Said(words, stays=True)
