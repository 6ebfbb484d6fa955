"""The two reviews: what is recommended, what the first person decides, what the second says to it.

Per item the recommendation is accepted as it stands or decided otherwise; the desk asks why. There is no
button that accepts everything at once, and nothing stands chosen: each item is somebody's data. An item that
comes without a choice is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from habeas.assess import Ceiling, Decision
from habeas.desk.events import Ruling
from habeas.desk.letters import Ground, filling, open_grounds
from habeas.desk.rulings import recommended
from habeas.errors import Refused
from habeas.reports import briefing, words
from habeas.reports.brief import ItemLine
from habeas.treaty import Role as SeatRole
from habeas.web.door import Visit
from habeas.web.views import notices, turn
from habeas.web.views.acts import Doing, Said
from habeas.web.views.history import ground_of, title_of
from habeas.web.views.typed import Typed

SECOND = "Your second review is recorded."


class Rule(NamedTuple):
    """One item to decide: what is recommended, as a ruling of ours, and how it reads."""

    number: int
    line: ItemLine
    recommended: Ruling


def review_shown(visit: Visit) -> dict[str, Any]:
    asked, assessment = turn.seen(visit.viewer, visit.case)
    if assessment is None:
        return {"rules": (), "brief": None}
    brief = briefing.brief(asked, assessment, explain=False)
    rulings = recommended(assessment)
    lines = zip(brief.items, rulings, strict=False)
    return {
        "brief": brief,
        "rules": tuple(Rule(number, line, ruling) for number, (line, ruling) in enumerate(lines)),
        "decisions": [(each.value, words.capital(words.recommended(each).word)) for each in Decision],
        "ceilings": [(each.value, words.capital(each)) for each in Ceiling],
        "digest": visit.case.digest,
        "grounds": _grounds(visit),
    }


def _grounds(visit: Visit) -> Callable[[str], list[tuple[str, str]]]:
    """The grounds a refusal can name here: the one of the finding, then those letters have words for."""
    open_here = open_grounds(SeatRole(visit.viewer.house.seat(visit.case.request).role))
    named = [(each.value, words.capital(words.plain(each))) for each in Ground if each in open_here]
    named.append((filling.PERSECUTION, "Persecution: answered with the closed text"))

    def grounds(recommended: str) -> list[tuple[str, str]]:
        first = [(recommended, ground_of(recommended))] if recommended else []
        return [("", "None"), *first, *named]

    return grounds


def review(doing: Doing, typed: Typed) -> object:
    if doing.case.assessment is None:
        raise Refused("this request was not assessed", hint="assess it first")
    rulings = [
        _ruling(number, ruling, typed) for number, ruling in enumerate(recommended(doing.case.assessment))
    ]
    return doing.desk.review(
        *doing.who,
        assessment=typed.text("assessment"),
        rulings=rulings,
        reasons=typed.text("reasons"),
        why=typed.text("why"),
    )


def _ruling(number: int, recommended: Ruling, typed: Typed) -> Ruling:
    match typed.text(f"choice-{number}"):
        case "recommended":
            return recommended
        case "otherwise":
            ceiling = typed.one_of(f"ceiling-{number}", Ceiling)
            given = ceiling is not Ceiling.NOTHING
            return Ruling(
                target=recommended.target,
                item=recommended.item,
                decision=typed.one_of(f"decision-{number}", Decision),
                ceiling=ceiling,
                ground="" if given else typed.text(f"ground-{number}"),
                scope=typed.text(f"scope-{number}") if given else "",
                conditions=lines(typed.text(f"conditions-{number}")) if given else (),
            )
        case _:
            raise Refused(
                "an item was left undecided",
                place=f"{recommended.target}, {recommended.item}",
                hint="accept what is recommended, or decide otherwise",
            )


def second_shown(visit: Visit) -> dict[str, Any]:
    review = visit.case.review
    shown = review_shown(visit)
    decided = {each.key: each for each in review.rulings} if review is not None else {}
    return {
        **shown,
        "review": review,
        "first": title_of(review.by, visit.viewer.house) if review is not None else "",
        "pairs": tuple((rule, decided.get(rule.recommended.key)) for rule in shown["rules"]),
        "ground_said": ground_of,
        **notices.notice_shown(visit, agreeing=True),
    }


def second(doing: Doing, typed: Typed) -> object:
    """The second view and, where the same person asks for it beside, the notice: two acts, one after the
    other. The second is refused by itself; the first stands then, and what was not done is said."""
    agrees, tells = typed.yes("agrees"), typed.yes("tell") is True
    if agrees is None:
        raise Refused("say whether you agree", place="agrees", hint="choose one of the two")
    if tells and not agrees:
        raise Refused(
            "nobody is told of what you do not agree with", place="tell", hint="take the tick out, or agree"
        )
    case = doing.desk.second_review(*doing.who, agrees=agrees, reason=typed.text("reason"))
    if not tells:
        return case
    try:
        told = notices.notify(doing, typed, case.length)
    except Refused as barred:
        return Said(f"{SECOND} The person was not told: {barred.sentence}.", stays=True, well=False)
    return told._replace(words=f"{SECOND} {told.words}")


def lines(text: str) -> tuple[str, ...]:
    """One for each line that is not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
