"""Typing a request from the letter, mail or PDF that holds it, and a new version of one from their answer.

The form comes back whole with every button but its last: for one account more, for files to be kept, for a
text to be used. Files are sealed as they come, before the rest is typed, and travel on in the form by name
and hash, signed, so that it can name no other file of a case. What a machine reads out of them stands beside
the form for a person to look at; it decides nothing, and nothing of it is recorded but what they typed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
from babel import Locale
from babel.core import get_global
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas import treaty
from habeas.app import enclosing
from habeas.app.installation import became
from habeas.desk import enclosing as along
from habeas.desk.events import Arrived, Door, Enclosed
from habeas.desk.moves import Act, may
from habeas.desk.records import Conflict
from habeas.errors import Refused
from habeas.gateways import papers
from habeas.reports import rows, words
from habeas.request import Category, Measure, PenaltyKind
from habeas.request.formats import to_native
from habeas.request.model import MAX_FACTS, AuthorisationKind
from habeas.request.states import STATES
from habeas.web import uploads
from habeas.web.door import Forbidden, Viewer, Visit, installation
from habeas.web.views import errors, sheet
from habeas.web.views.history import done
from habeas.web.views.sheet import Fault, Faulty, Sheet
from habeas.web.views.typed import Typed, zone_names

TEXT_BYTES = 1_500_000  # of all texts that were read: they come back with every button, in 5 MB
READ_AT_ONCE = 5  # files that came with one press of a button; the others are kept and not read
_TAKE = "take"


class Kept(NamedTuple):
    """A file that is kept. token: it, signed for the form it travels in. text: what was read in it. said: why
    nothing was."""

    file: Enclosed
    token: str
    text: str = ""
    said: str = ""


class _Faults(Exception):
    """As `Faulty`, for what is around the request."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].sentence)
        self.faults = faults


# ---- a request that came -----------------------------------------------------------------------------------


def begin(request: Visit) -> HttpResponse:
    """An empty form, with a place of its own for what is laid into it."""
    return _shown(request, _New(request, installation().new_case_id()), sheet.blank(), [])


def page(request: Visit, place: str) -> HttpResponse:
    """The form as it was sent, with what its button asks for; or the case it became."""
    try:
        form = _New(request, uploads.opened(request.viewer, place))
    except Refused:
        raise Http404 from None
    if installation().store.head(request.viewer.organisation, form.stream) is not None:
        messages.info(request, "This was taken in already.")  # sent twice, or gone back to
        return HttpResponseRedirect(reverse("case", args=[form.stream]))
    if request.method != "POST":
        return _shown(request, form, sheet.blank(), [])
    return _sent(request, form, form.take)


class _New:
    """A form for a request that came. stream: the id of the case it will be, under which its files lie."""

    template = "type_in.html"
    before = None

    def __init__(self, request: Visit, stream: str) -> None:
        self.request, self.viewer, self.stream = request, request.viewer, stream
        self.address = reverse("type_in", args=[uploads.place(request.viewer, stream)])

    def take(self, typed: Typed, filled: Sheet, kept: list[Kept]) -> HttpResponse:
        faults: list[Fault] = []
        door = _tried(faults, lambda: typed.one_of("door", Door), "say how it came")
        zone = _tried(faults, lambda: typed.zone("zone"))
        arrived = _tried(faults, lambda: self._arrived(typed))
        try:
            asked = sheet.request_of(filled)
        except Faulty as wrong:
            raise _Faults(*faults, *wrong.faults) from None
        if faults:
            raise _Faults(*faults)
        house, by = self.viewer.organisation, self.viewer.person.id
        case = installation().receive(
            house,
            by,
            asked,
            to_native(asked),
            door=Door(str(door)),
            zone=str(zone),
            arrived=arrived,
            typed=True,
            apart=self.stream,
            files=[each.file for each in kept],
        )
        messages.success(self.request, became(case))
        return HttpResponseRedirect(reverse("case", args=[case.id]))

    def _arrived(self, typed: Typed) -> Arrived | None:
        arrived = typed.arrival(self.viewer.house.settings.zone)
        if arrived is not None:  # looked at before anything is counted
            along.happened(arrived, self.viewer.at)
        return arrived

    def more(self) -> dict[str, Any]:
        return {
            "doors": [(each.value, each.value.capitalize()) for each in Door if each is not Door.IMPORT],
            "house_zone": self.viewer.house.settings.zone,
            "log": self.viewer.house.log,
        }


