"""The custodian looks at the columns of a table and says what stays: asked is what nobody is sure of."""

from __future__ import annotations

import html
import re
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.desk.case import Case
from habeas.request import Secrecy
from tests.web.house import House, ransomware

TABLE = (
    b"time,mailbox,ip,message,x_flag\n"
    b"2026-09-20T10:00:00Z,recover-desk@host.example,198.51.100.1,hello,7\n"
    b"2026-09-21T10:00:00Z,recover-desk@host.example,198.51.100.2,there,7\n"
    b"2026-09-21T10:00:00Z,other@host.example,198.51.100.3,secret,7\n"
    b"2026-08-21T10:00:00Z,recover-desk@host.example,198.51.100.4,secret,7\n"
)


@pytest.fixture
def decided(house: House) -> Case:
    case = house.reviewed(msgspec.structs.replace(ransomware(), secrecy=Secrecy()))
    desk = house.installation.desk(house.organisation)
    return desk.second_review(case.id, "second", house.installation.now(), agrees=True)


def traffic_of(case: Case) -> str:
    """The choice on the form that means the item of traffic data."""
    given = [each for each in case.giving() if each.ceiling.name in ("SUBSCRIBER", "TRAFFIC", "CONTENT")]
    return str([each.ceiling.name for each in given].index("TRAFFIC"))


def sent(house: House, case: Case, person: str = "custodian", status: int = 200, **typed: Any) -> str:
    answer = house.client(person).post(f"/cases/{case.id}/extract/", typed)
    text = answer.content.decode()
    assert answer.status_code == status, re.sub(r"<[^>]+>|\s+", " ", text)[:2000]
    return text


def looked_at(house: House, case: Case, data: bytes = TABLE, status: int = 200) -> str:
    upload = SimpleUploadedFile("export of a mailbox.csv", data)
    return sent(house, case, status=status, do="look", item=traffic_of(case), upload=upload)


def token_in(page: str) -> str:
    [found] = re.findall(r'name="table" value="([^"]+)"', page)
    return html.unescape(found)


def ticked(page: str) -> list[str]:
    boxes = re.findall(r'<input type="checkbox" name="keep"[^>]*>', page)
    return [re.findall(r'value="([^"]*)"', each)[0] for each in boxes if " checked" in each]


def chosen(page: str, name: str) -> list[str]:
    [select] = re.findall(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]*)" selected>', select)


TAKES = {"do": "take", "time": "in:time", "account": "in:mailbox", "holds": "traffic of these days"}


def test_the_page_shows_columns_proposes_what_is_sure_and_asks_the_rest(house: House, decided: Case) -> None:
    page = looked_at(house, decided)
    assert ticked(page) == ["time", "ip"]
    assert (chosen(page, "time"), chosen(page, "account"), chosen(page, "holds")) == (
        ["in:time"],
        ["in:mailbox"],
        [],
    )
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "4 rows, 5 columns" in words
    assert "x_flag Not known here: does it belong to what was decided?" in words
    assert "1 column goes, holding more than was decided by name: message (content)" in words
    assert "Times, 2026-08-21 10:00:00 to 2026-09-21 10:00:00 UTC" in words
    assert "Counted in Europe/Paris" in words
    for cell in ("198.51.100", "secret", "hello", "other@host.example"):
        assert cell not in page
    assert house.case(decided.id).files == (), "nothing lies ready by looking"


def test_what_was_chosen_stays_and_lies_ready(house: House, decided: Case) -> None:
    token = token_in(looked_at(house, decided))
    sent(
        house,
        decided,
        status=302,
        table=token,
        keep=["time", "ip"],
        accounts="recover-desk@host.example\r\n",
        seen=decided.length,
        **TAKES,
    )
    [held] = house.case(decided.id).files
    assert held.extract is not None
    assert (held.extract.rows, held.extract.outside, held.extract.others) == (2, 1, 1)
    assert house.installation.get(house.organisation, decided.id, held.sha256) == (
        b"time,ip\n2026-09-20T10:00:00Z,198.51.100.1\n2026-09-21T10:00:00Z,198.51.100.2\n"
    )
    client = house.client("auditor")
    for path in ("package/", ""):
        assert (
            "3 columns (mailbox, message, x_flag)"
            in client.get(f"/cases/{decided.id}/{path}").content.decode()
        )
    prepare = house.client("custodian").get(f"/cases/{decided.id}/prepare/").content.decode()
    assert "An extract of a table: 2 rows with 2 columns (time, ip)." in prepare


