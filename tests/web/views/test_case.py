"""The page of a case shows what was found with its reasons, what can be done and what cannot, and why."""

from __future__ import annotations

import re

from habeas.desk import promise, receipt
from habeas.reports.brief import Passage, SignLine
from habeas.reports.marks import Mark, runs
from habeas.web.views.case import anchored
from tests import world
from tests.web.house import WITNESS, House, ransomware


def test_a_case_shows_request_assessment_ceiling_moves_clocks_and_history(house: House) -> None:
    case = house.assessed(world.request(supposed=(), facts=world.INSULT, language="en"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    for words in (
        "The request",
        "Recommended. People decide.",
        "The most that may leave",
        "Next moves",
        "Clocks",
        "Who did what",
    ):
        assert words in page
    assert '<mark class="protected"' in page
    assert "moves are barred today" in page


def test_what_bars_a_move_is_said(house: House) -> None:
    case = house.reviewed()
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "You reviewed this case. Somebody else must look at it as the second person." in page


def test_the_auditor_reads_everything_and_has_no_form(house: House) -> None:
    case = house.reviewed()
    page = house.client("auditor").get(f"/cases/{case.id}/").content.decode()
    assert "Recommended. People decide." in page
    assert "You read this case and change nothing in it." in page
    assert not re.findall(r"<(form|input|textarea|button)\b", page)


def test_the_one_filled_button_is_the_viewers_turn(house: House) -> None:
    case = house.assessed(ransomware())
    button = re.compile(r'<a class="button end" href="([^"]+)">([^<]+)<')
    mine = button.findall(house.client("reviewer").get(f"/cases/{case.id}/").content.decode())
    assert mine == [(f"/cases/{case.id}/review/", "Review and decide")]
    assert button.findall(house.client("custodian").get(f"/cases/{case.id}/").content.decode()) == []


def test_a_case_that_is_not_assessed_says_so_and_shows_their_words(house: House) -> None:
    case = house.received(world.request(supposed=(), facts="Only these words."))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "Not assessed yet" in page
    assert "Only these words." in page


def test_links_between_signs_and_words_lead_somewhere(house: House) -> None:
    case = house.assessed(world.request(supposed=(), facts=world.INSULT, language="en"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_a_sign_in_two_texts_is_anchored_once() -> None:
    def passage(title: str) -> Passage:
        cut = runs("some words", [Mark(0, 4, 1, "harm")])
        return Passage(
            title=title, language="", lang=None, dir="ltr", runs=cut, blocks=cut, numbers=(1,), aside=False
        )

    sign = SignLine(number=1, kind="harm", kind_words="", says="", weight=None, categories=(), quotes=())
    anchors, places = anchored([passage("one"), passage("two")], [sign])
    assert places == {1: "s1"}
    assert [each for each in anchors.values() if each] == ["s1"]


# ---- in the public log ----


def test_whoever_reads_the_case_fetches_the_promise_for_its_sender(house: House) -> None:
    kept = house.logged()
    case = house.received()
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert f'href="/cases/{case.id}/promise/"' in page
    for person in ("intake", "reviewer", "counsel", "custodian", "auditor"):
        answer = house.client(person).get(f"/cases/{case.id}/promise/")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="promise-{case.id}.txt"'
        assert answer.headers["Cache-Control"].find("no-store") >= 0
        key = house.installation.promiser(house.organisation, kept).key
        assert promise.read(answer.content, key).sha256 == case.versions[0].source
    assert house.client("administrator").get(f"/cases/{case.id}/promise/").status_code == 403
    assert house.client("expert").get(f"/cases/{case.id}/promise/").status_code == 404


def test_an_expert_without_the_names_gets_nothing_of_the_log(house: House) -> None:
    house.logged()
    case = house.assessed()
    desk = house.installation.desk(house.organisation)
    desk.invite(
        case.id, "counsel", house.installation.now(), person="expert", question="Is it so?", blinded=True
    )
    page = house.client("expert").get(f"/cases/{case.id}/").content.decode()
    assert "Is it so?" in page
    assert "public log" not in page
    for part in ("promise", "receipt"):
        assert house.client("expert").get(f"/cases/{case.id}/{part}/").status_code == 404


def test_the_receipt_for_the_authority_is_there_when_it_is_published(house: House) -> None:
    house.logged(hour=5)
    case = house.received()
    address = f"/cases/{case.id}/receipt/"
    for person in ("counsel", "custodian"):
        page = house.client(person).get(f"/cases/{case.id}/").content.decode()
        assert "The receipt for the authority is not there yet." in page
        assert "after 05:00 in Europe/Paris: come back then." in page
        assert house.client(person).get(address).status_code == 404
    house.published()
    for person in ("counsel", "custodian"):
        assert address in house.client(person).get(f"/cases/{case.id}/").content.decode()
        answer = house.client(person).get(address)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{case.id}.json"'
        made = receipt.read(answer.content)
        assert made.holder is receipt.Holder.AUTHORITY
        [fields] = receipt.verify(made).fields
        assert fields["paper"] == {"nature": "request", "document": case.versions[0].source}


def test_the_receipt_is_handed_over_by_counsel_and_custodian_alone(house: House) -> None:
    house.logged()
    case = house.received()
    house.published()
    for person in ("intake", "reviewer", "auditor", "administrator"):
        assert house.client(person).get(f"/cases/{case.id}/receipt/").status_code == 403
        page = house.client(person).get(f"/cases/{case.id}/").content.decode()
        assert "eceipt for the authority" not in page


def test_a_case_from_before_the_log_says_that_no_promise_was_given(house: House) -> None:
    case = house.received()
    house.logged()
    house.published()
    page = house.client("counsel").get(f"/cases/{case.id}/").content.decode()
    assert "No promise was given to the sender." in page
    assert "The receipt for the authority is not there yet." in page
    for part in ("promise", "receipt"):
        assert house.client("counsel").get(f"/cases/{case.id}/{part}/").status_code == 404


def test_the_case_says_unwitnessed_until_somebody_outside_has_to_sign(house: House) -> None:
    kept = house.logged()
    case = house.received()
    read = house.client("reviewer").get
    assert "Unwitnessed" in read(f"/cases/{case.id}/").content.decode()
    house.logged(origin=kept.origin, witnesses=(WITNESS,), quorum=1)
    page = read(f"/cases/{case.id}/").content.decode()
    assert "In the public log" in page
    assert "nwitnessed" not in page


def test_a_case_of_a_house_without_a_log_says_nothing_of_it(everybody: House) -> None:
    case = everybody.received()
    for person in ("counsel", "custodian", "reviewer"):
        page = everybody.client(person).get(f"/cases/{case.id}/").content.decode()
        assert "public log" not in page
        for part in ("promise", "receipt"):
            assert everybody.client(person).get(f"/cases/{case.id}/{part}/").status_code == 404
