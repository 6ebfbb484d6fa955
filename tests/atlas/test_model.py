from __future__ import annotations

from datetime import date

import pytest

from habeas.atlas import (
    Category,
    Evidence,
    Fact,
    Law,
    PenaltyValue,
    Provision,
    Standing,
    StateFacts,
    Tier,
    Verification,
    atlas,
)
from habeas.atlas.model import STALE_AFTER_YEARS
from habeas.request.model import Penalty, PenaltyKind

ON = date(2026, 6, 1)
LIFE = Penalty(kind=PenaltyKind.LIFE)
DEATH = Penalty(kind=PenaltyKind.DEATH)
FINE = Penalty(kind=PenaltyKind.FINE)


def years(number: float) -> Penalty:
    return Penalty(kind=PenaltyKind.YEARS, years=number)


def value(
    maximum: Penalty | None,
    *,
    tier: Tier = Tier.HIGHEST,
    minimum: float | None = None,
    start: int | None = None,
    end: int | None = None,
    as_of: int = 2025,
    verification: Verification = Verification.STATUTE_TEXT,
) -> PenaltyValue:
    return PenaltyValue(
        tier=tier,
        as_of=as_of,
        verification=verification,
        sources=("the text",),
        minimum=minimum,
        maximum=maximum,
        start=start,
        end=end,
        note="a note",
    )


def offence(
    *penalties: PenaltyValue,
    standing: Standing = Standing.IN_FORCE,
    ended: int | None = None,
    since: int | None = None,
) -> Provision:
    return Provision(
        id="nor-test",
        state="NOR",
        law=Law(key="cc", name="Penal Code"),
        article="§ 1",
        numbers=("1",),
        offence="An invented offence",
        category=Category.DEFAMATION,
        rights=("ICCPR 19",),
        standing=standing,
        penalties=penalties,
        ended=ended,
        since=since,
        abuse="known only to the house",
        note="From a note",
    )


def test_an_unknown_penalty_is_never_serious_enough() -> None:
    assert offence(value(None)).reaches(4, ON) is None
    assert offence(value(None)).maximum(ON) is None


def test_exactly_four_years_is_at_least_four() -> None:
    assert offence(value(years(4))).reaches(4, ON) is True
    assert offence(value(years(3.99))).reaches(4, ON) is False


def test_a_fine_never_reaches_four_years() -> None:
    assert offence(value(FINE)).reaches(4, ON) is False


@pytest.mark.parametrize("penalty", [LIFE, DEATH])
def test_life_and_death_reach_any_number_of_years(penalty: Penalty) -> None:
    assert offence(value(penalty)).reaches(4, ON) is True


def test_a_floor_reaches_what_it_reaches_and_leaves_the_rest_open() -> None:
    assert offence(value(None, tier=Tier.FLOOR, minimum=5)).reaches(4, ON) is True
    assert offence(value(None, tier=Tier.FLOOR, minimum=2)).reaches(4, ON) is None


def test_a_basic_tier_alone_does_not_say_no() -> None:
    assert offence(value(years(2), tier=Tier.BASIC)).reaches(4, ON) is None
    assert offence(value(years(2), tier=Tier.BASIC), value(years(3))).reaches(4, ON) is False


def test_an_unchecked_value_says_so_and_counts_for_nothing_where_checked_ones_are_asked_for() -> None:
    unchecked = offence(value(years(10), verification=Verification.KNOWLEDGE))
    maximum = unchecked.maximum(ON)
    assert maximum is not None
    assert not maximum.verified
    assert unchecked.reaches(4, ON) is True
    assert unchecked.reaches(4, ON, verified_only=True) is None
    assert unchecked.maximum(ON, verified_only=True) is None


