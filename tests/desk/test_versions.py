"""A request that goes on asks for no more than before, and nothing that stands against it is lost."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas.desk import Stage, limits
from habeas.desk.events import Happening
from habeas.errors import Refused
from habeas.request import Category, Identifier, Period
from tests.desk.desks import (
    CASE,
    DONE,
    DUBLIN,
    EMERGENCY,
    SOUND,
    SOURCE,
    TRAFFIC,
    TWO,
    ask,
    at,
    bring,
    changed,
    house_of,
    receive,
    target,
)

OTHER = "2026-000002"
_ONE = TRAFFIC.targets[0]
URGENT = changed(
    TRAFFIC,
    emergency=EMERGENCY.emergency,
    targets=(_ONE, msgspec.structs.replace(_ONE, id="t2", identifiers=(Identifier(value="b@c.example"),))),
)
"""An order in an emergency, of which an authority of the provider's state is notified, about two accounts."""


def test_a_case_is_merged_only_into_one_that_asks_for_all_of_it() -> None:
    desk, _memory = house_of()
    receive(desk, request=TWO)
    receive(desk, OTHER)
    with pytest.raises(Refused, match="does not ask for all"):
        desk.merge(CASE, "reviewer", at(), into=OTHER, why="The same.")
    assert desk.merge(OTHER, "reviewer", at(), into=CASE, why="A part of it.").stage is Stage.MERGED


def test_a_target_split_off_takes_along_what_stands_against_a_release() -> None:
    desk, _memory = house_of()
    request = changed(TWO, emergency=EMERGENCY.emergency)
    bring(desk, "assessed", request=request)
    desk.validate(CASE, "intake", at(hours=4), valid=False)
    desk.hold(CASE, "intake", at(hours=4), hold="h1", targets=["t1", "t2"])
    desk.escalate(CASE, "reviewer", at(hours=5), why="Hard.")
    with pytest.raises(Refused, match="Only counsel"):
        desk.split(CASE, "reviewer", at(hours=6), targets=["t2"], into=OTHER)
    old, new = desk.split(CASE, "counsel", at(hours=6), targets=["t2"], into=OTHER)
    assert old.stage is new.stage is Stage.RECEIVED
    assert [each for each, _item in old.asked()] == ["t1"] * 3
    assert [each for each, _item in new.asked()] == ["t2"] * 3
    assert new.escalated
    assert new.validated is False
    assert new.evidence == old.evidence
    assert new.received_by == "intake"
    assert new.split_from == CASE
    assert [(each.targets, each.until) for each in new.holds] == [(("t2",), old.holds[0].until)]


def test_what_opened_the_way_in_a_case_does_not_open_it_in_what_is_split_off() -> None:
    """Who splits a case did not see what a colleague recorded alone; it is recorded anew."""
    desk, _memory = house_of()
    bring(desk, "identified", request=changed(TWO, emergency=EMERGENCY.emergency))
    desk.validate(CASE, "intake", at(hours=4), valid=True)
    old, new = desk.split(CASE, "reviewer", at(hours=6), targets=["t2"], into=OTHER)
    assert (old.validated, new.validated) == (True, None)


@pytest.mark.parametrize("way", ["split", "merge"])
def test_a_ground_that_the_notified_authority_raised_goes_along(way: str) -> None:
    """e-Evidence Regulation, article 12: in an emergency nothing else would bar the release there."""
    desk, _memory = house_of(DUBLIN, URGENT)
    receive(desk, request=URGENT)
    desk.record_event(CASE, "intake", at(hours=1), what=Happening.GROUND, on=at().date())
    if way == "split":
        _old, new = desk.split(CASE, "reviewer", at(hours=2), targets=["t2"], into=OTHER)
    else:
        receive(desk, OTHER, request=URGENT)
        desk.merge(CASE, "reviewer", at(hours=2), into=OTHER, why="It came twice.")
        new = desk.case(OTHER)
    assert limits.ground_stands(new, desk.house())
    new = desk.record_event(OTHER, "intake", at(hours=3), what=Happening.NO_GROUND, on=at().date())
    assert not limits.ground_stands(new, desk.house())


def test_an_answer_cannot_bring_back_only_what_was_split_off() -> None:
    desk, _memory = house_of()
    DONE["split"](desk)
    desk.assess(CASE, "reviewer", at(hours=3))
    ask(desk, at(hours=4), "?")
    only = changed(TWO, targets=TWO.targets[1:])
    for request in (only, changed(TWO, targets=()), changed(TWO, targets=(target(items=()),))):
        with pytest.raises(Refused):
            desk.answer(CASE, "intake", at(days=1), request=request, source=SOURCE)


def test_a_request_that_supposes_something_about_itself_is_not_taken_in() -> None:
    desk, memory = house_of()
    bold = changed(SOUND, supposed=("sender-identified", "seat-law-permits"))
    with pytest.raises(Refused, match="supposes nothing"):
        receive(desk, request=bold)
    assert not memory.kinds()
    DONE["ask"](desk)
    with pytest.raises(Refused, match="supposes nothing"):
        desk.answer(CASE, "intake", at(days=1), request=bold, source=SOURCE)


def test_accepting_something_narrower_is_not_a_way_to_ask_for_more() -> None:
    desk, _memory = house_of()
    DONE["narrow"](desk)
    longer = Period(start=date(2020, 1, 1), end=date(2026, 10, 9))
    item = SOUND.targets[0].items[0]
    for wider in (
        TWO,
        changed(SOUND, targets=(target(items=(msgspec.structs.replace(item, period=longer),)),)),
        changed(SOUND, targets=(target(items=(msgspec.structs.replace(item, category=Category.CONTENT),)),)),
        changed(SOUND, targets=(target(items=(msgspec.structs.replace(item, id="i7"),)),)),
        changed(SOUND, targets=(target(identifiers=(Identifier(value="b@c.example"),)),)),
    ):
        with pytest.raises(Refused, match="no narrower request"):
            desk.accept_narrowing(CASE, "intake", at(days=1), request=wider, source=SOURCE)
    lower = msgspec.structs.replace(SOUND.targets[0].items[2], category=Category.TRAFFIC)
    narrower = changed(SOUND, targets=(target(items=(lower,)),))
    assert desk.accept_narrowing(CASE, "intake", at(days=1), request=narrower, source=SOURCE).version == 2


def test_an_answer_from_another_state_is_another_request() -> None:
    desk, _memory = house_of()
    DONE["ask"](desk)
    with pytest.raises(Refused, match="another state"):
        desk.answer(CASE, "intake", at(days=1), request=changed(SOUND, requesting_state="DEU"), source=SOURCE)


def test_what_an_earlier_version_said_outside_the_facts_stays_where_it_was_a_sign() -> None:
    """A signal once found in any version stays; what was no sign is not carried along."""
    desk, _memory = house_of()
    telling = "To find those who insulted the President and organised the protest."
    first = changed(SOUND, purpose=telling, necessity="There is no other way to the user.")
    bring(desk, "assessed", request=first)
    ask(desk, at(hours=4), "?")
    case = desk.answer(
        CASE, "intake", at(days=1), request=changed(SOUND, purpose="Proceedings."), source=SOURCE
    )
    assert telling in case.request.earlier_facts
    assert first.necessity not in case.request.earlier_facts
    again = desk.assess(CASE, "reviewer", at(days=1, hours=1))
    assert again.assessment is not None
    quoted = {
        source.words
        for sign in again.assessment.signs
        for source in sign.sources
        if source.ref.startswith("facts of version")
    }
    assert {"insulted", "President"} <= quoted
