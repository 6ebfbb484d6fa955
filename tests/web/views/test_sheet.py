"""A form and a request are two ways to write the same: every request goes through it and comes out equal."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from habeas.request import Identifier, Request
from habeas.request.formats import native, read_entries
from habeas.request.model import PRESERVATION_ONLY, Item, Target
from habeas.web.views import sheet
from tests import world
from tests.web.views.test_typing_in import LEAST, flat

ROOT = Path(__file__).resolve().parents[3]
FILES = [*sorted(ROOT.glob("examples/*/request.json")), *sorted(ROOT.glob("cases/*.yaml"))[:8]]


def typed(fields: dict[str, str]) -> sheet.Sheet:
    return sheet.read(lambda name: fields.get(name, ""))


def least(**changes: str) -> dict[str, str]:
    return {**LEAST, **changes}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_request_on_file_can_be_typed_and_is_the_same(path: Path) -> None:
    seen = 0
    for read in read_entries(path.read_bytes(), path.name):
        if read.request is None:
            continue
        asked = msgspec.structs.replace(read.request, supposed=(), earlier_facts=())
        assert sheet.request_of(typed(flat(sheet.of(asked))), asked) == asked
        seen += 1
    assert seen


def test_as_browsers_send_it_line_ends_are_plain() -> None:
    asked = sheet.request_of(typed(least(facts="one\r\ntwo", **{"account-0-identifiers": "a\r\nb\r\n"})))
    assert asked.facts == "one\ntwo"
    assert [each.value for each in asked.targets[0].identifiers] == ["a", "b"]


def test_ids_stay_and_what_is_new_gets_one_of_its_own() -> None:
    before = world.request(supposed=())
    form = flat(sheet.of(before))
    number = len(before.targets)
    form |= {
        "accounts": str(number + 1),
        f"account-{number}-identifiers": "new@host.example",
        f"account-{number}-items": "1",
        f"account-{number}-item-0-category": "traffic",
    }
    after = sheet.request_of(typed(form), before)
    assert after.targets[:number] == before.targets
    assert after.targets[-1].id not in {each.id for each in before.targets}


def several(*identifiers: Identifier) -> Request:
    target = Target(id="t1", identifiers=identifiers, items=(Item(id="i1", category="traffic"),))  # type: ignore[arg-type]
    return native.convert(
        msgspec.to_builtins(
            msgspec.structs.replace(world.request(supposed=()), targets=(target,)), str_keys=True
        )
    )


def test_accounts_of_several_kinds_keep_each_its_own() -> None:
    before = several(Identifier(value="a", kind="telephone"), Identifier(value="b", bulk=True))
    form = flat(sheet.of(before))
    assert sheet.request_of(typed(form), before).targets == before.targets
    form["account-0-identifiers"] += "\nc"
    assert sheet.request_of(typed(form), before).targets[0].identifiers == (
        *before.targets[0].identifiers,
        Identifier(value="c"),
    )
    form["account-0-kind"] = "ip"
    changed = sheet.request_of(typed(form), before).targets[0].identifiers
    assert {each.kind for each in changed} == {"ip"}


def test_what_is_only_kept_is_so_and_described_by_nothing_else() -> None:
    asked = sheet.request_of(typed(least(**{"account-0-item-0-keep": "yes"})))
    assert asked.targets[0].items[0].description == PRESERVATION_ONLY
    assert asked.targets[0].items[0].preservation_only
    both = least(**{"account-0-item-0-keep": "yes", "account-0-item-0-description": "all"})
    assert place(both) == "account-0-item-0-keep"


def place(fields: dict[str, str], before: Request | None = None) -> str:
    with pytest.raises(sheet.Faulty) as faulty:
        sheet.request_of(typed(fields), before)
    return faulty.value.faults[0].place


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issuing-office": "Registry"}, "issuing-name"),
        ({"offences": "1", "offence-0-penalty": "years"}, "offence-0-years"),
        ({"offences": "1", "offence-0-years": "6"}, "offence-0-penalty"),
        ({"offences": "1", "offence-0-penalty": "years", "offence-0-years": "-1"}, "offence-0-years"),
        ({"undertakings": "1", "undertaking-0-text": "We promise."}, "undertaking-0-kind"),
        ({"no-facts": "yes"}, "no-facts"),
        ({"facts": ""}, "facts"),
        ({"account-0-identifiers": ""}, "account-0-identifiers"),
        ({"account-0-item-0-category": ""}, "account-0-item-0-category"),
        ({"accounts": "0"}, "account-0-identifiers"),
        (
            {"account-0-item-0-start": "2026-02-01", "account-0-item-0-end": "2026-01-01"},
            "account-0-item-0-end",
        ),
        ({"conduct-start": "2026-02-01", "conduct-end": "2026-01-01"}, "conduct-start"),
        ({"deadline": "0026-01-01"}, "deadline"),
        ({"secrecy-until": "9999-01-01"}, "secrecy-until"),
        ({"authorisation-issued_on": "0001-01-01"}, "authorisation-issued_on"),
        ({"emergency-deadline": "2026-01-01"}, "emergency-deadline"),
        ({"reference": "a\u200bb"}, "reference"),
        ({"account-0-role": "\x00"}, "account-0-role"),
        ({"undertakings": "1", "undertaking-0-kind": "a\u202eb"}, "undertaking-0-kind"),
        ({"validating-name": "a\u202eb"}, "validating-name"),
        ({"offences": "2", "offence-1-label": "\x00"}, "offence-1-label"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(changes: dict[str, str], field: str) -> None:
    found = place(least(**changes))
    assert found == field or (field.endswith("-end") and found == field.replace("-end", "-start"))


def test_nothing_stated_stays_nothing_stated() -> None:
    asked = sheet.request_of(typed(least(facts="", **{"no-facts": "yes"})))
    assert asked == native.convert(
        {
            "id": sheet.ID,
            "instrument": "uncc",
            "measure": "stored-access",
            "requesting_state": "FRA",
            "targets": [
                {
                    "id": "t1",
                    "identifiers": [{"value": "somebody@host.example"}],
                    "items": [{"id": "i1", "category": "subscriber"}],
                }
            ],
        }
    )


@pytest.mark.parametrize(
    ("button", "accounts", "items", "focus"),
    [
        ("add-account", 2, 1, "account-1-identifiers"),
        ("add-account-0-item", 1, 2, "account-0-item-1-category"),
        ("drop-account-0", 1, 1, "account-0-identifiers"),
        ("drop-account-0-item-0", 1, 1, "account-0-item-0-category"),
        ("add-account-7-item", 1, 1, ""),
        ("drop-account-99", 1, 1, "account-0-identifiers"),
        ("take", 1, 1, ""),
        ("add-nothing", 1, 1, ""),
        ("", 1, 1, ""),
    ],
)
def test_buttons_add_a_row_or_take_one_out_and_a_row_always_stands(
    button: str, accounts: int, items: int, focus: str
) -> None:
    now, found = sheet.changed(typed(least()), button)
    assert (len(now.accounts), len(now.accounts[0].items), found) == (accounts, items, focus)


def test_no_form_grows_without_end() -> None:
    now = typed(least(accounts="999", **{"account-0-items": "999", "offences": "99999"}))
    assert (len(now.accounts), len(now.accounts[0].items)) == (sheet.ACCOUNTS, sheet.ITEMS)
    assert now.offences == ()
    for _each in range(sheet.ROWS + 3):
        now, _focus = sheet.changed(now, "add-offence")
    assert len(now.offences) == sheet.ROWS


def test_text_that_was_read_stands_behind_what_was_typed() -> None:
    assert sheet.with_facts(typed(least()), "more").fields["facts"] == f"{LEAST['facts']}\n\nmore"
    assert sheet.with_facts(sheet.blank(), "all").fields["facts"] == "all"
