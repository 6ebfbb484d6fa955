"""Each form does its verb: the ordinary road of a case, from intake to the end, through the pages alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.app.installation import hashed
from habeas.assess import Decision
from habeas.desk import recommended
from habeas.desk.clocks import DayInterval
from habeas.desk.events import Configured, Objected, Ruling
from habeas.desk.letters import Sender
from habeas.desk.moves import TABLE, Act
from habeas.request import Emergency, Request, Secrecy
from habeas.request.formats import to_native
from habeas.web.views.forms import FORMS
from tests.desk.desks import as_covered, example
from tests.web.house import House, ransomware


class Road:
    """A case that people move with the forms of the site."""

    def __init__(self, house: House, case: str) -> None:
        self.house = house
        self.case = case

    def do(self, person: str, act: Act, status: int = 302, **typed: Any) -> str:
        seen = str(self.house.case(self.case).length)
        client = self.house.client(person)
        answer = client.post(f"/cases/{self.case}/{act}/", {**typed, "seen": seen})
        assert answer.status_code == status, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:2000]
        return client.get(f"/cases/{self.case}/").content.decode()


@pytest.fixture
def road(house: House) -> Road:
    return Road(house, house.received(msgspec.structs.replace(ransomware(), secrecy=Secrecy())).id)


def _checked(road: Road) -> dict[str, str]:
    read = road.house.installation.now().date() - timedelta(days=10)
    return {
        "kind": "call-back",
        "holds": "yes",
        "register": "treaty-directory",
        "register_entry": "the prosecutor's office",
        "register_state": "fra",
        "register_read_on": read.isoformat(),
    }


def test_a_case_goes_through_the_house_by_its_forms(road: Road) -> None:
    road.do("intake", Act.IDENTIFY, **_checked(road))
    road.do("intake", Act.HOLD, targets=["t1"])
    road.do("custodian", Act.CONFIRM_HOLD, hold="hold-1", kept=["t1"])
    road.do(
        "custodian",
        Act.RECORD_ACCOUNT,
        **{"exists-0": "yes", "country-0": "fra", "held-0": ["subscriber", "traffic"]},
    )
    road.do("reviewer", Act.ASSIGN, to="reviewer")
    road.do("reviewer", Act.ASSESS)
    case = road.house.case(road.case)
    assert case.assessment is not None
    assert case.accounts[0].exists is True
    choices = {f"choice-{each}": "recommended" for each in range(len(recommended(case.assessment)))}
    road.do("reviewer", Act.REVIEW, **choices, assessment=case.digest)
    road.do("second", Act.SECOND_REVIEW, agrees="yes")
    page = road.do("reviewer", Act.NOTIFY)
    assert "The notice is written" in page
    assert re.search(r"shown this once, for the notice: [A-Z0-9]{4}(-[A-Z0-9]{4})+", page)
    given = list(road.house.case(road.case).giving())
    files = {
        f"file-{number}": SimpleUploadedFile(f"records-{number}.csv", f"rows {number}".encode())
        for number in range(len(given))
    }
    holds = {f"holds-{number}": str(each.ceiling) for number, each in enumerate(given)}
    days = {
        f"{end}-{number}": day
        for number in range(len(given))
        for end, day in (("since", "2026-09-18"), ("until", "2026-10-01"))
    }
    for lacking, why in (
        ("holds-1", "Nobody said what is in this file"),
        ("since-0", "The first day of the data in this file is missing"),
        ("until-1", "The last day of the data in this file is missing"),
    ):
        blank = {**files, **holds, **days, lacking: ""}
        seen = str(road.house.case(road.case).length)
        answer = road.house.client("custodian").post(f"/cases/{road.case}/prepare/", {**blank, "seen": seen})
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert '<span class="place">t1, i' in answer.content.decode()
        assert road.house.case(road.case).files == ()
        for file in files.values():
            file.seek(0)
    road.do("custodian", Act.PREPARE, **files, **holds, **days)
    assert len(road.house.case(road.case).files) == len(given)
    road.do("second", Act.APPROVE_RELEASE, status=422)  # nobody said that the notice was sent
    road.do("reviewer", Act.SEND_NOTICE, targets=["t1"], way="post", on=_today(road))
    page = road.do("second", Act.APPROVE_RELEASE, status=422)  # the waiting time has not passed
    assert "has until" in page
    assert road.house.case(road.case).approval is None


def _today(road: Road) -> str:
    house = road.house.installation.people(road.house.organisation)
    return house.day(road.house.installation.now()).isoformat()


def test_a_question_and_its_answer(road: Road) -> None:
    road.do("intake", Act.IDENTIFY, **_checked(road))
    road.do("reviewer", Act.ASSESS)
    road.do("reviewer", Act.ASK, own="Which court ordered it?\n\nOn which day?")
    assert road.house.case(road.case).questions == ()
    page = road.house.client("second").get(f"/cases/{road.case}/").content.decode()
    assert "Which court ordered it?" in page
    road.do("second", Act.AGREE_QUESTIONS, agrees="yes")
    assert road.house.case(road.case).questions == ("Which court ordered it?", "On which day?")
    newer = to_native(
        msgspec.structs.replace(ransomware(), secrecy=Secrecy(), necessity="Two accounts remain.")
    )
    road.do("intake", Act.ANSWER, json=newer.decode())
    case = road.house.case(road.case)
    assert (case.version, case.stage, case.request.necessity) == (2, "received", "Two accounts remain.")


def test_an_answer_that_cannot_be_read_is_refused_and_kept(road: Road) -> None:
    road.do("intake", Act.IDENTIFY, **_checked(road))
    road.do("reviewer", Act.ASSESS)
    road.do("reviewer", Act.ASK, own="Which court?")
    road.do("intake", Act.ANSWER, status=422, json="{not json")
    assert road.house.case(road.case).version == 1


def test_an_extension_and_an_end_of_a_hold(road: Road) -> None:
    road.do("intake", Act.HOLD, targets=["t1"])
    # Two times thirty days, but its end was moved on where it fell on a weekend, and ninety are the most.
    until = road.house.case(road.case).holds[0].until.date() + timedelta(days=25)
    road.do("reviewer", Act.EXTEND, status=422, hold="hold-1", until="soon", why="The request is late.")
    road.do("reviewer", Act.EXTEND, hold="hold-1", until=until.isoformat(), why="The request is late.")
    assert road.house.case(road.case).holds[0].until.date() == until


def test_a_case_is_handed_to_counsel_who_closes_it(road: Road) -> None:
    road.do("reviewer", Act.ESCALATE, why="A journalist may be meant.")
    assert road.house.case(road.case).escalated
    road.do("counsel", Act.CONSULT, whom="The ministry", requester="no", about="Whether it binds.")
    road.do("counsel", Act.WITHDRAW, why="They wrote that they withdraw.")
    road.do("counsel", Act.CLOSE, words="")
    assert road.house.case(road.case).stage == "closed"
    road.do("counsel", Act.RETAIN, until="2030-01-01", why="A court asked for the file.")
    road.do("counsel", Act.REOPEN, why="They wrote again.")
    assert road.house.case(road.case).stage == "received"


def test_a_target_goes_on_in_a_case_of_its_own(house: House) -> None:
    from tests import world

    two = world.request(supposed=(), targets=(world.target(), world.target(value="@other", number=2)))
    road = Road(house, house.received(two).id)
    page = road.do("reviewer", Act.SPLIT, targets=["t2"])
    (into,) = re.findall(r"The targets go on in case ([\w-]+)\.", page)
    assert [each for each, _item in house.case(into).asked()] == ["t2", "t2"]


def test_a_merge_and_a_word_to_a_colleague(road: Road) -> None:
    other = road.house.received(msgspec.structs.replace(ransomware(), secrecy=Secrecy()))
    road.do("intake", Act.HAND_OVER, to="reviewer", words="The call-back is done.")
    road.do("reviewer", Act.MERGE, into=other.id, why="The same request came twice.")
    assert road.house.case(road.case).merged_into == other.id


def test_every_form_says_what_it_did_and_every_field_has_a_label() -> None:
    assert all(form.done for form in FORMS)
    assert all(field.label and field.name for form in FORMS for field in form.fields)
    assert all(form.act in TABLE for form in FORMS)


def test_what_cannot_be_undone_asks_for_presence() -> None:
    grave = {form.act for form in FORMS if form.fresh}
    assert grave >= {Act.APPROVE_RELEASE, Act.RELEASE, Act.REFUSE, Act.ERASE}


_YES_OR_NO = sorted(
    (form.act, field.name)
    for form in FORMS
    for field in form.fields
    if field.kind == "yes" and field.required
)


@pytest.mark.parametrize("word", ["", "maybe"], ids=["nothing", "another-word"])
@pytest.mark.parametrize(("act", "name"), [*_YES_OR_NO, (Act.SECOND_REVIEW, "agrees")])
def test_what_was_left_open_is_never_taken_as_a_yes_or_a_no(
    act: Act, name: str, word: str, house: House
) -> None:
    """The browser asks for a choice; whoever sends the form without one is asked by us."""
    case, person = _where_it_is_open(house, act)
    before = house.case(case).length
    sent = {"person": "delegate", "read": "yes", "reason": "Why.", "seen": str(before)}
    sent |= {name: word} if word else {}
    answer = house.client(person).post(f"/cases/{case}/{act}/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "neither yes nor no was chosen" in text.lower() or "say whether you agree" in text.lower()
    assert house.case(case).length == before


def _where_it_is_open(house: House, act: Act) -> tuple[str, str]:
    """A case in which the act may be done now, and who may."""
    desk, now = house.installation.desk(house.organisation), house.installation.now
    if act is Act.SECOND_REVIEW:
        return house.reviewed().id, "second"
    if act is Act.VALIDATE:
        claimed = Emergency(claimed=True, statement="A life is at risk.")
        return house.received(msgspec.structs.replace(ransomware(), emergency=claimed)).id, "reviewer"
    if act is Act.REFUSE:
        case = house.assessed(ransomware())
        refused = [
            Ruling(target=target, item=item, decision=Decision.REFUSE, ground="uncc:40(21)")
            for target, item in case.asked()
        ]
        desk.review(case.id, "reviewer", now(), assessment=case.digest, rulings=refused, why="So it is.")
        desk.second_review(case.id, "second", now(), agrees=True)
        return case.id, "reviewer"
    if act is Act.AGREE_QUESTIONS:
        case = house.assessed()
        desk.ask(case.id, "reviewer", now(), questions=["Which court ordered it?"])
        return case.id, "second"
    if act is Act.ANSWER_CONDITIONS:
        road = _on_terms(house)
        _put(road)
        return road.case, "intake"
    case = house.received()
    if act is Act.DECLARE_CONFLICT:
        desk.invite(
            case.id, "counsel", now(), person="expert", question="Is it so?", confirmed=as_covered(case)
        )
        return case.id, "expert"
    assert act in (Act.INVITE, Act.CONSULT)
    return case.id, "counsel"


@pytest.mark.parametrize(("act", "person"), [(Act.ASSIGN, "reviewer"), (Act.RETAIN, "counsel")])
def test_an_empty_field_says_something_and_a_missing_one_nothing(act: Act, person: str, house: House) -> None:
    case = house.received()
    house.installation.desk(house.organisation).assign(
        case.id, "reviewer", house.installation.now(), to="counsel"
    )
    answer = house.client(person).post(f"/cases/{case.id}/{act}/", {"seen": "2", "why": "An audit."})
    assert answer.status_code == 422
    assert "this field did not come" in answer.content.decode().lower()
    assert house.case(case.id).assigned == "counsel"


def test_a_lawyers_letter_by_post_stops_the_release_and_lies_sealed_in_the_case(house: House) -> None:
    case, code = house.told()
    road, letter = Road(house, case.id), b"%PDF-1.4 We object."
    file = SimpleUploadedFile("letter.pdf", letter)
    page = road.do(
        "intake", Act.RECORD_OBJECTION, way="post", letter=file, words="A mistake.", code=code.lower()
    )
    assert "The person objected by post, with a letter; nothing is handed over" in page
    assert "Intake 1" in page
    now = house.case(case.id)
    event = now.history[-1].event
    assert isinstance(event, Objected)
    assert now.objection is not None
    assert house.installation.get(house.organisation, case.id, event.letter) == letter
    assert now.objectors == (hashed(code),)
    barred = house.client("counsel").get(f"/cases/{case.id}/merge/").content.decode()
    assert "The person objected. Answer the objection first." in barred
    road.do("counsel", Act.ANSWER_OBJECTION, heard="not-upheld", reason="It is none.")
    assert house.case(case.id).objection is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"words": "A mistake."}, "choose one of the words offered"),
        ({"way": "post"}, "this needs a word of explanation"),
        ({"way": "door", "words": "A mistake."}, "choose one of the words offered"),
        ({"way": "post", "words": "A mistake.", "code": "AAAA-BBBB"}, "no notice of this case has this code"),
        ({"way": "mail", "letter": b"MZ\x90"}, "this is no letter that can be kept here"),
    ],
)
def test_an_objection_that_says_nothing_or_keeps_no_letter_is_refused(
    typed: dict[str, Any], said: str, house: House
) -> None:
    case, _code = house.told()
    before, sent = house.case(case.id).length, dict(typed)
    if "letter" in sent:
        sent["letter"] = SimpleUploadedFile("l.pdf", sent["letter"])
    sent["seen"] = str(before)
    answer = house.client("counsel").post(f"/cases/{case.id}/record-objection/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode().lower()
    assert house.case(case.id).length == before


def test_nobody_but_intake_and_counsel_records_an_objection(house: House) -> None:
    case, _code = house.told()
    for person in ("reviewer", "custodian", "auditor"):
        sent = {"way": "post", "words": "A mistake.", "seen": "1"}
        answer = house.client(person).post(f"/cases/{case.id}/record-objection/", sent)
        assert answer.status_code in (403, 422)
    assert house.case(case.id).objection is None


def test_a_hold_is_extended_to_the_end_of_a_day_in_the_zone_of_the_house(road: Road) -> None:
    road.house.configured(Configured(seat="CHE:central-authority", zone="Pacific/Auckland"))
    road.do("intake", Act.HOLD, targets=["t1"])
    now = road.house.installation.now()
    last = road.house.installation.people(road.house.organisation).day(now) + timedelta(days=85)
    road.do("reviewer", Act.EXTEND, hold="hold-1", until=last.isoformat(), why="They ask for it.")
    [hold] = road.house.case(road.case).holds
    assert hold.until == DayInterval(last, "Pacific/Auckland").latest
    form = road.house.client("reviewer").get(f"/cases/{road.case}/extend/").content.decode()
    assert f"until {last.isoformat()}" in form
    far = (last + timedelta(days=365 * 70)).isoformat()
    refused = {"hold": "hold-1", "until": far, "why": "Once and for all.", "seen": "3"}
    answer = road.house.client("reviewer").post(f"/cases/{road.case}/extend/", refused)
    assert answer.status_code == 422
    assert [each.until for each in road.house.case(road.case).holds] == [hold.until]


def _decided(house: House, request: Request, settings: Configured, decision: Decision | None = None) -> Road:
    """A case decided as recommended, or for every item in one way; by counsel, who may always."""
    house.configured(settings)
    case = house.assessed(request)
    assert case.assessment is not None
    desk, now = house.installation.desk(house.organisation), house.installation.now
    rulings = recommended(case.assessment)
    if decision is not None:
        rulings = tuple(
            Ruling(target=target, item=item, decision=decision, ground="seat-law")
            for target, item in case.asked()
        )
    desk.escalate(case.id, "reviewer", now(), why="Hard.")
    case = desk.review(case.id, "counsel", now(), assessment=case.digest, rulings=rulings, why="So it is.")
    if case.stage == "reviewed":
        desk.second_review(case.id, "second", now(), agrees=True)
    return Road(house, case.id)


_NAMED = Sender(name="The house", office="The office", contact="its address", oversight="its court")


def test_a_refusal_for_persecution_is_preset_and_ends_with_its_letter(house: House) -> None:
    settings = Configured(seat="CHE:central-authority", zone="Europe/Zurich", sender=_NAMED)
    road = _decided(house, example("persecution-dressed-as-fraud"), settings)
    page = house.client("counsel").get(f"/cases/{road.case}/refuse/").content.decode()
    assert re.search(r'name="persecution"[^>]*value="yes" checked', page)
    road.do("counsel", Act.REFUSE, 422, persecution="no")
    page = road.do("counsel", Act.REFUSE, persecution="yes")
    assert "Missing: Persecution refusal." in page
    road.do("counsel", Act.CLOSE, 422)
    road.do("counsel", Act.WRITE, kind="persecution-refusal", language="fr")
    for held in house.case(road.case).held_letters():
        road.do("counsel", Act.CLOSE, 422)
        road.do("counsel", Act.CLEAR_LETTER, letter=held.sha256, words="Compared.")
    road.do("counsel", Act.CLOSE)
    assert house.case(road.case).stage == "closed"


def test_an_order_of_our_own_court_goes_to_court_by_its_own_act_and_letter(house: House) -> None:
    order = example("domestic-order")
    settings = Configured(seat=f"{order.requesting_state}:provider", zone="Europe/Zurich", sender=_NAMED)
    road = _decided(house, order, settings, Decision.CHALLENGE)
    road.do("counsel", Act.REFUSE, 422, persecution="no")
    page = road.do("counsel", Act.CHALLENGE, court="The court, 1/26", why="It is too wide.")
    assert "The order was brought before a court." in page
    assert "Refused" not in page
    assert "Missing: Challenge." in page
    page = road.do("counsel", Act.WRITE, kind="challenge", language="es")
    assert "The case waits for the court." in page
    (letter,) = house.case(road.case).letters
    stored = house.installation.page_of(house.organisation, road.case, letter.sha256)
    assert "We bring it before the competent court." in stored


TERM = "The records are read by two officers only."


def _on_terms(house: House) -> Road:
    """Decided to be given as recommended, on a term in the words of who decided."""
    request = msgspec.structs.replace(ransomware(), secrecy=Secrecy())
    house.configured(Configured(seat="CHE:central-authority", zone="Europe/Zurich", sender=_NAMED))
    case = house.assessed(request)
    assert case.assessment is not None
    rulings = [msgspec.structs.replace(each, conditions=(TERM,)) for each in recommended(case.assessment)]
    desk, now = house.installation.desk(house.organisation), house.installation.now
    desk.review(case.id, "reviewer", now(), assessment=case.digest, rulings=rulings, why="It is safer.")
    desk.second_review(case.id, "second", now(), agrees=True)
    return Road(house, case.id)


def _put(road: Road) -> None:
    road.do("reviewer", Act.WRITE, kind="conditions", language="fr")
    for held in road.house.case(road.case).held_letters():
        road.do("counsel", Act.CLEAR_LETTER, letter=held.sha256, words="Compared.")


def test_conditions_are_put_and_accepted_before_anything_leaves(house: House) -> None:
    road = _on_terms(house)
    page = house.client("reviewer").get(f"/cases/{road.case}/").content.decode()
    assert "Missing: Conditions." in page
    road.do("intake", Act.ANSWER_CONDITIONS, 422, accepted="yes", words="By letter.")
    _put(road)
    form = house.client("intake").get(f"/cases/{road.case}/answer-conditions/").content.decode()
    assert f"<li>{TERM}</li>" in form
    road.do("intake", Act.ANSWER_CONDITIONS, 422, accepted="yes", words=" ")
    page = road.do("intake", Act.ANSWER_CONDITIONS, accepted="yes", words="The court, by letter.")
    assert "The conditions are accepted." in page or "The requester accepted the condition" in page
    assert house.case(road.case).accepted == (TERM,)
    assert "The court, by letter." in page
    held = house.client("auditor").get(f"/cases/{road.case}/package/").content.decode()
    today = house.installation.people(house.organisation).day(house.installation.now())
    assert f"{TERM} Accepted by the requester, recorded on {today}." in held


def test_conditions_that_are_not_accepted_lead_back_to_the_review(house: House) -> None:
    road = _on_terms(house)
    _put(road)
    page = road.do("intake", Act.ANSWER_CONDITIONS, accepted="no", words="The court, by letter.")
    assert "What is given has to be decided anew." in page
    assert "The requester did not accept the condition." in page
    assert house.case(road.case).stage == "assessed"


def test_no_register_is_chosen_beforehand_and_an_entry_without_one_is_refused(house: House) -> None:
    road = Road(house, house.received().id)
    page = house.client("intake").get(f"/cases/{road.case}/identify/").content.decode()
    [choice] = re.findall(r'<select[^>]* name="register".*?</select>', page, re.DOTALL)
    assert re.findall(r'<option value="([a-z0-9-]*)"', choice)[0] == ""
    assert re.findall(r'<option value="([a-z0-9-]+)"[^>]* selected', choice) == []
    typed = {**_checked(road), "register": ""}
    road.do("intake", Act.IDENTIFY, 422, **typed)
    road.do("intake", Act.IDENTIFY, 422, **{**typed, "register": "other"})
    page = road.do("intake", Act.IDENTIFY, **{**typed, "register": "other", "register_named": "a yearbook"})
    assert "Call back, for the sender; entry the prosecutor&#39;s office in a yearbook" in page
    assert "by a register on no list of ours: a yearbook." in page


@pytest.mark.parametrize("person", ["expert", "delegate"])
def test_an_old_form_tells_a_guest_nothing_of_what_colleagues_did(person: str, house: House) -> None:
    """Whoever is invited reads no history; a form that is sent with an old count does not show it either."""
    case = house.reviewed()
    desk, now = house.installation.desk(house.organisation), house.installation.now
    desk.note(case.id, "reviewer", now(), words="A word among colleagues.")
    confirmed = as_covered(case)
    desk.invite(case.id, "counsel", now(), person=person, confirmed=confirmed)
    act = Act.DECLARE_CONFLICT if person == "expert" else Act.SECOND_REVIEW
    answer = house.client(person).post(f"/cases/{case.id}/{act}/", {"conflict": "no", "agrees": "yes"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nothing of yours was recorded" in page
    assert "this case changed while you looked at it" in page.lower()
    assert "A word among colleagues." not in page
    assert "Reviewer 1" not in page
    seen = house.client("second").post(f"/cases/{case.id}/{Act.SECOND_REVIEW}/", {"agrees": "yes"})
    assert "A word among colleagues." in seen.content.decode(), "a colleague reads what was done"
