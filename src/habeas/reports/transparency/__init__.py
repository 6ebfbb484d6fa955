"""The transparency report: who asked, for what, and what was done, from the entries of the public log alone.

* `tables`: what is counted, and by what it is broken down · `figures`: the true counts, in columns
* `rounding`: how small numbers are kept · `attack`: what somebody who subtracts could still find out
* `reporting`: a `Report`, the totals of a month, and counting again · `model`: these values
* `page`, `charts`, `words`, `texts/`: the page in six languages · `package`: the open data
* `rdr`: the twenty elements of Ranking Digital Rights that a report answers, and where

A report knows the `count` group of the entries and nothing else; period, day and seed are arguments.
See docs/report.md.
"""

from habeas.reports.transparency.figures import Columns, columns
from habeas.reports.transparency.model import (
    Cell,
    House,
    How,
    Narrative,
    Period,
    Report,
    Restricted,
    Restriction,
    Standing,
    Totals,
    Unit,
    half_of,
)
from habeas.reports.transparency.package import package
from habeas.reports.transparency.page import as_html, printed
from habeas.reports.transparency.reporting import differences, report, totals

__all__ = [
    "Cell",
    "Columns",
    "House",
    "How",
    "Narrative",
    "Period",
    "Report",
    "Restricted",
    "Restriction",
    "Standing",
    "Totals",
    "Unit",
    "as_html",
    "columns",
    "differences",
    "half_of",
    "package",
    "printed",
    "report",
    "totals",
]
