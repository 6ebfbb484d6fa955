"""Receipts: what a person, an authority or an auditor is handed to prove what the public log holds.

A receipt is made from the openings of a case and from the log as it is published at that moment; it can be
made as soon as the leaves are published, and as long as the case is not erased. Its holder needs nothing of
ours to check it (`habeas.desk.receipt`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from habeas.app.installation import Installation, hashed
from habeas.app.publishing import policy
from habeas.app.reporting import Reporter
from habeas.desk import promise, receipt
from habeas.desk.case import Case
from habeas.desk.events import Event, Received, ReceivedAgain, Recorded, Role
from habeas.desk.letters.compose import TO_THE_HOUSE
from habeas.desk.promise import Promise
from habeas.desk.public import GROUPS, Kind, month, plain_account
from habeas.desk.receipt import Holder, Receipt, Shown
from habeas.errors import Refused
from habeas.reports.published import Rounding
from habeas.store import Placed
from habeas.tlog import CHECKPOINT, Bundle, Tree, reader, signed_tree

_ABOUT_A_PERSON = frozenset({Kind.NOTICE, Kind.RELEASE})


class Unpublished(Refused):
    """It is not in the published log yet; later it will be."""


@dataclass(frozen=True, slots=True)
class _Log:
    """The log as it is published now: the signed tree, and what is needed to prove a leaf in it."""

    checkpoint: bytes
    tree: Tree
    vkey: str
    witnesses: tuple[str, ...]
    quorum: int

    def bundle(self, place: int) -> Bundle:
        return Bundle(index=place, proof=self.tree.inclusion(place), checkpoint=self.checkpoint)

    def receipt(self, holder: Holder, entries: Sequence[Shown]) -> Receipt:
        return Receipt(
            format=receipt.FORMAT,
            holder=holder,
            log=self.vkey,
            witnesses=self.witnesses,
            quorum=self.quorum,
            entries=tuple(entries),
        )


def of_person(installation: Installation, organisation: str, code: str) -> tuple[Receipt, ...]:
    """The receipts of the person whose notice had this code, one for each account told of by it.

    They open what was asked for, what became of it and when, and name neither the account nor the state.
    Raises Unpublished where nothing of it is published yet, and says when to come back.
    """
    case = installation.door_of(organisation, code)
    if case is None:
        raise Refused("this code opens nothing", hint="type it as it stands in the notice")
    told = {target for each in case.notices if each.code == hashed(code) for target in each.targets}
    accounts = {
        plain_account(identifier.value for identifier in target.identifiers)
        for version in case.versions
        for target in version.request.targets
        if target.id in told
    }
    log = _published(installation, organisation)
    found: dict[str, list[Shown]] = {}
    for each in _standing(installation, organisation, case.id, log):
        account = each.opened.person.value("account")
        if each.opened.count.value("kind") in _ABOUT_A_PERSON and account in accounts:
            found.setdefault(account, []).append(
                _shown(
                    log, each, {"count": ("kind",), "person": ("asked", "outcome", "on")}, ask=("account",)
                )
            )
    if not found:
        raise _not_yet()
    return tuple(log.receipt(Holder.PERSON, entries) for _account, entries in sorted(found.items()))


def of_authority(
    installation: Installation, organisation: str, case: Case, sent: Collection[str] = ()
) -> Receipt:
    """The receipt of the authority that asked: the request it sent, and the package it was handed.

    sent: SHA-256 of the letters that were posted to it. The desk composes letters and does not post them, so
    somebody says which; without that a draft would tell what was nearly answered. Nothing else is opened, so
    it says no more than the authority knows already. Raises Unpublished where none of it is published yet.
    """
    log = _published(installation, organisation)
    entries = [
        receipt.shown_paper(leaf, given.opening, log.bundle(place))
        for given, place, leaf in _arrived(installation, organisation, case, log)
    ]
    entries += (
        _shown(log, each, {"paper": GROUPS["paper"]})
        for each in _papers(installation, organisation, case, log, sent)
    )
    if not entries:
        raise _not_yet()
    return log.receipt(Holder.AUTHORITY, entries)


def ready(installation: Installation, organisation: str, case: Case) -> bool:
    """Whether anything is published that the authority's receipt would hold."""
    try:
        log = _published(installation, organisation)
    except Unpublished:
        return False
    if any(True for _each in _arrived(installation, organisation, case, log)):
        return True
    return any(True for _each in _papers(installation, organisation, case, log, ()))


