"""What can happen to a case, as a closed list of events, and one plain sentence for each.

An event says what happened and holds what is needed to know it later; when and by whom stands in
`Recorded`. Nothing else about a case is stored as truth: `habeas.desk.case` folds these into the case
as it stands. A stream of events belongs to one case, or to the house itself (`HOUSE`): its people,
their roles, its settings and the keys of the authorities it answers.

Events are never changed after they were written. To say something new about an old kind of fact, add a
field with a default or a new event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec

from habeas.assess import Assessment, Ceiling, Decision
from habeas.desk.calendars import ORDINARY, Calendar
from habeas.desk.clocks import HouseTimes
from habeas.desk.letters.model import Heard, Kind, Language, Sender, Slow
from habeas.desk.package import Extract, RegisteredKey
from habeas.desk.stamping import Stamp, Stamping
from habeas.request import AccountFacts, Evidence, Level, Period, Request

HOUSE = "house"  # the stream of people and settings of one organisation
CLOCK = "clock"  # recorded as the doer where a time limit acted by itself
PERSON_CONCERNED = "person concerned"  # recorded as the doer at the person's door


class Role(StrEnum):
    """What a person of the house, or drawn into one case, may do. A person can have several."""

    INTAKE = "intake"
    REVIEWER = "reviewer"
    COUNSEL = "counsel"
    CUSTODIAN = "custodian"  # holds the data, and hands it over
    EXPERT = "expert"  # from outside, invited into one case
    DELEGATE = "delegate"  # named by a partner organisation to be the second person, invited into one case
    AUDITOR = "auditor"  # reads everything, changes nothing
    ADMINISTRATOR = "administrator"  # people and settings, and no content of any case


INVITED = frozenset({Role.EXPERT, Role.DELEGATE})
"""Roles that see nothing but the cases they were invited into."""


WORKS = frozenset({Role.INTAKE, Role.REVIEWER, Role.COUNSEL, Role.CUSTODIAN})
"""Roles with which somebody works on cases, so that one can lie with them."""


class Door(StrEnum):
    """How something came in."""

    MAILBOX = "mailbox"
    PORTAL = "portal"
    API = "api"
    PAPER = "paper"
    IMPORT = "import"


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Ruling(_Value, frozen=True):
    """What people decide about one item of one target.

    ceiling: the most that may be handed over. ground: the article or safeguard relied on, for a refusal.
    scope: what a narrower item is confined to. conditions: on which it is given (Article 40(19) and others).
    """

    target: str
    item: str
    decision: Decision
    ceiling: Ceiling = Ceiling.NOTHING
    ground: str = ""
    scope: str = ""
    conditions: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return (self.target, self.item)


class Held(_Value, frozen=True):
    """A file that would leave, for one item of one target. sha256: of its plain bytes, in hex.

    holds: what kind of data is in it, by the custodian's word. period: the days its data is from. extract:
    what was taken out of the table that it is left of; None for a file that leaves as it came.
    """

    target: str
    item: str
    name: str
    sha256: str
    size: int
    holds: Ceiling
    period: Period | None = None
    extract: Extract | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that happened. Its tag is its name on disk and never changes."""

    @property
    def kind(self) -> str:
        return str(type(self).__struct_config__.tag)

    def sentence(self) -> str:
        """What happened, for a reader of the history. Names no person and no identifier."""
        raise NotImplementedError


def _listed(words: Sequence[str], none: str = "nothing") -> str:
    return ", ".join(words) if words else none


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


# ---- it comes in -----------------------------------------------------------------------------------------


class Arrived(_Value, frozen=True):
    """When something came, as whoever took it in states it. on: the day, in `zone` (an IANA name). at: the
    instant in UTC; None where nobody stated the hour, so that it is some instant of that day."""

    on: date
    zone: str
    at: datetime | None = None


class Arrival(_Value, frozen=True):
    """When a request came. at: recorded here. on: the day that the request states for it, where it does.
    stated: what whoever took it in says of it, which goes before."""

    at: datetime
    on: date | None = None
    stated: Arrived | None = None


class Enclosed(_Value, frozen=True):
    """A file kept as it came. sha256, size: of its plain bytes. name: as its sender called it, without a
    path and without signs that nobody sees. original: it is the letter, mail or file that asks, from which
    the request was typed; otherwise it came along."""

    name: str
    size: int
    sha256: str
    original: bool = False


