from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request.formats import corpus
from habeas.request.formats.corpus import SUPPOSED, read_corpus, read_labels, to_request
from habeas.request.formats.native import to_native
from habeas.request.model import AuthorisationKind, Category, Penalty, PenaltyKind
from tests.request.samples import CASE, LABELS, case


def place_refused(**changes: Any) -> str:
    with pytest.raises(Refused) as caught:
        to_request(case(**changes))
    assert caught.value.hint
    return caught.value.place


def test_a_case_becomes_the_request_it_describes() -> None:
    request = to_request(CASE)
    assert (request.id, request.instrument, request.measure) == ("C-1", "uncc", "stored-access")
    assert request.instrument_stated == CASE["instrument"]
    assert (request.requesting_state, request.seat_state) == ("NOR", "IRL")
    assert request.facts == CASE["narrative"]
    assert request.offences[0].citations == ("Penal Code s. 371",)
    assert request.authorisation.kind is AuthorisationKind.JUDGE
    assert request.secrecy.asked
    assert not request.emergency.claimed
    assert request.supposed == SUPPOSED
    assert request.received_on is None
    first, second = request.targets
    assert [item.category for item in first.items] == [Category.SUBSCRIBER, Category.TRAFFIC]
    assert first.items[0].period is not None
    assert first.items[0].period.end == date(2024, 3, 31)
    assert not first.identifiers[0].bulk
    assert second.identifiers[0].bulk


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(corpus.LABELS)), anything))
def test_no_label_changes_a_byte_of_the_request(labels: dict[str, Any]) -> None:
    assert to_native(to_request({**CASE, **labels})) == to_native(to_request(CASE))


def test_the_true_labels_change_nothing_either() -> None:
    assert to_native(to_request({**CASE, **LABELS})) == to_native(to_request(CASE))
    assert set(LABELS) == corpus.LABELS
    assert not corpus.READ & corpus.LABELS


def test_a_case_with_nothing_but_an_id_is_read_as_stating_nothing() -> None:
    request = to_request({"id": "C-1"})
    assert request.instrument == "unknown"
    assert not request.targets
    assert not request.offences
    assert request.issuing is None
    assert request.authorisation.kind is AuthorisationKind.UNSTATED


@pytest.mark.parametrize("code", [None, "", "XXX", "ZZZ", "UNK", "MASKED", "??"])
def test_a_masked_state_is_not_stated(code: str | None) -> None:
    request = to_request(case(requesting_state=code, requested_from={"state": code}))
    assert request.requesting_state is None
    assert request.seat_state is None


@pytest.mark.parametrize("code", ["NO", "nor", "QQQ", "Norway", "xxx"])
def test_any_other_unknown_state_is_refused(code: str) -> None:
    assert place_refused(requesting_state=code) == "requesting_state"
    assert place_refused(requested_from={"state": code}) == "requested_from.state"


@pytest.mark.parametrize(
    ("written", "penalty"),
    [
        (6, Penalty(kind=PenaltyKind.YEARS, years=6)),
        (0.5, Penalty(kind=PenaltyKind.YEARS, years=0.5)),
        ("6", Penalty(kind=PenaltyKind.YEARS, years=6)),
        ("6 years", Penalty(kind=PenaltyKind.YEARS, years=6)),
        ("life", Penalty(kind=PenaltyKind.LIFE)),
        ("Death", Penalty(kind=PenaltyKind.DEATH)),
        ("fine", Penalty(kind=PenaltyKind.FINE)),
        (None, None),
        ("", None),
    ],
)
def test_a_penalty_is_read_as_written(written: Any, penalty: Penalty | None) -> None:
    assert to_request(case(max_penalty_years=written)).offences[0].claimed_maximum == penalty


@pytest.mark.parametrize("written", [True, "long", [6], {}, "6-8", "-6", "1e9", "６"])
def test_what_is_not_a_penalty_is_refused(written: Any) -> None:
    assert place_refused(max_penalty_years=written) == "max_penalty_years"


