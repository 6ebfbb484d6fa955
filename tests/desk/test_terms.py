"""Terms that bind nobody who has not agreed to them: nothing leaves before the requester did."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from habeas.assess import CONDITIONS, Ceiling, Decision
from habeas.desk import Act, Case, Desk, limits, may, queue, terms
from habeas.desk.clocks import State
from habeas.desk.letters import filling
from habeas.desk.letters.model import Condition, Kind
from habeas.errors import Refused
from habeas.request import Measure
from tests.desk.desks import (
    CASE,
    DONE,
    SOUND,
    TERM,
    WHEN,
    at,
    bring,
    house_of,
    letter_to,
    on_terms,
    steps,
)

WORDS = "The court, by letter of the same day."


def _barred(desk: Desk, act: Act, person: str) -> str:
    answer = may(desk.house().person(person), act, desk.case(CASE), desk.house(), WHEN["approved"])
    return "" if answer else answer.reason


def test_usual_terms_and_a_secrecy_not_kept_are_not_asked_to_be_accepted_here() -> None:
    case = bring(house_of()[0], "decided")
    assert case.assessment is not None
    usual = (
        CONDITIONS["conditions.speciality"],
        CONDITIONS["conditions.secrecy"],
        CONDITIONS["rights.child"],
    )
    case = msgspec.structs.replace(
        case, assessment=msgspec.structs.replace(case.assessment, conditions=usual)
    )
    assert terms.to_accept(case) == ()


@pytest.mark.parametrize(
    ("check", "condition"),
    [("rights.death-penalty-preservation", Condition.NO_DEATH_PENALTY),
     ("rights.treatment-risk", Condition.TREATMENT),
     ("rights.absence", Condition.RETRIAL), ("rights.special-court", Condition.ORDINARY_COURT)],
)  # fmt: skip
def test_an_assurance_about_what_becomes_of_the_person_has_to_be_accepted(
    check: str, condition: Condition
) -> None:
    case = bring(house_of()[0], "decided")
    assert case.assessment is not None
    asked = msgspec.structs.replace(case.assessment, conditions=(CONDITIONS[check],))
    case = msgspec.structs.replace(case, assessment=asked)
    assert terms.to_accept(case) == terms.unaccepted(case) == (condition,)
    assert filling.in_words(condition).endswith(".")
    accepted = msgspec.structs.replace(case, accepted=(str(condition),))
    assert terms.unaccepted(accepted) == ()


def test_a_term_of_the_law_of_the_seat_has_to_be_accepted() -> None:
    case = bring(house_of()[0], "decided")
    assert case.assessment is not None
    law, words = next(iter(terms.BY_SEAT_LAW.items()))
    case = msgspec.structs.replace(
        case, assessment=msgspec.structs.replace(case.assessment, conditions=(law,))
    )
    assert terms.to_accept(case) == (words,)


def test_where_nothing_leaves_and_for_an_order_of_our_own_nothing_is_to_be_accepted() -> None:
    desk, _memory = house_of()
    kept = bring(
        desk,
        "decided",
        **{
            each: {"decision": Decision.PROCEED, "ceiling": Ceiling.PRESERVE, "conditions": (TERM,)}
            for each in ("i1", "i2", "i3")
        },
    )
    assert terms.own(kept) == (TERM,)
    assert terms.to_accept(kept) == ()
    case = on_terms(house_of()[0])
    ours = msgspec.structs.replace(case.versions[-1].request, measure=Measure.DOMESTIC_ORDER)
    version = msgspec.structs.replace(case.versions[-1], request=ours)
    assert terms.to_accept(msgspec.structs.replace(case, versions=(version,))) == ()


def test_nothing_is_approved_or_leaves_before_the_requester_accepted() -> None:
    desk, _memory = house_of()
    on_terms(desk, put=False)
    write = "The conditions were not put to the requester. Write the letter of conditions first."
    assert _barred(desk, Act.ANSWER_CONDITIONS, "intake") == write
    letter_to(desk, Kind.CONDITIONS)
    steps(desk, "notified", "prepared", late=0.1)
    waits = "The requester has not accepted the conditions. Record its answer to them first."
    assert _barred(desk, Act.APPROVE_RELEASE, "counsel") == waits
    with pytest.raises(Refused, match="has not accepted"):
        steps(desk, "approved", "approved")
    case = desk.answer_conditions(
        CASE, "intake", WHEN["prepared"] + timedelta(days=1), accepted=True, words=WORDS
    )
    assert case.accepted == (TERM,)
    assert terms.accepted_at(case, TERM) == WHEN["prepared"] + timedelta(days=1)
    assert terms.accepted_at(case, "Another term.") is None
    assert filling.with_data(case)[-1] == (TERM, WHEN["prepared"] + timedelta(days=1))
    assert case.history[-1].event.sentence() == "The requester accepted the condition."
    steps(desk, "approved", "released", late=1)


def test_a_letter_that_is_held_puts_nothing_to_anybody() -> None:
    desk, _memory = house_of()
    on_terms(desk, put=False)
    letter = letter_to(desk, Kind.CONDITIONS, held="uncc:40(19)").letters[-1].sha256
    assert _barred(desk, Act.ANSWER_CONDITIONS, "intake").startswith("The letter of conditions is held.")
    assert queue.turn_of(desk.case(CASE), desk.house(), at(hours=7)) == ("counsel", "clear-letter")
    desk.clear_letter(CASE, "counsel", at(hours=8), letter=letter, words="Compared.")
    assert _barred(desk, Act.ANSWER_CONDITIONS, "intake") == ""
    [offer] = terms.offers(desk.case(CASE))
    assert (offer.since, offer.until) == (at(hours=8), None)


def test_what_is_not_accepted_is_decided_anew() -> None:
    desk, _memory = house_of()
    on_terms(desk)
    case = desk.answer_conditions(CASE, "reviewer", at(days=1), accepted=False, words=WORDS)
    assert (case.stage, case.accepted) == ("assessed", ())
    assert terms.accepted_at(case, TERM) is None
    assert case.history[-1].event.sentence() == "The requester did not accept the condition."
    case = steps(desk, "reviewed", "decided", late=2)  # this time on no condition
    assert terms.to_accept(case) == ()


def test_what_was_accepted_of_one_version_is_not_of_the_next_nor_another_term() -> None:
    desk, _memory = house_of()
    case = DONE["answer-conditions"](desk)
    assert (case.accepted, terms.unaccepted(case)) == ((TERM,), ())
    desk.escalate(CASE, "reviewer", at(hours=9), why="Another term is wanted.")
    other = "Only until the spring."
    case = steps(desk, "reviewed", "decided", late=1, i1={"conditions": (TERM, other)})
    assert terms.unaccepted(case) == (other,)
    assert _barred(desk, Act.APPROVE_RELEASE, "counsel").startswith("Files are missing")
    desk, _memory = house_of()
    DONE["answer-conditions"](desk)
    desk.escalate(CASE, "reviewer", at(hours=9), why="It is asked again.")
    desk.ask(CASE, "counsel", at(hours=9), questions=["Which days?"])
    desk.agree_questions(CASE, "reviewer-2", at(hours=9), agrees=True)
    newer = msgspec.structs.replace(SOUND, facts=SOUND.facts + " These.")
    assert desk.answer(CASE, "intake", at(hours=10), request=newer, source="0" * 64).accepted == ()


def _turn(case: Case, desk: Desk, when: float) -> tuple[str, str]:
    return queue.turn_of(case, desk.house(), at(days=when))


def test_the_queue_has_the_letter_written_first_and_then_waits_for_the_requester() -> None:
    desk, _memory = house_of()
    case = on_terms(desk, put=False)
    assert _turn(case, desk, 0.3) == ("reviewer", "write")
    owed = filling.owed(case, at().date())
    assert owed is not None
    assert (owed.kind, owed.written, filling.kinds(case)[0]) == (Kind.CONDITIONS, False, Kind.CONDITIONS)
    letter_to(desk, Kind.CONDITIONS)
    case = steps(desk, "notified", "notified", late=0.1)
    assert _turn(case, desk, 1) == ("person", "object")
    assert _turn(case, desk, 9) == ("requester", "answer-conditions")
    assert _turn(case, desk, 40) == ("reviewer", "write")  # their time is over: they are reminded
    case = desk.answer_conditions(CASE, "intake", at(days=41), accepted=True, words=WORDS)
    assert _turn(case, desk, 41) == ("custodian", "prepare")


def test_the_houses_own_time_stops_while_conditions_lie_with_the_requester() -> None:
    desk, _memory = house_of()
    case = on_terms(desk)

    def clock(case: Case) -> limits.Reckoning:
        return next(each for each in limits.of(case, desk.house()) if each.id == "house-answer")

    assert clock(case).state(at(days=2)) is State.STOPPED
    assert "the requester has not answered to the conditions" in clock(case).says(at(days=2))
    reply = limits.reply(case, desk.house())
    assert reply is not None
    assert reply.limit.id == "reply"
    before = clock(bring(house_of()[0], "decided")).due
    assert before is not None
    case = desk.answer_conditions(CASE, "intake", at(days=5), accepted=True, words=WORDS)
    assert clock(case).due == before + timedelta(days=5)
