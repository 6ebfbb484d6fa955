"""What other providers publish about requests of states, read so that it can stand beside our own figures.

Their files are read as they are published. Nothing is guessed and nothing dropped: a line that is about no
state known here is kept and says so, and a line that cannot be read is refused with its place.
"""

from habeas.reports.others.beside import (
    OURS,
    Comparison,
    Line,
    Stretch,
    beside,
    legend,
    once,
)
from habeas.reports.others.model import (
    Band,
    Counting,
    Figure,
    Group,
    Number,
    Own,
    Period,
    Published,
    Whose,
    shown,
)
from habeas.reports.others.ours import Ours, read_ours, read_own, read_package
from habeas.reports.others.reading import FORMS, read_figures, read_file

__all__ = [
    "FORMS",
    "OURS",
    "Band",
    "Comparison",
    "Counting",
    "Figure",
    "Group",
    "Line",
    "Number",
    "Ours",
    "Own",
    "Period",
    "Published",
    "Stretch",
    "Whose",
    "beside",
    "legend",
    "once",
    "read_figures",
    "read_file",
    "read_ours",
    "read_own",
    "read_package",
    "shown",
]
