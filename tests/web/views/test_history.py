"""Who did what, by role and never by name."""

from __future__ import annotations

from datetime import UTC, datetime

from habeas.assess import Ceiling
from habeas.desk.events import (
    CLOCK,
    PERSON_CONCERNED,
    Assigned,
    DelayGround,
    FilesPrepared,
    HandedOver,
    Held,
    NoticeDelayProposed,
    Objected,
    Recorded,
)
from habeas.desk.package import Extract
from habeas.web.views.history import done, title_of
from tests.web.house import House

AT = datetime(2026, 11, 21, tzinfo=UTC)


def test_everybody_has_a_title(everybody: House) -> None:
    people = everybody.installation.people(everybody.organisation)
    assert title_of("reviewer", people) == "Reviewer 1"
    assert title_of(CLOCK, people) == "The clock"
    assert title_of(PERSON_CONCERNED, people) == "The person concerned"
    assert title_of("somebody-else", people) == "somebody-else"


def test_what_people_said_about_it_stands_beside(everybody: House) -> None:
    people = everybody.installation.people(everybody.organisation)
    said = done(
        Recorded(number=1, at=AT, by="intake", event=HandedOver(to="counsel", words="all is there")),
        people,
        people.person("reviewer"),
    )
    assert (said.by, said.words) == ("Intake 1", ("To Counsel 1.", "all is there"))
    silent = Recorded(number=1, at=AT, by="intake", event=Assigned(to="counsel"))
    assert done(silent, people, people.person("reviewer")).words == ("To Counsel 1.",)


def test_what_a_person_concerned_wrote_is_read_by_whom_their_door_names(everybody: House) -> None:
    people = everybody.installation.people(everybody.organisation)
    objected = Recorded(number=1, at=AT, by=PERSON_CONCERNED, event=Objected(words="I wrote a poem."))
    told = {each: done(objected, people, people.person(each)).words for each in ("counsel", "auditor")}
    assert set(told.values()) == {("I wrote a poem.",)}
    for colleague in ("intake", "reviewer", "custodian"):
        assert done(objected, people, people.person(colleague)).words == ()


def test_whoever_agrees_to_a_delay_reads_its_ground_its_reason_and_what_it_rests_on(everybody: House) -> None:
    people = everybody.installation.people(everybody.organisation)
    proposed = NoticeDelayProposed(
        targets=("t1",),
        ground=DelayGround.BAR_IN_LAW,
        why="It says so.",
        cite="Act, s. 3",
        until=AT.date(),
        review=AT.date(),
    )
    said = done(Recorded(number=1, at=AT, by="counsel", event=proposed), people, people.person("reviewer"))
    assert "bar in law" in said.recorded.event.sentence()
    again = f"Until {AT.date()}, to be looked at again by {AT.date()}."
    assert said.words == (again, "It says so.", "Act, s. 3")


def test_what_was_taken_out_of_a_table_is_read_by_colleagues_and_its_columns_by_no_guest(
    everybody: House,
) -> None:
    people = everybody.installation.people(everybody.organisation)
    cut = Extract(original="0" * 64, kept=("time",), taken=("message",), rows=1, time="time", outside=2)
    held = Held(
        target="t1", item="i1", name="x.csv", sha256="1" * 64, size=1, holds=Ceiling.TRAFFIC, extract=cut
    )
    prepared = Recorded(number=1, at=AT, by="custodian", event=FilesPrepared(files=(held,)))
    said = "1 file was prepared; 1 column and 2 rows were taken out of 1 table before."
    assert prepared.event.sentence() == said
    for colleague in ("reviewer", "counsel", "auditor"):
        assert cut.said() in " ".join(done(prepared, people, people.person(colleague)).words)
    for guest in ("expert", "delegate"):
        assert "message" not in " ".join(done(prepared, people, people.person(guest)).words)
