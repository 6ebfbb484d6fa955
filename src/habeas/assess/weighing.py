"""How heavy the signs are on each side, and what that means: sums of signals made into facts.

Two scales are kept apart. One holds the signs of protected conduct and of a pretext; the other the real
harm described. A sentence counts once, with its heaviest signal, so that repeating a word adds nothing.
The thresholds are house policy (policy.toml, `weighing`); the result is a handful of facts with reasons.
"""

from __future__ import annotations

from bisect import bisect
from functools import cache

import msgspec

from habeas.assess.lexicon import spheres
from habeas.assess.logic import MET, NOT_MET, NOT_SHOWN, Three, three
from habeas.assess.narrative import HARM_FAMILIES, Kind, Narrative, Signal, signal_rules
from habeas.assess.rulebook import Weighing

_CONCRETE = frozenset("account_part forensic arrested_with not_sought life_danger".split())
_HARMED = frozenset({"victim", "loss"})
_SUFFERER = frozenset({"victim", "life_danger"})
_PLAIN = frozenset({"account_noun"})  # every request speaks of an account; that alone adds no weight
# Labels that abuse is not dressed up in; with particulars in the facts they may name the crime.
_PLAIN_CRIMES = frozenset(
    "homicide kidnapping trafficking drugs arson theft weapons war_crime sexual_violence child_abuse".split()
)
_ENOUGH_PARTICULARS = 2  # sentences with a victim, a loss, a find or how it is known
PROVISION_WEIGHT = 3  # a cited provision that punishes protected conduct, when nothing else is known
DEFAULT_CATEGORY = "political-criticism"  # where grounds are substantial but no category was named


# However long the story, more sentences of one sort stop adding weight.
_MOST_SENTENCES, _MOST_FAMILIES, _MOST_CONCRETE = 4, 4, 3
_CONCRETE_WEIGHT = 2  # how it is known, or what the account did, against a sentence that names a crime


class Manner(msgspec.Struct, frozen=True, gc=False):
    """How a request is made, whatever its words.

    judged: a judge is said to have authorised it. days: the longest period asked about.
    """

    judged: bool = False
    days: int = 0


UNKNOWN_MANNER = Manner()


class Scales(msgspec.Struct, frozen=True, gc=False):
    """Sums of weights: protected, pretext, breadth on one side, harm and limits on the other; sender apart.

    told: how far the harm is told, not only named. overlong: more content is wanted than the case explains.
    families: kinds of crime named. categories: of protected conduct, heaviest first. words: what words of it
    weigh that stand apart from each other where no harm is told; a part of `protected`, or of `pretext` where
    no sign stands beside them. pursued: sentences that tell of the person pursued, up to a limit. span: 0 for
    a short period, 1 for months, 2 for more than a year. judged: as in `Manner`. asked_only: no sentence that
    tells, and no provision, bears a sign. harmed: somebody suffered, or something was lost. slight: somebody
    was harmed, a judge has seen it or it asks quietly about a told crime, and at most one telling sentence
    bears a sign, and no label or provision.
    """

    protected: int
    pretext: int
    harm: int
    told: int
    sender: int
    breadth: int
    limits: int
    overlong: bool
    families: tuple[str, ...]
    categories: tuple[str, ...]
    words: int = 0
    pursued: int = 0
    span: int = 0
    judged: bool = False
    asked_only: bool = False
    harmed: bool = False
    slight: bool = False