def _tried(faults: list[Fault], read: Callable[[], Any], instead: str = "") -> Any:
    """What was read; None with one more fault where it could not be. instead: of the sentence with it."""
    try:
        return read()
    except Refused as refused:
        faults.append(Fault(refused.place, instead or refused.sentence, "" if instead else refused.hint))
        return None


# ---- a new version of one that is here ---------------------------------------------------------------------


def version(act: Act) -> Callable[[Visit, str], HttpResponse]:
    """The page on which the requester's answer is typed, filled with the version it follows."""

    def view(request: Visit, case: str) -> HttpResponse:
        viewer = request.viewer
        answer = may(viewer.person, act, request.case, viewer.house, viewer.at)
        form = _Version(request, act, "" if answer else answer.reason)
        if form.barred and request.method == "POST":
            raise Forbidden(form.barred)
        if request.method != "POST":
            return _shown(request, form, sheet.of(request.case.request), [])
        return _sent(request, form, form.take)

    return view


class _Version:
    template = "type_version.html"

    def __init__(self, request: Visit, act: Act, barred: str) -> None:
        self.barred = barred
        self.request, self.viewer, self.act = request, request.viewer, act
        self.stream = request.case.id
        self.before = request.case.request
        self.address = reverse(f"type_{act}", args=[request.case.id])

    def take(self, typed: Typed, filled: Sheet, kept: list[Kept]) -> HttpResponse:
        try:
            asked = sheet.request_of(filled, self.before)
        except Faulty as wrong:
            raise _Faults(*wrong.faults) from None
        case, house = self.request.case, self.viewer.organisation
        seen = _number(typed.text("seen"), case.length)
        try:
            installation().answer(
                house,
                case.id,
                self.viewer.person.id,
                to_native(asked),
                act=self.act,
                seen=seen,
                typed=True,
                files=[each.file for each in kept],
            )
        except Conflict as conflict:
            now = installation().case(house, case.id)
            lines = tuple(done(each, self.viewer.house, self.viewer.person) for each in now.history[seen:])
            return errors.changed_meanwhile(self.request, case, lines, typed.shown(), self.address, conflict)
        messages.success(self.request, "The answer is recorded as a new version. Assess it again.")
        return HttpResponseRedirect(reverse("case", args=[case.id]))

    def more(self) -> dict[str, Any]:
        case = self.request.case
        return {"case": case, "title": rows.title(self.before), "act": self.act, "barred": self.barred}


def _number(written: str, most: int) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 and int(written) <= most else 0


# ---- both --------------------------------------------------------------------------------------------------


def _sent(
    request: Visit,
    form: _New | _Version,
    take: Callable[[Typed, Sheet, list[Kept]], HttpResponse],
) -> HttpResponse:
    typed = Typed(request)
    asked = typed.text("do")
    filled = sheet.read(typed.text)
    kept = _travelled(typed, form)
    faults: list[Fault] = []
    new = _laid(typed, form, kept, faults)
    if new and any(each.file.original for each in new):  # the letter itself was chosen anew
        kept = [_again(each, form) for each in kept]
    kept += [each for each in new if each.file.sha256 not in {old.file.sha256 for old in kept}]
    kept = _dropped(kept, asked, form)
    if asked == _TAKE and not faults:
        try:
            return take(typed, filled, kept)
        except (_Faults, Refused) as wrong:
            faults.extend(_faults_of(wrong, filled))
    elif asked.startswith("use-") and asked[4:].isdecimal() and int(asked[4:]) < len(kept):
        more = sheet.with_facts(filled, kept[int(asked[4:])].text)
        if len(more.fields["facts"]) <= MAX_FACTS:
            return _shown(request, form, more, kept, focus="facts")
        faults.append(Fault("facts", f"with that it would have more than {MAX_FACTS:,} characters"))
    filled, focus = sheet.changed(filled, asked)
    read = [f"file-{n}-text" for n, each in enumerate(kept) if each in new and each.text]
    focus = focus or (read[0] if read else "original" if new else "")
    return _shown(request, form, filled, kept, faults=faults, focus="" if faults else focus)


