"""The access record: each kind is written down, nothing else is, and no line changes unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from habeas.web.accounts import access, inviting
from habeas.web.accounts.access import Kind, check, lines, mark
from habeas.web.accounts.models import AccessEnd, AccessLine, Account
from tests.web.browser import code_of
from tests.web.house import PASSWORD, SECRET, House

_MASK = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')  # another one with every page


@pytest.fixture(autouse=True)
def fresh(site: object) -> None:
    cache.clear()  # counters of attempts, codes that served, and what was written a minute ago


def _stranger() -> Client:
    return Client(SERVER_NAME="localhost")


def _sign_in(house: House, person: str) -> Client:
    client = _stranger()
    client.post("/sign-in/", {"login": house.account(person).login, "password": PASSWORD})
    assert client.post("/sign-in/code/", {"code": code_of(SECRET)}).status_code == 302
    return client


def _found(house: House, person: str = "") -> list[AccessLine]:
    """What is written down, the oldest first; without the sign-ins that `House.client` only pretends."""
    found = reversed(lines(house.organisation, person=person, limit=100))
    return [each for each in found if (each.kind, each.how) != ("signed-in", "")]


def _kinds(house: House, person: str = "") -> list[tuple[str, str]]:
    return [(each.kind, each.how) for each in _found(house, person)]


# ---- each kind ---------------------------------------------------------------------------------------------


def test_coming_and_going_is_written_down(house: House) -> None:
    client = _sign_in(house, "reviewer")
    client.post("/sign-out/")
    assert _kinds(house) == [
        ("half-way", "password"),
        ("signed-in", "password and authenticator"),
        ("signed-out", ""),
    ]
    newest = _found(house)[-1]
    assert (newest.person, newest.page, newest.case) == ("reviewer", "", "")
    assert timezone.now() - newest.at < timedelta(minutes=1)


def test_a_session_that_lasted_too_long_says_so(house: House) -> None:
    client = _sign_in(house, "reviewer")
    session = client.session
    session["seen"] = (timezone.now() - timedelta(hours=1)).isoformat()
    session.save()
    client.get("/")
    assert _kinds(house)[-1] == ("signed-out", "it lasted too long")


def test_a_wrong_password_and_a_wrong_code_are_written_down_for_the_one_whose_name_it_was(
    house: House,
) -> None:
    client = _stranger()
    login = house.account("reviewer").login
    client.post("/sign-in/", {"login": login.upper(), "password": "a wrong one"})
    client.post("/sign-in/", {"login": login, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": "000000"})
    assert _kinds(house, "reviewer") == [
        ("not-signed-in", "password"),
        ("half-way", "password"),
        ("not-signed-in", "second proof"),
    ]


def test_a_name_that_belongs_to_nobody_is_counted_and_never_written(house: House) -> None:
    before = access.unknown(timezone.now() - timedelta(hours=1))
    _stranger().post("/sign-in/", {"login": "planted@nowhere.example", "password": "planted-password"})
    assert access.unknown(timezone.now() - timedelta(hours=1)) == before + 1
    (line,) = lines("", limit=1)
    assert (line.kind, line.person, line.about) == ("not-signed-in", "", "")
    assert _kinds(house) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_accessline")
        assert "planted" not in str(cursor.fetchall())


def test_too_many_attempts_are_one_line_however_many_they_are(house: House) -> None:
    login = house.account("counsel").login
    for _try in range(9):
        _stranger().post("/sign-in/", {"login": login, "password": "a wrong one"})
    kinds = [kind for kind, _how in _kinds(house, "counsel")]
    assert kinds == ["not-signed-in"] * 5 + ["too-many"]


def test_proving_presence_is_written_down_and_failing_to(house: House) -> None:
    client = _sign_in(house, "custodian")
    cache.clear()
    client.post("/presence/", {"password": "a wrong one"})
    client.post("/presence/code/", {"code": "000000"})
    client.post("/presence/code/", {"code": code_of(SECRET)})
    assert _kinds(house)[2:] == [
        ("not-present", "password"),
        ("not-present", "second proof"),
        ("present", "authenticator"),
    ]


def test_changes_of_the_way_in_are_written_down(house: House) -> None:
    client = _sign_in(house, "auditor")
    cache.clear()
    client.post("/account/proofs/codes/new/")
    client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"},
    )
    kinds = _kinds(house)[1:]
    assert ("factor-added", "recovery codes") in kinds or ("codes-renewed", "recovery codes") in kinds
    assert ("password-set", "") in kinds


def test_a_second_factor_that_comes_or_goes_is_written_down(house: House) -> None:
    client = house.client("intake", second_factor=False)
    page = client.get("/account/proofs/app/")
    secret = client.session["mfa.totp.secret"]
    assert page.status_code == 200
    client.post("/account/proofs/app/", {"code": "000000"})
    client.post("/account/proofs/app/", {"code": code_of(secret)})
    assert _kinds(house) == [
        ("not-present", "second proof"),
        ("factor-added", "authenticator"),
        ("factor-added", "recovery codes"),
    ]


def test_what_an_administrator_does_to_an_account_is_written_down_with_both(house: House) -> None:
    client = house.client("administrator")
    house.account("expert")
    link = client.post("/people/expert/", {"what": "invite"}).content.decode()
    client.post("/people/expert/", {"what": "dismiss"})
    assert [(each.kind, each.person, each.about) for each in _found(house)] == [
        ("invited", "administrator", "expert"),
        ("account-ended", "administrator", "expert"),
    ]
    assert "/invitation/" in link


def test_a_password_chosen_by_an_invitation_is_written_down(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="expert")
    client = _stranger()
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(path, chosen).status_code == 302
    assert _kinds(house) == [("password-set", "invitation")]


def test_ending_other_sessions_is_written_down(house: House) -> None:
    client = _sign_in(house, "second")
    assert client.post("/account/sessions/").status_code == 302
    assert _kinds(house)[-1] == ("sessions-ended", "")


def test_what_is_refused_to_a_colleague_names_the_page_and_the_case(house: House) -> None:
    case = house.received()
    assert house.client("custodian").get(f"/cases/{case.id}/review/").status_code == 403
    (line,) = _found(house)
    assert (line.kind, line.person, line.page, line.case) == ("refused", "custodian", "review", case.id)


def test_who_looks_where_nothing_is_for_them_is_written_down_without_what_they_looked_for(
    house: House,
) -> None:
    case = house.received()
    for number, person in ((case.id, "expert"), ("2026-PLAN-TED1", "delegate")):
        assert house.client(person).get(f"/cases/{number}/").status_code == 404
    found = _found(house)
    assert {(each.kind, each.person, each.page, each.case) for each in found} == {
        ("not-there", "expert", "case", ""),
        ("not-there", "delegate", "case", ""),
    }


def test_a_refusal_is_one_line_a_minute(house: House) -> None:
    client = house.client("administrator")
    for _try in range(5):
        client.get(f"/cases/{house.organisation}/")
    assert len(_found(house)) == 1


def test_a_form_that_could_not_be_trusted_is_written_down(house: House) -> None:
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    client.cookies = house.client("intake").cookies
    assert client.post("/absence/", {"since": "2026-01-01"}).status_code == 403
    assert _kinds(house) == [("untrusted-form", "")]


def test_what_no_page_asks_for_is_written_down(house: House) -> None:
    """A body that is too long, a name of another site, a method nobody declared: each by somebody else."""
    before = {each.pk for each in lines("", limit=1000)}
    _stranger().post("/sign-in/", CONTENT_LENGTH=str(10**9), REMOTE_ADDR="203.0.113.1")
    _stranger().get("/sign-in/", HTTP_HOST="planted.example", REMOTE_ADDR="203.0.113.2")
    _stranger().generic("DELETE", "/sign-in/", REMOTE_ADDR="203.0.113.3")
    _stranger().post("/you/en/", CONTENT_LENGTH=str(10**9), REMOTE_ADDR="203.0.113.4")
    house.client("reviewer").generic("PUT", "/absence/")
    found = [each for each in reversed(lines("", limit=1000)) if each.pk not in before]
    assert [(each.kind, each.how, bool(each.place)) for each in found] == [
        ("odd", "too long", True),
        ("odd", "another site's name", True),
        ("odd", "method", True),
        ("odd", "too long", False),  # at the door of the person concerned
    ]
    assert len({each.place for each in found}) == 4
    (line,) = _found(house)
    assert (line.kind, line.how, line.person, line.page) == ("odd", "method", "reviewer", "absence")


def test_too_many_codes_at_the_persons_door_leave_no_mark_of_anybody(house: House) -> None:
    before = {each.pk for each in lines("", limit=1000)}
    for _try in range(13):
        _stranger().post("/you/en/", {"house": house.organisation, "code": "AAAA", "words": "planted"})
    (line,) = [each for each in lines("", limit=1000) if each.pk not in before]
    assert (line.kind, line.page, line.place, line.person, line.case) == ("too-many", "you_in", "", "", "")


def test_who_only_looks_stands_in_no_line(house: House) -> None:
    case = house.assessed()
    for person, page in (("reviewer", f"/cases/{case.id}/"), ("auditor", "/"), ("expert", "/")):
        assert house.client(person).get(page).status_code == 200
    assert _stranger().get("/").status_code == 302
    assert _kinds(house) == []


# ---- where from --------------------------------------------------------------------------------------------


def test_a_mark_is_the_same_for_a_place_and_a_month_and_leads_back_to_nothing(site: object) -> None:
    today = timezone.now().date().replace(day=1)
    made = mark("203.0.113.7", today)
    assert made == mark("203.0.113.7", today.replace(day=27))
    assert made != mark("203.0.113.8", today)
    assert made != mark("203.0.113.7", today - timedelta(days=1))
    assert mark("2001:db8::1", today) == mark("2001:db8::2", today), "of IPv6 the network counts"
    assert len(made) == 6
    assert made.isalnum()


# ---- a line that cannot be written ------------------------------------------------------------------------


@contextmanager
def full_disk() -> Iterator[None]:
    """The real table refuses every line, as a full disk would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON accounts_accessline "
            "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER full_disk")


