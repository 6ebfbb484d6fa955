"""Typing a request in: small needs, nothing lost, the request that our JSON gives, files as they came."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from habeas.app import enclosing
from habeas.desk import promise
from habeas.desk.case import Case
from habeas.gateways import papers
from habeas.request import Request
from habeas.request.formats import native, to_native
from habeas.web.views import sheet, typing_in
from tests import world
from tests.web.house import House, ransomware

LEAST = {
    "door": "paper",
    "requesting_state": "FRA",
    "instrument": "uncc",
    "measure": "stored-access",
    "facts": "They broke into the computers of a bank.",
    "accounts": "1",
    "account-0-identifiers": "somebody@host.example",
    "account-0-items": "1",
    "account-0-item-0-category": "subscriber",
}
LETTER = (
    b"From: office@authority.example\r\nSubject: Order\r\nMIME-Version: 1.0\r\n\r\n"
    b"The words of the order.\r\n"
)


def flat(filled: sheet.Sheet) -> dict[str, str]:
    """The fields of a form as a browser sends them."""
    found = dict(filled.fields)
    for name, rows in (("offence", filled.offences), ("undertaking", filled.undertakings)):
        found[f"{name}s"] = str(len(rows))
        found |= {f"{name}-{n}-{field}": words for n, row in enumerate(rows) for field, words in row.items()}
    found["accounts"] = str(len(filled.accounts))
    for n, account in enumerate(filled.accounts):
        found |= {f"account-{n}-{field}": words for field, words in account.fields.items()}
        found[f"account-{n}-items"] = str(len(account.items))
        for i, row in enumerate(account.items):
            found |= {f"account-{n}-item-{i}-{field}": words for field, words in row.items()}
    return found


class Form:
    """A form as a browser holds it: what stands in it is sent again with every button."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.answer: Any = client.get(address)
        self.page = self.answer.content.decode()

    def press(self, button: str, **changed: Any) -> Form:
        found = re.search(r'<form method="post" action="([^"]+)"', self.page)
        assert found is not None
        sent = {**self.fields(), **{name.replace("__", "-"): value for name, value in changed.items()}}
        self.answer = self.client.post(found[1], {**sent, "do": button})
        self.page = self.answer.content.decode()
        return self

    def fields(self) -> dict[str, str]:
        form = self.page.partition('<form method="post"')[2].partition("</form>")[0]
        found = {}
        for tag in re.findall(r"<input [^>]*>", form):
            told = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
            if told.get("type") == "file" or (told.get("type") == "checkbox" and " checked" not in tag):
                continue
            found[told["name"]] = html.unescape(told.get("value", ""))
        for name, words in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
            found[name] = html.unescape(words)
        for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected|<option selected>([^<]+)<', options)
            found[name] = html.unescape((chosen[1] or chosen[2]) if chosen else "")
        return found

    def became(self, house: House) -> Case:
        assert self.answer.status_code == 302, re.findall(r'class="errors".*?</div>', self.page, re.DOTALL)
        return house.case(self.answer.headers["Location"].split("/")[2])


def typing(house: House, person: str = "intake") -> Form:
    return Form(house.client(person), "/receive/type/")


