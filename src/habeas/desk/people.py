"""The house: who works here, as what, who is away, and how the house has set itself up.

Folded from the events of the stream `HOUSE`. What a person may do to a case is for `habeas.desk.moves`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from habeas.assess import Seat, seat_of
from habeas.desk import calendars
from habeas.desk.calendars import Calendar
from habeas.desk.clocks import HOUSE as USUAL
from habeas.desk.events import (
    INVITED,
    WORKS,
    AbsenceStated,
    AccountInvited,
    Configured,
    Confirmed,
    Declined,
    KeyRegistered,
    LogConfigured,
    Opened,
    PersonAdmitted,
    PersonLeft,
    Proposable,
    Proposed,
    Recorded,
    Role,
    RolesChanged,
    StoryApproved,
    StoryDropped,
    StoryWritten,
)
from habeas.desk.package import RegisteredKey
from habeas.errors import Refused
from habeas.request import Measure, Request
from habeas.treaty import Arrival

PROPOSED_FOR = timedelta(days=14)
"""So long a proposal can be confirmed: over a colleague's leave, and not much longer."""

_READING = frozenset(Role) - {Role.ADMINISTRATOR} - INVITED


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """Days away, both included."""

    since: date
    until: date
    deputy: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can act here. title: what colleagues see, a role or an office and never a private name.
    acts_from: until when they are nobody's second, of somebody who came, began anew or got a role after the
    house was opened."""

    id: str
    organisation: str
    title: str
    roles: frozenset[Role]
    partner: str = ""
    absences: tuple[Absence, ...] = ()
    left: bool = False
    acts_from: datetime | None = None

    def has(self, *roles: Role) -> bool:
        return not self.left and not self.roles.isdisjoint(roles)

    @property
    def reads_cases(self) -> bool:
        """Whether every case of the house can be read; the invited read theirs alone."""
        return not self.left and not self.roles.isdisjoint(_READING)

    def away(self, on: date) -> Absence | None:
        return next((each for each in self.absences if each.since <= on <= each.until), None)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What one administrator wants and a second person has to confirm. number: of its event."""

    number: int
    by: str
    at: datetime
    change: Proposable
    why: str
    lapses: datetime

    @property
    def about(self) -> str:
        """Whom it lets in or gives something; empty where it is about no person."""
        match self.change:
            case PersonAdmitted(person=person) | RolesChanged(person=person) | AccountInvited(person=person):
                return person
        return ""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A refused request, told for the report of one half of a year. number: of the event that wrote it.
    approved: when a second person approved it; None until then."""

    number: int
    by: str
    half: str
    ground: str
    texts: dict[str, str]
    approved_by: str = ""
    approved: datetime | None = None


class House(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation as it stands."""

    organisation: str
    people: dict[str, Person] = {}
    keys: tuple[RegisteredKey, ...] = ()
    settings: Configured = Configured(seat="", zone="UTC")
    settings_since: int = 0  # the number of the event that set them
    log: LogConfigured | None = None
    opened: bool = False  # the first request came in
    alone: frozenset[tuple[str, str]] = frozenset()  # authority and recipient of keys that one registered
    proposals: tuple[
        Proposal, ...
    ] = ()  # neither confirmed nor declined nor overtaken; lapsed ones among them
    stories: tuple[Story, ...] = ()  # in the order in which they were written; dropped ones are not here
    length: int = 0

    def story(self, number: int) -> Story:
        """Raises Refused where there is none of that number."""
        for each in self.stories:
            if each.number == number:
                return each
        raise Refused("there is no such story", place=str(number), hint="habeas log stories")

    def proposal(self, number: int) -> Proposal:
        """Raises Refused where none of that number waits."""
        for each in self.proposals:
            if each.number == number:
                return each
        raise Refused(
            "no such proposal waits",
            place=str(number),
            hint="it was confirmed, declined, or overtaken by another change",
        )

    def seconds(self, by: str, about: str = "") -> tuple[Person, ...]:
        """Who can confirm what this administrator proposes about that person: another administrator, or
        counsel. In a house with none of them besides, whoever works on cases: two people all the same."""
        others = [each for each in self.people.values() if each.id not in (by, about)]
        named = tuple(each for each in others if each.has(Role.ADMINISTRATOR, Role.COUNSEL))
        return named or tuple(each for each in others if each.has(*WORKS))

    def person(self, id: str) -> Person:
        """Raises Refused for somebody unknown here."""
        if id not in self.people:
            raise Refused("nobody of that name works here", place=id, hint="ask the administrator")
        return self.people[id]

    def seat(self, request: Request) -> Seat:
        """Who we are for this request; the addressee it names where the house has not said who it is."""
        named = seat_of(request)
        state, _, role = self.settings.seat.partition(":")
        if not state:
            return named
        ordered = request.measure is Measure.DOMESTIC_ORDER and request.requesting_state == state
        arrival = Arrival.DOMESTIC_ORDER if ordered else Arrival.REQUEST
        return Seat(state, role or named.role, arrival)

    @property
    def calendar(self) -> Calendar:
        """Which days are working days here. Raises Refused for a name that is none."""
        return calendars.calendar(self.settings.calendar)

    def day(self, at: datetime) -> date:
        """The day it is in the house's zone: delays and retentions end with a day there."""
        return at.astimezone(ZoneInfo(self.settings.zone)).date()

    @property
    def configured(self) -> bool:
        return bool(self.settings.seat)

    def keys_for(self, authority: str, state: str) -> tuple[RegisteredKey, ...]:
        """Every key registered for this authority; whether they still serve is for `package.check_keys`."""
        return tuple(key for key in self.keys if key.authority == authority and key.state == state)


