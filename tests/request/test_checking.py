from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest

from habeas.errors import Refused
from habeas.request.checking import MAX_LINE, MAX_LIST, MAX_TEXT, _at, check, notices
from habeas.request.model import MAX_FACTS, Request
from tests.request.samples import native


def made(**changes: Any) -> Request:
    return msgspec.convert(native(**changes), Request)


def place_refused(**changes: Any) -> str:
    """Of the request, which has an attachment, and as it must be of the same without one."""
    places = []
    without: dict[str, Any] = {"attachments": []}
    for others in ({}, without):
        with pytest.raises(Refused) as caught:
            check(made(**{**others, **changes}))
        assert caught.value.sentence
        assert caught.value.hint
        places.append(caught.value.place)
    assert len(set(places)) == 1
    return places[0]


def identifier(value: str, *, bulk: bool = False) -> dict[str, Any]:
    return {"targets": [{"id": "t1", "identifiers": [{"value": value, "bulk": bulk}]}]}


def test_a_request_that_can_be_true_is_given_back_unchanged() -> None:
    request = made()
    assert check(request) is request
    assert notices(request) == ()


def test_a_request_that_states_almost_nothing_is_valid() -> None:
    bare = msgspec.convert({"id": "R-1", "instrument": "unknown", "measure": "emergency"}, Request)
    assert check(bare) is bare