_TOLD = 2  # how far harm must be told before words of protected conduct that stand apart no longer count
_MOST_WORDS = 4  # what they can weigh, alone or with signs
_EVERYBODY = 2  # breadth from which the data of a whole group are wanted
_SPOKEN_BESIDE_CRIME = 2  # concepts of protected conduct told beside a crime that do not yet speak against it
_MUCH_HARM = 3  # sentences with a victim or a loss that outweigh one that bears a sign
_SLIGHT = 1  # sentences with signs that refuse nothing where somebody was harmed and a judge has seen it
_BY_THE_WAY = 2  # sentences with signs that a told crime, seen by a judge, still explains as background
_MUCH_PURSUED = 2  # sentences about the person pursued from which a sign is about that person
_MOST_PURSUED = 3  # sentences about the person pursued, beyond which more say nothing new
_SPANS = (93, 367)  # days from which a period is one of months, and one of years
_ASKING_BESIDE_CRIME = 2  # the share that signs in asking sentences keep where a crime is told
_KINDS = tuple(Kind)
# By themselves, as in `logic`.
_PROTECTED, _PRETEXT, _SENDER = Kind.PROTECTED, Kind.PRETEXT, Kind.SENDER
_BREADTH, _LIMIT = Kind.BREADTH, Kind.LIMIT
_MANY_SIGNALS = 3  # different signals in one sentence: long officialese says in one what others say in three


def _by_sentence(signals: tuple[Signal, ...], asking: frozenset[tuple[str, int]]) -> tuple[int, int]:
    """(weight of the sentences that tell, weight of those that ask).

    Each sentence counts with its heaviest signal, and one more for every three that stand in it.
    """
    weights: dict[tuple[str, int], list[int]] = {}
    for signal in signals:
        for sentence in signal.sentences:
            weights.setdefault(sentence, []).append(signal.weight)
    told = asked = 0
    for sentence, each in weights.items():
        weight = max(each) + len(each) // _MANY_SIGNALS
        if sentence in asking:
            asked += weight
        else:
            told += weight
    return told, asked


