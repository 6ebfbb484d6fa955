"""A letter composed from facts: one pure function of a kind, the facts and a language.

The same facts give the same letter. Whatever a kind does not need is not looked at, so it cannot show: the
receipt knows nothing but its number and two days, and the closed refusal nothing but references, day and
addressee. What a kind needs and does not find is refused here, before anybody reads a half-made letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date

import msgspec

from habeas.desk.letters.grounding import Basis, bases, cites_of, open_grounds, open_kinds
from habeas.desk.letters.model import (
    LABEL,
    Asked,
    Fate,
    Item,
    Kind,
    Language,
    Letter,
    LetterFacts,
    Paragraph,
    Point,
)
from habeas.desk.letters.texts import Texts, isolated, texts
from habeas.errors import Refused
from habeas.treaty import Arrival, Role

TO_THE_HOUSE = frozenset({Kind.NOTICE, Kind.DELAYED_NOTICE, Kind.OBJECTION_ANSWER, Kind.EXPERT_INVITATION})
"""Letters that do not go to the sender of the request: that they were written is nothing it may learn."""

_LABEL = re.compile(LABEL, re.ASCII)
_LONGEST = 2000  # characters of one value: a question of the house; names are far shorter
_JOINERS = frozenset("\u200c\u200d")  # Persian, Hindi and others cannot be written without them


def compose(
    kind: Kind,
    facts: LetterFacts,
    *,
    language: Language,
    authentic: Language = Language.ENGLISH,
    verified: frozenset[str] = frozenset(),
) -> Letter:
    """The letter of this kind, with the authentic text behind it where a jurist has not reviewed this one.

    verified: the provisions that may be quoted (`habeas.desk.letters.grounding.verified`).
    Raises Refused where the seat may not write such a letter, the sender may get no more than a receipt, or
    a fact is lacking.
    """
    _may(kind, facts)
    letter = _in(language, kind, facts, authentic, verified)
    if language is authentic or letter.reviewed:
        return letter
    behind = _in(authentic, kind, facts, authentic, verified)
    said = texts(authentic).say("words", "prevails")
    return msgspec.structs.replace(
        letter,
        notice=texts(language).say(
            "words", "unreviewed", authentic=texts(language).say("languages", authentic)
        ),
        held_for_counsel=letter.held_for_counsel or behind.held_for_counsel,
        beside=msgspec.structs.replace(behind, notice=said),
    )


def _may(kind: Kind, facts: LetterFacts) -> None:
    if kind is not Kind.RECEIPT and kind not in TO_THE_HOUSE and not facts.identified:
        raise Refused(
            "to a sender who is not identified goes nothing but the neutral receipt",
            place=f"letter: {kind}",
            hint="identify the sender first; the receipt may be sent now",
        )
    if kind not in open_kinds(facts.role, facts.arrival):
        if kind is Kind.CHALLENGE:
            raise Refused(
                "only an order of our own court or authority is answered by this letter",
                place=f"letter: {kind}",
                hint="a request from elsewhere is refused, narrowed or shown the right road",
            )
        raise Refused(
            "an order of our own court or authority is not answered by this letter",
            place=f"letter: {kind}",
            hint="ask for a narrower scope, ask questions, or bring the matter before the court",
        )


def _in(
    language: Language, kind: Kind, facts: LetterFacts, authentic: Language, verified: frozenset[str]
) -> Letter:
    draft = _Draft(language, kind, facts, verified)
    _KINDS[kind](draft)
    theirs = draft.shows_theirs and facts.their_reference
    shown = [draft.say("words", "ours", our_reference=draft.code(facts.our_reference, "our_reference"))]
    if theirs:
        shown.append(draft.say("words", "theirs", their_reference=draft.code(theirs, "their_reference")))
    return Letter(
        kind=kind,
        language=language,
        authentic_language=authentic,
        notice="",
        name=draft.word(facts.sender.name, "sender.name", bare=True),
        office=draft.word(facts.sender.office, "sender.office", bare=True),
        date=draft.texts.day(facts.written),
        references=tuple(shown),
        addressee=draft.addressee or draft.word(facts.addressee, "addressee", bare=True),
        subject=draft.subject,
        basis=draft.basis,
        paragraphs=tuple(draft.paragraphs),
        closing=draft.say("words", "respectfully"),
        reviewed=draft.texts.all_reviewed(),
        held_for_counsel=bool(draft.to_verify),
        to_verify=tuple(dict.fromkeys(draft.to_verify)),
    )


class _Draft:
    """One letter being written in one language."""

    def __init__(self, language: Language, kind: Kind, facts: LetterFacts, verified: frozenset[str]) -> None:
        self.texts: Texts = texts(language)
        self.language = language
        self.kind = kind
        self.facts = facts
        self.verified = verified
        self.shows_theirs = True
        self.addressee = ""
        self.subject = ""
        self.basis = ""
        self.paragraphs: list[Paragraph] = []
        self.to_verify: list[str] = []

    # --- words ---

    def say(self, section: str, key: str, **values: str) -> str:
        return self.texts.say(section, key, **values)

    def add(self, key: str, *, section: str = "", points: Iterable[Point] = (), **values: str) -> None:
        text = self.say(section or self.kind, key, **values)
        self.paragraphs.append(Paragraph(text=text, points=tuple(points)))

    def word(self, value: str, field: str, *, bare: bool = False) -> str:
        """A value given by the house, harmless and not empty. bare: it stands alone on its line."""
        _readable(value, field)
        return value if bare else isolated(value, self.language)

    def code(self, value: str, field: str) -> str:
        _readable(value, field)
        return isolated(value, self.language, ltr=True)

    def day(self, day: date | None, field: str) -> str:
        if day is None:
            raise Refused(f"a letter of this kind needs a day: {field}", place=f"letter: {self.kind}")
        return self.texts.day(day)

    # --- parts that several letters share ---

    def head(self) -> None:
        self.subject = self.say(self.kind, "subject", received=self.texts.day(self.facts.received))
        self.rely()

    def rely(self) -> None:
        if not self.texts.knows("instruments", self.facts.instrument):
            raise Refused(
                f"no letter knows the instrument {self.facts.instrument or '(none stated)'}",
                place="instrument",
            )
        name = isolated(self.say("instruments", self.facts.instrument), self.language)
        self.basis = self.say("words", "basis", instrument=name)

    def unconfirmed(self) -> None:
        self.add("unconfirmed", section="words")

    def until(self) -> None:
        day, at = self.day(self.facts.answer_by, "answer_by"), self.facts.answer_at
        if at is None:
            self.add("until", answer_by=day)
            return
        time = isolated(f"{at.astimezone(UTC):%H:%M}", self.language, ltr=True)
        self.add("urgent", section="words", answer_by=day, time=time)

    def items(self, *, own: bool = False) -> tuple[Point, ...]:
        if not self.facts.items:
            raise Refused("a letter of this kind names at least one item", place="items")
        return tuple(self.point(self._item(item, own)) for item in self.facts.items)

    def _item(self, item: Item, own: bool) -> str:
        if not _LABEL.fullmatch(item.target) or item.item < 1:
            raise Refused(
                "a letter names its targets by a label, as in A, and its items by a number",
                place="items",
                hint="an account, a name or a number of a person never stands in a letter",
            )
        key = "own_item" if own else "item"
        values = {"category": self.say("categories", item.category)}
        if not own:
            values |= {
                "target": isolated(item.target, self.language, ltr=True),
                "item": str(item.item),
            }
        if (item.first is None) != (item.last is None):
            raise Refused("a period has a first and a last day, or none", place="items")
        if item.first is None or item.last is None:
            return self.say("words", key, **values)
        first, last = self.texts.day(item.first), self.texts.day(item.last)
        return self.say("words", f"{key}_period", first=first, last=last, **values)

    def point(self, text: str) -> Point:
        return Point(text=text, language=self.language)

    def questions(self) -> tuple[Point, ...]:
        if not self.facts.questions:
            raise Refused("a letter of this kind asks at least one question", place="questions")
        asked = dict.fromkeys(self.question(question) for question in self.facts.questions)
        return tuple(asked)

    def question(self, asked: Asked) -> Point:
        """Words of the house's own, translated where they are of the rulebook."""
        if asked.fact and self.language is not asked.language and self.texts.knows("questions", asked.fact):
            return self.point(self.say("questions", asked.fact))
        _readable(asked.text, "questions")
        return Point(text=asked.text, language=asked.language)

    def rule(self, sentence: str, basis: Basis, what: str, given: tuple[str, ...] = ()) -> str:
        """A rule as a sentence, with those of its provisions that may be quoted."""
        cites, lacking = cites_of(
            basis, given, role=self.facts.role, instrument=self.facts.instrument, what=what
        )
        if lacking:
            self.to_verify.append(lacking)
        self.to_verify += [cite for cite in cites if cite not in self.verified]
        join = self.say("words", "join")
        quoted = join.join(self._article(cite) for cite in cites if cite in self.verified)
        if not quoted:
            return self.say("words", "uncited", sentence=sentence)
        return self.say("words", "cited", sentence=sentence, cites=quoted)

    def _article(self, cite: str) -> str:
        work, _, number = cite.partition(":")
        shown = isolated(number.strip(), self.language, ltr=True)
        if work == self.facts.instrument:
            return self.say("words", "article", number=shown)
        if self.texts.knows("instruments", work):
            name = isolated(self.say("instruments", work), self.language)
            return self.say("words", "article_of", number=shown, instrument=name)
        return shown  # a provision of a seat says itself what it is of


