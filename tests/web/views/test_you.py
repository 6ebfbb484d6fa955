"""The door of the person concerned: a code opens it, and every wrong thing answers alike."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from habeas.app.installation import hashed
from habeas.desk import receipt
from habeas.desk.desk import LETTERS
from habeas.desk.events import Configured, Objected
from habeas.desk.letters import Kind, Language, Sender, theirs
from habeas.desk.public import plain_account
from habeas.errors import Refused
from habeas.request import Secrecy
from habeas.web.configuration import LANGUAGES
from habeas.web.views import you
from habeas.web.views.you import TRIES
from tests.desk.desks import send
from tests.web.house import WITNESS, House, ransomware

SENDER = Sender(name="House", office="Office", contact="the address", oversight="the authority")


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
    case, code = house.told()
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


# ---- a receipt ----


def _ask(house: str, code: str, language: str = "en", **more: str) -> Any:
    return Client(SERVER_NAME="localhost").post(
        f"/you/{language}/receipt/", {"house": house, "code": code, **more}
    )


def _hidden(answer: Any) -> list[dict[str, str]]:
    """What the buttons of the page would send, one after another."""
    forms = re.findall(r"<form.*?</form>", answer.content.decode(), re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in forms]


def _account(house: House, case: str) -> str:
    (target,) = house.case(case).request.targets
    return plain_account(each.value for each in target.identifiers)


# ---- the answer ----


def _answer(house: str, code: str, language: str = "en") -> Any:
    return Client(SERVER_NAME="localhost").post(f"/you/{language}/answer/", {"house": house, "code": code})


def test_who_objected_reads_the_answer_once_it_lies_in_the_file(house: House) -> None:
    settings = Configured(seat="USA:provider", zone="Europe/Paris", sender=SENDER)
    house.installation.configure(house.organisation, "administrator", settings)
    id, code = _notified(house)
    asked = house.installation.desk(house.organisation)
    assert "There is no answer to read yet" in _answer(house.organisation, code).content.decode()
    _post(house.organisation, code)
    assert "There is no answer to read yet" in _answer(house.organisation, code).content.decode()
    asked.answer_objection(id, "counsel", house.installation.now(), upheld=False, reason="For the file.")
    assert "There is no answer to read yet" in _answer(house.organisation, code).content.decode()
    for language in (Language.ENGLISH, Language.FRENCH):
        house.installation.letter(house.organisation, id, "counsel", Kind.OBJECTION_ANSWER, language)
    papers = [_answer(house.organisation, code, language) for language in ("en", "fr", "ru")]
    assert [each.headers["Content-Type"] for each in papers] == ["application/pdf"] * 3
    assert papers[0].content != papers[1].content, "each in its language, where there is one"
    wrong = _answer(house.organisation, "ABCD-EFGH-IJKL-MNOP")
    assert wrong.status_code == 422
    assert "This code opens nothing here" in wrong.content.decode()


def test_the_holder_of_another_notice_does_not_learn_that_somebody_objected(house: House) -> None:
    settings = Configured(seat="USA:provider", zone="Europe/Paris", sender=SENDER)
    house.installation.configure(house.organisation, "administrator", settings)
    id, code = _notified(house)
    desk, now = house.installation.desk(house.organisation), house.installation.now
    _post(house.organisation, code)
    desk.answer_objection(id, "counsel", now(), upheld=True, reason="It is one.")
    house.installation.letter(house.organisation, id, "counsel", Kind.OBJECTION_ANSWER)
    case = house.case(id)
    others = msgspec.structs.replace(case, objectors=(hashed("AAAA-BBBB"),))
    assert you._answered({"house": house.organisation, "code": code}, others, "en") is None
    assert you._answered({"house": house.organisation, "code": code}, case, "en") is not None


def test_the_page_warns_before_anything_is_fetched(site: object) -> None:
    page = Client(SERVER_NAME="localhost").get("/you/en/receipt/").content.decode()
    for said in (
        "It names neither you, nor your account, nor the state that asked.",
        "To have it can be dangerous",
        "they can find out that it is you",
        "verify.html",
        "unwitnessed",
    ):
        assert said in page
    assert page.index("dangerous") < page.index('name="code"')
    assert "/you/en/receipt/" in Client(SERVER_NAME="localhost").get("/you/en/").content.decode()


def test_a_person_fetches_a_receipt_that_is_about_their_account(house: House) -> None:
    house.logged()
    case, code = _notified(house)
    house.published()
    ready = _ask(house.organisation, code.lower().replace("-", " "))
    assert ready.status_code == 200
    page = ready.content.decode()
    assert "Your receipt is ready" in page
    address = f"{house.organisation}.example.org/log/verify/en.html"
    assert f"https://{address}" in page
    assert (house.installation.site(house.organisation) / "verify" / "en.html").is_file()
    assert "Unwitnessed" in page
    [button] = _hidden(ready)
    answer = _ask(**button)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    made = receipt.read(answer.content)
    verdict = receipt.verify(made, account=_account(house, case))
    assert (verdict.words, verdict.account) == ("signed by the operator only", True)
    for word in (case, house.case(case).request.requesting_state, _account(house, case)):
        assert word not in answer.content.decode()


def test_fetching_a_receipt_writes_nothing_into_the_case(house: House) -> None:
    house.logged()
    case, code = _notified(house)
    house.published()
    before = house.case(case)
    _ask(**_hidden(_ask(house.organisation, code))[0])
    assert house.case(case) == before


def test_each_code_gives_the_file_of_its_own_account_and_fetching_it_is_no_try(house: House) -> None:
    house.logged()
    asked = ransomware()
    (target,) = asked.targets
    targets = tuple(
        msgspec.structs.replace(
            target,
            id=f"t{number}",
            identifiers=(msgspec.structs.replace(target.identifiers[0], value=f"account-{number}"),),
            items=tuple(msgspec.structs.replace(each, id=f"{each.id}-{number}") for each in target.items),
        )
        for number in range(2)
    )
    found = house.reviewed(msgspec.structs.replace(asked, targets=targets, secrecy=Secrecy()))
    desk, now = house.installation.desk(house.organisation), house.installation.now
    desk.second_review(found.id, "second", now(), agrees=True)
    _written, codes = house.installation.notify(house.organisation, found.id, "reviewer")
    send(desk, "intake", now(), found.id)
    house.published()
    for number, code in enumerate(codes.values()):
        (button,) = _hidden(_ask(house.organisation, code))
        for _ in range(TRIES + 2):
            answer = _ask(**button)
            assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt.json"'
        made = receipt.read(answer.content)
        assert receipt.verify(made, account=f"account-{number}").account
        with pytest.raises(Refused):
            receipt.verify(made, account=f"account-{1 - number}")
    assert len(house.case(found.id).notices) == len(codes) == 2


def test_what_shows_that_a_code_was_right_serves_no_other_code(house: House) -> None:
    house.logged()
    _case, code = _notified(house)
    house.published()
    [button] = _hidden(_ask(house.organisation, code))
    for _ in range(TRIES):
        answer = _ask(house.organisation, "AAAA-AAAA", serves=button["serves"], number="1")
        assert answer.status_code == 422
    assert "Too many attempts" in _ask(house.organisation, "AAAA-AAAA").content.decode()
    assert "Too many attempts" in _ask(house.organisation, code, serves="forged").content.decode()
    assert _ask(**button).headers["Content-Type"] == "application/json"


def test_what_shows_that_a_code_was_right_is_soon_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.logged()
    _case, code = _notified(house)
    house.published()
    [button] = _hidden(_ask(house.organisation, code))
    cache.clear()
    monkeypatch.setattr(you, "SHOWN_SECONDS", -1)
    for _ in range(TRIES):
        assert _ask(**button).status_code == 200
    assert "Too many attempts" in _ask(**button).content.decode()


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "1\x00", "\u0661", "9" * 5000])
def test_a_number_that_is_no_file_shows_the_page_again(number: str, house: House) -> None:
    house.logged()
    _case, code = _notified(house)
    house.published()
    answer = _ask(house.organisation, code, number=number)
    assert answer.status_code == 200
    assert "Your receipt is ready" in answer.content.decode()


def test_tries_at_both_pages_are_counted_as_one_number(house: House) -> None:
    house.logged()
    _case, code = _notified(house)
    house.published()
    for number in range(TRIES):
        if number % 2:
            _post(house.organisation, "AAAA-AAAA")
        else:
            _ask(house.organisation, "AAAA-AAAA")
    assert "Too many attempts" in _ask(house.organisation, code).content.decode()
    assert "Too many attempts" in _post(house.organisation, code)[1]


def test_only_a_right_code_learns_that_nothing_is_published_or_kept(house: House) -> None:
    _case, code = _notified(house)
    answer = _ask(house.organisation, code)
    assert "keeps no public log" in answer.content.decode()
    house.logged()
    answer = _ask(house.organisation, code)
    assert (answer.status_code, _hidden(answer)) == (200, [])
    assert "Nothing about this is published yet. Come back tomorrow." in answer.content.decode()
    for wrong in ("AAAA-AAAA-AAAA-AAAA", ""):
        page = _ask(house.organisation, wrong).content.decode()
        assert "This code opens nothing here" in page
        assert "published yet" not in page


def test_where_witnesses_have_to_sign_no_receipt_is_called_unwitnessed(house: House) -> None:
    kept = house.logged()
    _case, code = _notified(house)
    house.published()
    house.logged(origin=kept.origin, witnesses=(WITNESS,), quorum=1)
    page = _ask(house.organisation, code).content.decode()
    assert "Your receipt is ready" in page
    assert "nwitnessed" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_it(language: str, house: House) -> None:
    house.logged()
    _case, code = _notified(house)
    house.published()
    for answer in (
        Client(SERVER_NAME="localhost").get(f"/you/{language}/receipt/"),
        _ask(house.organisation, code, language),
    ):
        page = answer.content.decode()
        assert f'<html lang="{language}"' in page
        assert ("receipt is a small file" in page or "receipt is ready" in page) is (language == "en")


def test_a_language_we_do_not_speak_has_no_page(site: object) -> None:
    assert Client(SERVER_NAME="localhost").get("/you/de/receipt/").status_code == 404


# ---- a letter along with an objection ----

LETTER = b"%PDF-1.4\nA lawyer writes that this is a mistake."


def _send(house: House, code: str, letter: bytes, name: str = "l.pdf") -> Any:
    sent: dict[str, Any] = {"house": house.organisation, "code": code, "words": "My lawyer writes."}
    sent["letter"] = SimpleUploadedFile(name, letter)
    return Client(SERVER_NAME="localhost").post("/you/en/", sent)


def test_a_lawyers_letter_comes_with_the_objection_sealed_and_is_read_by_counsel_and_auditor(
    house: House,
) -> None:
    id, code = _notified(house)
    assert "Your objection is recorded" in _send(house, code, LETTER).content.decode()
    assert "Your objection is recorded" in _send(house, code, LETTER).content.decode(), "sent twice"
    event = house.case(id).history[-1].event
    assert isinstance(event, Objected)
    assert event.letter == hashlib.sha256(LETTER).hexdigest()
    assert event.way is None
    assert house.installation.get(house.organisation, id, event.letter) == LETTER
    page = f"/cases/{id}/objections/{event.letter}/"
    for person in ("counsel", "auditor"):
        assert page in house.client(person).get(f"/cases/{id}/").content.decode()
        answer = house.client(person).get(page)
        assert answer.content == LETTER
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for person in ("intake", "reviewer", "custodian"):
        assert page not in house.client(person).get(f"/cases/{id}/").content.decode()
        assert house.client(person).get(page).status_code == 403
    assert house.client("counsel").get(f"/cases/{id}/objections/{'0' * 64}/").status_code == 404
    source = house.case(id).versions[0].source
    assert house.client("counsel").get(f"/cases/{id}/objections/{source}/").status_code == 404


@pytest.mark.parametrize("letter", [b"MZ\x90\x00", b"%PDF-" + b"x" * theirs.MOST_BYTES], ids=["exe", "long"])
def test_what_is_no_letter_is_said_before_the_code_is_looked_at(letter: bytes, house: House) -> None:
    id, code = _notified(house)
    pages = set()
    for tried in (code, "AAAA-BBBB"):
        answer = _send(house, tried, letter)
        assert answer.status_code == 422
        pages.add(re.sub(r'value="[^"]+"', "", answer.content.decode()))
    assert len(pages) == 1
    assert "It has to be a PDF or plain text." in pages.pop()
    assert house.case(id).objection is None


def test_so_many_letters_are_kept_from_one_door_and_then_words_only(house: House) -> None:
    id, code = _notified(house)
    for number in range(LETTERS):
        assert _send(house, code, f"letter {number}".encode(), name="l.txt").status_code == 200
    answer = _send(house, code, b"one more")
    assert "No more letters are kept from here." in answer.content.decode()
    assert len([each for each in house.case(id).history if isinstance(each.event, Objected)]) == LETTERS
    assert _post(house.organisation, code, "In my own words.")[0] == 200


# ---- what happened ----


def _outcome(house: House, code: str, language: str = "en", **more: str) -> Any:
    sent = {"house": house.organisation, "code": code, **more}
    return Client(SERVER_NAME="localhost").post(f"/you/{language}/outcome/", sent)


def _secrets(house: House, id: str) -> list[str]:
    """What no page of the door may say of this case."""
    case = house.case(id)
    accounts = [each.value for target in case.request.targets for each in target.identifiers]
    words = [id, case.request.reference or id, *accounts, *(each.label for each in case.request.offences)]
    return [*words, case.request.facts[:40], case.request.issuing.name if case.request.issuing else id]


def test_after_the_code_a_page_warns_and_shows_nothing_before_the_button(house: House) -> None:
    id, code = _notified(house)
    answer = _outcome(house, code.lower().replace("-", " "))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Who may be looking?" in page
    assert "Show what happened" in page
    for way in ("/you/en/", "/you/en/answer/", "/you/en/receipt/"):
        assert f'href="{way}"' in page
    for word in ("asked us for data", "France", "has been given", *_secrets(house, id)):
        assert word not in page
    [button] = _hidden(answer)
    assert button["show"] == "yes"
    shown = _outcome(
        **{"house": house, "code": code, **{k: v for k, v in button.items() if k in ("show", "serves")}}
    )
    text = shown.content.decode()
    assert "An authority of another state asked us for data that concern you. The state:" in text
    assert "Nothing will be given before" in text
    assert "Nothing of it has been given so far" in text
    assert shown.headers["Cache-Control"] == "no-store"
    for word in _secrets(house, id):
        assert word not in text
    assert house.case(id).history[-1].event.kind == "notice-sent", "reading writes nothing"


def test_a_wrong_code_is_shown_nothing_whichever_button_it_comes_by(house: House) -> None:
    _notified(house)
    pages = {
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        for answer in (
            _outcome(house, "AAAA-BBBB"),
            _outcome(house, "AAAA-BBBB", show="yes", serves="forged"),
        )
    }
    assert len(pages) == 1
    assert "This code opens nothing here" in pages.pop()


def test_showing_is_no_try_and_a_guess_is(house: House) -> None:
    _id, code = _notified(house)
    [button] = _hidden(_outcome(house, code))
    for _ in range(TRIES):
        assert _outcome(house, code, show="yes", serves=button["serves"]).status_code == 200
        _outcome(house, "AAAA-BBBB")
    assert "Too many attempts" in _outcome(house, code).content.decode()


def test_an_open_objection_is_said_to_who_made_it(house: House) -> None:
    _id, code = _notified(house)
    said = "Your objection is not answered yet. Until then nothing is handed over."
    assert said not in _outcome(house, code, show="yes").content.decode()
    _post(house.organisation, code)
    assert said in _outcome(house, code, show="yes").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_happened_is_said_in_every_language(language: str, house: House) -> None:
    id, code = _notified(house)
    pages = [
        Client(SERVER_NAME="localhost").get(f"/you/{language}/outcome/"),
        _outcome(house, code, language),
        _outcome(house, code, language, show="yes"),
    ]
    for answer in pages:
        page = answer.content.decode()
        assert f'<html lang="{language}"' in page
        assert ("what happened" in page.lower()) is (language == "en")
        for word in _secrets(house, id):
            assert word not in page
    assert ("asked us for data" in pages[-1].content.decode()) is (language == "en")


@pytest.mark.parametrize("address", ["/you/ar/", "/you/ar/outcome/", "/you/ar/receipt/", "/you/ar/answer/"])
def test_the_other_languages_stand_at_the_head_of_the_door(address: str, site: object) -> None:
    page = Client(SERVER_NAME="localhost").get(address).content.decode()
    assert page.count('hreflang="') == len(LANGUAGES)
    assert page.index('hreflang="en"') < page.index("<h1>")
