"""Whole ways of a case through the desk, and every way round it that somebody would try."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from habeas.assess import Assessment, Ceiling, Decision, Finding, Outcome, assess
from habeas.desk import (
    HOUSE,
    Case,
    Conflict,
    Desk,
    Door,
    Fate,
    Held,
    House,
    Recorded,
    Role,
    Ruling,
    Stage,
    departures,
    digest,
    events,
    limits,
    queue,
)
from habeas.desk.case import fold
from habeas.desk.delivery import receipt_form
from habeas.desk.desk import LETTERS, Telling
from habeas.desk.events import (
    Arrival,
    Arrived,
    Challenged,
    Configured,
    Consulted,
    DelayGround,
    DelayLifted,
    DelayLiftProposed,
    DeliveryConfirmed,
    MergeTaken,
    NoticeDelayed,
    NoticeDelayProposed,
    NoticeSent,
    Notified,
    QuestionsProposed,
    ReceivedAgain,
    ReleaseApproved,
    Released,
    Reviewed,
    SecondReviewed,
    Sending,
    Way,
    decode,
    encode,
)
from habeas.desk.letters import Sender, compose, filling, plain
from habeas.desk.letters.model import NOTICES, Ground, Kind, Language
from habeas.desk.moves import Act, may
from habeas.desk.rulings import WHICH_ZONE, recommended
from habeas.desk.stamping import Stamping
from habeas.errors import Refused
from habeas.request import (
    AccountFacts,
    Category,
    Emergency,
    EvidenceKind,
    Identifier,
    Level,
    Measure,
    Request,
)
from tests.desk.desks import (
    ALONG,
    CASE,
    CODE,
    DONE,
    DUBLIN,
    EMERGENCY,
    GROUND,
    LATER,
    ORGANISATION,
    PACKAGE,
    PEOPLE,
    RANSOM,
    SECRET,
    SETTINGS,
    SOUND,
    SOURCE,
    START,
    TRAFFIC,
    TWO,
    UNZONED,
    WHEN,
    all_refused,
    as_covered,
    ask,
    at,
    bring,
    changed,
    configured,
    evidence,
    example,
    files,
    given,
    house_of,
    key_of,
    letter_to,
    propose_delay,
    propose_questions,
    receive,
    release,
    rulings,
    second_administrator,
    send,
    step,
    steps,
    target,
    tell,
    written,
)
from tests.desk.desks import (
    refused as refused_case,
)
from tests.stamps import certificate, pem

LATER_PACKAGE = hashlib.sha256(b"a later package").hexdigest()
OTHER, THIRD, NINTH = "2026-000002", "2026-000003", "2026-000009"
REFUSED = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": GROUND}
EXISTENCE = {"decision": Decision.NARROW, "ceiling": Ceiling.EXISTENCE}


# ---- whole journeys --------------------------------------------------------------------------------------


def test_a_sound_request_goes_its_whole_way() -> None:
    desk, memory = house_of()
    receive(desk)
    stages = [str(step(desk, name).stage) for name in list(WHEN)[1:]]
    early, late = "received received assessed reviewed", "decided decided decided decided"
    assert stages == f"{early} {late} released released closed erased".split()
    assert (
        memory.kinds()
        == (
            "received identified account-recorded assessed reviewed second-reviewed notified letter-written "
            "notice-sent files-prepared release-approved released delivery-confirmed closed erased"
        ).split()
    )
    assert [each.count.kind for _case, each in memory.public] == (
        "arrival request decision letter notice release closing erasure".split()
    )


def test_a_refusal_as_recommended_is_for_one_person() -> None:
    request = example("persecution-dressed-as-fraud")
    desk, memory = house_of(request=request)
    case = bring(desk, "reviewed", request=request)
    assert case.stage is Stage.DECIDED
    assert not case.giving()
    case = desk.refuse(CASE, "reviewer", at(hours=5), persecution=True)
    assert (case.stage, case.persecution) == (Stage.REFUSED, True)
    assert "second-reviewed" not in memory.kinds()
    assert set(case.fates().values()) == {Fate.REFUSED}
    letter_to(desk, Kind.PERSECUTION_REFUSAL)
    assert desk.close(CASE, "reviewer", at(hours=7)).stage is Stage.CLOSED


def test_what_was_decided_for_persecution_leads_to_the_closed_text_and_to_no_letter_without_a_way() -> None:
    request = example("persecution-dressed-as-fraud")
    desk, memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    assert case.assessment is not None
    case = step(desk, "reviewed", decided=recommended(case.assessment))
    assert filling.for_persecution(case)
    with pytest.raises(Refused, match="decided for persecution") as barred:
        desk.refuse(CASE, "reviewer", at(hours=5), persecution=False)
    assert str(barred.value.hint).startswith("answer with the closed text")
    assert memory.kinds()[-1] == "reviewed"


def test_one_item_decided_for_persecution_closes_the_whole_letter() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    first, *others = all_refused(case)
    assert others
    mixed = (msgspec.structs.replace(first, ground=filling.PERSECUTION), *others)
    case = steps(desk, "reviewed", "decided", decided=mixed)
    assert filling.grounds(case, desk.house())
    with pytest.raises(Refused, match="decided for persecution"):
        desk.refuse(CASE, "reviewer", at(hours=6))
    assert desk.refuse(CASE, "reviewer", at(hours=6), persecution=True).persecution


def test_a_refusal_that_no_letter_can_say_is_decided_again() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    odd = tuple(msgspec.structs.replace(each, ground="something we made up") for each in all_refused(case))
    steps(desk, "reviewed", "decided", decided=odd)
    assert not filling.for_persecution(desk.case(CASE))
    with pytest.raises(Refused, match="no letter has words"):
        desk.refuse(CASE, "reviewer", at(hours=6))
    desk.escalate(CASE, "reviewer", at(hours=6), why="The ground is none of the list.")
    steps(desk, "reviewed", "decided", late=1, decided=all_refused(desk.case(CASE)))
    assert desk.refuse(CASE, "counsel", at(days=2)).stage is Stage.REFUSED


def test_the_requesting_state_is_consulted_before_a_refusal_that_needs_it() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    needs = tuple(
        msgspec.structs.replace(each, ground=Ground.ESSENTIAL_INTERESTS) for each in all_refused(case)
    )
    steps(desk, "reviewed", "decided", decided=needs)
    assert queue.turn_of(desk.case(CASE), desk.house(), at(hours=6)) == ("reviewer", "consult")
    with pytest.raises(Refused, match=r"essential interests.* the requesting state is consulted"):
        desk.refuse(CASE, "reviewer", at(hours=6))
    desk.consult(CASE, "reviewer", at(hours=6), whom="The ministry", about="The interest")
    with pytest.raises(Refused, match="is consulted"):
        desk.refuse(CASE, "reviewer", at(hours=6))
    desk.consult(CASE, "reviewer", at(days=1), whom="Their office", about="The interest", requester=True)
    assert queue.turn_of(desk.case(CASE), desk.house(), at(days=2)) == ("reviewer", "refuse")
    case = desk.refuse(CASE, "reviewer", at(days=2))
    assert case.stage is Stage.REFUSED
    house = desk.house()
    sender = Sender(name="House", office="Office", contact="its address", oversight="its court")
    named = msgspec.structs.replace(house.settings, sender=sender)
    house = msgspec.structs.replace(house, settings=named)
    found = filling.facts(case, house, at(days=2), Language.ENGLISH)
    said = plain(compose(Kind.REFUSAL, found, language=Language.ENGLISH))
    assert f"We consulted you before this answer, on {at(days=1).day}" in said


def _to_be_consulted(desk: Desk, late: float = 0) -> None:
    """From a case that is assessed on: refused by two on a ground that needs a consultation."""
    needs = tuple(
        msgspec.structs.replace(each, ground=Ground.ESSENTIAL_INTERESTS)
        for each in all_refused(desk.case(CASE))
    )
    steps(desk, "reviewed", "decided", late=late, decided=needs)


def test_what_was_consulted_on_an_earlier_version_counts_for_nothing() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    desk.consult(CASE, "reviewer", at(hours=3), whom="Their office", about="The interest", requester=True)
    ask(desk, at(hours=4), "Which days are meant?")
    newer = msgspec.structs.replace(case.request, facts=f"{case.request.facts} Ce sont les jours nommés.")
    desk.answer(CASE, "intake", at(days=1), request=newer, source=SOURCE)
    step(desk, "assessed", when=at(days=1, hours=3))
    _to_be_consulted(desk, late=1)
    assert queue.turn_of(desk.case(CASE), desk.house(), at(days=2)) == ("reviewer", "consult")
    with pytest.raises(Refused) as refused:
        desk.refuse(CASE, "reviewer", at(days=2))
    assert "it was on version 1 of the request. This is version 2" in refused.value.sentence
    desk.consult(CASE, "reviewer", at(days=3), whom="Their office", about="The interest", requester=True)
    assert desk.refuse(CASE, "reviewer", at(days=4)).stage is Stage.REFUSED


def test_a_consultation_is_of_no_use_for_what_was_merged_in_after_it() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed")
    desk.consult(CASE, "reviewer", at(hours=3), whom="Their office", about="The interest", requester=True)
    receive(desk, OTHER, request=changed(SOUND, facts="It is told otherwise here."), when=at(hours=4))
    desk.merge(OTHER, "reviewer", at(hours=4), into=CASE, why="It came twice.")
    step(desk, "assessed", when=at(hours=4))
    _to_be_consulted(desk)
    with pytest.raises(Refused, match=r"is consulted\. First record it"):
        desk.refuse(CASE, "reviewer", at(hours=6))


def test_a_consultation_stands_while_the_request_stays_as_it_is() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed")
    desk.consult(CASE, "reviewer", at(hours=3), whom="Their office", about="The interest", requester=True)
    step(desk, "assessed", when=at(hours=3))
    _to_be_consulted(desk)
    assert desk.refuse(CASE, "reviewer", at(hours=6)).stage is Stage.REFUSED


def test_a_consultation_of_an_earlier_version_of_the_desk_was_on_the_version_then_in_force() -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    desk.consult(CASE, "reviewer", at(hours=3), whom="Their office", about="The interest", requester=True)
    *before, last = memory.streams[ORGANISATION, CASE]
    assert isinstance(last.event, Consulted)
    old = msgspec.structs.replace(last, event=msgspec.structs.replace(last.event, version=0))
    memory.streams[ORGANISATION, CASE] = (*before, old)
    _to_be_consulted(desk)
    assert desk.refuse(CASE, "reviewer", at(hours=6)).stage is Stage.REFUSED


def test_an_order_of_our_own_court_is_brought_before_it_and_never_refused() -> None:
    desk, _memory = house_of()
    case = DONE["challenge"](desk)
    assert case.stage is Stage.WAITING
    event = case.history[-1].event
    assert isinstance(event, Challenged)
    assert (event.court, event.to_court) == ("The court, 1/26", True)
    assert event.sentence() == "The order was brought before a court."
    assert not case.paused, "an order runs on until the court says otherwise"
    assert set(case.fates().values()) == {Fate.OPEN}
    with pytest.raises(Refused, match="No narrower request was proposed"):
        desk.accept_narrowing(CASE, "intake", at(days=1), request=case.request, source=SOURCE)


def test_an_order_is_not_refused_and_a_foreign_request_is_not_brought_before_our_court() -> None:
    desk, _memory = house_of()
    ordered = msgspec.structs.replace(
        SOUND, measure=Measure.DOMESTIC_ORDER, requesting_state="CHE", instrument="domestic-order"
    )
    case = bring(desk, "assessed", request=ordered)
    steps(desk, "reviewed", "decided", decided=all_refused(case))
    assert queue.turn_of(desk.case(CASE), desk.house(), at(hours=6)) == ("reviewer", "challenge")
    with pytest.raises(Refused, match="An order of our own court is not refused"):
        desk.refuse(CASE, "reviewer", at(hours=6))
    desk, _memory = house_of()
    steps(desk, "reviewed", "decided", decided=all_refused(bring(desk, "assessed")))
    with pytest.raises(Refused, match="no order of our own"):
        desk.challenge(CASE, "reviewer", at(hours=6), court="A court", why="x")


def test_a_letter_that_is_held_waits_for_counsel_and_so_does_the_end() -> None:
    desk, _memory = house_of()
    refused_case(desk, letter=False)
    case = letter_to(desk, Kind.REFUSAL, held="uncc:40(21)")
    (held,) = case.held_letters()
    with pytest.raises(Refused, match="is held"):
        desk.close(CASE, "reviewer", at(days=1))
    with pytest.raises(Refused, match="This is for counsel"):
        desk.clear_letter(CASE, "reviewer", at(days=1), letter=held.sha256, words="Read.")
    with pytest.raises(Refused, match="not held"):
        desk.clear_letter(CASE, "counsel", at(days=1), letter=SOURCE, words="Read.")
    with pytest.raises(Refused, match="words"):
        desk.clear_letter(CASE, "counsel", at(days=1), letter=held.sha256, words=" ")
    case = desk.clear_letter(CASE, "counsel", at(days=1), letter=held.sha256, words="Compared.")
    assert case.held_letters() == ()
    with pytest.raises(Refused, match="No letter of this case is held"):
        desk.clear_letter(CASE, "counsel", at(days=1), letter=held.sha256, words="Again.")
    assert desk.close(CASE, "reviewer", at(days=2)).stage is Stage.CLOSED


def test_a_sender_who_is_not_identified_gets_the_receipt_and_the_case_ends_with_it() -> None:
    desk, _memory = house_of()
    receive(desk)
    step(desk, "assessed")
    steps(desk, "reviewed", "decided", decided=all_refused(desk.case(CASE)))
    desk.refuse(CASE, "reviewer", at(hours=6))
    with pytest.raises(Refused, match="no letter yet: receipt"):
        desk.close(CASE, "reviewer", at(days=1))
    letter_to(desk, Kind.RECEIPT)
    assert desk.close(CASE, "reviewer", at(days=1)).stage is Stage.CLOSED


def test_no_letter_says_what_nobody_did() -> None:
    """One person could otherwise offer on paper what two have to decide."""
    said = {Kind.NARROWER_PROPOSAL, Kind.CONDITIONS, Kind.CLARIFICATION, Kind.REROUTE, Kind.REFUSAL}
    every = {*said, Kind.MORE_TIME, Kind.SECRECY_NOT_HONOURED, Kind.EXPERT_INVITATION}
    for last in ("received", "assessed", "reviewed", "decided"):
        desk, _memory = house_of()
        bring(desk, last)
        for kind in every - ({Kind.CONDITIONS} if last == "decided" else set()):
            with pytest.raises(Refused, match="nothing was done here that this one says"):
                letter_to(desk, kind)
        letter_to(desk, Kind.ACKNOWLEDGEMENT)
        letter_to(desk, Kind.RECEIPT)
    assert letter_to(desk, Kind.CONDITIONS).letters


def test_a_letter_of_a_closed_case_is_written_once_more_and_no_other() -> None:
    desk, _memory = house_of()
    refused_case(desk)
    desk.close(CASE, "reviewer", at(days=1))
    assert len(letter_to(desk, Kind.REFUSAL, at(days=2)).letters) == 2
    with pytest.raises(Refused, match="nothing was done here"):
        letter_to(desk, Kind.REROUTE, at(days=2))


@pytest.mark.parametrize(("closed", "letter"), [(True, Kind.REFUSAL), (False, Kind.PERSECUTION_REFUSAL)])
def test_the_closed_text_and_a_letter_with_reasons_never_stand_in_for_each_other(
    closed: bool, letter: Kind
) -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    steps(desk, "reviewed", "decided", decided=all_refused(desk.case(CASE)))
    desk.refuse(CASE, "reviewer", at(hours=6), persecution=closed)
    before = memory.kinds()
    parts: dict[str, Any] = {"language": Language.FRENCH, "sha256": SOURCE}
    with pytest.raises(Refused, match="closed text"):
        desk.write(CASE, "reviewer", at(hours=7), letter=letter, **parts)
    assert memory.kinds() == before
    right = Kind.PERSECUTION_REFUSAL if closed else Kind.REFUSAL
    assert desk.write(CASE, "reviewer", at(hours=7), letter=right, **parts).letters


def test_giving_where_a_refusal_is_recommended_takes_a_reason_and_two_people() -> None:
    request = example("persecution-dressed-as-fraud")
    desk, _memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    gives = tuple(
        Ruling(target=t, item=i, decision=Decision.PROCEED, ceiling=Ceiling.SUBSCRIBER)
        for t, i in case.asked()
    )
    with pytest.raises(Refused, match="no reason is given"):
        desk.review(CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=gives)
    case = desk.review(
        CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=gives, why="We know better."
    )
    assert case.stage is Stage.REVIEWED


def test_a_refusal_otherwise_than_recommended_takes_two_people() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    assert departures(case, all_refused(case))
    assert steps(desk, "reviewed", "reviewed", decided=all_refused(case)).stage is Stage.REVIEWED
    with pytest.raises(Refused):
        desk.refuse(CASE, "reviewer", at(hours=5))


def test_an_answer_brings_a_new_version_and_earlier_facts_stay() -> None:
    persecuted = example("persecution-dressed-as-fraud")
    desk, _memory = house_of(request=persecuted)
    case = bring(desk, "assessed", request=persecuted)
    signs = {each.id for each in case.assessment.signs} if case.assessment else set()
    assert signs
    assert case.assessment is not None
    assert case.assessment.decision == "refuse"
    ask(desk, at(hours=4), "What is charged?")
    assert desk.case(CASE).paused
    cleaned = changed(persecuted, facts="Money was taken from an account by fraud.")
    case = desk.answer(CASE, "intake", at(days=1), request=cleaned, source=SOURCE)
    assert (case.version, case.stage, case.paused) == (2, Stage.RECEIVED, False)
    assert persecuted.facts in case.request.earlier_facts
    case = desk.assess(CASE, "reviewer", at(days=1))
    assert case.assessment is not None
    assert case.assessment.decision == "refuse"
    ask(desk, at(days=2), "Once more?")
    case = desk.answer(
        CASE, "intake", at(days=3), request=changed(cleaned, facts="Fraud, by computer."), source=SOURCE
    )
    assert {persecuted.facts, cleaned.facts} <= set(case.request.earlier_facts)


def test_a_narrower_request_is_proposed_accepted_and_given() -> None:
    desk, _memory = house_of()
    case = DONE["accept-narrowing"](desk)
    assert case.version == 2
    assert [item for _target, item in case.asked()] == ["i1", "i2"]
    released = steps(desk, "identified", "released", late=2)
    assert list(released.fates().values()) == [Fate.RELEASED, Fate.RELEASED, Fate.WITHDRAWN]


def test_a_request_on_the_wrong_road_is_shown_the_right_one() -> None:
    desk, memory = house_of()
    assert DONE["reroute"](desk).stage is Stage.REROUTED
    assert memory.kinds()[-1] == "rerouted"


def test_an_emergency_takes_as_many_people_as_anything_else() -> None:
    request = example("kidnapping-emergency")
    settings = Configured(seat="USA:provider", zone="America/New_York")
    desk, _memory = house_of(settings, request)
    case = bring(desk, "assessed", request=request)
    assert case.emergency
    case = steps(desk, "reviewed", "reviewed", decided=all_refused(case))
    assert case.stage is Stage.REVIEWED
    desk, _memory = house_of(settings, request)
    bring(desk, "decided", request=request)
    propose_delay(desk, WHEN["decided"])
    desk.agree_delay(CASE, "reviewer", at(hours=6))
    desk.prepare(CASE, "custodian", at(hours=7), files=files(desk.case(CASE)))
    desk.approve_release(CASE, "counsel", at(hours=7))
    assert release(desk, when=at(hours=7)).stage is Stage.RELEASED


def test_even_a_refusal_as_recommended_takes_two_in_an_emergency() -> None:
    request = changed(example("persecution-dressed-as-fraud"), emergency=Emergency(claimed=True))
    desk, _memory = house_of(request=request)
    case = bring(desk, "reviewed", request=request)
    assert case.assessment is not None
    assert case.stage is Stage.REVIEWED


def test_a_domestic_order_is_complied_with_as_narrowed_and_live_data_are_challenged() -> None:
    request = changed(example("domestic-order"), secrecy=SOUND.secrecy)
    desk, _memory = house_of(Configured(seat="BRA:provider", zone="America/Sao_Paulo"), request)
    case = bring(desk, "released", request=request)
    assert case.domestic
    assert case.stage is Stage.RELEASED
    assert list(case.fates().values()) == [Fate.RELEASED] * 3 + [Fate.REFUSED] * 2


def test_secrecy_is_declined_and_accepted_before_anybody_is_told() -> None:
    desk, _memory = house_of()
    bring(desk, "decided", request=SECRET)
    with pytest.raises(Refused, match="asked for secrecy"):
        step(desk, "notified")
    desk.decline_secrecy(CASE, "reviewer", at(hours=6), why="No law keeps it.")
    accepts = {"words": "The court, by mail."}
    with pytest.raises(Refused, match="not yet accepted"):
        step(desk, "notified")
    with pytest.raises(Refused, match="has no letter yet"):
        desk.accept_secrecy(CASE, "intake", at(hours=7), **accepts)
    held = letter_to(desk, Kind.SECRECY_NOT_HONOURED, held="uncc:40(20)").letters[-1]
    with pytest.raises(Refused, match="is held"):
        desk.accept_secrecy(CASE, "intake", at(hours=7), **accepts)
    desk.clear_letter(CASE, "counsel", at(hours=7), letter=held.sha256, words="Compared with the text.")
    with pytest.raises(Refused, match="needs a word"):
        desk.accept_secrecy(CASE, "intake", at(hours=7), words=" ")
    desk.accept_secrecy(CASE, "intake", at(hours=7), **accepts)
    assert step(desk, "notified", when=at(hours=7)).notified(["t1"])


def test_a_delay_stands_by_two_people_until_its_day_of_review() -> None:
    desk, _memory = house_of()
    bring(desk, "decided", request=RANSOM)
    propose_delay(desk, days=60, review=30)
    desk.prepare(CASE, "custodian", at(hours=7), files=files(desk.case(CASE)))
    with pytest.raises(Refused, match="The person was not told"):
        desk.approve_release(CASE, "reviewer", at(hours=8))
    with pytest.raises(Refused, match="You proposed this delay"):
        desk.agree_delay(CASE, "counsel", at(hours=8))
    desk.agree_delay(CASE, "reviewer", at(hours=8))
    desk.approve_release(CASE, "reviewer", at(days=30))
    desk.prepare(CASE, "custodian", at(days=30), files=files(desk.case(CASE)))
    desk.approve_release(CASE, "reviewer", at(days=30))
    with pytest.raises(Refused, match="The person was not told"):
        release(desk, when=at(days=31))
    assert release(desk, when=at(days=30, hours=1)).stage is Stage.RELEASED


@pytest.mark.parametrize("ground", DelayGround)
def test_only_a_danger_to_a_person_lets_the_house_delay_by_itself(ground: DelayGround) -> None:
    """What keeps a person from being told otherwise is an order, or a law that can be looked up."""
    desk, _memory = house_of()
    bring(desk, "decided")
    day = at(hours=6).date()
    days = {"until": day + timedelta(days=20), "review": day + timedelta(days=10)}

    def proposed(cite: str) -> Case:
        return desk.delay_notice(
            CASE, "counsel", at(hours=6), ground=ground, why="It is so.", cite=cite, **days
        )

    with pytest.raises(Refused) as missing:
        proposed(" ")
    assert missing.value.place == "cite"
    if ground is DelayGround.DANGER_TO_PERSON:
        assert proposed("house").delay_proposed is not None
        return
    for cite in ("house", " House "):
        with pytest.raises(Refused, match="only a danger to a person"):
            proposed(cite)
    delay = proposed("StPO 279").delay_proposed
    assert delay is not None
    assert (delay.ground, delay.cite, delay.why) == (ground, "StPO 279", "It is so.")


def test_after_a_delay_the_person_is_told_and_only_then_the_case_closes() -> None:
    desk, memory = house_of()
    bring(desk, "decided", request=SECRET)
    propose_delay(desk, days=30, review=30)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    steps(desk, "prepared", "delivered")
    with pytest.raises(Refused, match="The person was not told yet"):
        step(desk, "closed")
    with pytest.raises(Refused, match="A delay of the notice stands until 2026-12-23"):
        tell(desk, "reviewer", at(days=20))
    written(desk, "reviewer", at(days=31))
    with pytest.raises(Refused, match="was not told yet"):
        desk.close(CASE, "counsel", at(days=31))
    send(desk, "reviewer", at(days=31))
    with pytest.raises(Refused, match="You recorded that the notice went out"):
        desk.close(CASE, "reviewer", at(days=32))
    assert desk.close(CASE, "counsel", at(days=32)).stage is Stage.CLOSED
    assert memory.rows[CASE].closed


@pytest.mark.parametrize("way", ["withdraw", "refuse", "merge"])
def test_no_way_round_leads_past_the_person_of_whom_something_left(way: str) -> None:
    """Under a delay of two people data left; one person alone cannot end the case without telling anybody."""
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=20, review=15)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    steps(desk, "prepared", "delivered")
    desk.reopen(CASE, "counsel", at(days=10), why="Something was overlooked.")
    if way == "merge":
        receive(desk, OTHER, when=at(days=10))
        with pytest.raises(Refused, match="was not told yet"):
            desk.merge(CASE, "counsel", at(days=11), into=OTHER, why="The same.")
        desk.withdraw(CASE, "counsel", at(days=11), why="Their letter.")
    elif way == "withdraw":
        desk.withdraw(CASE, "counsel", at(days=11), why="Their letter.")
    else:
        steps(desk, "assessed", "decided", late=10.5, decided=all_refused(desk.case(CASE)))
        desk.refuse(CASE, "reviewer", at(days=11))
        letter_to(desk, Kind.REFUSAL, at(days=11))
    assert desk.case(CASE).untold() == ("t1",)
    with pytest.raises(Refused, match="was not told yet"):
        desk.close(CASE, "counsel", at(days=11))
    assert queue.turn_of(desk.case(CASE), desk.house(), at(days=30)) == ("reviewer", "notify")
    told = tell(desk, "counsel", at(days=30))
    assert (told.notices[-1].targets, told.untold()) == (("t1",), ())
    assert desk.close(CASE, "counsel", at(days=31)).stage is Stage.CLOSED


def test_a_request_withdrawn_before_anything_left_tells_nobody() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    desk.withdraw(CASE, "intake", at(days=1), why="Their letter.")
    with pytest.raises(Refused, match="nobody to tell"):
        tell(desk, "counsel", at(days=2))
    assert desk.case(CASE).concerned() == ()
    assert desk.close(CASE, "counsel", at(days=2)).stage is Stage.CLOSED


def test_an_objection_stops_the_release_until_it_is_answered() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    case = desk.object(CASE, WHEN["approved"], code=CODE, words="It is a mistake.", letter=SOURCE)
    assert case.history[-1].by == "person concerned"
    assert case.approval is None
    for refused in (lambda: release(desk), lambda: step(desk, "approved", when=LATER)):
        with pytest.raises(Refused):
            refused()
    with pytest.raises(Refused, match="for counsel"):
        desk.answer_objection(CASE, "reviewer", LATER, upheld=False, reason="No.")
    desk.answer_objection(CASE, "counsel", LATER, upheld=False, reason="It is none.")
    with pytest.raises(Refused, match="not approved"):
        release(desk, when=LATER)
    desk.approve_release(CASE, "reviewer", LATER)
    assert release(desk, when=LATER).stage is Stage.RELEASED


def test_an_objection_upheld_takes_the_decision_back() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    desk.object(CASE, WHEN["approved"], code=CODE, words="It is a mistake.")
    case = desk.answer_objection(CASE, "counsel", LATER, upheld=True, reason="It is one.")
    assert case.stage is Stage.ASSESSED
    assert not case.giving()
    assert case.heard == "upheld"
    with pytest.raises(Refused):
        release(desk, when=LATER)
    decided = all_refused(case)
    case = steps(desk, "reviewed", "decided", late=10, decided=decided)
    assert desk.refuse(CASE, "reviewer", at(days=11)).stage is Stage.REFUSED


@pytest.mark.parametrize("stage", ["received", "reviewed", "waiting", "refused"])
def test_an_objection_is_answered_wherever_the_case_stands_and_moves_nothing_forward(stage: str) -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    if stage == "waiting":
        ask(desk, at(days=1), "Why?")
    else:
        desk.identify(CASE, "intake", at(days=1), evidence=())
    if stage in ("reviewed", "refused"):
        steps(desk, "assessed", "reviewed", late=1, decided=all_refused(desk.case(CASE)))
    if stage == "refused":
        steps(desk, "decided", "decided", late=1)
        desk.refuse(CASE, "reviewer", at(days=2))
    desk.object(CASE, at(days=3), code=CODE, words="A mistake.")
    case = desk.answer_objection(CASE, "counsel", at(days=4), upheld=True, reason="It is one.")
    assert case.objection is None
    assert case.stage == ("assessed" if stage == "reviewed" else stage)


def test_a_hold_is_placed_confirmed_extended_and_lapses_when_nothing_is_pending() -> None:
    desk, memory = house_of()
    case = DONE["hold"](desk)
    assert case.held
    assert memory.rows[CASE].turn == "custodian"
    with pytest.raises(Refused, match="does not cover"):
        desk.confirm_hold(CASE, "custodian", at(hours=3), hold="h1", kept=["t2"])
    desk.confirm_hold(CASE, "custodian", at(hours=3), hold="h1", kept=["t1"])
    with pytest.raises(Refused, match="no later"):
        desk.extend(CASE, "reviewer", at(hours=4), hold="h1", until=at(days=1), why="x")
    desk.extend(CASE, "reviewer", at(hours=4), hold="h1", until=at(days=80), why="Asked for.")
    with pytest.raises(Refused, match="still pending"):
        desk.lapse(CASE, "custodian", at(days=300), hold="h1", why="It is over.")
    desk.withdraw(CASE, "intake", at(days=300), why="Their letter.")
    with pytest.raises(Refused, match="still being held"):
        desk.close(CASE, "reviewer", at(days=300))
    assert not desk.lapse(CASE, "custodian", at(days=301), hold="h1", why="Withdrawn.").held
    with pytest.raises(Refused):
        desk.lapse(CASE, "custodian", at(days=302), hold="h1", why="Again.")
    assert desk.close(CASE, "reviewer", at(days=302)).stage is Stage.CLOSED


def test_what_the_requester_was_told_is_kept_stays_so_long() -> None:
    request = example("preservation-only")
    desk, _memory = house_of(Configured(seat="USA:24/7-point", zone="UTC"), request)
    bring(desk, "decided", request=request)
    with pytest.raises(Refused, match="nobody to tell"):
        step(desk, "notified")
    with pytest.raises(Refused, match="not yet kept"):
        step(desk, "approved")
    desk.hold(CASE, "reviewer", at(days=1), hold="h1", targets=["t1"])
    with pytest.raises(Refused, match="not yet kept"):
        step(desk, "approved")
    desk.confirm_hold(CASE, "custodian", at(days=2), hold="h1", kept=["t1"])
    case = steps(desk, "approved", "released")
    assert set(case.fates().values()) == {Fate.KEPT}
    assert not case.notices
    [hold] = case.holds
    with pytest.raises(Refused, match="was told that the data are kept"):
        desk.lapse(CASE, "custodian", at(days=20), hold="h1", why="We need the room.")
    desk.extend(CASE, "reviewer", at(days=30), hold="h1", until=hold.until + timedelta(days=30), why="Asked.")
    with pytest.raises(Refused, match="was told that the data are kept"):
        desk.lapse(CASE, "custodian", hold.until, hold="h1", why="It is over.")
    assert not desk.lapse(
        CASE, "custodian", hold.until + timedelta(days=30), hold="h1", why="It is over."
    ).held


def test_an_expert_declares_gives_an_opinion_and_is_gone() -> None:
    desk, _memory = house_of()
    DONE["invite"](desk)
    with pytest.raises(Refused, match="Say first"):
        desk.give_opinion(CASE, "expert", at(hours=5), words="A crime.")
    desk.declare_conflict(CASE, "expert", at(hours=5), conflict=False)
    case = desk.give_opinion(CASE, "expert", at(hours=6), words="A crime.")
    assert case.seats[0].opinion == "A crime."
    assert case.seat("expert") is None
    with pytest.raises(Refused, match="not invited"):
        desk.give_opinion(CASE, "expert", at(hours=7), words="No, none.")


def test_an_expert_with_a_conflict_is_out_and_is_not_asked_again() -> None:
    desk, _memory = house_of()
    DONE["invite"](desk)
    desk.declare_conflict(CASE, "expert", at(hours=5), conflict=True, words="I know the family.")
    with pytest.raises(Refused, match="not invited"):
        desk.give_opinion(CASE, "expert", at(hours=6), words="A crime.")
    with pytest.raises(Refused, match="declared a conflict"):
        desk.invite(CASE, "counsel", at(hours=7), person="expert")


def test_a_delegate_is_the_second_person_in_that_case_alone() -> None:
    desk, _memory = house_of()
    bring(desk, "reviewed")
    bring(desk, "reviewed", case=OTHER)
    with pytest.raises(Refused, match="not invited"):
        desk.second_review(CASE, "delegate", at(hours=5), agrees=True)
    desk.invite(CASE, "counsel", at(hours=5), person="delegate", blinded=False)
    assert desk.second_review(CASE, "delegate", at(hours=5), agrees=True).stage is Stage.DECIDED
    with pytest.raises(Refused, match="not invited"):
        desk.second_review(OTHER, "delegate", at(hours=5), agrees=True)
    steps(desk, "notified", "prepared")
    assert desk.approve_release(CASE, "delegate", WHEN["approved"]).approval is not None


@pytest.mark.parametrize("until", ["assessed", "reviewed", "decided", "approved"])
def test_after_an_escalation_only_counsel_decides(until: str) -> None:
    desk, _memory = house_of()
    bring(desk, until)
    case = desk.escalate(CASE, "reviewer", LATER, why="The signals conflict.")
    assert case.escalated
    assert case.stage is Stage.ASSESSED
    assert case.approval is None
    with pytest.raises(Refused, match="Only counsel"):
        desk.review(CASE, "reviewer", LATER, assessment=case.digest, rulings=rulings(case))
    with pytest.raises(Refused):
        desk.second_review(CASE, "reviewer-2", LATER, agrees=True)
    with pytest.raises(Refused):
        release(desk, when=LATER)
    for verb in (
        lambda: desk.ask(CASE, "reviewer", LATER, questions=["?"]),
        lambda: desk.consult(CASE, "reviewer", LATER, whom="x", about="y"),
        lambda: desk.hold(CASE, "reviewer", LATER, hold="h", targets=["t1"]),
    ):
        with pytest.raises(Refused, match="Only counsel"):
            verb()
    desk.review(CASE, "counsel", LATER, assessment=case.digest, rulings=rulings(case))
    with pytest.raises(Refused, match="You reviewed"):
        desk.second_review(CASE, "counsel", LATER, agrees=True)
    assert desk.second_review(CASE, "reviewer", LATER, agrees=True).stage is Stage.DECIDED


def test_consultation_notes_assignments_and_deliveries_are_on_record() -> None:
    for act in ("consult", "note", "assign", "hand-over", "confirm-delivery", "validate"):
        desk, _memory = house_of()
        case = DONE[act](desk)
        assert case.history[-1].event.sentence()
    with pytest.raises(Refused, match="somebody"):
        desk.hand_over(CASE, "reviewer", LATER, to="", words="x")


def test_of_what_has_left_the_person_is_told_wherever_the_case_stands_since() -> None:
    """Counsel alone could otherwise put the notice off for ever by reopening the case and asking."""
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=20, review=15)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    steps(desk, "prepared", "delivered")
    desk.reopen(CASE, "counsel", at(days=16), why="Something was overlooked.")
    assert queue.turn_of(desk.case(CASE), desk.house(), at(days=16)) == ("reviewer", "notify")
    step(desk, "assessed", when=at(days=16))
    case = ask(desk, at(days=16), "Which days are meant?")
    assert case.stage is Stage.WAITING
    assert queue.turn_of(case, desk.house(), at(days=17)) == ("reviewer", "notify")
    case = written(desk, "reviewer", at(days=17))
    assert queue.turn_of(case, desk.house(), at(days=17)) == ("reviewer", "send-notice")
    case = send(desk, "intake", at(days=17))
    assert case.untold() == ()
    assert queue.turn_of(case, desk.house(), at(days=17))[1] == "write"


def test_who_was_told_of_a_first_part_is_told_of_what_left_later_too() -> None:
    """One counsel could otherwise reopen and end the case in which more left under a delay of two people."""
    desk, _memory = house_of()
    kept = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": GROUND}
    bring(desk, "delivered", i3=kept)
    desk.reopen(CASE, "counsel", at(days=10), why="More is to be given.")
    steps(desk, "assessed", "decided", late=10)
    propose_delay(desk, at(days=10, hours=6), days=20, review=15)
    desk.agree_delay(CASE, "reviewer", at(days=10, hours=7))
    steps(desk, "prepared", "released", late=2.5)
    desk.reopen(CASE, "counsel", at(days=12), why="Something was overlooked.")
    assert desk.case(CASE).untold() == ("t1",)
    desk.withdraw(CASE, "counsel", at(days=12), why="Their letter.")
    with pytest.raises(Refused, match="was not told yet"):
        desk.close(CASE, "counsel", at(days=12))
    assert queue.turn_of(desk.case(CASE), desk.house(), at(days=30)) == ("reviewer", "notify")
    case = tell(desk, "reviewer", at(days=30), code=hashlib.sha256(b"another door").hexdigest())
    assert ("t1", "i3", Ceiling.CONTENT) in case.notices[-1].told
    assert case.untold() == ()
    assert desk.close(CASE, "counsel", at(days=31)).stage is Stage.CLOSED


@pytest.mark.parametrize("what", ["another account", "no account", "another item"])
def test_of_what_has_left_no_answer_changes_whose_it_was(what: str) -> None:
    """A notice goes to the account that the request names; with another one there nobody tells the first."""
    desk, _memory = house_of()
    bring(desk, "decided", request=TWO)
    propose_delay(desk, days=20, review=15)
    desk.agree_delay(CASE, "reviewer-2", at(hours=7))
    steps(desk, "prepared", "delivered")
    desk.reopen(CASE, "counsel", at(days=10), why="Something was overlooked.")
    step(desk, "assessed", when=at(days=10))
    ask(desk, at(days=10), "Which days are meant?")
    first, second = TWO.targets
    changes = {
        "another account": (target(identifiers=(Identifier(value="own@host.example"),)), second),
        "no account": (second,),
        "another item": (target(items=first.items[1:]), second),
    }
    newer = changed(TWO, targets=changes[what])
    with pytest.raises(Refused, match="something of this account has left already"):
        desk.answer(CASE, "intake", at(days=11), request=newer, source=SOURCE)
    more = changed(TWO, facts=f"{TWO.facts} Ce sont les jours nommés.")
    assert desk.answer(CASE, "intake", at(days=11), request=more, source=SOURCE).version == 2


def test_before_anything_left_nobody_is_told_of_what_is_not_decided() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    ask(desk, at(hours=6), "Which days are meant?")
    with pytest.raises(Refused, match="Nothing is decided, and nothing has left"):
        desk.notify(CASE, "reviewer", at(hours=7), notices=[])


@pytest.mark.parametrize("guest", ["expert", "delegate"])
def test_a_guest_of_a_case_that_was_closed_does_not_come_back_with_it(guest: str) -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    confirmed = as_covered(desk.case(CASE))
    desk.invite(CASE, "counsel", at(hours=6), person=guest, confirmed=confirmed)
    desk.withdraw(CASE, "intake", at(days=1), why="Their letter.")
    desk.close(CASE, "counsel", at(days=1))
    case = desk.reopen(CASE, "counsel", at(days=2), why="A court says so.")
    house = desk.house()
    assert not may(house.person(guest), Act.READ, case, house, at(days=2))
    confirmed = as_covered(case)
    case = desk.invite(CASE, "counsel", at(days=3), person=guest, confirmed=confirmed)
    assert may(house.person(guest), Act.READ, case, house, at(days=3))


# ---- cases are merged and split --------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["merge", "split"])
def test_a_delay_that_stands_is_not_escaped_by_going_on_in_another_case(way: str) -> None:
    """There it would not stand, and one person alone could tell whom two decided not to tell yet."""

    def go(when: datetime) -> object:
        if way == "merge":
            return desk.merge(CASE, "reviewer", when, into=OTHER, why="It came twice.")
        return desk.split(CASE, "reviewer", when, targets=["t2"], into=OTHER)

    desk, _memory = house_of()
    bring(desk, "decided", request=TWO)
    propose_delay(desk, days=30, review=30)
    desk.agree_delay(CASE, "reviewer-2", at(hours=7))
    desk.identify(CASE, "intake", at(hours=8), evidence=[])
    if way == "merge":
        receive(desk, OTHER, request=TWO, when=at(hours=8))
    with pytest.raises(Refused, match="A delay of the notice stands until 2026-12-23"):
        go(at(hours=9))
    assert go(at(days=31))


def test_where_somebody_was_told_the_case_goes_on_so_that_their_objection_stops_it() -> None:
    """The code of a notice opens the case in which it was written, and no other one."""
    desk, _memory = house_of()
    bring(desk, "notified", request=TWO)
    desk.identify(CASE, "intake", at(hours=7), evidence=[])
    receive(desk, OTHER, request=TWO, when=at(hours=8))
    with pytest.raises(Refused, match="Somebody was told in this case"):
        desk.merge(CASE, "reviewer", at(hours=8), into=OTHER, why="It came twice.")
    with pytest.raises(Refused, match="whoever is behind this target was told"):
        desk.split(CASE, "reviewer", at(hours=8), targets=["t2"], into=THIRD)
    assert desk.merge(OTHER, "reviewer", at(hours=9), into=CASE, why="It came twice.").stage is Stage.MERGED


def test_a_delay_is_not_escaped_by_another_name_beside_the_account() -> None:
    """Who types the answer could name one more identifier, and the account would count as another one."""
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=30, review=30)
    desk.agree_delay(CASE, "reviewer-2", at(hours=7))
    ask(desk, at(hours=8), "Which days are meant?")
    also = (*SOUND.targets[0].identifiers, Identifier(value="also@host.example"))
    newer = changed(SOUND, targets=(target(identifiers=also),))
    desk.answer(CASE, "intake", at(days=1), request=newer, source=SOURCE)
    steps(desk, "recorded", "decided", late=1)
    with pytest.raises(Refused, match="A delay of the notice stands until 2026-12-23"):
        written(desk, "reviewer", at(days=2))
    step(desk, "prepared", when=at(days=2))
    with pytest.raises(Refused, match="The person was not told"):  # nor does it stand for this account
        desk.approve_release(CASE, "counsel", at(days=2))
    desk.lift_delay(CASE, "counsel", at(days=2), why="The danger has passed.")
    desk.agree_lift(CASE, "reviewer", at(days=2))
    assert written(desk, "reviewer", at(days=2)).notices


def test_secrecy_asked_again_for_another_reason_was_not_accepted() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed", request=SECRET)
    desk.decline_secrecy(CASE, "reviewer", at(hours=4), why="The law of our seat.")
    letter_to(desk, Kind.SECRECY_NOT_HONOURED, at(hours=4))
    desk.accept_secrecy(CASE, "reviewer", at(hours=4), words="Their registry, by mail.")
    for secrecy, stands in (
        (SECRET.secrecy, True),
        (msgspec.structs.replace(SECRET.secrecy, reason="A witness is in danger."), False),
    ):
        ask(desk, at(days=1), "Which days are meant?")
        newer = changed(case.request, secrecy=secrecy, facts=f"{case.request.facts} {stands}.")
        case = desk.answer(CASE, "intake", at(days=1), request=newer, source=SOURCE)
        assert (case.secrecy_declined, case.secrecy_accepted) == (stands, stands)
        step(desk, "assessed", when=at(days=1))


def test_what_stands_against_a_release_is_not_lost_by_a_merge() -> None:
    """Whoever takes the same request in once more, in other words, has a case of which nothing is known."""
    desk, _memory = house_of()
    urgent = changed(SOUND, emergency=EMERGENCY.emergency)
    bring(desk, "identified", request=urgent)
    bring(desk, "identified", case=OTHER, request=urgent)
    against = evidence(holds=False, kind=EvidenceKind.CALL_BACK)
    desk.identify(CASE, "intake", at(hours=2), evidence=[against])
    desk.validate(CASE, "intake", at(hours=2), valid=False)
    desk.escalate(CASE, "reviewer", at(hours=2), why="They are not who they say.")
    desk.merge(CASE, "counsel", at(hours=3), into=OTHER, why="It came twice.")
    other = desk.case(OTHER)
    assert against in other.evidence
    assert not other.identification(at().date()).level.at_least(Level.PLAUSIBLE)
    assert other.validated is False
    assert other.escalated


def test_a_merge_leaves_no_word_of_its_own_where_nothing_stands_against_it() -> None:
    desk, memory = house_of()
    bring(desk, "identified")
    bring(desk, "identified", case=OTHER)
    before = memory.kinds(OTHER)
    desk.merge(CASE, "reviewer", at(hours=3), into=OTHER, why="It came twice.")
    assert memory.kinds(OTHER) == [*before, "merge-taken"]


def test_a_merged_case_leaves_its_words_with_the_other() -> None:
    """A request sent again in cleaner words does not lose the signs that were in the first."""
    persecuted = example("persecution-dressed-as-fraud")
    cleaned = changed(persecuted, facts="Money was taken from an account by fraud.")
    desk, memory = house_of(request=persecuted)
    bring(desk, "assessed", request=persecuted)
    bring(desk, "assessed", case=OTHER, request=cleaned)
    desk.merge(CASE, "reviewer", at(hours=6), into=OTHER, why="The same again.")
    other = desk.case(OTHER)
    assert other.stage is Stage.RECEIVED
    assert persecuted.facts in other.request.earlier_facts
    assert memory.kinds(OTHER)[-1] == "merge-taken"
    assessment = desk.assess(OTHER, "reviewer", at(hours=7)).assessment
    assert assessment is not None
    assert assessment.decision == "refuse"


@pytest.mark.parametrize("act", ["close", "release", "refuse", "withdraw"])
def test_a_case_is_not_merged_into_one_that_was_answered(act: str) -> None:
    desk, _memory = house_of()
    DONE[act](desk)
    receive(desk, OTHER, when=at(days=20))
    with pytest.raises(Refused, match="one that is open"):
        desk.merge(OTHER, "reviewer", at(days=20), into=CASE, why="The same.")


def test_a_merge_that_is_refused_leaves_no_trace_in_the_other() -> None:
    desk, memory = house_of()
    receive(desk)
    receive(desk, OTHER)
    for into, why in ((CASE, " "), (OTHER, "itself"), (HOUSE, "the house"), ("2026-999999", "nothing")):
        with pytest.raises(Refused):
            desk.merge(OTHER, "reviewer", at(), into=into, why=why)
    assert memory.kinds() == ["received"]
    receive(desk, "2026-000003", request=example("domestic-order"))
    with pytest.raises(Refused, match="different states"):
        desk.merge("2026-000003", "reviewer", at(), into=CASE, why="x")


def test_a_merge_is_not_a_way_round_an_objection_a_hold_or_counsel() -> None:
    desk, _memory = house_of()
    receive(desk, OTHER, when=at(days=-0.5))
    DONE["answer-objection"](desk)
    desk.object(CASE, at(days=3), code=CODE, words="Still a mistake.")
    with pytest.raises(Refused, match="objected"):
        desk.merge(CASE, "reviewer", at(days=3), into=OTHER, why="x")
    desk, _memory = house_of()
    DONE["escalate"](desk)
    receive(desk, OTHER, when=at(days=1))
    with pytest.raises(Refused, match="Only counsel"):
        desk.merge(CASE, "reviewer", at(days=1), into=OTHER, why="x")
    desk, _memory = house_of()
    DONE["hold"](desk)
    receive(desk, OTHER, when=at(days=1))
    with pytest.raises(Refused, match="held in this case"):
        desk.merge(CASE, "reviewer", at(days=1), into=OTHER, why="x")


# ---- the same request again ------------------------------------------------------------------------------


def _again(desk: Desk, id: str = OTHER, request: Request = SOUND, **parts: Any) -> Case:
    given: dict[str, Any] = {"door": Door.PAPER, "source": CODE, "when": at(hours=12), **parts}
    return desk.receive("intake", given.pop("when"), case=id, request=request, **given)


def test_the_very_same_request_is_recorded_on_its_open_case_and_makes_no_second_one() -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    promise = hashlib.sha256(b"promise").hexdigest()
    case = _again(desk, promise=promise)
    assert case.id == CASE
    assert case.history[-1].event == ReceivedAgain(door=Door.PAPER, source=CODE, promise=promise)
    assert case.stage is Stage.ASSESSED, "what was done stays done, and no limit starts anew"
    assert memory.kinds(OTHER) == []
    assert [each.count.kind for _stream, each in memory.public].count("request") == 1


def test_the_same_bytes_and_the_same_words_are_known_each_by_itself() -> None:
    """The bytes, where they are read otherwise today; the words, where they came in another form."""
    desk, _memory = house_of()
    desk.receive("intake", at(), case=CASE, request=SOUND, door=Door.PORTAL, source=SOURCE, entry="R-1")
    read_otherwise = changed(SOUND, purpose="As a newer reader has it.")
    assert _again(desk, request=read_otherwise, source=SOURCE, entry="R-1").id == CASE
    assert _again(desk, request=changed(SOUND, received_on=date(2026, 11, 1)), entry="R-7").id == CASE
    neighbour = _again(desk, request=read_otherwise, source=SOURCE, entry="R-2")
    assert neighbour.id == OTHER, "another request of the same file is another request"


def test_a_request_like_another_becomes_a_case_that_names_it() -> None:
    """The same reference of the same authority: people say whether they belong together."""
    desk, _memory = house_of()
    receive(desk)
    case = _again(desk, request=changed(SOUND, facts="Told in other words."))
    assert (case.id, case.like) == (OTHER, (CASE,))
    assert CASE in case.history[0].event.sentence()
    assert desk.merge(OTHER, "reviewer", at(days=1), into=CASE, why="It is.").stage is Stage.MERGED
    assert SOUND.issuing is not None
    other_office = msgspec.structs.replace(SOUND.issuing, name="Another office")
    for number, different in enumerate(
        (
            changed(SOUND, reference="another"),
            changed(SOUND, issuing=other_office),
            changed(SOUND, requesting_state="DEU"),
        ),
        start=3,
    ):
        assert _again(desk, f"2026-00000{number}", different, when=at(days=2)).like == ()


def test_a_request_that_was_answered_comes_again_as_a_case_of_its_own() -> None:
    desk, _memory = house_of()
    bring(desk, "closed")
    case = _again(desk, when=at(days=20))
    assert (case.id, case.like) == (OTHER, (CASE,))


def test_a_request_that_comes_again_after_the_clock_was_set_back_is_not_turned_away() -> None:
    desk, _memory = house_of()
    receive(desk)
    desk.note(CASE, "intake", at(hours=2), words="By a clock that ran ahead.")
    with pytest.raises(Refused, match="went back"):
        desk.note(CASE, "intake", at(hours=1), words="By the clock as it is.")
    case = _again(desk, when=at(hours=1))
    assert (case.id, case.like) == (OTHER, (CASE,))


def test_what_was_merged_comes_again_where_it_goes_on() -> None:
    desk, _memory = house_of()
    receive(desk)
    other = receive(desk, OTHER)
    desk.merge(OTHER, "reviewer", at(hours=1), into=CASE, why="The same.")
    assert _again(desk, THIRD, other.request).id == CASE


def test_an_answer_does_not_make_a_case_unknown() -> None:
    desk, _memory = house_of()
    DONE["answer"](desk)
    assert _again(desk, when=at(days=2)).id == CASE


def test_an_erased_case_is_known_by_nothing() -> None:
    desk, _memory = house_of()
    bring(desk, "erased")
    case = _again(desk, when=WHEN["erased"] + timedelta(days=1))
    assert (case.id, case.like) == (OTHER, ())


def test_no_house_learns_what_came_in_at_another() -> None:
    desk, memory = house_of()
    receive(desk)
    theirs, _memory = house_of(memory=memory, organisation="another-house")
    case = _again(theirs, when=at(hours=13))
    assert (case.id, case.like) == (OTHER, ())


def test_two_that_arrive_at_one_moment_do_not_make_two_cases() -> None:
    desk, memory = house_of()
    receive(desk, THIRD)
    memory.before_append = lambda: receive(desk)
    with pytest.raises(Conflict):
        _again(desk)
    assert memory.kinds(OTHER) == []
    assert _again(desk).id == CASE


def test_who_takes_nothing_in_records_no_second_arrival() -> None:
    desk, memory = house_of()
    receive(desk)
    for person in ("custodian", "auditor", "expert", "delegate", "administrator"):
        with pytest.raises(Refused):
            desk.receive(person, at(), case=OTHER, request=SOUND, door=Door.API, source=SOURCE)
    assert memory.kinds() == ["received"]


def test_a_merged_file_is_erased_at_the_end_of_its_time() -> None:
    desk, _memory = house_of()
    case = DONE["merge"](desk)
    assert case.closed_at is not None
    with pytest.raises(Refused, match="retention"):
        desk.erase(OTHER, "counsel", at(days=300), why="Over.")
    assert desk.erase(OTHER, "counsel", at(days=740), why="Over.").stage is Stage.ERASED


def test_who_took_a_request_in_is_not_the_second_person_of_a_part_of_it() -> None:
    desk, _memory = house_of()
    receive(desk, request=TWO, by="many-hats")
    desk.identify(CASE, "intake", at(hours=1), evidence=[evidence()])
    desk.split(CASE, "reviewer-2", at(hours=2), targets=["t2"], into=OTHER)
    steps(desk, "assessed", "reviewed", case=OTHER)
    with pytest.raises(Refused, match="took this request in"):
        desk.second_review(OTHER, "many-hats", at(hours=5), agrees=True)
    assert desk.second_review(OTHER, "reviewer-2", at(hours=5), agrees=True).stage is Stage.DECIDED


def test_who_took_the_last_answer_in_is_not_its_second_person() -> None:
    """What was typed from a letter is looked at by somebody who did not type it."""
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    for number, by in enumerate(("many-hats", "reviewer"), start=1):
        ask(desk, at(days=number), "Which days are meant?")
        newer = msgspec.structs.replace(case.request, facts=f"{case.request.facts} Le {number}.")
        desk.answer(CASE, by, at(days=number), request=newer, source=SOURCE)
        steps(desk, "assessed", "reviewed", late=number)
        if by == "many-hats":
            with pytest.raises(Refused, match="took this request in"):
                desk.second_review(CASE, by, at(days=number, hours=8), agrees=True)
            desk.second_review(CASE, "reviewer-2", at(days=number, hours=8), agrees=False, reason="No.")
    decided = desk.second_review(CASE, "many-hats", at(days=2, hours=8), agrees=True)
    assert decided.stage is Stage.DECIDED  # of an earlier version they took in nothing is left to look at


def test_who_took_in_what_was_merged_is_not_the_second_person_where_it_goes_on() -> None:
    desk, _memory = house_of()
    bring(desk, "identified")
    receive(desk, OTHER, by="many-hats", when=at(hours=2))
    desk.merge(OTHER, "reviewer", at(hours=3), into=CASE, why="It came twice.")
    steps(desk, "assessed", "reviewed")
    with pytest.raises(Refused, match="took this request in"):
        desk.second_review(CASE, "many-hats", at(hours=5), agrees=True)
    assert desk.second_review(CASE, "reviewer-2", at(hours=5), agrees=True).stage is Stage.DECIDED


@pytest.mark.parametrize("until", ["assessed", "reviewed"])
def test_a_case_of_which_a_part_goes_on_elsewhere_is_assessed_anew(until: str) -> None:
    """What was recommended, and who was harmed, was read from both accounts together."""
    desk, _memory = house_of()
    bring(desk, until, request=TWO)
    left, part = desk.split(CASE, "reviewer-2", at(hours=4), targets=["t2"], into=OTHER)
    assert [left.stage, part.stage] == [Stage.RECEIVED, Stage.RECEIVED]
    with pytest.raises(Refused):
        step(desk, "decided")


def test_a_split_target_is_neither_decided_nor_given_in_the_old_case() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed", request=TWO)
    before = rulings(case)
    desk.split(CASE, "reviewer", at(hours=4), targets=["t2"], into=OTHER)
    with pytest.raises(Refused):
        desk.review(CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=before)
    case = desk.assess(CASE, "reviewer", at(hours=4))
    with pytest.raises(Refused, match="exactly one decision"):
        desk.review(CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=before)
    steps(desk, "reviewed", "notified")
    stray = Held(target="t2", item="i1", name="x.csv", sha256=SOURCE, size=1, holds=Ceiling.SUBSCRIBER)
    with pytest.raises(Refused, match="nothing may be given"):
        desk.prepare(CASE, "custodian", LATER, files=[stray])
    for targets in (["t2"], ["t9"], [], ["t1"]):
        with pytest.raises(Refused):
            desk.split(CASE, "reviewer", LATER, targets=targets, into="2026-000003")


# ---- release is tied to what justified it ----------------------------------------------------------------


def _tampering(change: Callable[[Assessment], Assessment]) -> tuple[Desk, list[bool]]:
    """A desk whose judge is honest until `on[0]` is set, and then answers otherwise."""
    on = [False]

    def judge(request: Request, **parts: Any) -> Assessment:
        answer = assess(request, **parts)
        return change(answer) if on[0] else answer

    desk, _memory = house_of(judge=judge)
    return desk, on


def test_what_the_machine_would_hand_to_counsel_nobody_else_decides() -> None:
    desk, on = _tampering(lambda answer: msgspec.structs.replace(answer, decision="escalate"))
    on[0] = True
    case = bring(desk, "assessed")
    with pytest.raises(Refused, match="Only counsel"):
        desk.review(CASE, "reviewer", LATER, assessment=case.digest, rulings=rulings(case), why="I see none.")
    assert desk.review(CASE, "counsel", LATER, assessment=case.digest, rulings=rulings(case)).review


def _finding(house: str) -> Finding:
    return Finding(
        check="new.check",
        theme="rights",
        outcome=Outcome.NOT_MET,
        sentence="Something new stands against it.",
        question="?",
        cites=(),
        treaty="",
        house=house,
    )


def _graver(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The first that blocks nothing yet, refusing."""
    first = next(each for each in findings if each.outcome != Outcome.MET)
    worse = msgspec.structs.replace(first, outcome=Outcome.NOT_MET, house="refuse-law")
    return tuple(worse if each is first else each for each in findings)