def letter(data: bytes = LETTER, name: str = "order.eml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def plain(**changed: str) -> dict[str, str]:
    return {name.replace("__", "-"): words for name, words in {**LEAST, **changed}.items()}


def send(form: Form, fields: dict[str, Any], button: str = "take") -> Form:
    return form.press(button, **{name.replace("-", "__"): value for name, value in fields.items()})


# ---- a request ---------------------------------------------------------------------------------------------


def test_little_is_needed_and_nothing_is_invented(house: House) -> None:
    case = send(typing(house), LEAST).became(house)
    asked = case.request
    assert (asked.requesting_state, asked.instrument, asked.facts) == ("FRA", "uncc", LEAST["facts"])
    assert case.door == "paper"
    assert case.received_by == "intake"
    said = native.decode(house.installation.get(house.organisation, case.id, case.versions[0].source))
    assert said == msgspec.structs.replace(asked, id=sheet.ID, received_on=None)
    unstated = msgspec.structs.replace(
        Request(id=asked.id, instrument="uncc", measure=asked.measure),
        requesting_state="FRA",
        facts=asked.facts,
        targets=asked.targets,
        received_on=asked.received_on,
    )
    assert asked == unstated, "what nobody typed is not stated"


def test_an_empty_form_stands_with_nothing_chosen(everybody: House) -> None:
    form = typing(everybody)
    told = {name: words for name, words in form.fields().items() if words}
    assert told.keys() <= {
        "csrfmiddlewaretoken",
        "files",
        "offences",
        "undertakings",
        "accounts",
        "account-0-items",
    }


def test_what_is_missing_is_named_all_at_once_with_a_link_to_its_field(everybody: House) -> None:
    form = send(typing(everybody), {"accounts": "1", "account-0-items": "1"})
    assert form.answer.status_code == 422
    summary = form.page.partition('class="errors"')[2].partition("</div>")[0]
    linked = re.findall(r'href="#([^"]+)"', summary)
    assert linked == [
        *("door", "requesting_state", "instrument", "measure", "facts", "account-0-identifiers"),
    ]
    for name in linked:
        assert f'id="{name}"' in form.page
        field = form.page.partition(f'id="{name}"')[2].partition(">")[0]
        assert f"{name}-e" in field
        assert 'aria-invalid="true"' in field


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("arrived_on", "yesterday"),
        ("arrived_on", "2199-01-01"),
        ("arrived_time", "25:99"),
        ("deadline", "31.12.2026"),
        ("emergency-deadline", "soon"),
        ("account-0-item-0-start", "2026-02-30"),
        ("account-0-item-0-category", "everything"),
        ("requesting_state", "QQQ"),
        ("instrument", "no such treaty"),
        ("language", "not a tag"),
        ("offence-0-years", "six"),
        ("account-0-identifiers", "some\u202ebody"),
        ("zone", "Middle/Earth"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_and_stays(
    field: str, typed: str, everybody: House
) -> None:
    wrong = {**LEAST, "offences": "1", "offence-0-penalty": "years", "offence-0-years": "6"}
    if field == "arrived_time":
        wrong["arrived_on"] = "2026-01-02"
    form = send(typing(everybody), {**wrong, field: typed})
    assert form.answer.status_code == 422
    summary = form.page.partition('class="errors"')[2].partition("</div>")[0]
    assert re.findall(r'href="#([^"]+)"', summary) == [field]
    assert LEAST["facts"] in form.page
    if field not in ("requesting_state", "instrument", "account-0-item-0-category", "zone"):
        assert form.fields()[field] == typed


def test_more_accounts_and_data_are_added_and_taken_out_and_nothing_typed_is_lost(house: House) -> None:
    form = send(typing(house), LEAST, "add-account")
    assert re.search(r'id="account-1-identifiers"[^>]*autofocus', form.page)
    form.press("add-account-0-item", account__1__identifiers="other@host.example")
    form.press("add-account", account__0__item__1__category="traffic")
    form.press(
        "add-offence",
        account__1__item__0__category="content",
        account__1__item__0__end="2026-05-31",
        account__2__identifiers="wrong@host.example",
        offence__0__label="Fraud",
    )
    form.press("drop-account-2", offence__1__label="Theft", offence__1__citations="Art. 1\nArt. 2")
    form.press("drop-offence-0")
    form.press("add-undertaking")
    asked = form.press("take").became(house).request
    assert [each.identifiers[0].value for each in asked.targets] == [
        "somebody@host.example",
        "other@host.example",
    ]
    assert [str(item.category) for each in asked.targets for item in each.items] == [
        *("subscriber", "traffic", "content")
    ]
    (offence,) = asked.offences
    assert (offence.label, offence.citations) == ("Theft", ("Art. 1", "Art. 2"))
    assert asked.targets[1].items[0].period is not None
    assert asked.assurances == ()


def test_a_request_with_every_field_typed_is_the_one_that_json_gives(house: House) -> None:
    asked = msgspec.structs.replace(world.request(supposed=()), id=sheet.ID, received_on=None)
    whole = native.decode(to_native(msgspec.structs.replace(asked, seat_state=None, attachments=())))
    case = send(typing(house), {**flat(sheet.of(whole)), "door": "mailbox"}).became(house)
    kept = house.installation.get(house.organisation, case.id, case.versions[0].source)
    assert kept == to_native(whole)
    again = house.client("intake").post("/receive/", {"json": kept.decode(), "door": "portal"})
    assert again.headers["Location"] == f"/cases/{case.id}/", "by file it is the very same request"


def test_sent_twice_it_is_one_case(house: House) -> None:
    form = typing(house)
    address = re.search(r'action="(/receive/type/[^"]+)"', form.page)
    assert address is not None
    first, second = (form.client.post(address[1], {**LEAST, "do": "take"}) for _each in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    case = house.case(first.headers["Location"].split("/")[2])
    assert case.length == 1


def test_the_form_of_a_colleague_or_with_a_made_up_place_is_none(house: House) -> None:
    found = re.search(r'action="(/receive/type/[^"]+)"', typing(house).page)
    assert found is not None
    for person, place in (("reviewer", found[1]), ("intake", "/receive/type/2026-AAAA-AAAA:x/")):
        assert house.client(person).post(place, {**LEAST, "do": "take"}).status_code == 404
    assert house.client("intake").get(found[1]).status_code == 200


# ---- when it came ------------------------------------------------------------------------------------------


def test_the_hour_it_came_is_kept_with_its_zone_and_starts_its_limits(house: House) -> None:
    came = datetime.now(UTC) - timedelta(days=9)
    stated = {"arrived_on": f"{came:%Y-%m-%d}", "arrived_time": "08:30", "arrived_zone": "Asia/Tokyo"}
    case = send(typing(house), {**LEAST, **stated}).became(house)
    (arrival,) = case.arrivals
    assert arrival.stated is not None
    assert arrival.stated.zone == "Asia/Tokyo"
    tokyo = datetime(came.year, came.month, came.day, tzinfo=UTC) - timedelta(minutes=30)
    assert arrival.stated.at == tokyo
    assert case.request.received_on == came.date()
    row = house.installation.store.row(house.organisation, case.id)
    assert row is not None
    assert row.received == tokyo
    page = house.client("intake").get(f"/cases/{case.id}/files/").content.decode()
    assert "Asia/Tokyo" in page
    assert "As stated when it was taken in" in page


def test_a_day_without_an_hour_is_all_of_that_day_by_the_clocks_of_the_house(house: House) -> None:
    on = (datetime.now(UTC) - timedelta(days=4)).date()
    case = send(typing(house), {**LEAST, "arrived_on": on.isoformat()}).became(house)
    (arrival,) = case.arrivals
    assert arrival.stated is not None
    assert (arrival.stated.on, arrival.stated.at, arrival.stated.zone) == (on, None, "Europe/Paris")


@pytest.mark.parametrize("stated", [None, date(2026, 1, 2), date(2026, 1, 3)])
def test_the_json_door_states_it_too_and_two_days_are_refused(stated: date | None, house: House) -> None:
    asked = to_native(world.request(supposed=(), received_on=stated, conduct=None)).decode()
    sent = {"json": asked, "door": "paper", "arrived_on": "2026-01-02"}
    answer = house.client("intake").post("/receive/", sent)
    if stated == date(2026, 1, 3):
        assert answer.status_code == 422
        assert "another day on which it was received" in answer.content.decode()
    else:
        case = house.case(answer.headers["Location"].split("/")[2])
        assert case.request.received_on == date(2026, 1, 2)
        assert case.arrivals[0].stated is not None


# ---- files -------------------------------------------------------------------------------------------------


def test_files_are_kept_through_every_button_and_lie_in_the_case_as_they_came(house: House) -> None:
    form = typing(house).press("keep", original=letter(), along=[letter(b"\x00\xff\x89odd", "scan.bin")])
    assert "The words of the order." in form.page
    assert "cannot be read here" in form.page
    form = send(form, LEAST, "add-account")
    form.press("drop-account-1")
    assert "The words of the order." in form.page, "what was read stays beside the form"
    form.press("use-0")
    assert form.fields()["facts"].endswith("The words of the order.")
    assert form.fields()["facts"].startswith(LEAST["facts"])
    case = form.press("take").became(house)
    assert [(each.name, each.original) for each in case.files_kept] == [
        ("order.eml", True),
        ("scan.bin", False),
    ]
    for file, data in zip(case.files_kept, (LETTER, b"\x00\xff\x89odd"), strict=True):
        assert house.installation.get(house.organisation, case.id, file.sha256) == data
        assert file.size == len(data)
    assert b"The words of the order" in house.installation.get(
        house.organisation, case.id, case.versions[0].source
    ), "they were put into the facts by a person"


def test_what_a_machine_read_is_not_recorded_unless_somebody_puts_it_there(house: House) -> None:
    form = typing(house).press("keep", original=letter())
    case = send(form, LEAST).became(house)
    stored = [house.installation.get(house.organisation, case.id, each.source) for each in case.versions]
    assert all(b"words of the order" not in each for each in stored)
    assert "words of the order" not in repr(case.history)


def test_files_come_along_with_the_last_button_too(house: House) -> None:
    case = send(typing(house), {**LEAST, "along": [letter()]}).became(house)
    assert [each.name for each in case.files_kept] == ["order.eml"]


def test_a_wrong_file_is_taken_out_and_destroyed(house: House) -> None:
    form = typing(house).press("keep", original=letter(b"the wrong letter", "wrong.txt"))
    form.press("drop-file-0")
    assert "wrong.txt" not in form.page
    case = send(form, LEAST).became(house)
    assert case.files_kept == ()
    store = house.installation.store
    assert len(store.blobs.names(house.organisation, case.id)) == 1, "what was typed, and nothing else"


def test_the_promise_is_of_the_letter_itself(house: House) -> None:
    house.logged()
    form = typing(house).press("keep", original=letter())
    assert house.installation.store.trace.waiting(house.organisation) == 0
    case = send(form, LEAST).became(house)
    note = house.client("intake").get(f"/cases/{case.id}/promise/").content.decode()
    assert promise.sha256(LETTER) in note
    house.published()
    kinds = [each.count.value("kind") for each in house.installation.store.trace.counted(house.organisation)]
    assert (kinds.count("arrival"), kinds.count("request")) == (1, 1)


def test_the_same_request_typed_again_goes_to_its_case_with_the_new_files(house: House) -> None:
    first = send(typing(house).press("keep", original=letter()), LEAST).became(house)
    again = typing(house).press("keep", original=letter(), along=[letter(b"a second page", "page-2.txt")])
    second = send(again, LEAST).became(house)
    assert second.id == first.id
    assert [each.name for each in second.files_kept] == ["order.eml", "page-2.txt"]
    for file in second.files_kept:
        assert house.installation.get(house.organisation, first.id, file.sha256)
    store = house.installation.store
    apart = set(store.blobs.cases(house.organisation)) - {first.id}
    assert not any(store.blobs.names(house.organisation, each) for each in apart)


def test_no_other_file_of_the_case_can_be_named_by_the_form(house: House) -> None:
    """The token of a file is signed for the form it came by: another's, or a hash alone, is nothing."""
    one, other = (typing(house).press("keep", original=letter()) for _each in range(2))
    foreign = one.fields()["file-0"]
    case = send(other, {**LEAST, "files": "2", "file-1": foreign}).became(house)
    assert len(case.files_kept) == 1
    forged = typing(house)
    case = send(forged, plain(facts="Others.", files="1", file__0="0" * 64)).became(house)
    assert case.files_kept == ()


def test_what_nobody_takes_in_is_destroyed_after_a_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    form = typing(house).press("keep", original=letter())
    app, store = house.installation, house.installation.store
    (apart,) = store.blobs.cases(house.organisation)
    assert enclosing.forsake(app) == 0
    now = app.now()
    monkeypatch.setattr(app, "now", lambda: now + timedelta(days=1, minutes=1))
    assert enclosing.forsake(app) >= 1
    assert not store.blobs.names(house.organisation, apart)
    assert store.keyring.key(house.organisation, apart) is None
    form = send(form, LEAST)
    assert form.answer.status_code == 422
    assert "not there any more" in form.page
    assert LEAST["facts"] in form.page


def test_an_empty_file_and_one_without_a_form_are_said(everybody: House) -> None:
    form = typing(everybody).press("keep", original=letter(b"", "nothing.pdf"))
    assert form.answer.status_code == 422
    assert "is empty" in form.page


def test_names_that_mislead_are_kept_without_what_misleads(house: House) -> None:
    name = "..\\..\\order\u202efdp.exe"
    case = send(typing(house), {**LEAST, "along": [letter(b"MZ", name)]}).became(house)
    (file,) = case.files_kept
    assert "\u202e" not in file.name
    assert "\\" not in file.name


def test_a_file_too_long_to_be_read_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_BYTES", 10)
    form = typing(house).press("keep", original=letter())
    assert "was not read" in form.page
    assert len(send(form, LEAST).became(house).files_kept) == 1


def test_texts_that_are_long_together_leave_room_for_what_is_typed(house: House) -> None:
    """All of them come back with every button, and a form has 5 MB."""
    many = [
        letter(f"{number} ".encode() + "الكلمات ".encode() * 24_000, f"{number}.txt") for number in range(6)
    ]
    form = typing(house).press("keep", along=many)
    said = re.findall(r'<p class="gap1">([^<]+)</p>', form.page)
    assert said == [
        "With the others it is too long to stand beside the form.",
        "It was not read: many came at once.",
    ]
    assert form.press("add-account").fields()["files"] == "6"
    form.press("use-0")
    form.press("use-1")
    assert form.answer.status_code == 422
    assert "more than 200,000 characters" in form.page
    assert len(form.fields()["facts"]) < 200_000


# ---- a new version -----------------------------------------------------------------------------------------


def waiting(house: House) -> Case:
    """A case that waits for its requester."""
    case = house.assessed(ransomware())
    desk = house.installation.desk(house.organisation)
    question = case.assessment.questions[0].text if case.assessment and case.assessment.questions else ""
    if question:
        return desk.ask(case.id, "reviewer", house.installation.now(), questions=[question])
    asked = desk.ask(case.id, "reviewer", house.installation.now(), questions=["Which days?"])
    return desk.agree_questions(asked.id, "counsel", house.installation.now(), agrees=True)


def test_the_answer_is_typed_over_the_version_before_and_nobody_edits_json(house: House) -> None:
    case = waiting(house)
    client = house.client("intake")
    page = client.get(f"/cases/{case.id}/answer/").content.decode()
    assert f'href="/cases/{case.id}/answer/type/"' in page
    form = Form(client, f"/cases/{case.id}/answer/type/")
    filled = flat(sheet.of(case.request))
    assert {name: form.fields().get(name, "") for name in filled} == filled, "filled with the version before"
    form.press("keep", original=letter())
    after = form.press("take", necessity="Nothing less would do.").became(house)
    assert after.version == case.version + 1
    before = case.request
    changed = {
        name: getattr(after.request, name)
        for name in before.__struct_fields__
        if getattr(after.request, name) != getattr(before, name)
    }
    assert changed == {"necessity": "Nothing less would do."}
    assert [each.original for each in after.files_kept] == [True]
    source = house.installation.get(house.organisation, case.id, after.versions[-1].source)
    assert native.decode(source).necessity == "Nothing less would do."
    files = client.get(f"/cases/{case.id}/files/").content.decode()
    assert "Typed in by Intake 1" in files
    assert "Read from what came, taken in by" in files


def test_an_answer_typed_while_somebody_else_was_at_the_case_is_not_recorded(house: House) -> None:
    case = waiting(house)
    form = Form(house.client("intake"), f"/cases/{case.id}/answer/type/")
    house.installation.desk(house.organisation).note(
        case.id, "reviewer", house.installation.now(), words="Wait."
    )
    form.press("take", necessity="Nothing less would do.")
    assert form.answer.status_code == 409
    assert house.case(case.id).version == case.version


def test_an_answer_that_is_not_awaited_is_not_typed(house: House) -> None:
    case = house.assessed(ransomware())
    client = house.client("intake")
    page = client.get(f"/cases/{case.id}/answer/type/")
    assert "Barred today" in page.content.decode()
    assert client.post(f"/cases/{case.id}/answer/type/", {"do": "take"}).status_code == 403
    assert house.case(case.id).version == 1


def test_every_word_of_a_list_has_its_line() -> None:
    assert len(typing_in._states()) == len({code for code, _name in typing_in._states()}) > 240
    assert all(name and name != code for code, name in typing_in._states())
