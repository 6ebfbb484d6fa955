"""Every term of the engine has a word, and a term without one is shown, not hidden."""

from __future__ import annotations

import pytest

from habeas.assess import Ceiling, Consequence, Decision, Outcome, rulebook
from habeas.assess.narrative import Kind
from habeas.errors import Refused
from habeas.reports import words
from habeas.request import SUPPOSED, Category, Measure
from habeas.treaty import Certainty, law


@pytest.mark.parametrize("decision", Decision)
def test_every_decision_says_what_it_means(decision: Decision) -> None:
    assert words.recommended(decision).means


@pytest.mark.parametrize("decision", [Decision.PROCEED, Decision.NARROW, Decision.COMPLY_AS_NARROWED])
def test_only_an_answer_that_gives_stays_in_plain_ink(decision: Decision) -> None:
    plain = {each for each in Decision if words.recommended(each).tone == "plain"}
    assert decision in plain
    assert len(plain) == 3


def test_an_unknown_decision_is_shown_and_never_looks_well() -> None:
    told = words.recommended("some-new-word")
    assert told.word == "some new word"
    assert told.tone != "plain"


@pytest.mark.parametrize("consequence", Consequence)
def test_every_consequence_has_words(consequence: Consequence) -> None:
    assert words.house(consequence.word)


def test_the_order_of_strength_is_that_of_the_rulebook() -> None:
    ranks = [words.strength(each.word) for each in sorted(Consequence)]
    assert ranks == sorted(ranks)


def test_a_consequence_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused):
        words.house("shrug")


def test_every_certainty_is_in_the_key_under_its_word() -> None:
    assert [words.certainty(each) for each in Certainty] == [word for word, _means in words.certainties()]


@pytest.mark.parametrize("term", [*Category])
def test_every_category_has_words_of_its_own(term: Category) -> None:
    assert words.category(term)
    assert words.category("a-new-one") == "a new one"


@pytest.mark.parametrize("term", [*Measure])
def test_every_measure_has_words(term: Measure) -> None:
    assert words.measure(term) != words.plain(term) or term is Measure.INTERCEPTION


@pytest.mark.parametrize("term", [*SUPPOSED, "convention-in-force"])
def test_every_supposition_is_a_clause(term: str) -> None:
    assert words.supposed(term) != words.plain(term)


@pytest.mark.parametrize("kind", [*Kind, "harm"])
def test_every_kind_of_sign_has_words(kind: str) -> None:
    assert words.sign(kind)


def test_every_supplier_of_a_fact_has_words() -> None:
    for fact in rulebook().facts.values():
        assert words.supplier(fact.supplier) != fact.supplier


@pytest.mark.parametrize(
    ("citation", "written"),
    [
        ("uncc:40(22)", "UN Convention, Art. 40(22)"),
        ("cloud-act-agreement:2523(b)", "18 USC 2523(b)"),
        ("safeguards:suspension", "Safeguard of this house: suspension"),
        ("somewhere:7", "somewhere, Art. 7"),
        ("uncc", "UN Convention"),
    ],
)
def test_a_citation_is_written_as_lawyers_do(citation: str, written: str) -> None:
    assert words.cite(citation) == written


def test_every_instrument_on_file_has_a_short_name_and_a_title() -> None:
    for instrument in law().instruments:
        assert words.cite(f"{instrument.id}:1") != f"{words.plain(instrument.id)}, Art. 1"
        assert words.instrument(instrument.id) == instrument.title
    assert words.instrument("unknown") == "not stated"
    assert words.instrument("not-on-file") == "not on file"


def test_a_state_has_its_name_and_an_unknown_one_its_code() -> None:
    assert words.state("KWT") == "Kuwait"
    assert words.state("ATA") == "ATA"
    assert words.state(None) == "a state not named"


def test_one_is_one_and_two_are_several() -> None:
    assert words.count(1, "test is", "tests are") == "1 test is"
    assert words.count(2, "test is", "tests are") == "2 tests are"


def test_a_provision_not_on_file_says_nothing() -> None:
    assert words.provision("zzz-nothing") == ""


def test_a_seat_is_read_out() -> None:
    assert words.seat("IRL, provider, request") == "Ireland, provider, asked"
    assert words.seat("state not stated, central-authority, domestic-order") == (
        "state not stated, central authority, ordered"
    )


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("facts", "statement of facts"),
        ("offences[2].label", "name of the offence"),
        ("item: contacts", "description of the data"),
        ("conduct", "conduct"),
        ("role: suspect, aged 14", "role of the person"),
        ("assurances[0].text", "undertaking"),
        ("secrecy.reason", "reason for secrecy"),
    ],
)
def test_a_field_has_a_readers_name(path: str, called: str) -> None:
    assert words.field(path) == called


def test_a_fact_holds_or_does_not_or_is_not_shown() -> None:
    assert [words.held(each) for each in Outcome] == ["yes", "no", "not shown"]


def test_only_nothing_stops() -> None:
    assert [each for each in Ceiling if words.ceiling_tone(each) == "stop"] == [Ceiling.NOTHING]


@pytest.mark.parametrize(
    ("tag", "name"), [("ar", "Arabic"), ("zh-Hant", "Chinese"), ("xx", "xx"), (None, "")]
)
def test_a_language_is_named(tag: str | None, name: str) -> None:
    assert words.language(tag) == name
