"""The numbers as open data: CSV files and a Frictionless data package, the same bytes for the same report.

Two files have the columns of the package that GitHub publishes (year, half, type, received, disclosed; and
government, two-letter code, count), so that series can be laid side by side; the third has every number of
the report in long form. A zero is a rounded zero. Profile: Data Package v1, which readers of v2 read too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from habeas.atlas import atlas
from habeas.desk.letters import Language
from habeas.desk.public import GIVING, Footing
from habeas.errors import Refused
from habeas.reports.transparency.model import How, Report
from habeas.reports.transparency.words import words

Fields = tuple[tuple[str, str, str], ...]
"""Name, type and meaning of each column."""

_REQUESTS: Fields = (
    ("year", "integer", "year of the half"),
    ("half", "integer", "1: January to June, 2: July to December"),
    (
        "type",
        "string",
        "footing: request (of a foreign state), direct (to the provider), order (of the own state)",
    ),
    ("count_requests_received", "integer", "requests received, rounded"),
    ("count_disclosed", "integer", "decisions to disclose something, rounded"),
)
_STATES: Fields = (
    ("year", "integer", "year of the half"),
    ("half", "integer", "1 or 2"),
    ("type", "string", "footing"),
    ("government", "string", "name in English; empty where no state was stated"),
    ("government_iso2_code", "string", "ISO 3166-1 alpha-2"),
    ("count", "integer", "requests received, rounded; states that round to nothing are left out"),
)
_NUMBERS: Fields = (
    ("unit", "string", "half of a year, as 2026-H1"),
    ("subject", "string", "what is counted"),
    ("footing", "string", "on what footing"),
    ("state", "string", "ISO 3166-1 alpha-3; empty where no state was stated"),
    ("breakdown", "string", "empty for the total of a row"),
    ("value", "string", "value within the breakdown"),
    ("count", "integer", "rounded to a multiple of five"),
)
_WITHHELD: Fields = (
    ("unit", "string", "half of a year"),
    ("subject", "string", "what is counted"),
    ("footing", "string", "of which requests; empty for all"),
    (
        "how",
        "string",
        "band, defer, never: by law; held-back: to keep small numbers; elsewhere: in the report",
    ),
    ("law", "string", "the law, where it may be named"),
    ("shown", "string", "what is shown in place of the number"),
    ("state", "string", "ISO 3166-1 alpha-3, where only requests of one state are left out"),
    ("instrument", "string", "where only requests under one treaty or law are left out"),
)


def package(report: Report, *, licence: tuple[str, str], url: str = "") -> dict[str, bytes]:
    """The files by name. licence: its name (as `CC-BY-4.0`) and its address. url: where the package will
    stand.

    Raises Refused for a report that is for inside use only.
    """
    if not report.period.publishable:
        raise Refused(
            "a report of less than half a year is for inside use only",
            place="period",
            hint="take whole halves of years",
        )
    resources = {
        "requests.csv": (_REQUESTS, _requests(report)),
        "states.csv": (_STATES, _states(report)),
        "numbers.csv": (_NUMBERS, _numbers(report)),
        "not-shown.csv": (_WITHHELD, _not_shown(report)),
    }
    files = {name: _csv(fields, rows) for name, (fields, rows) in resources.items()}
    described = [_described(name, resources[name][0], files[name]) for name in files]
    files["datapackage.json"] = _json(_package(report, licence, url, described))
    return files


def _requests(report: Report) -> Iterable[Sequence[object]]:
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for cell in report.cells:
        if cell.subject == "request" and not cell.part:
            sums[cell.unit, cell.footing, "received"] += cell.count
        if cell.subject == "decision" and cell.part == "decision" and cell.value in GIVING:
            sums[cell.unit, cell.footing, "disclosed"] += cell.count
    for unit in report.units:
        for footing in map(str, Footing):
            counts = [
                "" if report.silent(subject, footing, unit.name) else sums[unit.name, footing, which]
                for subject, which in (("request", "received"), ("decision", "disclosed"))
            ]
            yield (*_half(unit.name), footing, *counts)


def _states(report: Report) -> Iterable[Sequence[object]]:
    english = words(Language.ENGLISH)
    for cell in report.cells:
        if cell.subject == "request" and not cell.part and cell.count:
            name = english.state(cell.state) if cell.state else ""
            yield (*_half(cell.unit), cell.footing, name, atlas().iso2(cell.state), cell.count)


def _numbers(report: Report) -> Iterable[Sequence[object]]:
    for c in report.cells:
        yield (c.unit, c.subject, c.footing, c.state, c.part, c.value, c.count)


def _not_shown(report: Report) -> Iterable[Sequence[object]]:
    for unit in report.units:
        for subject in unit.withheld:
            yield (unit.name, subject, "", "held-back", "", "", "", "")
        for each in dict.fromkeys(report.restrictions):
            if each.how is How.ELSEWHERE and each.whole and report.silent(each.subject, each.footing):
                yield (unit.name, each.subject, each.footing, str(each.how), "", "", "", "")
    for line in report.restricted:
        rule = line.restriction
        shown = line.band or rule.until
        scope = (rule.state, rule.instrument)
        yield (line.unit, rule.subject, rule.footing, str(rule.how), rule.law, shown, *scope)


def _half(unit: str) -> tuple[int, int]:
    return int(unit[:4]), int(unit[-1])


def _csv(fields: Fields, rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _, _ in fields])
    writer.writerows(rows)
    return text.getvalue().encode()


def _described(name: str, fields: Fields, data: bytes) -> dict[str, object]:
    return {
        "name": name.removesuffix(".csv"),
        "path": name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {
            "fields": [{"name": field, "type": kind, "description": what} for field, kind, what in fields],
            "missingValues": [""],
        },
    }


def _package(
    report: Report, licence: tuple[str, str], url: str, resources: list[dict[str, object]]
) -> dict[str, object]:
    name, path = licence
    home = {"homepage": url} if url else {}
    return {
        "profile": "tabular-data-package",
        "name": f"transparency-{report.name.lower().replace('_', '-')}",
        "title": f"{report.house.name}: who asked for data, {report.name}",
        "description": (
            "Counts are rounded to multiples of five by controlled rounding: each is a multiple beside the "
            "true number, tables add up, and zero means none to four. Where an entry has several values, the "
            "number of a value is a sum of rounded combinations."
        ),
        "created": f"{report.made.isoformat()}T00:00:00Z",
        **home,
        "licenses": [{"name": name, "path": path}],
        "resources": resources,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