def _faults_of(wrong: _Faults | Refused, filled: Sheet) -> tuple[Fault, ...]:
    if isinstance(wrong, _Faults):
        return wrong.faults
    place = _OURS.get(wrong.place, "") or sheet.field_of(wrong.place, filled)
    return (Fault(place, wrong.sentence, wrong.hint),)


_OURS = {name: name for name in ("arrived_on", "arrived_time", "arrived_zone", "door", "zone")} | {
    "files": "original"
}


def _shown(
    request: Visit,
    form: _New | _Version,
    filled: Sheet,
    kept: list[Kept],
    *,
    faults: list[Fault] | None = None,
    focus: str = "",
) -> HttpResponse:
    """The form. focus: the field or section to go on with."""
    return render(
        request,
        form.template,
        {
            "address": form.address,
            "sheet": filled,
            "fields": filled.fields,
            "kept": kept,
            "typed": Typed(request),
            "faults": faults or [],
            "wrong": {each.place: each for each in reversed(faults or [])},
            "focus": focus,
            "others": any(
                words for name, words in filled.fields.items() if name.startswith(("investig", "validat"))
            ),
            "zones": zone_names(),
            "states": _states(),
            "instruments": _instruments(),
            "measures": [(each.value, words.capital(words.measure(each))) for each in Measure],
            "categories": [(each.value, words.capital(words.category(each))) for each in Category],
            "kinds": _ORDERS,
            "penalties": _PENALTIES,
            "most": {"account": sheet.ACCOUNTS, "item": sheet.ITEMS, "row": sheet.ROWS},
            "megabytes": enclosing.FILE_BYTES // 1024**2,
            **form.more(),
        },
        status=422 if faults else 200,
    )


@cache
def _states() -> tuple[tuple[str, str], ...]:
    """Every state a request can name, by its name: the atlas's, otherwise the usual English one."""
    names, short = Locale("en").territories, {"EUU": ["EU"], "XKX": ["XK"], **get_global("territory_aliases")}
    found = []
    for code in STATES:
        known = words.state(code)
        usual = str(names.get("".join(short.get(code, ())), code))
        found.append((code, known if known != code else usual))
    return tuple(sorted(found, key=lambda each: each[1]))


@cache
def _instruments() -> tuple[tuple[str, str], ...]:
    known = [(each.id, words.capital(each.title)) for each in treaty.law().instruments]
    return (*sorted(known, key=lambda each: each[1]), ("unknown", "They name none, or one that is not here"))


_ORDERS = (
    (AuthorisationKind.JUDGE.value, "A judge or a court"),
    (AuthorisationKind.PROSECUTOR.value, "A prosecutor"),
    (AuthorisationKind.POLICE.value, "The police"),
    (AuthorisationKind.NONE.value, "Nobody: they say that none is needed"),
)
_PENALTIES = (
    (PenaltyKind.YEARS.value, "Years"),
    (PenaltyKind.LIFE.value, "Life"),
    (PenaltyKind.DEATH.value, "Death"),
    (PenaltyKind.FINE.value, "A fine alone"),
)


# ---- files ----


