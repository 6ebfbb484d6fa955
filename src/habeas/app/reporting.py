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
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from habeas.app.home import private, write_private
from habeas.app.installation import Installation
from habeas.desk import public, tally
from habeas.desk.events import LogConfigured, Role, Silence, StoryWritten
from habeas.desk.people import House, Story
from habeas.desk.public import OPEN, Kind
from habeas.desk.settings import tellable
from habeas.errors import Refused
from habeas.gateways import confined
from habeas.reports.published import MANIFEST, SUMS, Witnesses, read_manifest, sums
from habeas.reports.transparency import model, page, reporting
from habeas.reports.transparency.attack import MIN_WIDTH
from habeas.reports.transparency.laying import REPORT_DATA, REPORT_PDF, laid
from habeas.reports.transparency.model import (
    Counting,
    Narrative,
    Period,
    Report,
    Totals,
    half_of,
    line_of,
    months_over,
    restrictions_of,
)
from habeas.reports.transparency.rounding import BASE
from habeas.store import HOUSE_KEY, MATURES, Store
from habeas.tlog import CHECKPOINT, Folder, Key, opened, outsiders

REPORTS, TOTALS = "reports", "totals"
_SEED = ".report-seed"  # decides how small numbers are rounded; whoever has it can undo part of that
_UNSAID = "unsaid"  # below the home folder: what law forbids even to say, by what was published under it
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
        for size, multiple in self._store.trace.sizes(organisation):
            mine = [leaf for place, leaf in opened if start <= place < size]
            untils = [
                public.ledger_until(leaf.paper) for leaf in mine if leaf.count.value("kind") == Kind.LEDGER
            ]
            day = public.month(max(untils) + MATURES)  # of its publication
            most = size - start - len(mine)
            least = max(0, most - multiple + 1)
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
        return self._made(organisation, house, kept, period, "")

    def tell(self, organisation: str, by: str, half: str, stories: bytes) -> tuple[int, ...]:
        """Write the stories of refused requests in a TOML file for the report of a half of a year, all of
        them or none. The numbers under which a second person approves each (`Desk.approve_story`)."""
        told = _written(half, stories)
        for each in told:
            tellable(each)
        desk = self._installation.desk(organisation)
        return tuple(
            desk.write_story(
                by, self._installation.now(), half=each.half, ground=each.ground, texts=each.texts
            ).length
            for each in told
        )

    def publish(self, organisation: str, by: str, period: Period) -> Report:
        """Lay the report of whole halves of years into the site, and have it logged; of a half that was
        published, the supplement with what law put off and lets be told by now. With the stories of those
        halves that two people approved. For counsel."""
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
            month, rules = public.month(self._installation.now()), restrictions_of(kept.silences)
            deferred = reporting.due(published[0], before, month, rules) if len(period.units) == 1 else ""
            if not deferred:
                raise Refused("this report is published already, and stays as it is", place=period.name)
        report = self._made(organisation, house, kept, period, deferred)
        told_too_much(report, house.stories)
        settled = {unit.name for each in before if not each.deferred for unit in each.units}
        fresh = [unit.name for unit in report.units if deferred or unit.name not in settled]
        self._keep_unsaid(organisation, kept, [line_of(name, deferred) for name in fresh])
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
        the log began, as soon as all its entries have their places; and those of which law put numbers off
        that may be told by now."""
        untils, totals = self._untils(organisation), self.totals(organisation)
        done = {each.month for each in totals}
        over = months_over(untils[0].date(), untils[-1].date()) if untils else ()
        return tuple(each for each in over if each not in done or self._put_off(organisation, each, totals))

    def _put_off(self, organisation: str, month: str, totals: Sequence[Totals]) -> str:
        """Until when numbers of a month's totals were put off that may be told now; empty without any."""
        [opened] = [each for each in totals if each.month == month and not each.deferred]
        rules = restrictions_of(self._installation.kept(organisation).silences)
        return reporting.month_due(opened, totals, public.month(self._installation.now()), rules)

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
        rules = restrictions_of(self._installation.kept(organisation).silences)
        return tuple(
            each.period.name
            for each in reports
            if len(each.period.units) == 1 and not each.deferred
            if (until := reporting.due(each, reports, months[-1], rules)) and months[0] < until
        )

    def publish_totals(self, organisation: str, by: str, month: str) -> Totals:
        """Lay how many entries of each kind a month had into the site, and have it logged; of a month that
        was opened, the supplement with what law put off and lets be told by now. For counsel."""
        _house, kept = self._permitted(organisation, by)
        earlier, deferred = self.totals(organisation), ""
        if any(each.month == month for each in earlier):
            deferred = self._put_off(organisation, month, earlier)
            if not deferred:
                raise Refused("the totals of this month are published already", place=month)
        self._over(organisation, Period(first=month, last=month))
        found = reporting.totals(
            self._store.trace.columns(organisation),
            month,
            seed=self.seed(organisation),
            before=self.reports(organisation),
            earlier=earlier,
            restrictions=restrictions_of(kept.silences),
            entries=self._entries(organisation, kept),
            deferred=deferred,
        )
        self._keep_unsaid(organisation, kept, [found.name])
        name, data = f"{TOTALS}/{found.name}.json", found.encoded()
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
            entries=self._entries(organisation, kept),
            narratives=() if deferred else _approved(house.stories, period),
            restrictions=restrictions_of(kept.silences),
            witnesses=self._witnesses(organisation, kept),
            began=self._untils(organisation)[0].date(),
            deferred=deferred,
            doors=self._counted_apart(organisation, kept),
        )

    def _entries(self, organisation: str, kept: LogConfigured) -> dict[str, tuple[int, int]]:
        """As `bounds`, for the attacker. Where law forbids even to say that something is left out, a month
        can have fewer counted entries than its leaves show: nobody can rely on the least."""
        bounds = self.bounds(organisation)
        if all(each.open for each in kept.silences) and not self.unsaid(organisation):
            return bounds
        return {month: (0, most) for month, (_least, most) in bounds.items()}

    def unsaid(self, organisation: str) -> dict[str, tuple[Silence, ...]]:
        """What law forbade even to say is left out, by the unit or month whose numbers were published under
        it. For whoever may count again; it is published nowhere."""
        file = self._installation.home / _UNSAID / f"{organisation}.json"
        if not file.is_file():
            return {}
        return msgspec.json.decode(file.read_bytes(), type=dict[str, tuple[Silence, ...]])

    def _keep_unsaid(self, organisation: str, kept: LogConfigured, names: Sequence[str]) -> None:
        """Before anything of it is published; of what was published earlier nothing changes."""
        silences = tuple(each for each in kept.silences if not each.open)
        known = self.unsaid(organisation)
        if silences and not set(names) <= known.keys():
            file = self._installation.home / _UNSAID / f"{organisation}.json"
            private(file.parent)
            found = dict.fromkeys(names, silences) | known
            write_private(half := file.with_suffix(".part"), msgspec.json.encode(found))
            half.replace(file)

    def _counted_apart(self, organisation: str, kept: LogConfigured) -> tuple[Counting, ...]:
        """What the doors that run apart counted by themselves, against what has its place in the log."""
        seen, found = self._untils(organisation)[-1].date(), []
        keys = [Key.parse(each.key) for each in kept.doors]
        for data in self._installation.counts(organisation):
            try:
                count = tally.read(data, keys)
            except Refused:
                continue  # of a door that the house names no more
            due = count.due(seen)
            agrees = all(
                self._store.trace.of_paper(organisation, each.paper, public.month(each.received))
                for each in due
            )
            word = msgspec.json.decode(data, type=tally.Count).word
            found.append(
                Counting(door=str(count.word.door), until=count.word.until, agrees=agrees, word=word)
            )
        return tuple(sorted(found, key=lambda each: (each.door, each.word)))

    def _witnesses(self, organisation: str, kept: LogConfigured) -> Witnesses:
        """Of the newest tree that everybody is shown, as its site names them."""
        tiles = self._installation.tiles(organisation)
        data, named, cosigned = tiles.read(CHECKPOINT), tiles.read(MANIFEST), 0
        if data is not None and named is not None:
            seen = opened(data, read_manifest(tiles.read).policy())
            cosigned = outsiders(each.key for each in seen.cosigned)
        of = outsiders(Key.parse(each.key) for each in kept.witnesses)
        return Witnesses(of=of, quorum=kept.quorum, cosigned=cosigned)

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


