"""The door: what is on file, counted and looked up."""

from __future__ import annotations

import re
from datetime import date

import pytest

from habeas.errors import Refused
from habeas.treaty import Action, Bound, Certainty, Effect, Evidence, Force, Law, Outcome, Unit, law
from habeas.treaty.load import packaged_files

TODAY = date(2026, 11, 21)


def test_the_instruments_are_all_there() -> None:
    assert {instrument.id for instrument in law().instruments} == {
        "uncc",
        "budapest",
        "budapest-2ap",
        "eu-e-evidence",
        "eu-eio",
        "bilateral-mla",
        "national-direct",
        "cloud-act-agreement",
        "police-cooperation",
        "domestic-order",
    }


def test_the_un_convention_has_its_127_tests() -> None:
    in_the_file = packaged_files()["instruments/uncc_tests.toml"].count("[[test]]")
    assert len(law().tests("uncc")) == in_the_file == 127


def test_every_article_of_the_un_convention_is_on_file() -> None:
    roots = {int(re.match(r"\d+", a.number)[0]) for a in law().instrument("uncc").articles}  # type: ignore[index]
    assert roots == set(range(1, 69))


def test_article_40_is_there_paragraph_by_paragraph() -> None:
    for paragraph in range(1, 33):
        assert law().article("uncc", f"40({paragraph})").number == f"40({paragraph})"


def test_a_missing_letter_falls_back_to_its_paragraph() -> None:
    assert law().article("uncc", "40(21)(b)").number == "40(21)(b)"
    assert law().article("uncc", "40(21)(z)").number == "40(21)"
    with pytest.raises(Refused):
        law().article("uncc", "99")


def test_the_words_of_the_treaty_are_kept() -> None:
    assert law().article("uncc", "40(21)").force is Force.MAY
    assert law().article("uncc", "40(22)").force is Force.NO_OBLIGATION
    assert law().article("uncc", "6(1)").force is Force.SHALL
    assert law().article("uncc", "46").force is Force.ENDEAVOUR


def test_no_mandatory_refusal_rests_on_a_treaty_that_says_may_without_a_note() -> None:
    for test in law().tests():
        if test.outcome is Outcome.REFUSE_MANDATORY:
            assert test.force is not Force.MAY or test.note


def test_every_unsure_line_of_the_convention_asks_for_the_certified_text() -> None:
    for article in law().instrument("uncc").articles:
        root = article.number.partition("(")[0]
        unsure = article.certainty in (Certainty.ANALOG, Certainty.MEMORY, Certainty.CHECK)
        assert article.needs_certified_text is (unsure or root in ("40", "42"))


def test_tests_can_be_narrowed_to_a_measure() -> None:
    preservation = {test.id for test in law().tests("uncc", "preservation")}
    assert "UNCC-42-3e" in preservation
    assert "UNCC-40-22" in preservation  # applies to all
    assert "UNCC-37-15" not in preservation  # extradition
    assert {t.id for t in law().tests(measure="emergency")} > {t.id for t in law().tests("uncc", "emergency")}
    with pytest.raises(Refused):
        law().tests("uncc", "hacking")


def test_the_grounds_the_un_convention_lacks_are_on_file_where_they_exist() -> None:
    ids = {test.id for test in law().tests()}
    assert {"BUD-27-4a", "BUD-29-5a", "EEV-12-1b", "EIO-11-1f", "EIO-11-1d", "EEV-12-1d"} <= ids


