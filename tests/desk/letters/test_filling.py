"""What of a case reaches its letters: labels, days and grounds, and nothing that names a person or a sign."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from habeas.assess import CONDITIONS, FORMAL_REQUEST, Ceiling, Consequence, Decision, rulebook
from habeas.desk import terms
from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.events import Configured, DelayGround, Rerouted, Ruling
from habeas.desk.letters import (
    Condition,
    Ground,
    Kind,
    Language,
    Reason,
    Road,
    Sender,
    Slow,
    compose,
    filling,
    plain,
)
from habeas.desk.letters.model import NOTICES, Fate
from habeas.desk.rulings import recommended
from habeas.errors import Refused
from habeas.request import Measure, Request
from habeas.treaty import law
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    EIO,
    EMERGENCY,
    SECRET,
    SETTINGS,
    SOUND,
    TWO,
    all_refused,
    as_covered,
    ask,
    at,
    bring,
    example,
    house_of,
    letter_to,
    propose_delay,
    receive,
    rulings,
    step,
    written,
)

SENDER = Sender(
    name="Example House", office="Requests from abroad", contact="its address", oversight="its court"
)
NAMED: Configured = msgspec.structs.replace(SETTINGS, sender=SENDER)
LATER = at(days=40)


def _house(request: Request = SOUND) -> Desk:
    desk, _memory = house_of(request=request)
    desk.configure("admin" if "admin" in desk.house().people else "administrator", at(), settings=NAMED)
    return desk


def _facts(desk: Desk, language: Language = Language.ENGLISH) -> filling.LetterFacts:
    return filling.facts(desk.case(CASE), desk.house(), LATER, language)


def test_the_answer_to_an_objection_is_offered_when_it_is_answered_and_says_which() -> None:
    desk = _house()
    bring(desk, "notified")
    assert Kind.OBJECTION_ANSWER not in filling.kinds(desk.case(CASE))
    for day, upheld, in_part in ((1, False, False), (3, True, True), (5, True, False)):
        desk.object(CASE, at(days=day), code=CODE, words=f"A mistake, {day}.")
        assert Kind.OBJECTION_ANSWER not in filling.kinds(desk.case(CASE)), "it is not answered yet"
        with pytest.raises(Refused, match="no objection was answered"):
            _written(desk, day)
        case = desk.answer_objection(
            CASE, "counsel", at(days=day + 1), upheld=upheld, in_part=in_part, reason="For the file."
        )
        assert filling.kinds(case)[0] is Kind.OBJECTION_ANSWER
        found = _facts(desk)
        assert (found.heard, found.objected) == (case.heard, at(days=day).date())
        assert "For the file" not in plain(compose(Kind.OBJECTION_ANSWER, found, language=Language.ENGLISH))
        assert case.answers() == (), "a letter to an earlier objection answers no later one"
        assert len(_written(desk, day + 1).answers()) == 1
    assert case.objectors == (CODE,)
    desk.object(CASE, at(days=8), code=CODE, words="Again.")
    with pytest.raises(Refused, match="in part is upheld"):
        desk.answer_objection(CASE, "counsel", at(days=8), upheld=False, in_part=True, reason="x")


def _written(desk: Desk, day: float) -> Case:
    kind, language = Kind.OBJECTION_ANSWER, Language.ENGLISH
    return desk.write(CASE, "counsel", at(days=day), letter=kind, language=language, sha256=CODE)


def test_a_house_without_a_name_writes_no_letter() -> None:
    desk, _memory = house_of()
    desk.configure("administrator", at(), settings=msgspec.structs.replace(SETTINGS, sender=None))
    receive(desk)
    with pytest.raises(Refused, match="how its letters name it"):
        _facts(desk)


def test_targets_are_letters_of_the_alphabet_and_items_are_numbers() -> None:
    desk = _house()
    bring(desk, "decided")
    found = _facts(desk).items
    assert {item.target for item in found} == {"A"}
    assert [item.item for item in found] == list(range(1, len(found) + 1))


def test_only_what_is_given_is_listed_once_that_is_decided() -> None:
    desk = _house()
    case = bring(desk, "assessed")
    kept = {(SOUND.targets[0].id, SOUND.targets[0].items[0].id)}
    mixed = [
        ruling if ruling.key in kept else refused
        for ruling, refused in zip(_as_advised(case), all_refused(case), strict=True)
    ]
    desk.review(CASE, "reviewer", at(1), assessment=case.digest, rulings=mixed, why="One is enough.")
    desk.second_review(CASE, "reviewer-2", at(2), agrees=True)
    assert [item.item for item in _facts(desk).items] == [1]


def _as_advised(case: Case) -> tuple[Ruling, ...]:

    return rulings(case)


def test_no_identifier_statement_or_sign_is_in_any_letter() -> None:
    request = example("persecution-dressed-as-fraud")
    desk = _house(request)
    case = bring(desk, "assessed", request=request)
    desk.review(
        CASE,
        "reviewer",
        at(1),
        assessment=case.digest,
        rulings=[msgspec.structs.replace(each, ground=filling.PERSECUTION) for each in all_refused(case)],
    )
    if desk.case(CASE).stage == "reviewed":
        desk.second_review(CASE, "reviewer-2", at(2), agrees=True)
    desk.refuse(CASE, "reviewer", at(3), persecution=True)
    case = desk.case(CASE)
    assert case.assessment is not None
    written = plain(compose(Kind.PERSECUTION_REFUSAL, _facts(desk), language=Language.ENGLISH))
    secret = [identifier.value for target in request.targets for identifier in target.identifiers]
    secret += [sign.says for sign in case.assessment.signs] + list(case.assessment.protected_conduct)
    secret += [offence.label for offence in request.offences]
    assert [words for words in secret if words.lower() in written.lower()] == []
    assert (
        filling.grounds(case, desk.house()) == ()
    )  # persecution is answered with the closed text, never with a reason


def test_a_ground_is_of_the_closed_list_or_what_the_cited_finding_is_about() -> None:
    desk = _house()
    case = bring(desk, "assessed")
    plain_ground = [
        msgspec.structs.replace(each, ground=Ground.PROPORTIONALITY) for each in all_refused(case)
    ]
    desk.review(CASE, "reviewer", at(1), assessment=case.digest, rulings=plain_ground, why="Too much.")
    desk.second_review(CASE, "reviewer-2", at(2), agrees=True)
    assert filling.grounds(desk.case(CASE), desk.house()) == (Reason(ground=Ground.PROPORTIONALITY),)
    unknown = [msgspec.structs.replace(each, ground="something we made up") for each in all_refused(case)]
    refused = msgspec.structs.replace(
        desk.case(CASE),
        reviews=(msgspec.structs.replace(desk.case(CASE).reviews[-1], rulings=tuple(unknown)),),
    )
    assert (
        filling.grounds(refused, desk.house()) == ()
    )  # never guessed; a refusal without a ground is not written


REFUSING = {
    Consequence.NARROW,
    Consequence.REFUSE_DISCRETION,
    Consequence.REFUSE_LAW,
    Consequence.REFUSE_RIGHTS,
}


def test_every_finding_for_which_something_may_be_refused_has_a_ground() -> None:
    """Else a refusal that follows the recommendation would be counted among the others."""
    known = {*Ground, filling.PERSECUTION}
    lacking = [
        check.id
        for check, rule in rulebook().rules
        if {rule.not_met, rule.not_shown} & REFUSING
        and (filling._BY_CHECK.get(check.id) or filling._BY_THEME.get(check.theme)) not in known
    ]
    assert lacking == []


def test_a_letter_names_the_ground_of_a_refusal_as_recommended() -> None:
    request = example("forged-emergency")
    desk = _house(request)
    case = bring(desk, "assessed", request=request)
    assert case.assessment is not None
    named = recommended(case.assessment)
    assert {each.ground for each in named} == {"uncc:40(13)"}
    desk.review(CASE, "counsel", at(1), assessment=case.digest, rulings=named)
    if desk.case(CASE).stage == "reviewed":
        desk.second_review(CASE, "reviewer-2", at(2), agrees=True)
    assert filling.grounds(desk.case(CASE), desk.house()) == (Reason(ground=Ground.AUTHENTICITY),)


def test_an_article_that_several_findings_cite_is_the_ground_of_the_one_it_comes_first_in() -> None:
    desk = _house()
    case = bring(desk, "assessed")
    assert case.assessment is not None
    one, two, *_ = case.assessment.findings[0].cites, case.assessment.findings[1].cites
    first, second = one[0], next(each for each in two if each.cite != one[0].cite)
    bare = msgspec.structs.replace(case.assessment.findings[0], outcome="not met")
    weighty = msgspec.structs.replace(
        bare, check="rights.minors", theme="minors", house="refuse-rights", cites=(first, second)
    )
    light = msgspec.structs.replace(
        bare, check="channel.direct", theme="channel", house="refuse-law", cites=(second, first)
    )
    only = msgspec.structs.replace(case.assessment, findings=(weighty, light))
    known = msgspec.structs.replace(case, assessment=only)
    assert filling.ground(known, first.cite) == Ground.HUMAN_RIGHTS
    assert filling.ground(known, second.cite) == Ground.CHANNEL
    met = (msgspec.structs.replace(weighty, outcome="met"), msgspec.structs.replace(light, cites=(second,)))
    people = msgspec.structs.replace(case, assessment=msgspec.structs.replace(only, findings=met))
    assert filling.ground(people, first.cite) == Ground.HUMAN_RIGHTS  # they see it otherwise than the desk
    assert filling.ground(people, second.cite) == Ground.CHANNEL
    both = (msgspec.structs.replace(weighty, cites=(first,)), msgspec.structs.replace(light, cites=(first,)))
    same = msgspec.structs.replace(case, assessment=msgspec.structs.replace(only, findings=both))
    assert filling.ground(same, first.cite) == Ground.HUMAN_RIGHTS  # the weightier
    assert filling.ground(same, "budapest:999") == ""


def test_an_expert_is_asked_what_they_were_invited_for_and_the_requester_is_not() -> None:
    desk = _house()
    confirmed = as_covered(bring(desk, "assessed"))
    question = "Is this a crime against a system?"
    desk.invite(CASE, "counsel", at(3), person="expert", question=question, confirmed=confirmed)
    case, house = desk.case(CASE), desk.house()
    asked = {
        kind: [each.text for each in filling.facts(case, house, LATER, Language.ENGLISH, kind).questions]
        for kind in (Kind.EXPERT_INVITATION, Kind.CLARIFICATION)
    }
    assert asked == {Kind.EXPERT_INVITATION: [question], Kind.CLARIFICATION: []}


def test_the_letter_that_fits_comes_first() -> None:
    desk = _house()
    assert filling.kinds(receive(desk)) == (Kind.ACKNOWLEDGEMENT, Kind.RECEIPT)
    desk = _house()
    assert not NOTICES & set(filling.kinds(bring(desk, "notified")))  # it was written as they were told
    desk = _house()
    case = bring(desk, "assessed")
    ask(desk, at(1), "Which order is meant?")
    assert filling.kinds(desk.case(CASE))[0] is Kind.CLARIFICATION
    assert case.questions == ()


def test_that_it_takes_longer_is_written_to_the_issuing_authority_without_our_own_words() -> None:
    desk = _house(EIO)
    case = DONE["take-time"](desk)
    house = desk.house()
    assert filling.kinds(case)[0] is Kind.MORE_TIME
    facts = filling.facts(case, house, at(hours=3), Language.ENGLISH)
    assert (facts.later, facts.slow, facts.to_decide) == (at(days=50).date(), Slow.COURT, True)
    assert "list is full" not in msgspec.json.encode(facts).decode()
    assert filling.owed(case, at().date()) == filling.Owed(Kind.MORE_TIME, written=False, ready=False)
    case = letter_to(desk, Kind.MORE_TIME, at(hours=3), held="eu-eio:12(5)")
    assert filling.owed(case, at().date()) == filling.Owed(Kind.MORE_TIME, written=True, ready=False)
    assert filling.owed(letter_to(desk, Kind.MORE_TIME, at(hours=4)), at().date()) is None
    answered = desk.withdraw(CASE, "intake", at(hours=5), why="Their letter.")
    assert Kind.MORE_TIME not in filling.kinds(answered)


def test_what_an_earlier_version_of_the_desk_took_for_told_is_owed_no_letter() -> None:
    desk = _house(EIO)
    case = DONE["take-time"](desk)
    last = case.history[-1]
    before = msgspec.structs.replace(last, event=msgspec.structs.replace(last.event, slow=None))
    old = msgspec.structs.replace(case, history=(*case.history[:-1], before))
    assert filling.owed(old, at().date()) is None
    assert Kind.MORE_TIME not in filling.kinds(old)


def test_secrecy_that_is_not_kept_goes_back_to_the_requester_by_a_letter() -> None:
    desk = _house(SECRET)
    case = DONE["decline-secrecy"](desk)
    secret = Kind.SECRECY_NOT_HONOURED
    assert filling.owed(case, at().date()) == filling.Owed(secret, written=False, ready=False)
    assert filling.owed(letter_to(desk, secret), at().date()) is None
    ordered = msgspec.structs.replace(
        case.request, measure=Measure.DOMESTIC_ORDER, requesting_state="CHE", instrument="domestic-order"
    )
    version = msgspec.structs.replace(case.versions[-1], request=ordered)
    assert filling.owed(msgspec.structs.replace(case, versions=(version,)), at().date()) is None


def test_what_the_person_is_told_follows_the_case() -> None:
    desk = _house()
    bring(desk, "notified")
    assert _facts(desk).fate is Fate.UNDECIDED
    assert _facts(desk).not_before is not None
    for name in ("prepared", "approved", "released"):
        step(desk, name)
    assert _facts(desk).fate is Fate.GIVEN


def test_a_notice_speaks_of_one_persons_data_and_says_when_its_own_bar_ended() -> None:
    desk = _house(TWO)
    refused = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": "x"}
    bring(desk, "decided", request=TWO, t1_i2=refused, t1_i3=refused, t2_i1=refused)
    case, house = written(desk, "reviewer", at(hours=6)), desk.house()
    listed = {
        notice.targets: [
            (each.target, each.item)
            for each in filling.facts(case, house, at(hours=6), Language.ENGLISH, notice=notice).items
        ]
        for notice in case.notices
    }
    assert listed == {("t1",): [("A", 1)], ("t2",): [("B", 2), ("B", 3)]}
    assert {filling.notice_kind(case, each) for each in case.notices} == {Kind.NOTICE}


def test_a_notice_after_a_delay_names_the_day_on_which_the_bar_ended() -> None:
    desk = _house()
    bring(desk, "decided")
    propose_delay(desk, days=60, review=30)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    desk.lift_delay(CASE, "counsel", at(days=2), why="The order was lifted.")
    desk.agree_lift(CASE, "reviewer", at(days=3))
    case = written(desk, "reviewer", at(days=4))
    assert filling.notice_kind(case, case.notices[0]) is Kind.DELAYED_NOTICE
    found = filling.facts(case, desk.house(), at(days=4), Language.ENGLISH, notice=case.notices[0])
    assert (found.bar_ended, found.barred) == (at(days=3).date(), False)  # two people lifted it early
    assert found.items
    assert found.not_before == case.notices[0].waits_until.astimezone(ZoneInfo("Europe/Zurich")).date()


@pytest.mark.parametrize("language", Language)
def test_states_have_a_name_in_every_language(language: Language) -> None:
    names = {filling.state_name(code, language) for code in ("FRA", "THA", "XKX", "EUU")}
    assert len(names) == 4
    assert not names & {"FRA", "THA", "XKX", "EUU", ""}
    assert filling.state_name("", language) == ""


def test_labels_go_on_after_the_alphabet() -> None:
    assert [filling._label(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "703"]


def test_the_consultation_that_a_letter_names_is_the_one_with_the_requesting_state() -> None:
    desk = _house()
    bring(desk, "assessed")
    desk.consult(CASE, "reviewer", at(1), whom="A ministry", about="The channel")
    assert _facts(desk).consulted is None
    desk.consult(CASE, "reviewer", at(2), whom="Their office", about="The scope", requester=True)
    assert _facts(desk).consulted == at(2).date()
    desk.consult(CASE, "reviewer", at(3), whom="A ministry", about="The channel")
    assert _facts(desk).consulted == at(2).date()


def test_the_day_a_request_reached_us_is_the_one_stated_when_it_was_taken_in() -> None:
    for stated, day in ((at(-9), at(-9)), (at(), at()), (at(2), at()), (None, at())):
        on = stated.date() if stated is not None else None
        request = msgspec.structs.replace(SOUND, received_on=on)
        desk = _house()
        receive(desk, request=request)
        assert _facts(desk).received == day.date()


def test_an_answer_is_asked_for_within_hours_in_an_emergency_and_in_the_days_of_the_instrument() -> None:
    desk = _house(EMERGENCY)
    receive(desk, request=EMERGENCY)
    urgent = _facts(desk)
    assert urgent.answer_at is not None
    assert urgent.answer_at - LATER == timedelta(hours=8)
    assert urgent.answer_by == urgent.answer_at.date()
    for request, days in ((SOUND, 30), (msgspec.structs.replace(SOUND, instrument="eu-e-evidence"), 5)):
        desk = _house(request)
        receive(desk, request=request)
        found = _facts(desk)
        assert (found.answer_at, found.answer_by) == (None, LATER.date() + timedelta(days=days))


def test_every_condition_of_an_assessment_is_for_the_requester_or_known_to_be_for_the_house() -> None:
    house_only = {
        "channel.notification",
        "proportionality.only-bulk",
        "proportionality.third-parties",
        "rights.child",
        "rights.double-jeopardy",
        "form.preservation-follow-up",
        "emergency.danger",
        "scope.penalty",
        "scope.provision",
        "data.sessions",
        "data.territory",
        "conditions.own-proceedings",
    }
    said = {check for check, words in CONDITIONS.items() if words in terms._BY_CONDITION}
    assert said | house_only == set(CONDITIONS)
    assert not said & house_only
    assert set(terms._BY_CONDITION) - set(CONDITIONS.values()) == {FORMAL_REQUEST}


def test_what_the_law_of_a_seat_asks_of_the_requester_is_said_in_the_houses_words() -> None:
    known = {words for seat in law().seats for rule in law().seat(seat).rules for words in rule.conditions}
    assert set(terms.BY_SEAT_LAW) <= known
    desk = _house()
    case = bring(desk, "decided")
    assert case.assessment is not None
    asked = msgspec.structs.replace(case.assessment, conditions=tuple(terms.BY_SEAT_LAW))
    case = msgspec.structs.replace(case, assessment=asked)
    found = filling.facts(case, desk.house(), LATER, Language.FRENCH)
    letter = plain(compose(Kind.CONDITIONS, found, language=Language.FRENCH))
    assert [each.words for each in filling.with_data(case)] == list(terms.BY_SEAT_LAW.values())
    assert all(each.words in letter for each in filling.with_data(case))


def test_conditions_of_the_assessment_and_of_people_are_in_the_letter_and_go_with_the_data() -> None:
    desk = _house()
    own = "The records are read by two officers only."
    case = bring(desk, "decided", i1={"conditions": (own,)})
    assert case.assessment is not None
    asked = msgspec.structs.replace(
        case.assessment, conditions=(CONDITIONS["rights.special-court"], CONDITIONS["scope.penalty"])
    )
    case = msgspec.structs.replace(case, assessment=asked)
    found = filling.facts(case, desk.house(), LATER, Language.ENGLISH)
    assert Condition.ORDINARY_COURT in found.conditions
    letter = plain(compose(Kind.CONDITIONS, found, language=Language.ENGLISH))
    with_data = filling.with_data(case)
    assert with_data == (("The data are not used before a special or military court.", None), (own, None))
    assert own in letter
    assert "special or military court" in letter
    assert CONDITIONS["scope.penalty"] not in letter, "that one is for counsel"


@pytest.mark.parametrize(
    ("ground", "until", "review", "told", "ended", "barred"),
    [
        (DelayGround.GAG_ORDER, 20, 20, 21, 20, True),
        (DelayGround.GAG_ORDER, 60, 30, 31, 30, False),  # it lapsed for us; the order had not ended
        (DelayGround.DANGER_TO_PERSON, 20, 20, 21, 20, False),
        (DelayGround.DANGER_TO_INVESTIGATION, 20, 20, 21, 20, False),
    ],
)
def test_a_delayed_notice_names_no_end_that_had_not_come(
    ground: DelayGround, until: int, review: int, told: int, ended: int, barred: bool
) -> None:
    desk = _house()
    bring(desk, "decided")
    desk.delay_notice(
        CASE,
        "counsel",
        at(hours=6),
        ground=ground,
        why="It stands.",
        cite="Article 1",
        until=at(until).date(),
        review=at(review).date(),
    )
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    case = written(desk, "reviewer", at(told))
    found = filling.facts(case, desk.house(), at(told), Language.ENGLISH, notice=case.notices[-1])
    assert (found.bar_ended, found.barred) == (at(ended).date(), barred)
    assert filling.notice_kind(case, case.notices[-1]) is Kind.DELAYED_NOTICE


def test_a_notice_before_any_delay_is_no_delayed_one() -> None:
    desk = _house()
    case = bring(desk, "notified")
    propose_delay(desk, when=at(days=1))
    case = desk.agree_delay(CASE, "reviewer", at(days=1))
    assert filling.notice_kind(case, case.notices[0]) is Kind.NOTICE
    found = filling.facts(case, desk.house(), LATER, Language.ENGLISH, notice=case.notices[0])
    assert found.bar_ended is None


def test_the_road_in_the_letter_is_the_one_that_was_recorded() -> None:
    desk = _house()
    DONE["reroute"](desk)
    assert filling.kinds(desk.case(CASE))[0] is Kind.REROUTE
    assert (_facts(desk).road, _facts(desk).seat_state) == (Road.CENTRAL, "Switzerland")
    assert "Switzerland" in plain(compose(Kind.REROUTE, _facts(desk), language=Language.ENGLISH))
    case = desk.case(CASE)
    named = msgspec.structs.replace(case.history[-1], event=Rerouted(to="Home Office"))
    case = msgspec.structs.replace(case, history=(*case.history[:-1], named))
    found = filling.facts(case, desk.house(), LATER, Language.ENGLISH)
    assert (found.road, found.named_road) == (None, "Home Office")


def test_a_provider_says_that_nothing_obliges_it_where_the_ground_is_a_states() -> None:
    direct = msgspec.structs.replace(SETTINGS, seat="CHE:provider", sender=SENDER)
    desk, _memory = house_of(direct)
    case = bring(desk, "assessed")
    states = tuple(msgspec.structs.replace(each, ground=Ground.SCOPE) for each in all_refused(case))
    decided = step(desk, "reviewed", decided=states)
    if decided.stage == "reviewed":
        step(desk, "decided")
    desk.refuse(CASE, "reviewer", at(hours=6))
    assert _facts(desk).grounds == (Reason(ground=Ground.NO_DUTY),)
    assert compose(Kind.REFUSAL, _facts(desk), language=Language.ENGLISH).held_for_counsel


def test_an_order_of_our_own_has_its_letter_and_says_which_of_the_two() -> None:
    desk = _house()
    DONE["challenge"](desk)
    assert filling.kinds(desk.case(CASE))[0] is Kind.CHALLENGE
    assert _facts(desk).to_court
    owed = filling.owed(desk.case(CASE), LATER.date())
    assert owed == filling.Owed(Kind.CHALLENGE, False, False)
    assert compose(Kind.CHALLENGE, _facts(desk), language=Language.ENGLISH).paragraphs[0].points