class Received(Event, frozen=True, tag="received"):
    """source: SHA-256 of the bytes as they came. zone: the zone the sender's dates were stated in, empty
    where nobody knows it; records from before it was asked say nothing and were counted in UTC.
    taken_in_by: who took the request in, where a colleague split this case off it later; takers: who else
    took in what it holds. promise: SHA-256 of the promise that its sender was given, empty where the house
    keeps no public log. entry: the id that the request had in those bytes. like: cases there were already
    with this request, or with its reference from the same authority. came: when what was split off came, with
    the case it was split off from. arrived: when it came, where that was stated beside the request. typed:
    somebody of the house typed it from what came, so that `source` is of what they typed."""

    request: Request
    door: Door
    source: str
    zone: str = "UTC"
    split_from: str = ""
    taken_in_by: str = ""
    promise: str = ""
    entry: str = ""
    like: tuple[str, ...] = ()
    came: tuple[Arrival, ...] = ()
    arrived: Arrived | None = None
    typed: bool = False
    takers: tuple[str, ...] = ()

    def sentence(self) -> str:
        if self.split_from:
            return f"Split off from case {self.split_from}."
        like = f" It is like {_listed(self.like)}." if self.like else ""
        typed = " It was typed in from what came." if self.typed else ""
        return f"A request came in by {self.door}.{typed}{like}"


class ReceivedAgain(Event, frozen=True, tag="received-again"):
    """The very same request came once more while its case was open; no second case was made of it. The fields
    are those of `Received`."""

    door: Door
    source: str
    promise: str = ""
    entry: str = ""
    arrived: Arrived | None = None

    def sentence(self) -> str:
        return f"The same request came in again, by {self.door}."


class Attached(Event, frozen=True, tag="attached"):
    """Files came along, with the request or later, and were sealed unread. Their names are never in a
    sentence: a name can tell whom it is about."""

    files: tuple[Enclosed, ...]

    def sentence(self) -> str:
        one, many = "1 file was kept as it came.", f"{len(self.files)} files were kept as they came."
        return one if len(self.files) == 1 else many


class ZoneStated(Event, frozen=True, tag="zone-stated"):
    """Somebody found out in which zone the sender's dates were stated, or that what stood there was wrong."""

    zone: str

    def sentence(self) -> str:
        return f"The sender's dates were said to be in {self.zone}."


class Happening(StrEnum):
    """What time limits turn on besides the arrival of the request, under the names of the law files."""

    RECOGNITION_DECIDED = "recognition-decided"
    ORDER_SERVED = "order-served-on-provider"
    ENFORCEMENT_ASKED = "enforcement-request-received"
    NOT_NOTIFIED = "authority-not-notified"
    NO_GROUND = "authority-raises-no-ground"
    GROUND = "authority-raises-a-ground"
    NOTIFIED = "authority-notified"


class Happened(Event, frozen=True, tag="happened"):
    """Something that a time limit turns on. on: the day, in the house's zone. moment: the instant in UTC,
    where its hour was stated; some limits count hours."""

    what: Happening
    on: date
    moment: datetime | None = None

    def sentence(self) -> str:
        when = self.on.isoformat() if self.moment is None else f"{self.moment:%Y-%m-%d %H:%M} UTC"
        return f"Recorded for the time limits: {self.what.replace('-', ' ')}, {when}."


class Prolonged(StrEnum):
    """What may take longer than its time, where the issuing authority is told why: by its id in the law
    files (Directive 2014/41/EU, article 12(5) and (6))."""

    DECISION = "eio-recognition"
    EXECUTION = "eio-execution"


class MoreTime(Event, frozen=True, tag="more-time"):
    """The issuing authority is told that a time cannot be kept. until: the day by which it will be done, in
    the house's zone. slow: why, as its letter says it; None in records of an earlier version of this desk,
    where `reasons` holds what they were told. reasons: for the file. how: to whom, and on which way."""

    limit: Prolonged
    until: date
    reasons: str
    how: str
    slow: Slow | None = None

    def sentence(self) -> str:
        what = "The decision takes" if self.limit is Prolonged.DECISION else "To carry it out takes"
        return f"{what} until {self.until.isoformat()}, as the issuing authority is told."


class Identified(Event, frozen=True, tag="identified"):
    """Somebody looked at who sent it. level: what the evidence carries by itself."""

    evidence: tuple[Evidence, ...]
    level: Level

    def sentence(self) -> str:
        return f"The sender was looked at: {self.level}."


class AccountRecorded(Event, frozen=True, tag="account-recorded"):
    """What the records say of the accounts asked about. Only the custodian knows it."""

    accounts: tuple[AccountFacts, ...]

    def sentence(self) -> str:
        return f"The records were looked up for {_counted(len(self.accounts), 'target', 'targets')}."


class Noted(Event, frozen=True, tag="noted"):
    words: str

    def sentence(self) -> str:
        return "A note was added."


class Assigned(Event, frozen=True, tag="assigned"):
    to: str

    def sentence(self) -> str:
        return "The case was assigned." if self.to else "The case was laid back into the queue."


