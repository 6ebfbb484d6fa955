"""A case folded from its events: where it stands, what became of each item, who was told of what."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import TABLE, Fate, Recorded, Stage
from habeas.desk.case import Case, fold
from habeas.desk.events import Configured, Noted
from habeas.desk.letters import Kind
from habeas.errors import Refused
from habeas.request import Identifier, Item, Period, Target
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    GROUND,
    ORGANISATION,
    SOUND,
    SOURCE,
    TWO,
    WHEN,
    ask,
    at,
    bring,
    house_of,
    letter_to,
    propose_delay,
    receive,
    release,
    step,
    steps,
)

REFUSED = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": GROUND}


@pytest.mark.parametrize("act", list(TABLE))
def test_each_act_leads_where_the_table_says_and_the_fold_agrees(act: str) -> None:
    desk, memory = house_of()
    case = DONE[act](desk)
    assert case.history[-1].event.kind != "received"
    to = TABLE[act].to  # type: ignore[index]
    if to is not None:
        assert case.stage is to
    assert fold(ORGANISATION, case.id, memory.load(ORGANISATION, case.id)) == case == desk.case(case.id)


def test_acts_that_lead_nowhere_leave_the_stage_but_for_those_that_undo_it() -> None:
    """What is new makes what rests on the old an open question again, and counsel undoes a review."""
    undoing = {"identify", "record-account", "split", "answer-objection", "escalate"}
    for act in set(TABLE) - undoing:
        desk, memory = house_of()
        case = DONE[act](desk)
        before = fold(ORGANISATION, case.id, memory.load(ORGANISATION, case.id)[:-1])
        assert TABLE[act].to is not None or before.stage is case.stage, act


def test_a_case_without_events_is_none_and_begins_with_its_request() -> None:
    with pytest.raises(Refused, match="no such case"):
        fold(ORGANISATION, CASE, ())
    note = Recorded(number=1, at=at(), by="intake", event=Noted(words="x"))
    with pytest.raises(AssertionError):
        fold(ORGANISATION, CASE, (note,))


def test_an_event_of_the_house_is_no_event_of_a_case() -> None:
    desk, _memory = house_of()
    case = receive(desk)
    stray = Recorded(number=2, at=at(), by="intake", event=Configured(seat="", zone="UTC"))
    with pytest.raises(AssertionError):
        fold(ORGANISATION, CASE, (*case.history, stray))


# ---- what became of each item ----------------------------------------------------------------------------


def _fates(case: Case) -> list[str]:
    return [str(fate) for fate in case.fates().values()]


def test_every_item_has_one_fate_at_every_step() -> None:
    desk, _memory = house_of()
    receive(desk)
    for name in list(WHEN)[1:]:
        case = step(desk, name)
        left = name in ("released", "delivered", "closed", "erased")
        assert _fates(case) == [Fate.RELEASED if left else Fate.OPEN] * 3


def test_what_is_given_refused_not_held_and_kept_stand_side_by_side() -> None:
    desk, _memory = house_of()
    bring(desk, "recorded")
    desk.hold(CASE, "intake", at(hours=2), hold="h1", targets=["t1"])
    desk.confirm_hold(CASE, "custodian", at(hours=2), hold="h1", kept=["t1"])
    desk.assess(CASE, "reviewer", at(hours=3))
    case = steps(
        desk,
        "reviewed",
        "released",
        i1={"decision": Decision.NARROW, "ceiling": Ceiling.EXISTENCE},
        i2={"decision": Decision.NARROW, "ceiling": Ceiling.PRESERVE},
        i3=REFUSED,
    )
    assert _fates(case) == [Fate.NOT_HELD, Fate.KEPT, Fate.REFUSED]


@pytest.mark.parametrize(
    ("act", "fate", "letter"),
    [
        ("refuse", Fate.REFUSED, Kind.REFUSAL),
        ("reroute", Fate.REROUTED, Kind.REROUTE),
        ("withdraw", Fate.WITHDRAWN, None),
    ],
)
def test_an_answer_to_the_whole_is_the_fate_of_each_and_stays_it_when_closed(
    act: str, fate: Fate, letter: Kind | None
) -> None:
    desk, _memory = house_of()
    assert _fates(DONE[act](desk)) == [fate] * 3
    if letter is not None:
        letter_to(desk, letter)
    assert _fates(desk.close(CASE, "reviewer", at(days=1))) == [fate] * 3
    assert _fates(desk.reopen(CASE, "counsel", at(days=2), why="A court.")) == [Fate.OPEN] * 3


def test_a_case_closed_without_an_answer_says_so() -> None:
    desk, _memory = house_of()
    DONE["ask"](desk)
    letter_to(desk, Kind.CLARIFICATION)
    assert _fates(desk.close(CASE, "reviewer", at(days=90))) == [Fate.LAPSED] * 3


def test_what_has_left_has_left_whatever_happens_later() -> None:
    desk, _memory = house_of()
    bring(desk, "closed")
    reopened = desk.reopen(CASE, "counsel", at(days=11), why="A court.")
    assert _fates(reopened) == [Fate.RELEASED] * 3
    again = steps(desk, "assessed", "decided", late=12, decided=None, i1=REFUSED, i2=REFUSED, i3=REFUSED)
    assert again.stage is Stage.DECIDED
    assert _fates(desk.refuse(CASE, "reviewer", at(days=13))) == [Fate.RELEASED] * 3


def test_a_target_that_was_split_off_or_dropped_keeps_its_line() -> None:
    desk, _memory = house_of()
    case = DONE["split"](desk)
    assert _fates(case) == [Fate.OPEN] * 3 + [Fate.ELSEWHERE] * 3
    assert _fates(desk.case("2026-000002")) == [Fate.OPEN] * 3

    desk, _memory = house_of()
    case = bring(desk, "assessed", request=TWO)
    ask(desk, at(hours=4), "Which of the two?")
    case = desk.answer(CASE, "intake", at(days=1), request=SOUND, source=SOURCE)
    assert _fates(case) == [Fate.OPEN] * 3 + [Fate.WITHDRAWN] * 3


def test_a_merged_case_goes_on_elsewhere() -> None:
    desk, _memory = house_of()
    assert _fates(DONE["merge"](desk)) == [Fate.ELSEWHERE] * 3


# ---- what is decided -------------------------------------------------------------------------------------


def test_a_review_that_nobody_agreed_to_decides_nothing() -> None:
    desk, _memory = house_of()
    case = bring(desk, "reviewed")
    assert case.review is not None
    assert not case.rulings
    case = desk.second_review(CASE, "reviewer-2", at(hours=5), agrees=False, reason="Too much.")
    assert case.stage is Stage.ASSESSED
    assert case.review is not None
    assert case.review.refused_by == "reviewer-2"
    case = ask(desk, at(hours=6), "Why all?")
    assert case.stage is Stage.WAITING
    assert not case.rulings
    assert not case.giving()


def test_a_decision_about_one_version_is_none_about_the_next() -> None:
    desk, _memory = house_of()
    assert bring(desk, "decided").giving()
    assert ask(desk, at(hours=6), "Why all?").giving()
    desk.answer(CASE, "intake", at(days=1), request=TWO, source=SOURCE)
    desk.assess(CASE, "reviewer", at(days=1))
    assert not ask(desk, at(days=2), "Why two?").rulings


def test_what_is_only_kept_meanwhile_is_not_given() -> None:
    desk, _memory = house_of()
    meanwhile = {"decision": Decision.CLARIFY, "ceiling": Ceiling.PRESERVE}
    case = bring(desk, "decided", i1=meanwhile, i2=meanwhile, i3=meanwhile)
    assert case.stage is Stage.DECIDED
    assert case.rulings
    assert not case.giving()
    assert not case.reaching()


# ---- who was told ----------------------------------------------------------------------------------------


def _target(**parts: object) -> Target:
    return msgspec.structs.replace(SOUND.targets[0], **parts)


def _again(*targets: Target, **changes: object) -> Case:
    """Told of the first version; then a new version with these targets, decided as recommended."""
    desk, _memory = house_of()
    bring(desk, "notified")
    ask(desk, at(days=1), "Is all of it needed?")
    newer = msgspec.structs.replace(SOUND, targets=targets)
    desk.answer(CASE, "intake", at(days=2), request=newer, source=SOURCE)
    return steps(desk, "identified", "decided", late=2, **changes)


def _item(number: int, **parts: object) -> Item:
    return msgspec.structs.replace(SOUND.targets[0].items[number], **parts)


def test_a_notice_covers_the_same_and_less() -> None:
    short = Period(start=date(2026, 9, 1), end=date(2026, 9, 30))
    assert _again(_target()).notified(["t1"])
    assert _again(_target(items=(_item(0, period=short),))).notified(["t1"])
    less = {"decision": Decision.NARROW, "ceiling": Ceiling.TRAFFIC}
    assert _again(_target(), i3=less).notified(["t1"])


@pytest.mark.parametrize(
    "target",
    [
        _target(identifiers=(Identifier(value="somebody-else@host.example"),)),
        _target(identifiers=(*SOUND.targets[0].identifiers, Identifier(value="one-more@host.example"))),
        _target(items=(_item(0), _item(1), _item(2), _item(1, id="i4"))),
        _target(items=(_item(0, period=Period(start=date(2026, 7, 1), end=date(2026, 10, 9))),)),
        _target(items=(_item(0, period=Period(start=date(2026, 8, 1))),)),
        _target(items=(_item(0, period=None),)),
        _target(items=(_item(0, description="all there is"),)),
    ],
    ids=["another-account", "more-accounts", "more-items", "longer", "open-end", "no-period", "other-words"],
)
def test_a_notice_covers_nobody_else_and_nothing_more(target: Target) -> None:
    case = _again(target)
    assert case.reaching()
    assert not case.notified(["t1"])


def test_a_wider_decision_is_not_what_the_person_was_told() -> None:
    desk, _memory = house_of()
    bring(desk, "notified", i3=REFUSED)
    desk.identify(CASE, "intake", at(days=1), evidence=())
    case = steps(desk, "assessed", "decided", late=2)
    assert not case.notified(["t1"])


def test_a_delay_is_for_the_person_it_was_agreed_for() -> None:
    for identifiers, stands in (
        (SOUND.targets[0].identifiers, True),
        ((Identifier(value="other@x.example"),), False),
    ):
        desk, _memory = house_of()
        bring(desk, "decided")
        propose_delay(desk)
        case = desk.agree_delay(CASE, "reviewer", at(hours=7))
        assert case.delayed(["t1"], at(days=1).date())
        assert not case.delayed(["t1", "t2"], at(days=1).date())
        ask(desk, at(days=1), "Which account?")
        newer = msgspec.structs.replace(SOUND, targets=(_target(identifiers=identifiers),))
        case = desk.answer(CASE, "intake", at(days=2), request=newer, source=SOURCE)
        assert case.delayed(["t1"], at(days=2).date()) is stands
        [notice] = bring(house_of()[0], "notified").notices
        later = msgspec.structs.replace(notice, at=at(days=80), version=case.version)
        assert (case.kept_back(later) is not None) is stands
        assert case.kept_back(msgspec.structs.replace(later, at=at())) is None, "it was agreed after that"


# ---- new versions ----------------------------------------------------------------------------------------


def test_evidence_for_one_authority_is_none_for_another() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed")
    ask(desk, at(hours=4), "Who asks?")
    issuing = SOUND.issuing
    assert issuing is not None
    other = msgspec.structs.replace(
        SOUND, issuing=msgspec.structs.replace(issuing, name="Another public prosecutor's office")
    )
    case = desk.answer(CASE, "intake", at(days=1), request=other, source=SOURCE)
    assert not case.evidence
    assert case.identification(at(days=1).date()).level == "claimed"


def test_the_records_of_one_account_say_nothing_of_another() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed")
    ask(desk, at(hours=4), "Which account?")
    other = msgspec.structs.replace(SOUND, targets=(_target(identifiers=(Identifier(value="b@c.example"),)),))
    assert not desk.answer(CASE, "intake", at(days=1), request=other, source=SOURCE).accounts


def test_a_new_decision_wants_its_files_laid_out_anew() -> None:
    desk, _memory = house_of()
    assert bring(desk, "prepared").files
    desk.identify(CASE, "intake", at(days=9), evidence=())
    assert not steps(desk, "assessed", "decided", late=10).files


def test_what_was_recorded_of_one_account_stays_when_another_is_looked_up() -> None:
    desk, _memory = house_of()
    case = bring(desk, "recorded", request=TWO)
    first = msgspec.structs.replace(case.accounts[0], exists=False)
    case = desk.record_account(CASE, "custodian", at(hours=3), accounts=[first])
    assert [(each.target, each.exists) for each in case.accounts] == [("t1", False), ("t2", True)]


def test_a_notice_code_is_the_one_of_its_notice() -> None:
    desk, _memory = house_of()
    case = bring(desk, "notified")
    [notice] = case.notices
    assert (notice.code, notice.targets, notice.version) == (CODE, ("t1",), 1)
    assert (
        case.waits_until(["t1"]) == notice.waits_until == at(days=7, hours=14)
    )  # the eighth day, 24:00 there
    assert case.waits_until(["t2"]) is None
    steps(desk, "prepared", "approved")
    assert release(desk).released_at == WHEN["released"]


def test_an_objection_is_open_until_it_is_answered() -> None:
    desk, _memory = house_of()
    case = DONE["record-objection"](desk)
    assert [each.event.words for each in case.open_objections()] == ["It is a mistake."]
    assert case.open_objections() == case.objections()
    answered = desk.answer_objection(CASE, "counsel", at(days=2), upheld=False, reason="It is none.")
    assert answered.open_objections() == ()
    assert len(answered.objections()) == 1
