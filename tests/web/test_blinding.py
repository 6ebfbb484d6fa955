"""An expert who was invited without identifiers sees none on any page, and what counsel confirmed."""

from __future__ import annotations

import re

import pytest

from habeas.desk.blinding import COVER, secrets_of
from tests import world
from tests.desk.desks import as_covered, example
from tests.web.house import House


def test_the_page_of_a_blinded_expert_shows_no_identifier_and_no_history(house: House) -> None:
    case = house.assessed(world.identifying())
    desk = house.installation.desk(house.organisation)
    expert = house.client("expert")
    assert expert.get(f"/cases/{case.id}/").status_code == 404
    now, confirmed = house.installation.now(), as_covered(case)
    desk.invite(case.id, "counsel", now, person="expert", question="Is this journalism?", confirmed=confirmed)
    page = expert.get(f"/cases/{case.id}/").content.decode()
    assert "Is this journalism?" in page
    assert COVER in page
    for secret in secrets_of(case.request):
        assert secret not in page
    assert "Who did what" not in page
    theirs = expert.get(f"/cases/{case.id}/declare-conflict/").content.decode()
    assert world.SECRET not in theirs
    assert world.SECRET in house.client("reviewer").get(f"/cases/{case.id}/").content.decode()


def test_a_blinded_delegate_agrees_without_learning_whose_account_it_is(house: House) -> None:
    case = house.reviewed()
    desk = house.installation.desk(house.organisation)
    desk.invite(case.id, "counsel", house.installation.now(), person="delegate", blinded=True)
    secrets = [each.value for target in case.request.targets for each in target.identifiers]
    for address in (f"/cases/{case.id}/", f"/cases/{case.id}/second-review/"):
        page = house.client("delegate").get(address)
        assert page.status_code == 200
        for secret in secrets:
            assert secret not in page.content.decode(), address
    assert secrets[0] in house.client("second").get(f"/cases/{case.id}/second-review/").content.decode()


def test_an_opinion_ends_the_seat_of_the_expert(house: House) -> None:
    case = house.assessed(world.identifying())
    house.installation.desk(house.organisation).invite(
        case.id, "counsel", house.installation.now(), person="expert", confirmed=as_covered(case)
    )
    expert = house.client("expert")
    for act, typed in (("declare-conflict", {"conflict": "no"}), ("give-opinion", {"words": "It is."})):
        seen = str(house.case(case.id).length)
        assert expert.post(f"/cases/{case.id}/{act}/", {**typed, "seen": seen}).status_code == 302
    assert expert.get(f"/cases/{case.id}/").status_code == 404


def test_a_guest_finds_at_the_top_what_they_can_do_now_and_nothing_that_is_barred(house: House) -> None:
    def offered(person: str, case: str) -> list[str]:
        page = house.client(person).get(f"/cases/{case}/").content.decode()
        [top] = re.findall(r'<section id="now".*?</section>', page, re.DOTALL) or [""]
        return re.findall(rf'class="button[^"]*" href="/cases/{case}/([a-z-]+)/"', top)

    desk, now = house.installation.desk(house.organisation), house.installation.now
    asked, decided = house.assessed(world.identifying()), house.reviewed()
    desk.invite(asked.id, "counsel", now(), person="expert", confirmed=as_covered(asked))
    assert offered("expert", asked.id) == ["declare-conflict"]
    desk.declare_conflict(asked.id, "expert", now(), conflict=False)
    assert offered("expert", asked.id) == ["give-opinion", "declare-conflict"]  # one may see it later
    desk.invite(decided.id, "counsel", now(), person="delegate", blinded=True)
    assert offered("delegate", decided.id) == ["second-review"]
    assert offered("auditor", decided.id) == []
    assert offered("counsel", decided.id) == []  # the form itself stands there


@pytest.mark.parametrize("blinded", [True, False])
def test_a_guest_reads_nothing_that_is_for_the_house_only(house: House, blinded: bool) -> None:
    case = house.assessed(example("persecution-dressed-as-fraud"))
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    confirmed = as_covered(case) if blinded else ""
    desk.invite(case.id, "counsel", now, person="expert", blinded=blinded, confirmed=confirmed)
    address = f"/cases/{case.id}/"
    theirs = house.client("expert").get(address).content.decode()
    ours = house.client("reviewer").get(address).content.decode()
    for words in (
        "For the house only",
        "What would change the result",
        "To find out ourselves",
        "Who did what",
        "In the public log",
        "The register is named",
    ):
        assert words not in theirs, words
    assert "For the house only" in ours
    assert "What would change the result" in ours
    assert ("karar-2026-5512.pdf" in theirs) is not blinded
    assert "karar-2026-5512.pdf" in ours
    assert ("Attachment 1" in theirs) is blinded
