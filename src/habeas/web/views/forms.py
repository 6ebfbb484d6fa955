"""Every form there is, one for each verb of the desk, and what a verb needs beside what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from habeas.app import releasing
from habeas.app.releasing import FILE_BYTES, Laid
from habeas.assess import Ceiling
from habeas.desk import enclosing, limits, terms, zones
from habeas.desk.case import Case, Delay, Proposed
from habeas.desk.clocks import DayInterval
from habeas.desk.events import INVITED, WORKS, DelayGround, Happening, Held, Prolonged, Released, Ruling, Way
from habeas.desk.letters import filling, theirs
from habeas.desk.letters.model import Heard, Kind, Language, Slow
from habeas.desk.moves import Act
from habeas.desk.rulings import questions_known
from habeas.errors import Refused
from habeas.reports import words
from habeas.request import (
    REGISTERS,
    AccountFacts,
    Category,
    Evidence,
    EvidenceKind,
    Item,
    Period,
    Register,
)
from habeas.store import Coming
from habeas.web.door import Visit, installation
from habeas.web.shown import languages
from habeas.web.views import package, turn, workload
from habeas.web.views.acts import Doing, Field, Form, Options, Said
from habeas.web.views.files import attach
from habeas.web.views.history import title_of
from habeas.web.views.inviting import invite, invite_shown
from habeas.web.views.notices import notice_shown, notify, sent, today, unsent, ways
from habeas.web.views.reviews import SECOND, lines, review, review_shown, second, second_shown
from habeas.web.views.typed import Typed, pasted, zone_names

# ---- what can be chosen ----------------------------------------------------------------------------------


def _colleagues(visit: Visit) -> Options:
    """Each with what lies with them already, and until when they are away."""
    viewer = visit.viewer
    return [
        (each.id, f"{each.title}: {workload.says(viewer.house, each, viewer.at)}")
        for each in viewer.house.people.values()
        if each.has(*WORKS)
    ]


def _guests(visit: Visit) -> Options:
    people = visit.viewer.house.people.values()
    return [(each.id, f"{each.title}, {each.partner}") for each in people if each.has(*INVITED)]


def _heard(_visit: Visit) -> Options:
    return [(Heard.NOT_UPHELD, "No"), (Heard.IN_PART, "In part"), (Heard.UPHELD, "Yes")]


def _delays(_visit: Visit) -> Options:
    return list(_DELAYS.items())


_DELAYS = {
    DelayGround.DANGER_TO_PERSON: "Danger to a victim, a witness or somebody else",
    DelayGround.GAG_ORDER: "A dated order forbids it",
    DelayGround.BAR_IN_LAW: "A law forbids it for a time",
    DelayGround.DANGER_TO_INVESTIGATION: "Danger to an investigation, where our own law lets a notice wait",
}


def _targets(visit: Visit) -> Options:
    live = {target for target, _item in visit.case.asked()}
    return [
        (target.id, f"{target.id}: {', '.join(each.value for each in target.identifiers)}")
        for target in visit.case.request.targets
        if target.id in live
    ]


_BEFORE = timedelta(microseconds=1)  # what ends with a day ends at the first instant of the next


def _holds(visit: Visit) -> Options:
    return [
        (each.id, f"{each.id}, until {visit.viewer.house.day(each.until - _BEFORE)}")
        for each in visit.case.holds
        if each.ended is None
    ]


def _questions(visit: Visit) -> Options:
    return [(each, each) for each in questions_known(visit.case)]


def _events(visit: Visit) -> Options:
    return [(each.value, _EVENTS[each]) for each in limits.recordable(visit.case, visit.viewer.house)]


_EVENTS = {
    Happening.RECOGNITION_DECIDED: "Recognition of the order was decided",
    Happening.ORDER_SERVED: "The order was served on the provider",
    Happening.ENFORCEMENT_ASKED: "We were asked to enforce the order",
    Happening.NOT_NOTIFIED: "No notice to the enforcing authority was needed",
    Happening.NO_GROUND: "The notified authority says that it raises no ground",
    Happening.GROUND: "The notified authority raises a ground",
    Happening.NOTIFIED: "The enforcing authority was notified",
}


def _longer(visit: Visit) -> Options:
    viewer = visit.viewer
    return [
        (
            each.value,
            _LONGER[each].format(day=f"{longer.most.day} {longer.most:%B %Y}" if longer.most else ""),
        )
        for each, longer in limits.prolongable(visit.case, viewer.house, viewer.at).items()
    ]


_LONGER = {
    Prolonged.DECISION: "The decision on recognition: until {day} at the latest",
    Prolonged.EXECUTION: "To carry it out: until the day on which you consulted the issuing authority",
}


_SLOW = {
    Slow.COURT: "A court or another authority has not decided yet",
    Slow.LAW: "Questions of law have to be examined",
    Slow.TRANSLATION: "It has to be translated",
    Slow.NUMBER: "More orders came than can be examined in that time",
    Slow.PRACTICAL: "What it needs cannot be arranged earlier",
}


def _registers(_visit: Visit) -> Options:
    """None first, and so none chosen beforehand: an entry is not taken for granted."""
    return [("", "None of these"), *((each.value, words.capital(said)) for each, said in REGISTERS.items())]


def _zones(visit: Visit) -> Options:
    """Those of the requesting state first."""
    near = zones.zones(visit.case.request.requesting_state)
    return [(each, each) for each in (*near, *(each for each in zone_names() if each not in near))]


# ---- what some verbs need beside what was typed ----------------------------------------------------------


def _identify(doing: Doing, typed: Typed) -> object:
    evidence = Evidence(
        kind=typed.one_of("kind", EvidenceKind),
        holds=typed.yes("holds"),
        register_entry=typed.text("register_entry") or None,
        register=typed.one_of("register", Register) if typed.text("register") else None,
        register_named=typed.text("register_named"),
        register_state=(typed.text("register_state") or "").upper() or None,
        register_read_on=typed.day("register_read_on"),
        seen_on=doing.visit.viewer.at.date(),
        detail=typed.text("detail"),
    )
    return doing.desk.identify(*doing.who, evidence=[evidence])


def _record_event(doing: Doing, typed: Typed) -> object:
    on, hour = typed.needed_day("on"), typed.hour("hour")
    zone = doing.visit.viewer.house.settings.zone
    return doing.desk.record_event(
        *doing.who,
        what=typed.one_of("what", Happening),
        on=on,
        moment=enclosing.stated(on, hour, zone).at if hour is not None else None,
    )


def _assign(doing: Doing, typed: Typed) -> Said:
    to = typed.meant("to")
    doing.desk.assign(*doing.who, to=to)
    if to == doing.visit.viewer.person.id:
        return Said("You have this case now.")
    return Said("Assigned." if to else "Nobody has this case now.")


def _hold(doing: Doing, typed: Typed) -> object:
    return doing.desk.hold(
        *doing.who, hold=f"hold-{len(doing.case.holds) + 1}", targets=typed.texts("targets")
    )


def _extend(doing: Doing, typed: Typed) -> object:
    end = DayInterval(typed.needed_day("until"), doing.visit.viewer.house.settings.zone).latest
    return doing.desk.extend(*doing.who, hold=typed.text("hold"), until=end, why=typed.text("why"))


def _ask(doing: Doing, typed: Typed) -> Said:
    changed = doing.desk.ask(*doing.who, questions=[*typed.texts("asked"), *lines(typed.text("own"))])
    if changed.wording is not None:
        return Said("The questions are proposed. A second person has to agree to them.")
    return Said(_ASKED)


_ASKED = "The questions are recorded. Write the letter that asks them."


def _agree_questions(doing: Doing, typed: Typed) -> Said:
    agrees = typed.chosen("agrees")
    doing.desk.agree_questions(*doing.who, agrees=agrees, reason=typed.text("reason"))
    return Said(_ASKED if agrees else "Recorded. The questions do not go out.")


def _wording(visit: Visit) -> dict[str, Any]:
    """The questions a colleague wrote, and who."""
    wording = visit.case.wording
    if wording is None:
        return {"wording": (), "asker": ""}
    said = [turn.said(visit.viewer, visit.case, each) for each in wording.questions]
    return {"wording": said, "asker": title_of(wording.by, visit.viewer.house)}


def _delay_shown(visit: Visit) -> dict[str, Any]:
    """In an emergency the form says why it stands first; and what stands meanwhile, where it is a renewal."""
    case, viewer = visit.case, visit.viewer
    standing = case.delay is not None and case.delay.stands(viewer.house.day(viewer.at))

    def said(proposed: Delay | Proposed | None) -> str:
        return turn.said(viewer, case, proposed.why) if proposed is not None else ""

    return {
        "waits": viewer.house.settings.times.waiting_days,
        "standing": case.delay if standing else None,
        "proposed": case.delay_proposed,
        "delay_because": said(case.delay_proposed),
        "lift_because": said(case.lift),
    }


def _answer(doing: Doing, typed: Typed) -> object:
    return _new_version(doing, typed, Act.ANSWER)


def _accept_narrowing(doing: Doing, typed: Typed) -> object:
    return _new_version(doing, typed, Act.ACCEPT_NARROWING)


def _new_version(doing: Doing, typed: Typed, act: Act) -> object:
    """What they answered; its bytes are kept sealed beside it."""
    case, by, _at = doing.who
    name, data = pasted(typed)
    return installation().answer(doing.house, case, by, data, act=act, name=name, seen=doing.seen)


def _answer_conditions(doing: Doing, typed: Typed) -> Said:
    accepted = typed.chosen("accepted")
    doing.desk.answer_conditions(*doing.who, accepted=accepted, words=typed.text("words"))
    if accepted:
        return Said("The conditions are accepted.")
    return Said("They are not accepted. What is given has to be decided anew.")


def _conditions_shown(visit: Visit) -> dict[str, Any]:
    return {"terms": [filling.in_words(each) for each in terms.to_accept(visit.case)]}


def _letters(visit: Visit) -> Options:
    return [(each.value, words.capital(words.plain(each))) for each in filling.writable(visit.case)]


def _owed(visit: Visit) -> dict[str, Any]:
    owed = filling.owed(visit.case, visit.viewer.house.day(visit.viewer.at))
    missing = owed is not None and not owed.written
    return {"owed": words.capital(words.plain(owed.kind)) if owed is not None and missing else ""}


def _first_letter(visit: Visit) -> str:
    """The one that is missing, otherwise the one that fits best."""
    owed = filling.owed(visit.case, visit.viewer.house.day(visit.viewer.at))
    return owed.kind if owed is not None and not owed.written else filling.kinds(visit.case)[0]


def _held_letters(visit: Visit) -> Options:
    return [
        (each.sha256, f"{words.capital(words.plain(each.letter))}, in {words.language(each.language)}")
        for each in visit.case.held_letters()
    ]


def _their_language(visit: Visit) -> str:
    """That of the request, where letters are written in it."""
    theirs = (visit.case.request.language or "en").partition("-")[0]
    return theirs if theirs in list(Language) else Language.ENGLISH


def _write(doing: Doing, typed: Typed) -> Said:
    case, by, _at = doing.who
    kind, language = typed.one_of("kind", Kind), typed.one_of("language", Language)
    changed, _letter = installation().letter(doing.house, case, by, kind, language, seen=doing.seen)
    if changed.waits_for_counsel(changed.letters[-1]):
        return Said("The letter lies in the file, and is held: counsel clears it first; nothing was sent.")
    return Said("The letter lies in the file. Read it, and send it yourself: nothing was sent.")


def _record_objection(doing: Doing, typed: Typed) -> object:
    case, by, _at = doing.who
    letter = typed.file("letter")[1] if typed.has_file("letter") else b""
    return installation().record_objection(
        doing.house,
        case,
        by,
        way=typed.one_of("way", Way),
        words=typed.text("words"),
        letter=letter,
        code=typed.text("code"),
        seen=doing.seen,
    )


def _delay(doing: Doing, typed: Typed) -> object:
    return doing.desk.delay_notice(
        *doing.who,
        ground=typed.one_of("ground", DelayGround),
        why=typed.text("why"),
        cite=typed.text("cite"),
        until=typed.needed_day("until"),
        review=typed.needed_day("review"),
    )


def _objecting(visit: Visit) -> dict[str, Any]:
    """What was objected and is not answered yet, the newest first."""
    return {"objecting": visit.case.open_objections()}


def _to_hand_over(visit: Visit) -> dict[str, Any]:
    """Each item that is handed over as a file, with the file that lies ready for it."""
    ready = {(each.target, each.item): each for each in visit.case.files}
    return {
        "wanted": [
            (each, called(visit, each), _item_of(visit, each).period, ready.get(each.key))
            for each in as_files(visit.case)
        ],
        "kinds": [(each.value, words.capital(each)) for each in _IN_FILES],
        "most": FILE_BYTES // 1024**3,
    }


def called(visit: Visit, ruling: Ruling) -> str:
    """The item as it was asked for: its kind and whose it is."""
    target = next(each for each in visit.case.request.targets if each.id == ruling.target)
    of = ", ".join(each.value for each in target.identifiers)
    return f"{words.capital(words.category(_item_of(visit, ruling).category))}: {of}"


def _item_of(visit: Visit, ruling: Ruling) -> Item:
    target = next(each for each in visit.case.request.targets if each.id == ruling.target)
    return next(each for each in target.items if each.id == ruling.item)


_IN_FILES = (Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT)


def as_files(case: Case) -> tuple[Ruling, ...]:
    """What is handed over as files."""
    return tuple(each for each in case.giving() if each.ceiling in _IN_FILES)


def _prepare(doing: Doing, typed: Typed) -> object:
    """New files, and those that lie ready already where no new one came for their item."""
    ready = {(each.target, each.item): each for each in doing.case.files}
    files: list[Laid] = []
    data: Coming | Held
    for number, ruling in enumerate(as_files(doing.case)):
        kept = ready.get(ruling.key)
        if typed.has_file(f"file-{number}"):
            name, data = typed.sealed(f"file-{number}")
        elif kept is not None:
            name, data = kept.name, kept
        else:
            continue
        holds, period = _stated(ruling, number, typed)
        files.append(
            Laid(target=ruling.target, item=ruling.item, name=name, data=data, holds=holds, period=period)
        )
    if not files:
        raise Refused("no file came", place="file-0", hint="choose at least one")
    case, by, _at = doing.who
    return releasing.prepare(installation(), doing.house, case, by, files, seen=doing.seen)


def _stated(ruling: Ruling, number: int, typed: Typed) -> tuple[Ceiling, Period]:
    """What the custodian says is in a file, and from which day to which. Nothing is taken for granted."""
    place = f"{ruling.target}, {ruling.item}"
    if not typed.text(f"holds-{number}"):
        raise Refused("nobody said what is in this file", place=place, hint="choose what is in it")
    days = [typed.day(f"{end}-{number}") for end in ("since", "until")]
    for day, called in zip(days, ("first", "last"), strict=True):
        if day is None:
            raise Refused(
                f"the {called} day of the data in this file is missing",
                place=place,
                hint="state it as it stands in the file, whatever was asked",
            )
    return typed.one_of(f"holds-{number}", Ceiling), Period(start=days[0], end=days[1])


def _release(doing: Doing, typed: Typed) -> Said:
    """Says where no third party stamped the time: that is to be known before it is sent."""
    case, by, _at = doing.who
    unstamped = typed.text("unstamped")
    changed = releasing.hand_over(installation(), doing.house, case, by, unstamped=unstamped, seen=doing.seen)
    event = changed.history[-1].event
    silent = event.silent if isinstance(event, Released) else ""
    said = "Handed over, sealed to the authority's key."
    return Said(f"{said} It has no time-stamp: {silent}." if silent else said)


def _confirm_delivery(doing: Doing, typed: Typed) -> Said:
    """A receipt as a file or pasted, or the authority's word."""
    case, by, _at = doing.who
    changed = releasing.confirm_delivery(
        installation(),
        doing.house,
        case,
        by,
        receipt=_came(typed, "receipt"),
        signature=_came(typed, "signature"),
        who=typed.text("who"),
        how=typed.text("how"),
        seen=doing.seen,
    )
    return Said(changed.history[-1].event.sentence())


