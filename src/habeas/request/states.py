"""Which three letters may name a state or territory in a request.

The 249 alpha-3 codes of ISO 3166-1 (as of 2026), and two that the standard leaves to its users but
that requests need: EUU for the European Union as a body, XKX for Kosovo. A code in this list says
nothing about recognition or treaty membership; what a state may ask is for `habeas.treaty`.
"""

from __future__ import annotations

from habeas.errors import Refused

_ISO_3166_1_ALPHA_3 = """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR
    BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL
    COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK
    FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV
    HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO
    LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG
    MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN
    PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE
    SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO
    TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
"""

STATES: frozenset[str] = frozenset((*_ISO_3166_1_ALPHA_3.split(), "EUU", "XKX"))
"""Every code that a `requesting_state` or `seat_state` may have."""


def check_state(code: str, place: str) -> str:
    """Give `code` back, or raise `Refused` when it is not in `STATES`."""
    if code not in STATES:
        shown = code if code.isprintable() and len(code) <= 12 else "this"
        raise Refused(
            f"`{shown}` is not the code of a state",
            place=place,
            hint="use the three capital letters of ISO 3166-1, for example NOR; leave it out if not stated",
        )
    return code
