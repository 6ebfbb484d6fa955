"""The two scales: each side only ever weighs for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from habeas.assess.logic import Three
from habeas.assess.narrative import Narrative, read_narrative
from habeas.assess.rulebook import rulebook
from habeas.assess.weighing import Manner, Scales, judge, weigh
from tests.world import INSULT, RANSOMWARE

HOUSE = rulebook().policy.weighing
_ORDER = {"crime": 0, "between": 1, "persecution": 2}


def scales(protected: int, pretext: int, harm: int, breadth: int = 0, limits: int = 0) -> Scales:
    return Scales(
        protected=protected,
        pretext=pretext,
        harm=harm,
        told=harm,
        sender=0,
        breadth=breadth,
        limits=limits,
        overlong=False,
        families=("homicide",) if harm else (),
        categories=("journalism",),
    )


def side(given_: Scales) -> str:
    verdict = judge(given_, HOUSE)
    if verdict.persecution is Three.MET:
        return "persecution"
    return "between" if Three.MET in (verdict.conflict, verdict.pretext) else "crime"


amounts = st.integers(0, 30)


@given(amounts, amounts, amounts, amounts, amounts)
def test_one_more_sign_of_protected_conduct_never_helps_release(
    p: int, x: int, h: int, b: int, c: int
) -> None:
    assert _ORDER[side(scales(p + 1, x, h, b, c))] >= _ORDER[side(scales(p, x, h, b, c))]


@given(amounts, amounts, amounts, amounts, amounts)
def test_more_harm_described_never_adds_persecution(p: int, x: int, h: int, b: int, c: int) -> None:
    assert _ORDER[side(scales(p, x, h + 1, b, c))] <= max(
        _ORDER[side(scales(p, x, h, b, c))], _ORDER["between"]
    )


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


@given(amounts, amounts)
def test_heavy_signs_are_outweighed_by_no_crime_told_beside_them(h: int, c: int) -> None:
    assert side(scales(HOUSE.heavy, 0, h, 0, c)) != "crime"
    assert side(scales(HOUSE.heavy - 1, 0, 30, 0, 0)) == "crime"


def weighed(facts: str, **fields: str) -> Scales:
    return weigh(read_narrative({"facts": facts, **fields}, "en"))


WORDS_APART = "She leads a choir of the parish. She went to a demonstration. She lives abroad."


def test_words_of_protected_conduct_count_together_where_no_harm_is_told() -> None:
    apart = weighed(WORDS_APART)
    assert apart.words
    assert side(apart) == "persecution"


def test_words_of_protected_conduct_count_for_nothing_where_harm_is_told() -> None:
    story = " The widow lost 40,000 euros. Twelve customers lost 90,000 euros."
    assert weighed(f"{WORDS_APART} {RANSOMWARE} {story}").words == 0


def test_that_something_was_made_public_is_a_doubt_and_no_sign() -> None:
    public = weighed("He posted a video.")
    assert public.protected == 0
    assert public.pretext == public.words > 0


def test_harm_is_told_by_who_was_harmed_and_what_was_lost_without_the_name_of_a_crime() -> None:
    plain = weighed("The widow sent the money to the number. Her 40,000 euros are gone.")
    assert not plain.families
    assert plain.told >= HOUSE.harm_shown
    assert side(plain) == "crime"


def test_how_it_is_known_is_no_harm() -> None:
    assert weighed("Forensic examination of the seized telephone shows that the account was used.").harm == 0


def test_a_label_is_no_sign_against_a_victim() -> None:
    murder = "The victim was stabbed to death. Two children were injured."
    narrative = read_narrative({"facts": murder}, "en")
    assert weigh(narrative, ("journalism",)).protected == 0
    assert weigh(read_narrative({"facts": "The file is complete."}, "en"), ("journalism",)).protected


JUDGED = Manner(judged=True)


def judged(facts: str, **fields: str) -> Scales:
    return weigh(read_narrative({"facts": facts, **fields}, "en"), manner=JUDGED)


MURDER = "The victim was stabbed to death. Two children were injured. "
LIKERS = "We request the names of all who liked the page."


def test_who_is_asked_about_beside_a_crime_with_a_victim_is_breadth_alone_where_a_judge_has_seen_it() -> None:
    asked = judged(MURDER + LIKERS)
    assert asked.protected == 0
    assert asked.breadth
    assert judged(f"He is wanted. {LIKERS}").protected
    assert weighed(MURDER + LIKERS).protected  # no judge: it stays a sign


def test_what_is_asked_for_alone_refuses_no_case_in_which_somebody_was_harmed() -> None:
    loud = replace(scales(30, 0, 0), told=0, harmed=True, asked_only=True, judged=True)
    assert side(loud) == "between"
    assert side(replace(loud, asked_only=False)) == "persecution"
    assert side(replace(loud, harmed=False)) == "persecution"
    unjudged = replace(loud, judged=False)
    assert side(unjudged) == "persecution"
    assert side(replace(unjudged, told=HOUSE.harm_shown)) == "between"


def test_what_is_asked_for_alone_is_known_from_what_is_told() -> None:
    assert weighed(f"He is wanted. {LIKERS}").asked_only
    assert not weighed(f"He insulted the President. {LIKERS}").asked_only
    assert not weigh(read_narrative({"facts": LIKERS}, "en"), ("journalism",)).asked_only


@given(amounts, amounts, amounts)
def test_a_judges_order_never_adds_persecution_and_a_longer_period_never_takes_it_away(
    p: int, h: int, b: int
) -> None:
    base = scales(p, 0, h, b)
    assert _ORDER[side(replace(base, judged=True))] <= _ORDER[side(base)]
    assert _ORDER[side(replace(base, span=2))] >= _ORDER[side(base)]
    assert _ORDER[side(replace(base, pursued=3))] >= _ORDER[side(base)]


@pytest.mark.parametrize(("days", "span"), [(0, 0), (31, 0), (92, 0), (93, 1), (366, 1), (367, 2), (4000, 2)])
def test_a_period_is_short_or_of_months_or_of_years(days: int, span: int) -> None:
    assert weigh(read_narrative({"facts": MURDER}, "en"), manner=Manner(days=days)).span == span


def test_more_sentences_about_the_person_pursued_stop_counting() -> None:
    assert weighed("The accused spoke. " * 2).pursued == 2
    assert weighed("The accused spoke. " * 9).pursued == weighed("The accused spoke. " * 7).pursued


def test_harm_told_in_a_word_or_two_is_enough_with_a_judge_and_no_sign() -> None:
    hinted = replace(scales(0, 0, 0), harm=3, told=1, families=("theft",), harmed=True, judged=True)
    assert judge(hinted, HOUSE).real_harm is Three.MET
    assert judge(replace(hinted, judged=False), HOUSE).real_harm is Three.NOT_SHOWN
    assert judge(replace(hinted, protected=1), HOUSE).real_harm is Three.NOT_SHOWN
    assert judge(replace(hinted, told=0, harmed=False), HOUSE).real_harm is Three.NOT_SHOWN


def test_losses_under_a_label_of_crime_are_told_harm_where_a_judge_has_seen_them() -> None:
    story = "Ninety clients lost 40,000 euros. The cleaner lost 9,000 euros. The government's seal was on it."
    narrative = read_narrative({"facts": story, "offences[0].label": "Fraud"}, "en")
    plain = replace_victims(narrative)
    assert weigh(plain, manner=JUDGED).told >= HOUSE.harm_shown
    assert weigh(plain).told < HOUSE.harm_shown


def replace_victims(narrative: Narrative) -> Narrative:
    """The same without victims: sums alone are left."""
    harms = [
        replace(harm, particulars=tuple(name for name in harm.particulars if name != "victim"))
        for harm in narrative.harms
    ]
    return replace(narrative, harms=tuple(harms))


ROBBED = "The victim was stabbed to death. The widow lost 40,000 euros. "
RALLY = "That evening there was a demonstration. "


def test_a_sign_by_the_way_is_background_to_a_crime_with_a_victim_that_a_judge_has_seen() -> None:
    assert judged(ROBBED + RALLY).protected == 0
    assert weighed(ROBBED + RALLY).protected  # no judge
    assert judged("He is wanted. " + RALLY).protected  # nobody harmed
    assert judged(ROBBED + RALLY, **{"offences[0].label": "Insult of the President"}).protected
    assert weigh(read_narrative({"facts": ROBBED + RALLY}, "en"), ("protest",), manner=JUDGED).protected
    # a provision that no sign confirms
    assert not weigh(
        read_narrative({"facts": ROBBED + RALLY}, "en"), ("journalism",), manner=JUDGED
    ).protected
    assert judged(ROBBED + RALLY + "The accused was there. " * 2).protected  # told of the person pursued
    assert judged(
        ROBBED + RALLY + "A march was held. There was a rally in May. "
    ).protected  # told again and again


def test_one_sentence_with_a_sign_refuses_nothing_where_somebody_was_harmed_and_a_judge_saw_it() -> None:
    loud = replace(scales(30, 0, 0), told=0, harmed=True, judged=True)
    assert side(loud) == "persecution"
    assert side(replace(loud, slight=True)) == "between"


def test_one_sentence_with_a_sign_is_known_from_where_signs_stand() -> None:
    hurt = "The widow lost 40,000 euros. "
    assert judged(hurt + RALLY).slight
    assert not judged(hurt + RALLY + "A march was held. ").slight
    assert not judged(hurt + RALLY, **{"offences[0].label": "Insult of the President"}).slight
    assert not weighed(hurt + RALLY).slight


def test_much_harm_without_the_name_of_a_crime_outweighs_one_sentence_with_a_sign() -> None:
    hurt = "The widow lost 40,000 euros. Her neighbours lost 9,000 euros. "
    assert judged(f"{hurt} The orphans lost 700 euros. {RALLY}").told >= HOUSE.harm_shown
    assert weighed(f"{hurt} The orphans lost 700 euros. {RALLY}").told < HOUSE.harm_shown


def test_words_apart_say_nothing_where_a_judge_saw_a_crime_and_nobody_is_pursued_for_them() -> None:
    apart = "She went to church. She knows a lawyer."
    assert weighed(f"{apart} The widow paid 40,000 euros.").words
    assert judged(f"{apart} The widow paid 40,000 euros.").words == 0
    assert judged(apart).words  # no crime at all
    assert judged(f"{apart} The accused came. The widow paid 40,000 euros.").words


def test_a_request_that_asks_quietly_about_a_told_crime_is_not_refused_for_one_sentence() -> None:
    told = "The victim was stabbed to death. The widow lost 40,000 euros. " + RALLY
    assert weighed(told).slight  # no judge
    assert not weighed(told + "The accused was there. " * 2).slight  # about the person pursued
    assert not weighed(told + "We request the names of all participants.").slight  # everybody is wanted


def test_a_judge_and_two_things_known_tell_a_crime_that_is_named_once() -> None:
    named = "The computers were encrypted. 520 patients were turned away. "
    assert judged(named + RALLY).told >= HOUSE.harm_shown
    assert judged(named + RALLY).protected == 0
    assert weighed(named + RALLY).told < HOUSE.harm_shown


def test_few_signs_are_a_doubt_where_all_the_rest_leans_far() -> None:
    few = replace(scales(1, 0, 0), pursued=2)
    assert judge(few, HOUSE).pretext is Three.MET
    assert judge(replace(few, judged=True), HOUSE).pretext is not Three.MET
    assert judge(replace(few, pursued=0), HOUSE).pretext is not Three.MET
    assert judge(replace(few, protected=0, pursued=3), HOUSE).pretext is not Three.MET