VALUE = "targets[0].identifiers[0].value"
TWO_ITEMS = [{"id": "i1", "category": "content"}, {"id": "i1", "category": "traffic"}]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": ""}, "id"),
        ({"id": " "}, "id"),
        ({"id": "R\n1"}, "id"),
        ({"instrument": "UNCC"}, "instrument"),
        ({"instrument": ""}, "instrument"),
        ({"instrument": "uncc\n"}, "instrument"),
        ({"requesting_state": "XXX"}, "requesting_state"),
        ({"seat_state": "IE"}, "seat_state"),
        ({"language": "the language of the court"}, "language"),
        ({"facts": "x" * (MAX_FACTS + 1)}, "facts"),
        ({"facts": "before\x00after"}, "facts"),
        ({"facts": "before\x1bafter"}, "facts"),
        ({"facts": "before\ud800after"}, "facts"),
        ({"facts": "before\uffffafter"}, "facts"),
        ({"earlier_facts": ["whole", "cut\x07"]}, "earlier_facts[1]"),
        ({"purpose": "x" * (MAX_TEXT + 1)}, "purpose"),
        ({"issuing": {"name": "x" * (MAX_LINE + 1)}}, "issuing.name"),
        ({"issuing": {"name": "Court\nBcc: other@example.org"}}, "issuing.name"),
        ({"issuing": {"name": "Court \u202egnikool"}}, "issuing.name"),
        ({"issuing": {"name": "Co\u200burt"}}, "issuing.name"),
        ({"issuing": {"name": "Co\u200curt"}}, "issuing.name"),
        ({"issuing": {"name": "Court\x92s office"}}, "issuing.name"),
        (
            {"investigating": {"name": "Police", "contact": "desk@police.exam\u00adple"}},
            "investigating.contact",
        ),
        ({"reference": "24\u206611"}, "reference"),
        (identifier(""), VALUE),
        (identifier("@user\u202efdp"), VALUE),
        (identifier("@us\u200ber"), VALUE),
        (identifier("@us\u200cer", bulk=True), VALUE),
        (identifier("@us\u2066er"), VALUE),
        (identifier("@us\U000e0041er"), VALUE),
        (identifier("@user\n"), VALUE),
        (identifier("رایانه\u200cای"), VALUE),
        ({"targets": [{"id": "t1", "identifiers": []}, {"id": "t1", "identifiers": []}]}, "targets[1].id"),
        ({"targets": [{"id": "t1", "identifiers": [], "items": TWO_ITEMS}]}, "targets[0].items[1].id"),
        ({"offences": [{"label": "x", "claimed_maximum": {"kind": "years"}}]}, "offences[0].claimed_maximum"),
        (
            {"offences": [{"label": "x", "claimed_maximum": {"kind": "life", "years": 4}}]},
            "offences[0].claimed_maximum",
        ),
        (
            {"offences": [{"label": "x", "claimed_maximum": {"kind": "years", "years": -1}}]},
            "offences[0].claimed_maximum",
        ),
        (
            {"offences": [{"label": "x", "claimed_maximum": {"kind": "years", "years": 1e6}}]},
            "offences[0].claimed_maximum",
        ),
        ({"conduct": {"start": "2024-03-02", "end": "2024-03-01"}}, "conduct"),
        ({"conduct": {"start": "2024-06-02"}}, "conduct.start"),
        ({"conduct": {"start": "0204-06-02"}}, "conduct.start"),
        ({"received_on": "2924-05-31"}, "received_on"),
        ({"attachments": [{"name": "../order.pdf"}]}, "attachments[0].name"),
        ({"attachments": [{"name": "folder\\order.pdf"}]}, "attachments[0].name"),
        ({"attachments": [{"name": "order.pdf", "sha256": "00"}]}, "attachments[0].sha256"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(changes: dict[str, Any], place: str) -> None:
    assert place_refused(**changes) == place


@pytest.mark.parametrize(
    "changes",
    [
        {"instrument": "budapest-2ap"},
        {"requesting_state": ...},
        {"language": "zh-Hant-TW"},
        {"facts": "x" * MAX_FACTS},
        {"facts": "one\ttwo\r\nthree"},
        {"facts": "Chinese 公安部, Persian رایانه\u200cای, emoji 👩\u200d👩\u200d👧, arrow \u202e kept"},
        {"purpose": "x" * MAX_TEXT},
        {"issuing": {"name": "x" * MAX_LINE}},
        {"issuing": {"name": "پلیس فتا، دادسرای ویژه جرایم رایانه\u200cای تهران"}},
        {"issuing": {"name": "公安部国际合作局"}},
        {"issuing": {"name": ""}},
        identifier("@user-1"),
        identifier("مشترک\u200cها", bulk=True),
        identifier("Ünïcödé 用户"),
        {"targets": [{"id": "t1", "identifiers": []}, {"id": "t2", "identifiers": []}]},
        {"offences": [{"label": "x", "claimed_maximum": {"kind": "years", "years": 0}}]},
        {"offences": [{"label": "x", "claimed_maximum": {"kind": "years", "years": 90}}]},
        {"conduct": {"start": "2024-03-01", "end": "2024-03-01"}},
        {"conduct": {"start": "2024-06-01"}},
        {"attachments": [{"name": "order..pdf", "sha256": "f" * 64}]},
    ],
)
def test_its_neighbour_is_accepted(changes: dict[str, Any]) -> None:
    request = made(**changes)
    assert check(request) is request


TEXTS: dict[str, Any] = {
    "attachments": [],
    "reference": "24-118",
    "addressee": "Central authority",
    "instrument_stated": "the convention",
    "issuing": {"name": "Prosecutor", "office": "North", "contact": "desk"},
    "investigating": {"name": "Police", "office": "North", "contact": "desk"},
    "validating": {"name": "Court", "office": "North", "contact": "desk"},
    "offences": [{"label": "Fraud", "citations": ["s. 371", "s. 372"]}],
    "link": "used for the invoices",
    "necessity": "no other way",
    "purpose": "a formal request",
    "emergency": {"statement": "a life is in danger"},
    "secrecy": {"asked": True, "reason": "evidence could be lost"},
    "assurances": [{"kind": "speciality", "text": "for this case only"}],
    "targets": [
        {
            "id": "t1",
            "identifiers": [{"value": "@desk", "kind": "handle"}],
            "role": "suspect",
            "items": [{"id": "i1", "category": "content", "description": "messages"}],
        }
    ],
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of the texts in plain values."""
    if isinstance(value, str):
        return [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [leaf for step, each in inner for leaf in leaves(each, (*path, step))]


def test_no_text_is_overlooked() -> None:
    request = made(**TEXTS)
    assert check(request) is request
    for path in leaves(TEXTS):
        spoiled = copy.deepcopy(TEXTS)
        inner = spoiled
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] += "\x1b"
        if path[-1] != "category":  # a word of a list
            assert place_refused(**spoiled) == _at(path)


def test_a_list_longer_than_anybody_can_read_is_refused() -> None:
    targets = [{"id": f"t{number}", "identifiers": []} for number in range(MAX_LIST + 1)]
    assert place_refused(targets=targets) == "targets"
    assert len(check(made(targets=targets[:-1])).targets) == MAX_LIST


def test_the_statement_of_facts_is_never_changed() -> None:
    facts = "  one\u202etwo\u200b three\r\n"
    assert check(made(facts=facts)).facts == facts


@pytest.mark.parametrize(
    ("changes", "place", "word"),
    [
        ({"facts": "pay \u202e001 EUR"}, "facts", "direction"),
        ({"facts": "jour\u200bnalist"}, "facts", "nobody can see"),
        ({"facts": "the suspect\x92s account"}, "facts", "encoding"),
        ({"issuing": {"name": "Pоlice Department"}}, "issuing.name", "Cyrillic and Latin"),
        (identifier("@pаypal"), VALUE, "Cyrillic and Latin"),
        ({"received_on": "2024-05-01"}, "authorisation.issued_on", "after"),
        ({"deadline": "2024-05-01"}, "deadline", "had passed"),
        ({"secrecy": {"asked": True, "until": "2024-05-01"}}, "secrecy.until", "ended"),
        ({"conduct": {"start": "2024-01-01", "end": "2024-07-01"}}, "conduct.end", "beyond"),
        ({"emergency": {"claimed": True, "deadline": "2024-06-01T18:00:00"}}, "emergency.deadline", "zone"),
        ({"emergency": {"deadline": "2024-01-01T18:00:00Z"}}, "emergency.deadline", "had passed"),
    ],
)
def test_what_is_possible_but_odd_is_noticed(changes: dict[str, Any], place: str, word: str) -> None:
    (notice,) = notices(check(made(**changes)))
    assert notice.place == place
    assert word in notice.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": "Persian رایانه\u200cای is spelt so"},
        {"issuing": {"name": "Полиция, Police"}},
        {"issuing": {"name": "公安部 PSB, İstanbul Başsavcılığı"}},
        {"issuing": {"name": "Εισαγγελία Αθηνών"}},
        {"deadline": "2024-06-30"},
    ],
)
def test_ordinary_writing_is_not_noticed(changes: dict[str, Any]) -> None:
    assert notices(check(made(**changes))) == ()
