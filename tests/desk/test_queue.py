"""The row in clear: whose turn it is, what presses, and nothing about a person or the charge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import Case, Desk, Role, limits, queue
from habeas.desk.events import Configured
from habeas.desk.letters import Kind
from habeas.desk.queue import guest
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    GROUND,
    ORGANISATION,
    SECRET,
    SOUND,
    WHEN,
    all_refused,
    as_covered,
    ask,
    at,
    bring,
    example,
    house_of,
    letter_to,
    propose_delay,
    propose_questions,
    receive,
    refused,
    steps,
)

REFUSED = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": GROUND}

TURNS = {
    "received": (Role.INTAKE, "identify"),
    "identified": (Role.REVIEWER, "assess"),
    "recorded": (Role.REVIEWER, "assess"),
    "assessed": (Role.REVIEWER, "review"),
    "reviewed": ("second", "second-review"),
    "decided": (Role.REVIEWER, "notify"),
    "notified": ("person", "object"),
    "prepared": ("second", "approve-release"),
    "approved": (Role.CUSTODIAN, "release"),
    "released": ("requester", "confirm-delivery"),
    "delivered": (Role.REVIEWER, "close"),
    "closed": ("nobody", ""),
    "erased": ("nobody", ""),
}


@pytest.mark.parametrize("name", list(WHEN))
def test_at_each_step_it_is_somebodys_turn(name: str) -> None:
    desk, memory = house_of()
    case = bring(desk, name)
    row = memory.rows[CASE]
    assert (row.turn, row.next) == TURNS[name]
    assert row == queue.folded(case, desk.house(), WHEN[name]).row
    assert row.version == case.length == len(memory.kinds())
    assert row.closed is (name in ("closed", "erased"))


OTHER_TURNS: dict[str, tuple[Callable[[Desk], Case], tuple[str, str]]] = {
    "hold": (DONE["hold"], ("custodian", "confirm-hold")),
    "escalated": (DONE["escalate"], ("counsel", "review")),
    "questions proposed": (propose_questions, ("second", "agree-questions")),
    "asked": (DONE["agree-questions"], ("reviewer", "write")),
    "asked by letter": (
        lambda desk: DONE["agree-questions"](desk) and letter_to(desk, Kind.CLARIFICATION),
        ("requester", "answer"),
    ),
    "asked by an old letter": (lambda desk: _asked_again(desk), ("reviewer", "write")),
    "notice written": (DONE["notify"], ("reviewer", "send-notice")),
    "lift proposed": (DONE["lift-delay"], ("second", "agree-lift")),
    "lifted": (DONE["agree-lift"], ("reviewer", "notify")),
    "objected": (lambda desk: bring(desk, "notified") and _object(desk), ("counsel", "answer-objection")),
    "delay proposed": (DONE["delay-notice"], ("second", "agree-delay")),
    "delayed": (DONE["agree-delay"], ("custodian", "prepare")),
    "secret": (lambda desk: bring(desk, "decided", request=SECRET), ("reviewer", "decline-secrecy")),
    "declined": (DONE["decline-secrecy"], ("reviewer", "write")),
    "declined by a held letter": (
        lambda desk: (
            DONE["decline-secrecy"](desk) and letter_to(desk, Kind.SECRECY_NOT_HONOURED, held="uncc:40(20)")
        ),
        ("counsel", "clear-letter"),
    ),
    "declined by letter": (
        lambda desk: DONE["decline-secrecy"](desk) and letter_to(desk, Kind.SECRECY_NOT_HONOURED),
        ("requester", "accept-secrecy"),
    ),
    "declined early": (
        lambda desk: (
            bring(desk, "identified", request=SECRET)
            and desk.decline_secrecy(CASE, "reviewer", at(hours=2), why="No law here keeps it.")
        ),
        ("reviewer", "write"),
    ),
    "taking longer": (DONE["take-time"], ("reviewer", "write")),
    "taking longer by letter": (
        lambda desk: DONE["take-time"](desk) and letter_to(desk, Kind.MORE_TIME),
        ("reviewer", "assess"),
    ),
    "accepted": (DONE["accept-secrecy"], ("reviewer", "notify")),
    "refused": (DONE["refuse"], ("reviewer", "write")),
    "refused by another letter": (
        lambda desk: DONE["refuse"](desk) and letter_to(desk, Kind.ACKNOWLEDGEMENT),
        ("reviewer", "write"),
    ),
    "refused by a held letter": (
        lambda desk: DONE["refuse"](desk) and letter_to(desk, Kind.REFUSAL, held="uncc:40(21)"),
        ("counsel", "clear-letter"),
    ),
    "refused by a cleared letter": (DONE["clear-letter"], ("reviewer", "notify")),
    "refused by letter": (refused, ("reviewer", "notify")),
    "rerouted": (DONE["reroute"], ("reviewer", "write")),
    "rerouted by letter": (
        lambda desk: DONE["reroute"](desk) and letter_to(desk, Kind.REROUTE),
        ("reviewer", "close"),
    ),
    "challenged": (DONE["challenge"], ("reviewer", "write")),
    "challenged by letter": (
        lambda desk: DONE["challenge"](desk) and letter_to(desk, Kind.CHALLENGE),
        ("requester", "answer"),
    ),
    "merged": (lambda desk: DONE["merge"](desk), ("nobody", "")),
    "to be kept": (
        lambda desk: bring(
            desk,
            "decided",
            i1={"decision": Decision.NARROW, "ceiling": Ceiling.PRESERVE},
            i2=REFUSED,
            i3=REFUSED,
        ),
        ("reviewer", "hold"),
    ),
    "to be refused": (
        lambda desk: bring(desk, "assessed") and steps(desk, "reviewed", "decided", decided=_none(desk)),
        ("reviewer", "refuse"),
    ),
}


def _asked_again(desk: Desk) -> Case:
    """Asked by letter, answered, and asked again: the letter of the first time asks nothing new."""
    DONE["agree-questions"](desk)
    case = letter_to(desk, Kind.CLARIFICATION)
    newer = msgspec.structs.replace(case.request, facts=case.request.facts + " Le 3 mars.")
    desk.answer(CASE, "intake", at(days=1), request=newer, source=CODE)
    desk.assess(CASE, "reviewer", at(days=2))
    return ask(desk, at(days=2), "Which account?")


def _none(desk: Desk) -> object:
    return all_refused(desk.case(CASE))


def _object(desk: Desk) -> Case:
    return desk.object(CASE, at(days=1), code=CODE, words="A mistake.")


@pytest.mark.parametrize("name", list(OTHER_TURNS))
def test_whatever_stands_in_the_way_it_is_somebodys_turn(name: str) -> None:
    done, turn = OTHER_TURNS[name]
    desk, memory = house_of()
    case = done(desk)
    row = memory.rows[case.id]
    assert (row.turn, row.next) == turn


def test_a_requester_who_does_not_say_whether_it_accepts_that_the_person_is_told_is_reminded() -> None:
    desk, memory = house_of()
    DONE["decline-secrecy"](desk)
    for asked in (at(hours=7), at(days=40)):
        case = letter_to(desk, Kind.SECRECY_NOT_HONOURED, asked)
        reply = limits.reply(case, desk.house())
        assert reply is not None
        assert reply.due is not None
        assert "reply-overdue" in {job.what for job in memory.jobs[CASE]}
        before = queue.turn_of(case, desk.house(), reply.due - timedelta(seconds=1))
        assert before == ("requester", "accept-secrecy")
        assert queue.turn_of(case, desk.house(), reply.due) == ("reviewer", "write")
    accepted = desk.accept_secrecy(CASE, "intake", at(days=41), words="The court, by mail.")
    assert limits.reply(accepted, desk.house()) is None


def test_after_a_release_under_a_delay_the_person_is_told_when_it_ends() -> None:
    desk, memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=30, review=30)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    case = steps(desk, "prepared", "delivered")
    house = desk.house()
    assert queue.turn_of(case, house, at(days=20)) == ("reviewer", "close")
    assert queue.turn_of(case, house, at(days=31)) == ("reviewer", "notify")
    assert memory.jobs[CASE]


def test_who_is_owed_a_notice_goes_before_a_letter_of_refusal_and_who_may_have_one_after_it() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=20, review=20)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    steps(desk, "prepared", "released")
    desk.reopen(CASE, "counsel", at(days=20), why="The rest is asked for.")
    case = desk.assess(CASE, "reviewer", at(days=20))
    steps(desk, "reviewed", "decided", late=20, decided=all_refused(case))
    desk.refuse(CASE, "reviewer", at(days=21))
    house = desk.house()
    assert queue.turn_of(desk.case(CASE), house, at(days=22)) == ("reviewer", "notify")
    desk, _memory = house_of()
    case = refused(desk, letter=False)
    assert queue.turn_of(case, house, at(days=1)) == ("reviewer", "write")
    assert queue.turn_of(letter_to(desk, Kind.REFUSAL), house, at(days=1)) == ("reviewer", "notify")


def test_the_row_says_nothing_of_a_person_or_the_charge() -> None:
    secrets = [identifier.value for target in SOUND.targets for identifier in target.identifiers]
    secrets += [SOUND.facts, SOUND.link or "", SOUND.targets[0].role, CODE]
    secrets += [offence.label for offence in SOUND.offences]
    desk, memory = house_of()
    receive(desk)
    for name in list(WHEN)[1:]:
        steps(desk, name, name)
        data = msgspec.json.encode((memory.rows[CASE], memory.jobs[CASE])).decode()
        assert not [secret for secret in secrets if secret and secret in data]
    persecuted = example("persecution-dressed-as-fraud")
    desk, memory = house_of(request=persecuted)
    case = bring(desk, "assessed", request=persecuted)
    assert case.assessment is not None
    data = msgspec.json.encode(memory.rows[CASE]).decode()
    assert not [each for each in case.assessment.protected_conduct if each in data]


def test_a_case_is_found_by_what_was_asked_about_and_by_the_code_of_its_notice() -> None:
    desk, memory = house_of()
    bring(desk, "notified")
    found = set(memory.searches[ORGANISATION, CASE])
    assert {each.value for target in SOUND.targets for each in target.identifiers} <= found
    assert {SOUND.reference, f"notice:{CODE}"} <= found
    again = {each for each in found if each.startswith(("came:", "says:", "reference:"))}
    assert len(found - again) == 4  # and by nothing else: no name, no word of the facts
    assert len(again) == 3  # by what shows that the same request comes again


def test_a_guest_finds_the_case_while_they_sit_in_it() -> None:
    desk, memory = house_of()
    confirmed = as_covered(bring(desk, "assessed"))
    desk.invite(CASE, "counsel", at(1), person="expert", question="Is it speech?", confirmed=confirmed)
    assert guest("expert") in memory.searches[ORGANISATION, CASE]
    desk.declare_conflict(CASE, "expert", at(1, 1), conflict=True)
    assert guest("expert") not in memory.searches[ORGANISATION, CASE]


def test_a_description_of_many_finds_nothing() -> None:
    many = msgspec.structs.replace(SOUND.targets[0].identifiers[0], value="all donors", bulk=True)
    target = msgspec.structs.replace(SOUND.targets[0], identifiers=(many,))
    desk, memory = house_of()
    receive(desk, request=msgspec.structs.replace(SOUND, targets=(target,)))
    assert "all donors" not in memory.searches[ORGANISATION, CASE]


def test_a_house_elsewhere_has_its_own_clocks() -> None:
    request = example("e-evidence-subscriber")
    desk, memory = house_of(Configured(seat="NLD:provider", zone="Europe/Amsterdam"), request)
    receive(desk, request=request)
    assert memory.rows[CASE].due is not None
    assert memory.rows[CASE].due_what
