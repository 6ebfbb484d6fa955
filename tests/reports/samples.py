"""A request and an answer made by hand, with every part that can be shown: roles only, no engine behind them.

The answer is not what the engine would say; it is there so that what is shown stays the same when law, words
and policy change.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from habeas.assess import Assessment, Ceiling, Finding, Outcome
from habeas.assess.finding import (
    Change,
    Cited,
    ClockRun,
    FactMissing,
    FactSource,
    FactUsed,
    ItemDecision,
    Question,
    Sign,
    Task,
    Versions,
)
from habeas.request import (
    Authorisation,
    AuthorisationKind,
    Authority,
    Category,
    Identifier,
    Item,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Secrecy,
    Target,
)

FACTS = (
    "The accused insulted the President in four posts and spread false news.\n\n"
    "We request the names of all persons who shared the posts."
)
ARABIC = "قام المتهم بنشر أخبار كاذبة من شأنها تكدير السلم العام."

PERSECUTION = Cited(cite="uncc:40(22)", title="Persecution clause", certainty="seen")
RIGHTS = Cited(cite="uncc:6(1)", title="Human rights obligations", certainty="memory")
PARTICULARS = Cited(cite="uncc:40(15)(c)", title="Summary of facts", certainty="analog")
GRAVITY = Cited(cite="uncc:2(h)", title="Serious crime", certainty="check")


def quoted(words: str, text: str = FACTS, field: str = "facts") -> FactSource:
    """A source that stands in `text`."""
    start = text.index(words)
    return FactSource(kind="narrative", ref=field, words=words, span=(start, start + len(words)))


def sign(name: str, *sources: FactSource, kind: str = "protected", **parts: Any) -> Sign:
    values: dict[str, Any] = {
        "id": name,
        "kind": kind,
        "says": f"a sign of {name}",
        "weight": 3,
        "categories": ("political-criticism",) if kind == "protected" else (),
        "sources": sources,
    }
    return Sign(**{**values, **parts})


def finding(check: str, outcome: Outcome, house: str, **parts: Any) -> Finding:
    values: dict[str, Any] = {
        "check": check,
        "theme": "persecution",
        "outcome": outcome,
        "sentence": f"The sentence of {check}.",
        "question": f"Is {check} met?",
        "cites": (PERSECUTION, RIGHTS),
        "treaty": "no obligation to assist",
        "house": house,
    }
    return Finding(**{**values, **parts})


REQUEST = Request(
    id="R-7",
    instrument="uncc",
    measure=Measure.STORED_ACCESS,
    instrument_stated="article 44",
    received_on=date(2026, 11, 9),
    reference="file 12/2026",
    requesting_state="KWT",
    seat_state="IRL",
    addressee="social network",
    issuing=Authority(name="Public prosecutor's office", office="media section"),
    authorisation=Authorisation(kind=AuthorisationKind.PROSECUTOR),
    offences=(
        Offence(
            label="insulting the head of state",
            citations=("Art. 25, Law 31 of 1970",),
            claimed_maximum=Penalty(kind=PenaltyKind.YEARS, years=5),
        ),
    ),
    facts=FACTS,
    language="en",
    secrecy=Secrecy(asked=True),
    targets=(
        Target(
            id="t1",
            identifiers=(Identifier(value="@account"),),
            role="accused",
            items=(
                Item(
                    id="i1",
                    category=Category.SUBSCRIBER,
                    period=Period(start=date(2026, 8, 1), end=date(2026, 9, 30)),
                ),
                Item(id="i2", category=Category.CONTENT, description="messages with journalists"),
            ),
        ),
    ),
    supposed=("sender-identified",),
)

ANSWER = Assessment(
    id="R-7",
    decision="refuse",
    because="There are substantial grounds to believe that the request pursues protected conduct.",
    protected_conduct=("political-criticism",),
    on=date(2026, 11, 21),
    seat="IRL, provider, request",
    supposed=("sender-identified", "convention-in-force"),
    items=(
        ItemDecision(
            target="t1",
            role="accused",
            item="i1",
            category="subscriber",
            decision="refuse",
            ceiling=Ceiling.NOTHING,
            why="Nothing is given on this recommendation.",
        ),
        ItemDecision(
            target="t1",
            role="accused",
            item="i2",
            category="content",
            decision="refuse",
            ceiling=Ceiling.PRESERVE,
            why="Kept, not disclosed, and nobody is told.",
        ),
    ),
    findings=(
        finding("form.met", Outcome.MET, "none", cites=(PARTICULARS,)),
        finding(
            "form.weaker",
            Outcome.NOT_SHOWN,
            "ask",
            cites=(PARTICULARS,),
            missing=(
                FactMissing(
                    fact="necessity_stated",
                    says="why the data are needed is stated",
                    supplier="requester",
                    question="Please state why the data are needed.",
                    effect="blocks",
                ),
            ),
        ),
        finding(
            "rights.strongest",
            Outcome.NOT_MET,
            "refuse-rights",
            used=(
                FactUsed(
                    fact="persecution_shown",
                    says="the request is about protected conduct",
                    outcome=Outcome.MET,
                    note="signs of protected conduct 6",
                    sources=(
                        quoted("spread false news"),
                        quoted("insulted the President"),
                        FactSource(kind="supposed", ref="sender-identified"),
                        FactSource(kind="request", ref="offences", words="5 years"),
                    ),
                ),
            ),
        ),
        finding("gravity.noted", Outcome.NOT_SHOWN, "note", cites=(GRAVITY,)),
    ),
    signs=(
        sign("breadth", quoted("names of all persons who shared the posts"), kind="breadth"),
        sign("insult", quoted("insulted the President"), quoted("posts")),
        sign("falsehood", quoted("insulted the President in four posts and spread false news")),
    ),
    questions=(
        Question(
            fact="necessity_stated",
            question="Please state why the data are needed.",
            cites=("uncc:40(15)(c)",),
        ),
    ),
    tasks=(Task(who="counsel", task="Would this be an offence here?", why="It cannot be told."),),
    conditions=("use for this case only",),
    clocks=(
        ClockRun(
            id="keep",
            cite="uncc:42(8)",
            bound="not-before",
            due=date(2027, 1, 8),
            sum="2026-11-09 + 60 days = 2027-01-08",
            rule="Data preserved are not released before sixty days have run.",
            certainty="analog",
        ),
        ClockRun(
            id="order",
            cite="uncc:25(2)",
            bound="not-after",
            due=None,
            sum="90 days from order served",
            rule="A domestic order lasts at most ninety days.",
            certainty="analog",
        ),
    ),
    would_change=(
        Change(
            fact="persecution_shown",
            says="the request is about protected conduct",
            now=Outcome.MET,
            if_outcome=Outcome.NOT_MET,
            then="clarify",
        ),
    ),
    versions=Versions(habeas="1.0", rules="aaaa", policy="house policy 1", law="bbbb", atlas="cccc"),
)


def answer(**parts: Any) -> Assessment:
    return msgspec.structs.replace(ANSWER, **parts)


def request(**parts: Any) -> Request:
    return msgspec.structs.replace(REQUEST, **parts)


ARABIC_REQUEST = request(facts=ARABIC, language="ar")
ARABIC_ANSWER = answer(
    signs=(
        sign("falsehood", quoted("نشر أخبار كاذبة", ARABIC)),
        sign("order", quoted("تكدير السلم", ARABIC)),
    ),
    findings=(),
)

HOSTILE = (
    "\x1b[31mred\x1b[0m \x9b2J [bold]markup[/bold] :smile: <script>alert(1)</script> "
    "\u202ereversed\u202c [link](http://evil.example) `code` | pipe **bold** \ud800 \x07 {{ 7 * 7 }}"
)