def _versions(answer: Assessment, part: str) -> Assessment:
    return msgspec.structs.replace(answer, versions=msgspec.structs.replace(answer.versions, **{part: "new"}))


def _lower(answer: Assessment) -> Assessment:
    first = msgspec.structs.replace(answer.items[0], ceiling=Ceiling.EXISTENCE)
    return msgspec.structs.replace(answer, items=(first, *answer.items[1:]))


TAMPERED: dict[str, Callable[[Assessment], Assessment]] = {
    **{
        f"version-of-{part}": lambda answer, part=part: _versions(answer, part)  # type: ignore[misc]
        for part in ("habeas", "rules", "policy", "law", "atlas")
    },
    "decision": lambda answer: msgspec.structs.replace(answer, decision="refuse"),
    "ceiling": _lower,
    **{
        f"finding-to-{word}": lambda answer, word=word: msgspec.structs.replace(  # type: ignore[misc]
            answer, findings=(*answer.findings, _finding(word))
        )
        for word in ("refuse-law", "refuse-rights", "refuse-discretion", "escalate", "reroute", "hold", "ask")
    },
    "graver": lambda answer: msgspec.structs.replace(answer, findings=_graver(answer.findings)),
    "conditions": lambda answer: msgspec.structs.replace(answer, conditions=("Something else.",)),
    "supposed": lambda answer: msgspec.structs.replace(answer, supposed=("convention-in-force",)),
    "seat": lambda answer: msgspec.structs.replace(answer, seat="CHE, provider, request"),
}


