"""Every word, edge and focus can be seen in both schemes of colour (WCAG 2.2: 1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

SHEET = (files("habeas.web") / "static" / "habeas.css").read_text("utf-8")
GROUNDS = ("paper", "sunk", "raised", "wash")
WORDS = ("ink", "quiet", "accent", "accent-hi", "stop", "ask", "real")
ON_THEIR_OWN = (
    *((tone, f"{tone}-wash") for tone in ("stop", "ask", "real")),
    *(("ink", f"{tone}-wash") for tone in ("stop", "ask", "real")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hi"),
)
TEXT, SHAPE = 4.5, 3.0  # the least ratio of words, and of what shows where something begins or has the focus


def schemes() -> dict[str, dict[str, str]]:
    """The colours by name: as they are, and with what the dark scheme says otherwise."""
    light, dark = (
        dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block))
        for block in re.findall(r":root\s*\{(.*?)\n\s*\}", SHEET, re.DOTALL)[:2]
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_arithmetic_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_every_ground_they_stand_on(scheme: str) -> None:
    named = schemes()[scheme]
    pairs = [*((word, ground) for word in WORDS for ground in GROUNDS), *ON_THEIR_OWN]
    assert {(one, other) for one, other in pairs if contrast(named[one], named[other]) < TEXT} == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_can_be_seen(scheme: str) -> None:
    named = schemes()[scheme]
    pairs = [(shape, ground) for shape in ("edge", "focus") for ground in ("paper", "sunk", "raised")]
    assert {(one, other) for one, other in pairs if contrast(named[one], named[other]) < SHAPE} == set()


def test_the_dark_scheme_says_every_colour_that_has_a_meaning() -> None:
    light, dark = schemes().values()
    assert {name for name in light if name in dark and light[name] == dark[name]} == set()
