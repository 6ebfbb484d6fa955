"""A letter says what its seat may say to this reader, and nothing by the way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk.letters import (
    Asked,
    Condition,
    Fate,
    Ground,
    Item,
    Kind,
    Language,
    Letter,
    LetterFacts,
    Point,
    Reason,
    Road,
    Slow,
    compose,
    open_grounds,
    plain,
    texts,
)
from habeas.desk.letters.grounding import bases
from habeas.desk.letters.model import Heard
from habeas.errors import Refused
from habeas.request import Category
from habeas.treaty import Arrival, Role
from tests.desk.letters.samples import EVERY_ITEM_WORD, GROUNDS, TO_THE_REQUESTER, WRITABLE, facts, facts_for

EVERYTHING = frozenset(
    cite
    for basis in (*bases().ground.values(), *bases().condition.values(), bases().persecution, bases().secrecy)
    for cites in basis.cites.values()
    for cite in cites
) | {"USA:18 USC 2702(a)"}
EN = Language.ENGLISH


def sheets(letter: Letter) -> list[Letter]:
    return [letter] if letter.beside is None else [letter, letter.beside]


# --- every letter -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("role", "arrival", "kind"), WRITABLE)
def test_every_letter_a_seat_may_write_is_complete_in_every_language(
    role: Role, arrival: Arrival, kind: Kind, language: Language
) -> None:
    known = facts(role, arrival=arrival)
    letter = compose(kind, known, language=language, verified=EVERYTHING)
    assert (letter.kind, letter.language, letter.authentic_language) == (kind, language, EN)
    for sheet in sheets(letter):
        text = plain(sheet)
        assert not re.search(r"[{}]", text)
        assert sheet.subject
        assert sheet.addressee
        assert sheet.paragraphs
        # every day is unambiguous, and Western digits stand everywhere
        assert not [char for char in text if char.isdigit() and not char.isascii()]
        assert text.count("\u2066") + text.count("\u2068") == text.count("\u2069")
        own = text.replace("\u2066", "").replace("\u2068", "").replace("\u2069", "")
        assert "2026-03-03" in own
        assert "HB-2026-0398" in own
    assert compose(kind, known, language=language, verified=EVERYTHING) == letter


@pytest.mark.parametrize("language", Language)
def test_the_same_numbers_and_names_stand_in_every_language(language: Language) -> None:
    def numbers(letter: Letter) -> list[str]:
        head = (letter.date, *letter.references, letter.subject, letter.basis)
        said = [*head, *(paragraph.text for paragraph in letter.paragraphs)]
        said += [point.text for paragraph in letter.paragraphs for point in paragraph.points]
        return sorted(
            re.findall(r"\d{4}-\d{2}-\d{2}|\d+\(\d+\)(?:\([a-z]\))?|HB-[\d-]+|IC/[\w/-]+", "\n".join(said))
        )

    for kind in Kind:
        english = compose(kind, facts_for(kind), language=EN, verified=EVERYTHING)
        other = compose(kind, facts_for(kind), language=language, verified=EVERYTHING)
        assert numbers(other) == numbers(english)


def test_the_packaged_facts_of_a_letter_are_not_changed_by_composing() -> None:
    known = facts()
    before = msgspec.json.encode(known)
    compose(Kind.REFUSAL, known, language=EN)
    assert msgspec.json.encode(known) == before


# --- to a sender who is not identified ----------------------------------------------------------------------

_days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
_OTHERS = st.fixed_dictionaries(
    {
        "addressee": st.sampled_from(["Office for international cooperation", "Somebody at a desk", ""]),
        "their_reference": st.sampled_from(["IC/17/2026-b", "", "X"]),
        "requesting_state": st.sampled_from(["Ruritania", "", "Grand Fenwick"]),
        "instrument": st.sampled_from(["uncc", "budapest", "no such thing", ""]),
        "items": st.sampled_from([(), tuple(EVERY_ITEM_WORD)]),
        "questions": st.sampled_from([(), (Asked(text="Why?"),)]),
        "grounds": st.sampled_from([(), GROUNDS[Role.CENTRAL_AUTHORITY]]),
        "conditions": st.sampled_from([(), tuple(Condition)]),
        "consulted": st.none() | _days,
        "answer_by": st.none() | _days,
        "object_by": st.none() | _days,
        "not_before": st.none() | _days,
        "bar_ended": st.none() | _days,
        "objected": st.none() | _days,
        "heard": st.none() | st.sampled_from(Heard),
        "fate": st.sampled_from(Fate),
    }
)


@given(_OTHERS, st.booleans(), st.sampled_from(Arrival), st.sampled_from(Role), st.sampled_from(Language))
def test_the_receipt_reveals_nothing(
    others: dict[str, Any], identified: bool, arrival: Arrival, role: Role, language: Language
) -> None:
    plainest = facts(identified=False)
    same = msgspec.structs.replace(plainest, identified=identified, arrival=arrival, role=role, **others)
    assert compose(Kind.RECEIPT, same, language=language) == compose(
        Kind.RECEIPT, plainest, language=language
    )


def test_the_receipt_names_its_number_and_two_days_and_no_more() -> None:
    text = plain(compose(Kind.RECEIPT, facts(identified=False), language=EN))
    for hidden in (
        "Ruritania",
        "Cybercrime",
        "IC/17",
        "Office for international",
        "2026-02-02",
        "subscriber",
    ):
        assert hidden not in text


@pytest.mark.parametrize("kind", TO_THE_REQUESTER)
def test_a_sender_not_identified_gets_nothing_else(kind: Kind) -> None:
    with pytest.raises(Refused, match="nothing but the neutral receipt"):
        compose(kind, facts(identified=False), language=EN)
    compose(kind, facts(identified=True), language=EN)


# --- the closed refusal -------------------------------------------------------------------------------------


@given(_OTHERS, _days, st.sampled_from(Language))
def test_a_refusal_for_persecution_is_the_same_whatever_we_know(
    others: dict[str, Any], received: date, language: Language
) -> None:
    kept = facts()
    for free in ("addressee", "their_reference"):
        del others[free]
    del others["instrument"]  # whose article it is
    other = msgspec.structs.replace(kept, received=received, **others)
    ours = compose(Kind.PERSECUTION_REFUSAL, kept, language=language, verified=EVERYTHING)
    theirs = compose(Kind.PERSECUTION_REFUSAL, other, language=language, verified=EVERYTHING)
    assert msgspec.json.encode(theirs) == msgspec.json.encode(ours)


def test_a_refusal_for_persecution_differs_only_in_references_day_and_addressee() -> None:
    one = compose(Kind.PERSECUTION_REFUSAL, facts(), language=EN)
    other = compose(
        Kind.PERSECUTION_REFUSAL,
        facts(
            our_reference="HB-1", their_reference="Z", written=date(2026, 5, 5), addressee="Another office"
        ),
        language=EN,
    )
    free = {"references": (), "date": "", "addressee": ""}
    assert one != other
    assert msgspec.structs.replace(one, **free) == msgspec.structs.replace(other, **free)


@pytest.mark.parametrize("language", Language)
def test_a_refusal_for_persecution_holds_article_and_formula_only(language: Language) -> None:
    letter = compose(Kind.PERSECUTION_REFUSAL, facts(), language=language, verified=EVERYTHING)
    assert len(letter.paragraphs) == 2
    assert letter.basis == ""
    text = plain(letter)
    assert "40(22)" in text
    assert "40(28)" not in text  # no consultation is offered
    assert "2026-02-20" not in text
    assert "2026-02-02" not in text


def test_a_provider_that_refuses_for_persecution_invokes_no_treaty() -> None:
    letter = compose(Kind.PERSECUTION_REFUSAL, facts(Role.PROVIDER), language=EN, verified=EVERYTHING)
    assert [paragraph.text for paragraph in letter.paragraphs] == [
        "We do not act on this request. The law that binds us does not oblige us to do so."
    ]
    assert not letter.held_for_counsel


# --- who may invoke what ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", Ground)
@pytest.mark.parametrize("role", [Role.PROVIDER, Role.CENTRAL_AUTHORITY])
def test_a_seat_invokes_the_grounds_open_to_it_and_no_others(role: Role, ground: Ground) -> None:
    known = facts(role, grounds=(Reason(ground=ground),))
    if ground in open_grounds(role):
        compose(Kind.REFUSAL, known, language=EN)
    else:
        with pytest.raises(Refused, match="does not invoke the ground"):
            compose(Kind.REFUSAL, known, language=EN)


@pytest.mark.parametrize("kind", sorted(set(Kind)))
def test_no_letter_of_a_provider_cites_a_treaty(kind: Kind) -> None:
    text = plain(compose(kind, facts_for(kind, Role.PROVIDER), language=EN, verified=EVERYTHING))
    assert not re.search(r"\b\d+\(\d+\)|\barticle\b", text.replace("18 USC 2702(a)", ""))


def test_a_provider_says_what_the_law_of_its_seat_bars() -> None:
    letter = compose(Kind.REFUSAL, facts(Role.PROVIDER), language=EN, verified=EVERYTHING)
    assert letter.paragraphs[0].points[0].text == (
        "The law that binds us does not allow us to give these data to an authority of another state "
        "on such a request (18 USC 2702(a))."
    )


@pytest.mark.parametrize(
    "kind", [Kind.REFUSAL, Kind.PERSECUTION_REFUSAL, Kind.CONDITIONS, Kind.SECRECY_NOT_HONOURED]
)
def test_an_order_of_our_own_court_is_not_refused(kind: Kind) -> None:
    with pytest.raises(Refused, match="order of our own court"):
        compose(kind, facts(arrival=Arrival.DOMESTIC_ORDER), language=EN)


def test_under_an_order_the_court_is_named_and_otherwise_not() -> None:
    order = compose(Kind.NARROWER_PROPOSAL, facts(arrival=Arrival.DOMESTIC_ORDER), language=EN)
    request = compose(Kind.NARROWER_PROPOSAL, facts(), language=EN)
    assert "competent court" in plain(order)
    assert "court" not in plain(request)


def test_before_a_refusal_that_the_treaty_ties_to_consultation_there_was_one() -> None:
    reason = (Reason(ground=Ground.ESSENTIAL_INTERESTS),)
    with pytest.raises(Refused, match="is consulted"):
        compose(Kind.REFUSAL, facts(grounds=reason, consulted=None), language=EN)
    compose(Kind.REFUSAL, facts(grounds=reason), language=EN)
    compose(Kind.REFUSAL, facts(grounds=(Reason(ground=Ground.HUMAN_RIGHTS),), consulted=None), language=EN)


# --- what is quoted -----------------------------------------------------------------------------------------


def test_what_nobody_verified_is_written_without_a_number_and_held() -> None:
    letter = compose(Kind.REFUSAL, facts(), language=EN)
    assert not re.search(r"\d\(\d", plain(letter))
    assert letter.held_for_counsel
    assert letter.to_verify == ("uncc:40(21)(c)", "uncc:6(1)")


def test_what_somebody_verified_is_quoted_and_not_held() -> None:
    letter = compose(Kind.REFUSAL, facts(), language=EN, verified=frozenset({"uncc:40(21)(c)", "uncc:6(1)"}))
    points = [point.text for point in letter.paragraphs[0].points]
    assert points[0].endswith("(article\u00a040(21)(c)).")
    assert points[1].endswith("(article\u00a06(1)).")
    assert points[2] == "We give stored data only; nothing is collected or intercepted as it arises."
    assert not letter.held_for_counsel
    assert letter.to_verify == ()


def test_of_two_provisions_only_the_verified_one_is_quoted() -> None:
    known = facts(grounds=(Reason(ground=Ground.DUAL_CRIMINALITY),))
    letter = compose(Kind.REFUSAL, known, language=EN, verified=frozenset({"uncc:40(8)"}))
    assert letter.paragraphs[0].points[0].text.endswith("(article\u00a040(8)).")
    assert letter.to_verify == ("uncc:35(3)",)
    assert letter.held_for_counsel


def test_a_ground_without_any_provision_is_held() -> None:
    letter = compose(
        Kind.REFUSAL, facts(Role.PROVIDER, grounds=(Reason(ground=Ground.NO_DUTY),)), language=EN
    )
    assert letter.held_for_counsel
    assert letter.to_verify == ("no-duty: no provision of the law of the seat is on file or given",)


@pytest.mark.parametrize("kind", sorted(set(Kind)))
def test_no_letter_quotes_what_nobody_verified(kind: Kind) -> None:
    text = plain(compose(kind, facts_for(kind), language=EN))
    assert not re.search(r"\barticle\b|\d\(\d", text)


# --- which text prevails ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(set(Language) - {EN}))
def test_words_nobody_reviewed_go_out_with_the_authentic_text_behind_them(language: Language) -> None:
    letter = compose(Kind.REFUSAL, facts(), language=language)
    assert not letter.reviewed
    assert letter.notice
    assert letter.beside is not None
    assert letter.beside.language is EN
    assert letter.beside.notice == "This text prevails over its translation."
    assert letter.beside.beside is None


def test_the_authentic_language_is_the_houses_choice() -> None:
    letter = compose(Kind.REFUSAL, facts(), language=EN, authentic=Language.SPANISH)
    assert letter.beside is not None
    assert letter.beside.language is Language.SPANISH
    assert letter.notice.endswith("Spanish.")
    alone = compose(Kind.REFUSAL, facts(), language=Language.SPANISH, authentic=Language.SPANISH)
    assert alone.beside is None
    assert alone.notice == ""


def test_words_that_were_reviewed_go_out_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = texts._books()
    spanish = {name: dict(section) for name, section in packaged[Language.SPANISH].items()}
    for name, section in spanish.items():
        section["reviewed_by"], section["reviewed_on"] = "jurist of the house", "2026-11-21"
        section["reviewed_text"] = texts.fingerprint(spanish, packaged[EN], name)
    monkeypatch.setattr(texts, "_books", lambda: {**packaged, Language.SPANISH: spanish})
    letter = compose(Kind.REFUSAL, facts(), language=Language.SPANISH)
    assert letter.reviewed
    assert letter.beside is None
    assert letter.notice == ""
    spanish["grounds"]["reviewed_text"] = "lapsed"
    assert compose(Kind.REFUSAL, facts(), language=Language.SPANISH).beside is not None
    assert compose(Kind.ACKNOWLEDGEMENT, facts(), language=Language.SPANISH).beside is None


# --- single kinds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_the_right_road_is_named_in_every_language(language: Language) -> None:
    said = {
        road: compose(Kind.REROUTE, facts(road=road), language=language).paragraphs[1].text for road in Road
    }
    assert len(set(said.values())) == len(Road)
    assert all("Elbonia" in each for each in said.values())
    named = compose(Kind.REROUTE, facts(named_road="the ministry of justice"), language=language)
    (point,) = named.paragraphs[1].points
    assert (point.text, point.language) == ("the ministry of justice", EN)
    with pytest.raises(Refused, match="names a road"):
        compose(Kind.REROUTE, facts(road=None), language=language)


@pytest.mark.parametrize("language", Language)
def test_an_order_of_our_own_goes_to_court_or_waits_and_is_not_refused(language: Language) -> None:
    court, time = (
        plain(compose(Kind.CHALLENGE, facts_for(Kind.CHALLENGE, to_court=way), language=language))
        for way in (True, False)
    )
    assert court != time
    refused = texts.texts(language).say("refusal", "opening")
    assert refused not in court
    assert refused not in time
    with pytest.raises(Refused, match="only an order of our own"):
        compose(Kind.CHALLENGE, facts(), language=language)


def test_a_letter_gives_the_day_the_request_reached_us_and_no_other_as_its_own() -> None:
    for kind in TO_THE_REQUESTER:
        assert "2026-02-11" in plain(compose(kind, facts(), language=EN)) or kind is Kind.PERSECUTION_REFUSAL
    assert "received on" in compose(Kind.REFUSAL, facts(), language=EN).subject


@pytest.mark.parametrize("language", Language)
def test_in_an_emergency_an_answer_is_asked_for_by_the_hour(language: Language) -> None:
    at = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
    for kind in (Kind.CLARIFICATION, Kind.NARROWER_PROPOSAL, Kind.CONDITIONS):
        urgent = plain(compose(kind, facts(answer_at=at, answer_by=at.date()), language=language))
        assert "17:30" in urgent
        assert "17:30" not in plain(compose(kind, facts(), language=language))


def test_that_a_time_is_not_kept_is_told_with_its_day_and_a_reason_of_the_closed_list() -> None:
    """Directive 2014/41/EU, article 12(5) and (6)."""
    for to_decide, says, asks in (
        (True, "We expect to decide by", "too late for your proceedings"),
        (False, "We expect to have carried it out by", "We consult you on that day"),
    ):
        for slow in Slow:
            letter = compose(
                Kind.MORE_TIME, facts(instrument="eu-eio", to_decide=to_decide, slow=slow), language=EN
            )
            text = plain(letter).replace("\u00a0", " ")
            assert f"{says} 4 May 2026 (2026-05-04)" in text
            assert texts.texts(EN).say("slow", slow) in text
            assert asks in text
            assert "neither confirms nor denies" in text
            assert not letter.held_for_counsel


def test_a_letter_of_conditions_has_the_words_of_the_house_and_promises_no_wait() -> None:
    own = Asked(text="The records are read by two officers only.")
    letter = compose(Kind.CONDITIONS, facts(terms=(own,)), language=Language.FRENCH)
    assert Point(text=own.text, language=EN) in letter.paragraphs[1].points
    alone = compose(Kind.CONDITIONS, facts(conditions=(), terms=(own,)), language=EN)
    assert [each.text for each in alone.paragraphs[1].points] == [own.text]
    assert "before your acceptance" not in plain(compose(Kind.CONDITIONS, facts(), language=EN))


def test_a_delay_that_the_house_decided_is_not_called_a_bar_in_law() -> None:
    law, house = (
        plain(compose(Kind.DELAYED_NOTICE, facts(barred=barred), language=EN)) for barred in (True, False)
    )
    assert "The law did not allow us" in law
    assert "The law did not allow us" not in house
    assert "Two of us had decided so" in house


@pytest.mark.parametrize("kind", TO_THE_REQUESTER)
def test_no_letter_to_a_requester_says_whether_an_account_exists(kind: Kind) -> None:
    text = plain(compose(kind, facts(), language=EN))
    closed = kind is Kind.PERSECUTION_REFUSAL
    assert ("neither confirms nor denies that an account or any data exist" in text) is not closed
    assert "preserved" not in text


def test_questions_stand_in_the_letters_language_where_they_are_known() -> None:
    letter = compose(Kind.CLARIFICATION, facts(), language=Language.SPANISH)
    known, own = letter.paragraphs[0].points
    assert (known.language, known.text[:8]) == (Language.SPANISH, "Sírvanse")
    assert (own.language, own.text) == (EN, "Please name the day on which the file was copied.")


def test_a_question_is_asked_once() -> None:
    asked = Asked(fact="four_years", text="Please supply the text."), Asked(text="Please supply the text.")
    letter = compose(Kind.CLARIFICATION, facts(questions=asked), language=EN)
    assert len(letter.paragraphs[0].points) == 1


def test_the_expert_learns_nothing_of_who_asked_whom() -> None:
    text = plain(compose(Kind.EXPERT_INVITATION, facts(), language=EN))
    for hidden in (
        "Office for international cooperation",
        "Ruritania",
        "IC/17",
        "Cybercrime",
        "subscriber",
        "2026-02-02",
        "2026-02-11",
    ):
        assert hidden not in text


def test_the_person_is_not_given_the_file_number_of_the_investigation() -> None:
    for kind in (Kind.NOTICE, Kind.DELAYED_NOTICE):
        text = plain(compose(kind, facts(), language=EN))
        assert "IC/17" not in text
        assert "Office for international cooperation" not in text  # who asked is not who this is for
        assert "Target" not in text
        assert "Ombudsman" in text


def test_the_person_is_told_what_became_of_the_request() -> None:
    told = {fate: plain(compose(Kind.NOTICE, facts(fate=fate), language=EN)) for fate in Fate}
    assert "Nothing will be given before" in told[Fate.UNDECIDED]
    assert "We refused. No data have been given." in told[Fate.REFUSED]
    assert "gave the following, and nothing else" in told[Fate.GIVEN]
    assert "No data have been given" not in told[Fate.GIVEN]
    assert "at any time" in told[Fate.REFUSED]
    assert "You may object" not in told[Fate.REFUSED]  # there is nothing to object to
    door = "https://desk.example.org/you"
    at_the_door = msgspec.structs.replace(facts().sender, door=door)
    for language in Language:
        for fate in Fate:
            said = facts(fate=fate, sender=at_the_door, house="Example House")
            text = plain(compose(Kind.NOTICE, said, language=language))
            assert door in text
            assert "{" not in text


@pytest.mark.parametrize("heard", list(Heard))
def test_who_objected_reads_what_was_decided_and_what_they_can_still_do(
    heard: Heard,
) -> None:
    said = {
        Heard.UPHELD: "You are right: what had been decided no longer stands",
        Heard.IN_PART: "You are right in part: what had been decided no longer stands",
        Heard.NOT_UPHELD: "We do not agree with it: what had been decided stands",
    }
    for fate, data in (
        (Fate.UNDECIDED, "No data have been given so far."),
        (Fate.GIVEN, "Data had been given before this answer."),
        (Fate.REFUSED, "We refused. No data have been given."),
    ):
        text = plain(compose(Kind.OBJECTION_ANSWER, facts(heard=heard, fate=fate), language=EN))
        assert [each for each, words in said.items() if words in text] == [heard]
        assert data in text
        for can in ("ask a court", "Write to:", "the body that oversees us", "consult a lawyer"):
            assert can in text
        for hidden in ("IC/17", "Office for international", "Ruritania", "Cybercrime"):
            assert hidden not in text, "the answer names neither who asked nor on what"


def test_a_delayed_notice_says_that_the_law_barred_it_and_until_when() -> None:
    delayed = plain(compose(Kind.DELAYED_NOTICE, facts(), language=EN))
    assert "did not allow us to tell you earlier" in delayed
    assert "2026-03-01" in delayed
    assert "earlier" not in plain(compose(Kind.NOTICE, facts(), language=EN))


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        (Kind.CLARIFICATION, {"questions": ()}),
        (Kind.CLARIFICATION, {"answer_by": None}),
        (Kind.NARROWER_PROPOSAL, {"items": ()}),
        (Kind.NARROWER_PROPOSAL, {"answer_by": None}),
        (Kind.REFUSAL, {"grounds": ()}),
        (Kind.REFUSAL, {"instrument": ""}),
        (Kind.REFUSAL, {"instrument": "no such thing"}),
        (Kind.REFUSAL, {"addressee": " "}),
        (Kind.REFUSAL, {"our_reference": ""}),
        (Kind.MORE_TIME, {"later": None}),
        (Kind.MORE_TIME, {"slow": None}),
        (Kind.CONDITIONS, {"conditions": ()}),
        (Kind.CONDITIONS, {"items": ()}),
        (Kind.NOTICE, {"object_by": None}),
        (Kind.NOTICE, {"not_before": None}),
        (Kind.NOTICE, {"items": ()}),
        (Kind.NOTICE, {"requesting_state": ""}),
        (Kind.DELAYED_NOTICE, {"bar_ended": None}),
        (Kind.OBJECTION_ANSWER, {"objected": None}),
        (Kind.OBJECTION_ANSWER, {"heard": None}),
        (Kind.EXPERT_INVITATION, {"questions": ()}),
        (Kind.SECRECY_NOT_HONOURED, {"answer_by": None}),
    ],
)
def test_a_letter_that_lacks_something_is_not_composed(kind: Kind, lacking: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        compose(kind, facts(**lacking), language=EN)
    compose(kind, facts(), language=EN)


@pytest.mark.parametrize("target", ["somebody@mail.example", "user1234", "+49 123", "a", "", "１", "A\n"])
def test_no_identifier_stands_in_a_letter(target: str) -> None:
    item = Item(target=target, item=1, category=Category.SUBSCRIBER)
    with pytest.raises(Refused, match="by a label"):
        compose(Kind.NARROWER_PROPOSAL, facts(items=(item,)), language=EN)


def test_a_period_has_both_ends() -> None:
    item = Item(target="A", item=1, category=Category.CONTENT, first=date(2026, 1, 1))
    with pytest.raises(Refused, match="first and a last day"):
        compose(Kind.NARROWER_PROPOSAL, facts(items=(item,)), language=EN)


@pytest.mark.parametrize("sign", ["\u202e", "\n", "\x1b[31m", "\u2066", "\u2028", "\x00", "\ud800"])
@pytest.mark.parametrize("field", ["addressee", "their_reference", "our_reference"])
def test_a_value_that_commands_is_not_put_into_a_letter(field: str, sign: str) -> None:
    with pytest.raises(Refused, match="not read"):
        compose(Kind.REFUSAL, facts(**{field: f"Office{sign}1"}), language=EN)


def test_a_value_longer_than_a_page_is_not_put_into_a_letter() -> None:
    with pytest.raises(Refused, match="longer than"):
        compose(Kind.REFUSAL, facts(addressee="x" * 3000), language=EN)


def test_facts_survive_the_file() -> None:
    known = facts()
    assert msgspec.json.decode(msgspec.json.encode(known), type=LetterFacts) == known