def openings(installation: Installation, organisation: str, by: str) -> Iterator[bytes]:
    """What an auditor is given: the seed of the rounding, then of every published leaf what is counted, one
    JSON line each. With both, each published number can be made again exactly."""
    if not installation.people(organisation).person(by).has(Role.AUDITOR, Role.COUNSEL):
        raise Refused("this is for an auditor, or for counsel", place=by)
    log = _published(installation, organisation)
    reporter = Reporter(installation)
    rounding = Rounding(seed=reporter.seed(organisation).hex(), unsaid=reporter.unsaid(organisation))
    yield msgspec.json.encode(rounding) + b"\n"
    for leaf in installation.store.trace.counted(organisation, 0, log.tree.size):
        written = {
            "place": leaf.place,
            "values": leaf.count.values,
            "salts": [salt.hex() for salt in leaf.count.salts],
        }
        yield msgspec.json.encode(written) + b"\n"


def promised(case: Case) -> tuple[Recorded, ...]:
    """The arrivals of this request of which a promise was given, the first of them first."""
    return tuple(each for each in case.history if _promise(each.event))


def _promise(event: Event) -> str:
    return event.promise if isinstance(event, (Received, ReceivedAgain)) else ""


def promises_of(installation: Installation, organisation: str, case: Case) -> tuple[bytes, ...]:
    """The promises that were given for this request, in the order of `promised`."""
    return tuple(
        installation.get(organisation, case.id, _promise(arrival.event)) for arrival in promised(case)
    )


def _arrived(
    installation: Installation, organisation: str, case: Case, log: _Log
) -> Iterator[tuple[Promise, int, bytes]]:
    """The leaf that was promised each time the request arrived, with the promise and its place; its opening
    is in the promise and nowhere else."""
    kept = installation.people(organisation).log
    if kept is None:
        return
    for note in promises_of(installation, organisation, case):
        given = promise.read(note, *installation.promise_keys(organisation, kept))
        found = installation.store.trace.of_paper(organisation, given.paper, month(given.received))
        if found is not None and found[0] < log.tree.size:
            yield given, *found


def _papers(
    installation: Installation, organisation: str, case: Case, log: _Log, sent: Collection[str]
) -> Iterator[Placed]:
    """Published entries about what the authority was handed, and letters that were posted to it."""
    letters = {
        each.sha256
        for each in case.letters
        if each.letter not in TO_THE_HOUSE and not case.waits_for_counsel(each)
    } & set(sent)
    for each in _standing(installation, organisation, case.id, log):
        document, kind = each.opened.paper.value("document"), each.opened.count.value("kind")
        if document and (kind == Kind.RELEASE or (kind == Kind.LETTER and document in letters)):
            yield each


def _published(installation: Installation, organisation: str) -> _Log:
    kept = installation.kept(organisation)
    tiles = installation.tiles(organisation)
    checkpoint = tiles.read(CHECKPOINT)
    if checkpoint is None:
        raise _not_yet()
    signer = installation.log_signer(organisation, kept)
    known = policy(signer.key, kept)
    size = signed_tree(checkpoint, signer.key).size
    return _Log(
        checkpoint=checkpoint,
        tree=Tree(size, reader(tiles)),
        vkey=str(signer.key),
        witnesses=tuple(str(each.key) for each in known.witnesses.values()),
        quorum=kept.quorum,
    )


def _standing(installation: Installation, organisation: str, case: str, log: _Log) -> Iterator[Placed]:
    """The entries of a case that the published tree holds."""
    for each in installation.store.trace.opened(organisation, case):
        if each.place is not None and each.place < log.tree.size:
            yield each


def _shown(log: _Log, each: Placed, open: Mapping[str, Iterable[str]], ask: Iterable[str] = ()) -> Shown:
    assert each.place is not None
    three = (each.opened.count, each.opened.person, each.opened.paper)
    return receipt.shown(three, log.bundle(each.place), open, ask)


def _not_yet() -> Unpublished:
    return Unpublished(
        "nothing of this is published yet", hint="come back tomorrow: the log is published once a day"
    )
