"""Signs are numbered as they are met, and marked only where the words stand."""

from __future__ import annotations

import msgspec

from habeas.assess import Outcome, rulebook
from habeas.assess.finding import FactSource, FactUsed
from habeas.assess.weighing import RECKONED
from habeas.reports.reading import Reading
from habeas.request import Category, Item
from tests.reports.samples import (
    ANSWER,
    ARABIC,
    ARABIC_ANSWER,
    ARABIC_REQUEST,
    FACTS,
    REQUEST,
    answer,
    finding,
    quoted,
    request,
    sign,
)


def test_signs_are_numbered_in_the_order_of_their_words() -> None:
    reading = Reading(REQUEST, ANSWER)
    assert [(each.number, each.says) for each in reading.signs] == [
        (1, "a sign of falsehood"),
        (2, "a sign of insult"),
        (3, "a sign of breadth"),
    ]


def test_the_statement_is_marked_where_the_words_stand() -> None:
    (passage,) = Reading(REQUEST, ANSWER).passages
    assert "".join(run.text for run in passage.runs) == FACTS
    assert [(run.text, run.numbers) for run in passage.blocks if run.numbers] == [
        ("insulted the President in four posts and spread false news", (1, 2)),
        ("names of all persons who shared the posts", (3,)),
    ]


def test_words_that_do_not_stand_at_that_place_are_not_marked() -> None:
    wrong = FactSource(kind="narrative", ref="facts", words="not there", span=(0, 9))
    reading = Reading(REQUEST, answer(signs=(sign("wrong", wrong),)))
    assert not any(run.numbers for run in reading.passages[0].runs)
    right = Reading(REQUEST, answer(signs=(sign("right", quoted("The accused")),)))
    assert any(run.numbers for run in right.passages[0].runs)


def test_a_field_the_request_does_not_hold_is_quoted_without_a_mark() -> None:
    source = FactSource(kind="narrative", ref="facts of version 3", words="x", span=(0, 1))
    reading = Reading(REQUEST, answer(signs=(sign("odd", source),)))
    assert str(reading.signs[0].quotes[0].quote) == "x"


def test_a_described_item_is_shown_without_our_own_introduction() -> None:
    described = "messages with journalists"
    asked = request(
        targets=(
            msgspec.structs.replace(
                REQUEST.targets[0],
                items=(Item(id="i1", category=Category.CONTENT, description=described),),
            ),
        )
    )
    field = f"item: {described}"
    full = Reading(asked, answer(signs=())).texts[field]
    ours = FactSource(kind="narrative", ref=field, words="Requested", span=(0, 9))
    reading = Reading(asked, answer(signs=(sign("press", ours, quoted("journalists", full, field)),)))
    passage = next(each for each in reading.passages if each.title == "Description of the data")
    assert "".join(run.text for run in passage.runs) == described
    assert [run.text for run in passage.runs if run.numbers] == ["journalists"]
    (quote,) = reading.signs[0].quotes
    assert (str(quote.quote), quote.at) == ("journalists", "15–25")


def test_words_that_describe_a_real_crime_are_marked_as_such() -> None:
    used = FactUsed(
        fact="real_harm_shown", says="", outcome=Outcome.MET, sources=(quoted("insulted the President"),)
    )
    reading = Reading(
        REQUEST, answer(signs=(), findings=(finding("harm", Outcome.MET, "none", used=(used,)),))
    )
    assert [each.kind for each in reading.signs] == ["harm"]
    assert [run.kinds for run in reading.passages[0].runs if run.numbers] == [("harm",)]


def test_the_facts_this_page_knows_by_name_exist() -> None:
    assert {"real_harm_shown", "protected_provision"} <= rulebook().facts.keys()


def test_arabic_words_carry_their_direction_and_language() -> None:
    (passage,) = Reading(ARABIC_REQUEST, ARABIC_ANSWER).passages
    assert (passage.lang, passage.language, passage.dir) == ("ar", "Arabic", "rtl")
    assert "".join(run.text for run in passage.runs) == ARABIC


