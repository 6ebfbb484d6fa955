"""Reckon the table of `habeas.assess.wording` from the labelled cases, and write it.

    python -m benchmarks.wording            write src/habeas/assess/language/wording.toml anew
    python -m benchmarks.wording --check    say how well each file is told by what all the others teach

A logistic regression with a quadratic penalty over words and runs of letters, solved in its dual by
Newton's method: as many unknowns as cases, whatever the number of words. What few cases hold counts for
more there than what all of them hold (the logarithm of how rare it is), so that it is learnt sooner. In
each language both classes weigh the same, so that a language says nothing; words that are names of states
and peoples are left out, so that a state says nothing.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import yaml
from babel import Locale

from habeas.assess import wording
from habeas.assess.text import fold, read

ROOT = Path(__file__).parents[1]
CASES = ROOT / "cases"
TABLE = ROOT / "src" / "habeas" / "assess" / "language" / "wording.toml"
CLASSES = {"protected-conduct": 1.0, "legitimate-crime": -1.0}
PENALTY = 0.03  # the weight of the squared weights, against the loss of one case
LEAST_CASES = 3  # in which a run must stand
LEAST_WEIGHT = 10  # hundredths of a logit; what weighs less is left out
STEPS = 40
LOCALES = "en fr es ar ru zh zh_Hant pt tr fa th vi de it id ur uk".split()
# Beginnings of words for states and their peoples that no list of states has.
PEOPLES = """
    americ britis englis scott welsh irish french dutch danis swedi swiss spanis portug polish czech greek
    turk kurd arab persia chines hong tibet uyghur tatar chech crimea soviet europea moscow kremlin beijin
    tehran cairo riyadh ankara istanb kyiv minsk hanoi bangko london paris berlin washin brusse
"""

ORDINARY = frozenset(
    "united states republi island islands norther souther central democra minor outlyin eastern".split()
)
LETTERS = 7  # of a name of a state, by which its people are known too
LEAST_LETTERS = 4  # of them, below which every second word would begin like one


@dataclass(frozen=True)
class Case:
    """sign: 1 for protected conduct, -1 for crime. runs: of its words, each counted once per word."""

    file: str
    language: str
    sign: float
    runs: Mapping[str, int]


def cases(paths: Iterable[Path]) -> list[Case]:
    """The cases whose class says which way they speak; forged requests are of neither."""
    names = names_of_states()
    found = []
    for path in paths:
        for each in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["cases"]:
            sign = CLASSES.get(each["expected"]["class"])
            if sign is not None:
                words = read(each["narrative"], each["language"]).words
                known = {part for word in words for part in wording.parts(word) if not _is_name(part, names)}
                runs = Counter(run for part in known for run in wording.runs(part))
                found.append(Case(path.stem, each["language"], sign, runs))
    return found


def names_of_states() -> frozenset[str]:
    """What no word that is learnt from may begin with: names of states in the languages that are read."""
    found = set(PEOPLES.split())
    for locale in LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha() and code[0] != "X":  # X: of no state
                found |= {word[:LETTERS] for word in fold(name).split() if len(word) > LEAST_LETTERS}
                found |= {fold(name)} if " " not in fold(name) else set()
    return frozenset(found - ORDINARY)


def _is_name(part: str, names: frozenset[str]) -> bool:
    least = LEAST_LETTERS if part.isascii() else 2
    return not names.isdisjoint([part[:length] for length in range(least, len(part) + 1)])


def learnt(known: Sequence[Case]) -> tuple[int, dict[str, int]]:
    """(base, weights), in hundredths of a logit."""
    stands = Counter(run for case in known for run in case.runs)
    words = sorted(run for run, times in stands.items() if times >= LEAST_CASES)
    column = {word: number for number, word in enumerate(words)}
    rare = np.log1p(len(known) / np.array([stands[word] for word in words]))
    rare /= sqrt(np.mean(rare**2))
    rows = np.zeros((len(known), len(words)))
    for row, case in enumerate(known):
        here = {run: count for run, count in case.runs.items() if run in column}
        for run, count in here.items():
            rows[row, column[run]] = rare[column[run]] * count / sqrt(sum(here.values()))
    sides = Counter((case.language, case.sign) for case in known)
    heard = Counter(case.language for case in known)
    mass = np.array([heard[case.language] / 2 / sides[case.language, case.sign] for case in known])
    sign = np.array([case.sign for case in known])
    alike, ones = rows @ rows.T, np.ones((len(known), 1))
    dual, base = np.zeros(len(known)), 0.0
    for _step in range(STEPS):
        score = alike @ dual + base
        chance = 1 / (1 + np.exp(-score))
        bend = np.maximum(mass * chance * (1 - chance), 1e-9)
        aim = score + mass * ((sign + 1) / 2 - chance) / bend
        system = np.block([[alike + np.diag(PENALTY / bend), ones], [ones.T, np.zeros((1, 1))]])
        solved = np.linalg.solve(system, np.append(aim, 0.0))
        moved = float(np.abs(solved[:-1] - dual).max())
        dual, base = solved[:-1], float(solved[-1])
        if moved < 1e-9:
            break
    weights = np.rint(100 * rare * (rows.T @ dual)).astype(int)
    found = {word: int(weight) for word, weight in zip(words, weights, strict=True)}
    return round(100 * base), {word: found[word] for word in words if abs(found[word]) >= LEAST_WEIGHT}


def score(case: Case, base: int, weights: Mapping[str, int]) -> int:
    """Tenths of a logit, as `wording.points` gives them."""
    here = {run: count for run, count in case.runs.items() if run in weights}
    return wording.points([weights[run] * count for run, count in here.items()], sum(here.values()), base)


def written(base: int, weights: Mapping[str, int], files: Sequence[str]) -> str:
    lines = [
        "# What words speak for, as labelled cases have them. `make wording` makes this table anew,",
        "# nobody writes in it. Weights are hundredths of a logit, below zero for crimes as they are told,",
        "# above for persecution. docs/decisions/0018-wording.md says what it may decide: nothing alone.",
        f"cases = [{', '.join(chr(34) + name + chr(34) for name in files)}]",
        f"base = {base}",
        "",
        "[weights]",
    ]
    lines += [f'"{word}" = {weights[word]}' for word in sorted(weights)]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="how well each file is told by all the others")
    given = parser.parse_args()
    paths = sorted(CASES.glob("fresh_*.yaml"))
    known = cases(paths)
    if given.check:
        for path in paths:
            base, weights = learnt([case for case in known if case.file != path.stem])
            here = [case for case in known if case.file == path.stem]
            right = sum((score(case, base, weights) > 0) == (case.sign > 0) for case in here)
            print(f"{path.stem}: {right} of {len(here)} on their side of zero")
        return
    TABLE.write_text(written(*learnt(known), [path.stem for path in paths]), "utf-8")


if __name__ == "__main__":
    main()
