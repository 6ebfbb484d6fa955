"""GitHub's figures: requests for data, requests from abroad by government, takedowns, national security.

Most are published by calendar year, and a year is never split. The table of all requests names no country;
letters and orders of national security are an instrument of the United States, whose authorities alone can
issue them (18 USC 2709, 50 USC 1801 and following), and stand under that state although no column says so.
"""

from __future__ import annotations

from types import MappingProxyType

from habeas.reports.others.model import Counting, Figure, Group, Whose
from habeas.reports.others.sheet import Column, Form, Row
from habeas.reports.others.states import Placed, placed
from habeas.reports.others.weighing import figure

PUBLISHER = "GitHub"
FROM_ABROAD = "cross-border request"
_EVERYWHERE = Placed(whose=Whose.TOGETHER, why="this table names no country")
_SECURITY_STATE = "USA"

_ALL = Counting(
    key="github/received",
    requests="requests for user data of the type named, from all countries together",
    with_data="what is published as disclosed; the table does not say of what",
)
_ABROAD = Counting(
    key="github/cross-border",
    requests="requests of governments outside the United States, by legal assistance or a like way",
)
_TAKEDOWNS = Counting(
    key="github/takedowns",
    requests="takedown requests of governments that were processed, none of them for data",
    accounts="accounts affected by a takedown",
)
_LETTERS = Counting(
    key="github/national-security", requests="national security letters and orders, in bands of 250"
)
_AFFECTED = Counting(
    key="github/national-security/accounts",
    accounts="accounts affected by national security letters and orders, in bands of 250",
)

TYPES = MappingProxyType(
    {
        "civil subpoena": Group.SUBPOENA,
        "criminal court order": Group.ORDER,
        "criminal or government agency subpoena": Group.SUBPOENA,
        "criminal search warrant": Group.WARRANT,
        FROM_ABROAD: Group.CROSS_BORDER,
        "exigent circumstances": Group.EMERGENCY,
    }
)
"""Types of the table of all requests, each with our group; any other is something else."""


def _read_all(row: Row) -> Figure:
    kind = row.text("type")
    return figure(
        row,
        _EVERYWHERE,
        publisher=PUBLISHER,
        period=row.period("year"),
        named="",
        type=kind,
        group=TYPES.get(" ".join(kind.lower().split()), Group.OTHER),
        counting=_ALL,
        requests=row.number("requests"),
        with_data=row.number("with_data"),
    )


def _read_abroad(row: Row) -> Figure:
    government, code = row.text("government"), row.word("code")
    return figure(
        row,
        placed(government, code),
        publisher=PUBLISHER,
        period=row.period("year"),
        named=government,
        code=code,
        type=FROM_ABROAD,
        group=Group.CROSS_BORDER,
        counting=_ABROAD,
        requests=row.number("requests"),
    )


def _read_takedown(row: Row) -> Figure:
    government, code = row.text("government"), row.word("code")
    return figure(
        row,
        placed(government, code),
        publisher=PUBLISHER,
        period=row.period("year"),
        named=government,
        code=code,
        type=row.text("type"),
        group=Group.REMOVAL,
        counting=_TAKEDOWNS,
        requests=row.number("requests"),
        accounts=row.number("accounts"),
    )


def _read_letters(row: Row) -> Figure:
    kind, count = row.text("type"), row.number("count")
    counts_accounts = "account" in kind.lower()
    return figure(
        row,
        Placed(whose=Whose.STATE, state=_SECURITY_STATE),
        publisher=PUBLISHER,
        period=row.months("months", "year"),
        named="",
        type=kind,
        group=Group.NATIONAL_SECURITY,
        counting=_AFFECTED if counts_accounts else _LETTERS,
        requests=None if counts_accounts else count,
        accounts=count if counts_accounts else None,
    )


_YEAR = Column("year", ("year",))
_GOVERNMENT = (Column("government", ("government",)), Column("code", ("government_iso2_code",)))

RECEIVED = Form(
    title="GitHub, requests received and disclosed",
    columns=(
        _YEAR,
        Column("type", ("type",)),
        Column("requests", ("count_requests_received",)),
        Column("with_data", ("count_disclosed",)),
    ),
    read=_read_all,
)

CROSS_BORDER = Form(
    title="GitHub, cross-border requests by government",
    columns=(_YEAR, *_GOVERNMENT, Column("requests", ("count",))),
    read=_read_abroad,
)

TAKEDOWNS = Form(
    title="GitHub, government takedowns processed",
    columns=(
        _YEAR,
        *_GOVERNMENT,
        Column("type", ("type",)),
        Column("requests", ("count_processed",)),
        Column("repositories", ("count_repos_affected",), needed=False),
        Column("pages", ("count_pages_affected",), needed=False),
        Column("accounts", ("count_accounts_affected",)),
    ),
    read=_read_takedown,
)

NATIONAL_SECURITY = Form(
    title="GitHub, national security letters and orders",
    columns=(
        _YEAR,
        Column("months", ("month_range",)),
        Column("type", ("type",)),
        Column("count", ("count",)),
    ),
    read=_read_letters,
)
