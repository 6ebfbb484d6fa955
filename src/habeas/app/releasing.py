"""Data are handed over: what a custodian lays ready, what would leave, the sealed package, its receipt.

Nothing here decides. The desk says whether something may leave (`Desk.release`); here it is sealed to the
authority's key first and stands aside until that is recorded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from habeas.app.home import private, write_private
from habeas.app.installation import Installation
from habeas.app.rehearsal import Rehearsal
from habeas.assess import Ceiling
from habeas.desk import delivery, package
from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.events import Held
from habeas.desk.letters import filling
from habeas.desk.moves import Act, may, permit
from habeas.desk.people import House
from habeas.desk.promise import sha256
from habeas.desk.stamping import Stamp, Stamping
from habeas.errors import Refused
from habeas.gateways import timestamps
from habeas.request import Period
from habeas.store import Coming, Store
from habeas.store.keyring import sync_folder

FILE_BYTES = 2 * 1024**3  # of a custodian's file; what is longer is cut where it was exported
DELETE_AFTER = timedelta(days=5 * 365)  # asked of the authority where the decision names no day
_PART_BYTES = 5  # of the name that a package has while it is sealed
_SIGNING = ".signing-packages"  # the name of the house's signing key in its keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A custodian's file for one item. data: its bytes; the file as it comes, sealed already (`coming`); or
    one that lies in the case. holds: what kind of data is in it. period: from which day to which its data
    is. Both are the custodian's word, and nothing stands in for it: neither what was asked nor what was
    decided says what is in a file."""

    target: str
    item: str
    name: str
    data: bytes | Coming | Held
    holds: Ceiling
    period: Period


def coming(app: Installation, organisation: str, case: str, by: str) -> Coming:
    """A custodian's file of any length up to `FILE_BYTES`, sealed piece by piece as it comes. It is in no
    case before `prepare`, and leaves only by `hand_over`."""
    house = app.people(organisation)
    permit(
        may(house.person(by), Act.PREPARE, app.case(organisation, case), house, app.now()),
        "nothing was kept",
    )
    return app.store.coming(organisation, case, FILE_BYTES)


def prepare(
    app: Installation,
    organisation: str,
    case: str,
    by: str,
    files: Sequence[Laid],
    *,
    seen: int | None = None,
) -> Case:
    """Lay the files ready, in place of any prepared before, and seal them into the case."""
    at = app.now()
    held = tuple(laid(each) for each in files)
    data = tuple(each.data for each in files if not isinstance(each.data, Held))
    return app.with_files(organisation, data, lambda desk: desk.prepare(case, by, at, files=held), seen)