def test_the_penalty_of_the_day_is_the_one_that_counts() -> None:
    changed = offence(value(years(3), end=2014), value(years(7), start=2015))
    assert changed.reaches(4, date(2014, 12, 31)) is False
    assert changed.reaches(4, date(2015, 1, 1)) is True
    before = changed.maximum(date(2010, 1, 1))
    assert before is not None
    assert before.penalty == years(3)


def test_the_highest_of_several_tiers_is_the_maximum() -> None:
    several = offence(value(years(5), tier=Tier.BASIC), value(LIFE, tier=Tier.AGGRAVATED), value(DEATH))
    maximum = several.maximum(ON)
    assert maximum is not None
    assert maximum.penalty == DEATH


@pytest.mark.parametrize(
    ("age", "stale"), [(0, False), (STALE_AFTER_YEARS, False), (STALE_AFTER_YEARS + 1, True)]
)
def test_an_old_reading_is_stale(age: int, stale: bool) -> None:
    maximum = offence(value(years(5), as_of=ON.year - age)).maximum(ON)
    assert maximum is not None
    assert (maximum.age, maximum.stale) == (age, stale)


def test_death_is_possible_on_any_value_and_excluded_only_on_a_checked_one() -> None:
    memory = Verification.KNOWLEDGE
    assert offence(value(DEATH, verification=memory)).capital(ON) is True
    assert offence(value(LIFE, verification=memory)).capital(ON) is None
    assert offence(value(LIFE)).capital(ON) is False
    assert offence(value(None, tier=Tier.FLOOR, minimum=5)).capital(ON) is None


def test_a_repealed_provision_stood_before_and_not_after() -> None:
    gone = offence(value(years(2)), standing=Standing.STRUCK_DOWN, ended=2020)
    assert gone.in_force(date(2019, 12, 31)) is True
    assert gone.in_force(date(2020, 6, 1)) is None
    assert gone.in_force(date(2021, 1, 1)) is False
    assert gone.in_force() is False
    assert gone.status == "struck down 2020"


def test_a_provision_did_not_stand_before_it_was_made() -> None:
    young = offence(value(years(2)), since=2019)
    assert young.in_force(date(2018, 1, 1)) is False
    assert young.in_force(date(2019, 1, 1)) is True


def test_an_unclear_provision_is_neither_in_force_nor_not() -> None:
    assert offence(value(years(2)), standing=Standing.UNCLEAR).in_force(ON) is None


def test_what_is_public_holds_no_unchecked_value_and_no_internal_word() -> None:
    private = offence(value(years(2), tier=Tier.BASIC), value(years(9), verification=Verification.PARTIAL))
    public = private.public()
    assert [p.maximum for p in public.penalties] == [years(2)]
    assert all(p.note is None for p in public.penalties)
    assert "abuse" not in public.__struct_fields__
    assert "house" not in repr(public)


def test_no_packaged_note_on_abuse_is_public() -> None:
    for provision in atlas().provisions():
        shown = repr(provision.public())
        if provision.abuse and provision.abuse not in provision.offence:
            assert provision.abuse not in shown, provision.id
        assert all(penalty.verified for penalty in provision.public().penalties)


def test_a_rule_turns_only_on_a_fact_that_was_seen_and_is_not_in_grave_doubt() -> None:
    def fact(evidence: Evidence, risk: str | None) -> Fact:
        return Fact(value="party", evidence=evidence, as_of="2022", source="chart", risk=risk, issue=risk)

    facts = StateFacts(
        state="NOR",
        iso2="NO",
        name="Norway",
        facts={
            "cat": fact(Evidence.SEEN, None),
            "crc": fact(Evidence.SEEN, "medium"),
            "echr": fact(Evidence.MEMORY, None),
            "opcat": fact(Evidence.SEEN, "high"),
        },
    )
    assert [facts.value(column, firm=True) for column in ("cat", "crc", "echr", "opcat", "achr")] == [
        "party",
        "party",
        None,
        None,
        None,
    ]
    assert facts.value("echr") == "party"
    assert facts.fact("achr") is None
