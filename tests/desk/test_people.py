"""The house: who works here, as what, who is away, and what nobody can set up."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas.desk import HOUSE, Conflict, Desk, Door, Recorded, Role, Stage
from habeas.desk.events import KeyRegistered, LogConfigured, Noted
from habeas.desk.moves import Act, may
from habeas.desk.people import fold
from habeas.errors import Refused
from habeas.request import Measure
from tests.desk.desks import (
    ORGANISATION,
    PEOPLE,
    SETTINGS,
    SOUND,
    SOURCE,
    Memory,
    at,
    house_of,
    key_of,
    receive,
    second_administrator,
)

ADMINISTRATOR = "administrator"


def test_the_house_is_folded_from_its_events() -> None:
    desk, memory = house_of()
    house = desk.house()
    assert set(house.people) == {ADMINISTRATOR, *PEOPLE}
    assert house == fold(ORGANISATION, memory.load(ORGANISATION, HOUSE))
    assert house.length == len(memory.load(ORGANISATION, HOUSE))
    assert house.configured
    assert not fold(ORGANISATION, ()).configured
    seat = house.seat(SOUND)
    assert (seat.state, seat.role, seat.arrival) == ("CHE", "central-authority", "request")


def test_an_order_binds_only_where_it_is_of_the_own_state() -> None:
    house = house_of()[0].house()
    order = msgspec.structs.replace(SOUND, measure=Measure.DOMESTIC_ORDER)
    assert house.seat(order).arrival == "request"
    own = msgspec.structs.replace(order, requesting_state="CHE")
    assert house.seat(own).arrival == "domestic-order"
    bold = msgspec.structs.replace(
        own, seat_state="FRA", requesting_state="FRA"
    )  # it cannot say where we sit
    assert house.seat(bold) == house.seat(order)


def test_an_event_of_a_case_is_none_of_a_house() -> None:
    with pytest.raises(AssertionError):
        fold(ORGANISATION, (Recorded(number=1, at=at(), by="x", event=Noted(words="x")),))


def test_a_house_is_founded_once() -> None:
    desk, memory = house_of()
    with pytest.raises(Refused, match="exists already"):
        desk.found(at(), person="usurper", title="Administrator", settings=SETTINGS)
    other = Desk("another-house", memory)
    assert other.found(at(), person="a", title="Administrator", settings=SETTINGS).length == 2


@pytest.mark.parametrize("person", list(PEOPLE))
def test_only_an_administrator_runs_the_house(person: str) -> None:
    desk, memory = house_of()
    before = memory.kinds(HOUSE)
    for verb in (
        lambda: desk.admit(person, at(), person="new", title="New", roles={Role.REVIEWER}),
        lambda: desk.change_roles(person, at(), person="auditor", roles={Role.REVIEWER}),
        lambda: desk.dismiss(person, at(), person="auditor"),
        lambda: desk.register_key(person, at(), key=key_of()),
        lambda: desk.configure(person, at(), settings=SETTINGS),
        lambda: desk.keep_log(person, at(), settings=LogConfigured(origin="desk.example.org/log")),
        lambda: desk.state_absence(person, at(), person=ADMINISTRATOR, since=date.min, until=date.max),
    ):
        with pytest.raises(Refused, match="for administrator"):
            verb()
    assert memory.kinds(HOUSE) == before


def test_nobody_changes_their_own_roles_and_one_administrator_stays() -> None:
    desk, _memory = house_of()
    with pytest.raises(Refused, match="their own roles"):
        desk.change_roles(ADMINISTRATOR, at(), person=ADMINISTRATOR, roles={Role.REVIEWER})
    with pytest.raises(Refused, match="keeps one administrator"):
        desk.dismiss(ADMINISTRATOR, at(), person=ADMINISTRATOR)
    desk.admit(ADMINISTRATOR, at(), person="second", title="Second", roles={Role.ADMINISTRATOR})
    desk.dismiss("second", at(), person=ADMINISTRATOR)
    with pytest.raises(Refused, match="keeps one administrator"):
        desk.dismiss("second", at(), person="second")
    with pytest.raises(Refused, match="have left"):
        desk.configure(ADMINISTRATOR, at(), settings=SETTINGS)


def test_everybody_states_their_own_absence_with_a_deputy_who_is_there() -> None:
    desk, _memory = house_of()
    since, until = date(2026, 12, 1), date(2026, 12, 5)
    house = desk.state_absence(
        "reviewer", at(), person="reviewer", since=since, until=until, deputy="reviewer-2"
    )
    person = house.person("reviewer")
    assert [bool(person.away(date(2026, 12, day))) for day in (1, 5, 6)] == [True, True, False]
    assert person.away(date(2026, 11, 30)) is None
    with pytest.raises(Refused, match="before it begins"):
        desk.state_absence("reviewer", at(), person="reviewer", since=until, until=since)
    desk.dismiss(ADMINISTRATOR, at(), person="reviewer-2")
    for deputy in ("reviewer", "reviewer-2", "nobody"):
        with pytest.raises(Refused):
            desk.state_absence("reviewer", at(), person="reviewer", since=since, until=until, deputy=deputy)


def test_who_left_states_nothing_and_stays_gone() -> None:
    desk, memory = house_of()
    house = desk.dismiss(ADMINISTRATOR, at(), person="reviewer")
    assert not house.person("reviewer").has(Role.REVIEWER)
    assert not house.person("reviewer").reads_cases
    before = memory.kinds(HOUSE)
    for by in ("reviewer", ADMINISTRATOR):
        with pytest.raises(Refused, match="left"):
            desk.state_absence(by, at(), person="reviewer", since=date.min, until=date.max)
    assert memory.kinds(HOUSE) == before
    desk.change_roles(ADMINISTRATOR, at(), person="reviewer", roles={Role.COUNSEL})
    assert not desk.house().person("reviewer").has(Role.COUNSEL)


def test_keys_are_kept_by_authority_and_state() -> None:
    desk, _memory = house_of()
    key = key_of()
    house = desk.house()
    assert house.keys_for(key.authority, "FRA") == (key,)
    assert house.keys_for(key.authority, "DEU") == house.keys_for("Another", "FRA") == ()
    for wrong in (
        msgspec.structs.replace(key, fingerprint="SHA256:x"),
        msgspec.structs.replace(key, verified_by=" "),
        msgspec.structs.replace(key, verified_on=at(days=9).date()),
    ):
        with pytest.raises(Refused):
            desk.register_key(ADMINISTRATOR, at(), key=wrong)


# ---- what takes two people -------------------------------------------------------------------------------

SECOND = "administrator-2"
LONGER = msgspec.structs.replace(SETTINGS, times=msgspec.structs.replace(SETTINGS.times, waiting_days=90))
OTHER_KEY = msgspec.structs.replace(key_of(), authority="Another office")


def _opened(second: float | None = -1) -> tuple[Desk, Memory]:
    """A house that has taken a request in. second: the day on which it got another administrator."""
    desk, memory = house_of()
    if second is not None and second < 0:
        second_administrator(desk, at(days=second))
    receive(desk)
    if second is not None and second >= 0:
        second_administrator(desk, at(days=second))
    return desk, memory


def _propose(desk: Desk, when: float = 1, by: str = ADMINISTRATOR) -> int:
    return desk.register_key(by, at(days=when), key=OTHER_KEY, why="The office called.").length


def test_before_the_first_request_one_administrator_sets_the_house_up_and_it_is_recorded_as_such() -> None:
    desk, memory = house_of()
    house = desk.house()
    assert not house.opened
    assert house.alone == {(key_of().authority, key_of().recipient)}
    (registered,) = [
        each.event for each in memory.load(ORGANISATION, HOUSE) if isinstance(each.event, KeyRegistered)
    ]
    assert registered.alone
    assert "by one administrator, before the first request came in" in registered.sentence()
    assert desk.configure(ADMINISTRATOR, at(), settings=LONGER).settings == LONGER


KEPT = LogConfigured(origin="desk.example.org/log")


def test_how_the_log_is_kept_takes_two_from_the_first_request_on() -> None:
    desk, memory = _opened()
    before = desk.house().log
    proposed = desk.keep_log(ADMINISTRATOR, at(days=1), settings=KEPT, why="People should check us.")
    assert (proposed.log, proposed.proposals[0].change) == (before, KEPT)
    assert "public log" in memory.load(ORGANISATION, HOUSE)[-1].event.sentence()
    with pytest.raises(Refused, match="You proposed this"):
        desk.confirm(ADMINISTRATOR, at(days=2), proposal=proposed.length)
    house = desk.confirm(SECOND, at(days=2), proposal=proposed.length)
    assert (house.log, house.proposals) == (KEPT, ())
    assert memory.kinds(HOUSE)[-2:] == ["confirmed", "log-configured"]
    with pytest.raises(Refused) as missing:
        desk.keep_log(ADMINISTRATOR, at(days=3), settings=msgspec.structs.replace(KEPT, hour=5))
    assert missing.value.place == "why"


def test_of_two_proposals_how_the_log_is_kept_one_is_overtaken_and_settings_are_not() -> None:
    desk, _memory = _opened()
    numbers = [
        desk.keep_log(
            ADMINISTRATOR, at(days=1), settings=msgspec.structs.replace(KEPT, hour=hour), why="So."
        ).length
        for hour in (5, 6)
    ]
    other = desk.configure(ADMINISTRATOR, at(days=1), settings=LONGER, why="So.").length
    house = desk.confirm(SECOND, at(days=2), proposal=numbers[1])
    assert house.log is not None
    assert house.log.hour == 6
    assert [each.number for each in house.proposals] == [other]
    with pytest.raises(Refused, match="no such proposal waits"):
        desk.confirm(SECOND, at(days=2), proposal=numbers[0])
    assert desk.confirm(SECOND, at(days=2), proposal=other).settings == LONGER


def test_how_a_log_cannot_be_kept_cannot_be_proposed() -> None:
    desk, _memory = _opened()
    first = desk.keep_log(ADMINISTRATOR, at(days=1), settings=KEPT, why="So.").length
    desk.confirm(SECOND, at(days=1), proposal=first)
    with pytest.raises(Refused, match="never changes"):
        desk.keep_log(
            ADMINISTRATOR, at(days=2), settings=LogConfigured(origin="other.example.org/log"), why="So."
        )
    with pytest.raises(Refused, match="so many witnesses"):
        desk.keep_log(ADMINISTRATOR, at(days=2), settings=msgspec.structs.replace(KEPT, quorum=1), why="So.")
    assert desk.house().proposals == ()


def test_the_first_request_ends_the_set_up_in_the_same_append() -> None:
    desk, memory = house_of()
    before = memory.appends
    receive(desk)
    assert memory.appends == before + 1
    assert memory.kinds(HOUSE)[-1] == "opened"
    receive(desk, "2026-000002")
    assert memory.kinds(HOUSE).count("opened") == 1


def test_the_first_request_does_not_wait_for_a_clock_that_ran_ahead_of_it() -> None:
    desk, memory = house_of()
    desk.configure(ADMINISTRATOR, at(hours=2), settings=LONGER)
    case = desk.receive(
        "intake", at(hours=1), case="2026-000001", request=SOUND, door=Door.PORTAL, source=SOURCE
    )
    assert (case.received, desk.house().opened) == (at(hours=1), True)
    assert [each.at for each in memory.load(ORGANISATION, HOUSE)[-2:]] == [at(hours=2)] * 2
    with pytest.raises(Refused, match="went back"):
        desk.dismiss(ADMINISTRATOR, at(hours=1), person="reviewer")


def test_a_key_registered_while_the_first_request_comes_in_is_not_registered_by_one() -> None:
    desk, memory = house_of()
    memory.before_append = lambda: receive(desk)
    with pytest.raises(Conflict):
        desk.register_key(ADMINISTRATOR, at(), key=OTHER_KEY)
    assert OTHER_KEY not in desk.house().keys


def test_a_key_takes_two_people_and_serves_only_then() -> None:
    desk, _memory = _opened()
    with pytest.raises(Refused, match="explanation"):
        desk.register_key(ADMINISTRATOR, at(days=1), key=OTHER_KEY)
    number = _propose(desk)
    house = desk.house()
    assert OTHER_KEY not in house.keys
    assert [(each.number, each.by, each.why) for each in house.proposals] == [
        (number, ADMINISTRATOR, "The office called.")
    ]
    with pytest.raises(Refused, match="You proposed this"):
        desk.confirm(ADMINISTRATOR, at(days=1), proposal=number)
    house = desk.confirm(SECOND, at(days=1), proposal=number)
    assert OTHER_KEY in house.keys
    assert house.proposals == ()
    assert house.alone == {(key_of().authority, key_of().recipient)}, "this one was not registered by one"
    with pytest.raises(Refused, match="no such proposal"):
        desk.confirm(SECOND, at(days=1), proposal=number)


def test_settings_take_two_as_well_and_a_proposal_beside_a_change_falls() -> None:
    desk, _memory = _opened()
    one = desk.configure(ADMINISTRATOR, at(days=1), settings=LONGER, why="Too short.").length
    other = desk.configure(SECOND, at(days=1), settings=SETTINGS, why="As it was.").length
    assert desk.house().settings == SETTINGS
    assert desk.confirm(SECOND, at(days=2), proposal=one).settings == LONGER
    with pytest.raises(Refused, match="no such proposal"):
        desk.confirm(ADMINISTRATOR, at(days=2), proposal=other)
    assert desk.house().settings == LONGER


@pytest.mark.parametrize("person", sorted(set(PEOPLE) - {"counsel", "counsel-2"}))
def test_nobody_but_an_administrator_or_counsel_confirms_or_declines(person: str) -> None:
    desk, memory = _opened()
    number = _propose(desk)
    before = memory.kinds(HOUSE)
    with pytest.raises(Refused, match="for counsel or administrator"):
        desk.confirm(person, at(days=1), proposal=number)
    with pytest.raises(Refused, match="for counsel or administrator"):
        desk.decline(person, at(days=1), proposal=number, why="No.")
    assert memory.kinds(HOUSE) == before


# ---- the second person, and a team of three --------------------------------------------------------------


def _team(*others: tuple[str, set[Role]]) -> Desk:
    """A house of one administrator and these, which has taken a request in."""
    desk = Desk("team", Memory())
    desk.found(at(), person=ADMINISTRATOR, title="Administrator", settings=SETTINGS)
    for person, roles in others:
        desk.admit(ADMINISTRATOR, at(), person=person, title=person, roles=roles)
    receive(desk, by=others[0][0])
    return desk


def test_a_team_of_three_has_a_second_person_for_everything_an_administrator_proposes() -> None:
    desk = _team(("first", {Role.COUNSEL, Role.REVIEWER}), ("second", {Role.CUSTODIAN, Role.INTAKE}))
    for number in (
        _propose(desk),
        desk.configure(ADMINISTRATOR, at(days=1), settings=LONGER, why="Too short.").length,
        desk.keep_log(ADMINISTRATOR, at(days=1), settings=KEPT, why="To be seen.").length,
        desk.admit(
            ADMINISTRATOR, at(days=1), person="third", title="Third", roles={Role.INTAKE}, why="Work."
        ).length,
    ):
        with pytest.raises(Refused, match="You proposed this"):
            desk.confirm(ADMINISTRATOR, at(days=1), proposal=number)
        with pytest.raises(Refused, match="for counsel or administrator"):
            desk.confirm("second", at(days=1), proposal=number)
    for each in desk.house().proposals:
        desk.confirm("first", at(days=1), proposal=each.number)
    house = desk.house()
    assert (OTHER_KEY in house.keys, house.settings, house.log) == (True, LONGER, KEPT)
    assert house.person("third").roles == {Role.INTAKE}
    assert not may(house.person(ADMINISTRATOR), Act.READ, desk.case("2026-000001"), house, at(days=9))


def test_nobody_confirms_what_is_about_themselves_and_they_can_stop_it() -> None:
    desk = _team(("first", {Role.COUNSEL}), ("second", {Role.CUSTODIAN, Role.INTAKE}))
    number = desk.invite_account(ADMINISTRATOR, at(days=1), person="first", why="A lost telephone.").length
    with pytest.raises(Refused, match="about yourself"):
        desk.confirm("first", at(days=1), proposal=number)
    assert desk.decline("first", at(days=1), proposal=number, why="I lost nothing.").proposals == ()
    number = desk.invite_account(ADMINISTRATOR, at(days=1), person="second", why="A lost telephone.").length
    assert desk.decline("second", at(days=1), proposal=number, why="I lost nothing.").proposals == ()


def test_where_counsel_themselves_are_meant_whoever_works_on_cases_is_the_second() -> None:
    """So that the only counsel of a small house can begin anew, and never by one person."""
    desk = _team(("first", {Role.COUNSEL}), ("second", {Role.CUSTODIAN, Role.INTAKE}))
    number = desk.invite_account(ADMINISTRATOR, at(days=1), person="first", why="A lost telephone.").length
    assert desk.confirm("second", at(days=1), proposal=number).person("first").acts_from == at(days=2)


def test_an_administrator_does_not_become_the_only_one() -> None:
    desk = _team(("first", {Role.COUNSEL}), ("second", {Role.CUSTODIAN, Role.INTAKE}))
    desk.dismiss(ADMINISTRATOR, at(days=1), person="first")
    with pytest.raises(Refused, match="somebody who can confirm"):
        desk.dismiss(ADMINISTRATOR, at(days=1), person="second")
    number = _propose(desk)
    assert OTHER_KEY in desk.confirm("second", at(days=1), proposal=number).keys


# ---- accounts and roles ----------------------------------------------------------------------------------


def test_before_the_first_request_one_person_founds_the_house_and_nobody_waits() -> None:
    desk, _memory = house_of()
    house = desk.change_roles(ADMINISTRATOR, at(), person="reviewer", roles={Role.CUSTODIAN})
    assert house.person("reviewer").roles == {Role.CUSTODIAN}
    desk.invite_account(ADMINISTRATOR, at(), person="reviewer")
    receive(desk)
    assert {each.acts_from for each in desk.house().people.values()} == {None}


def test_to_let_in_to_give_a_role_and_to_invite_anew_take_two_and_are_nothing_before() -> None:
    desk, memory = _opened()
    before = desk.house().people
    numbers = [
        desk.admit(
            ADMINISTRATOR, at(days=1), person="new", title="New", roles={Role.COUNSEL}, why="Work."
        ).length,
        desk.change_roles(
            ADMINISTRATOR, at(days=1), person="reviewer", roles={Role.CUSTODIAN}, why="Work."
        ).length,
        desk.invite_account(ADMINISTRATOR, at(days=1), person="custodian", why="A lost telephone.").length,
    ]
    house = desk.house()
    assert house.people == before
    assert [each.about for each in house.proposals] == ["new", "reviewer", "custodian"]
    for number in numbers:
        with pytest.raises(Refused, match="You proposed this"):
            desk.confirm(ADMINISTRATOR, at(days=1), proposal=number)
        desk.confirm(SECOND, at(days=1), proposal=number)
    house = desk.house()
    assert house.person("new").roles == {Role.COUNSEL}
    assert house.person("reviewer").roles == {Role.CUSTODIAN}
    assert [house.person(each).acts_from for each in ("new", "reviewer", "custodian")] == [at(days=2)] * 3
    assert memory.kinds(HOUSE)[-2:] == ["confirmed", "account-invited"]
    for verb in (
        lambda: desk.admit(ADMINISTRATOR, at(days=2), person="x", title="X", roles={Role.INTAKE}),
        lambda: desk.change_roles(ADMINISTRATOR, at(days=2), person="intake", roles={Role.COUNSEL}),
        lambda: desk.invite_account(ADMINISTRATOR, at(days=2), person="intake"),
    ):
        with pytest.raises(Refused, match="explanation"):
            verb()


def test_a_role_is_taken_away_at_once_and_not_given_back_by_one() -> None:
    desk, _memory = _opened()
    house = desk.change_roles(ADMINISTRATOR, at(days=1), person="many-hats", roles={Role.INTAKE})
    assert house.person("many-hats").roles == {Role.INTAKE}
    assert house.person("many-hats").acts_from is None
    desk.change_roles(ADMINISTRATOR, at(days=1), person="many-hats", roles={Role.CUSTODIAN}, why="Work.")
    assert desk.house().person("many-hats").roles == {Role.INTAKE}


def test_what_was_proposed_for_somebody_falls_when_it_is_done_or_they_leave() -> None:
    desk, _memory = _opened()

    def propose() -> list[int]:
        return [
            desk.change_roles(
                ADMINISTRATOR, at(days=1), person="many-hats", roles={*PEOPLE["many-hats"], role}, why="Work."
            ).length
            for role in (Role.COUNSEL, Role.COUNSEL)
        ]

    one, other = propose()
    desk.confirm(SECOND, at(days=1), proposal=one)
    with pytest.raises(Refused, match="no such proposal"):
        desk.confirm(SECOND, at(days=1), proposal=other)
    number = desk.invite_account(ADMINISTRATOR, at(days=1), person="intake", why="A lost telephone.").length
    desk.dismiss(ADMINISTRATOR, at(days=1), person="intake")
    with pytest.raises(Refused, match="no such proposal"):
        desk.confirm(SECOND, at(days=1), proposal=number)
    with pytest.raises(Refused, match="left the house"):
        desk.invite_account(ADMINISTRATOR, at(days=1), person="intake", why="They come back.")


def test_of_two_of_one_name_the_first_that_is_confirmed_is_let_in() -> None:
    desk, _memory = _opened()
    one, other = (
        desk.admit(
            ADMINISTRATOR, at(days=1), person="new", title=title, roles={Role.INTAKE}, why="Work."
        ).length
        for title in ("One", "Other")
    )
    desk.confirm(SECOND, at(days=1), proposal=other)
    with pytest.raises(Refused, match="here already"):
        desk.confirm(SECOND, at(days=1), proposal=one)
    assert desk.house().person("new").title == "Other"


def test_who_is_new_is_nobodys_second_until_the_time_of_the_house_has_passed() -> None:
    desk, _memory = _opened()
    desk.admit(ADMINISTRATOR, at(days=1), person="new", title="New", roles={Role.ADMINISTRATOR}, why="Work.")
    desk.confirm(SECOND, at(days=1), proposal=desk.house().length)
    number = _propose(desk, 1)
    with pytest.raises(Refused, match="hand over from 2026-11-25 09:00 UTC on"):
        desk.confirm("new", at(days=1, hours=23), proposal=number)
    assert OTHER_KEY in desk.confirm("new", at(days=2), proposal=number).keys


def test_nobody_seconds_agrees_approves_or_hands_over_under_a_new_account_or_role() -> None:
    desk, _memory = _opened()
    begun = at(days=1)
    for person in ("reviewer-2", "counsel-2", "custodian", "delegate"):
        desk.invite_account(ADMINISTRATOR, begun, person=person, why="A lost telephone.")
        desk.confirm(SECOND, begun, proposal=desk.house().length)
    case = desk.case("2026-000001")
    for stage, act, person in (
        (Stage.REVIEWED, Act.SECOND_REVIEW, "reviewer-2"),
        (Stage.DECIDED, Act.AGREE_DELAY, "counsel-2"),
        (Stage.DECIDED, Act.APPROVE_RELEASE, "reviewer-2"),
        (Stage.DECIDED, Act.RELEASE, "custodian"),
    ):
        there, house = msgspec.structs.replace(case, stage=stage), desk.house()
        early = may(house.person(person), act, there, house, at(days=1, hours=23))
        later = may(house.person(person), act, there, house, at(days=2))
        other = may(house.person("many-hats"), act, there, house, at(days=1, hours=23))
        assert early.reason.endswith("hand over from 2026-11-25 09:00 UTC on."), act
        assert not early
        assert "is new" not in later.reason
        assert "is new" not in other.reason


def test_the_time_in_which_somebody_is_new_is_the_houses_own_and_never_none() -> None:
    none, long = (
        msgspec.structs.replace(SETTINGS, times=msgspec.structs.replace(SETTINGS.times, settling_hours=hours))
        for hours in (0, 72)
    )
    desk, _memory = house_of(none)
    second_administrator(desk, at(days=-1))
    receive(desk)
    desk.invite_account(ADMINISTRATOR, at(days=1), person="reviewer", why="A lost telephone.")
    house = desk.confirm(SECOND, at(days=1), proposal=desk.house().length)
    assert house.person("reviewer").acts_from == at(days=2), "none means the usual once a request came in"
    desk.configure(ADMINISTRATOR, at(days=1), settings=long, why="So that a weekend is covered.")
    desk.confirm(SECOND, at(days=1), proposal=desk.house().length)
    desk.invite_account(ADMINISTRATOR, at(days=1), person="intake", why="A lost telephone.")
    house = desk.confirm(SECOND, at(days=1), proposal=desk.house().length)
    assert house.person("intake").acts_from == at(days=4)
    with pytest.raises(Refused) as refused:
        desk.configure(ADMINISTRATOR, at(days=1), settings=none, why="Nobody should wait.")
    assert refused.value.place == "settling_hours"


def test_a_proposal_lapses_and_falls_with_who_made_it() -> None:
    desk, _memory = _opened()
    number = _propose(desk, 1)
    with pytest.raises(Refused, match="lapsed on 2026-12-08"):
        desk.confirm(SECOND, at(days=15), proposal=number)
    again = _propose(desk, 15)
    desk.dismiss(SECOND, at(days=16), person=ADMINISTRATOR)
    with pytest.raises(Refused, match="no administrator any more"):
        desk.confirm("counsel", at(days=16), proposal=again)


def test_what_may_no_longer_be_is_not_confirmed() -> None:
    """A key whose comparison has grown too old between the proposal and its confirmation."""
    desk, _memory = _opened()
    old = msgspec.structs.replace(OTHER_KEY, verified_on=at(days=-360).date())
    number = desk.register_key(ADMINISTRATOR, at(), key=old, why="It still serves.").length
    with pytest.raises(Refused):
        desk.confirm(SECOND, at(days=9), proposal=number)
    assert old not in desk.house().keys


def test_a_proposal_is_declined_with_a_reason_by_either() -> None:
    desk, memory = _opened()
    for by in (ADMINISTRATOR, SECOND):
        number = _propose(desk)
        with pytest.raises(Refused, match="explanation"):
            desk.decline(by, at(days=1), proposal=number, why=" ")
        assert desk.decline(by, at(days=1), proposal=number, why="Misheard.").proposals == ()
        assert memory.kinds(HOUSE)[-1] == "declined"
    with pytest.raises(Refused, match="no such proposal"):
        desk.decline(SECOND, at(days=1), proposal=999, why="x")


def test_of_two_who_confirm_at_once_one_does() -> None:
    desk, memory = _opened()
    number = _propose(desk)
    memory.before_append = lambda: desk.confirm(SECOND, at(days=1), proposal=number)
    with pytest.raises(Conflict):
        desk.confirm(SECOND, at(days=1), proposal=number)
    assert memory.kinds(HOUSE).count("confirmed") == 1


def test_of_two_changes_of_the_house_at_once_one_is_told() -> None:
    desk, memory = house_of()
    memory.before_append = lambda: desk.dismiss(ADMINISTRATOR, at(), person="auditor")
    with pytest.raises(Conflict):
        desk.configure(ADMINISTRATOR, at(), settings=SETTINGS)
    assert memory.kinds(HOUSE)[-1] == "person-left"


def test_who_is_unknown_is_nobody() -> None:
    desk, _memory = house_of()
    with pytest.raises(Refused, match="nobody of that name"):
        desk.house().person("stranger")


# ---- stories for the report ------------------------------------------------------------------------------

TOLD = {"half": "2026-H2", "ground": "persecution", "texts": {"en": "A critic was called a thief."}}


def test_a_story_is_approved_by_a_second_person_as_it_stands() -> None:
    desk, memory = house_of()
    with pytest.raises(Refused, match="for reviewer or counsel"):
        desk.write_story("intake", at(), **TOLD)
    written = desk.write_story("reviewer", at(), **TOLD)
    (story,) = written.stories
    assert (story.number, story.by, story.texts, story.approved) == (
        written.length,
        "reviewer",
        TOLD["texts"],
        None,
    )
    with pytest.raises(Refused, match="You wrote this"):
        desk.approve_story("reviewer", at(), story=story.number)
    with pytest.raises(Refused, match="for reviewer or counsel"):
        desk.approve_story("intake", at(), story=story.number)
    with pytest.raises(Refused, match="no such story"):
        desk.approve_story("counsel", at(), story=story.number + 1)
    (approved,) = desk.approve_story("counsel", at(days=1), story=story.number).stories
    assert (approved.approved_by, approved.approved, approved.texts) == ("counsel", at(days=1), TOLD["texts"])
    with pytest.raises(Refused, match="approved this already"):
        desk.approve_story("reviewer-2", at(days=1), story=story.number)
    assert memory.kinds(HOUSE)[-2:] == ["story-written", "story-approved"]


def test_who_was_just_let_in_approves_no_story() -> None:
    desk, _memory = _opened()
    admitted = desk.admit(
        ADMINISTRATOR, at(days=1), person="fresh", title="Fresh", roles={Role.COUNSEL}, why="More work."
    )
    desk.confirm(SECOND, at(days=2), proposal=admitted.length)
    story = desk.write_story("reviewer", at(days=2), **TOLD).length
    with pytest.raises(Refused):
        desk.approve_story("fresh", at(days=2), story=story)
    assert desk.approve_story("fresh", at(days=4), story=story).story(story).approved_by == "fresh"


def test_a_dropped_story_is_told_nowhere() -> None:
    desk, memory = house_of()
    story = desk.write_story("reviewer", at(), **TOLD).length
    desk.approve_story("counsel", at(), story=story)
    with pytest.raises(Refused):
        desk.drop_story("intake", at(), story=story, why="No.")
    assert desk.drop_story("reviewer-2", at(), story=story, why="Somebody could be known.").stories == ()
    assert memory.kinds(HOUSE)[-1] == "story-dropped"
    with pytest.raises(Refused, match="no such story"):
        desk.drop_story("reviewer-2", at(), story=story, why="Again.")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"half": "2026-11"}, "no half of a year"),
        ({"half": "2026-H3"}, "no half of a year"),
        ({"ground": "nonsense"}, "no such ground"),
        ({"ground": "not-stated"}, "no such ground"),
        ({"texts": {"fr": "A."}}, "English"),
        ({"texts": {}}, "English"),
        ({"texts": {"en": " "}}, "empty or too long"),
        ({"texts": {"en": "A." * 1001}}, "empty or too long"),
        ({"texts": {"en": "A.", "xx": "B."}}, "xx"),
    ],
)
def test_a_story_that_no_report_could_tell_is_refused(changed: dict[str, object], said: str) -> None:
    desk, _memory = house_of()
    with pytest.raises(Refused, match=said):
        desk.write_story("reviewer", at(), **{**TOLD, **changed})
    assert desk.house().stories == ()
