"""Importing open cases: looked through first, taken in line by line, never twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.desk.events import Door
from habeas.desk.queue import View
from habeas.web.views import importing
from tests.web.house import House

HEADING = "reference,requesting_state,instrument,measure,targets,facts"


def row(number: int, *, state: str = "FRA", facts: str = "") -> str:
    return f"J3-{number},{state},uncc,stored-access,account-{number},{facts}"


def look(house: House, *rows: str, person: str = "intake", heading: str = HEADING) -> Any:
    table = SimpleUploadedFile("cases.csv", "\n".join([heading, *rows]).encode())
    return house.client(person).post("/receive/import/", {"what": "look", "upload": table})


def take(house: House, looked: Any, *, person: str = "intake") -> Any:
    (kept,) = re.findall(r'name="table" value="([^"]+)"', looked.content.decode())
    return house.client(person).post("/receive/import/", {"what": "take", "table": kept})


def count(house: House) -> int:
    return house.installation.count(house.organisation, View())


def test_the_columns_are_documented_on_the_page(everybody: House) -> None:
    text = everybody.client("counsel").get("/receive/import/").content.decode()
    for column in importing.COLUMNS:
        assert f">{column.name}</code>" in text


def test_looking_takes_nothing_in_and_says_what_would_become_of_each_line(house: House) -> None:
    answer = look(house, row(1), row(2, state="FR"), row(3))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "3 lines read: 2 would be taken in, 0 are cases here already, 1 stays out." in text
    assert "At line 3, requesting_state" in text
    assert "Take in 2 cases" in text
    assert count(house) == 0


def test_what_was_looked_at_is_taken_in_and_a_bad_line_loses_no_other(house: House) -> None:
    answer = take(house, look(house, row(1, facts="Premiers faits"), row(2, state="FR"), row(3)))
    text = answer.content.decode()
    assert "2 cases taken in." in text
    assert "2 are cases here already" in text
    assert count(house) == 2
    (id,) = house.installation.find(house.organisation, "J3-1")
    case = house.case(id)
    assert (case.door, case.received_by, case.request.facts) == (Door.IMPORT, "intake", "Premiers faits")
    assert f'href="/cases/{id}/"' in text


def test_beside_a_case_lies_its_own_line_and_nobody_elses(house: House) -> None:
    take(house, look(house, row(1, facts="first"), row(2, facts="second")))
    (id,) = house.installation.find(house.organisation, "J3-2")
    kept = house.installation.get(house.organisation, id, house.case(id).versions[0].source)
    assert kept.decode() == f"{HEADING}\n{row(2, facts='second')}"


def test_doing_it_again_takes_nothing_in_twice(house: House) -> None:
    looked = look(house, row(1), row(2))
    take(house, looked)
    answer = take(house, looked)
    assert "0 cases taken in." in answer.content.decode()
    assert count(house) == 2
    assert "Take in" not in look(house, row(1)).content.decode().partition("</h1>")[2]


def test_a_line_that_says_something_else_than_its_case_is_pointed_out(house: House) -> None:
    take(house, look(house, row(1, facts="as it was")))
    assert "says something else" not in look(house, row(1, facts="as it was")).content.decode()
    text = look(house, row(1, facts="told otherwise")).content.decode()
    assert "Here already" in text
    assert "The case says something else under this reference." in text


def test_a_reference_twice_in_one_table_is_one_case_and_one_reason(house: House) -> None:
    looked = look(house, row(1, facts="a"), row(1, facts="b"), row(1, state="DEU"))
    assert "2 would be taken in" in looked.content.decode()
    for answer in (looked, take(house, looked)):  # it is no case afterwards either
        assert "The same reference of the same state stands in line 2" in answer.content.decode()
    assert count(house) == 2


def test_an_instrument_nobody_knows_is_pointed_out(house: House) -> None:
    for name, odd in (("budapst", True), ("unknown", False)):
        text = look(house, row(1).replace("uncc", name)).content.decode()
        assert ("nothing of this name is on file" in text) is odd


def test_a_long_table_is_taken_in_part_by_part(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    looked = look(house, *(row(number) for number in range(5)))
    assert "Take in 2 cases" in looked.content.decode()
    for there, left in ((2, "3 are still"), (4, "1 are still"), (5, "1 case taken in.")):
        looked = take(house, looked)
        assert count(house) == there
        assert left in looked.content.decode()


def test_a_table_that_cannot_be_read_is_refused_as_a_whole(house: House) -> None:
    for answer, says in (
        (look(house, row(1), heading="reference,who"), "There is no column `who`"),
        (look(house), "There is no line below the heading"),
        (house.client("intake").post("/receive/import/", {"what": "look"}), "No file came"),
        (house.client("intake").post("/receive/import/", {"what": "take", "table": "?"}), "damaged"),
    ):
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert count(house) == 0


def test_strangers_words_stay_words(house: House) -> None:
    answer = look(house, '"<script>x</script>",FRA,uncc,stored-access,a,=1+1')
    text = answer.content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert "<script>x" not in text


@pytest.mark.parametrize("person", ["custodian", "auditor", "administrator", "expert", "delegate"])
def test_who_takes_nothing_in_imports_nothing(person: str, everybody: House) -> None:
    assert everybody.client(person).get("/receive/import/").status_code == 403
    assert look(everybody, row(1), person=person).status_code == 403


def test_each_line_is_counted_in_the_public_log_by_itself(house: House) -> None:
    house.logged()
    trace = house.installation.store.trace
    looked = look(house, row(1), row(2), row(3, state="FR"))
    assert trace.waiting(house.organisation) == 0, "nothing is taken in by looking"
    assert "Each line is counted in the public log" in looked.content.decode()
    assert "Unwitnessed" in looked.content.decode()
    take(house, looked)
    house.published()
    counted = [each.count for each in trace.counted(house.organisation)]
    arrived = [each.value("door") for each in counted if each.value("kind") == "arrival"]
    assert arrived == ["import", "import"]
    promises = set()
    for reference in ("J3-1", "J3-2"):
        (id,) = house.installation.find(house.organisation, reference)
        promises.add(house.case(id).history[0].event.promise)  # type: ignore[attr-defined]
    assert len(promises) == 2


def test_without_a_public_log_an_import_says_nothing_of_it(everybody: House) -> None:
    assert "public log" not in look(everybody, row(1)).content.decode()


DATED = f"{HEADING},deadline"


def test_a_line_is_counted_in_the_zone_of_its_state_and_asks_where_there_are_several(house: House) -> None:
    table = (f"{row(1)},2026-12-24", f"{row(2, state='USA')},2026-12-24")
    looked = look(house, *table, heading=DATED)
    assert looked.content.decode().count("nobody said in which zone. The case asks it.") == 1
    take(house, looked)
    for reference, zone in (("J3-1", "Europe/Paris"), ("J3-2", "")):
        (id,) = house.installation.find(house.organisation, reference)
        assert house.case(id).zone == zone
        page = house.client("intake").get(f"/cases/{id}/").content.decode()
        assert ("In which zone are their dates?" in page) is not bool(zone)


def test_a_zone_chosen_for_the_table_goes_along_into_the_taking_in(house: House) -> None:
    table = SimpleUploadedFile("cases.csv", f"{DATED}\n{row(3, state='USA')},2026-12-24".encode())
    chosen = {"what": "look", "upload": table, "zone": "America/Denver"}
    looked = house.client("intake").post("/receive/import/", chosen)
    (zone,) = re.findall(r'name="zone" value="([^"]+)"', looked.content.decode())
    (kept,) = re.findall(r'name="table" value="([^"]+)"', looked.content.decode())
    house.client("intake").post("/receive/import/", {"what": "take", "table": kept, "zone": zone})
    (id,) = house.installation.find(house.organisation, "J3-3")
    assert house.case(id).zone == "America/Denver"