class HandedOver(Event, frozen=True, tag="handed-over"):
    """From the one who had it to another, with a word on where it stands."""

    to: str
    words: str

    def sentence(self) -> str:
        return "The case was handed over to another colleague."


# ---- data are kept (Article 42) --------------------------------------------------------------------------


class HoldPlaced(Event, frozen=True, tag="hold-placed"):
    """Somebody ordered the data to be kept; nothing is disclosed and nobody is told. placed: when, of a hold
    that goes along with a case split off."""

    hold: str
    targets: tuple[str, ...]
    until: datetime
    placed: datetime | None = None

    def sentence(self) -> str:
        return f"Data of {_counted(len(self.targets), 'target', 'targets')} are to be kept."


class HoldConfirmed(Event, frozen=True, tag="hold-confirmed"):
    """The custodian kept what there was. kept: the targets of which anything could be kept."""

    hold: str
    kept: tuple[str, ...]

    def sentence(self) -> str:
        return "The custodian confirmed the hold."


class HoldExtended(Event, frozen=True, tag="hold-extended"):
    hold: str
    until: datetime
    why: str

    def sentence(self) -> str:
        return "The hold was extended."


class HoldLapsed(Event, frozen=True, tag="hold-lapsed"):
    hold: str
    why: str

    def sentence(self) -> str:
        return "The hold ended; the data are under their ordinary rules again."


# ---- it is judged ----------------------------------------------------------------------------------------


class Assessed(Event, frozen=True, tag="assessed"):
    """The machine's recommendation. digest: SHA-256 of its canonical JSON. version: of the request."""

    assessment: Assessment
    digest: str
    version: int

    def sentence(self) -> str:
        return f"Assessed; recommended: {self.assessment.decision.replace('-', ' ')}."


class Reviewed(Event, frozen=True, tag="reviewed"):
    """What the first person decides, per target and item. why: asked for where it is not what was
    recommended. assessment: the digest of the recommendation that was looked at. settled: nothing is given
    or told by it, so that one person was enough."""

    rulings: tuple[Ruling, ...]
    assessment: str
    settled: bool
    reasons: str = ""
    why: str = ""

    def sentence(self) -> str:
        otherwise = " otherwise than recommended" if self.why else ""
        decisions = sorted({each.decision.replace("-", " ") for each in self.rulings})
        return f"Reviewed{otherwise}: {_listed(decisions)}."


class SecondReviewed(Event, frozen=True, tag="second-reviewed"):
    agrees: bool
    reason: str = ""

    def sentence(self) -> str:
        return "A second person agreed." if self.agrees else "A second person did not agree."


class Escalated(Event, frozen=True, tag="escalated"):
    why: str

    def sentence(self) -> str:
        return "Handed to counsel, who decides from here."


class Consulted(Event, frozen=True, tag="consulted"):
    """Somebody outside was asked: the requesting state (Article 40(28)), a ministry, a court. requester: it
    was the requesting state itself, which some refusals need. version: of the request that it was about; 0 in
    records of an earlier version of this desk, which took the one in force."""

    whom: str
    about: str
    requester: bool = False
    version: int = 0

    def sentence(self) -> str:
        return "The requesting state was consulted." if self.requester else "Somebody outside was consulted."


class Invited(Event, frozen=True, tag="invited"):
    """An expert or a delegate was invited into this case. blinded: they see no identifier. covered: words
    that counsel named to be covered besides. shown: to an expert without the names, exactly this covered
    request, as counsel read and confirmed it, whatever is added to the case later."""

    person: str
    role: Role
    blinded: bool = True
    question: str = ""
    covered: tuple[str, ...] = ()
    shown: Request | None = None

    def sentence(self) -> str:
        return f"An {self.role} was invited." if self.role is Role.EXPERT else f"A {self.role} was invited."


class ConflictDeclared(Event, frozen=True, tag="conflict-declared"):
    """What an invited expert says about their own interests. conflict: True bars the opinion."""

    conflict: bool
    words: str = ""

    def sentence(self) -> str:
        return "An expert declared a conflict." if self.conflict else "An expert declared no conflict."


class OpinionGiven(Event, frozen=True, tag="opinion-given"):
    """version: of the request that the expert saw; 0 in records of an earlier version of this desk."""

    words: str
    version: int = 0

    def sentence(self) -> str:
        return "An expert gave an opinion; their access ended with it."


# ---- the requester is spoken to --------------------------------------------------------------------------


class QuestionsProposed(Event, frozen=True, tag="questions-proposed"):
    """Questions of which one at least is in words of the house's own. Such words can tell what is held, so
    they go out only when a second person agreed."""

    questions: tuple[str, ...]

    def sentence(self) -> str:
        many = _counted(len(self.questions), "question was", "questions were")
        return f"{many} proposed, in our own words; a second person has to agree."