def _readable(value: str, field: str) -> None:
    if not value.strip():
        raise Refused(f"the letter lacks a value: {field}", place=field)
    if len(value) > _LONGEST:
        raise Refused(f"a value is longer than {_LONGEST} characters", place=field)
    for char in value:
        if char not in _JOINERS and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise Refused(f"a sign that is not read stands in a value: U+{ord(char):04X}", place=field)


# --- the kinds ----------------------------------------------------------------------------------------------


def _receipt(draft: _Draft) -> None:
    draft.shows_theirs = False
    draft.addressee = draft.say(Kind.RECEIPT, "addressee")
    draft.subject = draft.say(Kind.RECEIPT, "subject")
    number = draft.code(draft.facts.our_reference, "our_reference")
    draft.add("arrived", received=draft.texts.day(draft.facts.received), our_reference=number)
    draft.add("nothing_more")


def _acknowledgement(draft: _Draft) -> None:
    draft.head()
    draft.add("arrived", received=draft.texts.day(draft.facts.received))
    draft.add("examined")
    draft.add("missing")
    draft.unconfirmed()


def _clarification(draft: _Draft) -> None:
    draft.head()
    draft.add("opening", points=draft.questions())
    draft.add("answer")
    draft.until()
    draft.unconfirmed()


def _narrower_proposal(draft: _Draft) -> None:
    draft.head()
    draft.add("opening", points=draft.items())
    draft.add("rest")
    draft.add("answer")
    draft.until()
    if draft.facts.arrival is Arrival.DOMESTIC_ORDER:
        draft.add("court")
    draft.unconfirmed()


