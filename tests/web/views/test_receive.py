"""A request is taken in as it came, or refused with the place and a hint, and what was typed stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.request.formats import to_native
from tests import world
from tests.web.house import House

BAD = sorted((Path(__file__).resolve().parents[2] / "bad" / "request").glob("*.json"))
GOOD = to_native(world.request(supposed=())).decode()


@pytest.mark.parametrize("how", ["pasted", "uploaded"])
def test_a_request_becomes_a_case_with_its_source_sealed(how: str, house: House) -> None:
    sent = {"json": GOOD} if how == "pasted" else {"upload": SimpleUploadedFile("r.json", GOOD.encode())}
    answer = house.client("intake").post("/receive/", {**sent, "door": "paper"})
    assert answer.status_code == 302
    case = house.case(answer.headers["Location"].split("/")[2])
    assert case.door == "paper"
    assert case.received_by == "intake"
    assert house.installation.get(house.organisation, case.id, case.versions[0].source) == GOOD.encode()


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


def test_a_body_that_is_far_too_large_is_refused_calmly(everybody: House) -> None:
    answer = everybody.client("intake").post("/receive/", {"json": "x" * (6 * 1024 * 1024), "door": "portal"})
    assert answer.status_code in (400, 413)
    assert "Nothing was sent" in answer.content.decode()