def test_a_sign_in_that_cannot_be_written_down_opens_nothing(house: House) -> None:
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.post("/sign-in/", {"login": house.account("reviewer").login, "password": PASSWORD})
    with full_disk():
        answer = client.post("/sign-in/code/", {"code": code_of(SECRET)})
    assert answer.status_code == 500
    assert client.get("/").status_code == 302


def test_a_way_in_is_not_changed_where_that_cannot_be_written_down(house: House) -> None:
    client, administrator = house.client("reviewer"), house.client("administrator")
    client.raise_request_exception = administrator.raise_request_exception = False
    before = Account.objects.get(person="reviewer", organisation=house.organisation).password
    words = "another long sentence"
    with full_disk():
        changed = client.post(
            "/account/password/", {"oldpassword": PASSWORD, "password1": words, "password2": words}
        )
        invited = administrator.post("/people/reviewer/", {"what": "invite"})
    assert (changed.status_code, invited.status_code) == (500, 500)
    assert Account.objects.get(person="reviewer", organisation=house.organisation).password == before


def test_what_is_refused_stays_refused_with_the_same_bytes(house: House) -> None:
    login, going = house.account("reviewer").login, house.client("second")

    def refusals() -> list[tuple[int, bytes]]:
        cache.clear()
        answers = [
            _stranger().post("/sign-in/", {"login": login, "password": "a wrong one"}),
            house.client("custodian").get("/people/"),
            house.client("expert").get("/cases/2026-AAAA-AAAA/"),
        ]
        return [(each.status_code, _MASK.sub(b"", each.content)) for each in answers]

    before = refusals()
    assert [status for status, _page in before] == [200, 403, 404]
    with full_disk():
        assert refusals() == before
        going.post("/sign-out/")
    assert going.get("/").status_code == 302, "whoever goes is let go"