def _refusal(draft: _Draft) -> None:
    facts = draft.facts
    if not facts.grounds:
        raise Refused("a refusal states at least one ground", place="grounds")
    draft.head()
    on_file = bases().ground
    for reason in facts.grounds:
        if reason.ground not in open_grounds(facts.role):
            owner = "a provider" if facts.role is Role.PROVIDER else "a state"
            raise Refused(
                f"{owner} does not invoke the ground {reason.ground}",
                place="grounds",
                hint="grounds of a treaty belong to states; a provider says what the law of its seat does",
            )
        if (
            facts.instrument in on_file[reason.ground].consult
            and _for_a_state(facts)
            and facts.consulted is None
        ):
            raise Refused(
                f"before a refusal on the ground {reason.ground} the requesting state is consulted",
                place="consulted",
                hint="consult it, and record that you did",
            )
    points = tuple(
        draft.point(
            draft.rule(
                draft.say("grounds", reason.ground), on_file[reason.ground], reason.ground, reason.cites
            )
        )
        for reason in facts.grounds
    )
    draft.add("opening", points=points)
    if facts.consulted is not None:
        draft.add("consulted", consulted=draft.texts.day(facts.consulted))
    draft.add("road" if facts.role is Role.PROVIDER else "again")
    draft.unconfirmed()


