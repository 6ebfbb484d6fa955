"""Inviting somebody from outside: what is covered is shown, further words are added, a person confirms.

The page carries the hash of the covered text it shows. Where words were added since, or the case changed,
the desk finds another text than the one confirmed, and the form comes back with the text as it is now.
"""

from __future__ import annotations

from typing import Any

from habeas.desk import blinding
from habeas.errors import Refused
from habeas.reports import rows
from habeas.web.door import Visit
from habeas.web.views.acts import Doing
from habeas.web.views.reviews import lines
from habeas.web.views.typed import Typed


def invite_shown(visit: Visit) -> dict[str, Any]:
    """The request as an expert without the names would see it, with the words typed so far covered."""
    request, refused = visit.case.request, ""
    try:
        words = blinding.further(request, lines(Typed(visit).text("covered")))
    except Refused as error:  # said above the form already
        words, refused = (), error.sentence
    shown = blinding.covered(request, request, words)
    return {
        "shown": shown,
        "rows": tuple(rows.request_rows(shown)),
        "confirmation": "" if refused else blinding.confirmation(shown),
        "words": words,
    }


def invite(doing: Doing, typed: Typed) -> object:
    """By the desk, which looks whether what was confirmed is what they will see."""
    blinded = typed.chosen("blinded")
    words = blinding.further(doing.case.request, lines(typed.text("covered")))
    if typed.text("what") == "look":
        raise Refused(
            "this is what they would see now", place="covered", hint="read it below, then confirm and invite"
        )
    if blinded and typed.text("read") != "yes":
        raise Refused(
            "nobody has confirmed what they will see",
            place="read",
            hint="read the text, then tick it",
        )
    return doing.desk.invite(
        *doing.who,
        person=typed.text("person"),
        blinded=blinded,
        question=typed.text("question"),
        covered=words if blinded else (),
        confirmed=typed.text("confirmed"),
    )
