"""What a person, an authority and an auditor are handed, and that it says to each what is theirs alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from habeas.app import receipts
from habeas.app.installation import Installation, hashed
from habeas.app.publishing import Publisher
from habeas.app.receipts import Unpublished
from habeas.app.reporting import Reporter
from habeas.desk import promise, public, receipt
from habeas.desk.case import Case
from habeas.desk.events import DelayGround, Door, LogConfigured
from habeas.desk.letters import Kind as Letters
from habeas.desk.letters import Language
from habeas.desk.letters.told import Became
from habeas.desk.letters.told import told as told_at_their_door
from habeas.desk.public import Opening
from habeas.desk.queue import turn_of
from habeas.desk.receipt import Grade, Receipt
from habeas.desk.rulings import recommended
from habeas.errors import Refused
from habeas.reports.transparency.reporting import SEED
from habeas.tlog import CHECKPOINT, Folder, Tree, reader
from tests.app import houses
from tests.app.houses import (
    ORGANISATION,
    Clock,
    a_request,
    as_bytes,
    brought,
    keeps,
    people,
    step,
    taken_in,
)
from tests.desk import desks
from tests.desk.desks import ROOT, evidence

KEPT = LogConfigured(origin="desk.example.org/log", hour=4)


@pytest.fixture
def kept(app: Installation) -> Installation:
    app.keep_log(ORGANISATION, "administrator", KEPT)
    return app


def publish(app: Installation, organisation: str = ORGANISATION) -> None:
    assert Publisher(app).publish(organisation) is not None


def told(app: Installation, clock: Clock) -> tuple[Case, str]:
    """A case of which the person was told, with the code of the notice."""
    case = brought(app, clock, "decided")
    return houses.told(app, case.id)


def released(app: Installation, clock: Clock) -> tuple[Case, str]:
    case, code = told(app, clock)
    clock.go(days=11)
    for stage in ("prepared", "approved", "released"):
        clock.go(minutes=10)
        case = step(app, clock, case, stage)
    return case, code


def account(case: Case) -> str:
    return public.plain_account(
        identifier.value for target in case.request.targets for identifier in target.identifiers
    )


def again(made: Receipt) -> Receipt:
    """As its holder reads it from the file."""
    return receipt.read(made.encoded())


# ---- the person ------------------------------------------------------------------------------------------


def test_a_person_proves_what_happened_with_the_code_of_the_notice(kept: Installation, clock: Clock) -> None:
    case, code = released(kept, clock)
    publish(kept)
    [made] = receipts.of_person(kept, ORGANISATION, code)
    verdict = receipt.verify(again(made), account=account(case))
    assert (verdict.grade, verdict.account) == (Grade.OPERATOR, True)
    assert verdict.words == "signed by the operator only"
    kinds = sorted(each["count"]["kind"] for each in verdict.fields)
    assert kinds == ["notice", "release"]
    outcomes = {each["person"]["outcome"] for each in verdict.fields}
    assert "told" in outcomes
    assert len(outcomes) == 2


def test_a_persons_receipt_names_neither_account_nor_state_nor_case(kept: Installation, clock: Clock) -> None:
    case, code = released(kept, clock)
    publish(kept)
    [made] = receipts.of_person(kept, ORGANISATION, code)
    text = made.encoded().decode()
    words = [each.value for target in case.request.targets for each in target.identifiers]
    words += [case.id, case.request.requesting_state or "", case.request.facts, case.request.reference or ""]
    for word in words:
        assert not word or f'"{word}"' not in text
    assert {name for each in made.entries for name, group in each.groups.items() if group} == {
        "count",
        "person",
        "paper",
    }


def refused(app: Installation, clock: Clock, **changes: object) -> Case:
    """A request that wanted somebody for a post, dressed up as fraud: it was refused as persecution, and the
    closed text lies in the file."""
    story = json.loads((ROOT / "examples/persecution-dressed-as-fraud/request.json").read_text("utf-8"))
    story.pop("secrecy", None)
    (taken,) = app.take_in(ORGANISATION, "intake", as_bytes({**story, **changes}), door=Door.PORTAL)
    assert taken.case is not None
    case, desk = taken.case, app.desk(ORGANISATION)
    clock.go(minutes=5)
    case = desk.identify(case.id, "intake", app.now(), evidence=(evidence(case.request),))
    case = desk.assess(case.id, "reviewer", app.now())
    assert case.assessment is not None
    rulings = recommended(case.assessment)
    case = desk.review(
        case.id,
        "reviewer",
        app.now(),
        assessment=case.digest,
        rulings=rulings,
        reasons="As recommended.",
    )
    desk.refuse(case.id, "reviewer", app.now(), persecution=True)
    case, _letter = app.letter(
        ORGANISATION, case.id, "reviewer", Letters.PERSECUTION_REFUSAL, Language.ENGLISH
    )
    for held in case.held_letters():
        case = desk.clear_letter(case.id, "counsel", app.now(), letter=held.sha256, words="Compared.")
    return case


def test_who_was_asked_about_in_vain_proves_that_nothing_was_given(kept: Installation, clock: Clock) -> None:
    case = refused(kept, clock)
    assert turn_of(case, kept.people(ORGANISATION), kept.now())[1] == "notify"
    case, codes = kept.notify(ORGANISATION, case.id, "reviewer")
    assert turn_of(case, kept.people(ORGANISATION), kept.now())[1] == "send-notice"
    case = desks.send(kept.desk(ORGANISATION), "intake", kept.now(), case.id)
    assert turn_of(case, kept.people(ORGANISATION), kept.now())[1] == "close"
    publish(kept)
    assert set(codes) == {target.id for target in case.request.targets}
    for target in case.request.targets:
        code = codes[target.id]
        [made] = receipts.of_person(kept, ORGANISATION, code)
        whose = public.plain_account(each.value for each in target.identifiers)
        verdict = receipt.verify(again(made), account=whose)
        assert verdict.account
        [fields] = verdict.fields
        assert fields["count"] == {"kind": "notice"}
        assert fields["person"]["outcome"] == "nothing was given"
        assert fields["person"]["asked"]
    found = told_at_their_door(case, kept.people(ORGANISATION), kept.now(), Language.ENGLISH, hashed(code))
    assert found is not None
    assert {each.became for each in found.lines} == {Became.REFUSED}
    assert found.waits == ""


def test_nobody_has_to_be_told_of_a_refusal_for_the_case_to_be_closed(
    kept: Installation, clock: Clock
) -> None:
    case = refused(kept, clock)
    closed = kept.desk(ORGANISATION).close(case.id, "reviewer", kept.now())
    assert closed.notices == ()


def test_what_bars_a_notice_bars_it_after_a_refusal_too(kept: Installation, clock: Clock) -> None:
    """A delay that two people agreed to stands until its day; then the person can be told."""
    case, desk = refused(kept, clock), kept.desk(ORGANISATION)
    today = clock.at.date()
    desk.delay_notice(
        case.id,
        "counsel",
        kept.now(),
        ground=DelayGround.GAG_ORDER,
        why="An order of the court of our own state.",
        cite="Order 7/26",
        until=today + timedelta(days=20),
        review=today + timedelta(days=10),
    )
    case = desk.agree_delay(case.id, "reviewer-2", kept.now())
    with pytest.raises(Refused, match="delay of the notice stands"):
        kept.notify(ORGANISATION, case.id, "reviewer")
    assert turn_of(case, kept.people(ORGANISATION), kept.now())[1] == "close"
    clock.go(days=30)
    case, codes = kept.notify(ORGANISATION, case.id, "reviewer")
    assert len(case.notices) == len(codes) == len(case.request.targets)


def test_secrecy_that_was_asked_is_declined_before_the_person_hears_of_the_refusal(
    kept: Installation, clock: Clock
) -> None:
    """Nothing is carried out any more, so the requester is told and has nothing to accept."""
    case = refused(kept, clock, secrecy={"asked": True, "reason": "The investigation is secret."})
    assert turn_of(case, kept.people(ORGANISATION), kept.now())[1] == "close"
    with pytest.raises(Refused, match="asked for secrecy"):
        kept.notify(ORGANISATION, case.id, "reviewer")
    kept.desk(ORGANISATION).decline_secrecy(case.id, "reviewer", kept.now(), why="We refused.")
    case, codes = kept.notify(ORGANISATION, case.id, "reviewer")
    assert len(case.notices) == len(codes) == len(case.request.targets)


def test_a_persons_receipt_is_not_about_another_account(kept: Installation, clock: Clock) -> None:
    _case, code = released(kept, clock)
    publish(kept)
    [made] = receipts.of_person(kept, ORGANISATION, code)
    with pytest.raises(Refused):
        receipt.verify(again(made), account="somebody-else@example.org")


def test_before_the_publication_the_right_code_says_when_to_come_back(
    kept: Installation, clock: Clock
) -> None:
    _case, code = told(kept, clock)
    with pytest.raises(Unpublished) as refused:
        receipts.of_person(kept, ORGANISATION, code)
    assert "tomorrow" in refused.value.hint
    publish(kept)
    assert len(receipts.of_person(kept, ORGANISATION, code)) == 1


def test_a_receipt_fetched_later_holds_what_happened_later(kept: Installation, clock: Clock) -> None:
    case, code = told(kept, clock)
    publish(kept)
    [early] = receipts.of_person(kept, ORGANISATION, code)
    clock.go(days=11)
    for stage in ("prepared", "approved", "released"):
        case = step(kept, clock, case, stage)
    publish(kept)
    [late] = receipts.of_person(kept, ORGANISATION, code)
    assert (len(early.entries), len(late.entries)) == (1, 2)
    for each in (early, late):
        assert receipt.verify(again(each), account=account(case)).account is True


def test_a_wrong_code_opens_nothing_and_is_no_promise_of_a_later_day(
    kept: Installation, clock: Clock
) -> None:
    _case, code = told(kept, clock)
    publish(kept)
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "", code[:-1] + ("A" if code[-1] != "A" else "B")):
        with pytest.raises(Refused, match="opens nothing") as refused:
            receipts.of_person(kept, ORGANISATION, wrong)
        assert not isinstance(refused.value, Unpublished)
    with pytest.raises(Refused, match="opens nothing"):
        receipts.of_person(kept, "no-such-house", code)


def test_an_erased_case_gives_no_receipt(kept: Installation, clock: Clock) -> None:
    case, code = told(kept, clock)
    publish(kept)
    kept.store.erase(ORGANISATION, case.id, kept.now())
    with pytest.raises(Refused) as refused:
        receipts.of_person(kept, ORGANISATION, code)
    assert not isinstance(refused.value, Unpublished)


def test_without_a_public_log_there_is_no_receipt(app: Installation, clock: Clock) -> None:
    case, code = told(app, clock)
    for ask in (
        lambda: receipts.of_person(app, ORGANISATION, code),
        lambda: receipts.of_authority(app, ORGANISATION, case),
        lambda: receipts.ready(app, ORGANISATION, case),
        lambda: list(receipts.openings(app, ORGANISATION, "auditor")),
    ):
        with pytest.raises(Refused, match="keeps no public log") as refused:
            ask()
        assert not isinstance(refused.value, Unpublished)


# ---- the authority ---------------------------------------------------------------------------------------


def documents(made: Receipt) -> list[tuple[str, str]]:
    """What papers a receipt opens, by nature and hash."""
    found = [each["paper"] for each in receipt.verify(again(made)).fields]
    return [(each["nature"], each["document"]) for each in found]


def test_an_authority_gets_its_request_its_letters_and_its_package(kept: Installation, clock: Clock) -> None:
    case, _code = released(kept, clock)
    case, _letter = kept.letter(ORGANISATION, case.id, "reviewer", Letters.ACKNOWLEDGEMENT)
    publish(kept)
    letter = next(each.sha256 for each in case.letters if each.letter is Letters.ACKNOWLEDGEMENT)
    made = receipts.of_authority(kept, ORGANISATION, case, sent=(letter,))
    package = next(each.event.package for each in case.history if getattr(each.event, "package", ""))
    found = documents(made)
    assert found[0] == ("request", case.versions[0].source)
    assert set(found[1:]) == {("letter", letter), ("package", package)}
    drafts_apart = documents(receipts.of_authority(kept, ORGANISATION, case))
    assert set(drafts_apart[1:]) == {("package", package)}  # what was composed may never have been posted
    assert receipt.verify(again(made)).account is None
    for each in made.entries:
        assert isinstance(each.groups["count"], str)
        assert isinstance(each.groups["person"], str)


def test_an_authority_does_not_learn_that_somebody_else_was_written_to(
    kept: Installation, clock: Clock
) -> None:
    case = brought(kept, clock, "decided")
    case, _letter = kept.letter(ORGANISATION, case.id, "reviewer", Letters.ACKNOWLEDGEMENT)
    publish(kept)
    posted = [each.sha256 for each in case.letters]
    before = documents(receipts.of_authority(kept, ORGANISATION, case, posted))
    clock.go(days=1)
    case, _code = houses.told(kept, case.id)
    assert case.letters[-1].letter is Letters.NOTICE
    publish(kept)
    every = [each.sha256 for each in case.letters]
    assert documents(receipts.of_authority(kept, ORGANISATION, case, every)) == before


def test_an_authoritys_receipt_is_ready_when_something_of_it_is_published(
    kept: Installation, clock: Clock
) -> None:
    case = taken_in(kept)
    assert not receipts.ready(kept, ORGANISATION, case)
    with pytest.raises(Unpublished):
        receipts.of_authority(kept, ORGANISATION, case)
    publish(kept)
    assert receipts.ready(kept, ORGANISATION, case)
    assert documents(receipts.of_authority(kept, ORGANISATION, case)) == [
        ("request", case.versions[0].source)
    ]
    later = taken_in(kept)
    assert not receipts.ready(kept, ORGANISATION, later)
    with pytest.raises(Unpublished):
        receipts.of_authority(kept, ORGANISATION, later)


def test_a_case_from_before_the_log_has_no_promise_and_a_receipt_of_its_posted_letters(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "identified")
    keeps(app, KEPT)
    assert receipts.promises_of(app, ORGANISATION, case) == ()
    publish(app)
    assert not receipts.ready(app, ORGANISATION, case)
    clock.go(days=1)
    case, _letter = app.letter(ORGANISATION, case.id, "reviewer", Letters.ACKNOWLEDGEMENT)
    publish(app)
    assert not receipts.ready(app, ORGANISATION, case)
    letter = case.letters[0].sha256
    made = receipts.of_authority(app, ORGANISATION, case, sent=(letter,))
    assert documents(made) == [("letter", letter)]


# ---- the promise -----------------------------------------------------------------------------------------


def test_the_promise_of_a_case_is_the_one_that_was_given_and_names_what_came(
    kept: Installation, clock: Clock
) -> None:
    case = taken_in(kept)
    (note,) = receipts.promises_of(kept, ORGANISATION, case)
    given = promise.read(note, kept.promiser(ORGANISATION, KEPT).key)
    assert given.sha256 == case.versions[0].source
    assert given.by == (clock.at + timedelta(days=3)).date()
    assert case.id.encode() not in note


def test_what_came_again_is_promised_and_stands_in_the_receipt_as_often_as_it_came(
    kept: Installation, clock: Clock
) -> None:
    data = as_bytes(a_request())
    kept.take_in(ORGANISATION, "intake", data, door=Door.MAILBOX)
    clock.go(hours=1)
    (taken,) = kept.take_in(ORGANISATION, "intake", b" " + data, door=Door.PAPER)
    assert taken.case is not None
    notes = receipts.promises_of(kept, ORGANISATION, taken.case)
    key = kept.promiser(ORGANISATION, KEPT).key
    assert [promise.read(note, key).sha256 for note in notes] == [
        promise.sha256(data),
        promise.sha256(b" " + data),
    ]
    assert notes[1] == taken.promise
    publish(kept)
    made = receipts.of_authority(kept, ORGANISATION, taken.case)
    assert documents(made) == [("request", promise.sha256(each)) for each in (data, b" " + data)]


# ---- the auditor -----------------------------------------------------------------------------------------


def test_an_auditor_opens_every_leaf_and_counts_it(kept: Installation, clock: Clock) -> None:
    brought(kept, clock, "released")
    publish(kept)
    tiles = Folder(kept.site(ORGANISATION))
    assert tiles.read(CHECKPOINT) is not None
    size = kept.store.trace.size(ORGANISATION)
    leaves = list(Tree(size, reader(tiles)).entries(0, size))
    first, *lines = [json.loads(each) for each in receipts.openings(kept, ORGANISATION, "auditor")]
    assert first == {"seed": Reporter(kept).seed(ORGANISATION).hex()}
    assert len(bytes.fromhex(first["seed"])) == SEED
    assert [each["place"] for each in lines] == list(range(size))
    for each, leaf in zip(lines, leaves, strict=True):
        opening = Opening(
            group="count",
            values=tuple(each["values"]),
            salts=tuple(bytes.fromhex(salt) for salt in each["salts"]),
        )
        assert opening.commitment() == public.commitments(leaf)[0]


def test_openings_are_for_auditor_and_counsel(kept: Installation) -> None:
    publish(kept)
    for person in ("auditor", "counsel"):
        assert list(receipts.openings(kept, ORGANISATION, person))
    for person in ("administrator", "reviewer", "custodian", "intake", "expert", "delegate"):
        with pytest.raises(Refused, match="for an auditor"):
            list(receipts.openings(kept, ORGANISATION, person))


def test_an_auditor_gets_no_leaf_that_is_not_published(kept: Installation, clock: Clock) -> None:
    with pytest.raises(Unpublished):
        list(receipts.openings(kept, ORGANISATION, "auditor"))
    publish(kept)
    first = len(list(receipts.openings(kept, ORGANISATION, "auditor")))
    taken_in(kept)
    assert len(list(receipts.openings(kept, ORGANISATION, "auditor"))) == first


def test_the_receipts_of_one_house_are_not_those_of_another(kept: Installation, clock: Clock) -> None:
    people(kept, "another-house")
    kept.keep_log("another-house", "administrator", LogConfigured(origin="another.example.org/log", hour=4))
    _case, code = told(kept, clock)
    publish(kept)
    publish(kept, "another-house")
    with pytest.raises(Refused, match="opens nothing"):
        receipts.of_person(kept, "another-house", code)
