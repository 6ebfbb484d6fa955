"""Whom a house asks for time-stamps is settled before anybody is asked: over https, with certificates."""

from __future__ import annotations

import re
from typing import Any

import pytest

from habeas.desk import events
from habeas.desk.stamping import LARGEST_PEM, LONGEST_WAIT, Stamping, certificates, named
from habeas.errors import Refused
from tests.desk.desks import SETTINGS
from tests.stamps import certificate, pem

ROOT = pem([certificate("root")[0]])
GOOD: dict[str, Any] = {"url": "https://stamps.example.org/tsa", "roots": ROOT}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"url": "https://stamps.example.org"},
        {"url": "https://stamps.example.org:8443/a?b=c"},
        {"chain": ROOT},
        {"roots": ROOT + ROOT},
        {"wait": 1},
        {"wait": LONGEST_WAIT},
    ],
)
def test_an_authority_that_can_be_asked_is_accepted(changes: dict[str, Any]) -> None:
    Stamping(**{**GOOD, **changes}).check()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"url": "http://stamps.example.org/"}, "url"),
        ({"url": "stamps.example.org"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "https:///tsa"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"url": "https://stamps.example.org:none/"}, "url"),
        ({"url": "https://stamps.example.org:0/"}, "url"),
        ({"url": "https://somebody:secret@stamps.example.org/"}, "url"),
        ({"url": "https://stamps.example.org/ x"}, "url"),
        ({"url": "https://stamps.example.org/\nx"}, "url"),
        ({"url": "https://stämps.example.org/"}, "url"),
        ({"wait": 0}, "wait"),
        ({"wait": LONGEST_WAIT + 1}, "wait"),
        ({"roots": ""}, "roots"),
        ({"roots": " \n"}, "roots"),
        ({"roots": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, "roots"),
        ({"roots": ROOT + " " * LARGEST_PEM}, "roots"),
        ({"chain": "none"}, "chain"),
    ],
)
def test_an_authority_that_could_never_answer_well_is_refused(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(Refused) as refusal:
        Stamping(**{**GOOD, **changes}).check()
    assert refusal.value.place == f"timestamps: {place}"


def test_a_certificate_is_compared_by_its_name_and_fingerprint() -> None:
    [one] = named(ROOT)
    assert one.subject == "CN=root"
    assert re.fullmatch(r"CN=root, SHA-256 [0-9a-f]{64}, until \d{4}-\d\d-\d\d", str(one))
    assert named("") == ()
    assert certificates(ROOT.replace("\n", "\r\n"), "x") == certificates(ROOT, "x")


def test_the_setting_is_kept_as_it_was_made_and_older_settings_ask_nobody() -> None:
    asks = events.Configured(seat="CHE:provider", zone="Europe/Zurich", timestamps=Stamping(**GOOD, wait=3))
    assert events.decode(events.encode(asks)) == asks
    assert SETTINGS.timestamps is None
    assert b"timestamps" not in events.encode(SETTINGS), "their bytes are what they were"