@pytest.mark.parametrize(
    ("instrument", "clock", "bound", "amount", "unit"),
    [
        ("uncc", "uncc-preservation-floor", "not-before", 60, "days"),
        ("uncc", "uncc-preservation-ceiling", "not-after", 90, "days"),
        ("uncc", "uncc-entry-into-force", "not-before", 90, "days"),
        ("budapest", "budapest-preservation-floor", "not-before", 60, "days"),
        ("budapest", "budapest-preservation-ceiling", "not-after", 90, "days"),
        ("budapest-2ap", "2ap-direct-disclosure", "not-after", 30, "days"),
        ("budapest-2ap", "2ap-subscriber-return", "not-after", 20, "days"),
        ("budapest-2ap", "2ap-traffic-return", "not-after", 45, "days"),
        ("eu-e-evidence", "eev-production", "not-after", 10, "days"),
        ("eu-e-evidence", "eev-emergency", "not-after", 8, "hours"),
        ("eu-e-evidence", "eev-notified-authority-emergency", "not-after", 96, "hours"),
        ("eu-e-evidence", "eev-enforcement-decision", "not-after", 5, "working-days"),
        ("eu-eio", "eio-recognition", "not-after", 30, "days"),
    ],
)
def test_time_limits_are_numbers_with_units(
    instrument: str, clock: str, bound: str, amount: int, unit: str
) -> None:
    found = {each.id: each for each in law().clocks(instrument)}[clock]
    assert (found.bound, found.amount, found.unit) == (Bound(bound), amount, Unit(unit))
    assert found.start
    assert found.rule


@pytest.mark.parametrize(
    ("clock", "measure", "category", "role", "emergency", "runs"),
    [
        ("eev-production", "stored-access", "content", "provider", False, True),
        ("eev-production", "stored-access", "content", "provider", True, False),
        ("eev-production", "preservation", "content", "provider", False, False),
        ("eev-emergency", "stored-access", "content", "provider", False, False),
        ("eev-emergency", "stored-access", "content", "provider", True, True),
        ("eev-production-notified", "stored-access", "subscriber", "provider", False, False),
        ("eev-production-notified", "stored-access", "traffic", "provider", False, True),
        ("eev-notified-authority", "stored-access", "traffic", "provider", False, False),
        ("eev-notified-authority", "stored-access", "traffic", "central-authority", False, True),
        ("eev-preservation", "preservation", "subscriber", "provider", False, True),
        ("eev-preservation", "stored-access", "subscriber", "provider", False, False),
    ],
)
def test_a_clock_runs_only_where_its_article_speaks(
    clock: str, measure: str, category: str, role: str, emergency: bool, runs: bool
) -> None:
    found = {each.id: each for each in law().clocks("eu-e-evidence")}[clock]
    assert found.runs(measure, {category}, role, emergency=emergency) is runs


def test_the_six_safeguards_hang_on_articles_of_the_convention() -> None:
    assert [each.id for each in law().safeguards] == [
        "political-offence",
        "fundamental-rights",
        "press-and-privilege",
        "user-notice",
        "legality",
        "suspension",
    ]
    for safeguard in law().safeguards:
        for hook in safeguard.hooks:
            work, _, number = hook.cite.partition(":")
            assert hook.force is law().article(work, number).force, hook.cite


def test_the_political_offence_is_hooked_to_what_the_convention_offers() -> None:
    cites = {hook.cite for hook in law().safeguard("political-offence").hooks}
    assert {"uncc:40(21)(b)", "uncc:40(22)"} <= cites
    with pytest.raises(Refused):
        law().safeguard("kindness")


def test_qatar_is_not_bound_by_articles_14_to_16() -> None:
    found = law().reservations("uncc", "QAT", TODAY)
    excluded = [record for record in found if record.effect is Effect.EXCLUDES]
    assert [record.articles for record in excluded] == [("14", "15", "16")]
    assert any(record.effect is Effect.REJECTS_COURT for record in found)


def test_azerbaijan_narrowed_illegal_access_and_raised_the_harm() -> None:
    narrowed = {
        number
        for record in law().reservations("uncc", "AZE", TODAY)
        if record.effect is Effect.NARROWS
        for number in record.articles
    }
    assert narrowed == {"7", "9", "10"}


def test_a_reservation_is_not_there_before_it_was_made() -> None:
    assert law().reservations("uncc", "QAT", date(2026, 1, 31)) == ()
    assert law().reservations("uncc", "QAT", date(2026, 2, 1))
    assert law().reservations("uncc", "DEU", TODAY) == ()


