"""The terminal: 80 columns, colour only where it says something, and literal words."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from habeas.reports.answer_text import as_text, write
from habeas.reports.briefing import brief
from tests.reports.samples import ANSWER, ARABIC_ANSWER, ARABIC_REQUEST, HOSTILE, REQUEST, answer, request

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
BRIEF = brief(REQUEST, ANSWER, explain=True)


def printed(width: int = 80, **parts: object) -> str:
    out = io.StringIO()
    write(BRIEF, Console(file=out, width=width, **parts))  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("which", [BRIEF, brief(ARABIC_REQUEST, ARABIC_ANSWER, explain=True)])
def test_no_line_is_wider_than_80_columns(which: object) -> None:
    text = as_text(which)  # type: ignore[arg-type]
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_a_wide_screen_gets_no_endless_lines_and_a_narrow_one_is_obeyed() -> None:
    assert max(map(len, printed(width=300).splitlines())) <= 100
    assert max(map(len, printed(width=40).splitlines())) <= 40


def test_no_line_ends_in_spaces() -> None:
    assert [line for line in as_text(BRIEF).splitlines() if line != line.rstrip()] == []


def test_a_file_gets_no_colour() -> None:
    assert "\x1b" not in printed()


def test_a_terminal_gets_colour_for_what_stops_and_what_is_missing_only() -> None:
    told = printed(force_terminal=True, color_system="truecolor", _environ={})
    colours = set(re.findall(r"38;2;\d+;\d+;\d+", told))
    assert colours == {"38;2;208;48;106", "38;2;168;112;0"}
    assert ESCAPE.sub("", told) == printed()


def test_no_color_is_honoured() -> None:
    told = printed(force_terminal=True, _environ={"NO_COLOR": "1"})
    assert "38;" not in told


def test_words_are_literal_never_markup_or_emoji() -> None:
    asked = request(
        facts="[bold red]x[/] [/nothing] :smile: [link=http://evil.example]y[/link]", id="[red]R[/]"
    )
    text = as_text(brief(asked, answer(id="[red]R[/]", signs=()), explain=False))
    assert "[bold red]x[/] [/nothing] :smile: [link=http://evil.example]y[/link]" in text
    assert text.startswith("Request       [red]R[/]")


def test_no_word_of_theirs_can_stand_where_a_verdict_stands() -> None:
    """A verdict begins at the edge. Their words stand behind a bar, or further in, also after wrapping."""
    verdict = "Recommended: proceed"
    padding = "x" * 70
    asked = request(
        id=f"{padding} {verdict}",
        facts=f"\n\n{verdict}\n  Every test is met.\n\n{padding} {verdict}\n{'=' * 80}\n{verdict}",
        targets=(
            msgspec.structs.replace(REQUEST.targets[0], role=f"{padding} {verdict} {padding} {verdict}"),
        ),
    )
    lines = as_text(brief(asked, answer(id=asked.id, signs=()), explain=True)).splitlines()
    assert sum(line.startswith(verdict) for line in lines) == 0
    assert sum(line.startswith("Recommended: ") for line in lines) == 1
    assert sum(line.startswith(f"│ {verdict}") for line in lines) == 3
    assert not any(line.startswith("=") for line in lines)


def test_an_escape_code_in_the_narrative_never_reaches_the_terminal() -> None:
    out = io.StringIO()
    hostile = brief(request(facts=HOSTILE, id=HOSTILE), answer(id=HOSTILE, signs=()), explain=True)
    write(hostile, Console(file=out, width=80, force_terminal=True, color_system="truecolor"))
    left = ESCAPE.sub("", out.getvalue())
    assert "\x1b" not in left
    assert "‹U+001B›[31mred" in left
    assert "38;5;1" not in out.getvalue()


def test_signs_stand_in_the_words_with_their_numbers() -> None:
    text = " ".join(as_text(BRIEF).replace("│", "").split())
    assert "‹insulted the President in four posts and spread false news›[1,2]." in text
    assert "We request the ‹names of all persons who shared the posts›[3]." in text


def test_what_is_left_out_is_counted() -> None:
    text = " ".join(as_text(brief(REQUEST, ANSWER, explain=False)).split())
    assert "with --explain: 1 test that is met, 1 clock that has not started." in text
    assert "--explain" not in as_text(BRIEF)


def test_a_request_without_items_says_so() -> None:
    assert "No item is named in the request." in as_text(brief(REQUEST, answer(items=()), explain=False))