def test_a_table_that_lies_ready_is_cut_down_as_well_and_again_from_the_whole(
    house: House, decided: Case
) -> None:
    item = int(traffic_of(decided))
    whole = {
        f"file-{item}": SimpleUploadedFile("whole.csv", TABLE),
        f"holds-{item}": "traffic of these days",
        f"since-{item}": "2026-08-21",
        f"until-{item}": "2026-09-21",
        "seen": decided.length,
    }
    assert house.client("custodian").post(f"/cases/{decided.id}/prepare/", whole).status_code == 302
    [held] = house.case(decided.id).files
    for keep in (["ip"], ["time", "ip", "x_flag"]):
        [ready] = house.case(decided.id).files
        page = sent(house, decided, do="look", ready=ready.sha256)
        assert "4 rows, 5 columns" in page
        seen = house.case(decided.id).length
        sent(house, decided, status=302, table=token_in(page), keep=keep, seen=seen, **TAKES)
        [cut] = house.case(decided.id).files
        assert cut.extract is not None
        assert (cut.extract.original, list(cut.extract.kept)) == (held.sha256, keep)


def test_what_is_missing_is_asked_for_and_what_was_chosen_still_stands(house: House, decided: Case) -> None:
    token = token_in(looked_at(house, decided))
    missing: list[tuple[dict[str, Any], str]] = [
        ({"time": ""}, "Nothing was chosen"),
        ({"account": ""}, "Nothing was chosen"),
        ({"holds": ""}, "Nobody said what is in the columns that stay"),
        ({"keep": []}, "No column would stay"),
        ({"keep": ["message"]}, "A column of that name holds content data"),
        ({"time": "none"}, "The first day of the data in this table is missing"),
        ({"time": "in:ip"}, "Row 2 has a time that cannot be read in the column “ip”"),
        ({"accounts": "nobody"}, "No row would stay"),
        ({"holds": "content of this account"}, "This file holds more than was decided to be given"),
    ]
    for changes, why in missing:
        typed = {**TAKES, "keep": ["ip", "x_flag"], "seen": decided.length, "table": token, **changes}
        page = sent(house, decided, status=422, **typed)
        assert why in html.unescape(page)
        assert ticked(page) == [each for each in typed["keep"] if each != "message"]
    assert house.case(decided.id).files == ()


def test_what_is_no_table_is_refused_in_a_sentence_and_a_name_is_no_page(house: House, decided: Case) -> None:
    for data, why in (
        (b"a,b\n1,2\n3\n", "row 3 has 1 cell, and row 1 has 2"),
        (b"\x00\x01", "there are NUL signs in it"),
        (b"", "this file is empty"),
    ):
        assert why.lower() in looked_at(house, decided, data, 422).lower()
    page = looked_at(house, decided, b"<script>alert(1)</script>,'><b>\n1,2\n")
    assert "<script>alert" not in page
    assert "'><b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_form_of_somebody_else_or_another_case_names_no_table(house: House, decided: Case) -> None:
    token = token_in(looked_at(house, decided))
    for wrong in (token[:-2], "x", f"{token}x"):
        assert "This form is not yours" in sent(house, decided, status=422, table=wrong, **TAKES)
    sent(house, decided, status=422, do="look")


def test_only_the_custodian_and_only_when_files_are_prepared(house: House, decided: Case) -> None:
    for person in ("reviewer", "second", "auditor", "counsel"):
        assert house.client(person).get(f"/cases/{decided.id}/extract/").status_code == 403
        sent(house, decided, person, 403, do="look")
    early = house.assessed(msgspec.structs.replace(ransomware(), reference="another"))
    page = house.client("custodian").get(f"/cases/{early.id}/extract/").content.decode()
    assert "Barred today:" in page
    assert 'name="upload"' not in page
    sent(house, early, status=403, do="look")


def test_who_looked_at_a_case_that_moved_on_is_told(house: House, decided: Case) -> None:
    token = token_in(looked_at(house, decided))
    desk = house.installation.desk(house.organisation)
    desk.note(decided.id, "reviewer", house.installation.now(), words="look at this")
    page = sent(house, decided, status=409, table=token, keep=["ip"], seen=decided.length, **TAKES)
    assert token not in page
    assert house.case(decided.id).files == ()
