"""`habeas house`: people in and out, keys, settings; and no installation by a typing mistake."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from habeas.app.releasing import house_key
from habeas.desk import limits
from habeas.desk.calendars import Calendar
from habeas.desk.delivery import public_pem
from habeas.desk.events import Role
from habeas.desk.package import fingerprint, key_id
from habeas.desk.stamping import Stamping
from tests.app.houses import ORGANISATION, SECOND, brought, taken_in
from tests.cli.conftest import Terminal
from tests.stamps import certificate, pem

ADMIN = ("--by", "administrator")


def test_a_house_is_opened_once(empty: Terminal) -> None:
    words = ("house", "found", "--by", "first", "--seat", "CHE:provider", "--zone", "Europe/Zurich")
    said = empty.well(*words)
    assert said.startswith(f"{ORGANISATION} is open; first is its administrator.\n")
    assert "public holidays of CHE, without those of its parts" in said
    assert "this house exists already" in empty.barred(*words)
    people = empty.open().people(ORGANISATION)
    assert people.person("first").roles == {Role.ADMINISTRATOR}
    assert (people.settings.seat, people.settings.zone) == ("CHE:provider", "Europe/Zurich")
    assert (people.calendar.id, people.calendar.unknown((2026, 2027))) == ("CHE", ())


@pytest.mark.parametrize(
    ("seat", "place", "found"),
    [
        ("IND:central-authority", "IND-DL", "IND-DL"),
        ("EUU:provider", "", "sat-sun"),
        ("JOR:provider", "sun", "sun"),
    ],
)
def test_a_house_is_opened_with_the_working_days_of_a_place(
    empty: Terminal, seat: str, place: str, found: str
) -> None:
    words = ("house", "found", "--by", "first", "--seat", seat, "--zone", "UTC", "--calendar", place)
    empty.well(*words)
    assert empty.open().people(ORGANISATION).calendar.id == found


def test_a_zone_that_is_none_opens_no_house(empty: Terminal) -> None:
    said = empty.barred("house", "found", "--by", "first", "--seat", "CHE:provider", "--zone", "Zurich")
    assert "Zurich is not a time zone" in said
    assert empty.open().people(ORGANISATION).length == 0


@pytest.mark.parametrize(
    "words",
    [
        ("house", "admit", *ADMIN, "new", "Reviewer", "reviewer"),
        ("desk", "queue"),
        ("desk", "show", "--by", "reviewer", "2026-ABCD-EFGH"),
        ("records", "doctor"),
    ],
)
def test_only_found_makes_a_home_folder(empty: Terminal, words: tuple[str, ...]) -> None:
    assert "there is no installation here" in empty.barred(*words)
    assert not empty.home.exists()


@pytest.mark.parametrize("name", ["Ministry", "a b", "../etc", "", "-x", "x" * 41])
def test_what_cannot_be_a_house_is_refused_in_words(terminal: Terminal, name: str) -> None:
    assert "is no name of a house" in terminal.barred("desk", "queue", f"--organisation={name}")


def test_somebody_is_let_in_gets_other_roles_and_leaves(terminal: Terminal) -> None:
    def roles() -> set[str]:
        return set(terminal.open().people(ORGANISATION).person("new").roles)

    terminal.well("house", "admit", *ADMIN, "new", "Night shift", "intake", "reviewer")
    assert roles() == {"intake", "reviewer"}
    terminal.well("house", "change-roles", *ADMIN, "new", "custodian")
    assert roles() == {"custodian"}
    terminal.well("house", "dismiss", *ADMIN, "new")
    assert terminal.open().people(ORGANISATION).person("new").left


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("admit", "--by", "reviewer", "new", "Friend", "counsel"), "This is for administrator"),
        (("admit", *ADMIN, "new", "Expert", "expert"), "belongs to another organisation"),
        (("admit", *ADMIN, "clock", "Clock", "intake"), "nobody can have this name here"),
        (("admit", *ADMIN, "new", "Title", "emperor"), "'emperor' is not one of"),
        (("change-roles", *ADMIN, "administrator", "counsel"), "nobody changes their own roles"),
        (("change-roles", *ADMIN, "auditor", "auditor", "counsel"), "auditor is held beside no other role"),
        (("dismiss", *ADMIN, "administrator"), "a house keeps one administrator"),
        (("dismiss", *ADMIN, "somebody"), "nobody of that name works here"),
    ],
)
def test_what_an_administrator_may_not_do_is_refused_with_its_reason(
    terminal: Terminal, words: tuple[str, ...], why: str
) -> None:
    terminal.well("house", "dismiss", *ADMIN, SECOND)
    before = terminal.open().people(ORGANISATION)
    assert why in terminal.barred("house", *words)
    assert terminal.open().people(ORGANISATION) == before


def test_everybody_states_their_own_absence_and_nobody_that_of_a_colleague(terminal: Terminal) -> None:
    days = ("--since", "2026-12-01", "--until", "2026-12-10")
    said = terminal.well(
        "house", "state-absence", "--by", "reviewer", *days, "reviewer", "--deputy", "counsel"
    )
    assert said == "reviewer is away from 2026-12-01 to 2026-12-10.\n"
    (absence,) = terminal.open().people(ORGANISATION).person("reviewer").absences
    assert absence.deputy == "counsel"
    assert "This is for administrator" in terminal.barred(
        "house", "state-absence", "--by", "reviewer", *days, "counsel"
    )
    terminal.well("house", "state-absence", *ADMIN, *days, "counsel")


def test_a_key_is_registered_only_with_the_fingerprint_that_was_read_out(terminal: Terminal) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    words = (
        *("house", "register-key", *ADMIN, "--authority", "Court of Grandrive", "--state", "FRA"),
        *("--verified-by", "a call back", "--verified-on", "2026-11-20"),
    )
    said = terminal.barred(*words, "--fingerprint", "SHA256:another", recipient)
    assert "the fingerprint that was verified is not that of this key" in said
    terminal.well(*words, "--fingerprint", fingerprint(recipient), recipient)
    (key,) = terminal.open().people(ORGANISATION).keys_for("Court of Grandrive", "FRA")
    assert key.recipient == recipient


def test_keys_and_settings_take_two_people_once_a_request_came_in(terminal: Terminal) -> None:
    taken_in(terminal.open())
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    key = (
        *("house", "register-key", *ADMIN, "--authority", "Court of Grandrive", "--state", "FRA"),
        *("--verified-by", "a call back", "--verified-on", "2026-11-20"),
        *("--fingerprint", fingerprint(recipient), recipient),
    )
    assert "needs a word of explanation" in terminal.barred(*key)
    said = terminal.well(*key, "--why", "They called.")
    (number,) = re.findall(r"habeas house confirm (\d+)", said)
    assert f"proposal {number} of administrator" in terminal.well("house", "show", *ADMIN)
    assert "You proposed this" in terminal.barred("house", "confirm", *ADMIN, number)
    assert "is confirmed and in force" in terminal.well("house", "confirm", "--by", SECOND, number)
    assert terminal.open().people(ORGANISATION).keys_for("Court of Grandrive", "FRA")
    said = terminal.well("house", "configure", *ADMIN, "--why", "x", '{"zone": "Europe/Oslo"}')
    (number,) = re.findall(r"habeas house confirm (\d+)", said)
    assert "declined" in terminal.well("house", "decline", "--by", SECOND, "--why", "No.", number)
    assert "no such proposal waits" in terminal.barred("house", "confirm", "--by", SECOND, number)


def test_people_and_roles_take_two_once_a_request_came_in(terminal: Terminal) -> None:
    def people() -> dict[str, Any]:
        return terminal.open().people(ORGANISATION).people

    taken_in(terminal.open())
    admit = ("house", "admit", *ADMIN, "new", "Night shift", "intake")
    assert "needs a word of explanation" in terminal.barred(*admit)
    (number,) = re.findall(r"habeas house confirm (\d+)", terminal.well(*admit, "--why", "More to do."))
    assert "new" not in people()
    assert "You proposed this" in terminal.barred("house", "confirm", *ADMIN, number)
    terminal.well("house", "confirm", "--by", "counsel", number)
    assert people()["new"].roles == {"intake"}
    more = ("house", "change-roles", *ADMIN, "--why", "More to do.", "new", "intake", "reviewer")
    (number,) = re.findall(r"habeas house confirm (\d+)", terminal.well(*more))
    assert people()["new"].roles == {"intake"}
    terminal.well("house", "confirm", "--by", SECOND, number)
    assert "new is now intake" in terminal.well("house", "change-roles", *ADMIN, "new", "intake")
    assert people()["new"].roles == {"intake"}


def test_an_account_that_begins_anew_is_confirmed_where_its_invitation_is_made(terminal: Terminal) -> None:
    app = terminal.open()
    taken_in(app)
    house = app.desk(ORGANISATION).invite_account("administrator", app.now(), person="intake", why="Lost.")
    said = terminal.barred("house", "confirm", "--by", SECOND, str(house.length))
    assert "confirmed where it is made" in said
    assert terminal.open().people(ORGANISATION).proposals


def test_a_change_of_settings_leaves_the_others_as_they_were(terminal: Terminal) -> None:
    before = terminal.open().people(ORGANISATION).settings
    terminal.well("house", "configure", *ADMIN, '{"zone": "Europe/Oslo", "suspended": ["RUS"]}')
    after = terminal.open().people(ORGANISATION).settings
    assert (after.zone, after.suspended) == ("Europe/Oslo", ("RUS",))
    assert (after.seat, after.sender, after.times) == (before.seat, before.sender, before.times)


def test_other_times_reach_the_cases_there_are(terminal: Terminal) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "closed")
    before = app.store.jobs(ORGANISATION, case.id)
    said = terminal.well("house", "configure", *ADMIN, "--why", "Law.", '{"times": {"retention_years": 5}}')
    (number,) = re.findall(r"habeas house confirm (\d+)", said)
    assert app.store.jobs(ORGANISATION, case.id) == before
    terminal.well("house", "confirm", "--by", SECOND, number)
    assert app.store.jobs(ORGANISATION, case.id) != before
    assert terminal.well("records", "doctor") == "All is as it should be.\n"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ('{"zone": "Mars"}', "Mars is not a time zone"),
        ('{"calendar": "none"}', "calendar"),
        ('{"colour": "blue"}', "unknown field `colour`"),
        ('{"seat": 5}', "Expected `str`"),
        ('{"times": {"retention_years": 0}}', "a time of the house is not more than nothing"),
        ("[]", "Expected `object`"),
        ("zone=Europe/Oslo", "Expected `object`"),
    ],
)
def test_settings_that_do_not_work_are_refused(terminal: Terminal, changes: str, why: str) -> None:
    before = terminal.open().people(ORGANISATION)
    assert why in terminal.barred("house", "configure", *ADMIN, changes)
    assert terminal.open().people(ORGANISATION) == before


# ---- working days ----


def test_working_days_are_those_of_a_place_and_single_days_those_of_the_house(
    terminal: Terminal,
) -> None:
    def kept() -> Calendar:
        return terminal.open().people(ORGANISATION).calendar

    terminal.well("house", "calendar", *ADMIN, "CHE-BE")
    first = kept()
    assert (first.state, first.part) == ("CHE", "BE")
    terminal.well("house", "calendar", *ADMIN, "--close", "2027-03-08 closed", "--add", "2027-03-05 mourning")
    terminal.well("house", "calendar", *ADMIN, "--strike", "2027-05-06 not here", "--checked", 2033)
    assert [kept().working(date(2027, *day)) for day in ((3, 8), (3, 5), (5, 6))] == [False, False, True]
    assert (kept().holidays, kept().checked) == (first.holidays, (2033,))
    shown = terminal.well("house", "show", *ADMIN)
    assert "public holidays: 2023-01-01 New Year's Day; " in shown
    assert "mourning" in shown
    terminal.well("house", "calendar", *ADMIN, "--undo", "2027-03-08")
    assert kept().closed == ()
    assert kept().added != ()
    terminal.well("house", "calendar", *ADMIN, "--week", "fri-sat")
    assert (kept().weekend, kept().part) == ((4, 5), "BE")
    terminal.well("house", "configure", *ADMIN, '{"zone": "Europe/Oslo"}')
    assert kept().weekend == (4, 5), "other settings leave it as it is"
    assert "cannot be struck" in terminal.barred("house", "calendar", *ADMIN, "fri"), "it has no such day"
    terminal.well("house", "calendar", *ADMIN, "--undo", "2027-05-06", "fri")
    assert (kept().id, kept().state, [each.name for each in kept().added]) == ("fri", "", ["mourning"])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("XXQ",), "no public holidays of XXQ can be read"),
        (("CHE-QQ",), "QQ is no part of CHE"),
        (("moon",), "no calendar moon is on file"),
        (("--close", "soon"), "is not a day"),
        (("--close", "2027-03-08"), "nothing says why"),
        (("--strike", "2027-03-08 x", "CHE"), "cannot be struck"),
        (("--week", "moon", "CHE"), "no calendar moon is on file"),
    ],
)
def test_working_days_that_cannot_be_are_refused(
    terminal: Terminal, words: tuple[str, ...], why: str
) -> None:
    before = terminal.open().people(ORGANISATION)
    assert why in terminal.barred("house", "calendar", *ADMIN, *words)
    assert terminal.open().people(ORGANISATION) == before


def test_other_working_days_take_two_administrators_once_a_request_came_in(terminal: Terminal) -> None:
    taken_in(terminal.open())
    before = terminal.open().people(ORGANISATION).calendar
    words = ("house", "calendar", *ADMIN, "CHE-GE")
    assert "needs a word of explanation" in terminal.barred(*words)
    (number,) = re.findall(r"habeas house confirm (\d+)", terminal.well(*words, "--why", "We moved."))
    assert "Genevan Fast" in terminal.well("house", "show", *ADMIN)
    assert terminal.open().people(ORGANISATION).calendar == before
    terminal.well("house", "confirm", "--by", SECOND, number)
    assert terminal.open().people(ORGANISATION).calendar.id == "CHE-GE"


_SUMS = """
import sys
from pathlib import Path
{before}
from habeas.app.installation import Installation
from habeas.desk import limits
app = Installation.open(Path(sys.argv[1]))
for each in limits.of(app.case(sys.argv[2], sys.argv[3]), app.people(sys.argv[2])):
    print(each.due, each.text())