# ---- it is as it was written ------------------------------------------------------------------------------


def _written(house: House, count: int) -> list[AccessLine]:
    """So many refusals, one after the other; before them stands the sign-in."""
    client = house.client("custodian")
    mine = AccessLine.objects.filter(organisation=house.organisation, strand="inside").order_by("number")
    for _number in range(count):
        cache.clear()
        client.get("/people/")
    return list(mine)


def _changed(found: list[AccessLine]) -> None:
    AccessLine.objects.filter(pk=found[1].pk).update(person="reviewer")


def _dropped(found: list[AccessLine]) -> None:
    found[1].delete()


def _cut_off(found: list[AccessLine]) -> None:
    found[-1].delete()


def _cut_off_with_its_end(found: list[AccessLine]) -> None:
    found[-1].delete()
    last = found[-2]
    AccessEnd.objects.filter(organisation=last.organisation).update(last=last.number, chain=last.chain)


def _begun_later(found: list[AccessLine]) -> None:
    first = found[0]
    first.delete()
    AccessEnd.objects.filter(organisation=first.organisation).update(
        first=first.number + 1, before=first.chain
    )


def _without_its_end(found: list[AccessLine]) -> None:
    AccessEnd.objects.filter(organisation=found[0].organisation).delete()


@pytest.mark.parametrize(
    "harm", [_changed, _dropped, _cut_off, _cut_off_with_its_end, _begun_later, _without_its_end]
)
def test_whatever_is_done_to_the_lines_behind_our_back_is_seen(
    harm: Callable[[list[AccessLine]], Any], house: House
) -> None:
    found = _written(house, 4)
    assert list(check(house.organisation)) == []
    harm(found)
    assert list(check(house.organisation))


