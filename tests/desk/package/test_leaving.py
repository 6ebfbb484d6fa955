"""What leaves is what was decided, under a neutral name, and everything else stays with its reason."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, BinaryIO

import pytest

from habeas.assess import HIGHEST, Ceiling
from habeas.desk.package import leaving
from habeas.desk.package.leaving import Approved, File, Part, preview
from habeas.errors import Refused
from habeas.request import Category, Period
from tests.desk.package.packages import APPROVED, FILES, SUBSCRIBER, TRAFFIC, a_file


def test_the_preview_shows_each_file_with_its_item_and_ceiling() -> None:
    shown = preview(APPROVED, FILES)
    assert [(one.path, one.target, one.item, one.category, one.ceiling) for one in shown.leaving] == [
        ("data/target-1/item-1/file-00001.csv", "t1", "i1", Category.SUBSCRIBER, Ceiling.SUBSCRIBER),
        ("data/target-1/item-2/file-00001.csv", "t1", "i2", Category.CONTENT, Ceiling.TRAFFIC),
        ("data/target-1/item-2/file-00002.bin", "t1", "i2", Category.CONTENT, Ceiling.TRAFFIC),
    ]
    assert shown.size == len(SUBSCRIBER) + len(TRAFFIC)
    assert {one.sha256 for one in shown.leaving} == {one.sha256 for one in FILES[:3]}


def test_a_preview_opens_no_file() -> None:
    def never() -> BinaryIO:
        raise AssertionError

    assert preview(APPROVED, [a_file(SUBSCRIBER, open=never)]).leaving


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("ceiling", Ceiling)
def test_a_file_leaves_only_if_it_holds_exactly_what_was_asked_or_less_as_decided(
    category: Category, ceiling: Ceiling
) -> None:
    item = Approved(target="t1", item="i1", category=category, ceiling=ceiling)
    order = list(Ceiling)
    for holds in (Ceiling.EXISTENCE, Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT):
        if category not in HIGHEST and ceiling is not Ceiling.NOTHING:
            with pytest.raises(Refused, match="live data"):
                preview([item], [a_file(SUBSCRIBER, holds=holds)])
            continue
        asked = HIGHEST.get(category, Ceiling.NOTHING)
        may = order.index(holds) == min(order.index(asked), order.index(ceiling))
        shown = preview([item], [a_file(SUBSCRIBER, holds=holds)])
        assert bool(shown.leaving) is may
        assert [one.part for one in shown.stripped] == [Part.NAME if may else Part.FILE]


def test_what_was_asked_is_read_as_the_assessment_reads_it() -> None:
    assert leaving.HIGHEST is HIGHEST
    never = {Category.REALTIME_TRAFFIC, Category.REALTIME_CONTENT, Category.CREDENTIALS}
    assert set(Category) - HIGHEST.keys() == never


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (a_file(b"x", item="i9"), "Its item was not approved."),
        (a_file(b"x", target="t9"), "Its item was not approved."),
        (
            a_file(b"x", target="t2", holds=Ceiling.CONTENT),
            "Nothing is given for its item: the decision is nothing.",
        ),
        (
            a_file(b"x", item="i2", holds=Ceiling.CONTENT),
            "It holds content of this account, and no more than traffic of these days may be given.",
        ),
        (
            a_file(b"x", item="i2", holds=Ceiling.SUBSCRIBER),
            "It holds subscriber, and traffic of these days was asked.",
        ),
    ],
)
def test_what_was_not_asked_or_not_allowed_is_stripped_and_the_reason_is_said(file: File, why: str) -> None:
    shown = preview(APPROVED, [file])
    assert shown.leaving == ()
    [one] = shown.stripped
    assert (one.part, one.why, one.name) == (Part.FILE, why, file.name)


MARCH = Period(start=date(2026, 3, 1), end=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("days", "leaves"),
    [
        (MARCH, True),
        (Period(start=date(2026, 3, 5), end=date(2026, 3, 5)), True),
        (Period(start=date(2026, 2, 28), end=date(2026, 3, 31)), False),
        (Period(start=date(2026, 3, 1), end=date(2026, 4, 1)), False),
        (Period(start=date(2026, 3, 1)), False),
        (None, False),
    ],
)
def test_data_of_other_days_than_approved_stays(days: Period | None, leaves: bool) -> None:
    item = Approved(target="t1", item="i1", category=Category.TRAFFIC, ceiling=Ceiling.TRAFFIC, period=MARCH)
    shown = preview([item], [a_file(TRAFFIC, holds=Ceiling.TRAFFIC, period=days)])
    assert bool(shown.leaving) is leaves


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.csv", "csv"),
        ("A.CSV", "csv"),
        ("../../etc/passwd", "bin"),
        ("letter.to_jane_example", "bin"),
        ("csv", "bin"),
        ("", "bin"),
        ("x.exe", "bin"),
    ],
)
def test_a_name_leaves_nothing_but_a_well_known_ending(name: str, ending: str) -> None:
    [one] = preview(APPROVED, [a_file(SUBSCRIBER, name=name)]).leaving
    assert one.path == f"data/target-1/item-1/file-00001.{ending}"


def test_two_approvals_of_one_item_are_refused() -> None:
    with pytest.raises(Refused, match="twice"):
        preview([APPROVED[0], APPROVED[0]], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "ab"},
        {"sha256": hashlib.sha256(b"").hexdigest().upper()},
        {"size": -1},
        {"holds": Ceiling.NOTHING},
        {"holds": Ceiling.PRESERVE},
    ],
)
def test_a_file_that_does_not_say_what_it_is_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="a file"):
        preview(APPROVED, [a_file(SUBSCRIBER, **changes)])