@pytest.mark.parametrize("what", TAMPERED)
@pytest.mark.parametrize("last", ["prepared", "approved"])
def test_nothing_leaves_where_the_judgement_is_another_today(what: str, last: str) -> None:
    desk, on = _tampering(TAMPERED[what])
    bring(desk, last)
    on[0] = True
    with pytest.raises(Refused) as refused:
        step(desk, "approved" if last == "prepared" else "released")
    assert refused.value.sentence
    assert desk.case(CASE).stage is Stage.DECIDED
    on[0] = False
    assert step(desk, "approved" if last == "prepared" else "released").history


def test_a_finding_that_only_notes_does_not_stop_a_release() -> None:
    desk, on = _tampering(
        lambda answer: msgspec.structs.replace(answer, findings=(*answer.findings, _finding("note")))
    )
    bring(desk, "approved")
    on[0] = True
    assert release(desk).stage is Stage.RELEASED


def test_a_state_suspended_meanwhile_gets_nothing() -> None:
    desk, _memory = house_of()
    second_administrator(desk, at(days=-1))
    bring(desk, "approved")
    configured(desk, msgspec.structs.replace(SETTINGS, suspended=("FRA",)), WHEN["approved"])
    with pytest.raises(Refused):
        release(desk)


def test_nothing_leaves_on_a_convention_that_is_not_in_force() -> None:
    settings = msgspec.structs.replace(SETTINGS, as_if_in_force=True)
    desk, _memory = house_of(settings)
    bring(desk, "prepared", i1=EXISTENCE)
    with pytest.raises(Refused, match="supposed"):
        step(desk, "approved")


