"""What a cell of a published table says: a number, a band, a percentage, a period.

Reads what publishers write (`1,234`, `0-249`, `11000 - 12000`, `<10`, `57 %`, `January - June 2011`,
`31/12/09`) and refuses whatever could be read in two ways, such as `1.234`. A percentage gives back the band
of counts that it fits. Refusals name no place; the row adds it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from habeas.errors import Refused
from habeas.reports.foreign import one_line
from habeas.reports.others.model import Band, Number, Period, band, highest, lowest

FIRST_YEAR, LAST_YEAR = 1990, 2099  # a figure from outside is a slip of the pen
MOST_DIGITS = 12  # nobody has received a billion requests
_SHOWN = 40  # characters of a cell in a refusal

_UNPUBLISHED = frozenset({"", "-", "–", "—", "n/a", "na", "not available", "not published", "not reported"})
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[\u00a0\u2009\u202f ][0-9]{3})+|[0-9]+"
_EXACT = re.compile(rf"({_DIGITS})(?:\.0)?")  # `.0` is how a table with gaps writes whole numbers
_BETWEEN = re.compile(rf"({_DIGITS})\s*(?:-|–|—|to)\s*({_DIGITS})")
_FORMS: tuple[tuple[re.Pattern[str], Callable[[int], int | Band | None]], ...] = (
    (_EXACT, lambda n: n),
    (re.compile(rf"(?:<|fewer than |less than )\s*({_DIGITS})"), lambda n: band(0, n - 1) if n else None),
    (re.compile(rf"(?:<=|≤|up to )\s*({_DIGITS})"), lambda n: band(0, n)),
    (re.compile(rf"(?:>|more than )\s*({_DIGITS})"), lambda n: Band(n + 1, None)),
    (re.compile(rf"(?:>=|≥|at least )\s*({_DIGITS})"), lambda n: Band(n, None)),
    (re.compile(rf"({_DIGITS})\s*\+"), lambda n: Band(n, None)),
)
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%?")

_HALF = re.compile(r"([0-9]{4})[ -]?H([12])")
_FROM_TO = re.compile(r"([a-z]{3})[a-z]*\s*(?:-|–|—|to)\s*([a-z]{3})[a-z]*,?\s+([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
_MONTHS: Mapping[tuple[str, str], Literal[1, 2]] = MappingProxyType({("jan", "jun"): 1, ("jul", "dec"): 2})
_LAST_DAYS: Mapping[tuple[int, int], Literal[1, 2]] = MappingProxyType({(6, 30): 1, (12, 31): 2})


def number(cell: str) -> Number:
    """What a cell counts. Raises `Refused` where it is no whole number, band or word for “not published”."""
    text = cell.strip().lower()
    if text in _UNPUBLISHED:
        return None
    if between := _BETWEEN.fullmatch(text):
        low, high = _whole(between[1], cell), _whole(between[2], cell)
        if low > high:
            raise Refused(f"this band ends before it begins: “{_quoted(cell)}”", hint="ask the publisher")
        return band(low, high)
    for form, meaning in _FORMS:
        if found := form.fullmatch(text):
            meant = meaning(_whole(found[1], cell))
            if meant is not None:
                return meant
    raise Refused(
        f"this is no number of requests or accounts: “{_quoted(cell)}”",
        hint="numbers are read as 1234, 1,234, 0-249 or <10; an empty cell is not published",
    )


def _whole(digits: str, cell: str) -> int:
    plain = re.sub("[^0-9]", "", digits)
    if len(plain) > MOST_DIGITS:
        raise Refused(f"this number is too long: “{_quoted(cell)}”", hint="look at the cell in the file")
    return int(plain)


def share(cell: str) -> str:
    """A percentage as printed, without its sign; empty where none is published. Raises `Refused`."""
    text = cell.strip().lower()
    if text in _UNPUBLISHED:
        return ""
    found = _SHARE.fullmatch(text)
    if found is None or Fraction(found[1]) > 100:
        raise Refused(f"this is no percentage: “{_quoted(cell)}”", hint="percentages are read as 57 or 57.5%")
    return found[1]


def _around(printed: str) -> tuple[Fraction, Fraction]:
    """Between which two percentages, both excluded, the share lies, rounded or cut off at its last digit.

    Noughts behind the point count for nothing: publishers write 57 as 57.0.
    """
    digits = printed.partition(".")[2].rstrip("0")
    step, middle = Fraction(1, 10 ** len(digits)), Fraction(printed)
    return middle - step, middle + step


def reckoned(requests: Number, printed: str) -> Number:
    """How many of `requests` a printed percentage can mean: a band, as narrow as the percentage allows.

    None where one of the two is not published, or where no count at all has that share.
    """
    if requests is None or not printed:
        return None
    below, above = _around(printed)
    few, many = lowest(requests), highest(requests)
    fewest = min(few, math.floor(few * below / 100) + 1) if below >= 0 else 0
    if many is None:
        return Band(fewest, None)
    most = min(many, max(0, math.ceil(many * above / 100) - 1))
    return band(fewest, most) if fewest <= most else None


def agrees(requests: Number, with_data: Number, printed: str) -> bool:
    """Whether a printed percentage fits the two counts beside it; True where one of the three is no exact
    number, or nothing was asked."""
    if not isinstance(requests, int) or not isinstance(with_data, int) or not printed or requests == 0:
        return True
    below, above = _around(printed)
    return below < Fraction(100 * with_data, requests) < above


def period(cell: str) -> Period:
    """`2013 H1`, `January - June 2011`, `2011`. Raises `Refused`."""
    text = " ".join(cell.split())
    if found := _HALF.fullmatch(text.upper()):
        return Period(_year(found[1], cell), 1 if found[2] == "1" else 2)
    if found := _FROM_TO.fullmatch(text.lower()):
        half = _MONTHS.get((found[1], found[2]))
        if half is not None:
            return Period(_year(found[3], cell), half)
    if re.fullmatch("[0-9]{4}", text):
        return Period(_year(text, cell))
    raise _no_period(cell, "periods are read as 2013 H1, January - June 2013 or 2013")


def period_ending(cell: str) -> Period:
    """The half-year that ends on a day: `2010-06-30`, `6/30/2010`, `31/12/09`. Raises `Refused`.

    The last days of June and December cannot be taken for another day, whichever number comes first.
    """
    text = cell.strip()
    if found := _ISO_DAY.fullmatch(text):
        year, days = found[1], [(int(found[2]), int(found[3]))]
    elif found := _SLASHED.fullmatch(text):
        one, other = int(found[1]), int(found[2])
        year, days = found[3] if len(found[3]) == 4 else f"20{found[3]}", [(one, other), (other, one)]
    else:
        raise _no_period(cell, "the last day of a half-year is read as 2010-06-30 or 6/30/2010")
    for day in days:
        if half := _LAST_DAYS.get(day):
            return Period(_year(year, cell), half)
    raise _no_period(cell, "a half-year ends on 30 June or on 31 December")


def _year(digits: str, cell: str) -> int:
    year = int(digits)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _no_period(cell, f"years are read from {FIRST_YEAR} to {LAST_YEAR}")
    return year


def _no_period(cell: str, hint: str) -> Refused:
    return Refused(f"this is no year or half-year: “{_quoted(cell)}”", hint=hint)


def _quoted(cell: str) -> str:
    text = one_line(cell)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
