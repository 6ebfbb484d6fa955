"""Figures written out lose nothing, and words of strangers command nothing."""

from __future__ import annotations

import csv
import io
import json

import pytest

from habeas.reports.others import Figure, Own, Period, beside, once
from habeas.reports.others.written import (
    VALUES,
    comparison_json,
    comparison_text,
    figures_csv,
    figures_json,
    figures_text,
)
from tests.reports.others.tables import APPLE, CROSS_BORDER, LETTERS, RECEIVED, REMOVALS, table

OWN = {"DEU": {Period(2025, 1): (Own(requests=120),)}}


def figures() -> tuple[Figure, ...]:
    return once(
        (
            table(APPLE, "2025 H1,Germany,device,1000,20,,50,,,"),
            table(LETTERS, "2025,Jan-Jun,Affected accounts,0-249"),
            table(CROSS_BORDER, "2025,Korea,,7", "2025,Germany,DE,5"),
        )
    )


def test_text_has_a_line_for_each_figure_and_ends_numbers_at_the_right() -> None:
    heading, *lines = figures_text(figures())
    assert len(lines) == 4
    assert {len(line) for line in (heading, *lines)} == {len(heading)}
    assert lines[0].split() == [
        "Apple",
        "2025",
        "H1",
        "DEU",
        "Germany",
        "device",
        *"data about devices".split(),
        "1,000",
        "20",
        "not",
        "published",
    ]
    assert "(unmapped)" in lines[2]


def test_json_says_what_is_counted_and_keeps_what_is_not_mapped() -> None:
    values = json.loads(figures_json(figures()))
    assert {figure["counting"] for figure in values["figures"]} == values["counting"].keys()
    apple, letters, korea, _ = values["figures"]
    assert (apple["requests"], apple["with_data"], apple["period"]) == (1000, None, "2025 H1")
    assert letters["accounts"] == {"low": 0, "high": 249}
    assert (korea["state"], korea["named"], korea["whose"]) == (None, "Korea", "unmapped")


def test_csv_tells_exact_banded_and_unpublished_apart() -> None:
    heading, apple, letters, *_ = csv.reader(io.StringIO(figures_csv(figures()), newline=""))
    assert tuple(heading) == VALUES
    exact, banded = dict(zip(VALUES, apple, strict=True)), dict(zip(VALUES, letters, strict=True))
    assert (exact["requests_low"], exact["requests_high"], exact["with_data_low"]) == ("1000", "1000", "")
    assert (banded["accounts_low"], banded["accounts_high"], banded["half"]) == ("0", "249", "1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_word_of_theirs_begins_a_formula(start: str) -> None:
    read = table(RECEIVED, f"2025,{start}HYPERLINK(1),1,1")
    (_, line) = csv.reader(io.StringIO(figures_csv(read.figures), newline=""))
    assert dict(zip(VALUES, line, strict=True))["type"] == f"'{start}HYPERLINK(1)"


def test_no_word_of_theirs_commands_the_terminal() -> None:
    read = table(RECEIVED, "2025,\x1b[2Jgone,1,1")
    assert "\x1b" not in "".join(figures_text(read.figures)) + figures_csv(read.figures)


def test_a_comparison_shows_ours_theirs_and_what_is_counted() -> None:
    lines = list(comparison_text(beside("DEU", OWN, figures())))
    assert lines[0] == "Germany (DEU)"
    text = "\n".join(lines)
    assert "2025 H1  ours" in text
    assert "none given" in text
    assert "- Ours: “requests” counts" in text
    assert "- GitHub: “requests” counts" in text


def test_a_sum_in_a_comparison_says_of_how_many_lines() -> None:
    read = table(
        REMOVALS,
        "January - June 2025,DE,Germany,Police,Other,3,4,0",
        "January - June 2025,DE,Germany,Judicial,Defamation,1,9,0",
    )
    assert "removal of content, 2 lines added" in "\n".join(comparison_text(beside("DEU", {}, once([read]))))


def test_doubts_stand_below_with_a_number() -> None:
    read = table(APPLE, "2025 H1,Germany,device,10,20,12,,,,")
    *_, line, last = [text for text in comparison_text(beside("DEU", {}, once([read]))) if "(1)" in text]
    assert "device (1)" in line
    assert last.startswith("(1) more requests with data than requests")


def test_nothing_published_is_said() -> None:
    assert "Nothing is published about it in these files." in list(
        comparison_text(beside("FRA", {}, figures()))
    )


def test_a_comparison_as_json_names_every_counting_it_uses() -> None:
    values = json.loads(comparison_json(beside("DEU", OWN, figures())))
    used = {line["counting"] for stretch in values["stretches"] for line in stretch["others"]}
    assert values["counting"].keys() == {"ours", *used}
    assert values["stretches"][0]["ours"]["2025 H1"][0]["requests"] == 120
    assert values["stretches"][1]["ours"]["2025 H2"] == []


def test_the_same_figures_give_the_same_bytes() -> None:
    assert figures_json(figures()) == figures_json(figures())
    assert figures_csv(figures()) == figures_csv(figures())
