"""What one person recorded alone, and a release would rest on.

That a notice went out, what a file holds, that data are kept, that the requester accepts a condition, that a
measure was validated, what is said of an authority that is to be notified, and that an objection is none: the
desk sees nothing of it but somebody's word, and each opens the way to a release. So each takes a second pair
of eyes: whoever approves the release finds every one of them named on its page, and recorded none of them
(`habeas.desk.moves`). What shuts the way stands on one word.
"""

from __future__ import annotations

from habeas.assess import Ceiling
from habeas.desk import events
from habeas.desk.case import Case
from habeas.desk.events import Event, Happening, Recorded

_OPENS = frozenset({Happening.NOTIFIED, Happening.NOT_NOTIFIED, Happening.NO_GROUND})
"""What takes the time of a notified authority away, ends it, or says from when it ran."""


def rests_on(case: Case) -> tuple[Recorded, ...]:
    """What was recorded by one person and opens the way to this release, in the order it was recorded."""
    sent = {notice.code for notice in case.last_sent(case.concerned()).values()}
    keeps = any(each.ceiling is Ceiling.PRESERVE for each in case.giving())
    live = {each.id for each in case.holds if keeps and each.ended is None}
    prepared = (each.number for each in case.history if isinstance(each.event, events.FilesPrepared))
    laid = max(prepared, default=0)

    def opens(recorded: Recorded) -> bool:
        match recorded.event:
            case events.NoticeSent(code=code) | events.Notified(code=code, letter=""):
                return code in sent
            case events.FilesPrepared():
                return recorded.number == laid and bool(case.files)
            case events.HoldConfirmed(hold=hold):
                return hold in live
            case events.ConditionsAnswered(conditions=conditions, accepted=True):
                return conditions == case.accepted
            case events.Validated(valid=True):
                return bool(case.validated)
            case events.Happened(what=what):
                return what in _OPENS
            case events.ObjectionAnswered(upheld=False):
                return True
        return False

    return tuple(each for each in case.history if opens(each))


def said(event: Event) -> str:
    """What somebody recorded, as it is said to them: after "You"."""
    match event:
        case events.NoticeSent() | events.Notified():
            return "recorded that the notice went out"
        case events.FilesPrepared():
            return "prepared the files"
        case events.HoldConfirmed():
            return "confirmed that the data are kept"
        case events.ConditionsAnswered():
            return "recorded that the conditions are accepted"
        case events.Validated():
            return "recorded that the measure was validated"
        case events.Happened():
            return "recorded what is said of the notified authority"
        case events.ObjectionAnswered():
            return "answered the objection"
    raise AssertionError(f"no release rests on {event.kind}")
