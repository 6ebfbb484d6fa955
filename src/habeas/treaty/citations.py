"""Every citation the law files make: how sure, how often used, and what exactly is claimed under it.

A citation is `<instrument>:<number>` (`uncc:40(22)`) or `<seat>:<provision>` (`USA:18 USC 2702(a)`).
A line that is pure house policy cites nothing. The fingerprint covers our words for everything that
cites the provision: when those words change, an earlier confirmation no longer speaks for them.
Who confirmed what lives in `register`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from habeas.treaty.model import Certainty, Instrument, Safeguard, Seat

OUTSIDE_WORKS = {"vclt": "Vienna Convention on the Law of Treaties (1969)"}
"""Works cited though they are no instrument of ours."""

SAFEGUARDS = "safeguards"
"""Before the id of one of our own safeguards: no provision, nothing to verify."""

_WEAKEST_LAST = (Certainty.SEEN, Certainty.ANALOG, Certainty.MEMORY, Certainty.CHECK)


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """One provision relied on.

    certainty: the weakest of all lines that cite it. uses: how many tests, clocks, safeguards, seat
    rules and checks of upper layers cite it. used_by: ids of those on file here. fingerprint: a
    hash over our words under this citation.
    """

    name: str
    certainty: Certainty
    uses: int
    used_by: tuple[str, ...]
    fingerprint: str


def split_citation(cite: str) -> tuple[str, str]:
    """`uncc:40(22)` -> (`uncc`, `40(22)`); the second part is empty where there is none."""
    work, _, number = cite.strip().partition(":")
    return work, number.strip()


class _Tally:
    def __init__(self) -> None:
        self.certainty: dict[str, Certainty] = {}
        self.users: dict[str, list[str]] = defaultdict(list)
        self.words: dict[str, list[str]] = defaultdict(list)

    def state(self, cite: str, certainty: Certainty, words: str) -> None:
        if certainty is not Certainty.POLICY:
            known = self.certainty.get(cite, Certainty.SEEN)
            self.certainty[cite] = max(known, certainty, key=_WEAKEST_LAST.index)
        self.words[cite].append(words)

    def use(self, cite: str, certainty: Certainty, words: str, user: str) -> None:
        self.state(cite, certainty, words)
        self.users[cite].append(user)


def all_citations(
    instruments: Iterable[Instrument],
    safeguards: Iterable[Safeguard],
    seats: Iterable[Seat],
    extra: Iterable[str] = (),
) -> tuple[Citation, ...]:
    """Every citation, the most used first, then the least sure, then by name.

    extra: citations made by upper layers, one entry per use. One that no file here knows is listed
    with certainty `check`; one of our own safeguards (`safeguards:suspension`) is no law and is left out.
    """
    tally = _Tally()
    for instrument in instruments:
        for article in instrument.articles:
            if article.certainty is not Certainty.POLICY:
                words = f"{article.force}|{article.title}|{article.summary}"
                tally.state(f"{instrument.id}:{article.number}", article.certainty, words)
        for test in instrument.tests:
            words = f"{test.force}|{test.outcome}|{test.question}"
            for cite in test.cites:
                tally.use(cite, test.certainty, words, test.id)
        for clock in instrument.clocks:
            words = f"{clock.bound}|{clock.amount}|{clock.unit}|{clock.start}|{clock.rule}"
            for cite in clock.cites:
                tally.use(cite, clock.certainty, words, clock.id)
    for safeguard in safeguards:
        for hook in safeguard.hooks:
            tally.use(hook.cite, Certainty.POLICY, f"{hook.force}|{hook.how}", safeguard.id)
        for peer in safeguard.peers:
            tally.use(peer, Certainty.POLICY, safeguard.title, safeguard.id)
    for seat in seats:
        for rule in seat.rules:
            words = f"{rule.permits}|{rule.text}|{'|'.join(rule.conditions)}"
            for cite in seat_citations(seat.seat, rule.citation):
                tally.use(cite, rule.certainty, words, rule.id)
    extra_uses: dict[str, int] = defaultdict(int)
    for cite in extra:
        if split_citation(cite)[0] == SAFEGUARDS:
            continue
        if cite not in tally.words:
            tally.state(cite, Certainty.CHECK, cite)
        extra_uses[cite] += 1
    found = [
        Citation(
            name=cite,
            # cited by policy lines only: the provision itself still has to be checked
            certainty=tally.certainty.get(cite, Certainty.CHECK),
            uses=len(tally.users[cite]) + extra_uses[cite],
            used_by=tuple(sorted(tally.users[cite])),
            fingerprint=_fingerprint(tally.words[cite]),
        )
        for cite in tally.words
    ]
    found.sort(key=lambda c: (-c.uses, -_WEAKEST_LAST.index(c.certainty), c.name))
    return tuple(found)


def seat_citations(seat: str, citation: str) -> tuple[str, ...]:
    """The provisions of one seat rule, each with the seat before it (they are parted by `; `)."""
    return tuple(f"{seat}:{part.strip()}" for part in citation.split(";"))


def _fingerprint(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]
