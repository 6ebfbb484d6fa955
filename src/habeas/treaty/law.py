"""The law on file, behind one typed door.

`law()` reads the packaged files once. Every look-up is dated: the day is an argument, there is no
clock here. Nothing in this layer decides about a request; it says what the instruments and the law
of the seat say, how sure that is, and where it comes from.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from habeas.errors import Refused
from habeas.treaty import basis, seat
from habeas.treaty.basis import BasisAnswer
from habeas.treaty.citations import Citation, all_citations
from habeas.treaty.load import FLOWS, LawFiles, packaged_files, read_law
from habeas.treaty.model import (
    ALL,
    LIMITING,
    Article,
    Clock,
    Instrument,
    Kind,
    PartyRecord,
    Safeguard,
    Seat,
    TreatyTest,
)
from habeas.treaty.seat import SeatAnswer


class Law:
    """All instruments, parties, safeguards and seats on file. Made by `law()` or from a set of files."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """files: {file name: TOML text}, as `packaged_files()` gives them. Raises Refused if one is wrong."""
        self._files: LawFiles = read_law(files)
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(f"{name}\0{len(files[name].encode())}\0".encode())
            digest.update(files[name].encode())
        self._version = digest.hexdigest()

    @property
    def version(self) -> str:
        """SHA-256 over all law files: the same version gives the same answers."""
        return self._version

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(self._files.instruments.values())

    @property
    def safeguards(self) -> tuple[Safeguard, ...]:
        return self._files.safeguards

    def safeguard(self, id: str) -> Safeguard:
        """The safeguard of that id. Raises Refused when there is none."""
        for each in self.safeguards:
            if each.id == id:
                return each
        raise Refused(
            f"no safeguard {id} is on file",
            place="safeguard",
            hint="one of: " + ", ".join(each.id for each in self.safeguards),
        )

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats whose law is on file."""
        return tuple(self._files.seats)

    def seat(self, state: str) -> Seat:
        """The law of one seat. Raises Refused where none is on file."""
        if state not in self._files.seats:
            raise Refused(f"no law of the seat {state} is on file", hint="one of: " + ", ".join(self.seats))
        return self._files.seats[state]

    @property
    def states(self) -> tuple[str, ...]:
        """The state codes known here."""
        return self._files.states.codes

    def in_union(self, state: str, on: date) -> bool:
        """Whether that state is a member of the European Union on that day."""
        return seat.in_union(self._files.states, state, on)

    def instrument(self, id: str) -> Instrument:
        """The instrument of that id. Raises Refused when there is none."""
        found = self._files.instruments.get(id)
        if found is None:
            raise Refused(
                f"no instrument {id} is on file",
                place="instrument",
                hint="one of: " + ", ".join(self._files.instruments),
            )
        return found

    def article(self, instrument: str, number: str) -> Article:
        """The article of that number, or the nearest one that contains it (`40(21)(e)` -> `40(21)`)."""
        found = self.instrument(instrument).article(number)
        if found is None:
            raise Refused(f"article {number} of {instrument} is not on file", place="article")
        return found

    def tests(self, instrument: str | None = None, measure: str | None = None) -> tuple[TreatyTest, ...]:
        """The tests of one instrument (or all), narrowed to those that apply to a measure."""
        if measure is not None and measure not in FLOWS:
            raise Refused(f"{measure} is not a measure", place="measure")
        among = self.instruments if instrument is None else (self.instrument(instrument),)
        return tuple(
            test
            for each in among
            for test in each.tests
            if measure is None or ALL in test.applies_to or measure in test.applies_to
        )

    def clocks(self, instrument: str) -> tuple[Clock, ...]:
        return self.instrument(instrument).clocks

    def party_records(self, instrument: str, state: str | None = None) -> tuple[PartyRecord, ...]:
        """Every act on file about an instrument, of one state or of all."""
        self.instrument(instrument)
        table = self._files.parties.get(instrument)
        if table is None:
            return ()
        return tuple(r for r in table.records if state is None or state in (r.state, r.partner))

    def reservations(self, instrument: str, state: str, on: date) -> tuple[PartyRecord, ...]:
        """Reservations and declarations of a state that can have been made by `on`, and can stand then."""
        return tuple(
            record
            for record in self.party_records(instrument, state)
            if record.action in LIMITING
            and record.when.first <= on
            and not (record.withdrawn is not None and record.withdrawn.reached(on))
        )

    def in_force_between(
        self, instrument: str, a: str | None, b: str | None, on: date, *, as_if: bool = False
    ) -> BasisAnswer:
        """Is the instrument in force between `a` and `b` on `on`: True, False or None (unknown)?

        as_if: treat a treaty, Union act or agreement as in force between any two states; the
        answer then says so (`supposed`) and gives what the records say. Raises Refused for an
        instrument not on file.
        """
        found = self.instrument(instrument)
        plain = basis.between(
            found, self._files.parties, self._files.instruments, self._files.states, a, b, on
        )
        no_pair = a is None or b is None or a == b
        no_instrument = found.kind in (Kind.NATIONAL_LAW, Kind.CHANNEL, Kind.DOMESTIC_ORDER)
        if not as_if or plain.answer is True or no_pair or no_instrument:
            return plain
        why = f"Treated as if {found.title} were in force between {a} and {b}. On record: {plain.why}"
        return msgspec.structs.replace(plain, answer=True, why=why, supposed=True)

    def seat_law(
        self,
        *,
        seat_state: str | None,
        role: str,
        arrival: str,
        measure: str,
        category: str,
        requesting_state: str | None,
        instrument: str,
        emergency: bool,
        on: date,
    ) -> SeatAnswer:
        """May a desk of this role, sitting in this state, give this to them on this day?

        role, arrival: words of `Role`, `Arrival`; measure, category: words of the request model;
        instrument: an id on file. Raises Refused for a word or an instrument that does not exist;
        an unknown seat answers None.
        """
        self.instrument(instrument)
        asked = seat.question(
            seat_state=seat_state,
            role=role,
            arrival=arrival,
            measure=measure,
            category=category,
            requesting_state=requesting_state,
            instrument=instrument,
            emergency=emergency,
            on=on,
        )

        def in_force(id: str, a: str | None, b: str | None, day: date) -> bool | None:
            return self.in_force_between(id, a, b, day).answer

        return seat.answer(asked, self._files.seats, self._files.states, in_force)

    def citations(self, extra: Iterable[str] = ()) -> tuple[Citation, ...]:
        """Every citation with its certainty and count of uses, the most used first.

        extra: citations made by upper layers, one entry per use.
        """
        files = self._files
        return all_citations(files.instruments.values(), files.safeguards, files.seats.values(), extra)


@functools.cache
def law() -> Law:
    """The packaged law, read once."""
    return Law(packaged_files())
