"""The two scales: each side only ever weighs for itself, and the wording decides nothing alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from habeas.assess.logic import Three
from habeas.assess.narrative import Kind, Narrative, Signal, read_narrative
from habeas.assess.rulebook import rulebook
from habeas.assess.weighing import Scales, judge, lean, weigh
from tests.world import INSULT, RANSOMWARE

HOUSE = rulebook().policy.weighing
_ORDER = {"crime": 0, "between": 1, "persecution": 2}


def scales(telling: int, pretext: int, harm: int, limits: int = 0, **others: int | bool) -> Scales:
    return Scales(
        telling=telling,
        pretext=pretext,
        harm=harm,
        told=harm,
        limits=limits,
        families=("homicide",) if harm else (),
        categories=("journalism",),
        **others,  # type: ignore[arg-type]
    )


def side(given_: Scales) -> str:
    verdict = judge(given_, HOUSE)
    if verdict.persecution is Three.MET:
        return "persecution"
    return "between" if Three.MET in (verdict.conflict, verdict.pretext) else "crime"


amounts = st.integers(0, 30)
tenths = st.integers(-60, 60)


@given(amounts, amounts, amounts, amounts, tenths)
def test_one_more_sign_of_protected_conduct_never_helps_release(
    p: int, x: int, h: int, c: int, w: int
) -> None:
    less, more = scales(p, x, h, c, wording=w), scales(p + 1, x, h, c, wording=w)
    assert _ORDER[side(more)] >= _ORDER[side(less)]


@given(amounts, amounts, amounts, amounts, tenths)
def test_more_harm_described_never_adds_persecution(p: int, x: int, h: int, c: int, w: int) -> None:
    less, more = scales(p, x, h, c, wording=w), scales(p, x, h + 1, c, wording=w)
    assert _ORDER[side(more)] <= max(_ORDER[side(less)], _ORDER["between"])


@given(amounts, amounts, amounts, tenths)
def test_a_judges_order_never_adds_persecution(p: int, x: int, h: int, w: int) -> None:
    base = scales(p, x, h, wording=w)
    assert _ORDER[side(replace(base, judged=True))] <= _ORDER[side(base)]


@given(amounts, tenths)
def test_what_the_wording_resembles_refuses_nothing_without_signs(h: int, w: int) -> None:
    assert side(scales(0, 0, h, wording=w)) != "persecution"


@given(amounts, tenths)
def test_what_the_wording_resembles_opens_nothing_without_harm_that_is_told(p: int, w: int) -> None:
    assert judge(scales(p, 0, 0, wording=w), HOUSE).real_harm is not Three.MET


def test_a_dry_request_without_a_sign_goes_to_people_where_its_words_are_those_of_persecution() -> None:
    assert side(scales(0, 0, 2, wording=20)) == "between"
    assert side(scales(0, 0, 2, wording=-20)) == "crime"


def test_no_signs_and_no_harm_show_nothing() -> None:
    verdict = judge(scales(0, 0, 0), HOUSE)
    assert (verdict.real_harm, verdict.persecution, verdict.conflict) == (
        Three.NOT_MET,
        Three.NOT_MET,
        Three.NOT_MET,
    )


def test_protected_conduct_is_named_only_where_it_matters() -> None:
    assert judge(scales(20, 0, 0), HOUSE).categories == ("journalism",)
    assert judge(scales(1, 0, 30), HOUSE).categories == ()


def test_who_feigns_an_office_to_ask_about_protected_conduct_is_heard_as_asking_about_it() -> None:
    asked = scales(HOUSE.indicated, 0, 30)
    assert judge(asked, HOUSE).categories == ()
    assert judge(replace(asked, sender=HOUSE.false_sender), HOUSE).categories == ("journalism",)


def test_a_sentence_counts_once_however_often_it_says_the_same() -> None:
    once = weigh(read_narrative({"facts": "He insulted the President."}, "en")).protected
    assert (
        weigh(
            read_narrative({"facts": "He insulted and slandered the President and the King."}, "en")
        ).protected
        == once
    )


def test_the_worked_examples_fall_on_their_sides() -> None:
    assert side(weigh(read_narrative({"facts": INSULT}, "en"))) == "persecution"
    assert side(weigh(read_narrative({"facts": RANSOMWARE}, "en"))) == "crime"


def test_a_false_sender_is_marked_by_several_signs_and_not_by_one() -> None:
    base = scales(0, 0, 6)
    assert judge(replace(base, sender=HOUSE.doubtful_sender - 1), HOUSE).sender_plausible is Three.MET
    assert judge(replace(base, sender=HOUSE.doubtful_sender), HOUSE).sender_plausible is Three.NOT_SHOWN
    assert judge(replace(base, sender=HOUSE.false_sender), HOUSE).sender_plausible is Three.NOT_MET


@given(amounts, amounts, tenths)
def test_heavy_signs_are_outweighed_by_no_crime_told_beside_them(h: int, c: int, w: int) -> None:
    assert side(scales(HOUSE.heavy, 0, h, c, wording=w)) != "crime"
    assert side(scales(HOUSE.heavy - 1, 0, 30, 0)) == "crime"


def test_the_lean_is_said_with_every_part_of_it() -> None:
    said = judge(scales(4, 2, 3, 1, wording=-7), HOUSE).why
    for part in (
        "4 told",
        "pretext 2",
        "harm described 3",
        "wording -7",
        f"{lean(scales(4, 2, 3, 1, wording=-7), HOUSE):+d}",
    ):
        assert part in said


def weighed(facts: str, **fields: str) -> Scales:
    return weigh(read_narrative({"facts": facts, **fields}, "en"))


def judged(facts: str, **fields: str) -> Scales:
    return weigh(read_narrative({"facts": facts, **fields}, "en"), judged=True)


WORDS_APART = "She leads a choir of the parish. She went to a demonstration. She lives abroad."


def test_words_of_protected_conduct_count_together_where_no_harm_is_told() -> None:
    apart = weighed(WORDS_APART)
    assert apart.words
    assert side(replace(apart, telling=0, asking=0, provision=0)) != "persecution", (
        "they refuse nothing alone"
    )


def test_words_of_protected_conduct_count_for_nothing_where_harm_is_told() -> None:
    story = " The widow lost 40,000 euros. Twelve customers lost 90,000 euros."
    assert weighed(f"{WORDS_APART} {RANSOMWARE} {story}").words == 0


def test_harm_is_told_by_who_was_harmed_and_what_was_lost_without_the_name_of_a_crime() -> None:
    plain = weighed("The widow sent the money to the number. Her 40,000 euros are gone.")
    assert not plain.families
    assert plain.told >= HOUSE.harm_shown
    assert side(plain) == "crime"


def test_how_it_is_known_is_no_harm() -> None:
    assert weighed("Forensic examination of the seized telephone shows that the account was used.").harm == 0


def test_a_provision_that_punishes_protected_conduct_is_a_sign() -> None:
    file = read_narrative({"facts": "The file is complete."}, "en")
    assert weigh(file, ("journalism",)).provision
    assert weigh(file, ("journalism",)).categories == ("journalism",)
    assert not weigh(file).provision


def test_what_is_asked_for_is_a_sign_of_its_own() -> None:
    asked = weighed("He is wanted. We request the names of all who liked the page.")
    assert asked.asking
    assert not asked.telling


CROWD = "He was shot dead. We request the names of all who liked the page."


def test_what_is_asked_about_others_is_no_sign_where_it_falls_away_from_a_crime_before_a_judge() -> None:
    def asking(facts: str, *, judged: bool = True, apart: bool = True) -> int:
        return weigh(read_narrative({"facts": facts}, "en"), judged=judged, apart=apart).asking

    assert asking(CROWD) == 0
    assert asking(CROWD, judged=False)
    assert asking(CROWD, apart=False)
    assert asking("He is wanted. We request the names of all who liked the page.")


def test_harm_told_in_a_word_or_two_is_enough_with_a_judge_and_no_sign() -> None:
    hinted = replace(
        scales(0, 0, 0), harm=3, told=1, families=("theft",), harmed=True, judged=True, wording=-5
    )
    assert judge(hinted, HOUSE).real_harm is Three.MET
    assert judge(replace(hinted, judged=False), HOUSE).real_harm is Three.NOT_SHOWN
    assert judge(replace(hinted, telling=1), HOUSE).real_harm is Three.NOT_SHOWN
    assert judge(replace(hinted, told=0, harmed=False), HOUSE).real_harm is Three.NOT_SHOWN


def test_harm_told_in_a_word_or_two_is_enough_with_a_judge_where_all_leans_far() -> None:
    plain = replace(scales(1, 0, 0), harm=3, told=1, judged=True, wording=HOUSE.plain_wording - 20)
    assert lean(plain, HOUSE) <= HOUSE.plain
    assert judge(plain, HOUSE).real_harm is Three.MET
    label = replace(plain, harm=2, wording=-60)
    assert judge(label, HOUSE).real_harm is Three.NOT_SHOWN, (
        "a crime is named once, and nothing is told of it"
    )
    assert judge(replace(plain, judged=False), HOUSE).real_harm is Three.NOT_SHOWN, "nobody has seen it"
    assert judge(replace(plain, harm=0, told=0), HOUSE).real_harm is Three.NOT_MET, "wording is no harm"
    less = replace(plain, limits=30, families=("fraud",), wording=HOUSE.plain_wording + 1)
    assert lean(less, HOUSE) <= HOUSE.plain
    assert judge(less, HOUSE).real_harm is Three.NOT_SHOWN, "the wording has to say it as well"
    assert judge(replace(plain, telling=20), HOUSE).real_harm is Three.NOT_SHOWN, "too much stands against it"


def test_losses_under_a_label_of_crime_are_told_harm_where_a_judge_has_seen_them() -> None:
    story = "Ninety clients lost 40,000 euros. The cleaner lost 9,000 euros. The government's seal was on it."
    plain = without_victims(read_narrative({"facts": story, "offences[0].label": "Fraud"}, "en"))
    assert weigh(plain, judged=True).told >= HOUSE.harm_shown
    assert weigh(plain).told < HOUSE.harm_shown


def without_victims(narrative: Narrative) -> Narrative:
    """The same without victims: sums alone are left."""
    harms = [
        replace(harm, particulars=tuple(name for name in harm.particulars if name != "victim"))
        for harm in narrative.harms
    ]
    return replace(narrative, harms=tuple(harms))


def test_a_judge_and_two_things_known_tell_a_crime_that_is_named_once() -> None:
    named = "The computers were encrypted. 520 patients were turned away. "
    assert judged(named).told >= HOUSE.harm_shown
    assert weighed(named + "That evening there was a demonstration.").told < HOUSE.harm_shown


def test_a_sentence_that_says_three_things_weighs_one_more_than_its_heaviest() -> None:
    """Long officialese says in one sentence what others say in three."""

    def told(*weights: int) -> int:
        signals = tuple(
            Signal(
                id=f"s{number}",
                kind=Kind.PROTECTED,
                says="",
                weight=weight,
                categories=("journalism",),
                quotes=(),
                sentences=(("facts", 0),),
            )
            for number, weight in enumerate(weights)
        )
        return weigh(Narrative(signals=signals, harms=(), concepts=frozenset())).telling

    assert told(5) == told(5, 2) == 5
    assert told(5, 2, 2) == told(2, 5, 2, 2, 1) == 6
    assert told(5, 2, 2, 1, 1, 1) == 7


def test_at_the_very_threshold_persecution_is_shown_and_below_it_people_decide() -> None:
    signs = scales(HOUSE.substantial, 0, 3)
    there = replace(HOUSE, refuses=lean(signs, HOUSE), passes=lean(signs, HOUSE) - 5)
    assert judge(signs, there).persecution is Three.MET
    short = judge(signs, replace(there, refuses=there.refuses + 1))
    assert short.persecution is not Three.MET
    assert short.conflict is Three.MET


def test_far_to_one_side_few_signs_are_enough_and_below_them_people_decide() -> None:
    weak = scales(HOUSE.indicated, 0, 0, wording=20)
    there = replace(HOUSE, far=lean(weak, HOUSE))
    assert weak.protected < HOUSE.substantial
    assert judge(weak, there).persecution is Three.MET
    assert side(replace(weak, telling=0, pretext=HOUSE.indicated)) == "persecution"
    short = judge(weak, replace(there, far=there.far + 1))
    assert (short.persecution, short.pretext) == (Three.NOT_SHOWN, Three.MET)
    assert side(scales(HOUSE.indicated - 1, 0, 0, wording=60)) == "between"


def test_a_word_or_two_of_harm_is_not_enough_where_the_wording_speaks_against_it() -> None:
    hinted = replace(scales(0, 0, 0), harm=3, told=1, families=("theft",), harmed=True, judged=True)
    least = replace(HOUSE, passes=lean(hinted, HOUSE))
    assert judge(hinted, least).real_harm is Three.MET
    assert judge(replace(hinted, wording=1), least).real_harm is Three.NOT_SHOWN


def test_care_of_a_request_that_tells_of_no_crime_speaks_for_nothing() -> None:
    careful = scales(2, 0, 0, limits=3)
    assert lean(careful, HOUSE) == lean(replace(careful, limits=0), HOUSE)
    crime = replace(careful, families=("theft",))
    assert lean(crime, HOUSE) == lean(replace(crime, limits=0), HOUSE) - 3 * HOUSE.care


def test_one_word_that_stands_apart_is_no_sign_and_several_leave_a_pretext_open() -> None:
    [first, second, *_rest] = read_narrative({"facts": WORDS_APART}, "en").spoken
    alone = Narrative(signals=(), harms=(), concepts=frozenset(), spoken=(first,))
    assert weigh(alone).words == 0
    assert judge(weigh(alone), HOUSE).pretext is Three.NOT_MET
    both = replace(alone, spoken=(first, second))
    assert weigh(both).words == 2
    assert judge(weigh(both), replace(HOUSE, passes=100)).pretext is Three.NOT_SHOWN


def test_a_crime_that_is_named_again_and_again_is_a_label_also_before_a_judge() -> None:
    label = (
        "The investigation concerns fraud. The fraud was committed with the account. The account took part "
        "in the fraud as established. The data are needed to solve the fraud. The fraud is serious."
    )
    assert judge(judged(label), HOUSE).real_harm is not Three.MET
    told = label + " The victim lost 48,000 euros."
    assert judge(judged(told), HOUSE).real_harm is Three.MET