"""


def test_a_limit_comes_out_the_same_after_a_restart_with_another_list_or_none(terminal: Terminal) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "notified")
    (notice,) = case.notices
    ends = (notice.at + timedelta(days=7)).date()
    words = ("house", "calendar", *ADMIN, "CHE-BE", "--add", f"{ends} mourning", "--why", "Declared today.")
    (number,) = re.findall(r"habeas house confirm (\d+)", terminal.well(*words))
    terminal.well("house", "confirm", "--by", SECOND, number)
    there = terminal.open()
    now = [
        f"{each.due} {each.text()}"
        for each in limits.of(there.case(ORGANISATION, case.id), there.people(ORGANISATION))
    ]
    assert any(", mourning" in line and "left out" in line for line in now)
    assert all("CHE-BE: holidays " in line for line in now if ", calendar weekend" in line)
    there.close()
    for before in (
        "sys.modules['holidays'] = None  # it cannot be imported any more",
        "import holidays.version; holidays.version.__version__ = '99.0'",
    ):
        code = _SUMS.format(before=before)
        said = subprocess.run(
            [sys.executable, "-c", code, str(terminal.home), ORGANISATION, case.id],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert said.splitlines() == now


# ---- time-stamps and the key of the house ----

ROOT = pem([certificate("root")[0]])


def stamping_file(where: Path, *lines: str) -> Path:
    (where / "root.pem").write_text(ROOT, encoding="ascii")
    file = where / "stamps.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


GOOD = ('url = "https://stamps.example.org/tsa"', 'roots = "root.pem"')


def test_who_stamps_the_time_of_packages_is_settled_with_a_file_and_taken_back(
    terminal: Terminal, tmp_path: Path
) -> None:
    def settings() -> Stamping | None:
        return terminal.open().people(ORGANISATION).settings.timestamps

    file = stamping_file(tmp_path, *GOOD, "wait = 5")
    assert settings() is None
    terminal.well("house", "timestamps", *ADMIN, file)
    assert settings() == Stamping(url="https://stamps.example.org/tsa", roots=ROOT.strip(), wait=5)
    terminal.well("house", "configure", *ADMIN, '{"zone": "Europe/Oslo"}')
    assert settings() is not None, "other settings leave it as it is"
    assert "stamps.example.org" in terminal.well("house", "show", *ADMIN)
    terminal.well("house", "timestamps", *ADMIN, "-")
    assert settings() is None


def test_who_stamps_the_time_takes_two_administrators_once_a_request_came_in(
    terminal: Terminal, tmp_path: Path
) -> None:
    taken_in(terminal.open())
    words = ("house", "timestamps", *ADMIN, stamping_file(tmp_path, *GOOD))
    assert "needs a word of explanation" in terminal.barred(*words)
    (number,) = re.findall(r"habeas house confirm (\d+)", terminal.well(*words, "--why", "So courts ask."))
    assert terminal.open().people(ORGANISATION).settings.timestamps is None
    assert "You proposed this" in terminal.barred("house", "confirm", *ADMIN, number)
    terminal.well("house", "confirm", "--by", SECOND, number)
    assert terminal.open().people(ORGANISATION).settings.timestamps is not None


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (('url = "http://stamps.example.org/"', GOOD[1]), "asked over https only"),
        ((GOOD[0],), "missing required field `roots`"),
        ((GOOD[0], 'roots = ""'), "roots"),
        ((GOOD[0], 'roots = "none.pem"'), "No such file"),
        ((GOOD[0], 'roots = "stamps.toml"'), "no PEM certificates"),
        ((*GOOD, 'chain = "stamps.toml"'), "no PEM certificates"),
        ((*GOOD, "wait = 600"), "nobody waits that long"),
        ((*GOOD, 'colour = "blue"'), "unknown field `colour`"),
        (("url = stamps",), "cannot be used"),
    ],
)
def test_a_file_that_names_no_authority_of_time_stamps_is_refused(
    lines: tuple[str, ...], why: str, terminal: Terminal, tmp_path: Path
) -> None:
    before = terminal.open().people(ORGANISATION)
    assert why in terminal.barred("house", "timestamps", *ADMIN, stamping_file(tmp_path, *lines))
    assert terminal.open().people(ORGANISATION) == before


def test_the_key_of_the_house_is_printed_for_those_who_receive_its_packages(terminal: Terminal) -> None:
    result = terminal("house", "key")
    public = house_key(terminal.open(), ORGANISATION)
    assert result.exit_code == 0
    assert result.stdout == public_pem(public)
    assert key_id(public) in result.stderr


def test_only_an_administrator_or_an_auditor_sees_the_house(terminal: Terminal) -> None:
    terminal.well(
        "house", "state-absence", *ADMIN, "--since", "2026-11-20", "--until", "2026-12-01", "counsel"
    )
    for by in ("administrator", "auditor"):
        said = terminal.well("house", "show", "--by", by)
        assert "away until 2026-12-01" in said
        assert '"zone": "Europe/Zurich"' in said
        assert "FRA Tribunal judiciaire de Grandrive" in said
    assert "This is for administrator" in terminal.barred("house", "show", "--by", "reviewer")
