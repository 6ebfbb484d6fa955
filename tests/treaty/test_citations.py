"""Every citation is counted, with the weakest certainty that stands on it."""

from __future__ import annotations

import msgspec
import pytest

from habeas.treaty import Certainty, Citation, Law, law
from habeas.treaty.citations import split_citation
from habeas.treaty.load import packaged_files


def _by_name(book: Law | None = None, extra: tuple[str, ...] = ()) -> dict[str, Citation]:
    return {each.name: each for each in (book or law()).citations(extra)}


@pytest.mark.parametrize(
    ("cite", "parts"),
    [
        ("uncc:40(22)", ("uncc", "40(22)")),
        ("USA:18 USC 2702(a)(1)", ("USA", "18 USC 2702(a)(1)")),
        ("uncc", ("uncc", "")),
    ],
)
def test_a_citation_splits_into_work_and_number(cite: str, parts: tuple[str, str]) -> None:
    assert split_citation(cite) == parts


def test_the_most_used_come_first() -> None:
    uses = [each.uses for each in law().citations()]
    assert uses == sorted(uses, reverse=True)
    assert uses[0] > 1


def test_uses_are_counted_over_tests_clocks_safeguards_and_seats() -> None:
    found = _by_name()["uncc:42(8)"]
    assert found.used_by == ("UNCC-42-8a", "UNCC-42-8b", "uncc-preservation-floor")
    assert found.uses == 3
    assert _by_name()["USA:18 USC 2702(b)(9)"].used_by == ("us-2702-b9",)
    assert "suspension" in _by_name()["budapest-2ap:14(15)"].used_by


def test_an_article_nobody_cites_is_listed_all_the_same() -> None:
    assert _by_name()["uncc:68"].uses == 0


def test_the_weakest_certainty_counts() -> None:
    assert _by_name()["uncc:2(h)"].certainty is Certainty.SEEN
    assert _by_name()["uncc:42(6)"].certainty is Certainty.CHECK
    assert _by_name()["uncc:24(4)"].certainty is Certainty.MEMORY


def test_policy_is_no_citation() -> None:
    names = _by_name()
    assert not any(name.startswith(("national-direct:", "domestic-order:")) for name in names)
    assert all(each.certainty is not Certainty.POLICY for each in names.values())


def test_uses_of_upper_layers_are_added() -> None:
    before = _by_name()["uncc:40(22)"]
    after = _by_name(extra=("uncc:40(22)", "uncc:40(22)"))["uncc:40(22)"]
    assert after.uses == before.uses + 2
    assert after.fingerprint == before.fingerprint


def test_an_upper_citation_nobody_knows_is_listed_to_be_checked() -> None:
    found = _by_name(extra=("uncc:40(99)",))["uncc:40(99)"]
    assert (found.certainty, found.uses) == (Certainty.CHECK, 1)


def test_our_own_safeguards_are_not_law_to_be_verified() -> None:
    assert "safeguards:suspension" not in _by_name(extra=("safeguards:suspension",))


def test_changed_words_change_the_fingerprint_of_their_citation_only() -> None:
    files = packaged_files()
    text = files["instruments/budapest.toml"].replace("Reasons for refusal", "Some reasons for refusal")
    assert text != files["instruments/budapest.toml"]
    changed = _by_name(Law({**files, "instruments/budapest.toml": text}))
    moved = {name for name, each in _by_name().items() if each.fingerprint != changed[name].fingerprint}
    assert moved == {"budapest:27(7)"}


def test_citations_can_be_written_as_json() -> None:
    assert msgspec.json.encode(law().citations()[0])