def weigh(
    narrative: Narrative,
    provision_categories: tuple[str, ...] = (),
    *,
    overlong: bool = False,
    manner: Manner = UNKNOWN_MANNER,
) -> Scales:
    """provision_categories: protected-conduct categories of the provisions cited (from the atlas).

    overlong: more content is wanted than the house takes without a reason.
    """
    once = dict.fromkeys(_KINDS, 0)
    by_category: dict[str, int] = {}
    for signal in narrative.signals:
        once[signal.kind] += signal.weight
        if signal.kind is _PROTECTED:
            for category in signal.categories:
                by_category[category] = by_category.get(category, 0) + signal.weight
    confirmed = not by_category.keys().isdisjoint(provision_categories)
    for category in provision_categories:
        by_category[category] = by_category.get(category, 0) + PROVISION_WEIGHT
    families: set[str] = set()
    naming = concrete = detailed = particulars = victims = losses = 0
    harmed = False
    for harm in narrative.harms:
        plain = _PLAIN.issuperset(harm.particulars)
        particulars += not plain
        victims += not _SUFFERER.isdisjoint(harm.particulars)
        losses += "loss" in harm.particulars
        if harm.families:
            families.update(harm.families)
            naming += 1
            detailed += not plain
        else:
            concrete += not _CONCRETE.isdisjoint(harm.particulars)
            harmed = harmed or not _HARMED.isdisjoint(harm.particulars)
    told = 2 * detailed + min(concrete, 2) + max(naming - 1, 0) + harmed if families else 0
    if not families and narrative.charged & _PLAIN_CRIMES:
        # The facts tell of victims, losses and finds; the label names what they add up to.
        told = particulars if particulars >= _ENOUGH_PARTICULARS else 0
        families = set(narrative.charged & _PLAIN_CRIMES) if told else families
    telling, asking = _by_sentence(narrative.of(_PROTECTED), narrative.asking)
    always, unless_harmed, medium = spheres()
    spoken = [word for word in narrative.spoken if word.concept in always]
    provision = PROVISION_WEIGHT if provision_categories else 0
    inside, labelled = _signed(narrative)
    # It asks for nothing but its case: nobody beyond it, no protected conduct, no more than is explained.
    quiet = (
        (victims or losses)
        and not (asking or once[_BREADTH] or overlong)
        and narrative.pursued < _MUCH_PURSUED
        and all(word.told for word in spoken)
    )
    calm = quiet and manner.judged
    known = naming + victims + losses + (concrete > 0)
    if calm and told < _TOLD and known >= _ENOUGH_PARTICULARS and inside <= _SLIGHT:
        charges = families or set(narrative.charged)
        told, families = (_TOLD, charges) if charges else (told, families)
    if quiet and told >= _TOLD and not confirmed:
        provision = 0  # what it punishes is not what is told
    clean = not (provision or labelled)
    background = manner.judged and (victims or losses) and clean
    slight = inside <= _SLIGHT and clean and bool(background or (quiet and told >= _TOLD))
    if slight and told < _TOLD and victims + losses >= _MUCH_HARM:
        told = _TOLD  # told without the name of a crime, by who was harmed and what was lost
    if (
        told < _TOLD
        and not telling
        and _plainly_told(narrative, len(spoken), victims, losses, concrete, manner.judged)
    ):
        told = _TOLD
        families = families or set(narrative.charged)
    if not (families or victims or losses):
        concrete = 0  # how the act is known, or what the account did, is no harm
    breadth = once[_BREADTH]
    words = 0
    if told < _TOLD:
        if not victims:
            spoken = [word for word in narrative.spoken if word.concept in always | unless_harmed]
        words = min(len(spoken), _MOST_WORDS) if len(spoken) > 1 else 0
        if not victims and not families:
            words += bool(telling + words) + (breadth >= _EVERYBODY)
    told_signs = inside > 0
    if background and told >= _TOLD and narrative.pursued < _MUCH_PURSUED and inside <= _BY_THE_WAY:
        telling, told_signs = 0, False
    if told >= _TOLD and victims and not told_signs:
        provision = 0  # a label is no sign against a victim
    if manner.judged:
        # A judge saw it. Beside a crime that harmed somebody, asking too widely is breadth and no sign of the
        # charge; beside any other, breadth first and a sign second.
        ordinary = (families or narrative.charged) and (victims or losses) and not (told_signs or provision)
        if ordinary and sum(word.told for word in spoken) <= _SPOKEN_BESIDE_CRIME:
            asking = 0
        elif told:
            asking //= _ASKING_BESIDE_CRIME
    asked_only = not (telling or provision)
    crime = families or narrative.charged or victims or losses
    if manner.judged and crime and not (telling or asking or provision or narrative.pursued):
        words = words if words > _MOST_WORDS else 0  # a judge saw it, and nobody is pursued for what they say
    doubt = 0
    if not (telling or asking or provision) and medium.issuperset(word.concept for word in spoken):
        doubt, words = words, 0  # something was made public, and nothing says what: a matter for people
    telling = max(telling, min(telling + words, _MOST_WORDS))
    for word in spoken if words or doubt else ():
        for category in _categories().get(word.concept, ()):
            by_category[category] = by_category.get(category, 0) + 1
    kinds = min(len(families), _MOST_FAMILIES) or bool(told or victims)
    return Scales(
        protected=telling + asking + provision,
        pretext=once[_PRETEXT] + doubt,
        harm=min(naming, _MOST_SENTENCES) + kinds + _CONCRETE_WEIGHT * min(concrete, _MOST_CONCRETE),
        told=told,
        sender=once[_SENDER],
        breadth=breadth,
        limits=once[_LIMIT],
        overlong=overlong,
        families=tuple([name for name in HARM_FAMILIES if name in families]),
        categories=tuple(sorted(by_category, key=lambda name: (-by_category[name], name))),
        words=words + doubt,
        pursued=min(narrative.pursued, _MOST_PURSUED),
        span=bisect(_SPANS, manner.days),
        judged=manner.judged,
        asked_only=asked_only,
        harmed=bool(victims or losses),
        slight=slight,
    )