def test_a_false_language_is_not_repeated() -> None:
    (passage,) = Reading(request(language='en" x="'), ANSWER).passages
    assert (passage.lang, passage.language) == (None, "")


def test_an_earlier_version_stands_aside() -> None:
    reading = Reading(request(earlier_facts=("An earlier text.",)), ANSWER)
    assert [each.aside for each in reading.passages] == [False, True]


def test_a_source_names_its_place_its_words_and_its_signs() -> None:
    reading = Reading(REQUEST, ANSWER)
    point = reading.point(ANSWER.findings[2])
    supposed, stated, insult, falsehood = point.used[0].sources
    assert supposed.supposed
    assert (stated.place, str(stated.value)) == ("request, offences", "5 years")
    assert (str(insult.quote), insult.at, insult.numbers) == ("insulted the President", "13–34", (2,))
    assert falsehood.numbers == ()  # inside a longer sign, but not a sign of its own


def test_a_fact_of_each_kind_of_source_is_told() -> None:
    reading = Reading(REQUEST, ANSWER)
    told = {
        kind: reading.source(FactSource(kind=kind, ref=ref, words="w"))
        for kind, ref in (
            ("treaty", "uncc:65(1), uncc:65(2)"),
            ("seat", "usa-2702"),
            ("register", "standing"),
            ("atlas", "zzz-nothing"),
        )
    }
    assert told["treaty"].place == "UN Convention, Art. 65(1), UN Convention, Art. 65(2)"
    assert told["seat"].place == "seat, usa-2702"
    assert told["register"].place == "register, standing"
    assert told["atlas"].place == "atlas entry zzz-nothing"
    assert {str(each.value) for each in told.values()} == {"w"}


def test_an_atlas_entry_on_file_says_what_it_is_about() -> None:
    source = FactSource(kind="atlas", ref="rus-cc-207-3", words="ст. 207.3")
    assert "(" in Reading(REQUEST, ANSWER).source(source).place


def test_a_provision_that_punishes_protected_conduct_is_named() -> None:
    used = FactUsed(
        fact="protected_provision",
        says="",
        outcome=Outcome.MET,
        sources=(FactSource(kind="atlas", ref="zzz-nothing"),),
    )
    found = Reading(REQUEST, answer(findings=(finding("p", Outcome.NOT_MET, "note", used=(used,)),)))
    assert [each.place for each in found.provisions()] == ["atlas entry zzz-nothing"]
    other = msgspec.structs.replace(used, outcome=Outcome.NOT_MET)
    clean = Reading(REQUEST, answer(findings=(finding("p", Outcome.MET, "none", used=(other,)),)))
    assert clean.provisions() == ()


def test_days_and_signs_before_figures_are_shown_as_they_are() -> None:
    note = "in force on 2026-11-22; wording -12"
    used = FactUsed(fact="basis", says="", outcome=Outcome.MET, note=note)
    reading = Reading(REQUEST, answer(findings=(finding("b", Outcome.MET, "none", used=(used,)),)))
    assert reading.point(reading.answer.findings[0]).used[0].note == note


def test_a_sum_of_signs_is_told_in_words_and_its_figures_only_to_who_checks_them() -> None:
    used = FactUsed(
        fact="persecution_shown",
        says="",
        outcome=Outcome.MET,
        sources=(),
        note=f"speaks clearly for protected conduct{RECKONED}signs 19; lean -96",
    )
    tested = finding("p", Outcome.NOT_MET, "note", used=(used,))
    (fact,) = Reading(REQUEST, answer(findings=(tested,))).point(tested).used
    assert fact.note == "speaks clearly for protected conduct"
    (fact,) = Reading(REQUEST, answer(findings=(tested,)), sums=True).point(tested).used
    assert fact.note == "speaks clearly for protected conduct; reckoned: signs 19; lean -96"
