"""Signals: words together in one sentence mean something, and their near neighbours do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.assess.lexicon import concepts
from habeas.assess.logic import Three
from habeas.assess.narrative import Kind, SignalRule, firing, read_narrative, signal_rules


def ids(words: str, field: str = "facts", language: str = "en") -> set[str]:
    return {signal.id for signal in read_narrative({field: words}, language).signals}


def test_insult_of_a_ruler_is_a_sign_and_insult_with_extortion_is_not() -> None:
    assert "insult-of-authority" in ids("He insulted the President in a post.")
    assert "insult-of-authority" not in ids(
        "He threatened to publish insulting pictures of the minister unless paid, an extortion."
    )


def test_a_journalist_who_was_murdered_is_a_victim_and_not_a_sign() -> None:
    assert "journalism-charge" in ids("The journalist published articles about the ministry.")
    assert not {
        each for each in ids("The journalist was shot dead after publishing articles.") if "journal" in each
    }


def test_a_gay_victim_is_not_a_sign() -> None:
    assert "same-sex-charge" in ids(
        "The suspect practises homosexual acts and advertises himself on the application."
    )
    assert "same-sex-charge" not in ids(
        "The victim, a gay man, was lured through a dating application and robbed."
    )


def test_concepts_in_different_sentences_do_not_make_a_signal() -> None:
    assert "insult-of-authority" not in ids("The shop sold insulting cards. The President visited the town.")


def test_a_label_is_a_sign_but_never_harm() -> None:
    narrative = read_narrative({"offences[0].label": "Murder and kidnapping of the victim"})
    assert narrative.harms == ()
    assert "insult-of-authority" in ids("Insulting the King", field="offences[0].label")


def test_a_sign_in_an_earlier_version_stays() -> None:
    narrative = read_narrative(
        {"facts": "The matter is fraud.", "facts of version 1": "He insulted the President."}
    )
    assert "insult-of-authority" in {signal.id for signal in narrative.signals}


def test_every_sign_points_at_the_words_that_made_it() -> None:
    words = "Er hat nichts. The accused mocked the King in a video."
    for signal in read_narrative({"facts": words}, "en").signals:
        assert signal.quotes, signal.id
        for quote in signal.quotes:
            assert quote.span is not None
            assert words[slice(*quote.span)] == quote.words


@given(st.sampled_from(signal_rules()), st.sets(st.sampled_from(sorted(concepts())), max_size=8), st.data())
def test_the_rules_that_fire_are_those_whose_conditions_hold(
    rule: SignalRule, others: set[str], data: st.DataObject
) -> None:
    named = others | data.draw(st.sets(st.sampled_from(rule.named)))
    bits = {name: 1 << place for place, name in enumerate(concepts())}
    facts = dict.fromkeys(concepts(), Three.NOT_MET) | dict.fromkeys(named, Three.MET)
    expected = [
        number
        for number, rule in enumerate(signal_rules())
        if rule.when.value(facts) is Three.MET
        and (rule.unless is None or rule.unless.value(facts) is not Three.MET)
    ]
    assert firing()(sum(bits[name] for name in named)) == expected


def test_harm_is_told_by_sentence_with_what_makes_it_concrete() -> None:
    harms = read_narrative(
        {"facts": "The patient was murdered. The victims lost 400,000 euros to a scam."}, "en"
    ).harms
    assert ("homicide" in harms[0].families, "fraud" in harms[1].families) == (True, True)
    assert "loss" in harms[1].particulars


@pytest.mark.parametrize("rule", signal_rules(), ids=lambda rule: rule.id)
def test_every_rule_says_what_it_means_and_how_heavy_it_is(rule: object) -> None:
    assert rule.says  # type: ignore[attr-defined]
    assert 1 <= rule.weight <= 4  # type: ignore[attr-defined]
    assert bool(rule.categories) == (rule.kind is Kind.PROTECTED)  # type: ignore[attr-defined]


@given(st.text(max_size=400))
def test_any_text_can_be_read(words: str) -> None:
    read_narrative({"facts": words})


def test_words_of_protected_conduct_have_their_place_and_say_whether_they_are_told_or_asked_for() -> None:
    words = "He lives in exile. We request the names of his donors."
    spoken = {word.concept: word for word in read_narrative({"facts": words}, "en").spoken}
    assert spoken["exile"].told
    assert not spoken["donation"].told
    for word in spoken.values():
        assert word.quote.span is not None
        first, last = word.quote.span
        assert words[first:last] == word.quote.words


def test_what_is_said_to_the_provider_is_no_part_of_the_story() -> None:
    threat = "If you do not reply your company will be named in the press."
    assert not read_narrative({"facts": threat}, "en").spoken


def test_facts_of_which_only_the_accused_is_understood_are_not_read() -> None:
    assert read_narrative({"facts": "The accused zxcv qwer tyui."}, "en").unread
    assert not read_narrative({"facts": "The accused zxcv robbery."}, "en").unread


@pytest.mark.parametrize(
    ("language", "asked", "left_out", "wanted"),
    [
        (
            "en",
            "We request the log-ins.",
            "The names of those who gave to the church need not be sent.",
            "Please send the names of those who gave to the church.",
        ),
        (
            "es",
            "Se solicitan los datos de alta.",
            "De los donantes de la parroquia nada se envíe.",
            "Se solicita la lista de donantes de la parroquia.",
        ),
        (
            "fr",
            "Sont demandées les connexions.",
            "Les journalistes et leurs sources ne sont en rien concernés.",
            "Sont demandés les journalistes et leurs sources.",
        ),
        (
            "ru",
            "Просим сообщить номер.",
            "Журналисты и их публикации следствию не нужны.",
            "Просим сообщить журналистов и их публикации.",
        ),
    ],
)
def test_what_a_request_says_it_does_not_want_is_no_sign(
    language: str, asked: str, left_out: str, wanted: str
) -> None:
    def words(*facts: str) -> set[str]:
        return {word.concept for word in read_narrative({"facts": " ".join(facts)}, language).spoken}

    assert words(asked, wanted) > words(asked, left_out) == words(asked)


def test_a_denial_leaves_out_only_right_after_what_is_asked_for() -> None:
    ask, told = "We request the log-ins.", "The rally had no permit."
    assert "assembly" in ids(f"{told} {ask}")  # told before it is asked
    assert "assembly" not in ids(f"{ask} {told}")
    facts = f"{ask} One was here. Two were here. Three were here. {told}"
    assert "assembly" in ids(facts)  # too far from it
    assert "call-to-assemble" in ids(f"{ask} The accused held a rally with no permit.")


def test_a_request_that_asks_and_leaves_out_in_one_sentence_still_asks() -> None:
    facts = "We request all his messages with journalists and their sources; no data of victims are sought."
    both = "We request his messages with journalists, while data of the other customers are not sought."
    for told in (facts, both):
        assert "journalist" in {word.concept for word in read_narrative({"facts": told}, "en").spoken}


def test_a_no_alone_is_no_word_that_was_understood() -> None:
    assert read_narrative({"facts": "Zxcv not qwer."}, "en").unread


@pytest.mark.parametrize(
    ("said", "families", "particulars"),
    [
        ("No one was killed or injured.", (), ()),
        ("No victim came forward and no money was stolen.", (), ()),
        ("The suspect did not kidnap or defraud anyone.", (), ()),
        ("Not only was the victim robbed, he was killed.", ("homicide", "theft"), ("victim",)),
        ("The victim did not pay, and was killed.", ("homicide",), ("victim",)),
    ],
)
def test_harm_that_a_sentence_names_only_to_deny_it_is_not_told(
    said: str, families: tuple[str, ...], particulars: tuple[str, ...]
) -> None:
    harms = read_narrative({"facts": said}, "en").harms
    assert tuple(name for harm in harms for name in harm.families) == families
    assert tuple(name for harm in harms for name in harm.particulars) == particulars


@pytest.mark.parametrize(
    ("said", "particulars"),
    [
        ("The names of the victims and the damage are in the annex.", ()),
        ("The names of the victims and the damage are in our file.", ("victim",)),
        ("The victims' loss of 240,000 euros is set out in the annex.", ("victim", "loss")),
        ("Les noms des victimes et le préjudice figurent en annexe.", ()),
        ("Сведения о потерпевших и ущербе изложены в приложении.", ()),
    ],
)
def test_what_is_said_to_stand_in_an_annex_is_not_told(said: str, particulars: tuple[str, ...]) -> None:
    """Figures are, wherever the rest may stand."""
    crime = "The suspect is charged with fraud."
    harms = read_narrative({"facts": f"{crime} {said}"}).harms
    assert {name for harm in harms for name in harm.particulars} - {"account_noun"} == set(particulars)