def house_key(app: Installation, organisation: str) -> bytes:
    """The public half of the key that signs for packages of this house: 32 bytes, for the authority."""
    return _signer(app, organisation).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _signer(app: Installation, organisation: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(app.store.keyring.made(organisation, _SIGNING))


def preview(app: Installation, organisation: str, case: Case) -> package.Preview:
    """What would leave now, under which names, and what is stripped and why."""
    return package.preview(approved(case), _files(app, organisation, case))


def hand_over(
    app: Installation, organisation: str, case: str, by: str, *, unstamped: str = "", seen: int | None = None
) -> Case:
    """Seal what was approved to the authority's key and record the release.

    The package is sealed first and stands aside until the release is recorded: if that is refused,
    nothing has left and the sealed bytes are thrown away. After a crash in between, `doctor` names what
    stands aside.

    Where the house has packages time-stamped, the authority is asked once the statement is signed and
    before anything is recorded, about a release that would stand and about no other. If it gives nothing,
    nothing leaves, unless `unstamped` says why the package goes without; both then stand in the record.
    """
    now = app.now()
    found = app.case(organisation, case)
    desk = app.desk(organisation, seen)
    house = desk.house()
    permit(may(house.person(by), Act.RELEASE, found, house, now), "nothing was handed over")
    if not found.files:
        return desk.release(case, by, now, files=())
    shown = preview(app, organisation, found)
    if {each.sha256 for each in shown.leaving} != {held.sha256 for held in found.files}:
        raise Refused(
            shown.stripped[0].why.rstrip(".") if shown.stripped else "some files would not leave",
            place="files",
            hint="take out what may not leave, and have the release approved again",
        )
    folder = app.outgoing / organisation / case
    private(app.outgoing, folder.parent, folder)
    begun = folder / f".{app.random(_PART_BYTES).hex()}.age"
    try:
        paper = _sealed(app, begun, organisation, found, house, now)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise
    said = msgspec.json.decode(paper.statement, type=package.Statement)
    digest, beside = said.sealed_sha256, dict[str, bytes]()
    names = {part: f"{digest}{ending}" for part, ending in delivery.PARTS.items()}
    try:
        begun.rename(folder / f".{names['sealed']}")
        sent = [held.sha256 for held in found.files]
        if house.settings.timestamps is not None:  # nobody outside hears of what is refused anyway
            tried = Desk(organisation, Rehearsal(app.store), seen=seen)
            tried.release(case, by, now, files=sent, package=digest, silent="-", unstamped="-")
        stamp, token, silent = _stamped(paper, house.settings.timestamps, go_on=bool(unstamped.strip()))
        note = delivery.covering(said, house_key(app, organisation), stamp, house.settings.timestamps)
        beside = {"statement": paper.statement, "signature": paper.signature, "note": note}
        beside |= {"timestamp": token} if stamp is not None else {}
        for part, data in beside.items():
            write_private(folder / f".{names[part]}", data)
        changed = desk.release(
            case,
            by,
            now,
            files=sent,
            package=digest,
            stamp=stamp,
            silent=silent,
            unstamped=unstamped,
        )
    except (Refused, OSError):  # nothing was recorded; after anything else nobody knows, and it stays
        begun.unlink(missing_ok=True)
        for name in names.values():
            (folder / f".{name}").unlink(missing_ok=True)
        raise
    for part in ("sealed", *beside):
        (folder / f".{names[part]}").rename(folder / names[part])
    sync_folder(folder)
    return changed


def confirm_delivery(
    app: Installation,
    organisation: str,
    case: str,
    by: str,
    *,
    receipt: bytes | None = None,
    signature: bytes | None = None,
    who: str = "",
    how: str = "",
    seen: int | None = None,
) -> Case:
    """Record that the package arrived; the receipt and its signature are sealed into the case as they
    came. See `Desk.confirm_delivery`."""
    at, came = app.now(), [each for each in (receipt, signature) if each is not None]

    def verb(desk: Desk) -> Case:
        return desk.confirm_delivery(case, by, at, receipt=receipt, signature=signature, who=who, how=how)

    return app.with_files(organisation, came, verb, seen)


def _sealed(
    app: Installation, path: Path, organisation: str, case: Case, house: House, at: datetime
) -> package.Sealed:
    """Seal the package into a new file, on the disk on return."""
    request = case.request
    if request.issuing is None or request.requesting_state is None:
        raise Refused("the request names no authority to seal to", hint="ask who is to receive it")
    items, files = approved(case), tuple(_files(app, organisation, case))
    disclosure = package.Disclosure(
        id=case.id,
        organisation=sender.name if (sender := house.settings.sender) is not None else organisation,
        authority=request.issuing.name,
        state=request.requesting_state,
        at=at,
        reference=request.reference or "",
        authorisation=request.authorisation,
        conditions=package.usual_conditions(request.reference or "", (at + DELETE_AFTER).date())
        + tuple(
            package.Condition(
                kind="decided",
                text=each.words,
                accepted=house.day(each.accepted) if each.accepted is not None else None,
            )
            for each in filling.with_data(case)
        ),
    )
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        paper = package.seal(
            out,
            package.preview(items, files),
            items,
            files,
            disclosure,
            keys=house.keys_for(request.issuing.name, request.requesting_state),
            signer=_signer(app, organisation),
            house_key=house_key(app, organisation),
        )
        out.flush()
        os.fsync(out.fileno())
    return paper


def _files(app: Installation, organisation: str, case: Case) -> Iterator[package.File]:
    for held in case.files:
        yield package.File(
            target=held.target,
            item=held.item,
            name=held.name,
            size=held.size,
            sha256=held.sha256,
            holds=held.holds,
            period=held.period,
            extract=held.extract,
            open=_Opener(app.store, organisation, case.id, held),
        )


def _stamped(
    paper: package.Sealed, authority: Stamping | None, *, go_on: bool
) -> tuple[Stamp | None, bytes, str]:
    """The time-stamp over the signature, its bytes, and why there is none. go_on: with none, where the
    authority gives none; otherwise that is refused."""
    if authority is None:
        return None, b"", ""
    try:
        given = timestamps.stamp(paper.signature, authority)
    except Refused as refused:
        if go_on:
            return None, b"", refused.sentence
        raise Refused(
            f"{refused.sentence}, and nothing was handed over",
            place="unstamped",
            hint=f"try again, or say why the package leaves without a time-stamp ({refused.hint})"
            if refused.hint
            else "try again, or say why the package leaves without a time-stamp",
        ) from None
    stamp = Stamp(
        at=given.at,
        host=authority.host,
        policy=given.policy,
        serial=f"{given.serial:x}",
        sha256=sha256(given.answer),
    )
    return stamp, given.answer, ""


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens one file of a case when it is packed, and not before."""

    store: Store
    organisation: str
    case: str
    held: Held

    def __call__(self) -> BinaryIO:
        return self.store.open(self.organisation, self.case, self.held.sha256)


def laid(file: Laid) -> Held:
    """A file as the desk knows it. Whether it may be prepared is for the desk."""
    data, period = file.data, file.period
    if period.start is None or period.end is None:
        raise Refused(
            "nobody said from which day to which the data of this file is",
            place=f"{file.target}, {file.item}",
            hint="state its first day and its last day",
        )
    if period.end < period.start:
        raise Refused(
            "the last day of this file lies before its first",
            place=f"{file.target}, {file.item}",
            hint="state its first day and its last day",
        )
    return Held(
        target=file.target,
        item=file.item,
        name=file.name,
        sha256=sha256(data) if isinstance(data, bytes) else data.sha256,
        size=len(data) if isinstance(data, bytes) else data.size,
        holds=file.holds,
        period=period,
        extract=data.extract if isinstance(data, Held) else None,
    )


def approved(case: Case) -> tuple[package.Approved, ...]:
    """The items of which something may be given, as people decided on them."""
    periods = {
        (target.id, item.id): (item.category, item.period)
        for target in case.request.targets
        for item in target.items
    }
    return tuple(
        package.Approved(
            target=each.target,
            item=each.item,
            category=periods[each.key][0],
            ceiling=each.ceiling,
            period=periods[each.key][1],
        )
        for each in case.giving()
    )