def fold(organisation: str, stream: Iterable[Recorded]) -> House:
    """The house after these events."""
    people: dict[str, Person] = {}
    keys: list[RegisteredKey] = []
    settings = Configured(seat="", zone="UTC")
    log: LogConfigured | None = None
    opened, since = False, 0
    alone: set[tuple[str, str]] = set()
    proposals: dict[int, Proposal] = {}
    stories: dict[int, Story] = {}
    length = 0
    for recorded in stream:
        length = recorded.number
        match recorded.event:
            case PersonAdmitted() as admitted:
                people[admitted.person] = Person(
                    id=admitted.person,
                    organisation=organisation,
                    title=admitted.title,
                    roles=frozenset(admitted.roles),
                    partner=admitted.partner,
                    acts_from=_settled(recorded, settings, opened),
                )
            case RolesChanged() as changed:
                before = people[changed.person]
                more = not before.roles.issuperset(changed.roles)
                people[changed.person] = msgspec.structs.replace(
                    before,
                    roles=frozenset(changed.roles),
                    acts_from=_settled(recorded, settings, opened) if more else before.acts_from,
                )
                proposals = _not_about(proposals, changed.person, RolesChanged)
            case AccountInvited() as invited:
                people[invited.person] = msgspec.structs.replace(
                    people[invited.person], acts_from=_settled(recorded, settings, opened)
                )
                proposals = _not_about(proposals, invited.person, AccountInvited)
            case AbsenceStated() as away:
                absence = Absence(since=away.since, until=away.until, deputy=away.deputy)
                person = people[away.person]
                people[away.person] = msgspec.structs.replace(person, absences=(*person.absences, absence))
            case PersonLeft() as gone:
                people[gone.person] = msgspec.structs.replace(people[gone.person], left=True)
                proposals = _not_about(proposals, gone.person, RolesChanged, AccountInvited)
            case KeyRegistered() as registered:
                again = registered.key
                known = [
                    key
                    for key in keys
                    if (key.authority, key.recipient) != (again.authority, again.recipient)
                ]
                keys = [*known, again]
                here = {(again.authority, again.recipient)}
                alone = alone | here if registered.alone else alone - here
            case Configured() as chosen:
                settings, since = chosen, recorded.number
                proposals = _not_overtaken(proposals, Configured)
            case LogConfigured() as kept:
                log = kept
                proposals = _not_overtaken(proposals, LogConfigured)
            case Opened():
                opened = True
            case Proposed() as proposed:
                proposals[recorded.number] = Proposal(
                    number=recorded.number,
                    by=recorded.by,
                    at=recorded.at,
                    change=proposed.change,
                    why=proposed.why,
                    lapses=proposed.lapses,
                )
            case Confirmed() | Declined() as answered:
                proposals.pop(answered.proposal)
            case StoryWritten() as told:
                stories[recorded.number] = Story(
                    number=recorded.number,
                    by=recorded.by,
                    half=told.half,
                    ground=told.ground,
                    texts=told.texts,
                )
            case StoryApproved(story=number):
                stories[number] = msgspec.structs.replace(
                    stories[number], approved_by=recorded.by, approved=recorded.at
                )
            case StoryDropped(story=number):
                stories.pop(number)
            case other:
                raise AssertionError(f"{other.kind} is no event of a house")
    return House(
        organisation=organisation,
        people=people,
        keys=tuple(keys),
        settings=settings,
        settings_since=since,
        log=log,
        opened=opened,
        alone=frozenset(alone),
        proposals=tuple(proposals.values()),
        stories=tuple(stories.values()),
        length=length,
    )


def _settled(recorded: Recorded, settings: Configured, opened: bool) -> datetime | None:
    """From when somebody to whom this happened can be a second; None while one sets the house up."""
    if not opened:
        return None
    return recorded.at + timedelta(hours=settings.times.settling_hours or USUAL.settling_hours)


def _not_about(
    proposals: dict[int, Proposal], person: str, *kinds: type[RolesChanged | AccountInvited]
) -> dict[int, Proposal]:
    """What was proposed for somebody before the same happened to them, or before they left, falls."""
    return {
        number: each
        for number, each in proposals.items()
        if each.about != person or not isinstance(each.change, kinds)
    }


def _not_overtaken(
    proposals: dict[int, Proposal], changed: type[Configured | LogConfigured]
) -> dict[int, Proposal]:
    """Both are changed as a whole: what was proposed beside a change would undo it."""
    return {number: each for number, each in proposals.items() if not isinstance(each.change, changed)}