def told_too_much(report: Report, stories: Sequence[Story]) -> None:
    """Raises Refused where the stories of a half would show more of its small numbers than its tables: so
    many on one ground that the number behind the rounded one is left fewer than
    four values."""
    shown: Counter[tuple[str, str]] = Counter()
    for cell in report.cells:
        if cell.subject == "refusal" and cell.part in ("", "ground"):
            shown[cell.unit, cell.value] += cell.count
    told: Counter[tuple[str, str]] = Counter()
    for each in stories if report.narratives else ():
        if each.approved is not None and each.half in {unit.name for unit in report.period.units}:
            told.update([(each.half, each.ground), (each.half, "")])
    for (half, ground), count in sorted(told.items()):
        if count > shown[half, ground] + BASE - MIN_WIDTH:
            what = f"refusals on the ground {ground}" if ground else "refusals"
            raise Refused(
                f"{count} stories would say more than the table, which shows {shown[half, ground]} {what}",
                place=half,
                hint="leave some out: habeas log drop-story",
            )


def _approved(stories: Sequence[Story], period: Period) -> tuple[Narrative, ...]:
    """The stories that two people approved, of the halves that a period touches, as they were written."""
    halves = {half_of(month) for month in period.months}
    return tuple(
        Narrative(texts=each.texts, ground=each.ground, approved=each.approved.date())
        for each in stories
        if each.approved is not None and each.half in halves
    )


class _Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that was refused, in a file, as people wrote it."""

    ground: str
    texts: dict[str, str]


def _written(half: str, data: bytes) -> tuple[StoryWritten, ...]:
    """Stories in a TOML file: [[story]] with ground and [story.texts]. Raises Refused where it is none."""
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8")), dict[str, tuple[_Told, ...]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Refused(f"these are no stories: {error}", place="stories") from None
    told = found.pop("story", ())
    if found or not told:
        place = f"stories: {min(found)}" if found else "stories"
        raise Refused("these are no stories", place=place, hint="[[story]]")
    return tuple(StoryWritten(half=half, ground=each.ground, texts=each.texts) for each in told)
