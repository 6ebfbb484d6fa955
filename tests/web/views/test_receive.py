"""A request is taken in as it came, or refused with the place and a hint, and what was typed stays."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.desk import promise
from habeas.request.formats import to_native
from habeas.web.views import typed
from tests import world
from tests.web.house import House

BAD = sorted((Path(__file__).resolve().parents[2] / "bad" / "request").glob("*.json"))
GOOD = to_native(world.request(supposed=())).decode()
NAMED = to_native(world.request(supposed=(), reference="J3-7")).decode()


@pytest.mark.parametrize("how", ["pasted", "uploaded"])
def test_a_request_becomes_a_case_with_its_source_sealed(how: str, house: House) -> None:
    sent = {"json": GOOD} if how == "pasted" else {"upload": SimpleUploadedFile("r.json", GOOD.encode())}
    answer = house.client("intake").post("/receive/", {**sent, "door": "paper"})
    assert answer.status_code == 302
    case = house.case(answer.headers["Location"].split("/")[2])
    assert case.door == "paper"
    assert case.received_by == "intake"
    assert house.installation.get(house.organisation, case.id, case.versions[0].source) == GOOD.encode()


def test_a_request_that_is_here_already_leads_to_its_case_and_says_so(house: House) -> None:
    client = house.client("intake")
    first = client.post("/receive/", {"json": NAMED, "door": "paper"}).headers["Location"]
    answer = client.post("/receive/", {"json": NAMED.replace("{", "{ ", 1), "door": "mailbox"})
    assert answer.headers["Location"] == first
    page = client.get(first).content.decode()
    assert "has this very request already. That it came again is recorded there." in page
    assert "The same request came in again, by mailbox." in page
    assert "Came again" in page
    other = NAMED.replace('"reference":"J3-7"', '"reference":"J3-7","link":"another"')
    second = client.post("/receive/", {"json": other, "door": "paper"}).headers["Location"]
    page = client.get(second).content.decode()
    assert second != first
    assert f'<a class="ref" href="{first}">' in page
    assert "see whether they belong together" in page


def test_each_who_sent_it_has_a_promise(house: House) -> None:
    house.logged()
    client = house.client("intake")
    both, case = (GOOD, GOOD.replace("{", "{ ", 1)), ""
    for sent in both:
        case = client.post("/receive/", {"json": sent, "door": "paper"}).headers["Location"]
    assert f'href="{case}promise/?again=1"' in client.get(case).content.decode()
    for sent, which in zip(both, ("", "?again=1"), strict=True):
        note = client.get(f"{case}promise/{which}").content.decode()
        assert promise.sha256(sent.encode()) in note
    for none in ("?again=2", "?again=999"):
        assert client.get(f"{case}promise/{none}").status_code == 404


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_what_must_be_refused_is_refused_in_plain_words(path: Path, everybody: House) -> None:
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    answer = everybody.client("intake").post("/receive/", {"upload": upload, "door": "portal"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert "Nothing was recorded and nothing was sent" in page


def test_what_was_pasted_stays_in_the_form(everybody: House) -> None:
    wrong = GOOD.replace('"uncc"', '"no such treaty & more"', 1)
    page = everybody.client("intake").post("/receive/", {"json": wrong, "door": "portal"}).content.decode()
    assert "no such treaty &amp; more" in page


def test_a_request_that_supposes_things_about_itself_is_refused(everybody: House) -> None:
    sent = {"json": to_native(world.request()).decode(), "door": "portal"}
    answer = everybody.client("intake").post("/receive/", sent)
    assert answer.status_code == 422
    assert "supposed about it" in answer.content.decode()


# ---- the public log ----


def _promise(page: str) -> bytes:
    (text,) = re.findall(r'<pre class="copy[^"]*">(.*?)</pre>', page, re.DOTALL)
    return html.unescape(text).encode()


def test_what_arrives_is_counted_before_it_is_read_and_its_sender_gets_a_promise(house: House) -> None:
    kept = house.logged()
    upload = SimpleUploadedFile("r.json", b"no request at all")
    answer = house.client("intake").post("/receive/", {"upload": upload, "door": "mailbox"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That it arrived is recorded" in page
    assert "Unwitnessed" in page
    key = house.installation.promiser(house.organisation, kept).key
    given = promise.read(_promise(page), key)
    assert given.sha256 == promise.sha256(b"no request at all")
    house.published()
    found = house.installation.store.trace.of_paper(house.organisation, given.paper)
    assert found is not None


def test_not_even_a_reader_that_breaks_loses_what_arrived(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.logged()

    def broken(_data: bytes, _name: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(typed, "read_bytes", broken)
    client = house.client("intake")
    with pytest.raises(RuntimeError):
        client.post("/receive/", {"json": GOOD, "door": "portal"})
    assert house.installation.store.trace.waiting(house.organisation) == 1


def test_a_request_that_became_a_case_is_counted_once_at_the_door(house: House) -> None:
    house.logged()
    answer = house.client("intake").post("/receive/", {"json": GOOD, "door": "portal"})
    assert answer.status_code == 302
    case = house.case(answer.headers["Location"].split("/")[2])
    house.published()
    kinds = [each.count.value("kind") for each in house.installation.store.trace.counted(house.organisation)]
    assert (kinds.count("arrival"), kinds.count("request")) == (1, 1)
    assert case.history[0].event.promise  # type: ignore[attr-defined]


def test_where_nothing_was_handed_in_nothing_is_counted(house: House) -> None:
    house.logged()
    for sent in ({"json": " ", "door": "portal"}, {"json": GOOD, "door": "no such door"}):
        answer = house.client("intake").post("/receive/", sent)
        assert answer.status_code == 422
        assert "Promise for the sender" not in answer.content.decode()
    assert house.installation.store.trace.waiting(house.organisation) == 0


def test_a_house_without_a_public_log_says_nothing_of_it(everybody: House) -> None:
    client = everybody.client("intake")
    upload = SimpleUploadedFile("r.json", b"no request at all")
    for answer in (client.get("/receive/"), client.post("/receive/", {"upload": upload, "door": "portal"})):
        page = answer.content.decode().lower()
        assert "public log" not in page
        assert "promise" not in page
        assert "unwitnessed" not in page


def test_a_body_that_is_far_too_large_is_refused_calmly(everybody: House) -> None:
    answer = everybody.client("intake").post("/receive/", {"json": "x" * (6 * 1024 * 1024), "door": "portal"})
    assert answer.status_code in (400, 413)
    assert "Nothing was sent" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "typed", "zone"),
    [
        ("TUR", "", "Europe/Istanbul"),
        ("USA", "", ""),
        ("USA", "America/Denver", "America/Denver"),
        ("TUR", "unknown", ""),
    ],
)
def test_the_zone_of_their_dates_is_the_states_own_the_one_chosen_or_a_question(
    state: str, typed: str, zone: str, house: House
) -> None:
    asked = world.request(supposed=(), requesting_state=state, deadline=date(2027, 1, 15))
    sent = {"json": to_native(asked).decode(), "door": "paper", "zone": typed}
    page = house.client("intake").post("/receive/", sent).headers["Location"]
    assert house.case(page.split("/")[2]).zone == zone
    text = house.client("intake").get(page).content.decode()
    assert ("In which zone are their dates?" in text) is not bool(zone)
    assert (f'href="{page}state-zone/"' in text) is not bool(zone) or zone
    seen = house.client("reviewer").get(f"{page}state-zone/").content.decode()
    names = re.findall(r'<option value="([^"]+)"( selected)?>', seen)
    assert names[0][0] == {"TUR": "Europe/Istanbul", "USA": "America/New_York"}[state]
    assert [name for name, chosen in names if chosen] == (["Europe/Istanbul"] if state == "TUR" else [])
    said = {"zone": "Europe/Oslo", "seen": "1"}
    assert house.client("reviewer").post(f"{page}state-zone/", said).status_code == 302
    text = house.client("intake").get(page).content.decode()
    assert "In which zone are their dates?" not in text
    assert "The sender&#39;s dates were said to be in Europe/Oslo." in text


TABLE = b"reference,requesting_state,instrument,measure,targets\nJ3-1,FRA,uncc,stored-access,a"


def test_a_zone_that_is_none_is_refused_before_anything_is_counted(house: House) -> None:
    house.logged()
    for page, sent in (
        ("/receive/", {"json": GOOD, "door": "paper", "zone": "Middle/Earth"}),
        ("/receive/import/", {"what": "look", "upload": SimpleUploadedFile("t.csv", TABLE), "zone": "GMT+3"}),
    ):
        answer = house.client("intake").post(page, sent)
        assert answer.status_code == 422
        assert "this is no zone" in answer.content.decode().lower()
        assert "Promise for the sender" not in answer.content.decode()
