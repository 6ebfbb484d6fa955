"""The comparison with labelled cases as tables in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from habeas.reports.evaluation import Row, Scores


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _rows(title: str, rows: dict[str, Row], first: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for name in ("cases", "exact", "acceptable", "must not"):
        table.add_column(name, justify="right")
    for name, row in rows.items():
        style = "bold red" if row.must_not else ""
        table.add_row(
            name,
            str(row.cases),
            _share(row.exact),
            _share(row.acceptable),
            f"[{style}]{row.must_not}[/]" if style else "0",
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
        found.add_row(category, f"{hits} of {total}")
    out.print(found, "")
    if failures:
        for miss in sorted(scores.misses, key=lambda miss: (not miss.must_not, miss.acceptable, miss.id)):
            mark = (
                "[bold red]must not[/]"
                if miss.must_not
                else "acceptable"
                if miss.acceptable
                else "[yellow]outside[/]"
            )
            out.print(
                f"[bold]{miss.id}[/] {miss.language} {miss.state}  {miss.cls}: "
                f"labelled {miss.labelled}, answered {miss.answered}  {mark}"
            )
            out.print(f"   {miss.because}", highlight=False)
            out.print(
                f"   protected: answered {', '.join(miss.protected_conduct) or 'none'};"
                f" labelled {', '.join(miss.labelled_conduct) or 'none'}",
                highlight=False,
            )
            out.print(f"   signs: {', '.join(miss.signs) or 'none'}", highlight=False)