class QuestionsDeclined(Event, frozen=True, tag="questions-declined"):
    """A second person did not agree to the questions that were proposed last."""

    reason: str

    def sentence(self) -> str:
        return "A second person did not agree to the questions."


class Asked(Event, frozen=True, tag="asked"):
    """Questions of the rulebook, or in our own words as a second person, who is named as the doer, agreed."""

    questions: tuple[str, ...]

    def sentence(self) -> str:
        return f"{_counted(len(self.questions), 'question is', 'questions are')} to go to the requester."


class Answered(Event, frozen=True, tag="answered"):
    """The requester answered with a new version of the request. Earlier statements stay in it. typed: as in
    `Received`."""

    request: Request
    source: str
    typed: bool = False

    def sentence(self) -> str:
        return "The requester answered; the request has a new version."


class NarrowProposed(Event, frozen=True, tag="narrow-proposed"):
    rulings: tuple[Ruling, ...]

    def sentence(self) -> str:
        return "A narrower request was proposed."


class NarrowingAccepted(Event, frozen=True, tag="narrowing-accepted"):
    request: Request
    source: str
    typed: bool = False

    def sentence(self) -> str:
        return "The requester accepted the narrower request."


class Rerouted(Event, frozen=True, tag="rerouted"):
    to: str

    def sentence(self) -> str:
        return "The road the request should take was named."


class RequestRefused(Event, frozen=True, tag="refused"):
    """grounds: the articles relied on. persecution: answered with the closed text, without any fact."""

    grounds: tuple[str, ...]
    persecution: bool

    def sentence(self) -> str:
        return "Refused." if not self.persecution else "Refused with the closed text."


class Challenged(Event, frozen=True, tag="challenged"):
    """An order of our own court or authority goes to court, or more time is asked for. court: which one, with
    its number of the matter where there is one. why: for the file; what is submitted says it to the court.
    to_court: otherwise nothing but time is asked for."""

    court: str
    why: str
    to_court: bool

    def sentence(self) -> str:
        return "The order was brought before a court." if self.to_court else "More time was asked for."


class ConditionsAnswered(Event, frozen=True, tag="conditions-answered"):
    """What the requester said to the conditions on which something is to be given. conditions: those it was
    about, words of the closed list of letters or terms as they were written. words: who said it, and how."""

    conditions: tuple[str, ...]
    accepted: bool
    words: str

    def sentence(self) -> str:
        said = "The requester accepted" if self.accepted else "The requester did not accept"
        return f"{said} {'the condition' if len(self.conditions) == 1 else 'the conditions'}."


class LetterCleared(Event, frozen=True, tag="letter-cleared"):
    """Counsel answers for a letter that was held. sha256: of its page. words: what counsel looked at."""

    sha256: str
    words: str

    def sentence(self) -> str:
        return "Counsel cleared a letter that was held."


class LetterWritten(Event, frozen=True, tag="letter-written"):
    """A letter was composed and laid into the file; people send it. sha256: of its page. waits_for: what
    counsel has to look at first, such as provisions that nobody compared with a certified text. about: of a
    notice, the targets whose person it is for."""

    letter: Kind
    language: Language
    sha256: str
    waits_for: tuple[str, ...] = ()
    about: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        return bool(self.waits_for)

    def sentence(self) -> str:
        held = "; counsel has to look at it before it goes out" if self.held else ""
        return f"A letter was written: {self.letter.replace('-', ' ')}{held}."


class Withdrawn(Event, frozen=True, tag="withdrawn"):
    why: str

    def sentence(self) -> str:
        return "The requester withdrew the request."


class Validated(Event, frozen=True, tag="validated"):
    """A measure taken in an emergency was validated afterwards by a court, or was not (48 hours)."""

    valid: bool
    reference: str = ""

    def sentence(self) -> str:
        return "Validated afterwards." if self.valid else "Not validated: what was given must be deleted."


class SecrecyDeclined(Event, frozen=True, tag="secrecy-declined"):
    """The seat will not keep this secret; the requester is asked, by a letter, to accept that or to
    withdraw."""

    why: str

    def sentence(self) -> str:
        return "Secrecy will not be kept; the requester is asked to accept that or to withdraw."


class SecrecyAccepted(Event, frozen=True, tag="secrecy-accepted"):
    """words: who said so, and how; empty in records of an earlier version of this desk."""

    words: str = ""

    def sentence(self) -> str:
        return "The requester accepted that the person will be told."


# ---- the person concerned --------------------------------------------------------------------------------