def _reroute(draft: _Draft) -> None:
    facts = draft.facts
    if facts.road is None and not facts.named_road:
        raise Refused("this letter names a road", place="road")
    draft.head()
    draft.add("opening")
    if facts.named_road:
        named = Point(text=draft.word(facts.named_road, "road", bare=True), language=Language.ENGLISH)
        draft.add("named", points=(named,))
    elif facts.road is not None:
        draft.add(facts.road, seat_state=draft.word(facts.seat_state, "seat_state"))
    draft.add("again")
    draft.unconfirmed()


def _challenge(draft: _Draft) -> None:
    draft.head()
    draft.add("opening" if draft.facts.to_court else "delay", points=draft.items())
    draft.add("stay" if draft.facts.to_court else "time")
    draft.add("reasons")
    draft.unconfirmed()


def _more_time(draft: _Draft) -> None:
    """Directive 2014/41/EU, article 12(5) and (6): that a time is not kept, until when, and why, of a closed
    list; where it is to carry the order out, they are consulted on the day."""
    facts = draft.facts
    if facts.slow is None:
        raise Refused("this letter gives the reason for which it takes longer", place="slow")
    draft.head()
    draft.add(
        "decision" if facts.to_decide else "execution",
        points=(draft.point(draft.say("words", "uncited", sentence=draft.say("slow", facts.slow))),),
        later=draft.day(facts.later, "later"),
    )
    draft.add("late" if facts.to_decide else "consulted")
    draft.unconfirmed()


def _for_a_state(facts: LetterFacts) -> bool:
    return facts.role is not Role.PROVIDER


def _persecution_refusal(draft: _Draft) -> None:
    """Article and formula: nothing about the person, the request or what we hold, and no consultation."""
    draft.subject = draft.say(draft.kind, "subject")
    if draft.facts.role is Role.PROVIDER:
        draft.add("provider")
        return
    draft.add("refused")
    formula = draft.say(draft.kind, "formula")
    draft.paragraphs.append(Paragraph(text=draft.rule(formula, bases().persecution, "persecution")))


def _conditions(draft: _Draft) -> None:
    facts = draft.facts
    if not facts.conditions and not facts.terms:
        raise Refused("this letter states at least one condition", place="conditions")
    draft.head()
    draft.add("opening", points=draft.items())
    offered = bases().condition
    terms = []
    for condition in dict.fromkeys(facts.conditions):
        words = draft.say("conditions-offered", condition)
        # To a provider the article is no basis, but nobody is barred from asking for an undertaking.
        basis = offered[condition] if _for_a_state(facts) else Basis(house=True)
        if not basis.cites.get(facts.instrument):
            basis = Basis(house=True)
        terms.append(draft.point(draft.rule(words, basis, condition)))
    terms += [draft.question(term) for term in dict.fromkeys(facts.terms)]
    draft.add("terms", points=terms)
    draft.add("accept")
    draft.until()
    draft.unconfirmed()


def _notice(draft: _Draft) -> None:
    _tell(draft, "")


def _delayed_notice(draft: _Draft) -> None:
    _tell(draft, draft.day(draft.facts.bar_ended, "bar_ended"))


