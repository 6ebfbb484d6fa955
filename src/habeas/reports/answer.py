"""The answer to one request, shown: on a terminal, as plain text, as Markdown or as one page of HTML.

Each takes the request and the assessment of it and gives the same content in the same order; the same two
values give the same bytes. `explain` adds the tests that are met, the clocks that have not started, what
would change the result, and the figures that signs were added up to. `notices` are what a person should look
at in the request although it is accepted. All of it is for the house: nothing here is a letter to the
requester.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.console import Console

from habeas.assess import Assessment
from habeas.reports import answer_markdown, answer_page, answer_text
from habeas.reports.brief import DocketLine
from habeas.reports.briefing import brief
from habeas.request import Notice, Request

__all__ = ["DocketLine", "docket", "docket_line", "html", "json", "markdown", "terminal", "text"]


def terminal(
    request: Request, answer: Assessment, console: Console, *, explain: bool, notices: Sequence[Notice] = ()
) -> None:
    """Print on `console`."""
    answer_text.write(brief(request, answer, explain=explain, sums=explain, notices=notices), console)


def text(request: Request, answer: Assessment, *, explain: bool, notices: Sequence[Notice] = ()) -> str:
    """Plain text of 80 columns."""
    return answer_text.as_text(brief(request, answer, explain=explain, sums=explain, notices=notices))


def markdown(request: Request, answer: Assessment, *, explain: bool, notices: Sequence[Notice] = ()) -> str:
    """Markdown (CommonMark with tables)."""
    return answer_markdown.as_markdown(brief(request, answer, explain=explain, sums=explain, notices=notices))


def html(request: Request, answer: Assessment, *, explain: bool, notices: Sequence[Notice] = ()) -> str:
    """One self-contained page of HTML: no script, and nothing to fetch."""
    return answer_page.as_html(brief(request, answer, explain=explain, sums=explain, notices=notices))


def json(answer: Assessment, notices: Sequence[Notice] = ()) -> bytes:
    """One JSON object on one line: the assessment and, last, the notices."""
    return msgspec.json.encode({**msgspec.structs.asdict(answer), "notices": tuple(notices)})


def docket_line(name: str, request: Request, answer: Assessment) -> DocketLine:
    """One line of a docket. name: the file that holds the page of this answer."""
    told = brief(request, answer, explain=False)
    return DocketLine(
        name=name,
        id=told.id,
        title=told.title,
        on=told.on,
        recommended=told.recommended,
        why=told.why,
        versions=told.versions,
    )


def docket(lines: Sequence[DocketLine]) -> str:
    """A page that lists the answers of one run, at least one, in their order."""
    return answer_page.docket(lines)
