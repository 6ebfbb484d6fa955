"""What every answer tells the browser, and that no page needs anything looser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from habeas.desk.moves import TABLE
from habeas.web.configuration import Configuration, OpenIdProvider
from habeas.web.headers import FETCHING, POLICY, at_the_door
from habeas.web.views import forms
from tests.web.house import PEOPLE, House
from tests.web.pages import pages

_INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:|<[^>]+\ssrc=[\"']?(data|http)", re.I
)


def _someone(act: object) -> str:
    roles = TABLE[act].roles  # type: ignore[index]
    able = [name for name, (_title, mine, _partner) in PEOPLE.items() if not roles.isdisjoint(mine)]
    return able[0]


def _shown(everybody: House) -> dict[str, object]:
    """Every page that can be opened without an invitation, by its address."""
    case = everybody.reviewed()
    answers = {}
    for person in ("reviewer", "administrator", "auditor"):
        client = everybody.client(person)
        for page in pages():
            if "provider_id" in page.arguments:
                continue
            address = page.address(case=case.id, person="second")
            answers[f"{person} {address}"] = client.get(address)
    for form in forms.FORMS:
        person = _someone(form.act)
        address = f"/cases/{case.id}/{form.act}/"
        answers[f"{person} {address}"] = everybody.client(person).get(address)
        answers[f"{person} posts {address}"] = everybody.client(person).post(
            address, {"seen": str(case.length)}
        )
    stranger = Client(SERVER_NAME="localhost")
    for address in ("/sign-in/", "/you/en/", "/you/ar/", "/you/ar/receipt/", "/nowhere/", "/invitation/1/x/"):
        answers[f"stranger {address}"] = stranger.get(address)
    return answers


def test_every_answer_carries_the_policy_and_no_page_has_inline_script_or_style(everybody: House) -> None:
    answers = _shown(everybody)
    assert len(answers) > 150
    for address, answer in answers.items():
        headers = answer.headers  # type: ignore[attr-defined]
        fetches = _fetches(address.rpartition(" ")[2])
        assert headers["Content-Security-Policy"] == (FETCHING if fetches else POLICY), address
        assert headers["Cache-Control"] == "no-store", address
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.status_code != 500, address  # type: ignore[attr-defined]
        if headers["Content-Type"].startswith("text/html"):
            text = answer.content.decode()  # type: ignore[attr-defined]
            assert not _INLINE.search(text), (address, _INLINE.search(text))
            assert fetches or "htmx" not in text, address


def _fetches(path: str) -> bool:
    """The door, the list, and the page of a case with the acts whose forms stand on it."""
    last = path.rstrip("/").rpartition("/")[2]
    parts = path.count("/") if path.startswith("/cases/") else 0
    return path in ("/", "/sign-in/") or parts == 3 or (parts == 4 and last in list(TABLE))


@pytest.mark.parametrize(
    "page",
    [
        "<script>x</script>",
        "<p style='x'>",
        "<style>",
        "<a onclick=x>",
        "<a href='javascript:x'>",
        "<img src='data:x'>",
    ],
)
def test_what_the_policy_would_block_is_found(page: str) -> None:
    assert _INLINE.search(page)


def test_what_the_policy_lets_through_is_not_found() -> None:
    assert not _INLINE.search(
        '<script src="/static/passkey.1.js" defer></script><p class="style">on time</p>'
    )


def test_the_policy_forbids_everything_that_is_not_named() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert FETCHING.removeprefix(POLICY) == "; connect-src 'self'"  # and from nowhere else


def test_files_carry_a_hash_and_may_be_kept(everybody: House) -> None:
    page = Client(SERVER_NAME="localhost").get("/sign-in/").content.decode()
    sheet = re.search(r'href="(/static/habeas\.[0-9a-f]{12}\.css)"', page)
    assert sheet
    answer = Client(SERVER_NAME="localhost").get(sheet[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert b"@font-face" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_only_the_sign_in_page_leads_to_a_sign_in_service_and_only_to_ours(tmp_path: Path) -> None:
    service = OpenIdProvider(
        id="ours",
        name="Ours",
        client_id="desk",
        secret_file=tmp_path / "secret",
        server="https://id.example.org/realm",
    )
    plain = Configuration(home=tmp_path, hosts=("desk.example.org",))
    assert at_the_door(plain) == f"{POLICY}; connect-src 'self'"
    ours = at_the_door(Configuration(home=tmp_path, hosts=("desk.example.org",), openid=(service,)))
    assert "form-action 'self' https://id.example.org;" in ours
    assert "realm" not in ours