def test_nothing_leaves_a_house_that_has_not_said_where_it_sits() -> None:
    desk, _memory = house_of(msgspec.structs.replace(SETTINGS, seat=""))
    bring(desk, "prepared")
    with pytest.raises(Refused, match="where it sits"):
        step(desk, "approved")


def test_an_approval_lapses_at_exactly_72_hours() -> None:
    for late, released in ((timedelta(hours=72), False), (timedelta(hours=72, microseconds=-1), True)):
        desk, _memory = house_of()
        bring(desk, "approved")
        when = WHEN["approved"] + late
        if released:
            assert release(desk, when=when).stage is Stage.RELEASED
            continue
        with pytest.raises(Refused, match="lapsed"):
            release(desk, when=when)
        desk.approve_release(CASE, "counsel", when)
        assert release(desk, when=when).stage is Stage.RELEASED


def test_an_approval_falls_with_whatever_it_rested_on() -> None:
    def prepare(desk: Desk, when: datetime) -> Case:
        return desk.prepare(CASE, "custodian", when, files=files(desk.case(CASE), "other bytes"))

    changes: dict[str, Callable[[Desk, datetime], Case]] = {
        "files": prepare,
        "identified": lambda desk, when: desk.identify(CASE, "intake", when, evidence=[]),
        "objection": lambda desk, when: desk.object(CASE, when, code=CODE, words="No."),
        "escalated": lambda desk, when: desk.escalate(CASE, "reviewer", when, why="Hard."),
        "asked": lambda desk, when: ask(desk, when, "?"),
        "a letter came": lambda desk, when: desk.attach(CASE, "intake", when, files=[ALONG]),
        "consulted": lambda desk, when: desk.consult(CASE, "counsel", when, whom="A court", about="It."),
        "invited": lambda desk, when: desk.invite(CASE, "counsel", when, person="delegate"),
        "a zone": lambda desk, when: desk.state_zone(CASE, "intake", when, zone="Europe/Paris"),
        "a hold": lambda desk, when: desk.hold(CASE, "reviewer", when, hold="h1", targets=["t1"]),
        "withdrawn": lambda desk, when: desk.withdraw(CASE, "intake", when, why="Their letter."),
    }
    for name, change in changes.items():
        desk, _memory = house_of()
        bring(desk, "approved")
        change(desk, WHEN["approved"])
        with pytest.raises(Refused) as refused:
            release(desk)
        assert refused.value.sentence, name


def test_what_changes_nothing_leaves_an_approval_standing() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    when = WHEN["approved"]
    desk.note(CASE, "intake", when, words="The custodian is told.")
    desk.hand_over(CASE, "reviewer", when, to="custodian", words="It is approved.")
    desk.assign(CASE, "custodian", when, to="custodian")
    letter_to(desk, Kind.ACKNOWLEDGEMENT, when)
    desk.warn(CASE, when, clock="approval", due=at(days=12))
    again = {"case": "2026-000009", "request": SOUND, "door": Door.PAPER, "source": CODE}
    assert desk.receive("intake", when, **again).id == CASE
    assert desk.case(CASE).approval is not None
    assert release(desk).stage is Stage.RELEASED


def test_where_the_house_asks_for_time_stamps_nothing_leaves_without_one_or_a_reason() -> None:
    asks = Stamping(url="https://stamps.example.org/", roots=pem([certificate("root")[0]]))
    desk, _memory = house_of(msgspec.structs.replace(SETTINGS, timestamps=asks))
    bring(desk, "approved")
    sent = {each.sha256 for each in desk.case(CASE).files}
    for without in (
        {},
        {"silent": "It was silent"},
        {"unstamped": "Why not"},
        {"silent": "x", "unstamped": " "},
    ):
        with pytest.raises(Refused, match="has its packages time-stamped") as refused:
            desk.release(CASE, "custodian", WHEN["released"], files=sent, package=PACKAGE, **without)
        assert refused.value.place == "unstamped"
    left = desk.release(
        *(CASE, "custodian", WHEN["released"]),
        files=sent,
        package=PACKAGE,
        silent="it was silent",
        unstamped="A court waits.",
    )
    assert left.stage is Stage.RELEASED
    event = left.history[-1].event
    assert isinstance(event, Released)
    assert (event.silent, event.unstamped) == ("it was silent", "A court waits.")


def test_settings_with_an_authority_of_time_stamps_that_could_never_answer_are_refused() -> None:
    desk, _memory = house_of()
    bad = Stamping(url="http://stamps.example.org/", roots="")
    with pytest.raises(Refused, match="over https only"):
        desk.configure("administrator", START, settings=msgspec.structs.replace(SETTINGS, timestamps=bad))


def receipt(package: str, when: datetime) -> bytes:
    """What the authority fills in."""
    form = receipt_form(CASE, package).replace("your office", "their registry")
    return form.replace("YYYY-MM-DDTHH:MM:SSZ", f"{when:%Y-%m-%dT%H:%M:%SZ}").encode()


def test_a_receipt_is_held_against_each_package_that_left_and_against_no_other() -> None:
    """A case that was reopened can have left twice, and the receipt of the first come last."""
    desk, _memory = house_of()
    bring(desk, "released")
    desk.reopen(CASE, "counsel", at(days=10), why="A court.")
    steps(desk, "assessed", "decided", late=11)
    steps(desk, "prepared", "approved", late=4)
    sent = {each.sha256 for each in desk.case(CASE).files}
    desk.release(CASE, "custodian", at(days=14), files=sent, package=LATER_PACKAGE)
    for package in (LATER_PACKAGE, PACKAGE):
        said = desk.confirm_delivery(
            CASE, "custodian", at(days=15), receipt=receipt(package, at(days=14, hours=1))
        )
        event = said.history[-1].event
        assert isinstance(event, DeliveryConfirmed)
        assert (event.package, event.who, event.key) == (package, "their registry", "")
    with pytest.raises(Refused, match="about another package") as refused:
        desk.confirm_delivery(CASE, "custodian", at(days=15), receipt=receipt("0" * 64, at(days=14)))
    assert LATER_PACKAGE in refused.value.hint
    early = receipt(LATER_PACKAGE, at(days=12))
    with pytest.raises(Refused, match="older than the package"):
        desk.confirm_delivery(CASE, "custodian", at(days=15), receipt=early)


