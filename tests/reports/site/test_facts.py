"""What the site may say about witnesses, and values that can be no path or date of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.reports.published import Witnessed
from habeas.reports.site import PublishedReport, SiteFacts, Suspended
from habeas.reports.site.facts import Made
from tests.reports.site.made import BARE, FULL, TOO_FEW, manifest


def test_what_pages_were_made_from_reads_back_and_noise_is_refused() -> None:
    made = Made.by_this_program(FULL)
    assert Made.read(made.encoded()) == made
    assert {each.name for each in made.facts.reports} == {each.name for each in FULL.reports}
    strange = made.encoded().replace(b'"state": "', b'"state": "no ', 1)
    for data in (b"", b"{}", b"\xff", strange, made.encoded().replace(b"pages/v1", b"pages/v2")):
        with pytest.raises(Refused):
            Made.read(data)


def test_a_site_with_enough_cosignatures_is_witnessed() -> None:
    assert FULL.witnessed is Witnessed.ENOUGH


def test_a_site_that_names_nobody_is_unwitnessed() -> None:
    assert BARE.witnessed is Witnessed.NOBODY


def test_a_site_that_waits_for_nobody_is_unwitnessed_even_where_somebody_cosigned() -> None:
    facts = msgspec.structs.replace(FULL, manifest=manifest(witnesses=3, quorum=0), cosigned=3)
    assert facts.witnessed is Witnessed.NOBODY


def test_fewer_than_the_site_waits_for_are_too_few() -> None:
    assert TOO_FEW.witnessed is Witnessed.TOO_FEW


@given(witnesses=st.integers(0, 5), quorum=st.integers(0, 5), data=st.data())
def test_nothing_but_a_full_quorum_of_somebody_is_witnessed(
    witnesses: int, quorum: int, data: st.DataObject
) -> None:
    cosigned = data.draw(st.integers(0, witnesses))
    facts = msgspec.structs.replace(
        FULL, manifest=manifest(witnesses=witnesses, quorum=quorum), cosigned=cosigned
    )
    assert (facts.witnessed is Witnessed.ENOUGH) == (witnesses > 0 and 0 < quorum <= cosigned)


@pytest.mark.parametrize(
    "changed",
    [
        {"published": datetime(2026, 11, 21, 3, 10)},  # noqa: DTZ001
        {"size": -1},
        {"cosigned": 4},
        {"cosigned": -1},
        {"verify_sha256": "AB" * 32},
        {"verify_sha256": ""},
        {"verifiers": {"en": "no"}},
        {"totals": ("2026-13",)},
        {"totals": ("../2026-01",)},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_shown_is_our_mistake(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not|without"):
        msgspec.structs.replace(FULL, **changed)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".htaccess", "a b", 'x"', "é"])
def test_a_report_has_names_that_cannot_leave_its_folder(name: str) -> None:
    for named in ({"name": name, "files": ("index.html",)}, {"name": "2026-H1", "files": ("x", name)}):
        with pytest.raises(ValueError, match="name of a file"):
            PublishedReport(made=date(2026, 7, 1), **named)  # type: ignore[arg-type]


def test_a_report_without_a_file_is_none() -> None:
    with pytest.raises(ValueError, match="without a file"):
        PublishedReport(name="2026-H1", made=date(2026, 7, 1), files=())


@pytest.mark.parametrize(
    ("state", "since"), [("RU", "2026-03"), ("XXX", "2026-03"), ("NIC", "2026"), ("NIC", "")]
)
def test_a_suspension_names_a_state_and_a_month(state: str, since: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Suspended(state=state, since=since)


def test_the_same_facts_are_equal() -> None:
    assert msgspec.structs.replace(FULL) == FULL
    assert isinstance(FULL, SiteFacts)