def _laid(typed: Typed, form: _New | _Version, before: list[Kept], faults: list[Fault]) -> list[Kept]:
    """The files that came with this press of a button, kept, and read where they can be."""
    found: list[Kept] = []
    for field in ("original", "along"):
        try:
            came = typed.enclosed(field)
            for each in came:
                if not each.data.size:  # type: ignore[union-attr]  # sealed as it came
                    raise Refused(
                        f"“{along.named(each.name)}” is empty", hint="choose the one that was meant"
                    )
                each.data.keep()  # type: ignore[union-attr]
                installation().waits_for_its_record(
                    form.viewer.organisation,
                    form.stream,
                    each.data.sha256,  # type: ignore[union-attr]
                )
                found.append(_kept(enclosing.kept(each, original=field == "original"), form))
        except Refused as refused:
            faults.append(Fault(field, refused.sentence, refused.hint))
    return list(_all_read(found, form, sum(len(each.text.encode()) for each in before)))


def _all_read(laid: list[Kept], form: _New | _Version, room: int) -> Iterator[Kept]:
    """Each with its text, as far as the time and the length of a form go. room: bytes that texts take."""
    until = time.monotonic() + papers.SECONDS
    for number, each in enumerate(laid):
        left = until - time.monotonic()
        if number >= READ_AT_ONCE or left < 1:
            yield each._replace(said="It was not read: many came at once.")
            continue
        found = _read(each, form, left)
        room += len(found.text.encode())
        if found.text and room > TEXT_BYTES:
            found = found._replace(text="", said="With the others it is too long to stand beside the form.")
        yield found


def _read(kept: Kept, form: _New | _Version, seconds: float) -> Kept:
    """With its text, or with the sentence that says why there is none."""
    if kept.file.size > papers.MOST_BYTES:
        return kept._replace(said=f"It has more than {papers.MOST_BYTES // 1024**2} MB and was not read.")
    data = installation().get(form.viewer.organisation, form.stream, kept.file.sha256)
    try:
        paper = papers.text_of(data, seconds=seconds)
    except Refused as refused:
        return kept._replace(said=f"{words.capital(refused.sentence)}. {words.capital(refused.hint)}.")
    return kept._replace(text=paper.text, said="There is more in it than this." if paper.cut else "")


def _kept(file: Enclosed, form: _New | _Version) -> Kept:
    return Kept(file, signing.dumps(msgspec.to_builtins(file), salt=_salt(form.viewer, form.stream)))


def _salt(viewer: Viewer, stream: str) -> str:
    return f"habeas.kept/{viewer.organisation}/{stream}"


def _travelled(typed: Typed, form: _New | _Version) -> list[Kept]:
    """The files that were kept before; one whose signature is not ours is none."""
    found = []
    for number in range(min(_number(typed.text("files"), along.MANY), along.MANY)):
        token = typed.text(f"file-{number}")
        try:
            values = signing.loads(token, salt=_salt(form.viewer, form.stream))
        except signing.BadSignature:
            continue
        text = typed.text(f"file-{number}-text").replace("\r\n", "\n")
        file = msgspec.convert(values, Enclosed)
        found.append(Kept(file, token, text, typed.text(f"file-{number}-said")))
    return found


def _again(kept: Kept, form: _New | _Version) -> Kept:
    """As something that came along, since another one is the letter."""
    plain = _kept(msgspec.structs.replace(kept.file, original=False), form)
    return plain._replace(text=kept.text, said=kept.said)


def _dropped(kept: list[Kept], asked: str, form: _New | _Version) -> list[Kept]:
    """Without the file that was the wrong one. Where no case has it yet, it is destroyed."""
    number = asked.removeprefix("drop-file-")
    if number == asked or not number.isdecimal() or int(number) >= len(kept):
        return kept
    wrong = kept[int(number)]
    if form.before is None:
        installation().store.drop(form.viewer.organisation, form.stream, wrong.file.sha256)
    return [each for each in kept if each is not wrong]
