"""What one person recorded alone opens no release that the same person approves."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import Case, Desk, Role, alone, events
from habeas.desk.events import Happening
from habeas.desk.letters.model import Kind
from habeas.errors import Refused
from habeas.request import Measure, Request
from tests.desk.desks import (
    CASE,
    CODE,
    DUBLIN,
    EMERGENCY,
    LATER,
    SOUND,
    TRAFFIC,
    WHEN,
    all_refused,
    at,
    bring,
    changed,
    files,
    house_of,
    letter_to,
    send,
    step,
    steps,
    written,
)

APPROVED = at(days=9, hours=4)
_TERM = "The data are not shown to anybody else."


def _hats(desk: Desk, person: str, *roles: Role) -> None:
    """Roles given while the house was set up by one."""
    desk.change_roles("administrator", at(days=-1), person=person, roles=roles)


def _notice(by: str) -> Desk:
    desk, _memory = house_of()
    bring(desk, "decided")
    written(desk, "intake" if by == "nobody" else "reviewer-2", WHEN["notified"])
    send(desk, by, WHEN["notified"])
    step(desk, "prepared")
    return desk


def _files(by: str) -> Desk:
    desk, _memory = house_of()
    _hats(desk, "counsel", Role.COUNSEL, Role.CUSTODIAN)
    _hats(desk, "counsel-2", Role.COUNSEL, Role.CUSTODIAN)
    case = bring(desk, "notified")
    desk.prepare(CASE, by, LATER, files=files(case))
    return desk


def _objection(by: str) -> Desk:
    desk, _memory = house_of()
    bring(desk, "prepared")
    desk.object(CASE, LATER, code=CODE, words="It is a mistake.")
    desk.answer_objection(CASE, by, LATER, upheld=False, reason="It is none.")
    return desk


def _conditions(by: str) -> Desk:
    desk, _memory = house_of()
    bring(desk, "decided", i1={"conditions": (_TERM,)})
    letter_to(desk, Kind.CONDITIONS, WHEN["decided"])
    desk.answer_conditions(CASE, by, WHEN["decided"], accepted=True, words="Their registry, by mail.")
    steps(desk, "notified", "prepared")
    return desk


def _given(case: Case) -> dict[str, dict[str, object]]:
    return {
        item.id: {"decision": Decision.PROCEED, "ceiling": Ceiling.TRAFFIC}
        for item in case.request.targets[0].items
    }


def _happened(*what: Happening, request: Request = TRAFFIC) -> Callable[[str], Desk]:
    def bring_there(by: str) -> Desk:
        desk, _memory = house_of(DUBLIN, request)
        case = bring(desk, "assessed", request=request)
        steps(desk, "reviewed", "prepared", **_given(case))
        for each in what:
            desk.record_event(CASE, by, LATER, what=each, on=LATER.date())
        return desk

    return bring_there


def _validated(by: str) -> Desk:
    desk, _memory = house_of()
    case = bring(desk, "assessed", request=EMERGENCY)
    first, *rest = all_refused(case)
    gives = msgspec.structs.replace(first, decision=Decision.PROCEED, ceiling=Ceiling.SUBSCRIBER, ground="")
    steps(desk, "reviewed", "prepared", decided=(gives, *rest))
    desk.validate(CASE, "intake", LATER, valid=False)
    desk.validate(CASE, by, LATER, valid=True)
    return desk


def _hold(by: str) -> Desk:
    desk, _memory = house_of()
    _hats(desk, "counsel", Role.COUNSEL, Role.CUSTODIAN)
    _hats(desk, "counsel-2", Role.COUNSEL, Role.CUSTODIAN)
    keep = changed(SOUND, measure=Measure.PRESERVATION)
    case = bring(desk, "assessed", request=keep)
    kept = tuple(
        msgspec.structs.replace(each, decision=Decision.PROCEED, ceiling=Ceiling.PRESERVE, ground="")
        for each in all_refused(case)
    )
    steps(desk, "reviewed", "decided", decided=kept)
    desk.hold(CASE, "reviewer", at(hours=6), hold="h1", targets=["t1"])
    desk.confirm_hold(CASE, by, at(hours=7), hold="h1", kept=["t1"])
    return desk


WORDS: dict[str, tuple[Callable[[str], Desk], str]] = {
    "a notice went out": (_notice, "You recorded that the notice went out."),
    "what the files hold": (_files, "You prepared the files."),
    "an objection is none": (_objection, "You answered the objection."),
    "conditions are accepted": (_conditions, "You recorded that the conditions are accepted."),
    "no authority was notified": (
        _happened(Happening.NOT_NOTIFIED),
        "You recorded what is said of the notified authority.",
    ),
    "the authority raises no ground": (
        _happened(Happening.GROUND, Happening.NO_GROUND),
        "You recorded what is said of the notified authority.",
    ),
    "a measure was validated": (_validated, "You recorded that the measure was validated."),
    "data are kept": (_hold, "You confirmed that the data are kept."),
}


@pytest.mark.parametrize("what", WORDS)
def test_who_recorded_it_alone_does_not_approve_the_release_and_another_one_does(what: str) -> None:
    bring_there, says = WORDS[what]
    desk = bring_there("counsel")
    assert any(each.by == "counsel" for each in alone.rests_on(desk.case(CASE)))
    with pytest.raises(Refused) as refused:
        desk.approve_release(CASE, "counsel", APPROVED)
    assert refused.value.sentence == f"{says} Somebody else must approve the release"
    assert desk.approve_release(CASE, "counsel-2", APPROVED).approval is not None


def test_when_it_ran_from_is_one_person_s_word_too() -> None:
    """In an emergency a ground counts only within 96 hours of a day that somebody states."""
    urgent = changed(TRAFFIC, emergency=EMERGENCY.emergency)
    desk = _happened(Happening.NOTIFIED, request=urgent)("counsel")
    words = alone.rests_on(desk.case(CASE))
    assert [each.by for each in words if each.event.kind == "happened"] == ["counsel"]


def test_what_shuts_the_way_stands_on_one_word() -> None:
    desk, _memory = house_of()
    bring(desk, "prepared")
    before = alone.rests_on(desk.case(CASE))
    desk.object(CASE, LATER, code=CODE, words="It is a mistake.")
    case = desk.answer_objection(CASE, "counsel", LATER, upheld=True, reason="It is one.")
    assert not [each for each in alone.rests_on(case) if each.by == "counsel"]
    assert [each.event.kind for each in before] == ["notice-sent", "files-prepared"]
    desk = _happened(Happening.GROUND)("counsel")
    assert not [each for each in alone.rests_on(desk.case(CASE)) if each.by == "counsel"]


def test_only_what_the_release_rests_on_now_counts() -> None:
    """Files that were laid out anew, and a validation that was taken back, are no word for anything."""
    desk = _files("counsel")
    desk.prepare(CASE, "counsel-2", LATER, files=files(desk.case(CASE), "anew"))
    assert desk.approve_release(CASE, "counsel", APPROVED).approval is not None
    desk = _validated("counsel")
    desk.validate(CASE, "intake", LATER, valid=False)
    assert not [each for each in alone.rests_on(desk.case(CASE)) if each.by == "counsel"]


def test_what_no_release_rests_on_has_no_sentence() -> None:
    with pytest.raises(AssertionError):
        alone.said(events.Noted(words="A note."))
