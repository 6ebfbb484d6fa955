"""The rulebook: every check has a policy, the largest consequence wins, wrong files are refused."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.assess.logic import Three
from habeas.assess.rulebook import Consequence, Decision, Rulebook, decision, make, rulebook
from habeas.errors import Refused

BOOK = rulebook()
VALUES = st.lists(st.integers(0, 2), min_size=len(BOOK.names), max_size=len(BOOK.names))


def _interpreted(book: Rulebook, values: list[int]) -> int:
    """The plain reading of the files, beside the compiled one."""
    facts = {name: Three(value) for name, value in zip(book.names, values, strict=True)}
    strongest = 0
    for rule in book.policy.rules:
        check = book.by_id[rule.check]
        if check.applies.value(facts) is Three.NOT_MET or rule.when.value(facts) is Three.NOT_MET:
            continue
        outcome = check.condition.value(facts)
        if outcome is not Three.MET:
            strongest = max(strongest, rule.not_met if outcome is Three.NOT_MET else rule.not_shown)
    return strongest


@given(VALUES)
def test_compiled_traced_and_plain_reading_agree(values: list[int]) -> None:
    expected = _interpreted(BOOK, values)
    assert BOOK.decide(values) == expected
    strongest, said = BOOK.outcomes(values)
    assert strongest == expected
    assert max((consequence for _place, _outcome, consequence in said), default=0) == expected


def test_columns_agree_with_single_requests() -> None:
    rng = np.random.default_rng(7)
    columns = {name: rng.integers(0, 3, 500).astype(np.int8) for name in BOOK.names}
    strongest = BOOK.decide_columns(columns)
    for row in range(500):
        assert strongest[row] == BOOK.decide([int(columns[name][row]) for name in BOOK.names])


@given(VALUES, st.permutations(range(len(BOOK.policy.rules))))
def test_the_order_of_the_rules_does_not_matter(values: list[int], order: list[int]) -> None:
    import msgspec

    rules = tuple(BOOK.policy.rules[place] for place in order)
    shuffled = Rulebook(
        BOOK.facts, BOOK.checks, msgspec.structs.replace(BOOK.policy, rules=rules), "shuffled"
    )
    assert _interpreted(shuffled, values) == BOOK.decide(values)


def test_nothing_known_is_never_an_answer() -> None:
    nothing = [int(Three.NOT_SHOWN)] * len(BOOK.names)
    assert decision(Consequence(BOOK.decide(nothing)), under_order=False) not in (
        Decision.PROCEED,
        Decision.NARROW,
    )


def test_rights_and_law_win_over_everything() -> None:
    assert Consequence.REFUSE_RIGHTS > Consequence.REFUSE_LAW > Consequence.ESCALATE > Consequence.REROUTE
    assert Consequence.REROUTE > Consequence.HOLD > Consequence.ASK > Consequence.REFUSE_DISCRETION
    assert Consequence.REFUSE_DISCRETION > Consequence.NARROW > Consequence.CONDITION > Consequence.NOTE


@pytest.mark.parametrize(
    ("strongest", "plain", "ordered"),
    [
        (Consequence.NONE, Decision.PROCEED, Decision.COMPLY_AS_NARROWED),
        (Consequence.CONDITION, Decision.PROCEED, Decision.COMPLY_AS_NARROWED),
        (Consequence.NARROW, Decision.NARROW, Decision.COMPLY_AS_NARROWED),
        (Consequence.ASK, Decision.CLARIFY, Decision.SEEK_DELAY),
        (Consequence.HOLD, Decision.CLARIFY, Decision.SEEK_DELAY),
        (Consequence.ESCALATE, Decision.ESCALATE, Decision.SEEK_DELAY),
        (Consequence.REFUSE_RIGHTS, Decision.REFUSE, Decision.CHALLENGE),
    ],
)
def test_the_same_findings_give_the_answers_open_to_the_seat(
    strongest: Consequence, plain: Decision, ordered: Decision
) -> None:
    assert decision(strongest, under_order=False) is plain
    assert decision(strongest, under_order=True) is ordered


FACTS = b'[fact.a]\nsays = "a"\nsupplier = "requester"\nquestion = "a?"\n'
CHECK = (
    '[[check]]\nid = "t.a"\ntheme = "t"\nquestion = "a?"\ncites = ["uncc:6(1)"]\ntests = []\n'
    'applies = "always"\n'
    'condition = "a"\ntreaty = "none"\nmet = "m"\nnot_met = "n"\nnot_shown = "s"\n'
)
POLICY = (files("habeas.assess") / "policy.toml").read_text("utf-8")
HEAD = 'name = "a house"\nversion = 1\n'
WEIGHING = HEAD + POLICY[POLICY.index("[weighing]") : POLICY.index("[[rule]]")]
NONSENSE = (  # a sign that speaks for release, a threshold that everything passes, a number out of all bounds
    *[(name, -1) for name in ("telling", "asking", "provision", "pretext", "words", "overlong", "harm")],
    *[(name, -1) for name in ("care", "judged", "wording")],
    *[(name, 0) for name in ("substantial", "heavy", "indicated", "harm_shown", "doubtful_sender")],
    *[(name, 0) for name in ("false_sender", "long_content_days", "long_period_days", "short_facts_words")],
    *[(name, -(10**9)) for name in ("base", "refuses", "far", "passes", "named", "plain", "plain_wording")],
    *[("torture_percentile", value) for value in (0, 51)],
)


def numbered(name: str, value: int) -> str:
    return re.sub(rf"(?m)^{name} = \S+", f"{name} = {value}", WEIGHING)


RULE = '[[rule]]\ncheck = "t.a"\nnot_met = "ask"\nnot_shown = "ask"\n'


def _make(facts: bytes = FACTS, check: str = CHECK, policy: str = WEIGHING + RULE) -> Rulebook:
    return make(facts, {"t.toml": check.encode()}, policy.encode())


def test_a_small_rulebook_loads() -> None:
    assert _make().decide([0]) == Consequence.ASK


@pytest.mark.parametrize(
    ("check", "policy", "sentence"),
    [
        (CHECK.replace('"a"\ntreaty', '"b"\ntreaty'), WEIGHING + RULE, "the fact 'b' is unknown"),
        (CHECK.replace('["uncc:6(1)"]', "[]"), WEIGHING + RULE, "this check cites no law"),
        (CHECK + CHECK, WEIGHING + RULE, "two checks have the same id"),
        (CHECK, WEIGHING, "the policy says nothing about t.a"),
        (CHECK, WEIGHING + RULE.replace("t.a", "t.b"), "there is no check 't.b'"),
        (CHECK, WEIGHING + RULE.replace('"ask"', '"release"'), "'release' is not a consequence"),
        (CHECK.replace("theme", "them"), WEIGHING + RULE, "there is no field `them`"),
        (CHECK + "= broken", WEIGHING + RULE, "this file is not readable TOML"),
        (CHECK, HEAD + RULE, "the field `weighing` is missing"),
        (CHECK, WEIGHING.replace("version = 1", 'version = "x"') + RULE, "a whole number belongs"),
        (
            CHECK,
            WEIGHING.replace("version = 1", "version = 1\nextra = 1") + RULE,
            "there is no field `extra`",
        ),
        (CHECK, WEIGHING.replace("version = 1", "version = 1\nrule = [3]"), "an object with named fields"),
        (CHECK, WEIGHING.replace("version = 1", "version = " + "9" * 5000), "a number is too long"),
        (CHECK, WEIGHING + "a = " + "[" * 3000 + "]" * 3000, "nested too deeply"),
        *[(CHECK, numbered(name, value) + RULE, "cannot be meant") for name, value in NONSENSE],
        (CHECK, numbered("passes", 13) + RULE, "`passes` is above `refuses`"),
        (CHECK, numbered("plain", 0) + RULE, "`plain` is above `passes`"),
        (CHECK, numbered("named", 50) + RULE, "`named` is above `refuses`"),
        (CHECK, numbered("indicated", 4) + RULE, "`indicated` is above `substantial`"),
        (CHECK, numbered("heavy", 2) + RULE, "`substantial` is above `heavy`"),
        (CHECK, numbered("far", 11) + RULE, "`refuses` is above `far`"),
        (CHECK, numbered("false_sender", 2) + RULE, "`doubtful_sender` is above `false_sender`"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(check: str, policy: str, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        _make(check=check, policy=policy)
    assert sentence in caught.value.sentence
    assert caught.value.place


def test_every_number_of_the_policy_has_bounds() -> None:
    assert {name for name, _value in NONSENSE} == set(type(BOOK.policy.weighing).__struct_fields__)


def test_a_missing_policy_file_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be read"):
        rulebook("no-such-policy.toml")


def test_every_article_and_test_a_check_cites_is_on_file() -> None:
    from habeas import treaty

    law = treaty.law()
    known = {test.id for test in law.tests()}
    safeguards = {safeguard.id for safeguard in law.safeguards}
    for check in BOOK.checks:
        assert set(check.tests) <= known, check.id
        for cite in check.cites:
            instrument, _, number = cite.partition(":")
            if instrument == "safeguards":
                assert number in safeguards, cite
            else:
                assert law.article(instrument, number), cite


def test_every_fact_is_needed_by_a_check_or_a_policy() -> None:
    needed: set[str] = set()
    for check in BOOK.checks:
        needed |= set(check.applies.facts()) | set(check.condition.facts())
    for rule in BOOK.policy.rules:
        needed |= set(rule.when.facts())
    assert set(BOOK.names) == needed
