"""The door of the person concerned: a code opens it, and every wrong thing answers alike."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.web.house import House


@pytest.fixture(autouse=True)
def nobody_tried() -> None:
    cache.clear()


def _post(
    house: str, code: str, words: str = "It is my work as a journalist.", language: str = "en"
) -> tuple[int, str]:
    answer = Client(SERVER_NAME="localhost").post(
        f"/you/{language}/", {"house": house, "code": code, "words": words}
    )
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return answer.status_code, page.replace(code, "CODE").replace(house, "HOUSE")


def _notified(house: House) -> tuple[str, str]:
    import msgspec

    from habeas.request import Secrecy
    from tests.web.house import ransomware

    case = house.reviewed(msgspec.structs.replace(ransomware(), secrecy=Secrecy()))
    now = house.installation.now()
    house.installation.desk(house.organisation).second_review(case.id, "second", now, agrees=True)
    _case, code = house.installation.notify(house.organisation, case.id, "reviewer")
    return case.id, code


def test_a_person_objects_with_their_code_and_nothing_is_handed_over(house: House) -> None:
    case, code = _notified(house)
    status, page = _post(house.organisation, code.lower().replace("-", " "))
    assert status == 200
    assert "Your objection is recorded" in page
    now = house.case(case)
    assert now.objection is not None
    assert now.history[-1].by == "person concerned"


def test_everything_that_can_be_wrong_answers_alike(house: House) -> None:
    _case, code = _notified(house)
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    ours = house.organisation
    answers = {_post(ours, other), _post("no-such-house", code), _post(ours, "XXXX-XXXX")}
    assert len(answers) == 1
    ((status, page),) = answers
    assert status == 422
    assert "This code opens nothing here" in page


def test_a_wrong_code_is_told_in_the_language_of_the_person(house: House) -> None:
    status, page = _post(house.organisation, "wrong", language="ar")
    assert status == 422
    assert "هذا الرمز لا يفتح شيئًا هنا" in page


def test_guessing_is_slowed_down(house: House) -> None:
    case, code = _notified(house)
    for _ in range(10):
        _post(house.organisation, "AAAA-AAAA")
    status, page = _post(house.organisation, code)
    assert status == 422
    assert "Too many attempts" in page
    assert house.case(case).objection is None


def test_the_door_chooses_the_language_of_the_browser(site: object) -> None:
    client = Client(SERVER_NAME="localhost")
    for said, language in (("ar-EG,en;q=0.5", "ar"), ("fr", "fr"), ("de-DE", "en"), ("zh-CN", "zh")):
        answer = client.get("/you/", headers={"accept-language": said})
        assert answer.headers["Location"] == f"/you/{language}/"


def test_the_page_shows_nothing_about_any_case(house: House) -> None:
    case, _code = _notified(house)
    page = Client(SERVER_NAME="localhost").get("/you/en/").content.decode()
    assert case not in page
    assert house.organisation not in page
