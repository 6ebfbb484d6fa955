"""How heavy the signs are on each side, and what that means: sums of signals made into facts.

Two scales are kept apart. One holds the signs of protected conduct and of a pretext; the other the real
harm described. A sentence counts once, with its heaviest signal, so that repeating a word adds nothing.
What the wording resembles (`wording.py`) is added to the difference, and decides nothing alone.
The weights and thresholds are house policy (policy.toml, `weighing`); the result is a handful of facts with
reasons.
"""

from __future__ import annotations

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
PROVISION_WEIGHT = 3  # a cited provision that punishes protected conduct
DEFAULT_CATEGORY = "political-criticism"  # where grounds are substantial but no category was named

# However long the story, more sentences of one sort stop adding weight.
_MOST_SENTENCES, _MOST_FAMILIES, _MOST_CONCRETE = 4, 4, 3
_CONCRETE_WEIGHT = 2  # how it is known, or what the account did, against a sentence that names a crime
_LABEL = 2  # what a crime weighs that is named once, with nothing beside it
_TOLD = 2  # how far harm must be told before words of protected conduct that stand apart no longer count
_MOST_WORDS = 4  # what they can weigh, alone or with signs
_MANY_SIGNALS = 3  # different signals in one sentence: long officialese says in one what others say in three
_KINDS = tuple(Kind)
# By themselves, as in `logic`.
_PROTECTED, _PRETEXT, _SENDER = Kind.PROTECTED, Kind.PRETEXT, Kind.SENDER
_LIMIT = Kind.LIMIT