@pytest.mark.parametrize("written", [-1, 10**6, float("nan"), float("inf")])
def test_a_number_of_years_nobody_can_serve_is_refused(written: float) -> None:
    assert place_refused(max_penalty_years=written) == "max_penalty_years"


@pytest.mark.parametrize(
    ("words", "categories"),
    [
        (["subscriber", "content"], [("subscriber", ""), ("content", "")]),
        (["realtime-traffic"], [("realtime-traffic", "")]),
        (["interception"], [("realtime-content", "interception")]),
        (["realtime_content"], [("realtime-content", "")]),
        (["passwords"], [("credentials", "passwords")]),
        (["credentials"], [("credentials", "")]),
        (["purchase history"], [("other-stored", "purchase history")]),
        (
            ["preservation"],
            [("subscriber", "preservation"), ("traffic", "preservation"), ("content", "preservation")],
        ),
        (
            ["preservation", "subscriber"],
            [
                ("subscriber", "preservation"),
                ("traffic", "preservation"),
                ("content", "preservation"),
                ("subscriber", ""),
            ],
        ),
        (["content", "content"], [("content", "")]),
        ("content", [("content", "")]),
    ],
)
def test_the_words_for_data_become_categories(words: Any, categories: list[tuple[str, str]]) -> None:
    items = to_request(case(data_requested=words)).targets[0].items
    assert [(str(item.category), item.description) for item in items] == categories


def test_a_case_that_only_asks_to_keep_data_is_a_preservation_request() -> None:
    assert to_request(case(data_requested=["preservation"])).measure == "preservation"
    assert to_request(case(data_requested=["preservation", "traffic"])).measure == "stored-access"


@pytest.mark.parametrize(
    ("written", "kind", "reference"),
    [
        ("judge", AuthorisationKind.JUDGE, None),
        ("Prosecutor", AuthorisationKind.PROSECUTOR, None),
        ("police", AuthorisationKind.POLICE, None),
        ("none", AuthorisationKind.NONE, None),
        (None, AuthorisationKind.UNSTATED, None),
        ("other", AuthorisationKind.UNSTATED, "other"),
        ("the revolutionary council", AuthorisationKind.UNSTATED, "the revolutionary council"),
    ],
)
def test_only_a_judge_is_a_judge(written: str | None, kind: AuthorisationKind, reference: str | None) -> None:
    authorisation = to_request(case(judicial_authorisation=written)).authorisation
    assert (authorisation.kind, authorisation.reference) == (kind, reference)


@pytest.mark.parametrize(
    "handle",
    [
        "bulk:donors",
        "Bulk: all of them",
        "all donors",
        "all-purchasers",
        "everyone in the channel",
        "members of the group",
        "*@charity.example",
        "10,000 accounts",
        "1.3m visitors",
        "192.0.2.0/24",
        "tous les abonnés",
        "все подписчики",
        "جميع المشتركين",
        "所有用户",
    ],
)
def test_a_description_of_many_is_marked_as_bulk(handle: str) -> None:
    assert to_request(case(targets=[{"handle": handle}])).targets[0].identifiers[0].bulk


@pytest.mark.parametrize(
    "handle",
    [
        "@all_news",
        "allan",
        "@bulk_buyer",
        "everyday@mail.example",
        "192.0.2.7",
        "user 10",
        "alleria",
        "всеволод",
        "كلثوم",
    ],
)
def test_an_account_that_only_sounds_like_many_is_not(handle: str) -> None:
    assert not to_request(case(targets=[{"handle": handle}])).targets[0].identifiers[0].bulk


def test_data_asked_for_without_naming_anybody_stays_visible() -> None:
    (target,) = to_request(case(targets=[])).targets
    assert target.identifiers == ()
    assert len(target.items) == 2


def test_an_instrument_nobody_knows_does_not_fail() -> None:
    request = to_request(case(instrument="memorandum of friendship"))
    assert (request.instrument, request.measure) == ("unknown", "general-assistance")
    assert request.instrument_stated == "memorandum of friendship"