class Notified(Event, frozen=True, tag="notified"):
    """The notice to one person was written, with a code for their door. They are told once it went out
    (`NoticeSent`). code: SHA-256 of the code. waits_until: nothing is handed over before. letter: SHA-256 of
    the page; empty in records of an earlier version of this desk, which took the notice for sent at once."""

    targets: tuple[str, ...]
    code: str
    waits_until: datetime
    letter: str = ""

    def sentence(self) -> str:
        given = f"for {_counted(len(self.targets), 'target', 'targets')}"
        return f"The notice {given} was written." if self.letter else f"Notice was given {given}."


class Sending(StrEnum):
    """On which way a notice went out."""

    POST = "post"
    MAIL = "mail"
    ACCOUNT = "account"  # as a message in the account that was asked about
    BY_HAND = "by-hand"


class NoticeSent(Event, frozen=True, tag="notice-sent"):
    """Somebody says that a notice went out. code: of which notice. letter: SHA-256 of the page that went.
    on: the day it went. since, waits_until: from when the waiting time is counted, and its end."""

    targets: tuple[str, ...]
    code: str
    letter: str
    way: Sending
    on: date
    since: datetime
    waits_until: datetime

    def sentence(self) -> str:
        way = {Sending.ACCOUNT: "as a message in the account", Sending.BY_HAND: "by hand"}
        how = way.get(self.way, f"by {self.way}")
        given = _counted(len(self.targets), "target", "targets")
        return f"The notice for {given} went out on {self.on}, {how}."


class DelayGround(StrEnum):
    """Why a person is told later. The list is closed, as it is in laws that let a notice wait (18 USC 2705;
    Directive (EU) 2016/680, article 13(3)), so that delays can be counted by it. Each is a word of the
    published record and never changes."""

    DANGER_TO_PERSON = "danger-to-person"  # life or safety of a victim, a witness, or anybody
    GAG_ORDER = "gag-order"  # a court or authority forbade it in this case, until a day
    BAR_IN_LAW = "bar-in-law"  # a provision forbids it in cases like this one, for a time
    DANGER_TO_INVESTIGATION = "danger-to-investigation"  # where a provision of the seat lets a notice wait


class NoticeDelayProposed(Event, frozen=True, tag="notice-delay-proposed"):
    """cite: the article or order it rests on. why: what stands against telling, in words that stay in the
    file. review: when somebody must look again, at the latest."""

    targets: tuple[str, ...]
    ground: DelayGround
    why: str
    cite: str
    until: date
    review: date

    def sentence(self) -> str:
        return f"A delay of the notice was proposed, for this ground: {self.ground.replace('-', ' ')}."


class NoticeDelayed(Event, frozen=True, tag="notice-delayed"):
    """A second person agreed to the delay that was proposed last."""

    def sentence(self) -> str:
        return "The notice is delayed, as two people decided."


class DelayLiftProposed(Event, frozen=True, tag="notice-delay-lift-proposed"):
    """Counsel proposes to end the delay that stands before its day. why: what changed."""

    why: str

    def sentence(self) -> str:
        return "It was proposed to lift the delay of the notice."


class DelayLifted(Event, frozen=True, tag="notice-delay-lifted"):
    """A second person agreed to lift the delay. on: the day, in the zone of the house."""

    on: date

    def sentence(self) -> str:
        return "The delay of the notice was lifted, as two people decided."


class Way(StrEnum):
    """On which way an objection came that did not come by the person's door."""

    POST = "post"
    MAIL = "mail"


class Objected(Event, frozen=True, tag="objected"):
    """words: as written at the person's door, or what a letter says in short. letter: SHA-256 of their own or
    their lawyer's letter, if one came. code: of the notice that opened the door, or that the letter names
    (SHA-256), so that the answer is for its holder. way: empty for the door."""

    words: str
    letter: str = ""
    code: str = ""
    way: Way | None = None

    def sentence(self) -> str:
        how = f" by {self.way}" if self.way else " at their door"
        letter = ", with a letter" if self.letter else ""
        return f"The person objected{how}{letter}; nothing is handed over until that is answered."


class ObjectionAnswered(Event, frozen=True, tag="objection-answered"):
    """upheld: wholly, or with `in_part` in part; either way what was decided is taken back."""

    upheld: bool
    reason: str
    in_part: bool = False

    @property
    def heard(self) -> Heard:
        if not self.upheld:
            return Heard.NOT_UPHELD
        return Heard.IN_PART if self.in_part else Heard.UPHELD

    def sentence(self) -> str:
        if self.in_part:
            return "The objection was upheld in part."
        return "The objection was upheld." if self.upheld else "The objection was answered and not upheld."


# ---- data are handed over --------------------------------------------------------------------------------


class FilesPrepared(Event, frozen=True, tag="files-prepared"):
    files: tuple[Held, ...]

    def sentence(self) -> str:
        said = f"{_counted(len(self.files), 'file was', 'files were')} prepared"
        cut = [each.extract for each in self.files if each.extract is not None]
        if not cut:
            return f"{said}."
        columns, rows = sum(len(each.taken) for each in cut), sum(each.without for each in cut)
        taken = f"{_counted(columns, 'column', 'columns')} and {_counted(rows, 'row', 'rows')}"
        return f"{said}; {taken} were taken out of {_counted(len(cut), 'table', 'tables')} before."