def test_old_lines_go_and_the_rest_is_still_whole(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _written(house, 4)
    now = timezone.now()
    access.tidy(now)
    assert len(lines(house.organisation, limit=10)) == 5
    monkeypatch.setattr(access, "MOST", 3)
    access.tidy(now)
    assert len(lines(house.organisation, limit=10)) == 3
    assert list(check(house.organisation)) == []
    access.tidy(now + access.KEPT + timedelta(minutes=1))
    assert lines(house.organisation, limit=10) == []
    assert list(check(house.organisation)) == []
    _written(house, 1)
    assert list(check(house.organisation)) == []
    assert lines(house.organisation, limit=10)[0].number == 6


def test_a_strand_prunes_itself_as_it_grows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MOST", 4)
    monkeypatch.setattr(access, "_PRUNED", 2)
    _written(house, 9)
    assert AccessLine.objects.filter(organisation=house.organisation).count() <= 5
    assert list(check(house.organisation)) == []


def test_a_stranger_who_knocks_all_day_pushes_out_nothing_a_colleague_did(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _written(house, 1)
    monkeypatch.setattr(access, "MOST", 2)
    for _try in range(4):
        cache.clear()
        _stranger().post("/sign-in/", {"login": house.account("counsel").login, "password": "wrong"})
    access.tidy(timezone.now())
    kinds = [kind for kind, _how in _kinds(house)]
    assert kinds.count("not-signed-in") == 2
    assert kinds.count("refused") == 1


def test_every_kind_has_words_and_a_group() -> None:
    grouped = [kind for _heading, kinds in access.GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(Kind)
    assert set(access.SAYS) == set(Kind)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT address FROM accounts_accessline")
