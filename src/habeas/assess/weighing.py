"""How heavy the signs are on each side, and what that means: sums of signals made into facts.

Two scales are kept apart. One holds the signs of protected conduct and of a pretext; the other the real
harm described. A sentence counts once, with its heaviest signal, so that repeating a word adds nothing.
The thresholds are house policy (policy.toml, `weighing`); the result is a handful of facts with reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

from habeas.assess.logic import Three
from habeas.assess.narrative import HARM_FAMILIES, Kind, Narrative, Signal
from habeas.assess.rulebook import Weighing

# Grave harm to a person speaks louder than harm to property; both are house judgement, not law.
_GRAVE = frozenset(
    (
        "homicide kidnapping sexual_violence child_abuse trafficking attack war_crime intimate_images "
        "extortion arson"
    ).split()
)
_CONCRETE = frozenset("account_part forensic arrested_with not_sought life_danger".split())
_PLAIN = frozenset({"account_noun"})  # every request speaks of an account; that alone adds no weight
PROVISION_WEIGHT = 3  # a cited provision that punishes protected conduct, when nothing else is known
DEFAULT_CATEGORY = "political-criticism"  # where grounds are substantial but no category was named


@dataclass(frozen=True, slots=True)
class Scales:
    """protected, pretext, harm, sender, breadth, limits: sums of weights. categories: heaviest first."""

    protected: int
    pretext: int
    harm: int
    sender: int
    breadth: int
    limits: int
    families: tuple[str, ...]
    categories: tuple[str, ...]


_MANY_SIGNALS = 3  # different signals in one sentence: long officialese says in one what others say in three


def _by_sentence(signals: tuple[Signal, ...]) -> int:
    """Each sentence counts with its heaviest signal, and one more where many different ones stand in it."""
    weights: dict[tuple[str, int], list[int]] = {}
    for signal in signals:
        for sentence in signal.sentences:
            weights.setdefault(sentence, []).append(signal.weight)
    return sum(max(each) + (1 if len(each) >= _MANY_SIGNALS else 0) for each in weights.values())


def _once(signals: tuple[Signal, ...]) -> int:
    return sum(signal.weight for signal in signals)


def weigh(narrative: Narrative, provision_categories: tuple[str, ...] = ()) -> Scales:
    """`provision_categories`: protected-conduct categories of the provisions cited (from the atlas)."""
    protected = narrative.of(Kind.PROTECTED)
    by_category: dict[str, int] = {}
    for signal in protected:
        for category in signal.categories:
            by_category[category] = by_category.get(category, 0) + signal.weight
    for category in provision_categories:
        by_category[category] = by_category.get(category, 0) + PROVISION_WEIGHT
    harm = 0
    families: dict[str, None] = {}
    for each in narrative.harms:
        if each.families:
            families.update(dict.fromkeys(each.families))
            harm += (
                2
                + min(len(set(each.particulars) - _PLAIN), 2)
                + (1 if _GRAVE.intersection(each.families) else 0)
            )
        elif _CONCRETE.intersection(each.particulars):
            harm += 1
    return Scales(
        protected=_by_sentence(protected) + (PROVISION_WEIGHT if provision_categories else 0),
        pretext=_once(narrative.of(Kind.PRETEXT)),
        harm=harm if families else min(harm, 2),
        sender=_once(narrative.of(Kind.SENDER)),
        breadth=_once(narrative.of(Kind.BREADTH)),
        limits=_once(narrative.of(Kind.LIMIT)),
        families=tuple(name for name in HARM_FAMILIES if name in families),
        categories=tuple(sorted(by_category, key=lambda name: (-by_category[name], name))),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scales show, as facts of facts.toml, with the sum said in words."""

    real_harm: Three
    persecution: Three
    conflict: Three
    pretext: Three
    sender_plausible: Three
    categories: tuple[str, ...]
    why: str


def judge(scales: Scales, house: Weighing) -> Verdict:
    """Make the facts out of the sums.

    The lean is what speaks for protected conduct or a pretext less what speaks for a real crime, each side
    with its weights. Far to one side it decides; in between the signs conflict, and people must.
    """
    against = (
        house.protected * scales.protected + house.pretext * scales.pretext + house.breadth * scales.breadth
    )
    crime = house.harm * scales.harm + (house.care * scales.limits if scales.families else 0)
    lean = against - crime
    real = (
        Three.of(True)
        if scales.harm >= house.harm_shown
        else Three.NOT_SHOWN
        if scales.harm
        else Three.NOT_MET
    )
    signs = scales.protected + scales.pretext
    persecution = Three.NOT_SHOWN if scales.protected >= house.indicated else Three.NOT_MET
    conflict = Three.NOT_MET
    pretext = Three.NOT_SHOWN if signs else Three.NOT_MET
    if scales.protected >= house.substantial and lean >= house.refuses:
        persecution = Three.MET
    elif signs >= house.indicated and lean > house.passes:
        if scales.protected >= house.substantial and real is not Three.NOT_MET:
            conflict = Three.MET
        elif signs >= house.doubt:
            pretext = Three.MET
    plausible = Three.MET
    if scales.sender >= house.doubtful_sender:
        plausible = Three.NOT_MET if scales.sender >= house.false_sender else Three.NOT_SHOWN
    shown = Three.MET in (persecution, conflict, pretext)
    categories = scales.categories or ((DEFAULT_CATEGORY,) if shown else ())
    why = (
        f"signs of protected conduct {scales.protected}, of a pretext {scales.pretext}, "
        f"of reaching beyond the case {scales.breadth}; harm described {scales.harm}, "
        f"limits the request sets itself {scales.limits}; lean {lean:+d}"
    )
    return Verdict(real, persecution, conflict, pretext, plausible, categories if shown else (), why)
