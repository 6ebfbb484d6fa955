"""The comparison with labelled cases as tables in the terminal.

The names of classes, states and cases come from files of other people: they are made harmless and printed as
literal text.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from habeas.reports.evaluation import Miss, Row, Scores
from habeas.reports.foreign import one_line
from habeas.reports.variants import Steadiness

_STOP = "bold #d0306a"
_ASK = "#a87000"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _rows(title: str, rows: dict[str, Row], first: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for name in ("cases", "exact", "acceptable", "must not"):
        table.add_column(name, justify="right")
    for name, row in rows.items():
        table.add_row(
            Text(one_line(name)),
            str(row.cases),
            _share(row.exact),
            _share(row.acceptable),
            Text(str(row.must_not), _STOP if row.must_not else ""),
        )
    return table


def write(scores: Scores, *, failures: bool, console: Console | None = None) -> None:
    """Print the scores; with `failures` every case that differs, the worst first."""
    out = console or Console()
    out.print(_rows("Agreement", {"all": scores.all, **scores.by_class}, "class"), "")
    out.print(_rows("By difficulty", scores.by_difficulty, "difficulty"), "")
    out.print(_rows("By language", scores.by_language, "language"), "")
    out.print(_rows("By requesting state", scores.by_state, "state"), "")
    out.print(_rows("Beside it", scores.baselines, "model"), "")
    summary = Table(box=None, pad_edge=False, show_header=False)
    for name, value in (
        ("protected conduct found", _share(scores.protected_found)),
        ("false alarms on ordinary crime", _share(scores.false_alarms)),
        ("escalated", _share(scores.escalated)),
        ("ordinary crime that should pass, asked back", _share(scores.ordinary_clarified)),
        ("questions when asking: median, most", f"{scores.median_questions}, {scores.most_questions}"),
        (
            f"exact agreement above the best simple model ({scores.best_simple})",
            _share(scores.lead_over_best_simple),
        ),
    ):
        summary.add_row(name, value)
    out.print(summary, "")
    found = Table(title="Protected conduct by category", title_justify="left", box=None, pad_edge=False)
    found.add_column("category")
    found.add_column("found", justify="right")
    for category, (hits, total) in scores.protected_found_by_category.items():
        found.add_row(Text(one_line(category)), f"{hits} of {total}")
    out.print(found, "")
    if failures:
        for miss in sorted(scores.misses, key=lambda miss: (not miss.must_not, miss.acceptable, miss.id)):
            for line in _miss(miss):
                out.print(line, highlight=False)


def _miss(miss: Miss) -> Iterable[Text]:
    """One case in which the answer differs, in four lines."""
    word, style = (
        ("must not", _STOP) if miss.must_not else ("acceptable", "") if miss.acceptable else ("outside", _ASK)
    )
    told = f"{miss.language} {miss.state}  {miss.cls}: labelled {miss.labelled}, answered {miss.answered}  "
    yield Text(one_line(miss.id), "bold").append(f" {one_line(told)}  ", "not bold").append(word, style)
    yield Text(f"   {miss.because}")
    yield Text(
        f"   protected: answered {', '.join(miss.protected_conduct) or 'none'};"
        f" labelled {one_line(', '.join(miss.labelled_conduct)) or 'none'}"
    )
    yield Text(f"   signs: {', '.join(miss.signs) or 'none'}")


def write_steadiness(
    results: Iterable[Steadiness], *, failures: bool, console: Console | None = None
) -> None:
    """Print how often the answer stayed; with `failures` each case in which it moved."""
    out = console or Console()
    table = Table(title="The same cases told differently", title_justify="left", box=None, pad_edge=False)
    table.add_column("variant")
    table.add_column("cases", justify="right")
    table.add_column("same answer", justify="right")
    results = tuple(results)
    for result in results:
        table.add_row(result.variant, str(result.tried), _share(result.same))
    out.print(table, "")
    for result in results if failures else ():
        for moved in result.moved:
            out.print(Text(f"{result.variant}: {one_line(moved)}"))
