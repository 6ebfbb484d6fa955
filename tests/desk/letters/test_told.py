"""What the person concerned reads of what happened: of their own notice, in closed words, no more."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from habeas.desk import Desk
from habeas.desk.case import Case
from habeas.desk.letters.model import Language
from habeas.desk.letters.told import Became, Told, told
from tests.desk.desks import (
    CASE,
    CODE,
    SOUND,
    SOURCE,
    WHEN,
    all_refused,
    at,
    bring,
    house_of,
    propose_delay,
    tell,
)


def _told(
    desk: Desk, when: object = None, code: str = CODE, language: Language = Language.ENGLISH
) -> Told | None:
    moment = WHEN["notified"] + timedelta(days=1) if when is None else when
    return told(desk.case(CASE), desk.house(), moment, language, code)  # type: ignore[arg-type]


def _words(found: Told | None) -> str:
    return msgspec.json.encode(found).decode()


def test_before_anything_is_given_it_says_what_was_asked_and_until_when_nothing_goes() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    found = _told(desk)
    assert found is not None
    assert "An authority of another state asked us" in found.opening
    assert "Nothing will be given before" in found.waits
    assert {each.became for each in found.lines} == {Became.OPEN}
    assert not found.objected
    assert _told(desk, WHEN["notified"] + timedelta(days=30)).waits == ""  # type: ignore[union-attr]


def test_it_names_the_day_on_which_the_request_reached_us() -> None:
    desk, _memory = house_of()
    bring(desk, "notified", request=msgspec.structs.replace(SOUND, received_on=at(days=-9).date()))
    assert f"{at(days=-9).date()}" in _told(desk).opening  # type: ignore[union-attr]


def test_after_a_release_it_says_what_was_given_and_on_which_day() -> None:
    desk, _memory = house_of()
    case = bring(desk, "released")
    found = _told(desk, WHEN["released"])
    assert found is not None
    given = [each for each in found.lines if each.became is Became.GIVEN]
    assert len(given) == len(case.released)
    assert case.released_at is not None
    day = f"{case.released_at.day} December 2026 ({case.released_at:%Y-%m-%d})"
    assert {each.on.replace("\u00a0", " ") for each in given} == {day}


def test_no_number_name_account_charge_or_reason_stands_in_it() -> None:
    desk, _memory = house_of()
    case = bring(desk, "released")
    for language in Language:
        said = _words(_told(desk, WHEN["released"], language=language))
        assert said != "null"
        for word in _hidden(case):
            assert word not in said


def _hidden(case: Case) -> list[str]:
    request = case.request
    accounts = [each.value for target in request.targets for each in target.identifiers]
    return [
        *(CASE, CODE, "t1", request.facts[:30]),
        *accounts,
        *([request.reference] if request.reference else []),
        *([request.issuing.name] if request.issuing else []),
        *(each.label for each in request.offences if each.label),
    ]


def test_another_code_reads_nothing() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    assert _told(desk, code=SOURCE) is None


def test_a_delay_that_two_people_put_on_telling_more_silences_it_until_it_ends() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    propose_delay(desk, WHEN["notified"] + timedelta(days=2))
    now = WHEN["notified"] + timedelta(days=3)
    assert _told(desk, now) is not None, "it is only proposed"
    desk.agree_delay(CASE, "reviewer", now)
    assert _told(desk, now) is None
    delay = desk.case(CASE).delay
    assert delay is not None
    assert _told(desk, now + timedelta(days=100)) is not None


def test_who_was_told_after_a_delay_is_not_silenced_by_it() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, at(hours=6))
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    desk.lift_delay(CASE, "counsel", at(hours=8), why="The order was lifted.")
    assert _told(desk, at(hours=8)) is None
    desk.agree_lift(CASE, "reviewer", at(hours=8))
    tell(desk, "reviewer", at(hours=8))
    assert _told(desk, at(hours=9)) is not None


def test_what_is_refused_after_the_notice_is_said_so() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    when = WHEN["notified"] + timedelta(days=1)
    desk.object(CASE, when, code=CODE, words="It is a mistake.")
    assert _told(desk, when).objected  # type: ignore[union-attr]
    case = desk.answer_objection(CASE, "counsel", when, upheld=True, reason="So it is.")
    desk.review(
        CASE, "counsel", when, assessment=case.digest, rulings=all_refused(case), why="They are right."
    )
    desk.second_review(CASE, "reviewer", when, agrees=True)
    desk.refuse(CASE, "counsel", when)
    found = _told(desk, when)
    assert found is not None
    assert {each.became for each in found.lines} == {Became.REFUSED}
    assert all(each.on for each in found.lines)
    assert (found.waits, found.objected) == ("", False)


def test_a_request_that_was_withdrawn_gave_nothing() -> None:
    desk, _memory = house_of()
    bring(desk, "notified")
    when = WHEN["notified"] + timedelta(days=1)
    desk.withdraw(CASE, "intake", when, why="Their letter.")
    found = _told(desk, when)
    assert found is not None
    assert {each.became for each in found.lines} == {Became.NOT_GIVEN}


def test_whose_account_is_another_one_now_reads_nothing_of_it() -> None:
    """A new version of the request may put another person under the same target."""
    desk, _memory = house_of()
    bring(desk, "notified")
    case = desk.case(CASE)
    (target,) = SOUND.targets
    other = msgspec.structs.replace(target.identifiers[0], value="somebody-else")
    version = msgspec.structs.replace(
        case.versions[-1],
        number=2,
        request=msgspec.structs.replace(
            SOUND, targets=(msgspec.structs.replace(target, identifiers=(other,)),)
        ),
    )
    changed = msgspec.structs.replace(case, versions=(*case.versions, version))
    assert told(changed, desk.house(), WHEN["notified"], Language.ENGLISH, CODE) is None
