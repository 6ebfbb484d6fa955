"""Whose word is enough: logs one knows, witnesses one trusts, and how many of them (C2SP tlog-policy)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Verified
from habeas.tlog.tree import Unproven

NONE = "none"  # the quorum that asks for no witness
_WORDS = {"any": lambda members: 1, "all": len}
_LOGS = frozenset({Algorithm.ED25519})
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
    """quorum: the name of the witness or group that must be met, or `none`."""

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Witnessing]
    groups: Mapping[str, Group] = {}
    quorum: str = NONE

    @classmethod
    def k_of_n(cls, log: Key, witnesses: Sequence[tuple[Key, str]], k: int) -> Policy:
        """At least k of these witnesses; 0 asks for none. Raises Unproven where there are fewer."""
        if not 0 <= k <= len(witnesses):
            raise Unproven(f"{k} of {len(witnesses)} witnesses cannot cosign", place="quorum")
        named = {
            f"w{number}": Witnessing(key=key, url=url) for number, (key, url) in enumerate(witnesses, start=1)
        }
        _once([log, *(each.key for each in named.values())])
        if not k:
            return cls(logs=(log,), witnesses=named)
        return cls(
            logs=(log,),
            witnesses=named,
            groups={"witnesses": Group(least=k, members=tuple(named))},
            quorum="witnesses",
        )

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Raises Unproven, with the line, where this is no policy."""
        return _Reading().policy(text)

    def __str__(self) -> str:
        lines = [f"log {key}" for key in self.logs]
        lines += [f"witness {name} {each.key} {each.url}".rstrip() for name, each in self.witnesses.items()]
        lines += [f"group {name} {each.least} {' '.join(each.members)}" for name, each in self.groups.items()]
        return "".join(f"{line}\n" for line in (*lines, f"quorum {self.quorum}"))

    def met(self, cosigners: Iterable[Key]) -> bool:
        """Whether these cosigners are enough."""
        there = set(cosigners)

        def holds(name: str) -> bool:
            if name in self.witnesses:
                return self.witnesses[name].key in there
            group = self.groups[name]
            return sum(map(holds, group.members)) >= group.least

        return self.quorum == NONE or holds(self.quorum)


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint whose log signature holds. cosigned: by witnesses of the policy, each once."""

    checkpoint: Checkpoint
    note: Note
    cosigned: tuple[Verified, ...]
    quorum_met: bool


def opened(data: bytes, policy: Policy) -> Opened:
    """The checkpoint in these bytes. Raises Unproven where no log of the policy signed it under its own name,
    or a signature by a key of the policy does not hold."""
    note = Note.parse(data)
    checkpoint = Checkpoint.parse(note.text)
    logs = [key for key in policy.logs if key.name == checkpoint.origin]
    if not logs:
        raise Unproven("this is a log that is not known here", place=checkpoint.origin[:80])
    if not note.verified(logs):
        raise Unproven("the log's own signature is missing", place=checkpoint.origin[:80])
    cosigned = note.verified(each.key for each in policy.witnesses.values())
    return Opened(
        checkpoint=checkpoint,
        note=note,
        cosigned=cosigned,
        quorum_met=policy.met(each.key for each in cosigned),
    )


class _Reading:
    """A policy file as it is read, line by line."""

    def __init__(self) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Witnessing] = {}
        self.groups: dict[str, Group] = {}
        self.quorum = ""
        self.used: set[str] = set()

    def policy(self, text: str) -> Policy:
        verbs: dict[str, Callable[[list[str]], None]] = {
            "log": self.log,
            "witness": self.witness,
            "group": self.group,
            "quorum": self.set_quorum,
        }
        for number, line in enumerate(text.split("\n"), start=1):
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
        if not self.quorum:
            raise Unproven("the policy names no quorum", hint="`quorum none` asks for no witness")
        _once([*self.logs, *(each.key for each in self.witnesses.values())])
        return Policy(logs=tuple(self.logs), witnesses=self.witnesses, groups=self.groups, quorum=self.quorum)

    def log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise Unproven("a log is its key, and perhaps its address")
        self.logs.append(_key(words[0], _LOGS, "a log"))

    def witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise Unproven("a witness is its name, its key, and perhaps its address")
        key = _key(words[1], _COSIGNERS, "a witness")
        self.witnesses[self.new(words[0])] = Witnessing(key=key, url="".join(words[2:]))

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

    def new(self, name: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Unproven("this name is taken", place=name)
        return name


def _count(word: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", word):
        raise Unproven("how many is a number, any or all", place=word)
    return int(word)


def _key(vkey: str, kinds: Collection[Algorithm], who: str) -> Key:
    key = Key.parse(vkey)
    if key.algorithm not in kinds:
        raise Unproven(f"this is not the kind of key that {who} has", place=key.name)
    return key


def _once(keys: Sequence[Key]) -> None:
    seen: set[bytes] = set()
    for key in keys:
        if key.public in seen:
            raise Unproven("the same key is named twice, and would count twice", place=key.name)
        seen.add(key.public)