def test_an_answer_without_a_package_is_confirmed_by_word_alone() -> None:
    desk, _memory = house_of()
    bring(desk, "notified", i1=EXISTENCE, i2=REFUSED, i3=REFUSED)
    steps(desk, "approved", "released")
    when = WHEN["delivered"]
    with pytest.raises(Refused, match="no package left"):
        desk.confirm_delivery(CASE, "custodian", when, receipt=receipt(PACKAGE, when))
    assert desk.confirm_delivery(CASE, "custodian", when, who="registry", how="by letter").delivered == when


def test_a_confirmation_of_an_earlier_version_of_the_desk_is_still_read() -> None:
    desk, memory = house_of()
    case = bring(desk, "released")
    event = events.decode(b'{"type":"delivery-confirmed","receipt":"AR 17"}')
    line = Recorded(number=case.length + 1, at=WHEN["delivered"], by="custodian", event=event)
    memory.streams[ORGANISATION, CASE] = (*case.history, line)
    assert desk.case(CASE).delivered == WHEN["delivered"]
    assert "by word" in event.sentence()


def test_a_new_version_is_never_released_on_the_old_approval() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    ask(desk, WHEN["approved"], "?")
    case = desk.answer(CASE, "intake", WHEN["approved"], request=SOUND, source=SOURCE)
    assert case.version == 2
    assert case.approval is None
    assert not case.files
    with pytest.raises(Refused):
        release(desk)


def test_only_the_very_files_leave_and_only_sealed() -> None:
    desk, _memory = house_of()
    case = bring(desk, "approved")
    held = {each.sha256 for each in case.files}
    one_less, one_more = set(list(held)[1:]), held | {SOURCE}
    for sent in (one_less, one_more, set()):
        with pytest.raises(Refused, match="not the files"):
            desk.release(CASE, "custodian", WHEN["released"], files=sent, package=PACKAGE)
    with pytest.raises(Refused, match="sealed"):
        desk.release(CASE, "custodian", WHEN["released"], files=held, package="")
    assert release(desk).released == case.files


def test_evidence_that_speaks_against_the_sender_stops_everything() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    against = evidence(holds=False, kind=EvidenceKind.CALL_BACK)
    case = desk.identify(CASE, "intake", WHEN["approved"], evidence=[against])
    assert case.stage is Stage.RECEIVED
    assert len(case.evidence) == 2
    case = desk.assess(CASE, "reviewer", WHEN["approved"])
    # two people decide to give all the same
    gives = tuple(
        Ruling(target=t, item=i, decision=Decision.PROCEED, ceiling=Ceiling.SUBSCRIBER)
        for t, i in case.asked()
    )
    late = 9.5
    steps(desk, "reviewed", "decided", late=late, decided=gives)
    desk.prepare(CASE, "custodian", at(days=late + 1), files=files(desk.case(CASE)))
    with pytest.raises(Refused, match="Nobody has made sure who sent this"):
        desk.approve_release(CASE, "counsel", at(days=late + 1))


def test_nothing_leaves_without_a_key_that_was_verified() -> None:
    desk, _memory = house_of()
    second_administrator(desk, at(days=-1))
    bring(desk, "approved")
    authority = SOUND.issuing
    assert authority is not None
    stale = msgspec.structs.replace(key_of(), verified_on=date(2025, 1, 1))
    with pytest.raises(Refused):
        desk.register_key("administrator", WHEN["approved"], key=stale, why="It has grown old.")
    unknown = changed(SOUND, issuing=msgspec.structs.replace(authority, name="An unknown office"))
    bring(desk, "approved", case=OTHER, request=unknown)
    with pytest.raises(Refused, match="Nothing can be sealed"):
        release(desk, OTHER)


def test_a_measure_that_was_not_validated_gives_nothing() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed", request=EMERGENCY)
    first, *rest = all_refused(case)
    gives = msgspec.structs.replace(first, decision=Decision.PROCEED, ceiling=Ceiling.SUBSCRIBER, ground="")
    steps(desk, "reviewed", "approved", decided=(gives, *rest))
    desk.validate(CASE, "intake", WHEN["approved"], valid=False)
    with pytest.raises(Refused, match="not validated"):
        release(desk)


# ---- two people ------------------------------------------------------------------------------------------


def test_nobody_is_the_second_person_of_their_own_review() -> None:
    desk, _memory = house_of()
    bring(desk, "reviewed")
    with pytest.raises(Refused, match="You reviewed"):
        desk.second_review(CASE, "reviewer", at(hours=5), agrees=True)


def test_more_hats_do_not_make_more_people() -> None:
    desk, _memory = house_of()
    receive(desk, by="many-hats")
    steps(desk, "identified", "reviewed")
    with pytest.raises(Refused, match="took this request in"):
        desk.second_review(CASE, "many-hats", at(hours=5), agrees=True)
    steps(desk, "decided", "prepared")
    with pytest.raises(Refused, match="took this request in"):
        desk.approve_release(CASE, "many-hats", WHEN["approved"])
    desk, _memory = house_of()
    bring(desk, "prepared")
    desk.approve_release(CASE, "many-hats", WHEN["approved"])
    with pytest.raises(Refused, match="You approved"):
        release(desk, by="many-hats")


def test_who_says_when_a_request_came_does_not_approve_what_leaves_early_by_that() -> None:
    """The ten days of a notified authority are counted from when the order came, as somebody states it."""
    desk, _memory = house_of(DUBLIN, TRAFFIC)
    early = Arrived(on=at(days=-12).date(), zone="Europe/Dublin")
    desk.receive(
        *("many-hats", START),
        case=CASE,
        request=TRAFFIC,
        door=Door.PAPER,
        source=SOURCE,
        arrived=early,
    )
    steps(desk, "identified", "assessed")
    gives = {
        item.id: {"decision": Decision.PROCEED, "ceiling": Ceiling.TRAFFIC}
        for item in TRAFFIC.targets[0].items
    }
    steps(desk, "reviewed", "prepared", **gives)
    with pytest.raises(Refused, match="took this request in"):
        desk.approve_release(CASE, "many-hats", WHEN["approved"])
    assert step(desk, "approved").approval is not None


def test_who_cannot_open_the_files_does_not_approve_that_they_leave() -> None:
    for blinded in (True, False):
        desk, _memory = house_of()
        bring(desk, "prepared")
        desk.invite(CASE, "counsel", WHEN["prepared"], person="delegate", blinded=blinded)
        if blinded:
            with pytest.raises(Refused, match="you cannot open the files"):
                desk.approve_release(CASE, "delegate", WHEN["approved"])
        else:
            assert desk.approve_release(CASE, "delegate", WHEN["approved"]).approval is not None


def test_the_first_one_to_approve_cannot_hand_over_by_changing_roles() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    given(desk, "counsel", {Role.CUSTODIAN}, WHEN["approved"], by="counsel-2")
    with pytest.raises(Refused, match="a role of yours is new"):
        release(desk, by="counsel")
    with pytest.raises(Refused, match="You approved"):
        release(desk, by="counsel", when=WHEN["approved"] + timedelta(hours=24))


def test_an_approval_leaves_with_the_one_who_gave_it() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    desk.dismiss("administrator", WHEN["approved"], person="counsel")
    with pytest.raises(Refused, match="has left"):
        release(desk)
    desk.approve_release(CASE, "counsel-2", WHEN["approved"])
    assert release(desk).stage is Stage.RELEASED


def test_an_approval_goes_with_the_role_of_the_one_who_gave_it() -> None:
    desk, _memory = house_of()
    bring(desk, "prepared")
    desk.approve_release(CASE, "many-hats", WHEN["approved"])
    left = {Role.INTAKE, Role.CUSTODIAN}
    desk.change_roles("administrator", WHEN["approved"], person="many-hats", roles=left)
    with pytest.raises(Refused, match="has another role"):
        release(desk)
    desk.approve_release(CASE, "counsel", WHEN["approved"])
    assert release(desk).stage is Stage.RELEASED


def test_nobody_ends_a_request_by_asking() -> None:
    """Who was asked has the time that the letter named."""
    desk, _memory = house_of()
    bring(desk, "assessed")
    ask(desk, at(hours=4), "Which days are meant?")
    case = letter_to(desk, Kind.CLARIFICATION)
    asked = limits.reply(case, desk.house())
    assert asked is not None
    assert asked.due is not None
    with pytest.raises(Refused, match="UTC to answer"):
        desk.close(CASE, "reviewer", asked.due - timedelta(seconds=1))
    assert desk.close(CASE, "reviewer", asked.due).stage is Stage.CLOSED


def test_who_left_and_who_is_unknown_do_nothing() -> None:
    desk, memory = house_of()
    bring(desk, "reviewed")
    desk.dismiss("administrator", at(hours=5), person="reviewer-2")
    with pytest.raises(Refused, match="have left"):
        step(desk, "decided")
    with pytest.raises(Refused, match="nobody of that name"):
        desk.second_review(CASE, "stranger", at(hours=5), agrees=True)
    stranger = Desk("another-house", memory)
    with pytest.raises(Refused, match="nobody of that name"):
        stranger.second_review(CASE, "counsel", at(hours=5), agrees=True)
    house_of(memory=memory, organisation="another-house")
    with pytest.raises(Refused, match="no such case"):
        stranger.second_review(CASE, "counsel", at(hours=5), agrees=True)


def test_a_delay_proposed_anew_leaves_the_one_that_stands_until_it_is_agreed() -> None:
    """Otherwise counsel alone would end, by proposing to renew it, what two people agreed to."""
    desk, _memory = house_of()
    first = DONE["agree-delay"](desk).delay
    case = propose_delay(desk, at(days=20), days=80, review=80)
    assert (case.delay, case.delayed(["t1"], at(days=20).date())) == (first, True)
    with pytest.raises(Refused, match="A delay of the notice stands"):
        tell(desk, "reviewer", at(days=20))
    assert queue.turn_of(case, desk.house(), at(days=20)) == ("reviewer", "agree-delay")
    with pytest.raises(Refused, match="You proposed"):
        desk.agree_delay(CASE, "counsel", at(days=20))
    step(desk, "prepared", when=at(days=29))
    desk.approve_release(CASE, "counsel", at(days=29))
    with pytest.raises(Refused, match="not told"):
        release(desk, when=at(days=31))  # the first has ended, and the second nobody agreed to
    desk.agree_delay(CASE, "reviewer", at(days=31))
    desk.approve_release(CASE, "counsel", at(days=31))  # what was approved rested on the first
    assert release(desk, when=at(days=31)).stage is Stage.RELEASED
    with pytest.raises(Refused, match="No delay"):
        desk.agree_delay(CASE, "reviewer", at(days=31))


@pytest.mark.parametrize(("days", "review"), [(0, 0), (10, 20), (-1, -2), (400, 91), (5000, 4000)])
def test_a_delay_has_an_end_and_is_reviewed_in_time(days: int, review: int) -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    with pytest.raises(Refused):
        propose_delay(desk, days=days, review=review)


def test_a_delay_ends_with_its_day_in_the_zone_of_the_house() -> None:
    settings = msgspec.structs.replace(SETTINGS, zone="Asia/Tokyo")
    desk, _memory = house_of(settings)
    bring(desk, "decided")
    propose_delay(desk, days=10, review=10)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    desk.prepare(CASE, "custodian", at(days=9), files=files(desk.case(CASE)))
    desk.approve_release(CASE, "counsel", at(days=9))
    last = at(days=10, hours=6)  # midnight in Tokyo
    with pytest.raises(Refused, match="not told"):
        release(desk, when=last)
    assert release(desk, when=last - timedelta(microseconds=1)).stage is Stage.RELEASED


def test_a_page_left_open_does_not_agree_to_what_came_after() -> None:
    desk, memory = house_of()
    shown = bring(desk, "reviewed").length
    desk.assess(CASE, "reviewer", at(hours=5))
    step(desk, "reviewed", when=at(hours=5), i1=EXISTENCE)
    stale = Desk(ORGANISATION, memory, seen=shown)
    with pytest.raises(Conflict):
        stale.second_review(CASE, "reviewer-2", at(hours=6), agrees=True)
    fresh = Desk(ORGANISATION, memory, seen=desk.case(CASE).length)
    assert fresh.second_review(CASE, "reviewer-2", at(hours=6), agrees=True).stage is Stage.DECIDED


# ---- ways round the notice -------------------------------------------------------------------------------


def test_nobody_is_told_before_a_second_person_agreed() -> None:
    desk, _memory = house_of()
    bring(desk, "reviewed")
    with pytest.raises(Refused, match="Nothing is decided, and nothing has left"):
        step(desk, "notified", when=at(hours=5))


def test_the_waiting_time_is_waited() -> None:
    desk, _memory = house_of()
    case = bring(desk, "notified")
    step(desk, "prepared", when=at(hours=7))
    ends = case.notices[0].waits_until
    with pytest.raises(Refused, match="has until"):
        desk.approve_release(CASE, "counsel", ends - timedelta(microseconds=1))
    assert desk.approve_release(CASE, "counsel", ends).approval is not None


def test_a_reopened_case_tells_of_what_is_new() -> None:
    desk, _memory = house_of()
    bring(desk, "closed", i3=REFUSED)
    desk.reopen(CASE, "counsel", at(days=11), why="A court.")
    steps(desk, "assessed", "decided", late=12)
    desk.prepare(CASE, "custodian", at(days=20), files=files(desk.case(CASE), "again"))
    with pytest.raises(Refused, match="not told of this"):
        desk.approve_release(CASE, "counsel", at(days=21))
    with pytest.raises(Refused, match="a code of its own"):
        tell(desk, "reviewer", at(days=21))
    tell(desk, "reviewer", at(days=21), code=SOURCE)
    with pytest.raises(Refused, match="has until"):
        desk.approve_release(CASE, "counsel", at(days=22))
    assert desk.approve_release(CASE, "counsel", at(days=30)).approval is not None


def test_an_account_put_in_place_of_another_is_told_before_anything_leaves() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    ask(desk, at(days=8), "Which account?")
    other = changed(SOUND, targets=(target(identifiers=(Identifier(value="b@c.example"),)),))
    desk.answer(CASE, "intake", at(days=8), request=other, source=SOURCE)
    steps(desk, "identified", "decided", late=9)
    desk.prepare(CASE, "custodian", at(days=20), files=files(desk.case(CASE)))
    with pytest.raises(Refused, match="not told of this"):
        desk.approve_release(CASE, "counsel", at(days=21))


def test_while_a_delay_stands_no_one_person_tells() -> None:
    """A reviewer alone could otherwise tell the person of whom a victim is to be kept safe."""
    desk, _memory = house_of()
    DONE["agree-delay"](desk)
    for by in ("reviewer", "reviewer-2", "counsel"):
        with pytest.raises(Refused, match="A delay of the notice stands until 2026-12-23"):
            written(desk, by, at(days=2))
    assert not desk.case(CASE).notices
    assert written(desk, "reviewer", at(days=31)).notices  # after its day of review it stands no more


def test_a_delay_is_lifted_early_by_counsel_and_a_second_person() -> None:
    desk, memory = house_of()
    DONE["agree-delay"](desk)
    with pytest.raises(Refused, match="for counsel"):
        desk.lift_delay(CASE, "reviewer", at(days=1), why="It has passed.")
    with pytest.raises(Refused, match="word"):
        desk.lift_delay(CASE, "counsel", at(days=1), why=" ")
    case = desk.lift_delay(CASE, "counsel", at(days=1), why="The danger has passed.")
    assert case.delayed(["t1"], at(days=1).date())
    with pytest.raises(Refused, match="You proposed to lift"):
        desk.agree_lift(CASE, "counsel", at(days=1))
    case = desk.agree_lift(CASE, "reviewer", at(days=2))
    assert case.delay is not None
    assert (case.delay.ends, case.delayed(["t1"], at(days=2).date())) == (at(days=2).date(), False)
    assert tell(desk, "reviewer", at(days=2)).notified(["t1"])
    with pytest.raises(Refused, match="No delay of the notice stands"):
        desk.agree_lift(CASE, "counsel-2", at(days=3))
    assert [each.count.kind for _case, each in memory.public].count("notice-delay") == 1


def test_a_proposal_to_lift_falls_with_the_delay_it_was_about() -> None:
    desk, _memory = house_of()
    DONE["lift-delay"](desk)
    propose_delay(desk, at(days=1), days=80, review=80)
    desk.agree_delay(CASE, "reviewer", at(days=1))
    with pytest.raises(Refused, match="Nobody proposed to lift"):
        desk.agree_lift(CASE, "counsel-2", at(days=2))


