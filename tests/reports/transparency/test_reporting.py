"""A report adds up, is the same each time, and is found out by whoever counts again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import msgspec
import pytest

from habeas.desk.public import Counted
from habeas.errors import Refused
from habeas.reports.transparency import (
    House,
    How,
    Period,
    Restriction,
    as_html,
    differences,
    report,
    totals,
)
from habeas.reports.transparency.laying import laid
from habeas.reports.transparency.model import Cell, Totals
from habeas.reports.transparency.reporting import closed, due, month_differences, month_due
from habeas.reports.transparency.tables import FOOTLESS, parts
from tests.reports.transparency.histories import SEED, history
from tests.reports.transparency.made import BAND, HALF, HOUSE, MADE, entries, made

ENTRIES = entries()


def test_every_breakdown_with_one_value_adds_up_and_every_value_is_listed() -> None:
    lines: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    rows = {}
    for cell in made(ENTRIES).cells:
        place = (cell.unit, cell.subject, cell.footing, cell.state)
        if cell.part:
            lines[(*place, cell.part)].append(cell)
        else:
            rows[place] = cell.count
    assert lines
    for line, cells in lines.items():
        [part] = [each for each in parts()[line[1]] if each.name == line[4]]
        assert tuple(cell.value for cell in cells) == part.values
        if not part.joiner:
            assert sum(cell.count for cell in cells) == rows[line[:4]]


def test_a_row_that_rounds_to_nothing_is_not_listed() -> None:
    rows = [cell for cell in made(ENTRIES).cells if not cell.part and (cell.footing or cell.state)]
    assert rows
    assert all(cell.count > 0 and cell.count % 5 == 0 for cell in rows)


def test_the_order_of_entries_changes_nothing() -> None:
    assert made(ENTRIES[::-1]) == made(ENTRIES)


def test_a_year_is_the_sum_of_the_halves_published_before() -> None:
    year = Period(first="2025-07", last="2026-06")
    counted = history(1, requests=200, states=9, period=year)
    first = report(counted, Period.half(2025, 2), house=HOUSE, seed=SEED, made=date(2026, 1, 9))
    second = report(counted, HALF, house=HOUSE, seed=SEED, made=MADE, before=[first])
    both = report(counted, year, house=HOUSE, seed=bytes(32), made=MADE, before=[first, second])
    assert both.cells == (*first.cells, *second.cells)


def test_months_of_a_kind_add_up_to_its_table() -> None:
    for number in range(5):
        counted = entries(number, requests=40)
        months = []
        for month in HALF.months:
            months.append(totals(counted, month, seed=SEED, earlier=months))
        whole = made(counted)
        for kind in parts():
            if kind != "accounts":
                rows = sum(c.count for c in whole.cells if c.subject == kind and not c.part)
                assert sum(each.counts[kind] for each in months) == rows


def test_a_later_month_changes_no_earlier_one() -> None:
    early = [e for e in ENTRIES if e.month <= "2026-03"]
    assert totals(early, "2026-03", seed=SEED) == totals(ENTRIES, "2026-03", seed=SEED)


def test_whoever_counts_again_finds_nothing_in_a_true_report() -> None:
    for whole in (made(ENTRIES), made(ENTRIES, BAND), made([])):
        counted = ENTRIES if whole.suspended else []
        month = totals(counted, "2026-02", seed=SEED, restrictions=whole.restrictions)
        assert differences(whole, counted, seed=SEED, totals=[month]) == ()
        assert differences(whole, counted, totals=[month]) == ()


def test_every_changed_number_is_found_with_the_seed() -> None:
    whole = made(ENTRIES)
    for at in range(0, len(whole.cells), 97):
        cell = whole.cells[at]
        for other in (cell.count + 5, cell.count + 1):
            cells = (*whole.cells[:at], msgspec.structs.replace(cell, count=other), *whole.cells[at + 1 :])
            [said] = differences(msgspec.structs.replace(whole, cells=cells), ENTRIES, seed=SEED)
            assert cell.subject in said
            assert str(other) in said


def test_a_missing_an_added_and_a_doubled_number_are_found() -> None:
    whole = made(ENTRIES)
    added = Cell(unit="2026-H1", subject="request", footing="request", state="ZZZ", count=5)
    for cells in (whole.cells[1:], (*whole.cells, added), (*whole.cells, whole.cells[0])):
        assert differences(msgspec.structs.replace(whole, cells=cells), ENTRIES, seed=SEED)
    assert differences(msgspec.structs.replace(whole, cells=(*whole.cells, added)), ENTRIES)


def test_a_left_out_entry_a_false_band_and_a_hidden_suspension_are_found() -> None:
    whole = made(ENTRIES, BAND)
    assert differences(whole, [e for e in ENTRIES if e.state != "FRA"], seed=SEED)
    assert differences(whole, [e for e in ENTRIES if e.state != "DEU"])
    false = tuple(msgspec.structs.replace(each, band="1000-1249") for each in whole.restricted)
    assert differences(msgspec.structs.replace(whole, restricted=false), ENTRIES, seed=SEED)
    assert differences(msgspec.structs.replace(whole, suspensions=(), suspended=()), ENTRIES, seed=SEED)


def test_a_changed_month_is_found() -> None:
    month = totals(ENTRIES, "2026-02", seed=SEED)
    false = msgspec.structs.replace(month, counts={**month.counts, "request": month.counts["request"] + 5})
    assert differences(made(ENTRIES), ENTRIES, seed=SEED, totals=[false])


def test_what_law_forbids_is_said_as_a_band_and_stands_nowhere_else() -> None:
    never = Restriction(subject="notice", footing="order", how=How.NEVER)
    band = msgspec.structs.replace(BAND, subject="hold")
    whole = made(ENTRIES, band, never)
    assert [each.band for each in whole.restricted] == ["0-249", ""]
    assert not [c for c in whole.cells if c.footing == "order" and c.subject in ("hold", "notice")]
    assert [c for c in whole.cells if c.footing == "order" and c.subject == "refusal"]


@pytest.mark.parametrize("footing", ["", "order"])
def test_what_law_leaves_of_a_number_goes_before_what_follows_from_another(footing: str) -> None:
    accounts = Restriction(subject="accounts", footing="order", how=How.BAND, step=500)
    rules = closed((msgspec.structs.replace(BAND, footing=footing), accounts))
    assert [each.subject for each in rules if each.how is How.BAND] == ["request", "accounts"]
    others = {each.subject: each for each in rules if each.because}
    assert {each.because for each in others.values()} == {"request"}
    assert ("accounts" in others) == (footing == "")
    assert others["arrival"].footing == others["erasure"].footing == ""  # of which footing, nobody knows
    assert others["closing"].footing == footing


MORE = {
    "request": (
        "arrival",
        "request",
        "decision",
        "refusal",
        "letter",
        "closing",
        "erasure",
        "notice",
        "release",
    ),
    "accounts": ("addition",),
    "hold": ("hold",),
    "decision": ("decision", "refusal", "reroute"),
    "refusal": ("decision", "refusal"),
    "reroute": ("decision", "reroute"),
    "withdrawal": ("withdrawal",),
    "release": ("decision", "release", "notice"),
    "notice": ("notice",),
    "notice-delay": ("notice-delay",),
    "objection": ("objection", "objection-answer"),
    "objection-answer": ("objection-answer",),
    "validation": ("validation",),
    "arrival": ("arrival",),
}
"""What the log holds more of where there is more of the first."""


@pytest.mark.parametrize("how", [How.NEVER, How.DEFER, How.BAND])
@pytest.mark.parametrize("subject", MORE)
def test_whatever_a_silenced_number_is_everything_published_is_the_same(subject: str, how: How) -> None:
    """A house with as many orders more, and all that follows from them, publishes the very same bytes: pages,
    tables and months. So nothing of them can be worked out, by subtraction or otherwise."""
    footing = "" if subject == "arrival" else "order"
    law = Restriction(subject=subject, footing=footing, how=how, step=100_000, until="2028-01", law="An act")
    more = following(subject)
    assert published([*ENTRIES, *more], law) == published(ENTRIES, law)
    free = msgspec.structs.replace(law, subject="withdrawal", footing="direct")
    assert made([*ENTRIES, *more], free).cells != made(ENTRIES, free).cells  # it is much that is silenced


def following(subject: str, **scope: str) -> list[Counted]:
    """Orders, or what else is counted under a subject, and all that follows from them."""
    counts = {"request": "5", "addition": "90", "refusal": "5"}
    return [
        Counted(
            kind=kind,
            month=f"2026-0{1 + number % 6}",
            footing="" if kind == "arrival" or (kind == "erasure" and not scope) else "order",
            door="portal" if kind in ("arrival", "request") else "",
            categories="content" if kind not in FOOTLESS else "",
            decision={"refusal": "refuse", "reroute": "reroute"}.get(subject, "proceed")
            if kind == "decision"
            else "",
            accounts=counts.get(kind, "1" if kind == "release" else ""),
            **({"state": "" if kind in FOOTLESS else ("FRA", "DEU")[number % 2]} | scope)
            if kind != "arrival"
            else {},
        )
        for kind in MORE[subject]
        for number in range(137)
    ]


def published(counted: list[Counted], *laws: Restriction) -> list[bytes]:
    known = [totals(counted, f"2026-0{n}", seed=SEED, restrictions=laws) for n in range(1, 7)]
    whole = report(counted, HALF, house=HOUSE, seed=SEED, made=MADE, totals=known, restrictions=laws)
    return [*laid(whole).values(), *(each.encoded() for each in known)]


SCOPES = ({"state": "AND"}, {"state": "AND", "instrument": "budapest"}, {"instrument": "e-evidence-none"})
"""Of which no other entry is."""


@pytest.mark.parametrize("scope", SCOPES[:2])
@pytest.mark.parametrize("how", [How.NEVER, How.BAND])
@pytest.mark.parametrize("subject", ["request", "accounts", "refusal"])
def test_what_law_forbids_of_one_kind_of_order_leaves_the_numbers_of_the_others(
    subject: str, how: How, scope: dict[str, str]
) -> None:
    law = Restriction(subject=subject, footing="order", how=how, step=100_000, law="An act", **scope)
    more = following(subject, **scope)
    assert published([*ENTRIES, *more], law) == published(ENTRIES, law)
    whole, free = made([*ENTRIES, *more], law), made(ENTRIES)
    quiet = {each.subject for each in whole.restrictions if each.whole}
    assert quiet == ({"arrival", "erasure"} if subject == "request" else set())
    assert [each for each in whole.cells if each.subject not in quiet] == [
        each for each in free.cells if each.subject not in quiet
    ]
    assert any(each.count for each in whole.cells if (each.subject, each.footing) == (subject, "order"))
    assert not whole.silent(subject, "order")
    assert differences(whole, [*ENTRIES, *more], seed=SEED) == ()
    page = as_html(whole)
    assert "An act" in page
    assert "Andorra" in page
    assert "leaves those requests out of every number" in page
    assert ",AND," in laid(whole)["not-shown.csv"].decode()


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("subject", ["request", "accounts", "refusal", "hold", "notice-delay", "objection"])
def test_what_may_not_even_be_said_leaves_the_very_bytes_of_a_house_without_it(
    subject: str, scope: dict[str, str]
) -> None:
    """Arrivals too: as many as the requests are left out, so no difference points to them."""
    law = Restriction(subject=subject, footing="order", how=How.UNSAID, law="An act", **scope)
    more = following(subject, **scope)
    counted = [*ENTRIES, *more]
    assert published(counted, law) == published(ENTRIES)
    other = Restriction(subject="hold", footing="direct", how=How.NEVER, law="Another act")
    assert published(counted, law, other) == published(counted, other, law) == published(ENTRIES, other)
    assert published(counted) != published(ENTRIES)


def test_whoever_may_count_again_is_given_what_may_not_be_said() -> None:
    law = Restriction(subject="request", footing="order", how=How.UNSAID, state="AND")
    counted = [*ENTRIES, *following("request", state="AND")]
    whole = made(counted, law)
    months = [totals(counted, f"2026-0{n}", seed=SEED, restrictions=[law]) for n in range(1, 7)]
    known = {"2026-H1": [law]} | {each.month: [law] for each in months}
    assert differences(whole, counted, seed=SEED, totals=months, unsaid=known) == ()
    assert differences(whole, counted, totals=months, unsaid=known) == ()
    said = " ".join(differences(whole, counted, seed=SEED, totals=months))
    assert "2026-03, request" in said
    assert "2026-H1, arrival" in said


def test_an_arrival_in_another_month_than_its_request_is_still_no_negative_number() -> None:
    law = Restriction(subject="request", footing="order", how=How.UNSAID, state="AND")
    late = [
        Counted(kind="request", month="2026-04", door="portal", footing="order", state="AND")
        for _ in range(9)
    ]
    counts = [totals(late, f"2026-0{n}", seed=SEED, restrictions=[law]).counts for n in range(1, 7)]
    assert {count for each in counts for count in each.values()} == {0}


DEFERRED = Restriction(subject="hold", footing="order", how=How.DEFER, until="2026-10", law="An act")


def test_what_was_put_off_is_told_later_by_itself_and_counted_again() -> None:
    first = made(ENTRIES, DEFERRED)
    assert not [each for each in first.cells if (each.subject, each.footing) == ("hold", "order")]
    assert due(first, [first], "2026-09", [DEFERRED]) == due(first, [first], "2026-09", []) == ""
    assert due(first, [first], "2026-10", [DEFERRED]) == due(first, [first], "2026-10", []) == "2026-10"
    held = report(
        ENTRIES, HALF, house=HOUSE, seed=SEED, made=date(2026, 10, 2), before=[first], deferred="2026-10"
    )
    assert held.name == "2026-H1_from_2026-10"
    assert {(each.subject, each.footing) for each in held.cells if each.count} == {("hold", "order")}
    true = sum(each.kind == "hold" and each.footing == "order" for each in ENTRIES)
    assert true > 5
    assert abs(sum(each.count for each in held.cells if not each.part) - true) < 5
    assert differences(held, ENTRIES, seed=SEED) == differences(held, ENTRIES) == ()
    more = Counted(kind="hold", month="2026-03", footing="order", state="FRA", how="placed")
    assert differences(held, [*ENTRIES, *[more] * 5], seed=SEED)
    assert differences(first, [*ENTRIES, *[more] * 5], seed=SEED) == ()
    assert due(first, [first, held], "2026-12", [DEFERRED]) == ""
    # A year stays the sum of its halves as they were published, and shows no sum in which some are missing.
    year = Period(first="2026-01", last="2026-12")
    both = report(ENTRIES, year, house=HOUSE, seed=SEED, made=date(2027, 1, 9), before=[first, held])
    assert [each for each in both.cells if each.unit == "2026-H1"] == list(first.cells)
    assert both.silent("hold", "order")
    assert differences(both, ENTRIES, seed=SEED) == ()  # though no law forbids it any more
    assert differences(both, [*ENTRIES, *[more] * 5], seed=SEED) == ()
    other = msgspec.structs.replace(more, footing="direct")
    assert differences(both, [*ENTRIES, *[other] * 5], seed=SEED)
    assert not both.silent("hold", "order", "2026-H2")


@pytest.mark.parametrize(
    "today",
    [
        Restriction(subject="hold", how=How.NEVER),
        Restriction(subject="hold", footing="order", how=How.BAND, step=100),
        Restriction(subject="hold", footing="order", how=How.DEFER, until="2028-01"),
        Restriction(subject="request", footing="order", how=How.NEVER),  # which it would give away
    ],
)
def test_what_was_put_off_and_is_forbidden_in_another_way_by_now_is_not_told(today: Restriction) -> None:
    first = made(ENTRIES, DEFERRED)
    assert due(first, [first], "2026-12", [today]) == ""
    elsewhere = msgspec.structs.replace(today, footing="direct")
    assert due(first, [first], "2026-12", [elsewhere]) == "2026-10"


def test_months_that_were_put_off_are_told_later_and_add_up_to_the_supplement_of_the_half() -> None:
    counted = [*ENTRIES, *following("hold", state="AND")]
    rules = [DEFERRED, Restriction(subject="hold", footing="direct", how=How.NEVER)]
    months = [f"2026-0{n}" for n in range(1, 7)]
    first = [totals(counted, each, seed=SEED, restrictions=rules) for each in months]
    [month_first, *_] = first
    assert month_due(month_first, first, "2026-09", rules) == ""
    assert month_due(month_first, first, "2026-10", rules) == "2026-10"
    half = report(counted, HALF, house=HOUSE, seed=SEED, made=MADE, totals=first, restrictions=rules)
    known: list[Totals] = list(first)
    for each in months:
        later = totals(
            counted, each, seed=SEED, before=[half], earlier=known, restrictions=rules, deferred="2026-10"
        )
        assert later.name == f"{each}_from_2026-10"
        assert set(later.counts) | set(later.withheld) == {"hold"}
        assert month_differences(later, counted, seed=SEED) == []
        assert month_differences(later, counted) == []
        assert month_due(first[months.index(each)], [*known, later], "2026-12", rules) == ""
        known.append(later)
    told = report(
        counted,
        HALF,
        house=HOUSE,
        seed=SEED,
        made=date(2026, 10, 2),
        before=[half],
        totals=known,
        restrictions=rules,
        deferred="2026-10",
    )
    row = sum(each.count for each in told.cells if each.subject == "hold" and not each.part)
    assert row == sum(each.counts["hold"] for each in known[6:]) > 100
    more = Counted(kind="hold", month="2026-06", footing="order", state="FRA", how="placed")
    assert month_differences(known[-1], [*counted, *[more] * 9], seed=SEED) != []
    direct = msgspec.structs.replace(more, footing="direct")
    assert month_differences(known[-1], [*counted, *[direct] * 9], seed=SEED) == []
    with pytest.raises(Refused, match="put off"):
        totals(counted, "2026-03", seed=SEED, earlier=first, deferred="2026-11")
    by_law = Restriction(subject="hold", footing="order", how=How.NEVER)
    assert month_due(month_first, first, "2026-12", [by_law]) == ""


def test_what_was_put_off_of_one_state_is_told_by_itself() -> None:
    rule = Restriction(subject="hold", footing="order", how=How.DEFER, until="2026-10", state="AND")
    counted = [*ENTRIES, *following("hold", state="AND")]
    first = made(counted, rule)
    assert not [each for each in first.cells if each.state == "AND"]
    held = report(
        counted, HALF, house=HOUSE, seed=SEED, made=date(2026, 10, 2), before=[first], deferred="2026-10"
    )
    assert {(each.subject, each.state) for each in held.cells if each.count} == {("hold", "AND")}
    assert differences(held, counted, seed=SEED) == ()


def test_nothing_that_was_not_put_off_is_told_later() -> None:
    first = made(ENTRIES, DEFERRED)
    for before, until in (([first], "2026-11"), ([], "2026-10")):
        with pytest.raises(Refused, match="put off"):
            report(
                ENTRIES, HALF, house=HOUSE, seed=SEED, made=date(2026, 12, 2), before=before, deferred=until
            )


def test_a_number_that_no_draw_can_keep_is_withheld_and_named() -> None:
    """One state, whose three ways of an answer all round up while its requests round to nothing."""
    found = set()
    counted = history(8, requests=2, states=1, period=HALF, orders=0)
    for number in range(3000):
        seed = number.to_bytes(32, "big")
        say = [e for e in counted if e.kind not in ("refusal", "reroute", "withdrawal", "request", "arrival")]
        asked = next(e for e in counted if e.kind == "request")
        say += [msgspec.structs.replace(asked, kind=kind) for kind in ("refusal", "reroute", "withdrawal")]
        say += [asked] * 3
        whole = report(say, HALF, house=HOUSE, seed=seed, made=MADE)
        for unit in whole.units:
            found.update(unit.withheld)
            assert not {c.subject for c in whole.cells} & set(unit.withheld)
            assert differences(whole, say, seed=seed) == ()
        if found:
            break
    assert found <= {"refusal", "reroute", "withdrawal", "request"}
    assert found


def test_a_period_that_is_not_over_and_a_short_seed_are_refused() -> None:
    with pytest.raises(Refused):
        report([], HALF, house=House(name="x"), seed=SEED, made=date(2026, 6, 30))
    with pytest.raises(Refused):
        report([], HALF, house=House(name="x"), seed=b"short", made=MADE)
    assert report([], HALF, house=House(name="x"), seed=SEED, made=date(2026, 7, 1)).suspended == ()


def test_a_state_stays_suspended_until_it_is_lifted() -> None:
    assert made(ENTRIES).suspended == ("VNM",)
    later = Period.half(2026, 2)
    again = report(ENTRIES, later, house=HOUSE, seed=SEED, made=date(2027, 1, 3))
    assert (again.suspended, again.suspensions) == (("VNM",), ())
