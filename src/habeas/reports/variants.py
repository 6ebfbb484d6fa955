"""The same case told differently: what must not move the answer, and how often it does.

Masking the requesting state, changing handles and dates, another label on the same conduct, the same crime
told by another state. Each variant is a request made from a request; the facts stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial

import msgspec

from habeas.assess import Assessment
from habeas.reports.evaluation import ORDINARY, answered
from habeas.request import (
    Authority,
    Identifier,
    Item,
    Label,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Target,
)

# Not a whole year, so that weekdays and months move; back, for days that have yet to come are live data.
_SHIFT = timedelta(days=397)
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-3]\d)(?!\d)")

# Labels that abuse dresses up as, with a provision of no state in particular and a high maximum.
DISGUISES = {
    "fraud": "Fraud on a large scale",
    "tax": "Tax evasion and money laundering",
    "extremism": "Extremism",
    "child protection": "Offences against the protection of children",
}
# States whose governments are known to pursue critics, for real crimes retold.
RETELLERS = ("RUS", "IRN", "BLR", "EGY", "CHN")
LARGE = Penalty(kind=PenaltyKind.YEARS, years=10.0)


def masked(request: Request) -> Request:
    """Without the requesting state."""
    return msgspec.structs.replace(request, requesting_state=None)


def renamed(request: Request) -> Request:
    """Other handles and other dates; whether a handle stands for many persons stays."""

    def target(number: int, old: Target) -> Target:
        identifiers = tuple(
            Identifier(value=f"@holder_{number}_{place}", kind=each.kind, bulk=each.bulk)
            for place, each in enumerate(old.identifiers)
        )
        return msgspec.structs.replace(
            old, identifiers=identifiers, items=tuple(_earlier(item) for item in old.items)
        )

    return msgspec.structs.replace(
        request,
        targets=tuple(target(number, old) for number, old in enumerate(request.targets)),
        facts=_YEAR.sub(lambda found: str(int(found.group()) - 1), request.facts),
    )


def _earlier(item: Item) -> Item:
    if item.period is None:
        return item
    start = item.period.start - _SHIFT if item.period.start else None
    end = item.period.end - _SHIFT if item.period.end else None
    return msgspec.structs.replace(item, period=Period(start=start, end=end))


def relabelled(request: Request, label: str) -> Request:
    """The same facts under another label, without the provision that gives them away."""
    return msgspec.structs.replace(request, offences=(Offence(label=label, claimed_maximum=LARGE),))


def retold(request: Request, state: str) -> Request:
    """The same facts told by another state."""
    issuing = Authority(name="Prosecutor General's Office") if request.issuing else None
    return msgspec.structs.replace(request, requesting_state=state, issuing=issuing)


class Steadiness(msgspec.Struct, frozen=True, kw_only=True):
    """How often the answer stays, as shares of 1, and the cases in which it moved."""

    variant: str
    tried: int
    same: float
    moved: tuple[str, ...]


def _steady(
    variant: str,
    requests: Sequence[Request],
    base: dict[str, str],
    change: Callable[[Request], Request],
    assess: Callable[[Request], Assessment],
) -> Steadiness:
    moved = []
    for request in requests:
        now = answered(assess(change(request)).decision)
        if now != base[request.id]:
            moved.append(f"{request.id}: {base[request.id]} -> {now}")
    tried = len(requests)
    return Steadiness(
        variant=variant, tried=tried, same=1 - len(moved) / tried if tried else 1.0, moved=tuple(moved)
    )


def steadiness(
    requests: Iterable[Request], labels: Iterable[Label], assess: Callable[[Request], Assessment]
) -> tuple[Steadiness, ...]:
    """Try every variant. Disguises are tried on cases of protected conduct, retelling on ordinary crimes."""
    known = {label.id: label for label in labels}
    cases = [request for request in requests if request.id in known]
    base = {request.id: answered(assess(request).decision) for request in cases}
    ordinary = [request for request in cases if known[request.id].cls == ORDINARY]
    abusive = [request for request in cases if known[request.id].cls == "protected-conduct"]
    results = [
        _steady("requesting state masked", cases, base, masked, assess),
        _steady("handles and dates changed", cases, base, renamed, assess),
    ]
    for name, label in DISGUISES.items():
        results.append(
            _steady(
                f"abuse labelled as {name}",
                abusive,
                base,
                partial(relabelled, label=label),
                assess,
            )
        )
    for state in RETELLERS:
        results.append(
            _steady(
                f"real crime told by {state}",
                ordinary,
                base,
                partial(retold, state=state),
                assess,
            )
        )
    return tuple(results)
