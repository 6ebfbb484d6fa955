"""Tables as our readers take them, made from files in which others collected what providers published.

The same file gives the same bytes, so that a table can be named by its hash though nobody publishes it so.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

_OF_STATES = (
    "ISO3166-1-Alpha-3,is_independent,ISO3166-1-numeric,ISO3166-1-Alpha-2,official_name_fr,"
    "UNTERM French Short,UNTERM English Short,UNTERM Spanish Short,"
    "ISO4217-currency_numeric_code,UNTERM Russian Short,official_name_ar,UNTERM Chinese Short,"
    "Intermediate Region Name,official_name_es,official_name_cn,official_name_en,Region Name,"
    "UNTERM Arabic Short,Sub-region Name,official_name_ru,TLD,Languages,CLDR display name"
).split(",")


def table(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def apple(collected: bytes) -> dict[str, bytes]:
    """A line for each period, country and type, without removals from the store; and the bands."""
    told = json.loads(collected)
    periods, countries, types = told["periods"], told["countries"], told["request_types"]
    requests = [
        [periods[period], countries[country], types[kind], *numbers]
        for period, country, kind, *numbers in told["rows"]
        if not types[kind].startswith("app_takedown_")
    ]
    bands = [[periods[period], countries[country], *rest] for period, country, *rest in told["ns_rows"]]
    ends = ("requests_low", "requests_high", "accounts_low", "accounts_high")
    return {
        "apple_requests.csv": table([["period", "country", "request_type", *told["measures"]], *requests]),
        "apple_national_security_bands.csv": table([["period", "country", "category", *ends], *bands]),
    }


def google(collected: bytes) -> dict[str, bytes]:
    """A line for each period, country, requestor and reason; what concerns several products is added up."""
    told = json.loads(collected)
    sums: dict[tuple[int, ...], list[int]] = {}
    for period, country, requestor, _product, reason, *numbers in told["rows"]:
        key = (period, country, requestor, reason)
        sums[key] = [sum(both) for both in zip(sums.get(key, [0] * len(numbers)), numbers, strict=True)]
    lines = [
        [
            *(told["periods"][period], told["countries"][country], told["country_names"][country]),
            *(told["requestors"][requestor], told["reasons"][reason]),
            *numbers,
        ]
        for (period, country, requestor, reason), numbers in sums.items()
    ]
    heading = ["period", "iso2", "country", "requestor", "reason", *told["schema"][5:]]
    return {"google_removals_by_period_country_requestor_reason.csv": table([heading, *lines])}


def states(collected: bytes) -> dict[str, bytes]:
    """The columns of codes, regions and names, of what has a code."""
    rows = csv.DictReader(io.StringIO(collected.decode(), newline=""))
    kept = [[row[name] for name in _OF_STATES] for row in rows if row["ISO3166-1-Alpha-3"]]
    return {"country_codes_un_names.csv": table([_OF_STATES, *kept])}
