"""Whose word is enough: logs one knows, witnesses one trusts, and how many of them (C2SP tlog-policy).

Decides whether a checkpoint is signed by a log of the policy and cosigned by enough of its witnesses.
Stricter than the text in two things: a log's key is not a witness's key too, and a cosignature without its
moment counts for nobody, as tlog-witness has it. What a policy without witnesses may be called is for whoever
shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Verified
from habeas.tlog.tree import Unproven

NONE = "none"  # the quorum that asks for no witness
_WORDS = {"any": lambda members: 1, "all": len}
MOST_CHARACTERS = 1 << 20  # some five hundred witnesses with ML-DSA keys
_LOGS = frozenset({Algorithm.ED25519, Algorithm.MLDSA44})
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COSIGNERS = frozenset({Algorithm.COSIGNATURE, Algorithm.MLDSA44})


class Witnessing(msgspec.Struct, frozen=True, kw_only=True):
    """A witness: its key, and the prefix at which trees are handed to it."""

    key: Key
    url: str = ""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Met when at least `least` of its members are. members: names of witnesses or groups."""

    least: int
    members: tuple[str, ...]


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Made by `parse` and `k_of_n`, which check it.

    logs: accepted, any of them. witnesses and groups: by the names that the policy gives them, in their
    order. quorum: the name of the witness or group that must be met, or `none`. log_urls: by verifier key,
    where given.
    """

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Witnessing]
    quorum: str
    groups: Mapping[str, Group] = {}
    log_urls: Mapping[str, str] = {}

    @classmethod
    def k_of_n(cls, log: Key, witnesses: Sequence[tuple[Key, str]], k: int) -> Policy:
        """At least k of these witnesses, each with its URL or ""; 0 asks for none.

        A witness is its name: one that signs with two keys, of two algorithms, counts once. Raises Unproven
        where there are fewer, or a key is of the wrong kind or named twice.
        """
        of = outsiders(key for key, _url in witnesses)
        if not 0 <= k <= of:
            raise Unproven(f"{k} of {of} witnesses cannot cosign", place="quorum")
        reading = _Reading()
        reading.log([str(log)])
        keys_of: dict[str, list[str]] = {}
        for number, (key, url) in enumerate(witnesses, start=1):
            reading.witness([f"w{number}", str(key), url] if url else [f"w{number}", str(key)])
            keys_of.setdefault(key.name, []).append(f"w{number}")
        if k:
            members = [names[0] if len(names) == 1 else f"either-{names[0]}" for names in keys_of.values()]
            for member, names in zip(members, keys_of.values(), strict=True):
                if len(names) > 1:
                    reading.group([member, "any", *names])
            reading.group(["witnesses", str(k), *members])
        reading.set_quorum(["witnesses" if k else NONE])
        return reading.done()

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Raises Unproven, with the line, where this is no policy."""
        return _Reading().policy(text)

    def __str__(self) -> str:
        lines = [["log", str(key), self.log_urls.get(str(key), "")] for key in self.logs]
        lines += [["witness", name, str(each.key), each.url] for name, each in self.witnesses.items()]
        lines += [["group", name, str(each.least), *each.members] for name, each in self.groups.items()]
        lines.append(["quorum", self.quorum])
        return "".join(" ".join(word for word in line if word) + "\n" for line in lines)

    def of(self) -> tuple[int, int] | None:
        """(k, n) where the quorum is k of n witnesses, (0, n) where it is none; None where groups hold
        groups.
        """
        if self.quorum == NONE:
            return 0, len(self.witnesses)
        if self.quorum in self.witnesses:
            return 1, 1
        group = self.groups[self.quorum]
        if not set(group.members) <= set(self.witnesses):
            return None
        return group.least, len(group.members)

    def met(self, cosigners: Iterable[Key]) -> bool:
        """Whether these cosigners are enough."""
        there = set(cosigners)
        holding = {NONE, *(name for name, each in self.witnesses.items() if each.key in there)}
        for name, group in self.groups.items():  # a group names only what stands before it
            if sum(member in holding for member in group.members) >= group.least:
                holding.add(name)
        return self.quorum in holding


