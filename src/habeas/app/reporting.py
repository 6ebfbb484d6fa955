"""Publishing reports and monthly totals: counted from the log's own leaves, decided by a person, then logged.

A report counts what the leaves say and nothing else, so an auditor who is given what opens them gets the same
numbers. It waits until every entry of its period has its place in the log. Its files are laid into the site
with a list of their hashes, and the hash of that list becomes a leaf of the next publication: from then on
not even the house can change a report unseen. What was published before is read from the site, because every
number is rounded once and for all.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from habeas.app.installation import Installation
from habeas.desk import public
from habeas.desk.events import LogConfigured, Role, Silence
from habeas.desk.letters import Language
from habeas.desk.people import House
from habeas.desk.public import OPEN, Kind
from habeas.errors import Refused
from habeas.gateways import confined
from habeas.reports.published import MANIFEST, SUMS, Witnesses, read_manifest, sums
from habeas.reports.transparency import model, page, reporting
from habeas.reports.transparency.laying import REPORT_DATA, REPORT_PDF, laid
from habeas.reports.transparency.model import (
    How,
    Narrative,
    Period,
    Report,
    Restriction,
    Totals,
    half_of,
    months_over,
)
from habeas.reports.transparency.tables import NOT_STATED, parts
from habeas.store import HOUSE_KEY, MATURES, MULTIPLE, Store
from habeas.tlog import CHECKPOINT, Folder, opened

REPORTS, TOTALS = "reports", "totals"
_SEED = ".report-seed"  # decides how small numbers are rounded; whoever has it can undo part of that
_LONGEST = 120  # months


class Reporter:
    """Reports and totals of the houses of one installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._store: Store = installation.store

    def reports(self, organisation: str) -> tuple[Report, ...]:
        """What was published so far, in the order of the periods."""
        folder = self._installation.site(organisation) / REPORTS
        return tuple(Report.decode(file.read_bytes()) for file in sorted(folder.glob(f"*/{REPORT_DATA}")))

    def totals(self, organisation: str) -> tuple[Totals, ...]:
        folder = self._installation.site(organisation) / TOTALS
        return tuple(Totals.decode(file.read_bytes()) for file in sorted(folder.glob("*.json")))

    def seed(self, organisation: str) -> bytes:
        """Decides how small numbers are rounded. For auditors, who count again, and for nobody else."""
        return self._store.keyring.made(organisation, _SEED)

    def bounds(self, organisation: str) -> dict[str, tuple[int, int]]:
        """The least and the most entries of counted kinds that each month can have, as everybody sees: from
        the sizes of the log, day by day, its padding and the leaves that are open to everybody."""
        opened = [
            (each.place, each.opened)
            for each in self._store.trace.opened(organisation, HOUSE_KEY)
            if each.place is not None and each.opened.count.value("kind") in OPEN
        ]
        found: dict[str, tuple[int, int]] = {}
        start, since = 0, ""
        for size in self._store.trace.sizes(organisation):
            mine = [leaf for place, leaf in opened if start <= place < size]
            untils = [
                public.ledger_until(leaf.paper) for leaf in mine if leaf.count.value("kind") == Kind.LEDGER
            ]
            day = public.month(max(untils) + MATURES)  # of its publication
            most, least = size - start - len(mine), max(0, size - start - len(mine) - MULTIPLE + 1)
            for month in Period(first=since or day, last=day).months:
                low, high = found.get(month, (0, 0))
                found[month] = (low + (least if since == day else 0), high + most)
            start, since = size, day
        return found

    def inside(self, organisation: str, by: str, period: Period) -> Report:
        """The report of any months, for the house alone (`as_html` with `inside`). For counsel, auditor.

        It is not kept, not logged and not published: what overlapping times count apart gives small numbers
        away.
        """
        kept, house = self._installation.kept(organisation), self._installation.people(organisation)
        if not house.person(by).has(Role.COUNSEL, Role.AUDITOR):
            raise Refused("reports for inside use are for counsel and auditor", place=by)
        if len(period.months) > _LONGEST:
            raise Refused(f"a report is of {_LONGEST} months at most", place=period.name)
        self._over(organisation, period)
        return self._made(organisation, house, kept, period, (), "")

    def publish(
        self, organisation: str, by: str, period: Period, narratives: Sequence[Narrative] = ()
    ) -> Report:
        """Lay the report of whole halves of years into the site, and have it logged; of a half that was
        published, the supplement with what law put off and lets be told by now. For counsel."""
        house, kept = self._permitted(organisation, by)
        if not period.publishable:
            raise Refused("only whole halves of years are published", place="period", hint="like 2026-H1")
        began = self._over(organisation, period)
        if period.units[0].last_day < began:
            raise Refused(
                "the log began after the first half of this period, of which it can say nothing",
                place=period.name,
                hint=f"begin with {half_of(f'{began:%Y-%m}')}: the log began on {began}",
            )
        before, deferred = self.reports(organisation), ""
        published = [each for each in before if each.period == period and not each.deferred]
        if published:
            month, rules = public.month(self._installation.now()), _restrictions(kept.silences)
            deferred = reporting.due(published[0], before, month, rules) if len(period.units) == 1 else ""
            if not deferred:
                raise Refused("this report is published already, and stays as it is", place=period.name)
        report = self._made(organisation, house, kept, period, narratives, deferred)
        files = laid(report)
        files[REPORT_PDF] = page.printed(report, confined.run)
        listed = sums(files)
        folder = f"{REPORTS}/{report.name}"
        self._lay(organisation, {f"{folder}/{name}": data for name, data in files.items()})
        self._lay(organisation, {f"{folder}/{SUMS}": listed})
        self._log(organisation, Kind.REPORT, f"{folder}/{SUMS}", listed)
        return report

    def due(self, organisation: str) -> tuple[str, ...]:
        """The months whose totals counsel can open now and has not, the oldest first: of every month since
        the log began, as soon as all its entries have their places."""
        untils = self._untils(organisation)
        done = {each.month for each in self.totals(organisation)}
        over = months_over(untils[0].date(), untils[-1].date()) if untils else ()
        return tuple(each for each in over if each not in done)

    def newly_due(self, organisation: str) -> tuple[str, ...]:
        """Those of them of whose being due a further week began with the newest ledger."""
        last = [each.date() for each in self._untils(organisation)[-2:]]

        def week(month: str, day: date) -> int:
            return max(0, -(-(day - Period(first=month, last=month).last_day).days // 7))

        return tuple(
            each
            for each in self.due(organisation)
            if week(each, last[-1]) > (week(each, last[0]) if len(last) > 1 else 0)
        )

    def newly_told(self, organisation: str) -> tuple[str, ...]:
        """The halves of which law put numbers off that may be told since the newest ledger."""
        months = [public.month(each) for each in self._untils(organisation)[-2:]]
        reports = self.reports(organisation)
        rules = _restrictions(self._installation.kept(organisation).silences)
        return tuple(
            each.period.name
            for each in reports
            if len(each.period.units) == 1 and not each.deferred
            if (until := reporting.due(each, reports, months[-1], rules)) and months[0] < until
        )

    def publish_totals(self, organisation: str, by: str, month: str) -> Totals:
        """Lay how many entries of each kind a month had into the site, and have it logged. For counsel."""
        _house, kept = self._permitted(organisation, by)
        earlier = self.totals(organisation)
        if any(each.month == month for each in earlier):
            raise Refused("the totals of this month are published already", place=month)
        self._over(organisation, Period(first=month, last=month))
        found = reporting.totals(
            self._store.trace.columns(organisation),
            month,
            seed=self.seed(organisation),
            before=self.reports(organisation),
            earlier=earlier,
            restrictions=_restrictions(kept.silences),
            entries=self.bounds(organisation),
        )
        name, data = f"{TOTALS}/{month}.json", found.encoded()
        self._lay(organisation, {name: data})
        self._log(organisation, Kind.TOTALS, name, data)
        return found

    # ---- how it is done ----------------------------------------------------------------------------------

    def _made(
        self,
        organisation: str,
        house: House,
        kept: LogConfigured,
        period: Period,
        narratives: Sequence[Narrative],
        deferred: str,
    ) -> Report:
        sender = house.settings.sender
        return reporting.report(
            self._store.trace.columns(organisation),
            period,
            house=model.House(
                name=sender.name if sender is not None else organisation,
                site=f"https://{kept.origin}",
                contact=sender.contact if sender is not None else "",
            ),
            seed=self.seed(organisation),
            made=self._installation.now().date(),
            before=self.reports(organisation),
            totals=self.totals(organisation),
            entries=self.bounds(organisation),
            narratives=narratives,
            restrictions=_restrictions(kept.silences),
            witnesses=self._witnesses(organisation, kept),
            began=self._untils(organisation)[0].date(),
            deferred=deferred,
        )

    def _witnesses(self, organisation: str, kept: LogConfigured) -> Witnesses:
        """Of the newest tree that everybody is shown, as its site names them."""
        tiles = self._installation.tiles(organisation)
        data, named, cosigned = tiles.read(CHECKPOINT), tiles.read(MANIFEST), 0
        if data is not None and named is not None:
            cosigned = len(opened(data, read_manifest(tiles.read).policy()).cosigned)
        return Witnesses(of=len(kept.witnesses), quorum=kept.quorum, cosigned=cosigned)

    def _permitted(self, organisation: str, by: str) -> tuple[House, LogConfigured]:
        kept, house = self._installation.kept(organisation), self._installation.people(organisation)
        if not house.person(by).has(Role.COUNSEL):
            raise Refused("what is published is decided by counsel", place=by)
        return house, kept

    def _over(self, organisation: str, period: Period) -> date:
        """Every entry of the period, whose months are those of UTC, has its place in the log, and the log had
        begun before the period was over. The day on which it began, by its first ledger."""
        untils = self._untils(organisation)
        if not untils or untils[-1].date() <= period.last_day:
            raise Refused(
                "entries of this period may still wait for the log",
                place=period.name,
                hint="come back after the first publication that follows its last day, in UTC",
            )
        began = untils[0].date()
        if period.last_day < began:
            raise Refused(
                "this period was over before the log began, which can say nothing of it",
                place=period.name,
                hint=f"the log began on {began}",
            )
        return began

    def _untils(self, organisation: str) -> list[datetime]:
        """Until when each ledger that has its place looks, the oldest first."""
        return [
            public.ledger_until(each.opened.paper)
            for each in self._store.trace.ledgers(organisation)
            if each.place is not None
        ]

    def _lay(self, organisation: str, files: dict[str, bytes]) -> None:
        folder = self._installation.site(organisation)
        folder.mkdir(parents=True, exist_ok=True)
        tiles = Folder(folder)
        for name, data in files.items():
            tiles.publish(name, data)

    def _log(self, organisation: str, kind: Kind, name: str, data: bytes) -> None:
        entry = public.document(kind, name, hashlib.sha256(data).hexdigest(), self._installation.now())
        self._store.trace.add(organisation, entry)


def narratives(file: Path) -> tuple[Narrative, ...]:
    """Approved narratives in a TOML file: [[narrative]] with ground, approved and [narrative.texts]. Raises
    Refused where it is none, a ground is not of the closed list, or a text in English is missing: it stands
    in for every language that has none."""
    try:
        found = msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, tuple[Narrative, ...]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Refused(f"these are no narratives: {error}", place=str(file)) from None
    [grounds] = [each.values for each in parts()["refusal"] if each.name == "ground"]
    told = found.pop("narrative", ())
    if found:
        raise Refused("these are no narratives", place=f"{file}: {min(found)}", hint="[[narrative]]")
    for number, each in enumerate(told, 1):
        place = f"{file}: narrative {number}"
        if each.ground not in grounds or each.ground == NOT_STATED:
            hint = "one of " + ", ".join(word for word in grounds if word != NOT_STATED)
            raise Refused(f"there is no such ground: {each.ground}", place=place, hint=hint)
        if unknown := sorted(set(each.texts) - set(map(str, Language))):
            raise Refused(f"there are no pages in this language: {unknown[0]}", place=place)
        if not each.texts.get(str(Language.ENGLISH), "").strip():
            raise Refused("the text in English is missing", place=place, hint="en = ...")
    return told


def _restrictions(silences: Sequence[Silence]) -> tuple[Restriction, ...]:
    return tuple(
        Restriction(
            subject=each.subject,
            how=How(each.how),
            footing=each.footing,
            law=each.law,
            step=each.step,
            until=each.until,
        )
        for each in silences
    )