def _came(typed: Typed, name: str) -> bytes | None:
    """The bytes of a file, or of what was pasted: with line ends as most editors keep them, for a form sends
    others and a signature is over every byte."""
    if typed.has_file(f"{name}_file"):
        return typed.file(f"{name}_file")[1]
    text = typed.text(name)
    return (text.replace("\r\n", "\n") + "\n").encode() if text else None


def _erase(doing: Doing, typed: Typed) -> Said:
    """Says what could not be reached, so that somebody goes and destroys it."""
    case, by, _at = doing.who
    reach = installation().erase(doing.house, case, by, why=typed.text("why"), seen=doing.seen)
    return Said(f"Erased. {reach}")


def _split(doing: Doing, typed: Typed) -> Said:
    into = installation().new_case_id()
    doing.desk.split(*doing.who, targets=typed.texts("targets"), into=into)
    return Said(f"Split off. The targets go on in case {into}.")


def _retain(doing: Doing, typed: Typed) -> object:
    typed.meant("until")
    return doing.desk.retain(*doing.who, until=typed.day("until"), why=typed.text("why"))


# ---- the accounts asked about ----------------------------------------------------------------------------


def _record_account(doing: Doing, typed: Typed) -> object:
    accounts = [
        AccountFacts(
            target=target.id,
            exists=typed.yes(f"exists-{number}"),
            country_of_use=typed.text(f"country-{number}").upper() or None,
            stored_in=typed.text(f"stored-{number}").upper() or None,
            opened_on=typed.day(f"opened-{number}"),
            categories_held=typed.each_of(f"held-{number}", Category) or None,
            holder_is_minor=typed.yes(f"minor-{number}"),
            other_proceedings=typed.yes(f"proceedings-{number}"),
        )
        for number, target in enumerate(doing.case.request.targets)
    ]
    return doing.desk.record_account(*doing.who, accounts=accounts)


