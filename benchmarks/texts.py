"""Requests to assess whole: the labelled cases, and histories of any length made by mixing their sentences.

A history that said the same ninety things again and again would flatter every cache. Each statement of facts
is therefore a new mixture of sentences; offences and citations are those of the cases and recur, as they do
in a real history, or are made to differ in every line (`new_citations`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from habeas.assess.text import read
from habeas.request import Offence, Request, read_corpus, to_native

ROOT = Path(__file__).resolve().parents[1]


def cases() -> list[Request]:
    """The fresh cases, in English and other languages."""
    return [case for path in sorted((ROOT / "cases").glob("fresh_*.yaml")) for case in read_corpus(path)]


def sentences(case: Request) -> list[str]:
    text = read(case.facts, case.language)
    spans = (text.sentence_span(number) for number in range(len(text.sentences)))
    return [case.facts[start:end].strip() for start, end in spans]


def history(
    among: Sequence[Request], count: int, words: tuple[int, int], *, seed: int, new_citations: bool = False
) -> Iterator[Request]:
    """`count` requests like those of `among`, each with facts made of their sentences in its own language; no
    two have the same.

    words: the least and the most of them in one statement of facts.
    """
    chance = random.Random(seed)
    pools: dict[str | None, list[str]] = {}
    told: set[str] = set()
    for case in among:
        pools.setdefault(case.language, []).extend(sentences(case))
    for number in range(count):
        case = chance.choice(among)
        facts = ""
        while not facts or facts in told:
            facts = _mixture(pools[case.language], chance.randint(*words), chance)
        told.add(facts)
        parts: dict[str, object] = {"id": f"{case.id}-{number}", "facts": facts}
        if new_citations:
            parts["offences"] = tuple(_renumbered(offence, f"{seed}-{number}") for offence in case.offences)
        yield msgspec.structs.replace(case, **parts)


def _mixture(pool: Sequence[str], wanted: int, chance: random.Random) -> str:
    """Sentences of the pool up to so many words."""
    words: list[str] = []
    while len(words) < wanted:
        words += chance.choice(pool).split()
    return " ".join(words[:wanted])


def _renumbered(offence: Offence, number: str) -> Offence:
    citations = tuple(f"{citation}, file {number}" for citation in offence.citations)
    return msgspec.structs.replace(offence, citations=citations, label=f"{offence.label} ({number})")


def as_sent(request: Request) -> bytes:
    """In our own form, which has no word for what the corpus only supposes."""
    return to_native(msgspec.structs.replace(request, supposed=()))


def write_history(path: Path, requests: Iterator[Request]) -> int:
    """As JSON lines, the form in which a house exports its history; returns how many."""
    count = 0
    with path.open("wb") as file:
        for request in requests:
            file.write(as_sent(request) + b"\n")
            count += 1
    return count
