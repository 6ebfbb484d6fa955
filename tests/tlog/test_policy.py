"""A quorum is met by the witnesses that the policy names, each counted once, and by nobody else."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Signature, Signer
from habeas.tlog.policy import NONE, Policy, Witnessing, opened, outsiders, signed_tree
from habeas.tlog.tree import EMPTY_ROOT, Unproven

ORIGIN = "log.example.org"
AT = 1_700_000_000


def signer(name: str, algorithm: Algorithm, seed: int) -> Signer:
    return Signer.from_seed(name, bytes([seed]) * 32, algorithm)


LOG = signer(ORIGIN, Algorithm.ED25519, 1)
OTHER_LOG = signer("other.example.org", Algorithm.ED25519, 2)
QUANTUM_LOG = signer(ORIGIN, Algorithm.MLDSA44, 3)
SIGNERS = {
    name: signer(f"{name.lower()}.example.org", Algorithm.COSIGNATURE, seed)
    for seed, name in enumerate(["X1", "X2", "X3", "Y1", "Y2", "Y3"], start=10)
}
QUANTUM = signer("quantum.example.org", Algorithm.MLDSA44, 20)
W = {name: each.key for name, each in SIGNERS.items()}


def witness_lines(*names: str) -> str:
    return "".join(f"witness {name} {W[name]}\n" for name in names)


# The policy that C2SP tlog-policy gives as its example.
TWO_HOUSES = (
    f"log {LOG.key}\n\n"
    + witness_lines("X1", "X2", "X3")
    + "group X-witnesses 2 X1 X2 X3\n\n"
    + witness_lines("Y1", "Y2", "Y3")
    + "group Y-witnesses any Y1 Y2 Y3\n\n"
    + "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
)


def subsets(names: list[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, count) for count in range(len(names) + 1)))


# ---- reading -----------------------------------------------------------------------------------------------


def test_the_example_of_the_format_asks_for_two_of_one_house_and_one_of_the_other() -> None:
    policy = Policy.parse(TWO_HOUSES)
    assert policy.logs == (LOG.key,)
    assert policy.witnesses["X1"] == Witnessing(key=W["X1"])
    assert policy.quorum == "X-and-Y"
    assert policy.of() is None
    for there in subsets(list(W)):
        enough = sum(name[0] == "X" for name in there) >= 2 and any(name[0] == "Y" for name in there)
        assert policy.met(W[name] for name in there) is enough, there


def test_comments_blanks_and_tabs_say_nothing() -> None:
    tab = chr(9)
    policy = Policy.parse(
        f"# who\n\n  {tab}\n {tab}# what\n  log{tab}{LOG.key} {tab} https://log.example.org/  \n"
        f"witness X1 {W['X1']} https://x1.example.org/add\n{tab}quorum{tab}X1\n"
    )
    assert policy.logs == (LOG.key,)
    assert policy.log_urls == {str(LOG.key): "https://log.example.org/"}
    assert policy.witnesses["X1"].url == "https://x1.example.org/add"
    assert policy.of() == (1, 1)
    assert Policy.parse(str(policy)) == policy


def test_a_policy_is_read_as_it_is_written() -> None:
    policy = Policy.parse(TWO_HOUSES)
    assert Policy.parse(str(policy)) == policy
    assert str(Policy.parse(str(policy))) == str(policy)


def test_names_are_opaque() -> None:
    kelvin = "\u212a"
    policy = Policy.parse(
        f"witness K {W['X1']}\nwitness {kelvin} {W['X2']}\ngroup g all K {kelvin}\nquorum g\n"
    )
    assert policy.of() == (2, 2)
    separate = f"witness a\u00a0b {W['X1']}\nquorum a\u00a0b\n"  # a no-break space parts no words
    assert list(Policy.parse(separate).witnesses) == ["a\u00a0b"]


def test_a_policy_may_name_no_log_and_no_witness() -> None:
    policy = Policy.parse("quorum none\n")
    assert (policy.logs, policy.quorum, policy.of()) == ((), NONE, (0, 0))
    assert policy.met([])


def test_at_least_32_logs_witnesses_and_groups_are_read_and_more_nested_than_a_stack_is_deep() -> None:
    logs = "".join(f"log {signer(f'l{n}', Algorithm.ED25519, n).key}\n" for n in range(1, 34))
    many = "".join(f"witness w{n} {signer(f'w{n}', Algorithm.MLDSA44, n).key}\n" for n in range(40, 80))
    groups = "group g0 any w40\n" + "".join(f"group g{n} all g{n - 1}\n" for n in range(1, 2000))
    policy = Policy.parse(f"{logs}{many}{groups}quorum g1999\n")
    assert policy.met([policy.witnesses["w40"].key])
    assert not policy.met([policy.witnesses["w41"].key])


X1 = f"witness X1 {W['X1']}\n"
X2 = f"witness X2 {W['X2']}\n"
TAKEN = "this name is taken"
TWICE = "the same key is named twice, and would count twice"
UNKNOWN = "this is named before it was said who it is"
NO_QUORUM = "the quorum is a witness or a group named before, or none"

BROKEN = {
    "nothing": ("", "the policy names no quorum", ""),
    "no quorum": (X1, "the policy names no quorum", ""),
    "two quorums": (X1 + "quorum X1\nquorum X1\n", "a policy has one quorum", "line 3"),
    "an unknown word": ("logs a\n", "a policy knows log, witness, group and quorum", "line 1"),
    "a word in capitals": ("QUORUM none\n", "a policy knows log, witness, group and quorum", "line 1"),
    "no last line break": (X1 + "quorum X1", "the last line of the policy has no end", "line 2"),
    "carriage return": ("quorum none\r\n", "a policy holds no control characters", "line 1"),
    "null in a comment": ("# \x00\nquorum none\n", "a policy holds no control characters", "line 1"),
    "delete": ("quorum none\x7f\n", "a policy holds no control characters", "line 1"),
    "no key": ("log\n", "a log is its key, and perhaps its address", "line 1"),
    "a log with too many words": (
        f"log {LOG.key} https://a b\n",
        "a log is its key, and perhaps its address",
        "line 1",
    ),
    "a witness without a key": (
        "witness X1\n",
        "a witness is its name, its key, and perhaps its address",
        "line 1",
    ),
    "a broken key": (f"log {LOG.key}=\n", "the key is not in base64", f"line 1: {LOG.key}="[:88]),
    "a witness's key for a log": (
        f"log {W['X1']}\n",
        "this is not the kind of key that a log has",
        "line 1: x1.example.org",
    ),
    "a log's key for a witness": (
        f"witness a {LOG.key}\n",
        "this is not the kind of key that a witness has",
        "line 1: log.example.org",
    ),
    "a log twice": (f"log {LOG.key}\nlog {LOG.key}\n", TWICE, "line 2: log.example.org"),
    "a log twice, under another name": (
        f"log {LOG.key}\nlog {signer('new.example.org', Algorithm.ED25519, 1).key}\n",
        TWICE,
        "line 2: new.example.org",
    ),
    "a witness twice": (X1 + X1.replace("X1", "X2"), TWICE, "line 2: x1.example.org"),
    "a witness twice, under another name": (
        X1 + f"witness X2 {signer('new.example.org', Algorithm.COSIGNATURE, 10).key}\n",
        TWICE,
        "line 2: new.example.org",
    ),
    "a log that is its own witness": (
        f"log {LOG.key}\nwitness a {signer('a.example.org', Algorithm.COSIGNATURE, 1).key}\n",
        TWICE,
        "line 2: a.example.org",
    ),
    "a name twice": (X1 + X2.replace("X2", "X1"), TAKEN, "line 2: X1"),
    "a group named like a witness": (X1 + "group X1 any X1\n", TAKEN, "line 2: X1"),
    "a witness named none": (X1.replace("X1", "none"), TAKEN, "line 1: none"),
    "a group named none": (X1 + "group none any X1\n", TAKEN, "line 2: none"),
    "a group of nobody": (X1 + "group g any\n", "a group is its name, how many, and who", "line 2"),
    "a group of itself": (X1 + "group g any g\n", UNKNOWN, "line 2: g"),
    "a group of somebody named later": ("group g any X1\n" + X1, UNKNOWN, "line 1: X1"),
    "a group of none": (X1 + "group g any none\n", UNKNOWN, "line 2: none"),
    "a member twice in one group": (
        X1 + X2 + "group g 2 X1 X1\n",
        "this belongs to a group already",
        "line 3: X1",
    ),
    "a member of two groups": (
        X1 + X2 + "group g any X1 X2\ngroup h any X1\n",
        "this belongs to a group already",
        "line 4: X1",
    ),
    "none of a group": (X1 + "group g 0 X1\n", "how many is a number, any or all", "line 2: 0"),
    "more than the group": (X1 + "group g 2 X1\n", "so many are not in the group", "line 2: 2"),
    "a leading zero": (X1 + "group g 01 X1\n", "how many is a number, any or all", "line 2: 01"),
    "a negative number": (X1 + "group g -1 X1\n", "how many is a number, any or all", "line 2: -1"),
    "a number in words": (X1 + "group g most X1\n", "how many is a number, any or all", "line 2: most"),
    "a quorum of somebody unknown": (X1 + "quorum X2\n", NO_QUORUM, "line 2"),
    "a quorum named later": ("quorum X1\n" + X1, NO_QUORUM, "line 1"),
    "a quorum of two": (X1 + X2 + "quorum X1 X2\n", NO_QUORUM, "line 3"),
    "a quorum of nothing": ("quorum\n", NO_QUORUM, "line 1"),
    "too long": ("# so it goes on\n" * 100_000, "this is too long for a policy", ""),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_policy_is_refused_with_its_reason_and_line(what: str) -> None:
    text, sentence, place = BROKEN[what]
    with pytest.raises(Unproven) as caught:
        Policy.parse(text)
    assert (caught.value.sentence, caught.value.place) == (sentence, place)


def test_two_keys_that_cannot_be_told_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Key.parse(str(LOG.key))
    two = signer(ORIGIN, Algorithm.ED25519, 9).key
    monkeypatch.setattr(Key, "id", property(lambda key: b"same"))
    monkeypatch.setattr(Key, "parse", lambda vkey: {str(one): one, str(two): two}[vkey])
    with pytest.raises(Unproven, match="two different keys have the same name and id"):
        Policy.parse(f"log {one}\nlog {two}\nquorum none\n")


# ---- so many of so many ------------------------------------------------------------------------------------


@given(st.data())
def test_k_of_n_is_met_by_k_and_not_by_fewer(data: st.DataObject) -> None:
    keys = list(W.values())[: data.draw(st.integers(0, 6))]
    least = data.draw(st.integers(0, len(keys)))
    there = data.draw(st.sets(st.sampled_from([*W.values(), LOG.key, QUANTUM.key])))
    policy = Policy.k_of_n(LOG.key, [(key, f"https://{key.name}/") for key in keys], least)
    assert policy.met(there) is (len(there & set(keys)) >= least)
    assert policy.met([*there, *there]) is policy.met(there)
    assert policy.of() == (least, len(keys))
    assert [each.key for each in policy.witnesses.values()] == keys
    assert Policy.parse(str(policy)) == policy


@given(st.sets(st.sampled_from(list(W.values()))), st.sets(st.sampled_from(list(W.values()))))
def test_one_more_cosigner_never_breaks_a_quorum(there: set[Key], more: set[Key]) -> None:
    policy = Policy.parse(TWO_HOUSES)
    assert policy.met(there | more) or not policy.met(there)


def test_the_key_of_a_witness_under_another_name_counts_for_nobody() -> None:
    policy = Policy.k_of_n(LOG.key, [(W["X1"], "")], 1)
    assert not policy.met([signer("new.example.org", Algorithm.COSIGNATURE, 10).key])


def test_a_witness_that_signs_with_two_keys_counts_once() -> None:
    both = [W["X1"], signer("x1.example.org", Algorithm.MLDSA44, 21).key]
    policy = Policy.k_of_n(LOG.key, [(key, "") for key in (*both, W["X2"])], 2)
    assert outsiders(each.key for each in policy.witnesses.values()) == 2
    assert not policy.met(both)
    for key in both:
        assert policy.met([key, W["X2"]])
    assert Policy.parse(str(policy)) == policy
    with pytest.raises(Unproven, match="2 of 1 witnesses cannot cosign"):
        Policy.k_of_n(LOG.key, [(key, "") for key in both], 2)


@pytest.mark.parametrize("k", [-1, 3])
def test_more_than_there_are_cannot_cosign(k: int) -> None:
    with pytest.raises(Unproven, match="of 2 witnesses cannot cosign"):
        Policy.k_of_n(LOG.key, [(W["X1"], ""), (W["X2"], "")], k)


@pytest.mark.parametrize(
    ("log", "witnesses", "sentence"),
    [
        (LOG.key, [(W["X1"], ""), (W["X1"], "")], TWICE),
        (LOG.key, [(OTHER_LOG.key, "")], "this is not the kind of key that a witness has"),
        (W["X1"], [(W["X2"], "")], "this is not the kind of key that a log has"),
        (LOG.key, [(signer("a", Algorithm.COSIGNATURE, 1).key, "")], TWICE),
        (LOG.key, [(W["X1"], "https://a b")], "an address holds no spaces"),
        (LOG.key, [(W["X1"], "https://a\nquorum none")], "an address holds no spaces"),
    ],
)
def test_what_no_file_could_say_makes_no_policy(
    log: Key, witnesses: list[tuple[Key, str]], sentence: str
) -> None:
    with pytest.raises(Unproven) as caught:
        Policy.k_of_n(log, witnesses, 1)
    assert caught.value.sentence == sentence


# ---- opening a checkpoint ----------------------------------------------------------------------------------

POLICY = Policy.k_of_n(LOG.key, [(SIGNERS["X1"].key, ""), (SIGNERS["X2"].key, ""), (QUANTUM.key, "")], 2)
TEXT = Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT).text


def checkpoint(*by: Signer, text: str = TEXT, at: int = AT) -> bytes:
    return Note(
        text=text,
        signatures=tuple(
            each.sign(text, None if each.key.algorithm is Algorithm.ED25519 else at) for each in by
        ),
    ).encoded()


@pytest.mark.parametrize(
    ("by", "met"),
    [
        ((), False),
        (("X1",), False),
        (("X1", "X1"), False),
        (("X1", "Y1"), False),
        (("X1", "X2"), True),
        (("X1", "quantum"), True),
        (("X1", "X2", "quantum", "Y1"), True),
    ],
)
def test_a_quorum_is_met_by_different_witnesses_of_the_policy(by: tuple[str, ...], met: bool) -> None:
    people = SIGNERS | {"quantum": QUANTUM}
    seen = opened(checkpoint(LOG, *(people[name] for name in by)), POLICY)
    assert seen.quorum_met is met
    assert seen.checkpoint.text == TEXT
    assert {each.key.name.partition(".")[0] for each in seen.cosigned} == {name.lower() for name in by} - {
        "y1"
    }
    assert all(each.at == AT for each in seen.cosigned)


def test_without_a_quorum_to_meet_the_log_alone_is_enough() -> None:
    seen = opened(checkpoint(LOG), Policy.k_of_n(LOG.key, [], 0))
    assert seen.quorum_met
    assert seen.cosigned == ()


def test_a_tree_is_its_logs_whoever_cosigned() -> None:
    assert signed_tree(checkpoint(LOG), LOG.key).text == TEXT
    assert signed_tree(checkpoint(LOG, SIGNERS["X1"]), LOG.key).text == TEXT
    with pytest.raises(Unproven):
        signed_tree(checkpoint(SIGNERS["X1"]), LOG.key)
    with pytest.raises(Unproven):
        signed_tree(b"", LOG.key)


def test_a_cosignature_without_its_moment_counts_for_nobody() -> None:
    with_moment = opened(checkpoint(LOG, SIGNERS["X1"], QUANTUM), POLICY)
    assert with_moment.quorum_met
    data = Note.parse(checkpoint(LOG, SIGNERS["X1"])).signed(QUANTUM.sign(TEXT, 0)).encoded()
    without = opened(data, POLICY)
    assert not without.quorum_met
    assert [each.key for each in without.cosigned] == [SIGNERS["X1"].key]


def test_a_log_may_sign_with_ml_dsa() -> None:
    policy = Policy.k_of_n(QUANTUM_LOG.key, [], 0)
    assert opened(checkpoint(QUANTUM_LOG, at=0), policy).quorum_met
    assert opened(checkpoint(QUANTUM_LOG, at=AT), policy).cosigned == ()


def forged(by: Signer) -> Signature:
    return Signature(name=by.key.name, id=by.key.id, signature=b"\x01" * (64 if by is LOG else 72))


BOTH_LOGS = Policy.parse(f"log {LOG.key}\nlog {OTHER_LOG.key}\nwitness X1 {W['X1']}\nquorum X1\n")
UNKNOWN_LOG = "this is a log that is not known here"
UNSIGNED = "the log's own signature is missing"
BAD = "a signature does not hold"

REFUSED = {
    "another log": (checkpoint(OTHER_LOG, text=TEXT.replace("log.", "lag.")), POLICY, UNKNOWN_LOG),
    "no log in the policy": (checkpoint(LOG), Policy.parse("quorum none\n"), UNKNOWN_LOG),
    "witnesses alone": (checkpoint(SIGNERS["X1"], SIGNERS["X2"]), POLICY, UNSIGNED),
    "somebody else's signature": (checkpoint(OTHER_LOG), POLICY, UNSIGNED),
    "another log of the policy under this name": (checkpoint(OTHER_LOG), BOTH_LOGS, UNSIGNED),
    "a forged log": (Note(text=TEXT, signatures=(forged(LOG),)).encoded(), POLICY, BAD),
    "a forged witness": (
        Note.parse(checkpoint(LOG, SIGNERS["X1"], QUANTUM)).signed(forged(SIGNERS["X2"])).encoded(),
        POLICY,
        BAD,
    ),
    "another size": (checkpoint(LOG).replace(b"\n0\n", b"\n1\n"), POLICY, BAD),
    "no checkpoint": (checkpoint(LOG, text="log.example.org\n0\n"), POLICY, "this is no checkpoint"),
    "no note": (TEXT.encode(), POLICY, "this is no signed note"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_checkpoint_that_does_not_hold_is_not_opened(what: str) -> None:
    data, policy, sentence = REFUSED[what]
    with pytest.raises(Unproven) as caught:
        opened(data, policy)
    assert caught.value.sentence == sentence
