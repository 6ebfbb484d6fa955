"""How much room small numbers keep: `python -m benchmarks.attack [histories] [first]`, by default 100 from 0.

Each history (drawn from its number: 1 to 400 requests from 1 to 12 states, over one to four halves of years)
is published as a house would, month by month and half by half, with padded days. Then the linear programme of
the tests asks for the least and the most that a small number can be, for 25 of the numbers from 1 to 4 of a
history. Counted is how many values were left; fewer than `MIN_WIDTH` are a failure, and its exit code 1.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

import numpy as np

from habeas.reports.transparency import Period
from habeas.reports.transparency.attack import MIN_WIDTH
from tests.reports.transparency.histories import STATES, history
from tests.reports.transparency.programme import programme, published, small

HISTORIES = 100
ASKED = 25  # small numbers tried of each history
MOST = 400  # requests
FIRST_YEAR = 2025


def main(histories: int = HISTORIES, first: int = 0) -> int:
    left: Counter[int] = Counter()
    reports = again = held = 0
    began = time.perf_counter()
    for number in range(first, first + histories):
        draw = np.random.default_rng([number, 1])
        halves = int(draw.integers(1, 5))
        requests = round(float(MOST ** draw.random()))
        states = int(draw.integers(1, len(STATES) + 1))
        end = Period.half(FIRST_YEAR + (halves - 1) // 2, 1 + (halves - 1) % 2)
        period = Period(first=f"{FIRST_YEAR}-01", last=end.last)
        entries = history(number, requests=requests, states=states, period=period)
        made, months, leaves = published(entries, period)
        reports += len(made)
        again += sum(unit.attempt > 0 for each in made for unit in each.units)
        held += sum(bool(unit.withheld) for each in made for unit in each.units)
        lp = programme(entries, made, months, leaves)
        names = small(lp)
        asked = [names[at] for at in draw.permutation(len(names))[:ASKED].tolist()]
        for name, least, most in lp.widths(asked):
            true = lp.truth[lp.names[name]]
            if not least <= true <= most:
                raise AssertionError(f"history {number}: the programme excludes the truth: {name}")
            left[most - least + 1] += 1
            if most - least + 1 < MIN_WIDTH:
                print(f"history {number}: {name} is {true} and can only be {least} to {most}")
    tried = sum(left.values())
    print(f"{histories} histories, {reports} reports, {tried:,} small numbers tried")
    print(f"values left: {', '.join(f'{width}: {count:,}' for width, count in sorted(left.items()))}")
    print(
        f"drawn again: {again} halves; something withheld: {held} halves; {time.perf_counter() - began:.0f} s"
    )
    return int(any(width < MIN_WIDTH for width in left))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
