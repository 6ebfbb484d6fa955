"""What would make a house stand still, or say nothing true about it, is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from habeas.desk import HOUSE, Desk, Role
from habeas.desk.events import CLOCK, PERSON_CONCERNED, Configured, Doorway, LogConfigured, Silence
from habeas.desk.people import House
from habeas.desk.promise import key_name
from habeas.desk.settings import LONGEST_APPROVAL, keepable
from habeas.errors import Refused
from habeas.tlog import Algorithm, Signer
from tests.desk.desks import SETTINGS, Memory, at, house_of

ADMINISTRATOR = "administrator"


@pytest.mark.parametrize("change", [{"seat": "XXX:provider"}, {"seat": "CHE:king"}, {"suspended": ("XXX",)}])
def test_a_seat_or_state_that_is_none_is_not_a_setting(change: dict[str, Any]) -> None:
    desk, _memory = house_of()
    administrator = next(each.id for each in desk.house().people.values() if each.has(Role.ADMINISTRATOR))
    settings = msgspec.structs.replace(desk.house().settings, **change)
    with pytest.raises(Refused):
        desk.configure(administrator, at(), settings=settings)


@pytest.mark.parametrize("name", ["", "a/b", "A", "a b", "a" * 65, "\0", "клерк", "-a", "clock", "house"])
def test_a_name_that_no_page_can_show_is_nobodys(name: str) -> None:
    desk, _memory = house_of()
    administrator = next(each.id for each in desk.house().people.values() if each.has(Role.ADMINISTRATOR))
    with pytest.raises(Refused, match="nobody can have this name"):
        desk.admit(administrator, at(), person=name, title="Reviewer", roles=[Role.REVIEWER])


@pytest.mark.parametrize("alone", [Role.ADMINISTRATOR, Role.AUDITOR, Role.EXPERT, Role.DELEGATE])
def test_who_runs_or_watches_the_house_or_comes_from_outside_decides_nothing(alone: Role) -> None:
    desk, _memory = house_of()
    with pytest.raises(Refused, match="beside no other"):
        desk.admit(ADMINISTRATOR, at(), person="x", title="X", roles={alone, Role.REVIEWER}, partner="p")
    with pytest.raises(Refused, match="beside no other"):
        desk.change_roles(ADMINISTRATOR, at(), person="delegate", roles={alone, Role.REVIEWER})
    with pytest.raises(Refused, match="at least one role"):
        desk.admit(ADMINISTRATOR, at(), person="x", title="X", roles=())


@pytest.mark.parametrize("name", [CLOCK, PERSON_CONCERNED, HOUSE, "", " ", " reviewer", "reviewer"])
def test_nobody_is_admitted_under_a_name_that_means_somebody_else(name: str) -> None:
    desk, memory = house_of()
    before = memory.kinds(HOUSE)
    with pytest.raises(Refused):
        desk.admit(ADMINISTRATOR, at(), person=name, title="X", roles={Role.REVIEWER})
    assert memory.kinds(HOUSE) == before
    with pytest.raises(Refused):
        Desk("new", Memory()).found(at(), person=CLOCK, title="X", settings=SETTINGS)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.DELEGATE])
def test_who_is_from_outside_says_from_where(role: Role) -> None:
    desk, _memory = house_of()
    with pytest.raises(Refused, match="belongs to another organisation"):
        desk.admit(ADMINISTRATOR, at(), person="x", title="X", roles={role})
    with pytest.raises(Refused, match="belongs to another organisation"):
        desk.change_roles(ADMINISTRATOR, at(), person="reviewer", roles={role})


@pytest.mark.parametrize(
    "settings",
    [
        Configured(seat="CHE:central-authority", zone="Nowhere/Land"),
        Configured(seat="CHE:central-authority", zone=""),
        Configured(seat="CHE:central-authority", zone="UTC", calendar="never-written"),
    ],
)
def test_settings_under_which_every_case_would_stand_still_are_refused(settings: Configured) -> None:
    desk, _memory = house_of()
    with pytest.raises(Refused):
        desk.configure(ADMINISTRATOR, at(), settings=settings)
    with pytest.raises(Refused):
        Desk("new", Memory()).found(at(), person="a", title="A", settings=settings)


def test_an_approval_can_be_made_to_lapse_sooner_and_no_later_than_after_72_hours() -> None:
    assert LONGEST_APPROVAL == 72
    for hours, taken in ((71, True), (72, True), (73, False)):
        times = msgspec.structs.replace(SETTINGS.times, approval_hours=hours)
        desk, _memory = house_of()
        settings = msgspec.structs.replace(SETTINGS, times=times)
        if taken:
            desk.configure(ADMINISTRATOR, at(), settings=settings)
            continue
        with pytest.raises(Refused, match="72 hours at the most"):
            desk.configure(ADMINISTRATOR, at(), settings=settings)


LOG = LogConfigured(origin="desk.example.org/log")
NEW = House(organisation="")
DOOR, OTHER_DOOR = (
    str(Signer.from_seed(name, b"d" * 32, Algorithm.ED25519).key)
    for name in (key_name(LOG.origin), key_name("other.example.org/log"))
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"origin": "https://desk.example.org"}, "no origin"),
        ({"origin": ""}, "no origin"),
        ({"hour": 24}, "no such hour"),
        ({"hour": -1}, "no such hour"),
        ({"within": 0}, "runs for days"),
        ({"within": 32}, "runs for days"),
        ({"quorum": 1}, "not named"),
        ({"quorum": -1}, "not named"),
        ({"doors": (Doorway(door="paper", key=DOOR),)}, "no such door"),
        ({"doors": (Doorway(door="portal", key=OTHER_DOOR),)}, "no key of a door of this log"),
        ({"doors": (Doorway(door="portal", key=DOOR), Doorway(door="api", key=DOOR))}, "named twice"),
        ({"silences": (Silence(subject="everything", how="never"),)}, "silences nothing"),
        ({"silences": (Silence(subject="accounts", how="hidden"),)}, "silences nothing"),
        ({"silences": (Silence(subject="request", how="never", instrument="no-such"),)}, "no instrument"),
        ({"silences": (Silence(subject="request", how="never", state="XXX"),)}, "XXX"),
        ({"silences": (Silence(subject="arrival", how="never", state="CHE"),)}, "neither a state"),
        ({"silences": (Silence(subject="accounts", how="band", step=4),)}, "five values"),
        ({"silences": (Silence(subject="accounts", how="defer", until="2028-13"),)}, "names its month"),
    ],
)
def test_a_log_that_could_not_be_published_or_believed_is_not_kept(change: dict[str, Any], said: str) -> None:
    keepable(LOG, NEW)
    with pytest.raises(Refused, match=said):
        keepable(msgspec.structs.replace(LOG, **change), NEW)


def test_a_door_that_runs_apart_is_named_with_its_key() -> None:
    keepable(msgspec.structs.replace(LOG, doors=(Doorway(door="portal", key=DOOR),)), NEW)


def test_what_law_silences_by_its_own_words_is_kept() -> None:
    keepable(
        msgspec.structs.replace(
            LOG,
            silences=(
                Silence(subject="accounts", how="never"),
                Silence(subject="accounts", how="band", step=5),
                Silence(subject="accounts", how="defer", until="2028-01"),
                Silence(subject="request", how="unsaid", footing="order", instrument="budapest"),
                Silence(subject="request", how="band", step=250, footing="order", state="CHE"),
            ),
        ),
        NEW,
    )