def _accounts_shown(visit: Visit) -> dict[str, Any]:
    known = {each.target: each for each in visit.case.accounts}
    return {
        "accounts": [(target, known.get(target.id)) for target in visit.case.request.targets],
        "categories": [
            (each.value, words.capital(words.category(each)))
            for each in (Category.SUBSCRIBER, Category.TRAFFIC, Category.CONTENT, Category.OTHER_STORED)
        ],
    }


# ---- every form ------------------------------------------------------------------------------------------

_WHY = Field(
    name="why", label="Why", kind="area", hint="One or two sentences, for colleagues and the auditor."
)
_JSON = (
    Field(
        name="json",
        label="The new version of the request",
        kind="json",
        required=False,
        hint="Paste it, in our own JSON form.",
    ),
    Field(name="upload", label="Or a file with it", kind="file", required=False),
)


FORMS: tuple[Form, ...] = (
    Form(
        act=Act.REVIEW,
        template="review.html",
        more=review_shown,
        does=review,
        done="Your review is recorded.",
        button="Record my review",
        leaves=True,
    ),
    Form(
        act=Act.SECOND_REVIEW,
        template="second_review.html",
        more=second_shown,
        does=second,
        done=SECOND,
        button="Record my review",
        leaves=True,
    ),
    Form(
        act=Act.IDENTIFY,
        leads="What was looked at, and what it showed. What speaks against the sender weighs most.",
        fields=(
            Field(
                name="kind",
                label="What was looked at",
                kind="choice",
                options=lambda _visit: [
                    (each.value, words.capital(words.plain(each))) for each in EvidenceKind
                ],
            ),
            Field(
                name="holds",
                label="Does it speak for the sender?",
                kind="yes",
                required=False,
                hint="Leave it open where nobody answered.",
            ),
            Field(
                name="register",
                label="In which register they are known",
                kind="choice",
                required=False,
                options=_registers,
                hint="Where you looked them up yourself. One that is not listed here counts for no more than "
                "a mailbox.",
            ),
            Field(
                name="register_named",
                label="Another register, by its name",
                required=False,
            ),
            Field(
                name="register_entry",
                label="Its entry",
                required=False,
                hint="Its number or name there. Never a number that the request brought along.",
            ),
            Field(
                name="register_state",
                label="State of that entry",
                required=False,
                hint="Three letters, for example FRA",
            ),
            Field(name="register_read_on", label="Entry last verified on", kind="day", required=False),
            Field(name="detail", label="Key, domain or number, for the record", required=False),
        ),
        does=_identify,
        done="How the sender was checked is recorded.",
    ),
    Form(
        act=Act.STATE_ZONE,
        leads="Every limit that ends on one of their dates is counted anew.",
        fields=(
            Field(
                name="zone",
                label="Zone of their dates",
                kind="choice",
                options=_zones,
                initial=lambda visit: zones.proposed(visit.case.request.requesting_state),
                hint="Those of the requesting state stand first. Choose what the request or its sender says.",
            ),
        ),
        does=lambda doing, typed: doing.desk.state_zone(*doing.who, zone=typed.zone("zone")),
        done="The zone of their dates is recorded.",
    ),
    Form(
        act=Act.RECORD_EVENT,
        leads="The limits that run from it, or wait for it, are counted anew.",
        fields=(
            Field(name="what", label="What happened", kind="choice", options=_events),
            Field(name="on", label="On which day", kind="day"),
            Field(
                name="hour",
                label="At what hour",
                kind="hour",
                required=False,
                hint="By the clocks of the house. It matters where hours are counted, as in an emergency.",
            ),
        ),
        does=_record_event,
        done="It is recorded, and the limits are counted anew.",
    ),
    Form(
        act=Act.TAKE_TIME,
        leads="The limit is counted to that day. Next comes the letter that tells the issuing authority so, "
        "without delay.",
        fields=(
            Field(name="limit", label="What takes longer", kind="choice", options=_longer),
            Field(name="until", label="Until which day", kind="day"),
            Field(
                name="slow",
                label="The reason that the letter gives",
                kind="choice",
                options=lambda _visit: [(each.value, said) for each, said in _SLOW.items()],
            ),
            Field(
                name="reasons",
                label="In your words, for the file",
                kind="area",
                hint="Nothing of this goes into the letter.",
            ),
            Field(
                name="how",
                label="Whom you tell, and how",
                hint="An office and the road. To carry it out later, also what they said about the day.",
            ),
        ),
        does=lambda doing, typed: doing.desk.take_time(
            *doing.who,
            limit=typed.one_of("limit", Prolonged),
            until=typed.needed_day("until"),
            slow=typed.one_of("slow", Slow),
            reasons=typed.text("reasons"),
            how=typed.text("how"),
        ),
        done="It is recorded, and the limit is counted to that day. Next: the letter.",
    ),
    Form(
        act=Act.RECORD_ACCOUNT,
        template="record_account.html",
        more=_accounts_shown,
        leads="Only the custodian knows this, and nothing of it goes to the requester.",
        does=_record_account,
        done="What the records say is recorded.",
    ),
    Form(
        act=Act.ASSESS,
        leads="Every legal test is applied to the request as it stands. Nothing is sent; people decide.",
        does=lambda doing, _typed: doing.desk.assess(*doing.who),
        done="Assessed. The recommendation is below.",
    ),
    Form(
        act=Act.NOTE,
        fields=(
            Field(name="words", label="Your note", kind="area", hint="It stays in the history for good."),
        ),
        does=lambda doing, typed: doing.desk.note(*doing.who, words=typed.text("words")),
        done="Your note is in the history.",
    ),
    Form(
        act=Act.ATTACH,
        template="attach.html",
        does=attach,
        done="Kept as it came.",
        button="Keep them",
        files=True,
    ),
    Form(
        act=Act.ASSIGN,
        fields=(
            Field(
                name="to",
                label="To whom",
                kind="choice",
                options=lambda visit: [("", "Nobody: lay it back"), *_colleagues(visit)],
                initial=lambda visit: visit.viewer.person.id,
            ),
        ),
        does=_assign,
        done="Assigned.",
    ),
    Form(
        act=Act.HAND_OVER,
        fields=(
            Field(name="to", label="To whom", kind="choice", options=_colleagues),
            Field(name="words", label="Where it stands", kind="area"),
        ),
        does=lambda doing, typed: doing.desk.hand_over(
            *doing.who, to=typed.text("to"), words=typed.text("words")
        ),
        done="Handed over.",
    ),
    Form(
        act=Act.HOLD,
        leads="The custodian keeps the data as they are. Nothing is disclosed, and nobody is told.",
        fields=(Field(name="targets", label="Whose data", kind="checks", options=_targets),),
        does=_hold,
        done="The custodian is asked to keep the data.",
    ),
    Form(
        act=Act.CONFIRM_HOLD,
        fields=(
            Field(name="hold", label="Which hold", kind="choice", options=_holds),
            Field(
                name="kept",
                label="Of whom anything was there to be kept",
                kind="checks",
                options=_targets,
                required=False,
            ),
        ),
        does=lambda doing, typed: doing.desk.confirm_hold(
            *doing.who, hold=typed.text("hold"), kept=typed.texts("kept")
        ),
        done="The hold is confirmed.",
        leaves=True,
    ),
    Form(
        act=Act.EXTEND,
        fields=(
            Field(name="hold", label="Which hold", kind="choice", options=_holds),
            Field(name="until", label="To the end of", kind="day"),
            _WHY,
        ),
        does=_extend,
        done="The hold is extended.",
    ),
    Form(
        act=Act.LAPSE,
        leads="The data are under their ordinary rules again, and may be gone tomorrow.",
        fields=(Field(name="hold", label="Which hold", kind="choice", options=_holds), _WHY),
        does=lambda doing, typed: doing.desk.lapse(
            *doing.who, hold=typed.text("hold"), why=typed.text("why")
        ),
        done="The hold has ended.",
    ),
    Form(
        act=Act.ASK,
        leads="Documents and facts are asked for, never the answer that passes. A clock stops only where its "
        "law says so.",
        fields=(
            Field(
                name="asked",
                label="Questions from the assessment",
                kind="checks",
                options=_questions,
                required=False,
            ),
            Field(
                name="own",
                label="Other questions",
                kind="area",
                required=False,
                hint="One on each line. A second person reads them before they go: our own words can tell "
                "whether there is an account, or what is in it.",
            ),
        ),
        does=_ask,
        done=_ASKED,
        leaves=True,
    ),
    Form(
        act=Act.AGREE_QUESTIONS,
        template="agree_questions.html",
        more=_wording,
        leads="They go out in these very words. Nothing in them may tell whether there is an account, or "
        "what is in it.",
        fields=(
            Field(name="agrees", label="Do you agree to them?", kind="yes"),
            Field(
                name="reason",
                label="If not, why",
                kind="area",
                required=False,
                hint="Needed where you do not agree.",
            ),
        ),
        does=_agree_questions,
        done=_ASKED,
        button="Record my view",
        leaves=True,
    ),
    Form(
        act=Act.ANSWER,
        template="version.html",
        leads="Their answer is a new version of the request. What they said before stays in it.",
        fields=_JSON,
        does=_answer,
        done="The answer is recorded. Assess it again.",
    ),
    Form(
        act=Act.WRITE,
        leads="The letter is composed from what was decided, and laid into the file. Nothing is sent.",
        template="write.html",
        more=_owed,
        fields=(
            Field(name="kind", label="Which letter", kind="choice", options=_letters, initial=_first_letter),
            Field(
                name="language",
                label="In which language",
                kind="choice",
                options=lambda _visit: languages(tuple(Language)),
                initial=_their_language,
            ),
        ),
        does=_write,
        done="The letter lies in the file.",
    ),
    Form(
        act=Act.CLEAR_LETTER,
        leads="It rests on what nobody has compared with a certified text. You read that, and answer for it.",
        fields=(
            Field(name="letter", label="Which letter", kind="choice", options=_held_letters),
            Field(
                name="words",
                label="What you looked at",
                kind="area",
                hint="The text you compared it with, or why it can go out. It stays in the file.",
            ),
        ),
        does=lambda doing, typed: doing.desk.clear_letter(
            *doing.who, letter=typed.text("letter"), words=typed.text("words")
        ),
        done="The letter is cleared. Send it yourself: nothing was sent.",
    ),
    Form(
        act=Act.ESCALATE,
        leads="Counsel decides from here; nobody else can.",
        fields=(_WHY,),
        does=lambda doing, typed: doing.desk.escalate(*doing.who, why=typed.text("why")),
        done="Handed to counsel.",
    ),
    Form(
        act=Act.CONSULT,
        fields=(
            Field(name="whom", label="Who was asked", hint="A ministry, a court, the requesting state."),
            Field(
                name="requester",
                label="Was it the requesting state itself?",
                kind="yes",
                hint="Some refusals need that first, and their letter gives the day.",
            ),
            Field(name="about", label="About what", kind="area"),
        ),
        does=lambda doing, typed: doing.desk.consult(
            *doing.who,
            whom=typed.text("whom"),
            about=typed.text("about"),
            requester=typed.chosen("requester"),
        ),
        done="The consultation is recorded.",
    ),
    Form(
        act=Act.INVITE,
        template="invite.html",
        more=invite_shown,
        leads="They see this case alone. For an expert without the names, what they see is exactly the "
        "covered text below, once you have read and confirmed it.",
        fields=(
            Field(name="person", label="Whom", kind="choice", options=_guests),
            Field(name="blinded", label="Cover the identifiers?", kind="yes", initial=lambda _visit: "yes"),
            Field(name="question", label="The question to them", kind="area", required=False),
            Field(
                name="covered",
                label="Further words to cover",
                kind="area",
                required=False,
                hint="Names, places, whatever else tells who it is; copied from the text, one on each line.",
            ),
        ),
        does=invite,
        done="Invited.",
    ),
    Form(
        act=Act.DECLARE_CONFLICT,
        fields=(
            Field(
                name="conflict",
                label="Do you have an interest in this matter?",
                kind="yes",
                hint="Work, family, politics, money. With one you give no opinion.",
            ),
            Field(name="words", label="Which", kind="area", required=False),
        ),
        does=lambda doing, typed: doing.desk.declare_conflict(
            *doing.who, conflict=typed.chosen("conflict"), words=typed.text("words")
        ),
        done="Recorded.",
    ),
    Form(
        act=Act.GIVE_OPINION,
        leads="Your access to this case ends with it.",
        fields=(Field(name="words", label="Your opinion", kind="area"),),
        does=lambda doing, typed: doing.desk.give_opinion(*doing.who, words=typed.text("words")),
        done="Your opinion is recorded. Thank you.",
    ),
    Form(
        act=Act.NARROW,
        leads="What was decided to be given is proposed to them as a narrower request. A clock stops only "
        "where its law says so.",
        does=lambda doing, _typed: doing.desk.narrow(*doing.who),
        done="It is recorded. Write the letter that proposes it.",
    ),
    Form(
        act=Act.ACCEPT_NARROWING,
        template="version.html",
        fields=_JSON,
        does=_accept_narrowing,
        done="The narrower request is recorded. Assess it again.",
    ),
    Form(
        act=Act.ANSWER_CONDITIONS,
        template="answer_conditions.html",
        more=_conditions_shown,
        leads="Nothing leaves before they are accepted. Where they are not, what is given is decided anew.",
        fields=(
            Field(name="accepted", label="Does the requester accept them?", kind="yes"),
            Field(
                name="words",
                label="Who said so, and how",
                kind="area",
                hint="Their office, the day and the road it came on. Keep their letter itself as a file.",
            ),
        ),
        does=_answer_conditions,
        done="Their answer is recorded.",
    ),
    Form(
        act=Act.REROUTE,
        leads="They are shown the road the request should take, by a letter. Nothing else is told.",
        does=lambda doing, _typed: doing.desk.reroute(*doing.who),
        done="It is recorded. Write the letter that names the road.",
    ),
    Form(
        act=Act.REFUSE,
        leads="The answer does not say whether an account exists.",
        fields=(
            Field(
                name="persecution",
                label="Answer with the closed text?",
                kind="yes",
                hint="For persecution: the same words for every account and every person.",
                initial=lambda visit: "yes" if filling.for_persecution(visit.case) else "no",
            ),
        ),
        does=lambda doing, typed: doing.desk.refuse(*doing.who, persecution=typed.chosen("persecution")),
        done="The refusal is recorded. Write the letter that tells them.",
        fresh=True,
    ),
    Form(
        act=Act.CHALLENGE,
        leads="An order of our own court binds. As was decided, it is brought before the court, or more time "
        "is asked for. The case waits for that; its time limits run on.",
        fields=(
            Field(
                name="court", label="Which court or authority", hint="With its number of the matter, if any."
            ),
            Field(name="why", label="On what it rests", kind="area", hint="For the file of the matter."),
        ),
        does=lambda doing, typed: doing.desk.challenge(
            *doing.who, court=typed.text("court"), why=typed.text("why")
        ),
        done="It is recorded. Write the letter that says so.",
    ),
    Form(
        act=Act.WITHDRAW,
        fields=(
            Field(
                name="why",
                label="Who withdraws it, and how",
                kind="area",
                hint="Which office wrote or called, on which day, and why if they say so.",
            ),
        ),
        does=lambda doing, typed: doing.desk.withdraw(*doing.who, why=typed.text("why")),
        done="The withdrawal is recorded.",
    ),
    Form(
        act=Act.VALIDATE,
        fields=(
            Field(name="valid", label="Was it validated?", kind="yes"),
            Field(name="reference", label="Reference of the court", required=False),
        ),
        does=lambda doing, typed: doing.desk.validate(
            *doing.who, valid=typed.chosen("valid"), reference=typed.text("reference")
        ),
        done="Recorded.",
    ),
    Form(
        act=Act.DECLINE_SECRECY,
        leads="They may accept that the person is told, or withdraw. Next comes the letter that asks them.",
        fields=(_WHY,),
        does=lambda doing, typed: doing.desk.decline_secrecy(*doing.who, why=typed.text("why")),
        done="Recorded that secrecy will not be kept. Next: the letter that says so.",
    ),
    Form(
        act=Act.ACCEPT_SECRECY,
        leads="They accept that the person will be told.",
        fields=(
            Field(
                name="words",
                label="Who said so, and how",
                kind="area",
                hint="Their office, the day and the road it came on. Keep their letter itself as a file.",
            ),
        ),
        does=lambda doing, typed: doing.desk.accept_secrecy(*doing.who, words=typed.text("words")),
        done="Recorded.",
    ),
    Form(
        act=Act.NOTIFY,
        leads="The notice is written and laid into the file, with a code for the person's own door, which is "
        "shown once, to be written into it. Then it is sent. Nothing is handed over before the waiting time "
        "has passed.",
        template="notify.html",
        more=notice_shown,
        does=lambda doing, typed: notify(doing, typed, doing.seen),
        done="The notice is written.",
    ),
    Form(
        act=Act.SEND_NOTICE,
        leads="This desk sends nothing. The waiting time is counted from the day on which you sent it, and "
        "somebody else approves the release.",
        fields=(
            Field(name="targets", label="Which notice", kind="checks", options=unsent),
            Field(name="way", label="On which way", kind="choice", options=ways),
            Field(name="on", label="On which day", kind="day", initial=today),
        ),
        does=sent,
        done="Recorded that the notice went out.",
        leaves=True,
    ),
    Form(
        act=Act.DELAY_NOTICE,
        template="delay_notice.html",
        more=_delay_shown,
        leads="It stands only when a second person agrees, and only until somebody has to look again.",
        fields=(
            Field(
                name="ground",
                label="What stands against telling",
                kind="choice",
                options=_delays,
                hint="The one that weighs most. It is counted in the public report.",
            ),
            Field(
                name="cite",
                label="The article or order",
                hint="For a danger to a person, where no law is named: house.",
            ),
            Field(name="why", label="Why", kind="area", hint="It stays in the file."),
            Field(name="until", label="Until", kind="day"),
            Field(name="review", label="Looked at again by", kind="day"),
        ),
        does=_delay,
        done="The delay is proposed. A second person has to agree.",
    ),
    Form(
        act=Act.AGREE_DELAY,
        template="delay_notice.html",
        more=_delay_shown,
        leads="The person is not told until the day that was proposed.",
        does=lambda doing, _typed: doing.desk.agree_delay(*doing.who),
        done="The delay stands.",
    ),
    Form(
        act=Act.LIFT_DELAY,
        leads="The delay ends before its day, so that the person can be told now. It stands until a second "
        "person agrees.",
        fields=(_WHY,),
        does=lambda doing, typed: doing.desk.lift_delay(*doing.who, why=typed.text("why")),
        done="It is proposed to lift the delay. A second person has to agree.",
    ),
    Form(
        act=Act.AGREE_LIFT,
        template="delay_notice.html",
        more=_delay_shown,
        leads="The delay ends now, and the person can be told. That cannot be taken back.",
        does=lambda doing, _typed: doing.desk.agree_lift(*doing.who),
        done="The delay is lifted. The person can be told.",
    ),
    Form(
        act=Act.RECORD_OBJECTION,
        leads="Theirs or their lawyer's. From now on nothing is handed over until counsel has answered it.",
        fields=(
            Field(
                name="way",
                label="How it came",
                kind="choice",
                options=lambda _visit: [(each.value, f"By {each}") for each in Way],
            ),
            Field(
                name="letter",
                label="The letter",
                kind="file",
                required=False,
                hint=f"Scanned as PDF, or as plain text; {theirs.MOST_BYTES // 1024**2} MB at most.",
            ),
            Field(
                name="words",
                label="What it says, in short",
                kind="area",
                required=False,
                hint="Needed where no letter is kept.",
            ),
            Field(
                name="code",
                label="The code of their notice",
                required=False,
                hint="Where the letter names it, they read the answer at their own door; otherwise send it.",
            ),
        ),
        does=_record_objection,
        done="The objection is recorded. Nothing is handed over until it is answered.",
    ),
    Form(
        act=Act.ANSWER_OBJECTION,
        template="answer_objection.html",
        more=_objecting,
        fields=(
            Field(
                name="heard",
                label="Is the person right?",
                kind="choice",
                options=_heard,
                hint="If so, wholly or in part, the case is reviewed again. Then write them a letter.",
            ),
            Field(name="reason", label="Why", kind="area"),
        ),
        does=lambda doing, typed: doing.desk.answer_objection(
            *doing.who,
            upheld=typed.one_of("heard", Heard) is not Heard.NOT_UPHELD,
            in_part=typed.one_of("heard", Heard) is Heard.IN_PART,
            reason=typed.text("reason"),
        ),
        done="The objection is answered.",
    ),
    Form(
        act=Act.PREPARE,
        template="prepare.html",
        files=True,
        more=_to_hand_over,
        leads="Only what was decided to be given. Each file is sealed as soon as it arrives.",
        does=_prepare,
        done="The files lie ready.",
        leaves=True,
    ),
    Form(
        act=Act.APPROVE_RELEASE,
        template="release.html",
        more=package.shown,
        leads="These files, under this assessment and this law, for 72 hours. Somebody else hands them over.",
        does=lambda doing, _typed: doing.desk.approve_release(*doing.who),
        done="The release is approved. The custodian hands it over.",
        fresh=True,
        leaves=True,
    ),
    Form(
        act=Act.RELEASE,
        template="release.html",
        more=package.shown,
        leads="Everything is assessed again first. If anything changed, nothing leaves.",
        does=_release,
        done="Handed over, sealed to the authority's key.",
        fresh=True,
    ),
    Form(
        act=Act.CONFIRM_DELIVERY,
        leads="A receipt is compared with the package that left, and kept. Without one it is their word.",
        fields=(
            Field(name="receipt_file", label="Their receipt", kind="file", required=False),
            Field(
                name="receipt",
                label="Or paste their receipt",
                kind="area",
                required=False,
                hint="JSON: the note beside the package told them how to make it.",
            ),
            Field(name="signature_file", label="Its signature", kind="file", required=False),
            Field(
                name="signature",
                label="Or paste its signature",
                kind="area",
                required=False,
                hint="From -----BEGIN SSH SIGNATURE----- to the end.",
            ),
            Field(name="who", label="Without a receipt: who said that it arrived", required=False),
            Field(
                name="how",
                label="Without a receipt: how they said it",
                required=False,
                hint="By telephone, on the number of our register.",
            ),
        ),
        does=_confirm_delivery,
        done="The delivery is recorded.",
        leaves=True,
    ),
    Form(
        act=Act.MERGE,
        leads="This case goes on in another one.",
        fields=(Field(name="into", label="Number of the other case"), _WHY),
        does=lambda doing, typed: doing.desk.merge(
            *doing.who, into=typed.text("into"), why=typed.text("why")
        ),
        done="Merged.",
    ),
    Form(
        act=Act.SPLIT,
        fields=(
            Field(
                name="targets",
                label="Which targets go on in a case of their own",
                kind="checks",
                options=_targets,
            ),
        ),
        does=_split,
        done="Split off.",
    ),
    Form(
        act=Act.CLOSE,
        fields=(Field(name="words", label="A last word", kind="area", required=False),),
        does=lambda doing, typed: doing.desk.close(*doing.who, words=typed.text("words")),
        done="Closed.",
        leaves=True,
    ),
    Form(
        act=Act.REOPEN,
        fields=(_WHY,),
        does=lambda doing, typed: doing.desk.reopen(*doing.who, why=typed.text("why")),
        done="Reopened.",
    ),
    Form(
        act=Act.RETAIN,
        leads="While a court or an auditor needs the file it is not erased. No day lifts that.",
        fields=(Field(name="until", label="Until", kind="day", required=False), _WHY),
        does=_retain,
        done="Recorded.",
    ),
    Form(
        act=Act.ERASE,
        leads="The keys of this case are destroyed. Nothing can be read of it afterwards, by anybody.",
        fields=(_WHY,),
        does=_erase,
        done="Erased.",
        fresh=True,
    ),
)
