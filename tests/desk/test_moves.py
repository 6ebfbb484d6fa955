"""Who may do what, from where: every act, role and stage against a table of its own, and each reason read."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import TABLE, Act, Case, House, Person, Role, Stage, may, moves
from habeas.desk.case import Fate, Hold
from habeas.desk.events import Configured, Happening
from habeas.desk.moves import INVITED, _not_from_here, may_lapse
from habeas.request import Category, Secrecy
from tests.desk.desks import (
    CASE,
    DONE,
    LATER,
    ORGANISATION,
    PEOPLE,
    SOUND,
    WHEN,
    all_refused,
    as_covered,
    at,
    bring,
    example,
    house_of,
    receive,
    send,
    steps,
    written,
)

ROLES = {
    "I": Role.INTAKE,
    "R": Role.REVIEWER,
    "C": Role.COUNSEL,
    "K": Role.CUSTODIAN,
    "E": Role.EXPERT,
    "D": Role.DELEGATE,
    "A": Role.AUDITOR,
    "S": Role.ADMINISTRATOR,
}
UNDECIDED = "received assessed reviewed"
PENDING = f"{UNDECIDED} decided waiting"
ANSWERED = "released refused rerouted withdrawn"
OPEN = f"{PENDING} {ANSWERED}"
ANY = f"{OPEN} merged closed"

# act: who, from where, and to which stage it leads where it leads to another one
EXPECTED = {
    "identify": ("IRCK", PENDING, ""),
    "state-zone": ("IRC", PENDING, ""),
    "record-event": ("IRC", f"{PENDING} released", ""),
    "take-time": ("RC", PENDING, ""),
    "record-account": ("K", f"{UNDECIDED} waiting", ""),
    "note": ("IRCK", ANY, ""),
    "attach": ("IRC", OPEN, ""),
    "assign": ("IRCK", OPEN, ""),
    "hand-over": ("IRCK", OPEN, ""),
    "hold": ("IRC", PENDING, ""),
    "confirm-hold": ("K", PENDING, ""),
    "extend": ("RC", OPEN, ""),
    "lapse": ("RCK", ANY, ""),
    "assess": ("IRC", UNDECIDED, "assessed"),
    "review": ("RC", "assessed", "reviewed"),
    "second-review": ("RCD", "reviewed", "decided"),
    "escalate": ("RC", PENDING, ""),
    "consult": ("RC", PENDING, ""),
    "invite": ("C", PENDING, ""),
    "declare-conflict": ("E", PENDING, ""),
    "give-opinion": ("E", PENDING, ""),
    "ask": ("RC", "assessed decided", "waiting"),
    "agree-questions": ("RCD", "assessed decided", "waiting"),
    "answer": ("IRC", "waiting", "received"),
    "narrow": ("RC", "decided", "waiting"),
    "accept-narrowing": ("IRC", "waiting", "received"),
    "answer-conditions": ("IRC", "decided", ""),
    "reroute": ("RC", "decided", "rerouted"),
    "refuse": ("RC", "decided", "refused"),
    "write": ("IRC", ANY, ""),
    "challenge": ("RC", "decided", "waiting"),
    "clear-letter": ("C", ANY, ""),
    "withdraw": ("IRC", PENDING, "withdrawn"),
    "validate": ("IRC", OPEN, ""),
    "decline-secrecy": ("RC", f"{PENDING} refused", ""),
    "accept-secrecy": ("IRC", PENDING, ""),
    "notify": ("RC", OPEN, ""),
    "send-notice": ("IRCK", OPEN, ""),
    "delay-notice": ("C", "decided released refused", ""),
    "agree-delay": ("RCD", "decided released refused", ""),
    "lift-delay": ("C", "decided released refused rerouted withdrawn", ""),
    "agree-lift": ("RCD", "decided released refused rerouted withdrawn", ""),
    "record-objection": ("IC", OPEN, ""),
    "answer-objection": ("C", OPEN, ""),
    "prepare": ("K", "decided", ""),
    "approve-release": ("RCD", "decided", ""),
    "release": ("K", "decided", "released"),
    "confirm-delivery": ("K", "released", ""),
    "merge": ("RC", PENDING, "merged"),
    "split": ("RC", UNDECIDED, ""),
    "close": ("RC", f"{ANSWERED} waiting", "closed"),
    "reopen": ("C", f"{ANSWERED} closed", "received"),
    "retain": ("C", ANY, ""),
    "erase": ("C", "closed merged", "erased"),
}
NO_MOVE = {"read", "receive", "object", "run-house", "propose", "tell"}


def _person(role: Role) -> Person:
    return Person(id=f"some-{role}", organisation=ORGANISATION, title=str(role), roles=frozenset({role}))


@pytest.fixture(scope="module")
def decided() -> tuple[Case, House]:
    """A decided case in which a guest of every invited role sits."""
    desk, _memory = house_of()
    for person, role in (("some-expert", Role.EXPERT), ("some-delegate", Role.DELEGATE)):
        desk.admit("administrator", at(), person=person, title="guest", roles={role}, partner="partner")
    confirmed = as_covered(bring(desk, "decided"))
    for person in ("some-expert", "some-delegate"):
        desk.invite(CASE, "counsel", WHEN["decided"], person=person, confirmed=confirmed)
    return desk.case(CASE), desk.house()


def test_the_table_knows_every_act() -> None:
    assert {str(act) for act in TABLE} == set(EXPECTED)
    assert {str(act) for act in Act} == set(EXPECTED) | NO_MOVE


@pytest.mark.parametrize("act", list(TABLE))
def test_each_act_is_for_these_roles_from_these_stages_and_says_why(
    act: Act, decided: tuple[Case, House]
) -> None:
    case, house = decided
    who, where, to = EXPECTED[act]
    assert TABLE[act].to == (Stage(to) if to else None)
    for (letter, role), stage in product(ROLES.items(), Stage):
        here = msgspec.structs.replace(case, stage=stage)
        answer = may(_person(role), act, here, house, at(days=30))
        assert answer.reason.endswith("."), (act, role, stage)
        assert answer.reason[0].isupper()
        assert ".." not in answer.reason
        assert bool(answer) is answer.yes
        if letter not in who:
            assert answer.reason.startswith("This is for "), (act, role, stage)
            assert not answer
        elif stage not in where.split():
            assert not answer, (act, role, stage)
            gone = role in INVITED and stage in (Stage.MERGED, Stage.CLOSED, Stage.ERASED)
            why = _not_from_here(TABLE[act], here)
            says = "You are not invited into this case for this." if gone else why
            assert answer.reason.startswith(says), (act, role, stage, answer.reason)
        else:
            assert answer.reason != _not_from_here(TABLE[act], here), (act, role, stage)
            assert answer.yes is (answer.reason == f"You are {role} here."), (act, role, stage)


@pytest.mark.parametrize("act", list(Act))
def test_nobody_does_anything_to_an_erased_case(act: Act, decided: tuple[Case, House]) -> None:
    case, house = decided
    erased = msgspec.structs.replace(case, stage=Stage.ERASED)
    for role in Role:
        answer = may(_person(role), act, erased, house, at(days=3000))
        assert not answer or act in (Act.READ, Act.RECEIVE, Act.RUN_HOUSE, Act.PROPOSE, Act.TELL)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_receives_and_runs_the_house(role: Role, decided: tuple[Case, House]) -> None:
    case, house = decided
    stranger = msgspec.structs.replace(case, seats=())
    person = _person(role)
    assert bool(may(person, Act.READ, stranger, house, at())) is (
        role in {Role.INTAKE, Role.REVIEWER, Role.COUNSEL, Role.CUSTODIAN, Role.AUDITOR}
    )
    assert bool(may(person, Act.RECEIVE, None, house, at())) is (
        role in {Role.INTAKE, Role.REVIEWER, Role.COUNSEL}
    )
    assert bool(may(person, Act.RUN_HOUSE, None, house, at())) is (role is Role.ADMINISTRATOR)
    assert bool(may(person, Act.TELL, None, house, at())) is (role in (Role.REVIEWER, Role.COUNSEL))
    assert not may(person, Act.OBJECT, case, house, at())
    for act in Act:
        for named in (None, stranger):
            assert may(person, act, named, house, at()).reason.endswith(".")


@pytest.mark.parametrize("role", sorted(INVITED))
def test_the_invited_read_their_case_while_it_is_open_and_no_other(
    role: Role, decided: tuple[Case, House]
) -> None:
    case, house = decided
    closed = msgspec.structs.replace(case, stage=Stage.CLOSED)
    other = msgspec.structs.replace(case, id="2026-000002", seats=())
    assert may(_person(role), Act.READ, case, house, at())
    assert not may(_person(role), Act.READ, closed, house, at())
    assert not may(_person(role), Act.READ, other, house, at())
    for act in TABLE:
        assert not may(_person(role), act, other, house, at())


def test_an_expert_whose_role_was_changed_is_not_the_second_person(decided: tuple[Case, House]) -> None:
    case, house = decided
    reviewed = msgspec.structs.replace(case, stage=Stage.REVIEWED)
    turned = msgspec.structs.replace(_person(Role.EXPERT), roles=frozenset({Role.DELEGATE}))
    assert may(_person(Role.DELEGATE), Act.SECOND_REVIEW, reviewed, house, at())
    assert not may(turned, Act.SECOND_REVIEW, reviewed, house, at())


def test_who_left_does_nothing_any_more(decided: tuple[Case, House]) -> None:
    case, house = decided
    for role, act in product(Role, Act):
        gone = msgspec.structs.replace(_person(role), left=True)
        assert may(gone, act, case, house, at()).reason == "You have left this house."


def test_a_person_of_another_organisation_does_nothing_here(decided: tuple[Case, House]) -> None:
    case, house = decided
    for role, act in product(Role, Act):
        stranger = msgspec.structs.replace(_person(role), organisation="another-house")
        assert not may(stranger, act, case, house, at())
        foreign = msgspec.structs.replace(case, organisation="another-house")
        assert not may(_person(role), act, foreign, house, at())


@pytest.mark.parametrize("person", ["administrator", *PEOPLE])
def test_the_moves_of_a_person_are_those_of_the_roles_each_with_its_answer(person: str) -> None:
    desk, _memory = house_of()
    case = receive(desk, request=SOUND)
    house = desk.house()
    known = house.person(person)
    found = moves(known, case, house, at(hours=1))
    letters = {letter for letter, role in ROLES.items() if role in known.roles}
    assert {move.act for move, _answer in found} == {
        act for act, (who, _where, _to) in EXPECTED.items() if letters & set(who)
    }
    for move, answer in found:
        assert answer == may(known, move.act, case, house, at(hours=1))
        assert move.says
        assert not move.says.endswith(".")


WAY_ON = re.compile(
    r"\b(first|somebody else|only counsel|counsel invites|counsel and a second person|next the|do it there"
    r"|wait until|from \d{4}-\d\d-\d\d|send it|close|again|have a second person|counsel lifts it)\b",
    re.IGNORECASE,
)
"""What leads there: who does what before, whose it is instead, or when it will be."""
NO_WAY = re.compile(
    r"^This is for [a-z ]+, and not for your role\.$|[Tt]here is (nothing|nobody)|nobody to tell"
)
"""That this role never may, or that there is nothing here to be done."""
CODE = re.compile(r"[a-z]-[a-z]|_|[<>{}]|\bNone\b|\b[A-Z]{2,}\b(?<!UTC)")


def _says_the_way(reason: str) -> bool:
    return bool(NO_WAY.search(reason) or WAY_ON.search(reason))


@pytest.mark.parametrize("act", list(TABLE))
def test_whatever_is_barred_to_whomever_and_wherever_says_what_leads_there(
    act: Act, decided: tuple[Case, House]
) -> None:
    case, house = decided
    for role, stage in product(Role, Stage):
        here = msgspec.structs.replace(case, stage=stage)
        answer = may(_person(role), act, here, house, at(days=30))
        if not answer:
            assert _says_the_way(answer.reason), (act, role, stage, answer.reason)
            assert not CODE.search(answer.reason), (act, role, stage, answer.reason)


@pytest.mark.parametrize("last", DONE)
def test_after_whatever_was_done_each_bar_says_what_leads_beyond_it(last: str) -> None:
    """Every act once, in a case that really came there, and then every move of everybody, now and later."""
    desk, _memory = house_of()
    case = DONE[last](desk)
    house = desk.house()
    for person, when in product(house.people.values(), (case.history[-1].at, at(days=100), at(days=9000))):
        for _move, answer in moves(person, case, house, when):
            if not answer:
                assert _says_the_way(answer.reason), (last, person.id, answer.reason)
                assert not CODE.search(answer.reason), (last, person.id, answer.reason)


BARRED: list[tuple[str, str, str, str]] = [
    # what was done last, who, what they try, and why not
    ("assess", "intake", "validate", "This is no emergency."),
    ("assess", "intake", "record-event", "No time limit of this case turns on anything but the request"),
    ("assess", "reviewer", "take-time", "No time limit that runs here can be made longer"),
    ("assess", "reviewer", "extend", "Nothing is being held in this case."),
    ("assess", "custodian", "lapse", "Nothing is being held in this case."),
    ("assess", "custodian", "confirm-hold", "No hold waits to be confirmed."),
    ("confirm-hold", "custodian", "confirm-hold", "No hold waits to be confirmed."),
    ("hold", "custodian", "lapse", "The request is still pending, so the data stay where they are."),
    ("assess", "reviewer", "split", "There is only one target in this case."),
    ("approve-release", "counsel", "approve-release", "The release is approved already."),
    ("send-notice", "reviewer", "notify", "Everybody concerned was told already."),
    ("agree-delay", "reviewer", "notify", "A delay of the notice stands until 2026-12-23, as two people"),
    ("delay-notice", "counsel", "lift-delay", "No delay of the notice stands."),
    ("agree-delay", "reviewer", "agree-lift", "Nobody proposed to lift the delay of the notice."),
    ("lift-delay", "counsel", "agree-lift", "You proposed to lift this delay."),
    ("second-review", "intake", "send-notice", "No notice waits to be sent."),
    ("send-notice", "custodian", "send-notice", "No notice waits to be sent."),
    ("assess", "reviewer-2", "agree-questions", "No questions in our own words were proposed."),
    ("notify", "counsel", "answer-objection", "There is no open objection."),
    ("second-review", "reviewer", "decline-secrecy", "The requester did not ask for secrecy."),
    ("decline-secrecy", "reviewer", "decline-secrecy", "Secrecy was already declined."),
    ("second-review", "intake", "accept-secrecy", "Secrecy was not declined."),
    ("second-review", "reviewer", "agree-delay", "No delay of the notice was proposed."),
    ("assess", "expert", "declare-conflict", "You are not invited into this case for this."),
    (
        "second-review",
        "reviewer",
        "refuse",
        "Not everything was decided to be refused.",
    ),
    ("second-review", "intake", "answer-conditions", "No condition waits to be accepted."),
    ("second-review", "reviewer", "reroute", "Something was decided to be given."),
    (
        "second-review",
        "reviewer",
        "narrow",
        "It was not decided to give less than was asked or to follow our own order as narrowed.",
    ),
]


@pytest.mark.parametrize(("last", "person", "act", "why"), BARRED)
def test_a_need_that_is_not_met_bars_and_says_so(last: str, person: str, act: str, why: str) -> None:
    desk, _memory = house_of()
    case = DONE[last](desk)
    house = desk.house()
    answer = may(house.person(person), Act(act), case, house, WHEN["approved"])
    assert not answer
    assert answer.reason.startswith(why)


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("reviewer", Act.NOTIFY),
        ("counsel", Act.DELAY_NOTICE),
        ("custodian", Act.PREPARE),
        ("counsel", Act.APPROVE_RELEASE),
        ("custodian", Act.RELEASE),
    ],
)
def test_where_nothing_is_given_nobody_is_told_and_nothing_is_prepared_or_released(
    person: str, act: Act
) -> None:
    desk, _memory = house_of()
    bring(desk, "assessed")
    case = steps(desk, "reviewed", "decided", decided=all_refused(desk.case(CASE)))
    house = desk.house()
    answer = may(house.person(person), act, case, house, WHEN["approved"])
    assert answer.reason.startswith("Nothing was decided to be given.")


def test_of_two_people_neither_the_assessment_nor_the_agreement_is_supposed() -> None:
    """No way of acts leads to these; the table does not rely on that."""
    desk, _memory = house_of()
    case = bring(desk, "approved")
    house = desk.house()
    stale = msgspec.structs.replace(case, assessed_version=7)
    assert not may(house.person("custodian"), Act.RELEASE, stale, house, WHEN["released"])
    assert case.review is not None
    alone = msgspec.structs.replace(case.review, second="", settled=True)
    half = msgspec.structs.replace(case, reviews=(alone,))
    for person, act in (("custodian", Act.RELEASE), ("counsel-2", Act.APPROVE_RELEASE)):
        answer = may(house.person(person), act, half, house, WHEN["released"])
        assert answer.reason.startswith("A second person has not yet agreed.")
    assert may(house.person("custodian"), Act.RELEASE, case, house, WHEN["released"])


def test_the_day_of_the_house_is_that_of_its_zone() -> None:
    desk, _memory = house_of()
    assert desk.house().day(at(hours=14.5)) == date(2026, 11, 24)  # 23:30 UTC is after midnight in Zurich


def test_a_house_that_has_not_said_where_it_sits_sees_why_it_hands_nothing_over() -> None:
    desk, _memory = house_of()
    bring(desk, "prepared")
    house = msgspec.structs.replace(
        desk.house(), settings=msgspec.structs.replace(desk.house().settings, seat="")
    )
    answer = may(house.person("reviewer"), Act.APPROVE_RELEASE, desk.case(CASE), house, at(days=20))
    assert not answer
    assert "where it sits" in answer.reason


def test_who_is_alone_in_an_opened_house_proposes_nothing() -> None:
    """A house does not get there any more; records of one that did are read all the same."""
    alone = _person(Role.ADMINISTRATOR)
    house = House(organisation=alone.organisation, people={alone.id: alone}, opened=True)
    answer = may(alone, Act.PROPOSE, None, house, at())
    assert (answer.yes, "nobody else is here" in answer.reason) == (False, True)


# ---- what the verbs do not let come about is barred here too ---------------------------------------------


def test_no_file_is_released_of_something_that_is_not_to_be_given() -> None:
    desk, _memory = house_of()
    case, house = bring(desk, "prepared"), desk.house()
    assert may(_person(Role.COUNSEL), Act.APPROVE_RELEASE, case, house, LATER)
    stray = msgspec.structs.replace(case.files[0], target="t9")
    more = msgspec.structs.replace(case, files=(*case.files, stray))
    barred = may(_person(Role.COUNSEL), Act.APPROVE_RELEASE, more, house, LATER)
    assert not barred
    assert "not decided to be given" in barred.reason


def test_a_closed_file_of_which_no_day_of_closing_is_known_is_not_erased() -> None:
    desk, _memory = house_of()
    case, house = bring(desk, "closed"), desk.house()
    counsel, over = _person(Role.COUNSEL), at(days=4000)
    assert may(counsel, Act.ERASE, case, house, over)
    assert not may(counsel, Act.ERASE, msgspec.structs.replace(case, closed_at=None), house, over)


def test_a_hold_outlives_the_answer_only_where_the_answer_was_that_the_data_are_kept() -> None:
    desk, _memory = house_of()
    case = bring(desk, "released")
    hold = Hold(id="h1", targets=("t1",), placed=at(), until=at(days=90))
    [key] = [each for each in case.outcomes if each[0] == "t1"][:1]
    kept = msgspec.structs.replace(case, outcomes={**case.outcomes, key: Fate.KEPT})
    assert may_lapse(case, hold, at(days=60)) == ""
    assert "are kept" in may_lapse(kept, hold, at(days=60))
    assert may_lapse(kept, hold, at(days=90)) == ""


# ---- who did something may not, and their neighbour may ---------------------------------------------------


def test_who_sent_the_notice_before_the_release_may_close_the_case_after_it() -> None:
    """Beside them stood who approved the release."""
    desk, _memory = house_of()
    bring(desk, "decided")
    written(desk, "reviewer", WHEN["notified"])
    send(desk, "reviewer", WHEN["notified"])
    steps(desk, "prepared", "delivered")
    assert may(desk.house().person("reviewer"), Act.CLOSE, desk.case(CASE), desk.house(), at(days=10))


def test_a_narrower_request_is_accepted_only_while_it_was_the_last_thing_said() -> None:
    desk, _memory = house_of()
    narrowed, house = DONE["narrow"](desk), desk.house()
    assert may(_person(Role.REVIEWER), Act.ACCEPT_NARROWING, narrowed, house, LATER)
    [asked] = [each for each in DONE["ask"](house_of()[0]).history if each.event.kind == "asked"]
    after = msgspec.structs.replace(narrowed, history=(*narrowed.history, asked))
    barred = may(_person(Role.REVIEWER), Act.ACCEPT_NARROWING, after, house, LATER)
    assert barred.reason == "No narrower request was proposed. Propose one first."


def test_an_expert_with_an_interest_in_the_matter_gives_no_opinion(decided: tuple[Case, House]) -> None:
    case, house = decided
    expert = _person(Role.EXPERT)
    for clear, yes in ((None, False), (False, False), (True, True)):
        seats = tuple(
            msgspec.structs.replace(each, clear=clear) if each.person == expert.id else each
            for each in case.seats
        )
        here = msgspec.structs.replace(case, seats=seats)
        assert bool(may(expert, Act.GIVE_OPINION, here, house, LATER)) is yes


def test_where_the_notified_authority_objects_in_an_emergency_nothing_is_approved_or_leaves() -> None:
    """e-Evidence Regulation, articles 10(4) and 12(2)."""
    order = msgspec.structs.replace(
        example("e-evidence-subscriber"), received_on=None, secrecy=Secrecy(), deadline=None
    )
    items = tuple(msgspec.structs.replace(each, category=Category.TRAFFIC) for each in order.targets[0].items)
    urgent = msgspec.structs.replace(
        order,
        targets=(msgspec.structs.replace(order.targets[0], items=items),),
        emergency=msgspec.structs.replace(order.emergency, claimed=True, statement="A life is at risk."),
    )
    desk, _memory = house_of(Configured(seat="IRL:provider", zone="Europe/Dublin"), urgent)
    given = {item.id: {"decision": Decision.PROCEED, "ceiling": Ceiling.TRAFFIC} for item in items}
    bring(desk, "decided", request=urgent, **given)
    desk.validate(CASE, "intake", WHEN["decided"], valid=True)
    approving, releasing = ("counsel", Act.APPROVE_RELEASE), ("custodian", Act.RELEASE)

    def said(what: Happening, person: str, act: Act) -> str:
        now = WHEN["approved"]
        case = desk.record_event(CASE, "intake", now, what=what, on=at().date())
        return may(desk.house().person(person), act, case, desk.house(), now).reason

    steps(desk, "notified", "prepared")
    objects = "The notified authority objects, so nothing leaves."
    assert said(Happening.NOTIFIED, *approving) == "You are counsel here."
    assert said(Happening.GROUND, *approving).startswith(objects)
    assert said(Happening.NO_GROUND, *approving) == "You are counsel here."
    steps(desk, "approved", "approved")
    assert said(Happening.GROUND, *releasing).startswith(objects)
