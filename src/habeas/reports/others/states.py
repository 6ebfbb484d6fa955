"""Whose figures a line gives: names and two-letter codes, in the publishers' spelling, made into alpha-3.

Which codes exist is for `habeas.request.states`; their English names and two-letter codes come from CLDR.
Names that CLDR writes otherwise stand in one small table here. Where both a name and a code are given they
have to agree; a name that fits several states is settled by the code alone. What remains open stays open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import msgspec
from babel import Locale
from babel.core import get_global

from habeas.reports.others.model import Whose
from habeas.request.model import StateCode
from habeas.request.states import STATES

_USER_ASSIGNED = {"EUU": "EU", "XKX": "XK"}  # outside the alpha-3 codes of ISO 3166-1, so not in CLDR's table

ALSO_CALLED = MappingProxyType(
    {
        "Aland": "ALA",
        "Bosnia": "BIH",
        "Brunei Darussalam": "BRN",
        "Burma": "MMR",
        "Cabo Verde": "CPV",
        "China mainland": "CHN",
        "Mainland China": "CHN",
        "Congo (Democratic Republic of the)": "COD",
        "Congo (Republic of the)": "COG",
        "Czech Republic": "CZE",
        "Democratic Republic of Congo": "COD",
        "Democratic People's Republic of Korea": "PRK",
        "East Timor": "TLS",
        "Holy See": "VAT",
        "Hong Kong": "HKG",
        "Hong Kong SAR": "HKG",
        "Iran (Islamic Republic of)": "IRN",
        "Ivory Coast": "CIV",
        "Lao People's Democratic Republic": "LAO",
        "Macao": "MAC",
        "Macao SAR": "MAC",
        "Macau": "MAC",
        "Macedonia": "MKD",
        "Macedonia (FYROM)": "MKD",
        "Micronesia (Federated States of)": "FSM",
        "Myanmar": "MMR",
        "Palestine": "PSE",
        "Palestinian Territory": "PSE",
        "Pitcairn": "PCN",
        "Republic of Korea": "KOR",
        "Republic of Moldova": "MDA",
        "Republic of San Marino": "SMR",
        "Republic of the Congo": "COG",
        "Russian Federation": "RUS",
        "Slovak Republic": "SVK",
        "State of Palestine": "PSE",
        "Swaziland": "SWZ",
        "Syrian Arab Republic": "SYR",
        "Turkey": "TUR",
        "UAE": "ARE",
        "UK": "GBR",
        "United Kingdom of Great Britain and Northern Ireland": "GBR",
        "United Republic of Tanzania": "TZA",
        "United States of America": "USA",
        "United States Virgin Islands": "VIR",
        "US": "USA",
        "USA": "USA",
        "Vatican": "VAT",
        "Viet Nam": "VNM",
    }
)
"""Names that CLDR writes otherwise."""

SEVERAL = MappingProxyType(
    {
        "Congo": frozenset({"COD", "COG"}),
        "Korea": frozenset({"KOR", "PRK"}),
        "Saint Martin": frozenset({"MAF", "SXM"}),
        "Virgin Islands": frozenset({"VGB", "VIR"}),
    }
)
"""Names that more than one state or territory goes by. Without a code nobody knows which is meant."""

NO_SINGLE_STATE = (
    "All",
    "All countries",
    "Europol",
    "Global",
    "Interpol",
    "International",
    "Other",
    "Other countries",
    "Others",
    "Rest of world",
    "Total",
    "Worldwide",
)
"""Names and codes of lines that are about several states, or about a body that is none."""

_NO_NAME = ("Unknown", "Not known", "N/A")


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a line is. state: alpha-3, set exactly where whose is STATE. why: otherwise, in words. note:
    what was not compared although there is a state."""

    whose: Whose
    state: StateCode | None = None
    why: str = ""
    note: str = ""


def placed(named: str, code: str = "") -> Placed:
    """The state of a name and, where there is one, of a two- or three-letter code; never a guess."""
    name, short = folded(named), code.strip().upper()
    if folded(short) in _together() or (name in _together() and not short):
        word = code.strip() or named.strip()
        return Placed(whose=Whose.TOGETHER, why=f"“{word}” is no single state")
    fitting = _names().get(name, frozenset())
    coded = _codes().get(short)
    if short and coded is None:
        return _unknown(f"the code “{short}” is not one of ISO 3166-1")
    if coded is not None:
        if name in _no_name() | _together():
            return _unknown(f"the code is {short} and the name says “{named.strip()}”")
        if fitting and coded not in fitting:
            return _unknown(f"the name “{named.strip()}” and the code {short} are of different states")
        note = "" if fitting or not name else f"the name “{named.strip()}” is not known here; the code is"
        return Placed(whose=Whose.STATE, state=coded, note=note)
    if len(fitting) == 1:
        return Placed(whose=Whose.STATE, state=min(fitting))
    if fitting:
        return _unknown(
            f"“{named.strip()}” can be any of {', '.join(sorted(fitting))}, and no code says which"
        )
    if not name or name in _no_name():
        return _unknown("no state is named")
    return _unknown(f"no state known here is called “{named.strip()}”")


def _unknown(why: str) -> Placed:
    return Placed(whose=Whose.UNKNOWN, why=why)


def folded(name: str) -> str:
    """A name without what spellings differ in: capitals, accents, marks, “the”, “St.” for “Saint”."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).replace(
        "&", " and "
    )
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[^\w ]", " ", re.sub(r"['’‘`]", "", letters)).split()
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


@cache
def _codes() -> Mapping[str, str]:
    """Two- and three-letter codes, each with the three letters."""
    retired_too = get_global("territory_aliases")
    two = {code: _USER_ASSIGNED.get(code) or retired_too[code][0] for code in STATES}
    return MappingProxyType(
        {**{short: code for code, short in two.items()}, **{code: code for code in STATES}}
    )


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Folded names, each with the states it fits."""
    territories = Locale("en").territories
    found = {
        folded(territories[short]): frozenset({code}) for short, code in _codes().items() if len(short) == 2
    }
    found.update((folded(name), frozenset({code})) for name, code in ALSO_CALLED.items())
    found.update((folded(name), codes) for name, codes in SEVERAL.items())
    return MappingProxyType(found)


@cache
def _no_name() -> frozenset[str]:
    return frozenset(map(folded, _NO_NAME))


@cache
def _together() -> frozenset[str]:
    return frozenset(map(folded, NO_SINGLE_STATE))
