"""The door of the person whose data were asked for: their own language, no account, nothing about the case.

With the code from the notice they object, and nothing is handed over until that is answered; or they read the
answer, once a letter with it lies in the file; or what happened, after a page that shows nothing and says who
may be looking; or they fetch a receipt of what the public log holds, after a page that says what it is and
when it is dangerous to have. A wrong code and one that was never given answer alike, on all pages, and count
as one number of tries. The answer is for whoever objected: the holder of another notice of the same case does
not learn that somebody did.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from habeas.app import receipts
from habeas.app.installation import hashed
from habeas.app.publishing import VERIFY_FOLDER
from habeas.app.receipts import Unpublished
from habeas.desk.case import Case
from habeas.desk.letters import Language, theirs, told
from habeas.errors import Refused
from habeas.web.accounts import access
from habeas.web.door import configuration, installation
from habeas.web.shown import languages

TRIES = 10  # for one address in an hour; a code has far more than a million possible values
_HOUR = 3600
LONGEST = 20_000  # characters; what is longer comes as a letter, with the form or by post
SHOWN_SECONDS = 15 * 60  # how long the page with the files serves without counting as another try
MEGABYTES = theirs.MOST_BYTES // 1024**2
_SIGNED = signing.TimestampSigner(salt="habeas.web.you.receipts")


class Files(NamedTuple):
    """What a right code gives: receipts as files, one for each account, or why there is none yet. serves:
    shows that the code was right, so that fetching several files is not trying codes."""

    receipts: tuple[bytes, ...] = ()
    why: str = ""
    check: str = ""
    witnessed: bool = False
    serves: str = ""


def choose(request: HttpRequest) -> HttpResponse:
    """In the first language of the browser that we speak."""
    wanted = translation.get_language_from_request(request).partition("-")[0]
    known = configuration().languages
    return HttpResponseRedirect(reverse("you_in", args=[wanted if wanted in known else known[0]]))


def page(request: HttpRequest, language: str) -> HttpResponse:
    if language not in configuration().languages:
        raise Http404
    with translation.override(language):
        wrong, done, typed = "", False, {"house": request.GET.get("house", ""), "code": "", "words": ""}
        if request.method == "POST":
            typed = {name: request.POST.get(name, "").strip()[:LONGEST] for name in typed}
            letter = request.FILES.get("letter")
            wrong = _object(request, typed, letter.read() if letter is not None else b"")
            done = not wrong
        return _page(request, "you_in", language, typed, wrong, done=done, megabytes=MEGABYTES)


def _page(
    request: HttpRequest, here: str, language: str, typed: dict[str, str], wrong: str, **facts: object
) -> HttpResponse:
    """A page of the door. here: its route, for the same page in another language."""
    shown = {
        "here": here,
        "languages": languages(configuration().languages),
        "language": language,
        "typed": typed,
        "wrong": wrong,
        **facts,
    }
    return render(request, _TEMPLATES[here], shown, status=422 if wrong else 200)


_TEMPLATES = {
    "you_in": "you.html",
    "your_outcome": "your_outcome.html",
    "your_answer": "your_answer.html",
    "your_receipt": "your_receipt.html",
}


def answer(request: HttpRequest, language: str) -> HttpResponse:
    """The letter that answers an objection, on paper, for the code that was used to object."""
    if language not in configuration().languages:
        raise Http404
    with translation.override(language):
        typed = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("house", "code")}
        wrong, why = "", ""
        if request.method == "POST":
            case, wrong = _opened(request, typed)
            if case is not None:
                paper = _answered(typed, case, language)
                if paper is not None:
                    named = {"Content-Disposition": 'attachment; filename="answer.pdf"'}
                    return HttpResponse(paper, content_type="application/pdf", headers=named)
                why = translation.gettext("There is no answer to read yet. Come back in some days.")
        return _page(request, "your_answer", language, typed, wrong, why=why)


def outcome(request: HttpRequest, language: str) -> HttpResponse:
    """First the code; then a page that says who might be looking, and shows nothing; then, by a button of its
    own, what happened, in the closed sentences of the notice."""
    if language not in configuration().languages:
        raise Http404
    with translation.override(language):
        typed = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("house", "code")}
        wrong, serves, shows, said = "", "", False, None
        if request.method == "POST":
            house, code = typed["house"], hashed(typed["code"])
            right = f"{house}:{code}"
            counts = not _shown_before(request.POST.get("serves", ""), right)
            case, wrong = _opened(request, typed, counts=counts)
            if case is not None:
                serves, shows = _SIGNED.sign(right), request.POST.get("show") == "yes"
                if shows:
                    found = installation()
                    said = told.told(case, found.people(house), found.now(), Language(language), code)
        facts = {"serves": serves, "shows": shows, "told": said}
        return _page(request, "your_outcome", language, typed, wrong, **facts)


def receipt(request: HttpRequest, language: str) -> HttpResponse:
    """First what a receipt is, then the code, then the files: each is fetched by a button of its own."""
    if language not in configuration().languages:
        raise Http404
    with translation.override(language):
        typed = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("house", "code")}
        wrong, files = "", None
        if request.method == "POST":
            wrong, files = _fetched(request, typed, language)
            number = request.POST.get("number", "")
            if files is not None and number in _numbers(files):
                return _file(files, int(number))
        return _page(request, "your_receipt", language, typed, wrong, files=files)


def _numbers(files: Files) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, len(files.receipts) + 1))


def _file(files: Files, number: int) -> HttpResponse:
    """The name says nothing but which of several it is."""
    name = "receipt.json" if len(files.receipts) == 1 else f"receipt-{number}.json"
    return HttpResponse(
        files.receipts[number - 1],
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _fetched(request: HttpRequest, typed: dict[str, str], language: str) -> tuple[str, Files | None]:
    """What is wrong, the same for everything that can be; or what the code gives. Whether the house has a
    log, and whether anything is published, is said to a right code only."""
    house, code = typed["house"], typed["code"]
    right = f"{house}:{hashed(code)}"
    counts = not _shown_before(request.POST.get("serves", ""), right)
    case, wrong = _opened(request, typed, counts=counts)
    if case is None:
        return wrong, None
    kept = installation().people(house).log
    if kept is None:
        why = translation.gettext("This house keeps no public log, so there is no receipt.")
        return "", Files(why=why)
    try:
        made = receipts.of_person(installation(), house, code)
    except Unpublished:
        why = translation.gettext("Nothing about this is published yet. Come back tomorrow.")
        return "", Files(why=why)
    return "", Files(
        receipts=tuple(each.encoded() for each in made),
        check=f"https://{kept.origin}/{VERIFY_FOLDER}{language}.html",
        witnessed=kept.quorum > 0,
        serves=_SIGNED.sign(right),
    )


def _answered(typed: dict[str, str], case: Case, language: str) -> bytes | None:
    """The letter in this language where there is one, otherwise the newest; None for who did not object."""
    letters = case.answers() if hashed(typed["code"]) in case.objectors else ()
    letters = tuple(each for each in letters if not case.waits_for_counsel(each))
    for letter in (*(each for each in letters if each.language == language), *letters):
        return installation().pdf_of(typed["house"], case.id, letter.sha256)
    return None


def _opened(request: HttpRequest, typed: dict[str, str], *, counts: bool = True) -> tuple[Case | None, str]:
    """The case that house and code open, or what to say, the same for everything that can be wrong. counts:
    this is one of the tries that an address has."""
    if counts and _too_many(request):
        return None, translation.gettext("Too many attempts. Wait an hour, then try again.")
    try:
        case = installation().door_of(typed["house"], typed["code"]) if typed["house"] else None
    except Refused:
        case = None
    return case, "" if case is not None else _nothing()


def _shown_before(serves: str, right: str) -> bool:
    """Whether this code was right some minutes ago."""
    try:
        return _SIGNED.unsign(serves, max_age=SHOWN_SECONDS) == right
    except signing.BadSignature:
        return False


def _too_many(request: HttpRequest) -> bool:
    """Counts this try; whether there were too many before."""
    key = f"you:{get_adapter(request).get_client_ip(request)}"
    tries = cache.get(key, 0)
    if tries >= TRIES:
        access.refused(request, access.Kind.TOO_MANY, access.NOBODY, unmarked=True)
        return True
    cache.set(key, tries + 1, _HOUR)
    return False


def _object(request: HttpRequest, typed: dict[str, str], letter: bytes) -> str:
    """Empty when it was recorded; otherwise what to say, the same for everything that can be wrong with house
    and code. letter: empty where none came; what it is is looked at before the code, so that it tells nothing
    of that."""
    if _too_many(request):
        return translation.gettext("Too many attempts. Wait an hour, then try again.")
    if not typed["words"]:
        return translation.gettext("Say in your own words why this should not happen.")
    if letter and not _keepable(letter):
        return translation.gettext("This letter cannot be kept. It has to be a PDF or plain text.")
    house = typed["house"]
    try:
        case = installation().door_of(house, typed["code"]) if house else None
        if case is None:
            return _nothing()
        digest = hashlib.sha256(letter).hexdigest() if letter else ""
        if case.objection and (typed["words"], digest) in _said_before(case):
            return ""  # the same form, sent twice
        installation().object(house, case.id, typed["code"], typed["words"], letter)
    except Refused as refused:
        return _no_more_letters() if refused.place == "letter" else _nothing()
    return ""


def _keepable(letter: bytes) -> bool:
    try:
        theirs.kind(letter)
    except Refused:
        return False
    return True


def _said_before(case: Case) -> set[tuple[str, str]]:
    return {(each.event.words, each.event.letter) for each in case.objections()}


def _no_more_letters() -> str:
    return translation.gettext("No more letters are kept from here. Send it to the address in the notice.")


def _nothing() -> str:
    return translation.gettext("This code opens nothing here. Check it against the notice.")