def test_what_a_notice_promised_is_kept_whatever_is_delayed_after_it() -> None:
    """The notice says that nothing is handed over before a day."""
    desk, _memory = house_of()
    bring(desk, "notified")
    (notice,) = desk.case(CASE).notices
    propose_delay(desk, at(hours=7))
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    step(desk, "prepared", when=at(hours=8))
    with pytest.raises(Refused, match="has until"):
        desk.approve_release(CASE, "counsel", at(hours=9))
    with pytest.raises(Refused, match="has until"):
        desk.approve_release(CASE, "counsel", notice.waits_until - timedelta(seconds=1))
    assert desk.approve_release(CASE, "counsel", notice.waits_until).approval is not None


def test_nothing_leaves_on_a_notice_that_nobody_sent() -> None:
    """One person could make the notice not happen by writing it, and throwing it and its code away."""
    desk, memory = house_of()
    bring(desk, "decided")
    case = written(desk, "reviewer", at(hours=6))
    (notice,) = case.notices
    assert [(each.sha256, each.about) for each in case.letters] == [(notice.letter, ("t1",))]
    assert not case.notified(["t1"])
    step(desk, "prepared")
    with pytest.raises(Refused, match="nobody has recorded that it went out"):
        step(desk, "approved")
    assert queue.turn_of(case, desk.house(), at(days=9)) == ("reviewer", "send-notice")
    assert "notice" not in [each.count.kind for _case, each in memory.public]
    case = send(desk, "intake", at(days=9))
    assert case.notified(["t1"])
    event = case.history[-1].event
    assert isinstance(event, NoticeSent)
    assert (event.letter, event.way, event.on) == (notice.letter, Sending.POST, at(days=9).date())
    with pytest.raises(Refused, match="has until"):  # it is counted from when it went out
        desk.approve_release(CASE, "counsel", at(days=10))
    assert desk.approve_release(CASE, "counsel", event.waits_until).approval is not None
    assert [each.count.kind for _case, each in memory.public].count("notice") == 1


def test_who_says_that_the_notice_went_out_does_not_approve_the_release() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    written(desk, "reviewer", at(hours=6))
    send(desk, "counsel", at(hours=6))
    step(desk, "prepared")
    with pytest.raises(Refused, match="You recorded that the notice went out"):
        desk.approve_release(CASE, "counsel", WHEN["approved"])
    assert desk.approve_release(CASE, "reviewer", WHEN["approved"]).approval is not None


def test_a_notice_is_sent_once_after_it_was_written_and_not_tomorrow() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    written(desk, "reviewer", at(days=1))
    for on in (at().date(), at(days=4).date()):
        with pytest.raises(Refused) as wrong:
            send(desk, "intake", at(days=3), on=on)
        assert wrong.value.place == "on"
    for targets in ([], ["t2"]):
        with pytest.raises(Refused) as wrong:
            desk.send_notice(
                CASE, "intake", at(days=3), targets=targets, way=Sending.MAIL, on=at(days=2).date()
            )
        assert wrong.value.place == "targets"
    case = send(desk, "intake", at(days=3), on=at(days=2).date())
    assert case.notices[0].waits_until == limits.waiting_ends(at(days=2), desk.house())
    with pytest.raises(Refused, match="No notice waits"):
        send(desk, "intake", at(days=3))


def test_a_notice_whose_code_was_lost_is_written_anew_until_it_was_sent() -> None:
    desk, memory = house_of()
    bring(desk, "decided")
    written(desk, "reviewer", at(hours=6))
    case = written(desk, "reviewer-2", at(days=1), code=SOURCE)
    assert [each.code for each in case.unsent()] == [SOURCE]
    case = send(desk, "intake", at(days=1))
    assert [each.sent is not None for each in case.notices] == [False, True]
    with pytest.raises(Refused, match="told already"):
        written(desk, "reviewer", at(days=2), code=PACKAGE)
    assert [each.count.kind for _case, each in memory.public].count("notice") == 1


def test_a_notice_kept_back_by_a_delay_is_not_sent_after_it() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    written(desk, "reviewer", at(hours=6))
    propose_delay(desk, at(hours=7))
    desk.agree_delay(CASE, "reviewer", at(days=2))
    with pytest.raises(Refused, match="a delay of the notice stands") as wrong:
        send(desk, "intake", at(days=3))
    assert wrong.value.place == "on"
    assert send(desk, "intake", at(days=3), on=at(days=1).date()).notified(["t1"])  # it had gone before


def test_each_person_has_a_notice_a_code_and_a_letter_of_their_own() -> None:
    """One code for two would show each what was asked about the other."""
    desk, _memory = house_of()
    bring(desk, "decided", request=TWO, t1_i2=REFUSED, t1_i3=REFUSED, t2_i1=REFUSED)
    case = written(desk, "reviewer", at(hours=6))
    told = [(each.targets, [item for _target, item, _most in each.told]) for each in case.notices]
    assert told == [(("t1",), ["i1"]), (("t2",), ["i2", "i3"])]
    assert len({each.code for each in case.notices}) == len({each.letter for each in case.notices}) == 2
    assert [each.about for each in case.letters] == [("t1",), ("t2",)]
    day = at(hours=6).date()
    desk.send_notice(CASE, "intake", at(hours=7), targets=["t1"], way=Sending.ACCOUNT, on=day)
    steps(desk, "prepared", "prepared")
    with pytest.raises(Refused, match="nobody has recorded that it went out"):
        step(desk, "approved")
    send(desk, "custodian", at(days=8, hours=2), on=day)
    assert steps(desk, "approved", "released").stage is Stage.RELEASED


def test_a_notice_goes_to_everybody_who_is_to_be_told_and_to_nobody_else() -> None:
    desk, memory = house_of()
    bring(desk, "decided", request=TWO)
    before = memory.kinds()
    one = Telling(target="t1", code=CODE, letter=SOURCE)
    two = Telling(target="t2", code=PACKAGE, letter=SOURCE)
    wrong = [
        [one],
        [one, one],
        [one, two, msgspec.structs.replace(two, target="t3", code=LATER_PACKAGE)],
        [one, msgspec.structs.replace(two, code=CODE)],
        [one, msgspec.structs.replace(two, letter="")],
        [one, msgspec.structs.replace(two, kind=Kind.RECEIPT)],
    ]
    for notices in wrong:
        with pytest.raises(Refused):
            desk.notify(CASE, "reviewer", at(hours=6), notices=notices)
    assert memory.kinds() == before
    assert len(desk.notify(CASE, "reviewer", at(hours=6), notices=[two, one]).notices) == 2


def test_whom_a_delay_is_not_about_is_told_while_it_stands() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, at(hours=6))
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    ask(desk, at(hours=8), "Which account besides?")
    desk.answer(CASE, "intake", at(days=1), request=TWO, source=SOURCE)
    steps(desk, "recorded", "decided", late=1)
    case = written(desk, "reviewer", at(days=2))
    assert [each.targets for each in case.notices] == [("t2",)]
    assert not case.notified(["t1"])


def test_a_notice_is_written_as_the_person_is_told_and_in_no_other_way() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    for kind in NOTICES:
        with pytest.raises(Refused, match="written when the person is told"):
            desk.write(CASE, "reviewer", at(days=1), letter=kind, language=Language.ENGLISH, sha256=SOURCE)


def test_a_notice_of_an_earlier_version_of_the_desk_counts_as_sent() -> None:
    desk, memory = house_of()
    bring(desk, "decided")
    ends = limits.waiting_ends(at(hours=6), desk.house())
    old = Recorded(
        number=len(memory.kinds()) + 1,
        at=at(hours=6),
        by="reviewer",
        event=events.decode(
            b'{"type":"notified","targets":["t1"],"code":"%s","waits_until":"%s"}'
            % (CODE.encode(), ends.isoformat().encode())
        ),
    )
    memory.streams[ORGANISATION, CASE] = (*memory.load(ORGANISATION, CASE), old)
    assert desk.case(CASE).notified(["t1"])
    assert steps(desk, "prepared", "released").stage is Stage.RELEASED


def test_in_an_emergency_the_delay_of_the_notice_is_offered_before_the_notice() -> None:
    """With the notice begins a wait of days, and eight hours are left; counsel may still tell."""
    desk, _memory = house_of()
    case = bring(desk, "decided", request=EMERGENCY)
    house = desk.house()
    assert queue.turn_of(case, house, at(hours=6)) == ("counsel", "delay-notice")
    assert queue.turn_of(propose_delay(desk, at(hours=6)), house, at(hours=6)) == (
        "reviewer",
        "agree-delay",
    )
    case = desk.agree_delay(CASE, "reviewer", at(hours=6))
    assert queue.turn_of(case, house, at(hours=6)) == ("custodian", "prepare")
    assert queue.turn_of(case, house, at(days=31)) == ("reviewer", "notify")
    desk, _memory = house_of()
    bring(desk, "decided", request=EMERGENCY)
    case = tell(desk, "counsel", at(hours=6))
    assert queue.turn_of(case, house, at(hours=6)) == ("person", "object")


def test_after_a_release_the_notice_comes_before_the_receipt_of_the_authority() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=20, review=20)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    case, house = steps(desk, "prepared", "released"), desk.house()
    assert queue.turn_of(case, house, at(days=19)) == ("requester", "confirm-delivery")
    assert queue.turn_of(case, house, at(days=100)) == ("reviewer", "notify")
    assert queue.turn_of(written(desk, "reviewer", at(days=100)), house, at(days=100)) == (
        "reviewer",
        "send-notice",
    )
    case = send(desk, "reviewer", at(days=100))
    assert queue.turn_of(case, house, at(days=100)) == ("requester", "confirm-delivery")


# ---- words of the house's own ----------------------------------------------------------------------------


def test_questions_of_the_rulebook_are_asked_by_one_person() -> None:
    desk, _memory = house_of()
    assert DONE["ask"](desk).stage is Stage.WAITING


def test_a_question_in_our_own_words_takes_a_second_person() -> None:
    """`The account exists and has 4000 messages; which days?` would tell what no letter may tell."""
    desk, memory = house_of()
    case = propose_questions(desk)
    assert (case.stage, case.questions) == (Stage.ASSESSED, ())
    assert queue.turn_of(case, desk.house(), at(hours=4)) == ("reviewer", "agree-questions")
    with pytest.raises(Refused, match="You wrote these questions"):
        desk.agree_questions(CASE, "reviewer", at(hours=5), agrees=True)
    case = desk.agree_questions(CASE, "reviewer-2", at(hours=5), agrees=True)
    assert (case.stage, case.questions, case.wording) == (Stage.WAITING, ("Which days are meant?",), None)
    assert memory.kinds()[-2:] == ["questions-proposed", "asked"]


def test_a_question_beside_those_of_the_rulebook_holds_all_of_them_back() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed", request=UNZONED)
    case = desk.ask(CASE, "reviewer", at(hours=4), questions=[WHICH_ZONE, "And whose account is it?"])
    assert case.stage is Stage.ASSESSED


def test_questions_that_the_second_person_does_not_agree_to_do_not_go() -> None:
    desk, _memory = house_of()
    propose_questions(desk)
    with pytest.raises(Refused, match="word"):
        desk.agree_questions(CASE, "reviewer-2", at(hours=5), agrees=False)
    case = desk.agree_questions(CASE, "reviewer-2", at(hours=5), agrees=False, reason="It tells too much.")
    assert (case.stage, case.wording) == (Stage.ASSESSED, None)
    assert queue.turn_of(case, desk.house(), at(hours=5)) == ("reviewer", "review")


@pytest.mark.parametrize("step_", ["assessed", "reviewed"])
def test_questions_proposed_fall_when_the_case_is_judged_anew(step_: str) -> None:
    desk, _memory = house_of()
    propose_questions(desk)
    assert step(desk, step_, when=at(hours=5)).wording is None


# ---- what the custodian finds later ----------------------------------------------------------------------


@pytest.mark.parametrize("until", ["assessed", "reviewed"])
def test_what_the_custodian_finds_later_sends_the_case_back(until: str) -> None:
    """That the holder is a minor was not known to whoever recommended or decided."""
    desk, _memory = house_of()
    bring(desk, until)
    minor = AccountFacts(target="t1", exists=True, holder_is_minor=True)
    case = desk.record_account(CASE, "custodian", at(hours=4.5), accounts=[minor])
    assert case.stage is Stage.RECEIVED
    with pytest.raises(Refused):
        step(desk, "decided")


# ---- an emergency that nobody validated ------------------------------------------------------------------


def _validated_afterwards(validated: float | None = None) -> Desk:
    """An emergency order that a court validates afterwards, as far as its files lie ready. validated: how
    many hours after it came."""
    order = example("e-evidence-subscriber")
    asked = changed(
        order,
        authorisation=msgspec.structs.replace(order.authorisation, issued_on=START.date()),
        received_on=START.date(),
        secrecy=SOUND.secrecy,
        deadline=None,
        emergency=EMERGENCY.emergency,
    )
    desk, _memory = house_of(Configured(seat="IRL:provider", zone="Europe/Dublin"), asked)
    bring(desk, "identified", request=asked)
    step(desk, "recorded")
    step(desk, "assessed")
    case = desk.case(CASE)
    give = tuple(
        Ruling(target=target, item=item, decision=Decision.PROCEED, ceiling=Ceiling.SUBSCRIBER)
        for target, item in case.asked()
    )
    steps(desk, "reviewed", "decided", decided=give)
    propose_delay(desk, at(hours=6))
    desk.agree_delay(CASE, "reviewer", at(hours=6))
    step(desk, "prepared", when=at(hours=7))
    if validated is not None:
        desk.validate(CASE, "intake", at(hours=validated), valid=True)
    return desk


def test_an_emergency_order_that_nobody_validated_in_48_hours_gives_nothing() -> None:
    desk = _validated_afterwards()
    ends = limits.late_validation(desk.case(CASE), desk.house(), None).not_after
    assert ends is not None
    desk.approve_release(CASE, "counsel", ends)
    late = ends + timedelta(minutes=1)
    for refused in (
        lambda: release(desk, when=late),
        lambda: desk.approve_release(CASE, "counsel", late + timedelta(days=4)),
    ):
        with pytest.raises(Refused, match="48 hours"):
            refused()
    desk = _validated_afterwards()
    desk.approve_release(CASE, "counsel", ends)
    assert release(desk, when=ends).stage is Stage.RELEASED


def test_an_emergency_order_that_was_validated_is_carried_out_later_too() -> None:
    desk = _validated_afterwards(validated=20)
    desk.approve_release(CASE, "counsel", at(days=9))
    assert release(desk, when=at(days=9)).stage is Stage.RELEASED


def test_an_emergency_of_an_instrument_without_such_a_rule_waits_for_no_validation() -> None:
    desk, _memory = house_of()
    assert bring(desk, "released", request=EMERGENCY).stage is Stage.RELEASED


def test_of_data_silently_kept_nobody_is_told() -> None:
    desk, _memory = house_of()
    bring(desk, "recorded", request=TWO)
    desk.hold(CASE, "intake", at(hours=2), hold="h1", targets=["t2"])
    desk.confirm_hold(CASE, "custodian", at(hours=2), hold="h1", kept=["t2"])
    desk.assess(CASE, "reviewer", at(hours=3))
    keep = {"decision": Decision.NARROW, "ceiling": Ceiling.PRESERVE}
    case = steps(desk, "reviewed", "notified", t2_i1=keep, t2_i2=keep, t2_i3=keep)
    assert case.notices[0].targets == ("t1",)
    assert steps(desk, "prepared", "released").stage is Stage.RELEASED


@pytest.mark.parametrize("kept", [True, False])
def test_that_data_are_kept_is_said_only_where_something_was_there_to_be_kept(kept: bool) -> None:
    desk, memory = house_of()
    bring(desk, "recorded")
    desk.hold(CASE, "intake", at(hours=2), hold="h1", targets=["t1"])
    desk.confirm_hold(CASE, "custodian", at(hours=2), hold="h1", kept=["t1"] if kept else [])
    desk.assess(CASE, "reviewer", at(hours=3))
    keep = {"decision": Decision.NARROW, "ceiling": Ceiling.PRESERVE}
    steps(desk, "reviewed", "decided", i1=keep, i2=keep, i3=keep)
    if kept:
        desk.approve_release(CASE, "counsel", WHEN["approved"])
        assert set(release(desk).fates().values()) == {Fate.KEPT}
        return
    assert (memory.rows[CASE].turn, memory.rows[CASE].next) == ("reviewer", "escalate")
    with pytest.raises(Refused, match="found nothing to be kept"):
        desk.approve_release(CASE, "counsel", WHEN["approved"])


