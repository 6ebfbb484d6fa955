"""The numbers on the report's page, the whole way: what people do at the desk, the entries, the count.

Each thing happens to a case of its own, and five, ten or fifteen times over: a multiple of five is never
rounded, so the page has to show exactly what happened here, whatever the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk.events import Ruling
from habeas.desk.letters.filling import PERSECUTION
from habeas.desk.public import Counted, Kind
from habeas.desk.rulings import recommended
from habeas.reports.transparency import House, Period, Report, as_html, package, report
from habeas.reports.transparency.laying import LICENCE
from habeas.request import AuthorisationKind, Request
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    EMERGENCY,
    SOUND,
    START,
    Memory,
    at,
    bring,
    changed,
    example,
    house_of,
    receive,
    rulings,
    step,
    steps,
    tell,
)
from tests.reports.transparency.shown import Shown

HALF = Period.half(2026, 2)
OF_THE_DAY = changed(
    EMERGENCY,
    authorisation=msgspec.structs.replace(EMERGENCY.authorisation, issued_on=START.date()),
    received_on=START.date(),
)


def refused_as_recommended(request: Request, *, persecution: bool = False) -> Memory:
    desk, memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    assert case.assessment is not None
    step(desk, "reviewed", decided=recommended(case.assessment))
    if desk.case(CASE).stage == "reviewed":
        step(desk, "decided")
    desk.refuse(CASE, "reviewer", at(hours=6), persecution=persecution)
    return memory


def sent_on(request: Request) -> Memory:
    desk, memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    assert case.assessment is not None
    step(desk, "reviewed", decided=recommended(case.assessment))
    if desk.case(CASE).stage == "reviewed":
        step(desk, "decided")
    desk.reroute(CASE, "reviewer", at(hours=6))
    return memory


def given(request: Request = SOUND, *, but: Ruling | None = None, valid: bool | None = None) -> Memory:
    """Given after the person was told. but: how the last item is decided. valid: whether it was validated."""
    desk, memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    decided = rulings(case)
    if but is not None:
        last = decided[-1]
        decided = (*decided[:-1], msgspec.structs.replace(but, target=last.target, item=last.item))
    if valid:
        desk.validate(CASE, "intake", at(hours=3), valid=True)
    steps(desk, "reviewed", "released", decided=decided)
    if valid is False:  # nothing would be given after that
        desk.validate(CASE, "intake", at(days=9, hours=2), valid=False)
    return memory


def told_after_a_bar() -> Memory:
    desk, memory = house_of()
    DONE["agree-delay"](desk)
    steps(desk, "prepared", "released")
    tell(desk, "reviewer", at(days=32))
    return memory


def waiting(request: Request, *, held: bool = False) -> Memory:
    desk, memory = house_of(request=request)
    receive(desk, request=request)
    if held:
        desk.hold(CASE, "intake", at(hours=2), hold="h1", targets=[request.targets[0].id])
    return memory


def objected(*, upheld: bool) -> Memory:
    desk, memory = house_of()
    bring(desk, "notified")
    desk.object(CASE, at(days=1), code=CODE, words="This is a mistake.")
    desk.answer_objection(CASE, "counsel", at(days=2), upheld=upheld, reason="It was looked at.")
    return memory


NO = Ruling(target="", item="", decision=Decision.REFUSE, ceiling=Ceiling.NOTHING, ground=PERSECUTION)
LESS = Ruling(
    target="", item="", decision=Decision.NARROW, ceiling=Ceiling.CONTENT, scope="One week of it, no more."
)
PROSECUTOR = msgspec.structs.replace(SOUND.authorisation, kind=AuthorisationKind.PROSECUTOR)
UNKNOWN = tuple(msgspec.structs.replace(each, citations=("§ 999999",)) for each in SOUND.offences)


def happened() -> list[Counted]:
    """What the log says of all of it; `times` each."""
    found: list[Counted] = []
    for times, memory in (
        (15, refused_as_recommended(example("persecution-dressed-as-fraud"), persecution=True)),  # TUR
        (5, refused_as_recommended(example("lese-majeste"), persecution=True)),  # THA
        (10, refused_as_recommended(example("forged-emergency"))),  # PRY, straight to us, an emergency
        (5, sent_on(example("not-in-force"))),  # QAT
        (20, given()),  # FRA from here on
        (5, given(but=NO)),
        (10, given(but=LESS)),
        (15, given(OF_THE_DAY, but=NO)),
        (5, given(OF_THE_DAY, valid=True)),
        (10, given(EMERGENCY, valid=True)),  # issued long before
        (5, given(OF_THE_DAY, valid=False)),
        (10, told_after_a_bar()),
        (5, objected(upheld=True)),
        (10, objected(upheld=False)),
        (5, waiting(changed(SOUND, authorisation=PROSECUTOR))),
        (10, waiting(changed(SOUND, offences=UNKNOWN), held=True)),
        (5, waiting(example("domestic-order"))),  # BRA, an order
    ):
        found += [entry.count for _stream, entry in memory.public] * times
    # What came to a door and was no request.
    return [*found, *[Counted(kind=Kind.ARRIVAL, month="2026-11", door="mailbox")] * 35]


@pytest.fixture(scope="module")
def counted() -> list[Counted]:
    return happened()


@pytest.fixture(scope="module", params=[b"\x00", b"\x07"])
def shown(counted: list[Counted], request: pytest.FixtureRequest) -> Shown:
    return Shown(as_html(counts(counted, request.param * 32)))


def counts(counted: Sequence[Counted], seed: bytes) -> Report:
    return report(counted, HALF, house=House(name="Example House"), seed=seed, made=date(2027, 1, 9))


FRANCE = 20 + 5 + 10 + 15 + 5 + 10 + 5 + 10 + 5 + 10 + 5 + 10
FOREIGN = FRANCE + 15 + 5 + 5
GIVEN = 20 + 5 + 10 + 15 + 5 + 10 + 5 + 10
REFUSED = 15 + 5 + 10 + 5 + 15  # the last two beside what was given
"""Written down from the list above, and from nothing that counts."""


def test_the_head_says_what_happened(shown: Shown) -> None:
    assert shown.figures == {
        "requests from foreign states": str(FOREIGN),
        "requests straight from foreign authorities": "10",
        "orders of our own state": "5",
        "refusals": str(REFUSED),
        "accounts of which something was disclosed": str(GIVEN),
    }
    assert shown.lead == (
        f"Foreign states sent us about {FOREIGN} requests, foreign authorities about 10 more straight to us, "
        f"and our own state about 5 orders. We refused about {REFUSED}, and decided to disclose something in "
        f"about {GIVEN + 15}."
    )


def test_each_state_has_what_it_asked_what_was_refused_and_what_was_decided_to_be_given(shown: Shown) -> None:
    states = shown.tables["Foreign states"]
    assert {name: [int(each) for each in row] for name, row in states.items()} == {
        "France": [FRANCE, 20, GIVEN + 15],  # in fifteen cases an objection came before anything left
        "Türkiye": [15, 15, 0],
        "Thailand": [5, 5, 0],
        "Qatar": [5, 0, 0],
        "Other states": [0, 0, 0],
        "All listed": [FOREIGN, 40, GIVEN + 15],
    }
    assert shown.row("Straight to us", "Paraguay") == [10, 10, 0]


def test_every_ground_of_refusal_is_a_word_that_is_counted(shown: Shown) -> None:
    grounds = shown.tables["Ground of refusal"]
    assert grounds["Persecution"] == (str(15 + 5 + 5 + 15), "0", "0")
    assert grounds["Sender not proven"] == ("0", "10", "0")
    assert grounds["Other"] == grounds["Not stated"] == ("0",)  # in the sentence of what is zero everywhere


def test_decisions_are_called_what_they_are(shown: Shown) -> None:
    decided = shown.tables["Decision"]
    assert decided["Disclose as asked"] == (str(20 + 5 + 10 + 5 + 10 + 15), "0", "0")
    assert decided["Disclose all, a part of it narrowed"] == ("10", "0", "0")
    assert decided["Disclose a part, refuse the rest"] == (str(5 + 15), "0", "0")
    assert decided["Refuse"] == ("20", "10", "0")
    assert decided["Send on to another road"] == ("5", "0", "0")
    basis = shown.tables["Legal basis, as we found it"]
    assert basis["Shown"] == (str(GIVEN + 15 + 15), "10", "0")
    assert basis["Missing"] == (str(5 + 5), "0", "0")  # a treaty that is not in force


def test_an_emergency_that_was_given_in_part_is_one(shown: Shown) -> None:
    table = shown.tables["Emergencies"]
    assert table["Decided to disclose in an emergency"] == (str(15 + 5 + 10 + 5), "0", "0")
    assert table["Validations: in time"] == ("5", "0", "0")
    assert table["Validations: late"] == ("10", "0", "0")
    assert table["Not validated (yet)"] == (str(15 + 5), "0", "0")


def test_what_was_asked_for_is_counted_as_it_was_said(shown: Shown) -> None:
    assert shown.row("Who authorised it", "Judge")[:2] == [FOREIGN - 5, 0]
    assert shown.row("Who authorised it", "Prosecutor") == [5, 0, 0]
    assert shown.row("Who authorised it", "Police") == [0, 10, 0]
    assert shown.row("Offence alleged", "Provision not known to us")[:2] == [10, 10]
    assert shown.row("Preservation", "Placed") == [10, 0, 0]


def test_whom_we_told_and_when(shown: Shown) -> None:
    told = shown.tables["Accounts whose holder was told"]
    assert told["Before disclosure"] == (str(GIVEN - 10 + 15), "0", "0")
    assert told["When a bar had ended"] == ("10", "0", "0")
    assert shown.row("Notices delayed, by ground", "An order forbade it until a day") == [10, 0, 0]
    assert (shown.row("Objections", "Upheld"), shown.row("Objections", "Not upheld")) == (
        [5, 0, 0],
        [10, 0, 0],
    )


def test_the_difference_at_a_door_is_what_was_no_request(shown: Shown) -> None:
    assert shown.row("At which door", "Portal") == [FOREIGN + 15, FOREIGN + 15, 0]
    assert shown.row("At which door", "Mailbox") == [35, 0, 35]


def test_the_open_data_has_the_same_numbers_as_the_page(counted: list[Counted]) -> None:
    files = package(counts(counted, b"\x09" * 32), licence=LICENCE)
    assert files["requests.csv"].decode().splitlines()[1:] == [
        f"2026,2,request,{FOREIGN},{GIVEN + 15}",
        "2026,2,direct,10,0",
        "2026,2,order,5,0",
    ]
    assert "2026-H2,refusal,request,TUR,ground,persecution,15" in files["numbers.csv"].decode()