def _tell(draft: _Draft, bar_ended: str) -> None:
    facts, notice = draft.facts, Kind.NOTICE
    draft.shows_theirs = False
    draft.addressee = draft.say(notice, "addressee")  # the requester's office is no addressee of this
    draft.subject = draft.say(draft.kind, "subject")
    draft.rely()
    received = draft.texts.day(facts.received)
    if facts.arrival is Arrival.DOMESTIC_ORDER:
        draft.add("domestic", section=notice, received=received)
    else:
        state = draft.word(facts.requesting_state, "requesting_state")
        draft.add("opening", section=notice, received=received, requesting_state=state)
    if bar_ended:
        draft.add("bar" if facts.barred else "house", bar_ended=bar_ended)
    if facts.fate is Fate.GIVEN:
        draft.add("given", section=notice, points=draft.items(own=True))
    else:
        draft.add("asked", section=notice, points=draft.items(own=True))
    if facts.fate is Fate.REFUSED:
        draft.add("refused", section=notice)
    if facts.fate is Fate.UNDECIDED:
        draft.add("undecided", section=notice, not_before=draft.day(facts.not_before, "not_before"))
    contact = draft.word(facts.sender.contact, "sender.contact")
    if facts.fate is Fate.REFUSED:  # there is nothing to object to
        if facts.sender.door:
            door = draft.word(facts.sender.door, "sender.door")
            draft.add("proof", section=notice, door=door, house=draft.word(facts.house, "house"))
        draft.add("later", section=notice, contact=contact)
    elif facts.object_by is not None:
        draft.add("object", section=notice, object_by=draft.texts.day(facts.object_by), contact=contact)
        if facts.sender.door:
            door = draft.word(facts.sender.door, "sender.door")
            draft.add("door", section=notice, door=door, house=draft.word(facts.house, "house"))
        draft.add("free", section=notice)
    elif facts.fate is Fate.UNDECIDED:
        raise Refused("before a decision the person is told until when to object", place="object_by")
    else:
        draft.add("later", section=notice, contact=contact)
    draft.add("help", section=notice, oversight=draft.word(facts.sender.oversight, "sender.oversight"))


def _objection_answer(draft: _Draft) -> None:
    facts, notice = draft.facts, Kind.NOTICE
    if facts.heard is None:
        raise Refused("no objection was answered", place="heard", hint="answer it first, then write")
    draft.shows_theirs = False
    draft.addressee = draft.say(notice, "addressee")
    draft.subject = draft.say(draft.kind, "subject")
    draft.add("arrived", objected=draft.day(facts.objected, "objected"))
    draft.add(facts.heard)
    if facts.fate is Fate.REFUSED:
        draft.add("refused", section=notice)
    else:
        draft.add("given" if facts.fate is Fate.GIVEN else "none")
        draft.add("again")
    draft.add("court")
    draft.add("later", section=notice, contact=draft.word(facts.sender.contact, "sender.contact"))
    draft.add("help", section=notice, oversight=draft.word(facts.sender.oversight, "sender.oversight"))


def _expert_invitation(draft: _Draft) -> None:
    draft.shows_theirs = False
    draft.addressee = draft.say(draft.kind, "addressee")
    draft.subject = draft.say(draft.kind, "subject")
    draft.add("opening", points=draft.questions())
    draft.add("terms")
    draft.add("silence")
    draft.until()


def _secrecy_not_honoured(draft: _Draft) -> None:
    draft.head()
    draft.add("opening")
    if _for_a_state(draft.facts):
        rule = draft.say(draft.kind, "rule")
        draft.paragraphs.append(Paragraph(text=draft.rule(rule, bases().secrecy, "secrecy")))
    draft.add("choice", answer_by=draft.day(draft.facts.answer_by, "answer_by"))
    draft.add("order")
    draft.unconfirmed()


_KINDS: dict[Kind, Callable[[_Draft], None]] = {
    Kind.RECEIPT: _receipt,
    Kind.ACKNOWLEDGEMENT: _acknowledgement,
    Kind.CLARIFICATION: _clarification,
    Kind.NARROWER_PROPOSAL: _narrower_proposal,
    Kind.REFUSAL: _refusal,
    Kind.PERSECUTION_REFUSAL: _persecution_refusal,
    Kind.REROUTE: _reroute,
    Kind.CHALLENGE: _challenge,
    Kind.MORE_TIME: _more_time,
    Kind.CONDITIONS: _conditions,
    Kind.NOTICE: _notice,
    Kind.DELAYED_NOTICE: _delayed_notice,
    Kind.OBJECTION_ANSWER: _objection_answer,
    Kind.EXPERT_INVITATION: _expert_invitation,
    Kind.SECRECY_NOT_HONOURED: _secrecy_not_honoured,
}