class ReleaseApproved(Event, frozen=True, tag="release-approved"):
    """What exactly may leave: these files, under this assessment, this version and this law."""

    assessment: str
    version: int
    files: tuple[Held, ...]
    lapses: datetime

    def sentence(self) -> str:
        return f"The release of {_counted(len(self.files), 'file', 'files')} was approved."


class Released(Event, frozen=True, tag="released"):
    """files: what left. assessment: of the re-assessment at that moment. package: SHA-256 of the sealed
    package, empty where nothing but an answer left (an account does not exist). stamp: the time-stamp over
    the signature. silent: what became of the question for one where it gave none; unstamped: why the
    custodian let the package leave all the same. All three empty where the house asks for none."""

    files: tuple[Held, ...]
    assessment: str
    package: str = ""
    stamp: Stamp | None = None
    silent: str = ""
    unstamped: str = ""

    def sentence(self) -> str:
        left = f"{_counted(len(self.files), 'file', 'files')} left, sealed to the authority's key"
        if self.stamp is not None:
            return f"{left}; {self.stamp.host} stamped the time, {self.stamp.at:%Y-%m-%d %H:%M:%S} UTC."
        return f"{left}, without a time-stamp: {self.silent}." if self.silent else f"{left}."


class DeliveryConfirmed(Event, frozen=True, tag="delivery-confirmed"):
    """By a receipt that was compared with what left, or by word.

    package: the sealed package that a receipt names. sha256, signature: of the receipt and of its signature
    as they came, sealed in the case. key: fingerprint of the registered key that signed it, empty for none.
    who: the office that received it, or that said so. received_at: by the receipt. how: in which way it was
    said, where there is no receipt. receipt: a line typed in an earlier version of this desk, which compared
    nothing.
    """

    receipt: str = ""
    package: str = ""
    sha256: str = ""
    signature: str = ""
    key: str = ""
    who: str = ""
    received_at: datetime | None = None
    how: str = ""

    def sentence(self) -> str:
        if not self.sha256:
            return "The delivery was confirmed by word; there is no receipt."
        signed = "signed with its registered key" if self.key else "not signed"
        return f"The authority's receipt names this very package; it is {signed}."


# ---- cases are arranged, and end -------------------------------------------------------------------------


class Merged(Event, frozen=True, tag="merged"):
    into: str
    why: str

    def sentence(self) -> str:
        return f"Merged into case {self.into}, where it goes on."


class MergeTaken(Event, frozen=True, tag="merge-taken"):
    """facts: what the merged request stated, so that no sign in its words is lost on the way. came: when it
    came, for its time limits run on here. takers: who took it in."""

    case: str
    facts: tuple[str, ...] = ()
    came: tuple[Arrival, ...] = ()
    takers: tuple[str, ...] = ()

    def sentence(self) -> str:
        return f"Case {self.case} was merged into this one."


class SplitOff(Event, frozen=True, tag="split-off"):
    targets: tuple[str, ...]
    into: str

    def sentence(self) -> str:
        return f"{_counted(len(self.targets), 'target goes', 'targets go')} on in case {self.into}."


class Closed(Event, frozen=True, tag="closed"):
    words: str = ""

    def sentence(self) -> str:
        return "Closed."


class Reopened(Event, frozen=True, tag="reopened"):
    why: str

    def sentence(self) -> str:
        return "Reopened."


class Retained(Event, frozen=True, tag="retained"):
    """A legal hold on the file itself: it is not erased before somebody lifts it. until: None lifts it."""

    until: date | None
    why: str

    def sentence(self) -> str:
        return "The file is to be retained." if self.until else "The file need not be retained any longer."


class Erased(Event, frozen=True, tag="erased"):
    """Written before the keys of the case are destroyed; nothing can be read of it afterwards."""

    why: str

    def sentence(self) -> str:
        return "Erased: the keys of this case were destroyed."


class Warned(Event, frozen=True, tag="warned"):
    """A time limit is near, or passed. By the clock alone nothing else follows."""

    clock: str
    due: datetime

    def sentence(self) -> str:
        return "A time limit came near."


# ---- the house -------------------------------------------------------------------------------------------


class PersonAdmitted(Event, frozen=True, tag="person-admitted"):
    """title: what colleagues see (a role or an office). partner: the organisation of a delegate or expert."""

    person: str
    title: str
    roles: tuple[Role, ...]
    partner: str = ""

    def sentence(self) -> str:
        return f"A person was admitted as {_listed(self.roles)}."