class Scales(msgspec.Struct, frozen=True, gc=False):
    """Sums of weights.

    telling, asking, provision: signs of protected conduct in sentences that tell, in those that ask for data,
    and in the provisions cited. pretext: of one. limits: how the request limits itself. overlong: more
    content is wanted than the case explains. harm: described. told: how far it is told, not only named.
    harmed: somebody suffered, or something was lost. families: kinds of crime named. words: words of
    protected conduct that stand apart from each other, where no harm is told. sender: apart. judged: a judge
    is said to have authorised it. wording: what its words resemble, see `Wording`. categories: of protected
    conduct, heaviest first.
    """

    telling: int = 0
    asking: int = 0
    provision: int = 0
    pretext: int = 0
    limits: int = 0
    overlong: bool = False
    harm: int = 0
    told: int = 0
    harmed: bool = False
    families: tuple[str, ...] = ()
    words: int = 0
    sender: int = 0
    judged: bool = False
    wording: int = 0
    categories: tuple[str, ...] = ()

    @property
    def protected(self) -> int:
        """Every sign of protected conduct."""
        return self.telling + self.asking + self.provision


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
    judged: bool = False,
    apart: bool = False,
) -> Scales:
    """provision_categories: protected-conduct categories of the provisions cited (from the atlas).

    overlong: more content is wanted than the house takes without a reason. judged: a judge is said to have
    authorised it. apart: those nobody suspects stand beside suspects who are named. What is asked about
    them falls away; where a judge authorised the rest, in a crime that is named, it is no sign of what that
    is for.
    """
    once = dict.fromkeys(_KINDS, 0)
    by_category: dict[str, int] = {}
    for signal in narrative.signals:
        once[signal.kind] += signal.weight
        if signal.kind is _PROTECTED:
            for category in signal.categories:
                by_category[category] = by_category.get(category, 0) + signal.weight
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
    always = spheres().always
    spoken = [word for word in narrative.spoken if word.concept in always]
    if told < _TOLD and (
        (not telling and _plainly_told(narrative, len(spoken), victims, losses, concrete, judged))
        or (judged and _known(narrative, families, naming, victims, losses, concrete))
    ):
        told = _TOLD
        families = families or set(narrative.charged)
    if not (families or victims or losses):
        concrete = 0  # how the act is known, or what the account did, is no harm
    words = 0
    if told < _TOLD:
        if not victims:
            spoken = list(narrative.spoken)  # also what every crime leaves
        words = min(len(spoken), _MOST_WORDS) if len(spoken) > 1 else 0
    provision = PROVISION_WEIGHT if provision_categories else 0
    for word in spoken if words else ():
        for category in _categories().get(word.concept, ()):
            by_category[category] = by_category.get(category, 0) + 1
    kinds = min(len(families), _MOST_FAMILIES) or bool(told or victims)
    return Scales(
        telling=telling,
        asking=0 if apart and judged and naming else asking,
        provision=provision,
        pretext=once[_PRETEXT],
        limits=once[_LIMIT],
        overlong=overlong,
        harm=min(naming, _MOST_SENTENCES) + kinds + _CONCRETE_WEIGHT * min(concrete, _MOST_CONCRETE),
        told=told,
        harmed=bool(victims or losses),
        families=tuple([name for name in HARM_FAMILIES if name in families]),
        words=words,
        sender=once[_SENDER],
        judged=judged,
        wording=narrative.wording.points,
        categories=tuple(sorted(by_category, key=lambda name: (-by_category[name], name))),
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


def _known(
    narrative: Narrative, families: set[str], naming: int, victims: int, losses: int, concrete: int
) -> bool:
    """Before a judge two things known tell a crime that is named: by a sentence, a victim, a loss, a find."""
    named = families or narrative.charged
    known = naming + victims + losses + (concrete > 0)
    return bool(named) and bool(victims or losses) and known >= _ENOUGH_PARTICULARS


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


def lean(scales: Scales, house: Weighing) -> int:
    """What speaks for protected conduct or a pretext less what speaks for a real crime, by their weights."""
    against = (
        house.telling * scales.telling
        + house.asking * scales.asking
        + house.provision * scales.provision
        + house.pretext * scales.pretext
        + house.words * scales.words
        + house.overlong * scales.overlong
    )
    care = house.care * scales.limits if scales.families or scales.told else 0
    crime = house.harm * scales.harm + care + house.judged * scales.judged
    return against - crime + house.wording * scales.wording + house.base


RECKONED = "; reckoned: "
"""Between what a sum says in words and the sum itself."""


def _speaks(leans: int, signs: int, persecution: Three, conflict: Three, house: Weighing) -> str:
    """Which way the words of the request speak, by the thresholds of the house."""
    if persecution is MET:
        return "speaks clearly for protected conduct"
    if conflict is MET:
        return "signs of protected conduct and of a real crime stand against each other"
    if leans >= house.refuses:
        return "speaks for protected conduct or a pretext, by few signs"
    if leans > house.passes:
        return "speaks clearly for neither, protected conduct nor a real crime"
    return "the crime described outweighs the signs" if signs else "no sign of protected conduct or a pretext"


def judge(scales: Scales, house: Weighing) -> Verdict:
    """Make the facts out of the sums. Far to one side the lean decides; in between people must.

    Persecution is shown by signs and the lean together: substantial signs and a clear lean, or signs that
    are more than a note and a lean far to that side. What the wording resembles brings a request before
    people where it has no signs, and refuses none.
    """
    leans = lean(scales, house)
    signs = scales.protected + scales.pretext + scales.words
    # A judge has seen it: harm that is told in a word or two is enough where nothing speaks against it, or
    # where all the rest lean far, and the wording too. The name of a crime alone is not.
    quiet = not signs and scales.harmed and leans <= house.passes
    plain = scales.harm > _LABEL and leans <= house.plain and scales.wording <= house.plain_wording
    shown_harm = scales.told >= house.harm_shown or (scales.judged and (quiet or plain))
    real = three(True if shown_harm else None if scales.harm else False)
    substantial = scales.protected >= house.substantial
    persecution = NOT_SHOWN if scales.protected >= house.indicated else NOT_MET
    conflict = NOT_MET
    pretext = NOT_SHOWN if signs else NOT_MET
    if (substantial and leans >= house.refuses) or (signs >= house.indicated and leans >= house.far):
        persecution = MET
    elif scales.protected >= house.heavy or (leans > house.passes and (signs or scales.wording > 0)):
        if substantial and real is not NOT_MET:
            conflict = MET
        else:
            pretext = MET
    plausible = MET
    if scales.sender >= house.doubtful_sender:
        plausible = NOT_MET if scales.sender >= house.false_sender else NOT_SHOWN
    decided = MET in (persecution, conflict, pretext)
    feigned = plausible is not MET and scales.protected >= house.indicated  # whoever sent it asks about that
    shown = decided or feigned or (substantial and leans >= house.named)
    categories = scales.categories or ((DEFAULT_CATEGORY,) if shown else ())
    why = (
        f"{_speaks(leans, signs, persecution, conflict, house)}{RECKONED}"
        f"signs of protected conduct {scales.telling} told, {scales.asking} asked for, {scales.provision} in "
        f"the provisions, of a pretext {scales.pretext}, words apart {scales.words}; harm described "
        f"{scales.harm}, limits the request sets itself {scales.limits}, "
        f"{'a' if scales.judged else 'no'} judge; wording {scales.wording:+d}; lean {leans:+d}"
    )
    return Verdict(real, persecution, conflict, pretext, plausible, categories if shown else (), why)