def test_a_code_of_another_case_or_none_opens_nothing() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    with pytest.raises(Refused, match="word"):
        written(desk, "reviewer", at(hours=6), code=" ")
    step(desk, "notified")
    for code in ("", SOURCE, CODE[:-1]):
        with pytest.raises(Refused, match="opens nothing"):
            desk.object(CASE, at(days=1), code=code, words="No.")
    steps(desk, "prepared", "closed")
    with pytest.raises(Refused, match="closed"):
        desk.object(CASE, at(days=20), code=CODE, words="No.")


# ---- what may be decided ---------------------------------------------------------------------------------


def test_a_review_of_an_older_recommendation_counts_for_nothing() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    old, decided = case.digest, rulings(case)
    accounts = [AccountFacts(target="t1", exists=False)]
    desk.record_account(CASE, "custodian", at(hours=4), accounts=accounts)
    case = desk.assess(CASE, "reviewer", at(hours=4))
    assert case.digest != old
    assert case.assessment is not None
    assert case.digest == digest(case.assessment)
    for stale in (old, "", SOURCE):
        with pytest.raises(Refused, match="assessed again"):
            desk.review(CASE, "reviewer", at(hours=5), assessment=stale, rulings=decided, why="x")


def test_a_refusal_of_the_whole_leaves_no_item_undecided() -> None:
    desk, _memory = house_of()
    bring(
        desk, "decided", i1=REFUSED, i2=REFUSED, i3={"decision": Decision.CLARIFY, "ceiling": Ceiling.NOTHING}
    )
    with pytest.raises(Refused, match="Not everything"):
        desk.refuse(CASE, "reviewer", at(hours=6))
    desk, _memory = house_of()
    bring(desk, "decided", i1=REFUSED, i2={"decision": Decision.REROUTE, "ceiling": Ceiling.NOTHING})
    for verb in (desk.refuse, desk.reroute):
        with pytest.raises(Refused):
            verb(CASE, "reviewer", at(hours=6))


# ---- files -----------------------------------------------------------------------------------------------


def _file(item: str = "i1", holds: Ceiling = Ceiling.SUBSCRIBER, **parts: Any) -> Held:
    known = {"target": "t1", "item": item, "name": "x.csv", "sha256": SOURCE, "size": 1, "holds": holds}
    return Held(**{**known, **parts})


@pytest.mark.parametrize(
    "file",
    [
        _file(holds=Ceiling.CONTENT),
        _file("i2", holds=Ceiling.SUBSCRIBER),  # of this item only the existence may be told
        _file("i3"),
        _file(item="i9"),
        _file(target="t9"),
        _file(sha256=""),
        _file(sha256=SOURCE.upper()),
        _file(sha256=SOURCE + "\n"),
        _file(size=-1),
    ],
)
def test_a_file_beyond_what_was_decided_is_not_prepared(file: Held) -> None:
    desk, _memory = house_of()
    bring(desk, "decided", i2=EXISTENCE, i3=REFUSED)
    with pytest.raises(Refused):
        desk.prepare(CASE, "custodian", at(hours=6), files=[file])
    with pytest.raises(Refused, match="twice"):
        desk.prepare(CASE, "custodian", at(hours=6), files=[_file(), _file(name="y.csv")])
    assert desk.prepare(CASE, "custodian", at(hours=6), files=[_file()]).files


def test_a_file_of_an_item_that_is_refused_now_does_not_leave_with_the_rest() -> None:
    desk, _memory = house_of()
    bring(desk, "approved")
    desk.object(CASE, WHEN["approved"], code=CODE, words="My letters are mine.")
    desk.answer_objection(CASE, "counsel", WHEN["approved"], upheld=True, reason="So they are.")
    steps(desk, "reviewed", "decided", late=10, i3=REFUSED)
    with pytest.raises(Refused, match="Files are missing"):
        desk.approve_release(CASE, "counsel", at(days=11))
    desk.prepare(CASE, "custodian", at(days=11), files=files(desk.case(CASE)))
    desk.approve_release(CASE, "counsel", at(days=11))
    assert [each.item for each in release(desk, when=at(days=11)).released] == ["i1", "i2"]


def test_an_answer_without_data_leaves_without_files() -> None:
    desk, _memory = house_of()
    bring(desk, "notified", i1=EXISTENCE, i2=REFUSED, i3=REFUSED)
    steps(desk, "approved", "approved")
    with pytest.raises(Refused, match="sealed"):
        desk.release(CASE, "custodian", WHEN["released"], files=(), package=PACKAGE)
    case = release(desk)
    assert not case.released
    assert list(case.fates().values()) == [Fate.NOT_HELD, Fate.REFUSED, Fate.REFUSED]


# ---- holds -----------------------------------------------------------------------------------------------


def test_one_hold_that_ended_does_not_open_another() -> None:
    request = example("preservation-only")
    desk, _memory = house_of(Configured(seat="USA:24/7-point", zone="UTC"), request)
    bring(desk, "identified", request=request)
    first = desk.hold(CASE, "intake", at(hours=2), hold="h1", targets=["t1"]).holds[0]
    desk.hold(CASE, "intake", at(days=50), hold="h2", targets=["t1"])
    with pytest.raises(Refused, match="exists already"):
        desk.hold(CASE, "intake", at(days=50), hold="h2", targets=["t1"])
    with pytest.raises(Refused, match="still pending"):
        desk.lapse(CASE, "custodian", first.until, hold="h2", why="It is over.")
    with pytest.raises(Refused, match="no such hold"):
        desk.lapse(CASE, "custodian", first.until, hold="h3", why="x")
    case = desk.lapse(CASE, "custodian", first.until, hold="h1", why="It is over.")
    assert [hold.ended is None for hold in case.holds] == [False, True]


# ---- narrowing -------------------------------------------------------------------------------------------


def test_a_question_is_not_a_proposal_to_narrow() -> None:
    desk, _memory = house_of()
    DONE["ask"](desk)
    with pytest.raises(Refused, match="No narrower request"):
        desk.accept_narrowing(CASE, "intake", at(days=1), request=SOUND, source=SOURCE)


# ---- the records -----------------------------------------------------------------------------------------


def test_a_file_is_erased_at_the_end_of_its_time_and_not_while_it_is_retained() -> None:
    desk, memory = house_of()
    bring(desk, "closed")
    for early in (at(days=11), at(days=700)):
        with pytest.raises(Refused, match="retention"):
            step(desk, "erased", when=early)
    day = WHEN["erased"].date()
    desk.retain(CASE, "counsel", at(days=12), until=day, why="A court looks at it.")
    with pytest.raises(Refused, match="to be retained until"):
        step(desk, "erased")
    desk.retain(CASE, "counsel", at(days=13), until=None, why="It has looked.")
    assert step(desk, "erased").stage is Stage.ERASED
    assert memory.jobs[CASE] == ()
    assert memory.searches[ORGANISATION, CASE] == ()


def test_nothing_is_written_after_an_erasure() -> None:
    desk, memory = house_of()
    bring(desk, "erased")
    late = at(days=3000)
    for verb in (
        lambda: desk.warn(CASE, late, clock="x", due=late),
        lambda: desk.object(CASE, late, code=CODE, words="No."),
        lambda: desk.note(CASE, "counsel", late, words="x"),
        lambda: desk.reopen(CASE, "counsel", late, why="x"),
        lambda: desk.retain(CASE, "counsel", late, until=None, why="x"),
    ):
        with pytest.raises(Refused):
            verb()
    assert memory.kinds()[-1] == "erased"


def test_time_is_utc_and_never_goes_back() -> None:
    desk, memory = house_of()
    receive(desk)
    with pytest.raises(Refused, match="clock"):
        desk.note(CASE, "intake", at(hours=-1), words="x")
    from_elsewhere = datetime.fromisoformat("2026-11-24T10:00:00+09:00")
    for wrong in (from_elsewhere, from_elsewhere.replace(tzinfo=None)):
        with pytest.raises((ValueError, TypeError)):
            desk.note(CASE, "intake", wrong, words="x")
    assert memory.kinds() == ["received"]


def test_an_id_is_used_once_and_the_house_is_no_case() -> None:
    desk, _memory = house_of()
    receive(desk)
    for id in (CASE, HOUSE):
        with pytest.raises(Refused, match="exists already"):
            receive(desk, id)
    with pytest.raises(Refused, match="no such case"):
        desk.case(HOUSE)
    with pytest.raises(Refused, match="names no target"):
        receive(desk, OTHER, changed(SOUND, targets=()))
    with pytest.raises(Refused):
        desk.receive("custodian", at(), case=OTHER, request=SOUND, door=Door.API, source=SOURCE)


def test_what_is_not_a_number_is_no_penalty() -> None:
    offence = SOUND.offences[0]
    penalty = offence.claimed_maximum
    assert penalty is not None
    odd = msgspec.structs.replace(
        offence, claimed_maximum=msgspec.structs.replace(penalty, years=float("nan"))
    )
    desk, memory = house_of()
    with pytest.raises(Refused):
        receive(desk, request=changed(SOUND, offences=(odd,)))
    assert not memory.kinds()
    DONE["ask"](desk)
    with pytest.raises(Refused):
        desk.answer(CASE, "intake", at(days=1), request=changed(SOUND, offences=(odd,)), source=SOURCE)


@pytest.mark.parametrize(
    "verb",
    [
        lambda desk: desk.note(CASE, "reviewer", at(days=1), words=" "),
        lambda desk: desk.hand_over(CASE, "reviewer", at(days=1), to="counsel", words=""),
        lambda desk: desk.escalate(CASE, "reviewer", at(days=1), why="\n"),
        lambda desk: desk.consult(CASE, "reviewer", at(days=1), whom="", about="x"),
        lambda desk: desk.ask(CASE, "reviewer", at(days=1), questions=["", " "]),
        lambda desk: desk.assign(CASE, "reviewer", at(days=1), to="auditor"),
        lambda desk: desk.assign(CASE, "reviewer", at(days=1), to="delegate"),
        lambda desk: desk.assign(CASE, "reviewer", at(days=1), to="administrator"),
        lambda desk: desk.assign(CASE, "reviewer", at(days=1), to="nobody"),
        lambda desk: desk.invite(CASE, "counsel", at(days=1), person="reviewer"),
        lambda desk: desk.hold(CASE, "reviewer", at(days=1), hold="h", targets=["t9"]),
        lambda desk: desk.hold(CASE, "reviewer", at(days=1), hold="h", targets=[]),
        lambda desk: desk.record_account(CASE, "custodian", at(days=1), accounts=[]),
    ],
)
def test_what_says_nothing_or_names_nobody_is_not_written(verb: Callable[[Desk], Case]) -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    before = memory.kinds()
    with pytest.raises(Refused):
        verb(desk)
    assert memory.kinds() == before


def test_a_merge_is_told_once() -> None:
    desk, _memory = house_of()
    DONE["merge"](desk)
    taken = [each.event for each in desk.case(CASE).history if isinstance(each.event, MergeTaken)]
    came = (Arrival(at=at(hours=2), on=SOUND.received_on),)
    assert taken == [MergeTaken(case=OTHER, facts=(SOUND.facts,), came=came, takers=("intake",))]


# ---- what holds whatever anybody does --------------------------------------------------------------------

FORBIDDEN = (Category.REALTIME_TRAFFIC, Category.REALTIME_CONTENT, Category.CREDENTIALS)
EVERYBODY = ("administrator", *PEOPLE)
WITH_PASSWORD = changed(
    TWO,
    targets=(
        TWO.targets[0],
        msgspec.structs.replace(
            TWO.targets[1],
            items=(
                TWO.targets[1].items[0],
                msgspec.structs.replace(TWO.targets[1].items[1], category=Category.CREDENTIALS),
            ),
        ),
    ),
)
NEW_VERSIONS = (
    WITH_PASSWORD,
    TWO,
    SOUND,
    changed(TWO, secrecy=SECRET.secrecy),
    changed(TWO, emergency=EMERGENCY.emergency),
    changed(SOUND, targets=(target(identifiers=(Identifier(value="b@c.example"),)),)),
)
_JUDGED: dict[bytes, Assessment] = {}


def _remembered(request: Request, **parts: Any) -> Assessment:
    """The judge, asked once about the same."""
    key = msgspec.json.encode((request, parts["on"], repr(parts["seat"]), repr(parts["knowledge"])))
    if key not in _JUDGED:
        _JUDGED[key] = assess(request, **parts)
    return _JUDGED[key]