def outsiders(keys: Iterable[Key]) -> int:
    """How many witnesses these keys are of: one may sign with two keys, of two algorithms, under one name."""
    return len({key.name for key in keys})


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint whose log signature holds. cosigned: by witnesses of the policy, each once, each with its
    moment.
    """

    checkpoint: Checkpoint
    note: Note
    cosigned: tuple[Verified, ...]
    quorum_met: bool


def opened(data: bytes, policy: Policy) -> Opened:
    """The checkpoint in these bytes. Raises Unproven where no log of the policy signed it under its own name,
    or a signature by a key of the policy does not hold. A quorum that is not met is said, not raised."""
    note = Note.parse(data)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin not in {key.name for key in policy.logs}:
        raise Unproven("this is a log that is not known here", place=checkpoint.origin[:80])
    witnesses = {each.key for each in policy.witnesses.values()}
    verified = note.verified([*policy.logs, *witnesses])
    if not any(each.key in policy.logs and each.key.name == checkpoint.origin for each in verified):
        raise Unproven("the log's own signature is missing", place=checkpoint.origin[:80])
    cosigned = tuple(each for each in verified if each.key in witnesses and each.at is not None)
    return Opened(
        checkpoint=checkpoint,
        note=note,
        cosigned=cosigned,
        quorum_met=policy.met(each.key for each in cosigned),
    )


def signed_tree(data: bytes, log: Key) -> Checkpoint:
    """The tree in these bytes, whoever cosigned it. Raises Unproven where this log did not sign it."""
    return opened(data, Policy.k_of_n(log, [], 0)).checkpoint


class _Reading:
    """A policy file as it is read, line by line."""

    def __init__(self) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Witnessing] = {}
        self.groups: dict[str, Group] = {}
        self.log_urls: dict[str, str] = {}
        self.quorum = ""
        self.used: set[str] = set()
        self.publics: set[bytes] = set()
        self.ids: set[tuple[str, bytes]] = set()

    def policy(self, text: str) -> Policy:
        verbs: dict[str, Callable[[list[str]], None]] = {
            "log": self.log,
            "witness": self.witness,
            "group": self.group,
            "quorum": self.set_quorum,
        }
        if len(text) > MOST_CHARACTERS:
            raise Unproven("this is too long for a policy", hint=f"at most {MOST_CHARACTERS:,} characters")
        *whole, rest = text.split("\n")
        if rest:  # what was cut off may have changed a name
            raise Unproven(
                "the last line of the policy has no end",
                place=f"line {len(whole) + 1}",
                hint="end it with a line break",
            )
        for number, line in enumerate(whole, start=1):
            if _CONTROLS.search(line):
                raise Unproven("a policy holds no control characters", place=f"line {number}")
            words = [word for word in re.split(r"[ \t]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                if words[0] not in verbs:
                    raise Unproven("a policy knows log, witness, group and quorum")
                verbs[words[0]](words[1:])
            except Unproven as refused:
                place = f"line {number}" + (f": {refused.place}" if refused.place else "")
                raise Unproven(refused.sentence, place=place, hint=refused.hint) from None
        return self.done()

    def done(self) -> Policy:
        if not self.quorum:
            raise Unproven("the policy names no quorum", hint="`quorum none` asks for no witness")
        return Policy(
            logs=tuple(self.logs),
            witnesses=self.witnesses,
            groups=self.groups,
            quorum=self.quorum,
            log_urls=self.log_urls,
        )

    def log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise Unproven("a log is its key, and perhaps its address")
        key = self.key(words[0], _LOGS, "a log")
        self.logs.append(key)
        if words[1:]:
            self.log_urls[str(key)] = _url(words[1])

    def witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise Unproven("a witness is its name, its key, and perhaps its address")
        key = self.key(words[1], _COSIGNERS, "a witness")
        url = _url(words[2]) if words[2:] else ""
        self.witnesses[self.new(words[0])] = Witnessing(key=key, url=url)

    def group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise Unproven("a group is its name, how many, and who")
        name, least, *members = words
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise Unproven("this is named before it was said who it is", place=member)
            if member in self.used:
                raise Unproven("this belongs to a group already", place=member)
            self.used.add(member)
        wanted = _WORDS[least](members) if least in _WORDS else _count(least)
        if not 1 <= wanted <= len(members):
            raise Unproven("so many are not in the group", place=least)
        self.groups[self.new(name)] = Group(least=wanted, members=tuple(members))

    def set_quorum(self, words: list[str]) -> None:
        if self.quorum:
            raise Unproven("a policy has one quorum")
        if len(words) != 1 or (words[0] != NONE and words[0] not in {*self.witnesses, *self.groups}):
            raise Unproven("the quorum is a witness or a group named before, or none")
        self.quorum = words[0]

    def key(self, vkey: str, kinds: Collection[Algorithm], who: str) -> Key:
        key = Key.parse(vkey)
        if key.algorithm not in kinds:
            raise Unproven(f"this is not the kind of key that {who} has", place=key.name)
        if key.public in self.publics:
            raise Unproven("the same key is named twice, and would count twice", place=key.name)
        if (key.name, key.id) in self.ids:  # signed-note: together they must say which key signed
            raise Unproven("two different keys have the same name and id", place=key.name)
        self.publics.add(key.public)
        self.ids.add((key.name, key.id))
        return key

    def new(self, name: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Unproven("this name is taken", place=name)
        return name


def _count(word: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", word):
        raise Unproven("how many is a number, any or all", place=word)
    return int(word)


def _url(word: str) -> str:
    if re.search(r"[\x00-\x20\x7f]", word):
        raise Unproven("an address holds no spaces", place=word[:80])
    return word
