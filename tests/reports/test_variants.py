"""The same case told differently: what must not move the answer, measured on the packaged cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.assess import Assessment, assess
from habeas.reports.variants import DISGUISES, Steadiness, masked, relabelled, renamed, retold, steadiness
from habeas.request import Label, Request, read_corpus, read_labels
from tests.world import ON, request, target

FOLDER = Path(__file__).parents[2] / "cases"
SETS = {
    "building": ("fresh_a", "fresh_b"),
    "held out": ("held_out", "held_out_b", "held_out_c", "held_out_d", "held_out_e"),  # never learnt from
    "hard": ("fresh_m", "fresh_n"),
}
LEAST = 0.85
MEANT = ("FI-014",)  # its handle is the radius of an area: another handle asks for something else
Measured = tuple[str, dict[str, Steadiness]]


def answer(asked: Request) -> Assessment:
    return assess(asked, on=ON)


def test_a_variant_changes_what_it_says_and_nothing_else() -> None:
    asked = request(targets=(target(value="@one"), target(value="bulk:many", bulk=True, number=2)))
    assert masked(asked).requesting_state is None
    assert masked(asked).facts == asked.facts
    other = renamed(asked)
    assert [t.identifiers[0].bulk for t in other.targets] == [False, True]
    assert not {t.identifiers[0].value for t in other.targets} & {"@one", "bulk:many"}
    assert "2024" in other.facts
    assert relabelled(asked, "Fraud").facts == asked.facts
    assert relabelled(asked, "Fraud").offences[0].citations == ()
    assert retold(asked, "IRN").requesting_state == "IRN"


def test_a_moved_answer_is_named() -> None:
    """An assessment that looks at the state alone is caught by masking."""

    def by_state(asked: Request) -> Assessment:
        import msgspec

        return msgspec.structs.replace(
            answer(asked), decision="proceed" if asked.requesting_state else "refuse"
        )

    label = Label(id="R-1", cls="legitimate-crime", decision="proceed")
    first = steadiness([request()], [label], by_state)[0]
    assert first.same == 0.0
    assert first.moved == ("R-1: proceed -> refuse",)


@pytest.fixture(scope="module", params=SETS)
def measured(request: pytest.FixtureRequest) -> Measured:
    """Which cases, and of each kind of variant the share that keeps its answer."""
    paths = [FOLDER / f"{name}.yaml" for name in SETS[request.param]]
    requests = [each for path in paths for each in read_corpus(path)]
    labels = [each for path in paths for each in read_labels(path)]
    return request.param, {each.variant: each for each in steadiness(requests, labels, answer)}


def test_masking_the_state_moves_at_most_a_tenth(measured: Measured) -> None:
    _cases, same = measured
    assert same["requesting state masked"].same >= 0.90


def test_handles_and_dates_move_nothing(measured: Measured) -> None:
    _cases, same = measured
    moved = same["handles and dates changed"].moved
    assert [each for each in moved if not each.startswith(MEANT)] == []


@pytest.mark.parametrize("disguise", DISGUISES)
def test_abuse_keeps_its_answer_under_another_label(measured: Measured, disguise: str) -> None:
    _cases, same = measured
    kept = same[f"abuse labelled as {disguise}"]
    given = [
        each for each in kept.moved if each.endswith(("-> proceed", "-> narrow", "-> comply-as-narrowed"))
    ]
    assert given == [], "another label opens nothing: what moves goes to people, or is asked about"
    assert kept.same >= LEAST


def test_a_real_crime_keeps_its_answer_in_a_persecuting_state(measured: Measured) -> None:
    _cases, same = measured
    told = {variant: each.same for variant, each in same.items() if variant.startswith("real crime told by")}
    assert told
    assert {variant: share for variant, share in told.items() if share < LEAST} == {}
