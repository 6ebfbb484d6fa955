"""Google's figures: user data by half-year, country and legal process, and removals of content.

User data come with a percentage instead of a count; the count is given as the band that the percentage fits,
and the line says so. The legal process `All` is the sum of the others, which is why lines of that table are
never added. Removals are lines by requestor and reason, parts of one whole; nothing was disclosed after them.
"""

from __future__ import annotations

from types import MappingProxyType

from habeas.reports.others.cells import reckoned
from habeas.reports.others.model import Counting, Figure, Group
from habeas.reports.others.sheet import Column, Form, Row
from habeas.reports.others.states import placed
from habeas.reports.others.weighing import figure

PUBLISHER = "Google"
NOT_SPLIT = "(not split by legal process)"
RECKONED = "requests with data are reckoned from the percentage"
NO_SUCH_SHARE = "no number of requests has the printed share"

_DATA = Counting(
    key="google/user-data",
    requests="requests for user data under the legal process named",
    accounts="users or accounts specified in them",
    with_data="requests after which some data was produced, known by percentage only",
)
_REMOVALS = Counting(
    key="google/removals",
    requests="requests to remove content, none of them for data",
    accounts="items named in them, which are no accounts",
    whole="added up over the publisher's lines by requestor and reason",
)

PROCESSES = MappingProxyType(
    {
        "all": Group.DATA,
        "diplomatic legal requests": Group.CROSS_BORDER,
        "emergency disclosure requests": Group.EMERGENCY,
        "other court orders": Group.ORDER,
        "pen register orders": Group.LIVE,
        "preservation requests": Group.PRESERVATION,
        "search warrants": Group.WARRANT,
        "subpoenas": Group.SUBPOENA,
        "wiretap orders": Group.LIVE,
    }
)
"""Legal processes of the user-data table, each with our group; any other is something else."""


def _read_data(row: Row) -> Figure:
    kind = row.text("process") if "process" in row.values else NOT_SPLIT
    group = Group.DATA if kind == NOT_SPLIT else PROCESSES.get(" ".join(kind.lower().split()), Group.OTHER)
    where = placed(row.text("country"), row.word("code"))
    requests, share = row.number("requests"), row.share("share")
    with_data = reckoned(requests, share)
    notes: tuple[str, ...] = ()
    if with_data is not None:
        notes = (RECKONED,)
    elif requests is not None and share:
        notes = (NO_SUCH_SHARE,)
    return figure(
        row,
        where,
        publisher=PUBLISHER,
        period=row.period_ending("period"),
        named=row.text("country"),
        code=row.word("code"),
        type=kind,
        group=group,
        counting=_DATA,
        requests=requests,
        accounts=row.number("accounts"),
        with_data=with_data,
        share=share,
        notes=notes,
    )


def _read_removals(row: Row) -> Figure:
    where = placed(row.text("country"), row.word("code"))
    return figure(
        row,
        where,
        publisher=PUBLISHER,
        period=row.period("period"),
        named=row.text("country"),
        code=row.word("code"),
        type=f"{row.text('requestor')}: {row.text('reason')}",
        group=Group.REMOVAL,
        counting=_REMOVALS,
        requests=row.number("requests"),
        accounts=row.number("items"),
    )


USER_DATA = Form(
    title="Google, requests for user data",
    columns=(
        Column("period", ("Period Ending",)),
        Column("country", ("Country",)),
        Column("code", ("CLDR Territory Code",), needed=False),
        Column("process", ("Legal Process",), needed=False),
        Column("requests", ("User Data Requests",)),
        Column(
            "share",
            (
                "% with some data",
                "% of requests where some data produced",
                "Percentage of requests where some data produced",
                "Percentage of requests where some user data produced",
                "Percentage disclosed",
            ),
        ),
        Column("accounts", ("Accounts", "Users/Accounts Specified", "Users/Accounts")),
    ),
    read=_read_data,
)

REMOVALS = Form(
    title="Google, requests to remove content",
    columns=(
        Column("period", ("period",)),
        Column("code", ("iso2",)),
        Column("country", ("country",)),
        Column("requestor", ("requestor",)),
        Column("reason", ("reason",)),
        Column("requests", ("num_requests",)),
        Column("items", ("items_requested",)),
        *(
            Column(name, (name,), needed=False)
            for name in (
                "removed_legal",
                "removed_policy",
                "not_found",
                "not_enough_info",
                "no_action",
                "already_removed",
            )
        ),
    ),
    read=_read_removals,
)
