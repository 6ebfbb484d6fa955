"""Which instrument and measure a requester's words name, in the corpus form.

The words are free text ("UNCC art 44 (stored data MLA under art 40)"); the result is an id of
`habeas.treaty` and a `Measure`. Article numbers: UN Convention against Cybercrime arts 40-47,
Budapest Convention (CETS 185) arts 25-34, its Second Additional Protocol (CETS 224) arts 6-10.
Words that name nothing known give `unknown`, which opens no door. Whether the instrument binds
these two states is for `habeas.treaty`.
"""

from __future__ import annotations

import re

from habeas.request.model import Measure

# First article number -> what is asked. Art 44 is the ordinary case of the Convention.
_UNCC = {
    "40": Measure.GENERAL_ASSISTANCE,
    "40(4)": Measure.SPONTANEOUS,
    "40(5)": Measure.SPONTANEOUS,
    "41": Measure.EMERGENCY,
    "42": Measure.PRESERVATION,
    "43": Measure.TRAFFIC_DISCLOSURE,
    "44": Measure.STORED_ACCESS,
    "45": Measure.REALTIME_TRAFFIC,
    "46": Measure.INTERCEPTION,
    "47": Measure.POLICE_TO_POLICE,
}
_BUDAPEST = {
    "25": Measure.GENERAL_ASSISTANCE,
    "26": Measure.SPONTANEOUS,
    "27": Measure.GENERAL_ASSISTANCE,
    "29": Measure.PRESERVATION,
    "30": Measure.TRAFFIC_DISCLOSURE,
    "31": Measure.STORED_ACCESS,
    "33": Measure.REALTIME_TRAFFIC,
    "34": Measure.INTERCEPTION,
    "35": Measure.EMERGENCY,
}
_PROTOCOL = {
    "6": Measure.DIRECT_TO_PROVIDER,
    "7": Measure.DIRECT_TO_PROVIDER,
    "8": Measure.STORED_ACCESS,
    "9": Measure.EMERGENCY,
    "10": Measure.EMERGENCY,
}
_ARTICLE = re.compile(r"(?i)\bart(?:s|icles?)?\.?\s*(\d+(?:\s*\(\d+\))?(?:\s*(?:/|,|and|&|-)\s*\d+)*)")
_NUMBER = re.compile(r"\d+(?:\(\d+\))?")

_UNCC_NAMED = re.compile(
    r"(?i)\buncc\b|\bun(?:ited nations)? convention against cybercrime|\bhanoi convention"
)
_PROTOCOL_NAMED = re.compile(
    r"(?i)second additional protocol|\b2ap\b|\b2nd additional protocol|\bcets\s*(?:no\.?\s*)?224\b"
)
_BUDAPEST_NAMED = re.compile(r"(?i)\bbudapest\b|\bconvention on cybercrime|\bcets\s*(?:no\.?\s*)?185\b")
_EVIDENCE_NAMED = re.compile(
    r"(?i)\bepoc\b|european (?:production|preservation) order|\be-?evidence\b|2023/1543"
)
_EIO_NAMED = re.compile(r"(?i)european investigation order|\beio\b|2014/41")
_CLOUD_NAMED = re.compile(r"(?i)\bcloud act\b")
_KEEPING_ORDER = re.compile(r"(?i)epoc-?pr\b|preservation order")
_MLA_NAMED = re.compile(
    r"(?i)\bmlat?s?\b|mutual (?:legal )?assistance|rogato|\bbilateral|\bregional (?:treaty|convention)"
)
_DIRECT_NAMED = re.compile(
    r"(?i)\bdirect(?:ly)?\b.*\b(?:request|provider)|\bvoluntary (?:request|disclosure)"
)
_ORDER_NAMED = re.compile(
    r"(?i)\bdomestic\b|\bcourt order|\bproduction order|\bsearch warrant|\bwarrant\b|\bsubpoena"
)


def instrument_named(words: str, stated: str, keep_only: bool) -> tuple[str, Measure]:
    """The instrument id and measure that `stated` names.

    words: the same with the provisions cited, where an agreement is sometimes named instead.
    keep_only: nothing but preservation is asked.
    """
    asked = Measure.PRESERVATION if keep_only else None
    if _EVIDENCE_NAMED.search(stated):
        keeping = asked or (Measure.PRESERVATION if _KEEPING_ORDER.search(stated) else None)
        return "eu-e-evidence", keeping or Measure.DIRECT_TO_PROVIDER
    if _PROTOCOL_NAMED.search(stated):
        return "budapest-2ap", asked or _by_article(stated, _PROTOCOL, Measure.STORED_ACCESS)
    if _UNCC_NAMED.search(stated):
        return "uncc", asked or _by_article(stated, _UNCC, Measure.GENERAL_ASSISTANCE)
    if _BUDAPEST_NAMED.search(stated):
        return "budapest", asked or _by_article(stated, _BUDAPEST, Measure.GENERAL_ASSISTANCE)
    if _EIO_NAMED.search(stated):
        return "eu-eio", asked or Measure.STORED_ACCESS
    if _CLOUD_NAMED.search(words):
        return "cloud-act-agreement", Measure.DIRECT_TO_PROVIDER
    if _MLA_NAMED.search(stated):
        return "bilateral-mla", asked or Measure.GENERAL_ASSISTANCE
    if _DIRECT_NAMED.search(stated):
        return "national-direct", Measure.DIRECT_TO_PROVIDER
    if _ORDER_NAMED.search(stated):
        return "domestic-order", Measure.DOMESTIC_ORDER
    return "unknown", asked or Measure.GENERAL_ASSISTANCE


def _by_article(stated: str, measures: dict[str, Measure], otherwise: Measure) -> Measure:
    """The measure of the first article named; of several named together, the one that asks for most."""
    found = _ARTICLE.search(stated)
    if found is None:
        return otherwise
    numbers = _NUMBER.findall(found[1].replace(" ", ""))
    asked = (measures.get(number) or measures.get(number.partition("(")[0]) for number in numbers)
    return max((measure for measure in asked if measure), key=_REACH.index, default=otherwise)


_REACH = (  # from asking least to asking most
    Measure.SPONTANEOUS,
    Measure.POLICE_TO_POLICE,
    Measure.PRESERVATION,
    Measure.GENERAL_ASSISTANCE,
    Measure.TRAFFIC_DISCLOSURE,
    Measure.EMERGENCY,
    Measure.STORED_ACCESS,
    Measure.DIRECT_TO_PROVIDER,
    Measure.REALTIME_TRAFFIC,
    Measure.INTERCEPTION,
    Measure.DOMESTIC_ORDER,
)
