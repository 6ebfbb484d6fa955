"""Telling the person concerned: the notice as it will go, the code for their own door, and that it went out.

Writing the notice is an act of its own wherever it is asked for: on its own form, or with the second review,
where the reviewer asks for it beside their view. The desk checks and records it apart in both. Then somebody
sends it, and says so.
"""

from __future__ import annotations

from typing import Any

from habeas.desk.case import Case
from habeas.desk.events import Sending
from habeas.desk.letters.model import Language
from habeas.errors import Refused
from habeas.reports.letter_page import as_html
from habeas.web.door import Visit, installation
from habeas.web.shown import languages
from habeas.web.views.acts import Doing, Options, Said
from habeas.web.views.letters import WAYS, sheets
from habeas.web.views.typed import Typed


def notice_shown(visit: Visit, *, agreeing: bool = False) -> dict[str, Any]:
    """The notices that would follow, as they would leave, each with whose it is; none where their reader
    could not give them now.

    agreeing: after they had agreed as the second person.
    """
    viewer = visit.viewer
    try:
        written = installation().notices(
            viewer.organisation, visit.case.id, viewer.person.id, agreeing=agreeing
        )
    except Refused:
        written = ()
    return {
        "notices": [(account_of(visit.case, target), sheets(as_html(letter))) for target, letter in written],
        "tongues": languages(tuple(Language)),
        "english": Language.ENGLISH.value,
        "waits": viewer.house.settings.times.waiting_days,
    }


def account_of(case: Case, target: str) -> str:
    """The target as it was asked about."""
    found = next((each for each in case.request.targets if each.id == target), None)
    return ", ".join(each.value for each in found.identifiers) if found is not None else target


def notify(doing: Doing, typed: Typed, seen: int) -> Said:
    """Each code is told once, to be written into its notice; only its hash is kept. seen: the events of the
    case that whoever tells has seen or made."""
    case, by, _at = doing.who
    language = typed.one_of("language", Language) if typed.text("language") else Language.ENGLISH
    _changed, codes = installation().notify(doing.house, case, by, language, seen=seen)
    if len(codes) == 1:
        (code,) = codes.values()
        said = f"Their code, shown this once, for the notice: {code}"
    else:
        each = "; ".join(f"{target}: {code}" for target, code in codes.items())
        said = f"Their codes, shown this once, each for its own notice: {each}"
    return Said(f"The notice is written. {said}", stays=True)


# ---- that it went out ------------------------------------------------------------------------------------


def ways(_visit: Visit) -> Options:
    return [(each.value, says) for each, says in WAYS.items()]


def unsent(visit: Visit) -> Options:
    return [
        (target, f"{target}: {account_of(visit.case, target)}")
        for notice in visit.case.unsent()
        for target in notice.targets
    ]


def today(visit: Visit) -> str:
    return visit.viewer.house.day(visit.viewer.at).isoformat()


def sent(doing: Doing, typed: Typed) -> object:
    return doing.desk.send_notice(
        *doing.who,
        targets=typed.texts("targets"),
        way=typed.one_of("way", Sending),
        on=typed.needed_day("on"),
    )
