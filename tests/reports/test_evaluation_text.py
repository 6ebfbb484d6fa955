"""The comparison in the terminal prints names of other people's files as literal words."""

from __future__ import annotations

import io

from rich.console import Console

from habeas.reports.evaluation import compare
from habeas.reports.evaluation_text import write
from habeas.request import Label
from tests.reports.samples import answer


def _printed(label: Label, *, failures: bool) -> str:
    scores = compare([answer(id=label.id)], [label], ["refuse"])
    out = io.StringIO()
    write(scores, failures=failures, console=Console(file=out, width=100))
    return out.getvalue()


def _label(**parts: object) -> Label:
    values: dict[str, object] = {
        "id": "C-1",
        "cls": "legitimate-crime",
        "decision": "proceed",
        "acceptable": ("proceed",),
        "must_not": ("refuse",),
        "protected_conduct": (),
        "language": "en",
        "state": "KWT",
        "difficulty": "easy",
    }
    return Label(**{**values, **parts})  # type: ignore[arg-type]


def test_a_case_that_went_wrong_is_named_only_when_asked_for() -> None:
    assert "C-1 en KWT" in _printed(_label(), failures=True)
    assert "must not" in _printed(_label(), failures=True)
    assert "C-1 en KWT" not in _printed(_label(), failures=False)


def test_names_in_a_case_file_are_literal() -> None:
    told = _printed(_label(id="[red]C[/]", cls="[/nothing]", state="\x1b[2J"), failures=True)
    assert "[red]C[/]" in told
    assert "[/nothing]" in told
    assert "\x1b" not in told