def _plainly_told(
    narrative: Narrative, spoken: int, victims: int, losses: int, concrete: int, judged: bool
) -> bool:
    """Is harm told without the name of a crime, by who was harmed, what was lost, and how it is known?

    spoken: how many concepts of protected conduct the facts speak of; the more, the more must be told.
    """
    if spoken > 1 or not (victims or losses):
        return False
    if spoken:
        suffered = victims or (judged and narrative.charged)
        return bool(suffered) and victims + losses >= _ENOUGH_PARTICULARS
    several = min(victims, 2) + min(losses, 2) + min(concrete, 1) + bool(narrative.charged)
    return several >= _ENOUGH_PARTICULARS


def _signed(narrative: Narrative) -> tuple[int, bool]:
    """Signs of protected conduct: (sentences of the facts that tell and bear one, is there one elsewhere)."""
    telling = {
        sentence
        for signal in narrative.of(_PROTECTED)
        for sentence in signal.sentences
        if sentence not in narrative.asking
    }
    inside = sum([field.startswith("facts") for field, _index in telling])
    return inside, inside < len(telling)


@cache
def _categories() -> dict[str, tuple[str, ...]]:
    """Concept -> the categories of the first signal that begins with it."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in signal_rules():
        if rule.kind is _PROTECTED:
            found.setdefault(rule.named[0], rule.categories)
    return found


class Verdict(msgspec.Struct, frozen=True, gc=False):
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
        house.protected * scales.protected
        + house.pretext * scales.pretext
        + house.breadth * scales.breadth
        + house.overlong * scales.overlong
    )
    crime = house.harm * scales.harm + (house.care * scales.limits if scales.families or scales.told else 0)
    lean = against - crime + house.pursued * scales.pursued + house.span * scales.span
    if scales.judged:
        lean -= house.judged
    signs = scales.protected + scales.pretext
    # Nothing speaks against it and a judge has seen it: harm that is told in a word or two is enough.
    carried = scales.judged and not signs and (scales.told or scales.harmed) and lean <= house.carries
    shown_harm = scales.told >= house.harm_shown or carried
    real = three(True if shown_harm else None if scales.harm else False)
    persecution = NOT_SHOWN if scales.protected >= house.indicated else NOT_MET
    conflict = NOT_MET
    pretext = NOT_SHOWN if signs else NOT_MET
    # What is asked for refuses nothing by itself where somebody was harmed: told so, or before a judge.
    told = scales.judged or scales.told >= house.harm_shown
    answered_for = scales.asked_only and scales.harmed and told
    if (
        scales.protected >= house.substantial
        and lean >= house.refuses
        and not (answered_for or scales.slight)
    ):
        persecution = MET
    elif (signs >= house.indicated and lean > house.passes) or scales.protected >= house.heavy:
        if scales.protected >= house.substantial and real is not NOT_MET:
            conflict = MET
        elif signs >= house.doubt:
            pretext = MET
    if (
        MET not in (persecution, conflict, pretext)
        and lean >= house.far
        and signs
        and not (scales.judged or scales.sender)
    ):
        pretext = MET  # few signs, and all the rest speaks the same language
    plausible = MET
    if scales.sender >= house.doubtful_sender:
        plausible = NOT_MET if scales.sender >= house.false_sender else NOT_SHOWN
    shown = MET in (persecution, conflict, pretext)
    categories = scales.categories or ((DEFAULT_CATEGORY,) if shown else ())
    apart = f" (words that stand apart {scales.words})" if scales.words else ""
    why = (
        f"signs of protected conduct {scales.protected}, of a pretext {scales.pretext}{apart}, "
        f"of reaching beyond the case {scales.breadth}; harm described {scales.harm}, "
        f"limits the request sets itself {scales.limits}; sentences about the person pursued "
        f"{scales.pursued}, length of the period {scales.span}, {'a' if scales.judged else 'no'} judge; "
        f"lean {lean:+d}"
    )
    return Verdict(real, persecution, conflict, pretext, plausible, categories if shown else (), why)
