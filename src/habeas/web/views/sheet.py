"""A request as a person types it: rows of words, made into the same `Request` that our JSON gives, and back.

What is missing stays missing: an empty field is a field not stated, an empty row is none. What cannot be read
is named field by field, all of it at once. A new version begins as the one before it, so that only what
changed is typed; what the form does not show (ids, the state of the seat) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from habeas.errors import Refused
from habeas.request import Identifier, PenaltyKind, Request
from habeas.request.formats import native
from habeas.request.model import PRESERVATION_ONLY, AuthorisationKind

ACCOUNTS = 20  # a letter that asks about more comes with a table; JSON holds it
ITEMS = 8
ROWS = 12  # offences, and undertakings
ID = "typed"  # of a request that had no id before it was typed

_LINES = (  # fields of one line or of running text, with their place in our own form
    *("instrument", "measure", "requesting_state", "instrument_stated", "reference", "addressee", "facts"),
    *("language", "link", "necessity", "purpose", "deadline"),
    *("issuing-name", "issuing-office", "issuing-contact"),
    *("investigating-name", "investigating-office", "investigating-contact"),
    *("validating-name", "validating-office", "validating-contact"),
    *("authorisation-kind", "authorisation-reference", "authorisation-issued_on"),
    *("authorisation-document_attached", "conduct-start", "conduct-end"),
    *("emergency-claimed", "emergency-statement", "emergency-deadline"),
    *("secrecy-asked", "secrecy-reason", "secrecy-until", "no-facts"),
)
_OFFENCE = ("label", "citations", "penalty", "years")
_UNDERTAKING = ("kind", "text")
_ACCOUNT = ("id", "identifiers", "kind", "bulk", "role")
_ITEM = ("id", "category", "description", "keep", "start", "end")
_DAYS = (
    *("deadline", "authorisation-issued_on", "conduct-start", "conduct-end", "secrecy-until"),
    *(_ENDS := ("start", "end")),
)
Row = Mapping[str, str]


class Fault(NamedTuple):
    """What is wrong with a field. place: the field."""

    place: str
    sentence: str
    hint: str = ""


class Faulty(Exception):
    """Nothing can be made of what was typed before these are seen to."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].sentence)
        self.faults = tuple(faults)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    fields: Row
    items: tuple[Row, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the form."""

    fields: Row
    offences: tuple[Row, ...]
    undertakings: tuple[Row, ...]
    accounts: tuple[Account, ...]


# ---- the form ----------------------------------------------------------------------------------------------


def blank() -> Sheet:
    """Nothing typed yet, and one row of each."""
    return Sheet(
        fields=dict.fromkeys(_LINES, ""),
        offences=(_NEW_OFFENCE,),
        undertakings=(_NEW_UNDERTAKING,),
        accounts=(_NEW_ACCOUNT,),
    )


_NEW_OFFENCE, _NEW_UNDERTAKING, _NEW_ITEM = (
    dict.fromkeys(fields, "") for fields in (_OFFENCE, _UNDERTAKING, _ITEM)
)
_NEW_ACCOUNT = Account(fields=dict.fromkeys(_ACCOUNT, ""), items=(_NEW_ITEM,))


def read(text: Callable[[str], str]) -> Sheet:
    """What came with the form. text: of a field by its name, empty for one that did not come."""

    def words(name: str) -> str:
        return text(name).replace("\r\n", "\n").strip()

    def rows(name: str, fields: Sequence[str], most: int) -> tuple[Row, ...]:
        count = min(_number(text(f"{name}s")), most)
        return tuple({each: words(f"{name}-{n}-{each}") for each in fields} for n in range(count))

    return Sheet(
        fields={name: words(name) for name in _LINES},
        offences=rows("offence", _OFFENCE, ROWS),
        undertakings=rows("undertaking", _UNDERTAKING, ROWS),
        accounts=tuple(
            Account(fields=fields, items=rows(f"account-{n}-item", _ITEM, ITEMS))
            for n, fields in enumerate(rows("account", _ACCOUNT, ACCOUNTS))
        ),
    )


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 4 else 0


def changed(sheet: Sheet, what: str) -> tuple[Sheet, str]:
    """The form with a row more or less, and the field to go on with. what: as its buttons say it, for example
    `add-account` or `drop-account-1-item-0`; anything else leaves it as it is."""
    if not (found := _BUTTON.fullmatch(what)):
        return sheet, ""
    adds, row, number, item, place = found["do"] == "add", found["row"], found["n"], found["item"], found["i"]
    if item:
        at = int(number)
        if at >= len(sheet.accounts):
            return sheet, ""
        account = sheet.accounts[at]
        items, field = _rows(account.items, adds, place, f"account-{at}-item", "category", _NEW_ITEM, ITEMS)
        now = msgspec.structs.replace(account, items=items)
        return msgspec.structs.replace(
            sheet, accounts=(*sheet.accounts[:at], now, *sheet.accounts[at + 1 :])
        ), field
    if row == "account":
        accounts, field = _rows(sheet.accounts, adds, number, row, "identifiers", _NEW_ACCOUNT, ACCOUNTS)
        return msgspec.structs.replace(sheet, accounts=accounts), field
    name, first, new = {
        "offence": ("offences", "label", _NEW_OFFENCE),
        "undertaking": ("undertakings", "kind", _NEW_UNDERTAKING),
    }[row]
    rows, field = _rows(getattr(sheet, name), adds, number, row, first, new, ROWS)
    return msgspec.structs.replace(sheet, **{name: rows}), field


_BUTTON = re.compile(
    r"(?P<do>add|drop)-(?P<row>account|offence|undertaking)(?:-(?P<n>\d{1,2}))?"
    r"(?P<item>-item(?:-(?P<i>\d{1,2}))?)?"
)


def _rows(
    rows: tuple[Any, ...], adds: bool, number: str | None, name: str, first: str, new: Any, most: int
) -> tuple[tuple[Any, ...], str]:
    if adds:
        return (*rows, new)[:most], f"{name}-{min(len(rows), most - 1)}-{first}"
    at = int(number or 0)
    left = (*rows[:at], *rows[at + 1 :]) or (new,)
    return left, f"{name}-{min(at, len(left) - 1)}-{first}"


def with_facts(sheet: Sheet, text: str) -> Sheet:
    """With a text that was read from a file in the statement of facts: behind what stands there already."""
    stands = sheet.fields.get("facts", "")
    facts = f"{stands}\n\n{text}" if stands else text
    return msgspec.structs.replace(sheet, fields={**sheet.fields, "facts": facts, "no-facts": ""})


# ---- what was typed becomes a request ----------------------------------------------------------------------


def request_of(sheet: Sheet, before: Request | None = None) -> Request:
    """The request, as our own reader of JSON gives it. before: the version it follows, where it does.

    Raises Faulty with everything that is wrong, in the order of the form.
    """
    faults = list(_faults(sheet, before))
    if faults:
        raise Faulty(faults)
    kept = msgspec.to_builtins(before) if before is not None else {"id": ID}
    values = {**_staying(kept), **_values(sheet, before)}
    try:
        return native.convert(values)
    except Refused as refused:
        raise Faulty([Fault(field_of(refused.place, sheet), refused.sentence, refused.hint)]) from None


def _staying(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of the version before: what the form does not show."""
    return {name: kept[name] for name in ("id", "seat_state", "attachments", "received_on") if kept.get(name)}


def _faults(sheet: Sheet, before: Request | None) -> Iterator[Fault]:
    fields = sheet.fields
    for name, what in (
        ("requesting_state", "the state that asks"),
        ("instrument", "what they rely on"),
        ("measure", "what kind of help they ask for"),
    ):
        known = before is not None and not getattr(before, name, None)
        if not fields[name] and not known:
            yield Fault(name, f"choose {what}")
    for role, words in _BODIES.items():
        if not fields[f"{role}-name"] and (fields[f"{role}-office"] or fields[f"{role}-contact"]):
            yield Fault(f"{role}-name", f"name the {words}", "or leave its other fields empty")
    for name in _LINES:
        yield from _day_faults(name, fields[name])
    if fields["emergency-deadline"] and _moment(fields["emergency-deadline"]) is None:
        yield Fault("emergency-deadline", "this is no day with an hour", "write it as 2026-11-24 18:00")
    for number, offence in enumerate(sheet.offences):
        yield from _offence_faults(offence, f"offence-{number}")
    if not fields["facts"] and fields["no-facts"] != "yes" and (before is None or before.facts):
        yield Fault("facts", "type what they say happened, or say that they state nothing")
    if fields["facts"] and fields["no-facts"] == "yes":
        yield Fault("no-facts", "something stands in the statement of facts", "clear one of the two")
    asked = [(n, each) for n, each in enumerate(sheet.accounts) if not _empty(each)]
    if not asked:
        yield Fault("account-0-identifiers", "name one account at least, and what is asked about it")
    for number, account in asked:
        yield from _account_faults(account, f"account-{number}", before)
    for number, given in enumerate(sheet.undertakings):
        if given["text"] and not given["kind"]:
            yield Fault(f"undertaking-{number}-kind", "say what is undertaken, in a word or two")


_BODIES = {
    "issuing": "authority that asks",
    "investigating": "authority that investigates",
    "validating": "authority that validated it",
}


def _day_faults(name: str, words: str) -> Iterator[Fault]:
    if words and name in _DAYS:
        try:
            date.fromisoformat(words)
        except ValueError:
            yield Fault(name, "this is no day of the calendar", "year, month, day: 2026-11-21")


def _offence_faults(offence: Row, place: str) -> Iterator[Fault]:
    years = offence["years"].replace(",", ".")
    if offence["penalty"] == PenaltyKind.YEARS and not years:
        yield Fault(f"{place}-years", "say how many years, or that no maximum is stated")
    elif years and offence["penalty"] != PenaltyKind.YEARS:
        yield Fault(f"{place}-penalty", "a number of years is typed and another kind of penalty chosen")
    elif years and not _YEARS.fullmatch(years):
        yield Fault(f"{place}-years", "this is no number of years", "write 6 or 2.5")


_YEARS = re.compile(r"\d{1,4}(?:\.\d{1,2})?")


def _account_faults(account: Account, place: str, before: Request | None) -> Iterator[Fault]:
    known = _target(before, account.fields["id"])
    if not account.fields["identifiers"] and (known is None or known.identifiers):
        yield Fault(f"{place}-identifiers", "say which account, in their words")
    items = [(n, each) for n, each in enumerate(account.items) if not _blank(each)]
    if not items and (known is None or known.items):
        yield Fault(f"{place}-item-0-category", "choose what is asked about this account")
    for number, item in items:
        here = f"{place}-item-{number}"
        if not item["category"]:
            yield Fault(f"{here}-category", "choose what kind of data this is")
        if item["keep"] == "yes" and item["description"]:
            yield Fault(f"{here}-keep", "what is only kept is not described", "clear one of the two")
        for end in _ENDS:
            for fault in _day_faults(end, item[end]):
                yield fault._replace(place=f"{here}-{end}")


def _target(before: Request | None, id: str) -> Any:
    return next((each for each in before.targets if each.id == id), None) if before is not None else None


def _blank(row: Row) -> bool:
    return not any(words for name, words in row.items() if name != "id")


def _empty(account: Account) -> bool:
    return _blank(account.fields) and all(map(_blank, account.items))


def _values(sheet: Sheet, before: Request | None) -> dict[str, Any]:
    """The fields of our own form; what nothing was typed for is left out."""
    fields = sheet.fields
    values: dict[str, Any] = {name: fields[name] for name in _LINES if "-" not in name and fields[name]}
    for name in _BODIES:
        values[name] = _stated(name=fields[f"{name}-name"]) | _stated(
            office=fields[f"{name}-office"], contact=fields[f"{name}-contact"]
        )
    values["authorisation"] = _stated(
        kind=fields["authorisation-kind"],
        reference=fields["authorisation-reference"],
        issued_on=fields["authorisation-issued_on"],
        document_attached={"yes": True, "no": False}.get(fields["authorisation-document_attached"]),
    )
    values["conduct"] = _stated(start=fields["conduct-start"], end=fields["conduct-end"])
    values["emergency"] = _stated(
        claimed=fields["emergency-claimed"] == "yes" or None,
        statement=fields["emergency-statement"],
        deadline=_moment(fields["emergency-deadline"]),
    )
    values["secrecy"] = _stated(
        asked=fields["secrecy-asked"] == "yes" or None,
        reason=fields["secrecy-reason"],
        until=fields["secrecy-until"],
    )
    values["offences"] = [_offence(each) for each in sheet.offences if not _blank(each)]
    values["assurances"] = [
        _stated(kind=each["kind"]) | _stated(text=each["text"])
        for each in sheet.undertakings
        if not _blank(each)
    ]
    values["targets"] = list(_targets(sheet, before))
    return {name: value for name, value in values.items() if value not in ({}, [], "")}


def _stated(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _moment(words: str) -> str | None:
    """A day with its hour as our own form writes it; None for anything else."""
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", words):
        return None
    try:
        return datetime.fromisoformat(words).isoformat()
    except ValueError:
        return None


def _offence(row: Row) -> dict[str, Any]:
    penalty: dict[str, Any] = {"kind": row["penalty"]} if row["penalty"] else {}
    if row["years"]:
        penalty["years"] = float(row["years"].replace(",", "."))
    return {"label": row["label"], "citations": _each(row["citations"])} | (
        {"claimed_maximum": penalty} if penalty else {}
    )


def _each(words: str) -> list[str]:
    """What stands on lines of its own."""
    return [line.strip() for line in words.split("\n") if line.strip()]


def _targets(sheet: Sheet, before: Request | None) -> Iterator[dict[str, Any]]:
    ids = _ids((each.fields["id"] for each in sheet.accounts if not _empty(each)), "t")
    for account in sheet.accounts:
        if _empty(account):
            continue
        asked = [each for each in account.items if not _blank(each)]
        item_ids = _ids((each["id"] for each in asked), "i")
        yield {
            "id": next(ids),
            "identifiers": [msgspec.to_builtins(each) for each in _identifiers(account, before)],
            "items": [_item(each, next(item_ids)) for each in asked],
        } | _stated(role=account.fields["role"])


def _ids(given: Iterator[str], letter: str) -> Iterator[str]:
    """The ids as they were, and new ones, which nothing has, for what has none."""
    known = list(given)
    taken = set(known)
    numbers = (f"{letter}{n}" for n in range(1, 10_000) if f"{letter}{n}" not in taken)
    for id in known:
        yield id or next(numbers)


def _identifiers(account: Account, before: Request | None) -> Iterator[Identifier]:
    """Each line one; a line that stood there before is what it was, unless another kind was typed."""
    target = _target(before, account.fields["id"])
    known = {each.value: each for each in target.identifiers} if target is not None else {}
    kind, bulk = account.fields["kind"], account.fields["bulk"] == "yes"
    was = _kinds(known.values())
    for line in _each(account.fields["identifiers"]):
        found = known.get(line, Identifier(value=line))
        if kind != was[0]:
            found = msgspec.structs.replace(found, kind=kind or Identifier(value=line).kind)
        elif kind and line not in known:
            found = msgspec.structs.replace(found, kind=kind)
        if bulk != was[1] or line not in known:
            found = msgspec.structs.replace(found, bulk=bulk)
        yield found


def _kinds(identifiers: Any) -> tuple[str, bool]:
    """As the form shows them: the kind that all have, empty for the usual one or for several; whether all
    describe many."""
    found = list(identifiers)
    kinds = {each.kind for each in found}
    usual = Identifier(value="-").kind
    return (kinds.pop() if len(kinds) == 1 and kinds != {usual} else ""), bool(found) and all(
        each.bulk for each in found
    )


def _item(row: Row, id: str) -> dict[str, Any]:
    period = _stated(start=row["start"], end=row["end"])
    words = PRESERVATION_ONLY if row["keep"] == "yes" else row["description"]
    return (
        {"id": id, "category": row["category"]}
        | _stated(description=words)
        | ({"period": period} if period else {})
    )


# ---- where a place in a request stands in the form ---------------------------------------------------------


def field_of(place: str, sheet: Sheet) -> str:
    """The field that a place of our own form (`targets[1].items[0].period`) was typed into."""
    for pattern, field in _FIELDS:
        if found := pattern.match(place):
            numbers = [int(each) for each in found.groups() if each is not None]
            if numbers:
                numbers[0] = _typed_row(field.split("-")[0], numbers[0], sheet)
            return field.format(*numbers)
    return place if place in _LINES else "requesting_state"


_FIELDS = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"targets\[(\d+)\]\.items\[(\d+)\]\.category", "account-{}-item-{}-category"),
        (r"targets\[(\d+)\]\.items\[(\d+)\]\.description", "account-{}-item-{}-description"),
        (r"targets\[(\d+)\]\.items\[(\d+)\]\.period\.end", "account-{}-item-{}-end"),
        (r"targets\[(\d+)\]\.items\[(\d+)\]", "account-{}-item-{}-start"),
        (r"targets\[(\d+)\]\.role", "account-{}-role"),
        (r"targets\[(\d+)\]\.identifiers\[\d+\]\.kind", "account-{}-kind"),
        (r"targets\[(\d+)\]", "account-{}-identifiers"),
        (r"offences\[(\d+)\]\.citations", "offence-{}-citations"),
        (r"offences\[(\d+)\]\.claimed_maximum", "offence-{}-years"),
        (r"offences\[(\d+)\]", "offence-{}-label"),
        (r"assurances\[(\d+)\]\.text", "undertaking-{}-text"),
        (r"assurances\[(\d+)\]", "undertaking-{}-kind"),
        (r"issuing\.(?=office)", "issuing-office"),
        (r"issuing\.(?=contact)", "issuing-contact"),
        (r"issuing", "issuing-name"),
        (r"investigating", "investigating-name"),
        (r"validating", "validating-name"),
        (r"authorisation\.issued_on", "authorisation-issued_on"),
        (r"authorisation\.reference", "authorisation-reference"),
        (r"authorisation", "authorisation-kind"),
        (r"conduct\.end", "conduct-end"),
        (r"conduct", "conduct-start"),
        (r"emergency\.deadline", "emergency-deadline"),
        (r"emergency", "emergency-statement"),
        (r"secrecy\.until", "secrecy-until"),
        (r"secrecy", "secrecy-reason"),
    )
)


