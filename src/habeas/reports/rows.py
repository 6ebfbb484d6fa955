"""Who asks whom for what: the request as rows of a label and lines, and what may leave of each item.

What the requester did not state is said to be not stated where the law asks for it, and left out where it
does not. Long texts (facts, link, need, purpose) are not here: they stand with the signs, in `reading`.
"""

from __future__ import annotations

from collections.abc import Iterator

from habeas.assess import Assessment
from habeas.reports import words
from habeas.reports.brief import ItemLine, Line, Part, Row
from habeas.reports.foreign import one_line, theirs
from habeas.request import AuthorisationKind, Authority, Category, Penalty, Period, Request


def title(request: Request) -> str:
    """Who asks for what, in one line."""
    wanted = dict.fromkeys(
        words.category(item.category) for target in request.targets for item in target.items
    )
    names = list(wanted)
    what = _listed(names) if names else words.measure(request.measure)
    if len(request.targets) > 1:
        what += f" about {len(request.targets)} targets"
    return f"{words.capital(words.state(request.requesting_state))} asks for {what}"


def wanted(request: Request) -> str:
    """Which data are asked for, and of how many accounts."""
    asked = {item.category for target in request.targets for item in target.items}
    names = [words.category(each) for each in Category if each in asked]
    if not names:
        return words.capital(words.measure(request.measure))
    groups = sum(any(each.bulk for each in target.identifiers) for target in request.targets)
    single = len(request.targets) - groups
    accounts = " and ".join(
        [words.count(single, "account", "accounts")] * bool(single)
        + [words.count(groups, "group of accounts", "groups of accounts")] * bool(groups)
    )
    kept = all(item.preservation_only for target in request.targets for item in target.items)
    return words.capital(f"{'keeping ' if kept else ''}{_listed(names)} of {accounts}")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def request_rows(request: Request) -> Iterator[Row]:
    """The request, row by row."""
    language = request.language
    yield Row(label="Who asks", lines=tuple(_who_asks(request)))
    yield Row(label="Who is asked", lines=tuple(_who_is_asked(request)))
    yield Row(label="Under", lines=tuple(_under(request)))
    yield Row(label="Asked for", lines=((words.capital(words.measure(request.measure)),),))
    yield Row(label="Offence", lines=tuple(_offences(request)) or (("not stated",),))
    if request.conduct is not None:
        yield Row(label="Conduct", lines=((_period(request.conduct),),))
    yield Row(label="Authorised by", lines=(tuple(_authorised(request)),))
    if request.emergency.claimed:
        claim: list[Part] = ["claimed"]
        if request.emergency.deadline is not None:
            ends = request.emergency.deadline
            claim.append(f", until {ends:%Y-%m-%d, %H:%M} {ends.tzname() or 'in a zone not stated'}")
        yield Row(label="Emergency", lines=(tuple(claim),))
    if request.secrecy.asked:
        yield Row(label="Secrecy", lines=(tuple(_secrecy(request)),))
    if request.deadline is not None:
        yield Row(label="Deadline named", lines=((request.deadline.isoformat(),),))
    if request.assurances:
        yield Row(
            label="Undertakings",
            lines=tuple(
                (words.plain(one_line(each.kind)), ": ", theirs(each.text, language))
                if each.text
                else (words.plain(one_line(each.kind)),)
                for each in request.assurances
            ),
        )
    if request.attachments:
        yield Row(
            label="Attached", lines=tuple((theirs(each.name, language),) for each in request.attachments)
        )
    received = request.received_on.isoformat() if request.received_on else "day not stated"
    reference: Line = (", their reference ", theirs(request.reference, language)) if request.reference else ()
    yield Row(label="Received", lines=((received, *reference),))


def _who_asks(request: Request) -> Iterator[Line]:
    bodies = (
        ("", request.issuing),
        ("investigating: ", request.investigating),
        ("validated by: ", request.validating),
    )
    shown = [(before, body) for before, body in bodies if body is not None]
    for before, body in shown:
        yield (before, *_authority(body, request.language)) if before else _authority(body, request.language)
    if not shown:
        yield ("no authority is named",)
    yield (words.capital(words.state(request.requesting_state)),)


def _authority(body: Authority, language: str | None) -> Line:
    parts: list[Part] = [theirs(body.name, language)]
    for more in (body.office, body.contact):
        if more:
            parts += [", ", theirs(more, language)]
    return tuple(parts)


def _who_is_asked(request: Request) -> Iterator[Line]:
    if request.addressee:
        yield (theirs(request.addressee),)
    yield (words.capital(words.state(request.seat_state)),)


def _under(request: Request) -> Iterator[Line]:
    yield (words.capital(words.instrument(request.instrument)),)
    if request.instrument_stated:
        yield ("in their words: ", theirs(request.instrument_stated, request.language))


def _offences(request: Request) -> Iterator[Line]:
    for offence in request.offences:
        yield (theirs(offence.label, request.language) if offence.label else "no label",)
        for citation in offence.citations:
            yield ("cited: ", theirs(citation, request.language))
        if offence.claimed_maximum is not None:
            yield (f"maximum claimed: {_penalty(offence.claimed_maximum)}",)


def _penalty(penalty: Penalty) -> str:
    return "1 year" if penalty.years == 1 else str(penalty)


def _authorised(request: Request) -> Iterator[Part]:
    given = request.authorisation
    says = {
        AuthorisationKind.NONE: "nobody, they say",
        AuthorisationKind.UNSTATED: "not stated",
    }.get(given.kind, f"a {given.kind}, they say")
    yield says
    if given.reference:
        yield ", "
        yield theirs(given.reference, request.language)
    if given.issued_on is not None:
        yield f", on {given.issued_on.isoformat()}"
    if given.document_attached is not None:
        yield ", document attached" if given.document_attached else ", document not attached"


def _secrecy(request: Request) -> Iterator[Part]:
    yield "asked; reason: "
    yield theirs(request.secrecy.reason, request.language) if request.secrecy.reason else "none given"
    yield f"; until {request.secrecy.until.isoformat()}" if request.secrecy.until else "; no end given"


def _period(period: Period | None, absent: str = "not stated") -> str:
    if period is None or (period.start is None and period.end is None):
        return absent
    start = period.start.isoformat() if period.start else "not stated"
    end = period.end.isoformat() if period.end else "no end"
    return f"{start} to {end}"


def item_lines(request: Request, answer: Assessment) -> Iterator[ItemLine]:
    """What may leave, item by item, with what the request says of each."""
    language = request.language
    targets = {target.id: target for target in request.targets}
    for decided in answer.items:
        target = targets.get(decided.target)
        item = next((each for each in target.items if each.id == decided.item), None) if target else None
        described = item is not None and item.description and not item.preservation_only
        yield ItemLine(
            target=theirs(decided.target),
            accounts=tuple(theirs(each.value) for each in target.identifiers) if target else (),
            role=theirs(decided.role, language) if decided.role else None,
            item=theirs(decided.item),
            category=words.category(decided.category),
            description=theirs(item.description, language) if item is not None and described else None,
            period=_period(item.period if item else None, "period not stated"),
            decision=words.recommended(decided.decision),
            ceiling=str(decided.ceiling),
            tone=words.ceiling_tone(decided.ceiling),
            why=decided.why,
        )
