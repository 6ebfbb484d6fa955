"""The law on file is read by every member, each value with its source; what is for the house alone is not."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas import treaty
from habeas.atlas import atlas
from habeas.desk.letters import Language
from habeas.desk.letters.texts import Review
from habeas.web.urls import urlpatterns
from habeas.web.views import knowledge
from habeas.web.views.knowledge import source
from tests.web.house import PEOPLE, House

ON = date(2026, 11, 21)
ADDRESSES = (
    "/law/",
    "/law/find/?words=%D1%81%D1%82.+207.3+%D0%A3%D0%9A+%D0%A0%D0%A4",
    "/law/instruments/budapest/",
    "/law/instruments/budapest/parties/",
    "/law/seats/USA/",
    "/law/states/NOR/",
    "/law/provisions/rus-cc-207-3/",
)


def text(house: House, address: str, *, person: str = "reviewer", status: int = 200) -> str:
    answer = house.client(person).get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_every_member_reads_the_law(person: str, everybody: House) -> None:
    for address in ADDRESSES:
        text(everybody, address, person=person)


def test_every_instrument_seat_and_state_on_file_can_be_opened(everybody: House) -> None:
    start = text(everybody, "/law/")
    for instrument in treaty.law().instruments:
        assert f'href="/law/instruments/{instrument.id}/"' in start
        text(everybody, f"/law/instruments/{instrument.id}/")
        text(everybody, f"/law/instruments/{instrument.id}/parties/?with=CHE")
    for seat in treaty.law().seats:
        text(everybody, f"/law/seats/{seat}/")
    for code in atlas().states():
        assert f'href="/law/states/{code}/"' in start
        text(everybody, f"/law/states/{code}/")


def test_a_provision_of_a_treaty_stands_with_force_certainty_source_and_day(everybody: House) -> None:
    found = treaty.law().article("uncc", "40(22)")
    page = text(everybody, "/law/instruments/uncc/")
    row = page[page.index(">40(22)</span>") :]
    row = row[: row.index("</tr>")]
    assert found.title in row
    assert found.as_of.isoformat() in row
    assert "May" in row or "No obligation" in row or "Shall" in row
    assert "How sure" in row


def test_who_is_bound_is_said_for_a_day_and_towards_a_state(everybody: House) -> None:
    page = text(everybody, "/law/instruments/budapest/parties/?on=2026-11-21&with=CHE")
    answer = treaty.law().in_force_between("budapest", "ALB", "CHE", ON)
    assert answer.answer is True
    assert answer.why in page
    assert "With Switzerland" in page
    assert "The state itself" in page


def test_what_was_done_after_the_day_is_not_shown(everybody: House) -> None:
    records = treaty.law().party_records("budapest")
    late = next(each for each in records if each.when.first.year > 2010)
    before = text(everybody, "/law/instruments/budapest/parties/?on=2003-01-01&with=")
    assert f'href="/law/states/{late.state}/"' not in before
    assert 'href="/law/states/ALB/"' in before


@pytest.mark.parametrize("address", ["/law/find/", "/law/instruments/uncc/parties/"])
def test_a_day_that_is_none_is_refused(address: str, everybody: House) -> None:
    assert "This is no day" in text(everybody, f"{address}?on=yesterday", status=422)


def test_a_penalty_stands_with_its_source_its_year_and_how_it_was_checked(everybody: House) -> None:
    page = text(everybody, "/law/provisions/rus-cc-207-3/")
    assert "To 15 years" in page
    assert "Secondary source" in page
    assert "Read in 2023" in page
    assert 'href="https://interfax.com/newsroom/top-stories/75419/" rel="noopener noreferrer"' in page


def test_how_a_provision_is_abused_is_never_shown(everybody: House) -> None:
    noted = [each for each in atlas().provisions() if each.abuse]
    assert noted
    for each in noted[::40]:
        assert each.abuse is not None
        for address in (f"/law/provisions/{each.id}/", f"/law/states/{each.state}/"):
            assert each.abuse not in text(everybody, address)


def test_a_citation_is_found_in_its_own_script(everybody: House) -> None:
    page = text(everybody, ADDRESSES[1])
    assert 'href="/law/provisions/rus-cc-207-3/"' in page
    assert "Law and number" in page


def test_a_citation_on_each_line_is_answered_on_its_own(everybody: House) -> None:
    page = text(everybody, "/law/find/?words=Art.+99999%0A%0AArt.+207.3&state=RUS")
    assert page.count("<h2><bdi>") == 2
    assert page.count("Nothing on file is named by these words.") == 1


def test_a_long_text_is_not_searched(everybody: House) -> None:
    page = text(everybody, f"/law/find/?words={'a' * 2001}", status=422)
    assert "This is more than can be looked for at once" in page


@pytest.mark.parametrize(
    "address",
    ["instruments/none/", "instruments/none/parties/", "seats/XXX/", "states/XXX/", "provisions/x/"],
)
def test_what_is_not_on_file_does_not_exist(address: str, everybody: House) -> None:
    text(everybody, f"/law/{address}", status=404)


def test_only_a_bare_web_address_becomes_a_link() -> None:
    assert source("https://example.org/law").address == "https://example.org/law"
    for words in ("javascript:alert(1)", "http://example.org", "https://example.org, page 4", "Code, 1996"):
        assert source(words).address == ""


def test_who_read_the_words_of_the_letters_is_said_for_each_language(
    everybody: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text(everybody, "/law/").count("Nobody has read it yet") == len(Language)
    read = Review("receipt", "legal translator", "2026-11-21", True, "f" * 16)
    monkeypatch.setattr(knowledge, "reviews", lambda _language: (read, read._replace(stands=False)))
    page = text(everybody, "/law/")
    assert "1 of 2 sections read" in page
    assert "Receipt: legal translator, 2026-11-21" in page
    assert "Nobody has read it yet" not in page


def test_every_question_of_the_convention_is_answered_somewhere() -> None:
    """By a test of the assessment, at the desk, or outside of what is done here; and what is named exists."""
    convention = treaty.law().instrument("uncc")
    assert len(convention.tests) == 127
    unanswered = [each.id for each in convention.tests if not knowledge.answers(convention, each)]
    assert unanswered == []
    by_id = {each.id: knowledge.answers(convention, each) for each in convention.tests}
    assert by_id["UNCC-16-1"] == ("Assessment: scope.intimate-images",)
    assert by_id["UNCC-42-9"] == ("Desk: Extend the hold",)
    assert by_id["UNCC-37-1"] == ("Outside of what is done here: extradition",)


@pytest.mark.parametrize(
    "place", ["move: fly", "letter: postcard", "clock: never", "log: nothing", "page: nowhere", "who: knows"]
)
def test_a_place_that_does_not_exist_answers_nothing(place: str) -> None:
    convention = treaty.law().instrument("uncc")
    test = msgspec.structs.replace(convention.tests[0], answered_by=(place,))
    with pytest.raises((KeyError, ValueError)):
        knowledge.answers(convention, test)


def test_the_pages_named_as_answers_have_an_address() -> None:
    names = {each.name for each in urlpatterns}
    assert set(knowledge.PAGES) <= names


def test_where_a_question_is_answered_stands_beside_it(everybody: House) -> None:
    page = text(everybody, "/law/instruments/uncc/")
    assert "Answered by" in page
    assert "Desk: Extend the hold" in page
    assert "Answered by" not in text(everybody, "/law/instruments/budapest/")


def test_a_reservation_that_was_withdrawn_says_so(everybody: House) -> None:
    page = text(everybody, "/law/instruments/budapest/parties/")
    assert "2013-08-22, withdrawn 2019-07-05: narrows (29(4))" in page.replace("Narrows", "narrows")