class RolesChanged(Event, frozen=True, tag="roles-changed"):
    person: str
    roles: tuple[Role, ...]

    def sentence(self) -> str:
        return f"The roles of a person are now: {_listed(self.roles)}."


class AccountInvited(Event, frozen=True, tag="account-invited"):
    """The account of somebody here begins, or begins anew: password, second proofs and sessions go."""

    person: str

    def sentence(self) -> str:
        return "A person was invited to sign in, or to begin anew."


class AbsenceStated(Event, frozen=True, tag="absence-stated"):
    """Days, both included. deputy: who has this person's cases meanwhile."""

    person: str
    since: date
    until: date
    deputy: str = ""

    def sentence(self) -> str:
        return "A person is away for some days."


class PersonLeft(Event, frozen=True, tag="person-left"):
    person: str

    def sentence(self) -> str:
        return "A person left the house."


class KeyRegistered(Event, frozen=True, tag="key-registered"):
    """A key of an authority that packages are sealed to. alone: one administrator did it, before the first
    request came in."""

    key: RegisteredKey
    alone: bool = False

    def sentence(self) -> str:
        alone = " by one administrator, before the first request came in" if self.alone else ""
        return f"A key of an authority of {self.key.state} was registered{alone}."


class Configured(Event, frozen=True, tag="configured"):
    """Settings of the house. seat: STATE:role. zone: an IANA name. suspended: states whose standing is
    suspended. sender: how letters name the house. times: those the house sets for itself. calendar: the
    house's own, with its holidays as they were when it was chosen, or the id of a shipped one.
    as_if_in_force: the UN Convention is treated as if it were in force, to see what it would mean; nothing is
    ever released on that footing. timestamps: who is asked to stamp the time of a package; None for
    nobody."""

    seat: str
    zone: str
    sender: Sender | None = None
    calendar: str | Calendar = ORDINARY
    as_if_in_force: bool = False
    suspended: tuple[str, ...] = ()
    times: HouseTimes = HouseTimes()
    timestamps: Stamping | None = None

    def sentence(self) -> str:
        return "The settings of the house were changed."


class Witnessing(_Value, frozen=True):
    """Somebody outside who cosigns the public log. key: their verifier key (C2SP signed-note). url: the
    prefix of their submissions (C2SP tlog-witness)."""

    key: str
    url: str


UNSAID = "unsaid"


class Silence(_Value, frozen=True):
    """What law forbids to count in public. subject: a kind of entry (`habeas.desk.public`), or `accounts`.
    how: `band`, `defer`, `never`, or `unsaid` where law forbids even to say that something is left out.
    footing, state, instrument: of which requests, empty for all. law: its citation, empty where that may not
    be said either. step: width of a band. until: the first month (YYYY-MM) in which what is
    deferred may be shown."""

    subject: str
    how: str
    footing: str = ""
    law: str = ""
    step: int = 0
    until: str = ""
    state: str = ""
    instrument: str = ""

    @property
    def open(self) -> bool:
        """Whether it may be said that something is left out."""
        return self.how != UNSAID


class Doorway(_Value, frozen=True):
    """A door that runs apart from the desk. door: one of `Door`. key: its verifier key, with which it signs
    promises and its own count."""

    door: str
    key: str


FILL = 16  # leaves: the least to a multiple of which a day is filled up


class LogConfigured(Event, frozen=True, tag="log-configured"):
    """How the public log of the house is kept.

    origin: its name, the address of the site without a scheme; it never changes. hour: of the day, in the
    house's zone, at which the day's entries are published. within: days after its arrival within which a
    request stands in the log, as every promise says. witnesses, quorum: who cosigns, and how many of them
    must before a tree is published. silences: what is not counted in public, and why. doors: those that run
    apart from the desk. tiles: the bucket that the site is published to, `s3://BUCKET/PREFIX`; empty for the
    house's own folder. fill: to a multiple of how many leaves each day is filled up.
    """

    origin: str
    hour: int = 4
    within: int = 3
    witnesses: tuple[Witnessing, ...] = ()
    quorum: int = 0
    silences: tuple[Silence, ...] = ()
    tiles: str = ""
    doors: tuple[Doorway, ...] = ()
    fill: int = FILL

    def sentence(self) -> str:
        return "The keeping of the public log was settled."


class Opened(Event, frozen=True, tag="opened"):
    """The house took its first request in. Until then one administrator sets it up; from here on what decides
    who is let in, who may open a package, and how long anybody waits, takes two people."""

    def sentence(self) -> str:
        return "The first request came in; people, keys, settings and the log take two from here on."


Proposable = KeyRegistered | Configured | LogConfigured | PersonAdmitted | RolesChanged | AccountInvited
"""What one administrator proposes and a second person confirms, once the house is open."""