@pytest.mark.parametrize(
    ("written", "meant"),
    [(True, True), ("no", False), ("on", True), ("Yes", True), (None, False), ("off", False)],
)
def test_words_for_yes_and_no_are_understood(written: Any, meant: bool) -> None:
    assert to_request(case(confidentiality_requested=written)).secrecy.asked is meant


@pytest.mark.parametrize("written", [date(2024, 1, 1), datetime(2024, 1, 1, 12, 0), "2024-01-01"])  # noqa: DTZ001  # as tables hold them
def test_a_day_is_read_from_text_and_from_tables(written: Any) -> None:
    item = to_request(case(period_start=written)).targets[0].items[0]
    assert item.period is not None
    assert item.period.start == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": ...}, "id"),
        ({"id": 7}, "id"),
        ({"id": ["C-1"]}, "id"),
        ({"narrative": ["x"]}, "narrative"),
        ({"narrative": "x" * 200_001}, "narrative"),
        ({"authority": "Court\n"}, "authority"),
        ({"statute_cited": "s. 1\x00"}, "statute_cited"),
        ({"data_requested": ["chats\x00"]}, "data_requested"),
        ({"judicial_authorisation": "a\nb"}, "judicial_authorisation"),
        ({"requested_from": "IRL"}, "requested_from"),
        ({"requested_from": {"state": 5}}, "requested_from.state"),
        ({"data_requested": [5]}, "data_requested"),
        ({"data_requested": {"subscriber": True}}, "data_requested"),
        ({"period_start": "2024"}, "period_start"),
        ({"period_start": 2024}, "period_start"),
        ({"period_start": "20240101"}, "period_start"),
        ({"period_end": "2024-02-30"}, "period_end"),
        ({"period_end": "2023-12-31"}, "period_end"),
        ({"targets": "@user"}, "targets"),
        ({"targets": [5]}, "targets[0]"),
        ({"targets": [{"handle": 5}]}, "targets[0].handle"),
        ({"targets": ["@a", {"handle": "@us\u202eer"}]}, "targets[1].handle"),
        ({"emergency": True}, "emergency"),
        ({"emergency": {"claimed": "perhaps"}}, "emergency.claimed"),
        ({"confidentiality_requested": 1}, "confidentiality_requested"),
        ({"language": "not a tag"}, "language"),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_at_its_place(changes: dict[str, Any], place: str) -> None:
    assert place_refused(**changes) == place


@pytest.mark.parametrize(
    "whole", [{"version": 1, "cases": [{**CASE, **LABELS}]}, [{**CASE, **LABELS}], {**CASE, **LABELS}]
)
@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_the_same_case_is_read_from_every_shape_of_file(tmp_path: Path, whole: Any, write: Any) -> None:
    path = tmp_path / "cases"
    path.write_text(write(whole), encoding="utf-8")
    assert list(read_corpus(path)) == [to_request(CASE)]
    assert [label.id for label in read_labels(path)] == ["C-1"]


def test_the_labels_are_read_on_their_own(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump({"cases": [{**CASE, **LABELS}, case(id="C-2")]}), encoding="utf-8")
    (label,) = read_labels(path)
    assert (label.id, label.cls, label.decision) == ("C-1", "legitimate-crime", "narrow")
    assert label.acceptable == ("narrow", "clarify")
    assert label.must_not == ("refuse",)
    assert (label.difficulty, label.language, label.state) == ("easy", "en", "NOR")


def test_a_bad_case_stops_the_strict_reader_and_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump([CASE, case(id="C-2", requesting_state="QQQ")]), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        list(read_corpus(path))
    assert caught.value.place == f"{path}: [1] (C-2): requesting_state"


def test_a_label_that_is_incomplete_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({**CASE, "expected": {"class": "legitimate-crime"}}), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_labels(path)
    assert caught.value.place.endswith("expected.decision")