def test_a_reservation_that_was_withdrawn_stands_no_longer() -> None:
    (before,) = law().reservations("budapest", "CZE", date(2019, 7, 4))
    assert before.articles == ("29(4)",)
    assert law().reservations("budapest", "CZE", date(2019, 7, 5)) == ()
    assert law().reservations("budapest", "CZE", date(2013, 8, 21)) == ()


def test_every_reservation_to_the_budapest_convention_is_one_that_it_allows() -> None:
    """Articles 40 and 42: reservations to some provisions, declarations on others, and no other ones."""
    reserved = {"4(2)", "6(3)", "9(4)", "10(3)", "11(3)", "14(3)", "22(2)", "29(4)", "41(1)"}
    declared = {
        "2",
        "3",
        "6(1)(b)",
        "7",
        "9(3)",
        "27(9)(e)",
        "21",
    }  # France declared on 21, beside article 40
    for record in law().party_records("budapest"):
        if record.articles:
            assert set(record.articles) <= (reserved if record.action is Action.RESERVATION else declared)
            assert record.evidence is not Evidence.MEMORY
            assert record.note


def test_the_states_known_to_ask_for_dual_criminality_before_keeping_data() -> None:
    found = {
        record.state
        for state in law().states
        for record in law().reservations("budapest", state, TODAY)
        if "29(4)" in record.articles
    }
    assert found == {"AUT", "CHE", "DEU", "ISR", "JPN", "LTU"}


def test_the_72_signatories_of_hanoi_include_the_union() -> None:
    signed = [
        record.state
        for record in law().party_records("uncc")
        if record.action is Action.SIGNATURE and record.when.last <= date(2025, 10, 26)
    ]
    assert len(signed) == len(set(signed)) == 72
    assert "EUU" in signed


def test_budapest_has_81_parties() -> None:
    joined = [r for r in law().party_records("budapest") if r.action is Action.RATIFICATION]
    assert len(joined) == 81


def test_the_investigation_order_has_25_members_and_e_evidence_26() -> None:
    assert len([r for r in law().party_records("eu-eio") if r.state != "GBR"]) == 25
    assert len(law().party_records("eu-e-evidence")) == 26


def test_the_version_follows_the_content() -> None:
    files = packaged_files()
    assert Law(files).version == law().version
    changed = {**files, "safeguards.toml": files["safeguards.toml"] + "# one more word\n"}
    assert Law(changed).version != law().version


def test_every_line_has_a_source_and_no_line_betrays_where_it_was_copied() -> None:
    for name, text in packaged_files().items():
        assert "github" not in text.lower(), name


def test_the_law_of_a_seat_is_given_whole_and_an_unknown_one_is_refused() -> None:
    assert law().seat("CHE").rules
    with pytest.raises(Refused, match="no law of the seat"):
        law().seat("XXX")


@pytest.mark.parametrize(
    ("state", "on", "member"),
    [
        ("HRV", date(2013, 6, 30), False),
        ("HRV", date(2013, 7, 1), True),
        ("GBR", date(2020, 1, 31), True),
        ("GBR", date(2020, 2, 1), False),
        ("CHE", date(2027, 1, 1), False),
        ("EUU", date(2027, 1, 1), False),
    ],
)
def test_who_is_a_member_of_the_union_is_known_by_the_day(state: str, on: date, member: bool) -> None:
    assert law().in_union(state, on) is member


def test_instruments_say_before_which_they_stand_back() -> None:
    found = {each.id: each.yields_to for each in law().instruments if each.yields_to}
    assert found == {
        "uncc": ("budapest", "eu-eio", "bilateral-mla"),
        "budapest": ("eu-eio", "bilateral-mla"),
    }


def test_rules_on_the_protection_of_data_are_known_as_such() -> None:
    marked = {rule.id for state in law().seats for rule in law().seat(state).rules if rule.data_protection}
    assert {"eu-gdpr-48", "eu-led-35", "gb-dpa-73", "br-lgpd-33", "in-dpdp-16"} <= marked
    assert not {"us-2702-content", "ch-271", "eu-eprivacy-5"} & marked