class Proposed(Event, frozen=True, tag="proposed"):
    """An administrator proposes to let somebody in, to give a role, to invite somebody anew, a key, new
    settings, or how the public log is kept. lapses: when it can no longer be confirmed."""

    change: Proposable
    why: str
    lapses: datetime

    def sentence(self) -> str:
        match self.change:
            case KeyRegistered():
                what = "A key of an authority"
            case LogConfigured():
                what = "How the public log is to be kept"
            case PersonAdmitted():
                what = "To let somebody in"
            case RolesChanged():
                what = "A role for somebody"
            case AccountInvited():
                what = "To invite somebody to sign in, or to begin anew,"
            case _:
                what = "A change of settings"
        return f"{what} was proposed; a second person has to confirm it."


class Confirmed(Event, frozen=True, tag="confirmed"):
    """A second person agreed; what was proposed follows. proposal: the number of its event."""

    proposal: int

    def sentence(self) -> str:
        return f"A second person confirmed proposal {self.proposal}."


class Declined(Event, frozen=True, tag="declined"):
    """A proposal was taken back, or not agreed to. proposal: the number of its event."""

    proposal: int
    why: str

    def sentence(self) -> str:
        return f"Proposal {self.proposal} was declined."


class StoryWritten(Event, frozen=True, tag="story-written"):
    """A request that was refused, told in a few words for the report of one half of a year. Whoever writes it
    sees to it that nobody can be recognised; nothing here relates it to a case.

    half: YYYY-H1 or YYYY-H2. ground: `persecution`, or one of the closed list of letters. texts: by language;
    English stands in where there is none.
    """

    half: str
    ground: str
    texts: dict[str, str]

    def sentence(self) -> str:
        return f"A story for the report of {self.half} was written; a second person has to approve it."


class StoryApproved(Event, frozen=True, tag="story-approved"):
    """A second person approved a story as it stands. story: the number of the event that wrote it."""

    story: int

    def sentence(self) -> str:
        return f"A second person approved story {self.story} as it stands."


class StoryDropped(Event, frozen=True, tag="story-dropped"):
    """A story is not told in any report from here on. story: the number of the event that wrote it."""

    story: int
    why: str

    def sentence(self) -> str:
        return f"Story {self.story} was dropped."


CaseEvent = (
    Received
    | ReceivedAgain
    | Identified
    | AccountRecorded
    | Noted
    | Attached
    | Assigned
    | ZoneStated
    | Happened
    | MoreTime
    | HandedOver
    | HoldPlaced
    | HoldConfirmed
    | HoldExtended
    | HoldLapsed
    | Assessed
    | Reviewed
    | SecondReviewed
    | Escalated
    | Consulted
    | Invited
    | ConflictDeclared
    | OpinionGiven
    | QuestionsProposed
    | QuestionsDeclined
    | Asked
    | Answered
    | NarrowProposed
    | NarrowingAccepted
    | Rerouted
    | RequestRefused
    | Challenged
    | LetterWritten
    | ConditionsAnswered
    | LetterCleared
    | Withdrawn
    | Validated
    | SecrecyDeclined
    | SecrecyAccepted
    | Notified
    | NoticeSent
    | NoticeDelayProposed
    | NoticeDelayed
    | DelayLiftProposed
    | DelayLifted
    | Objected
    | ObjectionAnswered
    | FilesPrepared
    | ReleaseApproved
    | Released
    | DeliveryConfirmed
    | Merged
    | MergeTaken
    | SplitOff
    | Closed
    | Reopened
    | Retained
    | Erased
    | Warned
)
HouseEvent = (
    PersonAdmitted
    | RolesChanged
    | AccountInvited
    | AbsenceStated
    | PersonLeft
    | KeyRegistered
    | Configured
    | LogConfigured
    | Opened
    | Proposed
    | Confirmed
    | Declined
    | StoryWritten
    | StoryApproved
    | StoryDropped
)


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event in its stream. number: from 1, without gaps. at: UTC, by the clock of the machine. by: a
    person's id, `CLOCK` or `PERSON_CONCERNED`. spoken: where that clock stood before what the public log had
    spoken of already, up to when the log had: the event was recorded after that, whatever `at` says."""

    number: int
    at: datetime
    by: str
    event: Event
    spoken: datetime | None = None


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER: msgspec.json.Decoder[CaseEvent | HouseEvent] = msgspec.json.Decoder(CaseEvent | HouseEvent)


def encode(event: Event) -> bytes:
    """The canonical JSON of an event: the same event gives the same bytes."""
    return _ENCODER.encode(event)


def decode(data: bytes) -> Event:
    """The event of these bytes. Raises msgspec.ValidationError where they are none: our own mistake."""
    return _DECODER.decode(data)
