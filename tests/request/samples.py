"""Requests to test with: one of each form that is right in every field, and strategies that make more.

The authorities, handles and places are invented.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from habeas.request import model
from habeas.request.states import STATES

NATIVE: dict[str, Any] = {
    "id": "R-1",
    "instrument": "uncc",
    "measure": "stored-access",
    "received_on": "2024-05-31",
    "requesting_state": "NOR",
    "seat_state": "IRL",
    "issuing": {"name": "District Prosecutor, Northern District", "contact": "desk@prosecutor.example"},
    "authorisation": {"kind": "judge", "reference": "24/118", "issued_on": "2024-05-20"},
    "offences": [
        {
            "label": "Fraud",
            "citations": ["Penal Code s. 371"],
            "claimed_maximum": {"kind": "years", "years": 6},
        }
    ],
    "facts": "Invoices with changed account numbers were sent.\nTwo companies paid.",
    "language": "en",
    "conduct": {"start": "2024-01-01", "end": "2024-03-31"},
    "targets": [
        {
            "id": "t1",
            "identifiers": [{"value": "@invoice_desk"}],
            "role": "suspect",
            "items": [
                {
                    "id": "i1",
                    "category": "subscriber",
                    "period": {"start": "2024-01-01", "end": "2024-03-31"},
                }
            ],
        }
    ],
    "emergency": {"claimed": True, "deadline": "2024-06-01T18:00:00+02:00"},
    "attachments": [{"name": "order.pdf", "sha256": "0" * 64}],
}

CASE: dict[str, Any] = {
    "id": "C-1",
    "language": "en",
    "requesting_state": "NOR",
    "requested_from": {"provider_kind": "webmail provider", "state": "IRL"},
    "authority": "District Prosecutor, Northern District",
    "instrument": "UNCC art 44 (stored data MLA under art 40)",
    "offence_as_charged": "Fraud",
    "statute_cited": "Penal Code s. 371",
    "max_penalty_years": 6,
    "narrative": "Invoices with changed account numbers were sent. Two companies paid.",
    "data_requested": ["subscriber", "traffic"],
    "period_start": "2024-01-01",
    "period_end": "2024-03-31",
    "targets": [
        {"handle": "@invoice_desk", "role": "suspect"},
        {"handle": "bulk:payers", "role": "witnesses"},
    ],
    "judicial_authorisation": "judge",
    "emergency": {"claimed": False, "claim": None},
    "confidentiality_requested": True,
}

LABELS: dict[str, Any] = {
    "expected": {
        "class": "legitimate-crime",
        "decision": "narrow",
        "acceptable": ["narrow", "clarify"],
        "must_not": ["refuse"],
        "protected_conduct": [],
        "rationale": "The payers are many.",
        "true_role": None,
    },
    "difficulty": "easy",
    "label_confidence": "high",
    "tags": ["bulk"],
    "sources": [{"ref": "composite", "status": "composite"}],
    "split_group": "C-1",
}


def native(**changes: Any) -> dict[str, Any]:
    """The sample in our own form, with some fields changed; a field set to `...` is left out."""
    return {name: value for name, value in {**NATIVE, **changes}.items() if value is not ...}


def case(**changes: Any) -> dict[str, Any]:
    """The sample in the corpus form, with some fields changed; a field set to `...` is left out."""
    return {name: value for name, value in {**CASE, **changes}.items() if value is not ...}


_letters = st.characters(codec="utf-8", categories=["L", "N", "P", "S"])
lines = st.text(_letters, min_size=1, max_size=20).filter(lambda text: text.isprintable())
paragraphs = st.text(st.one_of(_letters, st.sampled_from(" \t\n\u200c\u202e")), max_size=60)
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> model.Period:
    first, last = sorted((draw(days), draw(days)))
    return model.Period(start=draw(st.sampled_from((first, None))), end=draw(st.sampled_from((last, None))))


def _numbered(prefix: str, build: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few values whose ids differ."""
    return st.integers(0, 3).flatmap(
        lambda count: st.tuples(*(build(st.just(f"{prefix}{number}")) for number in range(count)))
    )


penalties = st.one_of(
    st.builds(
        model.Penalty,
        kind=st.just(model.PenaltyKind.YEARS),
        years=st.floats(0, 99).map(abs),
    ),
    st.builds(
        model.Penalty,
        kind=st.sampled_from((model.PenaltyKind.LIFE, model.PenaltyKind.DEATH, model.PenaltyKind.FINE)),
    ),
)
offences = st.builds(
    model.Offence,
    label=paragraphs,
    citations=st.lists(paragraphs, max_size=2).map(tuple),
    claimed_maximum=st.none() | penalties,
)
_identifiers = st.builds(
    model.Identifier,
    value=lines.filter(lambda text: not set(text) & set("\u115f\u1160\u17b4\u17b5\u3164\uffa0")),
    bulk=st.booleans(),
)
targets = _numbered(
    "t",
    lambda id: st.builds(
        model.Target,
        id=id,
        identifiers=st.lists(_identifiers, max_size=2).map(tuple),
        role=paragraphs,
        items=_numbered(
            "i",
            lambda id: st.builds(
                model.Item,
                id=id,
                category=st.sampled_from(model.Category),
                description=paragraphs,
                period=st.none() | periods(),
            ),
        ),
    ),
)
requests = st.builds(
    model.Request,
    id=st.integers(0, 10**6).map(lambda number: f"R-{number}"),
    instrument=st.sampled_from(("uncc", "budapest", "eu-eio", "unknown")),
    measure=st.sampled_from(model.Measure),
    received_on=st.none() | st.just(date(2030, 6, 1)),
    requesting_state=st.none() | st.sampled_from(sorted(STATES)),
    offences=st.lists(offences, max_size=2).map(tuple),
    facts=paragraphs,
    conduct=st.none() | periods(),
    targets=targets,
    emergency=st.builds(
        model.Emergency,
        claimed=st.booleans(),
        statement=st.none() | paragraphs,
        deadline=st.none()
        | st.builds(datetime.combine, days, st.times(timezones=st.sampled_from((None, UTC)))),
    ),
    secrecy=st.builds(model.Secrecy, asked=st.booleans(), until=st.none() | days),
)
