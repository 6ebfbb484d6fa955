"""On which terms data are given, and which of them the requester has to accept before anything leaves.

What goes with every package (use for this case alone, no passing on, deletion) binds by the treaty or by what
the requester asked under, and is in the package whether it was accepted or not. An assurance about what
becomes of the person, a term of the seat's own law and a term in the words of who decided bind nobody who has
not agreed to them (UN Convention 40(19) and its models: what is given on a condition is given to who accepts
it). So nothing leaves before the requester did. An order of our own court is given on no terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from habeas.assess import CONDITIONS, FORMAL_REQUEST
from habeas.desk import events
from habeas.desk.case import Case, Pause
from habeas.desk.events import Recorded
from habeas.desk.letters.model import Condition, Kind

_BY_CONDITION: dict[str, tuple[Condition, ...]] = {
    CONDITIONS["conditions.speciality"]: (Condition.SPECIALITY, Condition.ONWARD),
    CONDITIONS["conditions.secrecy"]: (Condition.PERSON_TOLD,),
    CONDITIONS["rights.death-penalty"]: (Condition.NO_DEATH_PENALTY,),
    CONDITIONS["rights.death-penalty-preservation"]: (Condition.NO_DEATH_PENALTY,),
    CONDITIONS["rights.treatment-risk"]: (Condition.TREATMENT,),
    CONDITIONS["rights.absence"]: (Condition.RETRIAL,),
    CONDITIONS["rights.special-court"]: (Condition.ORDINARY_COURT,),
    FORMAL_REQUEST: (Condition.FORMAL_REQUEST,),
}
"""What an assessment asks of the requester. Its other conditions are for the house; no letter says them."""
BY_SEAT_LAW = {
    "not used as evidence before the closing decision is final": (
        "The data are not used as evidence before the decision to give them is final."
    ),
    "not used to infringe freedom of speech; otherwise raised with the designated authorities": (
        "The data are not used to infringe freedom of speech."
    ),
}
"""The same of the law of a seat, in the house's words. Speciality and onward transfer are said always."""
ASSURANCES = frozenset(
    {Condition.NO_DEATH_PENALTY, Condition.TREATMENT, Condition.RETRIAL, Condition.ORDINARY_COURT}
)
"""Of the closed list those that somebody has to promise. That secrecy is not kept is accepted by an act of
its own, and the formal request of an emergency follows after the data."""

_ENDS_OFFER = (events.ConditionsAnswered, events.Reviewed, events.Withdrawn, events.Released)


def conditions(case: Case) -> tuple[Condition, ...]:
    """What the assessment in force asks of the requester, beside what every letter of conditions says."""
    return tuple(dict.fromkeys(each for words in _assessed(case) for each in _BY_CONDITION.get(words, ())))


def own(case: Case) -> tuple[str, ...]:
    """Conditions that no list has: of the law of the seat, and in the words of who decided."""
    by_law = (BY_SEAT_LAW[words] for words in _assessed(case) if words in BY_SEAT_LAW)
    return tuple(dict.fromkeys((*by_law, *(words for each in case.giving() for words in each.conditions))))


def to_accept(case: Case) -> tuple[str, ...]:
    """What the requester has to accept before anything about a person leaves: words of the closed list and
    terms as they were written. Empty where nothing leaves, and for an order of our own."""
    if case.domestic or not case.reaching():
        return ()
    return (*(str(each) for each in conditions(case) if each in ASSURANCES), *own(case))


def unaccepted(case: Case) -> tuple[str, ...]:
    """Those of `to_accept` that the requester has not accepted."""
    return tuple(each for each in to_accept(case) if each not in case.accepted)


def accepted_at(case: Case, term: str) -> datetime | None:
    """When it was recorded that the requester accepts a term, named as in `to_accept`; None where that is not
    on record."""
    if term not in case.accepted:
        return None
    answered = [each.at for each in case.history if isinstance(each.event, events.ConditionsAnswered)]
    return answered[-1] if answered else None


def put(case: Case) -> tuple[Recorded, ...]:
    """The letters of conditions since what is decided was decided, held or not."""
    since = max((each.number for each in case.history if isinstance(each.event, events.Reviewed)), default=0)
    return tuple(
        each
        for each in case.history
        if each.number > since
        and isinstance(each.event, events.LetterWritten)
        and each.event.letter is Kind.CONDITIONS
    )


def offers(case: Case) -> Iterator[Pause]:
    """While conditions lay with the requester, who had to accept them: from the letter that could go out."""
    held: set[str] = set()
    since: datetime | None = None
    for each in case.history:
        match each.event:
            case events.LetterWritten(letter=Kind.CONDITIONS) as letter if letter.held:
                held.add(letter.sha256)
            case events.LetterWritten(letter=Kind.CONDITIONS):
                since = since or each.at
            case events.LetterCleared(sha256=sha256) if sha256 in held:
                since = since or each.at
            case events.ConditionsAnswered() if since is not None:
                yield Pause(since=since, until=each.at)
        if isinstance(each.event, _ENDS_OFFER):
            since = None
    if since is not None and unaccepted(case):
        yield Pause(since=since)


def _assessed(case: Case) -> tuple[str, ...]:
    return case.assessment.conditions if case.assessment is not None and case.current else ()
