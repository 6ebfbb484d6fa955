"""Facts: each with its source, nothing guessed, what is supposed says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from habeas.assess import Knowledge, Three, rulebook
from habeas.assess.facts import FactSheet, Matter, OnRecord, Seat, establish, seat_of, signed_words
from habeas.atlas import Tier, atlas
from habeas.request import (
    AccountFacts,
    Assurance,
    Authorisation,
    AuthorisationKind,
    Authority,
    Category,
    Emergency,
    Evidence,
    EvidenceKind,
    Identifier,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Secrecy,
    Target,
    identify,
)
from tests.world import INSULT, ON, item, request, target, years


def facts(asked: Request, knowledge: Knowledge | None = None, seat: Seat | None = None) -> FactSheet:
    matter = Matter(asked, seat or seat_of(asked), knowledge or Knowledge())
    return establish([matter], ON, rulebook())[0]


def value(name: str, asked: Request, knowledge: Knowledge | None = None) -> Three:
    return facts(asked, knowledge).facts[name].value


def test_every_fact_of_the_rulebook_is_made() -> None:
    assert tuple(facts(request()).facts) == rulebook().names


def test_what_is_supposed_says_so() -> None:
    source = facts(request()).facts["instrument_in_force"].sources[0]
    assert source.kind == "supposed"


def test_the_convention_is_not_in_force_today() -> None:
    plain = request(supposed=())
    assert value("instrument_in_force", plain) is Three.NOT_MET
    assert value("instrument_in_force", plain, Knowledge(as_if_in_force=True)) is Three.MET


def test_a_sender_nobody_checked_is_not_identified() -> None:
    assert value("sender_identified", request(supposed=())) is Three.NOT_SHOWN


@pytest.mark.parametrize(
    ("holds", "expected"), [(True, Three.MET), (False, Three.NOT_MET), (None, Three.NOT_SHOWN)]
)
def test_a_call_back_settles_who_sent_it(holds: bool | None, expected: Three) -> None:
    call = Evidence(
        kind=EvidenceKind.CALL_BACK,
        holds=holds,
        register_entry="entry 7",
        register_state="FRA",
        register_read_on=date(2026, 6, 1),
        seen_on=date(2026, 11, 20),
    )
    known = identify(Authority(name="Public prosecutor's office"), (call,), state="FRA", on=ON)
    assert value("sender_identified", request(supposed=()), Knowledge(identification=known)) is expected


def test_an_unknown_seat_law_is_not_shown() -> None:
    assert value("seat_law_permits", request(supposed=(), seat_state="KEN")) is Three.NOT_SHOWN
    assert value("seat_law_permits", request(supposed=(), seat_state=None)) is Three.NOT_SHOWN


def test_a_suspended_state_is_not_in_good_standing() -> None:
    assert value("requester_in_good_standing", request()) is Three.MET
    assert (
        value("requester_in_good_standing", request(), Knowledge(suspended=frozenset({"FRA"})))
        is Three.NOT_MET
    )


def test_a_request_straight_to_a_provider_has_no_road_under_the_convention() -> None:
    assert value("channel_open", request(measure=Measure.DIRECT_TO_PROVIDER)) is Three.NOT_MET
    assert value("channel_open", request(measure=Measure.STORED_ACCESS)) is Three.MET


def test_account_data_asked_for_as_police_cooperation_has_no_road() -> None:
    assert value("channel_open", request(measure=Measure.POLICE_TO_POLICE)) is Three.NOT_MET


@pytest.mark.parametrize(
    ("maximum", "expected"),
    [
        (years(4), Three.MET),
        (years(3.9), Three.NOT_MET),
        (Penalty(kind=PenaltyKind.LIFE), Three.MET),
        (Penalty(kind=PenaltyKind.FINE), Three.NOT_MET),
        (None, Three.NOT_SHOWN),
    ],
)
def test_four_years_is_exactly_enough_and_an_unknown_penalty_never_is(
    maximum: Penalty | None, expected: Three
) -> None:
    offence = Offence(label="An offence", claimed_maximum=maximum)
    assert value("four_years", request(offences=(offence,))) is expected


def test_a_claim_above_the_law_on_record_is_not_shown() -> None:
    """Turkish law punishes insult of the President with four years at most; a provision below stays below."""
    low = Offence(label="Insult", citations=("Art. 284.2 CC RF",), claimed_maximum=years(8))
    sheet = facts(request(offences=(low,), requesting_state="RUS"))
    if any(
        match.provision.maximum(ON) and match.provision.maximum(ON).verified for match in sheet.provisions
    ):  # type: ignore[union-attr]
        assert sheet.facts["four_years"].value is Three.NOT_SHOWN
        assert sheet.facts["penalty_confirmed"].value is Three.NOT_MET


def test_a_label_alone_is_no_harm() -> None:
    bare = request(
        facts="The offence is murder, kidnapping and terrorism.", offences=(Offence(label="Murder"),)
    )
    assert value("real_harm_shown", bare) is not Three.MET
    assert value("real_harm_shown", request()) is Three.MET


def test_conduct_is_an_offence_here_only_where_harm_is_shown() -> None:
    assert value("offence_in_seat_law", request()) is Three.MET
    assert (
        value("offence_in_seat_law", request(facts="He wrote a poem about the moon for his friends."))
        is Three.NOT_SHOWN
    )


def test_a_crime_that_is_only_spoken_of_is_no_offence_here() -> None:
    spoken = (
        "The accused, using the account named, wrote on 3 March 2026 that the President is a thief, "
        "and shared a cartoon of him as a cat. The post was seen by 12,000 people."
    )
    assert value("persecution_shown", request(facts=spoken)) is Three.MET
    assert value("offence_in_seat_law", request(facts=spoken)) is Three.NOT_SHOWN


def test_speech_against_rulers_is_persecution_and_says_where_it_stands() -> None:
    sheet = facts(request(facts=INSULT))
    assert sheet.facts["persecution_shown"].value is Three.MET
    for source in sheet.facts["persecution_shown"].sources:
        assert source.span is not None
        assert INSULT[slice(*source.span)] == source.words


@pytest.mark.parametrize(
    ("kind", "judge", "independent"),
    [
        (AuthorisationKind.JUDGE, Three.MET, Three.MET),
        (AuthorisationKind.PROSECUTOR, Three.NOT_MET, Three.MET),
        (AuthorisationKind.POLICE, Three.NOT_MET, Three.NOT_MET),
        (AuthorisationKind.NONE, Three.NOT_MET, Three.NOT_MET),
        (AuthorisationKind.UNSTATED, Three.NOT_SHOWN, Three.NOT_SHOWN),
    ],
)
def test_who_authorised_is_a_claim_in_three_values(
    kind: AuthorisationKind, judge: Three, independent: Three
) -> None:
    asked = request(authorisation=Authorisation(kind=kind))
    assert value("judge_authorised", asked) is judge
    assert value("independently_authorised", asked) is independent


def test_live_data_and_keys_are_seen_by_category() -> None:
    live = request(targets=(target(item(Category.REALTIME_TRAFFIC)),))
    assert value("live_measure", live) is Three.MET
    assert value("only_live", live) is Three.MET
    mixed = request(targets=(target(item(), item(Category.REALTIME_CONTENT, number=2)),))
    assert value("only_live", mixed) is Three.NOT_MET
    assert value("credentials_asked", request(targets=(target(item(Category.CREDENTIALS)),))) is Three.MET
    assert value("credentials_asked", request()) is Three.NOT_MET


def test_preservation_is_the_measure_or_every_item() -> None:
    assert value("preservation_only", request(measure=Measure.PRESERVATION)) is Three.MET
    kept = request(targets=(target(item(description="preservation")),))
    assert value("preservation_only", kept) is Three.MET
    assert (
        value("content_asked", request(targets=(target(item(Category.CONTENT, description="preservation")),)))
        is Three.NOT_MET
    )


def test_bulk_and_persons_nobody_suspects_are_seen() -> None:
    assert value("bulk_asked", request(targets=(target(value="bulk:all-donors", bulk=True),))) is Three.MET
    assert value("bulk_asked", request()) is Three.NOT_MET
    assert value("third_parties_asked", request(targets=(target(role="témoins"),))) is Three.MET
    assert value("third_parties_asked", request()) is Three.NOT_MET


def test_a_long_period_of_content_needs_a_reason() -> None:
    long = Period(start=date(2020, 1, 1), end=date(2023, 12, 1))
    assert (
        value("period_excessive", request(targets=(target(item(Category.CONTENT, period=long)),)))
        is Three.MET
    )
    assert (
        value("period_excessive", request(targets=(target(item(Category.SUBSCRIBER, period=long)),)))
        is Three.NOT_MET
    )


def test_an_open_period_is_not_bounded() -> None:
    assert (
        value(
            "period_bounded",
            request(targets=(target(item(Category.TRAFFIC, period=Period(start=date(2025, 1, 1)))),)),
        )
        is Three.NOT_MET
    )
    assert (
        value("period_bounded", request(targets=(target(item(Category.TRAFFIC, period=None)),)))
        is Three.NOT_SHOWN
    )


def test_death_is_seen_in_the_claim_and_lifted_only_by_an_assurance() -> None:
    capital = Offence(label="Murder", claimed_maximum=Penalty(kind=PenaltyKind.DEATH))
    assert value("capital_exposure", request(offences=(capital,))) is Three.MET
    assert value("no_death_assurance", request(offences=(capital,))) is Three.NOT_SHOWN
    bare = request(offences=(capital,), assurances=(Assurance(kind="no-death-penalty", text=" "),))
    assert value("no_death_assurance", bare) is Three.NOT_SHOWN
    words = "It will not be imposed, and not be carried out if it is."
    given = request(offences=(capital,), assurances=(Assurance(kind="no-death-penalty", text=words),))
    assert value("no_death_assurance", given) is Three.MET


def test_torture_that_is_often_reported_is_a_risk_for_whoever_is_charged_with_terrorism() -> None:
    """Neither the state alone nor the charge alone, and of a state that nobody named nothing is known."""
    terror = (Offence(label="Terrorist act that caused death", claimed_maximum=years(20)),)
    murder = (Offence(label="Murder", claimed_maximum=years(20)),)

    def risk(state: str | None, offences: tuple[Offence, ...]) -> Three:
        return value("treatment_risk", request(requesting_state=state, offences=offences))

    assert risk("EGY", terror) is Three.MET
    assert risk("EGY", murder) is Three.NOT_MET
    assert risk("NOR", terror) is Three.NOT_MET
    assert risk(None, terror) is Three.NOT_SHOWN
    kinds = {"treatment": Three.MET, "speciality": Three.NOT_SHOWN}
    for kind, given in kinds.items():
        assurance = Assurance(kind=kind, text="Counsel from the first hour; visits by the Red Cross.")
        assert value("treatment_assurance", request(assurances=(assurance,))) is given


def test_an_abolished_death_penalty_is_no_exposure() -> None:
    plain = request().facts
    spoken = request(facts=f"{plain} The death penalty may be imposed.")
    gone = request(facts=f"{plain} The death penalty was abolished long ago.")
    assert value("capital_exposure", spoken) is Three.MET
    assert value("capital_exposure", gone) is Three.NOT_MET


@pytest.mark.parametrize(
    "disguised",
    [
        "H\u0435 insult\u0435d the h\u0435ad of stat\u0435 and publish\u0435d it.",  # Cyrillic letters
        "h e   i n s u l t e d the h e a d of state",
        "He i n s u l t e d the head of state.",
        "He in\u200csulted the head of state.",
        "이 사람은 대통령을 모욕하는 글을 썼다는 이유로 조사를 받고 있습니다.",
    ],
)
def test_words_that_only_people_can_read_are_a_question(disguised: str) -> None:
    plain = request()
    assert value("facts_read", plain) is Three.MET
    told = request(facts=f"{plain.facts} {disguised}")
    assert value("facts_read", told) is Three.NOT_SHOWN
    assert value("real_harm_shown", told) is Three.NOT_SHOWN


@pytest.mark.parametrize("hidden", ["\u200d", "\u2061", "\u180e", "\u3164", "\ufe0f", "\U000e0041"])
def test_characters_nobody_sees_hide_no_word(hidden: str) -> None:
    plain = facts(request(facts="He insulted the head of state.")).scales
    told = facts(request(facts=f"He ins{hidden}ulted the he{hidden}ad of state.")).scales
    assert told == plain
    assert told.protected > 0


@pytest.mark.parametrize(
    "written",
    [
        *("*", "192.0.2.0/24", "2001:db8::/32", "user*@example.org", "user?????"),
        *("192.0.2.0-192.0.2.255", "203.0.113.0 255.255.255.0", "#strike", "keyword: strike", "500 accounts"),
        *("tous les abonnés de la page", "все подписчики канала"),
    ],
)
def test_a_pattern_or_a_network_is_no_account(written: str) -> None:
    many = Target(id="t1", identifiers=(Identifier(value=written),), items=(item(Category.SUBSCRIBER),))
    assert value("bulk_asked", request(targets=(many,))) is Three.MET


def test_an_identifier_that_describes_everybody_is_no_account() -> None:
    words = "all participants of the protest"
    many = Target(id="t1", identifiers=(Identifier(value=words),), items=(item(Category.SUBSCRIBER),))
    assert value("bulk_asked", request(targets=(many,))) is Three.MET


def test_data_to_come_described_as_stored_data_is_a_question() -> None:
    words = "real-time interception of all future messages"
    asked = request(targets=(target(item(Category.SUBSCRIBER, description=words)),))
    assert value("live_measure", asked) is Three.NOT_SHOWN


def test_a_request_taken_for_an_order_is_a_question() -> None:
    asked = request()
    seat = Seat(asked.seat_state, "provider", "domestic-order")
    assert facts(asked, seat=seat).facts["channel_open"].value is Three.NOT_SHOWN


def test_torture_and_the_age_of_the_accused_are_heard() -> None:
    plain = request().facts
    assert value("torture_signs", request(facts=f"{plain} He confessed under torture.")) is Three.MET
    assert value("suspect_is_child", request(facts=f"{plain} The suspect is 14 years old.")) is Three.MET
    boy = msgspec.structs.replace(target(item(Category.SUBSCRIBER)), role="suspect, aged 14")
    assert value("suspect_is_child", request(targets=(boy,))) is Three.MET


def test_a_claimed_emergency_without_a_person_in_danger_is_not_shown() -> None:
    money = request(emergency=Emergency(claimed=True, statement="the money may be lost"))
    assert value("danger_shown", money) is Three.NOT_SHOWN
    child = request(
        emergency=Emergency(claimed=True, statement="abducted child in imminent danger to life"),
        facts="The child was abducted this morning by an armed man who said he will kill the child before "
        "midnight. He communicates with the mother through the account shown; CCTV footage shows him. "
        "There is imminent danger to life. The order of the judge is attached.",
    )
    assert value("danger_shown", child) is Three.MET


def test_a_minor_is_known_from_the_records_of_the_custodian() -> None:
    known = Knowledge(accounts=(AccountFacts(target="t1", holder_is_minor=True),))
    assert value("suspect_is_child", request(), known) is Three.MET
    assert value("suspect_is_child", request()) is Three.NOT_MET


def test_the_seat_follows_from_the_request() -> None:
    assert seat_of(request()).role == "central-authority"
    assert seat_of(request(measure=Measure.DIRECT_TO_PROVIDER)).role == "provider"
    own = request(measure=Measure.DOMESTIC_ORDER, requesting_state="USA")
    assert seat_of(own).arrival == "domestic-order"
    assert seat_of(request(measure=Measure.DOMESTIC_ORDER)).arrival == "request"


def test_a_sentence_said_three_times_tells_nothing_more() -> None:
    crime = "The body of the victim was found with stab wounds, and DNA of the suspect was on the knife. "
    once, thrice = facts(request(facts=crime)).scales, facts(request(facts=crime * 3)).scales
    assert once.harm > 0
    assert (thrice.harm, thrice.told) == (once.harm, once.told)


def test_who_authorised_is_weighed() -> None:
    assert facts(request(authorisation=Authorisation(kind=AuthorisationKind.JUDGE))).scales.judged
    assert not facts(request(authorisation=Authorisation(kind=AuthorisationKind.PROSECUTOR))).scales.judged


def test_what_was_sent_or_shown_ties_an_account_to_the_offence_where_a_judge_has_seen_it() -> None:
    sent = "A film of her was published in the whole town. She was found dead on Monday."
    ordered = Authorisation(kind=AuthorisationKind.JUDGE)
    alone = Authorisation(kind=AuthorisationKind.PROSECUTOR)
    assert value("conduct_linked", request(facts=sent, authorisation=ordered)) is Three.MET
    assert value("conduct_linked", request(facts=sent, authorisation=alone)) is Three.NOT_SHOWN
    nothing = "She was found dead on Monday."
    assert value("conduct_linked", request(facts=nothing, authorisation=ordered)) is Three.NOT_SHOWN


def test_an_intermediary_is_no_medium_and_who_received_stolen_money_is_no_bystander() -> None:
    for role, bystander in (
        ("media outlet", Three.MET),
        ("his source", Three.MET),
        ("intermediary", Three.NOT_MET),
        ("recipient", Three.NOT_MET),
    ):
        assert value("third_parties_asked", request(targets=(target(role=role),))) is bystander, role


MURDER = (
    "On 3 March 2026 the suspect shot the victim, a shopkeeper aged 40, three times before two witnesses, "
    "and the victim died. Telephone records show that the account was used to threaten him the day before."
)
ARRIVED = date(2026, 11, 2)


def _of_days(first: date, last: date, category: Category = Category.TRAFFIC, **parts: object) -> Request:
    wanted = item(category, period=Period(start=first, end=last))
    return request(received_on=ARRIVED, targets=(target(wanted),), **parts)


def test_days_that_had_not_come_are_live_data_whatever_they_are_called() -> None:
    partly = _of_days(date(2026, 9, 1), date(2027, 2, 1))
    assert value("live_measure", partly) is Three.MET
    assert value("only_live", partly) is Three.NOT_MET
    wholly = _of_days(date(2026, 12, 1), date(2027, 2, 1), Category.CONTENT)
    assert value("live_measure", wholly) is Three.MET
    assert value("only_live", wholly) is Three.MET
    stored = _of_days(date(2026, 9, 1), ARRIVED)
    assert value("live_measure", stored) is Three.NOT_MET
    who = _of_days(date(2026, 9, 1), date(2027, 2, 1), Category.SUBSCRIBER)
    assert value("live_measure", who) is Three.NOT_MET
    undated = msgspec.structs.replace(partly, received_on=None)
    assert value("live_measure", undated) is Three.MET  # then the day of the assessment is the day it arrived


def test_days_far_from_the_conduct_are_not_explained_by_it() -> None:
    conduct = Period(start=date(2026, 5, 1), end=date(2026, 5, 31))
    for first, last, expected in (
        (date(2019, 1, 1), date(2019, 1, 31), Three.MET),
        (date(2026, 10, 1), date(2026, 10, 9), Three.MET),
        (date(2026, 3, 1), date(2026, 3, 9), Three.NOT_MET),  # the quarter before it
        (date(2026, 5, 9), date(2026, 5, 9), Three.NOT_MET),
    ):
        assert value("period_excessive", _of_days(first, last, conduct=conduct)) is expected
        assert value("period_excessive", _of_days(first, last)) is Three.NOT_MET
    who = _of_days(date(2019, 1, 1), date(2019, 1, 31), Category.SUBSCRIBER, conduct=conduct)
    assert value("period_excessive", who) is Three.NOT_MET


@pytest.mark.parametrize(
    ("state", "told", "expected"),
    [
        ("JPN", MURDER, Three.NOT_SHOWN),  # keeps it, and where lives are taken the claim settles nothing
        (None, MURDER, Three.NOT_SHOWN),
        ("FRA", MURDER, Three.NOT_MET),
        ("JPN", request().facts, Three.NOT_MET),
    ],
)
def test_a_claim_alone_does_not_exclude_death_where_the_law_keeps_it(
    state: str | None, told: str, expected: Three
) -> None:
    charged = (Offence(label="An offence", citations=("art. 0",), claimed_maximum=years(20)),)
    assert (
        value("capital_exposure", request(requesting_state=state, facts=told, offences=charged)) is expected
    )


def test_a_form_that_may_be_meant_and_carries_death_is_not_excluded_by_a_claim() -> None:
    cited = (Offence(label="An offence", citations=("Article 37 Criminal Code",), claimed_maximum=years(5)),)
    sheet = facts(request(requesting_state="NGA", offences=cited))
    assert [match.provision.id for match in sheet.provisions] == ["nga-cc-37"]
    assert sheet.facts["capital_exposure"].value is not Three.NOT_MET


def test_the_graver_form_does_not_stand_for_the_one_charged() -> None:
    """In Denmark fraud with data reaches six years in its graver form, and a year and a half otherwise."""
    cited = "Straffeloven § 263"
    assert [match.provision.id for match in atlas().find([cited], state="DNK")] == ["dnk-strl-263"]
    bare = Offence(label="Intrusion", citations=(cited,))
    assert value("four_years", request(requesting_state="DNK", offences=(bare,))) is Three.NOT_SHOWN
    claimed = msgspec.structs.replace(bare, claimed_maximum=years(6))
    sheet = facts(request(requesting_state="DNK", offences=(claimed,)))
    assert sheet.facts["four_years"].value is Three.MET
    assert sheet.facts["penalty_confirmed"].value is Three.NOT_SHOWN
    assert "graver form" in sheet.facts["penalty_confirmed"].note


def test_an_old_reading_of_the_law_carries_nothing_alone() -> None:
    cited = Offence(label="Quarrels", citations=("刑法第293条",))
    old = facts(request(requesting_state="CHN", offences=(cited,))).facts["four_years"]
    assert old.value is Three.NOT_SHOWN
    assert "was read" in old.note
    claimed = msgspec.structs.replace(cited, claimed_maximum=years(10))
    sheet = facts(request(requesting_state="CHN", offences=(claimed,)))
    assert sheet.facts["penalty_confirmed"].value is Three.MET
    assert "was read" in sheet.facts["penalty_confirmed"].note


def test_a_penalty_raised_after_the_conduct_does_not_reach_back() -> None:
    (match,) = atlas().find(["TCK m. 299"], state="TUR", on=ON)
    top = next(each for each in match.provision.penalties if each.tier is Tier.HIGHEST)
    before = msgspec.structs.replace(
        top, maximum=years(2), minimum=1.0, start=None, end=2020, verification=top.verification
    )
    raised = msgspec.structs.replace(
        match.provision, penalties=(before, msgspec.structs.replace(top, start=2021))
    )
    dated = (msgspec.structs.replace(match, provision=raised),)
    assert OnRecord(dated, ON, 2022).maximum.reaches is True
    early = OnRecord(dated, ON, 2019).maximum
    assert early.reaches is False
    assert "raised after the conduct" in early.terms
    assert "2019" in early.terms


def test_what_was_enacted_after_the_conduct_was_not_in_force() -> None:
    provision = atlas().provision("dza-cp-196bis")
    assert provision.since is not None
    for then, expected in ((provision.since - 1, Three.NOT_MET), (provision.since, Three.MET)):
        asked = request(
            requesting_state="DZA",
            offences=(Offence(label="False news", citations=("article 196 bis du code pénal",)),),
            conduct=Period(start=date(then, 2, 1), end=date(then, 2, 2)),
        )
        assert value("provision_in_force", asked) is expected


def test_secrecy_whose_end_is_past_is_no_dated_secrecy() -> None:
    for until, expected in ((ON, Three.MET), (date(2020, 1, 1), Three.NOT_MET), (None, Three.NOT_SHOWN)):
        asked = request(secrecy=Secrecy(asked=True, reason="evidence could be destroyed", until=until))
        assert value("secrecy_dated", asked) is expected


def test_other_proceedings_in_the_records_keep_the_question_open() -> None:
    known = Knowledge(accounts=(AccountFacts(target="t1", other_proceedings=True),))
    assert value("already_tried", request(), known) is Three.NOT_SHOWN
    none = Knowledge(accounts=(AccountFacts(target="t1", other_proceedings=False),))
    assert value("already_tried", request(), none) is Three.NOT_MET


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "He was acquitted of the same facts in 2019."),
        ("fr", "Il avait été acquitté en 2019."),
        ("es", "Fue condenado por los mismos hechos."),
        ("pt", "Foi absolvido pelos mesmos fatos."),
        ("ru", "Ранее он был осуждён за те же действия."),
        ("ar", "وقد حكم ببراءته سنة 2019."),
        ("tr", "Sanık aynı suçtan yargılanmıştı."),
        ("zh", "法院撤销无罪判决后重新立案。"),
        ("de", "Er wurde wegen derselben Tat verurteilt."),
    ],
)
def test_an_earlier_judgment_on_the_same_facts_is_heard(language: str, words: str) -> None:
    assert value("already_tried", request(facts=words, language=language)) is Three.MET


@pytest.mark.parametrize(
    "words",
    [
        "The messages went to the buyer, who is already convicted.",
        "A witness heard before the retrial was threatened.",
        "Several traders had served as election officers.",
        "The boat overturned at night.",
    ],
)
def test_an_earlier_case_of_somebody_is_no_judgment_on_these_facts(words: str) -> None:
    """It is a question for people, and stops nothing by itself."""
    assert value("already_tried", request(facts=words, language="en")) is Three.NOT_SHOWN


def test_what_a_seat_allows_in_part_is_not_allowed_for_everything() -> None:
    direct = {"instrument": "national-direct", "measure": Measure.DIRECT_TO_PROVIDER, "supposed": ()}
    both = (target(item(), item(Category.CONTENT, number=2)),)
    asked = request(**direct, targets=both)
    assert value("seat_law_permits", asked) is Three.MET
    assert value("seat_law_permits_all", asked) is Three.NOT_MET
    assert value("seat_law_permits_all", request(**direct)) is Three.MET
    live = (target(item(), item(Category.REALTIME_CONTENT, number=2)),)  # never given, whatever law allows
    assert value("seat_law_permits_all", request(**direct, targets=live)) is Three.MET


def test_a_state_that_reserved_dual_criminality_for_preservation_is_known_by_its_record() -> None:
    """A file that is silent says nothing, and one that was withdrawn no more."""
    for instrument in ("uncc", "budapest"):
        keep = request(instrument=instrument, measure=Measure.PRESERVATION)
        assert value("dual_criminality_reserved", keep) is Three.NOT_SHOWN
    order = request(instrument="eu-e-evidence", measure=Measure.PRESERVATION)
    assert value("dual_criminality_reserved", order) is Three.NOT_MET
    keep = request(instrument="budapest", measure=Measure.PRESERVATION, seat_state="CHE")
    fact = facts(keep).facts["dual_criminality_reserved"]
    assert fact.value is Three.MET
    assert fact.sources[0].ref == "budapest:29(4), reservation of CHE, 2011-09-21"
    assert fact.sources[0].words.startswith("Council of Europe Treaty Office")
    assert fact.sources[0].words.endswith("(seen)")
    theirs = msgspec.structs.replace(keep, seat_state="USA", requesting_state="CHE")
    assert value("dual_criminality_reserved", theirs) is Three.NOT_SHOWN  # the requested state's alone counts
    withdrawn = msgspec.structs.replace(keep, seat_state="CZE")
    assert value("dual_criminality_reserved", withdrawn) is Three.NOT_SHOWN


@pytest.mark.parametrize(
    ("parts", "touched"),
    [
        ({"measure": Measure.PRESERVATION, "seat_state": "AUT"}, Three.MET),
        ({"seat_state": "AUT"}, Three.NOT_MET),  # 29(4) is about keeping data, and these are to be given
        ({"measure": Measure.REALTIME_TRAFFIC, "seat_state": "BGR"}, Three.MET),
        ({"seat_state": "BGR"}, Three.NOT_MET),
        ({"measure": Measure.EMERGENCY, "seat_state": "USA", "facts": ""}, Three.MET),  # 27(9)(e)
        ({"seat_state": "FIN"}, Three.MET),  # article 2, and the facts tell of intrusion
        ({"seat_state": "FIN", "facts": "", "offences": ()}, Three.NOT_SHOWN),  # it may be article 2
        ({"seat_state": "EST", "requesting_state": "HRV"}, Three.NOT_MET),
    ],
)
def test_a_reservation_to_the_budapest_convention_touches_what_is_asked_for(
    parts: dict[str, Any], touched: Three
) -> None:
    asked = request(**{"instrument": "budapest", "requesting_state": "HRV"} | parts)
    assert value("reservation_touches", asked) is touched


def test_an_order_straight_to_a_provider_in_japan_meets_its_reservation() -> None:
    order = request(instrument="budapest-2ap", measure=Measure.DIRECT_TO_PROVIDER, seat_state="JPN")
    assert value("reservation_touches", order) is Three.MET
    assert value("reservation_touches", msgspec.structs.replace(order, measure=Measure.POLICE_TO_POLICE)) is (
        Three.NOT_MET
    )


def test_a_reservation_of_a_month_is_not_surely_made_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.assess.test_facts.ON", date(2026, 2, 10))
    assert value("reservation_on_file", request(requesting_state="QAT")) is Three.NOT_SHOWN
    monkeypatch.setattr("tests.assess.test_facts.ON", date(2026, 1, 31))
    assert value("reservation_on_file", request(requesting_state="QAT")) is Three.NOT_MET


@pytest.mark.parametrize(
    ("countries", "in_the_states", "at_home"),
    [
        ((None, None), Three.NOT_SHOWN, Three.NOT_SHOWN),
        (("FRA", None), Three.NOT_SHOWN, Three.NOT_SHOWN),
        (("FRA", "FRA"), Three.NOT_MET, Three.MET),
        (("USA", None), Three.MET, Three.NOT_MET),
        (("FRA", "DEU"), Three.NOT_MET, Three.NOT_MET),
    ],
)
def test_where_accounts_are_used_is_told_by_the_records_of_all_of_them(
    countries: tuple[str | None, str | None], in_the_states: Three, at_home: Three
) -> None:
    asked = request(targets=(target(), target(value="@other", number=2)))
    known = Knowledge(
        accounts=tuple(
            AccountFacts(target=f"t{number}", country_of_use=country)
            for number, country in enumerate(countries, start=1)
        )
    )
    assert value("used_in_united_states", asked, known) is in_the_states
    assert value("used_at_home", asked, known) is at_home


def test_danger_whose_own_time_had_passed_when_it_arrived_is_not_shown() -> None:
    said = (
        "A man holds a child in a flat and wrote from the account that he will kill her tonight. Officers "
        "saw the messages on the mother's phone and the investigating judge has been told."
    )

    def danger(ends: datetime | None) -> Three:
        claim = Emergency(claimed=True, statement="A child may be killed.", deadline=ends)
        asked = request(facts=said, emergency=claim, received_on=date(2026, 11, 20))
        return value("danger_shown", asked)

    assert danger(None) is Three.MET
    assert danger(datetime(2026, 11, 20, 23, tzinfo=UTC)) is Three.MET
    assert danger(datetime(2026, 11, 10, 23, tzinfo=UTC)) is Three.NOT_SHOWN


def test_an_authorisation_that_is_not_attached_is_said_so() -> None:
    named = Authorisation(kind=AuthorisationKind.JUDGE, document_attached=False)
    fact = facts(request(authorisation=named)).facts["judge_authorised"]
    assert fact.value is Three.MET
    assert "not attached" in fact.note


def test_every_field_is_looked_through_for_signs_that_a_later_version_must_not_lose() -> None:
    asked = request(
        link="The account posted jokes about the President.",
        necessity="Nothing else leads to the user.",
        targets=(target(item(description="the names of all persons who took part in the protest")),),
    )
    assert signed_words(asked) == (
        "The account posted jokes about the President.",
        "Requested: the names of all persons who took part in the protest",
    )
    assert signed_words(request()) == ()
