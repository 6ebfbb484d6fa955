"""Whether a request can be what it says: the door every `Request` passes before anybody reads it.

`check` refuses only what cannot be true or cannot be handled safely: a state that does not exist, a
period that ends before it starts, characters nobody can see in an account name. Whether something
is missing, lawful or wise is for `habeas.assess`: an incomplete request is valid and gets questions.
`notices` names what is possible but deserves a second look (Unicode Technical Report 36 on
look-alike text, Unicode Standard Annex 9 on direction controls). Nothing is changed or stripped.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from habeas.errors import Refused
from habeas.request.model import DATE_LINE, MAX_FACTS, AccountFacts, PenaltyKind, Period, Request
from habeas.request.states import check_state

MAX_LINE = 1_000  # characters in a name, reference or identifier; the longest URL seen in a request has 600
MAX_TEXT = 50_000  # characters in any other text; a statement of necessity is a few pages
MAX_LIST = 10_000  # entries in any one list; more is a bulk request and belongs in an attachment
MAX_YEARS = 1_000.0  # no code states a longer maximum in years; life has its own kind
EARLIEST = date(1900, 1, 1)  # a date before this is a typing error
LATEST = date(2200, 1, 1)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")  # the shape of a BCP 47 tag
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")

# Never text: controls other than tab and line ends, halves of surrogate pairs, non-characters.
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAK = re.compile("[\t\n\r\x80-\x9f\u2028\u2029]")  # with the C1 controls
_C1 = re.compile("[\x80-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f"
    "\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
# In these scripts the two joiners are part of spelling (RFC 5892, appendix A.1 and A.2, in a simpler form).
_JOINED = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ufb50-\ufdfb\ufe70-\ufefc][\u200c\u200d]"
)
_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKE = (
    "LATIN",
    "CYRILLIC",
    "GREEK",
    "ARMENIAN",
    "CHEROKEE",
)  # scripts whose letters imitate each other


_Place = tuple[
    str | int, ...
]  # names and numbers on the way to a value; joined only where something is wrong


def _at(place: _Place) -> str:
    """As it is shown: `targets[0].items[2].id`."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in place]
    return "".join(steps).removeprefix(".")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person should look at: `place` in the request, one plain `sentence`."""

    place: str
    sentence: str


def check(request: Request) -> Request:
    """Give the same request back, or raise `Refused` with the place of the first thing that cannot be."""
    _line(request.id, ("id",), empty=False)
    if not _SLUG.match(request.instrument) or len(request.instrument) > 64:
        raise Refused(
            "the instrument is not the id of a treaty or law",
            place="instrument",
            hint="an id has small letters, digits and hyphens, for example `uncc`; write `unknown` if unsure",
        )
    for state, place in ((request.requesting_state, "requesting_state"), (request.seat_state, "seat_state")):
        if state is not None:
            check_state(state, place)
    if request.language is not None and not _LANGUAGE.match(request.language):
        raise Refused(
            "the language is not a language tag",
            place="language",
            hint="write it like `en` or `pt-BR`, or leave it out",
        )
    unremarkable = _unremarkable(request)
    if not unremarkable:
        _check_texts(request)
    _check_offences(request)
    if not unremarkable:
        _check_targets(request)
        _check_attachments(request)
    _check_dates(request)
    return request


def _unremarkable(request: Request) -> bool:
    """Are all texts short, with nothing in them that cannot be seen, and all ids different?

    Nearly every request is so, and it is told of all texts together; only where it is not are they gone
    through one by one, to name the place. A request with attachments or earlier facts always is.
    """
    lines: list[str | None] = [
        request.id,
        request.reference,
        request.authorisation.reference,
        request.addressee,
        *request.supposed,
    ]
    running = [
        request.facts,
        request.instrument_stated,
        request.link,
        request.necessity,
        request.purpose,
        request.emergency.statement,
        request.secrecy.reason,
    ]
    for authority in (request.issuing, request.investigating, request.validating):
        if authority is not None:
            lines += (authority.name, authority.office, authority.contact)
    for offence in request.offences:
        running.append(offence.label)
        running += offence.citations
    for assurance in request.assurances:
        lines.append(assurance.kind)
        running.append(assurance.text)
    for target in request.targets:
        lines.append(target.id)
        running.append(target.role)
        for identifier in target.identifiers:
            lines += (identifier.value, identifier.kind)
        ids = [item.id for item in target.items]
        if len(set(ids)) < len(ids):
            return False
        lines += ids
        running += [item.description for item in target.items]
    stated = [line for line in lines if line is not None]
    read = "".join(filter(None, running))
    compared = "".join(stated)
    return (
        len(read) <= MAX_TEXT
        and len(running) <= MAX_LIST
        and len(compared) <= MAX_LINE
        and compared.isprintable()
        and (compared.isascii() or not _INVISIBLE.search(compared))
        and all(map(str.strip, stated))  # and so no list of them is longer than MAX_LINE
        and len({target.id for target in request.targets}) == len(request.targets)
        and not (request.earlier_facts or request.attachments)
        and (read.isprintable() or not _NEVER.search(read))
    )


def _check_texts(request: Request) -> None:
    for at, text in _lines(request):
        _line(text, at)
    for at, text in _names(request):
        _line(text, at, joiners=True)
    for at, text in _texts(request):
        _text(text, at, MAX_TEXT)
    _text(request.facts, ("facts",), MAX_FACTS)
    _bounded(request.earlier_facts, ("earlier_facts",))
    for index, text in enumerate(request.earlier_facts):
        _text(text, ("earlier_facts", index), MAX_FACTS)


def check_accounts(accounts: Sequence[AccountFacts]) -> None:
    """What the custodian says of the accounts of one request. Raises `Refused` where it cannot be."""
    seen: set[str] = set()
    for index, account in enumerate(accounts):
        if account.target in seen:
            raise Refused(
                "two entries speak of the same target",
                place=_at(("accounts", index, "target")),
                hint="say all that is known of it in one entry",
            )
        seen.add(account.target)
        states = {"country_of_use": account.country_of_use, "stored_in": account.stored_in}
        for field, state in states.items():
            if state is not None:
                check_state(state, _at(("accounts", index, field)))
        known = (*states.values(), account.opened_on, account.categories_held, account.holder_is_minor)
        if account.exists is False and any(known):
            raise Refused(
                "an account that does not exist cannot have been used, opened or hold anything",
                place=_at(("accounts", index)),
                hint="look it up again, and leave out what does not hold",
            )


def notices(request: Request) -> tuple[Notice, ...]:
    """What a person should look at although it is possible: unseen characters, look-alikes, odd dates."""
    return tuple(Notice(place=_at(place), sentence=sentence) for place, sentence in _oddities(request))


def _line(text: str, place: _Place, *, empty: bool = True, joiners: bool = False) -> None:
    """One line that people compare by eye: nothing in it may be unseen. `joiners`: as spelling needs them."""
    if text.isascii() and text.isprintable() and text.strip() and len(text) <= MAX_LINE:
        return
    if not text.strip() and (text or not empty):
        raise Refused(
            "this must not be empty", place=_at(place), hint="leave the field out if it is not stated"
        )
    _length(text, place, MAX_LINE)
    _never(text, place)
    if found := _LINE_BREAK.search(text):
        raise Refused(
            f"a line break or control character ({_named(found[0])}) stands in a text of one line",
            place=_at(place),
            hint="write it on one line, in UTF-8",
        )
    if found := _DIRECTION.search(text):
        raise Refused(
            f"a hidden direction mark ({_named(found[0])}) makes this look different from what it is",
            place=_at(place),
            hint="type it again without hidden characters, and ask the sender which one is meant",
        )
    if found := _INVISIBLE.search(_JOINED.sub("", text) if joiners else text):
        raise Refused(
            f"a character that nobody can see ({_named(found[0])}) stands in this text",
            place=_at(place),
            hint="type it again without hidden characters, and ask the sender which one is meant",
        )


def _text(text: str, place: _Place, most: int) -> None:
    """Running text: kept whole in any script, but it must be text and of a length people can read."""
    if len(text) > most:
        _length(text, place, most)
    if not text.isprintable():
        _never(text, place)


def _length(text: str, place: _Place, most: int) -> None:
    if len(text) > most:
        raise Refused(
            f"this text has {len(text):,} characters, and at most {most:,} are read",
            place=_at(place),
            hint="put the essential part here and the rest in an attachment",
        )


def _never(text: str, place: _Place) -> None:
    if found := _NEVER.search(text):
        raise Refused(
            f"the character {_named(found[0])} at position {found.start()} is not text",
            place=_at(place),
            hint="the file was damaged or written in another encoding; ask for it again in UTF-8",
        )


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{code} {name}" if name else code


def _bounded(values: tuple[object, ...], place: _Place) -> None:
    if len(values) > MAX_LIST:
        raise Refused(
            f"the list has {len(values):,} entries, and at most {MAX_LIST:,} are read",
            place=_at(place),
            hint="ask for a narrower request, or for the list as an attachment",
        )


def _lines(request: Request) -> Iterator[tuple[_Place, str]]:
    """Texts of one line that are copied or compared."""
    if request.reference is not None:
        yield ("reference",), request.reference
    if request.authorisation.reference is not None:
        yield ("authorisation", "reference"), request.authorisation.reference
    for index, assurance in enumerate(request.assurances):
        yield ("assurances", index, "kind"), assurance.kind
    for index, supposition in enumerate(request.supposed):
        yield ("supposed", index), supposition


def _names(request: Request) -> Iterator[tuple[_Place, str]]:
    """Names of bodies, in any script."""
    for role in ("issuing", "investigating", "validating"):
        authority = getattr(request, role)
        if authority is not None:
            yield (role, "name"), authority.name
            if authority.office is not None:
                yield (role, "office"), authority.office
            if authority.contact is not None:
                yield (role, "contact"), authority.contact
    if request.addressee is not None:
        yield ("addressee",), request.addressee


def _texts(request: Request) -> Iterator[tuple[_Place, str]]:
    """Running texts other than the statement of facts."""
    _bounded(request.offences, ("offences",))
    for index, offence in enumerate(request.offences):
        yield ("offences", index, "label"), offence.label
        _bounded(offence.citations, ("offences", index, "citations"))
        for number, citation in enumerate(offence.citations):
            yield ("offences", index, "citations", number), citation
    for field in ("instrument_stated", "link", "necessity", "purpose"):
        text = getattr(request, field)
        if text is not None:
            yield (field,), text
    if request.emergency.statement is not None:
        yield ("emergency", "statement"), request.emergency.statement
    if request.secrecy.reason is not None:
        yield ("secrecy", "reason"), request.secrecy.reason
    _bounded(request.assurances, ("assurances",))
    for index, assurance in enumerate(request.assurances):
        yield ("assurances", index, "text"), assurance.text
    for index, target in enumerate(request.targets):
        if target.role:
            yield ("targets", index, "role"), target.role
        for number, item in enumerate(target.items):
            if item.description:
                yield ("targets", index, "items", number, "description"), item.description


def _check_offences(request: Request) -> None:
    for index, offence in enumerate(request.offences):
        penalty = offence.claimed_maximum
        if penalty is None:
            continue
        place = ("offences", index, "claimed_maximum")
        if (penalty.years is not None) != (penalty.kind is PenaltyKind.YEARS):
            raise Refused(
                "a maximum penalty has a number of years exactly when its kind is `years`",
                place=_at(place),
                hint='write {"kind": "years", "years": 6} or {"kind": "life"}',
            )
        if penalty.years is not None and not (
            math.isfinite(penalty.years) and 0 <= penalty.years <= MAX_YEARS
        ):
            raise Refused(
                f"a maximum penalty cannot be {penalty.years:g} years",
                place=_at(place),
                hint="give the years as a number; write the kind `life` or `death` where that is meant",
            )


def _check_targets(request: Request) -> None:
    _bounded(request.targets, ("targets",))
    seen: set[str] = set()
    for index, target in enumerate(request.targets):
        _line(target.id, ("targets", index, "id"), empty=False)
        _new(target.id, seen, ("targets", index, "id"), "target")
        _bounded(target.identifiers, ("targets", index, "identifiers"))
        for number, identifier in enumerate(target.identifiers):
            here = ("targets", index, "identifiers", number)
            _line(identifier.value, (*here, "value"), empty=False, joiners=identifier.bulk)
            _line(identifier.kind, (*here, "kind"), empty=False)
        _bounded(target.items, ("targets", index, "items"))
        items: set[str] = set()
        for number, item in enumerate(target.items):
            place = ("targets", index, "items", number, "id")
            _line(item.id, place, empty=False)
            _new(item.id, items, place, "item")


def _new(value: str, seen: set[str], place: _Place, what: str) -> None:
    if value in seen:
        raise Refused(f"two entries have the same {what} id", place=_at(place), hint="give each its own id")
    seen.add(value)


def _check_attachments(request: Request) -> None:
    _bounded(request.attachments, ("attachments",))
    for index, attachment in enumerate(request.attachments):
        _line(attachment.name, ("attachments", index, "name"), empty=False, joiners=True)
        if attachment.name in (".", "..") or "/" in attachment.name or "\\" in attachment.name:
            raise Refused(
                "the name of an attachment is a path",
                place=_at(("attachments", index, "name")),
                hint="give the file name without folders",
            )
        if attachment.sha256 is not None and not _SHA256.match(attachment.sha256):
            raise Refused(
                "the fingerprint of an attachment is not a SHA-256 value",
                place=_at(("attachments", index, "sha256")),
                hint="write its 64 hexadecimal digits in small letters",
            )
        if attachment.media_type is not None:
            _line(attachment.media_type, ("attachments", index, "media_type"), empty=False)


def _check_dates(request: Request) -> None:
    moment = request.emergency.deadline
    stated: tuple[tuple[_Place, date | None], ...] = (
        (("received_on",), request.received_on),
        (("deadline",), request.deadline),
        (("authorisation", "issued_on"), request.authorisation.issued_on),
        (("secrecy", "until"), request.secrecy.until),
        (("emergency", "deadline"), moment.date() if moment else None),
    )
    for place, day in stated:
        if day is not None and not EARLIEST <= day <= LATEST:
            raise _impossible(day, place)
    periods = list(_periods(request))
    for place, period in periods:
        if period.start is not None and not EARLIEST <= period.start <= LATEST:
            raise _impossible(period.start, (*place, "start"))
        if period.end is not None and not EARLIEST <= period.end <= LATEST:
            raise _impossible(period.end, (*place, "end"))
    for place, period in periods:
        if period.start is not None and period.end is not None and period.end < period.start:
            raise Refused(
                f"the period starts on {period.start.isoformat()}, after its end on {period.end.isoformat()}",
                place=_at(place),
                hint="ask the sender which days are meant; do not swap them",
            )
    received, conduct = request.received_on, request.conduct
    if received and conduct and conduct.start and conduct.start > received + DATE_LINE:
        raise Refused(
            f"the conduct is said to begin on {conduct.start.isoformat()}, after the request was received on "
            f"{received.isoformat()}",
            place="conduct.start",
            hint="one of the two dates is wrong; ask the sender",
        )


def _periods(request: Request) -> Iterator[tuple[_Place, Period]]:
    if request.conduct is not None:
        yield ("conduct",), request.conduct
    for index, target in enumerate(request.targets):
        for number, item in enumerate(target.items):
            if item.period is not None:
                yield ("targets", index, "items", number, "period"), item.period


def _impossible(day: date, place: _Place) -> Refused:
    return Refused(
        f"the date {day.isoformat()} cannot be meant",
        place=_at(place),
        hint=f"dates lie between {EARLIEST.isoformat()} and {LATEST.isoformat()}",
    )


def _oddities(request: Request) -> Iterator[tuple[_Place, str]]:
    yield from _unseen(request)
    for place, text in _compared(request):
        for word in _WORD.findall(text) if not text.isascii() else ():
            scripts = sorted({script for letter in word if (script := _script(letter))})
            if len(scripts) > 1:
                yield (
                    place,
                    f"the word `{word}` mixes {' and '.join(scripts)} letters and may imitate another name",
                )
    yield from _odd_dates(request)


def _unseen(request: Request) -> Iterator[tuple[_Place, str]]:
    running: list[tuple[_Place, str]] = [
        (("facts",), request.facts),
        *((("earlier_facts", i), t) for i, t in enumerate(request.earlier_facts)),
    ]
    for place, text in (*running, *_texts(request)):
        if text.isascii():
            continue
        if found := _DIRECTION.search(text):
            yield (
                place,
                f"the text holds hidden direction marks ({_named(found[0])}); it may read otherwise on paper",
            )
        if found := _INVISIBLE.search(_JOINED.sub("", text)):
            yield place, f"the text holds characters that nobody can see ({_named(found[0])})"
        if found := _C1.search(text):
            yield (
                place,
                f"the text holds {_named(found[0])}, which only a wrong encoding makes; letters may be lost",
            )


def _compared(request: Request) -> Iterator[tuple[_Place, str]]:
    """Names and identifiers that people recognise by their look."""
    yield from _names(request)
    for index, target in enumerate(request.targets):
        for number, identifier in enumerate(target.identifiers):
            yield ("targets", index, "identifiers", number, "value"), identifier.value


def _script(letter: str) -> str:
    """The script of a letter, where that script has letters that imitate another's; else empty."""
    name = unicodedata.name(letter, "")
    return next((script.capitalize() for script in _LOOK_ALIKE if name.startswith(script)), "")


def _odd_dates(request: Request) -> Iterator[tuple[_Place, str]]:
    received = request.received_on
    if received is not None:
        issued, until = request.authorisation.issued_on, request.secrecy.until
        if issued and issued > received + DATE_LINE:
            yield ("authorisation", "issued_on"), "the authorisation is dated after the request was received"
        if request.deadline and request.deadline < received - DATE_LINE:
            yield ("deadline",), "the deadline had passed when the request was received"
        if until and until < received - DATE_LINE:
            yield ("secrecy", "until"), "the secrecy asked for had ended when the request was received"
        if request.conduct and request.conduct.end and request.conduct.end > received + DATE_LINE:
            yield ("conduct", "end"), "the conduct is said to last beyond the day the request was received"
    moment = request.emergency.deadline
    if moment is not None and received is not None and moment.date() < received - DATE_LINE:
        yield ("emergency", "deadline"), "the time it names had passed when the request was received"
    if moment is not None and moment.tzinfo is None:
        yield ("emergency", "deadline"), "the time has no zone, so nobody can say how many hours are left"
