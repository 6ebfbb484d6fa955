"""People hear of attempts under their name and of changes to their way in: once, and not of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from habeas.errors import Refused
from habeas.gateways.mail import Message
from habeas.web.accounts.access import Kind
from habeas.web.accounts.hearing import DAY, HALF, HOUR, MANY, OF_OTHERS, news, suspicious, untold
from habeas.web.accounts.models import AccessLine, Account
from habeas.web.telling import tell_of_ways_in
from tests.web.browser import code_of
from tests.web.house import PASSWORD, SECOND, SECRET, House

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


# ---- what is suspicious ----------------------------------------------------------------------------------


def _lines(*said: tuple[int, Kind, str]) -> list[AccessLine]:
    """minutes ago, kind, how; all from one place unless the kind of way says `elsewhere`."""
    return [
        AccessLine(
            pk=number,
            at=AT - timedelta(minutes=minutes),
            kind=kind,
            how=how,
            place="there" if "elsewhere" in how else "here",
        )
        for number, (minutes, kind, how) in enumerate(said, start=1)
    ]


def _heard(*said: tuple[int, Kind, str]) -> list[int]:
    return [each.pk for each in suspicious(_lines(*said), AT)]


WRONG = (30, Kind.NOT_SIGNED_IN, "password")
KNOWN = (20, Kind.HALF_WAY, "password")
IN = (19, Kind.SIGNED_IN, "password and authenticator")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([WRONG] * (MANY - 1), []),
        ([WRONG] * MANY, [1, 2, 3, 4, 5]),
        ([WRONG, WRONG, KNOWN, IN], []),
        ([WRONG, WRONG, WRONG, KNOWN, IN], [1, 2, 3, 5]),  # somebody got in after three failures
        ([(100, *WRONG[1:])] * 3 + [KNOWN, IN], []),  # it was long before
        ([KNOWN], [1]),  # the password was right, and nobody showed the second proof
        ([KNOWN, IN], []),
        ([KNOWN, (20, Kind.NOT_SIGNED_IN, "second proof"), IN], []),  # a slip
        ([(20, Kind.HALF_WAY, "elsewhere"), IN], [1]),  # while its owner signed in from another place
        ([(5, Kind.HALF_WAY, "password")], []),  # they may still be looking for their telephone
        ([KNOWN, (5, Kind.SIGNED_IN, "password and authenticator")], [1]),
        ([KNOWN, (19, Kind.SIGNED_IN, "recovery codes and password")], [2]),
        ([(20, Kind.SIGNED_IN, "passkey")], []),
    ],
)
def test_what_looks_like_somebody_else(said: list[tuple[int, Kind, str]], expected: list[int]) -> None:
    assert _heard(*said) == expected


# ---- who is written to -----------------------------------------------------------------------------------


def _line(house: House, person: str, kind: Kind, at: datetime, about: str = "", how: str = "") -> None:
    """As the record holds it; its chain is no matter here."""
    number = AccessLine.objects.filter(organisation=house.organisation).count() + 1
    AccessLine.objects.create(
        organisation=house.organisation,
        strand="test",
        number=number,
        at=at,
        person=person,
        kind=kind,
        about=about,
        how=how,
        chain=b"",
    )


def _known(house: House, person: str) -> Account:
    """Somebody who signed in before."""
    account: Account = house.account(person)
    Account.objects.filter(pk=account.pk).update(last_login=timezone.now())
    return account


def _told(house: House, at: datetime) -> list[Message]:
    """The messages to this house."""
    sent: list[Message] = []
    tell_of_ways_in(sent.append, at, "https://desk.example.org")
    return [each for each in sent if each.to.endswith(f"@{house.organisation}.example")]


def test_a_flood_of_attempts_is_one_message_a_day(house: House) -> None:
    now = timezone.now()
    _known(house, "reviewer")
    for minute in range(40):
        _line(house, "reviewer", Kind.NOT_SIGNED_IN, now - timedelta(minutes=minute), how="password")
    (message,) = _told(house, now)
    assert message.to == f"reviewer@{house.organisation}.example"
    for minute in range(1, 60):
        _line(house, "reviewer", Kind.NOT_SIGNED_IN, now + timedelta(minutes=minute), how="password")
        if minute % 7 == 1:  # the worker looks at every house that there is
            assert _told(house, now + timedelta(minutes=minute)) == []
    later = now + DAY
    assert len(_told(house, later)) == 1, "and the next day that it went on"
    assert _told(house, later + DAY + DAY) == [], "and nothing when it was over"


def test_a_message_says_that_there_is_something_and_nothing_of_what(house: House) -> None:
    now = timezone.now()
    _known(house, "reviewer")
    _line(house, "reviewer", Kind.PASSWORD_SET, now, how="zebra")
    (changed,) = _told(house, now)
    _known(house, "counsel")
    for _try in range(MANY):
        _line(house, "counsel", Kind.NOT_SIGNED_IN, now, how="zebra")
    (tried,) = _told(house, now)
    assert (changed.subject, changed.text) == (tried.subject, tried.text), "what happened is not told"
    words = changed.subject + changed.text
    assert "https://desk.example.org/account/lately/" in words
    assert not [each for each in ("zebra", house.organisation, "eviewer", "assword") if each in words]


def test_changes_are_told_at_once_and_then_once_an_hour_and_none_is_lost(house: House) -> None:
    now = timezone.now()
    _known(house, "reviewer")
    _line(house, "reviewer", Kind.FACTOR_ADDED, now)
    assert len(_told(house, now)) == 1
    _line(house, "reviewer", Kind.FACTOR_REMOVED, now + timedelta(minutes=1))
    assert _told(house, now + timedelta(minutes=2)) == []
    assert len(_told(house, now + HOUR)) == 1
    assert _told(house, now + HOUR + HOUR) == []


@pytest.mark.parametrize("kind", [Kind.PASSWORD_SET, Kind.CODES_RENEWED, Kind.LINKED, Kind.FACTOR_REMOVED])
def test_each_change_of_a_way_in_is_told(kind: Kind, house: House) -> None:
    _known(house, "second")
    _line(house, "second", kind, timezone.now())
    assert len(_told(house, timezone.now())) == 1


def test_what_an_administrator_changed_is_told_to_whose_way_in_it_is(house: House) -> None:
    _known(house, "administrator")
    _known(house, "expert")
    _line(house, "administrator", Kind.INVITED, timezone.now(), about="expert")
    (message,) = _told(house, timezone.now())
    assert message.to.startswith("expert@")


@pytest.mark.parametrize("how", ["never signed in", "ended", "no address", "looked", "only came and went"])
def test_nobody_else_is_written_to(how: str, house: House) -> None:
    now = timezone.now()
    account = _known(house, "counsel")
    kind = Kind.SIGNED_IN if how == "only came and went" else Kind.PASSWORD_SET
    _line(house, "counsel", kind, now - timedelta(minutes=1), how="password and authenticator")
    changes: dict[str, dict[str, object]] = {
        "never signed in": {"last_login": None},
        "ended": {"is_active": False},
        "no address": {"mail": ""},
        "looked": {"heard": now},
    }
    if how in changes:
        Account.objects.filter(pk=account.pk).update(**changes[how])
    assert _told(house, now) == []


def test_where_the_post_is_out_of_order_it_is_tried_again(house: House) -> None:
    now = timezone.now()
    _told(house, now)  # whatever other houses wait for
    _known(house, "reviewer")
    _line(house, "reviewer", Kind.PASSWORD_SET, now)

    _known(house, "second")
    _line(house, "second", Kind.PASSWORD_SET, now)
    taken: list[str] = []

    def picky(message: Message) -> None:
        if message.to.startswith("reviewer@"):
            raise Refused("the mail server did not take a message")
        taken.append(message.to)

    with pytest.raises(Refused):
        tell_of_ways_in(picky, now)
    assert taken == [f"second@{house.organisation}.example"], "one bad address keeps nobody from being told"
    assert [each.to for each in _told(house, now)] == [f"reviewer@{house.organisation}.example"]


def test_two_workers_write_once(house: House) -> None:
    """The second looked before the first wrote."""
    now = timezone.now()
    _known(house, "reviewer")
    _line(house, "reviewer", Kind.PASSWORD_SET, now)
    sent: list[Message] = []

    def first(message: Message) -> None:
        sent.append(message)
        tell_of_ways_in(sent.append, now)

    tell_of_ways_in(first, now)
    assert len([each for each in sent if house.organisation in each.to]) == 1
    assert not [each for each, _why in untold(now) if each.organisation == house.organisation]


# ---- the page --------------------------------------------------------------------------------------------


def _signs_in(house: House, person: str, *wrong: str, onward: str = "") -> tuple[Client, str]:
    """The client, and where the sign-in led."""
    cache.clear()
    login = house.account(person).login
    client = Client(SERVER_NAME="localhost")
    for password in (*wrong, PASSWORD):
        answer = client.post("/sign-in/", {"login": login, "password": password, "next": onward})
    answer = client.post("/sign-in/code/", {"code": code_of(SECRET)})
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def test_who_signs_in_is_led_to_what_is_new_and_goes_on_from_there(house: House) -> None:
    client, where = _signs_in(house, "reviewer", "wrong one", "wrong two", "wrong three", onward="/law/")
    assert where == "/account/lately/?next=%2Flaw%2F"
    page = client.get(where).content.decode()
    assert page.count('<span class="tag">New</span>') == 4  # three failures, and the sign-in after them
    assert "Was it all as it should be?" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post("/account/lately/", {"seen": seen, "next": "/law/"}).headers["Location"] == "/law/"
    assert "nothing that you have not looked at" in client.get("/account/lately/").content.decode()
    assert _signs_in(house, "reviewer", onward="/law/")[1] == "/law/"


def test_an_ordinary_sign_in_leads_where_it_was_going(house: House) -> None:
    assert _signs_in(house, "second", "a slip")[1] == "/"


def test_changes_are_on_the_page_with_who_made_them(house: House) -> None:
    client = house.client("counsel")
    client.post("/account/proofs/codes/new/")
    house.client("administrator").post("/people/expert/", {"what": "invite"})
    page = client.get("/account/lately/").content.decode()
    assert "Recovery codes renewed" in page
    assert "Account invited" not in page, "of somebody else"
    account = Account.objects.get(organisation=house.organisation, person="counsel")
    assert [each.kind for each in news(account, timezone.now())] == ["codes-renewed"]


@pytest.mark.parametrize("seen", ["", "0", "-1", "x", "9" * 40, "٣"])
def test_only_a_line_that_was_shown_counts_as_looked_at(seen: str, house: House) -> None:
    client = house.client("counsel")
    client.post("/account/proofs/codes/new/")
    assert client.post("/account/lately/", {"seen": seen}).status_code == 302
    theirs = AccessLine.objects.exclude(organisation=house.organisation).order_by("-pk").first()
    if theirs is not None:
        client.post("/account/lately/", {"seen": str(theirs.pk)})
    account = Account.objects.get(organisation=house.organisation, person="counsel")
    assert account.heard is None


def test_nobody_is_led_away_from_the_page(house: House) -> None:
    client = house.client("counsel")
    answer = client.post("/account/lately/", {"seen": "1", "next": "//evil.example"})
    assert answer.headers["Location"] == "/account/"


def test_a_password_somebody_else_knows_is_heard_of(house: House) -> None:
    """Right password, no second proof: the mark of a thief; seen ten minutes later."""
    account = _known(house, "auditor")
    cache.clear()
    Client(SERVER_NAME="localhost").post("/sign-in/", {"login": account.login, "password": PASSWORD})
    assert news(account, timezone.now()) == []
    kinds: Sequence[str] = [each.kind for each in news(account, timezone.now() + HALF)]
    assert kinds == ["half-way"]


@pytest.mark.parametrize("kind", sorted(OF_OTHERS))
def test_what_is_asked_for_or_done_about_somebody_is_written_to_them_and_to_the_other_administrators(
    kind: Kind, house: House
) -> None:
    now = timezone.now()
    for person in ("administrator", SECOND, "second", "counsel"):
        _known(house, person)
    _line(house, "administrator", kind, now, about="second")
    told = {each.to.partition("@")[0] for each in _told(house, now)}
    assert told == {SECOND} | ({"second"} if kind != Kind.ACCOUNT_ENDED else set())
    assert _told(house, now) == []