class Anybody(RuleBasedStateMachine):
    """Random people do random things at random times; most are refused, and what is not is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.desk, self.memory = house_of(judge=_remembered)
        self.now = START
        self.codes = 0
        self.cases = [CASE]
        self.tries = 0
        self.done = 0

    @initialize(
        request=st.sampled_from(NEW_VERSIONS),
        until=st.sampled_from(["identified", "decided", "notified", "prepared", "approved", "delivered"]),
    )
    def it_came_so_far(self, request: Request, until: str) -> None:
        receive(self.desk, request=request, by="many-hats")
        for name in list(WHEN)[1 : list(WHEN).index(until) + 1]:
            with contextlib.suppress(Refused):
                step(self.desk, name)
        self.now = self.desk.case(CASE).history[-1].at

    def _try(self, verb: Callable[..., Any], case: str, by: str, **parts: Any) -> None:
        before = dict(self.memory.streams)
        self.tries += 1
        try:
            answer = verb(case, by, self.now, **parts)
        except Refused:
            assert self.memory.streams == before
            return
        self.done += 1
        changed = answer[0] if isinstance(answer, tuple) else answer
        assert changed == self.desk.case(case)
        if isinstance(answer, tuple):
            self.cases.append(answer[1].id)
        added = self.memory.load(ORGANISATION, case)[len(before.get((ORGANISATION, case), ())) :]
        assert added
        assert {each.by for each in added} == {by}

    cases_known = st.integers(min_value=0, max_value=3)
    people_known = st.sampled_from((*EVERYBODY, *["counsel", "reviewer", "custodian", "counsel-2"] * 2))

    def _case(self, number: int) -> str:
        return self.cases[number % len(self.cases)]

    @rule(hours=st.sampled_from((0.5, 3, 30, 80, 200, 24 * 40)))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @rule(case=cases_known, times=st.integers(1, 6), late=st.booleans())
    def the_usual_steps(self, case: int, times: int, late: bool) -> None:
        """The next steps, as those take them whose turn it is: so that random ways get far."""
        if late:
            self.now += timedelta(days=9)
        for _ in range(times):
            self._usual(self._case(case))

    def _usual(self, id: str) -> None:
        try:
            known = self.desk.case(id)
        except Refused:
            return
        name = queue.turn_of(known, self.desk.house(), self.now)[1]
        usual = {
            "identify": "identified",
            "assess": "assessed",
            "review": "reviewed",
            "second-review": "decided",
            "prepare": "prepared",
            "approve-release": "approved",
            "release": "released",
            "confirm-delivery": "delivered",
            "close": "closed",
        }
        if name in usual:
            with contextlib.suppress(Refused):
                step(self.desk, usual[name], id, self.now)
        elif name == "notify":
            self._tell(id, "reviewer")
        elif name == "send-notice":
            self._send(id, "intake")
        elif name == "confirm-hold":
            live = [hold.id for hold in known.holds if hold.ended is None and hold.confirmed is None]
            self._try(self.desk.confirm_hold, id, "custodian", hold=live[0], kept=[])

    @rule(case=cases_known, by=people_known, gives=st.booleans(), ceiling=st.sampled_from(Ceiling))
    def review(self, case: int, by: str, gives: bool, ceiling: Ceiling) -> None:
        known = self.desk.case(self._case(case))
        decided = tuple(
            Ruling(
                target=target,
                item=item,
                decision=Decision.PROCEED if gives else Decision.REFUSE,
                ceiling=ceiling if gives else Ceiling.NOTHING,
                ground="" if gives else GROUND,
            )
            for target, item in known.asked()
        )
        if known.assessment is not None and ceiling is Ceiling.CONTENT:
            decided = rulings(known)
        self._try(self.desk.review, known.id, by, assessment=known.digest, rulings=decided, why="It is so.")

    @rule(case=cases_known, by=people_known, agrees=st.booleans())
    def second(self, case: int, by: str, agrees: bool) -> None:
        self._try(self.desk.second_review, self._case(case), by, agrees=agrees, reason="It is so.")

    @rule(case=cases_known, by=people_known)
    def approve(self, case: int, by: str) -> None:
        self._try(self.desk.approve_release, self._case(case), by)

    @rule(case=cases_known, by=people_known, honest=st.booleans())
    def hand_over(self, case: int, by: str, honest: bool) -> None:
        known = self.desk.case(self._case(case))
        held = {each.sha256 for each in known.files} if honest else {SOURCE}
        self._try(self.desk.release, known.id, by, files=held, package=PACKAGE if held else "")

    @rule(case=cases_known, by=people_known)
    def prepare(self, case: int, by: str) -> None:
        known = self.desk.case(self._case(case))
        self._try(self.desk.prepare, known.id, by, files=files(known, str(self.tries)))

    @rule(case=cases_known, by=people_known)
    def tell(self, case: int, by: str) -> None:
        self._tell(self._case(case), by)

    def _tell(self, id: str, by: str) -> None:
        notices = []
        for whose in self.desk.case(id).to_tell(self.desk.house().day(self.now)):
            self.codes += 1
            code = hashlib.sha256(str(self.codes).encode()).hexdigest()
            notices.append(Telling(target=whose, code=code, letter=SOURCE))
        self._try(self.desk.notify, id, by, notices=notices)

    @rule(case=cases_known, by=people_known, days_ago=st.sampled_from((0, 0, 1, 8)))
    def send(self, case: int, by: str, days_ago: int) -> None:
        self._send(self._case(case), by, days_ago)

    def _send(self, id: str, by: str, days_ago: int = 0) -> None:
        targets = [target for notice in self.desk.case(id).unsent() for target in notice.targets]
        on = self.desk.house().day(self.now) - timedelta(days=days_ago)
        self._try(self.desk.send_notice, id, by, targets=targets, way=Sending.POST, on=on)

    @rule(case=cases_known, by=people_known, days=st.integers(0, 100))
    def delay(self, case: int, by: str, days: int) -> None:
        day = self.now.date() + timedelta(days=days)
        self._try(
            self.desk.delay_notice,
            self._case(case),
            by,
            ground=DelayGround.GAG_ORDER,
            why="An order.",
            cite="x",
            until=day,
            review=day,
        )

    @rule(case=cases_known, by=people_known)
    def agree_delay(self, case: int, by: str) -> None:
        self._try(self.desk.agree_delay, self._case(case), by)

    @rule(case=cases_known, by=people_known, second=people_known)
    def lift(self, case: int, by: str, second: str) -> None:
        self._try(self.desk.lift_delay, self._case(case), by, why="It has passed.")
        self._try(self.desk.agree_lift, self._case(case), second)

    @rule(case=cases_known)
    def object(self, case: int) -> None:
        known = self.desk.case(self._case(case))
        for notice in known.notices[-1:]:
            with contextlib.suppress(Refused):
                self.desk.object(known.id, self.now, code=notice.code, words="A mistake.")

    @rule(case=cases_known, by=people_known, upheld=st.booleans())
    def answer_objection(self, case: int, by: str, upheld: bool) -> None:
        self._try(self.desk.answer_objection, self._case(case), by, upheld=upheld, reason="It is so.")

    @rule(case=cases_known, by=people_known, request=st.sampled_from(NEW_VERSIONS), narrowed=st.booleans())
    def a_new_version(self, case: int, by: str, request: Request, narrowed: bool) -> None:
        id = self._case(case)
        self._try(self.desk.ask, id, "reviewer", questions=["Why?"])
        self._try(self.desk.agree_questions, id, by, agrees=True)
        verb = self.desk.accept_narrowing if narrowed else self.desk.answer
        self._try(verb, id, by, request=request, source=SOURCE)

    @rule(
        case=cases_known,
        by=people_known,
        verb=st.sampled_from(
            (
                "assess",
                "narrow",
                "reroute",
                "refuse",
                "confirm_delivery",
                "close",
            )
        ),
    )
    def plain(self, case: int, by: str, verb: str) -> None:
        self._try(getattr(self.desk, verb), self._case(case), by)

    @rule(
        case=cases_known,
        by=people_known,
        verb=st.sampled_from(("escalate", "decline_secrecy", "withdraw", "reopen", "erase")),
    )
    def with_a_word(self, case: int, by: str, verb: str) -> None:
        self._try(getattr(self.desk, verb), self._case(case), by, why="It is so.")

    @rule(case=cases_known, by=people_known)
    def secrecy_is_accepted(self, case: int, by: str) -> None:
        id, letter = self._case(case), Kind.SECRECY_NOT_HONOURED
        self._try(self.desk.write, id, by, letter=letter, language=Language.ENGLISH, sha256=SOURCE)
        self._try(self.desk.accept_secrecy, id, by, words="By mail.")

    @rule(case=cases_known, by=people_known, holds=st.sampled_from((True, False, None)))
    def identify(self, case: int, by: str, holds: bool | None) -> None:
        self._try(self.desk.identify, self._case(case), by, evidence=[evidence(holds=holds)])

    @rule(case=cases_known, by=people_known, exists=st.booleans())
    def look_up(self, case: int, by: str, exists: bool) -> None:
        self._try(
            self.desk.record_account,
            self._case(case),
            by,
            accounts=[AccountFacts(target="t1", exists=exists)],
        )

    @rule(case=cases_known, by=people_known, named=st.sampled_from(("t1", "t2")))
    def hold(self, case: int, by: str, named: str) -> None:
        self._try(self.desk.hold, self._case(case), by, hold=f"h{self.tries}", targets=[named])

    @rule(case=cases_known, by=people_known, number=st.integers(0, 3))
    def lapse(self, case: int, by: str, number: int) -> None:
        known = self.desk.case(self._case(case))
        if number < len(known.holds):
            self._try(self.desk.lapse, known.id, by, hold=known.holds[number].id, why="Over.")

    @rule(case=cases_known, by=people_known, named=st.sampled_from(("t1", "t2")))
    def split(self, case: int, by: str, named: str) -> None:
        self._try(self.desk.split, self._case(case), by, targets=[named], into=f"2026-1{self.tries:05d}")

    @rule(case=cases_known, into=cases_known, by=people_known)
    def merge(self, case: int, into: int, by: str) -> None:
        self._try(self.desk.merge, self._case(case), by, into=self._case(into), why="The same.")

    @rule(case=cases_known, by=people_known, person=st.sampled_from(("expert", "delegate")))
    def invite(self, case: int, by: str, person: str) -> None:
        self._try(self.desk.invite, self._case(case), by, person=person)

    @rule(case=cases_known)
    def the_clock_warns(self, case: int) -> None:
        with contextlib.suppress(Refused):
            self.desk.warn(self._case(case), self.now, clock="x", due=self.now)

    # ---- what holds ----

    @invariant()
    def what_left_left_by_two_people_after_notice(self) -> None:
        for id in self.cases:
            history = self.memory.load(ORGANISATION, id)
            for place, recorded in enumerate(history):
                if recorded.event.kind == "released":
                    _look_at_a_release(id, history[: place + 1], self.desk.house())

    @invariant()
    def nobody_is_told_while_two_people_delay_it_nor_asked_in_words_of_one(self) -> None:
        zone = self.desk.house()
        for id in self.cases:
            history = self.memory.load(ORGANISATION, id)
            for place, recorded in enumerate(history):
                before = history[:place]
                match recorded.event:
                    case Notified() as notice:
                        delayed = _delayed(before, zone.day(recorded.at))
                        assert not delayed & set(notice.targets)
                        assert len(notice.targets) == 1
                    case events.Asked() as asked:
                        proposed = [each for each in before if isinstance(each.event, QuestionsProposed)]
                        assert proposed[-1].event.questions == asked.questions  # type: ignore[attr-defined]
                        assert proposed[-1].by != recorded.by
                    case _:
                        pass

    @invariant()
    def every_account_has_one_outcome_and_nothing_forbidden_is_given(self) -> None:
        for id in self.cases:
            history = self.memory.load(ORGANISATION, id)
            case = fold(ORGANISATION, id, history)
            assert case == self.desk.case(id)
            asked = {
                (target.id, item.id)
                for version in case.versions
                for target in version.request.targets
                for item in target.items
            }
            assert case.stage is not Stage.CLOSED or case.untold() == ()
            fates = case.fates()
            assert set(fates) == asked
            assert sum(Counter(fates.values()).values()) == len(asked)
            assert {(each.target, each.item) for each in case.released} <= {
                key for key, fate in fates.items() if fate is Fate.RELEASED
            }
            live = {
                (target.id, item.id)
                for target in case.request.targets
                for item in target.items
                if item.category in FORBIDDEN
            }
            assert all(each.ceiling is Ceiling.NOTHING for each in case.rulings if each.key in live)
            assert not live & {(each.target, each.item) for each in case.files}

    @invariant()
    def nothing_follows_an_erasure_and_nobody_writes_beyond_their_acts(self) -> None:
        for id in self.cases:
            history = self.memory.load(ORGANISATION, id)
            kinds = [each.event.kind for each in history]
            assert "erased" not in kinds[:-1]
            by = {each.by for each in history}
            assert not by & {"administrator", "auditor"}
            for each in history:
                if each.by == "expert":
                    assert each.event.kind in ("conflict-declared", "opinion-given")
                if each.by == "delegate":
                    assert each.event.kind in (
                        "second-reviewed",
                        "notice-delayed",
                        "notice-delay-lifted",
                        "asked",
                        "questions-declined",
                        "release-approved",
                    )
            assert len(self.memory.rows[id].stage) > 0
            assert self.memory.rows[id].version == len(history)


def _look_at_a_release(id: str, history: tuple[Recorded, ...], house: House) -> None:
    """Everything a release needs, read from the bare events and not from the fold."""
    last = history[-1]
    released = last.event
    assert isinstance(released, Released)
    before = history[:-1]
    approvals = [each for each in before if isinstance(each.event, ReleaseApproved)]
    approved = approvals[-1]
    event = approved.event
    assert isinstance(event, ReleaseApproved)
    assert approved.by != last.by
    assert timedelta(0) <= last.at - approved.at < timedelta(hours=72)
    assert event.files == released.files
    case = fold(ORGANISATION, id, before)
    assert event.version == case.version
    assert event.assessment == case.digest
    reviews = [each for each in before if isinstance(each.event, Reviewed)]
    seconds = [each for each in before if isinstance(each.event, SecondReviewed)]
    reviewed, second = reviews[-1], seconds[-1]
    assert isinstance(reviewed.event, Reviewed)
    assert isinstance(second.event, SecondReviewed)
    assert second.event.agrees
    assert reviewed.number < second.number < approved.number
    assert second.by != reviewed.by
    assert "many-hats" not in (
        second.by,
        approved.by,
    )  # who took the request in, or what it was split off from
    alone = {
        each.by
        for each in before
        if (isinstance(each.event, events.ObjectionAnswered) and not each.event.upheld)
        or (isinstance(each.event, events.Validated) and each.event.valid)
    }
    laid = [each.by for each in before if each.event.kind == "files-prepared"][-1:]
    assert approved.by not in alone | {*(laid if event.files else ())}
    assert not {each.event.kind for each in history[second.number : -1]} & {
        "assessed",
        "reviewed",
        "identified",
        "answered",
        "narrowing-accepted",
        "split-off",
        "escalated",
    }
    assert not {each.event.kind for each in history[approved.number : -1]} & {"objected", "files-prepared"}
    given = {each.key: each.ceiling for each in reviewed.event.rulings if each.ceiling is not Ceiling.NOTHING}
    assert {(each.target, each.item) for each in released.files} <= set(given)
    reached = {target for (target, _item), ceiling in given.items() if ceiling is not Ceiling.PRESERVE}
    promised: dict[str, datetime] = {}
    sent: dict[str, str] = {}
    for each in before:
        match each.event:
            case Notified() as notice:
                promised.update(dict.fromkeys(notice.targets, notice.waits_until))
            case NoticeSent() as went:
                promised.update(dict.fromkeys(went.targets, went.waits_until))
                sent.update(dict.fromkeys(went.targets, each.by))
            case _:
                pass
    for each in reached - _delayed(before, house.day(last.at)):
        assert each in sent
        assert sent[each] != approved.by
    assert all(promised[each] <= last.at for each in reached & promised.keys())
    assert case.objection is None


def _delayed(history: tuple[Recorded, ...], day: date) -> set[str]:
    """The targets for whom a delay of two people stands on that day, from the bare events."""
    asked: NoticeDelayProposed | None = None
    delay: NoticeDelayProposed | None = None
    proposer = lifter = ""
    for each in history:
        match each.event:
            case NoticeDelayProposed() as proposed:
                asked, proposer = proposed, each.by
            case NoticeDelayed():
                assert each.by != proposer
                delay, asked = asked, None
            case DelayLiftProposed():
                lifter = each.by
            case DelayLifted():
                assert each.by != lifter
                delay = None
            case _:
                pass
    stands = delay is not None and day <= min(delay.until, delay.review)
    return set(delay.targets) if delay is not None and stands else set()


TestAnybody = Anybody.TestCase
TestAnybody.settings = settings(
    max_examples=120, stateful_step_count=45, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_zone_that_is_none_is_refused_before_it_stops_the_clocks() -> None:
    desk, memory = house_of()
    with pytest.raises(Refused, match="zone"):
        desk.receive(
            "intake", at(), case=CASE, request=SOUND, door=Door.PAPER, source=SOURCE, zone="Middle/Earth"
        )
    assert memory.load(desk.organisation, CASE) == ()


def test_nothing_is_due_of_a_case_that_was_withdrawn() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed")
    case = desk.withdraw(CASE, "intake", LATER, why="Their letter.")
    assert all(each.met is not None for each in limits.of(case, desk.house()) if each.due is not None)


def test_a_withdrawal_says_who_withdrew_and_how() -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    with pytest.raises(Refused, match="needs a word of explanation"):
        desk.withdraw(CASE, "intake", LATER, why="  ")
    assert desk.withdraw(CASE, "intake", LATER, why="By letter.").stage is Stage.WITHDRAWN
    assert memory.load(desk.organisation, CASE)[-1].event.why == "By letter."


def test_the_same_objection_is_recorded_once_while_it_is_open() -> None:
    desk, memory = house_of()
    case = bring(desk, "notified")
    said = {"code": case.notices[-1].code, "words": "I object."}
    desk.object(CASE, LATER, **said)
    with pytest.raises(Refused, match="said already"):
        desk.object(CASE, LATER, **said)
    assert memory.kinds(CASE).count("objected") == 1


# ---- an objection that came by post ----


def test_an_objection_by_post_stops_the_release_like_one_from_the_door() -> None:
    desk, memory = house_of()
    bring(desk, "approved")
    case = desk.record_objection(CASE, "intake", WHEN["approved"], way=Way.POST, letter=SOURCE)
    assert case.objection == WHEN["approved"]
    assert case.approval is None
    assert "The person objected by post, with a letter; nothing" in case.history[-1].event.sentence()
    assert case.history[-1].by == "intake"
    with pytest.raises(Refused, match="The person objected"):
        desk.approve_release(CASE, "counsel", WHEN["approved"])
    desk.answer_objection(CASE, "counsel", WHEN["approved"], upheld=False, reason="It is none.")
    assert desk.approve_release(CASE, "reviewer", WHEN["approved"]).approval is not None
    assert [entry.count.kind for _stream, entry in memory.public].count("objection") == 1


def test_who_named_their_code_in_the_letter_reads_the_answer_at_the_door() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    case = desk.record_objection(CASE, "counsel", at(days=1), way=Way.MAIL, words="A mistake.", code=CODE)
    assert case.objectors == (CODE,)
    assert "by mail;" in case.history[-1].event.sentence()
    with pytest.raises(Refused, match="no notice of this case has this code"):
        desk.record_objection(CASE, "counsel", at(days=1), way=Way.MAIL, words="Again.", code=SOURCE)


def test_a_recorded_objection_says_something_or_keeps_a_letter_and_a_letter_once() -> None:
    desk, _memory = house_of()
    bring(desk, "received")
    with pytest.raises(Refused, match="needs a word of explanation"):
        desk.record_objection(CASE, "intake", at(hours=1), way=Way.POST, words="  ")
    desk.record_objection(CASE, "intake", at(hours=1), way=Way.POST, letter=SOURCE)
    with pytest.raises(Refused, match="this very letter is recorded already"):
        desk.record_objection(CASE, "intake", at(hours=2), way=Way.POST, letter=SOURCE)


def test_one_door_keeps_a_bounded_number_of_letters() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    for number in range(LETTERS):
        desk.object(CASE, at(days=1), code=CODE, words="See the letter.", letter=f"{number:064x}")
    with pytest.raises(Refused, match="so many letters"):
        desk.object(CASE, at(days=1), code=CODE, words="See the letter.", letter="f" * 64)
    assert desk.object(CASE, at(days=1), code=CODE, words="Without one.").objection is not None


def test_an_entry_is_recorded_with_its_register_and_an_older_one_without_still_reads() -> None:
    desk, memory = house_of()
    receive(desk)
    old = msgspec.structs.replace(evidence(), register=None)
    with pytest.raises(Refused, match="in which register"):
        desk.identify(CASE, "intake", at(hours=1), evidence=[old])
    before = memory.streams[ORGANISATION, CASE]
    written = decode(
        encode(events.Identified(evidence=(old,), level=Level.CONFIRMED)).replace(
            b',"register":null,"register_named":""', b""
        )
    )
    assert written == events.Identified(evidence=(old,), level=Level.CONFIRMED)
    memory.streams[ORGANISATION, CASE] = (
        *before,
        msgspec.structs.replace(before[0], number=2, event=written),
    )
    assert desk.case(CASE).identification(at().date()).level is Level.CONFIRMED
    more = evidence(kind=EvidenceKind.CALL_BACK)
    assert desk.identify(CASE, "intake", at(hours=1), evidence=[more]).evidence == (old, more)