def _typed_row(row: str, number: int, sheet: Sheet) -> int:
    """The row of the form that became entry `number`: empty ones became none."""
    blanks: list[bool] = {
        "account": [_empty(each) for each in sheet.accounts],
        "offence": [_blank(each) for each in sheet.offences],
        "undertaking": [_blank(each) for each in sheet.undertakings],
    }[row]
    filled = [place for place, blank in enumerate(blanks) if not blank]
    return filled[number] if number < len(filled) else 0


# ---- a request becomes the form ----------------------------------------------------------------------------


def of(request: Request) -> Sheet:
    """The form as somebody would have typed this request."""
    fields: dict[str, str] = dict.fromkeys(_LINES, "")
    for name in ("instrument", "measure", "requesting_state", "instrument_stated", "reference", "addressee"):
        fields[name] = getattr(request, name) or ""
    for name in ("facts", "language", "link", "necessity", "purpose", "deadline"):
        fields[name] = _written(getattr(request, name))
    for name in _BODIES:
        body = getattr(request, name)
        for part in ("name", "office", "contact") if body is not None else ():
            fields[f"{name}-{part}"] = getattr(body, part) or ""
    order, emergency, secrecy = request.authorisation, request.emergency, request.secrecy
    fields["authorisation-kind"] = "" if order.kind is AuthorisationKind.UNSTATED else order.kind
    fields["authorisation-reference"] = order.reference or ""
    fields["authorisation-issued_on"] = _written(order.issued_on)
    attached = {True: "yes", False: "no", None: ""}[order.document_attached]
    fields["authorisation-document_attached"] = attached
    if request.conduct is not None:
        fields["conduct-start"] = _written(request.conduct.start)
        fields["conduct-end"] = _written(request.conduct.end)
    fields["emergency-claimed"] = "yes" if emergency.claimed else ""
    fields["emergency-statement"] = emergency.statement or ""
    fields["emergency-deadline"] = emergency.deadline.isoformat(" ") if emergency.deadline else ""
    fields["secrecy-asked"] = "yes" if secrecy.asked else ""
    fields["secrecy-reason"] = secrecy.reason or ""
    fields["secrecy-until"] = _written(secrecy.until)
    fields["no-facts"] = "" if request.facts else "yes"
    return Sheet(
        fields=fields,
        offences=tuple(_offence_row(each) for each in request.offences) or (_NEW_OFFENCE,),
        undertakings=tuple({"kind": each.kind, "text": each.text} for each in request.assurances)
        or (_NEW_UNDERTAKING,),
        accounts=tuple(_account_of(each) for each in request.targets) or (_NEW_ACCOUNT,),
    )


def _written(value: Any) -> str:
    return str(value) if value is not None else ""


def _offence_row(offence: Any) -> Row:
    most = offence.claimed_maximum
    return {
        "label": offence.label,
        "citations": "\n".join(offence.citations),
        "penalty": most.kind if most is not None else "",
        "years": f"{most.years:g}" if most is not None and most.years is not None else "",
    }


def _account_of(target: Any) -> Account:
    kind, bulk = _kinds(target.identifiers)
    return Account(
        fields={
            "id": target.id,
            "identifiers": "\n".join(each.value for each in target.identifiers),
            "kind": kind,
            "bulk": "yes" if bulk else "",
            "role": target.role,
        },
        items=tuple(
            {
                "id": each.id,
                "category": each.category,
                "description": "" if each.preservation_only else each.description,
                "keep": "yes" if each.preservation_only else "",
                "start": _written(each.period.start) if each.period is not None else "",
                "end": _written(each.period.end) if each.period is not None else "",
            }
            for each in target.items
        )
        or (_NEW_ITEM,),
    )
