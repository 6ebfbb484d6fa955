"""What leaves the desk for the public log: the entries of what happens, and how they are committed to."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.assess import Ceiling, Decision
from habeas.assess.finding import Outcome
from habeas.desk import public
from habeas.desk.case import GIVES, Case
from habeas.desk.events import DelayGround
from habeas.desk.letters import Ground, filling
from habeas.desk.letters.filling import PERSECUTION
from habeas.desk.public import (
    GIVING,
    GROUPS,
    LEAF,
    SALT,
    Counted,
    Entry,
    Kind,
    Mixed,
    Opening,
    Paper,
    Personal,
)
from habeas.desk.rulings import recommended
from habeas.errors import Refused
from habeas.request import Emergency, Measure
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    PACKAGE,
    SETTINGS,
    SOUND,
    SOURCE,
    TWO,
    Memory,
    all_refused,
    ask,
    at,
    bring,
    example,
    house_of,
    receive,
    rulings,
    send,
    step,
    written,
)

FIRST = Entry(
    count=Counted(kind=Kind.REQUEST, month="2026-11", state="FRA", categories="content traffic"),
    person=Personal(account="one@host.example", asked="content", outcome="told", on="2026-11-23"),
    paper=Paper(nature="letter", document="ab" * 32),
)


def counting() -> Callable[[int], bytes]:
    """Salts that can be told apart."""
    numbers = itertools.count(1)
    return lambda length: next(numbers).to_bytes(length, "big")


def said(memory: Memory, case: str = CASE) -> list[Entry]:
    return [each for stream, each in memory.public if stream == case]


def only(memory: Memory, kind: Kind, case: str = CASE) -> Counted:
    [found] = [each.count for each in said(memory, case) if each.count.kind == kind]
    return found


# ---- the encoding ----------------------------------------------------------------------------------------


def test_a_commitment_is_what_the_published_rule_says() -> None:
    def long(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    def by_hand(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(long(part) for part in parts)).digest()

    opened = public.salted(FIRST, counting())
    for group, fields in GROUPS.items():
        opening: Opening = getattr(opened, group)
        commitments = [
            by_hand(b"habeas/field/v1", group.encode(), name.encode(), salt, value.encode())
            for name, salt, value in zip(fields, opening.salts, opening.values, strict=True)
        ]
        assert opening.commitment() == by_hand(b"habeas/group/v1", group.encode(), *commitments)
    leaf = opened.leaf()
    assert leaf[:16] == b"habeas/leaf/v1\n\n"
    assert leaf[16:] == b"".join(getattr(opened, group).commitment() for group in GROUPS)


def test_the_encoding_never_changes() -> None:
    """This hash may only change together with the tag of the leaf."""
    leaf = public.salted(FIRST, counting()).leaf()
    known = "fc9eb6b51ee3b579f5bb4f2643c604acf4f208e5e56da586bda10d4fb2af1d13"
    assert hashlib.sha256(leaf).hexdigest() == known


@given(
    st.sampled_from(list(GROUPS)),
    st.data(),
    st.text(max_size=40),
    st.binary(min_size=SALT, max_size=SALT),
)
def test_any_other_value_or_salt_is_another_commitment(
    group: str, data: st.DataObject, value: str, salt: bytes
) -> None:
    opening: Opening = getattr(public.salted(FIRST, counting()), group)
    place = data.draw(st.integers(0, len(opening.values) - 1))

    def put(values: tuple[object, ...], new: object) -> tuple[object, ...]:
        return (*values[:place], new, *values[place + 1 :])

    for other in (
        msgspec.structs.replace(opening, values=put(opening.values, value)),
        msgspec.structs.replace(opening, salts=put(opening.salts, salt)),
    ):
        assert (other.commitment() == opening.commitment()) == (other == opening)


def test_every_leaf_has_the_same_length_and_every_salt_is_its_own() -> None:
    empty = public.salted(public.PADDING, counting())
    full = public.salted(FIRST, counting())
    assert len(empty.leaf()) == len(full.leaf()) == LEAF
    salts = [salt for group in GROUPS for salt in getattr(full, group).salts]
    assert len(set(salts)) == len(salts) == public.FIELDS


@pytest.mark.parametrize("change", ["value", "salt", "group", "short"])
def test_what_is_not_exactly_the_fields_of_a_group_is_refused(change: str) -> None:
    opening = public.salted(FIRST, counting()).paper
    bad = {
        "value": msgspec.structs.replace(opening, values=(*opening.values, "more")),
        "salt": msgspec.structs.replace(opening, salts=opening.salts[1:]),
        "group": msgspec.structs.replace(opening, group="other"),
        "short": msgspec.structs.replace(opening, salts=(b"short", *opening.salts[1:])),
    }[change]
    with pytest.raises(Refused):
        bad.commitment()


def test_an_account_is_the_same_however_it_is_written() -> None:
    assert public.plain_account(["B@host.example ", "a@HOST.example"]) == public.plain_account(
        ["a@host.example", " b@host.example", "b@host.example"]
    )
    assert public.plain_account(["a"]) != public.plain_account(["b"])


def test_salts_that_were_promised_are_used() -> None:
    promised = public.salted(public.arrival("mailbox", "00" * 32, at()), counting()).paper
    again = public.salted(public.arrival("mailbox", "00" * 32, at()), counting(), paper=promised)
    assert again.paper.commitment() == promised.commitment()


# ---- what is said ----------------------------------------------------------------------------------------


def test_a_request_is_said_with_what_it_asks_and_without_whom_it_is_about() -> None:
    desk, memory = house_of(request=TWO)
    receive(desk, request=TWO, promise=SOURCE)
    [entry] = said(memory)
    assert entry.count.kind == Kind.REQUEST
    assert entry.count.state == TWO.requesting_state
    assert (entry.count.month, entry.count.door, entry.count.accounts) == ("2026-11", "portal", "2")
    assert set(entry.count.categories.split()) == {
        str(item.category) for target in TWO.targets for item in target.items
    }
    assert entry.count.offences
    assert entry.person == Personal()
    written = msgspec.json.encode(entry).decode()
    for target in TWO.targets:
        for identifier in target.identifiers:
            assert identifier.value not in written
    assert TWO.facts not in written


def test_accounts_asked_about_are_the_sum_of_what_became_of_them() -> None:
    desk, memory = house_of(request=TWO)
    case = bring(desk, "assessed", request=TWO)
    first, *_ = case.asked()
    decided = tuple(
        msgspec.structs.replace(
            each, decision=Decision.REFUSE, ceiling=Ceiling.NOTHING, ground=Ground.HUMAN_RIGHTS
        )
        if each.target != first[0]
        else each
        for each in rulings(case)
    )
    for name in ("reviewed", "decided", "notified", "prepared", "approved", "released", "closed"):
        step(desk, name, **({"decided": decided} if name == "reviewed" else {}))
    asked = int(only(memory, Kind.REQUEST).accounts)
    answers = (Kind.RELEASE, Kind.REFUSAL, Kind.REROUTE, Kind.WITHDRAWAL, Kind.CLOSING)
    answered = sum(int(each.count.accounts or 0) for each in said(memory) if each.count.kind in answers)
    assert asked == answered == 2
    assert only(memory, Kind.REFUSAL).ground == Ground.HUMAN_RIGHTS
    assert only(memory, Kind.DECISION).decision == Mixed.IN_PART
    assert "fewer-accounts" in only(memory, Kind.DECISION).how


def test_accounts_that_an_answer_adds_are_asked_about_too() -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    for day, request in ((1, SOUND), (3, TWO), (5, SOUND), (7, TWO)):
        ask(desk, at(days=day), "About whom?")
        desk.answer(CASE, "intake", at(days=day + 1), request=request, source=SOURCE)
        step(desk, "identified", when=at(days=day + 1))
        step(desk, "recorded", when=at(days=day + 1))
        step(desk, "assessed", when=at(days=day + 1))
    added = only(memory, Kind.ADDITION)  # once, however often the answers name it
    assert (added.accounts, added.categories) == ("1", only(memory, Kind.REQUEST).categories)
    desk.withdraw(CASE, "intake", at(days=9), why="Their letter.")
    asked = int(only(memory, Kind.REQUEST).accounts) + int(added.accounts)
    assert asked == int(only(memory, Kind.WITHDRAWAL).accounts) == 2


def test_a_release_opens_to_the_person_what_was_given_and_to_the_authority_its_package() -> None:
    desk, memory = house_of()
    bring(desk, "released")
    [entry] = [each for each in said(memory) if each.count.kind == Kind.RELEASE]
    account = public.plain_account(each.value for each in SOUND.targets[0].identifiers)
    assert entry.person.account == account
    assert entry.person.outcome == entry.count.given
    assert entry.person.on == "2026-12-02"
    assert entry.paper == Paper(nature="package", document=PACKAGE)
    assert (entry.count.accounts, entry.count.days, entry.count.again) == ("1", "9", "")


def test_each_person_told_has_an_entry_of_their_own() -> None:
    desk, memory = house_of(request=TWO)
    bring(desk, "notified", request=TWO)
    notices = [each for each in said(memory) if each.count.kind == Kind.NOTICE]
    assert len(notices) == 2
    assert len({each.person.account for each in notices}) == 2
    assert {each.count.how for each in notices} == {"before-release"}


def test_who_is_told_of_a_refusal_is_told_that_nothing_was_given() -> None:
    desk, memory = house_of()
    case = bring(desk, "assessed")
    step(desk, "reviewed", decided=all_refused(case))
    step(desk, "decided")
    desk.refuse(CASE, "reviewer", at(hours=6))
    written(desk, "reviewer", at(hours=7))
    send(desk, "intake", at(hours=7))
    [notice] = [each for each in said(memory) if each.count.kind == Kind.NOTICE]
    assert (notice.count.how, notice.person.outcome) == ("after-refusal", "nothing was given")


@pytest.mark.parametrize(
    ("outcomes", "basis"),
    [
        (("met", "met"), "shown"),
        (("met", "not shown"), "not-shown"),
        (("met", "not met"), "missing"),
        (("not met", "not shown"), "missing"),
        ((), ""),
    ],
)
def test_a_legal_basis_is_shown_where_no_finding_about_it_says_otherwise(
    outcomes: tuple[str, ...], basis: str
) -> None:
    desk, _memory = house_of()
    case = bring(desk, "decided")
    assert case.assessment is not None
    [finding, *_rest] = [each for each in case.assessment.findings if each.theme == "basis"]
    others = [each for each in case.assessment.findings if each.theme != "basis"]
    findings = [msgspec.structs.replace(finding, outcome=Outcome(each)) for each in outcomes]
    judged = msgspec.structs.replace(case.assessment, findings=(*findings, *others))
    here = msgspec.structs.replace(case, assessment=judged)
    [entry] = public.entries(here, here, case.history[-1:])
    assert (entry.count.kind, entry.count.basis) == (Kind.DECISION, basis)


def test_a_refusal_says_its_ground_and_never_what_the_charge_is_about() -> None:
    desk, memory = house_of()
    case = bring(desk, "assessed")
    unlisted = tuple(msgspec.structs.replace(each, ground="what we think") for each in all_refused(case))
    step(desk, "reviewed", decided=unlisted)
    step(desk, "decided")
    desk.refuse(CASE, "reviewer", at(hours=6), persecution=True)
    refusal = only(memory, Kind.REFUSAL)
    assert refusal.ground == "other | persecution"  # words of no closed list, and what was chosen with them
    assert (refusal.accounts, refusal.days) == ("1", "0")
    assert case.assessment is not None
    written = msgspec.json.encode([each for _stream, each in memory.public]).decode()
    for sign in case.assessment.signs:
        assert sign.says not in written


@pytest.mark.parametrize(
    ("story", "ground"),
    [
        ("persecution-dressed-as-fraud", PERSECUTION),
        ("lese-majeste", PERSECUTION),
        ("forged-emergency", Ground.AUTHENTICITY),
        ("domestic-order", Ground.LIVE_DATA),
    ],
)
def test_what_is_refused_as_recommended_has_its_ground_in_a_word_that_is_counted(
    story: str, ground: str
) -> None:
    """The recommendation names an article; the log says what the finding is about that cites it."""
    request = example(story)
    desk, _memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    assert case.assessment is not None
    named = {each.ground for each in recommended(case.assessment) if each.ground}
    assert named
    assert all(":" in each for each in named)  # articles
    assert {filling.ground(case, each) for each in named} == {ground}


def decided_as(*decisions: Decision) -> tuple[Case, Memory]:
    """A request about one account with several kinds of data, each decided in its own way."""
    desk, memory = house_of(request=SOUND)
    case = bring(desk, "assessed", request=SOUND)
    first, *rest = rulings(case)
    given = (*decisions, *(decisions[-1:] * len(rest)))[: len(rest) + 1]
    decided = tuple(
        msgspec.structs.replace(each, decision=how, ceiling=each.ceiling if how in GIVES else Ceiling.NOTHING)
        for each, how in zip((first, *rest), given, strict=True)
    )
    decided = tuple(
        msgspec.structs.replace(each, ground=Ground.PROPORTIONALITY)
        if each.decision is Decision.REFUSE
        else msgspec.structs.replace(each, scope="one week" if each.decision is Decision.NARROW else "")
        for each in decided
    )
    step(desk, "reviewed", decided=decided)
    return step(desk, "decided"), memory


@pytest.mark.parametrize(
    ("decisions", "word", "gives"),
    [
        ((Decision.PROCEED,), "proceed", True),
        ((Decision.NARROW, Decision.PROCEED), Mixed.NARROWED_IN_PART, True),
        ((Decision.REFUSE, Decision.PROCEED), Mixed.IN_PART, True),
        ((Decision.REFUSE, Decision.CLARIFY, Decision.PROCEED), Mixed.IN_PART, True),
        ((Decision.CLARIFY, Decision.PROCEED), Mixed.PART_NOW, True),
        ((Decision.CLARIFY, Decision.REFUSE), Mixed.SEVERAL, False),
        ((Decision.REFUSE,), "refuse", False),
    ],
)
def test_a_decision_that_is_not_the_same_for_everything_has_a_word_of_its_own(
    decisions: tuple[Decision, ...], word: str, gives: bool
) -> None:
    _case, memory = decided_as(*decisions)
    decision = only(memory, Kind.DECISION)
    assert decision.decision == word
    assert (word in GIVING) == gives


def test_what_is_refused_beside_data_of_the_same_account_keeps_its_ground() -> None:
    """The account got something, so it is counted where it did; the refusal is one all the same."""
    desk, memory = house_of(request=SOUND)
    case = bring(desk, "assessed", request=SOUND)
    *others, last = rulings(case)
    assert {each.target for each in others} == {last.target}
    refused = msgspec.structs.replace(
        last, decision=Decision.REFUSE, ceiling=Ceiling.NOTHING, ground=PERSECUTION
    )
    for name in ("reviewed", "decided", "notified", "prepared", "approved", "released"):
        step(desk, name, **({"decided": (*others, refused)} if name == "reviewed" else {}))
    refusal = only(memory, Kind.REFUSAL)
    assert (refusal.ground, refusal.accounts, refusal.days) == (PERSECUTION, "", "9")
    assert only(memory, Kind.RELEASE).accounts == only(memory, Kind.REQUEST).accounts == "1"


@pytest.mark.parametrize(
    ("act", "kind", "how"),
    [
        ("hold", Kind.HOLD, "placed"),
        ("extend", Kind.HOLD, "extended"),
        ("lapse", Kind.HOLD, "ended"),
        ("withdraw", Kind.WITHDRAWAL, ""),
        ("reroute", Kind.REROUTE, ""),
        ("agree-delay", Kind.NOTICE_DELAY, ""),
        ("answer-objection", Kind.OBJECTION_ANSWER, "not-upheld"),
        ("close", Kind.CLOSING, ""),
        ("erase", Kind.ERASURE, ""),
    ],
)
def test_each_thing_the_public_may_know_of_is_said(act: str, kind: Kind, how: str) -> None:
    desk, memory = house_of()
    DONE[act](desk)
    last = said(memory)[-1].count
    assert (last.kind, last.how) == (kind, how)


def test_an_erasure_says_whose_request_it_was_so_that_law_can_silence_it_with_the_request() -> None:
    desk, memory = house_of()
    DONE["erase"](desk)
    asked, erased = (only(memory, kind) for kind in (Kind.REQUEST, Kind.ERASURE))
    for field in ("footing", "state", "instrument"):
        assert getattr(erased, field) == getattr(asked, field) != ""
    assert erased.accounts == ""


def test_an_objection_is_said_without_its_words() -> None:
    desk, memory = house_of()
    bring(desk, "notified")
    desk.object(CASE, at(days=1), code=CODE, words="This is a mistake.")
    assert only(memory, Kind.OBJECTION).state == SOUND.requesting_state
    assert "mistake" not in msgspec.json.encode(said(memory)).decode()


def test_what_is_written_between_colleagues_is_not_said() -> None:
    for act in ("note", "assign", "hand-over", "invite", "declare-conflict", "give-opinion", "consult"):
        desk, memory = house_of()
        DONE[act](desk)
        assert [each.count.kind for each in said(memory)] == [Kind.ARRIVAL, Kind.REQUEST], act


def test_a_delay_says_its_ground_from_the_closed_list_and_no_word_of_the_file() -> None:
    desk, memory = house_of()
    DONE["agree-delay"](desk)
    assert only(memory, Kind.NOTICE_DELAY).ground == DelayGround.GAG_ORDER
    words = msgspec.json.encode(said(memory)).decode()
    assert "StPO 279" not in words
    assert "of the court" not in words


def test_a_case_split_off_is_no_second_request() -> None:
    desk, memory = house_of(request=TWO)
    bring(desk, "identified", request=TWO)
    desk.split(CASE, "reviewer", at(hours=2), targets=["t2"], into="2026-000002")
    assert [each.count.kind for _stream, each in memory.public] == [Kind.ARRIVAL, Kind.REQUEST]


def test_a_request_that_no_door_counted_is_said_with_its_arrival() -> None:
    """As before a house opened its log: else more requests than arrivals would stand in it for good. A door
    that counted it gave a promise."""
    for promise, kinds in (("", [Kind.ARRIVAL, Kind.REQUEST]), (SOURCE, [Kind.REQUEST])):
        desk, memory = house_of()
        receive(desk, promise=promise)
        assert [each.count.kind for each in said(memory)] == kinds
    desk, memory = house_of()
    receive(desk)
    arrival, request = said(memory)
    assert arrival.count == Counted(kind=Kind.ARRIVAL, month="2026-11", door="portal")
    assert (arrival.count.door, arrival.count.month) == (request.count.door, request.count.month)
    assert arrival.paper == Paper(nature="request", document=SOURCE)


def test_an_emergency_is_claimed_until_the_sender_is_sure() -> None:
    urgent = msgspec.structs.replace(SOUND, emergency=Emergency(claimed=True, statement="a life"))
    desk, memory = house_of(request=urgent)
    receive(desk, request=urgent)
    assert only(memory, Kind.REQUEST).emergency == "claimed"
    step(desk, "identified")
    desk.withdraw(CASE, "intake", at(hours=3), why="Their letter.")
    assert only(memory, Kind.WITHDRAWAL).emergency == "verified"


@pytest.mark.parametrize(
    ("measure", "footing"),
    [
        (Measure.STORED_ACCESS, "request"),
        (Measure.DIRECT_TO_PROVIDER, "direct"),
        (Measure.DOMESTIC_ORDER, "order"),
    ],
)
def test_foreign_requests_direct_ones_and_orders_are_told_apart(measure: Measure, footing: str) -> None:
    request = msgspec.structs.replace(SOUND, measure=measure)
    desk, memory = house_of(request=request)
    receive(desk, request=request)
    assert only(memory, Kind.REQUEST).footing == footing


def test_a_second_answer_says_that_there_was_one_before() -> None:
    desk, memory = house_of()
    bring(desk, "closed")
    desk.reopen(CASE, "counsel", at(days=11), why="Something was overlooked.")
    desk.withdraw(CASE, "intake", at(days=12), why="Their letter.")
    assert only(memory, Kind.WITHDRAWAL).again == "yes"
    assert only(memory, Kind.WITHDRAWAL).accounts == ""  # its account was answered by the release


def test_suspending_a_state_and_lifting_it_is_said() -> None:
    desk, memory = house_of()
    for states in (("RUS", "PRK"), ("PRK",)):
        desk.configure("administrator", at(), settings=msgspec.structs.replace(SETTINGS, suspended=states))
    found = [(each.count.state, each.count.how) for _stream, each in memory.public]
    assert found == [("PRK", "suspended"), ("RUS", "suspended"), ("RUS", "lifted")]


def test_every_value_is_one_line_that_can_be_counted() -> None:
    for act in sorted(DONE):
        desk, memory = house_of()
        DONE[act](desk)
        for _stream, entry in memory.public:
            for value in msgspec.structs.astuple(entry.count):
                assert value == " ".join(value.split()), (act, entry)
