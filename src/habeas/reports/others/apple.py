"""Apple's figures: requests by half-year, country and type, and the bands of the national-security table.

The first table has a line for each type of request and the columns of all types, most of them empty. For
requests about accounts Apple prints no number of requests with data, but those with content and those with
other data only; together they are the percentage beside them, and are added here. What became of accounts
(kept, restricted, deleted) is no disclosure and is not carried over.
"""

from __future__ import annotations

from types import MappingProxyType

from habeas.reports.others.model import Band, Counting, Figure, Group, Number, band
from habeas.reports.others.sheet import Column, Form, Row
from habeas.reports.others.states import placed
from habeas.reports.others.weighing import figure

PUBLISHER = "Apple"
_WITH_DATA = "requests after which some data was provided"


def _counting(key: str, requests: str, accounts: str = "", with_data: str = _WITH_DATA) -> Counting:
    return Counting(key=f"apple/{key}", requests=requests, accounts=accounts, with_data=with_data)


TYPES = MappingProxyType(
    {
        "account": (
            Group.ACCOUNTS,
            _counting(
                "account",
                "requests about customers' accounts",
                "accounts specified in them",
                "requests after which content or other data was provided",
            ),
        ),
        "account preservation": (
            Group.PRESERVATION,
            _counting(
                "account-preservation",
                "requests to preserve data of accounts",
                "accounts specified in them",
                "",
            ),
        ),
        "account restriction deletion": (
            Group.RESTRICTION,
            _counting(
                "account-restriction-deletion",
                "requests to restrict or delete accounts",
                "accounts specified in them",
                "",
            ),
        ),
        "device": (
            Group.DEVICES,
            _counting("device", "requests about devices", "devices specified in them, by their numbers"),
        ),
        "digital content provider": (
            Group.OTHER,
            _counting("digital-content-provider", "requests of the type “digital content provider”"),
        ),
        "emergency": (
            Group.EMERGENCY,
            _counting("emergency", "requests made as an emergency"),
        ),
        "financial identifier": (
            Group.PAYMENTS,
            _counting(
                "financial-identifier",
                "requests about payment and gift cards",
                "cards and other financial identifiers specified in them",
            ),
        ),
        "push token": (
            Group.PUSH,
            _counting("push-token", "requests about push tokens", "push tokens specified in them"),
        ),
    }
)
"""Types as this table writes them: our group, and what the numbers count."""

_UNDESCRIBED = _counting("other", "requests of a type not described here", "what they specify")
_BANDS = _counting(
    "national-security",
    "orders, letters and requests of the kind named, in bands as the law prescribes",
    "accounts they are about, in bands",
    "",
)
_SECURITY = ("national security", "fisa", "nsl")


def _read(row: Row) -> Figure:
    kind = row.text("type")
    words = " ".join(kind.lower().replace("_", " ").split())
    group, counting = TYPES.get(words, (Group.OTHER, _UNDESCRIBED))
    where = placed(row.text("country"))
    requests, with_data = row.number("requests"), row.number("with_data")
    if with_data is None and counting.with_data:
        with_data = _added(row.number("content"), row.number("noncontent"))
    return figure(
        row,
        where,
        publisher=PUBLISHER,
        period=row.period("period"),
        named=row.text("country"),
        type=kind,
        group=group,
        counting=counting,
        requests=requests,
        accounts=row.number("items"),
        with_data=with_data,
        share=row.share("share"),
    )


def _added(content: Number, other: Number) -> Number:
    """Requests with content and those with other data only: no request is among both."""
    if isinstance(content, int) and isinstance(other, int):
        return content + other
    return None


def _read_band(row: Row) -> Figure:
    where = placed(row.text("country"))
    category = row.text("type")
    security = category.lower().startswith(_SECURITY)
    return figure(
        row,
        where,
        publisher=PUBLISHER,
        period=row.period("period"),
        named=row.text("country"),
        type=category,
        group=Group.NATIONAL_SECURITY if security else Group.OTHER,
        counting=_BANDS,
        requests=_between(row, "requests_low", "requests_high"),
        accounts=_between(row, "accounts_low", "accounts_high"),
    )


def _between(row: Row, low: str, high: str) -> int | Band | None:
    """A band whose ends stand in two cells. Raises `Refused` where they are not two ends."""
    first, last = row.number(low), row.number(high)
    if first is None and last is None:
        return None
    if not isinstance(first, int) or not isinstance(last, int) or first > last:
        raise row.refused(low, "these two cells are not the ends of a band", "compare them with the report")
    return band(first, last)


def _same(*names: str, needed: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name, (name,), needed) for name in names)


REQUESTS = Form(
    title="Apple, requests by half-year, country and type",
    columns=(
        *_same("period", "country"),
        Column("type", ("request_type",)),
        Column("requests", ("requests_received",)),
        Column("items", ("items_specified",)),
        Column("with_data", ("requests_data_provided",)),
        Column("share", ("pct_data_provided",)),
        Column("content", ("content_provided",)),
        Column("noncontent", ("noncontent_provided",)),
        *_same(
            "requests_challenged_rejected",
            "requests_no_data",
            "accounts_preserved",
            "accounts_restricted",
            "accounts_deleted",
            "requests_app_removed",
            "apps_removed",
            "appeals_received",
            "appeals_granted",
            "apps_reinstated",
            needed=False,
        ),
    ),
    read=_read,
)

NATIONAL_SECURITY = Form(
    title="Apple, national security in bands",
    columns=(
        *_same("period", "country"),
        Column("type", ("category",)),
        *_same("requests_low", "requests_high", "accounts_low", "accounts_high"),
    ),
    read=_read_band,
)
